//! How large the cells of a heatmap are, and where the names of the classes stand, so that none covers another.

use super::SMALLEST_TEXT;
use crate::canvas::{Anchor, Canvas, Rect, Stroke, TextStyle};
use crate::color::Color;
use crate::font::Font;
use crate::sizes::{LABEL_SIZE, MARGIN, TICK_SIZE};

/// Classes whose cells are large enough for a number.
pub(super) const MOST_CLASSES_WITH_TEXT: usize = 50;
/// The longest that a name may be drawn.
const LONGEST_NAME: f64 = 150.0;
const TICK: f64 = 4.0;
const GAP: f64 = 4.0;

/// The layout of a heatmap, in pixels.
pub(super) struct Layout {
    /// From the left edge to the cells.
    pub(super) left: f64,
    /// From the cells to the lower edge.
    pub(super) below: f64,
    /// Width and height of all cells.
    pub(super) side: f64,
    /// Size of the text in the cells; `None` if it could not be read.
    pub(super) text_size: Option<f64>,
    name_size: f64,
    turn: Turn,
    /// Only every so many names are drawn.
    every: usize,
}

/// How the names below the cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Level,
    Upright,
}

impl Layout {
    pub(super) fn new(
        font: &mut Font,
        names: &[String],
        texts: Option<(Vec<String>, usize)>,
    ) -> Self {
        let n_labels = names.len() as f64;
        let side = side(names.len());
        let cell = side / n_labels;
        let text_size = texts.and_then(|(texts, n_lines)| {
            let widest = font.widest(texts.iter().map(String::as_str), 1.0);
            let by_width = cell * 0.86 / widest;
            let by_height = cell * 0.8 / (n_lines as f64 * Font::LINE_HEIGHT);
            let size = by_width.min(by_height).min(LABEL_SIZE + 1.0);
            (size >= SMALLEST_TEXT).then_some(size)
        });
        let name_size = (cell * 0.8).clamp(9.0, TICK_SIZE + 0.5);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and the number of classes"
        )]
        let every = (name_size * 1.15 / cell).ceil().max(1.0) as usize;
        let longest = font
            .widest(names.iter().map(String::as_str), name_size)
            .min(LONGEST_NAME);
        let turn = if longest <= cell * 0.94 && every == 1 {
            Turn::Level
        } else {
            Turn::Upright
        };
        let name_height = match turn {
            Turn::Level => name_size,
            Turn::Upright => longest,
        };
        Self {
            left: (MARGIN + LABEL_SIZE * 1.6 + longest + GAP + TICK).ceil(),
            below: TICK + GAP + name_height + LABEL_SIZE * 1.5 + MARGIN,
            side,
            text_size,
            name_size,
            turn,
            every,
        }
    }

    /// Draws the names of the classes on the left of the cells and below them.
    pub(super) fn draw_names(&self, canvas: &mut Canvas, area: Rect, names: &[String]) {
        let cell = area.width / names.len() as f64;
        let half_height = self.name_size * Font::CAP_HEIGHT / 2.0;
        let ink = Stroke::solid(Color::INK, 1.0);
        for (index, name) in names.iter().enumerate().step_by(self.every) {
            let along = cell * (index as f64 + 0.5);
            let text = canvas.font.fit(name, self.name_size, LONGEST_NAME);
            let y = area.y + along;
            canvas.line((area.x - TICK, y), (area.x, y), ink);
            let style = TextStyle::new(self.name_size, Anchor::End);
            canvas.text_called(area.x - TICK - GAP, y + half_height, &text, name, style);
            let x = area.x + along;
            canvas.line((x, area.bottom()), (x, area.bottom() + TICK), ink);
            let top = area.bottom() + TICK + GAP;
            match self.turn {
                Turn::Level => {
                    let style = TextStyle::new(self.name_size, Anchor::Middle);
                    canvas.text_called(
                        x,
                        top + self.name_size * Font::CAP_HEIGHT,
                        &text,
                        name,
                        style,
                    );
                }
                Turn::Upright => {
                    canvas.text_called(x + half_height, top, &text, name, style.turn(-90.0));
                }
            }
        }
    }
}

/// The side of the matrix: that of matplotlib's figure for few classes, more for many, so that numbers can be read.
fn side(n_labels: usize) -> f64 {
    const FEW: f64 = 360.0;
    const MANY: f64 = 1000.0;
    let wanted = if n_labels <= MOST_CLASSES_WITH_TEXT {
        n_labels as f64 * 36.0
    } else {
        n_labels as f64 * 5.0
    };
    let wanted = wanted.clamp(FEW, MANY.max(n_labels as f64 * 2.0));
    // Whole pixels a cell, so that no seam is seen between two.
    (wanted / n_labels as f64).ceil() * n_labels as f64
}
