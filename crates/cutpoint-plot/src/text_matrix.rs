//! A confusion matrix as a table for a terminal, a heatmap where there are colours.

use std::collections::HashSet;
use std::fmt::Write as _;

use anstyle::{Ansi256Color, Color, RgbColor, Style};
use cutpoint_metrics::Cells;
use ndarray::ArrayView2;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::color::heat_colors;
use crate::terminal::{Terminal, TerminalColors};
use crate::{Error, Result};

/// What [`text_matrix`] shows: numbers, with the names of their rows and columns.
#[derive(Debug, Clone, Copy)]
pub struct TextMatrix<'a> {
    /// What the cells are, for the corner: nothing, or how they are normalised.
    pub title: &'a str,
    /// Of the classes.
    pub names: &'a [String],
    /// Rows true, columns predicted; none negative.
    ///
    /// # Shapes
    /// `(n_classes, n_classes)`.
    pub values: ArrayView2<'a, f64>,
    /// Digits after the decimal point; none for counts.
    pub digits: usize,
}

/// A matrix as a table with the names of its rows and columns; a heatmap where there are colours, the highest cell
/// yellow.
///
/// Where the terminal is too narrow names are shortened, and where that would make two the same, columns get numbers.
/// Title and names are drawn as they are: a name from elsewhere may hold what moves a terminal's cursor.
///
/// # Errors
/// [`Error::Names`] unless there are as many names as rows and as columns.
///
/// # Examples
/// ```
/// use cutpoint_plot::{Terminal, TextMatrix, text_matrix};
/// use ndarray::array;
///
/// let names = ["no".to_owned(), "yes".to_owned()];
/// let values = array![[76.0, 9.0], [17.0, 48.0]];
/// let matrix = TextMatrix { title: "", names: &names, values: values.view(), digits: 0 };
/// let lines = ["      predicted", "true  no  yes", "no    76    9", "yes   17   48", ""];
/// assert_eq!(text_matrix(&matrix, Terminal::default())?, lines.join("\n"));
/// # Ok::<(), cutpoint_plot::Error>(())
/// ```
pub fn text_matrix(matrix: &TextMatrix<'_>, terminal: Terminal) -> Result<String> {
    let got = matrix.names.len();
    if let Some(&expected) = matrix.values.shape().iter().find(|&&n| n != got) {
        return Err(Error::Names { expected, got });
    }
    Ok(Table { matrix, terminal }.text())
}

/// The four cells as [`text_matrix`] shows them, the negative class first.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::sweep;
/// use cutpoint_plot::{Terminal, text_cells};
///
/// let scores = Scores::new(vec![true, true, true, false, false], vec![0.9, 0.8, 0.3, 0.6, 0.1])?;
/// let cells = sweep(&scores).cells_at(Threshold::HALF);
/// let names = ["no".to_owned(), "yes".to_owned()];
/// let lines = ["      predicted", "true  no  yes", "no     1    1", "yes    1    2", ""];
/// assert_eq!(text_cells("", &names, &cells, 0, Terminal::default()), lines.join("\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn text_cells(
    title: &str,
    names: &[String; 2],
    cells: &Cells,
    digits: usize,
    terminal: Terminal,
) -> String {
    let values = ndarray::arr2(&cells.to_sklearn());
    let matrix = TextMatrix {
        title,
        names,
        values: values.view(),
        digits,
    };
    Table {
        matrix: &matrix,
        terminal,
    }
    .text()
}

/// A matrix whose names fit, and what it is shown on.
struct Table<'t, 'a> {
    matrix: &'t TextMatrix<'a>,
    terminal: Terminal,
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
        table: &TextMatrix<'_>,
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

impl Table<'_, '_> {
    /// The names in full, or as far as the terminal has room for them, if that tells them apart; failing that, the
    /// columns get numbers. A table that is still too wide is left so.
    fn layout(&self, cells: &ArrayView2<'_, String>) -> Layout {
        const SHORTEST: usize = 3;
        let names = self.matrix.names;
        let whole = Layout::new(self.matrix, cells, [names.to_vec(), names.to_vec()]);
        let Some(width) = self.terminal.width else {
            return whole;
        };
        if whole.width() <= width {
            return whole;
        }
        let longest = names.iter().map(|name| name.width()).max();
        for longest in (SHORTEST..longest.unwrap_or_default()).rev() {
            let short = names.iter().map(|name| shortened(name, longest));
            let short = short.collect::<Vec<_>>();
            if !are_distinct(&short) {
                break;
            }
            let layout = Layout::new(self.matrix, cells, [short.clone(), short]);
            if layout.width() <= width {
                return layout;
            }
        }
        let numbers = (1..=names.len()).map(|number| number.to_string());
        let numbers = numbers.collect::<Vec<_>>();
        let widest = numbers.iter().map(String::len).max().unwrap_or_default();
        let numbered = numbers.iter().zip(names);
        let room = (width / 3).max(SHORTEST);
        let numbered =
            numbered.map(|(number, name)| format!("{number:>widest$} {}", shortened(name, room)));
        Layout::new(self.matrix, cells, [numbered.collect(), numbers])
    }

    fn text(&self) -> String {
        let matrix = self.matrix;
        let digits = matrix.digits;
        let cells = matrix.values.map(|value| format!("{value:.digits$}"));
        let layout = self.layout(&cells.view());
        let head = layout.head;
        let highest = matrix.values.iter().copied().fold(0.0, f64::max);

        let mut text = format!("{}  {PREDICTED}\n{TRUE:head$}", left(matrix.title, head));
        for (name, width) in layout.names.iter().zip(&layout.widths) {
            text.push_str("  ");
            text.push_str(&right(name, *width));
        }
        text.push('\n');
        for (row, name) in layout.heads.iter().enumerate() {
            text.push_str(&left(name, head));
            for (column, width) in layout.widths.iter().enumerate() {
                let style = if highest > 0.0 {
                    shade(matrix.values[[row, column]] / highest, self.terminal.colors)
                } else {
                    Style::new()
                };
                let cell = &cells[[row, column]];
                write!(text, " {style} {cell:>width$}{style:#}").expect("a String takes all text");
            }
            text.push('\n');
        }
        text
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
fn shade(share: f64, colors: TerminalColors) -> Style {
    let color = |[red, green, blue]: [u8; 3]| -> Color {
        match colors {
            TerminalColors::TrueColor => RgbColor(red, green, blue).into(),
            _ => Ansi256Color(nearest([red, green, blue])).into(),
        }
    };
    if colors == TerminalColors::None {
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

    fn table(digits: usize, colors: TerminalColors) -> String {
        let names = ["Negative".to_owned(), "x".to_owned()];
        let values = array![[76.0, 9.0], [17.0, 48.5]];
        let matrix = TextMatrix {
            title: "",
            names: &names,
            values: values.view(),
            digits,
        };
        let width = None;
        text_matrix(&matrix, Terminal { colors, width }).unwrap()
    }

    /// Three classes with long names on a terminal of so many columns.
    fn narrow(names: [&str; 3], width: usize) -> String {
        let names = names.map(str::to_owned);
        let values = Array2::from_shape_fn((3, 3), |(row, column)| (row * 30 + column) as f64);
        let matrix = TextMatrix {
            title: "",
            names: &names,
            values: values.view(),
            digits: 0,
        };
        let (colors, width) = (TerminalColors::None, Some(width));
        text_matrix(&matrix, Terminal { colors, width }).unwrap()
    }

    #[test]
    fn there_is_a_name_for_each_class() {
        let names = ["a".to_owned(), "b".to_owned()];
        for (n_rows, n_columns, expected) in [(3, 3, 3), (2, 1, 1), (0, 2, 0)] {
            let values = Array2::zeros((n_rows, n_columns));
            let matrix = TextMatrix {
                title: "",
                names: &names,
                values: values.view(),
                digits: 0,
            };
            let refused = text_matrix(&matrix, Terminal::default());
            assert_eq!(refused, Err(Error::Names { expected, got: 2 }));
        }
    }

    #[test]
    fn columns_line_up() {
        let expected = "          predicted\n\
            true      Negative     x\n\
            Negative      76.0   9.0\n\
            x             17.0  48.5\n";
        assert_eq!(table(1, TerminalColors::None), expected);
    }

    #[test]
    fn colours_change_nothing_but_the_colour() {
        // The ends of viridis: 440154 and fde725. 76 is the highest cell; its text is the other end.
        let coloured = table(1, TerminalColors::TrueColor);
        assert!(
            coloured.contains("\x1b[38;2;68;1;84m\x1b[48;2;253;231;37m     76.0\x1b[0m"),
            "{coloured:?}"
        );
        // Nearest in steps of 0, 95, 135, 175, 215, 255: (5, 4, 0) and (1, 0, 1).
        let few = table(1, TerminalColors::Ansi256);
        assert!(
            few.contains("\x1b[38;5;53m\x1b[48;5;220m     76.0\x1b[0m"),
            "{few:?}"
        );
        for coloured in [coloured, few] {
            let plain = anstream::adapter::strip_str(&coloured).to_string();
            assert_eq!(plain, table(1, TerminalColors::None));
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
