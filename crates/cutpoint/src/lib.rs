//! Choose a classifier's decision threshold.
//!
//! A classifier gives scores; somebody has to pick the threshold. One pass over the scores makes the [`Sweep`], the
//! table of every confusion matrix that they can give; all else is a view of it: metrics, curves, the choice of a
//! threshold under constraints or costs, how sure that choice is, pictures and pages.
//!
//! ```
//! use cutpoint::{Problem, Scores, Threshold, choose, sweep};
//!
//! let rows = Scores::new(vec![true, true, false, true, false], vec![0.9, 0.8, 0.7, 0.6, 0.1])?;
//! let problem = Problem::new("f1".parse()?).subject_to("recall>=0.9".parse()?);
//! let choice = choose(&sweep(&rows), &problem)?;
//! let best = choice.found().expect("a threshold reaches that recall");
//! assert_eq!((best.threshold(), best.cells().fp()), (Some(Threshold::new(0.6)?), 1.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A row is predicted positive iff its score is at least the threshold. Of several thresholds that are equally good the
//! highest is chosen; `None` stands for "predict none", which has no threshold. An undefined metric is `None`, and no
//! infeasible problem has a value.
//!
//! # Which function do I want?
//!
//! | to | call |
//! |---|---|
//! | know every confusion matrix | [`sweep`] |
//! | know one, or some | [`confusion_at`], [`confusion_at_thresholds`] |
//! | see what moves between two thresholds | [`moves`] |
//! | compute a metric | `"recall".parse::<`[`Metric`]`>()?.value(&cells)`, or one of [`metrics::formulas`] |
//! | draw ROC, precision-recall and other curves | [`metrics::curves`], [`plot`] |
//! | choose a threshold from vectors | [`choose`](fn@choose) |
//! | choose from a file, or from more rows than memory holds | [`choose_from`] |
//! | know how sure the choice is, and its worth on rows held out | [`choose_and_measure`], [`validate_from`] |
//! | choose a threshold for each group | [`choose_by_group_from`](choose::choose_by_group_from) |
//! | leave rows in doubt to a person | [`reject_zone_from`](choose::reject_zone_from) |
//! | see what one metric costs in another | [`frontier_from`](choose::frontier_from) |
//! | ship a threshold, and check it later | [`OperatingPoint`], [`check`](fn@check) |
//! | compare models on the same rows | [`compare`](fn@compare) |
//! | show it all to others | [`Report`] |
//! | make data, split them, train | [`datasets`], [`split`], [`logistic`] |
//!
//! [`confusion_at`]: metrics::confusion_at
//! [`confusion_at_thresholds`]: metrics::confusion_at_thresholds
//!
//! The [`guide`] has a page each on choosing, on weights and costs, on rows that do not fit into memory, and on what
//! scikit-learn's names are called here.
//!
//! # Larger than memory
//!
//! A [`RowSource`] answers passes over its rows: [`Scores`] in memory, a [`ScoreFile`] of any length, or what you
//! write. The answer is the same whatever the memory; less of it means more passes.
#![cfg_attr(feature = "files", doc = "```")]
#![cfg_attr(not(feature = "files"), doc = "```ignore")]
//! use cutpoint::{Problem, ScoreColumns, ScoreFile, View, choose_from};
//!
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("scores.csv");
//! # std::fs::write(&path, "ill,p\n1,0.9\n0,0.8\n1,0.7\n0,0.2\n")?;
//! let rows = ScoreFile::new(&path, ScoreColumns::default().label("ill").score("p"));
//! let problem = Problem::new("f1".parse()?).subject_to("recall>=0.9".parse()?);
//! let decision = choose_from(&View::of(&rows), &problem, 64 << 20)?; // bytes
//! assert_eq!(decision.threshold().map(|threshold| threshold.value()), Some(0.7));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How sure is it?
//!
//! Five-fold cross-validation (the folds of scikit-learn's `StratifiedKFold`, shuffled) and 2000 bootstrap resamples:
//! ```
//! use cutpoint::{ChooseOptions, ConfidenceOptions, Folds, Problem, View, choose_and_measure};
//!
//! # let score = (0..600).map(|row| f64::from(row * 37 % 600) / 600.0).collect::<Vec<_>>();
//! # let is_positive = score.iter().enumerate().map(|(row, score)| score + (row % 7) as f64 / 7.0 > 1.0).collect();
//! # let rows = cutpoint::Scores::new(is_positive, score)?;
//! let problem = Problem::new("f1".parse()?).subject_to("recall>=0.9".parse()?);
//! let confidence = Some(ConfidenceOptions { bootstrap: Some(2000), ..ConfidenceOptions::default() });
//! let folds = Some(Folds { n_folds: 5, random_state: 0 });
//! let options = ChooseOptions { confidence, folds, ..ChooseOptions::default() };
//! let answer = choose_and_measure(&View::of(&rows), &problem, &options)?.answer().expect("it is feasible");
//! assert!(answer.bootstrap.expect("asked for").threshold.is_some());
//! assert_eq!(answer.validation.expect("asked for").fold_thresholds.len(), 5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A page for others
#![cfg_attr(feature = "plot", doc = "```")]
#![cfg_attr(not(feature = "plot"), doc = "```ignore")]
//! use cutpoint::{Report, Scores};
//!
//! let rows = Scores::new(vec![true, false, true], vec![0.9, 0.4, 0.3])?;
//! let page = Report::of("Spam filter", &rows)?.names(["good", "spam"]).page();
//! assert!(page.starts_with("<!DOCTYPE html>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # From the choice to what is shipped
//! ```
//! use cutpoint::{CheckOptions, OperatingPoint, Outcome, Problem, Scores, View, check, choose_from};
//!
//! let rows = Scores::new(vec![true, true, false, true, false], vec![0.9, 0.8, 0.7, 0.6, 0.1])?;
//! let problem = Problem::new("precision".parse()?).subject_to("recall>=0.9".parse()?);
//! let text = choose_from(&View::of(&rows), &problem, 1 << 20)?.operating_point().expect("feasible").to_json();
//! let point = OperatingPoint::from_json(&text)?; // elsewhere, later
//! assert_eq!(point.decide(&[0.59, 0.6, 0.61])?, [false, true, true]);
//! let checked = check(&point, &View::of(&rows), &CheckOptions::default())?;
//! assert_eq!(checked.outcome(), Outcome::Holds);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! | feature | brings | default |
//! |---|---|---|
//! | `files` | scores, data, sweeps, points (and, with `logistic`, models) from and to CSV, Parquet and `.npy` | yes |
//! | `plot` | pictures in SVG and PNG, and the interactive report | yes |
//! | `logistic` | logistic regression, to scikit-learn's digits | yes |
//! | `datasets` | `make_classification` and its kin, to NumPy's bits | yes |
//! | `split` | hold-out and folds as index sets, as scikit-learn makes them | yes |
//! | `terminal` | charts and matrices of characters | yes |
//!
//! Without them, sweeps, metrics, choices, checks and comparisons are left: some 70 crates, half a minute to build on
//! two cores, unoptimised. The [`guide`] comes with all of them.
//!
//! This crate holds no code of its own: it sorts the crates of the workspace by subject, and the names at its root are
//! those that most programs need.

pub use cutpoint_core as data;
#[cfg(feature = "datasets")]
pub use cutpoint_datasets as datasets;
#[cfg(feature = "files")]
pub use cutpoint_files as files;
#[cfg(feature = "logistic")]
pub use cutpoint_logistic as logistic;
#[cfg(feature = "plot")]
pub use cutpoint_plot as plot;
#[cfg(feature = "split")]
pub use cutpoint_split as split;

pub use cutpoint_choose::{
    CheckOptions, Checked, Choice, ChooseOptions, CompareOptions, Comparison, ConfidenceOptions,
    CostSpec, Decision, Folds, OperatingPoint, Optimum, Outcome, RowSource, View, check, choose,
    choose_and_measure, choose_from, compare, validate_from,
};
pub use cutpoint_core::{Label, Scores, Threshold};
#[cfg(feature = "files")]
pub use cutpoint_files::{ScoreColumns, ScoreFile};
pub use cutpoint_metrics::{
    Cells, Constraint, Costs, Metric, Objective, PartialSweep, Problem, Sweep, average_precision,
    catalog, moves, roc_auc, sweep,
};
#[cfg(feature = "plot")]
pub use cutpoint_plot::Report;

pub mod choose;
pub mod metrics;

#[cfg(all(
    feature = "datasets",
    feature = "files",
    feature = "logistic",
    feature = "plot",
    feature = "split"
))]
pub mod guide;

/// The README's example, run with the others.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
