//! The rows of a sweep as a table or as JSON, some thousands at a time.
//!
//! It refuses to count.

use std::ops::Range;

use anyhow::bail;
use cutpoint_core::Threshold;
use cutpoint_files::{Output, SweepWriter, TableColumn};
use cutpoint_metrics::{Bounds, Metric, PartialSweep, StepMove, Sweep, SweepRow, step_move};

use super::parts::{Part, Parts};
use super::{Thresholds, spread};
use crate::json::Json;
use crate::matrix::number;

/// Rows that are laid out before they are written: few, since a row may have a hundred fields of bounds.
const ROWS_AT_ONCE: usize = 1 << 11;

/// What the table has besides thresholds and cells.
pub(super) struct Layout<'a> {
    pub(super) thresholds: &'a Thresholds,
    pub(super) metrics: &'a [Metric],
    pub(super) has_moves: bool,
    pub(super) has_bounds: bool,
}

/// Which rows of a sweep are shown.
enum Shown {
    All(usize),
    /// By their indices, ascending.
    Some(Vec<usize>),
    /// At thresholds that need not be scores, descending: the index of the row that holds there, and the row to show.
    At(Vec<(usize, SweepRow)>),
}

/// Some rows of the table.
struct Block {
    rows: Vec<SweepRow>,
    /// What came since the row before, if anything.
    moves: Option<Vec<Option<StepMove>>>,
    bounds: Option<BoundColumns>,
}

/// What is known between the rows.
struct BoundColumns {
    highest: Vec<Option<f64>>,
    /// For each metric.
    bounds: Vec<Vec<Option<Bounds>>>,
}

impl Layout<'_> {
    /// Writes the table; how many rows it has.
    pub(super) fn write(&self, output: &mut Output, parts: &Parts) -> anyhow::Result<usize> {
        // What cannot be shown is refused before anything is written.
        let shown = parts.parts.iter().map(|part| self.shown(&part.partial));
        let shown = shown.collect::<anyhow::Result<Vec<_>>>()?;
        let is_weighted = parts.is_weighted();
        let bound_names = self.bound_names();
        let mut names = Vec::new();
        if self.has_moves {
            names.extend(["fn_to_tp", "tn_to_fp"]);
        }
        names.extend(bound_names.iter().map(String::as_str));
        if parts.has_groups() {
            names.push("group");
        }
        let mut writer = SweepWriter::new(output, is_weighted, self.metrics, &names)?;
        let mut n_written = 0;
        for (part, shown) in parts.parts.iter().zip(&shown) {
            for places in chunks(shown.len()) {
                let block = self.block(&part.partial, shown, places);
                n_written += block.rows.len();
                write(&mut writer, &block, is_weighted, part.group.as_deref())?;
            }
        }
        writer.finish()?;
        Ok(n_written)
    }

    fn bound_names(&self) -> Vec<String> {
        if !self.has_bounds {
            return Vec::new();
        }
        let ends = self
            .metrics
            .iter()
            .flat_map(|metric| ["low", "high"].map(|end| format!("{metric}_{end}")));
        std::iter::once("highest".to_owned()).chain(ends).collect()
    }

    fn shown(&self, partial: &PartialSweep) -> anyhow::Result<Shown> {
        let edges = partial.edges();
        Ok(match self.thresholds {
            Thresholds::All => Shown::All(edges.n_rows()),
            Thresholds::Spread(n_wanted) => Shown::Some(spread(edges.n_thresholds(), *n_wanted)),
            Thresholds::Listed(thresholds) => {
                for &threshold in thresholds {
                    refuse_inside(partial, threshold)?;
                }
                let indices = thresholds
                    .iter()
                    .map(|&threshold| edges.index_at(threshold));
                let values = thresholds.iter().map(|threshold| threshold.value());
                let rows = edges.at_thresholds(&values.collect::<Vec<_>>())?;
                Shown::At(indices.zip(rows).collect())
            }
        })
    }

    fn block(&self, partial: &PartialSweep, shown: &Shown, places: Range<usize>) -> Block {
        let edges = partial.edges();
        let rows = places.clone().map(|place| shown.row(edges, place));
        let moves = places.clone().map(|place| {
            // Above the first row there is nothing but "predict none".
            let before = place.checked_sub(1).map_or(0, |place| shown.index(place));
            let index = shown.index(place);
            (before < index).then(|| step_move(edges, before, index))
        });
        Block {
            rows: rows.collect(),
            moves: self.has_moves.then(|| moves.collect()),
            bounds: self.has_bounds.then(|| self.bounds(partial, shown, places)),
        }
    }

    fn bounds(&self, partial: &PartialSweep, shown: &Shown, places: Range<usize>) -> BoundColumns {
        let bin = |place: usize| shown.index(place).checked_sub(1);
        let highest = places
            .clone()
            .map(|place| Some(partial.bin(bin(place)?).highest()));
        let bounds = self.metrics.iter().map(|metric| {
            let bounds = places
                .clone()
                .map(|place| partial.bounds_in(bin(place)?).metric(metric));
            bounds.collect()
        });
        BoundColumns {
            highest: highest.collect(),
            bounds: bounds.collect(),
        }
    }

    /// The table as JSON, and how many rows it has.
    pub(super) fn as_json(&self, parts: &Parts) -> anyhow::Result<(Json, usize)> {
        let mut n_rows = 0;
        let mut shown = Vec::new();
        for part in &parts.parts {
            let (json, n_more) = self.part_as_json(part)?;
            n_rows += n_more;
            shown.push(json);
        }
        let [negative, positive] = match &parts.labels {
            Some(labels) => labels.each_ref().map(Json::from),
            None => [Json::Null, Json::Null],
        };
        let labels = match &parts.labels {
            Some(_) => Json::List(vec![negative, positive.clone()]),
            None => Json::Null,
        };
        let head = [("labels", labels), ("positive", positive)];
        let warnings = [("warnings", Json::list(&parts.warnings()))];
        let json = if parts.has_groups() {
            let groups = (
                "groups",
                Json::List(shown.into_iter().map(Json::object).collect()),
            );
            Json::object(head.into_iter().chain([groups]).chain(warnings))
        } else {
            let whole = shown.pop().expect("there is one sweep");
            Json::object(head.into_iter().chain(warnings).chain(whole))
        };
        Ok((json, n_rows))
    }

    fn part_as_json(&self, part: &Part) -> anyhow::Result<(Vec<(&'static str, Json)>, usize)> {
        let partial = &part.partial;
        let shown = self.shown(partial)?;
        let is_exact = partial.is_exact();
        let block = self.block(partial, &shown, 0..shown.len());
        let rows = (0..shown.len()).map(|place| self.row_as_json(partial, &block, place));
        let bounds = |bounds: Option<Bounds>| {
            bounds.map_or(Json::Null, |bounds| {
                Json::object(
                    [("low", bounds.low()), ("high", bounds.high())]
                        .map(|(end, value)| (end, Json::from(value))),
                )
            })
        };
        let widest = self.metrics.iter().map(|metric| {
            let widest = partial.widest_bounds(metric);
            (metric.name(), Json::from(widest))
        });
        let group = part
            .group
            .as_ref()
            .map(|group| ("group", Json::from(group)));
        let facts = [
            ("n_samples", partial.n_samples().into()),
            ("n_thresholds", is_exact.then_some(partial.n_bins()).into()),
            ("n_bins", partial.n_bins().into()),
            ("is_exact", is_exact.into()),
            ("roc_auc", bounds(partial.roc_auc_bounds())),
            (
                "average_precision",
                bounds(partial.average_precision_bounds()),
            ),
            ("widest_bounds", Json::object(widest)),
            ("rows", Json::List(rows.collect())),
        ];
        Ok((group.into_iter().chain(facts).collect(), shown.len()))
    }

    fn row_as_json(&self, partial: &PartialSweep, block: &Block, place: usize) -> Json {
        let number = |cell| number(cell, partial.is_weighted());
        let row = block.rows[place];
        let cells = row.cells();
        let matrix = cells
            .to_sklearn()
            .map(|row| Json::List(row.map(number).into()));
        let mut shown = vec![
            ("threshold".to_owned(), row.threshold().into()),
            ("tp".to_owned(), number(cells.tp())),
            ("fp".to_owned(), number(cells.fp())),
            ("fn".to_owned(), number(cells.fn_())),
            ("tn".to_owned(), number(cells.tn())),
            ("confusion_matrix".to_owned(), Json::List(matrix.into())),
        ];
        // A cell is there already.
        for metric in self.metrics.iter().filter(|metric| !metric.is_cell()) {
            shown.push((metric.name().to_owned(), metric.value(&cells).into()));
        }
        if let Some(moves) = &block.moves {
            for (name, moved) in ["fn_to_tp", "tn_to_fp"]
                .into_iter()
                .zip(moved(moves[place]))
            {
                shown.push((name.to_owned(), number(moved)));
            }
        }
        if let Some(columns) = &block.bounds {
            let bounds = columns.bounds.iter().flat_map(|bounds| ends(bounds[place]));
            let values = std::iter::once(columns.highest[place]).chain(bounds);
            let named = self.bound_names().into_iter().zip(values);
            shown.extend(named.map(|(name, value)| (name, value.into())));
        }
        Json::object(shown)
    }
}

impl Shown {
    fn len(&self) -> usize {
        match self {
            Self::All(n_rows) => *n_rows,
            Self::Some(indices) => indices.len(),
            Self::At(rows) => rows.len(),
        }
    }

    /// Which row of the sweep.
    fn index(&self, place: usize) -> usize {
        match self {
            Self::All(_) => place,
            Self::Some(indices) => indices[place],
            Self::At(rows) => rows[place].0,
        }
    }

    fn row(&self, edges: &Sweep, place: usize) -> SweepRow {
        match self {
            Self::All(_) | Self::Some(_) => edges.row(self.index(place)),
            Self::At(rows) => rows[place].1,
        }
    }
}

fn chunks(n_rows: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = (0..n_rows).step_by(ROWS_AT_ONCE);
    starts.map(move |start| start..n_rows.min(start + ROWS_AT_ONCE))
}

/// Refuses a threshold at which only bounds of the matrix are known.
fn refuse_inside(partial: &PartialSweep, threshold: Threshold) -> anyhow::Result<()> {
    if partial.cell_bounds(threshold).is_exact() {
        return Ok(());
    }
    let edges = partial.edges();
    let index = edges.index_at(threshold);
    let below = edges.thresholds()[index];
    let value = threshold.value();
    match edges.threshold(index) {
        Some(above) => bail!(
            "threshold {value:?} lies inside a bin of a partial sweep: the matrix is known at {above:?} and {below:?}; \
             count the parts with `--thresholds {value:?}` to know it there"
        ),
        None => bail!(
            "threshold {value:?} lies inside a bin of a partial sweep: the matrix is known from {below:?} down; count \
             the parts with `--thresholds {value:?}` to know it there"
        ),
    }
}

fn write(
    writer: &mut SweepWriter<'_>,
    block: &Block,
    is_weighted: bool,
    group: Option<&str>,
) -> anyhow::Result<()> {
    let mut columns = Vec::new();
    let moves = block.moves.iter().flatten().map(|step| moved(*step));
    let [tp, fp] = [0, 1].map(|kind| moves.clone().map(|moved| moved[kind]).collect::<Vec<_>>());
    let [tp_counts, fp_counts] =
        [&tp, &fp].map(|moved| moved.iter().map(|&n| count(n)).collect::<Vec<_>>());
    let [tp, fp] = [tp, fp].map(|moved| moved.into_iter().map(Some).collect::<Vec<_>>());
    if block.moves.is_some() {
        columns.extend(if is_weighted {
            [TableColumn::Numbers(&tp), TableColumn::Numbers(&fp)]
        } else {
            [
                TableColumn::Counts(&tp_counts),
                TableColumn::Counts(&fp_counts),
            ]
        });
    }
    let bounds = block.bounds.iter().flat_map(|columns| &columns.bounds);
    let bounds = bounds.flat_map(|bounds| {
        [0, 1].map(|end| {
            let values = bounds.iter().map(|bounds| ends(*bounds)[end]);
            values.collect::<Vec<_>>()
        })
    });
    let bounds = bounds.collect::<Vec<_>>();
    if let Some(of_rows) = &block.bounds {
        columns.push(TableColumn::Numbers(&of_rows.highest));
        columns.extend(bounds.iter().map(|values| TableColumn::Numbers(values)));
    }
    let groups = vec![group.unwrap_or_default(); block.rows.len()];
    if group.is_some() {
        columns.push(TableColumn::Texts(&groups));
    }
    Ok(writer.write(&block.rows, &columns)?)
}

/// Rows that went from `fn` to `tp`, and from `tn` to `fp`.
fn moved(step: Option<StepMove>) -> [f64; 2] {
    step.map_or([0.0; 2], |step| [step.fn_to_tp(), step.tn_to_fp()])
}

/// Both ends, where they are finite.
fn ends(bounds: Option<Bounds>) -> [Option<f64>; 2] {
    let ends = bounds.map(|bounds| [bounds.low(), bounds.high()]);
    ends.map_or([None; 2], |ends| {
        ends.map(|end| end.is_finite().then_some(end))
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "unweighted rows are a whole number from 0"
)]
fn count(moved: f64) -> u64 {
    moved as u64
}
