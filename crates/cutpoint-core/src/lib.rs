//! The nouns that every cutpoint crate speaks in (labels, data sets, scores, thresholds) and the random streams.
//!
//! No work is done on them here: no metrics, no fitting, no files, no printing, no threads.

mod class_scores;
mod dataset;
mod error;
mod label;
mod scores;
mod seed;
mod threshold;

pub mod random;

pub use class_scores::ClassScores;
pub use dataset::Dataset;
pub use error::{Error, Result, counted, listed};
pub use label::{Label, Labels, share_classes};
pub use scores::{Scores, check_weight, check_weight_total};
pub use seed::{Seed, StreamKind};
pub use threshold::Threshold;
