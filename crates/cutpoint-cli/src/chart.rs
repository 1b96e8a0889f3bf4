//! Charts of characters, for the terminal: lines between two axes.

use anyhow::Context;
use unicode_plot::color::{NamedColor, TermColor};
use unicode_plot::{
    DecorationPosition, LineplotOptions, LineplotSeriesOptions, lineplot, lineplot_add,
};

use crate::console::{Colours, Console, Shown};
use crate::printable::printable;

/// What stands on an axis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axis {
    pub(crate) label: &'static str,
    limits: Limits,
}

/// From where to where an axis goes.
#[derive(Debug, Clone, Copy)]
enum Limits {
    Unit,
    /// As far as the points reach.
    Reach,
    /// From so much below 0, as a share of the highest point, to that.
    Positive {
        below: f64,
    },
}

impl Axis {
    /// From 0 to 1.
    pub(crate) const fn unit(label: &'static str) -> Self {
        Self {
            label,
            limits: Limits::Unit,
        }
    }

    /// As far as the points reach.
    pub(crate) const fn open(label: &'static str) -> Self {
        Self {
            label,
            limits: Limits::Reach,
        }
    }

    /// From 0 as far as the points reach.
    pub(crate) const fn from_zero(label: &'static str) -> Self {
        Self {
            label,
            limits: Limits::Positive { below: 0.0 },
        }
    }

    /// From a little below 0 as far as the points reach; what lies lower does not matter.
    pub(crate) const fn mostly_positive(label: &'static str) -> Self {
        Self {
            label,
            limits: Limits::Positive { below: 0.1 },
        }
    }

    fn limits(self, numbers: impl Iterator<Item = f64>) -> (f64, f64) {
        let (low, high) = match self.limits {
            Limits::Unit => return (0.0, 1.0),
            Limits::Reach | Limits::Positive { .. } => numbers
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| {
                    (low.min(number), high.max(number))
                }),
        };
        match self.limits {
            Limits::Positive { below } if high > 0.0 => rounded(-below * high, high),
            _ => {
                let (low, high) = apart(low, high);
                rounded(low, high)
            }
        }
    }
}

/// A line by its points.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// Lines between two axes.
pub(crate) struct Chart {
    pub(crate) title: String,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) lines: Vec<Line>,
}

/// Told apart by most people who see few colours, as far as the colours of a terminal allow.
const COLORS: [NamedColor; 6] = [
    NamedColor::Blue,
    NamedColor::Yellow,
    NamedColor::Magenta,
    NamedColor::Cyan,
    NamedColor::Green,
    NamedColor::Red,
];
/// Characters of the chart itself.
const WIDEST: usize = 72;
const NARROWEST: usize = 16;
const TALL: usize = 15;
const LOW: usize = 8;
/// The space that the crate leaves on either side of the chart, and its frame.
const AROUND: usize = 8;

impl Chart {
    /// Draws the chart as wide as the terminal allows.
    pub(crate) fn print(mut self, console: &mut Console) -> anyhow::Result<()> {
        self.title = printable(&self.title).into_owned();
        for line in &mut self.lines {
            line.name = printable(&line.name).into_owned();
        }
        let terminal = console.terminal();
        let width = terminal.width.unwrap_or(80);
        let text = self.render(width, terminal.colours != Colours::None)?;
        Ok(console.show(Shown::of_printable(text))?)
    }

    /// Draws the chart into so many columns. Without colours, which tell lines apart, each line has a chart of its own.
    fn render(mut self, width: usize, is_coloured: bool) -> anyhow::Result<String> {
        self.lines.retain(|line| !line.points.is_empty());
        if self.lines.is_empty() {
            return Ok(format!("{}: undefined everywhere\n", self.title));
        }
        if is_coloured || self.lines.len() == 1 {
            return self.draw(&self.lines, &self.title, width, TALL, is_coloured);
        }
        let charts = self.lines.chunks(1).map(|line| {
            let title = format!("{}: {}", self.title, line[0].name);
            self.draw(line, &title, width, LOW, false)
        });
        charts.collect()
    }

    fn draw(
        &self,
        lines: &[Line],
        title: &str,
        width: usize,
        height: usize,
        is_coloured: bool,
    ) -> anyhow::Result<String> {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let limits = [
            self.x.limits(points().map(|(x, _)| *x)),
            self.y.limits(points().map(|(_, y)| *y)),
        ];
        let longest_name = lines.iter().map(|line| line.name.chars().count()).max();
        let names = if lines.len() > 1 {
            longest_name.unwrap_or_default()
        } else {
            0
        };
        let numbers = [limits[1].0, limits[1].1].map(|end| shown(end).len());
        let beside = AROUND + names + self.y.label.chars().count() + numbers[0].max(numbers[1]);
        let mut options = LineplotOptions::default();
        options.title = Some(title.to_owned());
        options.xlabel = Some(self.x.label.to_owned());
        options.ylabel = Some(self.y.label.to_owned());
        options.width = width.saturating_sub(beside).clamp(NARROWEST, WIDEST);
        options.height = height;
        options.margin = 1;
        // Numbers of any size are drawn as shares of the way between the ends.
        [options.xlim, options.ylim] = [(0.0, 1.0); 2];
        let mut plot = None;
        for (index, line) in lines.iter().enumerate() {
            let name = (lines.len() > 1).then(|| line.name.clone());
            let color = Some(TermColor::Named(COLORS[index % COLORS.len()]));
            let points = thinned(&line.points, limits).into_iter();
            let points = points.map(|(x, y)| (share(x, limits[0]), share(y, limits[1])));
            let (x, y): (Vec<_>, Vec<_>) = points.unzip();
            match &mut plot {
                None => {
                    options.name = name;
                    options.color = color;
                    plot = Some(lineplot(&x, &y, options.clone())?);
                }
                Some(plot) => {
                    let mut series = LineplotSeriesOptions::default();
                    series.name = name;
                    series.color = color;
                    lineplot_add(plot, &x, &y, series)?;
                }
            }
        }
        let mut plot = plot.context("a chart has a line")?;
        let [x, y] = limits.map(|(low, high)| [low, high].map(shown));
        let [bottom, top] = y;
        plot.annotate_left(0, top, None);
        plot.annotate_left(height - 1, bottom, None);
        let [left, right] = x;
        plot.set_decoration(DecorationPosition::Bl, left);
        plot.set_decoration(DecorationPosition::Br, right);
        let mut bytes = Vec::new();
        plot.render(&mut bytes, is_coloured)?;
        bytes.push(b'\n');
        Ok(String::from_utf8(bytes)?)
    }
}

/// A number in a few characters.
fn shown(number: f64) -> String {
    const MOST: usize = 9;
    let plain = number.to_string();
    if plain.len() <= MOST {
        plain
    } else {
        format!("{number:.2e}")
    }
}

/// Two ends that are far enough apart to draw something between them: equal numbers, and neighbouring ones, are not.
fn apart(low: f64, high: f64) -> (f64, f64) {
    /// Of the larger end.
    const LEAST: f64 = 1e-9;
    let size = low.abs().max(high.abs());
    if low < high && high / 2.0 - low / 2.0 > LEAST * size {
        return (low, high);
    }
    let half = if low < high {
        (LEAST * size).max(f64::MIN_POSITIVE)
    } else {
        (LEAST * size).max(0.5)
    };
    ((low - half).max(f64::MIN), (high + half).min(f64::MAX))
}

/// How far a number lies between two ends, of which neither their difference nor a difference from them need be a
/// double.
fn share(number: f64, (low, high): (f64, f64)) -> f64 {
    (number / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0)
}

/// Two ends, moved apart to numbers that are short to write.
fn rounded(low: f64, high: f64) -> (f64, f64) {
    /// Of the range, so many are lost at most.
    const STEPS: f64 = 100.0;
    let steps = STEPS / 10.0_f64.powf((high - low).log10().floor());
    let ends = ((low * steps).floor() / steps, (high * steps).ceil() / steps);
    if ends.0.is_finite() && ends.1.is_finite() && ends.0 < ends.1 {
        ends
    } else {
        (low, high)
    }
}

/// The points that are seen: of those between the limits, the ones that lie more than a fraction of a dot from the last
/// one that is kept, and the last one.
fn thinned(points: &[(f64, f64)], [x, y]: [(f64, f64); 2]) -> Vec<(f64, f64)> {
    /// Dots each way, of which a character has 2 × 4, times some.
    const STEPS: f64 = 1000.0;
    let is_far = |(x_before, y_before): (f64, f64), (x_here, y_here): (f64, f64)| {
        let steps = |here, before, ends| STEPS * (share(here, ends) - share(before, ends)).abs();
        steps(x_here, x_before, x) >= 1.0 || steps(y_here, y_before, y) >= 1.0
    };
    let mut kept = Vec::<(f64, f64)>::new();
    let is_inside = |&(_, height): &(f64, f64)| height >= y.0 && height <= y.1;
    for &point in points.iter().filter(|point| is_inside(point)) {
        if kept.last().is_none_or(|&last| is_far(last, point)) {
            kept.push(point);
        }
    }
    let last = points.last().filter(|last| is_inside(last));
    kept.extend(last.filter(|last| kept.last() != Some(last)));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(lines: &[(&str, &[(f64, f64)])]) -> Chart {
        let lines = lines.iter().map(|(name, points)| Line {
            name: (*name).to_owned(),
            points: points.to_vec(),
        });
        Chart {
            title: "Gain".to_owned(),
            x: Axis::unit("share"),
            y: Axis::open("gain"),
            lines: lines.collect(),
        }
    }

    const RISE: &[(f64, f64)] = &[(0.0, 0.0), (1.0, 2.0)];
    const FALL: &[(f64, f64)] = &[(0.0, 2.0), (1.0, 0.0)];

    #[test]
    fn a_line_between_two_axes() {
        let text = chart(&[("a", RISE)]).render(40, false).unwrap();
        insta::assert_snapshot!(text, @r"
                        Gain
               ┌───────────────────────────┐
             2 │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⢀⠜│
               │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⢀⠔⠁⠀│
               │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡰⠁⠀⠀⠀│
               │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡠⠊⠀⠀⠀⠀⠀│
               │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡠⠊⠀⠀⠀⠀⠀⠀⠀│
               │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⢀⠔⠁⠀⠀⠀⠀⠀⠀⠀⠀│
               │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⢀⠔⠁⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀│
        gain   │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡰⠁⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀│
               │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡠⠊⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀│
               │⠀⠀⠀⠀⠀⠀⠀⠀⠀⡠⠊⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀│
               │⠀⠀⠀⠀⠀⠀⠀⢀⠔⠁⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀│
               │⠀⠀⠀⠀⠀⢀⠔⠁⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀│
               │⠀⠀⠀⠀⡰⠁⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀│
               │⠀⠀⡠⠊⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀│
             0 │⡠⠊⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀│
               └───────────────────────────┘
               0                           1
                       share
        ");
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(40), "{widest:?}");
    }

    #[test]
    fn without_colours_each_line_stands_alone() {
        let plain = chart(&[("up", RISE), ("down", FALL)])
            .render(60, false)
            .unwrap();
        assert!(plain.contains("Gain: up\n") && plain.contains("Gain: down\n"));
        assert!(!plain.contains('\x1b'));
        let coloured = chart(&[("up", RISE), ("down", FALL)])
            .render(60, true)
            .unwrap();
        assert!(coloured.contains("\x1b[34m") && coloured.contains("\x1b[33m"));
        assert!(coloured.contains("up") && coloured.contains("down"));
        let lines = coloured.lines().count();
        assert!(lines < plain.lines().count());
    }

    #[test]
    fn what_is_undefined_is_not_drawn() {
        let text = chart(&[("up", &[])]).render(60, true).unwrap();
        assert_eq!(text, "Gain: undefined everywhere\n");
    }

    #[test]
    fn ends_are_short_to_write() {
        let ends = |low, high| {
            let (low, high) = rounded(low, high);
            format!("{} {}", shown(low), shown(high))
        };
        assert_eq!(ends(0.000_671_7, 0.999_83), "0 1");
        assert_eq!(ends(-0.042_814_8, 0.428_148), "-0.043 0.429");
        assert_eq!(ends(0.0, 85.0), "0 85");
        assert_eq!(ends(1e300, 1.5e300), "9.99e299 1.50e300");
        // So near to each other that nothing is shorter.
        let next = 1.0_f64.next_up();
        assert_eq!(rounded(1.0, next), (1.0, next));
    }

    #[test]
    fn points_on_one_dot_are_one() {
        let many = (0..=100_000).map(|index| f64::from(index) / 100_000.0);
        let many = many.map(|x| (x, x * x)).collect::<Vec<_>>();
        let few = thinned(&many, [(0.0, 1.0); 2]);
        assert!((500..3000).contains(&few.len()), "{}", few.len());
        assert_eq!((few.first(), few.last()), (many.first(), many.last()));
        let equal = vec![(0.5, 0.5); 9];
        assert_eq!(thinned(&equal, [(0.0, 1.0); 2]).len(), 1);
    }
}
