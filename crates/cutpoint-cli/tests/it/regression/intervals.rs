//! Intervals at a prevalence: one owner, wherever they are told.

use cutpoint_metrics::{Metric, catalog};
use serde_json::{Value, json};

use super::statistics::from_rates;
use crate::Sandbox;

/// Counts of tp, fp, fn, tn in 200 rows of each class, all but one with a cell that is empty or nearly so.
const MATRICES: [[u32; 4]; 7] = [
    [56, 0, 144, 200],
    [60, 1, 140, 199],
    [0, 10, 200, 190],
    [200, 8, 0, 192],
    [120, 200, 80, 0],
    [200, 0, 0, 200],
    [130, 30, 70, 170],
];

/// What `check` and the formula here may differ by: `check` takes cells of whole rows to the prevalence, which add up
/// to their class but for rounding.
const ROUNDING: f64 = 1e-12;

/// A file of two scores with a matrix at the higher, and the flags that leave no other threshold.
fn with_matrix([tp, fp, fn_, tn]: [u32; 4]) -> (Sandbox, String) {
    let mut text = "y_true,y_score\n".to_owned();
    for (count, row) in [(tp, "1,0.9"), (fp, "0,0.9"), (fn_, "1,0.1"), (tn, "0,0.1")] {
        for _ in 0..count {
            text.push_str(row);
            text.push('\n');
        }
    }
    let rates = [("recall", tp), ("fpr", fp)].map(|(name, count)| {
        let rate = f64::from(count) / 200.0;
        format!(" --subject-to {name}>={rate} --subject-to {name}<={rate}")
    });
    (Sandbox::with("s.csv", text), rates.concat())
}

/// Wilson, 1927.
fn wilson(share: f64, n: f64, z: f64) -> [f64; 2] {
    let square = z * z / n;
    let middle = share + square / 2.0;
    let half = z * (share * (1.0 - share) / n + square / n / 4.0).sqrt();
    [middle - half, middle + half].map(|end| (end / (1.0 + square)).clamp(0.0, 1.0))
}

/// Newcombe, 2011, as `at_a_prevalence` of `tests/golden/generate_uncertainty.py` has it on 2000 parts of a quarter
/// circle, here on as many as the library takes, so that nothing but rounding is between them.
fn newcombe(name: &str, recall: f64, fpr: f64, prevalence: f64) -> [f64; 2] {
    const Z: f64 = 1.959_963_984_540_054;
    let mut ends = [f64::INFINITY, f64::NEG_INFINITY];
    for part in 0..=64 {
        let angle = f64::from(part) / 64.0 * std::f64::consts::FRAC_PI_2;
        for recall in wilson(recall, 200.0, Z * angle.cos()) {
            for fpr in wilson(fpr, 200.0, Z * angle.sin()) {
                let value = from_rates(name, recall, fpr, prevalence);
                // Minimum and maximum leave out what is undefined.
                ends = [ends[0].min(value), ends[1].max(value)];
            }
        }
    }
    ends
}

fn is_moved(metric: &Metric) -> bool {
    !metric.is_within_classes() && metric.name() != "prevalence"
}

#[track_caller]
fn check_same(told: &Value, interval: &Value, what: &str) {
    for key in ["low", "high", "method"] {
        assert_eq!(told[key], interval[key], "{what}: {told}, {interval}");
    }
}

#[test]
fn equal_matrices_have_equal_intervals() {
    for matrix in MATRICES {
        let (sandbox, forced) = with_matrix(matrix);
        let [recall, fpr] = [matrix[0], matrix[1]].map(|count| f64::from(count) / 200.0);
        for prevalence in [0.02, 0.5, 0.9] {
            let line = format!(
                "--prevalence {prevalence}{forced} --validate s.csv --save point.json --format json"
            );
            let first = sandbox.json(&format!("choose s.csv --maximize recall {line}"));
            let is_defined = |metric: &&Metric| !first[metric.name()].is_null();
            let defined = catalog().iter().filter(is_defined).collect::<Vec<_>>();
            let bounds = defined
                .iter()
                .map(|metric| format!(" --subject-to {metric}>=-1e9"));
            let bounds = bounds.collect::<String>();
            let json = sandbox.json(&format!("choose s.csv --maximize recall {line}{bounds}"));
            assert_eq!(
                json["confusion_matrix"],
                json!([[matrix[3], matrix[1]], [matrix[2], matrix[0]]])
            );
            let point = serde_json::from_str::<Value>(&sandbox.text("point.json")).unwrap();
            let checked = sandbox.json("check point.json s.csv --format json");
            let mut n_moved = 0;
            for (place, metric) in defined.iter().enumerate() {
                let name = metric.name();
                let what = format!("{name}, {matrix:?}, {prevalence}");
                let interval = &json["intervals"][name];
                let held_out = &json["validation"]["intervals"][name];
                check_same(held_out, interval, &what);
                let saved = point["intervals"].as_array().unwrap().iter();
                let mut saved = saved.filter(|told| told["metric"] == json!(name));
                check_same(saved.next().unwrap_or(&Value::Null), interval, &what);
                if !is_moved(metric) {
                    continue;
                }
                n_moved += 1;
                let [low, high] = ["low", "high"].map(|end| interval[end].as_f64().unwrap());
                assert_eq!(interval["method"], "propagated", "{what}");
                let constraint = &checked["constraints"][4 + place];
                assert_eq!(constraint["metric"], json!(name));
                let checked = [0, 1].map(|end| constraint["interval"][end].as_f64().unwrap());
                for (checked, end) in checked.into_iter().zip([low, high]) {
                    assert!(
                        (checked - end).abs() <= ROUNDING,
                        "{what}: {constraint}, {interval}"
                    );
                }
                assert_eq!(constraint["method"], "propagated", "{what}");
                let expected = newcombe(name, recall, fpr, prevalence);
                for (got, expected) in [(low, expected[0]), (high, expected[1])] {
                    let close = (got - expected).abs() <= ROUNDING;
                    assert!(close, "{what}: {interval}, {expected}");
                }
            }
            assert!(n_moved >= 11, "{matrix:?}: {n_moved}");
        }
    }
}

#[test]
fn what_was_chosen_for_has_the_same_interval_on_the_same_rows() {
    for matrix in MATRICES {
        let (sandbox, forced) = with_matrix(matrix);
        for bootstrap in ["", " --bootstrap 50"] {
            let line = format!("--prevalence 0.02{forced} --validate s.csv{bootstrap}");
            let goals = catalog().iter().filter(|metric| is_moved(metric));
            let goals = goals.map(|metric| format!("--maximize {metric}"));
            for goal in goals.chain(["--cost fp=1,fn=5".to_owned()]) {
                let what = format!("{goal}, {matrix:?}{bootstrap}");
                let run = format!("choose s.csv {goal} {line} --format json");
                let run = sandbox.run(&run.split(' ').collect::<Vec<_>>());
                if run.code == Some(1) && run.stderr.contains("is undefined at every threshold") {
                    continue;
                }
                let json = serde_json::from_str::<Value>(&run.stdout).unwrap();
                let name = json["objective"]["name"].as_str().unwrap();
                let interval = &json["intervals"][name];
                assert!(
                    interval["low"].as_f64() < interval["high"].as_f64(),
                    "{what}"
                );
                check_same(&json["validation"]["objective_interval"], interval, &what);
            }
        }
    }
}

#[test]
fn no_resample_has_a_row_of_an_empty_cell() {
    const EMPTY: &str = "no row is a false positive, and so none in any resample";
    let (sandbox, forced) = with_matrix([56, 0, 144, 200]);
    for (flags, n_told) in [
        (" --prevalence 0.02 --bootstrap 20 --validate s.csv", 1),
        (" --prevalence 0.02 --bootstrap 20 --stratified --cv 2", 1),
        (" --prevalence 0.02", 0),
        (" --bootstrap 20", 0),
    ] {
        let line = format!("choose s.csv --maximize accuracy{forced}{flags}");
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(
            run.stderr.matches(EMPTY).count(),
            n_told,
            "{flags}: {run:?}"
        );
        let json = sandbox.json(&format!("{line} --format json"));
        let told = json["warnings"].as_array().unwrap().iter();
        let told = told.filter(|told| told.as_str().unwrap().starts_with(EMPTY));
        assert_eq!(told.count(), n_told, "{flags}");
    }
    let (sandbox, forced) = with_matrix([60, 1, 140, 199]);
    let line = format!("choose s.csv --maximize accuracy{forced} --prevalence 0.02 --bootstrap 20");
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert!(!run.stderr.contains("in any resample"), "{run:?}");
}
