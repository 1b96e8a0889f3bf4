//! Rates are written twice, as masks of cells in the catalogue and as single formulas: both must be the same, to the
//! bit, and intervals must be of the same rows.

use cutpoint_metrics::{
    Cells, Metric, ProportionInterval, catalog, formulas, metric_interval, proportion_interval,
};

type Formula = fn(&Cells) -> Option<f64>;

const FORMULAS: [(&str, Formula); 12] = [
    ("accuracy", formulas::accuracy),
    ("error_rate", formulas::error_rate),
    ("precision", formulas::precision),
    ("recall", formulas::recall),
    ("specificity", formulas::specificity),
    ("npv", formulas::npv),
    ("fpr", formulas::fpr),
    ("fnr", formulas::fnr),
    ("fdr", formulas::fdr),
    ("for", formulas::false_omission_rate),
    ("prevalence", formulas::prevalence),
    ("predicted_positive_rate", formulas::predicted_positive_rate),
];

/// All combinations of these in the four cells.
fn grid<T: Copy>(values: &[T]) -> impl Iterator<Item = [T; 4]> {
    let n = values.len();
    (0..n.pow(4)).map(move |index| [0, 1, 2, 3].map(|cell| values[index / n.pow(cell) % n]))
}

#[test]
fn rates_are_their_formulas() {
    let counts = grid(&[0, 1, 3, 50, 1_000_003, (1 << 51) - 7])
        .map(|[tp, fp, fn_, tn]| Cells::from_counts(tp, fp, fn_, tn));
    let weights = grid(&[0.0, 1e-300, 0.1, 0.7, 12.345, 1e290]).map(|[tp, fp, fn_, tn]| {
        Cells::from_weights(tp, fp, fn_, tn).expect("finite and at least 0")
    });
    let all = counts.chain(weights).collect::<Vec<_>>();
    let rates = catalog().iter().filter(|metric| metric.share().is_some());
    assert!(
        rates
            .clone()
            .map(Metric::name)
            .eq(FORMULAS.map(|(name, _)| name))
    );
    for (metric, (_, formula)) in rates.zip(FORMULAS) {
        for cells in &all {
            assert_eq!(
                metric.value(cells).map(f64::to_bits),
                formula(cells).map(f64::to_bits),
                "{metric} of {cells:?}"
            );
        }
    }
}

#[test]
fn intervals_are_of_the_rows_of_the_rate() {
    for [tp, fp, fn_, tn] in grid(&[0, 1, 4, 70]) {
        let cells = Cells::from_counts(tp, fp, fn_, tn);
        // By the definitions of the field, numerators and denominators in full.
        let n_rows = tp + fp + fn_ + tn;
        let fractions = [
            (tp + tn, n_rows),
            (fp + fn_, n_rows),
            (tp, tp + fp),
            (tp, tp + fn_),
            (tn, tn + fp),
            (tn, tn + fn_),
            (fp, fp + tn),
            (fn_, fn_ + tp),
            (fp, fp + tp),
            (fn_, fn_ + tn),
            (tp + fn_, n_rows),
            (tp + fp, n_rows),
        ];
        for ((name, _), (successes, trials)) in FORMULAS.iter().zip(fractions) {
            let metric = name.parse().expect("a metric");
            let wilson = ProportionInterval::Wilson;
            assert_eq!(
                metric_interval(&metric, &cells, wilson, 0.9).expect("a confidence"),
                proportion_interval(successes, trials, wilson, 0.9).expect("a confidence"),
                "{name} of {cells:?}"
            );
        }
    }
    let cells = Cells::from_counts(1, 2, 3, 4);
    for metric in catalog().iter().filter(|metric| metric.share().is_none()) {
        let interval = metric_interval(metric, &cells, ProportionInterval::Wilson, 0.9);
        assert_eq!(interval.expect("a confidence"), None, "{metric}");
    }
}
