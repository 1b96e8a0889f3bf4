//! A word where the input looks mixed up: scores of the other class, confidences, log odds.

use serde_json::Value;

use super::case;
use crate::{Run, Sandbox};

/// What is said of the kinds of mix-up.
const REVERSED: &str = "clearly below 0.5";
const CONFIDENCE: &str = "no score is below 0.5";
const OUTSIDE: &str = "scores lie outside [0, 1]";

/// The files, and what is to be said of each.
const CASES: [(&str, &[&str]); 4] = [
    // All pairs are out of order: AUC 0, though there are four rows only.
    ("reversed.csv", &[REVERSED]),
    // `roc_auc_score` of scikit-learn is 0.1402; margins, so that 0.5 is no middle either.
    ("inv.csv", &[REVERSED, OUTSIDE]),
    ("confidence.csv", &[CONFIDENCE]),
    ("logits.csv", &[OUTSIDE]),
];

/// That each kind is told once on stderr, and that the list in JSON, if there is one, says the same.
#[track_caller]
fn check(what: &str, stderr: &str, json: Option<&Value>, expected: &[&str]) {
    for kind in [REVERSED, CONFIDENCE, OUTSIDE] {
        let times = usize::from(expected.contains(&kind));
        assert_eq!(
            stderr.matches(kind).count(),
            times,
            "{what}: {kind}: {stderr}"
        );
        if let Some(json) = json {
            let warnings = json["warnings"].as_array().unwrap();
            let told = warnings
                .iter()
                .filter(|warning| warning.as_str().unwrap().contains(kind));
            assert_eq!(told.count(), times, "{what}: {kind}: {json}");
        }
    }
}

fn run(sandbox: &Sandbox, line: &str) -> Run {
    sandbox.run(&line.split_whitespace().collect::<Vec<_>>())
}

#[test]
fn every_command_says_so_once() {
    for (name, expected) in CASES {
        let sandbox = Sandbox::new();
        let path = case(name);
        let path = path.to_str().unwrap();
        let ranks = expected.iter().copied().filter(|kind| *kind != OUTSIDE);
        let ranks = ranks.collect::<Vec<_>>();
        sandbox.ok(&format!("choose {path} --maximize f1 --save point.json"));
        // Where nothing takes the scores for probabilities, they may be anything that ranks.
        for (line, expected) in [
            (format!("evaluate {path}"), expected),
            (format!("evaluate {path} --threshold=0.25"), &ranks[..]),
            (format!("sweep {path}"), &ranks[..]),
            (format!("choose {path} --maximize f1"), expected),
            (
                format!("choose {path} --cost fp=1,fn=2 --reject-cost 0.2"),
                &ranks[..],
            ),
            (
                format!("choose {path} --pareto recall,precision"),
                &ranks[..],
            ),
            (format!("curve roc {path}"), &ranks[..]),
            (format!("moves {path} --from 0.5 --to 0.7"), expected),
            (format!("check point.json {path}"), &ranks[..]),
        ] {
            let output = run(&sandbox, &format!("{line} --format json"));
            let json = serde_json::from_str::<Value>(&output.stdout).unwrap();
            check(&line, &output.stderr, Some(&json), expected);
        }
        let output = run(&sandbox, &format!("report {path} -o page.html"));
        check("report", &output.stderr, None, expected);
    }
}

#[test]
fn models_are_told_apart_where_one_is_mixed_up() {
    let rows = "y_true,good,bad\n1,0.9,0.1\n1,0.8,0.2\n0,0.2,0.8\n0,0.1,0.9\n";
    let sandbox = Sandbox::with("models.csv", rows);
    let run = run(
        &sandbox,
        "compare models.csv --score good,bad --format json",
    );
    let json = serde_json::from_str(&run.stdout).unwrap();
    check("compare", &run.stderr, Some(&json), &[REVERSED]);
    assert!(
        run.stderr.contains("warning: bad: the higher"),
        "{}",
        run.stderr
    );
}

#[test]
fn scores_that_are_no_probabilities_have_no_bayes_threshold() {
    let sandbox = Sandbox::new();
    let choose = |name: &str| {
        let path = case(name);
        sandbox.json(&format!(
            "choose {} --cost fp=1,fn=4 --format json",
            path.display()
        ))
    };
    // For probabilities 1 / (1 + 4).
    assert!(choose("confidence.csv").to_string().contains("\"bayes\""));
    assert!(!choose("logits.csv").to_string().contains("\"bayes\""));
}

#[test]
fn an_unpenalised_fit_without_optimum_is_no_fit() {
    let sandbox = Sandbox::new();
    // x0 = 1 is always of class 1, x0 = 0 of either: the coefficient grows for ever (a linear program says so as well).
    let path = case("quasi.csv");
    let line = format!("fit {} --target y --c inf -o model.json", path.display());
    let fitted = run(&sandbox, &line);
    assert!(
        sandbox.text("model.json").contains("\"separable\""),
        "{}",
        fitted.stderr
    );
    // The gradient at 64 roundings of the loss is 1.8e-4, 18,000 times the tolerance.
    let path = case("fit_50.csv");
    let line = format!(
        "fit {} --target y --sample-weight w --tol 1e-8 --max-iter 10000 -o model.json",
        path.display()
    );
    let fitted = run(&sandbox, &line);
    assert!(
        sandbox.text("model.json").contains("\"stalled\""),
        "{}",
        fitted.stderr
    );
    assert!(
        fitted.stderr.contains("short of `tol`"),
        "{}",
        fitted.stderr
    );
}

#[test]
fn a_sweep_of_one_class_says_so() {
    let sandbox = Sandbox::with("one.csv", "y_true,y_score\n1,0.9\n1,0.4\n");
    let warning = "warning: all rows are of one class, `1`: what needs both is undefined\n";
    let run = sandbox.run(&["sweep", "one.csv"]);
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
    sandbox.ok("sweep one.csv --partial-out a.csv -o t.csv");
    sandbox.file("none.csv", "y_true,y_score\n0,0.9\n0,0.4\n");
    let run = sandbox.run(&["sweep", "none.csv", "--partial-out", "b.csv"]);
    assert!(
        run.stderr
            .starts_with("warning: all rows are of one class, `0`"),
        "{}",
        run.stderr
    );
    // Together they have both.
    let run = sandbox.run(&["sweep", "--partial-in", "a.csv", "b.csv"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(!run.stderr.contains("of one class"), "{}", run.stderr);
}

#[test]
fn it_is_said_where_the_choice_cannot_be_measured_too() {
    let sandbox = Sandbox::new();
    for (name, expected) in CASES {
        let path = case(name);
        // As many folds as no file here has rows of a class.
        let line = format!("choose {} --maximize f1 --cv 1000", path.to_str().unwrap());
        let run = run(&sandbox, &line);
        assert_eq!(run.code, Some(1), "{name}: {}", run.stderr);
        assert!(run.stderr.contains("1000 folds"), "{name}: {}", run.stderr);
        check(name, &run.stderr, None, expected);
    }
}
