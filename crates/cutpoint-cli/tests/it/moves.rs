//! `moves`: the ledger between two thresholds, and the rows that move.

use serde_json::{Value, json};

use crate::Sandbox;

/// Between 0.5 and 0.75 lie one positive and two negatives; 0.75 itself stays positive.
const SCORES: &str =
    "id,y_true,y_score\nA,1,0.9\nB,0,0.75\nC,1,0.6\nD,0,0.55\nE,0,0.5\nF,1,0.4\nG,0,0.1\n";

#[test]
fn raising_the_threshold() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let json = sandbox.json("moves s.csv --from 0.5 --to 0.75 --format json");
    for (key, expected) in [
        ("from", json!(0.5)),
        ("to", json!(0.75)),
        ("tp_to_fn", json!(1)),
        ("fp_to_tn", json!(2)),
        ("fn_to_tp", json!(0)),
        ("tn_to_fp", json!(0)),
        ("next_up", json!(0.9)),
        ("next_down", json!(0.6)),
    ] {
        assert_eq!(json[key], expected, "{key}");
    }
    assert_eq!(json["before"]["threshold"], json!(0.5));
    assert_eq!(json["before"]["labels"], json!([0, 1]));
    assert_eq!(json["before"]["confusion_matrix"], json!([[1, 3], [1, 2]]));
    assert_eq!(json["after"]["confusion_matrix"], json!([[3, 1], [2, 1]]));
    assert_eq!(json["after"]["specificity"], json!(0.75));
    assert_eq!(json["change"]["specificity"], json!(0.5));
    // 1/2 - 2/5, as doubles subtract.
    assert_eq!(json["change"]["precision"], json!(0.5 - 0.4));
}

#[test]
fn lowering_it_beyond_every_score() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let json = sandbox.json("moves s.csv --from 2 --to -2 --format json");
    assert_eq!(
        (&json["fn_to_tp"], &json["tn_to_fp"]),
        (&json!(3), &json!(4))
    );
    assert_eq!(
        (&json["tp_to_fn"], &json["fp_to_tn"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(json["next_down"], Value::Null);
    assert_eq!(json["change"]["precision"], Value::Null);
}

#[test]
fn the_rows_that_move_keep_their_columns() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    sandbox.ok("moves s.csv --from 0.5 --to 0.75 --rows rows.csv");
    assert_eq!(
        sandbox.text("rows.csv"),
        "id,y_true,y_score,move\nC,1,0.6,tp_to_fn\nD,0,0.55,fp_to_tn\nE,0,0.5,fp_to_tn\n"
    );
    sandbox.ok("moves s.csv --from 0.3 --to 0.3 --rows none.csv");
    assert_eq!(sandbox.text("none.csv"), "id,y_true,y_score,move\n");
}

#[test]
fn text_for_people() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let text = sandbox.ok("moves s.csv --from 0.5 --to 0.75");
    insta::assert_snapshot!(text.lines().take(20).collect::<Vec<_>>().join("\n"), @r"
    threshold 0.5 -> 0.75, positive class `1`

    tp -> fn          1  positives no longer found
    fp -> tn          2  false alarms gone
    fn -> tp          0  positives found
    tn -> fp          0  false alarms added

    before  predicted
    true    0  1
    0       1  3
    1       1  2

    after  predicted
    true   0  1
    0      3  1
    1      2  1

    metric                        before      after     change
    accuracy                      0.4286     0.5714    +0.1429
    balanced_accuracy             0.4583     0.5417    +0.0833
    ");
    assert!(
        text.ends_with("\nnext matrix up:   threshold 0.9\nnext matrix down: threshold 0.6\n"),
        "{text}"
    );
}

#[test]
fn weights_move_too() {
    let sandbox = Sandbox::with("s.csv", "y_true,y_score,w\n1,0.6,0.5\n0,0.6,2\n1,0.4,1\n");
    let json = sandbox.json("moves s.csv --weight w --from 0.5 --to 0.7 --format json");
    assert_eq!(
        (&json["tp_to_fn"], &json["fp_to_tn"]),
        (&json!(0.5), &json!(2.0))
    );
}

#[test]
fn costs_before_and_after() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    // Before: fp 3, fn 1, tp 2, tn 1; after: fp 1, fn 2, tp 1, tn 3.
    for (costs, before, after, change) in [
        ("fp=1,fn=10", 13.0, 21.0, 8.0),
        ("fn=10", 10.0, 20.0, 10.0),
        ("tp=-4,fp=0.5,fn=2,tn=-0.25", -4.75, -0.25, 4.5),
    ] {
        let line = format!("moves s.csv --from 0.5 --to 0.75 --cost {costs} --format json");
        let cost = json!({"before": before, "after": after, "change": change});
        assert_eq!(sandbox.json(&line)["cost"], cost, "{costs}");
    }
    let json = sandbox.json("moves s.csv --from 0.5 --to 0.75 --format json");
    assert_eq!(json.get("cost"), None);
    let text = sandbox.ok("moves s.csv --from 0.5 --to 0.75 --cost fp=1,fn=10");
    let lines = text
        .lines()
        .skip_while(|line| !line.starts_with("metric"))
        .take(3);
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
    metric                        before      after     change
    cost                         13.0000    21.0000    +8.0000
    accuracy                      0.4286     0.5714    +0.1429
    ");
    // A weight counts like so many rows, and costs that no double holds are told, not shown.
    sandbox.file("w.csv", "y_true,y_score,w\n1,0.6,0.5\n0,0.6,2\n1,0.4,1\n");
    let line = "moves w.csv --weight w --from 0.5 --to 0.7 --cost fp=1,fn=10 --format json";
    let cost = json!({"before": 12.0, "after": 15.0, "change": 3.0});
    assert_eq!(sandbox.json(line)["cost"], cost);
    sandbox.file("h.csv", "y_true,y_score,w\n1,0.6,1e300\n0,0.4,1\n");
    sandbox.fails(
        "moves h.csv --weight w --from 0.5 --to 0.7 --cost fp=1,fn=1e100",
        1,
        "error: the costs of all rows together are beyond what a double holds",
    );
}

/// Rows with many ties, more than one block holds; a quarter positive, weights in quarters.
fn many_rows(n_rows: u32) -> Vec<(bool, f64, f64)> {
    let mut state = 7_u32;
    let mut next = |n: u32| {
        // Numbers of Knuth's generator; the low bits repeat too soon.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % n
    };
    let rows = (0..n_rows).map(|_| {
        let is_positive = next(4) == 0;
        (
            is_positive,
            f64::from(next(1000)) / 1024.0,
            f64::from(next(9)) / 4.0,
        )
    });
    rows.collect()
}

#[test]
fn files_of_many_blocks_are_counted_like_lists() {
    let n_rows = 300_000;
    let rows = many_rows(n_rows);
    let body = rows.iter().map(|(is_positive, score, weight)| {
        format!("{},{score:?},{weight:?}\n", u8::from(*is_positive))
    });
    let sandbox = Sandbox::with(
        "s.csv",
        format!("y_true,y_score,weight\n{}", body.collect::<String>()),
    );
    sandbox.ok("split s.csv --no-shuffle --test-size 1 --train s.parquet --test last.parquet");
    sandbox.ok("split s.csv --no-shuffle --test-size 1 --train s.npy --test last.npy");
    for (name, n_rows) in [
        ("s.csv", n_rows),
        ("s.parquet", n_rows - 1),
        ("s.npy", n_rows - 1),
    ] {
        let rows = &rows[..n_rows as usize];
        for (from, to, is_weighted) in [
            (0.5, 0.25, true),
            (0.25, 0.5, false),
            (0.5, 0.4995, true),
            (2.0, -1.0, false),
        ] {
            {
                let flag = if is_weighted { " --weight weight" } else { "" };
                let line = format!("moves {name} --from {from} --to {to} --format json{flag}");
                let json = sandbox.json(&line);
                // Counts, and sums of quarters, are exact whatever the order.
                let weigh = |row: &(bool, f64, f64)| if is_weighted { row.2 } else { 1.0 };
                let mut sums = [[[0.0; 2]; 2]; 2];
                for row in rows {
                    let [was, is] = [row.1 >= from, row.1 >= to].map(usize::from);
                    sums[usize::from(row.0)][was][is] += weigh(row);
                }
                let sum = |wanted: [bool; 3]| {
                    let [is_positive, was, is] = wanted.map(usize::from);
                    sums[is_positive][was][is]
                };
                for (key, expected) in [
                    ("tp_to_fn", sum([true, true, false])),
                    ("fp_to_tn", sum([false, true, false])),
                    ("fn_to_tp", sum([true, false, true])),
                    ("tn_to_fp", sum([false, false, true])),
                ] {
                    assert_eq!(json[key].as_f64(), Some(expected), "{line}: {key}");
                }
                let after = |is_positive, is_predicted| {
                    let [low, high] =
                        [false, true].map(|was| sum([is_positive, was, is_predicted]));
                    json!(low + high)
                };
                let matrix = [
                    [after(false, false), after(false, true)],
                    [after(true, false), after(true, true)],
                ];
                let found = &json["after"]["confusion_matrix"];
                for (truth, cells) in matrix.iter().enumerate() {
                    for (predicted, cell) in cells.iter().enumerate() {
                        assert_eq!(found[truth][predicted].as_f64(), cell.as_f64(), "{line}");
                    }
                }
                let counted = rows.iter().filter(|row| weigh(row) > 0.0).map(|row| row.1);
                let mut scores = counted.collect::<Vec<_>>();
                scores.sort_by(f64::total_cmp);
                scores.dedup();
                let reached = scores.partition_point(|score| *score < to);
                let down = reached.checked_sub(1).map(|index| scores[index]);
                assert_eq!(json["next_down"].as_f64(), down, "{line}");
                assert_eq!(
                    json["next_up"].as_f64(),
                    scores.get(reached + 1).copied(),
                    "{line}"
                );
            }
        }
        let moved = format!("moved.{}", name.split_once('.').unwrap().1);
        sandbox.ok(&format!("moves {name} --from 0.5 --to 0.25 --rows {moved}"));
        let wanted = rows.iter().filter(|row| row.1 < 0.5 && row.1 >= 0.25);
        let json = sandbox.json(&format!("moves {moved} --from 0.5 --to 0.25 --format json"));
        let [positive, negative] =
            [true, false].map(|is| json!(wanted.clone().filter(|row| row.0 == is).count()));
        assert_eq!(
            [&json["fn_to_tp"], &json["tn_to_fp"]],
            [&positive, &negative],
            "{moved}"
        );
        assert_eq!(
            json["after"]["confusion_matrix"],
            json!([[0, negative], [0, positive]])
        );
    }
}

#[test]
fn rows_go_from_every_format_to_every_format() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let moved = "id,y_true,y_score,move\nC,1,0.6,tp_to_fn\nD,0,0.55,fp_to_tn\nE,0,0.5,fp_to_tn\n";
    for from in ["csv", "parquet", "npy"] {
        sandbox.ok(&format!(
            "split s.csv --no-shuffle --test-size 1 --train in.{from} --test last.csv"
        ));
        for to in ["csv", "parquet", "npy"] {
            sandbox.ok(&format!(
                "moves in.{from} --from 0.5 --to 0.75 --rows out.{to}"
            ));
            // Moving back, `move` has the name of another column, so the rows are split off as they are.
            sandbox.ok(&format!(
                "split out.{to} --no-shuffle --train-size 2 --test-size 1 --train a.csv --test b.csv"
            ));
            let lines = moved.lines().collect::<Vec<_>>();
            assert_eq!(
                sandbox.text("a.csv"),
                lines[..3].join("\n") + "\n",
                "{from} to {to}"
            );
            assert_eq!(
                sandbox.text("b.csv"),
                format!("{}\n{}\n", lines[0], lines[3])
            );
        }
    }
    let run = sandbox.run_with_stdin(
        &[
            "moves",
            "-",
            "--from",
            "0.5",
            "--to",
            "0.75",
            "--rows",
            "stdin.csv",
        ],
        SCORES,
    );
    assert_eq!(
        (run.code, sandbox.text("stdin.csv").as_str()),
        (Some(0), moved)
    );
    // A progress bar is for a terminal.
    assert_eq!(run.stderr, "");
}
