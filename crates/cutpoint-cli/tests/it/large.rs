//! `sweep` and `choose` where scores do not fit into memory, and `sweep` of parts: against the sweep of all rows, and
//! against rows counted one by one.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use cutpoint_metrics::{Cells, catalog};
use serde_json::{Value, json};

use crate::{Csv, Sandbox};

/// More distinct scores than fit into the least memory that can be asked for.
pub(crate) const N_ROWS: usize = 3000;
/// Room for some hundred bins.
pub(crate) const LITTLE: &str = "--memory 64KiB";

#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) is_positive: bool,
    pub(crate) score: f64,
    pub(crate) weight: u32,
}

/// Rows of a fair classifier: scores in (0, 1), some of them tied, a third of the rows positive. Weights in 1 … 4.
pub(crate) fn rows() -> Vec<Row> {
    // Knuth's generator; its high bits are random enough for a table.
    let mut state = 42_u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    };
    let row = |_| {
        let is_positive = draw() < 0.33;
        let shift = if is_positive { 0.25 } else { 0.0 };
        let score = shift + 0.7 * draw();
        let is_tied = draw() < 0.2;
        Row {
            is_positive,
            score: if is_tied {
                (50.0 * score).round() / 50.0
            } else {
                score
            },
            weight: if draw() < 0.5 { 1 } else { 4 },
        }
    };
    (0..N_ROWS).map(row).collect()
}

fn csv(rows: &[Row]) -> String {
    let mut text = "y_true,y_score,w,half\n".to_owned();
    for (index, row) in rows.iter().enumerate() {
        let half = if index % 2 == 0 { "even" } else { "odd" };
        text.push_str(&format!(
            "{},{:?},{},{half}\n",
            u8::from(row.is_positive),
            row.score,
            row.weight
        ));
    }
    text
}

/// The whole file, and three shards of it of different sizes.
fn sandbox() -> (Sandbox, Vec<Row>) {
    let rows = rows();
    let sandbox = Sandbox::with("all.csv", csv(&rows));
    for (name, part) in [("a", 0..500), ("b", 500..1700), ("c", 1700..N_ROWS)] {
        sandbox.file(&format!("{name}.csv"), csv(&rows[part]));
    }
    (sandbox, rows)
}

#[test]
fn parts_in_any_order_and_format_are_the_whole() {
    let (sandbox, _) = sandbox();
    for memory in ["--memory 512MiB", LITTLE] {
        for weight in ["", " --weight w"] {
            let whole = sandbox.ok(&format!("sweep all.csv {memory}{weight}"));
            for (shard, format) in [("a", "csv"), ("b", "parquet"), ("c", "npy")] {
                let line = format!(
                    "sweep {shard}.csv {memory}{weight} --partial-out {shard}.{format}.part.{format}"
                );
                assert_eq!(sandbox.ok(&line), "", "the table was not asked for");
            }
            let [a, b, c] = ["a.csv.part.csv", "b.parquet.part.parquet", "c.npy.part.npy"];
            for [first, second, third] in [[a, b, c], [c, a, b], [b, c, a]] {
                let line = format!("sweep --partial-in {first} {second} {third} {memory}");
                // The matrix of .npy has no types, so that whole weights come back as counts; beside floats they are
                // floats again.
                assert_eq!(sandbox.ok(&line), whole, "{line}{weight}");
            }
            // Parts of parts.
            sandbox.ok(&format!(
                "sweep --partial-in {a} {c} {memory} --partial-out ac.parquet"
            ));
            let line = format!("sweep --partial-in {b} ac.parquet {memory}");
            assert_eq!(sandbox.ok(&line), whole, "{line}{weight}");
        }
    }
}

#[test]
fn a_partial_sweep_has_four_columns_and_counts_or_weights() {
    let sandbox = Sandbox::with("s.csv", "y_true,y_score,w\n1,0.9,2\n0,0.9,1\n1,0.2,0.5\n");
    sandbox.ok("sweep s.csv --partial-out p.csv");
    assert_eq!(
        sandbox.text("p.csv"),
        "lowest,highest,positives,negatives\n0.9,0.9,1,1\n0.2,0.2,1,0\n"
    );
    sandbox.ok("sweep s.csv --weight w --partial-out p.csv -o s.parquet");
    assert_eq!(
        sandbox.text("p.csv"),
        "lowest,highest,positives,negatives\n0.9,0.9,2.0,1.0\n0.2,0.2,0.5,0.0\n"
    );
    // Of another engine, in its own order and with a column more.
    sandbox.file(
        "engine.csv",
        "bucket,negatives,positives,highest,lowest\n7,1,2,0.4,0.1\n8,0,3,0.8,0.6\n",
    );
    assert_eq!(
        sandbox.ok("sweep --partial-in engine.csv --metrics none --bounds"),
        "threshold,tp,fp,fn,tn,highest\n,0,0,5,1,\n0.6,3,0,2,1,0.8\n0.1,5,1,0,0,0.4\n"
    );
    let json = sandbox
        .json("sweep --partial-in engine.csv --thresholds 0.5 --metrics recall --format json");
    // 3 of 5 positives above the only negative, 2 in one bin with it.
    let auc = |end: &str| json["roc_auc"][end].as_f64().unwrap();
    assert!(auc("low") <= 0.6 && auc("low") > 0.5999, "{json}");
    assert!(auc("high") >= 1.0);
    assert_eq!(json["is_exact"], json!(false));
    assert_eq!(json["labels"], Value::Null);
    assert_eq!(json["rows"][0]["recall"], json!(0.6));
}

#[test]
fn bad_parts_are_refused() {
    let sandbox = Sandbox::with(
        "bins.csv",
        "lowest,highest,positives,negatives\n0.5,0.9,3,1\n0.4,0.1,1,2\n",
    );
    sandbox.fails(
        "sweep --partial-in bins.csv",
        1,
        "error: bins.csv is not a partial sweep that can be used: `lowest` and `highest` must be finite and in this \
         order, got 0.4 and 0.1 in bin 1 (counted from 0)",
    );
    sandbox.file(
        "bins.csv",
        "lowest,highest,positives,negatives\n0.5,0.9,3,-1\n",
    );
    sandbox.fails(
        "sweep --partial-in bins.csv",
        1,
        "error: bins.csv, line 2, column `negatives`: must be a number in [0, inf), got \"-1\"",
    );
    sandbox.file("bins.csv", "lowest,highest,positives\n0.5,0.9,3\n");
    sandbox.fails(
        "sweep --partial-in bins.csv",
        1,
        "error: bins.csv: there is no column `negatives`; the columns are `lowest`, `highest`, \
         `positives`",
    );
    sandbox.file(
        "bins.csv",
        "lowest,highest,positives,negatives\n0.5,0.9,3,1\n0.1,0.3,1,2\n",
    );
    sandbox.fails(
        "sweep --partial-in bins.csv --thresholds 0.2",
        1,
        "error: threshold 0.2 lies inside a bin of a partial sweep: the matrix is known at 0.5 and 0.1; count the \
         parts with `--thresholds 0.2` to know it there",
    );
    let run = sandbox.run(&["sweep", "s.csv", "--partial-in", "bins.csv"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    let run = sandbox.run(&["sweep", "bins.csv", "--memory", "1KiB"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("must be a size of at least 64.0 KiB"),
        "{}",
        run.stderr
    );
}

#[test]
fn listed_thresholds_are_exact_in_little_memory() {
    let (sandbox, rows) = sandbox();
    let table = sandbox.ok(&format!(
        "sweep all.csv {LITTLE} --thresholds 0.31,0.5,0.7123,2.0 --metrics none"
    ));
    let mut expected = "threshold,tp,fp,fn,tn\n".to_owned();
    for threshold in [2.0, 0.7123, 0.5, 0.31] {
        let [tp, fp, fn_, tn] = recount(&rows, threshold);
        expected.push_str(&format!("{threshold:?},{tp},{fp},{fn_},{tn}\n"));
    }
    assert_eq!(table, expected);
}

fn recount(rows: &[Row], threshold: f64) -> [usize; 4] {
    let count = |is_positive, is_predicted| {
        let hits =
            |row: &&Row| row.is_positive == is_positive && (row.score >= threshold) == is_predicted;
        rows.iter().filter(hits).count()
    };
    [
        count(true, true),
        count(false, true),
        count(true, false),
        count(false, false),
    ]
}

#[test]
fn in_little_memory_matrices_are_exact_and_bounds_hold_between_them() {
    let (sandbox, rows) = sandbox();
    let metrics = "--metrics all";
    let run = sandbox.run(&[
        "sweep",
        "all.csv",
        "--memory",
        "64KiB",
        "--metrics",
        "all",
        "--bounds",
    ]);
    let coarse = Csv::parse(&run.stdout);
    let n_bins = coarse.rows.len() - 1;
    assert!((50..600).contains(&n_bins), "{n_bins}");
    assert!(run.stderr.contains("ROC AUC is in ["), "{}", run.stderr);

    let exact = Csv::parse(&sandbox.ok(&format!("sweep all.csv {metrics}")));
    let thresholds = exact.numbers("threshold");
    let places = (0..).zip(&thresholds);
    let places =
        places.filter_map(|(place, threshold)| Some((threshold.as_ref()?.to_bits(), place)));
    let place_of = places.collect::<BTreeMap<u64, usize>>();
    let (lowest, highest) = (coarse.numbers("threshold"), coarse.numbers("highest"));
    let mut n_inside = 0;
    for name in ["tp", "fp", "fn", "tn"]
        .into_iter()
        .chain(catalog().iter().map(cutpoint_metrics::Metric::name))
    {
        let (at_edges, everywhere) = (coarse.column(name), exact.column(name));
        for bin in 1..=n_bins {
            let place = place_of[&lowest[bin].unwrap().to_bits()];
            assert_eq!(
                at_edges[bin], everywhere[place],
                "{name} at {:?}",
                lowest[bin]
            );
        }
        if ["tp", "fp", "fn", "tn"].contains(&name) {
            continue;
        }
        let (low, high) = (
            coarse.numbers(&format!("{name}_low")),
            coarse.numbers(&format!("{name}_high")),
        );
        for (place, value) in exact.numbers(name).into_iter().enumerate().skip(1) {
            let threshold = thresholds[place].unwrap();
            let bin = 1 + lowest[1..].partition_point(|lowest| lowest.unwrap() > threshold);
            assert!(threshold <= highest[bin].unwrap());
            n_inside += usize::from(threshold > lowest[bin].unwrap());
            let Some(value) = value else { continue };
            // The matrix at the lowest score is known; above it, this is what the bounds are for.
            assert!(
                low[bin].is_none_or(|low| low <= value)
                    && high[bin].is_none_or(|high| value <= high),
                "{name} is {value} at {threshold}, not in {:?} to {:?}",
                low[bin],
                high[bin]
            );
            let widest = 0.2;
            if name == "recall" {
                assert!(high[bin].unwrap() - low[bin].unwrap() < widest);
            }
        }
    }
    assert!(n_inside > 1000, "{n_inside} thresholds lie inside bins");
    let json = sandbox.json(&format!(
        "sweep all.csv {LITTLE} --thresholds 3 --format json"
    ));
    let auc = sandbox.json("sweep all.csv --thresholds 3 --format json")["roc_auc"].clone();
    assert_eq!(auc["low"], auc["high"]);
    for (end, is_right) in [
        ("low", f64::le as fn(&f64, &f64) -> bool),
        ("high", f64::ge),
    ] {
        let [bound, value] =
            [&json, &json!({"roc_auc": auc})].map(|of| of["roc_auc"][end].as_f64().unwrap());
        assert!(is_right(&bound, &value), "{end}: {bound} and {value}");
    }
    assert_eq!(json["n_samples"], json!(rows.len()));
    assert_eq!(json["n_thresholds"], Value::Null);
}

#[test]
fn groups_are_swept_apart_whatever_fits() {
    let (sandbox, rows) = sandbox();
    for half in [0, 1] {
        let part = rows
            .iter()
            .skip(half)
            .step_by(2)
            .copied()
            .collect::<Vec<_>>();
        sandbox.file(["even.csv", "odd.csv"][half], csv(&part));
    }
    let grouped = sandbox.ok("sweep all.csv --group half --metrics recall");
    let mut expected = "threshold,tp,fp,fn,tn,recall,group\n".to_owned();
    for group in ["even", "odd"] {
        let apart = sandbox.ok(&format!("sweep {group}.csv --metrics recall"));
        let lines = apart.lines().skip(1);
        expected.extend(lines.map(|line| format!("{line},{group}\n")));
    }
    assert_eq!(grouped, expected);

    // Half of the memory each; more than fits, so that the file is read twice.
    let json = sandbox.json(&format!(
        "sweep all.csv {LITTLE} --group half --thresholds 0.5 --format json"
    ));
    for (index, group) in ["even", "odd"].into_iter().enumerate() {
        let apart = sandbox.json(&format!("evaluate {group}.csv --format json"));
        let grouped = &json["groups"][index];
        assert_eq!(grouped["group"], json!(group));
        assert_eq!(grouped["is_exact"], json!(false));
        assert_eq!(
            grouped["rows"][0]["confusion_matrix"],
            apart["confusion_matrix"]
        );
    }
    let run = sandbox.run_with_stdin(
        &["sweep", "-", "--memory", "64KiB", "--group", "half"],
        &sandbox.text("all.csv"),
    );
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("stdin can be read only once"),
        "{}",
        run.stderr
    );
}

#[test]
fn moves_tell_what_came_since_the_row_above() {
    let (sandbox, rows) = sandbox();
    for thresholds in ["all", "7", "0.7,0.5,0.25"] {
        let table = sandbox.ok(&format!(
            "sweep all.csv --thresholds {thresholds} --metrics none --moves"
        ));
        let table = Csv::parse(&table);
        let whole = |name: &str| {
            table
                .column(name)
                .iter()
                .map(|field| field.parse().unwrap())
                .collect::<Vec<usize>>()
        };
        let (mut tp, mut fp) = (0, 0);
        for (place, threshold) in table.numbers("threshold").into_iter().enumerate() {
            let [more_tp, more_fp, ..] = recount(&rows, threshold.unwrap_or(f64::INFINITY));
            assert_eq!(
                whole("fn_to_tp")[place],
                more_tp - tp,
                "{thresholds} row {place}"
            );
            assert_eq!(
                whole("tn_to_fp")[place],
                more_fp - fp,
                "{thresholds} row {place}"
            );
            (tp, fp) = (more_tp, more_fp);
            if thresholds == "all" && place > 200 {
                break;
            }
        }
    }
}

/// The best of every threshold, each counted row by row: value, highest such threshold, all of them.
fn brute_force(
    rows: &[Row],
    is_weighted: bool,
    metric: &str,
    is_highest: bool,
) -> Option<(f64, Vec<f64>)> {
    let metric = metric.parse::<cutpoint_metrics::Metric>().unwrap();
    let mut thresholds = rows.iter().map(|row| row.score).collect::<Vec<_>>();
    thresholds.sort_by(|a, b| b.total_cmp(a));
    thresholds.dedup();
    let mut best: Option<(f64, Vec<f64>)> = None;
    for &threshold in &thresholds {
        let mut cells = [0_u64; 4];
        for row in rows {
            let cell = 2 * usize::from(row.is_positive) + usize::from(row.score >= threshold);
            cells[cell] += u64::from(if is_weighted { row.weight } else { 1 });
        }
        let [tn, fp, fn_, tp] = cells;
        let Some(value) = metric.value(&Cells::from_counts(tp, fp, fn_, tn)) else {
            continue;
        };
        let order = best.as_ref().map(|(so_far, _)| value.total_cmp(so_far));
        match (order, &mut best) {
            (Some(Ordering::Equal), Some((_, tied))) => tied.push(threshold),
            (Some(Ordering::Less), _) if is_highest => {}
            (Some(Ordering::Greater), _) if !is_highest => {}
            _ => best = Some((value, vec![threshold])),
        }
    }
    best
}

#[test]
fn the_choice_is_the_best_of_all_thresholds_whatever_fits() {
    let (sandbox, rows) = sandbox();
    for metric in [
        "mcc",
        "f1",
        "accuracy",
        "youden",
        "precision",
        "npv",
        "cohen_kappa",
        "likelihood_ratio_positive",
    ] {
        for weight in ["", " --weight w"] {
            let (value, tied) = brute_force(&rows, !weight.is_empty(), metric, true).unwrap();
            for memory in ["--memory 512MiB", LITTLE] {
                let line =
                    format!("choose all.csv --maximize {metric} {memory}{weight} --format json");
                let json = sandbox.json(&line);
                assert_eq!(json["objective"]["name"], json!(metric));
                assert_eq!(json["objective"]["value"], json!(value), "{line}");
                assert_eq!(json[metric], json!(value), "{line}");
                assert_eq!(json["threshold"], json!(tied[0]), "{line}");
                let told = json["tied"].as_array().unwrap();
                assert_eq!(
                    told[..],
                    tied.iter().map(|&tie| json!(tie)).collect::<Vec<_>>()[..told.len()],
                    "{line}"
                );
                assert_eq!(told.len(), tied.len().min(1000), "{line}");
                let below = rows
                    .iter()
                    .map(|row| row.score)
                    .filter(|score| *score < tied[0]);
                let below = below.max_by(f64::total_cmp);
                assert_eq!(json["interval"], json!([below, tied[0]]), "{line}");
                let n_passes = json["n_passes"].as_u64().unwrap();
                assert_eq!(n_passes > 1, memory == LITTLE, "{line}: {n_passes} passes");
            }
        }
    }
    let json = sandbox.json("choose all.csv --minimize fnr --format json");
    assert_eq!(
        json["objective"],
        json!({"name": "fnr", "goal": "minimize", "text": "minimize fnr", "value": 0.0})
    );
}

#[test]
fn alternatives_stand_beside_the_choice() {
    let (sandbox, rows) = sandbox();
    let json = sandbox.json(&format!(
        "choose all.csv --maximize precision {LITTLE} --format json"
    ));
    let alternatives = json["alternatives"].as_array().unwrap();
    let names = alternatives
        .iter()
        .map(|other| other["name"].as_str().unwrap());
    assert!(names.eq(["half", "max_f1", "max_youden"]));
    let [tp, fp, fn_, tn] = recount(&rows, 0.5);
    assert_eq!(
        alternatives[0]["confusion_matrix"],
        json!([[tn, fp], [fn_, tp]])
    );
    assert_eq!(
        alternatives[0]["objective_value"],
        alternatives[0]["precision"]
    );
    for (alternative, metric) in alternatives[1..].iter().zip(["f1", "youden"]) {
        let (value, tied) = brute_force(&rows, false, metric, true).unwrap();
        assert_eq!(alternative[metric], json!(value));
        assert_eq!(alternative["threshold"], json!(tied[0]));
    }
    let run = sandbox.run(&["choose", "all.csv", "--maximize", "fpr"]);
    assert!(
        run.stderr.contains("lower values of `fpr` are better"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("chosen and measured on the same rows"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_choice_that_cannot_be_made_is_refused() {
    let sandbox = Sandbox::with("s.csv", "y_true,y_score\n1,0.9\n1,0.4\n");
    let run = sandbox.run(&["choose", "s.csv", "--maximize", "specificity"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(
        run.stderr.trim_end(),
        "error: s.csv: `specificity` is undefined at every threshold: no row is negative"
    );
    assert_eq!(run.stdout, "");
    let run = sandbox.run(&["choose", "s.csv"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    // Nothing predicted positive is best where all is negative: no threshold, and no infinity.
    let sandbox = Sandbox::with("s.csv", "y_true,y_score\n0,0.9\n0,0.4\n");
    let json = sandbox.json("choose s.csv --maximize accuracy --format json");
    assert_eq!(json["threshold"], Value::Null);
    assert_eq!(json["interval"], json!([0.9, null]));
    assert_eq!(json["midpoint"], Value::Null);
    assert_eq!(json["confusion_matrix"], json!([[2, 0], [0, 0]]));
    let run = sandbox.run_with_stdin(
        &["choose", "-", "--maximize", "f1"],
        "y_true,y_score\n1,0.9\n0,0.4\n",
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout
            .starts_with("threshold 0.9, positive class `1`: f1 is highest, 1.0000\n"),
        "{}",
        run.stdout
    );
}
