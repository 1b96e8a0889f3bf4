//! Two axes with a title and a legend, and lines, bands and marks between them: what all charts of curves have in
//! common. Which curve it is, and what its axes are called, each chart says.

use crate::canvas::{Anchor, Canvas, PathData, Rect, Stroke, TextStyle};
use crate::color::Color;
use crate::font::Font;
use crate::legend::{Entry, Swatch, draw_legend};
use crate::number::significant;
use crate::options::{Band, ChartOptions};
use crate::scale::{Scale, Tick};
use crate::sizes::{LABEL_SIZE, MARGIN, SHADE, TICK_SIZE, TITLE_SIZE};
use crate::thin::thin_path;
use crate::{Picture, Result};

/// Panels below a chart, and what is between them.
const PANEL_HEIGHT: f64 = 150.0;
const PANEL_GAP: f64 = 16.0;
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
    x_ticks: Vec<Tick>,
    entries: Vec<Entry>,
    dots: Vec<(f64, f64)>,
    sentences: Vec<String>,
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
        Ok(Self::begin(title, options, x, &[y], strip, 0.0))
    }

    /// The same, with panels below the chart, to which [`Axes::next_panel`] goes one by one; they make the picture
    /// higher. `y`: the axis of the chart, and those of the panels.
    pub(crate) fn with_panels(
        title: &str,
        options: &ChartOptions,
        x: Axis<'_>,
        y: &[Axis<'_>],
    ) -> Result<Self> {
        options.check()?;
        let panels = y.len().saturating_sub(1) as f64 * (PANEL_GAP + PANEL_HEIGHT);
        Ok(Self::begin(title, options, x, y, panels, panels))
    }

    fn begin(
        title: &str,
        options: &ChartOptions,
        x: Axis<'_>,
        y: &[Axis<'_>],
        strip: f64,
        more_height: f64,
    ) -> Self {
        let mut canvas = Canvas::new();
        let title = options.title_or(title).to_owned();
        let (width, height) = options.size();
        let height = height + more_height;
        // Below it, room for the words over a marked threshold.
        let top = draw_title(&mut canvas, &title, width / 2.0, width) + TICK_SIZE * 1.6;
        let below = TICK_LENGTH + TICK_GAP + TICK_SIZE + LABEL_SIZE * 1.9 + strip;
        let tall = height - top - below;
        let heights = std::iter::once(tall).chain(std::iter::repeat(PANEL_HEIGHT));
        let widest = y.iter().zip(heights).map(|(axis, height)| {
            let ticks = y_ticks(axis.scale, height);
            canvas.font.widest(texts(&ticks), TICK_SIZE)
        });
        let widest = widest.fold(0.0, f64::max);
        let left = MARGIN + LABEL_SIZE * 1.5 + widest + TICK_GAP + TICK_LENGTH;
        let area = Rect {
            x: left,
            y: top,
            width: width - left - MARGIN - TICK_SIZE,
            height: tall,
        };
        let x_ticks = fitting_ticks(&mut canvas, x.scale, area.width);
        let mut axes = Self {
            canvas,
            sentences: vec![format!("Horizontal axis: {}.", said(x))],
            title,
            size: (width, height),
            area,
            x: x.scale,
            y: y[0].scale,
            x_ticks,
            entries: Vec::new(),
            dots: Vec::new(),
        };
        axes.draw_panel(y[0]);
        let canvas = &mut axes.canvas;
        draw_x_ticks(canvas, area, strip, x.scale, &axes.x_ticks);
        let label = canvas.font.fit(x.label, LABEL_SIZE, width - 2.0 * MARGIN);
        canvas.text_called(
            area.center().0,
            area.bottom() + strip + TICK_LENGTH + TICK_GAP + TICK_SIZE + LABEL_SIZE * 1.35,
            &label,
            x.label,
            TextStyle::new(LABEL_SIZE, Anchor::Middle),
        );
        axes
    }

    /// Draws the vertical axis and the grid.
    fn draw_panel(&mut self, y: Axis<'_>) {
        let area = self.area;
        let canvas = &mut self.canvas;
        draw_y_ticks(canvas, area, y.scale, &y_ticks(y.scale, area.height));
        let room = area.height + LABEL_SIZE;
        let size = LABEL_SIZE * (room / canvas.font.width(y.label, LABEL_SIZE)).clamp(0.65, 1.0);
        let label = canvas.font.fit(y.label, size, room);
        let style = TextStyle::new(size, Anchor::Middle).turn(-90.0);
        let (_, y_center) = area.center();
        canvas.text_called(MARGIN + LABEL_SIZE * 0.8, y_center, &label, y.label, style);
        for tick in &self.x_ticks {
            let place = area.x + self.x.place(tick.value) * area.width;
            canvas.line(
                (place, area.y),
                (place, area.bottom()),
                Stroke::solid(Color::GRID, 1.0),
            );
        }
        self.sentences.push(format!("Vertical axis: {}.", said(y)));
    }

    /// Goes on to the next panel.
    pub(crate) fn next_panel(&mut self, y: Axis<'_>) {
        self.close_panel();
        self.area.y = self.area.bottom() + PANEL_GAP;
        self.area.height = PANEL_HEIGHT;
        self.y = y.scale;
        self.draw_panel(y);
    }

    /// Draws what lies over the lines.
    fn close_panel(&mut self) {
        self.canvas.frame(self.area, Stroke::solid(Color::INK, 1.0));
        for (x, y) in std::mem::take(&mut self.dots) {
            let (x, y) = self.point(x, y);
            let ring = Stroke::solid(Color::WHITE, 1.5);
            self.canvas.circle(x, y, 5.0, Color::BLACK, ring);
        }
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
        let (left, right) = (self.x.low(), self.x.high());
        for mut stretch in band.stretches() {
            for (x, ..) in &mut stretch {
                *x = x.clamp(left, right);
            }
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
        self.guide(threshold, Stroke::dashed(Color::BLACK, 1.3));
        let half = self.canvas.font.width(&text, TICK_SIZE) / 2.0;
        let center = place.clamp(area.x + half, (area.right() - half).max(area.x + half));
        self.canvas.text(
            center,
            area.y - 5.0,
            &text,
            TextStyle::new(TICK_SIZE, Anchor::Middle),
        );
    }

    /// A line up and down at a threshold, unless that lies beyond the axis.
    pub(crate) fn guide(&mut self, threshold: f64, stroke: Stroke) {
        let share = self.x.place(threshold);
        if (0.0..=1.0).contains(&share) {
            let place = self.area.x + share * self.area.width;
            let ends = [self.area.y, self.area.bottom()].map(|y| (place, y));
            self.canvas.line(ends[0], ends[1], stroke);
        }
    }

    /// Shades what lies between two places of the horizontal axis, in shares of it.
    pub(crate) fn shade(&mut self, [from, to]: [f64; 2]) {
        let rect = Rect {
            x: self.area.x + from * self.area.width,
            width: (to - from) * self.area.width,
            ..self.area
        };
        self.canvas.rect_with_opacity(rect, Color::FAINT, SHADE);
    }

    /// A line across at a value, with words above or below it, at the left or the right end; the words are within the
    /// chart, wherever the value is.
    pub(crate) fn bound(&mut self, value: f64, text: &str, is_above: bool, is_left: bool) {
        let area = self.area;
        let share = self.y.place(value);
        let is_inside = (0.0..=1.0).contains(&share);
        let y = area.bottom() - share.clamp(0.0, 1.0) * area.height;
        if is_inside {
            let stroke = Stroke::dashed(Color::INK, 1.2);
            self.canvas.line((area.x, y), (area.right(), y), stroke);
        }
        let (up, down) = (y - 5.0, y + 5.0 + TICK_SIZE * Font::CAP_HEIGHT);
        let has_room = [
            up - TICK_SIZE > area.y,
            down + TICK_SIZE * 0.4 < area.bottom(),
        ];
        let base = match (is_above, has_room) {
            (true, [true, _]) | (false, [_, false]) => up,
            _ => down,
        };
        let width = self.canvas.font.width(text, TICK_SIZE);
        let start = if is_left {
            area.x + 8.0
        } else {
            area.right() - 8.0 - width
        };
        let back = Rect {
            x: start - 3.0,
            y: base - TICK_SIZE * 0.85,
            width: width + 6.0,
            height: TICK_SIZE * 1.1,
        };
        self.canvas.rect_with_opacity(back, Color::WHITE, 0.75);
        let style = TextStyle::new(TICK_SIZE, Anchor::Start);
        self.canvas.text(start, base, text, style);
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
        self.close_panel();
        let (width, height) = self.size;
        let bottom = draw_legend(&mut self.canvas, &self.entries, width, height);
        self.canvas
            .finish((width, bottom), &self.title, &self.sentences.join(" "))
    }

    /// Adds to the legend, unless there are no words for it.
    pub(crate) fn entry(&mut self, swatch: Swatch, text: &str) {
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

fn y_ticks(scale: Scale, height: f64) -> Vec<Tick> {
    scale.ticks(tick_number(height, TICK_SIZE * 3.0))
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

/// An axis in words.
fn said(axis: Axis<'_>) -> String {
    format!(
        "{}, from {} to {}",
        axis.label,
        significant(axis.scale.low(), 4),
        significant(axis.scale.high(), 4)
    )
}
