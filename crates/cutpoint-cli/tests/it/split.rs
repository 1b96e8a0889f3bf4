//! `split`: rows keep their text; which rows go where is scikit-learn's choice.

use cutpoint_testkit::golden_cases;

use crate::{Csv, Sandbox};

#[test]
fn rows_are_those_of_scikit_learn_in_order() {
    let mut n_cases = 0;
    for case in golden_cases("pipelines.json") {
        let n_rows = case["mc"]["n_samples"].as_u64().unwrap_or(100);
        let rows = (0..n_rows)
            .map(|row| format!("{row}\n"))
            .collect::<String>();
        let sandbox = Sandbox::with("rows.csv", format!("row\n{rows}"));
        if case["split"]["stratify"] == true {
            continue;
        }
        let size = &case["split"]["test_size"];
        let size = if size.is_null() {
            String::new()
        } else {
            format!(" --test-size {size}")
        };
        sandbox.ok(&format!(
            "split rows.csv --train a.csv --test b.csv --indices i.csv --random-state 42{size}"
        ));
        let train = Csv::parse(&sandbox.text("a.csv"));
        let test = Csv::parse(&sandbox.text("b.csv"));
        let numbers = |csv: &Csv| {
            csv.column("row")
                .iter()
                .map(|row| row.parse().unwrap())
                .collect::<Vec<usize>>()
        };
        cutpoint_testkit::indices(&case["train_indices"], &numbers(&train), "train");
        cutpoint_testkit::indices(&case["test_indices"], &numbers(&test), "test");
        let indices = Csv::parse(&sandbox.text("i.csv"));
        let sets = indices
            .column("set")
            .into_iter()
            .zip(indices.column("index"));
        let expected = train.column("row").into_iter().map(|row| ("train", row));
        let expected = expected.chain(test.column("row").into_iter().map(|row| ("test", row)));
        assert!(sets.eq(expected), "{}", case["id"]);
        n_cases += 1;
    }
    assert!(n_cases > 5);
}

#[test]
fn every_column_and_field_is_kept_as_it_stands() {
    let sandbox = Sandbox::with(
        "data.csv",
        "id,note,y\r\n007,\"a, \"\"b\"\"\nc\",1\r\n 1e3 ,,0\r\n\"x\",ü,1\r\n,0x1F,0",
    );
    sandbox.ok("split data.csv --train a.csv --test b.csv --no-shuffle --test-size 2");
    assert_eq!(
        sandbox.text("a.csv"),
        "id,note,y\n007,\"a, \"\"b\"\"\nc\",1\n 1e3 ,,0\n"
    );
    assert_eq!(sandbox.text("b.csv"), "id,note,y\n\"x\",ü,1\n,0x1F,0\n");
}

#[test]
fn strata_keep_their_proportions() {
    let rows =
        (0..40).map(|row| format!("{row},{}\n", if row % 4 == 0 { "rare" } else { "common" }));
    let sandbox = Sandbox::with(
        "data.csv",
        format!("row,kind\n{}", rows.collect::<String>()),
    );
    sandbox
        .ok("split data.csv --train a.csv --test b.csv --test-size 0.2 --stratify --target kind");
    // 40 rows, a quarter of them rare; 8 of them test, a quarter of those rare.
    let test = Csv::parse(&sandbox.text("b.csv"));
    let rare = test
        .column("kind")
        .into_iter()
        .filter(|kind| *kind == "rare")
        .count();
    assert_eq!((test.rows.len(), rare), (8, 2));
}

#[test]
fn both_streams_repeat_and_differ() {
    let rows = (0..50).map(|row| format!("{row}\n")).collect::<String>();
    let sandbox = Sandbox::with("data.csv", format!("row\n{rows}"));
    let split = |flags: &str| {
        sandbox.ok(&format!("split data.csv --indices i.csv{flags}"));
        sandbox.text("i.csv")
    };
    let first = split(" --rng chacha --random-state 7");
    assert_eq!(split(" --rng chacha --random-state 7"), first);
    assert_ne!(split(" --rng chacha --random-state 8"), first);
    assert_ne!(split(" --random-state 7"), first);
    // No seed is seed 0.
    assert_eq!(split(""), split(" --rng numpy --random-state 0"));
}

#[test]
fn both_sides_are_the_same_rows_in_every_format() {
    let sandbox = Sandbox::new();
    sandbox.ok("generate -o data.csv --n-samples 101 --n-features 4 --random-state 3");
    sandbox.ok("split data.csv --train train.csv --test test.csv --stratify --random-state 5");
    for from in ["csv", "parquet", "npy"] {
        sandbox.ok(&format!(
            "generate -o data.{from} --n-samples 101 --n-features 4 --random-state 3"
        ));
        for to in ["parquet", "npy", "csv"] {
            let flags = "--stratify --random-state 5";
            sandbox.ok(&format!(
                "split data.{from} --train train2.{to} --test test2.{to} {flags}"
            ));
            for side in ["train", "test"] {
                // Through one more split into CSV, whose first rows are all but the last.
                sandbox.ok(&format!(
                    "split {side}2.{to} --no-shuffle --test-size 1 --train a.csv --test b.csv"
                ));
                let b = Csv::parse(&sandbox.text("b.csv"));
                let mut a = Csv::parse(&sandbox.text("a.csv"));
                a.rows.extend(b.rows);
                let expected = Csv::parse(&sandbox.text(&format!("{side}.csv")));
                assert_eq!(a.names, expected.names, "{from} to {to}");
                for name in &a.names {
                    // The labels of a matrix are doubles.
                    assert_eq!(
                        a.numbers(name),
                        expected.numbers(name),
                        "{from} to {to}: {name}"
                    );
                }
            }
        }
    }
}
