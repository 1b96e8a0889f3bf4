//! Laws of intervals and comparisons: what must hold whatever the rows are.

use cutpoint_core::{Scores, Seed, Threshold};
use cutpoint_metrics::{
    BandOptions, Bootstrap, BootstrapInterval, BootstrapOptions, Cells, Error, Matched, Objective,
    Problem, ProportionInterval, Resampling, bootstrap, bootstrap_choice, bootstrap_rows, catalog,
    delong, delong_test, formulas, matching, metric_interval, paired_bootstrap,
    paired_bootstrap_rows, paired_counts, precision_recall_band, proportion_interval, roc_auc,
    roc_band, sweep,
};
use proptest::prelude::*;

use crate::best::best;
use crate::is_close;
use crate::strategies::{Rows, plain_rows, probability, score};

fn options() -> BootstrapOptions {
    BootstrapOptions::default()
        .n_replicates(300)
        .seed(Seed::from(3))
}

fn youden() -> Objective {
    Objective::best("youden".parse().expect("a metric")).expect("higher is better")
}

/// In a pool of so many threads.
fn within<T: Send>(n_threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .build();
    pool.expect("threads").install(work)
}

fn example() -> Scores {
    let is_positive = (0..997_u32).map(|row| (row * row) % 997 < row);
    let score = (0..997_u32).map(|row| f64::from(row / 2));
    Scores::new(is_positive.collect(), score.collect()).expect("finite scores")
}

/// Another model of the same rows.
fn rival() -> Scores {
    let first = example();
    let score = first.score().iter().map(|score| score * score % 401.0);
    Scores::new(first.is_positive().to_vec(), score.collect()).expect("finite scores")
}

proptest! {
    #[test]
    fn a_matched_rate_is_the_highest_not_above(
        rows in plain_rows(probability()), other in plain_rows(score()), at in probability()
    ) {
        let cells = sweep(&rows.scores()).cells_at(Threshold::new(at).unwrap());
        let table = sweep(&other.scores());
        for (matched, rate) in [
            (Matched::FalsePositiveRate, formulas::fpr as fn(&Cells) -> Option<f64>),
            (Matched::AlertRate, formulas::predicted_positive_rate),
        ] {
            let target = rate(&cells);
            let rates = (0..table.n_rows()).map(|row| rate(&table.cells(row))).collect::<Vec<_>>();
            let (Some(target), Some(problem)) = (target, matching(matched, &cells)) else {
                prop_assert_eq!((target, matching(matched, &cells)), (None, None));
                continue;
            };
            let chosen = best(&table, &problem).map(|(chosen, _)| chosen.cells);
            // The lowest threshold of those with the rate.
            let row = rates.iter().rposition(|rate| rate.is_some_and(|rate| rate <= target));
            prop_assert_eq!(chosen, row.map(|row| table.cells(row)));
        }
    }

    #[test]
    fn the_exact_interval_is_where_tails_have_half_of_the_rest(trials in 1_u64..2000, share in 0.0..1.0_f64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the trials")]
        let successes = (share * (trials + 1) as f64) as u64;
        let exact = proportion_interval(successes, trials, ProportionInterval::ClopperPearson, 0.9).unwrap().unwrap();
        let wilson = proportion_interval(successes, trials, ProportionInterval::Wilson, 0.9).unwrap().unwrap();
        let observed = successes as f64 / trials as f64;
        prop_assert!(exact.contains(observed) && wilson.contains(observed));
        prop_assert!(0.0 <= exact.low() && exact.high() <= 1.0);
        // Failures for successes: the mirror image.
        let mirror = proportion_interval(trials - successes, trials, ProportionInterval::ClopperPearson, 0.9);
        let mirror = mirror.unwrap().unwrap();
        prop_assert!((mirror.low() - (1.0 - exact.high())).abs() < 1e-14);
    }

    #[test]
    fn a_model_is_no_better_than_itself(rows in plain_rows(score())) {
        let scores = rows.scores();
        if let Some(test) = delong_test(&scores, &scores).unwrap() {
            prop_assert_eq!((test.difference(), test.z(), test.p()), (0.0, None, None));
        }
        let counts = paired_counts(&scores, Threshold::HALF, &scores, Threshold::HALF).unwrap();
        prop_assert_eq!((counts.mcnemar().p_exact(), counts.mcnemar().p_mid()), (1.0, 1.0));
        let replicates = paired_bootstrap(&counts, &options()).unwrap();
        let difference = replicates.difference_interval(&"accuracy".parse().unwrap()).unwrap();
        prop_assert_eq!((difference.low(), difference.high()), (0.0, 0.0));
    }

    #[test]
    fn the_paired_test_has_the_variances_of_the_tables(rows in plain_rows(score())) {
        let first = rows.scores();
        let second = rows.score.iter().map(|score| -score).collect();
        let second = Scores::new(rows.is_positive.clone(), second).unwrap();
        let test = delong_test(&first, &second).unwrap();
        let estimates = [&first, &second].map(|scores| delong(&sweep(scores)).unwrap());
        prop_assert_eq!(test.is_some(), estimates[0].is_some());
        if let (Some(test), [Some(one), Some(other)]) = (test, estimates) {
            prop_assert!(is_close(test.first().variance(), one.variance()));
            prop_assert!(is_close(test.second().variance(), other.variance()));
            // Turned around, a placement is one less itself.
            prop_assert!((test.covariance() + one.variance()).abs() < 1e-12);
            prop_assert_eq!(Some(one.auc()), roc_auc(&sweep(&first)));
        }
    }

    #[test]
    fn bands_hold_the_curve_that_was_seen(rows in plain_rows(score())) {
        let table = sweep(&rows.scores());
        let options = BandOptions::default().n_simulations(100);
        let roc = roc_band(&table, &options).unwrap();
        let curve = precision_recall_band(&table, &options).unwrap();
        prop_assert_eq!(roc.is_some(), table.positives() > 0.0 && table.negatives() > 0.0);
        if let (Some(roc), Some(curve)) = (roc, curve) {
            let is_column = |low: &[f64], high: &[f64]| {
                let ends = low.iter().zip(high);
                low.len() == table.n_rows()
                    && ends.into_iter().all(|(low, high)| 0.0 <= *low && low <= high && *high <= 1.0)
            };
            prop_assert!(is_column(roc.fpr_low(), roc.fpr_high()) && is_column(roc.tpr_low(), roc.tpr_high()));
            prop_assert!(is_column(curve.precision_low(), curve.precision_high()));
            prop_assert!(is_column(curve.recall_low(), curve.recall_high()));
            prop_assert!(roc.tpr_low().is_sorted() && roc.tpr_high().is_sorted());
            for (index, row) in table.rows().enumerate() {
                let cells = row.cells();
                let (fpr, tpr) = (formulas::fpr(&cells).unwrap(), formulas::recall(&cells).unwrap());
                prop_assert!(roc.fpr_low()[index] <= fpr && fpr <= roc.fpr_high()[index]);
                prop_assert!(roc.tpr_low()[index] <= tpr && tpr <= roc.tpr_high()[index]);
                if let Some(precision) = formulas::precision(&cells) {
                    prop_assert!(curve.precision_low()[index] <= precision);
                    prop_assert!(precision <= curve.precision_high()[index]);
                }
            }
        }
    }
}

#[test]
fn threads_change_nothing() {
    let scores = example();
    let table = sweep(&scores);
    let work = || {
        let threshold = Threshold::new(250.0).unwrap();
        let choice = bootstrap_choice(&table, threshold, &youden(), &options()).unwrap();
        let cells = bootstrap(&table.cells_at(threshold), &options()).unwrap();
        let weight = (0..997_u32).map(|row| f64::from(row % 7)).collect();
        let weighted = scores.clone().with_weight(weight).unwrap();
        let rows = bootstrap_rows(&weighted, threshold, &options()).unwrap();
        let counts = paired_counts(&scores, threshold, &scores, Threshold::HALF).unwrap();
        let paired = paired_bootstrap(&counts, &options()).unwrap();
        let band = roc_band(&table, &BandOptions::default().n_simulations(50)).unwrap();
        (choice, cells, rows, paired, band)
    };
    assert_eq!(within(1, work), within(3, work));
}

#[test]
fn another_seed_is_another_bootstrap() {
    let cells = Cells::from_counts(50, 5, 10, 100);
    let draw = |seed: Seed| bootstrap(&cells, &options().seed(seed)).unwrap();
    assert_eq!(draw(Seed::from(1)), draw(Seed::from(1)));
    assert_ne!(
        draw(Seed::from(1)).replicates(),
        draw(Seed::from(2)).replicates()
    );
    // A replicate is not moved by how many there are.
    let more = bootstrap(&cells, &options().seed(Seed::from(1)).n_replicates(301)).unwrap();
    assert_eq!(more.replicates()[..300], *draw(Seed::from(1)).replicates());
}

#[test]
fn replicates_have_the_rows_that_were_drawn_from() {
    let check = |replicates: &Bootstrap<Cells>, is_by_class: bool| {
        let mut prevalences = replicates
            .replicates()
            .iter()
            .map(Cells::positives)
            .collect::<Vec<_>>();
        assert!(
            replicates
                .replicates()
                .iter()
                .all(|cells| cells.total().to_string() == "165")
        );
        prevalences.sort_unstable_by(f64::total_cmp);
        prevalences.dedup();
        assert_eq!(prevalences.len() == 1, is_by_class, "{prevalences:?}");
    };
    let cells = Cells::from_counts(50, 5, 10, 100);
    for (resampling, is_by_class) in [(Resampling::Rows, false), (Resampling::ByClass, true)] {
        check(
            &bootstrap(&cells, &options().resampling(resampling)).unwrap(),
            is_by_class,
        );
    }
}

#[test]
fn the_interval_of_recall_is_that_of_a_binomial_number() {
    // By class, recall is a binomial count of 60 rows of probability 5/6: from scipy.stats.binom.ppf([0.025, 0.975],
    // 60, 5/6), 44 and 55 rows.
    let options = options()
        .resampling(Resampling::ByClass)
        .n_replicates(20_000);
    let replicates = bootstrap(&Cells::from_counts(50, 5, 10, 100), &options).unwrap();
    let recall = replicates
        .metric_interval(&"recall".parse().unwrap())
        .unwrap();
    assert!(is_close(recall.low(), 44.0 / 60.0), "{recall:?}");
    assert!(is_close(recall.high(), 55.0 / 60.0), "{recall:?}");
}

#[test]
fn every_metric_lies_in_its_interval() {
    let cells = Cells::from_counts(50, 5, 10, 100);
    for interval in [BootstrapInterval::Percentile, BootstrapInterval::Bca] {
        let replicates = bootstrap(&cells, &options().interval(interval)).unwrap();
        for metric in catalog() {
            let value = metric.value(&cells).unwrap();
            let interval = replicates.metric_interval(metric);
            let interval = interval.unwrap_or_else(|| panic!("{metric}: no interval"));
            assert!(
                interval.contains(value),
                "{metric}: {value} in {interval:?}"
            );
            assert!(interval.low() < interval.high(), "{metric}");
            let formula =
                metric_interval(metric, &cells, ProportionInterval::Wilson, 0.95).unwrap();
            if let Some(formula) = formula {
                assert!(
                    (formula.low() - interval.low()).abs() < 0.03,
                    "{metric}: {formula:?}, {interval:?}"
                );
            }
        }
    }
}

#[test]
fn equal_weights_are_as_sure_as_rows_without() {
    let scores = example();
    let threshold = Threshold::new(300.0).unwrap();
    let weighted = scores.clone().with_weight(vec![2.5; 997]).unwrap();
    let options = options().n_replicates(4000);
    let one = bootstrap_rows(&scores, threshold, &options).unwrap();
    let other = bootstrap_rows(&weighted, threshold, &options).unwrap();
    assert_eq!(
        one,
        bootstrap(&sweep(&scores).cells_at(threshold), &options).unwrap()
    );
    for metric in catalog() {
        let (Some(one), Some(other)) = (one.metric_interval(metric), other.metric_interval(metric))
        else {
            continue;
        };
        let width = one.high() - one.low();
        // The ends of 4000 replicates are known to some 3 % of the width.
        assert!(
            (one.low() - other.low()).abs() <= 0.12 * width,
            "{metric}: {one:?} and {other:?}"
        );
        assert!(
            (one.high() - other.high()).abs() <= 0.12 * width,
            "{metric}: {one:?} and {other:?}"
        );
    }
}

#[test]
fn the_observed_choice_lies_within_its_interval() {
    let table = sweep(&example());
    let (chosen, value) = best(&table, &Problem::new(youden())).unwrap();
    let at = chosen.threshold.unwrap();
    let bootstrap = bootstrap_choice(&table, at, &youden(), &options()).unwrap();
    let interval = bootstrap.threshold_interval().unwrap();
    assert!(interval.low() <= chosen.threshold && chosen.threshold <= interval.high());
    assert_eq!(*bootstrap.fixed().observed(), chosen.cells);
    assert_eq!(bootstrap.n_without_choice(), 0);
    // Replicates choose what suits them: on their own rows they do better than on the others.
    assert!(bootstrap.optimism().unwrap() > 0.0);
    assert!(bootstrap.merit_interval().unwrap().contains(value));
}

#[test]
fn what_cannot_be_told_is_refused() {
    let scores = example();
    let weight = vec![0.5; 997];
    let weighted = scores.clone().with_weight(weight).unwrap();
    let table = sweep(&weighted);
    let is_refused = |error: Option<Error>| {
        let error = error.expect("an error");
        assert!(matches!(error, Error::WeightedRows { .. }), "{error}");
    };
    let half = Threshold::HALF;
    is_refused(bootstrap_choice(&table, half, &youden(), &options()).err());
    is_refused(delong(&table).err());
    is_refused(delong_test(&scores, &weighted).err());
    is_refused(paired_counts(&weighted, half, &scores, half).err());
    is_refused(roc_band(&table, &BandOptions::default()).err());
    let cells = table.cells_at(Threshold::new(300.0).unwrap());
    assert_eq!(cells.to_counts(), None);
    is_refused(bootstrap(&cells, &options()).err());
    is_refused(
        metric_interval(
            &"recall".parse().unwrap(),
            &cells,
            ProportionInterval::Wilson,
            0.95,
        )
        .err(),
    );
    let bca = options().interval(BootstrapInterval::Bca);
    assert_eq!(
        bootstrap_rows(&weighted, half, &bca).err(),
        Some(Error::WeightedBca)
    );

    let other = Rows {
        is_positive: scores
            .is_positive()
            .iter()
            .enumerate()
            .map(|(row, &is)| is ^ (row == 5))
            .collect(),
        score: scores.score().to_vec(),
        weight: None,
    };
    assert_eq!(
        delong_test(&scores, &other.scores()).err(),
        Some(Error::RowClass { row: 5 })
    );
    let fewer = Scores::new(vec![true], vec![0.5]).unwrap();
    assert!(matches!(
        delong_test(&scores, &fewer),
        Err(Error::Input { .. })
    ));

    for confidence in [0.0, 1.0, f64::NAN] {
        assert!(matches!(
            options().confidence(confidence).check(),
            Err(Error::Confidence { .. })
        ));
        assert!(
            BandOptions::default()
                .confidence(confidence)
                .check()
                .is_err()
        );
        assert!(proportion_interval(1, 2, ProportionInterval::Wilson, confidence).is_err());
    }
    assert_eq!(
        options().n_replicates(0).check(),
        Err(Error::ReplicateNumber {
            max: 10_000_000,
            got: 0
        })
    );
    assert!(BandOptions::default().n_simulations(0).check().is_err());
    assert_eq!(
        proportion_interval(3, 2, ProportionInterval::Wilson, 0.95),
        Err(Error::Successes {
            successes: 3,
            trials: 2
        })
    );
    assert_eq!(
        proportion_interval(0, 0, ProportionInterval::Wilson, 0.95),
        Ok(None)
    );
}

#[test]
fn one_class_or_one_row_is_too_little_for_a_variance() {
    let scores = |classes: Vec<bool>| {
        let score = (0..classes.len()).map(|row| row as f64).collect();
        Scores::new(classes, score).unwrap()
    };
    for classes in [vec![true, true, true], vec![true, false, false], vec![true]] {
        let scores = scores(classes);
        assert_eq!(delong(&sweep(&scores)), Ok(None));
        assert_eq!(delong_test(&scores, &scores), Ok(None));
    }
    assert_eq!(
        roc_band(&sweep(&scores(vec![true, true])), &BandOptions::default()),
        Ok(None)
    );
}

#[test]
fn weights_pair_as_rows_do() {
    let (first, weight) = (example(), |row: u32| f64::from(row % 3));
    let second = rival();
    let at = [
        Threshold::new(300.0).unwrap(),
        Threshold::new(150.0).unwrap(),
    ];
    let draw = |first: &Scores, second: &Scores, options: &BootstrapOptions| {
        paired_bootstrap_rows(first, at[0], second, at[1], options)
    };
    let accuracy = "accuracy".parse().unwrap();

    // Without weights, it is the bootstrap of counts.
    for interval in [BootstrapInterval::Percentile, BootstrapInterval::Bca] {
        let options = options().interval(interval);
        let counts = paired_counts(&first, at[0], &second, at[1]).unwrap();
        let of_counts = paired_bootstrap(&counts, &options).unwrap();
        let of_rows = draw(&first, &second, &options).unwrap();
        let [one, other] = [
            of_counts.difference_interval(&accuracy),
            of_rows.difference_interval(&accuracy),
        ];
        assert!(one.is_some() && one == other, "{one:?} and {other:?}");
    }

    // With them, the observed cells are those of either model by itself.
    let weighted = |scores: &Scores| {
        let weight = (0..997).map(weight).collect();
        scores.clone().with_weight(weight).unwrap()
    };
    let (heavy_first, heavy_second) = (weighted(&first), weighted(&second));
    for resampling in [Resampling::Rows, Resampling::ByClass] {
        let options = options().resampling(resampling);
        let replicates = draw(&heavy_first, &heavy_second, &options).unwrap();
        let observed = replicates.observed();
        assert_eq!(observed.first(), sweep(&heavy_first).cells_at(at[0]));
        assert_eq!(observed.second(), sweep(&heavy_second).cells_at(at[1]));
        let interval = replicates.difference_interval(&accuracy).unwrap();
        let value = |cells: &Cells| accuracy.value(cells).unwrap();
        let difference = value(&observed.first()) - value(&observed.second());
        assert!(interval.low() < difference && difference < interval.high());
        // What both models have in common cancels.
        let with_itself = draw(&heavy_first, &heavy_first, &options);
        assert!(with_itself.is_ok(), "the same rows");
        let itself = paired_bootstrap_rows(&heavy_first, at[0], &heavy_first, at[0], &options);
        let itself = itself.unwrap().difference_interval(&accuracy).unwrap();
        assert_eq!((itself.low(), itself.high()), (0.0, 0.0));
        let [one, other] = [1, 3].map(|n_threads| {
            within(n_threads, || {
                draw(&heavy_first, &heavy_second, &options).unwrap()
            })
        });
        assert_eq!(one, other);
    }

    // Row 0 has no weight: against rows without weights, each of which counts once, it is the first that differs.
    assert_eq!(
        draw(&heavy_first, &second, &options()).err(),
        Some(Error::RowWeight { row: 0 })
    );
    let bca = options().interval(BootstrapInterval::Bca);
    assert_eq!(
        draw(&heavy_first, &heavy_second, &bca).err(),
        Some(Error::WeightedBca)
    );
}

#[test]
fn equal_weights_pair_as_surely_as_rows_without() {
    let first = example();
    let second = rival();
    let heavy = |scores: &Scores| scores.clone().with_weight(vec![2.5; 997]).unwrap();
    let at = Threshold::new(200.0).unwrap();
    let options = options().n_replicates(4000);
    let draw = |first: &Scores, second: &Scores| {
        let replicates = paired_bootstrap_rows(first, at, second, at, &options).unwrap();
        ["accuracy", "recall", "precision"].map(|metric| {
            let metric = metric.parse().unwrap();
            replicates.difference_interval(&metric).unwrap()
        })
    };
    let intervals = draw(&first, &second);
    for (one, other) in intervals.iter().zip(draw(&heavy(&first), &heavy(&second))) {
        let width = one.high() - one.low();
        assert!(width > 0.0);
        // The ends of 4000 replicates are known to some 3 % of the width.
        assert!(
            (one.low() - other.low()).abs() <= 0.12 * width,
            "{one:?} and {other:?}"
        );
        assert!(
            (one.high() - other.high()).abs() <= 0.12 * width,
            "{one:?} and {other:?}"
        );
    }
}
