//! What curves are read off: the sweep of a file's scores, or the sweeps of its classes.
//!
//! It refuses to know which curve is wanted.

use anyhow::Context;
use cutpoint_core::{ClassScores, Label};
use cutpoint_files::{AnyScores, read_any_scores_with};
use cutpoint_metrics::{OneVsRestSweeps, Sweep, one_vs_rest_sweeps, sweep};

use super::Common;
use crate::console::Console;
use crate::progress::ProgressBar;

pub(super) enum Input {
    Binary {
        sweep: Sweep,
        /// Negative and positive.
        labels: [Label; 2],
        /// The file and the column of scores.
        source: String,
    },
    Classes {
        scores: Box<ClassScores>,
        sweeps: OneVsRestSweeps,
        /// The file.
        source: String,
    },
}

impl Input {
    pub(super) fn read(common: &Common, console: &mut Console) -> anyhow::Result<Self> {
        let path = common.scores.display();
        let mut bar = ProgressBar::new("reading");
        let columns = common.columns.columns();
        let file = read_any_scores_with(&common.scores, &columns, |progress| bar.update(progress))?;
        bar.finish();
        match file {
            AnyScores::Binary(file) => {
                if let [class] = file.classes() {
                    console.warn(format_args!(
                        "all rows are of one class, `{class}`: what needs both is undefined"
                    ));
                }
                Ok(Self::Binary {
                    sweep: sweep(file.scores()),
                    labels: [file.negative().clone(), file.positive().clone()],
                    source: format!("{path}, column `{}`", common.columns.score),
                })
            }
            AnyScores::Classes(scores) => match &common.columns.positive {
                Some(positive) => {
                    let column = || format!("{path}, column `{}`", common.columns.label);
                    let positive = scores.y().positive(Some(positive)).with_context(column)?;
                    Self::of_class(&scores, positive, &path)
                }
                None => Self::of_classes(scores, path.to_string(), console),
            },
        }
    }

    /// Every class against all others.
    fn of_classes(
        scores: ClassScores,
        source: String,
        console: &mut Console,
    ) -> anyhow::Result<Self> {
        for (class, count) in scores.classes().iter().zip(scores.y().counts()) {
            if count == 0 {
                console.warn(format_args!(
                    "no row is of class `{class}`: what needs one is undefined"
                ));
            }
        }
        Ok(Self::Classes {
            sweeps: one_vs_rest_sweeps(&scores).with_context(|| source.clone())?,
            scores: Box::new(scores),
            source,
        })
    }

    /// One class against all others.
    fn of_class(
        scores: &ClassScores,
        positive: Label,
        path: &impl std::fmt::Display,
    ) -> anyhow::Result<Self> {
        let others = scores.classes().iter().filter(|class| **class != positive);
        let negative = match others.collect::<Vec<_>>()[..] {
            [other] => other.clone(),
            _ => format!("not {positive}").into(),
        };
        let class_index = scores.classes().partition_point(|class| *class < positive);
        Ok(Self::Binary {
            sweep: sweep(&scores.one_vs_rest(class_index)?),
            source: format!("{path}, column `p_{positive}`"),
            labels: [negative, positive],
        })
    }
}
