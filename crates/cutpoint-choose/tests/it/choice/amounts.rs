//! Costs by amounts of rows in few bins: against all thresholds at once, and against adding up every row at every one.

use cutpoint_choose::{Choice, Search, Step, choose};
use cutpoint_core::Scores;
use cutpoint_metrics::{
    Cells, Costs, Error, Goal, Objective, PartialSweep, PartialSweepBuilder, Problem, RowCosts,
    sweep,
};
use proptest::prelude::*;

use super::passes::{N_ROWS, chance, check_same, files};
use super::{costs, matrices};
use crate::{number_of, numbers_of};
use cutpoint_testkit::strategies::{
    Rows, plain_rows, probability, score, shuffled, weighted_rows, whole_weight,
};

/// Rows, an amount for each, and what it costs in each cell.
#[derive(Debug, Clone)]
struct Priced {
    rows: Rows,
    amounts: Vec<f64>,
    constant: Costs,
    of_amount: Costs,
}

impl Priced {
    /// The rows in blocks of so many, with what they cost.
    fn blocks(&self, n_rows: usize) -> Vec<(Scores, RowCosts)> {
        let indices = (0..self.amounts.len()).collect::<Vec<_>>();
        let chunks = indices.chunks(n_rows);
        let block = |chunk: &[usize]| {
            let rows = self.rows.select(chunk);
            let amounts = chunk.iter().map(|&row| self.amounts[row]);
            let amounts = amounts.collect::<Vec<_>>();
            let scores = rows.counts().then(|| rows.scores())?;
            let costs = RowCosts::new(&scores, &self.constant, &[(&amounts, self.of_amount)]);
            Some((scores, costs.expect("an amount a row")))
        };
        chunks.filter_map(block).collect()
    }

    fn add_to(&self, mut builder: PartialSweepBuilder, block: usize) -> PartialSweep {
        for (scores, costs) in self.blocks(block) {
            builder.add_with_costs(&scores, &costs).expect("small");
        }
        builder.finish().expect("rows")
    }

    /// Searches with so much memory for each pass; also, how many passes it took.
    fn search(&self, block: usize, memory: usize, problem: &Problem) -> (Choice, usize) {
        let builder = PartialSweepBuilder::new(memory).expect("some memory");
        let first = self.add_to(builder, block);
        let mut search = Search::of(&first, [problem.clone()]).expect("rows with costs");
        let most = PartialSweepBuilder::max_ranges_with_costs(memory);
        while let Step::NeedPass(ranges) = search.step(most) {
            assert!(search.n_passes() < 60, "{problem} goes on");
            let builder = PartialSweepBuilder::within(memory, &ranges).expect("some memory");
            search
                .feed(&self.add_to(builder, block))
                .expect("the same rows");
        }
        (search.choices().remove(0), search.n_passes())
    }

    /// The choice among all thresholds at once.
    fn choice(&self, problem: &Problem) -> Choice {
        let (choice, n_passes) = self.search(self.amounts.len(), 1 << 26, problem);
        assert_eq!(n_passes, 1);
        choice
    }

    /// What the positive rows and the negative ones cost at a threshold, row by row.
    fn by_class(&self, threshold: Option<f64>) -> [f64; 2] {
        let mut sums = [0.0; 2];
        for (row, &is_positive) in self.rows.is_positive.iter().enumerate() {
            let weight = self.rows.weight.as_ref().map_or(1.0, |weight| weight[row]);
            let is_predicted = threshold.is_some_and(|threshold| self.rows.score[row] >= threshold);
            let (tp, fp) = (u64::from(is_positive), u64::from(!is_positive));
            let cells = if is_predicted {
                Cells::from_counts(tp, fp, 0, 0)
            } else {
                Cells::from_counts(0, 0, tp, fp)
            };
            let of = |costs: &Costs| costs.total(&cells).expect("finite");
            let cost = of(&self.constant) + self.amounts[row] * of(&self.of_amount);
            sums[usize::from(!is_positive)] += weight * cost;
        }
        sums
    }
}

fn whole_costs() -> impl Strategy<Value = Costs> {
    let cost = || prop_oneof![1 => Just(0.0), 2 => (-3_i8..=9).prop_map(f64::from)];
    (cost(), cost(), cost(), cost()).prop_map(|(tp, fp, fn_, tn)| costs(tp, fp, fn_, tn))
}

/// Amounts that no rounding touches: of either sign, and often 0, so that costs stay the same over many rows.
fn whole_amount() -> impl Strategy<Value = f64> {
    prop_oneof![2 => Just(0.0), 3 => (-20_i8..=60).prop_map(f64::from)]
}

fn priced(
    rows: impl Strategy<Value = Rows>,
    amount: impl Strategy<Value = f64>,
) -> impl Strategy<Value = Priced> {
    let amounts = prop::collection::vec(amount, 40);
    (rows, amounts, whole_costs(), whole_costs()).prop_map(
        |(rows, mut amounts, constant, of_amount)| {
            amounts.truncate(rows.score.len());
            Priced {
                rows,
                amounts,
                constant,
                of_amount,
            }
        },
    )
}

fn whole_rows() -> impl Strategy<Value = Rows> {
    prop_oneof![
        plain_rows(score()),
        plain_rows(probability()),
        weighted_rows(score(), whole_weight()),
    ]
}

/// A problem of the costs: with a capacity, a recall to keep, both, or neither; some of them cannot be met.
fn problem() -> impl Strategy<Value = Problem> {
    let capacity =
        prop::option::of((0_u8..40).prop_map(|most| format!("predicted_positives<={most}")));
    let recall = prop::option::of((0_u8..=9).prop_map(|tenths| format!("recall>=0.{tenths}")));
    let prevalence = prop_oneof![2 => Just(None), 1 => (0.01..0.99).prop_map(Some)];
    (capacity, recall, prevalence).prop_map(|(capacity, recall, prevalence)| {
        let objective = Objective::of_amounts("fp=1,fn=amount");
        let constraints = capacity.into_iter().chain(recall);
        let problem = constraints.fold(Problem::new(objective), |problem, constraint| {
            problem.subject_to(constraint.parse().expect("a constraint"))
        });
        match prevalence {
            Some(prevalence) => problem.at_prevalence(prevalence),
            None => problem,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn the_search_finds_what_the_whole_table_tells(
        priced in priced(whole_rows(), whole_amount()), problem in problem(),
        block in 1_usize..20, memory in 240_usize..4_000,
    ) {
        let (found, _) = priced.search(block, memory, &problem);
        prop_assert_eq!(found, priced.choice(&problem));
    }

    #[test]
    fn the_search_finds_what_adding_up_every_row_finds(
        priced in priced(whole_rows(), whole_amount()), problem in problem(), memory in 240_usize..4_000,
    ) {
        let (found, _) = priced.search(7, memory, &problem);
        let (positives, negatives) = {
            let table = sweep(&priced.rows.scores());
            (table.positives(), table.negatives())
        };
        let factors = match problem.prevalence() {
            Some(prevalence) => {
                let total = positives + negatives;
                [prevalence * total / positives, (1.0 - prevalence) * total / negatives]
            }
            None => [1.0; 2],
        };
        let matrices = matrices(&priced.rows);
        let is_met = |cells: &Cells| problem.constraints().iter().all(|constraint| {
            // How many rows are predicted positive depends on the prevalence, recall does not.
            let value = match constraint.metric().name() {
                "recall" => constraint.metric().value(cells),
                _ => Some(cells.tp() * factors[0] + cells.fp() * factors[1]),
            };
            value.is_some_and(|value| constraint.is_met_by(value))
        });
        let cost = |threshold| {
            let [positives, negatives] = priced.by_class(threshold);
            positives * factors[0] + negatives * factors[1]
        };
        if factors.iter().any(|factor| !factor.is_finite()) {
            prop_assert!(found.found().is_none());
            return Ok(());
        }
        let costs = matrices.iter().filter(|(_, cells)| is_met(cells));
        let costs = costs.map(|(threshold, _)| (*threshold, cost(*threshold))).collect::<Vec<_>>();
        let Some(least) = costs.iter().map(|(_, cost)| *cost).reduce(f64::min) else {
            prop_assert!(found.infeasible().is_some());
            return Ok(());
        };
        let best = found.found().unwrap();
        if problem.prevalence().is_none() {
            let tied = costs.iter().filter(|(_, cost)| *cost <= least).map(|(threshold, _)| *threshold);
            let tied = tied.collect::<Vec<_>>();
            prop_assert_eq!(best.value().to_bits(), (least + 0.0).to_bits());
            prop_assert_eq!(numbers_of(best.tied()), &tied[..]);
            prop_assert_eq!(number_of(best.threshold()), tied.iter().flatten().next().copied());
        } else {
            // At a prevalence the two classes are rounded one by one here, and together there.
            let off = 1e-12 * factors.iter().sum::<f64>() * 40.0 * 1000.0;
            prop_assert!((best.value() - least).abs() <= off);
            prop_assert!((cost(number_of(best.threshold())) - least).abs() <= off);
        }
    }

    #[test]
    fn amounts_of_all_sizes_are_added_up(
        priced in priced(
            prop_oneof![plain_rows(score()), weighted_rows(score(), 0.0..10.0)],
            prop_oneof![3 => -1e3..1e6, 1 => -1e-9..1e-9, 1 => 1e12..1e15],
        ),
        memory in 240_usize..4_000,
    ) {
        let problem = Problem::new(Objective::of_amounts("fp=1,fn=amount"));
        let (found, _) = priced.search(7, memory, &problem);
        let found = found.found().unwrap();
        let cost = |threshold| priced.by_class(threshold).iter().sum::<f64>();
        let all = matrices(&priced.rows).into_iter().map(|(threshold, _)| cost(threshold));
        let least = all.reduce(f64::min).unwrap();
        // Costs are rounded row by row there, and sums of them here.
        let size = priced.amounts.iter().map(|amount| amount.abs() + 10.0).sum::<f64>();
        let off = 1e-12 * size;
        prop_assert!((found.value() - least).abs() <= off, "{found:?} {least}");
        prop_assert!((found.value() - cost(number_of(found.threshold()))).abs() <= off);
    }

    #[test]
    fn the_order_of_rows_changes_no_choice(
        (rows, permuted) in shuffled(whole_rows()), constant in whole_costs(), of_amount in whole_costs(),
        problem in problem(), memory in 240_usize..4_000,
    ) {
        // The amount follows from the row, so that it moves along.
        let choice = |rows: &Rows, block| {
            let amounts = rows.score.iter().map(|score| (score.to_bits() % 37) as f64 - 11.0).collect();
            let priced = Priced { rows: rows.clone(), amounts, constant, of_amount };
            priced.search(block, memory, &problem).0
        };
        prop_assert_eq!(choice(&rows, 3), choice(&permuted, 8));
    }
}

#[test]
fn two_bins_at_a_time_take_many_passes() {
    // Every second row is a fraud; the lowest of all is so large that all rows have to be stopped, which others do not
    // pay.
    let n_rows = 64_u32;
    let priced = Priced {
        rows: Rows {
            is_positive: (0..n_rows).map(|row| row % 2 == 0).collect(),
            score: (0..n_rows).map(f64::from).collect(),
            weight: None,
        },
        amounts: (0..n_rows)
            .map(|row| if row == 22 { 1e3 } else { 7.0 })
            .collect(),
        constant: costs(0.0, 9.0, 0.0, 0.0),
        of_amount: costs(0.0, 0.0, 1.0, 0.0),
    };
    let problem = Problem::new(Objective::of_amounts("fp=9,fn=amount"));
    let (found, n_passes) = priced.search(10, 240, &problem);
    let best = found.found().unwrap();
    // 21 false alarms above 22 cost 189, and the 11 frauds below it 77.
    assert_eq!(
        (number_of(best.threshold()), best.value()),
        (Some(22.0), 266.0)
    );
    assert_eq!(best.n_tied(), Some(1));
    assert!(n_passes > 4, "{n_passes}");
}

#[test]
fn amounts_of_one_are_counts() {
    // 40 000 rows: more than one block of the table.
    let n_rows = 40_000_u32;
    let is_positive = (0..n_rows).map(|row| row.wrapping_mul(2_654_435_761) % n_rows < row);
    let priced = Priced {
        rows: Rows {
            is_positive: is_positive.collect(),
            score: (0..n_rows).map(f64::from).collect(),
            weight: None,
        },
        amounts: vec![1.0; 40_000],
        constant: costs(0.0, 1.0, 0.0, 0.0),
        of_amount: costs(0.0, 0.0, 3.0, 0.0),
    };
    let table = sweep(&priced.rows.scores());
    let of_amounts = || Objective::of_amounts("fp=1,fn=3*one");
    for prevalence in [None, Some(0.2)] {
        let problem = |objective| {
            let problem = Problem::new(objective).subject_to("recall>=0.6".parse().unwrap());
            match prevalence {
                Some(prevalence) => problem.at_prevalence(prevalence),
                None => problem,
            }
        };
        let (got, _) = priced.search(10_000, 1_600_000, &problem(of_amounts()));
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
    let problem = Problem::new(of_amounts()).subject_to("recall>=2".parse().unwrap());
    let choice = priced.choice(&problem);
    assert_eq!(choice.infeasible().unwrap().binding(), [0]);
    assert_eq!(of_amounts().metric().value(&table.cells(1)), None);
    assert_eq!(of_amounts().to_string(), "minimize cost(fp=1,fn=3*one)");
}

#[test]
fn three_passes_are_enough() {
    // 10 000 of 150 000 distinct scores fit.
    const MEMORY: usize = 2_800_000;
    let mut slow = Vec::new();
    for (name, rows) in files() {
        // Amounts over three decades, in cents; every fourth row has none.
        let amount = |row: u32| match row % 4 {
            0 => 0.0,
            _ => (100.0 * 10_f64.powf(3.0 * chance(row, 2))).round() / 128.0,
        };
        let priced = Priced {
            rows,
            amounts: (0..N_ROWS).map(amount).collect(),
            constant: costs(0.0, 20.0, 0.0, 0.0),
            of_amount: costs(-0.125, 0.0, 1.0, 0.0),
        };
        let problem = || Problem::new(Objective::of_amounts("fp=20,fn=amount,tp=-amount/8"));
        let problems = [
            problem(),
            problem().subject_to("predicted_positive_rate<=5%".parse().unwrap()),
            problem()
                .subject_to("recall>=0.5".parse().unwrap())
                .subject_to("fpr<=0.2".parse().unwrap()),
            problem().at_prevalence(0.02),
            problem()
                .subject_to("precision>=0.3".parse().unwrap())
                .at_prevalence(0.2),
            problem()
                .subject_to("recall>=0.99".parse().unwrap())
                .subject_to("predicted_positives<=20".parse().unwrap()),
        ];
        for problem in problems {
            let context = format!("{name}: {problem}");
            let (found, n_passes) = priced.search(10_000, MEMORY, &problem);
            check_same(&found, &priced.choice(&problem), &context);
            if n_passes > 3 {
                slow.push((n_passes, context));
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn costs_have_to_be_told() {
    let rows = Scores::new(vec![true, false], vec![0.9, 0.2]).unwrap();
    let problem = || Problem::new(Objective::of_amounts("fn=amount"));
    let plain = || {
        let mut builder = PartialSweepBuilder::new(1 << 10).unwrap();
        builder.add(&rows);
        builder
    };
    let error = Search::of(&plain().finish().unwrap(), [problem()]).unwrap_err();
    assert!(matches!(error, Error::NoRowCosts { .. }), "{error}");
    let none = Costs::ZERO;
    let costs = |amounts: &[f64]| RowCosts::new(&rows, &none, &[(amounts, none.fn_(1.0))]);
    let error = costs(&[1.0]).unwrap_err();
    assert_eq!(error.to_string(), "`amounts` must have 2 rows, got 1");
    let mut builder = plain();
    let error = builder
        .add_with_costs(&rows, &costs(&[1e291, 0.0]).unwrap())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`costs` times the weight must be in [-1e290, 1e290], got 1e291 in row 0 (counted from 0)"
    );
    // Nothing was added; rows without costs cost nothing, and those of weight 0 are none.
    builder
        .add_with_costs(&rows, &costs(&[5.0, 3.0]).unwrap())
        .unwrap();
    builder.add(&rows);
    let weighted = rows.clone().with_weight(vec![2.0, 0.0]).unwrap();
    builder
        .add_with_costs(&weighted, &costs(&[7.0, 1e300]).unwrap())
        .unwrap();
    let partial = builder.finish().unwrap();
    assert!(partial.is_weighted());
    assert_eq!(partial.n_samples(), Some(7));
    assert_eq!(
        partial.edges().cells(1),
        Cells::from_weights(5.0, 0.0, 0.0, 3.0).unwrap()
    );
    // 5 and 2 · 7 are lost if nothing is caught, and nothing at 0.9.
    let search = Search::of(&partial, [problem()]).unwrap();
    let choices = search.choices();
    let best = choices[0].found().unwrap();
    assert_eq!(
        (best.value(), number_of(best.threshold())),
        (0.0, Some(0.9))
    );
    let most = Objective::new(problem().objective().metric().clone(), Goal::Maximize);
    let search = Search::of(&partial, [Problem::new(most)]).unwrap();
    let choices = search.choices();
    let worst = choices[0].found().unwrap();
    assert_eq!((worst.value(), worst.threshold()), (19.0, None));
}
