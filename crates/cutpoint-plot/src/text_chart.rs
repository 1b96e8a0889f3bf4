//! Charts of characters, for a terminal: lines between two axes. Which lines they are is in `lines`.

mod lines;

use unicode_plot::color::{NamedColor, TermColor};
use unicode_plot::{
    DecorationPosition, LineplotOptions, LineplotSeriesOptions, lineplot, lineplot_add,
};

use crate::terminal::{Terminal, TerminalColors};

/// What stands on an axis of a [`TextChart`], and from where to where it goes.
///
/// # Examples
/// ```
/// use cutpoint_plot::TextAxis;
///
/// assert_eq!(TextAxis::unit("recall").label(), "recall");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextAxis<'a> {
    label: &'a str,
    limits: Limits,
}

/// From where to where an axis goes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Limits {
    Unit,
    /// As far as the points reach.
    Reach,
    /// From so much below 0, as a share of the highest point, to that.
    Positive {
        below: f64,
    },
}

impl<'a> TextAxis<'a> {
    /// From 0 to 1.
    pub const fn unit(label: &'a str) -> Self {
        Self {
            label,
            limits: Limits::Unit,
        }
    }

    /// As far as the points reach.
    pub const fn open(label: &'a str) -> Self {
        Self {
            label,
            limits: Limits::Reach,
        }
    }

    /// From 0 as far as the points reach.
    pub const fn from_zero(label: &'a str) -> Self {
        Self {
            label,
            limits: Limits::Positive { below: 0.0 },
        }
    }

    /// From a little below 0 as far as the points reach; what lies lower does not matter.
    pub const fn mostly_positive(label: &'a str) -> Self {
        Self {
            label,
            limits: Limits::Positive { below: 0.1 },
        }
    }

    /// The words beside the axis.
    pub const fn label(&self) -> &'a str {
        self.label
    }

    fn limits(self, numbers: impl Iterator<Item = f64>) -> (f64, f64) {
        let (low, high) = match self.limits {
            Limits::Unit => return (0.0, 1.0),
            Limits::Reach | Limits::Positive { .. } => numbers
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| {
                    (low.min(number), high.max(number))
                }),
        };
        let (low, high) = match self.limits {
            Limits::Positive { below } if high > 0.0 => apart(-below * high, high),
            _ => apart(low, high),
        };
        rounded(low, high)
    }
}

/// A line by its points.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    /// What it is called.
    pub name: String,
    /// Its points `(x, y)` in order; those that are not finite are left out.
    pub points: Vec<(f64, f64)>,
}

/// Lines between two axes, to be drawn by [`text_chart`].
#[derive(Debug, Clone, PartialEq)]
pub struct TextChart<'a> {
    /// The words above the chart.
    pub title: String,
    /// The horizontal axis.
    pub x: TextAxis<'a>,
    /// The vertical axis.
    pub y: TextAxis<'a>,
    /// The lines, of which those without points are left out.
    pub lines: Vec<TextLine>,
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

/// Draws a chart of characters as wide as the terminal allows, 80 columns if that is not known, of which it needs some
/// 40. Without colours, which tell lines apart, each line has a chart of its own, below the one before.
///
/// Title and names are drawn as they are: a name from elsewhere may hold what moves a terminal's cursor.
///
/// # Examples
/// ```
/// use cutpoint_plot::{Terminal, TextAxis, TextChart, TextLine, text_chart};
///
/// let chart = TextChart {
///     title: "Gain".to_owned(),
///     x: TextAxis::unit("share"),
///     y: TextAxis::unit("gain"),
///     lines: vec![TextLine { name: "a".to_owned(), points: vec![(0.0, 0.0), (1.0, 1.0)] }],
/// };
/// let text = text_chart(&chart, Terminal { width: Some(40), ..Terminal::default() });
/// assert_eq!(text.lines().next().map(str::trim), Some("Gain"));
/// assert!(text.lines().all(|line| line.chars().count() <= 40));
/// ```
pub fn text_chart(chart: &TextChart<'_>, terminal: Terminal) -> String {
    let is_finite = |(x, y): &&(f64, f64)| x.is_finite() && y.is_finite();
    let points = || {
        let points = chart.lines.iter().flat_map(|line| &line.points);
        points.filter(is_finite)
    };
    if points().next().is_none() {
        return format!("{}: undefined everywhere\n", chart.title);
    }
    let frame = Frame {
        chart,
        limits: [
            chart.x.limits(points().map(|(x, _)| *x)),
            chart.y.limits(points().map(|(_, y)| *y)),
        ],
        width: terminal.width.unwrap_or(80),
        is_coloured: terminal.colors != TerminalColors::None,
    };
    let drawn = chart.lines.iter().map(|line| {
        let points = line.points.iter().filter(is_finite).copied();
        Drawn {
            name: &line.name,
            shares: frame.shares(&points.collect::<Vec<_>>()),
        }
    });
    // One that lies below the axes has no points left.
    let drawn = drawn.filter(|line| !line.shares.is_empty());
    let drawn = drawn.collect::<Vec<_>>();
    if frame.is_coloured || drawn.len() == 1 {
        return frame.draw(&drawn, &chart.title, TALL);
    }
    let charts = drawn.chunks(1).map(|line| {
        let title = format!("{}: {}", chart.title, line[0].name);
        frame.draw(line, &title, LOW)
    });
    charts.collect()
}

/// A line as it is drawn: its points as shares of the way between the ends of the axes.
struct Drawn<'a> {
    name: &'a str,
    shares: Vec<(f64, f64)>,
}

/// What the charts of one call share.
struct Frame<'a> {
    chart: &'a TextChart<'a>,
    limits: [(f64, f64); 2],
    width: usize,
    is_coloured: bool,
}

impl Frame<'_> {
    /// Numbers of any size are drawn as shares of the way between the ends.
    fn shares(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let [x_ends, y_ends] = self.limits;
        let points = thinned(points, self.limits).into_iter();
        points
            .map(|(x, y)| (share(x, x_ends), share(y, y_ends)))
            .collect()
    }

    fn draw(&self, lines: &[Drawn<'_>], title: &str, height: usize) -> String {
        let longest_name = lines.iter().map(|line| line.name.chars().count()).max();
        let names = if lines.len() > 1 {
            longest_name.unwrap_or_default()
        } else {
            0
        };
        let [x, y] = self.limits.map(|(low, high)| [low, high].map(shown));
        let numbers = y[0].len().max(y[1].len());
        let beside = AROUND + names + self.chart.y.label.chars().count() + numbers;
        let mut options = LineplotOptions::default();
        options.title = Some(title.to_owned());
        options.xlabel = Some(self.chart.x.label.to_owned());
        options.ylabel = Some(self.chart.y.label.to_owned());
        options.width = self.width.saturating_sub(beside).clamp(NARROWEST, WIDEST);
        options.height = height;
        options.margin = 1;
        [options.xlim, options.ylim] = [(0.0, 1.0); 2];
        let mut plot = None;
        for (index, line) in lines.iter().enumerate() {
            let name = (lines.len() > 1).then(|| line.name.to_owned());
            let color = Some(TermColor::Named(COLORS[index % COLORS.len()]));
            let (x, y): (Vec<_>, Vec<_>) = line.shares.iter().copied().unzip();
            match &mut plot {
                None => {
                    options.name = name;
                    options.color = color;
                    let drawn = lineplot(&x, &y, options.clone());
                    plot = Some(drawn.expect("points, all finite"));
                }
                Some(plot) => {
                    let mut series = LineplotSeriesOptions::default();
                    series.name = name;
                    series.color = color;
                    lineplot_add(plot, &x, &y, series).expect("points, all finite");
                }
            }
        }
        let Some(mut plot) = plot else {
            return String::new();
        };
        let [bottom, top] = y;
        plot.annotate_left(0, top, None);
        plot.annotate_left(height - 1, bottom, None);
        let [left, right] = x;
        plot.set_decoration(DecorationPosition::Bl, left);
        plot.set_decoration(DecorationPosition::Br, right);
        let mut bytes = Vec::new();
        let rendered = plot.render(&mut bytes, self.is_coloured);
        rendered.expect("a Vec takes all bytes");
        bytes.push(b'\n');
        String::from_utf8(bytes).expect("text in, text out")
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

    fn chart(lines: &[(&str, &[(f64, f64)])]) -> TextChart<'static> {
        let lines = lines.iter().map(|(name, points)| TextLine {
            name: (*name).to_owned(),
            points: points.to_vec(),
        });
        TextChart {
            title: "Gain".to_owned(),
            x: TextAxis::unit("share"),
            y: TextAxis::open("gain"),
            lines: lines.collect(),
        }
    }

    fn drawn(chart: &TextChart<'_>, width: usize, colors: TerminalColors) -> String {
        let width = Some(width);
        text_chart(chart, Terminal { colors, width })
    }

    const RISE: &[(f64, f64)] = &[(0.0, 0.0), (1.0, 2.0)];
    const FALL: &[(f64, f64)] = &[(0.0, 2.0), (1.0, 0.0)];

    #[test]
    fn a_line_between_two_axes() {
        let text = drawn(&chart(&[("a", RISE)]), 40, TerminalColors::None);
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
        let both = chart(&[("up", RISE), ("down", FALL)]);
        let plain = drawn(&both, 60, TerminalColors::None);
        assert!(plain.contains("Gain: up\n") && plain.contains("Gain: down\n"));
        assert!(!plain.contains('\x1b'));
        let coloured = drawn(&both, 60, TerminalColors::Ansi256);
        assert!(coloured.contains("\x1b[34m") && coloured.contains("\x1b[33m"));
        assert!(coloured.contains("up") && coloured.contains("down"));
        let lines = coloured.lines().count();
        assert!(lines < plain.lines().count());
    }

    #[test]
    fn what_is_undefined_is_not_drawn() {
        let text = drawn(&chart(&[("up", &[])]), 60, TerminalColors::Ansi256);
        assert_eq!(text, "Gain: undefined everywhere\n");
    }

    #[test]
    fn any_points_are_drawn() {
        // Without the points that are not finite, it is the same chart.
        let odd = [
            (0.0, 0.0),
            (0.5, f64::NAN),
            (f64::INFINITY, 1.0),
            (1.0, 2.0),
        ];
        let plain = drawn(&chart(&[("a", RISE)]), 40, TerminalColors::None);
        assert_eq!(
            drawn(&chart(&[("a", &odd)]), 40, TerminalColors::None),
            plain
        );
        // The smallest number of all has half of itself in no double.
        let mut tiny = chart(&[("a", &[(0.0, 0.0), (1.0, 5e-324)])]);
        tiny.y = TextAxis::from_zero("gain");
        assert!(drawn(&tiny, 40, TerminalColors::None).starts_with(' '));
        // Of two lines, one lies wholly below what is shown: the other is left, on the axes of both.
        let low: &[(f64, f64)] = &[(0.0, -9.0), (1.0, -8.0)];
        let [mut both, mut one] = [chart(&[("up", RISE), ("low", low)]), chart(&[("up", RISE)])];
        for chart in [&mut both, &mut one] {
            chart.y = TextAxis::mostly_positive("gain");
        }
        assert_eq!(
            drawn(&both, 60, TerminalColors::Ansi256),
            drawn(&one, 60, TerminalColors::Ansi256)
        );
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
