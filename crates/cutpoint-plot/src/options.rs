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

    /// What stands after the name, such as an area. Default nothing.
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
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    points: Vec<(f64, f64, f64)>,
}

impl Band {
    /// A band by its places on the horizontal axis and both ends there.
    ///
    /// # Shapes
    /// All: `(n_points,)`, in the order of the line; an end that is not finite leaves a gap.
    ///
    /// # Errors
    /// [`Error::Band`] for columns of different lengths.
    pub fn new(x: &[f64], low: &[f64], high: &[f64]) -> Result<Self> {
        check_lengths([x, x], [low, high])?;
        let ends = x.iter().zip(low).zip(high);
        let points = ends.map(|((&x, &low), &high)| (x, low, high));
        Ok(Self {
            points: points.collect(),
        })
    }

    /// What boxes cover together, given their lower and upper ends on both axes: a curve whose points are uncertain
    /// both ways, such as a ROC curve. Places are told apart in steps of a thousandth; a step that no box reaches is a
    /// gap.
    ///
    /// # Shapes
    /// All: `(n_boxes,)`, with ends in `[0, 1]`; a box with an end outside is left out.
    ///
    /// # Errors
    /// [`Error::Band`] for columns of different lengths.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_plot::Band;
    ///
    /// // From 0.2 to 0.5 and from 0.4 to 0.6: where both are, from the lower end of one to the upper end of the other.
    /// let band = Band::of_boxes([&[0.2, 0.4], &[0.5, 0.6]], [&[0.1, 0.3], &[0.7, 0.9]])?;
    /// assert_eq!(band.at(0.3), Some([0.1, 0.7]));
    /// assert_eq!(band.at(0.45), Some([0.1, 0.9]));
    /// assert_eq!(band.at(0.55), Some([0.3, 0.9]));
    /// assert_eq!(band.at(0.7), None);
    /// # Ok::<(), cutpoint_plot::Error>(())
    /// ```
    pub fn of_boxes(x: [&[f64]; 2], y: [&[f64]; 2]) -> Result<Self> {
        const STEPS: usize = 1000;
        check_lengths(x, y)?;
        let mut points = (0..=STEPS)
            .map(|step| (step as f64 / STEPS as f64, f64::INFINITY, f64::NEG_INFINITY))
            .collect::<Vec<_>>();
        let boxes = x[0].iter().zip(x[1]).zip(y[0].iter().zip(y[1]));
        for ((&left, &right), (&low, &high)) in boxes {
            let is_inside = |end| (0.0..=1.0).contains(&end);
            if ![left, right, low, high].into_iter().all(is_inside) {
                continue;
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share in [0, 1] times a small number"
            )]
            let (first, last) = (
                (left * STEPS as f64).floor() as usize,
                (right * STEPS as f64).ceil() as usize,
            );
            // A box whose ends are in the wrong order covers nothing.
            for (_, lowest, highest) in points.get_mut(first..=last).into_iter().flatten() {
                (*lowest, *highest) = (lowest.min(low), highest.max(high));
            }
        }
        Ok(Self { points })
    }

    /// The ends at the place nearest to this one; `None` in a gap.
    pub fn at(&self, x: f64) -> Option<[f64; 2]> {
        let nearest = self
            .points
            .iter()
            .min_by(|one, two| (one.0 - x).abs().total_cmp(&(two.0 - x).abs()));
        let &(_, low, high) = nearest?;
        (low.is_finite() && high.is_finite()).then_some([low, high])
    }

    /// The points `(x, low, high)` in stretches without a gap.
    pub(crate) fn stretches(&self) -> Vec<Vec<(f64, f64, f64)>> {
        let mut stretches = vec![Vec::new()];
        for &(x, low, high) in &self.points {
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

fn check_lengths(x: [&[f64]; 2], y: [&[f64]; 2]) -> Result<()> {
    let lengths = [x[0].len(), x[1].len(), y[0].len(), y[1].len()];
    if lengths == [lengths[0]; 4] {
        Ok(())
    } else {
        Err(Error::Band { lengths })
    }
}
