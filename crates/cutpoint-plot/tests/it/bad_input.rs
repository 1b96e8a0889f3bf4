//! What cannot be drawn is refused with words that name the place; what is only ugly is drawn.

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    CalibrationOptions, Costs, Intermediate, Metric, NetBenefitCurve, Problem, RocCurve,
    calibration_curve, cost_curve, det_curve, gain_curve, ks_curve, lift_curve, moves,
    net_benefit_curve, precision_recall_curve, roc_curve, sweep,
};
use cutpoint_plot::{
    Band, ChartOptions, Error, HeatmapOptions, Picture, Result, Series, calibration_chart,
    cells_chart, choice_chart, cost_chart, det_chart, distribution_chart, flow_chart, gain_chart,
    heatmap, heatmap_panels, ks_chart, lift_chart, metrics_chart, net_benefit_chart,
    precision_recall_chart, roc_chart,
};

use crate::fixtures::{few, many, matrix, table, tutorial, words};

#[track_caller]
fn check_error(got: &Result<Picture>, expected: &str) {
    assert_eq!(got.as_ref().expect_err("an error").to_string(), expected);
}

#[track_caller]
fn check_drawn(got: Result<Picture>) {
    let picture = got.expect("a picture");
    assert!(
        !picture.svg().contains("NaN") && !picture.svg().contains("inf"),
        "{picture}"
    );
    assert!(
        picture
            .png(0.25)
            .expect("a small scale")
            .starts_with(b"\x89PNG")
    );
}

#[test]
fn one_class_is_refused_where_a_curve_needs_both() {
    let sweep = table(vec![true, true], vec![0.2, 0.9]);
    let options = ChartOptions::default();
    let curve = roc_curve(&sweep, Intermediate::Keep);
    check_error(
        &roc_chart(&[Series::new("tree", &curve)], &options),
        "`tree` must have negative rows for a ROC chart, got none",
    );
    let curve = det_curve(&sweep, Intermediate::Keep);
    check_error(
        &det_chart(&[Series::new("tree", &curve)], &options),
        "`tree` must have negative rows for a detection error trade-off chart, got none",
    );
    let curve = ks_curve(&sweep);
    check_error(
        &ks_chart(&[Series::new("", &curve)], &options),
        "`series` must have negative rows for a Kolmogorov-Smirnov chart, got none",
    );
    let sweep = table(vec![false, false], vec![0.2, 0.9]);
    let curve = precision_recall_curve(&sweep, Intermediate::Keep);
    check_error(
        &precision_recall_chart(&[Series::new("tree", &curve)], &options),
        "`tree` must have positive rows for a precision-recall chart, got none",
    );
    let curve = lift_curve(&sweep);
    check_error(
        &lift_chart(&[Series::new("tree", &curve)], &options),
        "`tree` must have positive rows for a lift chart, got none",
    );
    let curve = gain_curve(&sweep);
    check_error(
        &gain_chart(&[Series::new("tree", &curve)], &options),
        "`tree` must have positive rows for a gain chart, got none",
    );
}

#[test]
fn degenerate_scores_are_drawn() {
    let options = ChartOptions::default().threshold(Threshold::HALF);
    let both = vec![true, false];
    for sweep in [
        table(vec![true, false, true], vec![0.3; 3]),
        table(both.clone(), vec![0.25, 0.75]),
        table(both.clone(), vec![f64::MIN, f64::MAX]),
        table(both.clone(), vec![0.1, 0.1_f64.next_up()]),
        table(both.clone(), vec![0.0, 5e-324]),
        table(vec![true, true], vec![-1e9, 2e9]),
        table(vec![false], vec![7.0]),
    ] {
        check_drawn(cells_chart(&sweep, &options));
        check_drawn(distribution_chart(&sweep, ["no", "yes"], &options));
        let metrics = ["precision", "mcc", "likelihood_ratio_positive"]
            .map(|name| name.parse::<Metric>().unwrap());
        for metric in &metrics {
            check_drawn(metrics_chart(&sweep, &[Series::new("", metric)], &options));
        }
        let sums =
            ["cost(fp=1e100)", "utility(tn=1)", "fp"].map(|name| name.parse::<Metric>().unwrap());
        let series = metrics.iter().chain(&sums);
        let series = series
            .map(|metric| Series::new("", metric))
            .collect::<Vec<_>>();
        let problem = Problem::new("maximize precision".parse().unwrap())
            .subject_to("likelihood_ratio_positive>=1e300".parse().unwrap())
            .subject_to("cost(fp=1e100)<=-1e300".parse().unwrap())
            .subject_to("mcc>=-7".parse().unwrap());
        for problem in [problem.clone(), problem.at_prevalence(0.3)] {
            check_drawn(choice_chart(&sweep, &problem, &series, None, &options));
        }
        let costs = cost_curve(&sweep, &Costs::default()).unwrap();
        check_drawn(cost_chart(&[Series::new("", &costs)], &options));
        let [from, to] = [0.2, 0.9].map(|value| Threshold::new(value).unwrap());
        check_drawn(flow_chart(&moves(&sweep, from, to), &options));
        let curve = roc_curve(&sweep, Intermediate::Keep);
        if curve.fpr().is_some() && curve.tpr().is_some() {
            check_drawn(roc_chart(&[Series::new("", &curve)], &options));
            let curve = det_curve(&sweep, Intermediate::Keep);
            check_drawn(det_chart(&[Series::new("", &curve)], &options));
            let curve = ks_curve(&sweep);
            check_drawn(ks_chart(&[Series::new("", &curve)], &options));
        }
    }
}

#[test]
fn probabilities_of_one_class_are_drawn() {
    let options = ChartOptions::default();
    for sweep in [
        table(vec![true, true], vec![0.5, 0.5]),
        table(vec![false], vec![0.0]),
    ] {
        let curve = calibration_curve(&sweep, &CalibrationOptions::default()).unwrap();
        check_drawn(calibration_chart(&[Series::new("", &curve)], &options));
        let curve = net_benefit_curve(&sweep, &[0.5]).unwrap();
        check_drawn(net_benefit_chart(&[Series::new("", &curve)], &options));
    }
}

#[test]
fn weights_are_drawn() {
    let scores = Scores::new(vec![true, false], vec![0.9, 0.4]).unwrap();
    let sweep = sweep(&scores.with_weight(vec![0.5, 2.25]).unwrap());
    let picture = distribution_chart(&sweep, ["no", "yes"], &ChartOptions::default()).unwrap();
    assert!(words(&picture).contains(&"no (weight: 2.25)"));
    check_drawn(cells_chart(&sweep, &ChartOptions::default()));
}

#[test]
fn empty_and_equal_matrices_are_drawn() {
    for counts in [
        ndarray::array![[0, 0], [0, 0]],
        ndarray::array![[7, 7], [7, 7]],
        ndarray::array![[u64::MAX >> 12, 0], [0, 0]],
    ] {
        let matrix = matrix(&["", "\u{0}\n"], counts);
        check_drawn(heatmap(&matrix, &HeatmapOptions::default()));
    }
    check_drawn(heatmap(
        &matrix(&["only"], ndarray::array![[3]]),
        &HeatmapOptions::default(),
    ));
}

#[test]
fn nothing_to_draw_is_refused() {
    check_error(
        &roc_chart(&[] as &[Series<'_, RocCurve>], &ChartOptions::default()),
        "`series` must hold at least 1 entry for a ROC chart, got 0",
    );
    check_error(
        &heatmap_panels(&[]),
        "`panels` must hold at least 1 entry for a row of heatmaps, got 0",
    );
    let curve: NetBenefitCurve = net_benefit_curve(&few(), &[]).unwrap();
    check_error(
        &net_benefit_chart(&[Series::new("", &curve)], &ChartOptions::default()),
        "`threshold_probabilities` must hold at least 1 entry for a net benefit chart, got 0",
    );
}

#[test]
fn options_outside_their_domain_are_refused() {
    let options = ChartOptions::default().width(f64::NAN);
    check_error(
        &cells_chart(&few(), &options),
        "`width` must be in [240, 4000], got NaN",
    );
    let options = ChartOptions::default().height(1e9);
    check_error(
        &cells_chart(&few(), &options),
        "`height` must be in [240, 4000], got 1000000000",
    );
    check_error(
        &heatmap(&tutorial(), &HeatmapOptions::default().names(["one"])),
        "`names` must be as many as there are labels, 2, got 1",
    );
    check_error(
        &heatmap(&many(501), &HeatmapOptions::default()),
        "`matrix` must have at most 500 classes to be drawn, got 501; pick some of them with `labels`",
    );
    assert_eq!(
        Band::of_boxes([&[1.0], &[]], [&[1.0], &[1.0]]),
        Err(Error::Band {
            lengths: [1, 0, 1, 1]
        })
    );
    let picture = cells_chart(
        &few(),
        &ChartOptions::default().width(4000.0).height(4000.0),
    )
    .unwrap();
    let error = picture.png(20.0).unwrap_err();
    assert!(
        matches!(error, Error::Pixels { width: 80_000, .. }),
        "{error}"
    );
    let error = picture.png(0.0).unwrap_err();
    assert_eq!(error.to_string(), "`scale` must be in [0.1, 20], got 0");
}

#[test]
fn the_smallest_and_the_largest_chart_are_drawn() {
    for size in [240.0, 4000.0] {
        let options = ChartOptions::default().width(size).height(size);
        let curve = roc_curve(&few(), Intermediate::Keep);
        let series =
            ["a", "a rather long name of a model", "c"].map(|name| Series::new(name, &curve));
        check_drawn(roc_chart(&series, &options));
        check_drawn(cells_chart(&few(), &options));
        let curve = calibration_curve(&few(), &CalibrationOptions::default()).unwrap();
        check_drawn(calibration_chart(&[Series::new("", &curve)], &options));
        let [from, to] = [0.2, 0.9].map(|value| Threshold::new(value).unwrap());
        check_drawn(flow_chart(&moves(&few(), from, to), &options));
    }
}
