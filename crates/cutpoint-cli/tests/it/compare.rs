//! `compare`: models on the same rows, against golden tests and by hand.

use std::collections::BTreeSet;

use cutpoint_testkit::{golden, integers};
use serde_json::{Value, json};

use crate::Sandbox;

/// At 0.5, `a` has tp 4, fp 3, fn 2, tn 5 and `b` tp 4, fp 1, fn 2, tn 7; only `a` is right on row 1, only `b` on rows
/// 2 to
/// 4. `c` is `a`, but wrong on the rows 0, 1, 5, 6 and 7 as well.
const ROWS: [(u8, &str, &str, &str); 14] = [
    (1, "0.9", "0.8", "0.1"),
    (1, "0.7", "0.2", "0.1"),
    (1, "0.1", "0.6", "0.1"),
    (0, "0.8", "0.3", "0.8"),
    (0, "0.6", "0.4", "0.6"),
    (0, "0.2", "0.1", "0.9"),
    (0, "0.15", "0.05", "0.9"),
    (0, "0.25", "0.35", "0.9"),
    (1, "0.3", "0.45", "0.3"),
    (1, "0.95", "0.55", "0.95"),
    (1, "0.85", "0.75", "0.85"),
    (0, "0.55", "0.65", "0.55"),
    (0, "0.12", "0.22", "0.12"),
    (0, "0.05", "0.15", "0.05"),
];

/// The rows in this order, as one file a model and as one of all.
fn files(sandbox: &Sandbox, suffix: &str, order: impl Iterator<Item = usize>) {
    let order = order.collect::<Vec<_>>();
    let write = |name: &str, head: &str, row: &dyn Fn(usize) -> String| {
        let rows = order.iter().map(|&index| row(index)).collect::<String>();
        sandbox.file(&format!("{name}{suffix}.csv"), format!("{head}\n{rows}"));
    };
    let models: [(&str, &dyn Fn(usize) -> &'static str); 3] = [
        ("a", &|index| ROWS[index].1),
        ("b", &|index| ROWS[index].2),
        ("c", &|index| ROWS[index].3),
    ];
    for (name, score) in models {
        write(name, "id,y_true,y_score", &|index| {
            format!("r{index},{},{}\n", ROWS[index].0, score(index))
        });
    }
    write("all", "id,y_true,a,b,c", &|index| {
        let (label, a, b, c) = ROWS[index];
        format!("r{index},{label},{a},{b},{c}\n")
    });
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    files(&sandbox, "", 0..ROWS.len());
    sandbox
}

#[track_caller]
fn check_close(got: &Value, expected: f64) {
    /// Rounding of sums of some hundred terms.
    const TOLERANCE: f64 = 1e-12;
    let got = got.as_f64().unwrap();
    let off = (got - expected).abs();
    assert!(
        off <= TOLERANCE * expected.abs().max(1.0),
        "{got}, {expected}"
    );
}

#[test]
fn delong_as_by_comparing_every_pair() {
    let golden = golden("uncertainty.json");
    let cases = golden["delong"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let label = integers(&case["y_true"]);
        let rows = label.iter().enumerate().map(|(row, label)| {
            format!("{label},{},{}\n", case["first"][row], case["second"][row])
        });
        let sandbox = Sandbox::with(
            "s.csv",
            format!("y_true,first,second\n{}", rows.collect::<String>()),
        );
        let json = sandbox.json("compare s.csv --score first,second --format json");
        let error = |index: usize| {
            let variance = case["covariance"][index][index].as_f64().unwrap();
            variance.sqrt()
        };
        for index in [0, 1] {
            let auc = case["auc"][index].as_f64().unwrap();
            check_close(&json["auc"][index], auc);
            check_close(&json["models"][index]["auc"], auc);
            check_close(&json["models"][index]["auc_standard_error"], error(index));
        }
        for (got, expected) in [
            (&json["models"][0]["auc_interval"][0], &case["plain_95"][0]),
            (&json["models"][0]["auc_interval"][1], &case["plain_95"][1]),
            (&json["delong"]["z"], &case["z"]),
            (&json["delong"]["p"], &case["p"]),
        ] {
            check_close(got, expected.as_f64().unwrap());
        }
        let auc = |index: usize| case["auc"][index].as_f64().unwrap();
        let covariance = case["covariance"][0][1].as_f64().unwrap();
        let variance = error(0).powi(2) + error(1).powi(2) - 2.0 * covariance;
        check_close(&json["delong"]["difference"], auc(0) - auc(1));
        check_close(&json["delong"]["standard_error"], variance.sqrt());
    }
}

#[test]
fn by_hand_at_one_threshold() {
    let sandbox = sandbox();
    let line = "compare a.csv b.csv --cost fp=1,fn=10 --metrics accuracy,specificity --format json";
    let json = sandbox.json(line);
    // Of 4 tosses, at most 1 heads: 5/16, twice; mid-p takes half of the 4/16 for 1 off, twice.
    assert_eq!(
        (&json["mcnemar"]["b"], &json["mcnemar"]["c"]),
        (&json!(1), &json!(3))
    );
    check_close(&json["mcnemar"]["p_exact"], 10.0 / 16.0);
    check_close(&json["mcnemar"]["p_mid"], 6.0 / 16.0);
    assert_eq!(json["models"][0]["name"], "a.csv");
    assert_eq!(
        json["models"][0]["confusion_matrix"],
        json!([[5, 3], [2, 4]])
    );
    assert_eq!(
        json["models"][1]["confusion_matrix"],
        json!([[7, 1], [2, 4]])
    );
    let accuracy = &json["differences"]["accuracy"];
    check_close(&accuracy["first"], 9.0 / 14.0);
    check_close(&accuracy["second"], 11.0 / 14.0);
    check_close(&accuracy["difference"], -2.0 / 14.0);
    check_close(
        &json["differences"]["specificity"]["difference"],
        -2.0 / 8.0,
    );
    assert_eq!(json["differences"].as_object().unwrap().len(), 2);
    let cost = &json["cost"];
    assert_eq!(
        (&cost["first"], &cost["second"], &cost["difference"]),
        (&json!(23.0), &json!(21.0), &json!(2.0))
    );
    for found in [accuracy, cost] {
        let difference = found["difference"].as_f64().unwrap();
        let end = |index: usize| found["interval"][index].as_f64().unwrap();
        assert!(end(0) < difference && difference < end(1), "{found}");
    }
    assert_eq!(json["n_samples"], 14);
    assert_eq!(json["warnings"], json!([]));
    let without = sandbox.json("compare a.csv b.csv --metrics none --format json");
    assert_eq!(without.get("cost"), None);
    assert_eq!(without["differences"], json!({}));
}

#[test]
fn files_and_columns_are_the_same_models() {
    let sandbox = sandbox();
    let of_files = sandbox.json("compare a.csv b.csv --format json");
    let of_columns = sandbox.json("compare all.csv --score a,b --format json");
    let of_both = sandbox.json("compare a.csv all.csv --score y_score,b --format json");
    for (json, names) in [
        (&of_columns, ["a", "b"]),
        (&of_both, ["a.csv:y_score", "all.csv:b"]),
    ] {
        for key in ["auc", "delong", "mcnemar", "differences"] {
            assert_eq!(json[key], of_files[key], "{key}");
        }
        for (index, name) in names.iter().enumerate() {
            assert_eq!(json["models"][index]["name"], *name);
        }
    }
    let stdin = sandbox.run_with_stdin(
        &["compare", "-", "b.csv", "--format", "json"],
        &sandbox.text("a.csv"),
    );
    let stdin = serde_json::from_str::<Value>(&stdin.stdout).unwrap();
    assert_eq!(stdin["delong"], of_files["delong"]);
    assert_eq!(stdin["models"][0]["name"], "stdin");
    // The other way round, signs and places change.
    let back = sandbox.json("compare b.csv a.csv --format json");
    let z = |json: &Value| json["delong"]["z"].as_f64().unwrap();
    check_close(&back["delong"]["z"], -z(&of_files));
    assert_eq!(back["mcnemar"]["b"], of_files["mcnemar"]["c"]);
}

#[test]
fn rows_are_paired_by_their_ids() {
    let sandbox = sandbox();
    files(&sandbox, "-mixed", (0..ROWS.len()).map(|row| row * 5 % 14));
    let line = "compare a.csv b.csv --cost fp=1,fn=10 --format json";
    let plain = sandbox.json(line);
    assert_eq!(sandbox.json(&format!("{line} --id id")), plain);
    let mixed = sandbox.json(&line.replace("b.csv", "b-mixed.csv --id id"));
    for key in ["auc", "delong", "mcnemar", "differences", "cost"] {
        assert_eq!(mixed[key], plain[key], "{key}");
    }
    // Without ids the labels tell: row 1 of the mixed file is r5, which is negative.
    sandbox.fails(
        "compare a.csv b-mixed.csv",
        1,
        "error: a.csv and b-mixed.csv must hold the same rows, got the label `1` in one and `0` in the other for row 1 \
         (counted from 0); if they stand in another order, name a column that tells rows apart with `--id COLUMN`",
    );
    // Ids that are whole numbers, from another format and in another order; `split` leaves the last row out.
    sandbox.file(
        "n.csv",
        "n,y_true,y_score\n7,1,0.9\n8,0,0.4\n9,0,0.6\n10,1,0.5\n",
    );
    sandbox.file(
        "m.csv",
        "n,y_true,y_score\n9,0,0.6\n7,1,0.9\n10,1,0.5\n8,0,0.4\n1,1,0.2\n",
    );
    sandbox.ok("split m.csv --train m.parquet --test rest.csv --test-size 1 --no-shuffle");
    let json = sandbox.json("compare n.csv m.parquet --id n --format json");
    assert_eq!(json["auc"], json!([0.75, 0.75]));
    assert_eq!(json["mcnemar"]["p_exact"], 1.0);
}

#[test]
fn ids_that_do_not_pair() {
    let sandbox = Sandbox::with("a.csv", "id,y_true,y_score\nx,1,0.9\ny,0,0.1\nz,0,0.3\n");
    for (rows, message) in [
        (
            "x,1,0.9\ny,0,0.1\nw,0,0.3\n",
            "a.csv and b.csv must hold the same rows, got the id `z`, of row 2 (counted from 0), in a.csv only",
        ),
        (
            "x,1,0.9\ny,0,0.1\n",
            "a.csv and b.csv must hold the same rows, got the id `z`, of row 2 (counted from 0), in a.csv only",
        ),
        (
            "z,0,0.3\nw,0,0.2\nx,1,0.9\ny,0,0.1\n",
            "b.csv and a.csv must hold the same rows, got the id `w`, of row 1 (counted from 0), in b.csv only",
        ),
        (
            "x,1,0.9\ny,0,0.1\nx,0,0.3\n",
            "b.csv: `--id` must tell rows apart, got `x` in the rows 0 and 2 (counted from 0)",
        ),
        (
            "z,1,0.3\nx,1,0.9\ny,0,0.1\n",
            "a.csv and b.csv must hold the same rows, got the label `0` in one and `1` in the other for the id `z`",
        ),
    ] {
        sandbox.file("b.csv", format!("id,y_true,y_score\n{rows}"));
        sandbox.fails(
            "compare a.csv b.csv --id id",
            1,
            &format!("error: {message}"),
        );
    }
    sandbox.fails(
        "compare b.csv b.csv --id id --label y_true --score id",
        2,
        "error: `--id` must name a column of its own, got `id`, which is the label, the score or the weight",
    );
}

#[test]
fn thresholds_of_their_own() {
    let sandbox = sandbox();
    let thresholds = |line: &str| {
        let json = sandbox.json(&format!("compare all.csv --score a,b --format json{line}"));
        let models = json["models"].as_array().unwrap().iter();
        let thresholds = models.map(|model| model["threshold"].clone());
        (thresholds.collect::<Vec<_>>(), json)
    };
    assert_eq!(thresholds("").0, [json!(0.5), json!(0.5)]);
    assert_eq!(thresholds(" --threshold 0.7").0, [json!(0.7), json!(0.7)]);
    assert_eq!(
        thresholds(" --thresholds 0.5,-1").0,
        [json!(0.5), json!(-1.0)]
    );

    // `a` at 0.5 has 3 of 8 negatives; those of `b` are 0.65, 0.4, 0.35, 0.3 and lower ones.
    let (matched, json) = thresholds(" --match fpr");
    assert_eq!(matched, [json!(0.5), json!(0.35)]);
    assert_eq!(
        json["models"][1]["confusion_matrix"],
        json!([[5, 3], [1, 5]])
    );
    assert_eq!(json["differences"]["specificity"]["difference"], 0.0);
    // In every resample the second is as high as it may, never higher, and McNemar's test is not for such thresholds.
    let interval = &json["differences"]["specificity"]["interval"];
    assert!(
        interval[0].as_f64() < Some(0.0) && interval[1] == 0.0,
        "{interval}"
    );
    assert_eq!(json["mcnemar"], Value::Null);
    assert_eq!(json["thresholds"], "chosen on these rows");
    let text = sandbox.ok("compare all.csv --score a,b --match fpr");
    assert!(
        text.contains("right: no test, since thresholds were chosen on these rows")
            && text.contains("replicates, each with thresholds of its own"),
        "{text}"
    );
    // 7 alerts: 0.8, 0.75, 0.65, 0.6, 0.55, 0.45, 0.4.
    assert_eq!(
        thresholds(" --match alert-rate").0,
        [json!(0.5), json!(0.4)]
    );
    // Above every score nothing is predicted positive, and the other model must not either.
    let (none, json) = thresholds(" --match alert-rate --threshold 1");
    assert_eq!(none, [json!(1.0), Value::Null]);
    assert_eq!(
        json["models"][1]["confusion_matrix"],
        json!([[8, 0], [6, 0]])
    );
    assert_eq!(
        json["warnings"],
        json!([
            "a: nothing is predicted positive at the threshold 1.0",
            "b: nothing is predicted positive at the threshold chosen"
        ])
    );
    assert_eq!(json["differences"]["precision"]["difference"], Value::Null);

    // `a`: 11 of 14 right at 0.85 and at 0.7, the higher is taken; `b`: 12 of 14 at 0.45.
    let (best, json) = thresholds(" --maximize accuracy");
    assert_eq!(best, [json!(0.85), json!(0.45)]);
    check_close(&json["differences"]["accuracy"]["difference"], -1.0 / 14.0);
    assert_eq!(json["mcnemar"], Value::Null);
    let warning = json["warnings"][0].as_str().unwrap();
    assert!(
        warning.starts_with("chosen and compared on the same rows"),
        "{warning}"
    );
}

#[test]
fn several_models_against_the_first() {
    let sandbox = sandbox();
    let json =
        sandbox.json("compare a.csv b.csv c.csv --metrics accuracy --cost fp=1 --format json");
    assert_eq!(json["auc"].as_array().unwrap().len(), 3);
    for key in ["delong", "mcnemar", "differences", "cost"] {
        assert_eq!(json[key].as_array().unwrap().len(), 2, "{key}");
    }
    let pair = sandbox.json("compare a.csv b.csv --metrics accuracy --cost fp=1 --format json");
    for key in ["differences", "cost"] {
        assert_eq!(json[key][0], pair[key], "{key}");
    }
    assert_eq!(json["delong"][0]["p"], pair["delong"]["p"]);
    assert_eq!(pair["delong"].get("p_holm"), None);
    // Only `a` is right on 5 rows, `c` on none: 2/32, and mid-p half of it. Holm doubles the lower p-value.
    let mcnemar = &json["mcnemar"];
    assert_eq!((&mcnemar[1]["b"], &mcnemar[1]["c"]), (&json!(5), &json!(0)));
    for (index, key, p, adjusted) in [
        (0, "p_exact", 10.0 / 16.0, 10.0 / 16.0),
        (1, "p_exact", 2.0 / 32.0, 4.0 / 32.0),
        (0, "p_mid", 6.0 / 16.0, 6.0 / 16.0),
        (1, "p_mid", 1.0 / 32.0, 2.0 / 32.0),
    ] {
        check_close(&mcnemar[index][key], p);
        check_close(&mcnemar[index][format!("{key}_holm")], adjusted);
    }
    let p = |index: usize, key: &str| json["delong"][index][key].as_f64().unwrap();
    let (lower, higher) = if p(0, "p") < p(1, "p") {
        (0, 1)
    } else {
        (1, 0)
    };
    check_close(
        &json["delong"][lower]["p_holm"],
        (2.0 * p(lower, "p")).min(1.0),
    );
    let expected = p(higher, "p").max(2.0 * p(lower, "p")).min(1.0);
    check_close(&json["delong"][higher]["p_holm"], expected);
}

#[test]
fn intervals_are_those_of_paired_rows() {
    // A hundred times the rows. Of a row, (a right) - (b right) is 1 in 1/14 and -1 in 3/14 of them: mean -2/14, mean
    // square 4/14, and the mean of 1400 rows is nearly normal.
    let sandbox = Sandbox::new();
    files(&sandbox, "", (0..100).flat_map(|_| 0..ROWS.len()));
    let mean = -2.0 / 14.0;
    let error = ((4.0 / 14.0 - mean * mean) / 1400.0_f64).sqrt();
    let interval = |flags: &str| {
        let json = sandbox.json(&format!(
            "compare a.csv b.csv --metrics accuracy --format json{flags}"
        ));
        let interval = &json["differences"]["accuracy"]["interval"];
        [0, 1].map(|end| interval[end].as_f64().unwrap())
    };
    for (flags, deviations) in [("", 1.959_964), (" --confidence 0.5", 0.674_490)] {
        let interval = interval(flags);
        for (got, expected) in [
            (interval[0], mean - deviations * error),
            (interval[1], mean + deviations * error),
        ] {
            // The 2.5 % quantile of 2000 replicates is known to some 6 % of a deviation; rows come in steps of 1/1400.
            let tolerance = 0.2 * error + 1.0 / 1400.0;
            assert!((got - expected).abs() < tolerance, "{got}, {expected}");
        }
    }
    let same = |flags: &str| interval(flags).map(f64::to_bits);
    assert_eq!(same(""), same(" --bootstrap 2000 --random-state 0"));
    let seeds = (0..5).map(|seed| same(&format!(" --bootstrap 200 --random-state {seed}")));
    assert!(seeds.collect::<BTreeSet<_>>().len() > 1);
}

#[test]
fn weights_leave_out_what_counts_rows() {
    let sandbox = Sandbox::new();
    let rows = ROWS.iter().enumerate().map(|(row, (label, a, b, _))| {
        format!("{label},{a},{b},{}\n", if row == 1 { 3 } else { 1 })
    });
    sandbox.file(
        "w.csv",
        format!("y_true,a,b,w\n{}", rows.collect::<String>()),
    );
    let line = "compare w.csv --score a,b --weight w --metrics accuracy";
    let json = sandbox.json(&format!("{line} --format json"));
    assert_eq!(
        (&json["delong"], &json["mcnemar"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(json["models"][0]["auc_interval"], Value::Null);
    // Row 1, on which only `a` is right, counts three times: 11/16 and 11/16.
    let accuracy = &json["differences"]["accuracy"];
    check_close(&accuracy["first"], 11.0 / 16.0);
    check_close(&accuracy["difference"], 0.0);
    assert!(accuracy["interval"][0].as_f64().unwrap() < 0.0);
    // Of 8 negatives, there are below the positives 0.9, 0.7 (3 times), 0.1, 0.3, 0.95 and 0.85 of `a`: 8 + 3 * 7 + 1 +
    // 5 + 8 + 8.
    check_close(&json["auc"][0], 51.0 / 64.0);
    let text = sandbox.ok(line);
    assert!(
        !text.contains("DeLong") && !text.contains("McNemar"),
        "{text}"
    );
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(
        run.stderr,
        "warning: weights do not tell how many rows there are: the tests of DeLong and McNemar are left out\n"
    );
    sandbox.file(
        "v.csv",
        sandbox.text("w.csv").replace("0.7,0.2,3", "0.7,0.2,2"),
    );
    sandbox.fails(
        "compare w.csv v.csv --score a,b --weight w",
        1,
        "error: w.csv:a and v.csv:b must hold the same rows, got the weight 3 in one and 2 in the other for row 1 \
         (counted from 0); if they stand in another order, name a column that tells rows apart with `--id COLUMN`",
    );
}

#[test]
fn rows_that_tell_little() {
    let sandbox = sandbox();
    // A model and itself: no difference, no variance of it, no test.
    let json = sandbox.json("compare a.csv a.csv --format json");
    assert_eq!(json["delong"]["difference"], 0.0);
    assert_eq!(
        (&json["delong"]["z"], &json["delong"]["p"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(json["mcnemar"]["p_exact"], 1.0);
    assert_eq!(json["differences"]["f1"]["interval"], json!([0.0, 0.0]));
    assert_eq!(
        json["warnings"],
        json!([
            "a.csv and a.csv rank the rows so alike that the difference of their areas has no variance, and no test"
        ])
    );
    // A single positive row.
    sandbox.file("one.csv", "y_true,a,b\n1,0.9,0.2\n0,0.6,0.1\n0,0.1,0.7\n");
    let json = sandbox.json("compare one.csv --score a,b --format json");
    assert_eq!(json["auc"], json!([1.0, 0.5]));
    assert_eq!(json["delong"], Value::Null);
    assert_eq!(
        json["warnings"],
        json!(["one of the classes has a single row: how sure an area is cannot be told"])
    );
    for (label, class) in [("1", "1"), ("0", "0")] {
        let text = format!("y_true,y_score\n{label},0.9\n{label},0.2\n");
        sandbox.file("bad.csv", text);
        sandbox.fails(
            "compare bad.csv bad.csv",
            1,
            &format!("error: bad.csv: must have rows of both classes to compare models, got `{class}` in all rows"),
        );
    }
}

#[test]
fn files_of_other_rows() {
    let sandbox = Sandbox::with("a.csv", "y_true,y_score\n1,0.9\n0,0.1\n0,0.3\n");
    sandbox.file("b.csv", "y_true,y_score\n1,0.9\n0,0.1\n");
    sandbox.fails(
        "compare a.csv b.csv",
        1,
        "error: a.csv and b.csv must hold the same rows, got 3 rows and 2",
    );
    sandbox.file("b.csv", "y_true,y_score\n1,0.9\n-1,0.1\n-1,0.3\n");
    let message = "error: a.csv and b.csv must hold the same rows, got the label `0` in one and `-1` in the other for \
        row 1 (counted from 0); if they stand in another order, name a column that tells rows apart with `--id COLUMN`";
    sandbox.fails("compare a.csv b.csv", 1, message);
}

#[test]
fn command_lines_that_cannot_be_right() {
    let sandbox = sandbox();
    for (line, message) in [
        (
            "a.csv",
            "must have at least 2 models, got 1: name a second file, or a second column of scores with `--score A,B`",
        ),
        (
            "a.csv b.csv c.csv --score a,b",
            "`--score` must name 1 column for all files, or 1 for each of the 3 files, got 2",
        ),
        (
            "a.csv b.csv --thresholds 0.5,0.6,0.7",
            "`--thresholds` must have 1 threshold for each of the 2 models, got 3",
        ),
        (
            "- --score a,b",
            "stdin can be read only once: name a file for the other models",
        ),
    ] {
        sandbox.fails(&format!("compare {line}"), 2, &format!("error: {message}"));
    }
    for (flags, told) in [
        ("--bootstrap 0", "must be a whole number in [1, 10000000]"),
        ("--bootstrap -5", "must be a whole number in [1, 10000000]"),
        ("--confidence 1", "must be a number in (0, 1)"),
        ("--confidence nan", "must be a number in (0, 1)"),
        ("--threshold inf", "must be a finite number"),
        ("--thresholds 0.5,x", "must be a finite number"),
        ("--random-state -1", "must be a whole number from 0"),
        ("--metrics auc", "`metric` must be one of"),
        ("--maximize best", "`metric` must be one of"),
        ("--match recall", "possible values: fpr, alert-rate"),
        ("--cost fp", "`costs` must be `CELL=NUMBER`"),
        (
            "--threshold 0.5 --thresholds 0.5,0.5",
            "cannot be used with",
        ),
        ("--thresholds 0.5,0.5 --match fpr", "cannot be used with"),
        ("--maximize f1 --match fpr", "cannot be used with"),
        ("--maximize f1 --threshold 0.5", "cannot be used with"),
    ] {
        let line = format!("compare a.csv b.csv {flags}");
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{line}");
        assert!(run.stderr.contains(told), "{line}: {}", run.stderr);
    }
}

#[test]
fn text_for_people() {
    let sandbox = sandbox();
    let text = sandbox.ok("compare a.csv b.csv --metrics accuracy --cost fp=1,fn=10");
    insta::assert_snapshot!(text, @r"
    14 rows, 6 of class `1`; 95% intervals

       model     auc          interval  threshold  tp  fp  fn  tn
    A  a.csv  0.7708  [0.4727, 1.0000]        0.5   4   3   2   5
    B  b.csv  0.8333  [0.5934, 1.0000]        0.5   4   1   2   7

    areas under the ROC curves, DeLong's test
           difference           interval       z       p
    A - B     -0.0625  [-0.4229, 0.2979]  -0.340  0.7339

    rows that only one model calls right, McNemar's test
          only first  only second  p exact   p mid
    A, B           1            3   0.6250  0.3750

    at the thresholds, 2000 paired bootstrap replicates
                    A        B    A - B             interval
    cost      23.0000  21.0000  +2.0000  [-28.0000, 31.0000]
    accuracy   0.6429   0.7857  -0.1429    [-0.4286, 0.1429]
    ");
    let text = sandbox.ok("compare all.csv --score a,b,c --thresholds 0.5,0.45,0.5 --metrics none");
    insta::assert_snapshot!(text, @r"
    14 rows, 6 of class `1`; 95% intervals

       model     auc          interval  threshold  tp  fp  fn  tn
    A  a      0.7708  [0.4727, 1.0000]        0.5   4   3   2   5
    B  b      0.8333  [0.5934, 1.0000]       0.45   5   1   1   7
    C  c      0.3750  [0.0269, 0.7231]        0.5   2   6   4   2

    areas under the ROC curves, DeLong's test
           difference           interval       z       p  p (Holm)
    A - B     -0.0625  [-0.4229, 0.2979]  -0.340  0.7339    0.7339
    A - C     +0.3958   [0.0553, 0.7363]   2.278  0.0227    0.0454

    rows that only one model calls right, McNemar's test
          only first  only second  p exact   p mid  exact (Holm)  mid (Holm)
    A, B           1            4   0.3750  0.2187        0.3750      0.2187
    A, C           5            0   0.0625  0.0312        0.1250      0.0625
    ");
}

#[test]
fn help_states_domains_and_defaults() {
    let help = Sandbox::new().ok("compare --help");
    let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "in [1, 10000000]; more make intervals steadier from seed to seed [default: 2000]",
        "in [0, 18446744073709551615]",
        "in (0, 1); larger is wider [default: 0.95]",
        "a finite number, for all models [default: 0.5]",
        "[default: precision,recall,specificity,f1,accuracy,mcc]",
        "[default: y_score]",
        "Every model is compared with the first",
        "adjusted after Holm",
        "The files hold the same rows in the same order",
        "Files may be larger than memory",
        "[default: 512MiB]",
    ] {
        assert!(words.contains(told), "{told}\n{help}");
    }
}
