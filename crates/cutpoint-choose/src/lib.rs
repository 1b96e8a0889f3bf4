//! The choice of a threshold from rows of any number: in memory, in files, or wherever they are.
//!
//! Whoever has rows is a [`RowSource`]: it reads all of them and answers a [`Pass`], plain data that says what to find
//! out. A question is a function of a [`View`] of the rows of a source, and takes as many passes as the memory makes it
//! take.

mod answer;
mod bands;
mod block;
mod bytes;
mod capacity;
mod certainty;
mod check;
mod choice;
mod choice_answer;
mod class_bytes;
mod compare;
mod confidence;
mod costs;
mod curves;
mod decision;
mod digest;
mod error;
mod fingerprint;
mod folds;
mod frontier_answer;
mod group_answer;
mod group_decision;
mod group_pass;
mod groups;
mod held_out;
mod ledger;
mod measure;
mod metric_interval;
mod operating_point;
mod options;
mod pass;
mod row_sample;
mod search;
mod source;
mod sweep_plan;
mod view;
mod zone_answer;

pub use answer::{ConstraintAnswer, ObjectiveAnswer};
pub use bands::{ChoiceBands, StepBand, choice_bands};
pub use block::{Block, Classes};
pub use capacity::Capacity;
pub use certainty::{Certainty, Measured, Told};
pub use check::{
    Cause, CheckOptions, Checked, CheckedConstraint, Doubt, Drift, Outcome, Watched, check,
};
pub use choice::{
    Attainable, Choice, FrontierPoint, Gap, Infeasible, Nearest, Optimum, Point, RejectZone,
    Search, Step, choose, choose_reject_zone, frontier, gaps, optimum,
};
pub use choice_answer::{
    AloneAnswer, AlternativeAnswer, BootstrapAnswer, ChoiceAnswer, InfeasibleAnswer, NearestAnswer,
    RowsAnswer, ThresholdIntervalAnswer, ValidationAnswer,
};
pub use compare::{
    AdjustedDelong, AdjustedMcNemar, CompareOptions, Comparison, ComparisonDoubt, DelongAnswer,
    Difference, Differences, McNemarAnswer, ModelAnswer, ModelSweep, PairPart, PairPlan,
    PairedPart, PairedPass, PairedSource, PairedWorker, PerPair, ThresholdOrigin, ThresholdRule,
    compare,
};
pub use confidence::{ChoiceConfidence, Confidence, confidence_of};
pub use costs::CostSpec;
pub use curves::{
    ClassCurve, CurveParts, CurveSweeps, Curves, GroupCurve, LabelledSweep, ModelCurve, NamedSweep,
    curve_by_group_from, curve_by_model_from, curve_from,
};
pub use decision::{Decision, choose_from};
pub use digest::data_digest;
pub use error::{Error, Result};
pub use folds::{FoldPlan, FoldRows, Folds, RowCounts, RowFilter};
pub use frontier_answer::{FrontierAnswer, FrontierPointAnswer, FrontierPoints, NamedValues};
pub use group_answer::{GroupAnswer, GroupChoiceAnswer, GroupsAnswer};
pub use group_decision::{GroupDecision, choose_by_group_from};
pub use group_pass::{FoundGroups, GroupParts, GroupPlan, GroupSweeps};
pub use groups::{LEAST_MEMORY, LargestGroups, SweptGroups};
pub use held_out::{HeldOut, Validation, count_held_out, cross_validate};
pub use ledger::{Ledger, MoveCosts, moves_from};
pub use measure::{ChoiceDoubt, ChooseOptions, choose_and_measure, measure_from, validate_from};
pub use metric_interval::{IntervalAnswer, MetricInterval};
pub use operating_point::{OperatingPoint, PointData};
pub use options::ConfidenceOptions;
pub use pass::{Counted, KeptPart, Pass, PassPart, PassWorker};
pub use row_sample::{RowSample, SamplePlan, SampledRow};
pub use search::{FoundFrontier, FoundZone, frontier_from, reject_zone_from};
pub use source::RowSource;
pub use sweep_plan::SweepPlan;
pub use view::{KeptRows, Swept, View};
pub use zone_answer::ZoneAnswer;
