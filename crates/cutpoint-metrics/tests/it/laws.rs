//! Laws that every metric of the catalogue keeps. They run over the catalogue as it is, so that a new metric is under
//! them from its first day.

use cutpoint_core::{Label, Labels, Threshold};
use cutpoint_metrics::{
    Cells, ConfusionOptions, Direction, Metric, Sweep, average_precision, brier_loss, catalog,
    confusion_at, confusion_matrix, formulas, log_loss, multilabel_confusion_matrix, roc_auc,
    sweep,
};
use proptest::prelude::*;

use crate::formula_text::evaluate;
use crate::is_close;
use crate::strategies::{
    Rows, plain_rows, probability, repeat_by_weight, rows, score, shuffled, weighted_rows,
    whole_weight,
};

/// The catalogue, and an F-measure it does not hold.
fn metrics() -> Vec<Metric> {
    let mut metrics = catalog().to_vec();
    metrics.push(Metric::fbeta(3.0).expect("in its domain"));
    metrics.push(Metric::fbeta(0.3).expect("in its domain"));
    metrics
}

/// Counts of all sizes, up to the largest that a double holds exactly.
fn count() -> impl Strategy<Value = u64> {
    prop_oneof![0_u64..5, 0_u64..1000, 0_u64..4_000_000_000, 0_u64..1 << 51]
}

fn cells() -> impl Strategy<Value = Cells> {
    let counts = (count(), count(), count(), count())
        .prop_map(|(tp, fp, fn_, tn)| Cells::from_counts(tp, fp, fn_, tn));
    let size = || prop_oneof![Just(0.0), 0.0..1.0, 1e-300..1e-290, 1e250..1e300];
    let weights = (size(), size(), size(), size()).prop_map(|(tp, fp, fn_, tn)| {
        Cells::from_weights(tp, fp, fn_, tn).expect("finite and at least 0")
    });
    prop_oneof![3 => counts, 1 => weights]
}

fn small_cells() -> impl Strategy<Value = Cells> {
    let small = || 0_u64..60;
    (small(), small(), small(), small())
        .prop_map(|(tp, fp, fn_, tn)| Cells::from_counts(tp, fp, fn_, tn))
}

proptest! {
    #[test]
    fn values_stay_in_range(cells in cells()) {
        for metric in metrics() {
            if let Some(value) = metric.value(&cells) {
                prop_assert!(metric.range().contains(value), "{metric} of {cells:?} is {value}");
            }
        }
    }

    #[test]
    fn values_are_those_of_the_formula(cells in small_cells()) {
        for metric in metrics() {
            let Some(value) = metric.value(&cells) else {
                continue;
            };
            let expected = evaluate(metric.formula(), &cells);
            // The text knows nothing of classes without rows and empty margins, where it divides by 0.
            if expected.is_finite() {
                // The text is computed as it stands: near 0, "a + b - 1" has lost digits that the value has not.
                prop_assert!(
                    is_close(value, expected) || (value - expected).abs() < 4.0 * f64::EPSILON,
                    "{metric} of {cells:?} is {value}, not {expected}"
                );
            } else {
                prop_assert!(
                    ["mcc", "balanced_accuracy"].contains(&metric.name()),
                    "{metric} of {cells:?} is {value}, though its formula divides by 0"
                );
            }
        }
    }

    #[test]
    fn what_the_formula_divides_by_0_is_undefined(cells in small_cells()) {
        for metric in metrics() {
            let expected = evaluate(metric.formula(), &cells);
            if metric.value(&cells).is_none() {
                prop_assert!(!expected.is_finite(), "{metric} of {cells:?} should be {expected}");
            }
        }
    }

    #[test]
    fn only_proportions_count(cells in cells(), exponent in -20_i32..20) {
        let scale = 2.0_f64.powi(exponent);
        let scaled = Cells::from_weights(
            cells.tp() * scale, cells.fp() * scale, cells.fn_() * scale, cells.tn() * scale,
        ).unwrap();
        for metric in metrics() {
            let (value, same) = (metric.value(&cells), metric.value(&scaled));
            prop_assert_eq!(value.map(f64::to_bits), same.map(f64::to_bits), "{} of {:?}", metric, cells);
        }
    }

    #[test]
    fn a_mirror_is_the_metric_of_the_other_class(cells in cells()) {
        for metric in metrics() {
            if let Some(mirror) = metric.mirror() {
                let swapped = mirror.value(&cells.with_classes_swapped());
                match (metric.value(&cells), swapped) {
                    (Some(value), Some(swapped)) => prop_assert!(
                        is_close(value, swapped), "{metric} of {cells:?}: {value} and {swapped}"
                    ),
                    (value, swapped) => prop_assert_eq!(value, swapped, "{} of {:?}", metric, cells),
                }
            }
        }
    }

    #[test]
    fn a_perfect_ranking_reaches_the_optimum(
        n_positives in 1_usize..20, n_negatives in 1_usize..20, gap in 1e-300..1.0_f64
    ) {
        let n_samples = n_positives + n_negatives;
        let is_positive = (0..n_samples).map(|row| row < n_positives).collect::<Vec<_>>();
        let score = is_positive.iter().map(|&is| if is { gap } else { -gap }).collect();
        let table = sweep(&Rows { is_positive, score, weight: None }.scores());
        let perfect = table.cells_at(Threshold::new(0.0).unwrap());
        prop_assert_eq!((perfect.fp(), perfect.fn_()), (0.0, 0.0));
        for metric in metrics() {
            let column = table.metric_column(&metric);
            match (metric.optimum(), metric.direction()) {
                (Some(optimum), Direction::Higher) => {
                    prop_assert_eq!(metric.value(&perfect), Some(optimum), "{}", metric);
                    let best = column.into_iter().flatten().fold(f64::NEG_INFINITY, f64::max);
                    prop_assert_eq!(best.to_bits(), optimum.to_bits(), "{}", metric);
                }
                (Some(optimum), _) => {
                    prop_assert_eq!(metric.value(&perfect), Some(optimum), "{}", metric);
                    let best = column.into_iter().flatten().fold(f64::INFINITY, f64::min);
                    prop_assert_eq!(best.to_bits(), optimum.to_bits(), "{}", metric);
                }
                (None, Direction::Neutral) => prop_assert!(metric.value(&perfect).is_some()),
                (None, _) => prop_assert_eq!(metric.value(&perfect), None, "{}", metric),
            }
        }
        prop_assert_eq!(roc_auc(&table), Some(1.0));
        prop_assert_eq!(average_precision(&table), Some(1.0));
    }

    #[test]
    fn row_order_changes_nothing((rows, permuted) in shuffled(rows())) {
        // Bit by bit: columns, areas, and so every metric.
        let (table, same): (Sweep, Sweep) = (sweep(&rows.scores()), sweep(&permuted.scores()));
        prop_assert_eq!(&table, &same);
        prop_assert_eq!(roc_auc(&table), roc_auc(&same));
        prop_assert_eq!(average_precision(&table), average_precision(&same));
    }

    #[test]
    fn weight_2_is_the_row_twice(rows in weighted_rows(probability(), whole_weight())) {
        let repeated = repeat_by_weight(&rows);
        let (weighted, repeated) = (rows.scores(), repeated.scores());
        let (table, same) = (sweep(&weighted), sweep(&repeated));
        prop_assert_eq!(table.thresholds(), same.thresholds());
        for (row, same) in table.rows().zip(same.rows()) {
            prop_assert_eq!(row, same);
        }
        for metric in metrics() {
            prop_assert_eq!(table.metric_column(&metric), same.metric_column(&metric), "{}", metric);
            let at = |scores| metric.value(&confusion_at(scores, Threshold::HALF));
            prop_assert_eq!(at(&weighted), at(&repeated), "{}", metric);
        }
        prop_assert_eq!(roc_auc(&table), roc_auc(&same));
        let areas = (average_precision(&table), average_precision(&same));
        prop_assert_eq!(areas.0.is_some(), areas.1.is_some());
        if let (Some(area), Some(same)) = areas {
            prop_assert!(is_close(area, same));
        }
        prop_assert!(is_close(brier_loss(&table).unwrap(), brier_loss(&same).unwrap()));
        prop_assert!(is_close(log_loss(&table).unwrap(), log_loss(&same).unwrap()));
    }

    #[test]
    fn weight_2_is_the_label_twice(
        rows in prop::collection::vec((0_i64..4, 0_i64..4, whole_weight()), 1..40)
    ) {
        let mut rows = rows;
        rows[0].2 = 1.0;
        rows.retain(|row| row.2 > 0.0);
        let columns = |rows: &[(i64, i64, f64)]| {
            let (y_true, y_pred): (Vec<_>, Vec<_>) = rows.iter().map(|row| (row.0, row.1)).unzip();
            (Labels::from_integers(&y_true), Labels::from_integers(&y_pred))
        };
        let repeated = rows
            .iter()
            .flat_map(|row| (0..4_u8).filter(|&copy| f64::from(copy) < row.2).map(|_| *row))
            .collect::<Vec<_>>();
        let weight = rows.iter().map(|row| row.2).collect::<Vec<_>>();
        let (weighted, twice) = (columns(&rows), columns(&repeated));
        let options = ConfusionOptions::default().weight(&weight);
        let matrix = confusion_matrix(&weighted.0, &weighted.1, &options).unwrap();
        let same = confusion_matrix(&twice.0, &twice.1, &ConfusionOptions::default()).unwrap();
        prop_assert_eq!(matrix.values(), same.values());
        prop_assert_eq!(matrix.mcc(), same.mcc());
        prop_assert_eq!(matrix.cohen_kappa(), same.cohen_kappa());
        prop_assert_eq!(matrix.balanced_accuracy(), same.balanced_accuracy());
        let classes = multilabel_confusion_matrix(&weighted.0, &weighted.1, &options).unwrap();
        prop_assert_eq!(classes, same.one_vs_rest());
    }

    #[test]
    fn a_matrix_of_two_classes_has_the_metrics_of_its_cells(
        (tp, fp, fn_, tn) in (0_u64..30, 0_u64..30, 0_u64..30, 0_u64..30)
    ) {
        let labels: Vec<Label> = vec![0.into(), 1.into()];
        let counts = ndarray::array![[tn, fp], [fn_, tp]];
        let matrix = cutpoint_metrics::ConfusionMatrix::from_counts(labels, counts).unwrap();
        let cells = matrix.cells(&1.into()).unwrap();
        prop_assert_eq!(cells, Cells::from_counts(tp, fp, fn_, tn));
        prop_assert_eq!(matrix.accuracy(), formulas::accuracy(&cells));
        prop_assert_eq!(matrix.balanced_accuracy(), formulas::balanced_accuracy(&cells));
        prop_assert_eq!(matrix.mcc(), formulas::mcc(&cells));
        prop_assert_eq!(matrix.cohen_kappa(), formulas::cohen_kappa(&cells));
    }

    #[test]
    fn an_unused_class_changes_no_metric_of_the_matrix(
        cells in prop::collection::vec(0_u64..30, 4)
    ) {
        // The formulas for two classes and those for any number must agree.
        let [tn, fp, fn_, tp] = [cells[0], cells[1], cells[2], cells[3]];
        let of = |counts, n: i64| {
            let labels = (0..n).map(Label::from).collect();
            cutpoint_metrics::ConfusionMatrix::from_counts(labels, counts).unwrap()
        };
        let two = of(ndarray::array![[tn, fp], [fn_, tp]], 2);
        let three = of(ndarray::array![[tn, fp, 0], [fn_, tp, 0], [0, 0, 0]], 3);
        let pairs = [
            (two.accuracy(), three.accuracy()),
            (two.balanced_accuracy(), three.balanced_accuracy()),
            (two.mcc(), three.mcc()),
            (two.cohen_kappa(), three.cohen_kappa()),
        ];
        for (two, three) in pairs {
            prop_assert_eq!(two.is_some(), three.is_some());
            if let (Some(two), Some(three)) = (two, three) {
                prop_assert!(is_close(two, three), "{two} and {three}");
            }
        }
    }

    #[test]
    fn the_other_class_turns_the_ranking_around(rows in plain_rows(score())) {
        let turned = Rows {
            is_positive: rows.is_positive.iter().map(|is| !is).collect(),
            score: rows.score.iter().map(|score| -score).collect(),
            weight: None,
        };
        prop_assert_eq!(roc_auc(&sweep(&rows.scores())), roc_auc(&sweep(&turned.scores())));
    }
}

#[test]
fn without_rows_nothing_is_defined() {
    for metric in metrics() {
        assert_eq!(metric.value(&Cells::default()), None, "{metric}");
        assert!(!metric.undefined_when().is_empty(), "{metric}");
        assert!(!metric.title().is_empty(), "{metric}");
    }
}

#[test]
fn small_weights_after_a_large_one_keep_their_digits() {
    // 10^6 weights of 0.1 after one of 10^15: a plain sum rounds each of them to 0.125 or 0. By hand, the small ones
    // come to 10^5, and what is left of them after half the rows to 5 · 10^4.
    let n_small = 1_000_000_u32;
    let mut score = vec![2.0 * f64::from(n_small)];
    score.extend((0..n_small).rev().map(f64::from));
    let mut weight = vec![1e15];
    weight.resize(score.len(), 0.1);
    let rows = Rows {
        is_positive: vec![true; score.len()],
        score,
        weight: Some(weight),
    };
    let table = sweep(&rows.scores());
    assert!(is_close(table.cells(1).fn_(), 1e5));
    assert!(is_close(table.cells(1 + 500_000).fn_(), 5e4));
    assert!(is_close(table.cells(1 + 999_990).fn_(), 1.0));
    assert_eq!(table.positives().to_string(), "1000000000100000");
}
