//! Data sets, scores, sweeps, models and operating points to and from files.
//!
//! What is read is handed on as the nouns of `cutpoint-core` and as sources of rows for `cutpoint-choose`; what is
//! written was computed by the crates that it comes from.
//!
//! Models are behind the feature `models`, off by default: they bring the solvers, and who reads scores needs none.

mod arrow_schema;
mod bad_value;
mod class_scores;
mod classes;
mod column;
mod columns;
mod csv_blocks;
mod csv_parse;
mod csv_plain;
mod csv_table;
mod csv_types;
mod csv_write;
mod curve;
mod curve_scores;
mod dataset;
mod dictionary;
mod document;
mod error;
mod evaluation;
mod features;
mod first_bytes;
mod format;
mod indices;
pub mod json;
mod labels;
mod lines;
#[cfg(feature = "models")]
mod model;
mod moving_rows;
mod names;
mod npy_elements;
mod npy_header;
mod npy_records;
mod npy_table;
mod npy_write;
mod open;
mod operating_point;
mod output;
mod paired_files;
mod paired_ids;
mod paired_steps;
mod pairing;
mod parquet_categories;
mod parquet_file;
mod parquet_pages;
mod parquet_table;
mod parquet_text;
mod parquet_thrift;
mod parquet_values;
mod parquet_write;
mod partial;
mod positioned;
mod predicted;
mod printable;
mod progress;
mod records;
mod row_block;
mod row_writer;
mod rows;
mod score_file;
mod score_parts;
mod score_reader;
mod scores;
mod short_floats;
mod spool;
mod stdout;
mod sweep;
mod sweep_parts;
mod sweep_table;
mod table;
mod table_write;
mod target;

pub use class_scores::{AnyScores, read_any_scores, read_any_scores_with, read_class_scores};
pub use curve::{TableColumn, write_curve};
pub use curve_scores::{ClassGap, CurveModels, CurveScores, read_curve_groups, read_curve_scores};
pub use dataset::{
    DataColumns, DatasetWriter, read_data, read_dataset, read_weighted_dataset, write_dataset,
};
pub use document::Document;
pub use error::{Error, Place, Result};
pub use evaluation::{EvaluationRows, read_evaluation, read_predicted_evaluation};
pub use features::{FeatureReader, Features, read_features};
pub use first_bytes::Content;
pub use format::Format;
pub use indices::{IndexSet, read_indices, write_indices};
pub use labels::{find_class, positive_of};
#[cfg(feature = "models")]
pub use model::{FitAnswer, SavedModel, read_model, write_model};
pub use moving_rows::copy_moving_rows;
pub use operating_point::{read_operating_point, write_operating_point};
pub use output::{Output, commit_all};
pub use paired_files::PairedFiles;
pub use pairing::{PairedRow, PairingError};
pub use partial::{merge_partial_sweeps, read_partial_sweep, write_partial_sweep};
pub use predicted::{
    Predicted, PredictedWriter, read_predicted, read_predicted_with, write_predicted,
};
pub use printable::{printable, printable_coloured};
pub use progress::Progress;
pub use row_writer::RowWriter;
pub use rows::Rows;
pub use score_file::{PassProgress, ScoreFile};
pub use score_reader::{ScoreReader, read_scores, read_scores_with};
pub use scores::{LabelledScores, ScoreColumns, ScoreWriter, write_scores};
pub use sweep::{SweepWriter, write_sweep};
pub use sweep_parts::{SweepPart, SweepParts};
pub use sweep_table::write_sweep_tables;
pub use target::{Target, is_read_once};
