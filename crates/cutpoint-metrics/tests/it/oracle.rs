//! The sweep, its areas and its moves against a brute-force recount of the same rows.

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    Cells, MoveKind, MovesBuilder, Sweep, average_precision, confusion_at, confusion_at_thresholds,
    moves, moving_rows, roc_auc, roc_auc_score, step_moves, sweep,
};
use cutpoint_testkit::{OracleCells, OracleRows};
use proptest::prelude::*;

use crate::strategies::{Rows, plain_rows, rows, score};
use crate::{TOLERANCE, is_close, number_of};

pub(crate) fn oracle(rows: &Rows) -> OracleRows {
    rows.oracle()
}

/// Counts must be equal; the oracle adds weights as they come, so that those may differ in the last digits of the
/// total.
#[track_caller]
pub(crate) fn check_cells(rows: &Rows, got: Cells, expected: OracleCells) {
    let pairs = [
        (got.tp(), expected.tp),
        (got.fp(), expected.fp),
        (got.fn_(), expected.fn_),
        (got.tn(), expected.tn),
    ];
    let tolerance = match &rows.weight {
        None => 0.0,
        Some(weight) => 1e-14 * weight.iter().sum::<f64>(),
    };
    for (got, expected) in pairs {
        assert!((got - expected).abs() <= tolerance, "{got}, not {expected}");
        // A cell is empty or it is not, whatever rounding does.
        assert_eq!(got > 0.0, expected > 0.0, "{got}, not {expected}");
    }
}

fn threshold(value: f64) -> Threshold {
    Threshold::new(value).expect("finite")
}

proptest! {
    #[test]
    fn every_row_is_the_recount_at_its_threshold(rows in rows()) {
        let (scores, oracle) = (rows.scores(), oracle(&rows));
        let table = sweep(&scores);
        prop_assert_eq!(table.thresholds(), oracle.thresholds());
        prop_assert_eq!(table.n_rows(), table.n_thresholds() + 1);
        prop_assert_eq!(table.rows().len(), table.n_rows());
        for (index, row) in table.rows().enumerate() {
            prop_assert_eq!(row.threshold(), table.threshold(index));
            prop_assert_eq!(row.cells(), table.cells(index));
            check_cells(&rows, row.cells(), oracle.cells_at(number_of(row.threshold())));
            if let Some(threshold) = row.threshold() {
                check_cells(&rows, confusion_at(&scores, threshold), oracle.cells_at(Some(threshold.value())));
                prop_assert_eq!(table.index_at(threshold), index);
            }
        }
    }

    #[test]
    fn the_columns_keep_the_totals(rows in rows()) {
        let table = sweep(&rows.scores());
        let whole = oracle(&rows).cells_at(None);
        check_cells(&rows, table.cells(0), whole);
        for row in table.rows() {
            prop_assert!(is_close(row.cells().positives(), table.positives()));
            prop_assert!(is_close(row.cells().negatives(), table.negatives()));
        }
        let last = table.cells(table.n_thresholds());
        prop_assert_eq!((last.fn_(), last.tn()), (0.0, 0.0));
    }

    #[test]
    fn any_threshold_finds_its_row(rows in rows(), value in score()) {
        let (table, oracle) = (sweep(&rows.scores()), oracle(&rows));
        let threshold = threshold(value);
        check_cells(&rows, table.cells_at(threshold), oracle.cells_at(Some(value)));
        let interval = table.interval(table.index_at(threshold));
        prop_assert!(interval.contains(threshold));
        let grid = table.at_thresholds(&[value]).unwrap();
        prop_assert_eq!(grid[0].cells(), table.cells_at(threshold));
        prop_assert_eq!(number_of(grid[0].threshold()), Some(value + 0.0));
    }

    #[test]
    fn a_grid_is_its_thresholds_one_by_one(
        rows in rows(), values in prop::collection::vec(score(), 0..30)
    ) {
        let (scores, oracle) = (rows.scores(), oracle(&rows));
        let grid = values.iter().map(|&value| threshold(value)).collect::<Vec<_>>();
        let cells = confusion_at_thresholds(&scores, &grid);
        prop_assert_eq!(cells.len(), grid.len());
        for (cells, value) in cells.into_iter().zip(values) {
            check_cells(&rows, cells, oracle.cells_at(Some(value)));
        }
    }

    #[test]
    fn a_matrix_holds_on_its_interval_and_not_beyond(rows in rows()) {
        let table = sweep(&rows.scores());
        for index in 0..table.n_rows() {
            let interval = table.interval(index);
            if let Some(middle) = interval.midpoint() {
                prop_assert!(interval.contains(middle));
                prop_assert_eq!(table.index_at(middle), index);
            }
            let next = |end: Threshold| Threshold::new(end.value().next_up()).ok();
            if let Some(lower) = interval.lower() {
                prop_assert!(!interval.contains(lower));
                prop_assert_eq!(table.index_at(lower), index + 1);
                if let Some(next) = next(lower) {
                    prop_assert_eq!(table.index_at(next), index);
                }
            }
            if let Some(upper) = interval.upper() {
                prop_assert!(interval.contains(upper));
                prop_assert_eq!(table.index_at(upper), index);
                if let Some(next) = next(upper) {
                    prop_assert_eq!(table.index_at(next), index - 1);
                }
                prop_assert_eq!(table.next_down(upper), interval.lower());
                prop_assert_eq!(table.next_up(upper), table.threshold(index - 1));
            }
        }
    }

    #[test]
    fn areas_are_those_of_the_pairs(rows in rows()) {
        let (table, oracle) = (sweep(&rows.scores()), oracle(&rows));
        check_area(roc_auc(&table), oracle.roc_auc());
        prop_assert_eq!(roc_auc_score(&rows.scores()), roc_auc(&table));
        check_area(average_precision(&table), oracle.average_precision());
    }

    #[test]
    fn the_ledger_is_the_difference_and_the_rows_add_up_to_it(
        rows in rows(), from in score(), to in score()
    ) {
        let (scores, oracle) = (rows.scores(), oracle(&rows));
        let table = sweep(&scores);
        let ledger = moves(&table, threshold(from), threshold(to));
        prop_assert_eq!((ledger.from().value(), ledger.to().value()), (from + 0.0, to + 0.0));
        let (before, after) = (oracle.cells_at(Some(from)), oracle.cells_at(Some(to)));
        check_cells(&rows, ledger.before(), before);
        check_cells(&rows, ledger.after(), after);
        let mut sums = [0.0; 4];
        for row in moving_rows(&scores, threshold(from), threshold(to)) {
            let weight = rows.weight.as_ref().map_or(1.0, |weight| weight[row.row_index()]);
            let place = match row.kind() {
                MoveKind::TpToFn => 0,
                MoveKind::FpToTn => 1,
                MoveKind::FnToTp => 2,
                MoveKind::TnToFp => 3,
            };
            sums[place] += weight;
        }
        let [tp_to_fn, fp_to_tn, fn_to_tp, tn_to_fp] = sums;
        // Relative to the move itself: a small one between large cells keeps its digits.
        prop_assert!(is_close(ledger.tp_to_fn(), tp_to_fn));
        prop_assert!(is_close(ledger.fp_to_tn(), fp_to_tn));
        prop_assert!(is_close(ledger.fn_to_tp(), fn_to_tp));
        prop_assert!(is_close(ledger.tn_to_fp(), tn_to_fp));
        prop_assert_eq!(ledger.is_empty(), sums.iter().all(|&sum| sum <= 0.0));
        let back = moves(&table, threshold(to), threshold(from));
        let flows = |from: [f64; 4]| from.map(f64::to_bits);
        prop_assert_eq!(
            flows([back.fn_to_tp(), back.tn_to_fp(), back.tp_to_fn(), back.fp_to_tn()]),
            flows([ledger.tp_to_fn(), ledger.fp_to_tn(), ledger.fn_to_tp(), ledger.tn_to_fp()])
        );
    }

    #[test]
    fn the_ledger_of_blocks_is_that_of_the_sweep(
        rows in rows(), from in score(), to in score(), same in any::<bool>(), block in 1_usize..20
    ) {
        let (from, to) = (threshold(from), threshold(if same { from } else { to }));
        let expected = moves(&sweep(&rows.scores()), from, to);
        let mut builder = MovesBuilder::new(from, to);
        for scores in rows.blocks(block) {
            builder.add(&scores);
        }
        let ledger = builder.finish();
        if rows.weight.is_none() {
            prop_assert_eq!(ledger, expected);
        }
        prop_assert_eq!(
            (ledger.from(), ledger.to(), ledger.next_up(), ledger.next_down(), ledger.is_empty()),
            (expected.from(), expected.to(), expected.next_up(), expected.next_down(), expected.is_empty())
        );
        let oracle = oracle(&rows);
        check_cells(&rows, ledger.before(), oracle.cells_at(Some(from.value())));
        check_cells(&rows, ledger.after(), oracle.cells_at(Some(to.value())));
        prop_assert!(is_close(ledger.tp_to_fn(), expected.tp_to_fn()));
        prop_assert!(is_close(ledger.fp_to_tn(), expected.fp_to_tn()));
        prop_assert!(is_close(ledger.fn_to_tp(), expected.fn_to_tp()));
        prop_assert!(is_close(ledger.tn_to_fp(), expected.tn_to_fp()));
    }

    #[test]
    fn the_steps_are_the_rows_of_each_score(rows in rows()) {
        let (table, oracle) = (sweep(&rows.scores()), oracle(&rows));
        prop_assert_eq!(step_moves(&table).len(), table.n_thresholds());
        let mut above = None;
        for step in step_moves(&table) {
            let (old, new) = (oracle.cells_at(above), oracle.cells_at(Some(step.threshold())));
            let total = table.positives() + table.negatives();
            prop_assert!((step.fn_to_tp() - (new.tp - old.tp)).abs() <= 1e-14 * total);
            prop_assert!((step.tn_to_fp() - (new.fp - old.fp)).abs() <= 1e-14 * total);
            above = Some(step.threshold());
        }
    }

    #[test]
    fn unweighted_cells_are_whole(rows in plain_rows(score())) {
        let table: Sweep = sweep(&rows.scores());
        prop_assert!(!table.is_weighted());
        prop_assert_eq!(table.n_samples(), rows.score.len());
        for row in table.rows() {
            let counts = row.cells().to_counts().expect("counts");
            prop_assert_eq!(counts.iter().sum::<u64>(), rows.score.len() as u64);
        }
    }
}

#[track_caller]
fn check_area(got: Option<f64>, expected: Option<f64>) {
    match (got, expected) {
        (Some(got), Some(expected)) => {
            assert!((got - expected).abs() <= TOLERANCE, "{got}, not {expected}");
            assert!((0.0..=1.0).contains(&got), "{got}");
        }
        (got, expected) => assert_eq!(got, expected),
    }
}
