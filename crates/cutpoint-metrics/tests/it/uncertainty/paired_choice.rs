//! Thresholds of two models that are chosen anew in every replicate, against every resample that there is.

use std::collections::BTreeMap;

use cutpoint_core::{Scores, Seed, Threshold};
use cutpoint_metrics::{
    BootstrapInterval, BootstrapOptions, Cells, Error, Matched, Objective, PairedCells,
    PairedChoice, PairedChoiceRows, Problem, Resampling, formulas, sweep,
};

use crate::best::best;

const N_ROWS: usize = 5;
const IS_POSITIVE: [bool; N_ROWS] = [true, false, true, false, false];
/// With a tie in the second.
const SCORES: [[f64; N_ROWS]; 2] = [[0.9, 0.7, 0.4, 0.6, 0.2], [3.0, 1.0, 2.0, 4.0, 2.0]];
const WEIGHT: [f64; N_ROWS] = [2.0, 1.0, 3.0, 5.0, 1.0];

/// Some of the rows, some of them more than once.
fn resample(model: usize, rows: &[usize], is_weighted: bool) -> Scores {
    let is_positive = rows.iter().map(|&row| IS_POSITIVE[row]).collect();
    let score = rows.iter().map(|&row| SCORES[model][row]).collect();
    let scores = Scores::new(is_positive, score).expect("finite scores");
    if is_weighted {
        let weight = rows.iter().map(|&row| WEIGHT[row]).collect();
        scores.with_weight(weight).expect("weights")
    } else {
        scores
    }
}

/// What a choice gives on scores of both models, by sweeps of their own.
fn chosen(choice: &PairedChoice, models: [Scores; 2]) -> Option<[Cells; 2]> {
    let sweeps = models.map(|scores| sweep(&scores));
    let solved = |model: usize, problem: &Problem| {
        let (chosen, _) = best(&sweeps[model], problem)?;
        Some(chosen.cells)
    };
    match choice {
        PairedChoice::Matched { first, rate } => {
            let first = sweeps[0].cells_at(*first);
            let rate = match rate {
                Matched::FalsePositiveRate => formulas::fpr,
                _ => formulas::predicted_positive_rate,
            };
            let most = rate(&first)?;
            let mut others = sweeps[1].rows().map(|row| row.cells()).collect::<Vec<_>>();
            others.retain(|cells| rate(cells).is_some_and(|rate| rate <= most));
            Some([first, others.pop()?])
        }
        PairedChoice::Best(problem) => Some([solved(0, problem)?, solved(1, problem)?]),
        _ => unreachable!("no other choice"),
    }
}

/// Every resample as its rows; `by_class`: of as many positives as there are.
fn resamples(by_class: bool) -> impl Iterator<Item = Vec<usize>> {
    let all = (0..N_ROWS.pow(5)).map(|number| {
        let digits = (0..5_u32).map(|digit| number / N_ROWS.pow(digit) % N_ROWS);
        digits.collect::<Vec<_>>()
    });
    let n_positives = |rows: &[usize]| rows.iter().filter(|&&row| IS_POSITIVE[row]).count();
    all.filter(move |rows| !by_class || n_positives(rows) == 2)
}

fn key(cells: Option<[Cells; 2]>) -> String {
    format!("{cells:?}")
}

fn pair(cells: &PairedCells) -> [Cells; 2] {
    [cells.first(), cells.second()]
}

#[test]
fn replicates_come_as_often_as_among_all_resamples() {
    const N_REPLICATES: usize = 10_000;
    let matched = |rate| PairedChoice::Matched {
        first: Threshold::HALF,
        rate,
    };
    let best = |name: &str| {
        let objective = Objective::best(name.parse().unwrap()).unwrap();
        PairedChoice::Best(Box::new(Problem::new(objective)))
    };
    for choice in [
        matched(Matched::FalsePositiveRate),
        matched(Matched::AlertRate),
        best("f1"),
        best("youden"),
    ] {
        for (is_weighted, by_class) in [(false, false), (false, true), (true, false)] {
            let mut expected = BTreeMap::<String, f64>::new();
            let mut n_resamples = 0.0;
            for rows in resamples(by_class) {
                let models = [0, 1].map(|model| resample(model, &rows, is_weighted));
                *expected.entry(key(chosen(&choice, models))).or_default() += 1.0;
                n_resamples += 1.0;
            }
            assert!(expected.len() > 5, "{choice:?}");

            let all = [0, 1].map(|model| resample(model, &[4, 2, 0, 1, 3], is_weighted));
            let sweeps = all.each_ref().map(sweep);
            let mut rows = PairedChoiceRows::new(choice.clone(), sweeps.each_ref());
            rows.add(&all[0], &all[1]).unwrap();
            let resampling = if by_class {
                Resampling::ByClass
            } else {
                Resampling::Rows
            };
            let options = BootstrapOptions::default()
                .n_replicates(N_REPLICATES)
                .resampling(resampling)
                .seed(Seed::from(5));
            let replicates = rows.bootstrap(&options).unwrap();
            let observed = replicates.observed().as_ref().map(pair);
            assert_eq!(observed, chosen(&choice, all), "{choice:?}");
            let mut found = BTreeMap::<String, f64>::new();
            for cells in replicates.replicates() {
                *found.entry(key(cells.as_ref().map(pair))).or_default() += 1.0;
            }
            assert!(found.keys().all(|key| expected.contains_key(key)));
            for (key, count) in &expected {
                let share = count / n_resamples;
                let mean = share * N_REPLICATES as f64;
                let off = found.get(key).copied().unwrap_or_default() - mean;
                // Of some hundred outcomes hardly one lies beyond 5 deviations.
                let limit = 5.0 * (mean * (1.0 - share)).sqrt();
                assert!(off.abs() <= limit, "{choice:?} {key}: {off} of {mean}");
            }
        }
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let models = [0, 1].map(|model| resample(model, &[0, 1, 2, 3, 4], false));
    let sweeps = models.each_ref().map(sweep);
    let choice = PairedChoice::Matched {
        first: Threshold::HALF,
        rate: Matched::AlertRate,
    };
    let mut rows = PairedChoiceRows::new(choice, sweeps.each_ref());
    rows.add(&models[0], &models[1]).unwrap();
    let other = resample(1, &[0, 1, 2, 3, 3], false);
    assert_eq!(rows.add(&models[0], &other), Ok(()));
    let other = resample(1, &[0, 1, 2, 3, 0], false);
    let error = rows.add(&models[0], &other);
    assert_eq!(error, Err(Error::RowClass { row: 14 }));
    let error = rows.add(&models[0], &resample(1, &[0], false));
    assert!(matches!(error, Err(Error::Input { .. })), "{error:?}");
    let bca = BootstrapOptions::default().interval(BootstrapInterval::Bca);
    assert_eq!(rows.bootstrap(&bca), Err(Error::ChosenBca));
}
