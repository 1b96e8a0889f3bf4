//! The catalogue of metrics: what each is called, what it means, which way is better, and where it is undefined. The
//! arithmetic is in `formulas`, but for shares of rows, whose cells stand in the row itself (`share`); adding a row to
//! the table here makes the metric known everywhere, its tests included.

mod linear;
mod share;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use self::share::{ALL, FN, FP, TN, TP};
use crate::formulas as f;
use crate::{Cells, Costs, Error, Result};

pub use self::share::Share;

/// Which values of a metric are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Higher values are better.
    Higher,
    /// Lower values are better.
    Lower,
    /// A description, neither better nor worse.
    Neutral,
}

/// The values a metric can take, both ends included where they are finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    low: f64,
    high: f64,
}

impl Range {
    const UNIT: Self = Self {
        low: 0.0,
        high: 1.0,
    };
    const SIGNED_UNIT: Self = Self {
        low: -1.0,
        high: 1.0,
    };
    const POSITIVE: Self = Self {
        low: 0.0,
        high: f64::INFINITY,
    };

    const REAL: Self = Self {
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
    };

    /// The lowest value; infinite if there is none.
    pub fn low(self) -> f64 {
        self.low
    }

    /// The highest value; infinite if there is none.
    pub fn high(self) -> f64 {
        self.high
    }

    /// Whether a value is possible.
    pub fn contains(self, value: f64) -> bool {
        value.is_finite() && (self.low..=self.high).contains(&value)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = if self.low.is_finite() { '[' } else { '(' };
        let close = if self.high.is_finite() { ']' } else { ')' };
        write!(formatter, "{open}{}, {}{close}", self.low, self.high)
    }
}

/// A metric of the four cells of a binary confusion matrix.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, Direction, Metric};
///
/// let sensitivity = "sensitivity".parse::<Metric>()?;
/// assert_eq!(sensitivity.name(), "recall");
/// assert_eq!(sensitivity.direction(), Direction::Higher);
/// assert_eq!(sensitivity.value(&Cells::from_counts(3, 9, 1, 7)), Some(0.75));
///
/// let f3 = Metric::fbeta(3.0)?;
/// assert_eq!(f3, "f3".parse()?);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Metric {
    name: Cow<'static, str>,
    title: Cow<'static, str>,
    aliases: &'static [&'static str],
    formula: Cow<'static, str>,
    direction: Direction,
    range: Range,
    undefined_when: &'static str,
    mirror: Option<&'static str>,
    is_within_classes: bool,
    function: Function,
}

#[derive(Debug, Clone, Copy)]
enum Function {
    OfCells(fn(&Cells) -> Option<f64>),
    /// A share of rows, and its value.
    Share(Share, fn(&Cells) -> Option<f64>),
    FBeta(f64),
    Linear(Costs),
    /// What rows cost by amounts of their own, which their number does not tell.
    Amounts,
}

impl Metric {
    /// An F-measure; see [`formulas::fbeta`](crate::formulas::fbeta).
    ///
    /// `beta`: how many times as much recall matters as precision, in `[0, 1e100]`; larger values weigh recall more.
    ///
    /// # Errors
    /// [`Error::Beta`] for a beta outside its domain.
    pub fn fbeta(beta: f64) -> Result<Self> {
        const HIGHEST: f64 = 1e100;
        if !(0.0..=HIGHEST).contains(&beta) {
            return Err(Error::Beta { value: beta });
        }
        // -0.0 lies in the domain, and means 0.
        let beta = beta + 0.0;
        let name = format!("f{beta}").replace('.', "_");
        if let Some(known) = CATALOG.iter().find(|metric| metric.name == name) {
            return Ok(known.clone());
        }
        let square = beta * beta;
        let factor = 1.0 + square;
        Ok(Self {
            name: Cow::Owned(name),
            title: Cow::Owned(format!("F{beta} score")),
            aliases: &[],
            formula: Cow::Owned(format!("{factor} tp / ({factor} tp + {square} fn + fp)")),
            direction: Direction::Higher,
            range: Range::UNIT,
            undefined_when: NOTHING_POSITIVE,
            mirror: None,
            is_within_classes: false,
            function: Function::FBeta(beta),
        })
    }

    /// The name in files and JSON: lower case, words joined by `_`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name for people.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Other names people know it by, as they may be typed.
    pub fn aliases(&self) -> &'static [&'static str] {
        self.aliases
    }

    /// The formula in terms of `tp`, `fp`, `fn` and `tn`.
    pub fn formula(&self) -> &str {
        &self.formula
    }

    /// Which values are better.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The values it can take.
    pub fn range(&self) -> Range {
        self.range
    }

    /// When it has no value, in words.
    pub fn undefined_when(&self) -> &'static str {
        self.undefined_when
    }

    /// The value of a classifier that makes no mistake: the better end of the range. `None` if there is no best value,
    /// or if it is unbounded, in which case a perfect classifier has none.
    pub fn optimum(&self) -> Option<f64> {
        let best = match self.direction {
            Direction::Higher => self.range.high,
            Direction::Lower => self.range.low,
            Direction::Neutral => return None,
        };
        best.is_finite().then_some(best)
    }

    /// The metric that has the same value when the other class is called positive (`tp` and `tn` change places, `fp`
    /// and `fn` too), if the catalogue has it: recall for specificity, accuracy for itself.
    pub fn mirror(&self) -> Option<&'static Self> {
        let name = self.mirror?;
        CATALOG.iter().find(|metric| metric.name == name)
    }

    /// Whether it is made of rates within the true classes, so that their sizes, and with them the prevalence, do not
    /// matter: recall, the false positive rate, Youden's J.
    pub fn is_within_classes(&self) -> bool {
        self.is_within_classes
    }

    /// Whether it is the prevalence itself.
    pub(crate) fn is_prevalence(&self) -> bool {
        self.direction == Direction::Neutral && self.name == "prevalence"
    }

    /// Whether it is a cost that the cells do not tell ([`Objective::of_amounts`](crate::Objective::of_amounts)).
    pub fn is_of_amounts(&self) -> bool {
        matches!(self.function, Function::Amounts)
    }

    /// Whether it is a sum of cells or a cost, which grows with the number of rows; all else stays the same.
    pub fn is_total(&self) -> bool {
        matches!(self.function, Function::Linear(_) | Function::Amounts)
    }

    /// Whether it is one of the four cells.
    pub fn is_cell(&self) -> bool {
        ["tp", "fp", "fn", "tn"].contains(&self.name())
    }

    /// Which rows it is the share of, if it is a share of all rows, of a true class or of a predicted class.
    pub fn share(&self) -> Option<Share> {
        match self.function {
            Function::Share(share, _) => Some(share),
            _ => None,
        }
    }

    /// The value for these cells; `None` where it is undefined, never NaN or infinite.
    pub fn value(&self, cells: &Cells) -> Option<f64> {
        match &self.function {
            Function::OfCells(function) | Function::Share(_, function) => function(cells),
            Function::FBeta(beta) => f::fbeta(cells, *beta),
            Function::Linear(costs) => costs.total(cells),
            Function::Amounts => None,
        }
    }
}

impl PartialEq for Metric {
    /// Metrics are the same if they have the same name, and the same costs of the cells if they have those.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.costs_in_name() == other.costs_in_name()
    }
}

impl Eq for Metric {}

impl fmt::Display for Metric {
    /// The name; of a cost or a utility with the costs of the cells: `cost(fp=1,fn=10)`. It reads back.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.costs_in_name() {
            Some(costs) => formatter.pad(&format!("{}({costs})", self.name)),
            None => formatter.pad(&self.name),
        }
    }
}

impl FromStr for Metric {
    type Err = Error;

    /// A metric by its name or an alias, in any case, with spaces or dashes for `_`; or `f` and a beta: `f3`, `f0.5`,
    /// `f0_5`; or what the cells sum up to: `tp`, `fp`, `fn`, `tn`, `predicted_positives`, `predicted_negatives`,
    /// `cost(fp=1,fn=10)`, `utility(tp=5,fp=-1)`.
    ///
    /// # Errors
    /// [`Error::MetricUnknown`]; [`Error::Beta`] for an F-measure whose beta is outside its domain;
    /// [`Error::CostSyntax`] or [`Error::Cost`] for costs that are none.
    fn from_str(text: &str) -> Result<Self> {
        let typed = text.trim().to_lowercase();
        let spelled = typed.replace([' ', '-'], "_");
        let is_named = |metric: &&Metric| {
            metric.name == spelled
                || metric
                    .aliases
                    .iter()
                    .any(|&alias| alias == spelled || alias == typed)
        };
        if let Some(metric) = CATALOG.iter().find(is_named) {
            return Ok(metric.clone());
        }
        if let Some(sum) = Self::linear_from(&spelled, &typed) {
            return sum;
        }
        let beta = spelled
            .strip_prefix('f')
            .filter(|digits| digits.starts_with(|first: char| first.is_ascii_digit()))
            .and_then(|digits| digits.replace('_', ".").parse::<f64>().ok());
        match beta {
            Some(beta) => Self::fbeta(beta),
            None => Err(Error::MetricUnknown {
                name: text.to_owned(),
                near: nearest(&spelled),
                known: CATALOG
                    .iter()
                    .filter_map(|metric| match metric.name {
                        Cow::Borrowed(name) => Some(name),
                        Cow::Owned(_) => None,
                    })
                    .collect(),
            }),
        }
    }
}

/// The name or alias that reads most like a text, if one does.
fn nearest(spelled: &str) -> Option<&'static str> {
    /// Letters that may be wrong, of a name that has more than twice as many.
    const MOST_WRONG: usize = 2;
    let plain = |name: &str| name.replace('_', "");
    let names = CATALOG.iter().flat_map(|metric| {
        let name = match metric.name {
            Cow::Borrowed(name) => Some(name),
            Cow::Owned(_) => None,
        };
        name.into_iter().chain(metric.aliases.iter().copied())
    });
    let wanted = plain(spelled);
    let distances = names.map(|name| (strsim::damerau_levenshtein(&wanted, &plain(name)), name));
    let near = distances.filter(|(distance, name)| {
        *distance <= MOST_WRONG && name.len() > 2 * MOST_WRONG || *distance == 0
    });
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Every metric of the catalogue, in the order in which tables show them.
pub fn catalog() -> &'static [Metric] {
    &CATALOG
}

const NO_ROWS: &str = "there are no rows";
const NO_POSITIVES: &str = "no row is positive";
const NO_NEGATIVES: &str = "no row is negative";
const NONE_PREDICTED_POSITIVE: &str = "no row was predicted positive";
const NONE_PREDICTED_NEGATIVE: &str = "no row was predicted negative";
const NOTHING_POSITIVE: &str = "no row is positive and none was predicted positive";

/// One row of the table; the setters below are for it alone.
const fn metric(
    name: &'static str,
    title: &'static str,
    function: fn(&Cells) -> Option<f64>,
    formula: &'static str,
    undefined_when: &'static str,
) -> Metric {
    Metric {
        name: Cow::Borrowed(name),
        title: Cow::Borrowed(title),
        aliases: &[],
        formula: Cow::Borrowed(formula),
        direction: Direction::Higher,
        range: Range::UNIT,
        undefined_when,
        mirror: None,
        is_within_classes: false,
        function: Function::OfCells(function),
    }
}

/// A row whose metric is the share of the cells of one mask in those of another.
const fn rate<const PART: u8, const WHOLE: u8>(
    name: &'static str,
    title: &'static str,
    formula: &'static str,
    undefined_when: &'static str,
) -> Metric {
    let value = share::value::<PART, WHOLE>;
    let mut row = metric(name, title, value, formula, undefined_when);
    row.function = Function::Share(Share::new::<PART, WHOLE>(), value);
    row
}

impl Metric {
    const fn also(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    const fn within(mut self, range: Range) -> Self {
        self.range = range;
        self
    }

    const fn better(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    const fn within_classes(mut self) -> Self {
        self.is_within_classes = true;
        self
    }

    const fn mirrored_by(mut self, name: &'static str) -> Self {
        self.mirror = Some(name);
        self
    }
}

#[rustfmt::skip]
static CATALOG: [Metric; 25] = [
    rate::<{ TP | TN }, ALL>("accuracy", "Accuracy", "(tp + tn) / (tp + fp + fn + tn)", NO_ROWS)
        .also(&["acc", "accuracy_score"])
        .mirrored_by("accuracy"),
    metric("balanced_accuracy", "Balanced accuracy", f::balanced_accuracy,
        "(tp / (tp + fn) + tn / (tn + fp)) / 2, a class without rows left out", NO_ROWS)
        .within_classes()
        .also(&["bacc", "balanced_acc", "balanced_accuracy_score"])
        .mirrored_by("balanced_accuracy"),
    rate::<{ FP | FN }, ALL>("error_rate", "Error rate", "(fp + fn) / (tp + fp + fn + tn)", NO_ROWS)
        .better(Direction::Lower)
        .also(&["err", "misclassification_rate", "zero_one_loss"])
        .mirrored_by("error_rate"),
    rate::<TP, { TP | FP }>("precision", "Precision", "tp / (tp + fp)", NONE_PREDICTED_POSITIVE)
        .also(&["ppv", "positive_predictive_value", "precision_score"])
        .mirrored_by("npv"),
    rate::<TP, { TP | FN }>("recall", "Recall", "tp / (tp + fn)", NO_POSITIVES)
        .within_classes()
        .also(&["sensitivity", "tpr", "true_positive_rate", "hit_rate", "power", "recall_score"])
        .mirrored_by("specificity"),
    rate::<TN, { TN | FP }>("specificity", "Specificity", "tn / (tn + fp)", NO_NEGATIVES)
        .within_classes()
        .also(&["tnr", "true_negative_rate", "selectivity"])
        .mirrored_by("recall"),
    rate::<TN, { TN | FN }>("npv", "Negative predictive value", "tn / (tn + fn)", NONE_PREDICTED_NEGATIVE)
        .also(&["negative_predictive_value"])
        .mirrored_by("precision"),
    rate::<FP, { FP | TN }>("fpr", "False positive rate", "fp / (fp + tn)", NO_NEGATIVES)
        .better(Direction::Lower)
        .within_classes()
        .also(&["false_positive_rate", "false_alarm_rate", "fall_out", "fallout"])
        .mirrored_by("fnr"),
    rate::<FN, { FN | TP }>("fnr", "False negative rate", "fn / (fn + tp)", NO_POSITIVES)
        .better(Direction::Lower)
        .within_classes()
        .also(&["false_negative_rate", "miss_rate"])
        .mirrored_by("fpr"),
    rate::<FP, { FP | TP }>("fdr", "False discovery rate", "fp / (fp + tp)", NONE_PREDICTED_POSITIVE)
        .better(Direction::Lower)
        .also(&["false_discovery_rate"])
        .mirrored_by("for"),
    rate::<FN, { FN | TN }>("for", "False omission rate", "fn / (fn + tn)", NONE_PREDICTED_NEGATIVE)
        .better(Direction::Lower)
        .also(&["false_omission_rate"])
        .mirrored_by("fdr"),
    metric("f1", "F1 score", f::f1, "2 tp / (2 tp + fn + fp)", NOTHING_POSITIVE)
        .also(&["f1_score", "f_score", "f_measure", "dice"]),
    metric("f2", "F2 score", f::f2, "5 tp / (5 tp + 4 fn + fp)", NOTHING_POSITIVE)
        .also(&["f2_score"]),
    metric("f0_5", "F0.5 score", f::f0_5, "1.25 tp / (1.25 tp + 0.25 fn + fp)", NOTHING_POSITIVE)
        .also(&["f0_5_score", "f0.5_score"]),
    metric("jaccard", "Jaccard index", f::jaccard, "tp / (tp + fp + fn)", NOTHING_POSITIVE)
        .also(&["iou", "jaccard_index", "jaccard_score", "csi", "critical_success_index", "threat_score"]),
    metric("mcc", "Matthews correlation coefficient", f::mcc,
        "(tp tn - fp fn) / sqrt((tp + fp) (tp + fn) (tn + fp) (tn + fn)), 0 if a factor is 0", NO_ROWS)
        .within(Range::SIGNED_UNIT)
        .also(&["matthews", "matthews_corrcoef", "matthews_correlation_coefficient", "phi"])
        .mirrored_by("mcc"),
    metric("cohen_kappa", "Cohen's kappa", f::cohen_kappa,
        "2 (tp tn - fp fn) / ((tp + fp) (fp + tn) + (tp + fn) (fn + tn))",
        "all rows are true positives, or all are true negatives")
        .within(Range::SIGNED_UNIT)
        .also(&["kappa", "cohens_kappa", "cohen_kappa_score"])
        .mirrored_by("cohen_kappa"),
    metric("youden", "Youden's J", f::youden, "tp / (tp + fn) + tn / (tn + fp) - 1", "either class has no rows")
        .within(Range::SIGNED_UNIT)
        .within_classes()
        .also(&["youden_j", "youdens_j", "youden_index", "informedness", "j"])
        .mirrored_by("youden"),
    metric("markedness", "Markedness", f::markedness, "tp / (tp + fp) + tn / (tn + fn) - 1",
        "either class was never predicted")
        .within(Range::SIGNED_UNIT)
        .also(&["delta_p"])
        .mirrored_by("markedness"),
    metric("fowlkes_mallows", "Fowlkes-Mallows index", f::fowlkes_mallows, "tp / sqrt((tp + fp) (tp + fn))",
        "no row is positive, or none was predicted positive")
        .also(&["fm", "fmi", "fowlkes_mallows_index"]),
    metric("likelihood_ratio_positive", "Positive likelihood ratio", f::likelihood_ratio_positive,
        "(tp / (tp + fn)) / (fp / (fp + tn))", "no row is positive, or there is no false positive")
        .within(Range::POSITIVE)
        .within_classes()
        .also(&["lr+", "lr_plus", "lr_positive", "plr", "positive_likelihood_ratio"]),
    metric("likelihood_ratio_negative", "Negative likelihood ratio", f::likelihood_ratio_negative,
        "(fn / (tp + fn)) / (tn / (fp + tn))", "no row is positive, or there is no true negative")
        .within(Range::POSITIVE)
        .better(Direction::Lower)
        .within_classes()
        .also(&["lr-", "lr_minus", "lr_negative", "nlr", "negative_likelihood_ratio"]),
    metric("diagnostic_odds_ratio", "Diagnostic odds ratio", f::diagnostic_odds_ratio, "(tp tn) / (fp fn)",
        "there is no false positive, or no false negative")
        .within(Range::POSITIVE)
        .within_classes()
        .also(&["dor", "odds_ratio"])
        .mirrored_by("diagnostic_odds_ratio"),
    rate::<{ TP | FN }, ALL>("prevalence", "Prevalence", "(tp + fn) / (tp + fp + fn + tn)", NO_ROWS)
        .better(Direction::Neutral)
        .also(&["base_rate"]),
    rate::<{ TP | FP }, ALL>("predicted_positive_rate", "Predicted positive rate",
        "(tp + fp) / (tp + fp + fn + tn)", NO_ROWS)
        .better(Direction::Neutral)
        .also(&["alert_rate", "selection_rate", "queue_rate", "ppr", "ppcr", "rpp"]),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[track_caller]
    fn check(typed: &str, name: &str) {
        assert_eq!(typed.parse::<Metric>().unwrap().name(), name, "{typed}");
    }

    #[test]
    fn names_people_type_are_known() {
        check("Sensitivity", "recall");
        check("TPR", "recall");
        check("hit rate", "recall");
        check("PPV", "precision");
        check("selectivity", "specificity");
        check("fall-out", "fpr");
        check("false-omission-rate", "for");
        check("F1", "f1");
        check("f1-score", "f1");
        check("f0.5", "f0_5");
        check("f0_5", "f0_5");
        check("f2.0", "f2");
        check("f3", "f3");
        check("F1.5", "f1_5");
        check("lr+", "likelihood_ratio_positive");
        check("LR-", "likelihood_ratio_negative");
        check("informedness", "youden");
    }

    #[test]
    fn what_is_unknown_is_refused_with_the_names_there_are() {
        let error = "precison".parse::<Metric>().unwrap_err();
        let message = error.to_string();
        assert!(message.starts_with("`metric` must be one of accuracy, balanced_accuracy,"));
        assert!(
            message.ends_with("got \"precison\" (did you mean `precision`?)"),
            "{message}"
        );
        for name in ["", "f", "f-1", "fx", "finf", "fnan"] {
            assert!(name.parse::<Metric>().is_err(), "{name}");
        }
        assert_eq!(Metric::fbeta(-1.0), Err(Error::Beta { value: -1.0 }));
        assert!(Metric::fbeta(f64::NAN).is_err());
    }

    #[test]
    fn no_two_metrics_share_a_name() {
        let mut names = BTreeSet::new();
        for metric in catalog() {
            assert!(names.insert(metric.name()), "{}", metric.name());
            for &alias in metric.aliases() {
                assert!(names.insert(alias), "{alias}");
                check(alias, metric.name());
            }
            check(metric.name(), metric.name());
        }
    }

    #[test]
    fn mirrors_are_mutual() {
        for metric in catalog() {
            assert_eq!(
                metric.mirror.is_some(),
                metric.mirror().is_some(),
                "{metric}"
            );
            if let Some(mirror) = metric.mirror() {
                assert_eq!(mirror.mirror(), Some(metric));
            }
        }
    }
}
