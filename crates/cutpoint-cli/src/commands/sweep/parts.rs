//! What a sweep is told of: the sweep of a file, of each of its groups, or of parts that were counted before.

use std::path::PathBuf;

use anyhow::{Context, bail};
use cutpoint_choose::{Swept, SweptGroups};
use cutpoint_core::{Label, counted};
use cutpoint_files::{is_read_once, read_partial_sweep};
use cutpoint_metrics::{BinJoin, Metric, PartialSweep, PartialSweepMerger, ScoreSurvey};

use crate::console::Console;
use crate::gather::MemoryArgs;
use crate::mixed_up::{self, TakenFor};

/// Sweeps, of one group each or of all rows.
pub(super) struct Parts {
    pub(super) parts: Vec<Part>,
    /// Negative and positive, unless only counts were read.
    pub(super) labels: Option<[Label; 2]>,
}

pub(super) struct Part {
    pub(super) group: Option<String>,
    pub(super) partial: PartialSweep,
}

impl From<Swept> for Parts {
    fn from(swept: Swept) -> Self {
        Self {
            parts: vec![Part {
                group: None,
                partial: swept.partial,
            }],
            labels: Some(swept.classes.labels),
        }
    }
}

impl From<SweptGroups> for Parts {
    fn from(swept: SweptGroups) -> Self {
        let parts = swept.groups.into_iter().map(|(group, partial)| Part {
            group: Some(group),
            partial,
        });
        Self {
            parts: parts.collect(),
            labels: Some(swept.classes.labels),
        }
    }
}

impl Parts {
    /// Makes one sweep of many, holding but one of them beside it.
    pub(super) fn merge(paths: &[PathBuf], memory: usize) -> anyhow::Result<Self> {
        let partial = match paths {
            [path] => read_partial_sweep(path)?,
            paths => {
                if let Some(path) = paths.iter().find(|path| is_read_once(path)) {
                    bail!(
                        "{} can be read only once, and several partial sweeps are read twice: name files",
                        path.display()
                    );
                }
                // How bins become one depends on how all of them are cut.
                let mut join = BinJoin::Bits;
                for path in paths {
                    join = join.max(read_partial_sweep(path)?.join());
                }
                let mut merger = PartialSweepMerger::new(memory, join)?;
                for path in paths {
                    let part = read_partial_sweep(path)?;
                    merger
                        .add(&part)
                        .with_context(|| path.display().to_string())?;
                }
                merger.finish()?
            }
        };
        Ok(Self {
            parts: vec![Part {
                group: None,
                partial,
            }],
            labels: None,
        })
    }

    /// The sweep of all rows.
    ///
    /// # Panics
    /// If there are groups.
    pub(super) fn whole(&self) -> &PartialSweep {
        assert!(
            !self.has_groups(),
            "flags that need all rows exclude groups"
        );
        &self.parts[0].partial
    }

    pub(super) fn has_groups(&self) -> bool {
        self.parts.iter().any(|part| part.group.is_some())
    }

    pub(super) fn is_weighted(&self) -> bool {
        self.parts.iter().any(|part| part.partial.is_weighted())
    }

    /// What is odd about the scores.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut survey = ScoreSurvey::default();
        for part in &self.parts {
            survey.add(&part.partial);
        }
        let edges = self.parts.iter().map(|part| part.partial.edges());
        let sums = edges.fold([0.0; 2], |[negatives, positives], edges| {
            [negatives + edges.negatives(), positives + edges.positives()]
        });
        let only = match sums {
            [negatives, positives] if negatives <= 0.0 && positives > 0.0 => Some(1),
            [negatives, positives] if positives <= 0.0 && negatives > 0.0 => Some(0),
            _ => None,
        };
        let mut warnings = only.map_or_else(Vec::new, |class| {
            let class = match &self.labels {
                Some(labels) => format!("`{}`", labels[class]),
                None => ["the negative one", "the positive one"][class].to_owned(),
            };
            vec![format!(
                "all rows are of one class, {class}: what needs both is undefined"
            )]
        });
        warnings.extend(mixed_up::warnings(
            &survey,
            self.labels.as_ref(),
            TakenFor::Ranks,
        ));
        warnings
    }

    fn is_exact(&self) -> bool {
        self.parts.iter().all(|part| part.partial.is_exact())
    }

    /// How much was read and written.
    pub(super) fn tell_size(&self, n_matrices: Option<usize>, console: &mut Console) {
        let n_samples = self.parts.iter().map(|part| part.partial.n_samples());
        let mut told = Vec::new();
        if let Some(n_samples) = n_samples.sum::<Option<usize>>() {
            told.push(format!("{} of data", counted(n_samples, "row")));
        }
        let n_bins = self
            .parts
            .iter()
            .map(|part| part.partial.n_bins())
            .sum::<usize>();
        told.push(if self.is_exact() {
            counted(n_bins, "distinct score")
        } else {
            format!("{} of scores", counted(n_bins, "bin"))
        });
        if self.has_groups() {
            told.push(counted(self.parts.len(), "group"));
        }
        if let Some(n_matrices) = n_matrices {
            told.push(counted(n_matrices, "matrix"));
        }
        console.note(told.join(", "));
    }

    /// What is left open between the thresholds of sweeps that did not fit into memory.
    pub(super) fn tell_bounds(
        &self,
        metrics: &[Metric],
        memory: MemoryArgs,
        console: &mut Console,
    ) {
        for Part { group, partial } in &self.parts {
            if partial.is_exact() {
                continue;
            }
            let of = group
                .as_ref()
                .map_or_else(String::new, |group| format!("group `{group}`: "));
            let why = if self.labels.is_none() {
                format!("bins of several scores, in the parts or as no more fit into {memory}")
            } else {
                format!("more distinct scores than fit into {memory}")
            };
            console.note(format_args!(
                "{of}{why}: the matrix is exact at {}, and between {} of them bounded",
                counted(partial.n_bins(), "threshold"),
                partial.n_wide_bins()
            ));
            let areas = [
                ("ROC AUC", partial.roc_auc_bounds()),
                ("average precision", partial.average_precision_bounds()),
            ];
            for (name, bounds) in areas {
                if let Some(bounds) = bounds {
                    console.note(format_args!(
                        "{of}{name} is in [{}, {}]",
                        bounds.low(),
                        bounds.high()
                    ));
                }
            }
            let widths = metrics.iter().map(|metric| {
                let width = partial.widest_bounds(metric);
                width.map_or_else(
                    || format!("{metric} not bounded"),
                    |width| format!("{metric} {width:.2e}"),
                )
            });
            let widths = widths.collect::<Vec<_>>().join(", ");
            if !widths.is_empty() {
                console.note(format_args!(
                    "{of}between two thresholds, bounds are at most so far apart: {widths}"
                ));
            }
        }
    }
}
