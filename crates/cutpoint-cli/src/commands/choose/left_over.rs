//! Flags that would do nothing beside others: each is refused, and told what it is for.
//!
//! clap lets a flag that requires another pass where that other is excluded by a third, so that stands here as well.

use cutpoint_metrics::{Cells, ProportionInterval, metric_interval};

use super::confidence::{CONFIDENCE, ConfidenceArgs, Formula};
use super::{Args, GoalArgs};
use crate::failure::Usage;

/// A flag, if it was given: with another value than its default, which does no harm where it is said again.
type Given = Option<&'static str>;

fn given(is_given: bool, flag: &'static str) -> Given {
    is_given.then_some(flag)
}

fn first<const N: usize>(flags: [Given; N]) -> Given {
    flags.into_iter().flatten().next()
}

pub(super) fn check(args: &Args) -> Result<(), Usage> {
    let Args { goal, trust, .. } = args;
    check_many_choices(args)?;
    let told_without = first([
        given(goal.pareto.is_some(), "--pareto"),
        given(args.group.is_some(), "--group"),
        given(args.reject_cost.is_some(), "--reject-cost"),
    ]);
    if let Some(other) = told_without {
        return match first([
            given(trust.stratified, "--stratified"),
            random_state(trust),
            confidence(trust),
            interval(trust),
        ]) {
            Some(flag) => Err(Usage::new(format_args!(
                "`{flag}` is for the intervals of one choice, and `{other}` tells none"
            ))),
            None => Ok(()),
        };
    }
    let is_weighted = args.columns.weight.is_some();
    if is_weighted {
        check_weighted(trust, goal)?;
    }
    let is_measured = trust.validate.is_some() && !has_amounts(goal);
    let is_drawn = is_measured && !is_weighted && !has_formula(goal, args.prevalence.is_some());
    if random_state(trust).is_some() && trust.bootstrap.is_none() && trust.cv.is_none() && !is_drawn
    {
        return Err(Usage::new(
            "`--random-state` needs something to draw: `--bootstrap N`, `--cv K`, or, of rows without weights, \
             `--validate FILE` where the metric has no interval by formula",
        ));
    }
    Ok(())
}

/// What is for one choice beside a frontier, and what is for a frontier without one.
fn check_many_choices(args: &Args) -> Result<(), Usage> {
    let of_one = first([
        given(args.trust.bootstrap.is_some(), "--bootstrap"),
        given(args.trust.cv.is_some(), "--cv"),
        given(args.trust.validate.is_some(), "--validate"),
        given(args.save.is_some(), "--save"),
        given(args.reject_cost.is_some(), "--reject-cost"),
    ]);
    if let (Some(_), Some(flag)) = (&args.goal.pareto, of_one) {
        return Err(Usage::new(format_args!(
            "`{flag}` is for one choice, and `--pareto` makes many: choose a point of the frontier first, then `{flag}`"
        )));
    }
    if args.output.is_some() && args.goal.pareto.is_none() {
        return Err(Usage::new(
            "`--output` is for the frontier of `--pareto`; a choice goes to stdout, as JSON with `--format json`, and \
             into a file with `--save FILE.json`",
        ));
    }
    Ok(())
}

/// Rows with weights have intervals by bootstrap only, and, of what amounts cost on other rows, by their variance.
fn check_weighted(trust: &ConfidenceArgs, goal: &GoalArgs) -> Result<(), Usage> {
    if let Some(flag) = interval(trust) {
        return Err(Usage::new(format_args!(
            "`{flag}` is for rates by formula, which rows with weights have not; `--bootstrap N` draws intervals for \
             them"
        )));
    }
    let has_others = trust.validate.is_some() || trust.cv.is_some();
    let has_intervals = trust.bootstrap.is_some() || (has_amounts(goal) && has_others);
    match confidence(trust) {
        Some(flag) if !has_intervals => Err(Usage::new(format_args!(
            "`{flag}` is for intervals, which rows with weights have by `--bootstrap N` only"
        ))),
        _ => Ok(()),
    }
}

/// Whether what is measured on other rows has its interval by formula, for which nothing is drawn. At a prevalence all
/// has that moves with it.
fn has_formula(goal: &GoalArgs, has_prevalence: bool) -> bool {
    // Any cells will do in which every metric is defined.
    let cells = Cells::from_counts(1, 1, 1, 1);
    let interval = |metric| metric_interval(metric, &cells, ProportionInterval::Wilson, CONFIDENCE);
    match goal.maximize.as_ref().or(goal.minimize.as_ref()) {
        Some(metric) if !has_prevalence || metric.is_within_classes() => {
            interval(metric).is_ok_and(|interval| interval.is_some())
        }
        _ => has_prevalence,
    }
}

fn has_amounts(goal: &GoalArgs) -> bool {
    let costs = goal.cost.as_ref();
    costs.is_some_and(|costs| costs.numbers().is_none())
}

fn random_state(trust: &ConfidenceArgs) -> Given {
    given(trust.random_state != 0, "--random-state")
}

fn confidence(trust: &ConfidenceArgs) -> Given {
    let is_default = trust.confidence.to_bits() == CONFIDENCE.to_bits();
    given(!is_default, "--confidence")
}

fn interval(trust: &ConfidenceArgs) -> Given {
    given(trust.interval != Formula::default(), "--interval")
}
