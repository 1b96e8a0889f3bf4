//! Sizes that all pictures share, in pixels. What is drawn with them is not known here.

pub(crate) const TITLE_SIZE: f64 = 16.0;
pub(crate) const LABEL_SIZE: f64 = 14.0;
pub(crate) const TICK_SIZE: f64 = 12.5;
/// Between the picture's edge and what is on it.
pub(crate) const MARGIN: f64 = 12.0;
/// How dense a shaded part of the chart is.
pub(crate) const SHADE: f64 = 0.2;
