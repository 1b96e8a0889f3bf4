//! Two models whose rows come block by block, and whose scores are known in bins: against all rows at once.

use cutpoint_core::{Scores, Seed, Threshold};
use cutpoint_metrics::{
    BootstrapOptions, Bounds, DelongRows, Error, PairedRows, PartialSweep, PartialSweepBuilder,
    delong, delong_bounds, delong_test, paired_bootstrap_rows, sweep,
};
use proptest::prelude::*;

use crate::is_close;
use crate::strategies::{Rows, plain_rows, score};

/// What rounding may add to a sum of up to some hundred terms of size 1.
const ROUNDING: f64 = 1e-12;

fn contains(bounds: Bounds, value: f64) -> bool {
    bounds.low() - ROUNDING <= value && value <= bounds.high() + ROUNDING
}

/// Rows and another model's scores of them.
fn pairs() -> impl Strategy<Value = (Rows, Rows)> {
    (plain_rows(score()), any::<u64>()).prop_map(|(rows, salt)| {
        let n_rows = rows.score.len() as u64;
        let other = (0..n_rows).map(|row| {
            let row = usize::try_from((row * (salt % 7 + 1) + salt) % n_rows);
            rows.score[row.expect("an index")]
        });
        let other = Rows {
            is_positive: rows.is_positive.clone(),
            score: other.collect(),
            weight: None,
        };
        (rows, other)
    })
}

fn partial(rows: &Rows, memory: usize) -> PartialSweep {
    let mut builder = PartialSweepBuilder::new(memory).expect("valid");
    builder.add(&rows.scores());
    builder.finish().expect("valid")
}

proptest! {
    #[test]
    fn bounds_hold_what_all_rows_say(
        (first, second) in pairs(), memory in prop::array::uniform2(240_usize..2000), n_rows in 1_usize..20
    ) {
        let models = [&first, &second];
        let partials = [0, 1].map(|model| partial(models[model], memory[model]));
        let exact = delong_test(&first.scores(), &second.scores()).unwrap();
        let rows = DelongRows::new(&partials[0], &partials[1]).unwrap();
        prop_assert_eq!(rows.is_some(), exact.is_some());
        let (Some(mut rows), Some(exact)) = (rows, exact) else { return Ok(()); };
        for (first, second) in first.blocks(n_rows).zip(second.blocks(n_rows)) {
            rows.add(&first, &second).unwrap();
        }
        let (test, bounds) = rows.finish().unwrap();
        let models = [(bounds.first(), exact.first()), (bounds.second(), exact.second())];
        for (model, (bounds, exact)) in models.into_iter().enumerate() {
            prop_assert!(contains(bounds.auc(), exact.auc()), "{:?}, {:?}", bounds, exact);
            prop_assert!(contains(bounds.standard_error(), exact.standard_error()), "{:?}, {:?}", bounds, exact);
            prop_assert_eq!(delong_bounds(&partials[model]).unwrap(), Some(bounds));
        }
        prop_assert!(contains(bounds.difference(), exact.difference()));
        prop_assert!(contains(bounds.standard_error(), exact.variance().sqrt()), "{:?}, {:?}", bounds, exact);
        if let (Some(bounds), Some(z)) = (bounds.z(), exact.z()) {
            prop_assert!(contains(bounds, z), "{:?}, {}", bounds, z);
        }
        if let Some(p) = exact.p() {
            prop_assert!(contains(bounds.p(), p), "{:?}, {}", bounds, p);
        }
        if partials.iter().all(PartialSweep::is_exact) {
            prop_assert!(is_close(test.variance(), exact.variance()));
            prop_assert_eq!(test.difference().to_bits(), exact.difference().to_bits());
            prop_assert!(bounds.difference().is_exact() && bounds.standard_error().is_exact());
        } else {
            // What is told lies within what it can be.
            prop_assert!(contains(bounds.difference(), test.difference()));
            prop_assert!(contains(bounds.standard_error(), test.variance().sqrt()));
            let estimate = delong(partials[0].edges()).unwrap().expect("two rows of either class");
            prop_assert!(is_close(estimate.auc(), test.first().auc()));
        }
    }
}

/// 997 rows, and the scores and weights of two models.
fn example() -> [Scores; 2] {
    let is_positive = (0..997_u32)
        .map(|row| (row * row) % 997 < row)
        .collect::<Vec<_>>();
    let weight = (0..997_u32)
        .map(|row| f64::from(row % 5) / 4.0)
        .collect::<Vec<_>>();
    let model = |score: &dyn Fn(u32) -> u32| {
        let score = (0..997).map(|row| f64::from(score(row))).collect();
        let scores = Scores::new(is_positive.clone(), score).expect("valid");
        scores.with_weight(weight.clone()).expect("valid")
    };
    [model(&|row| row / 2), model(&|row| row * row % 401)]
}

fn block(scores: &Scores, rows: std::ops::Range<usize>, is_weighted: bool) -> Scores {
    let part = Scores::new(
        scores.is_positive()[rows.clone()].to_vec(),
        scores.score()[rows.clone()].to_vec(),
    );
    let part = part.expect("valid");
    match scores.weight().filter(|_| is_weighted) {
        Some(weight) => part.with_weight(weight[rows].to_vec()).expect("valid"),
        None => part,
    }
}

#[test]
fn blocks_are_all_rows_at_once() {
    let [first, second] = example();
    let at = [300.0, 150.0].map(|at| Threshold::new(at).expect("valid"));
    let options = BootstrapOptions::default()
        .n_replicates(200)
        .seed(Seed::from(3));
    for is_weighted in [false, true] {
        let whole = [&first, &second].map(|scores| block(scores, 0..997, is_weighted));
        let expected =
            paired_bootstrap_rows(&whole[0], at[0], &whole[1], at[1], &options).expect("valid");
        // The first row weighs nothing, and would be no block by itself.
        for cuts in [[0, 2, 3, 997], [0, 333, 334, 997], [0, 989, 991, 997]] {
            let mut rows = PairedRows::new(at[0], at[1]);
            for pair in cuts.windows(2) {
                let part = |scores| block(scores, pair[0]..pair[1], is_weighted);
                rows.add(&part(&first), &part(&second)).expect("valid");
            }
            assert_eq!(rows.n_samples(), 997);
            assert_eq!(rows.counts().is_some(), !is_weighted);
            assert_eq!(rows.bootstrap(&options).expect("valid"), expected);
            assert_eq!(rows.observed(), *expected.observed());
            assert_eq!(rows.observed().first(), sweep(&whole[0]).cells_at(at[0]));
        }
    }
}

#[test]
fn rows_without_weights_weigh_one_beside_others() {
    let [first, second] = example();
    let at = Threshold::new(200.0).expect("valid");
    let mut rows = PairedRows::new(at, at);
    rows.add(
        &block(&first, 0..400, false),
        &block(&second, 0..400, false),
    )
    .expect("valid");
    rows.add(
        &block(&first, 400..997, true),
        &block(&second, 400..997, true),
    )
    .expect("valid");
    let weight = first.weight().expect("valid");
    let weights = (0..400).map(|_| 1.0).chain(weight[400..].iter().copied());
    let plain = block(&first, 0..997, false);
    let expected = plain.with_weight(weights.collect()).expect("valid");
    assert_eq!(rows.observed().first(), sweep(&expected).cells_at(at));
}

#[test]
fn rows_that_differ_are_named_over_all_blocks() {
    let [first, second] = example();
    let at = Threshold::HALF;
    let mut rows = PairedRows::new(at, at);
    rows.add(&block(&first, 0..400, true), &block(&second, 0..400, true))
        .expect("valid");
    // Rows 400 and 404 are of one class or not: whichever differs first.
    let other = block(&second, 401..997, true);
    let classes = first.is_positive()[400..]
        .iter()
        .zip(&first.is_positive()[401..]);
    let row = 400
        + classes
            .clone()
            .position(|(one, other)| one != other)
            .expect("valid");
    assert_eq!(
        rows.add(&block(&first, 400..996, true), &other).err(),
        Some(Error::RowClass { row })
    );
    let mut weight = second.weight().expect("valid")[400..].to_vec();
    weight[30] += 1.0;
    let heavy = block(&second, 400..997, false)
        .with_weight(weight)
        .expect("valid");
    assert_eq!(
        rows.add(&block(&first, 400..997, true), &heavy).err(),
        Some(Error::RowWeight { row: 430 })
    );

    // Rows that are not those of the sweeps.
    let plain = [&first, &second].map(|scores| block(scores, 0..997, false));
    let tables = plain
        .each_ref()
        .map(|scores| PartialSweep::from(sweep(scores)));
    let rows = || {
        DelongRows::new(&tables[0], &tables[1])
            .expect("valid")
            .expect("valid")
    };
    let mut fewer = rows();
    fewer
        .add(
            &block(&first, 0..996, false),
            &block(&second, 0..996, false),
        )
        .expect("valid");
    assert!(matches!(fewer.finish(), Err(Error::PassDiffers { .. })));
    let low = Scores::new(vec![true], vec![-1.0]).expect("valid");
    let below = rows().add(&low, &low);
    assert!(matches!(below, Err(Error::PassDiffers { .. })));
    let weighted = DelongRows::new(&PartialSweep::from(sweep(&first)), &tables[1]).map(|_| ());
    assert!(matches!(weighted, Err(Error::WeightedRows { .. })));
}
