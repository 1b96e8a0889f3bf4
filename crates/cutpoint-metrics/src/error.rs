//! What can be wrong with cells, matrices, metrics and reports; the only error type of this crate.

use cutpoint_core::{Label, counted};

/// A result that could not be computed, with what was expected and what came.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Parts of different questions.
    #[error("`{name}` must be the same in all parts that are merged")]
    PartsDiffer {
        /// What differs.
        name: &'static str,
    },
    /// A column or a threshold that the nouns refuse.
    #[error(transparent)]
    Input {
        /// What is wrong with it.
        #[from]
        source: cutpoint_core::Error,
    },
    /// A cell that is not a count or a sum of weights.
    #[error("`{name}` must be finite and in [0, inf), got {value}")]
    Cell {
        /// The cell.
        name: &'static str,
        /// The number given.
        value: f64,
    },
    /// Cells whose sum no double holds.
    #[error("the cells must sum to a finite number, got {total}")]
    CellTotal {
        /// The sum.
        total: f64,
    },
    /// Two columns that hold different kinds of label, for example whole numbers and text.
    #[error(
        "`{name}` must hold labels of the same kind as `y_true`, got `{label}` beside `{other}`"
    )]
    LabelKind {
        /// The column at fault.
        name: &'static str,
        /// A label of it.
        label: Label,
        /// A label of another kind.
        other: Label,
    },
    /// An empty list of labels.
    #[error("`labels` must name at least 1 label, got 0")]
    LabelsEmpty,
    /// A label that is named twice.
    #[error("`labels` must name each label once, got `{label}` twice")]
    LabelTwice {
        /// The label.
        label: Label,
    },
    /// More labels than a matrix can have.
    #[error("`labels` must be at most {max} for a confusion matrix, got {got}")]
    LabelsTooMany {
        /// The most there can be.
        max: usize,
        /// How many there are.
        got: usize,
    },
    /// Labels none of which is a true label.
    #[error(
        "`labels` must have at least one label that is in `y_true`, got none (first: `{first}`)"
    )]
    LabelsNotTrue {
        /// The first of them.
        first: Label,
    },
    /// A label that the matrix does not have.
    #[error("`label` must be a label of the matrix, which has {n_labels}, got `{label}`")]
    LabelUnknown {
        /// The label asked for.
        label: Label,
        /// How many the matrix has.
        n_labels: usize,
    },
    /// A table of cells that does not fit its labels.
    #[error(
        "`{name}` must be {n_labels} × {n_labels}, one row and column a label, got {n_rows} × {n_columns}"
    )]
    Shape {
        /// The table.
        name: &'static str,
        /// Labels there are.
        n_labels: usize,
        /// Rows it has.
        n_rows: usize,
        /// Columns it has.
        n_columns: usize,
    },
    /// Names for a report that do not fit its classes.
    #[error(
        "`target_names` must have {}, one for each class, got {got}",
        counted(expected, "name")
    )]
    TargetNames {
        /// Classes there are.
        expected: usize,
        /// Names given.
        got: usize,
    },
    /// More digits than a double can have.
    #[error("`digits` must be in [0, {max}], got {got}")]
    Digits {
        /// The most there can be.
        max: usize,
        /// The number given.
        got: usize,
    },
    /// A metric that the catalogue does not have.
    #[error(
        "`metric` must be one of {}, f<beta> or an alias, got {name:?}{}",
        known.join(", "),
        near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"))
    )]
    MetricUnknown {
        /// The name given.
        name: String,
        /// The names of the catalogue.
        known: Vec<&'static str>,
        /// The name or alias that reads most like it.
        near: Option<&'static str>,
    },
    /// Text that is no objective.
    #[error(
        "`objective` must be `maximize METRIC` or `minimize METRIC` for a metric that is neither better nor worse, got \
         {text:?}"
    )]
    ObjectiveSyntax {
        /// The text given.
        text: String,
    },
    /// Text that is no constraint.
    #[error(
        "`constraint` must be `METRIC>=NUMBER` or `METRIC<=NUMBER`, got {text:?}{}",
        with_a_bound(text)
    )]
    ConstraintSyntax {
        /// The text given.
        text: String,
    },
    /// A bound that no metric can keep or miss.
    #[error("`constraint` must have a finite bound, got {value}")]
    ConstraintBound {
        /// The bound given.
        value: f64,
    },
    /// Hundredths of a metric that is no share.
    #[error("`constraint` must have a bound without % for `{metric}`, which is no share")]
    ConstraintPercent {
        /// The metric.
        metric: String,
    },
    /// More constraints than can be kept apart.
    #[error("`constraints` must be at most {most}, got {got}")]
    ConstraintNumber {
        /// The most there may be.
        most: usize,
        /// How many there are.
        got: usize,
    },
    /// A prevalence outside its domain.
    #[error("`prevalence` must be in (0, 1), got {value}")]
    Prevalence {
        /// The value given.
        value: f64,
    },
    /// Rows of one class where two are needed.
    #[error(
        "`prevalence` needs rows of both classes, got {positives} positive and {negatives} negative"
    )]
    OneClass {
        /// Positive rows, or their weight.
        positives: f64,
        /// Negative rows, or their weight.
        negatives: f64,
    },
    /// A problem that is not about the amounts it comes with.
    #[error("`objective` must be that of the amounts, got `{objective}`")]
    AmountObjective {
        /// What it is.
        objective: String,
    },
    /// Other columns of amounts than costs name.
    #[error(
        "`amounts` must have {} of the rows, as the costs name, got {got}",
        counted(*expected, "column")
    )]
    AmountColumns {
        /// How many the costs name.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// Rows without a group where groups are told apart.
    #[error("`group` must be given for rows of which groups are told apart")]
    NoGroup,
    /// An objective that is the cost of rows nobody told the costs of.
    #[error(
        "`first` and every later pass must be made of rows with costs for the objective `{objective}`"
    )]
    NoRowCosts {
        /// The objective.
        objective: String,
    },
    /// What a row costs, weight included, is too large.
    #[error(
        "`costs` times the weight must be in [-1e290, 1e290], got {value:e} in row {row} (counted from 0)"
    )]
    RowCost {
        /// The row.
        row: usize,
        /// What it would cost.
        value: f64,
    },
    /// A range of scores that is none.
    #[error("`lowest` and `highest` must be finite and in this order, got {lowest} and {highest}")]
    Range {
        /// The lower end.
        lowest: f64,
        /// The upper end.
        highest: f64,
    },
    /// No range of scores where rows are to be looked for.
    #[error("`ranges` must hold at least 1 range of scores, got 0")]
    NoRanges,
    /// Too little memory to count in.
    #[error("`memory` must be at least {least} bytes, got {got}")]
    Memory {
        /// What is needed.
        least: usize,
        /// What is given.
        got: usize,
    },
    /// A bin whose scores are not a range.
    #[error(
        "`lowest` and `highest` must be finite and in this order, got {lowest} and {highest} in bin {bin} (counted \
         from 0)"
    )]
    BinRange {
        /// The bin.
        bin: usize,
        /// Its lowest score.
        lowest: f64,
        /// Its highest score.
        highest: f64,
    },
    /// A bin whose rows weigh less than nothing.
    #[error("`{name}` must be finite and in [0, inf), got {value} in bin {bin} (counted from 0)")]
    BinWeight {
        /// The column at fault.
        name: &'static str,
        /// The bin.
        bin: usize,
        /// The sum of weights given.
        value: f64,
    },
    /// Columns of bins that differ in length.
    #[error("`{name}` must have {}, got {got}", counted(expected, "bin"))]
    BinColumn {
        /// The column at fault.
        name: &'static str,
        /// Bins of the columns before it.
        expected: usize,
        /// Bins it has.
        got: usize,
    },
    /// Bins without a single row.
    #[error("`bins` must hold at least 1 row, got 0 in {}", counted(n_bins, "bin"))]
    NoRows {
        /// Bins there are.
        n_bins: usize,
    },
    /// More rows than can be counted with.
    #[error("`bins` must hold at most {limit:e} rows or sum of weights, got {total:e}")]
    BinTotal {
        /// The most there may be.
        limit: f64,
        /// What the bins come to.
        total: f64,
    },
    /// Bins that are to be joined by the bits they are cut by, and are not cut so.
    #[error("`part` must have bins cut by the bits of the scores to be joined by bits")]
    BinsNotCutByBits,
    /// A pass that did not find the rows that an earlier one found.
    #[error(
        "`pass` must find the rows of the pass before between the scores {lowest} and {highest}, got others: did they \
         change meanwhile?"
    )]
    PassDiffers {
        /// The lowest score of the range that was asked for.
        lowest: f64,
        /// The highest one.
        highest: f64,
    },
    /// A pass that would go on for ever.
    #[error(
        "`pass` must cut at least 1 of {} into several bins, got 0",
        counted(n_ranges, "range")
    )]
    PassNoFiner {
        /// Ranges there are.
        n_ranges: usize,
    },
    /// A frontier that is longer than there is room for.
    #[error(
        "the frontier has more than {}, and there is room for no more",
        counted(most, "threshold")
    )]
    FrontierTooLong {
        /// How many there is room for.
        most: usize,
    },
    /// A beta outside its domain.
    #[error("`beta` must be in [0, 1e100], got {value}")]
    Beta {
        /// The value given.
        value: f64,
    },
    /// A score that is no probability where one is needed.
    #[error("`score` must be in [0, 1] to be a probability, got {value}")]
    Probability {
        /// A score outside.
        value: f64,
    },
    /// A threshold probability outside its domain.
    #[error("`threshold_probabilities` must be in [0, 1), got {value}")]
    ThresholdProbability {
        /// The value given.
        value: f64,
    },
    /// A text that is to be a threshold probability and is no plain decimal.
    #[error("`{got}` must be a number in [0, 1) with at most {most_places} digits after the point")]
    DecimalProbability {
        /// Most digits after the point.
        most_places: u32,
        /// The text given.
        got: String,
    },
    /// A grid whose thresholds do not move.
    #[error("`step` must be in (0, 1), got 0")]
    GridStep,
    /// A grid whose ends are in the wrong order.
    #[error("`to` must be at least `from`")]
    GridEnds,
    /// A grid of too many thresholds.
    #[error("`from`, `to` and `step` must give at most {most} thresholds, got {got}")]
    GridSize {
        /// The most there can be.
        most: i64,
        /// How many there would be.
        got: i64,
    },
    /// A mean of curves of several classes that is not defined.
    #[error("`average` must be micro for the curve `{curve}`, of which there is no mean")]
    CurveAverage {
        /// The curve.
        curve: &'static str,
    },
    /// A threshold at which only bounds of the matrix are known.
    #[error(
        "`threshold` must not lie inside a bin of a partial sweep, got {threshold:?}, and the next below that is known \
         is {below:?}"
    )]
    InsideBin {
        /// The threshold given.
        threshold: f64,
        /// The next one above at which the matrix is known; `None` if there is none.
        above: Option<f64>,
        /// The next one below.
        below: f64,
    },
    /// A positive class that is to stand first, and that nobody named.
    #[error("`positive` must be given where it is to stand first")]
    OrderNeedsPositive,
    /// A false positive rate to stop at outside its domain.
    #[error("`max_fpr` must be in (0, 1], got {value}")]
    MaxFpr {
        /// The value given.
        value: f64,
    },
    /// A number of bins outside its domain.
    #[error("`n_bins` must be in [1, {max}], got {got}")]
    BinNumber {
        /// The most there can be.
        max: usize,
        /// The number given.
        got: usize,
    },
    /// A confidence outside its domain.
    #[error("`confidence` must be in (0, 1), got {value}")]
    Confidence {
        /// The value given.
        value: f64,
    },
    /// The cost of a cell outside its domain.
    #[error("`{cell}` must cost in [-1e100, 1e100], got {value:e}")]
    Cost {
        /// The cell.
        cell: &'static str,
        /// The cost given.
        value: f64,
    },
    /// Text that is not the cost of a cell.
    #[error(
        "`costs` must be `CELL=NUMBER` for some of the cells fp, fn, tp, tn, with commas between them, got {part:?}"
    )]
    CostSyntax {
        /// The part between commas at fault.
        part: String,
    },
    /// A cell that is given two costs.
    #[error("`costs` must name each cell once, got `{cell}` twice")]
    CostTwice {
        /// The cell.
        cell: &'static str,
    },
    /// More or fewer thresholds than there are classes.
    #[error(
        "`thresholds` must have {}, one for each class, got {got}",
        counted(n_classes, "number")
    )]
    ClassThresholdNumber {
        /// Classes there are.
        n_classes: usize,
        /// Thresholds given.
        got: usize,
    },
    /// The threshold of a class outside its domain.
    #[error("`thresholds` must be in (0, inf), got {value} for class `{class}`")]
    ClassThreshold {
        /// The class.
        class: Label,
        /// The threshold given.
        value: f64,
    },
    /// Rows with weights where the number of rows must be known.
    #[error(
        "`weight` must be absent for {wanted}, which needs to know how many rows there are: bootstrap the rows instead"
    )]
    WeightedRows {
        /// What was to be computed.
        wanted: &'static str,
    },
    /// Rows with weights or amounts where each row would have to be left out in turn.
    #[error("`interval` must be the percentiles for rows with weights or amounts, got bca")]
    WeightedBca,
    /// Thresholds that are chosen anew where each row would have to be left out in turn.
    #[error(
        "`interval` must be the percentiles where thresholds are chosen anew in every replicate, got bca"
    )]
    ChosenBca,
    /// More successes than trials.
    #[error("`successes` must be at most {trials}, the trials, got {successes}")]
    Successes {
        /// Successes given.
        successes: u64,
        /// Trials given.
        trials: u64,
    },
    /// A number of replicates outside its domain.
    #[error("`n_replicates` must be in [1, {max}], got {got}")]
    ReplicateNumber {
        /// The most there can be.
        max: usize,
        /// The number given.
        got: usize,
    },
    /// A number of simulations outside its domain.
    #[error("`n_simulations` must be in [1, {max}], got {got}")]
    SimulationNumber {
        /// The most there can be.
        max: usize,
        /// The number given.
        got: usize,
    },
    /// Two files of scores that are not of the same rows.
    #[error(
        "`is_positive` must be the same in both scores, got another class in row {row} (counted from 0)"
    )]
    RowClass {
        /// The first row that differs.
        row: usize,
    },
    /// Two files of scores whose rows weigh differently.
    #[error("`weight` must be the same in both scores, got another in row {row} (counted from 0)")]
    RowWeight {
        /// The first row that differs.
        row: usize,
    },
}

/// The result of a computation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a constraint may have been meant to be that has `>`, `<` or `=` instead of `>=` or `<=`.
fn with_a_bound(text: &str) -> String {
    let signs = ['>', '<', '='];
    let Some((metric, bound)) = text.split_once(signs) else {
        return String::new();
    };
    let bound = bound.trim_start_matches(signs).trim();
    let metric = metric.trim().trim_end_matches(signs);
    let is_at_most = text.contains('<');
    if metric.is_empty() || bound.is_empty() || text.matches(signs).count() > 2 {
        return String::new();
    }
    let sign = if is_at_most { "<=" } else { ">=" };
    format!(" (did you mean `{metric}{sign}{bound}`?)")
}
