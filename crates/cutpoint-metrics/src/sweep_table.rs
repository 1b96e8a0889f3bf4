//! Rows of a sweep as a table, with what moves from row to row and what is known between the rows: as an answer.

use cutpoint_core::Threshold;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::{
    Bounds, CellValue, Error, Metric, PartialSweep, Result, StepMove, SweepRow, step_move,
};

/// Which rows of a sweep are wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum SweepRows {
    /// All of them.
    All,
    /// "Predict none", and so many others, evenly by rank: those of [`Sweep::spread`](crate::Sweep::spread).
    Spread(usize),
    /// Those that hold at some thresholds, which need not be scores, in the order given.
    At(Vec<Threshold>),
}

/// What a table has besides thresholds and cells. Default: nothing.
#[derive(Debug, Clone, Default)]
pub struct SweepColumns {
    /// Metrics of the cells.
    pub metrics: Vec<Metric>,
    /// Whether it has what moves from row to row.
    pub with_moves: bool,
    /// Whether it has the highest score that was counted in each row, and what each metric is between at the thresholds
    /// up to it.
    pub with_bounds: bool,
}

/// Some rows of a sweep, which are computed as they are asked for.
///
/// As JSON it is an object of what is known of the whole sweep, and then `rows`, a list of objects.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{PartialSweepBuilder, SweepColumns, SweepRows, SweepTable};
///
/// let mut builder = PartialSweepBuilder::new(1 << 20)?;
/// builder.add(&Scores::new(vec![true, false, true], vec![0.9, 0.4, 0.35])?);
/// let partial = builder.finish()?;
/// let columns = SweepColumns {
///     with_moves: true,
///     ..SweepColumns::default()
/// };
/// let table = SweepTable::new(&partial, &SweepRows::All, columns)?;
/// assert_eq!(table.n_rows(), 4);
/// // From 0.9 to 0.4 one negative row comes in.
/// assert_eq!(table.step(2).map(|step| (step.fn_to_tp(), step.tn_to_fp())), Some((0.0, 1.0)));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct SweepTable<'s> {
    partial: &'s PartialSweep,
    columns: SweepColumns,
    shown: Shown,
}

#[derive(Debug, Clone)]
enum Shown {
    All(usize),
    /// By their indices, ascending.
    Some(Vec<usize>),
    /// At thresholds that need not be scores: the index of the row that holds there, and the row to show.
    At(Vec<(usize, SweepRow)>),
}

impl<'s> SweepTable<'s> {
    /// A table of some rows of a sweep.
    ///
    /// # Errors
    /// [`Error::InsideBin`] for a threshold at which only bounds of the matrix are known.
    pub fn new(partial: &'s PartialSweep, rows: &SweepRows, columns: SweepColumns) -> Result<Self> {
        let edges = partial.edges();
        let shown = match rows {
            SweepRows::All => Shown::All(edges.n_rows()),
            SweepRows::Spread(n_wanted) => Shown::Some(edges.spread(*n_wanted)),
            SweepRows::At(thresholds) => {
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
        };
        Ok(Self {
            partial,
            columns,
            shown,
        })
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        match &self.shown {
            Shown::All(n_rows) => *n_rows,
            Shown::Some(indices) => indices.len(),
            Shown::At(rows) => rows.len(),
        }
    }

    /// What it has besides thresholds and cells.
    pub fn columns(&self) -> &SweepColumns {
        &self.columns
    }

    /// A row.
    ///
    /// # Panics
    /// If there is no such row, as do the others.
    pub fn row(&self, place: usize) -> SweepRow {
        match &self.shown {
            Shown::All(_) | Shown::Some(_) => self.partial.edges().row(self.index(place)),
            Shown::At(rows) => rows[place].1,
        }
    }

    /// What came since the row before, if anything.
    pub fn step(&self, place: usize) -> Option<StepMove> {
        // Above the first row there is nothing but "predict none".
        let before = place.checked_sub(1).map_or(0, |place| self.index(place));
        let index = self.index(place);
        (before < index).then(|| step_move(self.partial.edges(), before, index))
    }

    /// The highest score that is in the bin of the row; `None` for "predict none".
    pub fn highest(&self, place: usize) -> Option<f64> {
        Some(self.partial.bin(self.bin(place)?).highest())
    }

    /// What a metric is between, at thresholds in the bin of the row; `None` for "predict none", and where it is not
    /// bounded.
    pub fn bounds(&self, place: usize, metric: &Metric) -> Option<Bounds> {
        self.partial.bounds_in(self.bin(place)?).metric(metric)
    }

    /// The names of the columns of bounds, `highest` and two a metric; none if there are none.
    pub fn bound_names(&self) -> Vec<String> {
        if !self.columns.with_bounds {
            return Vec::new();
        }
        let metrics = self.columns.metrics.iter();
        let ends = metrics.flat_map(|metric| ["low", "high"].map(|end| format!("{metric}_{end}")));
        std::iter::once("highest".to_owned()).chain(ends).collect()
    }

    /// Which row of the sweep.
    fn index(&self, place: usize) -> usize {
        match &self.shown {
            Shown::All(n_rows) => {
                assert!(place < *n_rows, "row {place} of {n_rows}");
                place
            }
            Shown::Some(indices) => indices[place],
            Shown::At(rows) => rows[place].0,
        }
    }

    /// Which bin ends at the row.
    fn bin(&self, place: usize) -> Option<usize> {
        self.index(place).checked_sub(1)
    }
}

fn refuse_inside(partial: &PartialSweep, threshold: Threshold) -> Result<()> {
    if partial.cell_bounds(threshold).is_exact() {
        return Ok(());
    }
    let edges = partial.edges();
    let index = edges.index_at(threshold);
    Err(Error::InsideBin {
        threshold: threshold.value(),
        above: edges.threshold(index).map(Threshold::value),
        below: edges.thresholds()[index],
    })
}

/// Both ends of bounds.
#[derive(Serialize)]
struct Ends {
    low: f64,
    high: f64,
}

impl From<Bounds> for Ends {
    fn from(bounds: Bounds) -> Self {
        Self {
            low: bounds.low(),
            high: bounds.high(),
        }
    }
}

impl Serialize for SweepTable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Widest<'t>(&'t SweepTable<'t>);
        impl Serialize for Widest<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let metrics = self.0.columns.metrics.iter();
                serializer.collect_map(
                    metrics.map(|metric| (metric.name(), self.0.partial.widest_bounds(metric))),
                )
            }
        }
        struct Rows<'t>(&'t SweepTable<'t>);
        impl Serialize for Rows<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let names = self.0.bound_names();
                let places = 0..self.0.n_rows();
                serializer.collect_seq(places.map(|place| Row(self.0, place, &names)))
            }
        }
        let partial = self.partial;
        let is_exact = partial.is_exact();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("n_samples", &partial.n_samples())?;
        map.serialize_entry("n_thresholds", &is_exact.then_some(partial.n_bins()))?;
        map.serialize_entry("n_bins", &partial.n_bins())?;
        map.serialize_entry("is_exact", &is_exact)?;
        map.serialize_entry("roc_auc", &partial.roc_auc_bounds().map(Ends::from))?;
        let area = partial.average_precision_bounds().map(Ends::from);
        map.serialize_entry("average_precision", &area)?;
        map.serialize_entry("widest_bounds", &Widest(self))?;
        map.serialize_entry("rows", &Rows(self))?;
        map.end()
    }
}

/// A row of a table, by its place, with the names of the columns of bounds.
struct Row<'t>(&'t SweepTable<'t>, usize, &'t [String]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(table, place, bound_names) = *self;
        let is_weighted = table.partial.is_weighted();
        let value = |cell| CellValue::new(cell, is_weighted);
        let row = table.row(place);
        let cells = row.cells();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("threshold", &row.threshold())?;
        map.serialize_entry("tp", &value(cells.tp()))?;
        map.serialize_entry("fp", &value(cells.fp()))?;
        map.serialize_entry("fn", &value(cells.fn_()))?;
        map.serialize_entry("tn", &value(cells.tn()))?;
        let matrix = cells.to_sklearn().map(|row| row.map(value));
        map.serialize_entry("confusion_matrix", &matrix)?;
        // A cell is there already.
        let metrics = &table.columns.metrics;
        for metric in metrics.iter().filter(|metric| !metric.is_cell()) {
            map.serialize_entry(metric.name(), &metric.value(&cells))?;
        }
        if table.columns.with_moves {
            let step = table.step(place);
            let moved = step.map_or([0.0; 2], |step| [step.fn_to_tp(), step.tn_to_fp()]);
            map.serialize_entry("fn_to_tp", &value(moved[0]))?;
            map.serialize_entry("tn_to_fp", &value(moved[1]))?;
        }
        if let [highest, ends @ ..] = bound_names {
            map.serialize_entry(highest, &table.highest(place))?;
            for (names, metric) in ends.chunks(2).zip(metrics) {
                let bounds = table.bounds(place, metric);
                for (name, end) in names.iter().zip([Bounds::low, Bounds::high]) {
                    let end = bounds.map(end).filter(|end| end.is_finite());
                    map.serialize_entry(name, &end)?;
                }
            }
        }
        map.end()
    }
}
