//! Choose a classifier's decision threshold: the cutpoint crates under one roof.
//!
//! | module | what it holds |
//! |---|---|
//! | [`core`] | labels, data sets, scores, thresholds, random streams |
//! | [`datasets`] | `make_classification` and friends |
//! | [`split`] | index sets for training and testing |
//! | [`logistic`] | logistic regression |
//! | [`metrics`] | confusion matrices, the sweep, every metric of their cells |
//! | [`files`] | all of these to and from files |
//! | [`plot`] | pictures of matrices, sweeps and curves |
//!
//! This crate holds no code of its own.
//!
//! # Examples
//! From data to the threshold with the highest F1 score, without a file:
//! ```
//! use cutpoint::core::Label;
//! use cutpoint::datasets::{ClassificationParams, make_classification};
//! use cutpoint::logistic::{LogisticParams, fit_dataset};
//! use cutpoint::metrics::{Metric, sweep};
//! use cutpoint::split::{HoldOutParams, train_test_split};
//!
//! let params = ClassificationParams::default().n_samples(500).weights([0.6, 0.4]).seed(42);
//! let data = make_classification(&params)?.into_dataset();
//! let split = train_test_split(data.n_samples(), &HoldOutParams::default().test_size(0.3).seed(42))?;
//! let (train, test) = (data.select(split.train())?, data.select(split.test())?);
//!
//! let model = fit_dataset(&LogisticParams::default(), &train, None)?;
//! let scores = model.scores(test.x().view(), test.y(), &Label::from(1))?;
//!
//! // Every confusion matrix, from one pass; what follows is arithmetic on the table.
//! let table = sweep(&scores);
//! let f1 = "f1".parse::<Metric>()?;
//! let best = table.rows().max_by(|a, b| f1.value(&a.cells()).partial_cmp(&f1.value(&b.cells())).unwrap());
//! assert!(best.is_some_and(|row| row.threshold().is_some()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use cutpoint_core as core;
pub use cutpoint_datasets as datasets;
pub use cutpoint_files as files;
pub use cutpoint_logistic as logistic;
pub use cutpoint_metrics as metrics;
pub use cutpoint_plot as plot;
pub use cutpoint_split as split;

/// The README's example, run with the others.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
