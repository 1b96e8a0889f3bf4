//! Laws that every curve keeps: each point is a confusion matrix of the rows, recounted by brute force; columns rise
//! and fall as they must; weights are repetitions; areas are what lies under the points.

use cutpoint_metrics::{
    BinStrategy, CalibrationOptions, Cells, Costs, Intermediate, Sweep, brier_loss,
    calibration_curve, cost_curve, cost_envelope, det_curve, formulas, gain_curve, ks_curve,
    lift_curve, net_benefit_curve, partial_roc_auc, precision_recall_curve, roc_auc, roc_curve,
    sweep,
};
use cutpoint_testkit::OracleRows;
use proptest::prelude::*;

use crate::is_close;
use crate::strategies::{
    Rows, plain_rows, probability, repeat_by_weight, rows, shuffled, weight, weighted_rows,
    whole_weight,
};

const KINDS: [Intermediate; 2] = [Intermediate::Keep, Intermediate::Drop];

/// The cells at a threshold, counted from the rows.
fn recount(rows: &Rows, threshold: Option<f64>) -> Cells {
    let oracle = OracleRows::new(&rows.is_positive, &rows.score, rows.weight.as_deref());
    let cells = oracle.cells_at(threshold);
    Cells::from_weights(cells.tp, cells.fp, cells.fn_, cells.tn).expect("sums of weights")
}

/// Checks a column, undefined as a whole or not, against a rate of the recounted cells.
#[track_caller]
fn check_column(
    rows: &Rows,
    thresholds: &[Option<f64>],
    column: Option<&[f64]>,
    rate: impl Fn(&Cells) -> Option<f64>,
) {
    for (index, &threshold) in thresholds.iter().enumerate() {
        let got = column.map(|column| column[index]);
        match (got, rate(&recount(rows, threshold))) {
            (Some(got), Some(expected)) => {
                assert!(
                    (got - expected).abs() <= 1e-14,
                    "{threshold:?}: {got}, not {expected}"
                );
            }
            (got, expected) => assert_eq!(got, expected, "{threshold:?}"),
        }
    }
    assert!(column.is_none_or(|column| column.len() == thresholds.len()));
}

fn ascends(column: &[f64]) -> bool {
    column.windows(2).all(|pair| pair[0] <= pair[1])
}

fn descends(column: &[f64]) -> bool {
    column.windows(2).all(|pair| pair[0] >= pair[1])
}

fn trapezoids(x: &[f64], y: &[f64]) -> f64 {
    let points = x.windows(2).zip(y.windows(2));
    points
        .map(|(x, y)| (x[1] - x[0]) * f64::midpoint(y[0], y[1]))
        .sum()
}

/// Rows whose scores are probabilities, with or without weights.
fn probabilities() -> impl Strategy<Value = Rows> {
    prop_oneof![
        plain_rows(probability()),
        weighted_rows(probability(), weight())
    ]
}

fn calibration_options() -> impl Strategy<Value = CalibrationOptions> {
    let strategy = prop_oneof![Just(BinStrategy::Uniform), Just(BinStrategy::Quantile)];
    (1_usize..12, strategy, 0.01..0.99).prop_map(|(n_bins, strategy, confidence)| {
        CalibrationOptions::default()
            .n_bins(n_bins)
            .strategy(strategy)
            .confidence(confidence)
    })
}

proptest! {
    #[test]
    fn points_of_the_roc_curve(rows in rows()) {
        let table = sweep(&rows.scores());
        for intermediate in KINDS {
            let curve = roc_curve(&table, intermediate);
            check_column(&rows, curve.thresholds(), curve.fpr(), formulas::fpr);
            check_column(&rows, curve.thresholds(), curve.tpr(), formulas::recall);
            for column in [curve.fpr(), curve.tpr()].into_iter().flatten() {
                prop_assert!(ascends(column));
                let ends = [column[0], column[column.len() - 1]];
                prop_assert_eq!(ends.map(f64::to_bits), [0.0_f64, 1.0].map(f64::to_bits));
            }
            if let (Some(fpr), Some(tpr)) = (curve.fpr(), curve.tpr()) {
                let area = roc_auc(&table).unwrap();
                prop_assert!((trapezoids(fpr, tpr) - area).abs() <= 1e-13, "{intermediate:?}");
                prop_assert!(is_close(partial_roc_auc(&table, 1.0).unwrap().unwrap(), area));
            }
        }
        prop_assert_eq!(roc_curve(&table, Intermediate::Keep).thresholds().len(), table.n_rows());
    }

    #[test]
    fn the_part_of_the_area_grows_with_what_is_under_it(rows in rows(), max_fpr in 0.001..1.0_f64) {
        let table = sweep(&rows.scores());
        let Some(area) = partial_roc_auc(&table, max_fpr).unwrap() else {
            prop_assert_eq!(roc_auc(&table), None);
            return Ok(());
        };
        prop_assert!((0.0..=1.0).contains(&area));
        // The area itself, from the curve with one more point at `max_fpr`, read off by linear interpolation.
        let curve = roc_curve(&table, Intermediate::Keep);
        let (fpr, tpr) = (curve.fpr().unwrap(), curve.tpr().unwrap());
        let stop = fpr.partition_point(|&fpr| fpr <= max_fpr);
        let slope = (tpr[stop] - tpr[stop - 1]) / (fpr[stop] - fpr[stop - 1]);
        let height = tpr[stop - 1] + slope * (max_fpr - fpr[stop - 1]);
        let x = fpr[..stop].iter().copied().chain([max_fpr]).collect::<Vec<_>>();
        let y = tpr[..stop].iter().copied().chain([height]).collect::<Vec<_>>();
        let (least, most) = (max_fpr * max_fpr / 2.0, max_fpr);
        let expected = f64::midpoint(1.0, (trapezoids(&x, &y) - least) / (most - least));
        prop_assert!((area - expected).abs() <= 1e-10, "{area}, not {expected}");
    }

    #[test]
    fn points_of_the_precision_recall_curve(rows in rows()) {
        let table = sweep(&rows.scores());
        for intermediate in KINDS {
            let curve = precision_recall_curve(&table, intermediate);
            let (end, thresholds) = curve.thresholds().split_last().unwrap();
            prop_assert_eq!(*end, None);
            let n = thresholds.len();
            check_column(&rows, thresholds, Some(&curve.precision()[..n]), formulas::precision);
            check_column(&rows, thresholds, curve.recall().map(|recall| &recall[..n]), formulas::recall);
            prop_assert_eq!(curve.precision()[n].to_bits(), 1.0_f64.to_bits());
            if let Some(recall) = curve.recall() {
                prop_assert!(descends(recall));
                prop_assert_eq!(recall[n].to_bits(), 0.0_f64.to_bits());
            }
        }
    }

    #[test]
    fn points_of_the_det_curve(rows in rows()) {
        let table = sweep(&rows.scores());
        for intermediate in KINDS {
            let curve = det_curve(&table, intermediate);
            check_column(&rows, curve.thresholds(), curve.fpr(), formulas::fpr);
            check_column(&rows, curve.thresholds(), curve.fnr(), formulas::fnr);
            prop_assert!(curve.fpr().is_none_or(descends));
            prop_assert!(curve.fnr().is_none_or(ascends));
        }
    }

    #[test]
    fn points_of_the_lift_gain_and_ks_curves(rows in rows()) {
        let table = sweep(&rows.scores());
        let (lift, gain, ks) = (lift_curve(&table), gain_curve(&table), ks_curve(&table));
        let rate = lift.predicted_positive_rate();
        check_column(&rows, lift.thresholds(), Some(rate), formulas::predicted_positive_rate);
        prop_assert_eq!(rate, gain.predicted_positive_rate());
        check_column(&rows, gain.thresholds(), gain.gain(), formulas::recall);
        check_column(&rows, ks.thresholds(), ks.fpr(), formulas::fpr);
        check_column(&rows, ks.thresholds(), ks.tpr(), formulas::recall);
        check_column(&rows, ks.thresholds(), ks.difference(), formulas::youden);
        for (&threshold, &lift) in lift.thresholds().iter().zip(lift.lift()) {
            let cells = recount(&rows, threshold);
            let expected = formulas::precision(&cells).zip(formulas::prevalence(&cells));
            let expected = expected.filter(|(_, prevalence)| *prevalence > 0.0);
            match (lift, expected) {
                (Some(lift), Some((precision, prevalence))) => {
                    prop_assert!(is_close(lift, precision / prevalence));
                }
                (lift, expected) => prop_assert!(lift.is_none() && expected.is_none()),
            }
        }
        if let (Some(statistic), Some(difference)) = (ks.statistic(), ks.difference()) {
            let widest = difference.iter().fold(0.0, |widest: f64, gap| widest.max(gap.abs()));
            prop_assert_eq!(statistic.to_bits(), widest.to_bits());
            prop_assert!(!ks.statistic_thresholds().is_empty());
            for threshold in ks.statistic_thresholds() {
                let row = ks.thresholds().iter().position(|other| other == threshold).unwrap();
                prop_assert!(is_close(difference[row].abs(), statistic));
            }
        }
    }

    #[test]
    fn points_of_the_cost_curve(
        rows in rows(), fp in -2.0..9.0, fn_ in -2.0..9.0, tp in -2.0..2.0, tn in -2.0..2.0
    ) {
        let costs = Costs::default().fp(fp).fn_(fn_).tp(tp).tn(tn);
        let curve = cost_curve(&sweep(&rows.scores()), &costs).unwrap();
        for (&threshold, &cost) in curve.thresholds().iter().zip(curve.cost()) {
            let cells = recount(&rows, threshold);
            let sum = fp * cells.fp() + fn_ * cells.fn_() + tp * cells.tp() + tn * cells.tn();
            prop_assert!((cost - sum / cells.total()).abs() <= 1e-13, "{threshold:?}: {cost}");
            prop_assert!(curve.lowest() <= cost);
        }
        prop_assert!(curve.lowest_thresholds().len() > 0);
    }

    #[test]
    fn the_cost_envelope_is_the_cheapest_row(rows in rows(), probability_cost in 0.0..=1.0_f64) {
        let table = sweep(&rows.scores());
        let Some(envelope) = cost_envelope(&table) else {
            prop_assert_eq!(roc_auc(&table), None);
            return Ok(());
        };
        let lines = table.rows().map(|row| {
            let (fnr, fpr) = (formulas::fnr(&row.cells()), formulas::fpr(&row.cells()));
            fnr.unwrap() * probability_cost + fpr.unwrap() * (1.0 - probability_cost)
        });
        let cheapest = lines.fold(f64::INFINITY, f64::min);
        let cost = envelope.cost_at(probability_cost).unwrap();
        prop_assert!((cost - cheapest).abs() <= 1e-13, "{cost}, not {cheapest}");
        prop_assert!(ascends(envelope.probability_cost_up_to()));
        prop_assert!(ascends(envelope.fpr()) && descends(envelope.fnr()));
        for (vertex, &threshold) in envelope.thresholds().iter().enumerate() {
            let cells = recount(&rows, threshold);
            prop_assert!((envelope.fpr()[vertex] - formulas::fpr(&cells).unwrap()).abs() <= 1e-14);
            prop_assert!((envelope.fnr()[vertex] - formulas::fnr(&cells).unwrap()).abs() <= 1e-14);
        }
        prop_assert_eq!(envelope.cost_at(-0.1).or(envelope.cost_at(f64::NAN)), None);
    }

    #[test]
    fn points_of_the_net_benefit_curve(rows in probabilities(), pt in 0.0..0.999_f64) {
        let curve = net_benefit_curve(&sweep(&rows.scores()), &[pt]).unwrap();
        let cells = recount(&rows, Some(pt));
        let (n, odds) = (cells.total(), pt / (1.0 - pt));
        let expected = (cells.tp() - cells.fp() * odds) / n;
        prop_assert!((curve.model()[0] - expected).abs() <= 1e-12 * odds.max(1.0));
        let all = recount(&rows, Some(0.0));
        let expected = (all.tp() - all.fp() * odds) / n;
        prop_assert!((curve.treat_all()[0] - expected).abs() <= 1e-12 * odds.max(1.0));
    }

    #[test]
    fn bins_hold_all_rows_and_their_own(rows in probabilities(), options in calibration_options()) {
        let table = sweep(&rows.scores());
        let curve = calibration_curve(&table, &options).unwrap();
        let total = table.positives() + table.negatives();
        prop_assert!(is_close(curve.count().iter().sum(), total));
        prop_assert!(is_close(curve.positives().iter().sum(), table.positives()));
        for index in 0..curve.count().len() {
            let (lower, upper) = (curve.lower()[index], curve.upper()[index]);
            let mean = curve.prob_pred()[index];
            prop_assert!(lower <= mean + 1e-15 && mean <= upper + 1e-15, "{mean} in {lower}, {upper}");
            let share = curve.prob_true()[index];
            prop_assert!((0.0..=1.0).contains(&share));
            prop_assert!(curve.prob_true_low()[index] <= share + 1e-15);
            prop_assert!(curve.prob_true_high()[index] >= share - 1e-15);
        }
        prop_assert!(ascends(curve.lower()) && ascends(curve.prob_pred()));
        prop_assert!((0.0..=1.0).contains(&curve.expected_calibration_error()));
        // The parts are the whole, whatever the bins.
        let whole = brier_loss(&table).unwrap();
        prop_assert!((curve.brier().total() - whole).abs() <= 1e-14, "{:?}, {whole}", curve.brier());
    }

    #[test]
    fn row_order_changes_no_curve((rows, permuted) in shuffled(probabilities())) {
        let [curves, same] = [rows, permuted].map(|rows| all_curves(&sweep(&rows.scores())));
        prop_assert_eq!(curves, same);
    }

    #[test]
    fn weight_2_is_the_row_twice_in_every_curve(rows in weighted_rows(probability(), whole_weight())) {
        let [table, same] = [sweep(&rows.scores()), sweep(&repeat_by_weight(&rows).scores())];
        prop_assert_eq!(all_curves(&table), all_curves(&same));
    }
}

/// Every curve, as text that tells each double.
fn all_curves(table: &Sweep) -> Vec<String> {
    let mut curves = vec![
        format!("{:?}", lift_curve(table)),
        format!("{:?}", gain_curve(table)),
        format!("{:?}", ks_curve(table)),
        format!("{:?}", cost_curve(table, &Costs::default().fn_(3.0))),
        format!("{:?}", cost_envelope(table)),
        format!("{:?}", net_benefit_curve(table, &[0.1, 0.25, 0.5])),
        format!("{:?}", partial_roc_auc(table, 0.3)),
    ];
    for intermediate in KINDS {
        curves.push(format!("{:?}", roc_curve(table, intermediate)));
        curves.push(format!("{:?}", precision_recall_curve(table, intermediate)));
        curves.push(format!("{:?}", det_curve(table, intermediate)));
    }
    for strategy in [BinStrategy::Uniform, BinStrategy::Quantile] {
        let options = CalibrationOptions::default().n_bins(3).strategy(strategy);
        curves.push(format!("{:?}", calibration_curve(table, &options)));
    }
    curves
}
