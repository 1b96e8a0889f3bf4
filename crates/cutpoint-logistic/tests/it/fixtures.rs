//! Data that several tests share. Nothing is checked here.

use std::path::Path;

use cutpoint_core::Labels;
use ndarray::{Array2, Axis};

/// Features and labels of a file of `data/`: a header, numbers, the class in the last column.
pub(crate) fn read(name: &str) -> (Array2<f64>, Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data")
        .join(name)
        .with_extension("csv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut values = Vec::new();
    let mut labels = Vec::new();
    for line in text.lines().skip(1) {
        let (features, label) = line.rsplit_once(',').unwrap();
        values.extend(
            features
                .split(',')
                .map(|value| value.parse::<f64>().unwrap()),
        );
        labels.push(label.to_owned());
    }
    let n_features = values.len() / labels.len();
    (
        Array2::from_shape_vec((labels.len(), n_features), values).unwrap(),
        labels,
    )
}

/// Divides each column by the least power of two at or above its largest magnitude: no digit changes.
pub(crate) fn scale_by_powers_of_two(x: &mut Array2<f64>) {
    for mut column in x.axis_iter_mut(Axis(1)) {
        let largest = column
            .iter()
            .fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let mut power = 1.0;
        while power < largest {
            power *= 2.0;
        }
        while power / 2.0 >= largest {
            power /= 2.0;
        }
        column /= power;
    }
}

/// The breast-cancer data with scaled columns: 357 benign, 212 malignant.
pub(crate) fn cancer() -> (Array2<f64>, Labels) {
    let (mut x, labels) = read("breast_cancer");
    scale_by_powers_of_two(&mut x);
    (x, Labels::from_texts(&labels))
}
