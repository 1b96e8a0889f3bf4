//! The ledger of rows in a pass, against the ledger of their whole sweep.

use cutpoint_choose::{RowSource, View, moves_from};
use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{Costs, moves, sweep};

/// Labels, scores with ties, and weights that are exact in binary, so that no order of adding shows.
fn rows(is_weighted: bool) -> Scores {
    let score = (0..500).map(|row| f64::from(row * 37 % 100) / 100.0);
    let is_positive = (0..500).map(|row| row * 7919 % 13 < row * 37 % 100 / 8);
    let rows = Scores::new(is_positive.collect(), score.collect()).expect("a valid input");
    if is_weighted {
        let weight = (0..500).map(|row| f64::from(row % 4) / 4.0).collect();
        rows.with_weight(weight).expect("a valid input")
    } else {
        rows
    }
}

#[test]
fn one_pass_gives_the_ledger_of_the_whole_sweep() {
    let costs = "fp=1,fn=10,tn=-0.5".parse::<Costs>().unwrap();
    for is_weighted in [false, true] {
        let rows = rows(is_weighted);
        let table = sweep(&rows);
        for (from, to) in [
            (0.5, 0.7),
            (0.7, 0.5),
            (0.5, 0.5),
            (-1.0, 2.0),
            (0.335, 0.33),
        ] {
            let [from, to] = [from, to].map(|value| Threshold::new(value).unwrap());
            let ledger = moves_from(&View::of(&rows), from, to, Some(&costs)).unwrap();
            let expected = moves(&table, from, to);
            assert_eq!(ledger.moves, expected);
            assert_eq!(ledger.is_weighted, is_weighted);
            let cost = ledger.cost.unwrap();
            assert_eq!(cost.before, costs.total(&table.cells_at(from)));
            assert_eq!(cost.after, costs.total(&table.cells_at(to)));
            let [before, after] = [from, to].map(|at| table.cells_at(at).tp() / table.positives());
            assert_eq!(ledger.change.get("recall"), Some(after - before));
        }
    }
}

#[test]
fn its_json_has_the_keys_of_the_command() {
    let rows = Scores::new(
        vec![true, true, false, true, false],
        vec![0.9, 0.7, 0.7, 0.6, 0.4],
    )
    .unwrap();
    let view = View::of(&rows);
    let to = Threshold::new(0.8).unwrap();
    let json = |ledger| serde_json::to_string(&ledger).unwrap();
    let ledger = json(moves_from(&view, Threshold::HALF, to, None).unwrap());
    // 0.7 and 0.6 of the positives and 0.7 of the negatives fall below the new threshold.
    let start = concat!(
        r#"{"from":0.5,"to":0.8,"tp_to_fn":2,"fp_to_tn":1,"fn_to_tp":0,"tn_to_fp":0,"#,
        r#""before":{"threshold":0.5,"labels":[0,1],"confusion_matrix":[[1,1],[0,3]],"#
    );
    assert!(ledger.starts_with(start), "{ledger}");
    assert!(
        ledger.ends_with(r#","next_up":null,"next_down":0.7}"#),
        "{ledger}"
    );
    let priced = moves_from(
        &view,
        Threshold::HALF,
        to,
        Some(&"fp=1,fn=10".parse().unwrap()),
    );
    let priced = json(priced.unwrap());
    assert!(
        priced.ends_with(r#""cost":{"before":1.0,"after":20.0,"change":19.0}}"#),
        "{priced}"
    );
}

#[test]
fn a_pass_that_asks_for_nothing_finds_nothing() {
    let rows = rows(false);
    let part = rows.run(&View::of(&rows).pass(0)).unwrap();
    assert!(part.moves.is_none() && part.survey.is_none() && part.sweep.is_none());
}
