//! The charts of curves: one snapshot each, and the places of points by hand.

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    CalibrationOptions, Costs, Intermediate, Metric, Problem, calibration_curve, cost_curve,
    cost_envelope, det_curve, gain_curve, ks_curve, lift_curve, moves, net_benefit_curve,
    precision_recall_curve, roc_auc, roc_curve,
};
use cutpoint_plot::{
    Band, ChartOptions, Series, calibration_chart, cells_chart, choice_chart, cost_chart,
    cost_envelope_chart, det_chart, distribution_chart, flow_chart, gain_chart, ks_chart,
    lift_chart, metrics_chart, net_benefit_chart, precision_recall_chart, roc_chart,
};

use crate::fixtures::{few, few_worse, number, skeleton, table, words};

fn at_half() -> ChartOptions {
    ChartOptions::default().threshold(Threshold::HALF)
}

fn both<'a, T>(one: &'a T, other: &'a T) -> [Series<'a, T>; 2] {
    [Series::new("logistic", one), Series::new("forest", other)]
}

#[test]
fn cells() {
    let picture = cells_chart(&few(), &at_half()).unwrap();
    assert!(
        picture
            .svg()
            .contains("<title>TNs, FPs, FNs and TPs vs Thresholds</title>")
    );
    // Of three positive rows two score 0.5 or more, of four negative ones one does.
    assert!(picture.svg().contains(
        "There: 3 true negatives, 1 false positive, 1 false negative, 2 true positives."
    ));
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn metrics() {
    let metrics = ["precision", "likelihood_ratio_positive"];
    let [precision, ratio] = metrics.map(|name| name.parse::<Metric>().unwrap());
    let x = [0.1, 0.3, 0.5, 0.7];
    let (low, high) = ([0.2, 0.3, f64::NAN, 0.6], [0.5, 0.6, 0.7, 1.0]);
    let band = Band::new(&x, &low, &high).unwrap();
    let series = [
        Series::new("", &precision).band(&band),
        Series::new("times likelier", &ratio).note("LR+"),
    ];
    let picture = metrics_chart(&few(), &series, &at_half()).unwrap();
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn roc() {
    let (one, other) = (few(), few_worse());
    let curves = [&one, &other].map(|sweep| roc_curve(sweep, Intermediate::Keep));
    let notes = [&one, &other].map(|sweep| format!("AUC {:.3}", roc_auc(sweep).unwrap()));
    let series = both(&curves[0], &curves[1]);
    let [first, second] = series;
    let [note, other_note] = notes;
    let series = [first.note(note), second.note(other_note)];
    let picture = roc_chart(&series, &at_half()).unwrap();
    // At 0.5: 1 of 4 negatives and 2 of 3 positives; 2 of 4 and 2 of 3.
    assert!(
        picture
            .svg()
            .contains("logistic at threshold 0.5: 0.25, 0.6667.")
    );
    assert!(
        picture
            .svg()
            .contains("forest at threshold 0.5: 0.5, 0.6667.")
    );
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn points_stand_where_their_values_are() {
    // Two positives of 0.8 and 0.35, two negatives of 0.4 and 0.1: (0, 0), (0, 1/2), (1/2, 1/2), (1/2, 1), (1, 1).
    let sweep = table(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1]);
    let curve = roc_curve(&sweep, Intermediate::Keep);
    let picture = roc_chart(&[Series::new("", &curve)], &ChartOptions::default()).unwrap();
    let lines = picture.svg().lines().collect::<Vec<_>>();
    let frame = lines
        .iter()
        .find(|line| line.contains(r#"fill="none""#) && line.starts_with("<rect"));
    let [x, y, width, height] =
        ["x", "y", "width", "height"].map(|name| number(frame.unwrap(), name));
    let path = lines.iter().find(|line| line.contains("#0072b2")).unwrap();
    let (_, data) = path.split_once("d=\"M").unwrap();
    let (data, _) = data.split_once('"').unwrap();
    let points = data.split('L').map(|point| {
        let (left, top) = point.split_once(' ').unwrap();
        let (left, top) = (left.parse::<f64>().unwrap(), top.parse::<f64>().unwrap());
        ((left - x) / width, (y + height - top) / height)
    });
    let expected = [(0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (1.0, 1.0)];
    // Coordinates have two decimals, and the chart has some hundred pixels.
    let points = points.collect::<Vec<_>>();
    assert_eq!(points.len(), expected.len(), "{points:?}");
    for (point, expected) in points.iter().zip(expected) {
        assert!((point.0 - expected.0).abs() < 1e-4, "{points:?}");
        assert!((point.1 - expected.1).abs() < 1e-4, "{points:?}");
    }
}

#[test]
fn precision_recall() {
    let curves =
        [few(), few_worse()].map(|sweep| precision_recall_curve(&sweep, Intermediate::Keep));
    let picture = precision_recall_chart(&both(&curves[0], &curves[1]), &at_half()).unwrap();
    // 3 of 7 rows are positive; at 0.5 recall 2/3 and precision 2/3, recall 2/3 and precision 2/4.
    assert!(words(&picture).contains(&"chance (prevalence 0.429)"));
    assert!(
        picture
            .svg()
            .contains("logistic at threshold 0.5: 0.6667, 0.6667.")
    );
    assert!(
        picture
            .svg()
            .contains("forest at threshold 0.5: 0.6667, 0.5.")
    );
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn choice() {
    // Positive rows at 0.9, 0.7, 0.45, negative ones at 0.7, 0.4, 0.2, 0.05: recall is 1/3 at 0.9 and 2/3 at 0.7; there
    // are two false positives at 0.4 and three at 0.2.
    let threshold = Threshold::new(0.45).unwrap();
    let (sweep, options) = (few(), ChartOptions::default().threshold(threshold));
    let problem = Problem::new("maximize precision".parse().unwrap())
        .subject_to("recall>=0.6".parse().unwrap())
        .subject_to("fp<=2".parse().unwrap())
        // Implied by the first.
        .subject_to("recall>=0.5".parse().unwrap());
    let metrics = ["precision", "recall", "fp"].map(|name| name.parse::<Metric>().unwrap());
    let band = Band::new(&[1.0, 0.0], &[0.25; 2], &[0.75; 2]).unwrap();
    let series = metrics.each_ref().map(|metric| Series::new("", metric));
    let [precision, recall, fp] = series;
    let series = [precision, recall.band(&band).note("95 % interval"), fp];
    let half = Some(Threshold::HALF);
    let picture = choice_chart(&sweep, &problem, &series, half, &options).unwrap();
    for sentence in [
        "Not allowed: thresholds above 0.7, up to 0.2.",
        "Precision at the threshold: 0.75.",
        "Recall at the threshold: 1.",
        "False positives at the threshold: 1.",
        // Of the three rows from 0.7 on, one is negative.
        "Precision at 0.5: 0.6667.",
        "Bound: recall&gt;=0.6.",
    ] {
        assert!(picture.svg().contains(sentence), "{sentence}");
    }
    assert!(!picture.svg().contains("recall&gt;=0.5"), "implied");
    let svg = picture.svg();
    let rects = |mark: &str| {
        let rects = svg.lines().filter(|line| line.starts_with("<rect x="));
        let rects = rects.filter(|line| line.contains(mark));
        let rect = |line| ["x", "y", "width", "height"].map(|name| number(line, name));
        rects.map(rect).collect::<Vec<_>>()
    };
    let panels = rects("stroke=\"#222222\"");
    let shades = rects("fill-opacity=\"0.2\"");
    // Two in the chart, one in each panel, and one in the legend.
    assert_eq!((panels.len(), shades.len()), (3, 5));
    let expected = [(0, 0.0, 0.2), (0, 0.7, 1.0), (1, 0.7, 1.0), (2, 0.0, 0.2)];
    for ((panel, from, to), shade) in expected.into_iter().zip(shades) {
        let [x, y, width, height] = panels[panel];
        for (got, expected) in
            shade
                .into_iter()
                .zip([x + from * width, y, (to - from) * width, height])
        {
            // Two digits after the decimal point are written.
            assert!((got - expected).abs() < 0.02, "{shade:?}: {expected}");
        }
    }
    // The bound at 0.6 across the second panel, the marks at 0.45: 3/4 of the chart, all of the second panel, and of
    // the third, whose scale has room above four rows, one row.
    let [x, y, width, height] = panels[1];
    let level = y + height * 0.4;
    let across = format!(
        "<path d=\"M{} {}L{} {}\"",
        shown(x),
        shown(level),
        shown(x + width),
        shown(level)
    );
    assert!(svg.contains(&across), "{across}");
    let dots = svg.lines().filter(|line| line.starts_with("<circle"));
    let dots = dots.map(|line| ["cx", "cy"].map(|name| number(line, name)));
    let levels = [0.75, 1.0, 1.0 / (4.0 * 1.04)];
    for ([cx, cy], ([x, y, width, height], level)) in dots.zip(panels.into_iter().zip(levels)) {
        assert!((cx - (x + 0.45 * width)).abs() < 0.02, "{cx}");
        assert!((cy - (y + height * (1.0 - level))).abs() < 0.02, "{cy}");
    }
    insta::assert_snapshot!(skeleton(&picture));
}

/// A coordinate as it is written.
fn shown(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[test]
fn det() {
    let curves = [few(), few_worse()].map(|sweep| det_curve(&sweep, Intermediate::Keep));
    let picture = det_chart(&both(&curves[0], &curves[1]), &at_half()).unwrap();
    assert!(
        picture
            .svg()
            .contains("logistic at threshold 0.5: 0.25, 0.3333.")
    );
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn lift() {
    let curves = [few(), few_worse()].map(|sweep| lift_curve(&sweep));
    let picture = lift_chart(&both(&curves[0], &curves[1]), &at_half()).unwrap();
    // Of 7 rows 3 are predicted positive, and 2 of these 3 are: (2/3) / (3/7).
    assert!(
        picture
            .svg()
            .contains("logistic at threshold 0.5: 0.4286, 1.556.")
    );
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn gain() {
    let curves = [few(), few_worse()].map(|sweep| gain_curve(&sweep));
    let picture = gain_chart(&both(&curves[0], &curves[1]), &at_half()).unwrap();
    assert!(
        picture
            .svg()
            .contains("logistic at threshold 0.5: 0.4286, 0.6667.")
    );
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn ks() {
    let curve = ks_curve(&few());
    let picture = ks_chart(&[Series::new("", &curve)], &at_half()).unwrap();
    // At 0.45 all positives and one of four negatives.
    assert!(words(&picture).contains(&"KS 0.75 at 0.45"));
    insta::assert_snapshot!(skeleton(&picture));
    let other = ks_curve(&few_worse());
    let picture = ks_chart(&both(&curve, &other), &at_half()).unwrap();
    assert!(words(&picture).contains(&"forest: negative rows"));
}

#[test]
fn calibration() {
    let options = CalibrationOptions::default();
    let curves = [few(), few_worse()].map(|sweep| calibration_curve(&sweep, &options).unwrap());
    let series = both(&curves[0], &curves[1]);
    let picture = calibration_chart(&series, &ChartOptions::default()).unwrap();
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn net_benefit() {
    let places = (1..10)
        .map(|tenth| f64::from(tenth) / 10.0)
        .collect::<Vec<_>>();
    let curves = [few(), few_worse()].map(|sweep| net_benefit_curve(&sweep, &places).unwrap());
    let series = both(&curves[0], &curves[1]);
    let picture = net_benefit_chart(&series, &at_half()).unwrap();
    // The rows are the same, and so is what treating all of them brings.
    let words = words(&picture);
    assert_eq!(
        words
            .iter()
            .filter(|word| word.contains("treat all"))
            .count(),
        1
    );
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn cost() {
    let costs = "fp=1,fn=3".parse::<Costs>().unwrap();
    let curves = [few(), few_worse()].map(|sweep| cost_curve(&sweep, &costs).unwrap());
    let picture = cost_chart(&both(&curves[0], &curves[1]), &at_half()).unwrap();
    // At 0.45 there is one false alarm in 7 rows.
    assert!(picture.svg().contains("Lowest: 0.1429 at threshold 0.45."));
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn envelope() {
    let envelopes = [few(), few_worse()].map(|sweep| cost_envelope(&sweep).unwrap());
    let series = both(&envelopes[0], &envelopes[1]);
    let picture = cost_envelope_chart(&series, &ChartOptions::default()).unwrap();
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn distribution() {
    let picture = distribution_chart(&few(), ["ham", "spam"], &at_half()).unwrap();
    assert!(words(&picture).contains(&"ham (rows: 4)"));
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn flow() {
    let [from, to] = [0.5, 0.3].map(|threshold| Threshold::new(threshold).unwrap());
    let picture = flow_chart(&moves(&few(), from, to), &ChartOptions::default()).unwrap();
    // 0.45 is found, 0.4 is added to the false alarms.
    assert!(picture.svg().contains(
        "1 false negative becomes a true positive, 1 true negative becomes a false positive."
    ));
    insta::assert_snapshot!(skeleton(&picture));
    let still = flow_chart(&moves(&few(), from, from), &ChartOptions::default()).unwrap();
    assert!(still.svg().contains("no row moves"));
}

#[test]
fn a_curve_of_many_points_stays_a_small_file() {
    let n_samples = 300_000_u32;
    let score = |index: u32| f64::from(index.wrapping_mul(2_654_435_761)) / f64::from(u32::MAX);
    let scores = (0..n_samples).map(score).collect::<Vec<_>>();
    let is_positive =
        (0..n_samples).map(|index| score(index.wrapping_mul(7) + 3) < scores[index as usize]);
    let sweep = table(is_positive.collect(), scores.clone());
    let curve = roc_curve(&sweep, Intermediate::Keep);
    let picture = roc_chart(&[Series::new("", &curve)], &ChartOptions::default()).unwrap();
    assert!(picture.svg().len() < 120_000, "{}", picture.svg().len());
    let picture = cells_chart(&sweep, &ChartOptions::default()).unwrap();
    assert!(picture.svg().len() < 400_000, "{}", picture.svg().len());
}
