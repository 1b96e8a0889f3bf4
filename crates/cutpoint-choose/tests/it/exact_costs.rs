//! Decimal costs are added as whole numbers: what ties there ties here.

use cutpoint_choose::{choose_reject_zone, optimum};
use cutpoint_core::Scores;
use cutpoint_metrics::sweep;
use proptest::prelude::*;

use crate::number_of;

/// The zone that costs least, by whole numbers of hundredths: costs of `fp`, `fn` and a rejected row. Of several the
/// one with the highest upper end, and of those the one with the highest lower end; no threshold comes last.
fn zone_by_trying(rows: &[(bool, i64)], [fp, fn_, reject]: [i64; 3]) -> (i64, [Option<i64>; 2]) {
    let mut ends = rows
        .iter()
        .map(|&(_, score)| Some(score))
        .collect::<Vec<_>>();
    ends.sort_unstable();
    ends.dedup();
    ends.reverse();
    ends.push(None);
    let is_at_least = |score: i64, end: Option<i64>| end.is_some_and(|end| score >= end);
    let mut best = None::<(i64, [Option<i64>; 2])>;
    for &upper in &ends {
        for &lower in &ends {
            let is_in_order = match (upper, lower) {
                (Some(upper), Some(lower)) => lower <= upper,
                (upper, _) => upper.is_none(),
            };
            if !is_in_order {
                continue;
            }
            let cost = rows.iter().map(|&(is_positive, score)| {
                match (
                    is_at_least(score, upper),
                    is_at_least(score, lower),
                    is_positive,
                ) {
                    (true, _, true) | (false, false, false) => 0,
                    (true, _, false) => fp,
                    (false, false, true) => fn_,
                    (false, true, _) => reject,
                }
            });
            let cost = cost.sum();
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, [upper, lower]));
            }
        }
    }
    best.expect("at least one pair")
}

proptest! {
    #[test]
    fn zones_of_decimal_costs_are_those_of_whole_numbers(
        rows in prop::collection::vec((any::<bool>(), -6..6_i64), 1..40),
        costs in [0..40_i64, 0..40_i64, 0..20_i64],
    ) {
        let (is_positive, score) = rows.iter().map(|&(is, score)| (is, score as f64)).unzip();
        let table = sweep(&Scores::new(is_positive, score).expect("finite"));
        // As a person writes them.
        let [fp, fn_, reject] = costs.map(|cost| format!("{}.{:02}", cost / 100, cost % 100));
        let text = format!("fp={fp},fn={fn_}");
        let reject = reject.parse().expect("a decimal");
        let zone = choose_reject_zone(&table, &text.parse().expect("costs"), reject, None).unwrap();
        let (cost, ends) = zone_by_trying(&rows, costs);
        // Both are whole numbers: the quotient is rounded once.
        prop_assert_eq!(zone.cost().to_bits(), (cost as f64 / 100.0).to_bits());
        prop_assert_eq!([zone.upper(), zone.lower()].map(number_of), ends.map(|end| end.map(|end| end as f64)));
    }

    #[test]
    fn decimal_costs_tie_where_whole_ones_do(
        rows in prop::collection::vec((any::<bool>(), -6..6_i64), 1..40),
        costs in [0..40_i64, 0..40_i64],
    ) {
        let (is_positive, score) = rows.iter().map(|&(is, score)| (is, score as f64)).unzip();
        let table = sweep(&Scores::new(is_positive, score).expect("finite"));
        let best = |costs: [String; 2]| {
            let objective = format!("minimize cost(fp={},fn={})", costs[0], costs[1]);
            optimum(&table, &objective.parse().expect("costs")).expect("costs are defined")
        };
        let whole = best(costs.map(|cost| cost.to_string()));
        let decimal = best(costs.map(|cost| format!("{}.{:02}", cost / 100, cost % 100)));
        prop_assert_eq!(decimal.tied(), whole.tied());
    }
}
