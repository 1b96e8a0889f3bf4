//! Choose a classifier's decision threshold: the cutpoint crates under one roof.
//!
//! | module | what it holds |
//! |---|---|
//! | [`core`] | labels, data sets, scores, thresholds, random streams |
//! | [`datasets`] | `make_classification` and friends |
//! | [`split`] | index sets for training and testing |
//! | [`logistic`] | logistic regression |
//! | [`metrics`] | confusion matrices, the sweep, every metric of their cells |
//! | [`choose`] | the choice of a threshold from rows of any number, how sure it is, and its worth on held-out rows |
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
//! use cutpoint::choose::choose;
//! use cutpoint::metrics::{Problem, sweep};
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
//! let choice = choose(&table, &Problem::new("f1".parse()?).subject_to("recall>=0.9".parse()?))?;
//! let best = choice.found().expect("some threshold reaches that recall");
//! assert!(best.threshold().is_some() && best.cells().tp() >= 0.9 * table.positives());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! How sure that is, and what the choice does on rows it was not made on; the rows may as well be a
//! [`ScoreFile`](files::ScoreFile) that is larger than memory:
//! ```
//! use cutpoint::choose::{ChooseOptions, ConfidenceOptions, Folds, View, choose_and_measure};
//! use cutpoint::core::Scores;
//! use cutpoint::metrics::Problem;
//!
//! let score = (0..600).map(|row| f64::from(row * 37 % 600) / 600.0).collect::<Vec<_>>();
//! let is_positive = score.iter().enumerate().map(|(row, score)| score + (row % 7) as f64 / 7.0 > 1.0).collect();
//! let rows = Scores::new(is_positive, score)?;
//! let problem = Problem::new("f1".parse()?).subject_to("recall>=0.9".parse()?);
//! let options = ChooseOptions {
//!     confidence: Some(ConfidenceOptions { bootstrap: Some(200), ..ConfidenceOptions::default() }),
//!     folds: Some(Folds { n_folds: 5, random_state: 0 }),
//!     ..ChooseOptions::default()
//! };
//!
//! let decision = choose_and_measure(&View::of(&rows), &problem, &options)?;
//! let answer = decision.answer().expect("some threshold reaches that recall");
//! assert!(answer.bootstrap.expect("asked for").threshold.is_some());
//! assert_eq!(decision.validation.expect("asked for").cells().total(), 600.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use cutpoint_choose as choose;
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
