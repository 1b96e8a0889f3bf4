//! Whatever is added up over rows can be added up in parts and merged: the same comes out, to the last bit, whatever
//! the parts are and whichever comes first.

use std::fmt::Debug;

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    BootstrapOptions, CellSums, CellTally, CostBootstrapPart, CostBootstrapRows, CostTally, Costs,
    DelongPart, DelongRows, Matched, MovesBuilder, Objective, PairedChoice, PairedChoicePart,
    PairedChoiceRows, PairedRows, PartialSweep, PartialSweepBuilder, Problem, Resampling, RowCosts,
    ScoreRange, ScoreSurveyBuilder, Sweep, WeightedBootstrapPart, WeightedBootstrapRows,
    check_constraints, sweep,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// A row of two models.
#[derive(Debug, Clone, Copy)]
struct Row {
    is_positive: bool,
    scores: [f64; 2],
    weight: f64,
    amount: f64,
}

/// All rows, and the same in parts, in the order in which these are merged.
#[derive(Debug, Clone)]
struct Sharded {
    whole: Vec<Row>,
    parts: Vec<Vec<Row>>,
}

impl Sharded {
    /// What comes of all rows at once, and what of the parts; compared as it is told.
    fn check<A, T: Debug>(
        &self,
        of_rows: impl Fn(&[Row]) -> A,
        mut merge: impl FnMut(&mut A, A),
        tell: impl Fn(A) -> T,
    ) -> Result<(), TestCaseError> {
        let mut parts = self.parts.iter().map(|rows| of_rows(rows));
        let mut merged = parts.next().expect("there are parts");
        for part in parts {
            merge(&mut merged, part);
        }
        let [merged, whole] = [merged, of_rows(&self.whole)].map(|all| format!("{:?}", tell(all)));
        prop_assert_eq!(merged, whole);
        Ok(())
    }
}

fn sharded() -> impl Strategy<Value = Sharded> {
    // Ties, and scores of all digits.
    let score = || prop_oneof![(0_u8..9).prop_map(|step| f64::from(step) / 8.0), 0.0..1.0];
    let row = (any::<bool>(), score(), score(), 0.1..10.0, -20.0..500.0);
    let row = row.prop_map(|(is_positive, first, second, weight, amount)| Row {
        is_positive,
        scores: [first, second],
        weight,
        amount,
    });
    vec((row, 0_usize..6), 8..90).prop_map(|rows| {
        // Two rows of either class, whatever else there is.
        let mut rows = rows;
        for (index, (row, _)) in rows.iter_mut().take(4).enumerate() {
            row.is_positive = index % 2 == 0;
        }
        let part = |part: usize| {
            let rows = rows.iter().filter(|(_, of)| *of == part);
            rows.map(|(row, _)| *row).collect::<Vec<_>>()
        };
        Sharded {
            whole: rows.iter().map(|(row, _)| *row).collect(),
            parts: (0..6).map(part).collect(),
        }
    })
}

/// The rows of a model; `None` without rows.
fn scores(rows: &[Row], model: usize, is_weighted: bool) -> Option<Scores> {
    let is_positive = rows.iter().map(|row| row.is_positive).collect();
    let score = rows.iter().map(|row| row.scores[model]).collect();
    let scores = Scores::new(is_positive, score).ok()?;
    if !is_weighted {
        return Some(scores);
    }
    let weight = rows.iter().map(|row| row.weight).collect();
    Some(scores.with_weight(weight).expect("weights above 0"))
}

/// A false alarm costs 2.5, a miss the amount.
fn costs(rows: &[Row], scores: &Scores) -> RowCosts {
    let amounts = rows.iter().map(|row| row.amount).collect::<Vec<_>>();
    let none = Costs::ZERO;
    RowCosts::new(scores, &none.fp(2.5), &[(&amounts, none.fn_(1.0))]).expect("costs")
}

fn at(threshold: f64) -> Threshold {
    Threshold::new(threshold).expect("finite")
}

fn options(resampling: Resampling) -> BootstrapOptions {
    let options = BootstrapOptions::default().n_replicates(20);
    options.resampling(resampling)
}

/// Builders of different kinds, in memory for three bins or for all.
fn builders() -> Vec<PartialSweepBuilder> {
    let range = |lowest, highest| ScoreRange::new(lowest, highest).expect("a range");
    let ranges = [range(0.2, 0.3), range(0.5, 0.5), range(0.51, 0.9)];
    let made = [400, 1000, 1 << 16].map(|memory| {
        [
            PartialSweepBuilder::new(memory),
            PartialSweepBuilder::within(memory, &ranges),
            PartialSweepBuilder::cut_at(memory, &[at(0.3), at(0.75)]),
        ]
    });
    let made = made.into_iter().flatten();
    made.map(|builder| builder.expect("enough memory"))
        .collect()
}

proptest! {
    #[test]
    fn sweeps_merge(rows in sharded(), is_weighted: bool, has_costs: bool) {
        for builder in builders() {
            rows.check(
                |rows| {
                    let mut builder = builder.clone();
                    // In small blocks, so that bins become coarser on the way.
                    for rows in rows.chunks(7) {
                        let scores = scores(rows, 0, is_weighted).expect("rows");
                        if has_costs {
                            builder.add_with_costs(&scores, &costs(rows, &scores)).expect("small costs");
                        } else {
                            builder.add(&scores);
                        }
                    }
                    builder
                },
                |all, part| all.merge(part).expect("of one kind"),
                PartialSweepBuilder::finish,
            )?;
        }
    }

    #[test]
    fn finished_sweeps_merge_with_what_rows_cost(rows in sharded(), is_weighted: bool, memory in 400_usize..4000) {
        let swept = |rows: &[Row]| {
            let mut builder = PartialSweepBuilder::new(memory).expect("enough memory");
            let scores = scores(rows, 0, is_weighted)?;
            builder.add_with_costs(&scores, &costs(rows, &scores)).expect("small costs");
            Some(builder.finish().expect("rows"))
        };
        let whole = swept(&rows.whole).expect("rows");
        let parts = rows.parts.iter().filter_map(|rows| swept(rows)).collect::<Vec<_>>();
        let merged = PartialSweep::merge(&parts, memory).expect("parts");
        prop_assert_eq!(merged.edges(), whole.edges());
        // Edges are differences of sums and their sum again, which costs the last of 32 digits.
        for threshold in whole.edges().thresholds() {
            let [merged, whole] = [&merged, &whole].map(|all| all.cost_at(Some(at(*threshold)), None));
            let (merged, whole) = (merged.expect("valid"), whole.expect("valid"));
            let (merged, whole) = (merged.expect("an edge"), whole.expect("an edge"));
            prop_assert!((merged - whole).abs() <= 1e-12 * whole.abs().max(1.0), "{merged}, {whole}");
        }
    }

    #[test]
    fn cells_and_costs_at_a_threshold_merge(rows in sharded(), is_weighted: bool, at_score in 0.0..1.0) {
        let constraints = ["recall>=0.5", "f1>=0.5"].map(|text| text.parse().expect("a constraint"));
        rows.check(
            |rows| {
                let mut sums = CellSums::new(at(at_score));
                if let Some(scores) = scores(rows, 0, is_weighted) {
                    sums.add(&scores);
                }
                sums
            },
            |all, part| all.merge(&part).expect("of one threshold"),
            |all| {
                let options = options(Resampling::Rows);
                (all.cells(), all.n_samples(), check_constraints(&constraints, &all, None, None, None, &options))
            },
        )?;
        for threshold in [Some(at(at_score)), None] {
            rows.check(
                |rows| {
                    let mut tallies = (CellTally::default(), CostTally::default());
                    if let Some(scores) = scores(rows, 0, is_weighted) {
                        tallies.0.add(&scores, threshold);
                        tallies.1.add(&scores, &costs(rows, &scores), threshold).expect("small costs");
                    }
                    tallies
                },
                |all, part| {
                    all.0.merge(&part.0);
                    all.1.merge(&part.1);
                },
                |(cells, costs)| {
                    (cells.cells(), costs.total(Some(0.3)), costs.interval(None, Resampling::Rows, 0.9))
                },
            )?;
        }
    }

    #[test]
    fn moves_merge(rows in sharded(), is_weighted: bool, from in 0.0..1.0, to in 0.0..1.0) {
        rows.check(
            |rows| {
                let mut moves = MovesBuilder::new(at(from), at(to));
                if let Some(scores) = scores(rows, 0, is_weighted) {
                    moves.add(&scores);
                }
                moves
            },
            |all, part| all.merge(&part).expect("of one move"),
            |all| all.finish(),
        )?;
    }

    #[test]
    fn surveys_merge(rows in sharded(), is_weighted: bool) {
        rows.check(
            |rows| {
                let mut survey = ScoreSurveyBuilder::default();
                if let Some(scores) = scores(rows, 0, is_weighted) {
                    survey.add(&scores);
                }
                survey
            },
            |all, part| all.merge(&part),
            ScoreSurveyBuilder::finish,
        )?;
    }

    #[test]
    fn rows_of_two_models_merge(rows in sharded(), is_weighted: bool, is_by_class: bool) {
        let resampling = if is_by_class { Resampling::ByClass } else { Resampling::Rows };
        let options = options(resampling);
        rows.check(
            |rows| {
                let mut pairs = PairedRows::new(at(0.4), at(0.6));
                let models = [0, 1].map(|model| scores(rows, model, is_weighted));
                if let [Some(first), Some(second)] = &models {
                    pairs.add(first, second).expect("the same rows");
                }
                pairs
            },
            |all, part| all.merge(part).expect("of the same thresholds"),
            |all| (all.n_samples(), all.counts(), all.observed(), all.bootstrap(&options)),
        )?;
        let sweeps = [0, 1].map(|model| sweep(&scores(&rows.whole, model, is_weighted).expect("rows")));
        let problem = Problem::new("f1".parse().expect("a metric"));
        let matched = PairedChoice::Matched { first: at(0.4), rate: Matched::AlertRate };
        for choice in [matched, PairedChoice::Best(Box::new(problem))] {
            rows.check(
                |rows| {
                    let mut part = PairedChoicePart::new(sweeps.each_ref().map(Sweep::n_thresholds));
                    let thresholds = sweeps.each_ref().map(Sweep::thresholds);
                    let models = [0, 1].map(|model| scores(rows, model, is_weighted));
                    if let [Some(first), Some(second)] = &models {
                        part.add(choice.fixed(), thresholds, first, second).expect("the same rows");
                    }
                    part
                },
                |all, part| all.merge(part).expect("of the same sweeps"),
                |all| {
                    let mut rows = PairedChoiceRows::new(choice.clone(), sweeps.each_ref());
                    rows.merge(all).expect("of these sweeps");
                    rows.bootstrap(&options)
                },
            )?;
        }
    }

    #[test]
    fn delongs_test_merges(rows in sharded()) {
        let tables = [0, 1].map(|model| {
            PartialSweep::from(sweep(&scores(&rows.whole, model, false).expect("rows")))
        });
        let none = || {
            let rows = DelongRows::new(&tables[0], &tables[1]).expect("no weights");
            rows.expect("two rows of either class")
        };
        rows.check(
            |rows| {
                let mut part = none();
                let models = [0, 1].map(|model| scores(rows, model, false));
                if let [Some(first), Some(second)] = &models {
                    part.add(first, second).expect("the same rows");
                }
                part.into_part()
            },
            DelongPart::merge,
            |all| {
                let mut rows = none();
                rows.merge(all);
                rows.finish()
            },
        )?;
    }

    #[test]
    fn rows_that_are_drawn_from_merge(rows in sharded(), is_weighted: bool, is_by_class: bool) {
        let resampling = if is_by_class { Resampling::ByClass } else { Resampling::Rows };
        let options = options(resampling);
        let table = sweep(&scores(&rows.whole, 0, true).expect("rows"));
        let youden = Objective::best("youden".parse().expect("a metric")).expect("higher is better");
        rows.check(
            |rows| {
                let mut part = WeightedBootstrapPart::new(table.n_thresholds());
                if let Some(scores) = scores(rows, 0, true) {
                    part.add(table.thresholds(), &scores);
                }
                part
            },
            |all, part| all.merge(part).expect("of one sweep"),
            |all| {
                let rows = WeightedBootstrapRows::of_part(&table, all).expect("of this sweep");
                (rows.n_bytes(), rows.bootstrap_choice(at(0.5), &youden, &options))
            },
        )?;
        let table = sweep(&scores(&rows.whole, 0, is_weighted).expect("rows"));
        let problem = Problem::new(Objective::of_amounts("fp=2.5,fn=amount"));
        rows.check(
            |rows| {
                let mut part = CostBootstrapPart::new(table.n_thresholds());
                if let Some(scores) = scores(rows, 0, is_weighted) {
                    part.add(table.thresholds(), &scores, &costs(rows, &scores)).expect("small costs");
                }
                part
            },
            |all, part| all.merge(part).expect("of one sweep"),
            |all| {
                let rows = CostBootstrapRows::of_part(&table, all).expect("of this sweep");
                (rows.n_bytes(), rows.bootstrap_choice(at(0.5), &problem, &options))
            },
        )?;
    }
}

#[test]
fn parts_of_other_questions_are_refused() {
    let mut builder = PartialSweepBuilder::new(1000).unwrap();
    let error = builder.merge(PartialSweepBuilder::new(1001).unwrap());
    let expected = "`memory` must be the same in all parts that are merged";
    assert_eq!(error.unwrap_err().to_string(), expected);
    let range = ScoreRange::new(0.0, 0.5).unwrap();
    let other = PartialSweepBuilder::within(1000, &[range]).unwrap();
    let expected = "`ranges` must be the same in all parts that are merged";
    assert_eq!(builder.merge(other).unwrap_err().to_string(), expected);
    let expected = "`threshold` must be the same in all parts that are merged";
    let error = CellSums::new(at(0.5)).merge(&CellSums::new(at(0.4)));
    assert_eq!(error.unwrap_err().to_string(), expected);
    let error = MovesBuilder::new(at(0.5), at(0.2)).merge(&MovesBuilder::new(at(0.5), at(0.3)));
    assert_eq!(error.unwrap_err().to_string(), expected);
    let error = PairedRows::new(at(0.5), at(0.2)).merge(PairedRows::new(at(0.2), at(0.5)));
    assert_eq!(error.unwrap_err().to_string(), expected);
    let expected = "`thresholds` must be the same in all parts that are merged";
    let error = WeightedBootstrapPart::new(3).merge(WeightedBootstrapPart::new(4));
    assert_eq!(error.unwrap_err().to_string(), expected);
    let error = CostBootstrapPart::new(3).merge(CostBootstrapPart::new(4));
    assert_eq!(error.unwrap_err().to_string(), expected);
}
