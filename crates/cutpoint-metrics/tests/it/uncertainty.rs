//! Intervals, tests, bootstraps and bands: against SciPy, statsmodels and NumPy, against published examples, against
//! laws, and against the truth itself in simulations.

mod blocks;
mod choice_costs;
mod constraint_check;
mod cost_tally;
mod coverage;
mod golden;
mod laws;
mod optimism;
mod paired_choice;
mod published;
mod weighted_choice;

use cutpoint_core::Scores;
use cutpoint_testkit::integers;
use serde_json::Value;

use crate::numbers;

/// Scores from the columns of a case.
fn scores_of(case: &Value, score: &str) -> Scores {
    let is_positive = integers(&case["y_true"]);
    let is_positive = is_positive.iter().map(|&label| label == 1).collect();
    Scores::new(is_positive, numbers(&case[score])).expect("finite scores")
}
