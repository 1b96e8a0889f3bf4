//! The choice of a threshold from rows of any number, and what is asked of it, by subject.
//!
//! Here are the questions and their findings; [`answers`], these as plain data that serialise to the JSON of
//! `docs/json.md`; [`passes`], what a source of rows is asked and gives; [`compare`], several models on the same rows.

pub use cutpoint_choose::{
    Attainable, Capacity, Cause, Certainty, CheckOptions, Checked, CheckedConstraint, Choice,
    ChoiceBands, ChoiceConfidence, ChoiceDoubt, ChooseOptions, Confidence, ConfidenceOptions,
    CostSpec, Curves, Decision, Doubt, Drift, Error, Folds, FoundFrontier, FoundGroups, FoundZone,
    FrontierPoint, Gap, GroupDecision, HeldOut, Infeasible, Ledger, Measured, MetricInterval,
    MoveCosts, Nearest, OperatingPoint, Optimum, Outcome, Point, PointData, RejectZone, Result,
    RowSource, Search, Step, StepBand, Swept, Told, Validation, View, Watched, check, choice_bands,
    choose, choose_and_measure, choose_by_group_from, choose_from, choose_reject_zone,
    confidence_of, count_held_out, cross_validate, curve_by_group_from, curve_by_model_from,
    curve_from, data_digest, frontier, frontier_from, gaps, measure_from, moves_from, optimum,
    reject_zone_from, validate_from,
};

/// Answers as plain data, with the keys of `docs/json.md`.
pub mod answers {
    pub use cutpoint_choose::{
        AloneAnswer, AlternativeAnswer, BootstrapAnswer, ChoiceAnswer, ConstraintAnswer,
        FrontierAnswer, FrontierPointAnswer, FrontierPoints, GroupAnswer, GroupChoiceAnswer,
        GroupsAnswer, InfeasibleAnswer, IntervalAnswer, NamedValues, NearestAnswer,
        ObjectiveAnswer, RowsAnswer, ThresholdIntervalAnswer, ValidationAnswer, ZoneAnswer,
    };
}

/// What a source of rows is asked ([`Pass`](passes::Pass)) and gives ([`PassPart`](passes::PassPart)), here or on other
/// machines.
pub mod passes {
    pub use cutpoint_choose::{
        Block, ClassCurve, Classes, Counted, CurveParts, CurveSweeps, FoldPlan, FoldRows,
        GroupCurve, GroupParts, GroupPlan, GroupSweeps, KeptPart, KeptRows, LEAST_MEMORY,
        LabelledSweep, LargestGroups, ModelCurve, NamedSweep, Pass, PassPart, PassWorker,
        RowCounts, RowFilter, RowSample, SamplePlan, SampledRow, SweepPlan, SweptGroups,
    };
}

/// Several models on the same rows.
pub mod compare {
    pub use cutpoint_choose::{
        AdjustedDelong, AdjustedMcNemar, CompareOptions, Comparison, ComparisonDoubt, DelongAnswer,
        Difference, Differences, McNemarAnswer, ModelAnswer, ModelSweep, PairPart, PairPlan,
        PairedPart, PairedPass, PairedSource, PairedWorker, PerPair, ThresholdOrigin,
        ThresholdRule, compare,
    };
}
