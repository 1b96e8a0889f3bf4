//! Pictures in files: which format a name asks for, and a file that is there whole or not at all.
//!
//! `cutpoint-plot` draws them.

use std::path::Path;

use cutpoint_files::Output;
use cutpoint_plot::Picture;

use crate::failure::Usage;

/// Pixels of a PNG a CSS pixel: sharp on most screens.
const PNG_SCALE: f64 = 2.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Svg,
    Png,
}

/// A file that a picture is written to.
pub(crate) struct PictureFile {
    output: Output,
    format: Format,
}

/// Whether the ending of a name is that of a picture.
pub(crate) fn is_picture(path: &Path) -> bool {
    format_of(path).is_some()
}

fn format_of(path: &Path) -> Option<Format> {
    let ending = path.extension()?;
    let formats = [("svg", Format::Svg), ("png", Format::Png)];
    let known = formats
        .into_iter()
        .find(|(known, _)| ending.eq_ignore_ascii_case(known));
    known.map(|(_, format)| format)
}

impl PictureFile {
    /// Opens the file; a name without the ending of a picture is bad usage.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let Some(format) = format_of(path) else {
            return Err(Usage::new(format_args!(
                "{}: a picture must end in `.svg` or `.png`",
                path.display()
            ))
            .into());
        };
        Ok(Self {
            output: Output::create(path)?,
            format,
        })
    }

    /// Writes the picture; the file has yet to be given its name.
    pub(crate) fn filled(mut self, picture: &Picture) -> anyhow::Result<Output> {
        match self.format {
            Format::Svg => self.output.put(picture.svg().as_bytes())?,
            Format::Png => self.output.put(&picture.png(PNG_SCALE)?)?,
        }
        Ok(self.output)
    }

    /// Writes the picture and gives the file its name.
    pub(crate) fn write(self, picture: &Picture) -> anyhow::Result<()> {
        Ok(self.filled(picture)?.commit()?)
    }
}
