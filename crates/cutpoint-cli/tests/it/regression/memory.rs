//! Memory promised is kept: what comes out in little memory is what comes out in plenty, and no more is taken.

use serde_json::{Value, json};

use super::case;
use crate::report::{cumulative, data_of};
use crate::{Csv, Sandbox};

const LITTLE: &str = "--memory 64KiB";

/// Scores with ties, weights (some of them 0) and groups of very different sizes, from a linear congruential generator.
fn rows(n_rows: u32, n_groups: u32, seed: u32) -> String {
    let mut state = seed;
    let mut draw = |n: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % n
    };
    let mut text = "id,y_true,y_score,w,g\n".to_owned();
    for row in 0..n_rows {
        let score = match draw(3) {
            0 => f64::from(draw(100)) / 100.0,
            _ => f64::from(draw(1_000_000)) / 1e6,
        };
        let is_positive = f64::from(draw(1000)) / 1000.0 < score * score;
        let weight = ["1", "0", "2", "0.5", "3"][draw(5) as usize];
        let group = draw(n_groups).min(draw(n_groups));
        let label = u8::from(is_positive);
        text.push_str(&format!("row{row},{label},{score},{weight},g{group}\n"));
    }
    text
}

/// The cells of a series at the thresholds that a page has, whatever others it has.
fn cells_at(data: &Value, series: &Value, threshold: f64) -> Option<[f64; 2]> {
    let thresholds = data["thresholds"].as_array().unwrap();
    let place = thresholds
        .iter()
        .position(|value| value.as_f64() == Some(threshold))?;
    let is_weighted = data["is_weighted"] == json!(true);
    Some(["tp", "fp"].map(|cell| {
        if is_weighted {
            // "Predict none" comes first.
            series[cell][place + 1].as_f64().unwrap()
        } else {
            cumulative(&series[cell])[place] as f64
        }
    }))
}

#[test]
fn a_report_has_exact_groups_in_little_memory() {
    let sandbox = Sandbox::new();
    // Was "must be exact at the threshold 0.963, got bounds": 400 rows fit, and shared among groups they did not.
    let file = case("report_group_small.csv");
    let file = file.display();
    sandbox.ok(&format!("report {file} --group g {LITTLE} -o page.html"));
    let little = data_of(&sandbox.text("page.html"));
    sandbox.ok(&format!("report {file} --group g -o page.html"));
    assert_eq!(little, data_of(&sandbox.text("page.html")));

    // Rows that do not fit; groups that are told apart, one too many, and many that are one together.
    for (n_rows, n_groups) in [(300, 3), (3000, 13), (3000, 14), (6000, 200)] {
        sandbox.file("s.csv", rows(n_rows, n_groups, n_groups));
        for weight in ["", " --weight w"] {
            let page = |memory: &str| {
                sandbox.ok(&format!(
                    "report s.csv --group g --id id{memory}{weight} -o page.html"
                ));
                data_of(&sandbox.text("page.html"))
            };
            let (little, plenty) = (page(&format!(" {LITTLE}")), page(""));
            let series = |data: &Value| data["models"][0]["series"].as_array().unwrap().clone();
            let (little_series, plenty_series) = (series(&little), series(&plenty));
            assert_eq!(little_series.len(), plenty_series.len());
            let mut n_common = 0;
            for (few, all) in little_series.iter().zip(&plenty_series) {
                assert_eq!(few["name"], all["name"], "{n_groups} groups{weight}");
                assert_eq!(few["n_samples"], all["n_samples"]);
                for threshold in plenty["thresholds"].as_array().unwrap() {
                    let threshold = threshold.as_f64().unwrap();
                    let Some(cells) = cells_at(&little, few, threshold) else {
                        continue;
                    };
                    n_common += 1;
                    // Weights are multiples of a half, so that their sums are exact.
                    assert_eq!(
                        Some(cells),
                        cells_at(&plenty, all, threshold),
                        "{threshold} of {}, {n_groups} groups{weight}",
                        all["name"]
                    );
                }
            }
            assert!(n_common > 50 * little_series.len(), "{n_common} in common");
        }
    }
}

#[test]
fn rows_of_a_report_are_named_by_their_ids_in_the_order_of_the_file() {
    let sandbox = Sandbox::with("s.csv", rows(3000, 2, 5));
    let page = |flags: &str| {
        sandbox.ok(&format!("report s.csv {LITTLE}{flags} -o page.html"));
        data_of(&sandbox.text("page.html"))["models"][0]["rows"].clone()
    };
    let (named, numbered) = (page(" --id id"), page(""));
    assert_eq!(named["score"], numbered["score"]);
    let numbers = numbered["id"].as_array().unwrap().iter();
    let names = numbers.map(|number| json!(format!("row{number}")));
    assert_eq!(named["id"], Value::from(names.collect::<Vec<_>>()));
}

#[test]
fn groups_are_chosen_for_in_common_passes() {
    let sandbox = Sandbox::new();
    for (n_rows, n_groups) in [(3000, 5), (6000, 60)] {
        sandbox.file("s.csv", rows(n_rows, n_groups, 9));
        for flags in [
            "--maximize mcc",
            "--maximize precision --subject-to recall>=0.6 --weight w",
        ] {
            let choose = |memory: &str| {
                let line = format!("choose s.csv --group g {flags} --format json{memory}");
                let mut json = sandbox.json(&line);
                let n_passes = json.as_object_mut().unwrap().remove("n_passes").unwrap();
                (json, n_passes.as_u64().unwrap())
            };
            let (little, many) = choose(&format!(" {LITTLE}"));
            let (plenty, two) = choose("");
            assert_eq!(little, plenty, "{flags}");
            // One over all rows, one over the groups.
            assert_eq!(two, 2);
            // A pass for each of 60 groups would be more.
            assert!((4..30).contains(&many), "{many} passes, {flags}");
        }
    }
}

#[test]
fn more_groups_than_anybody_looks_at_are_refused_by_every_command() {
    let text = (0..10_001).map(|row| format!("{},0.{row:05},g{row}\n", row % 2));
    let sandbox = Sandbox::with(
        "s.csv",
        "y_true,y_score,g\n".to_owned() + &text.collect::<String>(),
    );
    let message = "error: s.csv, column `g`: must name at most 10000 groups, got more; is it a column of ids?";
    for line in [
        "sweep s.csv --group g",
        "choose s.csv --maximize f1 --group g",
        "curve roc s.csv --group g",
        "report s.csv --group g -o page.html",
    ] {
        sandbox.fails(line, 1, message);
    }
    let text = sandbox.text("s.csv").replace("g10000", "g9999");
    sandbox.file("s.csv", text);
    sandbox.ok("sweep s.csv --group g --thresholds 0.5");
    sandbox.ok("curve ks s.csv --group g -o ks.csv");
}

/// Runs a line whose data may take so many MiB; beyond, the system gives no more and the run fails.
#[cfg(target_os = "linux")]
#[track_caller]
fn within(sandbox: &Sandbox, mebibytes: usize, line: &str) {
    let script = format!("ulimit -d {} && exec \"$0\" \"$@\"", mebibytes << 10);
    let output = std::process::Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_cutpoint")])
        .args(line.split(' '))
        .current_dir(sandbox.path(""))
        .env("RAYON_NUM_THREADS", "2")
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line} in {mebibytes} MiB\n{talk}");
}

#[cfg(target_os = "linux")]
#[test]
fn ids_of_a_report_are_not_kept() {
    // 2 * 10^5 ids of 300 characters, which took 230 MiB.
    let mut text = "id,y_true,y_score\n".to_owned();
    for row in 0..200_000 {
        let score = row * 7919 % 200_000;
        text.push_str(&format!(
            "{row:0300},{},0.{score:06}\n",
            u8::from(score > 50_000)
        ));
    }
    let sandbox = Sandbox::with("s.csv", text);
    within(
        &sandbox,
        64,
        "report s.csv --id id --memory 8MiB -o page.html",
    );
}

#[cfg(target_os = "linux")]
#[test]
fn rows_that_move_are_not_kept_whatever_they_are_written_as() {
    // Texts of 300 characters, 60 MB of them, all of which move; they took 160 MiB and more.
    let mut text = "id,y_true,y_score\n".to_owned();
    for row in 0..200_000 {
        let score = f64::from(row * 7919 % 200_000 + 100_000) / 300_001.0;
        text.push_str(&format!("{row:0300},{},{score}\n", u8::from(score > 0.7)));
    }
    let sandbox = Sandbox::with("s.csv", &text);
    within(
        &sandbox,
        120,
        "moves s.csv --from 0.2 --to 1 --rows rows.csv",
    );
    let moves = |file: &str| sandbox.json(&format!("moves {file} --from 0.2 --to 1 --format json"));
    for ending in ["parquet", "npy"] {
        let file = format!("rows.{ending}");
        within(
            &sandbox,
            120,
            &format!("moves s.csv --from 0.2 --to 1 --rows {file}"),
        );
        assert_eq!(moves(&file), moves("rows.csv"), "{ending}");
    }
    // What is read once is read no more often.
    let line = "moves - --from 0.2 --to 1 --rows stdin.parquet";
    let stdin = sandbox.run_with_stdin(&line.split(' ').collect::<Vec<_>>(), &text);
    assert_eq!(stdin.code, Some(0), "{}", stdin.stderr);
    let [file, of_stdin] = ["rows", "stdin"]
        .map(|name| std::fs::read(sandbox.path(&format!("{name}.parquet"))).unwrap());
    assert!(file == of_stdin);
    // And back, but for the row to test on.
    sandbox.ok("split rows.parquet --train back.csv --test last.csv --no-shuffle --test-size 1");
    let back = sandbox.text("back.csv");
    assert!(sandbox.text("rows.csv").starts_with(&back));
    assert_eq!(back.lines().count(), 200_000);
}

#[test]
fn a_frontier_that_has_no_room_is_refused_and_a_part_of_it_is_not() {
    // Positive and negative rows in turns of 1 to 3: some 1000 thresholds; there is room for 204.
    let mut text = "y_true,y_score\n".to_owned();
    for row in 0..4_000_u32 {
        let score = f64::from(row.wrapping_mul(2_654_435_761)) / 4_294_967_296.0;
        let is_positive = row.wrapping_mul(40_503) % 5_000 < 2_500;
        text.push_str(&format!("{},{score}\n", u8::from(is_positive)));
    }
    let sandbox = Sandbox::with("s.csv", text);
    sandbox.ok("choose s.csv --pareto recall,fpr -o all.csv");
    let all = Csv::parse(&sandbox.text("all.csv"));
    assert!(all.rows.len() > 800, "{}", all.rows.len());
    for output in ["-o no.csv", "-o no.json --format json", "-o no.parquet"] {
        let line = format!("choose s.csv --pareto recall,fpr {LITTLE} {output}");
        let message = "error: s.csv: the frontier has more than 204 thresholds, and there is room for no more\n\
            hint: allow more with `--memory`, or ask for a part of it, for example with `--subject-to 'recall>=0.8'`";
        sandbox.fails(&line, 1, message);
    }
    // What has at least this recall can only be beaten by what has, too.
    sandbox.ok(&format!(
        "choose s.csv --pareto recall,fpr --subject-to recall>=0.9 {LITTLE} -o part.csv"
    ));
    let part = Csv::parse(&sandbox.text("part.csv"));
    let is_part = |recall: &Option<f64>| recall.unwrap() >= 0.9;
    let n_expected = all
        .numbers("recall")
        .iter()
        .filter(|recall| is_part(recall))
        .count();
    assert!(n_expected > 50);
    assert_eq!(part.rows, all.rows[..n_expected]);
    // Those of a frontier that is short are the same in any memory.
    for flags in [
        "--pareto f1,mcc",
        "--pareto precision,npv",
        "--pareto accuracy,balanced_accuracy",
    ] {
        let line = format!("choose s.csv {flags}");
        assert_eq!(
            sandbox.ok(&format!("{line} {LITTLE}")),
            sandbox.ok(&line),
            "{flags}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_table_is_written_within_the_memory_of_its_sweep() {
    // More distinct scores than fit; the table took 100 MiB as Parquet and 50 as CSV.
    let mut text = "y_true,y_score\n".to_owned();
    for row in 0..500_000_u32 {
        let score = row.wrapping_mul(2_654_435_761);
        let is_positive = row % 7 > 2;
        text.push_str(&format!("{},0.{score:010}\n", u8::from(is_positive)));
    }
    let sandbox = Sandbox::with("s.csv", text);
    for ending in ["csv", "parquet"] {
        within(
            &sandbox,
            75,
            &format!("sweep s.csv --memory 64MiB -o sweep.{ending}"),
        );
    }
}

#[test]
fn folds_that_do_not_fit_name_the_memory_that_holds_them() {
    let sandbox = Sandbox::new();
    let rows = (0..400_000).map(|row| format!("{},0.{}\n", row % 2, row % 7 + 1));
    sandbox.file(
        "many.csv",
        "y_true,y_score\n".to_owned() + &rows.collect::<String>(),
    );
    sandbox.fails(
        "choose many.csv --maximize f1 --cv 5 --memory 64KiB",
        1,
        "error: many.csv: which of 5 folds each of 400000 rows is in takes 195.3 KiB, more than half of what \
         `--memory` leaves: allow up to 96.4 MiB with `--memory`",
    );
    sandbox.ok("choose many.csv --maximize f1 --cv 5 --memory 97MiB");
}
