//! A choice by costs that differ from row to row: the columns of amounts as weights of sweeps of their own.
//!
//! It refuses to add amounts up; sweeps do that.

use anyhow::Context;
use cutpoint_core::{Scores, Threshold};
use cutpoint_files::read_scores;
use cutpoint_metrics::{AmountCost, PartialSweepBuilder, Point, choose_by_amounts, sweep};

use super::question::{AmountCosts, Question};
use super::search::Looked;
use crate::gather::Source;

/// Finds the threshold of the lowest cost. All rows are held in memory, once for each column.
pub(super) fn look(
    source: &Source,
    question: &Question,
    costs: &AmountCosts,
) -> anyhow::Result<Looked> {
    source.refuse_second_pass()?;
    let file = read_scores(&source.path, &source.columns)?;
    let whole = sweep(file.scores());
    let mut parts = vec![(whole.clone(), costs.constant)];
    for (column, of_amount) in &costs.columns {
        let columns = source.columns.clone().weight(Some(column.clone()));
        let amounts = read_scores(&source.path, &columns)?;
        let amounts = weighted(amounts.scores().clone(), file.scores())
            .with_context(|| format!("{}, column `{column}`", source.shown()))?;
        parts.push((sweep(&amounts), *of_amount));
    }
    let cost = AmountCost::new(costs.text.clone(), parts)?;
    let problem = &question.problem;
    let choice = choose_by_amounts(&whole, problem, &cost)?;
    let half = (
        "half",
        Point::new(
            Some(Threshold::HALF.value()),
            whole.interval(whole.index_at(Threshold::HALF)),
            whole.cells_at(Threshold::HALF),
            problem,
        ),
    );
    let mut builder = PartialSweepBuilder::new(usize::MAX)?;
    builder.add(file.scores());
    Ok(Looked {
        choice,
        alternatives: vec![half],
        partial: builder.finish()?,
        labels: [file.negative().clone(), file.positive().clone()],
        n_passes: 1 + costs.columns.len(),
        warnings: Vec::new(),
    })
}

/// Amounts times the weights of the rows.
fn weighted(amounts: Scores, rows: &Scores) -> cutpoint_core::Result<Scores> {
    let (Some(weight), Some(amount)) = (rows.weight(), amounts.weight()) else {
        return Ok(amounts);
    };
    let product = weight
        .iter()
        .zip(amount)
        .map(|(weight, amount)| weight * amount);
    let product = product.collect();
    amounts.with_weight(product)
}
