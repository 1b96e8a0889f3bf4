//! The bootstrap of a choice by amounts, against every resample there is of a few rows.

use std::collections::BTreeMap;
use std::fmt::Debug;

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    BootstrapInterval, BootstrapOptions, CostBootstrapRows, CostChoiceBootstrap, Costs, Error,
    Objective, Problem, Resampling, RowCosts, sweep,
};

use crate::number_of;

/// Label, score, weight and amount: frauds of 500 and 20, and of 300 twice as likely; two rows share a score.
const ROWS: [(bool, f64, f64, f64); 5] = [
    (true, 0.9, 1.0, 500.0),
    (false, 0.8, 3.0, 0.0),
    (true, 0.8, 1.0, 20.0),
    (false, 0.6, 1.0, 0.0),
    (true, 0.5, 2.0, 300.0),
];

/// What a row costs: a false alarm 40, a hit -5, a miss the amount.
fn cost(
    (is_positive, score, weight, amount): (bool, f64, f64, f64),
    threshold: Option<f64>,
) -> f64 {
    let is_predicted = threshold.is_some_and(|threshold| score >= threshold);
    let cost = match (is_positive, is_predicted) {
        (true, true) => -5.0,
        (true, false) => amount,
        (false, true) => 40.0,
        (false, false) => 0.0,
    };
    weight * cost
}

fn priced(
    problem: &Problem,
    options: &BootstrapOptions,
) -> cutpoint_metrics::Result<CostChoiceBootstrap> {
    let column = |of: fn(&(bool, f64, f64, f64)) -> f64| ROWS.iter().map(of).collect::<Vec<_>>();
    let scores = Scores::new(ROWS.iter().map(|row| row.0).collect(), column(|row| row.1))?;
    let scores = scores.with_weight(column(|row| row.2))?;
    let none = Costs::ZERO;
    let amounts = column(|row| row.3);
    let costs = RowCosts::new(
        &scores,
        &none.fp(40.0).tp(-5.0),
        &[(&amounts, none.fn_(1.0))],
    )?;
    let table = sweep(&scores);
    let mut rows = CostBootstrapRows::new(&table);
    rows.add(&scores, &costs)?;
    assert!(rows.n_bytes() >= 5 * 32);
    rows.bootstrap_choice(Threshold::new(0.6)?, problem, options)
}

/// What can come of a resample: the threshold, the cost at 0.6.
fn key(threshold: impl Debug, cost: f64) -> String {
    format!("{threshold:?}, {cost}")
}

/// How likely each is: of all 5^5 resamples, or of those with 3 positive rows, as many as there are.
fn expected(is_by_class: bool, most_alerts: Option<f64>) -> (BTreeMap<String, f64>, f64) {
    let resample = |code: usize| (0..5).map(move |place| ROWS[code / 5_usize.pow(place) % 5]);
    let codes = (0..5_usize.pow(5))
        .filter(|&code| !is_by_class || resample(code).filter(|row| row.0).count() == 3);
    let codes = codes.collect::<Vec<_>>();
    let mut shares = BTreeMap::new();
    let (mut optimism, mut n_chosen) = (0.0, 0.0);
    for &code in &codes {
        let rows = resample(code).collect::<Vec<_>>();
        let total = |rows: &[(bool, f64, f64, f64)], threshold| {
            rows.iter().map(|&row| cost(row, threshold)).sum::<f64>()
        };
        let is_allowed = |rows: &[(bool, f64, f64, f64)], threshold: Option<f64>| {
            let alerts = rows
                .iter()
                .filter(|row| threshold.is_some_and(|least| row.1 >= least));
            most_alerts.is_none_or(|most| alerts.map(|row| row.2).sum::<f64>() <= most)
        };
        let scores = [0.9_f64, 0.8, 0.6, 0.5].into_iter();
        let scores =
            scores.filter(|score| rows.iter().any(|row| row.1.to_bits() == score.to_bits()));
        let mut best: Option<(f64, Option<f64>)> = None;
        for threshold in scores.map(Some).chain([None]) {
            let cost = total(&rows, threshold);
            if is_allowed(&rows, threshold) && best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, threshold));
            }
        }
        let threshold = best.map(|(_, threshold)| threshold);
        *shares
            .entry(key(threshold, total(&rows, Some(0.6))))
            .or_insert(0.0) += 1.0 / codes.len() as f64;
        // Whether or not it is allowed in the rows themselves.
        if let Some((cost, threshold)) = best {
            optimism += total(&ROWS, threshold) - cost;
            n_chosen += 1.0;
        }
    }
    (shares, optimism / n_chosen)
}

#[test]
fn replicates_are_as_likely_as_resamples() {
    const N_REPLICATES: u32 = 40_000;
    let objective = || Problem::new(Objective::of_amounts("fp=40,tp=-5,fn=amount"));
    for is_by_class in [false, true] {
        for most_alerts in [None, Some(4.0)] {
            let mut problem = objective();
            if let Some(most) = most_alerts {
                let constraint = format!("predicted_positives<={most}");
                problem = problem.subject_to(constraint.parse().unwrap());
            }
            let resampling = if is_by_class {
                Resampling::ByClass
            } else {
                Resampling::Rows
            };
            let options = BootstrapOptions::default()
                .n_replicates(N_REPLICATES as usize)
                .resampling(resampling);
            let replicates = priced(&problem, &options).unwrap();
            let (shares, optimism) = expected(is_by_class, most_alerts);
            let mut drawn = BTreeMap::<String, f64>::new();
            let costs = replicates.costs().replicates();
            for (choice, cost) in replicates.choices().thresholds().zip(costs) {
                let threshold = choice.map(number_of);
                *drawn.entry(key(threshold, cost.unwrap())).or_default() += 1.0;
            }
            for (told, share) in &shares {
                let got = drawn.remove(told).unwrap_or_default() / f64::from(N_REPLICATES);
                // Five standard deviations, and one replicate.
                let off = 5.0 * (share * (1.0 - share) / f64::from(N_REPLICATES)).sqrt();
                assert!(
                    (got - share).abs() < off + 1.0 / f64::from(N_REPLICATES),
                    "{told}: {got}, not {share}"
                );
            }
            assert!(drawn.is_empty(), "{drawn:?} cannot be");
            // Costs scatter by some 1000.
            let got = replicates.choices().optimism().unwrap();
            assert!((got - optimism).abs() < 25.0, "{got}, not {optimism}");
            assert!(optimism > 50.0);
        }
    }
    let first = priced(&objective(), &BootstrapOptions::default()).unwrap();
    assert_eq!(
        first,
        priced(&objective(), &BootstrapOptions::default()).unwrap()
    );
    // At 0.6 the alarms cost 160 in the rows themselves, the hits -10 and the miss 600.
    assert_eq!(first.costs().observed(), &Some(750.0));
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let options = BootstrapOptions::default();
    let error = priced(&Problem::new("f1".parse().unwrap()), &options).unwrap_err();
    assert!(matches!(error, Error::AmountObjective { .. }), "{error}");
    let problem = Problem::new(Objective::of_amounts("fn=amount"));
    let error = priced(&problem, &options.interval(BootstrapInterval::Bca)).unwrap_err();
    assert!(matches!(error, Error::WeightedBca), "{error}");
    let error = priced(&problem, &options.n_replicates(0)).unwrap_err();
    assert!(matches!(error, Error::ReplicateNumber { .. }), "{error}");
}
