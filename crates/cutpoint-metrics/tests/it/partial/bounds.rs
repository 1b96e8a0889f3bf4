//! Bounds: whatever the scores inside the bins are, the truth lies between them.

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    Bounds, Cells, Metric, PartialSweep, average_precision, catalog, roc_auc, sweep,
};
use proptest::prelude::*;

use super::partial;
use crate::number_of;
use crate::strategies::{Rows, plain_rows, rows, score, weight, weighted_rows};

fn metrics() -> Vec<Metric> {
    let mut metrics = catalog().to_vec();
    metrics.push(Metric::fbeta(3.0).expect("in its domain"));
    metrics.push(Metric::fbeta(0.0).expect("in its domain"));
    metrics
}

/// Checks everything that is bounded at a threshold.
#[track_caller]
fn check_bounds(partial: &PartialSweep, threshold: Threshold, truth: Cells) {
    let bounds = partial.cell_bounds(threshold);
    let pairs = [
        (bounds.tp(), truth.tp()),
        (bounds.fp(), truth.fp()),
        (bounds.fn_(), truth.fn_()),
        (bounds.tn(), truth.tn()),
    ];
    for (bounds, value) in pairs {
        if partial.is_weighted() && bounds.is_exact() {
            let rounding = 1e-14 * truth.total();
            assert!(
                (bounds.low() - value).abs() <= rounding,
                "{value} not {bounds:?}"
            );
        } else {
            assert!(bounds.contains(value), "{value} not in {bounds:?}");
        }
    }
    for metric in metrics() {
        let bounds = partial.metric_bounds(&metric, threshold);
        let Some(value) = metric.value(&truth) else {
            continue;
        };
        let bounds = bounds.unwrap_or_else(|| panic!("{metric} is {value}, thought undefined"));
        assert!(bounds.low() >= metric.range().low() && bounds.high() <= metric.range().high());
        if !(partial.is_weighted() && bounds.is_exact()) {
            assert!(
                bounds.contains(value),
                "{metric}: {value} not in {bounds:?}"
            );
        }
    }
}

#[track_caller]
fn check_all_bounds(partial: &PartialSweep, rows: &Rows, other: f64) {
    let table = sweep(&rows.scores());
    let mut thresholds = table.thresholds().to_vec();
    for index in 0..table.n_rows() {
        thresholds.extend(number_of(table.interval(index).midpoint()));
    }
    thresholds.push(other);
    for value in thresholds {
        let threshold = Threshold::new(value).expect("finite");
        check_bounds(partial, threshold, table.cells_at(threshold));
    }
    let areas = [
        (partial.roc_auc_bounds(), roc_auc(&table)),
        (
            partial.average_precision_bounds(),
            average_precision(&table),
        ),
    ];
    for (bounds, area) in areas {
        assert_eq!(bounds.is_some(), area.is_some());
        if let (Some(bounds), Some(area)) = (bounds, area) {
            assert!(0.0 <= bounds.low() && bounds.high() <= 1.0);
            if partial.is_exact() && !partial.is_weighted() {
                assert_eq!(
                    (bounds.low().to_bits(), bounds.high().to_bits()),
                    (area.to_bits(), area.to_bits())
                );
            } else if partial.is_exact() {
                assert!((bounds.low() - area).abs() < 1e-14);
            } else {
                assert!(bounds.contains(area), "{area} not in {bounds:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn the_truth_lies_within_the_bounds(rows in rows(), memory in 240_usize..1_000, other in score()) {
        check_all_bounds(&partial(&rows, 7, memory), &rows, other);
    }

    #[test]
    fn many_rows_in_few_bins(rows in plain_rows(0.0..1.0), memory in 240_usize..400) {
        check_all_bounds(&partial(&rows, 7, memory), &rows, 0.5);
    }

    #[test]
    fn weights_in_few_bins(rows in weighted_rows(0.0..1.0, weight()), memory in 240_usize..400) {
        check_all_bounds(&partial(&rows, 7, memory), &rows, 0.5);
    }

    #[test]
    fn the_bounds_are_reached(
        positives in 0_u64..4,
        negatives in 0_u64..4,
        above in (0_u64..3, 0_u64..3),
        below in (0_u64..3, 0_u64..3),
    ) {
        // One bin of every size between two thresholds. Each matrix that can be inside, with at least one row above and
        // one below, lies within, and the cells reach both ends.
        if positives + negatives < 2 || above == (0, 0) || below == (0, 0) {
            return Ok(());
        }
        let partial = PartialSweep::from_counts(
            &[0.9, 0.4, 0.1], &[0.9, 0.6, 0.1], &[above.0, positives, below.0], &[above.1, negatives, below.1],
        ).unwrap();
        let inside = Threshold::HALF;
        let (all_positives, all_negatives) = (above.0 + positives + below.0, above.1 + negatives + below.1);
        for p in 0..=positives {
            for n in 0..=negatives {
                if (1..positives + negatives).contains(&(p + n)) {
                    let (tp, fp) = (above.0 + p, above.1 + n);
                    check_bounds(&partial, inside, Cells::from_counts(tp, fp, all_positives - tp, all_negatives - fp));
                }
            }
        }
        let bounds = partial.cell_bounds(inside);
        prop_assert_eq!((bounds.tp().low(), bounds.tp().high()), (above.0 as f64, (above.0 + positives) as f64));
        prop_assert_eq!((bounds.tn().low(), bounds.tn().high()), (below.1 as f64, (below.1 + negatives) as f64));
    }
}

#[test]
fn bounds_by_hand() {
    // 2 true and 1 false positives above, 3 positives and 2 negatives inside, 1 positive and 4 negatives below.
    let partial =
        PartialSweep::from_counts(&[0.8, 0.4, 0.0], &[0.9, 0.6, 0.1], &[2, 3, 1], &[1, 2, 4])
            .unwrap();
    let bounds = |name: &str| {
        let bounds = partial
            .metric_bounds(&name.parse().unwrap(), Threshold::HALF)
            .unwrap();
        (bounds.low(), bounds.high())
    };
    let close = |got: (f64, f64), low: f64, high: f64| {
        assert!(
            (got.0 - low).abs() < 1e-12 && (got.1 - high).abs() < 1e-12,
            "{got:?}"
        );
    };
    close(bounds("recall"), 2.0 / 6.0, 5.0 / 6.0);
    close(bounds("precision"), 2.0 / 5.0, 5.0 / 6.0);
    close(bounds("fpr"), 1.0 / 7.0, 3.0 / 7.0);
    close(bounds("predicted_positive_rate"), 3.0 / 13.0, 8.0 / 13.0);
    close(bounds("prevalence"), 6.0 / 13.0, 6.0 / 13.0);
    // On the edge and between the bins it is known.
    for value in [0.4, 0.3, 0.11] {
        let bounds = partial.cell_bounds(Threshold::new(value).unwrap());
        assert!(bounds.is_exact());
        assert_eq!(bounds.lower(), Cells::from_counts(5, 3, 1, 4));
    }
    assert!(!partial.cell_bounds(Threshold::new(0.6).unwrap()).is_exact());
    // In order for sure: 2 · (2 + 4) + 3 · 4 = 24 of 42 pairs; unknown: 2 · 1 + 3 · 2 + 1 · 4 = 12.
    let auc = partial.roc_auc_bounds().unwrap();
    close((auc.low(), auc.high()), 24.0 / 42.0, 36.0 / 42.0);
    // Best: 2 · 2/2, 3 · 5/6, 1 · 6/9 of 6.
    let ap = partial.average_precision_bounds().unwrap();
    assert!((ap.high() - (2.0 + 2.5 + 6.0 / 9.0) / 6.0).abs() < 1e-12);
    // Worst, row by row: 1/2 + 2/3; 3/6 + 4/7 + 5/8; 6/13. The bound is the integral below those steps.
    let worst = (1.0 / 2.0 + 2.0 / 3.0 + 3.0 / 6.0 + 4.0 / 7.0 + 5.0 / 8.0 + 6.0 / 13.0) / 6.0;
    assert!(
        ap.low() <= worst && ap.low() > worst - 0.15,
        "{ap:?}, {worst}"
    );
}

#[test]
fn undefined_corners_have_bounds_of_the_rest() {
    // Nothing above; two negatives inside; one positive below. Precision is 0 where it is defined.
    let partial = PartialSweep::from_counts(&[0.4, 0.1], &[0.6, 0.1], &[0, 1], &[2, 0]).unwrap();
    let bounds = |name: &str| partial.metric_bounds(&name.parse().unwrap(), Threshold::HALF);
    let precision = bounds("precision").unwrap();
    assert_eq!((precision.low(), precision.high()), (0.0, 0.0));
    // With one false positive of two the likelihood ratio is 0, too; with none it is undefined.
    assert_eq!(bounds("lr+").map(Bounds::high), Some(0.0));
    // Only positives anywhere: no false positive rate.
    let partial = PartialSweep::from_counts(&[0.4], &[0.6], &[2], &[0]).unwrap();
    assert_eq!(
        partial.metric_bounds(&"fpr".parse().unwrap(), Threshold::HALF),
        None
    );
    assert_eq!(partial.roc_auc_bounds(), None);
    // Positives of unknown weight above the first negative: no bound of the ratio, which writes as none.
    let partial =
        PartialSweep::from_weights(&[0.4, 0.1], &[0.6, 0.1], &[2.0, 1.0], &[1.0, 1.0]).unwrap();
    let ratio = partial
        .metric_bounds(&"lr+".parse().unwrap(), Threshold::HALF)
        .unwrap();
    assert!(ratio.high().is_infinite() && ratio.low() >= 0.0);
}
