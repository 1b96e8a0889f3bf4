//! Reports of rows in memory: what a page holds, and what is known of it. What a browser makes of it is for
//! `tests/browser`, what the program says of the same rows for `cutpoint-cli`.

use cutpoint_choose::{Optimum, choose};
use cutpoint_core::{Label, Scores, Threshold};
use cutpoint_metrics::{Problem, sweep};
use cutpoint_plot::{Report, ReportError, ReportOptions, ReportSource};
use serde_json::Value;

use self::workers::{Rows, Workers};

#[path = "../../../cutpoint-choose/tests/it/workers.rs"]
#[expect(dead_code, reason = "other tests have rows that cost by themselves")]
mod workers;

/// 5000 distinct scores, multiples of 1/5000, of which more are positive the higher they are.
fn rows() -> Scores {
    let rank = |row: u32| row * 7919 % 5000;
    let chance = |row: u32| f64::from(row.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24);
    let score = (0..5000).map(|row| f64::from(rank(row)) / 5000.0);
    let is_positive = (0..5000).map(|row| chance(row) < f64::from(rank(row)) / 5000.0);
    Scores::new(is_positive.collect(), score.collect()).expect("a valid input")
}

fn data_of(page: &str) -> Value {
    let (_, data) = page.split_once(r#"id="data">"#).expect("a page has data");
    let (data, _) = data.split_once("</script>").expect("data end");
    serde_json::from_str(data).expect("data are JSON")
}

fn report(rows: &Scores, options: &ReportOptions) -> Report {
    let source = ReportSource::new("model", rows);
    Report::from_sources("title", &[source], options).expect("a report")
}

#[test]
fn a_page_holds_no_more_thresholds_than_there_are() {
    let rows = rows();
    let whole = report(&rows, &ReportOptions::default());
    assert!(whole.is_complete());
    assert_eq!((whole.n_embedded(), whole.n_thresholds()), (5000, 5000));
    for memory in [1 << 12, 1 << 14, 1 << 16] {
        let start = Threshold::new(0.3).unwrap();
        let options = ReportOptions::default().memory(memory);
        let few = report(&rows, &options.start(start, "agreed"));
        assert!(!few.is_complete());
        // Was "402 thresholds of 393 or more": bins that were cut once more hold more of them.
        assert!(
            few.n_embedded() <= few.n_thresholds() && few.n_thresholds() < 5000,
            "{memory}: {} of {}",
            few.n_embedded(),
            few.n_thresholds()
        );
        let data = data_of(&few.page());
        let model = &data["models"][0];
        assert_eq!(model["n_thresholds"], few.models()[0].n_thresholds());
        assert_eq!(
            (model["is_exact"].as_bool(), few.models()[0].n_rows()),
            (Some(false), 5000)
        );
    }
}

#[test]
fn in_little_memory_a_page_holds_the_best_thresholds_and_exact_cells() {
    let rows = rows();
    let table = sweep(&rows);
    let costs = "fp=1,fn=4".parse().unwrap();
    let problem = Problem::new("precision".parse().unwrap())
        .subject_to("predicted_positives>=400".parse().unwrap());
    // Chosen among half as many rows, where it was to find half as many.
    let aimed = Problem::new("precision".parse().unwrap())
        .subject_to("predicted_positives>=200".parse().unwrap());
    let options = ReportOptions::default().memory(1 << 14).costs(costs);
    let options = options.problem(aimed, 2500.0, Label::Integer(1));
    let data = data_of(&report(&rows, &options).page());
    let thresholds = data["thresholds"].as_array().unwrap();
    let thresholds = thresholds.iter().map(|value| value.as_f64().unwrap());
    let thresholds = thresholds.collect::<Vec<_>>();
    for wanted in [
        problem,
        Problem::new("f1".parse().unwrap()),
        Problem::new("mcc".parse().unwrap()),
        Problem::new("minimize cost(fp=1,fn=4)".parse().unwrap()),
    ] {
        let choice = choose(&table, &wanted).unwrap();
        let best = choice.found().and_then(Optimum::threshold).unwrap();
        let is_there = thresholds
            .iter()
            .any(|value| value.to_bits() == best.value().to_bits());
        assert!(is_there, "{wanted}: {best:?}");
    }
    let series = &data["models"][0]["series"][0];
    let (mut tp, mut fp) = (0, 0);
    for (place, &threshold) in thresholds.iter().enumerate() {
        tp += series["tp"][place].as_u64().unwrap();
        fp += series["fp"][place].as_u64().unwrap();
        let cells = table.cells_at(Threshold::new(threshold).unwrap());
        let expected = cells.to_counts().unwrap();
        assert_eq!([tp, fp], [expected[0], expected[1]], "{threshold}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let rows = rows();
    let options = ReportOptions::default();
    let none = Report::from_sources::<Scores>("title", &[], &options);
    assert!(matches!(none, Err(ReportError::Empty)));
    let options = options.problem(Problem::new("f1".parse().unwrap()), 1.0, "spam".into());
    let error = Report::from_sources("title", &[ReportSource::new("model", &rows)], &options);
    assert_eq!(
        error.unwrap_err().to_string(),
        "`problem` must be meant for the positive class `1`, got `spam`"
    );
}

/// The page of rows that are with workers, in groups and with ids, beside the same rows in one piece.
fn page_of(rows: &Workers, memory: usize) -> String {
    let source = ReportSource::new("model", rows).by_group(rows);
    let options = ReportOptions::default().memory(memory);
    let report = Report::from_sources("title", &[source], &options).expect("a report");
    report.page()
}

#[test]
fn whoever_has_the_rows_the_page_is_the_same() {
    let (plain, n_rows) = (rows(), 5000_u32);
    let group = |row: u32| format!("site {}", row.wrapping_mul(2_654_435_761) % 15);
    // Some scores tie, more often than rows of one score are listed.
    let score = plain
        .score()
        .iter()
        .map(|score| (score * 700.0).floor() / 700.0);
    let tied = Scores::new(plain.is_positive().to_vec(), score.collect()).unwrap();
    let weight = (0..n_rows).map(|row| f64::from(row % 5) / 10.0).collect();
    let weighted = tied.clone().with_weight(weight).unwrap();
    for rows in [plain, tied, weighted] {
        let rows = Rows::from(rows)
            .with_groups((0..n_rows).map(group).collect())
            .with_ids((0..n_rows).map(|row| format!("row {row}")).collect());
        for memory in [1 << 14, 64 << 20] {
            let whole = page_of(&Workers::whole(&rows), memory);
            let data = data_of(&whole);
            let model = &data["models"][0];
            // All rows, 12 groups and the 3 others.
            assert_eq!(model["series"].as_array().unwrap().len(), 14);
            let n_listed = model["rows"]["id"].as_array().unwrap().len();
            assert!(n_listed > 100, "{n_listed} rows");
            for (n_parts, order_seed) in [(1, 1), (2, 2), (7, 3), (40, 4)] {
                let parts = Workers::new(&rows, n_parts, order_seed);
                // Not compared by `assert_eq`, which would print megabytes.
                assert!(
                    page_of(&parts, memory) == whole,
                    "{n_parts} parts, {memory} bytes"
                );
            }
        }
    }
}
