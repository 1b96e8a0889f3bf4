//! Questions in passes, and how sure a choice is told.

mod coverage;
mod passes;
