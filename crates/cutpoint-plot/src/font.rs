//! The one font of every picture, `DejaVu` Sans, shipped with the program: which glyphs a text has, how wide it is, and
//! what they look like. No font of the machine is ever looked for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};
use rustybuzz::{Direction, Face, Script, ShapePlan, UnicodeBuffer};
use unicode_bidi::BidiInfo;

use crate::number::Number;

/// The font, and what it was asked before.
pub(crate) struct Font {
    face: Face<'static>,
    plans: Vec<(Direction, Script, ShapePlan)>,
    shaped: BTreeMap<String, Text>,
}

/// A text as it is drawn, in font units.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub(crate) glyphs: Vec<Glyph>,
    width: f64,
}

/// A glyph and where it stands, in font units; `y` points up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Font {
    /// Font units in an em.
    pub(crate) const UNITS: f64 = 2048.0;
    /// How far capital letters and digits rise over the line, in ems.
    pub(crate) const CAP_HEIGHT: f64 = 0.729;
    /// From line to line, in ems.
    pub(crate) const LINE_HEIGHT: f64 = 1.25;

    pub(crate) fn new() -> Self {
        Self {
            face: Face::from_slice(dejavu::sans::regular(), 0).expect("the shipped font is a font"),
            plans: Vec::new(),
            shaped: BTreeMap::new(),
        }
    }

    /// The glyphs of a text, in the order in which they stand on the line. A character that the font lacks is a box.
    pub(crate) fn shape(&mut self, text: &str) -> &Text {
        if !self.shaped.contains_key(text) {
            let shaped = self.shape_anew(text);
            self.shaped.insert(text.to_owned(), shaped);
        }
        &self.shaped[text]
    }

    /// The width of a text in pixels.
    pub(crate) fn width(&mut self, text: &str, size: f64) -> f64 {
        self.shape(text).width * size / Self::UNITS
    }

    /// The widest of some texts, in pixels; 0 if there is none.
    pub(crate) fn widest<'a>(
        &mut self,
        texts: impl IntoIterator<Item = &'a str>,
        size: f64,
    ) -> f64 {
        let widths = texts.into_iter().map(|text| self.width(text, size));
        widths.fold(0.0, f64::max)
    }

    /// The text, or as much of its beginning as fits, with an ellipsis.
    pub(crate) fn fit(&mut self, text: &str, size: f64, width: f64) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let ends = text.char_indices().map(|(place, _)| place);
        let ends = ends.collect::<Vec<_>>();
        let shortened = |end: usize| format!("{}…", text[..end].trim_end());
        let n_fitting = ends.partition_point(|&end| {
            let text = shortened(end);
            self.shape_anew(&text).width * size / Self::UNITS <= width
        });
        shortened(ends[n_fitting.saturating_sub(1)])
    }

    /// The text in lines of at most that width, broken at spaces; what does not fit into the last line is cut.
    pub(crate) fn wrap(
        &mut self,
        text: &str,
        size: f64,
        width: f64,
        max_lines: usize,
    ) -> Vec<String> {
        let mut lines = Vec::<String>::new();
        for word in text.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match longer {
                Some(longer) if lines.len() == max_lines || self.width(&longer, size) <= width => {
                    lines.pop();
                    lines.push(longer);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
            .iter()
            .map(|line| self.fit(line, size, width))
            .collect()
    }

    /// The outline of a glyph as SVG path data in font units; empty for a space.
    pub(crate) fn outline(&self, id: u16) -> String {
        let mut path = Path(String::new());
        self.face.outline_glyph(GlyphId(id), &mut path);
        path.0
    }

    fn shape_anew(&mut self, text: &str) -> Text {
        // Line breaks would be paragraphs of their own, other control characters have no shape.
        let text = text.replace(char::is_control, " ");
        let mut shaped = Text::default();
        let bidi = BidiInfo::new(&text, None);
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let direction = if levels[run.start].is_rtl() {
                    Direction::RightToLeft
                } else {
                    Direction::LeftToRight
                };
                self.shape_run(&text[run], direction, &mut shaped);
            }
        }
        shaped
    }

    /// Adds the glyphs of a text of one direction.
    fn shape_run(&mut self, text: &str, direction: Direction, shaped: &mut Text) {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(direction);
        let script = buffer.script();
        let key = (direction, script);
        let known = self.plans.iter().position(|plan| (plan.0, plan.1) == key);
        let index = known.unwrap_or_else(|| {
            let plan = ShapePlan::new(&self.face, direction, Some(script), None, &[]);
            self.plans.push((direction, script, plan));
            self.plans.len() - 1
        });
        let glyphs = rustybuzz::shape_with_plan(&self.face, &self.plans[index].2, buffer);
        for (info, position) in glyphs.glyph_infos().iter().zip(glyphs.glyph_positions()) {
            shaped.glyphs.push(Glyph {
                id: u16::try_from(info.glyph_id).unwrap_or(0),
                x: shaped.width + f64::from(position.x_offset),
                y: f64::from(position.y_offset),
            });
            shaped.width += f64::from(position.x_advance);
        }
    }
}

/// Path data in the making.
struct Path(String);

impl Path {
    fn push(&mut self, command: char, numbers: &[f32]) {
        self.0.push(command);
        for (index, &number) in numbers.iter().enumerate() {
            let number = Number(f64::from(number));
            let separator = if index == 0 { "" } else { " " };
            write!(self.0, "{separator}{number}").expect("a string takes all");
        }
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push('M', &[x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push('L', &[x, y]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.push('Q', &[x1, y1, x, y]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.push('C', &[x1, y1, x2, y2, x, y]);
    }

    fn close(&mut self) {
        self.push('Z', &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // DejaVu Sans 2.37: each digit advances by 1303 of 2048 units.
        let mut font = Font::new();
        assert!((font.width("48", 20.48) - 26.06).abs() < 1e-9);
        assert!(font.width("", 10.0).abs() < 1e-12);
    }

    #[test]
    fn a_missing_character_is_a_box_and_not_nothing() {
        let mut font = Font::new();
        let glyphs = &font.shape("漢").glyphs;
        assert_eq!(glyphs.iter().map(|glyph| glyph.id).collect::<Vec<_>>(), [0]);
        assert!(!font.outline(0).is_empty());
    }

    #[test]
    fn hebrew_runs_from_right_to_left() {
        // In "אב" the first letter, aleph, stands on the right.
        let mut font = Font::new();
        let aleph = font.shape("א").glyphs[0].id;
        let glyphs = font.shape("אב").glyphs.clone();
        assert_eq!(glyphs.len(), 2);
        assert_eq!(glyphs[1].id, aleph);
        assert!(glyphs[1].x > glyphs[0].x);
    }

    #[test]
    fn arabic_letters_join() {
        // The medial form of beh is another glyph than the letter alone.
        let mut font = Font::new();
        let alone = font.shape("ب").glyphs[0].id;
        assert!(
            font.shape("ببب")
                .glyphs
                .iter()
                .all(|glyph| glyph.id != alone)
        );
    }

    #[test]
    fn long_text_is_cut_and_wrapped() {
        let mut font = Font::new();
        let fitted = font.fit("a very long name of a class", 10.0, 60.0);
        assert!(
            fitted.ends_with('…') && font.width(&fitted, 10.0) <= 60.0,
            "{fitted}"
        );
        assert_eq!(font.fit("short", 10.0, 60.0), "short");
        assert_eq!(
            font.wrap("one two three", 10.0, 45.0, 3),
            ["one two", "three"]
        );
        let cut = font.wrap("one two three four", 10.0, 45.0, 2);
        assert_eq!((cut.len(), cut[1].ends_with('…')), (2, true));
    }
}
