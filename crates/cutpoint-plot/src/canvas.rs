//! The SVG writer: shapes and text in pixels, `y` pointing down. It knows nothing of charts, and every number and every
//! text goes through it, so that nothing unescaped gets into the file.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use crate::Picture;
use crate::color::Color;
use crate::font::Font;
use crate::number::Number;

/// A picture in the making.
pub(crate) struct Canvas {
    pub(crate) font: Font,
    body: String,
    glyphs: BTreeMap<u16, String>,
}

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    pub(crate) fn right(self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(self) -> f64 {
        self.y + self.height
    }

    pub(crate) fn center(self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stroke {
    pub(crate) color: Color,
    pub(crate) width: f64,
    pub(crate) dash: &'static str,
}

impl Stroke {
    pub(crate) fn solid(color: Color, width: f64) -> Self {
        Self {
            color,
            width,
            dash: "",
        }
    }

    pub(crate) fn dashed(color: Color, width: f64) -> Self {
        Self {
            color,
            width,
            dash: "4 3",
        }
    }
}

/// Which point of a text stands at the place given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextStyle {
    pub(crate) size: f64,
    pub(crate) anchor: Anchor,
    pub(crate) color: Color,
    /// Degrees, clockwise, around the place given.
    pub(crate) turn: f64,
}

impl TextStyle {
    pub(crate) fn new(size: f64, anchor: Anchor) -> Self {
        Self {
            size,
            anchor,
            color: Color::INK,
            turn: 0.0,
        }
    }

    pub(crate) fn color(mut self, color: Color) -> Self {
        self.color = color;
        self
    }

    pub(crate) fn turn(mut self, turn: f64) -> Self {
        self.turn = turn;
        self
    }
}

impl Canvas {
    pub(crate) fn new() -> Self {
        Self {
            font: Font::new(),
            body: String::new(),
            glyphs: BTreeMap::new(),
        }
    }

    pub(crate) fn rect(&mut self, rect: Rect, fill: Color) {
        self.rect_with_opacity(rect, fill, 1.0);
    }

    pub(crate) fn rect_with_opacity(&mut self, rect: Rect, fill: Color, opacity: f64) {
        let opacity = opacity_attribute("fill", opacity);
        let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(Number);
        self.push(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"{opacity}/>"#
        ));
    }

    /// The border of a rectangle.
    pub(crate) fn frame(&mut self, rect: Rect, stroke: Stroke) {
        let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(Number);
        let stroke = stroke_attributes(stroke);
        self.push(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none"{stroke}/>"#
        ));
    }

    pub(crate) fn circle(&mut self, x: f64, y: f64, radius: f64, fill: Color, stroke: Stroke) {
        let [x, y, radius] = [x, y, radius].map(Number);
        let stroke = stroke_attributes(stroke);
        self.push(format_args!(
            r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}"{stroke}/>"#
        ));
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        let mut path = PathData::default();
        path.push(from);
        path.push(to);
        self.path(&path, stroke);
    }

    pub(crate) fn path(&mut self, path: &PathData, stroke: Stroke) {
        if path.is_empty() {
            return;
        }
        let stroke = stroke_attributes(stroke);
        self.push(format_args!(
            r#"<path d="{path}" fill="none"{stroke} stroke-linejoin="round"/>"#
        ));
    }

    pub(crate) fn area(&mut self, path: &PathData, fill: Color, opacity: f64) {
        if path.is_empty() {
            return;
        }
        let opacity = opacity_attribute("fill", opacity);
        self.push(format_args!(
            r#"<path d="{path}Z" fill="{fill}"{opacity}/>"#
        ));
    }

    /// Text on one line, whose letters stand on `y`.
    pub(crate) fn text(&mut self, x: f64, y: f64, text: &str, style: TextStyle) {
        self.text_called(x, y, text, text, style);
    }

    /// Text that may have been cut, with its full words for readers of the file.
    pub(crate) fn text_called(&mut self, x: f64, y: f64, text: &str, name: &str, style: TextStyle) {
        let scale = style.size / Font::UNITS;
        let width = self.font.width(text, style.size);
        let shift = match style.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -width / 2.0,
            Anchor::End => -width,
        };
        let glyphs = self.font.shape(text).glyphs.clone();
        let mut turn = String::new();
        if style.turn != 0.0 {
            turn = format!(" rotate({})", Number(style.turn));
        }
        let (sin, cos) = style.turn.to_radians().sin_cos();
        let (x, y) = (Number(x + shift * cos), Number(y + shift * sin));
        let (name, color) = (escaped(name), style.color);
        let mut uses = String::new();
        for glyph in glyphs {
            let outline = self
                .glyphs
                .entry(glyph.id)
                .or_insert_with(|| self.font.outline(glyph.id));
            if !outline.is_empty() {
                let (id, x) = (glyph.id, Number(glyph.x));
                write!(uses, r##"<use xlink:href="#dejavu-{id}" x="{x}""##)
                    .expect("a string takes all");
                if glyph.y != 0.0 {
                    write!(uses, r#" y="{}""#, Number(glyph.y)).expect("a string takes all");
                }
                uses.push_str("/>");
            }
        }
        let transform = format!("translate({x} {y}){turn} scale({scale:.5} -{scale:.5})");
        self.push(format_args!(
            r#"<g aria-label="{name}" fill="{color}" transform="{transform}">{uses}</g>"#
        ));
    }

    /// Draws what lies within a rectangle only, and its border's width around it.
    pub(crate) fn clipped(&mut self, rect: Rect, draw: impl FnOnce(&mut Self)) {
        const MARGIN: f64 = 2.0;
        let [x, y] = [rect.x - MARGIN, rect.y - MARGIN].map(Number);
        let [width, height] = [rect.width + 2.0 * MARGIN, rect.height + 2.0 * MARGIN].map(Number);
        self.push(format_args!(
            r#"<svg x="{x}" y="{y}" width="{width}" height="{height}" viewBox="{x} {y} {width} {height}">"#
        ));
        draw(self);
        self.push(format_args!("</svg>"));
    }

    /// The picture, with what it is called and what it says for those who do not see it.
    pub(crate) fn finish(self, size: (f64, f64), title: &str, description: &str) -> Picture {
        let (width, height) = (size.0.ceil(), size.1.ceil());
        let (title, description) = (escaped(title), escaped(description));
        let mut svg = String::with_capacity(self.body.len() + 4096);
        let _ = write!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img""#
        );
        let _ = writeln!(
            svg,
            r#" width="{width}" height="{height}" viewBox="0 0 {width} {height}">"#
        );
        let _ = writeln!(
            svg,
            "<title>{title}</title>\n<desc>{description}</desc>\n<defs>"
        );
        for (id, outline) in self
            .glyphs
            .iter()
            .filter(|(_, outline)| !outline.is_empty())
        {
            let _ = writeln!(svg, r#"<path id="dejavu-{id}" d="{outline}"/>"#);
        }
        let white = Color::WHITE;
        let _ = writeln!(
            svg,
            "</defs>\n<rect width=\"{width}\" height=\"{height}\" fill=\"{white}\"/>"
        );
        svg.push_str(&self.body);
        svg.push_str("</svg>\n");
        Picture::new(svg, width, height)
    }

    fn push(&mut self, element: fmt::Arguments<'_>) {
        writeln!(self.body, "{element}").expect("a string takes all");
    }
}

/// The path of a line in the making.
#[derive(Debug, Clone, Default)]
pub(crate) struct PathData(String);

impl PathData {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes on to a point; the first one begins the line.
    pub(crate) fn push(&mut self, point: (f64, f64)) {
        let command = if self.0.is_empty() { 'M' } else { 'L' };
        self.push_command(command, &[point]);
    }

    /// Begins another line.
    pub(crate) fn move_to(&mut self, point: (f64, f64)) {
        self.push_command('M', &[point]);
    }

    /// A curve with two control points.
    pub(crate) fn curve(&mut self, first: (f64, f64), second: (f64, f64), to: (f64, f64)) {
        self.push_command('C', &[first, second, to]);
    }

    fn push_command(&mut self, command: char, points: &[(f64, f64)]) {
        self.0.push(command);
        for (index, &(x, y)) in points.iter().enumerate() {
            let separator = if index == 0 { "" } else { " " };
            let (x, y) = (Number(x), Number(y));
            write!(self.0, "{separator}{x} {y}").expect("a string takes all");
        }
    }
}

impl fmt::Display for PathData {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn stroke_attributes(stroke: Stroke) -> String {
    let (color, width) = (stroke.color, Number(stroke.width));
    let mut attributes = format!(r#" stroke="{color}" stroke-width="{width}""#);
    if !stroke.dash.is_empty() {
        write!(attributes, r#" stroke-dasharray="{}""#, stroke.dash).expect("a string takes all");
    }
    attributes
}

fn opacity_attribute(name: &str, opacity: f64) -> String {
    if opacity >= 1.0 {
        String::new()
    } else {
        format!(r#" {name}-opacity="{}""#, Number(opacity))
    }
}

/// Text for XML, in which most control characters cannot stand.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            control if control.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays_text() {
        assert_eq!(
            escaped("<a & \"b\">\n\u{0}"),
            "&lt;a &amp; &quot;b&quot;&gt; \u{fffd}"
        );
    }

    #[test]
    fn a_glyph_is_defined_once() {
        let mut canvas = Canvas::new();
        let style = TextStyle::new(10.0, Anchor::Start);
        canvas.text(0.0, 10.0, "11", style);
        canvas.text(0.0, 20.0, "1", style);
        let picture = canvas.finish((20.0, 20.0), "ones", "three of them");
        assert_eq!(picture.svg().matches("<path id=").count(), 1);
        assert_eq!(picture.svg().matches("<use ").count(), 3);
    }
}
