//! The legend below a chart: a swatch and a text for each of its lines, areas and marks.

use crate::canvas::{Anchor, Canvas, Rect, Stroke, TextStyle};
use crate::color::Color;
use crate::font::Font;
use crate::sizes::{LABEL_SIZE, MARGIN, SHADE, TICK_SIZE};

/// A line of the legend.
pub(crate) struct Entry {
    pub(crate) swatch: Swatch,
    pub(crate) text: String,
}

#[derive(Clone, Copy)]
pub(crate) enum Swatch {
    Line(Stroke),
    Area(Color),
    /// An area without a border.
    Shade(Color),
    Dot,
}

/// Draws the legend in as many lines as it needs; gives where the picture ends.
pub(crate) fn draw_legend(canvas: &mut Canvas, entries: &[Entry], width: f64, top: f64) -> f64 {
    const SWATCH: f64 = 28.0;
    const GAP: f64 = 18.0;
    let line_height = LABEL_SIZE * 1.5;
    let room = width - 2.0 * MARGIN;
    // The lines of the legend first, so that each can be centred.
    let mut lines = Vec::<(f64, Vec<(usize, String, f64)>)>::new();
    for (index, entry) in entries.iter().enumerate() {
        let text = canvas.font.fit(&entry.text, TICK_SIZE, room - SWATCH - 6.0);
        let wide = SWATCH + 6.0 + canvas.font.width(&text, TICK_SIZE);
        match lines.last_mut() {
            Some((used, line)) if *used + GAP + wide <= room => {
                *used += GAP + wide;
                line.push((index, text, wide));
            }
            _ => lines.push((wide, vec![(index, text, wide)])),
        }
    }
    let mut y = if lines.is_empty() { top } else { top + 5.0 };
    for (used, line) in lines {
        y += line_height;
        let mut x = (width - used) / 2.0;
        for (index, text, wide) in line {
            let entry = &entries[index];
            let middle = y - line_height / 2.0 - TICK_SIZE * Font::CAP_HEIGHT / 2.0 + 2.0;
            draw_swatch(canvas, entry.swatch, x, middle, SWATCH);
            canvas.text_called(
                x + SWATCH + 6.0,
                middle + TICK_SIZE * Font::CAP_HEIGHT / 2.0,
                &text,
                &entry.text,
                TextStyle::new(TICK_SIZE, Anchor::Start),
            );
            x += wide + GAP;
        }
    }
    y
}

fn draw_swatch(canvas: &mut Canvas, swatch: Swatch, x: f64, middle: f64, width: f64) {
    match swatch {
        Swatch::Line(stroke) => canvas.line((x, middle), (x + width, middle), stroke),
        Swatch::Area(color) => {
            let rect = Rect {
                x: x + 6.0,
                y: middle - 5.0,
                width: width - 6.0,
                height: 10.0,
            };
            canvas.rect_with_opacity(rect, color, 0.25);
            canvas.frame(rect, Stroke::solid(color, 1.6));
        }
        Swatch::Shade(color) => {
            let rect = Rect {
                x: x + 6.0,
                y: middle - 5.0,
                width: width - 6.0,
                height: 10.0,
            };
            canvas.rect_with_opacity(rect, color, SHADE);
        }
        Swatch::Dot => {
            let ring = Stroke::solid(Color::WHITE, 1.5);
            canvas.circle(x + width - 8.0, middle, 5.0, Color::BLACK, ring);
        }
    }
}
