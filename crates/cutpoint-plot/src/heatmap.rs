//! The confusion matrix as a heatmap, as scikit-learn's `ConfusionMatrixDisplay` draws it, alone or beside others. The
//! numbers are those of the matrix; how they are laid out is in `layout`.

mod layout;

use std::fmt::Write as _;

use cutpoint_metrics::{ConfusionMatrix, Normalize};
use ndarray::Array2;

use self::layout::Layout;
use crate::axes::draw_title;
use crate::canvas::{Anchor, Canvas, Rect, Stroke, TextStyle};
use crate::color::{Color, of_heat, of_text_on};
use crate::font::Font;
use crate::number::{amount, percent, share, significant};
use crate::scale::Scale;
use crate::sizes::{LABEL_SIZE, MARGIN, TICK_SIZE, TITLE_SIZE};
use crate::{Error, Picture, Result};

/// Classes of which a picture can show the cells.
const MOST_CLASSES: usize = 500;
/// Matrices that can be read to those who do not see the picture.
const MOST_CLASSES_TOLD: usize = 12;
const SMALLEST_TEXT: f64 = 7.0;
const BAR_WIDTH: f64 = 18.0;

/// What is written into a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellText {
    /// The count, or the share where the matrix is normalised.
    #[default]
    Value,
    /// The share in per cent: of all rows, unless the matrix is normalised otherwise.
    Percent,
    /// The count, and below it the share in per cent.
    Both,
    /// Nothing.
    Hidden,
}

/// Whether the scale of colours stands beside the heatmap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorBar {
    /// It does.
    #[default]
    Shown,
    /// It does not.
    Hidden,
}

/// How a heatmap is drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatmapOptions {
    title: Option<String>,
    names: Option<Vec<String>>,
    normalize: Option<Normalize>,
    cell_text: CellText,
    color_bar: ColorBar,
}

impl HeatmapOptions {
    /// The words above the heatmap. Default: "Confusion matrix", and what it is normalised by.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The names of the classes, in the order of the labels. Default: the labels.
    #[must_use]
    pub fn names<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// What the cells are divided by. Default nothing: counts.
    #[must_use]
    pub fn normalize(mut self, normalize: Normalize) -> Self {
        self.normalize = Some(normalize);
        self
    }

    /// What is written into a cell. Default [`CellText::Value`].
    #[must_use]
    pub fn cell_text(mut self, cell_text: CellText) -> Self {
        self.cell_text = cell_text;
        self
    }

    /// Whether the scale of colours is shown. Default [`ColorBar::Shown`].
    #[must_use]
    pub fn color_bar(mut self, color_bar: ColorBar) -> Self {
        self.color_bar = color_bar;
        self
    }
}

/// Draws a confusion matrix: rows true, columns predicted, dark where cells are low.
///
/// Where classes are too many for their names or numbers to be read, names are left out regularly and numbers
/// altogether; the description says so.
///
/// # Errors
/// - [`Error::Names`] unless there is a name a label.
/// - [`Error::TooManyClasses`] for more than 500 classes.
///
/// # References
/// scikit-learn 1.9.1, `ConfusionMatrixDisplay`.
pub fn heatmap(matrix: &ConfusionMatrix, options: &HeatmapOptions) -> Result<Picture> {
    heatmap_panels(&[(matrix, options.clone())])
}

/// Draws several confusion matrices side by side.
///
/// # Errors
/// - [`Error::Empty`] without a matrix.
/// - [`Error::Names`], [`Error::TooManyClasses`] as for [`heatmap`].
pub fn heatmap_panels(panels: &[(&ConfusionMatrix, HeatmapOptions)]) -> Result<Picture> {
    if panels.is_empty() {
        return Err(Error::Empty {
            name: "panels",
            chart: "a row of heatmaps",
        });
    }
    let mut canvas = Canvas::new();
    let (mut x, mut bottom) = (0.0, 0.0_f64);
    let (mut titles, mut sentences) = (Vec::new(), Vec::new());
    for (matrix, options) in panels {
        let panel = Panel::new(matrix, options)?;
        let (right, below) = panel.draw(&mut canvas, x);
        (x, bottom) = (right, bottom.max(below));
        sentences.push(panel.description());
        titles.push(panel.title);
    }
    Ok(canvas.finish((x, bottom), &titles.join(" | "), &sentences.join(" ")))
}

/// A matrix and what is to be seen of it.
struct Panel<'a> {
    title: String,
    names: Vec<String>,
    /// What the colours show.
    values: Array2<f64>,
    counts: ndarray::ArrayView2<'a, f64>,
    /// What stands in the cells in per cent.
    shares: Array2<f64>,
    options: &'a HeatmapOptions,
}

impl<'a> Panel<'a> {
    fn new(matrix: &'a ConfusionMatrix, options: &'a HeatmapOptions) -> Result<Self> {
        let n_labels = matrix.n_labels();
        if n_labels > MOST_CLASSES {
            return Err(Error::TooManyClasses {
                max: MOST_CLASSES,
                got: n_labels,
            });
        }
        let names = match &options.names {
            Some(names) => names.clone(),
            None => matrix.labels().iter().map(ToString::to_string).collect(),
        };
        if names.len() != n_labels {
            return Err(Error::Names {
                expected: n_labels,
                got: names.len(),
            });
        }
        let normalized = options
            .normalize
            .map(|normalize| matrix.normalize(normalize));
        let shares = matrix.normalize(options.normalize.unwrap_or(Normalize::All));
        let title = match options.normalize {
            None => "Confusion matrix",
            Some(Normalize::True) => "Confusion matrix, normalised by true label",
            Some(Normalize::Pred) => "Confusion matrix, normalised by predicted label",
            Some(Normalize::All) => "Confusion matrix, normalised by all rows",
        };
        Ok(Self {
            title: options.title.clone().unwrap_or_else(|| title.to_owned()),
            names,
            values: normalized.map_or_else(
                || matrix.values().to_owned(),
                |normalized| normalized.values().to_owned(),
            ),
            counts: matrix.values(),
            shares: shares.values().to_owned(),
            options,
        })
    }

    /// Draws the panel from a place on; gives where it ends on the right and below.
    fn draw(&self, canvas: &mut Canvas, start: f64) -> (f64, f64) {
        let colors = self.color_scale();
        let bar_ticks = colors.ticks(8);
        let bar_texts = bar_ticks.iter().map(|tick| tick.text.as_str());
        let bar_room = match self.options.color_bar {
            ColorBar::Shown => 34.0 + BAR_WIDTH + canvas.font.widest(bar_texts, TICK_SIZE),
            ColorBar::Hidden => 0.0,
        };
        let layout = Layout::new(&mut canvas.font, &self.names, self.widest_text());
        let width = layout.left + layout.side + MARGIN * 1.5 + bar_room;
        let title_width =
            width.max(canvas.font.width(&self.title, TITLE_SIZE).min(480.0) + 2.0 * MARGIN);
        let (outer, start) = (start, (start + (title_width - width) / 2.0).ceil());
        // Over the cells, unless the title would leave the panel.
        let center = start + layout.left + layout.side / 2.0;
        let half = canvas.font.width(&self.title, TITLE_SIZE) / 2.0 + MARGIN;
        let center = center.clamp(
            (outer + half).min(outer + title_width / 2.0),
            (outer + title_width - half).max(outer + title_width / 2.0),
        );
        let top = self.draw_title(canvas, center, title_width).ceil();
        let area = Rect {
            x: start + layout.left,
            y: top,
            width: layout.side,
            height: layout.side,
        };
        self.draw_cells(canvas, area, colors, layout.text_size);
        canvas.frame(area, Stroke::solid(Color::INK, 1.0));
        layout.draw_names(canvas, area, &self.names);
        let style = TextStyle::new(LABEL_SIZE, Anchor::Middle);
        let (x_center, y_center) = area.center();
        let bottom = area.bottom() + layout.below;
        canvas.text(x_center, bottom - MARGIN, "Predicted label", style);
        let x = start + MARGIN + LABEL_SIZE * 0.8;
        canvas.text(x, y_center, "True label", style.turn(-90.0));
        if self.options.color_bar == ColorBar::Shown {
            draw_color_bar(canvas, area, colors, &bar_ticks);
        }
        ((outer + title_width).ceil(), bottom)
    }

    fn draw_title(&self, canvas: &mut Canvas, center: f64, width: f64) -> f64 {
        if self.title.is_empty() {
            return MARGIN * 1.5;
        }
        draw_title(canvas, &self.title, center, width) + 6.0
    }

    fn draw_cells(&self, canvas: &mut Canvas, area: Rect, colors: Scale, text_size: Option<f64>) {
        let n_labels = self.names.len() as f64;
        // One rectangle for all cells of the commonest colour, the lowest: most cells of many classes are empty.
        let lowest = of_heat(0.0);
        canvas.rect(area, lowest);
        let edge = |start: f64, index: usize| start + area.width * index as f64 / n_labels;
        for ((row, column), &value) in self.values.indexed_iter() {
            let color = of_heat(colors.place(value));
            let (x, y) = (edge(area.x, column), edge(area.y, row));
            let cell = Rect {
                x,
                y,
                width: edge(area.x, column + 1) - x,
                height: edge(area.y, row + 1) - y,
            };
            if color != lowest {
                canvas.rect(cell, color);
            }
            let Some(size) = text_size else { continue };
            let lines = self.cell_lines(row, column);
            let style = TextStyle::new(size, Anchor::Middle).color(of_text_on(color));
            let (center, middle) = cell.center();
            let line_height = size * Font::LINE_HEIGHT;
            let first = middle - line_height * (lines.len() as f64 - 1.0) / 2.0;
            for (index, line) in lines.iter().enumerate() {
                let base = first + line_height * index as f64 + size * Font::CAP_HEIGHT / 2.0;
                canvas.text(center, base, line, style);
            }
        }
    }

    /// From the lowest to the highest value; the other way round does not happen, and one value for all has the colour
    /// of the lowest.
    fn color_scale(&self) -> Scale {
        let (low, high) = self
            .values
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
                (low.min(value), high.max(value))
            });
        if low < high {
            Scale::linear(low, high)
        } else {
            Scale::linear(low, if low > 0.0 { low * 2.0 } else { 1.0 })
        }
    }

    fn cell_lines(&self, row: usize, column: usize) -> Vec<String> {
        let value = || match self.options.normalize {
            Some(_) => share(self.values[(row, column)]),
            None => amount(self.values[(row, column)]),
        };
        let percent = || percent(self.shares[(row, column)]);
        match self.options.cell_text {
            CellText::Value => vec![value()],
            CellText::Percent => vec![percent()],
            CellText::Both => vec![amount(self.counts[(row, column)]), percent()],
            CellText::Hidden => Vec::new(),
        }
    }

    /// The texts of the cells, of which the widest decides the size; none where there are too many cells.
    fn widest_text(&self) -> Option<(Vec<String>, usize)> {
        let n_labels = self.names.len();
        if self.options.cell_text == CellText::Hidden || n_labels > layout::MOST_CLASSES_WITH_TEXT {
            return None;
        }
        let cells = (0..n_labels).flat_map(|row| (0..n_labels).map(move |column| (row, column)));
        let mut texts = cells
            .flat_map(|(row, column)| self.cell_lines(row, column))
            .collect::<Vec<_>>();
        texts.sort_unstable();
        texts.dedup();
        let n_lines = if self.options.cell_text == CellText::Both {
            2
        } else {
            1
        };
        Some((texts, n_lines))
    }

    fn description(&self) -> String {
        let n_labels = self.names.len();
        let unit = match self.options.normalize {
            None => "counts",
            Some(Normalize::True) => "shares of each true label",
            Some(Normalize::Pred) => "shares of each predicted label",
            Some(Normalize::All) => "shares of all rows",
        };
        let mut text = format!(
            "{}: heatmap of {n_labels} × {n_labels} {unit}, rows true labels, columns predicted labels.",
            self.title
        );
        if n_labels <= MOST_CLASSES_TOLD {
            for (row, truth) in self.names.iter().enumerate() {
                let cells = self.names.iter().enumerate().map(|(column, name)| {
                    format!("{name} {}", significant(self.values[(row, column)], 6))
                });
                let cells = cells.collect::<Vec<_>>().join(", ");
                let _ = write!(text, " True {truth}: predicted {cells}.");
            }
        } else {
            text.push_str(" Not every name and number is drawn.");
        }
        text
    }
}

/// The scale of colours, on the right of the heatmap.
fn draw_color_bar(canvas: &mut Canvas, area: Rect, colors: Scale, ticks: &[crate::scale::Tick]) {
    const STEPS: u32 = 128;
    let bar = Rect {
        x: area.right() + 16.0,
        y: area.y,
        width: BAR_WIDTH,
        height: area.height,
    };
    for step in 0..STEPS {
        let share = f64::from(step) / f64::from(STEPS);
        // Each reaches down to the end of the bar, so that no seam is left between two of them.
        let y = bar.y + bar.height * share;
        let color = of_heat(1.0 - (share + 0.5 / f64::from(STEPS)));
        canvas.rect(
            Rect {
                y,
                height: bar.bottom() - y,
                ..bar
            },
            color,
        );
    }
    canvas.frame(bar, Stroke::solid(Color::INK, 1.0));
    for tick in ticks {
        let y = bar.bottom() - colors.place(tick.value) * bar.height;
        canvas.line(
            (bar.right(), y),
            (bar.right() + 4.0, y),
            Stroke::solid(Color::INK, 1.0),
        );
        let base = y + TICK_SIZE * Font::CAP_HEIGHT / 2.0;
        let style = TextStyle::new(TICK_SIZE, Anchor::Start);
        canvas.text(bar.right() + 8.0, base, &tick.text, style);
    }
}
