//! A column of values to be written, whatever the format.

use cutpoint_core::Labels;
use ndarray::ArrayView1;

/// The values of one column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column<'a> {
    Floats(ArrayView1<'a, f64>),
    /// `None` is an empty field, or null.
    OptionalFloats(&'a [Option<f64>]),
    Counts(&'a [u64]),
    Labels(&'a Labels),
    Texts(&'a [&'a str]),
}

impl Column<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Floats(values) => values.len(),
            Self::OptionalFloats(values) => values.len(),
            Self::Counts(values) => values.len(),
            Self::Labels(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }
}
