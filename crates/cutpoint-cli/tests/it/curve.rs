//! `curve`: the points of every curve as CSV and JSON, what is told beside them, several classes, flags.

use cutpoint_testkit::{golden, golden_cases};
use serde_json::{Value, json};

use crate::{Csv, Run, Sandbox};

/// Four rows of each class; 0.5 ties over both.
const SCORES: &str =
    "y_true,y_score\n1,0.875\n1,0.75\n0,0.625\n1,0.5\n0,0.5\n1,0.375\n0,0.25\n0,0.125\n";

/// Three classes as `predict` writes them.
const CLASSES: &str = "y_true,y_pred,p_a,p_b,p_c\n\
    a,a,0.5,0.25,0.25\nb,a,0.5,0.5,0.0\nc,c,0.25,0.25,0.5\nc,b,0.0,0.75,0.25\n";

pub(crate) const NAMES: [&str; 9] = [
    "roc",
    "pr",
    "det",
    "lift",
    "gain",
    "ks",
    "calibration",
    "net-benefit",
    "cost",
];

fn with_scores() -> Sandbox {
    Sandbox::with("s.csv", SCORES)
}

/// Runs a command line that must succeed; what it tells.
#[track_caller]
fn told(sandbox: &Sandbox, line: &str) -> String {
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, Some(0), "{line}\n{}", run.stderr);
    run.stderr
}

#[test]
fn roc() {
    let sandbox = with_scores();
    let all = "threshold,fpr,tpr\n,0.0,0.0\n0.875,0.0,0.25\n0.75,0.0,0.5\n0.625,0.25,0.5\n0.5,0.5,0.75\n\
        0.375,0.5,1.0\n0.25,0.75,1.0\n0.125,1.0,1.0\n";
    assert_eq!(sandbox.ok("curve roc s.csv"), all);
    // On straight lines lie 0.25 and, behind "predict none" but never dropped, 0.875.
    let kept = all.replace("0.25,0.75,1.0\n", "");
    assert_eq!(sandbox.ok("curve roc s.csv --drop-intermediate"), kept);
    // 2 · 4 + 1.5 + 1 + ... pairs: 0.875 and 0.75 win 4 each, 0.5 wins 2 and ties 1, 0.375 wins 2: 12.5 of 16.
    assert_eq!(
        told(&sandbox, "curve roc s.csv -o roc.csv"),
        "roc_auc 0.7812\n"
    );
    assert_eq!(sandbox.text("roc.csv"), all);
    // Up to 0.25: 0.25 · 0.5 = 0.125; least 1/32, most 1/4: (1 + 3/32 / (7/32)) / 2.
    let json = sandbox.json("curve roc s.csv --max-fpr 0.25 --format json");
    assert_eq!(json["roc_auc"], 12.5 / 16.0);
    assert_eq!(json["max_fpr"], 0.25);
    assert!((json["partial_roc_auc"].as_f64().unwrap() - 5.0 / 7.0).abs() < 1e-15);
}

#[test]
fn precision_recall_and_det() {
    let sandbox = with_scores();
    assert_eq!(
        sandbox.ok("curve pr s.csv --drop-intermediate"),
        "threshold,precision,recall\n0.125,0.5,1.0\n0.375,0.6666666666666666,1.0\n0.5,0.6,0.75\n\
         0.625,0.6666666666666666,0.5\n0.75,1.0,0.5\n0.875,1.0,0.25\n,1.0,0.0\n"
    );
    assert_eq!(
        told(&sandbox, "curve pr s.csv"),
        "average_precision 0.8167\n"
    );
    assert_eq!(
        sandbox.ok("curve det s.csv"),
        "threshold,fpr,fnr\n0.375,0.5,0.0\n0.5,0.5,0.25\n0.625,0.25,0.5\n0.75,0.0,0.5\n"
    );
    assert_eq!(told(&sandbox, "curve det s.csv"), "");
}

#[test]
fn lift_gain_and_ks() {
    let sandbox = with_scores();
    assert_eq!(
        sandbox.ok("curve lift s.csv"),
        "threshold,predicted_positive_rate,lift\n,0.0,\n0.875,0.125,2.0\n0.75,0.25,2.0\n\
         0.625,0.375,1.3333333333333333\n0.5,0.625,1.2\n0.375,0.75,1.3333333333333333\n\
         0.25,0.875,1.1428571428571428\n0.125,1.0,1.0\n"
    );
    assert_eq!(
        sandbox.ok("curve gain s.csv"),
        "threshold,predicted_positive_rate,gain\n,0.0,0.0\n0.875,0.125,0.25\n0.75,0.25,0.5\n\
         0.625,0.375,0.5\n0.5,0.625,0.75\n0.375,0.75,1.0\n0.25,0.875,1.0\n0.125,1.0,1.0\n"
    );
    let table = Csv::parse(&sandbox.ok("curve ks s.csv"));
    assert_eq!(table.names, ["threshold", "tpr", "fpr", "difference"]);
    assert_eq!(
        table.column("difference"),
        ["0.0", "0.25", "0.5", "0.25", "0.25", "0.5", "0.25", "0.0"]
    );
    assert_eq!(
        told(&sandbox, "curve ks s.csv"),
        "ks 0.5000 at thresholds 0.75, 0.375\n"
    );
    let json = sandbox.json("curve ks s.csv --format json");
    assert_eq!(
        (&json["ks"], &json["ks_thresholds"]),
        (&json!(0.5), &json!([0.75, 0.375]))
    );
}

#[test]
fn costs() {
    let sandbox = with_scores();
    // (fp + 3 fn) / 8: 12, 9, 6, 7, 5, 2, 3, 4.
    assert_eq!(
        sandbox.ok("curve cost s.csv --cost fp=1,fn=3"),
        "threshold,cost\n,1.5\n0.875,1.125\n0.75,0.75\n0.625,0.875\n0.5,0.625\n0.375,0.25\n0.25,0.375\n0.125,0.5\n"
    );
    assert_eq!(
        told(&sandbox, "curve cost s.csv --cost fp=1,fn=3"),
        "lowest cost 0.2500 a row at threshold 0.375\n"
    );
    // The error rate; the hull of the ROC curve is (0, 0), (0, 0.5), (0.5, 1), (1, 1).
    let json = sandbox.json("curve cost s.csv --format json");
    assert_eq!(json["lowest_cost"], 0.25);
    assert_eq!(json["lowest_cost_thresholds"], json!([0.75, 0.375]));
    assert_eq!(json["points"][0], json!({"threshold": null, "cost": 0.5}));
    assert_eq!(
        json["envelope"],
        json!([
            {"threshold": null, "fpr": 0.0, "fnr": 1.0, "probability_cost_up_to": 0.0},
            {"threshold": 0.75, "fpr": 0.0, "fnr": 0.5, "probability_cost_up_to": 0.5},
            {"threshold": 0.375, "fpr": 0.5, "fnr": 0.0, "probability_cost_up_to": 1.0},
            {"threshold": 0.125, "fpr": 1.0, "fnr": 0.0, "probability_cost_up_to": 1.0},
        ])
    );
    assert_eq!(
        told(&sandbox, "curve cost s.csv --cost fp=1,fn=0"),
        "lowest cost 0.0000 a row at thresholds none (predict none), 0.875, 0.75\n"
    );
}

#[test]
fn net_benefit() {
    let sandbox = with_scores();
    assert_eq!(
        sandbox.ok("curve net-benefit s.csv --thresholds 0.5,0.2"),
        "threshold,net_benefit,treat_all,treat_none,standardized\n0.5,0.125,0.0,0.0,0.25\n\
         0.2,0.40625,0.375,0.0,0.8125\n"
    );
    // Thresholds are the decimals that were typed: 0.07 is not 7 · 0.01 but 0.07.
    let grid = |flags: &str| {
        let table = Csv::parse(&sandbox.ok(&format!("curve net-benefit s.csv{flags}")));
        let thresholds = table.column("threshold").into_iter().map(str::to_owned);
        thresholds.collect::<Vec<_>>()
    };
    let default = grid("");
    assert_eq!(
        (default.len(), &*default[0], &*default[6], &*default[98]),
        (99, "0.01", "0.07", "0.99")
    );
    assert_eq!(
        grid(" --from 0.1 --to 0.38 --step 0.125"),
        ["0.1", "0.225", "0.35"]
    );
    assert_eq!(grid(" --from 0 --to 0 --step .5"), ["0.0"]);
}

#[test]
fn calibration() {
    let sandbox = with_scores();
    let table = Csv::parse(&sandbox.ok("curve calibration s.csv --bins 2"));
    assert_eq!(
        table.names,
        [
            "lower",
            "upper",
            "count",
            "positives",
            "prob_pred",
            "prob_true",
            "prob_true_low",
            "prob_true_high"
        ]
    );
    assert_eq!(table.rows[0][..6], ["0.0", "0.5", "5", "2", "0.35", "0.4"]);
    assert_eq!(
        table.rows[1][..6],
        ["0.5", "1.0", "3", "2", "0.75", "0.6666666666666666"]
    );
    // Eight scores in four bins of two but for the tie at 0.5.
    let table = Csv::parse(&sandbox.ok("curve calibration s.csv --bins 4 --strategy quantile"));
    assert_eq!(table.column("count"), ["2", "3", "1", "2"]);
    let told = told(&sandbox, "curve calibration s.csv --bins 2");
    // (1/64 + 1/16 + 25/64 + 1/4 + 1/4 + 25/64 + 1/16 + 1/64) / 8
    assert!(
        told.starts_with(
            "brier 0.1797 = reliability 0.0042 - resolution 0.0167 + uncertainty 0.2500"
        ),
        "{told}"
    );
    assert!(told.contains("\nlog_loss 0.5"), "{told}");
    // 5/8 · 0.05 + 3/8 · 1/12
    assert!(
        told.ends_with("\nexpected_calibration_error 0.0625\n"),
        "{told}"
    );
    let json = sandbox.json("curve calibration s.csv --confidence 0.5 --format json");
    let parts = [
        "reliability",
        "uncertainty",
        "within_bin_variance",
        "resolution",
        "within_bin_covariance",
    ];
    let parts = parts.map(|part| json[part].as_f64().unwrap());
    let sum = parts[0] + parts[1] + parts[2] - parts[3] - parts[4];
    assert!((sum - json["brier"].as_f64().unwrap()).abs() < 1e-15);
    assert_eq!(json["points"][0]["count"], json!(1));
}

#[test]
fn the_curves_of_scikit_learn() {
    let golden_curves = [
        (
            "roc",
            " --drop-intermediate",
            "roc_curve",
            vec!["threshold", "fpr", "tpr"],
        ),
        ("roc", "", "roc_curve_all", vec!["threshold", "fpr", "tpr"]),
        (
            "pr",
            "",
            "precision_recall_curve",
            vec!["precision", "recall"],
        ),
        ("det", "", "det_curve", vec!["threshold", "fpr", "fnr"]),
    ];
    for case in golden_cases("binary_metrics.json").into_iter().step_by(6) {
        let rows = case["y_true"].as_array().unwrap().iter();
        let rows = rows.zip(case["y_score"].as_array().unwrap());
        let rows = rows
            .map(|(label, score)| format!("{label},{score}\n"))
            .collect::<String>();
        let sandbox = Sandbox::with("s.csv", format!("y_true,y_score\n{rows}"));
        for (name, flags, key, columns) in &golden_curves {
            let table = Csv::parse(&sandbox.ok(&format!("curve {name} s.csv{flags}")));
            for column in columns {
                let golden =
                    case["expected"][key][column.replace("threshold", "thresholds")].as_array();
                let expected = golden
                    .unwrap()
                    .iter()
                    .map(Value::as_f64)
                    .collect::<Vec<_>>();
                let got = table.numbers(column);
                assert_eq!(
                    got.len(),
                    expected.len(),
                    "{}: {name}, {column}",
                    case["name"]
                );
                for (got, expected) in got.into_iter().zip(expected) {
                    let is_close = match (got, expected) {
                        (Some(got), Some(expected)) => (got - expected).abs() <= 1e-12,
                        (got, expected) => got == expected,
                    };
                    assert!(
                        is_close,
                        "{}: {name}, {column}: {got:?}, not {expected:?}",
                        case["name"]
                    );
                }
            }
        }
    }
}

#[test]
fn several_classes_are_one_curve_each() {
    let sandbox = Sandbox::with("c.csv", CLASSES);
    let table = Csv::parse(&sandbox.ok("curve roc c.csv"));
    assert_eq!(table.names, ["class", "threshold", "fpr", "tpr"]);
    assert_eq!(
        table.column("class"),
        ["a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c"]
    );
    // b, of four rows the second: 0.75 negative, 0.5 its own, 0.25 twice.
    assert_eq!(
        table.rows[5..8],
        [
            ["b", "0.75", "0.3333333333333333", "0.0"],
            ["b", "0.5", "0.3333333333333333", "1.0"],
            ["b", "0.25", "1.0", "1.0"]
        ]
    );
    // a: 0.5 against 0.5, 0.25, 0; b: 0.5 against 0.25, 0.25, 0.75; c: 0.5 and 0.25 against 0.25 and 0.
    let run = told(&sandbox, "curve roc c.csv");
    let lines = run.lines().collect::<Vec<_>>();
    assert_eq!(
        lines[..5],
        [
            "class `a`: roc_auc 0.8333",
            "class `b`: roc_auc 0.6667",
            "class `c`: roc_auc 0.8750",
            "roc_auc_macro 0.7917",
            "roc_auc_weighted 0.8125"
        ]
    );
    assert_eq!(lines.len(), 8);
    let json = sandbox.json("curve roc c.csv --format json");
    assert_eq!(json["labels"], json!(["a", "b", "c"]));
    assert_eq!(json["classes"][2]["class"], "c");
    assert_eq!(json["classes"][2]["roc_auc"], 0.875);
    assert_eq!(
        json["classes"][2]["points"][0],
        json!({"threshold": null, "fpr": 0.0, "tpr": 0.0})
    );
    for name in [
        "roc_auc_macro",
        "roc_auc_weighted",
        "roc_auc_micro",
        "roc_auc_ovo_macro",
        "roc_auc_ovo_weighted",
    ] {
        assert!(json[name].is_f64(), "{name}");
    }
    for name in NAMES {
        let table = Csv::parse(&sandbox.ok(&format!("curve {name} c.csv")));
        assert_eq!(table.names[0], "class", "{name}");
        let json = sandbox.json(&format!("curve {name} c.csv --format json"));
        assert_eq!(json["classes"].as_array().unwrap().len(), 3, "{name}");
        assert_eq!(json["curve"], name);
    }
}

#[test]
fn one_class_against_the_rest_and_all_of_them_together() {
    let sandbox = Sandbox::with("c.csv", CLASSES);
    let table = Csv::parse(&sandbox.ok("curve roc c.csv"));
    let one = Csv::parse(&sandbox.ok("curve roc c.csv --positive b"));
    assert_eq!(one.names, ["threshold", "fpr", "tpr"]);
    let of_b = table
        .rows
        .iter()
        .filter(|row| row[0] == "b")
        .map(|row| &row[1..]);
    assert!(of_b.eq(one.rows.iter().map(|row| &row[..])));
    let json = sandbox.json("curve pr c.csv --positive b --format json");
    assert_eq!(
        (&json["labels"], &json["positive"]),
        (&json!(["not b", "b"]), &json!("b"))
    );
    // The twelve decisions by score: 0.75 0, 0.5 3 of 4, 0.25 1 of 5, 0 0 of 2.
    assert_eq!(
        sandbox.ok("curve roc c.csv --average micro"),
        "threshold,fpr,tpr\n,0.0,0.0\n0.75,0.125,0.0\n0.5,0.25,0.75\n0.25,0.75,1.0\n0.0,1.0,1.0\n"
    );
    let json = sandbox.json("curve roc c.csv --average macro --format json");
    let area = json["roc_auc_macro"].as_f64().unwrap();
    let points = json["points"].as_array().unwrap().windows(2);
    let under = points.map(|pair| {
        let [left, right] = [&pair[0], &pair[1]]
            .map(|point| ["fpr", "tpr"].map(|name| point[name].as_f64().unwrap()));
        (right[0] - left[0]) * f64::midpoint(left[1], right[1])
    });
    assert!((under.sum::<f64>() - area).abs() < 1e-15);
    assert_eq!(
        told(&sandbox, "curve pr c.csv --average micro")
            .lines()
            .count(),
        1
    );
}

#[test]
fn averages_of_scikit_learn() {
    let golden = golden("curves.json");
    for case in golden["several_classes"]
        .as_array()
        .unwrap()
        .iter()
        .step_by(3)
    {
        let y_true = case["y_true"].as_array().unwrap().iter();
        let weights = case["sample_weight"].as_array();
        let mut text = String::from("y_true,w");
        for class in 0..case["y_score"][0].as_array().unwrap().len() {
            text.push_str(&format!(",p_{class}"));
        }
        for (row, label) in y_true.enumerate() {
            let weight = weights.map_or(json!(1), |weights| weights[row].clone());
            text.push_str(&format!("\n{label},{weight}"));
            for score in case["y_score"][row].as_array().unwrap() {
                text.push_str(&format!(",{score}"));
            }
        }
        let sandbox = Sandbox::with("c.csv", text + "\n");
        for (curve, name) in [("roc", "roc_auc"), ("pr", "average_precision")] {
            let json = sandbox.json(&format!("curve {curve} c.csv --weight w --format json"));
            for average in ["macro", "weighted", "micro"] {
                let got = json[format!("{name}_{average}")].as_f64().unwrap();
                let expected = case[name][average].as_f64().unwrap();
                assert!(
                    (got - expected).abs() <= 1e-12,
                    "{}: {name}, {average}",
                    case["name"]
                );
            }
        }
    }
}

#[test]
fn the_whole_way_with_three_classes() {
    let sandbox = Sandbox::new();
    sandbox.ok("generate -o data.csv --kind blobs --n-samples 90 --n-features 2 --random-state 3");
    sandbox.ok("fit data.csv -o model.json");
    sandbox.ok("predict model.json data.csv -o scores.csv");
    let table = Csv::parse(&sandbox.ok("curve calibration scores.csv --bins 1"));
    assert_eq!(table.column("class"), ["0", "1", "2"]);
    assert_eq!(table.column("count"), ["90", "90", "90"]);
    assert_eq!(table.column("positives"), ["30", "30", "30"]);
}

#[test]
fn weights_positive_class_and_columns() {
    let sandbox = Sandbox::with(
        "s.csv",
        "w,truth,p\n2,yes,0.5\n0.5,no,0.5\n1,no,0.25\n0,yes,0.75\n",
    );
    let flags = "--label truth --score p --positive yes --weight w";
    assert_eq!(
        sandbox.ok(&format!("curve roc s.csv {flags}")),
        "threshold,fpr,tpr\n,0.0,0.0\n0.5,0.3333333333333333,1.0\n0.25,1.0,1.0\n"
    );
    let table = Csv::parse(&sandbox.ok(&format!("curve calibration s.csv --bins 1 {flags}")));
    assert_eq!(table.rows[0][2..4], ["3.5", "2.0"]);
    let json = sandbox.json(&format!("curve lift s.csv --format json {flags}"));
    assert_eq!(
        (&json["labels"], &json["n_samples"]),
        (&json!(["no", "yes"]), &json!(3))
    );
}

#[test]
fn what_is_undefined_is_empty() {
    let sandbox = Sandbox::with("s.csv", "y_true,y_score\n0,0.75\n0,0.5\n");
    let run = Run::from(
        sandbox
            .command(&["curve", "roc", "s.csv"])
            .output()
            .unwrap(),
    );
    assert_eq!(
        run.stdout,
        "threshold,fpr,tpr\n,0.0,\n0.75,0.5,\n0.5,1.0,\n"
    );
    assert_eq!(
        run.stderr,
        "warning: all rows are of one class, `0`: what needs both is undefined\nroc_auc undefined\n"
    );
    let json = sandbox.json("curve ks s.csv --format json");
    assert_eq!(
        (&json["ks"], &json["ks_thresholds"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(
        json["points"][1],
        json!({"threshold": 0.75, "tpr": null, "fpr": 0.5, "difference": null})
    );
    for name in NAMES {
        sandbox.ok(&format!("curve {name} s.csv"));
        let text = sandbox.ok(&format!("curve {name} s.csv --format json"));
        assert!(
            !text.contains("NaN") && !text.contains("inf"),
            "{name}: {text}"
        );
    }
    sandbox.file(
        "c.csv",
        "y_true,p_a,p_b,p_c\na,0.5,0.25,0.25\nb,0.25,0.25,0.5\n",
    );
    let told = told(&sandbox, "curve roc c.csv --average macro");
    assert_eq!(
        told,
        "warning: no row is of class `c`: what needs one is undefined\nroc_auc_macro undefined\n"
    );
    assert_eq!(
        sandbox.ok("curve roc c.csv --average macro"),
        "threshold,fpr,tpr\n"
    );
}

#[test]
fn bad_usage() {
    let sandbox = with_scores();
    sandbox.fails(
        "curve lift s.csv -o a/b.PNG --format json",
        2,
        "error: a/b.PNG: `--format json` writes points, not a picture; give the output another ending",
    );
    sandbox.fails(
        "curve roc s.csv -o roc.svg --average macro",
        2,
        "error: pictures show a curve for each class, or that of `--average micro`; write the points of other averages \
         as `.csv`",
    );
    sandbox.fails(
        "curve calibration s.csv --confidence 1",
        2,
        "error: `confidence` must be in (0, 1), got 1",
    );
    sandbox.fails(
        "curve net-benefit s.csv --thresholds 0.5,1",
        2,
        "error: `--thresholds` must be in [0, 1), got 1",
    );
    sandbox.fails(
        "curve net-benefit s.csv --from 0.5 --to 0.4",
        2,
        "error: `--to` must be at least `--from`",
    );
    sandbox.fails(
        "curve net-benefit s.csv --step 0",
        2,
        "error: `--step` must be in (0, 1), got 0",
    );
    sandbox.fails(
        "curve net-benefit s.csv --step 0.0000001",
        2,
        "error: `--from`, `--to` and `--step` must give at most 1000000 thresholds, got 9800001",
    );
    for (line, told) in [
        ("curve roc s.csv --max-fpr 0", "must be a number in (0, 1]"),
        (
            "curve roc s.csv --average micro --positive 1",
            "cannot be used with",
        ),
        (
            "curve lift s.csv --drop-intermediate",
            "unexpected argument",
        ),
        (
            "curve net-benefit s.csv --to 1",
            "must be a number in [0, 1)",
        ),
        (
            "curve net-benefit s.csv --to 0.5 --thresholds 0.1",
            "cannot be used with",
        ),
        (
            "curve cost s.csv --cost fp=1,up=2",
            "must be `CELL=NUMBER` for some of the cells",
        ),
        (
            "curve cost s.csv --cost fp=1,fn=inf",
            "must cost in [-1e100, 1e100], got inf",
        ),
        ("curve pca s.csv", "unrecognized subcommand 'pca'"),
    ] {
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, Some(2), "{line}: {}", run.stderr);
        assert!(run.stderr.contains(told), "{line}: {}", run.stderr);
    }
}

#[test]
fn scores_that_the_curve_cannot_use() {
    let sandbox = Sandbox::with("m.csv", "y_true,y_score\n1,2.5\n0,-1\n");
    for name in ["calibration", "net-benefit"] {
        sandbox.fails(
            &format!("curve {name} m.csv -o out.csv"),
            1,
            "error: m.csv, column `y_score`: `score` must be in [0, 1] to be a probability, got 2.5",
        );
    }
    sandbox.file("c.csv", "y_true,p_0,p_1\n1,0.5,0.5\n0,0.5,-0.5\n");
    sandbox.fails(
        "curve calibration c.csv",
        1,
        "error: c.csv, column `p_1`: `score` must be in [0, 1] to be a probability, got -0.5",
    );
    sandbox.fails(
        "curve roc m.csv --average macro",
        2,
        "error: `--average` needs the scores of several classes, in columns `p_<class>`, got those of one: m.csv, \
         column `y_score`",
    );
    sandbox.fails(
        "curve roc c.csv --positive 2",
        1,
        "error: c.csv, column `y_true`: `positive` must be one of the classes `0`, `1`, got \"2\"",
    );
    sandbox.file("d.csv", "y_true,p_0,p_1\n2,0.5,0.5\n");
    sandbox.fails(
        "curve roc d.csv",
        1,
        "error: d.csv: there is no column `p_2`; the columns are `y_true`, `p_0`, `p_1`",
    );
}

#[test]
fn each_name_has_help_with_an_example() {
    let sandbox = Sandbox::new();
    let top = sandbox.ok("curve --help");
    sandbox.ok("man --output man");
    for name in NAMES {
        assert!(top.contains(&format!("\n  {name} ")), "{name}");
        let help = sandbox.ok(&format!("curve {name} --help"));
        assert!(
            help.contains(&format!("\nExamples:\n  cutpoint curve {name}")),
            "{help}"
        );
        for line in help.lines() {
            assert!(line.chars().count() <= 100, "{name}: {line}");
        }
        sandbox.text(&format!("man/cutpoint-curve-{name}.1"));
    }
    let run = sandbox.run(&["curve"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
}

#[test]
fn stdin_is_read_and_stdout_written() {
    let sandbox = with_scores();
    for name in NAMES {
        let run = sandbox.run_with_stdin(&["curve", name, "-", "-o", "-"], SCORES);
        assert_eq!(
            run.stdout,
            sandbox.ok(&format!("curve {name} s.csv")),
            "{name}"
        );
    }
}

#[test]
fn bands_hold_the_curve_at_every_threshold() {
    let mut text = "y_true,y_score\n".to_owned();
    for row in 0..120 {
        // Higher scores are positive more often: 1 in 8 at the bottom, 7 in 8 at the top.
        text.push_str(&format!(
            "{},{}\n",
            u8::from(row % 8 < row / 15),
            f64::from(row) / 120.0
        ));
    }
    let sandbox = Sandbox::with("s.csv", text);
    for (curve, rates) in [("roc", ["fpr", "tpr"]), ("pr", ["precision", "recall"])] {
        let narrow = Csv::parse(&sandbox.ok(&format!("curve {curve} s.csv --band 0.5")));
        let wide = Csv::parse(&sandbox.ok(&format!("curve {curve} s.csv --band 0.95")));
        let plain = Csv::parse(&sandbox.ok(&format!("curve {curve} s.csv")));
        assert_eq!(wide.column("threshold"), plain.column("threshold"));
        for rate in rates {
            let ends = |table: &Csv, end: &str| table.numbers(&format!("{rate}_{end}"));
            let values = plain.numbers(rate);
            for (row, value) in values.iter().enumerate() {
                let [low, high] = ["low", "high"].map(|end| ends(&wide, end)[row].unwrap());
                let [inner_low, inner_high] =
                    ["low", "high"].map(|end| ends(&narrow, end)[row].unwrap());
                let value = value.unwrap();
                assert!(
                    low <= inner_low
                        && inner_low <= value
                        && value <= inner_high
                        && inner_high <= high,
                    "{curve} {rate} in row {row}"
                );
            }
            assert!(ends(&wide, "low") != ends(&narrow, "low"));
        }
    }
    let json = sandbox.json("curve roc s.csv --band 0.95 --format json");
    let [low, area, high] =
        ["roc_auc_low", "roc_auc", "roc_auc_high"].map(|key| json[key].as_f64().unwrap());
    assert!(
        low < area && area < high && high - low < 0.3,
        "{low} {area} {high}"
    );
    for bad in ["--band 1", "--band 0.9 --drop-intermediate"] {
        let line = format!("curve roc s.csv {bad}");
        assert_eq!(
            sandbox.run(&line.split(' ').collect::<Vec<_>>()).code,
            Some(2),
            "{bad}"
        );
    }
}

#[test]
fn models_and_groups_have_a_curve_each() {
    let sandbox = Sandbox::new();
    // The second model ranks the two in the middle the other way.
    sandbox.file(
        "a.csv",
        "y_true,y_score,site\n1,4,n\n0,3,n\n1,2,s\n0,1,s\n1,0,x\n",
    );
    sandbox.file("b.csv", "y_true,y_score\n1,4\n0,2\n1,3\n0,1\n1,0\n");
    let one = sandbox.ok("curve roc a.csv");
    let both = sandbox.ok("curve roc b.csv a.csv");
    let rows = |text: &str, name: &str| {
        let rows = text
            .lines()
            .filter_map(|line| line.strip_prefix(&format!("{name},")));
        rows.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(both.lines().next(), Some("model,threshold,fpr,tpr"));
    assert_eq!(
        rows(&both, "a.csv"),
        one.lines().skip(1).collect::<Vec<_>>()
    );
    assert_eq!(
        rows(&both, "a.csv").len() + rows(&both, "b.csv").len() + 1,
        both.lines().count()
    );
    let json = sandbox.json("curve roc a.csv b.csv --format json");
    // Of 6 pairs the first orders 1 + 1 + 0 + 1 + 0 + 0 rightly, the second one more.
    assert_eq!(json["models"][0]["model"], json!("a.csv"));
    assert_eq!(json["models"][0]["roc_auc"], json!(0.5));
    let second = json["models"][1]["roc_auc"].as_f64().expect("an area");
    assert!((second - 4.0 / 6.0).abs() < 1e-15, "{second}");
    assert_eq!(
        (&json["labels"], &json["positive"]),
        (&json!([0, 1]), &json!(1))
    );

    let groups = sandbox.ok("curve gain a.csv --group site");
    assert_eq!(
        groups.lines().next(),
        Some("group,threshold,predicted_positive_rate,gain")
    );
    assert_eq!(
        rows(&groups, "s"),
        [",0.0,0.0", "2.0,0.5,1.0", "1.0,1.0,1.0"]
    );
    let run = sandbox.run(&[
        "curve",
        "roc",
        "a.csv",
        "--group",
        "site",
        "-o",
        "sites.svg",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    // Group x has no negative row.
    assert!(
        run.stderr
            .contains("a.csv, group `x`: without rows of both classes, not in the picture")
    );
    let svg = sandbox.text("sites.svg");
    assert!(
        svg.contains("n (AUC 1.000)") && svg.contains("s (AUC 1.000)") && !svg.contains("x (AUC")
    );
    let chart = sandbox.ok("curve pr a.csv b.csv --chart");
    assert!(chart.contains("pr: a.csv\n") && chart.contains("pr: b.csv\n"));

    sandbox.file("other.csv", "y_true,y_score\nspam,4\ngood,2\n");
    sandbox.fails(
        "curve roc a.csv b.csv --group site",
        2,
        "error: `--group` needs a single file",
    );
    let run = sandbox.run(&["curve", "roc", "other.csv", "a.csv", "--positive", "1"]);
    assert_eq!(run.code, Some(1));
    sandbox.file("one.csv", "y_true,y_score\n1,4\n1,2\n");
    let run = sandbox.run(&["curve", "roc", "one.csv", "one.csv", "-o", "one.svg"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr
            .contains("error: a picture of curves needs rows of both classes"),
        "{}",
        run.stderr
    );
    let many = (0..30).map(|row| format!("{},{row},g{}\n", row % 2, row / 2));
    sandbox.file(
        "many.csv",
        format!("y_true,y_score,g\n{}", many.collect::<String>()),
    );
    sandbox.fails(
        "curve roc many.csv --group g -o many.svg",
        1,
        "error: a picture shows at most 12 curves, got 15: write their points as `.csv`, or draw fewer",
    );
}
