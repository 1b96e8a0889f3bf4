//! Tables of sweeps as answers, by hand.

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{PartialSweepBuilder, SweepColumns, SweepRows, SweepTable};
use serde_json::json;

#[test]
fn a_table_of_a_sweep_serializes_with_the_keys_of_the_command() {
    let rows = Scores::new(vec![true, false, true], vec![0.9, 0.4, 0.35]).unwrap();
    let mut builder = PartialSweepBuilder::new(1 << 20).unwrap();
    builder.add(&rows);
    let partial = builder.finish().unwrap();
    let columns = SweepColumns {
        metrics: vec!["recall".parse().unwrap(), "tp".parse().unwrap()],
        with_moves: true,
        with_bounds: true,
    };
    let table = SweepTable::new(&partial, &SweepRows::Spread(1), columns).unwrap();
    assert_eq!(
        serde_json::to_value(&table).unwrap(),
        json!({
            "n_samples": 3,
            "n_thresholds": 3,
            "n_bins": 3,
            "is_exact": true,
            "roc_auc": {"low": 0.5, "high": 0.5},
            "average_precision": {"low": 5.0 / 6.0, "high": 5.0 / 6.0},
            "widest_bounds": {"recall": 0.0, "tp": 0.0},
            "rows": [
                {
                    "threshold": null, "tp": 0, "fp": 0, "fn": 2, "tn": 1,
                    "confusion_matrix": [[1, 0], [2, 0]], "recall": 0.0, "fn_to_tp": 0, "tn_to_fp": 0,
                    "highest": null, "recall_low": null, "recall_high": null, "tp_low": null, "tp_high": null
                },
                {
                    "threshold": 0.4, "tp": 1, "fp": 1, "fn": 1, "tn": 0,
                    "confusion_matrix": [[0, 1], [1, 1]], "recall": 0.5, "fn_to_tp": 1, "tn_to_fp": 1,
                    "highest": 0.4, "recall_low": 0.5, "recall_high": 0.5, "tp_low": 1.0, "tp_high": 1.0
                }
            ]
        })
    );
    let at = SweepRows::At(vec![Threshold::HALF]);
    let table = SweepTable::new(&partial, &at, SweepColumns::default()).unwrap();
    assert_eq!((table.n_rows(), table.row(0).cells().tp()), (1, 1.0));
}
