//! Operating points to and from files. What is in their text is known to [`OperatingPoint`].

use std::path::Path;

use cutpoint_choose::OperatingPoint;

use crate::document::{Document, open_document, syntax_error};
use crate::{Error, Output, Result};

/// Writes an operating point, as [`OperatingPoint::to_json`] lays it out.
///
/// # Errors
/// [`Error::Write`] if the system refuses.
pub fn write_operating_point(output: &mut Output, point: &OperatingPoint) -> Result<()> {
    output.put(point.to_json().as_bytes())
}

/// Reads an operating point, from stdin for `-`.
///
/// # Errors
/// - [`Error::Read`], [`Error::Directory`] if the file cannot be opened.
/// - [`Error::DocumentSyntax`] for what is not JSON, or is cut.
/// - [`Error::ForeignDocument`], [`Error::NewerDocument`] for JSON that is no operating point of this version.
/// - [`Error::DocumentField`], [`Error::PointPart`] for parts that are missing or have no meaning.
/// - [`Error::PointChanged`] for a file that was changed after it was written.
pub fn read_operating_point(path: &Path) -> Result<OperatingPoint> {
    OperatingPoint::from_json_reader(open_document(path)?).map_err(|error| in_file(error, path))
}

/// What is wrong with an operating point, with the name of its file.
fn in_file(error: cutpoint_choose::Error, path: &Path) -> Error {
    use cutpoint_choose::Error::{
        PointChanged, PointField, PointForeign, PointNewer, PointPart, PointSyntax,
    };
    let document = Document::OperatingPoint;
    let path = path.to_owned();
    match error {
        PointSyntax { source } => syntax_error(&path, document, source),
        PointForeign => Error::ForeignDocument { path, document },
        PointNewer { version, known } => Error::NewerDocument {
            path,
            document,
            version,
            known,
        },
        PointField { source } => Error::DocumentField {
            path,
            document,
            source,
        },
        PointPart { source } => Error::PointPart {
            path,
            source: Box::new(source),
        },
        PointChanged => Error::PointChanged { path },
        other => Error::Question {
            path,
            source: Box::new(other),
        },
    }
}
