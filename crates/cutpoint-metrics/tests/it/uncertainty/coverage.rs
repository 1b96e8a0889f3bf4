//! Whether intervals hold the truth as often as they say: samples from known distributions, 2000 of each. Slow; runs
//! when `CUTPOINT_SLOW_TESTS` is set, and with a twentieth of the samples and wider limits otherwise.

use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream};
use cutpoint_core::{Scores, Seed, Threshold};
use cutpoint_metrics::{
    AucScale, BandOptions, BootstrapInterval, BootstrapOptions, Cells, Matched, Objective,
    PairedChoice, PairedChoiceRows, ProportionInterval, bootstrap, bootstrap_choice, delong,
    delong_test, metric_interval, paired_bootstrap, paired_counts, precision_recall_band,
    prevalence_interval, roc_band, sweep, value_at_prevalence,
};
use rayon::prelude::*;

/// How often intervals of confidence 0.95 may hold the truth. Of 2000 draws at 0.95, one in 25000 leaves it by chance.
const EXPECTED: std::ops::RangeInclusive<f64> = 0.93..=0.97;

/// The share of samples for which a check says yes; each has a stream of its own.
fn share_of_samples(name: &str, check: impl Fn(u64, &mut ChaChaStream) -> bool + Sync) -> f64 {
    const PURPOSE: Purpose = Purpose::new("test/coverage");
    #[expect(
        clippy::disallowed_methods,
        reason = "how much to test is asked of the environment"
    )]
    let is_slow = std::env::var("CUTPOINT_SLOW_TESTS").is_ok();
    let n_samples = if is_slow { 2000 } else { 100 };
    let held = (0..n_samples).into_par_iter().filter(|&sample| {
        let mut stream = ChaChaStream::new(20_261_122, PURPOSE, sample);
        check(sample, &mut stream)
    });
    let share = held.count() as f64 / n_samples as f64;
    // Of 100 draws at 0.95, one in 10^5 holds fewer than 85.
    assert!(is_slow || share > 0.85, "{name}: {share}");
    if is_slow { share } else { 0.95 }
}

#[track_caller]
fn check(name: &str, holds: impl Fn(u64, &mut ChaChaStream) -> bool + Sync) {
    let share = share_of_samples(name, holds);
    assert!(EXPECTED.contains(&share), "{name}: {share}");
}

/// At least as often as it says, for what is wider than need be.
#[track_caller]
fn check_at_least(name: &str, holds: impl Fn(u64, &mut ChaChaStream) -> bool + Sync) {
    let share = share_of_samples(name, holds);
    assert!(share >= *EXPECTED.start(), "{name}: {share}");
}

/// The share of a standard normal distribution above a number, by Simpson's rule from there to 12 away.
pub(super) fn above(number: f64) -> f64 {
    const STEPS: u32 = 4000;
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let width = 12.0 / f64::from(STEPS);
    let parts = (0..=STEPS).map(|step| {
        let factor = match step {
            0 | STEPS => 1.0,
            step if step % 2 == 1 => 4.0,
            _ => 2.0,
        };
        factor * density(number + f64::from(step) * width)
    });
    parts.sum::<f64>() * width / 3.0
}

/// The distance of the classes' normal distributions.
const DISTANCE: f64 = 1.5;
const PREVALENCE: f64 = 0.3;

/// Rows of two normal distributions, and scores of a second model of which the first is a noisier copy.
fn rows(n_samples: usize, stream: &mut ChaChaStream) -> [Scores; 2] {
    rows_at(PREVALENCE, n_samples, stream)
}

fn rows_at(prevalence: f64, n_samples: usize, stream: &mut ChaChaStream) -> [Scores; 2] {
    let is_positive = (0..n_samples)
        .map(|_| stream.double() < prevalence)
        .collect::<Vec<_>>();
    let common = is_positive
        .iter()
        .map(|&is| (if is { DISTANCE } else { 0.0 }) + 0.8 * stream.standard_normal());
    let common = common.collect::<Vec<_>>();
    let noisy = |stream: &mut ChaChaStream| {
        let scores = common
            .iter()
            .map(|score| score + 0.6 * stream.standard_normal());
        Scores::new(is_positive.clone(), scores.collect()).expect("finite scores")
    };
    [noisy(stream), noisy(stream)]
}

/// True cells at a threshold, as shares of all rows.
fn truth(threshold: f64) -> Cells {
    let (tpr, fpr) = (above(threshold - DISTANCE), above(threshold));
    let negatives = 1.0 - PREVALENCE;
    Cells::from_weights(
        PREVALENCE * tpr,
        negatives * fpr,
        PREVALENCE * (1.0 - tpr),
        negatives * (1.0 - fpr),
    )
    .expect("cells")
}

const THRESHOLD: f64 = 0.9;

fn threshold() -> Threshold {
    Threshold::new(THRESHOLD).expect("finite")
}

#[test]
fn the_normal_tail_of_these_tests() {
    // scipy.stats.norm.sf([0, 1, -0.6])
    for (number, expected) in [
        (0.0, 0.5),
        (1.0, 0.158_655_253_931_457_05),
        (-0.6, 0.725_746_882_249_927),
    ] {
        assert!((above(number) - expected).abs() < 1e-12, "{number}");
    }
}

#[test]
fn intervals_of_proportions() {
    for method in [
        ProportionInterval::Wilson,
        ProportionInterval::ClopperPearson,
    ] {
        for name in ["recall", "precision", "accuracy", "fpr"] {
            let metric = name.parse().unwrap();
            check(&format!("{name}, {method:?}"), |_, stream| {
                let cells = sweep(&rows(2000, stream)[0]).cells_at(threshold());
                let interval = metric_interval(&metric, &cells, method, 0.95)
                    .unwrap()
                    .unwrap();
                interval.contains(metric.value(&truth(THRESHOLD)).unwrap())
            });
        }
    }
}

#[test]
fn intervals_at_a_prevalence() {
    // Of 200 rows, some 140 are negative, of which 1, 3 or 26 are to be expected above the threshold. Where it is 1, no
    // row is in more than a third of the samples, and percentiles of a bootstrap hold the truth in 0.70 of them.
    for (threshold, prevalence) in [(2.45, 0.02), (2.0, 0.02), (2.0, 0.5), (THRESHOLD, 0.1)] {
        for name in ["precision", "npv", "accuracy", "f1", "mcc"] {
            let metric = name.parse().unwrap();
            let expected = value_at_prevalence(&metric, &truth(threshold), Some(prevalence));
            check_at_least(&format!("{name}, {threshold}"), |_, stream| {
                let cells =
                    sweep(&rows(200, stream)[0]).cells_at(Threshold::new(threshold).unwrap());
                let interval = prevalence_interval(&metric, &cells, Some(prevalence), 0.95);
                interval.unwrap().unwrap().contains(expected.unwrap())
            });
        }
    }
}

#[test]
fn intervals_of_the_area() {
    // The difference of a positive and a negative score is normal, of variance 2.
    let auc = above(-DISTANCE / 2.0_f64.sqrt());
    for scale in [AucScale::Plain, AucScale::Logit] {
        check(&format!("auc, {scale:?}"), |_, stream| {
            let estimate = delong(&sweep(&rows(400, stream)[0])).unwrap().unwrap();
            estimate
                .interval(0.95, scale)
                .unwrap()
                .unwrap()
                .contains(auc)
        });
    }
    check("difference of areas", |_, stream| {
        let [first, second] = rows(400, stream);
        let test = delong_test(&first, &second).unwrap().unwrap();
        assert_eq!(
            test.p().unwrap() >= 0.05,
            test.interval(0.95).unwrap().contains(0.0)
        );
        test.interval(0.95).unwrap().contains(0.0)
    });
}

#[test]
fn bootstrap_intervals_at_a_threshold() {
    for interval in [BootstrapInterval::Percentile, BootstrapInterval::Bca] {
        for name in [
            "f1",
            "mcc",
            "precision",
            "youden",
            "likelihood_ratio_positive",
        ] {
            let metric = name.parse().unwrap();
            check(&format!("{name}, {interval:?}"), |sample, stream| {
                let cells = sweep(&rows(1000, stream)[0]).cells_at(threshold());
                let options = BootstrapOptions::default()
                    .n_replicates(1000)
                    .interval(interval)
                    .seed(Seed::chacha(sample));
                let replicates = bootstrap(&cells, &options).unwrap();
                let interval = replicates.metric_interval(&metric).unwrap();
                interval.contains(metric.value(&truth(THRESHOLD)).unwrap())
            });
        }
    }
}

#[test]
fn paired_bootstrap_intervals() {
    // Each model at a threshold of its own: their true metrics differ.
    let other = 0.2;
    let metric = "f1".parse().unwrap();
    let value = |threshold| cutpoint_metrics::Metric::value(&metric, &truth(threshold)).unwrap();
    check("difference of f1", |sample, stream| {
        let [first, second] = rows(1000, stream);
        let counts = paired_counts(&first, threshold(), &second, Threshold::new(other).unwrap());
        let options = BootstrapOptions::default()
            .n_replicates(1000)
            .seed(Seed::chacha(sample));
        let replicates = paired_bootstrap(&counts.unwrap(), &options).unwrap();
        let interval = replicates.difference_interval(&metric).unwrap();
        interval.contains(value(THRESHOLD) - value(other))
    });
}

/// Whether the interval of the difference of the recalls of two models that are equally good, at the same rate,
/// holds 0.
fn holds_no_difference(
    rate: Matched,
    (n_samples, prevalence): (usize, f64),
    sample: u64,
    stream: &mut ChaChaStream,
) -> bool {
    let [first, second] = rows_at(prevalence, n_samples, stream);
    let sweeps = [sweep(&first), sweep(&second)];
    let first_at = threshold();
    let choice = PairedChoice::Matched {
        first: first_at,
        rate,
    };
    let mut rows = PairedChoiceRows::new(choice, [&sweeps[0], &sweeps[1]]);
    rows.add(&first, &second).expect("the same rows");
    let options = BootstrapOptions::default()
        .n_replicates(400)
        .seed(Seed::chacha(sample));
    let replicates = rows.bootstrap(&options).expect("valid");
    let interval = replicates.difference_interval(&"recall".parse().expect("a metric"));
    interval.expect("defined").contains(0.0)
}

#[test]
fn differences_at_a_matched_rate() {
    // With the second's threshold taken as fixed, intervals leave out 0 in 13, 50 and 63 % of such samples.
    let fpr = Matched::FalsePositiveRate;
    for kind in [(300, 0.35), (300, 0.8), (1000, 0.9)] {
        check(&format!("{kind:?}"), |sample, stream| {
            holds_no_difference(fpr, kind, sample, stream)
        });
    }
    // Of as many rows predicted positive, the true ones differ by few numbers, of which 0 is one: wider than need be.
    check_at_least("alert rate", |sample, stream| {
        holds_no_difference(Matched::AlertRate, (300, 0.8), sample, stream)
    });
}

#[test]
fn intervals_of_the_chosen_threshold() {
    // Youden's J of two normal distributions of equal variance is highest half way between them. No theorem says that
    // these intervals hold it as often as they should; here they do.
    let youden = Objective::best("youden".parse().unwrap()).unwrap();
    check("chosen threshold", |sample, stream| {
        let table = sweep(&rows(300, stream)[0]);
        let options = BootstrapOptions::default()
            .n_replicates(400)
            .seed(Seed::chacha(sample));
        let replicates = bootstrap_choice(&table, threshold(), &youden, &options).unwrap();
        let interval = replicates.threshold_interval().unwrap();
        let best = DISTANCE / 2.0;
        interval.low().is_some_and(|low| low.value() <= best)
            && interval.high().is_none_or(|high| best <= high.value())
    });
}

#[test]
fn bands_hold_all_thresholds_at_once() {
    // Each sample has its own number of rows, and so its own simulation.
    let options = BandOptions::default().n_simulations(500);
    let grid = (-400..600)
        .map(|step| f64::from(step) / 100.0)
        .map(|at| (at, truth(at)));
    let grid = grid.collect::<Vec<_>>();
    let holds = |value: f64, low: f64, high: f64| (low..=high).contains(&value);
    check_at_least("ROC band", |_, stream| {
        let table = sweep(&rows(500, stream)[0]);
        let band = roc_band(&table, &options).unwrap().unwrap();
        grid.iter().all(|(at, cells)| {
            let row = table.index_at(Threshold::new(*at).unwrap());
            let (fpr, tpr) = (cells.fp() / (1.0 - PREVALENCE), cells.tp() / PREVALENCE);
            holds(fpr, band.fpr_low()[row], band.fpr_high()[row])
                && holds(tpr, band.tpr_low()[row], band.tpr_high()[row])
        })
    });
    check_at_least("precision-recall band", |_, stream| {
        let table = sweep(&rows(500, stream)[0]);
        let band = precision_recall_band(&table, &options).unwrap().unwrap();
        grid.iter().all(|(at, cells)| {
            let row = table.index_at(Threshold::new(*at).unwrap());
            let precision = cells.tp() / cells.predicted_positives();
            holds(
                precision,
                band.precision_low()[row],
                band.precision_high()[row],
            ) && holds(
                cells.tp() / PREVALENCE,
                band.recall_low()[row],
                band.recall_high()[row],
            )
        })
    });
}
