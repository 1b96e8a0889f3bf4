//! One test for each defect that other tools are known to have had, named after it. Expected numbers are counted by
//! hand.

use cutpoint_core::{Labels, Scores, Threshold};
use cutpoint_metrics::{
    Cells, ConfusionOptions, Error, PartialSweepBuilder, average_precision, brier_loss, catalog,
    confusion_at, confusion_matrix, formulas, log_loss, roc_auc, sweep,
};

use cutpoint_testkit::strategies::{overlapping_scores, scores_of};

use crate::number_of;

fn threshold(value: f64) -> Threshold {
    Threshold::new(value).expect("finite")
}

#[test]
fn precision_and_recall_are_not_swapped() {
    // All four cells differ: 2 tp, 1 fp, 3 fn, 4 tn.
    let rows = scores_of(&[
        (true, 0.9),
        (true, 0.8),
        (false, 0.7),
        (true, 0.4),
        (true, 0.3),
        (true, 0.2),
        (false, 0.35),
        (false, 0.25),
        (false, 0.15),
        (false, 0.1),
    ]);
    let cells = confusion_at(&rows, Threshold::HALF);
    assert_eq!(cells, Cells::from_counts(2, 1, 3, 4));
    assert_eq!(formulas::precision(&cells), Some(2.0 / 3.0));
    assert_eq!(formulas::recall(&cells), Some(2.0 / 5.0));
    assert_eq!(formulas::specificity(&cells), Some(4.0 / 5.0));
    assert_eq!(formulas::npv(&cells), Some(4.0 / 7.0));
}

#[test]
fn counts_do_not_stop_at_2_to_the_24() {
    // A count in f32 stays at 16 777 216 whatever is added. Three rows more than that, and five of the other class.
    let n_positives = (1 << 24) + 3;
    let n_samples = n_positives + 5;
    let is_positive = (0..n_samples).map(|row| row < n_positives).collect();
    let rows = Scores::new(is_positive, vec![0.75; n_samples]).unwrap();
    let cells = Cells::from_counts(16_777_219, 5, 0, 0);
    assert_eq!(confusion_at(&rows, Threshold::HALF), cells);
    assert_eq!(sweep(&rows).cells(1), cells);

    let codes = (0..n_samples).map(|row| u32::from(row < n_positives));
    let classes = vec![0.into(), 1.into()];
    let y = Labels::from_codes(codes.collect(), classes).unwrap();
    let matrix = confusion_matrix(&y, &y, &ConfusionOptions::default()).unwrap();
    assert_eq!(
        matrix.to_string(),
        "[[       5        0]\n [       0 16777219]]"
    );
}

#[test]
fn scores_of_exactly_0_and_1_keep_both_corners() {
    // A tool that starts from 0 as "no score yet" loses the corner (0, 0) when a score is 0, and with it area.
    let rows = scores_of(&[
        (true, 1.0),
        (false, 0.5),
        (true, 0.5),
        (false, 0.0),
        (true, 0.25),
    ]);
    let table = sweep(&rows);
    let cells = table.rows().map(|row| row.cells().to_counts().unwrap());
    assert_eq!(
        cells.collect::<Vec<_>>(),
        [
            [0, 0, 3, 2],
            [1, 0, 2, 2],
            [2, 1, 1, 1],
            [3, 1, 0, 1],
            [3, 2, 0, 0]
        ]
    );
    // Pairs in order: 1.0 beats 0.5 and 0.0; 0.5 ties 0.5 and beats 0.0; 0.25 loses to 0.5 and beats 0.0: 4.5 of 6.
    assert_eq!(roc_auc(&table), Some(0.75));
    assert_eq!(
        table.cells_at(threshold(1.0)),
        Cells::from_counts(1, 0, 2, 2)
    );
    assert_eq!(
        table.cells_at(threshold(0.0)),
        Cells::from_counts(3, 2, 0, 0)
    );
}

#[test]
fn ties_are_not_split_by_the_order_of_the_rows() {
    let positives_first = scores_of(&[
        (true, 0.5),
        (true, 0.5),
        (false, 0.5),
        (false, 0.5),
        (false, 0.5),
    ]);
    let negatives_first = scores_of(&[
        (false, 0.5),
        (false, 0.5),
        (false, 0.5),
        (true, 0.5),
        (true, 0.5),
    ]);
    for rows in [positives_first, negatives_first] {
        let table = sweep(&rows);
        assert_eq!(table.n_thresholds(), 1);
        assert_eq!(table.cells(1), Cells::from_counts(2, 3, 0, 0));
        assert_eq!(roc_auc(&table), Some(0.5));
        assert_eq!(average_precision(&table), Some(0.4));
    }
}

#[test]
fn adjacent_floats_are_not_tied_by_a_tolerance() {
    let low = 0.3_f64;
    let (middle, high) = (low.next_up(), low.next_up().next_up());
    let table = sweep(&scores_of(&[
        (false, low),
        (true, high),
        (true, low),
        (false, middle),
    ]));
    assert_eq!(table.thresholds(), [high, middle, low]);
    assert_eq!(table.cells(1), Cells::from_counts(1, 0, 1, 2));
    assert_eq!(table.cells(2), Cells::from_counts(1, 1, 1, 1));
    // There is no float between the two: the midpoint is the upper end, not the lower, which lies outside.
    assert_eq!(number_of(table.interval(1).midpoint()), Some(high));
    assert_eq!(number_of(table.interval(2).midpoint()), Some(middle));
}

#[test]
fn predicted_positives_are_not_the_positives() {
    let cells = Cells::from_counts(2, 1, 3, 4);
    assert_eq!(cells.predicted_positives().to_string(), "3");
    assert_eq!(cells.positives().to_string(), "5");
    assert_eq!(formulas::predicted_positive_rate(&cells), Some(0.3));
    assert_eq!(formulas::prevalence(&cells), Some(0.5));
}

#[test]
fn true_negatives_do_not_start_from_the_positives() {
    let table = sweep(&scores_of(&[(true, 0.9), (false, 0.8), (false, 0.2)]));
    assert_eq!(table.cells(0), Cells::from_counts(0, 0, 1, 2));
    assert_eq!(table.negatives().to_string(), "2");
}

#[test]
fn scores_outside_0_1_are_not_squashed() {
    // A sigmoid applied because one score is above 1 would move the threshold of every row.
    let rows = [(true, 1.5), (true, 0.4), (false, 0.3), (false, -2.0)];
    let table = sweep(&scores_of(&rows));
    assert_eq!(table.thresholds(), [1.5, 0.4, 0.3, -2.0]);
    assert_eq!(
        table.cells_at(Threshold::HALF),
        Cells::from_counts(1, 0, 1, 2)
    );
    assert!(brier_loss(&table).is_err());
    let error = log_loss(&table).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`score` must be in [0, 1] to be a probability, got 1.5"
    );
}

#[test]
fn predict_none_is_a_row_without_a_threshold() {
    // Where the classifier is worse than chance, no row beats "predict none" in Youden's J. It must not come back as
    // the threshold inf.
    let table = sweep(&scores_of(&[(false, 0.9), (false, 0.6), (true, 0.3)]));
    let youden = "youden".parse().unwrap();
    let column = table.metric_column(&youden);
    // 0, 0 - 1/2, 0 - 1, 1 - 1
    assert_eq!(column, [Some(0.0), Some(-0.5), Some(-1.0), Some(0.0)]);
    assert_eq!(table.threshold(0), None);
    assert_eq!(table.interval(0).upper(), None);
    assert_eq!(number_of(table.interval(0).lower()), Some(0.9));
    assert!(
        table
            .thresholds()
            .iter()
            .all(|threshold| threshold.is_finite())
    );
}

#[test]
fn a_precision_of_0_or_none_divides_nothing() {
    // Precision is 0 at the highest score and undefined above it.
    let table = sweep(&scores_of(&[(false, 0.9), (true, 0.6)]));
    let precision = "precision".parse().unwrap();
    assert_eq!(
        table.metric_column(&precision),
        [None, Some(0.0), Some(0.5)]
    );
    assert_eq!(average_precision(&table), Some(0.5));
    for metric in catalog() {
        for value in table.metric_column(metric).into_iter().flatten() {
            assert!(value.is_finite(), "{metric}");
        }
    }
}

#[test]
fn weights_are_not_ignored() {
    let rows = [(true, 0.9), (false, 0.8), (true, 0.7), (false, 0.2)];
    let weighted = scores_of(&rows)
        .with_weight(vec![1.0, 2.0, 0.0, 4.0])
        .unwrap();
    let twice = scores_of(&[
        (true, 0.9),
        (false, 0.8),
        (false, 0.8),
        (false, 0.2),
        (false, 0.2),
        (false, 0.2),
        (false, 0.2),
    ]);
    let (table, same) = (sweep(&weighted), sweep(&twice));
    // The row of weight 0 leaves no threshold behind.
    assert_eq!(table.thresholds(), [0.9, 0.8, 0.2]);
    assert_eq!(table.cells(2), Cells::from_counts(1, 2, 0, 4));
    for metric in catalog() {
        assert_eq!(
            table.metric_column(metric),
            same.metric_column(metric),
            "{metric}"
        );
    }
    assert_eq!(
        confusion_at(&weighted, Threshold::HALF),
        confusion_at(&twice, Threshold::HALF)
    );
    assert_eq!(roc_auc(&table), Some(1.0));
    // 0.1² + 2 · 0.8² + 4 · 0.2² = 1.45, over a weight of 7
    let loss = brier_loss(&table).unwrap();
    assert!((loss - 1.45 / 7.0).abs() < 1e-15, "{loss}");
}

#[test]
fn a_score_on_the_threshold_is_positive() {
    let rows = scores_of(&[(true, 0.5), (false, 0.5), (false, 0.5_f64.next_down())]);
    let cells = Cells::from_counts(1, 1, 0, 1);
    assert_eq!(confusion_at(&rows, Threshold::HALF), cells);
    assert_eq!(sweep(&rows).cells_at(Threshold::HALF), cells);
    let above = threshold(0.5_f64.next_up());
    assert_eq!(confusion_at(&rows, above), Cells::from_counts(0, 0, 1, 2));
}

#[test]
fn non_finite_scores_are_not_dropped() {
    for score in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = Scores::new(vec![true, false], vec![0.5, score]).unwrap_err();
        assert!(error.to_string().contains("in row 1"), "{error}");
    }
    let table = sweep(&scores_of(&[(true, 0.5), (false, 0.25)]));
    assert!(matches!(
        table.at_thresholds(&[0.5, f64::NAN]),
        Err(Error::Input { .. })
    ));
}

#[test]
fn negative_zero_ties_with_zero() {
    let table = sweep(&scores_of(&[
        (true, 0.0),
        (false, -0.0),
        (true, f64::from_bits(1)),
    ]));
    assert_eq!(table.thresholds(), [f64::from_bits(1), 0.0]);
    assert_eq!(table.cells(2), Cells::from_counts(2, 1, 0, 0));
}

/// H2O merges scores into 400 bins and reports the areas and metrics of the bins as those of the scores.
#[test]
fn what_bins_hide_is_bounded() {
    let scores = overlapping_scores();
    let whole = sweep(&scores);
    let mut builder = PartialSweepBuilder::new(1600).unwrap();
    builder.add(&scores);
    let binned = builder.finish().unwrap();
    assert!(binned.n_wide_bins() > 10, "{} bins", binned.n_bins());
    let auc = binned.roc_auc_bounds().unwrap();
    assert!(auc.contains(roc_auc(&whole).unwrap()) && auc.high() - auc.low() > 0.001);
    let ap = binned.average_precision_bounds().unwrap();
    assert!(ap.contains(average_precision(&whole).unwrap()) && ap.high() - ap.low() > 0.001);
    for metric in catalog() {
        for row in whole.rows().skip(1) {
            let at = row.threshold().unwrap();
            if let Some(value) = metric.value(&row.cells()) {
                let bounds = binned.metric_bounds(metric, at).unwrap();
                assert!(
                    bounds.contains(value),
                    "{metric} at {at:?}: {value}, {bounds:?}"
                );
            }
        }
    }
}
