//! What a label is, in every column, file and format.
