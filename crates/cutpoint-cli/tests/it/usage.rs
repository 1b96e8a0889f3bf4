//! Command lines that cannot be right: exit code 2, a message that names the flag or parameter, nothing written.

use cutpoint_testkit::golden_cases;
use serde_json::Value;

use crate::Sandbox;

const SCORES: &str = "y_true,y_score\n1,0.75\n0,0.25\n1,0.5\n";

fn with_scores() -> Sandbox {
    Sandbox::with("s.csv", SCORES)
}

/// A flag's value as a person would type it.
fn typed(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(typed).collect::<Vec<_>>().join(","),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The parameter that scikit-learn names first in its message.
fn named(message: &str, params: &Value) -> String {
    let names = params.as_object().unwrap().keys();
    let names = names
        .filter(|name| *name != "n" && *name != "y")
        .collect::<Vec<_>>();
    let found = names.iter().find(|name| message.contains(name.as_str()));
    match (found.or(names.last()), params.get("y")) {
        (Some(name), _) => (*name).clone(),
        // With nothing given to blame, it is the sizes it falls back to, or the labels.
        (None, None) => "train_size".to_owned(),
        (None, Some(_)) => "y".to_owned(),
    }
}

#[test]
fn what_scikit_learn_refuses_is_refused_and_names_the_parameter() {
    let mut n_cases = 0;
    for case in golden_cases("errors.json") {
        let params = &case["params"];
        let sandbox = Sandbox::new();
        let mut args = match case["fn"].as_str().unwrap() {
            "make_classification" => {
                vec!["generate".to_owned(), "-o".to_owned(), "out.csv".to_owned()]
            }
            "train_test_split" => {
                let n_rows = params["n"].as_u64().unwrap();
                let y = params["stratify"].as_array();
                // Labels of other rows than those to split cannot be typed.
                if y.is_some_and(|y| y.len() as u64 != n_rows) {
                    continue;
                }
                let mut rows = "x0,y\n".to_owned();
                for row in 0..n_rows {
                    let label = y.map_or_else(
                        || "0".to_owned(),
                        |y| typed(&y[usize::try_from(row).unwrap()]),
                    );
                    rows.push_str(&format!("{row},{label}\n"));
                }
                sandbox.file("data.csv", rows);
                ["split", "data.csv", "--train", "a.csv", "--test", "b.csv"]
                    .map(str::to_owned)
                    .into()
            }
            "LogisticRegression" => {
                let y = params["y"].as_array().unwrap().iter().enumerate();
                let rows = y
                    .map(|(row, label)| format!("{row},{label}\n"))
                    .collect::<String>();
                sandbox.file("data.csv", format!("x0,y\n{rows}"));
                ["fit", "data.csv", "-o", "model.json"]
                    .map(str::to_owned)
                    .into()
            }
            _ => continue,
        };
        for (name, value) in params.as_object().unwrap() {
            let flag = format!("--{}", name.replace('_', "-").to_lowercase());
            match (name.as_str(), value) {
                ("n" | "y", _) => {}
                ("stratify", _) => args.push(flag),
                ("shuffle", Value::Bool(false)) => args.push("--no-shuffle".to_owned()),
                _ => args.extend([flag, typed(value)]),
            }
        }
        let before = sandbox.listing();
        let run = sandbox.run(&args);
        assert!(matches!(run.code, Some(1 | 2)), "{args:?}: {run:?}");
        assert_eq!(sandbox.listing(), before, "{args:?} left a file");
        let message = run.stderr.to_lowercase().replace('-', "_");
        let parameter = named(case["message"].as_str().unwrap(), params).to_lowercase();
        let is_named = message.contains(&format!("`{parameter}`"))
            || message.contains(&format!("__{parameter}"));
        assert!(
            is_named,
            "{args:?} does not name {parameter}: {}",
            run.stderr
        );
        n_cases += 1;
    }
    assert_eq!(
        n_cases, 33,
        "make_classification 17, train_test_split 14, LogisticRegression 2"
    );
}

#[test]
fn a_threshold_is_a_finite_number() {
    let sandbox = with_scores();
    for (line, flag) in [
        ("evaluate s.csv --threshold", "--threshold <T>"),
        ("moves s.csv --to 0.5 --from", "--from <A>"),
        ("moves s.csv --from 0.5 --to", "--to <B>"),
    ] {
        for value in ["nan", "inf", "-inf", "half"] {
            sandbox.fails(
                &format!("{line}={value}"),
                2,
                &format!(
                    "error: invalid value '{value}' for '{flag}': must be a finite number\n\nFor more information, try \
                     '--help'."
                ),
            );
        }
    }
    sandbox.fails(
        "sweep s.csv --thresholds 0.5,nan",
        2,
        "error: invalid value '0.5,nan' for '--thresholds <all|N|LIST>': \"nan\" must be a finite number\n\n\
         For more information, try '--help'.",
    );
}

#[test]
fn sizes() {
    let sandbox = Sandbox::with("d.csv", "x0,y\n1,0\n2,1\n3,0\n4,1\n");
    let line = "split d.csv --train a.csv --test b.csv --test-size";
    for size in ["0", "0.0", "1.0", "-0.5", "nan"] {
        let run = sandbox.run(&format!("{line} {size}").split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, Some(2), "{size}");
        let expected =
            "error: `test_size` must be a fraction in (0, 1) or a number of rows in [1, inf), got";
        assert!(run.stderr.starts_with(expected), "{}", run.stderr);
    }
    sandbox.fails(
        &format!("{line} third"),
        2,
        "error: invalid value 'third' for '--test-size <SIZE>': must be a fraction such as 0.3 or a number of rows \
         such as 30\n\nFor more information, try '--help'.",
    );
    sandbox.fails(
        &format!("{line} 4"),
        1,
        "error: `test_size` must be below the number of samples 4, got 4 rows",
    );
    assert_eq!(sandbox.listing(), ["d.csv"]);
}

#[test]
fn flags_of_another_kind_of_data() {
    let sandbox = Sandbox::new();
    for (line, message) in [
        (
            "--kind blobs --flip-y 0.1",
            "`--flip-y` is for `--kind classification`, not for `--kind blobs`",
        ),
        (
            "--kind moons --n-features 3",
            "`--n-features` is for `--kind classification` and `--kind blobs`, not for `--kind moons`",
        ),
        (
            "--kind moons --factor 0.5",
            "`--factor` is for `--kind circles`, not for `--kind moons`",
        ),
        (
            "--noise 0.1",
            "`--noise` is for `--kind moons` and `--kind circles`, not for `--kind classification`",
        ),
        (
            "--kind circles --weights 0.5",
            "`--weights` is for `--kind classification`, not for `--kind circles`",
        ),
        (
            "--kind circles --no-hypercube",
            "`--no-hypercube` is for `--kind classification`, not for `--kind circles`",
        ),
    ] {
        sandbox.fails(
            &format!("generate -o out.csv {line}"),
            2,
            &format!("error: {message}"),
        );
    }
}

#[test]
fn values_outside_their_domain() {
    let sandbox = Sandbox::with("d.csv", "x0,y\n1,0\n2,1\n");
    for (line, message) in [
        (
            "generate -o o.csv --kind circles --factor 1",
            "`factor` must be in [0, 1), got 1.0",
        ),
        (
            "generate -o o.csv --kind moons --noise -1",
            "`noise` must be in [0, inf), got -1.0",
        ),
        (
            "generate -o o.csv --kind blobs --centers 0",
            "`centers` must be in [1, inf), got 0",
        ),
        (
            "generate -o o.csv --rng chacha --n-samples 0",
            "`n_samples` must be in [1, inf), got 0",
        ),
        (
            "fit d.csv -o m.json --c 0",
            "`c` must be in (0, inf], got 0",
        ),
        (
            "fit d.csv -o m.json --max-iter 0",
            "`max_iter` must be at least 1, got 0",
        ),
        (
            "fit d.csv -o m.json --tol -1",
            "`tol` must be in [0, inf), got -1",
        ),
        (
            "fit d.csv -o m.json --penalty l1",
            "`penalty` must be l2 or none for the solver lbfgs, got l1",
        ),
        (
            "fit d.csv -o m.json --penalty elasticnet",
            "`l1_ratio` must be given for the penalty elasticnet",
        ),
        (
            "fit d.csv -o m.json --l1-ratio 0.5",
            "`l1_ratio` must be given for the penalty elasticnet only, got 0.5 for l2",
        ),
        (
            "fit d.csv -o - --format json",
            "`--format json` and `--output -` cannot both write to stdout",
        ),
    ] {
        sandbox.fails(line, 2, &format!("error: {message}"));
    }
}

#[test]
fn data_that_do_not_fit_into_memory() {
    let sandbox = Sandbox::new();
    sandbox.fails(
        "generate -o o.csv --n-samples 99999999999999",
        1,
        "error: 99999999999999 rows of 20 features do not fit into memory; `--kind classification --rng chacha` makes \
         data of any size",
    );
    sandbox.fails(
        "generate -o o.csv --n-samples 999999999999999999",
        2,
        "error: `n_samples` * `n_features` must be addressable in memory, got 999999999999999999 * 20",
    );
}

#[test]
fn two_outputs_are_two_files() {
    let sandbox = Sandbox::with("d.csv", "x0,y\n1,0\n2,1\n");
    sandbox.fails(
        "split d.csv --train a.csv --test a.csv",
        2,
        "error: `--train a.csv` and `--test a.csv` must name two files: both lead to one",
    );
    let run = sandbox.run(&["split", "d.csv"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--train <FILE>"), "{}", run.stderr);
}

#[test]
fn evaluate() {
    let sandbox = with_scores();
    for (line, message) in [
        (
            "--names A",
            "`--names` must have 2 names, one for each class, got 1",
        ),
        (
            "--labels 1,1",
            "`labels` must name each label once, got `1` twice",
        ),
        ("--digits 1001", "`digits` must be in [0, 1000], got 1001"),
        ("--predicted y_score --label y_true --layout textbook", ""),
    ] {
        let run = sandbox.run(
            &format!("evaluate s.csv {line}")
                .split(' ')
                .collect::<Vec<_>>(),
        );
        if message.is_empty() {
            // Scores are no labels.
            assert_eq!(run.code, Some(1));
            assert!(
                run.stderr.contains("must be a class label"),
                "{}",
                run.stderr
            );
        } else {
            sandbox.fails(
                &format!("evaluate s.csv {line}"),
                2,
                &format!("error: {message}"),
            );
        }
    }
    sandbox.file("p.csv", "y_true,y_pred\na,b\nb,b\nc,c\n");
    sandbox.fails(
        "evaluate p.csv --predicted y_pred --layout textbook",
        2,
        "error: `--layout textbook` puts the positive class first: name it with `--positive CLASS`",
    );
    for conflict in ["--threshold 0.5", "--score y_pred"] {
        let line = format!("evaluate p.csv --predicted y_pred {conflict}");
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, Some(2), "{line}");
        assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
    }
}

#[test]
fn fit() {
    let sandbox = Sandbox::with("d.csv", "x0,y\n1,a\n2,b\n3,c\n");
    sandbox.fails(
        "fit d.csv -o m.json --positive a",
        1,
        "error: `--positive` must not be given for more than two classes; `y` has 3",
    );
    sandbox.fails(
        "fit d.csv -o m.json --target x0 --sample-weight x0",
        1,
        "error: d.csv: column `x0` cannot be both the target and the sample weight",
    );
}

#[test]
fn metrics_by_name() {
    let sandbox = with_scores();
    let run = sandbox.run(&["sweep", "s.csv", "--metrics", "precision,recal"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr
            .contains("`metric` must be one of accuracy, balanced_accuracy"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("got \"recal\""), "{}", run.stderr);
    let run = sandbox.run(&["sweep", "s.csv", "--metrics", "recall,sensitivity"]);
    assert!(
        run.stderr
            .contains("must name each metric once, got `recall` twice"),
        "{}",
        run.stderr
    );
}

#[test]
fn endings_of_no_format() {
    let sandbox = with_scores();
    // Those of outputs cannot be right, whatever is read.
    for (line, path, code) in [
        ("evaluate scores.json", "scores.json", 1),
        ("generate -o data.feather", "data.feather", 2),
        ("sweep s.csv -o sweep.xlsx", "sweep.xlsx", 2),
        ("sweep s.csv --partial-out part.txt", "part.txt", 2),
        (
            "moves s.csv --from 0.5 --to 0.7 --rows rows.txt",
            "rows.txt",
            2,
        ),
        ("curve roc s.csv -o roc.txt", "roc.txt", 2),
        ("choose s.csv --pareto recall,fpr -o f.txt", "f.txt", 2),
        ("split s.csv --train a.csv --test b.tsv", "b.tsv", 2),
        ("split missing.csv --train a.txt", "a.txt", 2),
    ] {
        let ending = path.split_once('.').unwrap().1;
        let message = format!(
            "error: {path}: \".{ending}\" files are not supported; .csv, .parquet (.pq) and .npy are, and `-` for CSV \
             on stdin or stdout"
        );
        sandbox.fails(line, code, &message);
    }
}

#[test]
fn columns_that_cannot_be_added_or_copied() {
    let sandbox = Sandbox::with("s.csv", "move,y_true,y_score\nx,1,0.9\n,0,0.5\n");
    sandbox.fails(
        "moves s.csv --from 0.5 --to 0.7 --rows rows.csv",
        1,
        "error: s.csv: there is a column `move` already, which leaves no name for the column to be added",
    );
    sandbox.fails(
        "split s.csv --train a.npy --test b.npy --test-size 1 --no-shuffle",
        1,
        "error: b.npy, column `move`: an .npy file has no empty fields; .csv and .parquet have",
    );
}

#[test]
fn costs_that_are_none() {
    let sandbox = with_scores();
    for (costs, told) in [
        ("fp=1,fp=2", "must name each cell once, got `fp` twice"),
        ("up=1", "for some of the cells fp, fn, tp, tn"),
        ("fp=1,fn", "with commas between them, got \"fn\""),
        ("fp=inf", "`fp` must cost in [-1e100, 1e100], got inf"),
    ] {
        let line = format!("moves s.csv --from 0.5 --to 0.7 --cost {costs}");
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, Some(2), "{costs}: {}", run.stderr);
        assert!(run.stderr.contains(told), "{costs}: {}", run.stderr);
    }
}
