//! Zones of rejection.

use cutpoint_choose::{RejectZone, Search, Step, choose, choose_reject_zone};
use cutpoint_core::Scores;
use cutpoint_metrics::{Cells, Costs, Error, PartialSweepBuilder, Problem, sweep};
use proptest::prelude::*;

use super::{costs, matrices};
use crate::{number_of, partial};
use cutpoint_testkit::strategies::{
    Rows, plain_rows, probability, score, weighted_rows, whole_weight,
};

/// Costs without rounding.
fn whole_costs() -> impl Strategy<Value = [f64; 4]> {
    prop::array::uniform4((-2_i8..=9).prop_map(f64::from))
}

/// Searches with so much memory for each pass; also, how many passes it took.
pub(super) fn search_zone(
    rows: &Rows,
    block: usize,
    memory: usize,
    costs: &Costs,
    reject: f64,
    prevalence: Option<f64>,
) -> (RejectZone, usize) {
    let first = partial(rows, block, memory);
    let search = Search::of(&first, []).expect("no problem");
    let search = search.and_reject_zone(&first, costs, reject, prevalence);
    let mut search = search.expect("costs in their domain");
    while let Step::NeedPass(ranges) = search.step(PartialSweepBuilder::max_ranges(memory)) {
        assert!(search.n_passes() < 60, "it goes on");
        let mut pass = PartialSweepBuilder::within(memory, &ranges).expect("some memory");
        for scores in rows.blocks(block) {
            pass.add(&scores);
        }
        search
            .feed(&pass.finish().expect("rows"))
            .expect("the same rows");
    }
    let zone = search.reject_zone().expect("one was asked for");
    (zone, search.n_passes())
}

/// "Predict none" comes last.
fn rank(threshold: Option<f64>) -> f64 {
    threshold.unwrap_or(f64::NEG_INFINITY)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_zone_is_the_cheapest_of_all_pairs(
        rows in prop_oneof![
            plain_rows(score()), plain_rows(probability()), weighted_rows(score(), whole_weight()),
        ],
        [tp, fp, fn_, tn] in whole_costs(), reject in (-2_i8..=12).prop_map(|cost| f64::from(cost) / 2.0),
        memory in 240_usize..2_000,
    ) {
        let matrices = matrices(&rows);
        let mut best = None::<(f64, Option<f64>, Option<f64>)>;
        for (upper_index, (upper, above)) in matrices.iter().enumerate() {
            for (lower, below) in &matrices[upper_index..] {
                let rejected = below.predicted_positives() - above.predicted_positives();
                let cost = tp * above.tp() + fp * above.fp() + fn_ * below.fn_() + tn * below.tn() + reject * rejected;
                let is_better = best.is_none_or(|(least, other, lowest)| {
                    cost < least
                        || (cost <= least && (rank(*upper), rank(*lower)) > (rank(other), rank(lowest)))
                });
                if is_better {
                    best = Some((cost, *upper, *lower));
                }
            }
        }
        let (cost, upper, lower) = best.unwrap();
        let zone = choose_reject_zone(&sweep(&rows.scores()), &costs(tp, fp, fn_, tn), reject, None).unwrap();
        prop_assert_eq!((zone.cost(), number_of(zone.upper()), number_of(zone.lower())), (cost, upper, lower));
        let find = |threshold| matrices.iter().find(|(other, _)| *other == threshold).unwrap().1;
        let (above, below) = (find(upper), find(lower));
        let rejected = (below.tp() - above.tp(), below.fp() - above.fp());
        prop_assert_eq!((zone.rejected_positives(), zone.rejected_negatives()), rejected);
        let accepted = Cells::from_weights(above.tp(), above.fp(), below.fn_(), below.tn()).unwrap();
        prop_assert_eq!(zone.accepted(), accepted);
        let coverage = accepted.total() / above.total();
        prop_assert!((zone.coverage() - coverage).abs() < 1e-14);
        // In few bins and many passes.
        let (found, _) = search_zone(&rows, 7, memory, &costs(tp, fp, fn_, tn), reject, None);
        prop_assert_eq!(found, zone);
    }

    #[test]
    fn a_zone_in_bins_is_that_of_the_table(
        rows in prop_oneof![plain_rows(score()), weighted_rows(score(), whole_weight())],
        [tp, fp, fn_, tn] in prop::array::uniform4(-1.0..3.0), reject in -0.5..3.0,
        prevalence in prop::option::of(0.01..0.99), memory in 240_usize..2_000, block in 1_usize..20,
    ) {
        let costs = costs(tp, fp, fn_, tn);
        let table = sweep(&rows.scores());
        let Ok(zone) = choose_reject_zone(&table, &costs, reject, prevalence) else {
            prop_assert!(prevalence.is_some());
            return Ok(());
        };
        let (found, _) = search_zone(&rows, block, memory, &costs, reject, prevalence);
        prop_assert_eq!(found, zone);
    }
}

#[test]
fn zones_that_cannot_be() {
    let table = sweep(&Scores::new(vec![true, true], vec![0.9, 0.1]).unwrap());
    let costs = costs(0.0, 1.0, 1.0, 0.0);
    for reject in [f64::NAN, f64::INFINITY, 1e101] {
        let error = choose_reject_zone(&table, &costs, reject, None).unwrap_err();
        assert!(
            matches!(error, Error::Cost { cell: "reject", .. }),
            "{reject}"
        );
    }
    let error = choose_reject_zone(&table, &costs, 0.1, Some(0.0)).unwrap_err();
    assert_eq!(error, Error::Prevalence { value: 0.0 });
    let error = choose_reject_zone(&table, &costs, 0.1, Some(0.5)).unwrap_err();
    assert!(matches!(error, Error::OneClass { .. }));
    // To reject costs nothing, or even pays: nothing is predicted.
    let zone = choose_reject_zone(&table, &costs, -1.0, None).unwrap();
    assert_eq!(
        (
            number_of(zone.upper()),
            number_of(zone.lower()),
            zone.cost()
        ),
        (None, Some(0.1), -2.0)
    );
    assert_eq!((zone.coverage(), zone.error_rate()), (0.0, None));
}

#[test]
fn a_zone_across_blocks() {
    // Half of the rows in the middle are of either class, by turns: to reject each of the 40 000 costs 0.25, to be
    // wrong about half of them costs 0.5 each.
    let n_rows = 60_000_u32;
    let is_positive = |row: u32| match row {
        0..10_000 => false,
        50_000.. => true,
        row => row % 2 == 0,
    };
    let is_positive = (0..n_rows).map(is_positive).collect();
    let table = sweep(&Scores::new(is_positive, (0..n_rows).map(f64::from).collect()).unwrap());
    let costs = costs(0.0, 1.0, 1.0, 0.0);
    let zone = choose_reject_zone(&table, &costs, 0.25, None).unwrap();
    // 10 000 itself is positive, 49 999 negative.
    assert_eq!(
        (
            number_of(zone.upper()),
            number_of(zone.lower()),
            zone.cost()
        ),
        (Some(50_000.0), Some(10_000.0), 10_000.0)
    );
    // Where to reject costs more than half, nothing but the ends by turns would pay: none is rejected.
    let zone = choose_reject_zone(&table, &costs, 0.75, None).unwrap();
    assert_eq!((zone.upper(), zone.coverage()), (zone.lower(), 1.0));
    let best = choose(&table, &Problem::new("cost(fp=1,fn=1)".parse().unwrap())).unwrap();
    assert_eq!(
        zone.cost().to_bits(),
        best.found().unwrap().value().to_bits()
    );
}
