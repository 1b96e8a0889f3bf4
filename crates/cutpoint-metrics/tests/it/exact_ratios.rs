//! Equal fractions are equal doubles: metrics of counts against exact fractions of whole numbers.

use std::collections::HashMap;

use cutpoint_metrics::{Cells, Metric, catalog, value_at_prevalence};
use proptest::prelude::*;

/// A metric of counts `tp`, `fp`, `fn`, `tn` as a fraction; `None` where the denominator is 0. Both parts as the
/// textbooks have them, brought to one denominator by hand.
fn fraction(name: &str, [tp, fp, fn_, tn]: [i128; 4]) -> Option<[i128; 2]> {
    let (p, n, total) = (tp + fn_, fp + tn, tp + fp + fn_ + tn);
    let (pp, pn) = (tp + fp, fn_ + tn);
    let [numerator, denominator] = match name {
        "accuracy" => [tp + tn, total],
        "error_rate" => [fp + fn_, total],
        "balanced_accuracy" => match (p, n) {
            (0, _) => [tn, n],
            (_, 0) => [tp, p],
            _ => [tp * n + tn * p, 2 * p * n],
        },
        "precision" => [tp, pp],
        "recall" => [tp, p],
        "specificity" => [tn, n],
        "npv" => [tn, pn],
        "fpr" => [fp, n],
        "fnr" => [fn_, p],
        "fdr" => [fp, pp],
        "for" => [fn_, pn],
        "f1" => [2 * tp, 2 * tp + fn_ + fp],
        "f2" => [5 * tp, 5 * tp + 4 * fn_ + fp],
        "f0_5" => [5 * tp, 5 * tp + fn_ + 4 * fp],
        "jaccard" => [tp, tp + fp + fn_],
        "youden" => [tp * tn - fp * fn_, p * n],
        "markedness" => [tp * tn - fp * fn_, pp * pn],
        "cohen_kappa" => [2 * (tp * tn - fp * fn_), pp * n + p * pn],
        "likelihood_ratio_positive" => [tp * n, fp * p],
        "likelihood_ratio_negative" => [fn_ * n, tn * p],
        "diagnostic_odds_ratio" => [tp * tn, fp * fn_],
        "prevalence" => [p, total],
        "predicted_positive_rate" => [pp, total],
        other => panic!("{other} is no fraction"),
    };
    (denominator != 0).then_some([numerator, denominator])
}

/// The square of a metric that is a root, as a fraction with the metric's sign.
fn signed_square(name: &str, [tp, fp, fn_, tn]: [i128; 4]) -> Option<[i128; 2]> {
    let (p, n, pp, pn) = (tp + fn_, fp + tn, tp + fp, fn_ + tn);
    let [numerator, denominator] = match name {
        "mcc" => {
            let determinant = tp * tn - fp * fn_;
            [determinant * determinant.abs(), p * n * pp * pn]
        }
        "fowlkes_mallows" => [tp * tp, pp * p],
        other => panic!("{other} is no root"),
    };
    if denominator == 0 {
        // By definition, where there are rows at all.
        return (name == "mcc" && p + n > 0).then_some([0, 1]);
    }
    Some([numerator, denominator])
}

fn is_root(name: &str) -> bool {
    ["mcc", "fowlkes_mallows"].contains(&name)
}

fn lowest_terms([numerator, denominator]: [i128; 2]) -> [i128; 2] {
    let (mut a, mut b) = (numerator.abs(), denominator);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    [numerator / a, denominator / a]
}

/// Whether a double is the one nearest to a fraction: their distance is at most half of the last place.
fn is_nearest(value: f64, [numerator, denominator]: [i128; 2]) -> bool {
    const FRACTION_BITS: i32 = 52;
    if numerator == 0 {
        return value.to_bits() == 0;
    }
    let bits = value.abs().to_bits();
    let exponent = i32::try_from(bits >> FRACTION_BITS).expect("11 bits") - 1023 - FRACTION_BITS;
    let digits = i128::from((bits & ((1 << FRACTION_BITS) - 1)) | (1 << FRACTION_BITS));
    let (mut left, mut right) = (digits * denominator, numerator.abs());
    let mut last_place = denominator;
    if exponent < 0 {
        right <<= exponent.unsigned_abs();
    } else {
        left <<= exponent;
        last_place <<= exponent;
    }
    (value < 0.0) == (numerator < 0) && 2 * (left - right).abs() <= last_place
}

fn cells([tp, fp, fn_, tn]: [i128; 4]) -> Cells {
    let [tp, fp, fn_, tn] =
        [tp, fp, fn_, tn].map(|count| u64::try_from(count).expect("at least 0"));
    Cells::from_counts(tp, fp, fn_, tn)
}

#[track_caller]
fn check_ratio(metric: &Metric, counts: [i128; 4]) {
    let value = metric.value(&cells(counts));
    match (value, fraction(metric.name(), counts)) {
        (None, None) => {}
        (Some(value), Some(fraction)) if is_nearest(value, fraction) => {}
        (value, fraction) => panic!("{metric} of {counts:?}: {value:?} for {fraction:?}"),
    }
}

fn small_matrices() -> impl Iterator<Item = [i128; 4]> {
    const MOST_ROWS: i128 = 12;
    let all = (0..=MOST_ROWS).flat_map(|tp| (0..=MOST_ROWS).map(move |fp| [tp, fp]));
    let all = all.flat_map(|[tp, fp]| (0..=MOST_ROWS).map(move |fn_| [tp, fp, fn_]));
    let all = all.flat_map(|[tp, fp, fn_]| (0..=MOST_ROWS).map(move |tn| [tp, fp, fn_, tn]));
    all.filter(|counts| counts.iter().sum::<i128>() <= MOST_ROWS)
}

#[test]
fn every_ratio_of_up_to_12_rows_is_rounded_once() {
    for metric in catalog().iter().filter(|metric| !is_root(metric.name())) {
        for counts in small_matrices() {
            check_ratio(metric, counts);
        }
    }
}

#[test]
fn every_f_measure_of_a_decimal_beta_is_rounded_once() {
    for (beta, m, d) in [
        (0.1, 1, 10),
        (0.3, 3, 10),
        (1.7, 17, 10),
        (0.05, 5, 100),
        (3.0, 3, 1),
    ] {
        let metric = Metric::fbeta(beta).expect("in its domain");
        for counts in small_matrices() {
            // (1 + b²) tp / ((1 + b²) tp + b² fn + fp), times d².
            let [tp, fp, fn_, _] = counts;
            let right = (d * d + m * m) * tp;
            let all = right + m * m * fn_ + d * d * fp;
            match metric.value(&cells(counts)) {
                None => assert_eq!(all, 0, "{counts:?}"),
                Some(value) => assert!(
                    is_nearest(value, [right, all]),
                    "{beta} {counts:?}: {value}"
                ),
            }
        }
    }
}

#[test]
fn every_ratio_at_a_prevalence_is_rounded_once() {
    // At m in d, tp of P positive rows are tp/P · m/d of all, so that times P N d they are tp N m, and the rest
    // likewise.
    for (prevalence, [m, d]) in [(0.02, [2, 100]), (0.5, [1, 2]), (0.301, [301, 1000])] {
        for metric in catalog().iter().filter(|metric| !is_root(metric.name())) {
            for counts in small_matrices() {
                let [tp, fp, fn_, tn] = counts;
                let (p, n) = (tp + fn_, fp + tn);
                let scaled = [tp * n * m, fp * p * (d - m), fn_ * n * m, tn * p * (d - m)];
                let expected = if metric.is_within_classes() {
                    fraction(metric.name(), counts)
                } else if p == 0 || n == 0 {
                    None
                } else {
                    fraction(metric.name(), scaled)
                };
                let value = value_at_prevalence(metric, &cells(counts), Some(prevalence));
                match (value, expected) {
                    (None, None) => {}
                    (Some(value), Some(fraction)) if is_nearest(value, fraction) => {}
                    other => panic!("{metric} of {counts:?} at {prevalence}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn sums_of_cells_at_a_prevalence_are_tied_where_they_are_equal() {
    // At 0.02, (tp N 2 + fp P 98 k) / (100 P N) of 12 rows cost the same wherever the whole numbers are the same.
    let cost = "cost(fp=0.1,fn=0.3)".parse::<Metric>().expect("costs");
    let mut values = HashMap::new();
    let mut n_equal = 0;
    for [tp, fp, fn_, tn] in small_matrices() {
        let (p, n) = (tp + fn_, fp + tn);
        if p != 4 || n != 8 {
            continue;
        }
        let value = value_at_prevalence(&cost, &cells([tp, fp, fn_, tn]), Some(0.02));
        let value = value.expect("both classes have rows");
        let units = fp * p * 98 + 3 * fn_ * n * 2;
        // 12 rows, in tenths of a cost and hundredths of a row.
        let expected = 12.0 * units as f64 / (1000.0 * 32.0);
        assert!((value - expected).abs() <= 1e-15 * expected.max(1.0));
        let known = *values.entry(units).or_insert(value);
        n_equal += usize::from(known.to_bits() == value.to_bits());
        assert_eq!(known.to_bits(), value.to_bits());
    }
    assert_eq!(n_equal, 5 * 9);
    assert!(values.len() <= 45);
}

#[test]
fn equal_roots_of_up_to_12_rows_are_equal_doubles() {
    for metric in catalog().iter().filter(|metric| is_root(metric.name())) {
        let mut values = HashMap::new();
        let mut n_equal = 0;
        for counts in small_matrices() {
            let value = metric.value(&cells(counts));
            let square = signed_square(metric.name(), counts);
            assert_eq!(value.is_some(), square.is_some(), "{metric} of {counts:?}");
            let (Some(value), Some(square)) = (value, square) else {
                continue;
            };
            let bits = (value + 0.0).to_bits();
            let known = values.entry(lowest_terms(square)).or_insert(bits);
            assert_eq!(*known, bits, "{metric} of {counts:?}");
            n_equal += 1;
            let [numerator, denominator] = lowest_terms(square);
            let roots = [numerator.abs(), denominator].map(i128::isqrt);
            if roots[0] * roots[0] == numerator.abs() && roots[1] * roots[1] == denominator {
                let root = [numerator.signum() * roots[0], roots[1]];
                assert!(is_nearest(value, root), "{metric} of {counts:?}");
            }
        }
        // Different fractions are different doubles, and most values come more than once.
        let mut distinct = values.values().collect::<Vec<_>>();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), values.len());
        assert!(n_equal > 4 * values.len());
    }
}

/// Counts of some size or other, up to a million.
fn count() -> impl Strategy<Value = i128> {
    prop_oneof![0..12_i128, 0..1000_i128, 0..1_000_000_i128]
}

proptest! {
    #[test]
    fn ratios_of_many_rows_are_rounded_once(counts in [count(), count(), count(), count()]) {
        for metric in catalog().iter().filter(|metric| !is_root(metric.name())) {
            check_ratio(metric, counts);
        }
    }

    /// Twice the rows, and three times, are the same fractions, up to products beyond 2^64.
    #[test]
    fn multiples_of_a_matrix_have_its_values(counts in [count(), count(), count(), count()]) {
        for metric in catalog() {
            let value = metric.value(&cells(counts)).map(f64::to_bits);
            for factor in [2, 3, 7, 1000] {
                let more = counts.map(|count| factor * count);
                prop_assert_eq!(metric.value(&cells(more)).map(f64::to_bits), value, "{}", metric);
            }
        }
    }
}
