//! What moves between the cells when the threshold moves, with labels, metrics and costs: an answer in one pass.

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    CellValue, Costs, MatrixAnswer, MetricValues, MoveKind, Moves, ScoreSurvey,
};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::{PassPart, RowSource, View};

/// What moves between the cells when the threshold moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ledger {
    /// The threshold that is left.
    pub from: Threshold,
    /// The threshold that is gone to.
    pub to: Threshold,
    /// How many rows, or how much weight, moves each way.
    #[serde(flatten, serialize_with = "by_name")]
    pub flows: [(MoveKind, CellValue); 4],
    /// The matrix at the threshold that is left.
    pub before: MatrixAnswer,
    /// The matrix at the threshold that is gone to.
    pub after: MatrixAnswer,
    /// How much each metric grows.
    pub change: MetricValues,
    /// The next score up from `to` whose matrix differs; `None` if higher thresholds only predict none.
    pub next_up: Option<Threshold>,
    /// The next score down from `to` whose matrix differs; `None` if everything is predicted positive.
    pub next_down: Option<Threshold>,
    /// What the rows cost, if it was said what cells cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<MoveCosts>,
    /// The same without labels and metrics, for those who go on counting.
    #[serde(skip)]
    pub moves: Moves,
    /// Whether cells are sums of weights.
    #[serde(skip)]
    pub is_weighted: bool,
    /// What is known of the scores.
    #[serde(skip)]
    pub survey: ScoreSurvey,
}

/// What all rows cost together; `None` where no double holds it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MoveCosts {
    /// At the threshold that is left.
    pub before: Option<f64>,
    /// At the threshold that is gone to.
    pub after: Option<f64>,
    /// The second less the first.
    pub change: Option<f64>,
}

fn by_name<S: Serializer>(
    flows: &[(MoveKind, CellValue); 4],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(flows.len()))?;
    for (kind, moved) in flows {
        map.serialize_entry(kind.name(), moved)?;
    }
    map.end()
}

/// What moves between the cells of rows when the threshold moves, in one pass that keeps no row.
///
/// # Errors
/// Those of [`RowSource::run`].
///
/// # Panics
/// If the source leaves out what a pass asks for.
///
/// # Examples
/// ```
/// use cutpoint_choose::{View, moves_from};
/// use cutpoint_core::{Scores, Threshold};
///
/// // Down from 0.5 to 0.2 one positive row is found, at the price of two false alarms: 2 · 1 - 1 · 10.
/// let rows = Scores::new(vec![true, true, false, false], vec![0.9, 0.4, 0.3, 0.2])?;
/// let costs = "fp=1,fn=10".parse()?;
/// let ledger = moves_from(&View::of(&rows), Threshold::HALF, Threshold::new(0.2)?, Some(&costs))?;
/// assert_eq!((ledger.moves.fn_to_tp(), ledger.moves.tn_to_fp()), (1.0, 2.0));
/// assert_eq!(ledger.cost.and_then(|cost| cost.change), Some(-8.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn moves_from<S: RowSource>(
    view: &View<'_, S>,
    from: Threshold,
    to: Threshold,
    costs: Option<&Costs>,
) -> Result<Ledger, S::Error> {
    let mut pass = view.pass(0);
    pass.moves = Some([from, to]);
    pass.with_survey = true;
    Ok(Ledger::of(view.source.run(&pass)?, costs))
}

impl Ledger {
    /// The ledger of a pass that was asked for moves and a survey.
    ///
    /// # Panics
    /// If it was not.
    pub fn of(part: PassPart, costs: Option<&Costs>) -> Self {
        let builder = part.moves.expect("moves were asked for");
        let survey = part.survey.expect("a survey was asked for");
        let (moves, is_weighted) = (builder.finish(), builder.is_weighted());
        let matrix = |threshold, cells| {
            MatrixAnswer::new(Some(threshold), &part.classes.labels, &cells, is_weighted)
        };
        Self {
            from: moves.from(),
            to: moves.to(),
            flows: moves
                .flows()
                .map(|(kind, moved)| (kind, CellValue::new(moved, is_weighted))),
            before: matrix(moves.from(), moves.before()),
            after: matrix(moves.to(), moves.after()),
            change: MetricValues::of(|metric| moves.change(metric)),
            next_up: moves.next_up(),
            next_down: moves.next_down(),
            cost: costs.map(|costs| MoveCosts {
                before: costs.total(&moves.before()),
                after: costs.total(&moves.after()),
                change: costs.change(&moves),
            }),
            moves,
            is_weighted,
            survey: survey.finish(),
        }
    }
}
