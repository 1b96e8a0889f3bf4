//! Rounding must decide neither constraints nor ties, and what mixed-up inputs look like is said.

use serde_json::{Value, json};

use super::case;
use crate::Sandbox;

#[track_caller]
fn choose(name: &str, flags: &str) -> Value {
    let path = case(name);
    Sandbox::new().json(&format!("choose {} {flags} --format json", path.display()))
}

#[track_caller]
fn check_tied(choice: &Value, threshold: &Value, value: f64, tied: &Value) {
    assert_eq!(choice["threshold"], *threshold);
    assert_eq!(choice["objective"]["value"], json!(value));
    assert_eq!(choice["tied"], *tied);
}

#[test]
fn hundredths_are_the_nearest_double() {
    // Scores 1 … 2000, even ones positive. 999 of 1000 positives lie at 4 or above, 7 of 1000 negatives at 1987 or
    // above.
    for bound in ["99.9%", "0.999", "9.99e1%"] {
        let choice = choose(
            "pct.csv",
            &format!("--maximize specificity --subject-to recall>={bound}"),
        );
        assert_eq!(choice["threshold"], json!(4.0), "{bound}");
    }
    for bound in ["0.7%", "0.007"] {
        let choice = choose(
            "pct.csv",
            &format!("--maximize recall --subject-to fpr<={bound}"),
        );
        assert_eq!(choice["threshold"], json!(1986.0), "{bound}");
    }
    // 14 of 2000 rows: the capacity is a share, too.
    for capacity in ["0.7%", "14"] {
        let choice = choose(
            "pct.csv",
            &format!("--maximize recall --capacity {capacity}"),
        );
        assert_eq!(choice["threshold"], json!(1988.0), "{capacity}");
    }
}

#[test]
fn a_bound_that_is_reached_exactly_is_met() {
    // 8 of 50 positives and 3 of 50 negatives at 0.9: (0.16 + 0.94) / 2.
    let choice = choose(
        "ba55.csv",
        "--maximize recall --subject-to balanced_accuracy>=0.55",
    );
    assert_eq!(choice["threshold"], json!(0.9));
    // 8 of 50 positives and 5 of 50 negatives: 0.16 / 0.1.
    let choice = choose("lr16.csv", "--maximize recall --subject-to lr+>=1.6");
    assert_eq!(choice["threshold"], json!(0.9));
}

#[test]
fn equal_values_are_tied() {
    // Of 5 positives and 5 negatives: (1/5 + 5/5) / 2 at 0.9, (2/5 + 4/5) / 2 at 0.5. The higher threshold is taken.
    let choice = choose("tie_ba.csv", "--maximize balanced_accuracy");
    check_tied(&choice, &json!(0.9), 0.6, &json!([0.9, 0.5]));
    // Of 3 positives and 5 negatives: (1/3) / (1/5) at 0.9, (3/3) / (3/5) at 0.5.
    let choice = choose("tie_lr.csv", "--maximize lr+");
    check_tied(&choice, &json!(0.9), 5.0 / 3.0, &json!([0.9, 0.5]));
}

#[test]
fn the_prevalence_of_the_data_changes_nothing() {
    // 41 of 100 rows are positive, and no threshold is right more often than predicting none.
    let choice = choose("prev_1.csv", "--maximize accuracy --prevalence 0.41");
    check_tied(&choice, &json!(null), 0.59, &json!([null]));
    for metric in ["accuracy", "f1", "precision", "mcc", "cohen_kappa"] {
        let plain = choose("prev_1.csv", &format!("--maximize {metric}"));
        let same = choose(
            "prev_1.csv",
            &format!("--maximize {metric} --prevalence 0.41"),
        );
        for key in ["threshold", "tied", "objective"] {
            assert_eq!(plain[key], same[key], "{metric}: {key}");
        }
    }
}

#[test]
fn weights_of_any_size_are_added_up() {
    // Equal weights count nothing: of the four pairs, three are in order. The smallest double there is.
    let path = case("nan_weights.csv");
    let line = format!("evaluate {} --weight w --format json", path.display());
    assert_eq!(Sandbox::new().json(&line)["roc_auc"], json!(0.75));
    let sandbox = Sandbox::with("s.csv", "y_true,y_score,w\n1,0.9,1e308\n0,0.2,1e308\n");
    for command in ["evaluate", "sweep", "choose --maximize f1", "curve roc"] {
        let line = format!("{command} s.csv --weight w");
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert!(
            run.stderr.contains("must sum to at most"),
            "{command}: {}",
            run.stderr
        );
    }
}

#[test]
fn names_that_mean_several_things_are_no_metric() {
    // caret's detection rate is tp / n, others' is recall; a positive rate may be of labels or of predictions.
    let path = case("prev.csv");
    for name in ["detection_rate", "positive_rate"] {
        let line = format!("choose {} --maximize {name}", path.display());
        let run = Sandbox::new().run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, Some(2), "{name}: {}", run.stderr);
    }
}
