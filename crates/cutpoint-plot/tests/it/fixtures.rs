//! Matrices and scores that the tests draw, and how the text of a picture is read back.

use cutpoint_core::{Label, Scores};
use cutpoint_metrics::{ConfusionMatrix, Sweep, sweep};
use cutpoint_plot::Picture;
use ndarray::Array2;

/// The tutorial's matrix: 76 true negatives, 9 false positives, 17 false negatives, 48 true positives.
pub(crate) fn tutorial() -> ConfusionMatrix {
    matrix(
        &["Negative", "Positive"],
        ndarray::array![[76, 9], [17, 48]],
    )
}

pub(crate) fn matrix(names: &[&str], counts: Array2<u64>) -> ConfusionMatrix {
    let labels = names.iter().map(|&name| Label::from(name)).collect();
    ConfusionMatrix::from_counts(labels, counts).expect("one row a name")
}

/// A matrix of so many classes, heavy on its diagonal.
pub(crate) fn many(n_classes: usize) -> ConfusionMatrix {
    let names = (0..n_classes).map(|index| format!("class {index}"));
    let names = names.collect::<Vec<_>>();
    let names = names.iter().map(String::as_str).collect::<Vec<_>>();
    let counts = Array2::from_shape_fn((n_classes, n_classes), |(row, column)| {
        let noise = ((row * 31 + column * 17) % 23) as u64;
        if row == column {
            400 + 10 * noise
        } else {
            noise.saturating_sub(17)
        }
    });
    matrix(&names, counts)
}

/// Three positive and four negative rows, with a tie between the classes.
pub(crate) fn few() -> Sweep {
    let is_positive = vec![true, true, false, true, false, false, false];
    table(is_positive, vec![0.9, 0.7, 0.7, 0.45, 0.4, 0.2, 0.05])
}

/// The same rows, scored worse.
pub(crate) fn few_worse() -> Sweep {
    let is_positive = vec![true, true, false, true, false, false, false];
    table(is_positive, vec![0.8, 0.3, 0.6, 0.55, 0.5, 0.35, 0.15])
}

pub(crate) fn table(is_positive: Vec<bool>, score: Vec<f64>) -> Sweep {
    sweep(&Scores::new(is_positive, score).expect("finite scores"))
}

/// The picture's text without the outlines of letters, so that a person can read what changed.
pub(crate) fn skeleton(picture: &Picture) -> String {
    let lines = picture.svg().lines();
    let lines = lines.filter(|line| !line.starts_with("<path id="));
    let lines = lines.map(|line| match line.split_once("<use ") {
        Some((text, _)) => text.to_owned(),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The words of a picture, as they are read to those who do not see them.
pub(crate) fn words(picture: &Picture) -> Vec<&str> {
    let texts = picture.svg().lines();
    let texts = texts.filter_map(|line| line.strip_prefix("<g aria-label=\""));
    texts
        .map(|text| text.split('"').next().expect("a closing quote"))
        .collect()
}

/// An attribute of an element.
pub(crate) fn number(element: &str, name: &str) -> f64 {
    let (_, rest) = element
        .split_once(&format!(" {name}=\""))
        .unwrap_or_else(|| panic!("{element} has no {name}"));
    let (value, _) = rest.split_once('"').expect("a closing quote");
    value.parse().expect("a number")
}
