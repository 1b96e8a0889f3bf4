//! What a caller may decide about a chart, and how several models come onto one picture. Nothing is drawn here.

use cutpoint_core::Threshold;

use crate::error::check_domain;
use crate::{Error, Result};

/// How a chart is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartOptions {
    title: Option<String>,
    width: f64,
    height: f64,
    threshold: Option<Threshold>,
}

impl Default for ChartOptions {
    fn default() -> Self {
        Self {
            title: None,
            width: 640.0,
            height: 480.0,
            threshold: None,
        }
    }
}

impl ChartOptions {
    /// The words above the chart. Default: what the chart shows.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The width in CSS pixels. Default 640, domain `[240, 4000]`.
    #[must_use]
    pub fn width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }

    /// The height in CSS pixels, to which the legend is added. Default 480, domain `[240, 4000]`.
    #[must_use]
    pub fn height(mut self, height: f64) -> Self {
        self.height = height;
        self
    }

    /// A threshold to be marked. Default none.
    ///
    /// On a curve it is marked at the point that holds at the threshold, which must not have been dropped as
    /// intermediate.
    #[must_use]
    pub fn threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = Some(threshold);
        self
    }

    /// Checks all options.
    ///
    /// # Errors
    /// [`Error::Domain`] for a width or height outside its domain.
    pub fn check(&self) -> Result<()> {
        check_domain("width", self.width, 240.0, 4000.0)?;
        check_domain("height", self.height, 240.0, 4000.0)
    }

    pub(crate) fn title_or<'a>(&'a self, title: &'a str) -> &'a str {
        self.title.as_deref().unwrap_or(title)
    }

    pub(crate) fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    pub(crate) fn marked(&self) -> Option<Threshold> {
        self.threshold
    }
}

/// A curve of one model or one group of rows, to be drawn beside others.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{Intermediate, roc_auc, roc_curve, sweep};
/// use cutpoint_plot::{ChartOptions, Series, roc_chart};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let table = sweep(&scores);
/// let curve = roc_curve(&table, Intermediate::Keep);
/// let note = roc_auc(&table).map(|auc| format!("AUC {auc:.2}")).unwrap_or_default();
/// let series = [Series::new("logistic", &curve).note(note)];
/// let picture = roc_chart(&series, &ChartOptions::default())?;
/// assert!(picture.svg().contains("logistic (AUC 0.75)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Series<'a, T> {
    name: String,
    note: String,
    curve: &'a T,
    band: Option<&'a Band>,
}

impl<T> Clone for Series<'_, T> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            note: self.note.clone(),
            curve: self.curve,
            band: self.band,
        }
    }
}

impl<'a, T> Series<'a, T> {
    /// A curve and its name in the legend. A single curve with an empty name and no note has no legend.
    pub fn new(name: impl Into<String>, curve: &'a T) -> Self {
        Self {
            name: name.into(),
            note: String::new(),
            curve,
            band: None,
        }
    }

    /// What stands behind the name, such as an area. Default nothing.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// How sure the curve is. Default not known.
    #[must_use]
    pub fn band(mut self, band: &'a Band) -> Self {
        self.band = Some(band);
        self
    }

    /// The same under another name.
    pub(crate) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn curve(&self) -> &'a T {
        self.curve
    }

    pub(crate) fn known_band(&self) -> Option<&'a Band> {
        self.band
    }

    /// The text of the legend; empty if there is none.
    pub(crate) fn legend(&self) -> String {
        match (self.name.is_empty(), self.note.is_empty()) {
            (_, true) => self.name.clone(),
            (true, false) => self.note.clone(),
            (false, false) => format!("{} ({})", self.name, self.note),
        }
    }
}

/// Lower and upper ends along a curve, for example of bootstrap intervals.
///
/// # Shapes
/// `x`, `low`, `high`: `(n_points,)`, in the order of the line; an end that is not finite leaves a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    x: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
}

impl Band {
    /// A band by its places on the horizontal axis and both ends there.
    ///
    /// # Errors
    /// [`Error::Band`] for columns of different lengths.
    pub fn new(x: Vec<f64>, low: Vec<f64>, high: Vec<f64>) -> Result<Self> {
        if x.len() == low.len() && x.len() == high.len() {
            return Ok(Self { x, low, high });
        }
        Err(Error::Band {
            x: x.len(),
            low: low.len(),
            high: high.len(),
        })
    }

    /// The points `(x, low, high)` in stretches without a gap.
    pub(crate) fn stretches(&self) -> Vec<Vec<(f64, f64, f64)>> {
        let mut stretches = vec![Vec::new()];
        for ((&x, &low), &high) in self.x.iter().zip(&self.low).zip(&self.high) {
            if x.is_finite() && low.is_finite() && high.is_finite() {
                let open = stretches.last_mut().expect("there is always one");
                open.push((x, low, high));
            } else {
                stretches.push(Vec::new());
            }
        }
        stretches
    }
}
