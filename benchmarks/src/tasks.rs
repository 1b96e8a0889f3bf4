//! The tasks: what is loaded before, which call is timed, and what of its result is held against the peers'.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use cutpoint::choose::choose;
use cutpoint::data::{Labels, Scores, Threshold};
use cutpoint::datasets::{ClassificationParams, make_classification};
use cutpoint::logistic::{LogisticParams, Solver, fit};
use cutpoint::metrics::uncertainty::{BootstrapOptions, bootstrap_choice};
use cutpoint::metrics::{
    Cells, Goal, Objective, Problem, catalog, confusion_at, confusion_at_thresholds, roc_auc_score,
    sweep,
};
use ndarray::Array2;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::npy::Array;

/// Thresholds of the grid, evenly apart inside (0, 1).
const GRID: u32 = 99;

/// What has been loaded so far.
#[derive(Default)]
pub(crate) struct Loaded {
    scores: Option<Scores>,
    /// The first rows of them, to draw anew.
    bootstrap: Option<Scores>,
    table: Option<(Array2<f64>, Labels)>,
    n_generated: usize,
}

impl Loaded {
    /// Loads the files of a request: `scores` and `labels`, or `x` and `y`; and takes note of `n_generated`.
    pub(crate) fn load(&mut self, files: &Value) -> Result<()> {
        let array = |name: &str| match files[name].as_str() {
            Some(path) => Array::read(Path::new(path)).map(Some),
            None => Ok(None),
        };
        if let (Some(scores), Some(labels)) = (array("scores")?, array("labels")?) {
            self.scores = Some(Scores::new(labels.bools()?, scores.floats()?)?);
        }
        if let (Some(n_rows), Some(scores)) = (files["n_bootstrap"].as_u64(), &self.scores) {
            let n_rows = usize::try_from(n_rows)?.min(scores.n_samples());
            let labels = scores.is_positive()[..n_rows].to_vec();
            self.bootstrap = Some(Scores::new(labels, scores.score()[..n_rows].to_vec())?);
        }
        if let (Some(x), Some(y)) = (array("x")?, array("y")?) {
            let [n_rows, n_columns] = x.shape[..] else {
                bail!("x is no table");
            };
            let x = Array2::from_shape_vec((n_rows, n_columns), x.floats()?)?;
            self.table = Some((x, Labels::from_integers(&y.integers()?)));
        }
        if let Some(n_generated) = files["n_generated"].as_u64() {
            self.n_generated = usize::try_from(n_generated)?;
        }
        Ok(())
    }

    /// Runs a task: seconds, and what tells results apart.
    pub(crate) fn run(&self, task: &str) -> Result<(f64, Value)> {
        match task {
            "sweep_all" => self.sweep_all(),
            "sweep_checked" => self.sweep_checked(),
            "one_threshold" => self.one_threshold(),
            "grid" => self.grid(),
            "roc_auc" => self.roc_auc(),
            "choose" => self.choose(),
            "bootstrap" => self.bootstrap(),
            "plain_pass" => self.plain_pass(),
            "generate_numpy" => self.generate(),
            "fit_lbfgs" => self.fit(Solver::Lbfgs),
            "fit_newton_cholesky" => self.fit(Solver::NewtonCholesky),
            _ => bail!("there is no task {task}"),
        }
    }

    fn scores(&self) -> Result<&Scores> {
        self.scores.as_ref().context("no scores are loaded")
    }

    fn sweep_all(&self) -> Result<(f64, Value)> {
        let scores = self.scores()?;
        let (seconds, table) = timed(|| sweep(scores));
        Ok((seconds, digest(&table)))
    }

    /// A sweep with the check of its input that `Scores` makes once, and peers at each call.
    fn sweep_checked(&self) -> Result<(f64, Value)> {
        let scores = self.scores()?;
        let (labels, score) = (scores.is_positive().to_vec(), scores.score().to_vec());
        let (seconds, table) = timed(|| Scores::new(labels, score).map(|scores| sweep(&scores)));
        Ok((seconds, digest(&table?)))
    }

    fn one_threshold(&self) -> Result<(f64, Value)> {
        let scores = self.scores()?;
        let (seconds, cells) = timed(|| confusion_at(scores, Threshold::HALF));
        Ok((seconds, json!([counts(&cells)])))
    }

    fn grid(&self) -> Result<(f64, Value)> {
        let scores = self.scores()?;
        let values = (1..=GRID).map(|step| f64::from(step) / f64::from(GRID + 1));
        let grid = values.map(Threshold::new).collect::<Result<Vec<_>, _>>()?;
        let (seconds, cells) = timed(|| confusion_at_thresholds(scores, &grid));
        Ok((seconds, cells.iter().map(counts).collect()))
    }

    fn roc_auc(&self) -> Result<(f64, Value)> {
        let scores = self.scores()?;
        let (seconds, area) = timed(|| roc_auc_score(scores));
        Ok((seconds, json!([area])))
    }

    /// The sweep, and the best threshold on it under three constraints.
    fn choose(&self) -> Result<(f64, Value)> {
        let scores = self.scores()?;
        let problem = Problem::new("maximize mcc".parse()?)
            .subject_to("recall>=0.6".parse()?)
            .subject_to("precision>=0.4".parse()?)
            .subject_to("predicted_positive_rate<=50%".parse()?);
        let (seconds, choice) = timed(|| choose(&sweep(scores), &problem));
        let choice = choice?;
        let best = choice.found().context("the constraints can be met")?;
        Ok((seconds, json!([best.threshold(), best.value()])))
    }

    /// The sweep, 1000 choices on rows drawn anew, and an interval for every metric at 0.5.
    fn bootstrap(&self) -> Result<(f64, Value)> {
        let scores = self.bootstrap.as_ref().context("no scores are loaded")?;
        let youden = Objective::new("youden".parse()?, Goal::Maximize);
        let options = BootstrapOptions::default().n_replicates(1000);
        let (seconds, intervals) = timed(|| {
            let replicates = bootstrap_choice(&sweep(scores), Threshold::HALF, &youden, &options)?;
            let intervals = catalog()
                .iter()
                .map(|metric| replicates.fixed().metric_interval(metric));
            let n_intervals = intervals.flatten().count();
            Ok::<_, anyhow::Error>((replicates.threshold_interval(), n_intervals))
        });
        let (threshold, n_intervals) = intervals?;
        let threshold = threshold.context("every replicate has a threshold")?;
        Ok((
            seconds,
            json!([threshold.low(), threshold.high(), n_intervals]),
        ))
    }

    /// Adds up all scores and counts all labels, in parallel: as fast as memory gives out the bytes.
    fn plain_pass(&self) -> Result<(f64, Value)> {
        const CHUNK_ROWS: usize = 1 << 16;

        let scores = self.scores()?;
        let (seconds, (sum, count)) = timed(|| {
            let chunks = scores.score().par_chunks(CHUNK_ROWS);
            let chunks = chunks.zip(scores.is_positive().par_chunks(CHUNK_ROWS));
            let sums = chunks.map(|(score, labels)| (sum(score), count(labels)));
            sums.reduce(
                || (0.0, 0),
                |left, right| (left.0 + right.0, left.1 + right.1),
            )
        });
        Ok((seconds, json!([sum, count])))
    }

    fn generate(&self) -> Result<(f64, Value)> {
        let params = ClassificationParams::default()
            .n_samples(self.n_generated)
            .seed(42);
        let (seconds, data) = timed(|| make_classification(&params));
        let data = data?.into_dataset();
        let last = data.n_samples() - 1;
        let x = data.x();
        let n_ones = data.y().counts()[1];
        Ok((
            seconds,
            json!([x[[0, 0]], x[[0, 19]], x[[last, 0]], x[[last, 19]], n_ones]),
        ))
    }

    fn fit(&self, solver: Solver) -> Result<(f64, Value)> {
        let (x, y) = self.table.as_ref().context("no table is loaded")?;
        let params = LogisticParams::default().solver(solver);
        let (seconds, model) = timed(|| fit(&params, x.view(), y, None));
        let model = model?;
        let mut numbers = model.coef().iter().copied().collect::<Vec<_>>();
        numbers.extend(model.intercept());
        Ok((seconds, json!(numbers)))
    }
}

/// The call's result, and the seconds from its start to its end; giving back its memory is left out, as for the peers.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock is what is wanted here"
)]
fn timed<T>(call: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = black_box(call());
    (start.elapsed().as_secs_f64(), result)
}

/// Number, ends and middle of the thresholds, and the cells there.
fn digest(table: &cutpoint::metrics::Sweep) -> Value {
    let last = table.n_thresholds();
    let rows = [1, last / 2, last].map(|row| {
        let [tn, fp, fn_, tp] = sklearn_order(&table.cells(row));
        json!([table.threshold(row), tn, fp, fn_, tp])
    });
    json!([last, rows])
}

fn counts(cells: &Cells) -> Value {
    json!(sklearn_order(cells))
}

fn sklearn_order(cells: &Cells) -> [f64; 4] {
    [cells.tn(), cells.fp(), cells.fn_(), cells.tp()]
}

/// Eight sums side by side, so that no addition waits for the one before it.
fn sum(values: &[f64]) -> f64 {
    const LANES: usize = 8;

    let (groups, rest) = values.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for group in groups {
        for (sum, value) in sums.iter_mut().zip(group) {
            *sum += value;
        }
    }
    sums.iter().chain(rest).sum()
}

fn count(labels: &[bool]) -> u64 {
    const GROUP: usize = 128;

    let (groups, rest) = labels.as_chunks::<GROUP>();
    let of_group = |group: &[bool; GROUP]| group.iter().fold(0, |n, &label| n + u8::from(label));
    let count = groups
        .iter()
        .map(|group| u64::from(of_group(group)))
        .sum::<u64>();
    count + rest.iter().map(|&label| u64::from(label)).sum::<u64>()
}
