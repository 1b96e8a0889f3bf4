//! Partial sweeps as bytes: they come back to the bit, and no bytes break what reads them.

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    Costs, PartialSweep, PartialSweepBuilder, RowCosts, ScoreBin, average_precision, catalog,
    delong_bounds, roc_auc, sweep,
};
use proptest::prelude::*;

use super::{memory, partial};
use crate::strategies::{Rows, rows};

fn to_bytes(partial: &PartialSweep) -> Vec<u8> {
    postcard::to_allocvec(partial).expect("every sweep has a byte form")
}

/// Nothing may be left over.
fn from_bytes(bytes: &[u8]) -> Option<PartialSweep> {
    let (partial, rest) = postcard::take_from_bytes(bytes).ok()?;
    rest.is_empty().then_some(partial)
}

/// A false alarm costs 2.5, a miss an amount of either sign.
fn with_costs(rows: &Rows, block: usize, memory: usize) -> PartialSweep {
    let mut builder = PartialSweepBuilder::new(memory).expect("enough memory");
    for scores in rows.blocks(block) {
        let amounts = (0..scores.n_samples()).map(|row| [499.9, -0.1, 1e-3][row % 3]);
        let amounts = amounts.collect::<Vec<_>>();
        let none = Costs::ZERO;
        let costs = RowCosts::new(&scores, &none.fp(2.5), &[(&amounts, none.fn_(1.0))]);
        let costs = costs.expect("one amount a row");
        builder
            .add_with_costs(&scores, &costs)
            .expect("small costs");
    }
    builder.finish().expect("rows")
}

fn check_same(partial: &PartialSweep) -> Result<(), TestCaseError> {
    let bytes = to_bytes(partial);
    let read = from_bytes(&bytes).expect("its own bytes");
    prop_assert_eq!(&read, partial);
    // Debug tells what `==` does not: the sign of a zero, and in which columns counts are kept.
    prop_assert_eq!(format!("{read:?}"), format!("{partial:?}"));
    prop_assert_eq!(to_bytes(&read), bytes);
    Ok(())
}

proptest! {
    #[test]
    fn sweeps_come_back_to_the_bit(rows in rows(), memory in memory(), block in 1_usize..40) {
        check_same(&partial(&rows, block, memory))?;
        check_same(&with_costs(&rows, block, memory))?;
        let whole = sweep(&rows.scores());
        check_same(&PartialSweep::from(whole))?;
        let parts = [partial(&rows, block, memory), with_costs(&rows, block, memory)];
        check_same(&PartialSweep::merge(&parts, memory).expect("few rows"))?;
        // Sums of weights made elsewhere, whose rows nobody counted.
        let lowest = parts[0].edges().thresholds();
        let column = |of: fn(&ScoreBin) -> f64| parts[0].bins().map(|bin| of(&bin)).collect::<Vec<_>>();
        let (positives, negatives) = (column(ScoreBin::positives), column(ScoreBin::negatives));
        if let Ok(weighted) = PartialSweep::from_weights(lowest, lowest, &positives, &negatives) {
            prop_assert_eq!(weighted.n_samples(), None);
            check_same(&weighted)?;
        }
    }
}

/// Forty rows with thirty scores, of which memory for three bins is too little.
fn sweeps() -> Vec<PartialSweep> {
    let score = (0..40).map(|row| f64::from(row * 7 % 30) / 30.0 - 0.25);
    let rows = Rows {
        is_positive: (0..40).map(|row| row % 3 == 0).collect(),
        score: score.collect(),
        weight: None,
    };
    let weight = (0..40).map(|row| [0.1, 1.0, 2.75][row % 3]).collect();
    let weighed = Rows {
        weight: Some(weight),
        ..rows.clone()
    };
    let made = [rows, weighed].into_iter().flat_map(|rows| {
        let of_memory = |memory| [partial(&rows, 7, memory), with_costs(&rows, 7, memory)];
        [300, 1 << 20]
            .map(of_memory)
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    });
    made.collect()
}

/// Asks of a sweep whatever can be asked.
fn look_at(partial: &PartialSweep, other: &PartialSweep) {
    let edges = partial.edges();
    assert!(partial.n_bins() > 0);
    for row in edges.rows() {
        assert!(
            [row.cells().fn_(), row.cells().tn()]
                .iter()
                .all(|cell| *cell >= 0.0)
        );
    }
    let scores = other.bins().map(|bin| bin.lowest().midpoint(bin.highest()));
    for threshold in scores.chain([edges.thresholds()[0], 0.5]) {
        let threshold = Threshold::new(threshold).expect("finite");
        partial
            .cost_at(Some(threshold), Some(0.25))
            .expect("a prevalence");
        for metric in catalog() {
            partial.metric_bounds(metric, threshold);
        }
    }
    for bin in 0..partial.n_bins() {
        let [positives, negatives] = [partial.bin(bin).positives(), partial.bin(bin).negatives()];
        assert!(positives >= 0.0 && negatives >= 0.0);
        assert!(partial.is_weighted() || positives + negatives >= 1.0);
        partial.bounds_in(bin);
    }
    partial.roc_auc_bounds();
    partial.average_precision_bounds();
    roc_auc(edges);
    average_precision(edges);
    delong_bounds(partial).ok();
    PartialSweep::merge([partial, other], 1 << 20).ok();
    edges.spread(3);
}

#[test]
fn no_bytes_break_what_reads_a_sweep() {
    for whole in sweeps() {
        let bytes = to_bytes(&whole);
        let (mut n_read, mut n_refused) = (0, 0);
        for place in 0..bytes.len() {
            for change in [1, 0x40, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[place] ^= change;
                match from_bytes(&bytes) {
                    Some(partial) => {
                        look_at(&partial, &whole);
                        n_read += 1;
                    }
                    None => n_refused += 1,
                }
            }
            assert_eq!(from_bytes(&bytes[..place]), None);
        }
        assert!(
            n_read > 0 && n_refused > 0,
            "{n_read} read, {n_refused} refused"
        );
        // How many scores there are is told first: more than there is room for.
        let many = [&[0xff; 9][..], &[1], &bytes[1..]].concat();
        assert_eq!(from_bytes(&many), None);
    }
}

#[test]
fn no_bytes_break_what_reads_a_builder() {
    let score = (0..12).map(|row| f64::from(row * 7 % 12)).collect();
    let rows = Scores::new((0..12).map(|row| row % 3 == 0).collect(), score).unwrap();
    let weight = (0..12).map(|row| [0.1, 1.0, 2.75][row % 3]).collect();
    let plain = PartialSweepBuilder::new(1 << 10).unwrap();
    let mut counts = plain.clone();
    counts.add(&rows);
    let mut priced = plain.clone();
    let costs = RowCosts::new(&rows, &Costs::ZERO.fp(2.5).fn_(1.0), &[]).unwrap();
    priced.add_with_costs(&rows, &costs).unwrap();
    let mut weights = plain;
    weights.add(&rows.with_weight(weight).unwrap());
    for builder in [counts, priced, weights] {
        let whole = builder.clone().finish().unwrap();
        let bytes = postcard::to_allocvec(&builder).unwrap();
        let mut n_read = 0;
        for place in 0..bytes.len() {
            for change in [1, 2, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[place] ^= change;
                let Ok(builder) = postcard::from_bytes::<PartialSweepBuilder>(&bytes) else {
                    continue;
                };
                if let Ok(partial) = builder.finish() {
                    look_at(&partial, &whole);
                    n_read += 1;
                }
            }
        }
        assert!(n_read > 0);
    }
}

/// A bin without rows beside one with two: were it read, it would look as if no two rows tied.
#[test]
fn a_bin_without_rows_is_refused() {
    let mut builder = PartialSweepBuilder::new(1 << 10).unwrap();
    builder.add(&Scores::new(vec![true, true], vec![2.0, 1.0]).unwrap());
    let whole = builder.clone().finish().unwrap();
    let bytes = postcard::to_allocvec(&builder).unwrap();
    for (one, other) in (0..bytes.len()).flat_map(|one| (0..one).map(move |other| (one, other))) {
        for [of_one, of_other] in [[1, 3], [3, 1]] {
            let mut bytes = bytes.clone();
            bytes[one] ^= of_one;
            bytes[other] ^= of_other;
            let builder = postcard::from_bytes::<PartialSweepBuilder>(&bytes);
            if let Some(Ok(partial)) = builder.ok().map(PartialSweepBuilder::finish) {
                look_at(&partial, &whole);
            }
        }
    }
}
