//! How often intervals at a prevalence hold the truth: not by samples, but by every matrix that has a probability to
//! speak of.

use cutpoint_choose::{Certainty, ConfidenceOptions};
use cutpoint_metrics::{Cells, Metric, Objective, Problem, value_at_prevalence};

/// Rows of each class.
const N_ROWS: u32 = 200;
const RECALL: f64 = 0.3;
/// One false positive is to be expected, and in more than a third of the samples there is none.
const FPR: f64 = 0.005;
const PREVALENCE: f64 = 0.02;

/// The binomial distribution: how likely so many of [`N_ROWS`] are.
fn binomial(share: f64) -> Vec<f64> {
    let first = (1.0 - share).powi(200);
    let odds = share / (1.0 - share);
    let rest = (0..N_ROWS).scan(first, |likely, count| {
        *likely *= f64::from(N_ROWS - count) / f64::from(count + 1) * odds;
        Some(*likely)
    });
    std::iter::once(first).chain(rest).collect()
}

/// How likely it is that the interval holds the truth, for each metric.
fn coverage(metrics: &[Metric], options: ConfidenceOptions) -> Vec<f64> {
    let problem = Problem::new(Objective::best(metrics[0].clone()).expect("it has a direction"));
    let problem = problem.at_prevalence(PREVALENCE);
    let certainty = Certainty::new(&problem, options, false);
    // What is to be expected: 0.3 · 200 and 0.005 · 200.
    let truth = Cells::from_counts(60, 1, 140, 199);
    let truths = metrics.iter().map(|metric| {
        let truth = value_at_prevalence(metric, &truth, Some(PREVALENCE));
        truth.expect("defined")
    });
    let truths = truths.collect::<Vec<_>>();
    let [hits, alarms] = [RECALL, FPR].map(binomial);
    let mut held = vec![0.0; metrics.len()];
    let mut all = 0.0;
    for (tp, hit) in (0_u64..).zip(&hits) {
        for (fp, alarm) in (0_u64..).zip(&alarms) {
            let likely = hit * alarm;
            // Fewer than 200 x 200 matrices: what is left out is less than 1e-3 together.
            if likely < 1e-8 {
                continue;
            }
            all += likely;
            let rows = u64::from(N_ROWS);
            let measured = certainty.at(Cells::from_counts(tp, fp, rows - tp, rows - fp));
            let measured = measured.expect("whole numbers");
            for ((metric, truth), held) in metrics.iter().zip(&truths).zip(&mut held) {
                let told = measured.there(metric).expect("valid");
                if told.is_some_and(|(interval, _)| interval.contains(*truth)) {
                    *held += likely;
                }
            }
        }
    }
    held.into_iter().map(|held| held / all).collect()
}

#[test]
fn intervals_at_a_prevalence_hold_the_truth_where_a_cell_is_nearly_empty() {
    let metrics = ["accuracy", "f1", "predicted_positive_rate"].map(|name| name.parse().unwrap());
    let options = ConfidenceOptions::default();
    let held = coverage(&metrics, options);
    // The counts are few: a nominal 0.95 cannot be met exactly.
    for (metric, held) in metrics.iter().zip(held) {
        assert!((0.94..=0.99).contains(&held), "{metric}: {held}");
    }
    // What is resampled is told as such: too narrow here.
    let drawn = ConfidenceOptions {
        bootstrap: Some(500),
        ..options
    };
    let held = coverage(&metrics, drawn);
    for ((metric, held), most) in metrics.iter().zip(held).zip([0.7, 0.9, 0.7]) {
        assert!(held < most, "{metric}: {held}");
    }
}
