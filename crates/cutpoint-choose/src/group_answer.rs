//! Thresholds of groups as an answer: what `cutpoint choose --group --format json` prints.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Cells, MatrixAnswer, MetricValues};
use serde::Serialize;

use crate::answer::ObjectiveAnswer;
use crate::{Choice, Gap, GroupDecision, Optimum, gaps};

/// One threshold for all groups, one for each by itself, and the gaps between groups.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupsAnswer {
    /// The share of positive rows that each group is taken to, if it was given.
    pub at_prevalence: Option<f64>,
    /// The choice for all rows; `None` if there is none.
    pub shared: Option<GroupChoiceAnswer>,
    /// The groups, ascending by name.
    pub groups: Vec<GroupAnswer>,
    /// The highest value of each metric less the lowest, at the shared threshold; `None` if there is none.
    pub gaps_at_shared: Option<MetricValues>,
    /// The same where each group has its own threshold; `None` unless each has one.
    pub gaps_at_own: Option<MetricValues>,
    /// How often the rows were read.
    pub n_passes: usize,
    /// What a reader should know, in the words of the front end, which adds them; empty until then.
    pub warnings: Vec<String>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupAnswer {
    /// Its name.
    pub group: String,
    /// Its matrix at the shared threshold; `None` if there is none.
    pub at_shared: Option<MatrixAnswer>,
    /// Its own choice; `None` if there is none.
    pub own: Option<GroupChoiceAnswer>,
}

/// A choice for all rows, or for those of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupChoiceAnswer {
    /// The matrix.
    #[serde(flatten)]
    pub matrix: MatrixAnswer,
    /// What it was chosen for.
    pub objective: ObjectiveAnswer,
}

impl GroupDecision {
    /// All of it as an answer.
    pub fn answer(&self) -> GroupsAnswer {
        let prevalence = self.problem.prevalence();
        let shared = self.shared.found().and_then(Optimum::threshold);
        let groups = self.names.iter().enumerate();
        let groups = groups.map(|(place, name)| GroupAnswer {
            group: name.clone(),
            at_shared: self
                .at_shared
                .as_ref()
                .map(|cells| self.matrix(shared, &cells[place])),
            own: self.choice(&self.own[place]),
        });
        let sizes = |cells: &[Cells]| {
            let gaps = gaps(cells, prevalence);
            MetricValues::of(|metric| {
                let mut gaps = gaps.iter();
                gaps.find(|gap| gap.metric() == metric).and_then(Gap::size)
            })
        };
        GroupsAnswer {
            at_prevalence: prevalence,
            shared: self.choice(&self.shared),
            groups: groups.collect(),
            gaps_at_shared: self.at_shared.as_deref().map(sizes),
            gaps_at_own: self.at_own().as_deref().map(sizes),
            n_passes: self.n_passes,
            warnings: Vec::new(),
        }
    }

    fn matrix(&self, threshold: Option<Threshold>, cells: &Cells) -> MatrixAnswer {
        let (labels, prevalence) = (&self.classes.labels, self.problem.prevalence());
        MatrixAnswer::at_prevalence(threshold, labels, cells, self.is_weighted, prevalence)
    }

    fn choice(&self, choice: &Choice) -> Option<GroupChoiceAnswer> {
        let best = choice.found()?;
        Some(GroupChoiceAnswer {
            matrix: self.matrix(best.threshold(), &best.cells()),
            objective: ObjectiveAnswer::new(self.problem.objective(), best.value()),
        })
    }
}
