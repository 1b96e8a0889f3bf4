//! What an evaluation is of: true and predicted labels, whether these stand in a file or come from its scores.

use std::path::Path;

use cutpoint_core::{Label, Scores, Threshold};
use cutpoint_metrics::{Evaluation, EvaluationOptions, evaluate, evaluate_scores};

use crate::labels::{find_class, positive_of};
use crate::predicted::{Predicted, read_predicted_with};
use crate::score_reader::read_scores_with;
use crate::{Error, Progress, Result, ScoreColumns};

/// Rows whose true and predicted classes are known, and where these come from.
#[derive(Debug, Clone)]
pub struct EvaluationRows {
    rows: Rows,
    /// All classes there are.
    classes: Vec<Label>,
    /// The labels to show, in order.
    labels: Vec<Label>,
    positive: Option<Label>,
    /// The class of all rows with scores, if they are of one.
    one_class: Option<Label>,
}

#[derive(Debug, Clone)]
enum Rows {
    /// Predicted positive from a threshold on; the negative and the positive class.
    Scores {
        scores: Scores,
        threshold: Threshold,
        classes: [Label; 2],
    },
    /// Predicted elsewhere.
    Labels(Predicted),
}

/// Reads scores, by which rows are predicted positive from a threshold on. The labels to show are the negative and the
/// positive class.
///
/// # Errors
/// - Those of [`crate::read_scores`].
/// - [`Error::Scores`] for labels that are none.
///
/// # Examples
/// ```
/// use cutpoint_core::Threshold;
/// use cutpoint_files::{ScoreColumns, read_evaluation};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("scores.csv");
/// std::fs::write(&path, "y_true,y_score\n1,0.9\n0,0.8\n1,0.7\n0,0.2\n0,0.1\n")?;
/// let rows = read_evaluation(&path, &ScoreColumns::default(), Threshold::HALF, |_| {})?;
/// let evaluation = rows.evaluate(&rows.options())?;
/// let counts = ndarray::array![[2, 1], [0, 2]];
/// assert_eq!(evaluation.matrix.counts(), Some(counts.view()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_evaluation(
    path: &Path,
    columns: &ScoreColumns,
    threshold: Threshold,
    on_progress: impl FnMut(Progress),
) -> Result<EvaluationRows> {
    let file = read_scores_with(path, columns, on_progress)?;
    let one_class = match file.classes() {
        [class] => Some(class.clone()),
        _ => None,
    };
    // A class that no row has may be called by words (`not 5`), and labels are of one kind.
    let mut labels = [file.negative().clone(), file.positive().clone()];
    if std::mem::discriminant(&labels[0]) != std::mem::discriminant(&labels[1]) {
        labels = labels.map(|label| Label::Text(label.to_string()));
    }
    let mut classes = labels.to_vec();
    classes.sort();
    Ok(EvaluationRows {
        rows: Rows::Scores {
            scores: file.into_scores(),
            threshold,
            classes: labels.clone(),
        },
        classes,
        positive: Some(labels[1].clone()),
        labels: labels.into(),
        one_class,
    })
}

/// Reads predicted labels of any number of classes, and which is positive: the one that is named, or, of two at most,
/// the one that needs no name. The labels to show are all classes. `words` are those of [`read_predicted_with`].
///
/// # Errors
/// - Those of [`crate::read_predicted`].
/// - [`Error::Scores`] if the class that is named is none of them.
pub fn read_predicted_evaluation(
    path: &Path,
    [label, predicted]: [&str; 2],
    weight: Option<&str>,
    positive: Option<&str>,
    words: &[String],
    on_progress: impl FnMut(Progress),
) -> Result<EvaluationRows> {
    let file = read_predicted_with(path, label, predicted, weight, words, on_progress)?;
    // One table for both columns.
    let classes = file.y_true().classes();
    let positive = match positive {
        Some(_) => {
            let column = || format!("{}, column `{predicted}`", path.display());
            let positive = positive_of(file.y_true(), positive);
            Some(positive.map_err(|error| refused(column(), error))?)
        }
        None if classes.len() <= 2 => file.y_true().positive(None).ok(),
        None => None,
    };
    Ok(EvaluationRows {
        labels: classes.to_vec(),
        classes: classes.to_vec(),
        positive,
        rows: Rows::Labels(file),
        one_class: None,
    })
}

fn refused(place: String, error: cutpoint_core::Error) -> Error {
    Error::Scores {
        place,
        source: Box::new(error.into()),
    }
}

impl EvaluationRows {
    /// The same rows with other labels to show: by the names of classes that are there, or of others of their kind.
    #[must_use]
    pub fn with_labels(mut self, names: &[String]) -> Self {
        self.labels = names.iter().map(|name| self.label(name)).collect();
        self
    }

    /// The label that a name means: a class that is there, or another of the same kind.
    fn label(&self, name: &str) -> Label {
        if let Some(class) = find_class(&self.classes, name) {
            return class.clone();
        }
        match (self.classes.first(), name.parse()) {
            (Some(Label::Integer(_)), Ok(integer)) => Label::Integer(integer),
            _ => name.into(),
        }
    }

    /// What is evaluated.
    pub fn options(&self) -> EvaluationOptions<'_> {
        let mut options = EvaluationOptions::default().labels(&self.labels);
        if let Rows::Labels(file) = &self.rows
            && let Some(weight) = file.weight()
        {
            options = options.weight(weight);
        }
        if let Some(positive) = &self.positive {
            options = options.positive(positive);
        }
        options
    }

    /// Counts and evaluates them.
    ///
    /// # Errors
    /// Those of [`cutpoint_metrics::evaluate`].
    pub fn evaluate(
        &self,
        options: &EvaluationOptions<'_>,
    ) -> cutpoint_metrics::Result<Evaluation> {
        match &self.rows {
            Rows::Scores {
                scores,
                threshold,
                classes,
            } => evaluate_scores(scores, *threshold, classes, options),
            Rows::Labels(file) => evaluate(file.y_true(), file.y_pred(), options),
        }
    }

    /// All classes there are.
    pub fn classes(&self) -> &[Label] {
        &self.classes
    }

    /// The positive class, if it is known.
    pub fn positive(&self) -> Option<&Label> {
        self.positive.as_ref()
    }

    /// The scores that rows were predicted by, and from which on.
    pub fn scores(&self) -> Option<(&Scores, Threshold)> {
        match &self.rows {
            Rows::Scores {
                scores, threshold, ..
            } => Some((scores, *threshold)),
            Rows::Labels(_) => None,
        }
    }

    /// The class of all rows, if there are scores of one class only.
    pub fn one_class(&self) -> Option<&Label> {
        self.one_class.as_ref()
    }

    /// The negative and the positive class of scores.
    pub fn score_labels(&self) -> Option<[Label; 2]> {
        match &self.rows {
            Rows::Scores { classes, .. } => Some(classes.clone()),
            Rows::Labels(_) => None,
        }
    }
}
