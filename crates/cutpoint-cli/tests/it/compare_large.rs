//! `compare` where rows do not fit into memory: against the same comparison of rows that do.

use serde_json::{Value, json};

use crate::Sandbox;

/// More rows than a block has, and than are kept in the least memory that can be asked for.
const N_ROWS: usize = 70_000;
/// Room for some hundred bins a model.
const LITTLE: &str = "--memory 64KiB";

/// Rows of two fair classifiers that agree in part. `round`: whether scores have two digits, and so fit wherever they
/// are.
fn file(model: usize, n_rows: usize, round: bool) -> String {
    // Knuth's generator; its high bits are random enough for a table. Both files draw the same numbers.
    let mut state = 42_u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    };
    let mut text = "id,y_true,y_score,w\n".to_owned();
    for row in 0..n_rows {
        let is_positive = draw() < 0.33;
        let shift = if is_positive { [0.2, 0.22][model] } else { 0.0 };
        let (common, own) = (draw(), [draw(), draw()]);
        let score = shift + 0.4 * common + 0.4 * own[model];
        let score = if round {
            (100.0 * score).round() / 100.0
        } else {
            score
        };
        let weight = [1, 4, 9][row % 3];
        text.push_str(&format!(
            "r{row},{},{score:?},{weight}\n",
            u8::from(is_positive)
        ));
    }
    text
}

fn sandbox(round: bool) -> Sandbox {
    let sandbox = Sandbox::with("a.csv", file(0, N_ROWS, round));
    sandbox.file("b.csv", file(1, N_ROWS, round));
    sandbox
}

#[test]
fn few_scores_give_the_very_same_output_whatever_is_kept() {
    let sandbox = sandbox(true);
    for flags in [
        "",
        "--weight w --thresholds 0.3,0.4",
        "--format json --metrics all --cost fp=1,fn=10",
    ] {
        let line = format!("compare a.csv b.csv --bootstrap 100 {flags}");
        let line = line.trim_end();
        let [little, exact] = [format!("{line} {LITTLE}"), line.to_owned()];
        assert_eq!(sandbox.ok(&little), sandbox.ok(&exact), "{flags}");
    }
}

/// That a number lies within what is told of it.
#[track_caller]
fn check_within(bounds: &Value, exact: &Value, widest: f64) {
    let [low, high] = [0, 1].map(|end| bounds[end].as_f64().unwrap());
    let exact = exact.as_f64().unwrap();
    assert!(low <= exact && exact <= high, "{exact} in {bounds}");
    assert!(high - low <= widest, "{bounds}");
}

/// That a comparison in little memory is that of all rows, but for what it bounds.
#[track_caller]
fn check_bounded(mut little: Value, mut exact: Value) {
    // Of 180 bins at most, cut by bits and so up to twice as wide as they need be, a share of 1/90 of the pairs, on
    // average over bins that are not alike; with weights, of 120.
    const AREA: f64 = 0.06;
    const ERROR: f64 = 0.001;
    let models = |json: &mut Value| std::mem::take(json["models"].as_array_mut().unwrap());
    for (mut little, mut exact) in models(&mut little).into_iter().zip(models(&mut exact)) {
        check_within(&little["auc_bounds"], &exact["auc"], AREA);
        check_within(&little["auc_bounds"], &little["auc"], AREA);
        let error = "auc_standard_error";
        if !exact[error].is_null() {
            let bounds = &little["auc_standard_error_bounds"];
            check_within(bounds, &exact[error], ERROR);
            check_within(bounds, &little[error], ERROR);
        }
        for json in [&mut little, &mut exact] {
            let keys = json.as_object_mut().unwrap();
            keys.retain(|key, _| !key.starts_with("auc"));
        }
        assert_eq!(little, exact);
    }
    if !exact["delong"].is_null() {
        let bounds = &little["delong"]["bounds"];
        for (key, widest) in [
            ("z", 2.0 * AREA / 0.0005),
            ("p", 1.0),
            ("difference", 2.0 * AREA),
            ("standard_error", ERROR),
        ] {
            check_within(&bounds[key], &exact["delong"][key], widest);
            check_within(&bounds[key], &little["delong"][key], widest);
        }
        assert_eq!(exact["delong"].get("bounds"), None);
    }
    for json in [&mut little, &mut exact] {
        let keys = json.as_object_mut().unwrap();
        for bounded in ["auc", "delong", "warnings", "models"] {
            keys.remove(bounded);
        }
        assert!(keys.contains_key("differences") && keys.contains_key("mcnemar"));
    }
    assert_eq!(little, exact);
}

/// Sets the intervals at the thresholds to null, and says how many there were.
fn without_intervals(json: &mut Value) -> usize {
    let differences = json["differences"].as_object_mut().unwrap().values_mut();
    let mut n_intervals = 0;
    for difference in differences {
        n_intervals += usize::from(!difference["interval"].is_null());
        difference["interval"] = Value::Null;
    }
    let n_replicates = json["n_replicates"].take().as_u64();
    assert_eq!(n_replicates == Some(0), n_intervals == 0);
    n_intervals
}

#[test]
fn thresholds_of_the_rows_have_no_intervals_where_rows_do_not_fit() {
    let sandbox = sandbox(true);
    for flags in [
        "--maximize f1",
        "--threshold 0.4 --match fpr",
        "--threshold 0.6 --match alert-rate",
        "--weight w --maximize mcc",
    ] {
        let line = format!("compare a.csv b.csv --bootstrap 100 --format json {flags}");
        let mut little = sandbox.json(&format!("{line} {LITTLE}"));
        let mut exact = sandbox.json(&line);
        assert_eq!(without_intervals(&mut little), 0, "{flags}");
        assert_eq!(without_intervals(&mut exact), 6, "{flags}");
        let mut warnings = little["warnings"].as_array().unwrap().clone();
        warnings.retain(|warning| !exact["warnings"].as_array().unwrap().contains(warning));
        let [warning] = &warnings[..] else {
            panic!("{flags}: {warnings:?}");
        };
        // 70,000 rows of 16 bytes, twice, and 96 MiB for the program.
        let warning = warning.as_str().unwrap();
        assert!(
            warning.starts_with("the thresholds come from these rows, and intervals of what differs there need all of \
                them")
                && warning.contains("MiB with `--memory`"),
            "{warning}"
        );
        let size = warning.split("allow up to ").nth(1).unwrap();
        let size = size
            .split(" with `--memory`")
            .next()
            .unwrap()
            .replace(' ', "");
        let enough = sandbox.json(&format!("{line} --memory {size}"));
        assert_eq!(enough, sandbox.json(&line), "{flags}");
        for json in [&mut little, &mut exact] {
            json.as_object_mut().unwrap().remove("warnings");
        }
        assert_eq!(little, exact, "{flags}");
    }
}

#[test]
fn many_scores_are_exact_at_thresholds_and_bounded_in_areas() {
    let sandbox = sandbox(false);
    for flags in [
        "",
        "--cost fp=1,fn=10",
        "--maximize f1",
        "--threshold 0.4 --match fpr",
        "--threshold 0.61 --match alert-rate",
        "--weight w --maximize mcc",
        "--threshold 5 --match fpr",
    ] {
        let line = format!("compare a.csv b.csv --bootstrap 50 --format json {flags}");
        let line = line.trim_end();
        let [mut little, mut exact] =
            [format!("{line} {LITTLE}"), line.to_owned()].map(|line| sandbox.json(&line));
        if flags.contains("--m") {
            assert_eq!(without_intervals(&mut little), 0, "{flags}");
            assert!(without_intervals(&mut exact) > 0, "{flags}");
        }
        let warning = little["warnings"].as_array().unwrap().last().unwrap();
        let warning = warning.as_str().unwrap();
        assert!(
            warning.starts_with("more distinct scores than fit into `--memory 64.0 KiB`: areas may be off by at most \
                0.0"),
            "{warning}"
        );
        assert_eq!(
            warning.contains("DeLong"),
            !flags.contains("--weight"),
            "{warning}"
        );
        check_bounded(little, exact);
    }
}

#[test]
fn formats_mix() {
    let sandbox = Sandbox::with("a.csv", file(0, N_ROWS, false));
    // `split` leaves the last row out.
    sandbox.file("more.csv", file(1, N_ROWS + 1, false));
    sandbox.ok("split more.csv --train b.parquet --test rest.csv --test-size 1 --no-shuffle");
    sandbox.file("b.csv", file(1, N_ROWS, false));
    for flags in [
        "--metrics f1",
        "--metrics f1 --memory 64KiB",
        "--metrics f1 --id id",
    ] {
        let mixed = sandbox.json(&format!("compare a.csv b.parquet --format json {flags}"));
        let plain = sandbox.json(&format!("compare a.csv b.csv --format json {flags}"));
        for key in ["auc", "delong", "mcnemar", "differences", "n_samples"] {
            assert_eq!(mixed[key], plain[key], "{key}, {flags}");
        }
        assert_eq!(mixed["n_samples"], json!(N_ROWS));
    }
}

#[test]
fn what_differs_in_a_late_block_is_named() {
    let sandbox = sandbox(true);
    let late = N_ROWS - 7;
    let b = sandbox.text("b.csv");
    let line = b.lines().nth(late + 1).unwrap().to_owned();
    let fields = line.split(',').collect::<Vec<_>>();
    let [id, label, score, weight] = fields[..] else {
        panic!("{line}");
    };
    let other = if label == "1" { "0" } else { "1" };
    let cure =
        "; if they stand in another order, name a column that tells rows apart with `--id COLUMN`";
    let same = "a.csv and b.csv must hold the same rows, got";
    for (row, flags, message) in [
        (
            format!("{id},{other},{score},{weight}"),
            "",
            format!(
                "{same} the label `{label}` in one and `{other}` in the other for row {late} (counted from 0){cure}"
            ),
        ),
        (
            format!("{id},{label},{score},7"),
            " --weight w",
            format!(
                "{same} the weight {weight} in one and 7 in the other for row {late} (counted from 0){cure}"
            ),
        ),
    ] {
        sandbox.file("b.csv", b.replace(&line, &row));
        for memory in ["", " --memory 64KiB"] {
            sandbox.fails(
                &format!("compare a.csv b.csv{flags}{memory}"),
                1,
                &format!("error: {message}"),
            );
        }
    }
    for (first, second, n_rows) in [
        ("a.csv", "b.csv", [N_ROWS, N_ROWS - 100]),
        ("b.csv", "a.csv", [N_ROWS - 100, N_ROWS]),
        // Another number of blocks.
        ("a.csv", "c.csv", [N_ROWS, 100]),
        ("c.csv", "a.csv", [100, N_ROWS]),
    ] {
        sandbox.file("b.csv", file(1, N_ROWS - 100, true));
        sandbox.file("c.csv", file(1, 100, true));
        sandbox.fails(
            &format!("compare {first} {second} {LITTLE}"),
            1,
            &format!(
                "error: {first} and {second} must hold the same rows, got {} rows and {}",
                n_rows[0], n_rows[1]
            ),
        );
    }
}

#[test]
fn a_class_is_called_the_same_in_every_file() {
    let sandbox = Sandbox::with("a.csv", "y_true,y_score\n1,0.9\n1,0.4\n0,0.3\n");
    sandbox.file("b.csv", "y_true,y_score\n1,0.9\n1,0.4\n2,0.3\n");
    sandbox.fails(
        "compare a.csv b.csv --positive 1",
        1,
        "error: a.csv and b.csv must hold the same rows, got the label `0` in one and `2` in the other for row 2 \
         (counted from 0); if they stand in another order, name a column that tells rows apart with `--id COLUMN`",
    );
}

#[test]
fn what_does_not_fit_names_the_cure() {
    let sandbox = sandbox(false);
    let run = sandbox.run_with_stdin(
        &["compare", "-", "b.csv", "--memory", "64KiB"],
        &sandbox.text("a.csv"),
    );
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert_eq!(
        run.stderr,
        "error: stdin can be read only once, and this takes more: name a file, or allow the rows more memory with \
         `--memory`\n"
    );
    let run = sandbox.run(&[
        "compare", "a.csv", "b.csv", "--id", "id", "--memory", "64KiB",
    ]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(
        run.stderr
            .starts_with("error: `--id` keeps all rows in memory, some "),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.ends_with(
            "allow more with `--memory`, or sort the files alike and leave out `--id`\n"
        )
    );
}
