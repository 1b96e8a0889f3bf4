//! Thresholds for groups of rows: one for all of them, or one for each, and how far apart the groups come out. Which
//! gap is fair is not judged here.

use super::{Choice, Problem, choose};
use crate::{Cells, Metric, Result, Sweep, catalog, value_at_prevalence};

/// The choice for all rows together, and for each group by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupChoice {
    shared: Choice,
    at_shared: Option<Vec<Cells>>,
    own: Vec<Choice>,
}

impl GroupChoice {
    /// One threshold for all rows.
    pub fn shared(&self) -> &Choice {
        &self.shared
    }

    /// The cells of each group at the shared threshold, in the order of the groups; `None` if there is no such
    /// threshold.
    pub fn at_shared(&self) -> Option<&[Cells]> {
        self.at_shared.as_deref()
    }

    /// A threshold for each group by itself, in the order of the groups.
    pub fn own(&self) -> &[Choice] {
        &self.own
    }

    /// The cells of each group at its own threshold; `None` unless each has one.
    pub fn at_own(&self) -> Option<Vec<Cells>> {
        let cells = |choice: &Choice| choice.found().map(crate::Optimum::cells);
        self.own.iter().map(cells).collect()
    }
}

/// Chooses for all rows together and for each group by itself. [`gaps`] compares the groups.
///
/// `whole`: the sweep of all rows. `groups`: that of the rows of each group; a group without rows has no sweep and is
/// left out. Every group is taken to the problem's prevalence, if it has one.
///
/// # Errors
/// As [`Problem::check`].
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{Problem, choose_by_group, gaps, sweep};
///
/// let scores = |label: &[bool], score: &[f64]| Scores::new(label.to_vec(), score.to_vec());
/// let whole = scores(&[true, true, false, true, false, true], &[0.9, 0.8, 0.7, 0.6, 0.5, 0.4])?;
/// let first = scores(&[true, true, false], &[0.9, 0.8, 0.5])?;
/// let second = scores(&[false, true, true], &[0.7, 0.6, 0.4])?;
///
/// let problem = Problem::new("recall".parse()?).subject_to("precision>=0.75".parse()?);
/// let choice = choose_by_group(&sweep(&whole), &[sweep(&first), sweep(&second)], &problem)?;
/// assert_eq!(choice.shared().found().unwrap().threshold(), Some(Threshold::new(0.6)?));
/// let recall = "recall".parse()?;
/// let gaps = gaps(choice.at_shared().unwrap(), None);
/// let gap = gaps.iter().find(|gap| *gap.metric() == recall).unwrap();
/// // All of the first group, half of the second.
/// assert_eq!((gap.values(), gap.size()), (&[Some(1.0), Some(0.5)][..], Some(0.5)));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn choose_by_group(whole: &Sweep, groups: &[Sweep], problem: &Problem) -> Result<GroupChoice> {
    let shared = choose(whole, problem)?;
    let at_shared = match &shared {
        Choice::Found(optimum) => {
            let threshold = optimum.threshold();
            let cells = |group: &Sweep| match threshold {
                Some(threshold) => group.cells_at(threshold),
                None => group.cells(0),
            };
            Some(groups.iter().map(cells).collect())
        }
        _ => None,
    };
    let own = groups.iter().map(|group| choose(group, problem));
    Ok(GroupChoice {
        shared,
        at_shared,
        own: own.collect::<Result<_>>()?,
    })
}

/// A metric in each of several groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    metric: Metric,
    values: Vec<Option<f64>>,
}

impl Gap {
    /// The metric.
    pub fn metric(&self) -> &Metric {
        &self.metric
    }

    /// Its value in each group; `None` where it is undefined.
    pub fn values(&self) -> &[Option<f64>] {
        &self.values
    }

    /// The highest value less the lowest, groups left out where it is undefined; `None` unless it is defined in two.
    pub fn size(&self) -> Option<f64> {
        let defined = || self.values.iter().copied().flatten();
        let highest = defined().reduce(f64::max)?;
        let lowest = defined().reduce(f64::min)?;
        (defined().count() > 1).then_some(highest - lowest)
    }
}

/// Every metric of the catalogue in each of several groups, by their cells; at a prevalence, where one is given, each
/// group taken there by itself.
pub fn gaps(cells: &[Cells], prevalence: Option<f64>) -> Vec<Gap> {
    let value = |metric: &Metric, cells| value_at_prevalence(metric, cells, prevalence);
    let gap = |metric: &Metric| Gap {
        metric: metric.clone(),
        values: cells.iter().map(|cells| value(metric, cells)).collect(),
    };
    catalog().iter().map(gap).collect()
}
