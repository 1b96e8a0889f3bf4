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
