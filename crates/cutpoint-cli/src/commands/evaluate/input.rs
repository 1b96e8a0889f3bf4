//! What `evaluate` looks at: true and predicted labels, whether these were given or come from scores.

use anyhow::Context;
use cutpoint_core::{Label, Labels, Scores, Threshold};
use cutpoint_files::{find_class, positive_of, read_predicted_with, read_scores_with};
use cutpoint_metrics::EvaluationOptions;

use super::Args;
use crate::console::Console;
use crate::progress::ProgressBar;

/// True and predicted labels of the same rows, and where they come from.
pub(super) struct Input {
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

impl Input {
    pub(super) fn read(args: &Args, console: &mut Console) -> anyhow::Result<Self> {
        let mut input = match &args.predicted {
            Some(predicted) => Self::of_labels(args, predicted, console)?,
            None => Self::of_scores(args)?,
        };
        if let Some(names) = &args.columns.labels {
            input.labels = names.iter().map(|name| input.label(name)).collect();
        }
        Ok(input)
    }

    fn of_scores(args: &Args) -> anyhow::Result<Self> {
        let mut bar = ProgressBar::new("reading");
        // Labels to show are no labels to hold the rows to.
        let columns = args.columns.columns().classes(Vec::new());
        let columns = columns.words(args.columns.labels.clone().unwrap_or_default());
        let file = read_scores_with(&args.scores, &columns, |progress| bar.update(progress))?;
        bar.finish();
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
            Labels::from_codes(codes.collect(), classes.clone())
        };
        let threshold = args.threshold;
        let score = scores.score().iter();
        Ok(Self {
            y_true: column(&mut scores.is_positive().iter().copied())?,
            y_pred: column(&mut score.map(|&score| threshold.is_positive(score)))?,
            positive: Some(labels[1].clone()),
            labels,
            weight: scores.weight().map(<[f64]>::to_vec),
            scores: Some((scores.clone(), threshold)),
            one_class,
        })
    }

    fn of_labels(args: &Args, predicted: &str, console: &mut Console) -> anyhow::Result<Self> {
        let weight = args.columns.weight.as_deref();
        let mut bar = ProgressBar::new("reading");
        let label = &args.columns.label;
        let words = args
            .columns
            .positive
            .iter()
            .chain(args.columns.labels.iter().flatten());
        let words = words.cloned().collect::<Vec<_>>();
        let file =
            read_predicted_with(&args.scores, label, predicted, weight, &words, |progress| {
                bar.update(progress);
            })?;
        bar.finish();
        // One table for both columns.
        let classes = file.y_true().classes();
        let positive = match &args.columns.positive {
            Some(_) => {
                let column = || format!("{}, column `{predicted}`", args.scores.display());
                let positive = positive_of(file.y_true(), args.columns.positive.as_deref());
                Some(positive.with_context(column)?)
            }
            None if classes.len() <= 2 => file.y_true().positive(None).ok(),
            None => None,
        };
        if positive.is_none() && classes.len() == 2 {
            console.hint("name the positive class with `--positive CLASS` to have its metrics");
        }
        Ok(Self {
            labels: classes.to_vec(),
            y_true: file.y_true().clone(),
            y_pred: file.y_pred().clone(),
            positive,
            weight: file.weight().map(<[f64]>::to_vec),
            scores: None,
            one_class: None,
        })
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
    pub(super) fn options(&self) -> EvaluationOptions<'_> {
        let mut options = EvaluationOptions::default().labels(&self.labels);
        if let Some(weight) = &self.weight {
            options = options.weight(weight);
        }
        if let Some(positive) = &self.positive {
            options = options.positive(positive);
        }
        options
    }

    pub(super) fn y_true(&self) -> &Labels {
        &self.y_true
    }

    pub(super) fn y_pred(&self) -> &Labels {
        &self.y_pred
    }

    /// All classes there are.
    pub(super) fn classes(&self) -> &[Label] {
        self.y_true.classes()
    }

    /// The scores that rows were predicted by, and from which on.
    pub(super) fn scores(&self) -> Option<(&Scores, Threshold)> {
        let (scores, threshold) = self.scores.as_ref()?;
        Some((scores, *threshold))
    }

    /// What is said of scores of one class only.
    pub(super) fn one_class(&self) -> Option<String> {
        let class = self.one_class.as_ref()?;
        Some(format!(
            "all rows are of one class, `{class}`: metrics that need both are undefined"
        ))
    }

    /// The negative and the positive class of scores.
    pub(super) fn score_labels(&self) -> Option<[Label; 2]> {
        let positive = self.positive.clone()?;
        let negative = self.classes().iter().find(|class| **class != positive)?;
        Some([negative.clone(), positive])
    }
}
