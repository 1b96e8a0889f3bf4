//! Which thresholds a page embeds: all, as long as they fit, or some that are spread evenly and those of interest. At
//! each of them the matrix is exact; nothing is known of others.

use cutpoint_choose::{Choice, Optimum, RowSource, Search, View};
use cutpoint_core::Threshold;
use cutpoint_metrics::{Goal, Metric, Objective, PartialSweep, Problem, catalog};

use super::options::ReportOptions;

/// Cells of the tables of a page, over all models and groups: a few megabytes at most.
const MOST_CELLS: usize = 200_000;
/// Rows of each table, even where there is one model only: what a page draws in a moment.
const MOST_ROWS: usize = 20_000;
/// Rows of each table, even of many.
const LEAST_ROWS: usize = 1000;
/// Bins of a histogram, of the net benefit and of a calibration curve between 0 and 1.
pub(super) const HISTOGRAM_BINS: u32 = 40;
pub(super) const NET_BENEFIT_STEPS: u32 = 100;
pub(super) const CALIBRATION_BINS: u32 = 10;

/// Thresholds of a page, common to its models and groups.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReportThresholds {
    /// Strictly descending.
    values: Vec<f64>,
    /// The rows whose matrix holds at all thresholds down to the next row; `None` if it does in every row.
    closed: Option<Vec<usize>>,
}

impl ReportThresholds {
    /// Chooses them: every threshold of the sweeps, if they are exact and few enough; otherwise the wanted ones and as
    /// many as fit, spread in equal steps of the rows predicted positive, both ends among them.
    ///
    /// `n_series`: how many models and groups the page will hold.
    pub(super) fn of(sweeps: &[&PartialSweep], wanted: &[f64], n_series: usize) -> Self {
        let most_rows = (MOST_CELLS / n_series.max(1)).clamp(LEAST_ROWS, MOST_ROWS);
        let n_rows = sweeps.iter().map(|sweep| sweep.n_bins()).sum::<usize>();
        // Models whose scores tie have fewer in common than their sum.
        let may_fit = n_rows <= most_rows.saturating_mul(sweeps.len());
        if may_fit && sweeps.iter().all(|sweep| sweep.is_exact()) {
            let all = sweeps.iter().flat_map(|sweep| sweep.edges().thresholds());
            let values = descending(all.copied().collect());
            if values.len() <= most_rows {
                return Self {
                    values,
                    closed: None,
                };
            }
        }
        let each = most_rows.saturating_sub(wanted.len()) / sweeps.len().max(1);
        let spread = sweeps.iter().flat_map(|sweep| spread(sweep, each.max(2)));
        let values = descending(spread.chain(wanted.iter().copied()).collect());
        let closed = (0..=values.len())
            .filter(|&row| sweeps.iter().all(|sweep| is_closed(sweep, &values, row)));
        Self {
            closed: Some(closed.collect()),
            values,
        }
    }

    /// The thresholds, strictly descending.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// Whether every threshold there is, is among them.
    pub(super) fn is_all(&self) -> bool {
        self.closed.is_none()
    }

    pub(super) fn closed(&self) -> Option<&[usize]> {
        self.closed.as_deref()
    }
}

/// Thresholds that a page holds whatever the scores are: that in the middle of probabilities, and where it begins.
pub(super) fn wanted(options: &ReportOptions) -> Vec<f64> {
    let start = options.start.iter().map(|(threshold, _)| *threshold);
    let wanted = [Threshold::HALF].into_iter().chain(start);
    wanted.map(Threshold::value).collect()
}

/// The best thresholds by every metric that has a better end, by the costs, and by what the start was chosen for.
pub(super) fn optima<S: RowSource>(
    view: &View<'_, S>,
    first: &PartialSweep,
    options: &ReportOptions,
    memory: usize,
) -> Result<Vec<f64>, S::Error> {
    let wrong = |error: cutpoint_metrics::Error| view.source.error(error.into());
    let best = catalog().iter().cloned().filter_map(Objective::best);
    let cost = Metric::cost(options.costs.unwrap_or_default()).map_err(wrong)?;
    let problems = best.chain([Objective::new(cost, Goal::Minimize)]);
    let problems = problems.map(Problem::new);
    // What rows cost by amounts of their own is not read here.
    let aim = options.problem.as_ref();
    let aim = aim.filter(|aim| !aim.problem.objective().metric().is_of_amounts());
    let edges = first.edges();
    let n_rows = edges.positives() + edges.negatives();
    let aim = aim.map(|aim| aim.problem.of_share(n_rows / aim.n_rows));
    let search = Search::of(first, problems.chain(aim)).map_err(wrong)?;
    let search = view.finish(search, first, memory)?;
    let choices = search.choices();
    let found = choices.iter().filter_map(Choice::found);
    let best = found.filter_map(Optimum::threshold);
    Ok(best.map(Threshold::value).collect())
}

/// Thresholds to cut the bins of sweeps at, so that all that a page shows of these values is exact whatever the memory
/// is, and so are its charts of probabilities.
pub(super) fn exact_at(values: impl IntoIterator<Item = f64>) -> Vec<Threshold> {
    let grid = |n: u32| (0..=n).map(move |step| f64::from(step) / f64::from(n));
    // A bin of a calibration curve begins above its lower end.
    let bins = grid(CALIBRATION_BINS).map(f64::next_up);
    let charts = grid(HISTOGRAM_BINS)
        .chain(grid(NET_BENEFIT_STEPS))
        .chain(bins);
    let cuts = descending(charts.collect()).into_iter().chain(values);
    let cuts = cuts.map(|value| Threshold::new(value).expect("thresholds of a page are finite"));
    cuts.collect()
}

/// Descending, each once.
fn descending(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(|one, other| other.total_cmp(one));
    values.dedup();
    values
}

/// Thresholds in equal steps of the rows predicted positive, both ends among them.
fn spread(sweep: &PartialSweep, n_wanted: usize) -> impl Iterator<Item = f64> {
    let edges = sweep.edges();
    let last = edges.n_thresholds();
    let flagged = |row: usize| edges.cells(row).predicted_positives();
    let all = flagged(last);
    (0..n_wanted).map(move |step| {
        let target = all * step as f64 / (n_wanted - 1) as f64;
        let (mut low, mut high) = (1, last);
        while low < high {
            let middle = low.midpoint(high);
            if flagged(middle) < target {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        edges.thresholds()[low - 1]
    })
}

/// Whether no score lies between the threshold of a row and that of the next.
fn is_closed(sweep: &PartialSweep, values: &[f64], row: usize) -> bool {
    let index = match row
        .checked_sub(1)
        .and_then(|place| Threshold::new(values[place]).ok())
    {
        Some(threshold) => sweep.edges().index_at(threshold),
        None => 0,
    };
    let next_score = sweep.interval(index).lower().map(Threshold::value);
    next_score.is_none_or(|score| values.get(row).is_some_and(|&next| score <= next))
}

#[cfg(test)]
mod tests {
    use cutpoint_core::Scores;
    use cutpoint_metrics::PartialSweepBuilder;

    use super::*;

    fn sweep(memory: usize, score: Vec<f64>) -> PartialSweep {
        let mut builder = PartialSweepBuilder::new(memory).unwrap();
        let is_positive = (0..score.len()).map(|row| row % 3 == 0).collect();
        builder.add(&Scores::new(is_positive, score).unwrap());
        builder.finish().unwrap()
    }

    #[test]
    fn all_thresholds_are_taken_as_long_as_they_fit() {
        let (one, other) = (
            sweep(1 << 20, vec![0.1, 0.3, 0.3]),
            sweep(1 << 20, vec![0.3, 0.2]),
        );
        let thresholds = ReportThresholds::of(&[&one, &other], &[0.5], 2);
        assert_eq!(thresholds.values(), [0.3, 0.2, 0.1]);
        assert!(thresholds.is_all());
    }

    #[test]
    fn of_many_thresholds_the_wanted_and_an_even_spread_are_taken() {
        let n_rows = 100_000;
        let many = sweep(
            1 << 30,
            (0..n_rows)
                .map(|row| f64::from(row) / f64::from(n_rows))
                .collect(),
        );
        let thresholds = ReportThresholds::of(&[&many], &[0.123_456_789, 0.5], 1);
        let values = thresholds.values();
        assert!(!thresholds.is_all());
        assert!(
            (MOST_ROWS - 2..=MOST_ROWS).contains(&values.len()),
            "{}",
            values.len()
        );
        assert!(values.contains(&0.123_456_789) && values.contains(&0.5));
        // The first threshold is the highest score, the last the lowest.
        assert_eq!(
            [values[0], values[values.len() - 1]].map(f64::to_bits),
            [0.999_99, 0.0].map(f64::to_bits)
        );
        // Five rows to a step, or four and one where a wanted threshold lies between.
        let widest = values
            .windows(2)
            .map(|pair| pair[0] - pair[1])
            .fold(0.0, f64::max);
        assert!(widest < 6.5e-5, "{widest}");
        // Nothing lies above the highest score and below the lowest; 0.123456789 has no score between it and 0.12345.
        let closed = thresholds.closed().unwrap();
        assert_eq!((closed[0], closed.last()), (0, Some(&values.len())));
        assert!(closed.len() < 10, "{closed:?}");
    }

    #[test]
    fn a_sweep_that_is_not_exact_is_never_taken_whole() {
        let coarse = sweep(600, (0..100).map(f64::from).collect());
        assert!(!coarse.is_exact());
        let thresholds = ReportThresholds::of(&[&coarse], &[], 1);
        assert!(!thresholds.is_all());
    }
}
