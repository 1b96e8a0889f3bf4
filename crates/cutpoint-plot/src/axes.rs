//! Two axes with a title and a legend, and lines, bands and marks between them: what all charts of curves have in common.
//! Which curve it is, and what its axes are called, each chart says.

use crate::canvas::{Anchor, Canvas, PathData, Rect, Stroke, TextStyle};
use crate::color::Color;
use crate::font::Font;
use crate::number::significant;
use crate::options::{Band, ChartOptions};
use crate::scale::{Scale, Tick};
use crate::thin::thin_path;
use crate::{Picture, Result};

pub(crate) const TITLE_SIZE: f64 = 16.0;
pub(crate) const LABEL_SIZE: f64 = 14.0;
pub(crate) const TICK_SIZE: f64 = 12.5;
/// Between the picture's edge and what is on it.
pub(crate) const MARGIN: f64 = 12.0;
const TICK_LENGTH: f64 = 4.0;
const TICK_GAP: f64 = 4.0;

/// An axis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axis<'a> {
    pub(crate) label: &'a str,
    pub(crate) scale: Scale,
}

/// A chart in the making.
pub(crate) struct Axes {
    pub(crate) canvas: Canvas,
    title: String,
    size: (f64, f64),
    area: Rect,
    x: Scale,
    y: Scale,
    entries: Vec<Entry>,
    dots: Vec<(f64, f64)>,
    sentences: Vec<String>,
}

/// A line of the legend.
struct Entry {
    swatch: Swatch,
    text: String,
}

#[derive(Clone, Copy)]
enum Swatch {
    Line(Stroke),
    Area(Color),
    Dot,
}

impl Axes {
    /// Draws the title, the axes and their grid.
    pub(crate) fn new(
        title: &str,
        options: &ChartOptions,
        x: Axis<'_>,
        y: Axis<'_>,
    ) -> Result<Self> {
        Self::with_strip(title, options, x, y, 0.0)
    }

    /// The same, with a strip below the chart left free that is as wide as the chart.
    pub(crate) fn with_strip(
        title: &str,
        options: &ChartOptions,
        x: Axis<'_>,
        y: Axis<'_>,
        strip: f64,
    ) -> Result<Self> {
        options.check()?;
        let mut canvas = Canvas::new();
        let title = options.title_or(title).to_owned();
        let (width, height) = options.size();
        // Below it, room for the words over a marked threshold.
        let top = draw_title(&mut canvas, &title, width / 2.0, width) + TICK_SIZE * 1.6;
        let below = TICK_LENGTH + TICK_GAP + TICK_SIZE + LABEL_SIZE * 1.9 + strip;
        let tall = height - top - below;
        let y_ticks = y.scale.ticks(tick_number(tall, TICK_SIZE * 3.0));
        let widest = canvas.font.widest(texts(&y_ticks), TICK_SIZE);
        let left = MARGIN + LABEL_SIZE * 1.5 + widest + TICK_GAP + TICK_LENGTH;
        let area = Rect {
            x: left,
            y: top,
            width: width - left - MARGIN - TICK_SIZE,
            height: tall,
        };
        let axes = Self {
            canvas,
            sentences: vec![format!(
                "Horizontal axis: {}, {}. Vertical axis: {}, {}.",
                x.label,
                range_text(x.scale),
                y.label,
                range_text(y.scale)
            )],
            title,
            size: (width, height),
            area,
            x: x.scale,
            y: y.scale,
            entries: Vec::new(),
            dots: Vec::new(),
        };
        Ok(axes.drawn(x, y, &y_ticks, strip))
    }

    fn drawn(mut self, x: Axis<'_>, y: Axis<'_>, y_ticks: &[Tick], strip: f64) -> Self {
        let area = self.area;
        let canvas = &mut self.canvas;
        draw_y_ticks(canvas, area, y.scale, y_ticks);
        let label = canvas
            .font
            .fit(y.label, LABEL_SIZE, area.height + LABEL_SIZE);
        let style = TextStyle::new(LABEL_SIZE, Anchor::Middle).turn(-90.0);
        let (x_center, y_center) = area.center();
        canvas.text_called(MARGIN + LABEL_SIZE * 0.8, y_center, &label, y.label, style);

        let x_ticks = fitting_ticks(canvas, x.scale, area.width);
        for tick in &x_ticks {
            let place = area.x + x.scale.place(tick.value) * area.width;
            canvas.line(
                (place, area.y),
                (place, area.bottom()),
                Stroke::solid(Color::GRID, 1.0),
            );
        }
        draw_x_ticks(canvas, area, strip, x.scale, &x_ticks);
        let label = canvas
            .font
            .fit(x.label, LABEL_SIZE, self.size.0 - 2.0 * MARGIN);
        canvas.text_called(
            x_center,
            area.bottom() + strip + TICK_LENGTH + TICK_GAP + TICK_SIZE + LABEL_SIZE * 1.35,
            &label,
            x.label,
            TextStyle::new(LABEL_SIZE, Anchor::Middle),
        );
        self
    }

    /// Where a point stands, in pixels.
    pub(crate) fn point(&self, x: f64, y: f64) -> (f64, f64) {
        (
            self.area.x + self.x.place(x) * self.area.width,
            self.area.bottom() - self.y.place(y) * self.area.height,
        )
    }

    pub(crate) fn area(&self) -> Rect {
        self.area
    }

    /// A line, with its name in the legend unless that is empty; `None` breaks it.
    pub(crate) fn line(
        &mut self,
        name: &str,
        stroke: Stroke,
        points: impl IntoIterator<Item = Option<(f64, f64)>>,
    ) {
        let path = thin_path(
            points
                .into_iter()
                .map(|point| point.map(|(x, y)| self.point(x, y))),
        );
        self.canvas
            .clipped(self.area, |canvas| canvas.path(&path, stroke));
        self.entry(Swatch::Line(stroke), name);
    }

    /// What lies between the lower and the upper ends of a band.
    pub(crate) fn band(&mut self, band: &Band, color: Color) {
        let mut paths = Vec::new();
        for stretch in band.stretches() {
            let there = stretch.iter().map(|&(x, low, _)| (x, low));
            let back = stretch.iter().rev().map(|&(x, _, high)| (x, high));
            let outline = there.chain(back);
            paths.push(thin_path(outline.map(|(x, y)| Some(self.point(x, y)))));
        }
        self.canvas.clipped(self.area, |canvas| {
            for path in &paths {
                canvas.area(path, color, 0.18);
            }
        });
    }

    /// An area under the chart's lines, with its name in the legend.
    pub(crate) fn filled(
        &mut self,
        name: &str,
        color: Color,
        outline: &[(f64, f64)],
        dash: &'static str,
    ) {
        let mut path = PathData::default();
        for &(x, y) in outline {
            path.push(self.point(x, y));
        }
        let stroke = Stroke {
            color,
            width: 1.6,
            dash,
        };
        self.canvas.clipped(self.area, |canvas| {
            canvas.area(&path, color, 0.25);
            canvas.path(&path, stroke);
        });
        self.entry(Swatch::Area(color), name);
    }

    /// A line up and down at a threshold, with its words above the chart.
    pub(crate) fn threshold(&mut self, threshold: f64) {
        let text = format!("threshold {}", significant(threshold, 6));
        let share = self.x.place(threshold);
        self.sentences.push(format!("Marked: {text}."));
        if !(0.0..=1.0).contains(&share) {
            self.sentences
                .push("It lies beyond the horizontal axis.".to_owned());
            return;
        }
        let area = self.area;
        let place = area.x + share * area.width;
        self.canvas.line(
            (place, area.y),
            (place, area.bottom()),
            Stroke::dashed(Color::BLACK, 1.3),
        );
        let half = self.canvas.font.width(&text, TICK_SIZE) / 2.0;
        let center = place.clamp(area.x + half, (area.right() - half).max(area.x + half));
        self.canvas.text(
            center,
            area.y - 5.0,
            &text,
            TextStyle::new(TICK_SIZE, Anchor::Middle),
        );
    }

    /// A dot at a point, over all lines.
    pub(crate) fn dot(&mut self, x: f64, y: f64) {
        self.dots.push((x, y));
    }

    /// The name of the dots in the legend.
    pub(crate) fn name_dots(&mut self, name: &str) {
        if !self.dots.is_empty() {
            self.entry(Swatch::Dot, name);
        }
    }

    /// Adds to what is said to those who do not see the picture.
    pub(crate) fn say(&mut self, sentence: String) {
        self.sentences.push(sentence);
    }

    /// Draws what lies over the lines, and the legend.
    pub(crate) fn finish(mut self) -> Picture {
        self.canvas.frame(self.area, Stroke::solid(Color::INK, 1.0));
        for (x, y) in std::mem::take(&mut self.dots) {
            let (x, y) = self.point(x, y);
            let ring = Stroke::solid(Color::WHITE, 1.5);
            self.canvas.circle(x, y, 5.0, Color::BLACK, ring);
        }
        let (width, height) = self.size;
        let bottom = draw_legend(&mut self.canvas, &self.entries, width, height);
        self.canvas
            .finish((width, bottom), &self.title, &self.sentences.join(" "))
    }

    fn entry(&mut self, swatch: Swatch, text: &str) {
        if !text.is_empty() {
            self.entries.push(Entry {
                swatch,
                text: text.to_owned(),
            });
        }
    }
}

/// Draws the title around a place in the middle, in as many lines as it needs; gives where they end.
pub(crate) fn draw_title(canvas: &mut Canvas, title: &str, center: f64, width: f64) -> f64 {
    let lines = canvas.font.wrap(title, TITLE_SIZE, width - 2.0 * MARGIN, 3);
    let mut y = MARGIN;
    for line in &lines {
        y += TITLE_SIZE * Font::LINE_HEIGHT;
        let style = TextStyle::new(TITLE_SIZE, Anchor::Middle);
        canvas.text(center, y - TITLE_SIZE * 0.3, line, style);
    }
    y
}

fn texts(ticks: &[Tick]) -> impl Iterator<Item = &str> {
    ticks.iter().map(|tick| tick.text.as_str())
}

fn tick_number(length: f64, each: f64) -> usize {
    (3..=6_usize)
        .rev()
        .find(|&n_ticks| n_ticks as f64 * each <= length)
        .unwrap_or(2)
}

/// As many ticks as have room beside each other.
fn fitting_ticks(canvas: &mut Canvas, scale: Scale, width: f64) -> Vec<Tick> {
    for n_ticks in (2..=6).rev() {
        let ticks = scale.ticks(n_ticks);
        let widest = canvas.font.widest(texts(&ticks), TICK_SIZE);
        if (widest + 10.0) * ticks.len() as f64 <= width * 1.15 {
            return ticks;
        }
    }
    let mut ticks = scale.ticks(1);
    ticks.truncate(2);
    ticks
}

pub(crate) fn draw_y_ticks(canvas: &mut Canvas, area: Rect, scale: Scale, ticks: &[Tick]) {
    for tick in ticks {
        let place = area.bottom() - scale.place(tick.value) * area.height;
        canvas.line(
            (area.x, place),
            (area.right(), place),
            Stroke::solid(Color::GRID, 1.0),
        );
        let end = area.x - TICK_LENGTH;
        canvas.line(
            (end, place),
            (area.x, place),
            Stroke::solid(Color::INK, 1.0),
        );
        let style = TextStyle::new(TICK_SIZE, Anchor::End);
        let base = place + TICK_SIZE * Font::CAP_HEIGHT / 2.0;
        canvas.text(end - TICK_GAP, base, &tick.text, style);
    }
}

fn draw_x_ticks(canvas: &mut Canvas, area: Rect, strip: f64, scale: Scale, ticks: &[Tick]) {
    let bottom = area.bottom() + strip;
    for tick in ticks {
        let place = area.x + scale.place(tick.value) * area.width;
        let end = bottom + TICK_LENGTH;
        canvas.line(
            (place, bottom),
            (place, end),
            Stroke::solid(Color::INK, 1.0),
        );
        let base = end + TICK_GAP + TICK_SIZE * Font::CAP_HEIGHT;
        let style = TextStyle::new(TICK_SIZE, Anchor::Middle);
        canvas.text(place, base, &tick.text, style);
    }
}

/// Draws the legend in as many lines as it needs; gives where the picture ends.
fn draw_legend(canvas: &mut Canvas, entries: &[Entry], width: f64, top: f64) -> f64 {
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
        Swatch::Dot => {
            let ring = Stroke::solid(Color::WHITE, 1.5);
            canvas.circle(x + width - 8.0, middle, 5.0, Color::BLACK, ring);
        }
    }
}

fn range_text(scale: Scale) -> String {
    format!(
        "from {} to {}",
        significant(scale.low(), 4),
        significant(scale.high(), 4)
    )
}
