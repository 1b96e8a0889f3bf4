//! How a confusion matrix is shown: as a table for people. The same everywhere.

use std::collections::HashSet;
use std::fmt::{self, Display};

use anstyle::{Ansi256Color, Color, RgbColor, Style};
use cutpoint_plot::heat_colors;
use ndarray::ArrayView2;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::console::{Colours, Terminal};

/// A matrix as a table with the names of its rows and columns; a heatmap where there are colours.
pub(crate) struct MatrixTable<'a> {
    /// What the cells are, for the corner: nothing, or how they are normalised.
    pub(crate) title: &'a str,
    pub(crate) names: &'a [String],
    /// Rows true, columns predicted.
    pub(crate) values: ArrayView2<'a, f64>,
    /// Digits after the decimal point; none for counts.
    pub(crate) digits: usize,
    /// What it is shown on.
    pub(crate) terminal: Terminal,
}

const TRUE: &str = "true";
const PREDICTED: &str = "predicted";
/// Between two columns.
const GAP: usize = 2;

/// The names of rows and columns, and how wide the columns are.
struct Layout {
    heads: Vec<String>,
    names: Vec<String>,
    head: usize,
    widths: Vec<usize>,
}

impl Layout {
    fn new(
        table: &MatrixTable<'_>,
        cells: &ArrayView2<'_, String>,
        names: [Vec<String>; 2],
    ) -> Self {
        let [heads, names] = names;
        let widest = |names: &[String]| names.iter().map(|name| name.width()).max();
        let head = widest(&heads).unwrap_or_default();
        let widths = cells
            .columns()
            .into_iter()
            .zip(&names)
            .map(|(column, name)| {
                let cells = column.iter().map(String::len).max();
                cells.unwrap_or_default().max(name.width())
            });
        Self {
            widths: widths.collect(),
            head: head.max(TRUE.len()).max(table.title.width()),
            heads,
            names,
        }
    }

    fn width(&self) -> usize {
        let columns = self.widths.iter().map(|width| GAP + width);
        let below = self.head + columns.sum::<usize>();
        below.max(self.head + GAP + PREDICTED.len())
    }
}

impl MatrixTable<'_> {
    /// The names in full, or as far as the terminal has room for them, if that tells them apart; failing that, the
    /// columns get numbers. A table that is still too wide is left so.
    fn layout(&self, cells: &ArrayView2<'_, String>) -> Layout {
        const SHORTEST: usize = 3;
        let whole = Layout::new(self, cells, [self.names.to_vec(), self.names.to_vec()]);
        let Some(width) = self.terminal.width else {
            return whole;
        };
        if whole.width() <= width {
            return whole;
        }
        let longest = self.names.iter().map(|name| name.width()).max();
        for longest in (SHORTEST..longest.unwrap_or_default()).rev() {
            let names = self.names.iter().map(|name| shortened(name, longest));
            let names = names.collect::<Vec<_>>();
            if !are_distinct(&names) {
                break;
            }
            let layout = Layout::new(self, cells, [names.clone(), names]);
            if layout.width() <= width {
                return layout;
            }
        }
        let numbers = (1..=self.names.len()).map(|number| number.to_string());
        let numbers = numbers.collect::<Vec<_>>();
        let widest = numbers.iter().map(String::len).max().unwrap_or_default();
        let numbered = numbers.iter().zip(self.names);
        let room = (width / 3).max(SHORTEST);
        let numbered =
            numbered.map(|(number, name)| format!("{number:>widest$} {}", shortened(name, room)));
        Layout::new(self, cells, [numbered.collect(), numbers])
    }
}

impl Display for MatrixTable<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits;
        let cells = self.values.map(|value| format!("{value:.digits$}"));
        let layout = self.layout(&cells.view());
        let head = layout.head;
        let highest = self.values.iter().copied().fold(0.0, f64::max);

        writeln!(formatter, "{}  {PREDICTED}", left(self.title, head))?;
        write!(formatter, "{TRUE:head$}")?;
        for (name, width) in layout.names.iter().zip(&layout.widths) {
            write!(formatter, "  {}", right(name, *width))?;
        }
        writeln!(formatter)?;
        for (row, name) in layout.heads.iter().enumerate() {
            write!(formatter, "{}", left(name, head))?;
            for (column, width) in layout.widths.iter().enumerate() {
                let style = if highest > 0.0 {
                    shade(self.values[[row, column]] / highest, self.terminal.colours)
                } else {
                    Style::new()
                };
                let cell = &cells[[row, column]];
                write!(formatter, " {style} {cell:>width$}{style:#}")?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

fn are_distinct(names: &[String]) -> bool {
    names.iter().collect::<HashSet<_>>().len() == names.len()
}

/// A name in so many columns of the terminal, with a mark if something is left out.
fn shortened(name: &str, width: usize) -> String {
    if name.width() <= width {
        return name.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let kept = name.chars().take_while(|character| {
        let wide = character.width().unwrap_or_default();
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    });
    kept.chain(['…']).collect()
}

fn left(text: &str, width: usize) -> String {
    let room = width.saturating_sub(text.width());
    format!("{text}{:room$}", "")
}

fn right(text: &str, width: usize) -> String {
    let room = width.saturating_sub(text.width());
    format!("{:room$}{text}", "")
}

/// The colours of a share in [0, 1], as pictures have them.
fn shade(share: f64, colours: Colours) -> Style {
    let color = |[red, green, blue]: [u8; 3]| -> Color {
        match colours {
            Colours::All => RgbColor(red, green, blue).into(),
            _ => Ansi256Color(nearest([red, green, blue])).into(),
        }
    };
    if colours == Colours::None {
        return Style::new();
    }
    let [background, text] = heat_colors(share);
    Style::new()
        .bg_color(Some(color(background)))
        .fg_color(Some(color(text)))
}

/// The nearest colour of the cube of 6 × 6 × 6 among the 256.
fn nearest(color: [u8; 3]) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |part: u8| {
        let steps = (0_u8..).zip(STEPS);
        let nearest = steps.min_by_key(|(_, step)| step.abs_diff(part));
        nearest.map_or(0, |(index, _)| index)
    };
    let [red, green, blue] = color.map(step);
    16 + 36 * red + 6 * green + blue
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    fn table(digits: usize, colours: Colours) -> String {
        let names = ["Negative".to_owned(), "x".to_owned()];
        let values = array![[76.0, 9.0], [17.0, 48.5]];
        MatrixTable {
            title: "",
            names: &names,
            values: values.view(),
            digits,
            terminal: Terminal {
                colours,
                width: None,
            },
        }
        .to_string()
    }

    /// Three classes with long names on a terminal of so many columns.
    fn narrow(names: [&str; 3], width: usize) -> String {
        let names = names.map(str::to_owned);
        let values = Array2::from_shape_fn((3, 3), |(row, column)| (row * 30 + column) as f64);
        MatrixTable {
            title: "",
            names: &names,
            values: values.view(),
            digits: 0,
            terminal: Terminal {
                colours: Colours::None,
                width: Some(width),
            },
        }
        .to_string()
    }

    #[test]
    fn columns_line_up() {
        let expected = "          predicted\n\
            true      Negative     x\n\
            Negative      76.0   9.0\n\
            x             17.0  48.5\n";
        assert_eq!(table(1, Colours::None), expected);
    }

    #[test]
    fn colours_change_nothing_but_the_colour() {
        // The ends of viridis: 440154 and fde725. 76 is the highest cell; its text is the other end.
        let coloured = table(1, Colours::All);
        assert!(
            coloured.contains("\x1b[38;2;68;1;84m\x1b[48;2;253;231;37m     76.0\x1b[0m"),
            "{coloured:?}"
        );
        // Nearest in steps of 0, 95, 135, 175, 215, 255: (5, 4, 0) and (1, 0, 1).
        let few = table(1, Colours::Few);
        assert!(
            few.contains("\x1b[38;5;53m\x1b[48;5;220m     76.0\x1b[0m"),
            "{few:?}"
        );
        for coloured in [coloured, few] {
            let plain = anstream::adapter::strip_str(&coloured).to_string();
            assert_eq!(plain, table(1, Colours::None));
        }
    }

    #[test]
    fn long_names_are_shortened_where_the_terminal_is_narrow() {
        let names = ["Iris setosa", "Iris versicolor", "Iris virginica"];
        insta::assert_snapshot!(narrow(names, 50), @r"
                     predicted
        true         Iris setosa  Iris versi…  Iris virgi…
        Iris setosa            0            1            2
        Iris versi…           30           31           32
        Iris virgi…           60           61           62
        ");
        // No room for what tells the names apart: numbers.
        insta::assert_snapshot!(narrow(names, 24), @r"
                    predicted
        true         1   2   3
        1 Iris se…   0   1   2
        2 Iris ve…  30  31  32
        3 Iris vi…  60  61  62
        ");
        // Wide characters take two columns.
        insta::assert_snapshot!(narrow(["良性", "悪性腫瘍の疑い", "🙂🙂🙂"], 24), @r"
              predicted
        true  良性  悪…  🙂…
        良性     0    1    2
        悪…     30   31   32
        🙂…     60   61   62
        ");
        for (width, names) in [
            (50, names),
            (24, names),
            (24, ["良性", "悪性腫瘍の疑い", "🙂🙂🙂"]),
        ] {
            let lines = narrow(names, width);
            assert!(lines.lines().all(|line| line.width() <= width), "{lines}");
        }
    }
}
