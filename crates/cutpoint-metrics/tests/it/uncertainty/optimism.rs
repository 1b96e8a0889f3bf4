//! How much a choice looks better than it is, told against the truth: samples from two normal distributions, where
//! every threshold's true cells are known. 3000 samples each when `CUTPOINT_SLOW_TESTS` is set, otherwise 300 with
//! wider limits.

use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream};
use cutpoint_core::{Scores, Seed, Threshold};
use cutpoint_metrics::{BootstrapOptions, Cells, Problem, bootstrap_choice, sweep};
use rayon::prelude::*;

use super::coverage::above;
use crate::best::best;

const N_FOLDS: usize = 10;

/// Means of many samples.
#[derive(Debug)]
struct Optimism {
    truth: f64,
    bootstrap: f64,
    cross_validation: f64,
    /// The standard errors of what is told less the truth.
    error: [f64; 2],
}

/// Half of the rows positive, whose scores lie 1 higher.
fn rows(n_samples: usize, stream: &mut ChaChaStream) -> Vec<(bool, f64)> {
    let row = |_| {
        let is_positive = stream.double() < 0.5;
        let score = stream.standard_normal() + f64::from(u8::from(is_positive));
        (is_positive, score)
    };
    (0..n_samples).map(row).collect()
}

/// True cells at a threshold, of so many rows.
fn truth(threshold: f64, n_samples: f64) -> Cells {
    let (tpr, fpr) = (above(threshold - 1.0), above(threshold));
    let half = n_samples / 2.0;
    Cells::from_weights(
        half * tpr,
        half * fpr,
        half * (1.0 - tpr),
        half * (1.0 - fpr),
    )
    .expect("cells")
}

fn scores<'r>(rows: impl Iterator<Item = &'r (bool, f64)>) -> Scores {
    let (is_positive, score) = rows.copied().unzip();
    Scores::new(is_positive, score).expect("finite scores")
}

/// The threshold that solves a problem, and its value; none where the problem has no solution.
fn solved(scores: &Scores, problem: &Problem) -> Option<(f64, f64)> {
    let (chosen, value) = best(&sweep(scores), problem)?;
    Some((chosen.threshold?.value(), value))
}

/// What the truth is, what resamples tell and what folds tell, of one sample.
fn of_sample(sample: u64, n_samples: usize, problem: &Problem) -> Option<[f64; 3]> {
    const PURPOSE: Purpose = Purpose::new("test/optimism");
    let mut stream = ChaChaStream::new(20_261_128, PURPOSE, sample);
    let rows = rows(n_samples, &mut stream);
    let all = scores(rows.iter());
    let metric = problem.objective().metric();
    let (threshold, value) = solved(&all, problem)?;
    let there = metric.value(&truth(threshold, n_samples as f64))?;

    let fixed = Threshold::new(threshold).expect("a score");
    let options = BootstrapOptions::default()
        .n_replicates(200)
        .seed(Seed::chacha(sample));
    let drawn = bootstrap_choice(&sweep(&all), fixed, problem, &options).expect("valid");

    let mut counts = [0; 4];
    for fold in 0..N_FOLDS {
        let is_held_out = |row: usize| row % N_FOLDS == fold;
        let part = |wanted: bool| {
            let rows = rows.iter().enumerate();
            rows.filter(move |(row, _)| is_held_out(*row) == wanted)
                .map(|(_, row)| row)
        };
        let (threshold, _) = solved(&scores(part(false)), problem)?;
        let threshold = Threshold::new(threshold).expect("a score");
        let [tp, fp, fn_, tn] = sweep(&scores(part(true)))
            .cells_at(threshold)
            .to_counts()
            .expect("counts");
        for (sum, count) in counts.iter_mut().zip([tp, fp, fn_, tn]) {
            *sum += count;
        }
    }
    let [tp, fp, fn_, tn] = counts;
    let held_out = metric.value(&Cells::from_counts(tp, fp, fn_, tn))?;
    Some([value - there, drawn.optimism()?, value - held_out])
}

fn optimism(n_samples: usize, problem: &str, constraint: Option<&str>) -> (Optimism, bool) {
    #[expect(
        clippy::disallowed_methods,
        reason = "how much to test is asked of the environment"
    )]
    let is_slow = std::env::var("CUTPOINT_SLOW_TESTS").is_ok();
    let mut asked = Problem::new(problem.parse().expect("an objective"));
    if let Some(constraint) = constraint {
        asked = asked.subject_to(constraint.parse().expect("a constraint"));
    }
    let n_sets = if is_slow { 3000 } else { 300 };
    let sets = (0..n_sets).into_par_iter();
    let told = sets.filter_map(|sample| of_sample(sample, n_samples, &asked));
    let told = told.collect::<Vec<_>>();
    let n = told.len() as f64;
    let mean = |of: &dyn Fn(&[f64; 3]) -> f64| told.iter().map(of).sum::<f64>() / n;
    let error = [1, 2].map(|which| {
        let off = |set: &[f64; 3]| set[which] - set[0];
        let center = mean(&off);
        (mean(&|set| (off(set) - center).powi(2)) / n).sqrt()
    });
    let found = Optimism {
        truth: mean(&|set| set[0]),
        bootstrap: mean(&|set| set[1]),
        cross_validation: mean(&|set| set[2]),
        error,
    };
    (found, is_slow)
}

/// True 0.058; resamples tell 0.041 and folds 0.058, of 3000 samples.
#[test]
fn of_youden() {
    let (found, is_slow) = optimism(200, "maximize youden", None);
    let told = found.bootstrap / found.truth;
    let expected = if is_slow { 0.65..0.78 } else { 0.5..0.95 };
    assert!(expected.contains(&told), "{found:?}");
    let off = found.cross_validation - found.truth;
    assert!(off.abs() < 4.0 * found.error[1], "{found:?}");
}

/// True 0.0084; resamples tell 0.0059, of 3000 samples, and would tell -0.0003 if those whose choice breaks the
/// constraint in the rows did not count. Folds have fewer rows to choose on, and tell 0.0128.
#[test]
fn of_recall_under_a_binding_constraint() {
    let (found, is_slow) = optimism(300, "maximize recall", Some("precision>=0.7"));
    let told = found.bootstrap / found.truth;
    let expected = if is_slow { 0.5..0.95 } else { 0.25..1.5 };
    assert!(expected.contains(&told), "{found:?}");
    let off = found.bootstrap - found.truth;
    assert!(off.abs() < 5.0 * found.error[0], "{found:?}");
}
