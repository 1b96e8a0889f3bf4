//! Curves against published worked examples and arithmetic shown here; what is undefined, and what is refused.

use cutpoint_core::Scores;
use cutpoint_metrics::{
    BinStrategy, CalibrationOptions, Costs, Error, Intermediate, Sweep, brier_loss,
    calibration_curve, cost_curve, cost_envelope, det_curve, gain_curve, ks_curve, lift_curve,
    net_benefit_curve, partial_roc_auc, precision_recall_curve, roc_auc, roc_curve, sweep,
};

use crate::is_close;

fn table(rows: &[(bool, f64)]) -> Sweep {
    let (is_positive, score) = rows.iter().copied().unzip();
    sweep(&Scores::new(is_positive, score).expect("finite scores"))
}

/// Scores of positive rows and of negative rows.
fn classes(positive: &[f64], negative: &[f64]) -> Sweep {
    let positive = positive.iter().map(|&score| (true, score));
    let rows = positive.chain(negative.iter().map(|&score| (false, score)));
    table(&rows.collect::<Vec<_>>())
}

#[track_caller]
fn check(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{got:?}, not {expected:?}");
    for (got, expected) in got.iter().zip(expected) {
        assert!(is_close(*got, *expected), "{got}, not {expected}");
    }
}

/// The twenty instances of Fawcett, 2006, *An introduction to ROC analysis*, figure 3.
fn fawcett() -> Sweep {
    classes(
        &[0.9, 0.8, 0.6, 0.55, 0.54, 0.51, 0.4, 0.38, 0.34, 0.3],
        &[0.7, 0.53, 0.52, 0.505, 0.39, 0.37, 0.36, 0.35, 0.33, 0.1],
    )
}

#[test]
fn the_roc_curve_of_fawcetts_figure_3() {
    let curve = roc_curve(&fawcett(), Intermediate::Keep);
    #[rustfmt::skip]
    let fpr = [
        0.0, 0.0, 0.0, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5, 0.6, 0.7, 0.8, 0.8, 0.9, 0.9, 1.0,
    ];
    #[rustfmt::skip]
    let tpr = [
        0.0, 0.1, 0.2, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7, 0.8, 0.8, 0.8, 0.8, 0.9, 0.9, 1.0, 1.0,
    ];
    check(curve.fpr().unwrap(), &fpr);
    check(curve.tpr().unwrap(), &tpr);
    // Each negative row adds a tenth of the tpr at its score: 2 + 5 + 5 + 6 + 7 + 8 + 8 + 8 + 9 + 10 of 100 pairs.
    assert!(is_close(roc_auc(&fawcett()).unwrap(), 0.68));
    // The hull of the figure: (0, 0), (0, 0.2), (0.1, 0.5), (0.5, 0.8), (0.9, 1), (1, 1).
    let hull = cost_envelope(&fawcett()).unwrap();
    check(hull.fpr(), &[0.0, 0.0, 0.1, 0.5, 0.9, 1.0]);
    check(hull.fnr(), &[1.0, 0.8, 0.5, 0.2, 0.0, 0.0]);
    // Where neighbours cost the same: new fpr / (new fpr + new tpr).
    check(
        hull.probability_cost_up_to(),
        &[0.0, 0.1 / 0.4, 0.4 / 0.7, 0.4 / 0.6, 1.0, 1.0],
    );
}

#[test]
fn lift_and_gain() {
    // Ten rows, four positive. Ties at 0.6: one positive, two negative.
    let table = classes(&[0.9, 0.8, 0.6, 0.2], &[0.7, 0.6, 0.6, 0.3, 0.2, 0.1]);
    let (lift, gain) = (lift_curve(&table), gain_curve(&table));
    let rate = [0.0, 0.1, 0.2, 0.3, 0.6, 0.7, 0.9, 1.0];
    check(lift.predicted_positive_rate(), &rate);
    check(gain.predicted_positive_rate(), &rate);
    check(
        gain.gain().unwrap(),
        &[0.0, 0.25, 0.5, 0.5, 0.75, 0.75, 1.0, 1.0],
    );
    // Precision over 0.4.
    let (none, lift) = lift.lift().split_first().unwrap();
    assert_eq!(*none, None);
    let lift = lift.iter().map(|lift| lift.unwrap()).collect::<Vec<_>>();
    let precision = [1.0, 1.0, 2.0 / 3.0, 0.5, 3.0 / 7.0, 4.0 / 9.0, 0.4];
    check(&lift, &precision.map(|precision| precision / 0.4));
    assert_eq!(gain.thresholds(), lift_curve(&table).thresholds());
}

#[test]
fn the_kolmogorov_smirnov_distance_names_every_threshold() {
    // tpr - fpr: 1/2, 1/2 - 1/3, 1 - 1/3, 1 - 2/3, 0 at 0.9, 0.8, 0.7, 0.2, 0.1.
    let one = ks_curve(&classes(&[0.9, 0.7], &[0.8, 0.2, 0.1]));
    check(
        one.difference().unwrap(),
        &[0.0, 1.0 / 2.0, 1.0 / 6.0, 2.0 / 3.0, 1.0 / 3.0, 0.0],
    );
    assert_eq!(one.statistic_thresholds(), [Some(0.7)]);
    // 1/2, 0, 1/2, 0: two thresholds tie.
    let two = ks_curve(&classes(&[0.9, 0.7], &[0.8, 0.1]));
    assert_eq!(two.statistic(), Some(0.5));
    assert_eq!(two.statistic_thresholds(), [Some(0.9), Some(0.7)]);
    // Turned around, the distance is the same and the difference negative; 1/3 is not a double, and still ties.
    let turned = ks_curve(&classes(&[0.8, 0.6, 0.1], &[0.9, 0.7, 0.2]));
    check(&[turned.statistic().unwrap()], &[1.0 / 3.0]);
    assert_eq!(
        turned.statistic_thresholds(),
        [Some(0.9), Some(0.7), Some(0.2)]
    );
    assert!(
        turned
            .difference()
            .unwrap()
            .iter()
            .all(|difference| *difference <= 0.0)
    );
    // Nothing tells the classes apart: every row ties at 0.
    let same = ks_curve(&classes(&[0.5], &[0.5, 0.5]));
    assert_eq!(
        (same.statistic(), same.statistic_thresholds()),
        (Some(0.0), &[None, Some(0.5)][..])
    );
}

#[test]
fn costs_of_every_cell() {
    // (tp, fp, fn, tn): (0,0,2,3), (1,0,1,3), (1,1,1,2), (2,1,0,2), (2,2,0,1), (2,3,0,0).
    let table = classes(&[0.9, 0.7], &[0.8, 0.2, 0.1]);
    let costs = Costs::default().fp(2.0).fn_(5.0).tp(-1.0).tn(0.5);
    let curve = cost_curve(&table, &costs).unwrap();
    check(
        curve.cost(),
        &[
            11.5 / 5.0,
            5.5 / 5.0,
            7.0 / 5.0,
            1.0 / 5.0,
            2.5 / 5.0,
            4.0 / 5.0,
        ],
    );
    assert!(is_close(curve.lowest(), 0.2));
    assert!(curve.lowest_thresholds().eq([Some(0.7)]));
    // Costs of errors only: one false alarm or one miss.
    let curve = cost_curve(&table, &Costs::default()).unwrap();
    assert!(curve.lowest_thresholds().eq([Some(0.9), Some(0.7)]));
    // Misses that cost nothing: best is to predict none, or next to it.
    let curve = cost_curve(&table, &Costs::default().fn_(0.0)).unwrap();
    assert!(curve.lowest_thresholds().eq([None, Some(0.9)]));
}

#[test]
fn costs_are_read_from_text() {
    let costs = "fp=1,fn=10".parse::<Costs>().unwrap();
    assert_eq!(costs, Costs::default().fn_(10.0));
    let all = " tn=-1, fn = 2.5,fp=1e3,tp=-0.5".parse::<Costs>().unwrap();
    assert_eq!(all, Costs::default().fp(1e3).fn_(2.5).tp(-0.5).tn(-1.0));
    // A cell that is not named costs nothing.
    let misses = "fn=3".parse::<Costs>().unwrap();
    assert_eq!(misses, Costs::default().fp(0.0).fn_(3.0));
    for (text, expected) in [
        ("", ""),
        ("fp=1,fn=x", "fn=x"),
        ("fp=1,", ""),
        ("fp=1, up=3,fn=2", "up=3"),
        ("fp:1,fn:2", "fp:1"),
    ] {
        match text.parse::<Costs>() {
            Err(Error::CostSyntax { part }) => assert_eq!(part, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let error = "fp=1,fn=2,fp=1".parse::<Costs>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`costs` must name each cell once, got `fp` twice"
    );
    for text in ["fp=inf,fn=1", "fp=1,fn=nan", "fp=1,fn=-2e100"] {
        let error = text.parse::<Costs>().unwrap_err();
        assert!(matches!(error, Error::Cost { .. }), "{text}: {error}");
    }
    let error = "fp=1,fn=inf".parse::<Costs>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`fn` must cost in [-1e100, 1e100], got inf"
    );
    assert!(cost_curve(&fawcett(), &Costs::default().tn(f64::NAN)).is_err());
}

#[test]
fn net_benefit_of_a_hundred_patients() {
    // 20 of 100 are ill. At 10 %, 18 of them and 30 others are treated; at 20 %, 15 and 10; each false positive weighs
    // 1/9 and 1/4 of a true one.
    let row = |is_positive, score: f64, n: usize| std::iter::repeat_n((is_positive, score), n);
    let rows = row(true, 0.3, 15)
        .chain(row(true, 0.1, 3))
        .chain(row(true, 0.05, 2))
        .chain(row(false, 0.2, 10))
        .chain(row(false, 0.15, 20))
        .chain(row(false, 0.01, 50));
    let table = table(&rows.collect::<Vec<_>>());
    let curve = net_benefit_curve(&table, &[0.0, 0.1, 0.2, 0.5]).unwrap();
    check(
        curve.model(),
        &[0.2, 0.18 - 0.3 / 9.0, 0.15 - 0.1 / 4.0, 0.0],
    );
    check(curve.treat_all(), &[0.2, 0.2 - 0.8 / 9.0, 0.0, -0.6]);
    check(
        curve.standardized().unwrap(),
        &[1.0, 0.9 - 1.5 / 9.0, 0.75 - 0.5 / 4.0, 0.0],
    );
    for value in [1.0, -0.1, f64::NAN, f64::INFINITY] {
        let error = net_benefit_curve(&table, &[0.5, value]).unwrap_err();
        assert!(
            matches!(error, Error::ThresholdProbability { .. }),
            "{error}"
        );
    }
}

#[test]
fn the_parts_of_a_brier_score() {
    // Bins (0, 0.5] and (0.5, 1], mean probabilities 0.2 and 0.7, rates 1/2 and 1/2.
    let table = table(&[(false, 0.1), (true, 0.3), (false, 0.6), (true, 0.8)]);
    let options = CalibrationOptions::default().n_bins(2);
    let curve = calibration_curve(&table, &options).unwrap();
    let brier = curve.brier();
    check(
        &[brier.reliability(), brier.resolution(), brier.uncertainty()],
        &[(0.09 + 0.04) * 0.5, 0.0, 0.25],
    );
    // Every score is 0.1 from the mean of its bin, positive rows above, negative ones below: 2 · 4 · 0.5 · 0.1 / 4.
    check(
        &[brier.within_bin_variance(), brier.within_bin_covariance()],
        &[0.01, 0.1],
    );
    // (0.01 + 0.49 + 0.36 + 0.04) / 4
    check(
        &[brier.total(), brier_loss(&table).unwrap()],
        &[0.225, 0.225],
    );
    check(&[curve.expected_calibration_error()], &[0.25]);
    // Murphy's three suffice where each bin is one score: scores 0.25 (one of two) and 0.75 (two of three).
    let table = classes(&[0.25, 0.75, 0.75], &[0.25, 0.75]);
    let curve = calibration_curve(&table, &options).unwrap();
    let brier = curve.brier();
    check(
        &[brier.within_bin_variance(), brier.within_bin_covariance()],
        &[0.0, 0.0],
    );
    check(
        &[brier.reliability(), brier.resolution(), brier.uncertainty()],
        &[
            (2.0 / 16.0 + 3.0 / 144.0) / 5.0,
            (2.0 / 100.0 + 3.0 / 225.0) / 5.0,
            0.24,
        ],
    );
}

#[test]
fn probabilities_on_an_edge_belong_to_the_bin_below() {
    let table = classes(&[0.5, 1.0], &[0.0, 0.25, 0.75]);
    let options = CalibrationOptions::default().n_bins(2);
    let curve = calibration_curve(&table, &options).unwrap();
    check(curve.count(), &[3.0, 2.0]);
    check(curve.positives(), &[1.0, 1.0]);
    // One probability for all rows: the quantiles coincide, and one bin has them all.
    let same = classes(&[0.4], &[0.4, 0.4]);
    let curve = calibration_curve(&same, &options.strategy(BinStrategy::Quantile)).unwrap();
    check(curve.count(), &[3.0]);
    check(&[curve.lower()[0], curve.upper()[0]], &[0.4, 0.4]);
    // Empty bins are left out; the ends of the others stay what they are.
    let curve = calibration_curve(&same, &CalibrationOptions::default().n_bins(5)).unwrap();
    check(&[curve.lower()[0], curve.upper()[0]], &[0.2, 0.4]);
}

#[test]
fn one_class_leaves_its_columns_undefined() {
    let negative = classes(&[], &[0.75, 0.5]);
    let roc = roc_curve(&negative, Intermediate::Keep);
    assert_eq!((roc.fpr(), roc.tpr()), (Some(&[0.0, 0.5, 1.0][..]), None));
    let pr = precision_recall_curve(&negative, Intermediate::Drop);
    assert_eq!((pr.precision(), pr.recall()), (&[0.0, 0.0, 1.0][..], None));
    let det = det_curve(&negative, Intermediate::Keep);
    assert_eq!((det.fpr(), det.fnr()), (Some(&[0.0][..]), None));
    assert_eq!(lift_curve(&negative).lift(), [None, None, None]);
    assert_eq!(gain_curve(&negative).gain(), None);
    let ks = ks_curve(&negative);
    assert_eq!(
        (ks.statistic(), ks.difference(), ks.tpr()),
        (None, None, None)
    );
    assert!(ks.fpr().is_some() && ks.statistic_thresholds().is_empty());
    assert_eq!(cost_envelope(&negative), None);
    assert_eq!(partial_roc_auc(&negative, 0.5), Ok(None));
    let benefit = net_benefit_curve(&negative, &[0.6]).unwrap();
    check(benefit.model(), &[-0.5 * 0.6 / 0.4]);
    assert_eq!(benefit.standardized(), None);

    let positive = classes(&[0.75, 0.5], &[]);
    let roc = roc_curve(&positive, Intermediate::Drop);
    assert_eq!((roc.fpr(), roc.tpr()), (None, Some(&[0.0, 0.5, 1.0][..])));
    let det = det_curve(&positive, Intermediate::Drop);
    assert_eq!((det.fpr(), det.fnr()), (None, Some(&[0.0][..])));
    assert_eq!(lift_curve(&positive).lift(), [None, Some(1.0), Some(1.0)]);
    assert_eq!(partial_roc_auc(&positive, 0.5), Ok(None));
    let curve = calibration_curve(&positive, &CalibrationOptions::default()).unwrap();
    check(curve.prob_true_high(), &[1.0, 1.0]);
    check(
        &[curve.brier().uncertainty(), curve.brier().resolution()],
        &[0.0, 0.0],
    );
}

#[test]
fn what_has_a_domain_is_held_to_it() {
    let margins = classes(&[2.5], &[0.5, -1.0]);
    let refused = calibration_curve(&margins, &CalibrationOptions::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`score` must be in [0, 1] to be a probability, got 2.5"
    );
    let refused = net_benefit_curve(&classes(&[0.5], &[-1.0]), &[0.5]).unwrap_err();
    assert_eq!(refused, Error::Probability { value: -1.0 });
    for max_fpr in [0.0, -0.5, 1.0 + f64::EPSILON, f64::NAN] {
        let refused = partial_roc_auc(&margins, max_fpr).unwrap_err();
        assert!(matches!(refused, Error::MaxFpr { .. }), "{refused}");
    }
    let options = CalibrationOptions::default();
    let probabilities = classes(&[0.5], &[0.25]);
    for (options, message) in [
        (options.n_bins(0), "`n_bins` must be in [1, 1000000], got 0"),
        (
            options.n_bins(1_000_001),
            "`n_bins` must be in [1, 1000000], got 1000001",
        ),
        (
            options.confidence(1.0),
            "`confidence` must be in (0, 1), got 1",
        ),
        (
            options.confidence(f64::NAN),
            "`confidence` must be in (0, 1), got NaN",
        ),
    ] {
        let refused = calibration_curve(&probabilities, &options).unwrap_err();
        assert_eq!(refused.to_string(), message);
    }
}
