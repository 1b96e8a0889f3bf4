//! The sweeps that a table is of: that of all rows, or one a group.

use cutpoint_choose::{Swept, SweptGroups};
use cutpoint_core::Label;
use cutpoint_metrics::{PartialSweep, ScoreSurvey};

/// Sweeps, of one group each or of all rows.
#[derive(Debug, Clone)]
pub struct SweepParts {
    /// The sweep of all rows, or those of groups, ascending by name.
    pub parts: Vec<SweepPart>,
    /// Negative and positive, unless only counts are known.
    pub labels: Option<[Label; 2]>,
}

/// One sweep.
#[derive(Debug, Clone)]
pub struct SweepPart {
    /// Whose rows it is of; all rows if there are no groups.
    pub group: Option<String>,
    /// The sweep.
    pub partial: PartialSweep,
}

impl From<Swept> for SweepParts {
    fn from(swept: Swept) -> Self {
        Self {
            labels: Some(swept.classes.labels),
            ..Self::from(swept.partial)
        }
    }
}

impl From<SweptGroups> for SweepParts {
    fn from(swept: SweptGroups) -> Self {
        let parts = swept.groups.into_iter().map(|(group, partial)| SweepPart {
            group: Some(group),
            partial,
        });
        Self {
            parts: parts.collect(),
            labels: Some(swept.classes.labels),
        }
    }
}

/// What was counted before: nobody knows what the classes are called.
impl From<PartialSweep> for SweepParts {
    fn from(partial: PartialSweep) -> Self {
        Self {
            parts: vec![SweepPart {
                group: None,
                partial,
            }],
            labels: None,
        }
    }
}

impl SweepParts {
    /// The sweep of all rows.
    ///
    /// # Panics
    /// If there are groups.
    pub fn whole(&self) -> &PartialSweep {
        assert!(!self.has_groups(), "what needs all rows excludes groups");
        &self.parts[0].partial
    }

    /// Whether the sweeps are of groups.
    pub fn has_groups(&self) -> bool {
        self.parts.iter().any(|part| part.group.is_some())
    }

    /// Whether rows have weights.
    pub fn is_weighted(&self) -> bool {
        self.parts.iter().any(|part| part.partial.is_weighted())
    }

    /// Whether every distinct score is a threshold.
    pub fn is_exact(&self) -> bool {
        self.parts.iter().all(|part| part.partial.is_exact())
    }

    /// How many rows there are, where it is known.
    pub fn n_samples(&self) -> Option<usize> {
        self.parts.iter().map(|part| part.partial.n_samples()).sum()
    }

    /// How many bins of scores there are.
    pub fn n_bins(&self) -> usize {
        self.parts.iter().map(|part| part.partial.n_bins()).sum()
    }

    /// What the scores look like.
    pub fn survey(&self) -> ScoreSurvey {
        let mut survey = ScoreSurvey::default();
        for part in &self.parts {
            survey.add(&part.partial);
        }
        survey
    }

    /// Whether all rows are of one class: `Some(true)` if of the positive one.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_files::SweepParts;
    /// use cutpoint_metrics::PartialSweep;
    ///
    /// let only = |positives, negatives| {
    ///     let partial = PartialSweep::from_counts(&[0.5], &[0.5], &[positives], &[negatives])?;
    ///     Ok::<_, cutpoint_metrics::Error>(SweepParts::from(partial).only_class())
    /// };
    /// assert_eq!([only(2, 0)?, only(0, 2)?, only(1, 1)?], [Some(true), Some(false), None]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn only_class(&self) -> Option<bool> {
        let edges = self.parts.iter().map(|part| part.partial.edges());
        let sums = edges.fold([0.0; 2], |[negatives, positives], edges| {
            [negatives + edges.negatives(), positives + edges.positives()]
        });
        match sums {
            [negatives, positives] if negatives <= 0.0 && positives > 0.0 => Some(true),
            [negatives, positives] if positives <= 0.0 && negatives > 0.0 => Some(false),
            _ => None,
        }
    }
}
