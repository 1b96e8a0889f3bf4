//! What a threshold is chosen for and the constraints it has to satisfy, against the threshold: a chart of the
//! objective, and a panel for every other metric that has a bound. Nothing is chosen here.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Constraint, Metric, Problem, Relation, Sweep};

use super::{check_not_empty, steps, threshold_text};
use crate::axes::{Axes, Axis};
use crate::canvas::{Anchor, Stroke, TextStyle};
use crate::color::{Color, of_series};
use crate::legend::Swatch;
use crate::number::significant;
use crate::scale::Scale;
use crate::sizes::TICK_SIZE;
use crate::{ChartOptions, Picture, Result, Series};

/// Draws the objective of a problem against the threshold, and below it, in a panel each, the other metrics of its
/// constraints: as they are where the classifier will work, with their bands, their bounds and the thresholds that the
/// bounds forbid. Panels make the picture higher.
///
/// `metrics`: that of the objective first, then those of the constraints, each once. Words for the bands stand in the
/// note of the first. `reference`: a threshold to be told beside the chosen one, which is that of the options.
///
/// A line has gaps where its metric is undefined. Where costs and ratios run off, near either end, they may be cut.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a metric.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{Metric, Problem, sweep};
/// use cutpoint_plot::{ChartOptions, Series, choice_chart};
///
/// let table = sweep(&Scores::new(vec![true, false, true, false], vec![0.8, 0.6, 0.4, 0.2])?);
/// let problem = Problem::new("maximize precision".parse()?).subject_to("recall>=0.9".parse()?);
/// let metrics = ["precision", "recall"].map(|name| name.parse::<Metric>());
/// let [precision, recall] = metrics;
/// let (precision, recall) = (precision?, recall?);
/// let metrics = [Series::new("", &precision), Series::new("", &recall)];
/// let options = ChartOptions::default().threshold(Threshold::new(0.4)?);
/// let picture = choice_chart(&table, &problem, &metrics, None, &options)?;
/// // Above 0.4 only one of the two positive rows is found.
/// assert!(picture.svg().contains("Not allowed: thresholds above 0.4."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn choice_chart(
    sweep: &Sweep,
    problem: &Problem,
    metrics: &[Series<'_, Metric>],
    reference: Option<Threshold>,
    options: &ChartOptions,
) -> Result<Picture> {
    check_not_empty(metrics, "a chart of a choice")?;
    let thresholds = sweep.thresholds();
    let ends = thresholds.first().into_iter().chain(thresholds.last());
    let x = Axis {
        label: "Threshold",
        scale: Scale::of_scores(ends.copied()),
    };
    let reference = reference.filter(|reference| Some(*reference) != options.marked());
    let panels = metrics.iter().map(|series| Panel {
        sweep,
        problem,
        series,
        constraints: tightest(problem, series.curve()),
        x: x.scale,
        chosen: options.marked(),
        reference,
    });
    let panels = panels.collect::<Vec<_>>();
    let labels = panels.iter().map(Panel::label).collect::<Vec<_>>();
    let y = panels.iter().zip(&labels).map(|(panel, label)| Axis {
        label,
        scale: panel.scale(),
    });
    let y = y.collect::<Vec<_>>();
    let mut axes = Axes::with_panels("Choice of a threshold", options, x, &y)?;
    let with_band = metrics
        .iter()
        .position(|series| series.known_band().is_some());
    for (index, panel) in panels.iter().enumerate() {
        if index == 0 {
            if let Some(threshold) = options.marked() {
                axes.threshold(threshold.value());
            }
            let all = problem.constraints().iter().collect::<Vec<_>>();
            panel.draw_forbidden(&mut axes, &all, true);
        } else {
            axes.next_panel(y[index]);
            panel.draw_forbidden(&mut axes, &panel.constraints, false);
        }
        panel.draw(&mut axes, index, y[index].scale, with_band == Some(index));
    }
    Ok(axes.finish())
}

/// One metric against the threshold.
struct Panel<'a> {
    sweep: &'a Sweep,
    problem: &'a Problem,
    series: &'a Series<'a, Metric>,
    /// Of this metric.
    constraints: Vec<&'a Constraint>,
    x: Scale,
    chosen: Option<Threshold>,
    reference: Option<Threshold>,
}

impl Panel<'_> {
    fn metric(&self) -> &Metric {
        self.series.curve()
    }

    fn value(&self, row: usize) -> Option<f64> {
        self.problem.value(self.metric(), &self.sweep.cells(row))
    }

    fn value_at(&self, threshold: Threshold) -> Option<f64> {
        self.value(self.sweep.index_at(threshold))
    }

    /// The value at a share of the horizontal axis.
    fn value_along(&self, share: f64) -> Option<f64> {
        let place = self.x.low() * (1.0 - share) + self.x.high() * share;
        self.value_at(Threshold::new(place).ok()?)
    }

    /// What the metric is called: costs with what each cell costs.
    fn label(&self) -> String {
        if !self.series.name().is_empty() {
            return self.series.name().to_owned();
        }
        let title = self.metric().title();
        match self.metric().to_string().split_once('(') {
            Some((_, costs)) => format!("{title} ({costs}"),
            None => title.to_owned(),
        }
    }

    /// From 0 to 1 for rates; for others around the values and the band.
    fn scale(&self) -> Scale {
        let range = self.metric().range();
        if range.low() >= 0.0 && range.high() <= 1.0 {
            return Scale::UNIT;
        }
        let values = (0..self.sweep.n_rows()).filter_map(|row| self.value(row));
        let band = self.series.known_band().into_iter();
        let band = band.flat_map(|band| band.stretches().into_iter().flatten());
        let band = band.flat_map(|(_, low, high)| [low, high]);
        let whole = Extent::default().with(values.chain(band));
        if range.high().is_finite() {
            return Scale::around([whole.low, whole.high, 1.0]);
        }
        let shown = self.interest().or_whole(whole);
        let is_count = range.low() >= 0.0 && self.metric().costs().is_some();
        if is_count && !self.sweep.is_weighted() && self.problem.prevalence().is_none() {
            return Scale::counts(shown.high);
        }
        // Some room above and below.
        Scale::around([shown.low * 1.05, shown.high * 1.05])
    }

    /// Where a metric without an end is of interest: at the marked thresholds, and at bounds that are not too far off.
    /// Near either end, where a class is exhausted, costs and ratios run off; of costs, nineteen twentieths of the
    /// width have room.
    fn interest(&self) -> Extent {
        /// Times as much as is marked, for ratios.
        const ROOM: f64 = 2.5;
        let marked = [self.chosen, self.reference].into_iter().flatten();
        let marked = marked.filter_map(|threshold| self.value_at(threshold));
        let marked = Extent::default().with(marked);
        let extent = if self.metric().costs().is_some() || marked.high <= 0.0 {
            marked.with(self.most())
        } else {
            marked.with([marked.high * ROOM])
        };
        let bounds = self.constraints.iter().map(|constraint| constraint.bound());
        extent.with(bounds.filter(|bound| extent.is_near(*bound)))
    }

    /// Both ends of the values of nineteen twentieths of the width.
    fn most(&self) -> Vec<f64> {
        const PLACES: u32 = 400;
        let places = (0..=PLACES).map(|place| f64::from(place) / f64::from(PLACES));
        let values = places.filter_map(|share| self.value_along(share));
        let mut values = values.collect::<Vec<_>>();
        values.sort_by(f64::total_cmp);
        let last = values.len().saturating_sub(1);
        let ends = [last / 20, last - last / 20].map(|place| values.get(place).copied());
        ends.into_iter().flatten().collect()
    }

    /// Shades the thresholds at which one of some constraints is not met.
    fn draw_forbidden(&self, axes: &mut Axes, constraints: &[&Constraint], is_told: bool) {
        let ranges = forbidden(self.sweep, self.problem, constraints);
        let places = places(&ranges, self.x);
        for &place in &places {
            axes.shade(place);
        }
        if !is_told || ranges.is_empty() {
            return;
        }
        axes.say(in_words(&ranges));
        axes.entry(Swatch::Shade(Color::FAINT), "not allowed");
        let widest = places.iter().max_by(|one, other| {
            let width = |[from, to]: &[f64; 2]| to - from;
            width(one).total_cmp(&width(other))
        });
        let (area, text) = (axes.area(), "not allowed");
        if let Some([from, to]) = widest
            && (to - from) * area.width > axes.canvas.font.width(text, TICK_SIZE) + 12.0
        {
            let middle = area.x + f64::midpoint(*from, *to) * area.width;
            let style = TextStyle::new(TICK_SIZE, Anchor::Middle).color(Color::FAINT);
            let base = area.y + TICK_SIZE * 1.5;
            axes.canvas.text(middle, base, text, style);
        }
    }

    fn draw(&self, axes: &mut Axes, index: usize, scale: Scale, is_first_band: bool) {
        let label = self.label();
        if let Some(band) = self.series.known_band() {
            axes.band(band, of_series(index));
            axes.say(format!("A band shows the interval of {label}."));
            if is_first_band {
                axes.entry(Swatch::Area(of_series(index)), &self.note());
            }
        }
        let points = steps(
            self.sweep.n_rows(),
            |row| self.sweep.threshold(row).map(Threshold::value),
            |row| self.value(row),
            self.x,
        );
        axes.line("", Stroke::solid(of_series(index), 2.0), points);
        for constraint in &self.constraints {
            self.draw_bound(axes, constraint, scale);
        }
        if let Some(reference) = self.reference {
            let stroke = Stroke {
                color: Color::PURPLE,
                width: 1.5,
                dash: "2 2.5",
            };
            axes.guide(reference.value(), stroke);
            let text = self.told_at(reference, &label);
            if index == 0 {
                axes.entry(Swatch::Line(stroke), &text);
            }
            axes.say(format!("{text}."));
        }
        let Some(threshold) = self.chosen else {
            return;
        };
        if index > 0 {
            axes.guide(threshold.value(), Stroke::dashed(Color::BLACK, 1.3));
        }
        let value = self.value_at(threshold);
        axes.say(match value {
            Some(value) => format!("{label} at the threshold: {}.", significant(value, 4)),
            None => format!("{label} at the threshold: undefined."),
        });
        if let Some(value) = value
            && (self.x.low()..=self.x.high()).contains(&threshold.value())
        {
            axes.dot(threshold.value(), value);
        }
        if index == 0 {
            axes.name_dots(&self.told_at(threshold, &label));
        }
    }

    fn note(&self) -> String {
        let legend = self.series.legend();
        if legend.is_empty() {
            "interval".to_owned()
        } else {
            legend
        }
    }

    /// A threshold and the value there.
    fn told_at(&self, threshold: Threshold, label: &str) -> String {
        let value = self.value_at(threshold);
        let value = value.map_or_else(|| "undefined".to_owned(), |value| significant(value, 4));
        format!("{} at {}: {value}", label, threshold_text(threshold))
    }

    fn draw_bound(&self, axes: &mut Axes, constraint: &Constraint, scale: Scale) {
        let sign = match constraint.relation() {
            Relation::AtLeast => "≥",
            Relation::AtMost => "≤",
        };
        let bound = constraint.bound();
        let mut text = format!("{} {sign} {bound}", constraint.metric().name());
        if !(scale.low()..=scale.high()).contains(&bound) {
            text.push_str(" (off the chart)");
        }
        // Words on the side that is forbidden, where the curve is farther off.
        let is_above = constraint.relation() == Relation::AtMost;
        let [left, right] = [0.1, 0.9].map(|share| {
            let value = self.value_along(share)?;
            Some((scale.place(value) - scale.place(bound)).abs())
        });
        let is_left = left.unwrap_or(1.0) > right.unwrap_or(1.0);
        axes.bound(bound, &text, is_above, is_left);
        axes.say(format!("Bound: {constraint}."));
    }
}

/// Values from one that is at most 0 to one that is at least 0.
#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    low: f64,
    high: f64,
}

impl Extent {
    /// How many times as much may be shown as is usual before it is cut.
    const MOST: f64 = 3.0;

    fn with(self, values: impl IntoIterator<Item = f64>) -> Self {
        values
            .into_iter()
            .fold(self, |Self { low, high }, value| Self {
                low: low.min(value).max(f64::MIN),
                high: high.max(value).min(f64::MAX),
            })
    }

    fn is_near(self, value: f64) -> bool {
        let size = (self.high.max(-self.low) * Self::MOST).min(f64::MAX);
        (-size..=size).contains(&value)
    }

    /// The whole extent at either end, unless that is too far off.
    fn or_whole(self, whole: Self) -> Self {
        let end = |end: f64| Some(end).filter(|end| self.is_near(*end));
        self.with([whole.low, whole.high].into_iter().filter_map(end))
    }
}

/// The constraints of a metric but those that another one of it implies.
fn tightest<'p>(problem: &'p Problem, metric: &Metric) -> Vec<&'p Constraint> {
    let mut kept = Vec::<&Constraint>::new();
    let own = problem.constraints().iter();
    for constraint in own.filter(|constraint| constraint.metric() == metric) {
        let known = kept
            .iter_mut()
            .find(|known| known.relation() == constraint.relation());
        match known {
            None => kept.push(constraint),
            Some(known) if known.is_met_by(constraint.bound()) => *known = constraint,
            Some(_) => {}
        }
    }
    kept
}

/// Thresholds above the lower end, up to the upper one; without an end where it is open.
type Range = [Option<f64>; 2];

/// The thresholds at which one of some constraints is not met, descending.
fn forbidden(sweep: &Sweep, problem: &Problem, constraints: &[&Constraint]) -> Vec<Range> {
    let mut ranges = Vec::<Range>::new();
    let mut was_forbidden = false;
    for row in 0..sweep.n_rows() {
        let cells = sweep.cells(row);
        let is_forbidden = constraints.iter().any(|constraint| {
            let value = problem.value(constraint.metric(), &cells);
            !value.is_some_and(|value| constraint.is_met_by(value))
        });
        let interval = sweep.interval(row);
        let [lower, upper] =
            [interval.lower(), interval.upper()].map(|end| end.map(Threshold::value));
        match ranges.last_mut() {
            Some(open) if is_forbidden && was_forbidden => open[0] = lower,
            _ if is_forbidden => ranges.push([lower, upper]),
            _ => {}
        }
        was_forbidden = is_forbidden;
    }
    ranges
}

/// Where ranges lie on an axis, in shares of it, ascending: as one what is less than a quarter of a pixel apart.
fn places(ranges: &[Range], scale: Scale) -> Vec<[f64; 2]> {
    const STEP: f64 = 1.0 / 2400.0;
    let mut places = Vec::<[f64; 2]>::new();
    for [lower, upper] in ranges.iter().rev() {
        let place =
            |end: Option<f64>, open: f64| end.map_or(open, |end| scale.place(end).clamp(0.0, 1.0));
        let (from, to) = (place(*lower, 0.0), place(*upper, 1.0));
        match places.last_mut() {
            Some(last) if from - last[1] < STEP => last[1] = to,
            _ if from < to => places.push([from, to]),
            _ => {}
        }
    }
    places
}

fn in_words(ranges: &[Range]) -> String {
    const MOST: usize = 5;
    let words = ranges.iter().take(MOST).map(|[lower, upper]| {
        let text = |end: f64| significant(end, 6);
        match (lower.map(text), upper.map(text)) {
            (None, None) => "of any size".to_owned(),
            (None, Some(upper)) => format!("up to {upper}"),
            (Some(lower), None) => format!("above {lower}"),
            (Some(lower), Some(upper)) => format!("above {lower} up to {upper}"),
        }
    });
    let words = words.collect::<Vec<_>>().join(", ");
    let more = match ranges.len().saturating_sub(MOST) {
        0 => String::new(),
        n_more => format!(", and {n_more} more ranges"),
    };
    format!("Not allowed: thresholds {words}{more}.")
}
