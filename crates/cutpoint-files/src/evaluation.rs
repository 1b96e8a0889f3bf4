//! What an evaluation is of: true and predicted labels, whether these stand in a file or come from its scores.

use std::path::Path;

use cutpoint_core::{Label, Labels, Scores, Threshold};
use cutpoint_metrics::EvaluationOptions;

use crate::labels::{find_class, positive_of};
use crate::predicted::read_predicted_with;
use crate::score_reader::read_scores_with;
use crate::{Error, Progress, Result, ScoreColumns};

/// True and predicted labels of the same rows, and where they come from.
#[derive(Debug, Clone)]
pub struct EvaluationRows {
    y_true: Labels,
    y_pred: Labels,
    /// The labels to show, in order.
    labels: Vec<Label>,
    positive: Option<Label>,
    weight: Option<Vec<f64>>,
    scores: Option<(Scores, Threshold)>,
    /// The class of all rows with scores, if they are of one.
    one_class: Option<Label>,
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
/// use cutpoint_metrics::evaluate;
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("scores.csv");
/// std::fs::write(&path, "y_true,y_score\n1,0.9\n0,0.8\n1,0.7\n0,0.2\n0,0.1\n")?;
/// let rows = read_evaluation(&path, &ScoreColumns::default(), Threshold::HALF, |_| {})?;
/// let evaluation = evaluate(rows.y_true(), rows.y_pred(), &rows.options())?;
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
    let scores = file.scores();
    // A class that no row has may be called by words (`not 5`), and labels are of one kind.
    let mut labels = vec![file.negative().clone(), file.positive().clone()];
    if std::mem::discriminant(&labels[0]) != std::mem::discriminant(&labels[1]) {
        labels = labels
            .iter()
            .map(|label| Label::Text(label.to_string()))
            .collect();
    }
    let mut classes = labels.clone();
    classes.sort();
    let positive_code = u32::from(classes[1] == labels[1]);
    let column = |is_positive: &mut dyn Iterator<Item = bool>| {
        let codes = is_positive.map(|is| if is { positive_code } else { 1 - positive_code });
        let column = Labels::from_codes(codes.collect(), classes.clone());
        column.map_err(|error| refused(path.display().to_string(), error))
    };
    let score = scores.score().iter();
    Ok(EvaluationRows {
        y_true: column(&mut scores.is_positive().iter().copied())?,
        y_pred: column(&mut score.map(|&score| threshold.is_positive(score)))?,
        positive: Some(labels[1].clone()),
        labels,
        weight: scores.weight().map(<[f64]>::to_vec),
        scores: Some((scores.clone(), threshold)),
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
        y_true: file.y_true().clone(),
        y_pred: file.y_pred().clone(),
        positive,
        weight: file.weight().map(<[f64]>::to_vec),
        scores: None,
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
        let classes = self.y_true.classes();
        if let Some(class) = find_class(classes, name) {
            return class.clone();
        }
        match (classes.first(), name.parse()) {
            (Some(Label::Integer(_)), Ok(integer)) => Label::Integer(integer),
            _ => name.into(),
        }
    }

    /// What is evaluated.
    pub fn options(&self) -> EvaluationOptions<'_> {
        let mut options = EvaluationOptions::default().labels(&self.labels);
        if let Some(weight) = &self.weight {
            options = options.weight(weight);
        }
        if let Some(positive) = &self.positive {
            options = options.positive(positive);
        }
        options
    }

    /// The true labels.
    pub fn y_true(&self) -> &Labels {
        &self.y_true
    }

    /// The predicted labels.
    pub fn y_pred(&self) -> &Labels {
        &self.y_pred
    }

    /// All classes there are.
    pub fn classes(&self) -> &[Label] {
        self.y_true.classes()
    }

    /// The positive class, if it is known.
    pub fn positive(&self) -> Option<&Label> {
        self.positive.as_ref()
    }

    /// The scores that rows were predicted by, and from which on.
    pub fn scores(&self) -> Option<(&Scores, Threshold)> {
        let (scores, threshold) = self.scores.as_ref()?;
        Some((scores, *threshold))
    }

    /// The class of all rows, if there are scores of one class only.
    pub fn one_class(&self) -> Option<&Label> {
        self.one_class.as_ref()
    }

    /// The negative and the positive class of scores.
    pub fn score_labels(&self) -> Option<[Label; 2]> {
        let positive = self.positive.clone()?;
        let negative = self.classes().iter().find(|class| **class != positive)?;
        Some([negative.clone(), positive])
    }
}
