//! Questions in passes, of rows in one piece or in parts, how sure a choice is told, and what is saved of it.

mod alternatives;
mod answers;
mod coverage;
mod curves;
mod groups;
mod ledger;
mod operating_point;
mod parts;
mod passes;
mod workers;
