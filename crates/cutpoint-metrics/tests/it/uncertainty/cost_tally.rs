//! Costs of rows at fixed thresholds, against rows added up one by one, and how sure they are, against variances taken
//! in two passes and against resampled rows.

use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream};
use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{ConfidenceInterval, CostTally, Costs, Error, Resampling, RowCosts};
use proptest::prelude::*;

/// The point below which 97.5 % of the standard normal distribution lies.
const Z: f64 = 1.959_963_984_540_054;

/// How far sums of at most 60 costs below 500 may be apart, whose squares come to less than 2e7; their roots, where the
/// squares nearly vanish, by the root of it.
const OFF: f64 = 1e-7;

type Row = (bool, f64, f64);

/// What a row costs if a false alarm costs 3, a miss the amount and a hit -1.
fn cost(&(is_positive, score, amount): &Row, threshold: Option<f64>) -> f64 {
    match (is_positive, threshold.is_some_and(|least| score >= least)) {
        (true, true) => -1.0,
        (true, false) => amount,
        (false, true) => 3.0,
        (false, false) => 0.0,
    }
}

fn add(tally: &mut CostTally, rows: &[Row], threshold: Option<f64>) {
    let scores = Scores::new(
        rows.iter().map(|row| row.0).collect(),
        rows.iter().map(|row| row.1).collect(),
    );
    let scores = scores.expect("rows");
    let amounts = rows.iter().map(|row| row.2).collect::<Vec<_>>();
    let none = Costs::ZERO;
    let constant = none.fp(3.0).tp(-1.0);
    let costs = RowCosts::new(&scores, &constant, &[(&amounts, none.fn_(1.0))]).expect("costs");
    let threshold = threshold.map(|threshold| Threshold::new(threshold).expect("finite"));
    tally.add(&scores, &costs, threshold).expect("small costs");
}

/// The number of values times their variance, from their mean.
fn squared_deviations(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

fn half_width(interval: Option<ConfidenceInterval>) -> f64 {
    let interval = interval.expect("defined");
    (interval.high() - interval.low()) / 2.0
}

proptest! {
    #[test]
    fn a_tally_is_what_rows_one_by_one_come_to(
        rows in prop::collection::vec((any::<bool>(), 0.0..1.0, -20.0..500.0), 2..60),
        cut in 0_usize..60, thresholds in [prop::option::of(0.0..1.0), prop::option::of(0.0..1.0)],
    ) {
        // Two folds, each with a threshold of its own.
        let (first, second) = rows.split_at(cut.min(rows.len() - 1).max(1));
        let mut tally = CostTally::default();
        add(&mut tally, first, thresholds[0]);
        let mut other = CostTally::default();
        add(&mut other, second, thresholds[1]);
        tally.merge(&other);
        let costs = first.iter().map(|row| (row.0, cost(row, thresholds[0])));
        let costs = costs.chain(second.iter().map(|row| (row.0, cost(row, thresholds[1]))));
        let costs = costs.collect::<Vec<_>>();
        let of = |is_positive| {
            let costs = costs.iter().filter(|(is, _)| *is == is_positive);
            costs.map(|(_, cost)| *cost).collect::<Vec<_>>()
        };
        let (positives, negatives) = (of(true), of(false));
        let all = [&positives[..], &negatives[..]].concat();
        let total = tally.total(None).unwrap().unwrap();
        prop_assert!((total - all.iter().sum::<f64>()).abs() < OFF);
        let half = |prevalence, resampling| half_width(tally.interval(prevalence, resampling, 0.95).unwrap());
        let expected = Z * squared_deviations(&all).sqrt();
        prop_assert!((half(None, Resampling::Rows) - expected).abs() < OFF.sqrt());
        let [of_positives, of_negatives] = [&positives, &negatives].map(|costs| squared_deviations(costs));
        let expected = Z * (of_positives + of_negatives).sqrt();
        prop_assert!((half(None, Resampling::ByClass) - expected).abs() < OFF.sqrt());
        // Had one of four rows been positive.
        let there = tally.total(Some(0.25)).unwrap();
        if positives.is_empty() || negatives.is_empty() {
            prop_assert_eq!(there, None);
            prop_assert_eq!(tally.interval(Some(0.25), Resampling::Rows, 0.95).unwrap(), None);
            return Ok(());
        }
        let n_rows = all.len() as f64;
        let factors = [0.25 * n_rows / positives.len() as f64, 0.75 * n_rows / negatives.len() as f64];
        let expected = factors[0] * positives.iter().sum::<f64>() + factors[1] * negatives.iter().sum::<f64>();
        prop_assert!((there.unwrap() - expected).abs() < 30.0 * OFF);
        let expected = Z * (factors[0].powi(2) * of_positives + factors[1].powi(2) * of_negatives).sqrt();
        prop_assert!((half(Some(0.25), Resampling::Rows) - expected).abs() < 30.0 * OFF.sqrt());
    }
}

#[test]
fn resampled_rows_scatter_as_told() {
    // 100 positive and 300 negative rows, whose amounts have a long tail.
    let rows = (0..400_u32).map(|row| {
        let amount = 1.02_f64.powi(i32::try_from(row % 199).expect("small"));
        (row % 4 == 0, f64::from(row * 37 % 400) / 400.0, amount)
    });
    let rows = rows.collect::<Vec<_>>();
    let threshold = Some(0.6);
    let mut tally = CostTally::default();
    add(&mut tally, &rows, threshold);
    let costs = rows.iter().map(|row| cost(row, threshold));
    let costs = costs.collect::<Vec<_>>();
    let mut stream = ChaChaStream::new(1, Purpose::new("test/rows"), 0);
    let n_draws = 4000;
    let totals = (0..n_draws).map(|_| {
        let drawn = (0..costs.len()).map(|_| costs[stream.index(costs.len())]);
        drawn.sum::<f64>()
    });
    let totals = totals.collect::<Vec<_>>();
    let deviation = (squared_deviations(&totals) / f64::from(n_draws)).sqrt();
    let told = half_width(tally.interval(None, Resampling::Rows, 0.95).unwrap()) / Z;
    // A standard deviation of 4000 numbers is known to 1.1 %; four times that.
    assert!((told / deviation - 1.0).abs() < 0.045, "{told} {deviation}");
}

#[test]
fn what_cannot_be_told_is_none_or_refused() {
    let mut tally = CostTally::default();
    assert_eq!(tally.total(None).unwrap(), Some(0.0));
    let interval = |tally: &CostTally| tally.interval(None, Resampling::Rows, 0.95).unwrap();
    assert_eq!(interval(&tally), None);
    add(
        &mut tally,
        &[(false, 0.9, 0.0), (false, 0.8, 0.0)],
        Some(0.1),
    );
    // Two alarms at 3 each: rows that cost the same leave no doubt.
    assert_eq!(half_width(interval(&tally)).to_bits(), 0);
    assert!(matches!(
        tally.total(Some(1.0)),
        Err(Error::Prevalence { .. })
    ));
    let error = tally.interval(None, Resampling::Rows, 1.0).unwrap_err();
    assert!(matches!(error, Error::Confidence { .. }));

    let none = Costs::ZERO;
    let rows = Scores::new(vec![true, false], vec![0.9, 0.2]).unwrap();
    let weighted = rows.clone().with_weight(vec![2.0, 1.0]).unwrap();
    let costs =
        |amounts: [f64; 2]| RowCosts::new(&rows, &none, &[(&amounts, none.fn_(1.0))]).unwrap();
    let mut tally = CostTally::default();
    tally.add(&weighted, &costs([5.0, 7.0]), None).unwrap();
    // A missed amount of 5, twice; nobody knows how many rows that is.
    assert_eq!(
        (tally.total(None).unwrap(), interval(&tally)),
        (Some(10.0), None)
    );
    // The square is beyond every double, the cost is not.
    let mut tally = CostTally::default();
    tally.add(&rows, &costs([1e200, 7.0]), None).unwrap();
    assert_eq!(
        (tally.total(None).unwrap(), interval(&tally)),
        (Some(1e200), None)
    );
    let mut tally = CostTally::default();
    tally.add(&rows, &costs([4.0, 7.0]), None).unwrap();
    let before = tally.clone();
    let error = tally.add(&rows, &costs([1e291, 0.0]), None).unwrap_err();
    assert!(matches!(error, Error::RowCost { row: 0, .. }), "{error}");
    assert_eq!(tally, before);
}
