//! Nothing is lost, nothing is taken over, and memory promised is kept.
