//! Confusion matrices, the threshold sweep, and every metric of their cells.
//!
//! One pass over the scores makes a [`Sweep`]; everything else here is arithmetic on that table or on the cells of one
//! matrix. This crate reads no files, prints nothing and draws random numbers from a seed only; threads are those of
//! rayon's current pool, which is the caller's.

mod answer;
mod areas;
mod at_threshold;
mod averages;
mod bayes;
mod bytes;
mod catalog;
mod cells;
mod class_sweeps;
mod compensated;
mod confusion;
mod constraint;
mod costs;
mod curve_kind;
mod curve_table;
mod curves;
mod decimal;
mod error;
mod evaluation;
pub mod formulas;
mod key;
mod label_plan;
mod label_rows;
mod moves;
mod multiclass;
mod normal;
mod numpy_text;
mod objective;
mod partial;
mod partial_auc;
mod prevalence;
mod probability;
mod problem;
mod python_text;
mod reject_costs;
mod report;
mod survey;
mod sweep;
mod sweep_table;
mod twofold;
mod uncertainty;

pub use answer::{CellValue, MatrixAnswer, MetricValues};
pub use areas::{average_precision, roc_auc, roc_auc_score};
pub use at_threshold::{CellTally, confusion_at, confusion_at_thresholds};
pub use averages::{Average, OneVsRest, ZeroDivision, multilabel_confusion_matrix};
pub use bayes::{bayes_threshold, bayes_threshold_of};
pub use catalog::{Direction, Metric, Range, Share, catalog};
pub use cells::Cells;
pub use class_sweeps::{
    AverageRocCurve, ClassDecisions, OneVsRestSweeps, PairAverage, average_roc_curve,
    confusion_matrix_at_thresholds, decide_at_thresholds, one_vs_one_roc_auc, one_vs_rest_sweeps,
};
pub use compensated::CompensatedSum;
pub use confusion::{
    ConfusionMatrix, ConfusionOptions, Normalize, NormalizedMatrix, confusion_matrix,
    confusion_matrix_at,
};
pub use constraint::{Constraint, Relation, parse_percent};
pub use costs::Costs;
pub use curve_kind::CurveKind;
pub use curve_table::{CurveColumn, CurveFact, CurveFacts, CurveTable, EnvelopeVertex};
pub use curves::{
    BinStrategy, BrierDecomposition, CalibrationCurve, CalibrationOptions, CostCurve, CostEnvelope,
    DecimalProbability, DetCurve, GainCurve, Intermediate, KsCurve, LiftCurve, NetBenefitCurve,
    PrecisionRecallCurve, RocCurve, calibration_curve, cost_curve, cost_envelope, det_curve,
    gain_curve, ks_curve, lift_curve, net_benefit_curve, normal_deviate, precision_recall_curve,
    probability_grid, roc_curve,
};
pub use error::{Error, Result};
pub use evaluation::{
    ClassOrder, Evaluation, EvaluationOptions, Normalized, ScoreMetrics, evaluate, evaluate_scores,
};
pub use moves::{
    MoveKind, Moves, MovesBuilder, MovingRow, StepMove, moves, moving_rows, step_move, step_moves,
};
pub use objective::{Goal, Objective};
pub use partial::{
    BinJoin, Bounds, CellBounds, ClassCosts, CostBounds, CostColumns, CostSums, CostTotal,
    PartialSweep, PartialSweepBuilder, PartialSweepMerger, RowCosts, ScoreBin, ScoreRange,
};
pub use partial_auc::partial_roc_auc;
pub use prevalence::{Rescaling, at_prevalence, check as check_prevalence, value_at_prevalence};
pub use probability::{brier_loss, log_loss};
pub use problem::Problem;
pub use reject_costs::RejectCosts;
pub use report::{
    AverageReport, ClassReport, ClassificationReport, ReportOptions, classification_report,
};
pub use survey::{Oddity, ScoreSurvey, ScoreSurveyBuilder};
pub use sweep::{Interval, Sweep, SweepPoint, SweepRow, sweep};
pub use sweep_table::{SweepColumns, SweepRows, SweepTable};
pub use uncertainty::{
    AucBounds, AucEstimate, AucScale, BandOptions, Bootstrap, BootstrapInterval, BootstrapOptions,
    CellSums, ChoiceBootstrap, ConfidenceInterval, ConstraintCheck, CostBootstrapPart,
    CostBootstrapRows, CostChoiceBootstrap, CostTally, Criterion, DelongBounds, DelongPart,
    DelongRows, DelongTest, Matched, McNemar, PairedCells, PairedChoice, PairedChoicePart,
    PairedChoiceRows, PairedCounts, PairedRows, PrecisionRecallBand, ProportionInterval,
    ProportionTest, Resampling, RocBand, ThresholdInterval, Verdict, WeightedBootstrapPart,
    WeightedBootstrapRows, bootstrap, bootstrap_choice, bootstrap_choice_rows, bootstrap_rows,
    check_constraints, delong, delong_bounds, delong_test, holm, matching, mcnemar,
    metric_interval, metric_test, paired_bootstrap, paired_bootstrap_rows, paired_counts,
    precision_recall_band, prevalence_interval, proportion_interval, proportion_test, roc_band,
};
