//! How sure a choice is told.

mod coverage;
