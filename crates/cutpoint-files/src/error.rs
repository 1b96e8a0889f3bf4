//! What can be wrong with a file, with path, line and column; the only error type of this crate.
//!
//! How to go on is not said here: it depends on the command, which knows its flags.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use cutpoint_core::{Label, counted, listed};

use crate::{Content, Document, PairingError};

/// A row of a file, as the tools that show such a file count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The line of a text file that the row starts on, counted from 1, the header included.
    Line(u64),
    /// The row of a file without lines, counted from 0.
    Row(u64),
}

impl Place {
    /// The place so many lines or rows further on.
    pub(crate) fn after(self, n_before: u64) -> Self {
        match self {
            Self::Line(line) => Self::Line(n_before + line),
            Self::Row(row) => Self::Row(n_before + row),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(formatter, "line {line}"),
            Self::Row(row) => write!(formatter, "row {row} (counted from 0)"),
        }
    }
}

/// A file that could not be read or written, or that does not hold what was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to open or read a file.
    #[error("failed to read {}", shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What is wrong with the rows of a file, or with what was asked of them.
    #[error("{}", shown(path))]
    Rows {
        /// The file.
        path: PathBuf,
        /// What.
        source: Box<cutpoint_metrics::Error>,
    },
    /// A question that has no answer for the rows of a file.
    #[error("{}", shown(path))]
    Question {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<cutpoint_choose::Error>,
    },
    /// What is wrong with some of what stands in a file: one of its columns or groups, or the file as a whole.
    #[error("{place}")]
    Scores {
        /// Where it stands.
        place: String,
        /// What.
        source: Box<cutpoint_choose::Error>,
    },
    /// What is wrong with the scores of one of several models.
    #[error("{name}")]
    Model {
        /// What the model is called.
        name: String,
        /// What.
        source: Box<cutpoint_choose::Error>,
    },
    /// A question about several models that has no answer for their rows.
    #[error(transparent)]
    Models {
        /// Why.
        source: Box<cutpoint_choose::Error>,
    },
    /// Files that do not hold the same rows.
    #[error(transparent)]
    Pairing {
        /// Where they differ.
        source: Box<PairingError>,
    },
    /// Stdin or a pipe, for a question that takes more than one pass.
    #[error("{} can be read only once, and this takes more", shown(path))]
    ReadOnce {
        /// What can be read only once.
        path: PathBuf,
    },
    /// The operating system refused to create or write a file.
    #[error("failed to write {}", shown_output(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A directory where a file belongs.
    #[error("{} is a directory; a file was expected", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// A pipe where a file is read at many places.
    #[error(
        "{} is a pipe or a device, and Parquet and .npy are read at many places of a file: copy it to a file first, or \
         send CSV",
        path.display()
    )]
    NoPositions {
        /// The pipe.
        path: PathBuf,
    },
    /// An output that is no table under a name that does not say what it is.
    #[error("{}: what is written here must end in `{ending}`", path.display())]
    OutputEnding {
        /// The file.
        path: PathBuf,
        /// The ending it must have.
        ending: &'static str,
    },
    /// Two outputs that are one file.
    #[error("{} and {} are one file; each output needs its own", first.display(), second.display())]
    OneTarget {
        /// The path of one output.
        first: PathBuf,
        /// The path of the other.
        second: PathBuf,
    },
    /// A file whose ending names none of the formats.
    #[error(
        "{}: {ending:?} files are not supported; .csv, .parquet (.pq) and .npy are, and `-` for CSV on stdin or stdout",
        path.display()
    )]
    UnsupportedFormat {
        /// The file.
        path: PathBuf,
        /// Its ending.
        ending: String,
    },
    /// A table to be written under a name whose ending names none of the formats.
    #[error(
        "{}: {ending:?} files are not supported; .csv, .parquet (.pq) and .npy are, and `-` for CSV on stdin or stdout",
        path.display()
    )]
    UnsupportedOutput {
        /// The file.
        path: PathBuf,
        /// Its ending.
        ending: String,
    },
    /// A column to be added whose name is that of another.
    #[error(
        "{}: there is a column `{column}` already, which leaves no name for the column to be added",
        shown(path)
    )]
    ColumnTaken {
        /// The file.
        path: PathBuf,
        /// The name.
        column: String,
    },
    /// Not one byte that matters, not even a header.
    #[error(
        "{} is empty; a header line with column names was expected",
        shown(path)
    )]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// A file whose first bytes are those of something else than its ending says.
    #[error("{} is read as {expected}, but is {found}", shown(path))]
    OtherContent {
        /// The file.
        path: PathBuf,
        /// What its ending says.
        expected: &'static str,
        /// What its first bytes say.
        found: Content,
    },
    /// A file that is not what its ending says, or not whole.
    #[error("{} is not a whole, valid {format} file", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What it should be.
        format: &'static str,
        /// Why it is not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An array of another shape than a table has.
    #[error("{}: must have the shape {expected}; got {found}", path.display())]
    ArrayShape {
        /// The file.
        path: PathBuf,
        /// The shapes that are taken.
        expected: String,
        /// The shape found.
        found: String,
    },
    /// A file that is compressed in a way that this version cannot undo.
    #[error(
        "{} is compressed with {codec}, which cannot be read here; snappy, zstd, lz4 and gzip can",
        path.display()
    )]
    Compression {
        /// The file.
        path: PathBuf,
        /// The name of the compression.
        codec: &'static str,
    },
    /// A column of values that its role does not take.
    #[error(
        "{}, column `{column}`: must hold {expected}, got {found}",
        path.display()
    )]
    ColumnType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What it must hold.
        expected: &'static str,
        /// What it holds.
        found: String,
    },
    /// A row without a value where every row must have one.
    #[error("{}, {place}, column `{column}`: must not be null", path.display())]
    Null {
        /// The file.
        path: PathBuf,
        /// The row.
        place: Place,
        /// The column.
        column: String,
    },
    /// Columns and nothing under them.
    #[error("{} has columns but no rows", shown(path))]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// Two columns of one name.
    #[error(
        "{}: column name `{column}` stands twice in the header, as columns {first} and {second}",
        shown(path)
    )]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        column: String,
        /// The first column of that name, counted from 1.
        first: usize,
        /// The second one, counted from 1.
        second: usize,
    },
    /// A column without a name where every column has a meaning.
    #[error("{}: column {column} has no name", shown(path))]
    UnnamedColumn {
        /// The file.
        path: PathBuf,
        /// The column, counted from 1.
        column: usize,
    },
    /// A row index among the features.
    #[error(
        "{}: column {column} {} a row index, not a feature",
        shown(path),
        if name.is_empty() { "has no name, as pandas writes".to_owned() } else { format!("is called `{name}`, as \
            pandas calls") }
    )]
    IndexColumn {
        /// The file.
        path: PathBuf,
        /// The column, counted from 1.
        column: usize,
        /// Its name, which may be empty.
        name: String,
    },
    /// A column that is asked for and not there.
    #[error(
        "{}: there is no column `{column}`{}; the columns are {}",
        shown(path),
        suggested(near.as_ref()),
        listed(columns)
    )]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The name asked for.
        column: String,
        /// The names that are there.
        columns: Vec<String>,
        /// The name that is there and reads most like it.
        near: Option<String>,
    },
    /// A data set of labels only.
    #[error("{}: there is no feature column beside `{target}`", shown(path))]
    NoFeatures {
        /// The file.
        path: PathBuf,
        /// The label column.
        target: String,
    },
    /// A column that is used in two roles at once, or twice in one.
    #[error(
        "{}: column `{column}` {}",
        shown(path),
        if first == second { format!("is named twice as {first}") } else { format!("cannot be both {first} and \
            {second}") }
    )]
    ColumnRoles {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// One role.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A row with more or fewer fields than the header.
    #[error(
        "{}, line {line}: must have {} as the header has, got {got}",
        shown(path),
        counted(expected, "field")
    )]
    Ragged {
        /// The file.
        path: PathBuf,
        /// The line the row starts on.
        line: u64,
        /// Fields of the header.
        expected: usize,
        /// Fields of the row.
        got: usize,
    },
    /// Bytes that are not UTF-8 text.
    #[error("{}, {place}: must be UTF-8 text, got other bytes", shown(path))]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The row.
        place: Place,
    },
    /// A quoted field that the file ends in.
    #[error(
        "{}, line {line}: a field opens with a quote that is never closed",
        shown(path)
    )]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// The line the row starts on.
        line: u64,
    },
    /// A field that does not hold what its column must hold.
    #[error(
        "{}, {place}, column `{column}`: must be {expected}, got {}",
        shown(path),
        quoted(found)
    )]
    Field {
        /// The file.
        path: PathBuf,
        /// The row.
        place: Place,
        /// The column.
        column: String,
        /// What it must hold.
        expected: &'static str,
        /// The text found.
        found: String,
    },
    /// A word that stands for a missing value where a label should be.
    #[error(
        "{}, {place}, column `{column}`: must be a class, got {}, a word for a missing value",
        shown(path),
        quoted(found)
    )]
    MissingLabel {
        /// The file.
        path: PathBuf,
        /// The row.
        place: Place,
        /// The column.
        column: String,
        /// The word found.
        found: String,
    },
    /// A number with a fraction where a label should be, or one that may have had another value before it was rounded.
    #[error(
        "{}, {place}, column `{column}`: must be a class label (a whole number or text), got {}{}",
        shown(path),
        quoted(found),
        if found.parse::<f64>().is_ok_and(|number| number.fract() != 0.0) { "" } else { ", which may have been \
            rounded" }
    )]
    NumberLabel {
        /// The file.
        path: PathBuf,
        /// The row.
        place: Place,
        /// The column.
        column: String,
        /// The number found.
        found: String,
    },
    /// Labels of two columns that do not go together.
    #[error("{}, columns `{first}` and `{second}`", shown(path))]
    Columns {
        /// The file.
        path: PathBuf,
        /// One column.
        first: String,
        /// The other column.
        second: String,
        /// Why they do not.
        source: Box<cutpoint_core::Error>,
    },
    /// A label that is none of the classes that were named.
    #[error(
        "{}, {place}, column `{column}`: must be one of the classes {}, got `{found}`",
        shown(path),
        listed(classes)
    )]
    OtherClass {
        /// The file.
        path: PathBuf,
        /// The first row that has it.
        place: Place,
        /// The column.
        column: String,
        /// The classes that were named.
        classes: Vec<String>,
        /// The label found.
        found: Label,
    },
    /// A number to be written that no reader would take.
    #[error(
        "{}, column `{column}`: must be finite to be written, got {value}",
        shown_output(path)
    )]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The number.
        value: f64,
    },
    /// Labels that are text in some rows and not in others, where a column has one type.
    #[error(
        "{}, column `{column}`: labels must be all whole numbers, all truth values or all text",
        shown_output(path)
    )]
    MixedLabels {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// Text to be written where only numbers can be.
    #[error(
        "{}, column `{column}`: an .npy file holds numbers, and this is text; .csv and .parquet hold both",
        shown_output(path)
    )]
    NpyText {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A name of a column that the header of an array cannot hold.
    #[error(
        "{}, column {column:?}: the name of a field in an .npy file cannot hold control characters",
        shown_output(path)
    )]
    NpyName {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// No number to be written where there must be one.
    #[error(
        "{}, column `{column}`: an .npy file has no empty fields; .csv and .parquet have",
        shown_output(path)
    )]
    NpyGap {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// Labels of more than two classes where scores of one positive class stand beside them.
    #[error(
        "{}, {place}, column `{column}`: must have two classes beside a score, got a third; the classes are {}",
        shown(path),
        listed(classes)
    )]
    ThirdClass {
        /// The file.
        path: PathBuf,
        /// The label column.
        column: String,
        /// The row in which the third class first stands.
        place: Place,
        /// All classes.
        classes: Vec<Label>,
    },
    /// A column of scores whose name can be no class beside those of the labels.
    #[error(
        "{}: column `{column}` must name a class of the same kind as the labels, which are {}",
        shown(path),
        listed(classes)
    )]
    ClassColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The classes of the labels.
        classes: Vec<Label>,
    },
    /// Two columns of scores for one class.
    #[error(
        "{}: columns `{first}` and `{second}` both hold scores of class `{class}`",
        shown(path)
    )]
    ClassTwice {
        /// The file.
        path: PathBuf,
        /// The class.
        class: Label,
        /// The first column.
        first: String,
        /// The second one.
        second: String,
    },
    /// A column of groups with a group for nearly every row.
    #[error(
        "{}, column `{column}`: must name at most {most} groups, got more; is it a column of ids?",
        shown(path)
    )]
    TooManyGroups {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// How many there may be.
        most: usize,
    },
    /// Partial sweeps that do not become one.
    #[error(transparent)]
    Merge {
        /// Why.
        source: Box<cutpoint_metrics::Error>,
    },
    /// Bins that are no partial sweep.
    #[error("{} is not a partial sweep that can be used", shown(path))]
    Bins {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<cutpoint_metrics::Error>,
    },
    /// A JSON file of this program that is not JSON, or ends too early.
    #[error(
        "{} is not a cutpoint {document}: it is not whole, valid JSON",
        shown(path)
    )]
    DocumentSyntax {
        /// The file.
        path: PathBuf,
        /// What it was to be.
        document: Document,
        /// Where and why.
        source: serde_json::Error,
    },
    /// JSON of somebody else, or of another kind.
    #[error(
        "{} is not a cutpoint {document}: it is JSON, but its `format` is not `{}`",
        shown(path),
        document.format()
    )]
    ForeignDocument {
        /// The file.
        path: PathBuf,
        /// What it was to be.
        document: Document,
    },
    /// A file of a later layout.
    #[error(
        "{} is {} of version {version}, and this cutpoint reads versions up to {known}",
        shown(path),
        document.one()
    )]
    NewerDocument {
        /// The file.
        path: PathBuf,
        /// What it is.
        document: Document,
        /// Its version.
        version: u64,
        /// The highest version that can be read.
        known: u64,
    },
    /// A file with a part that is missing or of another type.
    #[error("{} is not {} that can be used", shown(path), document.one())]
    DocumentField {
        /// The file.
        path: PathBuf,
        /// What it was to be.
        document: Document,
        /// Which part.
        source: serde_json::Error,
    },
    /// A model of a kind that this version does not have.
    #[cfg(feature = "models")]
    #[error(
        "{} is a model of the kind {kind:?}, which this cutpoint does not know",
        shown(path)
    )]
    ModelKind {
        /// The file.
        path: PathBuf,
        /// Its kind.
        kind: String,
    },
    /// A model whose parts do not fit together.
    #[cfg(feature = "models")]
    #[error("{} is not a model that can be used", shown(path))]
    ModelPart {
        /// The file.
        path: PathBuf,
        /// Which part.
        source: Box<cutpoint_logistic::Error>,
    },
    /// An operating point whose parts do not fit together.
    #[error("{} is not an operating point that can be used", shown(path))]
    PointPart {
        /// The file.
        path: PathBuf,
        /// Which part.
        source: Box<cutpoint_metrics::Error>,
    },
    /// An operating point that is not as it was written.
    #[error(
        "{} was changed after it was saved: its content does not have the `checksum` that it tells",
        shown(path)
    )]
    PointChanged {
        /// The file.
        path: PathBuf,
    },
    /// Columns that are well formed but cannot be labels, scores or weights.
    #[error("{}, column `{column}`", shown(path))]
    Column {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Why.
        source: Box<cutpoint_core::Error>,
    },
}

impl Error {
    pub(crate) fn damaged_parquet(
        path: &Path,
        source: Box<dyn std::error::Error + Send + Sync>,
    ) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            format: "Parquet",
            source,
        }
    }
}

/// The result of reading or writing a file.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A path that is read, as people know it.
fn shown(path: &Path) -> std::path::Display<'_> {
    named(path, "stdin")
}

/// A path that is written, as people know it.
fn shown_output(path: &Path) -> std::path::Display<'_> {
    named(path, "stdout")
}

fn named<'a>(path: &'a Path, dash: &'static str) -> std::path::Display<'a> {
    if path == Path::new("-") {
        Path::new(dash).display()
    } else {
        path.display()
    }
}

/// Text found in a file, cut where it is long.
fn quoted(found: &str) -> String {
    const SHOWN: usize = 40;
    if found.is_empty() {
        return "an empty field".to_owned();
    }
    match found.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?} and more", &found[..end]),
        None => format!("{found:?}"),
    }
}

fn suggested(near: Option<&String>) -> String {
    near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"))
}
