//! Values, intervals, tests and pictures that speak of the same population.

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
    // 56 of 200 positives and no negative at 0.7207: 0.02 * 0.28 + 0.98 = 0.9856. A stratified bootstrap of 200 positives
    // gives 0.9844 – 0.9868: recall 0.22 – 0.34 by the binomial distribution, times 0.02.
    let path = case("prev.csv");
    let line = format!(
        "choose {} --maximize accuracy --prevalence 0.02",
        path.display()
    );
    for flags in ["", " --bootstrap 2000"] {
        let text = Sandbox::new().ok(&format!("{line}{flags}"));
        let accuracy = row(&text, "accuracy");
        assert_eq!(accuracy[1], "0.9856");
        let ends = [accuracy[2], accuracy[4]].map(|end| end.parse::<f64>().unwrap());
        assert!(
            (ends[0] - 0.9844).abs() < 3e-4 && (ends[1] - 0.9868).abs() < 3e-4,
            "{ends:?}"
        );
        let json = Sandbox::new().json(&format!("{line}{flags} --format json"));
        let there = &json["deployment"];
        assert_eq!(there["accuracy"], json!(0.9856));
        let interval = &there["intervals"]["accuracy"];
        assert!(
            (interval["low"].as_f64().unwrap() - 0.9844).abs() < 3e-4,
            "{interval}"
        );
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
fn a_prevalence_that_was_given_is_kept() {
    let path = case("p.csv");
    let line = format!(
        "choose {} --maximize f1 --prevalence 0.1 --subject-to prevalence>=0.1 --cv 3",
        path.display()
    );
    let text = Sandbox::new().ok(&line);
    assert!(!text.contains("is not kept"), "{text}");
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
    assert!(!text.contains("is not kept"), "{text}");
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
    assert!(!text.contains("is not kept"), "{text}");
    let _: Value = sandbox.json(&format!("{line} --format json"));
}
