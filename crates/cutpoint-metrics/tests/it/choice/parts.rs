//! What is built on choices: zones of rejection, costs by amounts, groups.

use cutpoint_core::Scores;
use cutpoint_metrics::{
    AmountCost, Cells, Costs, Error, Metric, PartialSweepBuilder, Problem, RejectZone, Search,
    Step, choose, choose_by_amounts, choose_by_group, choose_reject_zone, gaps, sweep,
};
use proptest::prelude::*;

use super::{costs, matrices};
use crate::partial::partial;
use crate::strategies::{Rows, plain_rows, probability, score, weighted_rows, whole_weight};
use crate::{number_of, numbers_of};

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
        let kept = Cells::from_weights(above.tp(), above.fp(), below.fn_(), below.tn()).unwrap();
        prop_assert_eq!(zone.kept(), kept);
        let coverage = kept.total() / above.total();
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

    #[test]
    fn amounts_are_added_up_row_by_row(
        rows in prop_oneof![plain_rows(score()), plain_rows(probability())],
        amounts in prop::collection::vec((0_u8..20, 0_u8..20), 40),
        [tp, fp, fn_, tn] in whole_costs(), most in 0_u8..40,
    ) {
        let amounts = &amounts[..rows.score.len()];
        prop_assume!(amounts.iter().any(|(one, _)| *one > 0) && amounts.iter().any(|(_, two)| *two > 0));
        let of = |amount: fn(&(u8, u8)) -> u8| {
            let weight = Some(amounts.iter().map(|amounts| f64::from(amount(amounts))).collect());
            Rows { weight, ..rows.clone() }
        };
        // False alarms cost the first amount, misses the second, what is right costs the same for each row.
        let parts = vec![
            (sweep(&of(|amounts| amounts.0).scores()), costs(0.0, fp, 0.0, 0.0)),
            (sweep(&of(|amounts| amounts.1).scores()), costs(0.0, 0.0, fn_, 0.0)),
            (sweep(&rows.scores()), costs(tp, 0.0, 0.0, tn)),
        ];
        let cost = AmountCost::new("fp=one,fn=two", parts).unwrap();
        let cost_at = |threshold: Option<f64>| {
            let rows = rows.is_positive.iter().zip(&rows.score).zip(amounts);
            let cost = rows.map(|((&is_positive, &score), &(one, two))| {
                match (is_positive, threshold.is_some_and(|threshold| score >= threshold)) {
                    (true, true) => tp,
                    (false, true) => fp * f64::from(one),
                    (true, false) => fn_ * f64::from(two),
                    (false, false) => tn,
                }
            });
            cost.sum::<f64>()
        };
        let feasible = matrices(&rows);
        let feasible = feasible.iter().filter(|(_, cells)| cells.predicted_positives() <= f64::from(most));
        let costs = feasible.map(|(threshold, _)| (*threshold, cost_at(*threshold))).collect::<Vec<_>>();
        let least = costs.iter().map(|(_, cost)| *cost).reduce(f64::min).unwrap();
        let tied = costs.iter().filter(|(_, cost)| *cost <= least).map(|(threshold, _)| *threshold);
        let tied = tied.collect::<Vec<_>>();

        let problem = Problem::new(cost.objective())
            .subject_to(format!("predicted_positives<={most}").parse().unwrap());
        let choice = choose_by_amounts(&sweep(&rows.scores()), &problem, &cost).unwrap();
        let best = choice.found().unwrap();
        prop_assert_eq!(best.value().to_bits(), (least + 0.0).to_bits());
        prop_assert_eq!(numbers_of(best.tied()), &tied[..]);
        prop_assert_eq!(number_of(best.threshold()), tied.iter().flatten().next().copied());
        prop_assert_eq!(cost.value_at(best.threshold()).map(|cost| cost + 0.0), Some(best.value()));
    }
}

#[test]
fn amounts_of_one_are_counts() {
    // 40 000 rows: more than one block of the table.
    let is_positive = (0..40_000_u32).map(|row| row.wrapping_mul(2_654_435_761) % 40_000 < row);
    let rows = Scores::new(is_positive.collect(), (0..40_000).map(f64::from).collect()).unwrap();
    let table = sweep(&rows);
    let ones = sweep(&rows.clone().with_weight(vec![1.0; 40_000]).unwrap());
    let cost = AmountCost::new(
        "fp=1,fn=one",
        vec![
            (table.clone(), costs(0.0, 1.0, 0.0, 0.0)),
            (ones, costs(0.0, 0.0, 3.0, 0.0)),
        ],
    );
    let cost = cost.unwrap();
    for prevalence in [None, Some(0.2)] {
        let at = |problem: Problem| match prevalence {
            Some(prevalence) => problem.at_prevalence(prevalence),
            None => problem,
        };
        let problem =
            |objective| at(Problem::new(objective)).subject_to("recall>=0.6".parse().unwrap());
        let got = choose_by_amounts(&table, &problem(cost.objective()), &cost).unwrap();
        let expected = problem("cost(fp=1,fn=3)".parse().unwrap());
        let expected = choose(&table, &expected).unwrap();
        let (got, expected) = (got.found().unwrap(), expected.found().unwrap());
        assert!((got.value() - expected.value()).abs() <= 1e-12 * expected.value());
        if prevalence.is_none() {
            assert_eq!(
                (got.threshold(), got.tied()),
                (expected.threshold(), expected.tied())
            );
        }
    }
    // Why nothing can be chosen is told as for any problem.
    let problem = Problem::new(cost.objective()).subject_to("recall>=2".parse().unwrap());
    let choice = choose_by_amounts(&table, &problem, &cost).unwrap();
    assert_eq!(choice.infeasible().unwrap().binding(), [0]);
    let other = Problem::new("f1".parse().unwrap());
    let error = choose_by_amounts(&table, &other, &cost).unwrap_err();
    assert!(matches!(error, Error::AmountObjective { .. }));
    assert_eq!(cost.objective().metric().value(&table.cells(1)), None);
    assert_eq!(cost.objective().to_string(), "minimize cost(fp=1,fn=one)");
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

#[test]
fn groups_at_one_threshold_and_at_their_own() {
    let scores = |label: &[u8], score: &[f64]| {
        let label = label.iter().map(|label| *label == 1).collect();
        sweep(&Scores::new(label, score.to_vec()).unwrap())
    };
    let whole = scores(
        &[1, 1, 0, 1, 0, 1, 0, 0, 0],
        &[0.9, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2],
    );
    let first = scores(&[1, 0, 0, 1, 0], &[0.9, 0.75, 0.6, 0.5, 0.3]);
    let second = scores(&[1, 1, 0, 0], &[0.8, 0.7, 0.4, 0.2]);
    // Right: 5, 6, 7, 6, 7, 6, 7, 6, 5, 4 of 9: the highest of 0.8, 0.7 and 0.5.
    let problem = Problem::new("accuracy".parse().unwrap());
    let choice = choose_by_group(&whole, &[first, second], &problem).unwrap();
    assert_eq!(
        number_of(choice.shared().found().unwrap().threshold()),
        Some(0.8)
    );
    let at_shared = choice.at_shared().unwrap();
    assert_eq!(
        at_shared,
        [
            Cells::from_counts(1, 0, 1, 3),
            Cells::from_counts(1, 0, 1, 2)
        ]
    );
    let own = choice
        .own()
        .iter()
        .map(|choice| number_of(choice.found().unwrap().threshold()));
    assert_eq!(own.collect::<Vec<_>>(), [Some(0.9), Some(0.7)]);
    let at_own = choice.at_own().unwrap();
    assert_eq!(
        at_own,
        [
            Cells::from_counts(1, 0, 1, 3),
            Cells::from_counts(2, 0, 0, 2)
        ]
    );
    let gap = |cells: &[Cells], name: &str| {
        let metric = name.parse::<Metric>().unwrap();
        let gaps = gaps(cells, None);
        gaps.iter()
            .find(|gap| *gap.metric() == metric)
            .unwrap()
            .size()
    };
    assert_eq!(gap(at_shared, "recall"), Some(0.0));
    assert_eq!(gap(&at_own, "recall"), Some(0.5));
    // 3/4 and 2/3.
    let npv = gap(at_shared, "npv").unwrap();
    assert!((npv - 1.0 / 12.0).abs() < 1e-15);
    // The odds ratio is undefined without a false positive in either.
    assert_eq!(gap(at_shared, "diagnostic_odds_ratio"), None);
    // Nothing is shared where nothing is feasible.
    let problem = problem.subject_to("recall>=2".parse().unwrap());
    let choice = choose_by_group(&whole, std::slice::from_ref(&whole), &problem).unwrap();
    assert_eq!((choice.at_shared(), choice.at_own()), (None, None));
}
