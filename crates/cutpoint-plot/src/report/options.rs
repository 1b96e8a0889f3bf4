//! Where a page begins, and how much memory its rows may take. Which thresholds it holds follows in `thresholds`.

use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{Costs, Goal, Problem};

/// Where a page begins: the threshold, the costs and the goal, all of which its reader may change.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_plot::{Report, ReportOptions, ReportSource};
///
/// let rows = Scores::new(vec![true, false, true], vec![0.9, 0.4, 0.3])?;
/// let options = ReportOptions::default().start(Threshold::new(0.4)?, "agreed on").costs("fp=1,fn=5".parse()?);
/// let report = Report::from_sources("spam", &[ReportSource::new("model", &rows)], &options)?;
/// assert!(report.page().contains("agreed on"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ReportOptions {
    pub(super) memory: usize,
    pub(super) start: Option<(Threshold, String)>,
    pub(super) costs: Option<Costs>,
    pub(super) problem: Option<Aim>,
}

/// What a threshold was chosen for.
#[derive(Debug, Clone)]
pub(super) struct Aim {
    pub(super) problem: Problem,
    /// How many rows, or how much weight, bounds of sums are meant for.
    pub(super) n_rows: f64,
    pub(super) positive: Label,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            memory: 512 << 20,
            start: None,
            costs: None,
            problem: None,
        }
    }
}

impl ReportOptions {
    /// The most bytes that what is found of the rows may take; with less, a page holds fewer thresholds. Default:
    /// 512 MiB.
    #[must_use]
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// The threshold that was chosen, and why; the page begins there. Default: none, it begins at 0.5.
    #[must_use]
    pub fn start(mut self, threshold: Threshold, reason: impl Into<String>) -> Self {
        self.start = Some((threshold, reason.into()));
        self
    }

    /// The costs that the page begins with. Default: those of the problem, if they are its goal, otherwise 1 for each
    /// error.
    #[must_use]
    pub fn costs(mut self, costs: Costs) -> Self {
        self.costs = Some(costs);
        self
    }

    /// What the threshold was chosen for; the page begins with its goal, its constraints, its prevalence, and its costs
    /// if these are the goal. Default: none, the goal is the lowest cost.
    ///
    /// `n_rows`: how many rows, or how much weight, sums of cells in constraints are meant for; `positive`: the class
    /// that it calls positive.
    #[must_use]
    pub fn problem(mut self, problem: Problem, n_rows: f64, positive: Label) -> Self {
        self.problem = Some(Aim {
            problem,
            n_rows,
            positive,
        });
        self
    }

    pub(super) fn page_costs(&self) -> Costs {
        let aim = self.problem.as_ref();
        let of_aim = aim.and_then(|aim| costs_of(&aim.problem));
        of_aim.or(self.costs).unwrap_or_default()
    }
}

/// The costs that are the goal of a problem, gains being costs below 0; `None` if its goal is something else.
pub(super) fn costs_of(problem: &Problem) -> Option<Costs> {
    let objective = problem.objective();
    let metric = objective.metric();
    let costs = metric.costs()?;
    match (metric.name(), objective.goal()) {
        ("cost", Goal::Minimize) => Some(*costs),
        ("utility", Goal::Maximize) => Some(costs.negated()),
        _ => None,
    }
}
