//! Questions in passes, how sure a choice is told, and what is saved of it.

mod coverage;
mod ledger;
mod operating_point;
mod passes;
