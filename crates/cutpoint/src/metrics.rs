//! Confusion matrices, the sweep, and every metric of their cells, by subject.
//!
//! Here is what a matrix and a sweep tell; [`curves`], what they draw; [`uncertainty`], how sure it is; [`partial`],
//! the sweep of rows that do not fit into memory; [`classes`], several classes at once; [`formulas`], one function a
//! formula.

pub use cutpoint_metrics::{
    CellValue, Cells, ClassificationReport, ConfusionMatrix, ConfusionOptions, Constraint, Costs,
    Direction, Error, Goal, Interval, MatrixAnswer, Metric, MetricValues, MoveKind, Moves,
    MovesBuilder, MovingRow, Normalize, NormalizedMatrix, Objective, Oddity, Problem, Range,
    Relation, ReportOptions, Result, ScoreSurvey, ScoreSurveyBuilder, Share, StepMove, Sweep,
    SweepPoint, SweepRow, SweepTable, at_prevalence, average_precision, bayes_threshold,
    bayes_threshold_of, brier_loss, catalog, classification_report, confusion_at,
    confusion_at_thresholds, confusion_matrix, confusion_matrix_at, formulas, log_loss, moves,
    moving_rows, partial_roc_auc, roc_auc, roc_auc_score, step_move, step_moves, sweep,
    value_at_prevalence,
};

/// Curves of a sweep: ROC, precision-recall, DET, lift, gain, Kolmogorov–Smirnov, calibration, net benefit, cost.
pub mod curves {
    pub use cutpoint_metrics::{
        AverageRocCurve, BinStrategy, BrierDecomposition, CalibrationCurve, CalibrationOptions,
        CostCurve, CostEnvelope, CurveColumn, CurveFact, CurveFacts, CurveKind, CurveTable,
        DecimalProbability, DetCurve, EnvelopeVertex, GainCurve, Intermediate, KsCurve, LiftCurve,
        NetBenefitCurve, PrecisionRecallCurve, RocCurve, average_roc_curve, calibration_curve,
        cost_curve, cost_envelope, det_curve, gain_curve, ks_curve, lift_curve, net_benefit_curve,
        normal_deviate, precision_recall_curve, probability_grid, roc_curve,
    };
}

/// Intervals, tests and the bootstrap.
pub mod uncertainty {
    pub use cutpoint_metrics::{
        AucBounds, AucEstimate, AucScale, BandOptions, Bootstrap, BootstrapInterval,
        BootstrapOptions, CellSums, ChoiceBootstrap, ConfidenceInterval, ConstraintCheck,
        CostBootstrapPart, CostBootstrapRows, CostChoiceBootstrap, CostTally, Criterion,
        DelongBounds, DelongPart, DelongRows, DelongTest, Matched, McNemar, PairedCells,
        PairedChoice, PairedChoicePart, PairedChoiceRows, PairedCounts, PairedRows,
        PrecisionRecallBand, ProportionInterval, ProportionTest, Resampling, RocBand,
        ThresholdInterval, Verdict, WeightedBootstrapPart, WeightedBootstrapRows, bootstrap,
        bootstrap_choice, bootstrap_choice_rows, bootstrap_rows, check_constraints, delong,
        delong_bounds, delong_test, holm, matching, mcnemar, metric_interval, metric_test,
        paired_bootstrap, paired_bootstrap_rows, paired_counts, precision_recall_band,
        prevalence_interval, proportion_interval, proportion_test, roc_band,
    };
}

/// Sweeps of rows that do not fit into memory: bins of scores, exact at their edges and bounded in between, that merge.
pub mod partial {
    pub use cutpoint_metrics::{
        BinJoin, Bounds, CellBounds, ClassCosts, CompensatedSum, CostBounds, CostColumns, CostSums,
        CostTotal, PartialSweep, PartialSweepBuilder, PartialSweepMerger, RejectCosts, Rescaling,
        RowCosts, ScoreBin, ScoreRange,
    };
}

/// Averages, areas and curves of several classes.
pub mod classes {
    pub use cutpoint_metrics::{
        Average, AverageReport, ClassDecisions, ClassOrder, ClassReport, Evaluation,
        EvaluationOptions, Normalized, OneVsRest, OneVsRestSweeps, PairAverage, ScoreMetrics,
        ZeroDivision, confusion_matrix_at_thresholds, decide_at_thresholds, evaluate,
        multilabel_confusion_matrix, one_vs_one_roc_auc, one_vs_rest_sweeps,
    };
}
