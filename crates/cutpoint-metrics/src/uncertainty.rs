//! How sure numbers are: intervals, tests and bands, each from the table of a sweep or from the cells at a threshold
//! wherever that is enough. Two models are compared on the same rows. No row is ever sorted again for a replicate.
//!
//! Weights: a sum of weights does not tell how many rows it stands for, and without that nobody knows how sure it is.
//! What needs the number of rows refuses weights; [`bootstrap_rows`], [`bootstrap_choice_rows`] and
//! [`paired_bootstrap_rows`] draw the rows themselves, and so does [`CostBootstrapRows`] where rows cost by amounts of
//! their own.

mod bands;
mod binomial_tail;
mod bootstrap;
mod cell_sums;
mod choice;
mod choice_costs;
mod choice_rows;
mod confidence;
mod constraint_check;
mod cost_tally;
mod criterion;
mod delong;
mod delong_rows;
mod draws;
mod holm;
mod matched;
mod paired;
mod paired_choice;
mod paired_rows;
mod percentile;
mod propagated;
mod proportion;
mod proportion_test;
mod resample;
mod rows;
mod search;
pub(crate) mod wilson;

pub use bands::{BandOptions, PrecisionRecallBand, RocBand, precision_recall_band, roc_band};
pub use bootstrap::{Bootstrap, BootstrapInterval, BootstrapOptions, Resampling, bootstrap};
pub use cell_sums::CellSums;
pub use choice::{ChoiceBootstrap, ThresholdInterval, bootstrap_choice};
pub use choice_costs::{CostBootstrapPart, CostBootstrapRows, CostChoiceBootstrap};
pub use choice_rows::{WeightedBootstrapPart, WeightedBootstrapRows, bootstrap_choice_rows};
pub use confidence::ConfidenceInterval;
pub use constraint_check::{ConstraintCheck, Verdict, check_constraints};
pub use cost_tally::CostTally;
pub use criterion::Criterion;
pub use delong::{AucEstimate, AucScale, DelongTest, delong};
pub use delong_rows::{
    AucBounds, DelongBounds, DelongPart, DelongRows, delong_bounds, delong_test,
};
pub use holm::holm;
pub use matched::{Matched, matching};
pub use paired::{McNemar, PairedCounts, mcnemar, paired_bootstrap, paired_counts};
pub use paired_choice::{PairedChoice, PairedChoicePart, PairedChoiceRows};
pub use paired_rows::{PairedCells, PairedRows, paired_bootstrap_rows};
pub use propagated::prevalence_interval;
pub use proportion::{ProportionInterval, metric_interval, proportion_interval};
pub use proportion_test::{ProportionTest, metric_test, proportion_test};
pub use rows::bootstrap_rows;
