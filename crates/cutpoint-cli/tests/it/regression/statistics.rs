//! Values, intervals, tests and pictures that speak of the same population.

use cutpoint_metrics::{Direction, Metric, catalog};
use serde_json::{Value, json};

use super::case;
use crate::Sandbox;

/// The line of a table that begins with a word.
#[track_caller]
fn row<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let line = text
        .lines()
        .find(|line| line.split_whitespace().next() == Some(name));
    line.unwrap().split_whitespace().collect()
}

#[test]
fn a_value_at_a_prevalence_stands_beside_its_own_interval() {
    // 56 of 200 positives and no negative at 0.7207: 0.02 * 0.28 + 0.98 = 0.9856. A stratified bootstrap of 200
    // positives gives 0.9844 – 0.9868: recall 0.22 – 0.34 by the binomial distribution, times 0.02. Newcombe's
    // propagation, in Python's floats on 2000 angles, gives 0.9671 – 0.9869: the false positive rate may be 0.0188.
    let path = case("prev.csv");
    let line = format!(
        "choose {} --maximize accuracy --prevalence 0.02",
        path.display()
    );
    for (flags, expected) in [
        ("", [0.9671, 0.9869]),
        (" --bootstrap 2000", [0.9844, 0.9868]),
    ] {
        let text = Sandbox::new().ok(&format!("{line}{flags}"));
        let accuracy = row(&text, "accuracy");
        assert_eq!(accuracy[1], "0.9856");
        let ends = [accuracy[2], accuracy[4]].map(|end| end.parse::<f64>().unwrap());
        assert!(
            (ends[0] - expected[0]).abs() < 3e-4 && (ends[1] - expected[1]).abs() < 3e-4,
            "{ends:?}"
        );
        let json = Sandbox::new().json(&format!("{line}{flags} --format json"));
        assert_eq!(json["accuracy"], json!(0.9856));
        let interval = &json["intervals"]["accuracy"];
        assert!(
            (interval["low"].as_f64().unwrap() - expected[0]).abs() < 3e-4,
            "{interval}"
        );
    }
}

#[test]
fn an_empty_cell_leaves_no_metric_certain() {
    // 56 of 200 positives and no negative at 0.7207. By Newcombe's propagation, in NumPy (`at_a_prevalence` of
    // tests/golden/generate_uncertainty.py): precision at a prevalence of 0.02 may be as low as 0.2304.
    let path = case("prev.csv");
    let sandbox = Sandbox::new();
    for flags in ["", " --bootstrap 500", " --bootstrap 500 --stratified"] {
        let json = sandbox.json(&format!(
            "choose {0} --maximize precision --subject-to recall>=0.28 --prevalence 0.02{flags} --validate {0} \
             --save point.json --format json",
            path.display()
        ));
        assert_eq!(json["objective"]["value"], json!(1.0));
        let intervals = json["intervals"].as_object().unwrap();
        assert!(intervals.len() > 15, "{intervals:?}");
        for (name, interval) in intervals {
            assert!(
                interval["low"].as_f64() < interval["high"].as_f64(),
                "{name}: {interval}"
            );
        }
        let point = serde_json::from_str::<Value>(&sandbox.text("point.json")).unwrap();
        let saved = point["intervals"].as_array().unwrap();
        let saved = saved
            .iter()
            .find(|told| told["metric"] == "precision")
            .unwrap();
        let held_out = &json["validation"]["objective_interval"];
        for interval in [&intervals["precision"], saved, held_out] {
            assert!(
                (interval["low"].as_f64().unwrap() - 0.230_424).abs() < 2e-4,
                "{interval}"
            );
            assert_eq!(interval["high"], json!(1.0));
            assert_eq!(interval["method"], "propagated");
        }
    }
}

#[test]
fn every_value_lies_in_its_interval_at_any_prevalence() {
    let path = case("prev.csv");
    for prevalence in [
        "",
        "--prevalence 0.02",
        "--prevalence 0.5",
        "--prevalence 0.9",
    ] {
        let line = format!("choose {} --maximize f1 {prevalence}", path.display());
        let text = Sandbox::new().ok(line.trim_end());
        let mut n_intervals = 0;
        for line in text.lines().filter(|line| line.contains(" – ")) {
            let words = line.split_whitespace().collect::<Vec<_>>();
            let numbers =
                [1, 2, 4].map(|place| words.get(place).and_then(|word| word.parse::<f64>().ok()));
            if let [Some(value), Some(low), Some(high)] = numbers {
                assert!(low <= value && value <= high, "{prevalence}: {line}");
                n_intervals += 1;
            }
        }
        assert!(n_intervals >= 5, "{prevalence}: {text}");
    }
}

#[test]
fn a_constraint_on_a_prevalence_that_was_given_is_satisfied() {
    let path = case("p.csv");
    let line = format!(
        "choose {} --maximize f1 --prevalence 0.1 --subject-to prevalence>=0.1 --cv 3",
        path.display()
    );
    let text = Sandbox::new().ok(&line);
    assert!(!text.contains("is violated"), "{text}");
}

#[test]
fn counts_are_held_against_as_many_rows_as_they_were_meant_for() {
    // Ten times the same four rows: fp is 10 of 40 there, 1 of 4 as it was meant.
    let (small, large) = (case("tiny_a.csv"), case("tiny_b.csv"));
    let (small, large) = (small.display(), large.display());
    let sandbox = Sandbox::new();
    let line = format!(
        "choose {small} --maximize recall --subject-to fp<=1 --validate {large} --save point.json"
    );
    let text = sandbox.ok(&line);
    assert!(!text.contains("is violated"), "{text}");
    assert!(text.contains("taken from those 40 rows to 4"), "{text}");
    let json = sandbox.json(&format!("{line} --format json"));
    let constraint = &json["validation"]["constraints"][0];
    assert_eq!(
        (&constraint["value"], &constraint["is_met"]),
        (&json!(1.0), &json!(true))
    );
    let checked = sandbox.json(&format!("check point.json {large} --format json"));
    assert_eq!(checked["constraints"][0]["value"], json!(1.0));
    let line = format!("choose {small} --maximize recall --capacity 3 --validate {large}");
    let text = sandbox.ok(&line);
    assert!(!text.contains("is violated"), "{text}");
    let _: Value = sandbox.json(&format!("{line} --format json"));
}

/// Every metric of the catalogue, from recall, the false positive rate and the prevalence alone: a page of algebra on
/// `tp = p r`, `fn = p (1 - r)`, `fp = (1 - p) f`, `tn = (1 - p) (1 - f)`.
pub(super) fn from_rates(name: &str, r: f64, f: f64, p: f64) -> f64 {
    let [tp, fn_, fp, tn] = [p * r, p * (1.0 - r), (1.0 - p) * f, (1.0 - p) * (1.0 - f)];
    let (flagged, passed) = (tp + fp, fn_ + tn);
    let f_beta = |square: f64| (1.0 + square) * tp / ((1.0 + square) * tp + square * fn_ + fp);
    match name {
        "accuracy" => tp + tn,
        "balanced_accuracy" => (r + 1.0 - f) / 2.0,
        "error_rate" => fp + fn_,
        "precision" => tp / flagged,
        "recall" => r,
        "specificity" => 1.0 - f,
        "npv" => tn / passed,
        "fpr" => f,
        "fnr" => 1.0 - r,
        "fdr" => fp / flagged,
        "for" => fn_ / passed,
        "f1" => f_beta(1.0),
        "f2" => f_beta(4.0),
        "f0_5" => f_beta(0.25),
        "jaccard" => tp / (tp + fp + fn_),
        "mcc" => (tp * tn - fp * fn_) / (flagged * passed * p * (1.0 - p)).sqrt(),
        "cohen_kappa" => {
            let chance = p * flagged + (1.0 - p) * passed;
            (tp + tn - chance) / (1.0 - chance)
        }
        "youden" => r - f,
        "markedness" => tp / flagged + tn / passed - 1.0,
        "fowlkes_mallows" => (tp / flagged * r).sqrt(),
        "likelihood_ratio_positive" => r / f,
        "likelihood_ratio_negative" => (1.0 - r) / (1.0 - f),
        "diagnostic_odds_ratio" => r / f / ((1.0 - r) / (1.0 - f)),
        "prevalence" => p,
        "predicted_positive_rate" => flagged,
        other => panic!("{other} has no formula here"),
    }
}

/// 90 positive and 210 negative rows, with ties; higher scores are positive more often.
pub(super) fn uneven() -> Sandbox {
    let mut text = "y_true,y_score\n".to_owned();
    for row in 0..300_u32 {
        let place = f64::from(row * 7919 % 1009) / 1009.0;
        let (label, score) = if row % 10 < 3 {
            (1, place.sqrt())
        } else {
            (0, place * place)
        };
        text.push_str(&format!("{label},{score:.2}\n"));
    }
    Sandbox::with("s.csv", text)
}

/// The flags that ask for the best threshold by a metric, far enough from "predict none" and "predict all" for
/// every metric to be defined in nearly all draws.
pub(super) fn best_by(metric: &Metric) -> String {
    let goal = match metric.direction() {
        Direction::Lower => "--minimize",
        _ => "--maximize",
    };
    format!(
        "{goal} {metric} --subject-to recall>=0.3 --subject-to recall<=0.95 --subject-to fpr>=0.05"
    )
}

pub(super) const PREVALENCES: [(&str, Option<f64>); 3] = [
    ("", None),
    (" --prevalence 0.02", Some(0.02)),
    (" --prevalence 0.5", Some(0.5)),
];

#[track_caller]
fn close(got: &Value, expected: f64, what: &str) {
    // Products of a few doubles, rounded one by one.
    const TOLERANCE: f64 = 1e-12;
    let got = got.as_f64().unwrap_or_else(|| panic!("{what}: {got}"));
    let size = expected.abs().max(1.0);
    assert!(
        (got - expected).abs() <= TOLERANCE * size,
        "{what}: {got}, {expected}"
    );
}

#[test]
fn printed_saved_and_checked_values_are_those_at_the_prevalence() {
    let sandbox = uneven();
    for metric in catalog() {
        let name = metric.name();
        for (flag, prevalence) in PREVALENCES {
            let what = format!("{name}{flag}");
            let line = format!(
                "choose s.csv {} --subject-to {name}>=-1e9{flag} --bootstrap 200 --save point.json --format json",
                best_by(metric)
            );
            let json = sandbox.json(&line);
            let [tn, fp, fn_, tp] = [[0, 0], [0, 1], [1, 0], [1, 1]]
                .map(|[row, column]| json["confusion_matrix"][row][column].as_f64().unwrap());
            let p = prevalence.unwrap_or(90.0 / 300.0);
            let expected = from_rates(name, tp / (tp + fn_), fp / (fp + tn), p);
            let value = &json["objective"]["value"];
            close(value, expected, &what);
            assert_eq!(json[name], *value, "{what}");
            assert_eq!(json["at_prevalence"], json!(prevalence), "{what}");
            let interval = &json["intervals"][name];
            // What the rows themselves have is named as theirs.
            let own = json["of_rows"].get(name);
            assert_eq!(own.is_some(), prevalence.is_some(), "{what}");
            if let Some(own) = own {
                let (r, f) = (tp / (tp + fn_), fp / (fp + tn));
                close(own, from_rates(name, r, f, 90.0 / 300.0), &what);
            }
            let point = serde_json::from_str::<Value>(&sandbox.text("point.json")).unwrap();
            assert_eq!(point["objective"]["value"], *value, "{what}");
            assert_eq!(point[name], *value, "{what}");
            let intervals = point["intervals"].as_array().unwrap().iter();
            let mut saved = intervals.filter(|told| told["metric"] == json!(name));
            if name == "prevalence" && prevalence.is_some() {
                // It is given, not measured.
                assert_eq!((interval, saved.next()), (&Value::Null, None), "{what}");
            } else {
                let saved = saved.next().unwrap();
                let ends = ["low", "high"].map(|end| interval[end].as_f64().unwrap());
                for (place, end) in ["low", "high"].into_iter().enumerate() {
                    assert_eq!(saved[end], json!(ends[place]), "{what}");
                }
                let value = value.as_f64().unwrap();
                assert!(ends[0] <= value && value <= ends[1], "{what}: {interval}");
            }
            // On the rows it was chosen on, then and now are the same.
            let checked = sandbox.json("check point.json s.csv --format json");
            let constraint = &checked["constraints"][3];
            assert_eq!(constraint["metric"], json!(name));
            assert_eq!(constraint["then"], *value, "{what}");
            assert_eq!(constraint["value"], *value, "{what}");
            assert_eq!(checked["at_prevalence"], json!(prevalence), "{what}");
            assert_eq!(checked[name], *value, "{what}");
        }
    }
}

#[test]
fn a_cost_at_a_prevalence_has_the_interval_of_it() {
    // Per row: p (1 - r) 100 + (1 - p) f, times 300 rows, here with as many positives in every draw.
    let sandbox = uneven();
    let line = "choose s.csv --cost fp=1,fn=100 --prevalence 0.02 --save point.json --format json";
    for flag in ["", " --bootstrap 500"] {
        let json = sandbox.json(&format!("{line}{flag}"));
        let (r, f) = (
            json["recall"].as_f64().unwrap(),
            json["fpr"].as_f64().unwrap(),
        );
        close(
            &json["objective"]["value"],
            300.0 * (0.02 * (1.0 - r) * 100.0 + 0.98 * f),
            "cost",
        );
        let interval = &json["intervals"]["cost"];
        // Variances of two binomial shares: the positives are worth 600 at p = 0.02, and the negatives 294.
        let spread = (600.0_f64.powi(2) * r * (1.0 - r) / 90.0
            + 294.0_f64.powi(2) * f * (1.0 - f) / 210.0)
            .sqrt();
        let width = interval["high"].as_f64().unwrap() - interval["low"].as_f64().unwrap();
        assert!(
            (width / (2.0 * 1.96 * spread) - 1.0).abs() < 0.15,
            "{width}, {spread}"
        );
        assert_eq!(json["of_rows"]["intervals"]["cost"], Value::Null);
        let point = serde_json::from_str::<Value>(&sandbox.text("point.json")).unwrap();
        let saved = &point["intervals"][0];
        assert_eq!(
            (&saved["metric"], &saved["low"]),
            (&json!("cost"), &interval["low"])
        );
    }
}

#[test]
fn folds_choose_under_their_part_of_a_capacity() {
    // Of 100 rows the 50 with the highest scores may be predicted positive. Of the 80 others of a fold it is 40, and of
    // the 20 in it about 10: on all folds about 50. With room for 50 of the 80, it would be 62. How many it is comes
    // from a loop over scikit-learn's folds, for each `random_state`.
    let rows = (0..100).map(|row| format!("{},{}\n", u8::from(row % 3 == 0 || row > 70), row));
    let text = format!("y_true,y_score\n{}", rows.collect::<String>());
    let sandbox = Sandbox::with("s.csv", text);
    for constraint in [
        "--capacity 50",
        "--subject-to predicted_positives<=50",
        "--subject-to predicted_negatives>=50",
        "--subject-to cost(fp=1,tp=1)<=50",
    ] {
        for (seed, expected) in [49, 45, 48, 48].into_iter().enumerate() {
            let json = sandbox.json(&format!(
                "choose s.csv --maximize recall {constraint} --cv 5 --random-state {seed} --format json"
            ));
            let matrix = &json["validation"]["confusion_matrix"];
            let called = matrix[0][1].as_u64().unwrap() + matrix[1][1].as_u64().unwrap();
            assert_eq!(called, expected, "{constraint}, {seed}");
            // A rate is a rate, whatever the number of rows.
            let rate = sandbox.json(&format!(
                "choose s.csv --maximize recall --subject-to predicted_positive_rate<=0.5 --cv 5 --random-state {seed} \
                 --format json"
            ));
            assert_eq!(
                rate["validation"]["fold_thresholds"],
                json["validation"]["fold_thresholds"]
            );
        }
    }
}

#[test]
fn points_of_a_frontier_are_measured_at_the_prevalence() {
    let sandbox = uneven();
    for (flag, prevalence) in PREVALENCES {
        let json = sandbox.json(&format!(
            "choose s.csv --pareto recall,precision{flag} --format json"
        ));
        assert_eq!(json["at_prevalence"], json!(prevalence));
        let points = json["points"].as_array().unwrap();
        assert!(points.len() > 3, "{flag}: {json}");
        for point in points {
            let [r, f] = ["recall", "fpr"].map(|name| point[name].as_f64().unwrap());
            let p = prevalence.unwrap_or(90.0 / 300.0);
            close(&point["precision"], from_rates("precision", r, f, p), flag);
            assert_eq!(point["precision"], point["precision_value"], "{flag}");
            close(&point["accuracy"], from_rates("accuracy", r, f, p), flag);
        }
    }
}

#[test]
fn groups_and_zones_are_told_at_the_prevalence() {
    // 56 of 200 positives and no negative at 0.7207, as in `a_value_at_a_prevalence_stands_beside_its_own_interval`.
    let text = std::fs::read_to_string(case("prev.csv")).unwrap();
    let rows = text.lines().enumerate().map(|(row, line)| match row {
        0 => format!("{line},g\n"),
        _ => format!("{line},{}\n", ["a", "a", "b"][row % 3]),
    });
    let sandbox = Sandbox::with("s.csv", rows.collect::<String>());
    let line = "choose s.csv --maximize accuracy --prevalence 0.02 --group g";
    let json = sandbox.json(&format!("{line} --format json"));
    assert_eq!(json["at_prevalence"], json!(0.02));
    let shared = &json["shared"];
    assert_eq!(shared["accuracy"], shared["objective"]["value"]);
    assert_eq!(shared["prevalence"], json!(0.02));
    for group in json["groups"].as_array().unwrap() {
        for place in ["at_shared", "own"] {
            let told = &group[place];
            assert_eq!(told["prevalence"], json!(0.02), "{place}");
            // Of each class as many as there are, 2 of 100 rows positive: by the rates within the classes.
            let rate = |name: &str| told[name].as_f64().unwrap();
            let expected = 0.02 * rate("recall") + 0.98 * rate("specificity");
            assert!((rate("accuracy") - expected).abs() < 1e-12, "{place}");
        }
    }
    let text = sandbox.ok(line);
    assert!(
        text.contains("metrics at a prevalence of 0.02 in each group"),
        "{text}"
    );

    // 19.744 is the cost of 400 rows, 8 of them positive. By hand, of the counts at both ends.
    let line = "choose s.csv --cost fp=1,fn=5 --reject-cost 0.2 --prevalence 0.02";
    let json = sandbox.json(&format!("{line} --format json"));
    assert_eq!(json["at_prevalence"], json!(0.02));
    let cell = |row: usize, column: usize| json["confusion_matrix"][row][column].as_f64().unwrap();
    let (positive, negative) = (8.0 / 200.0, 392.0 / 200.0);
    let errors = negative * cell(0, 1) + positive * cell(1, 0);
    let kept = negative * (cell(0, 0) + cell(0, 1)) + positive * (cell(1, 0) + cell(1, 1));
    let is = |name: &str, expected: f64| {
        let got = json[name].as_f64().unwrap();
        assert!((got - expected).abs() < 1e-12, "{name} {got} {expected}");
    };
    is("coverage", kept / 400.0);
    is("error_rate", errors / kept);
    assert!((kept / 400.0 - 0.8932).abs() < 5e-5 && (errors / kept - 0.0063).abs() < 5e-5);
    let text = sandbox.ok(line);
    assert!(
        text.contains("at a prevalence of 0.02") && text.contains("0.8932"),
        "{text}"
    );
}
