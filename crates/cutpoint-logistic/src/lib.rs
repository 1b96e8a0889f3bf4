//! Logistic regression with scikit-learn's objective and names: fits a classifier and scores rows with it.
//!
//! Three solvers minimise one objective (see [`fit`](fit())):
//!
//! | solver | where it stops | weights, 3 or more classes |
//! |---|---|---|
//! | [`Lbfgs`](Solver::Lbfgs) | where scikit-learn's stops, within 1e-9: short of the optimum by default | yes |
//! | [`NewtonCholesky`](Solver::NewtonCholesky) | at the optimum | yes |
//! | [`Linfa`](Solver::Linfa) | where linfa-logistic stops | no |
//!
//! The first two give the same bits for every number of threads; they use the caller's rayon pool.
//!
//! This crate opens no files, prints nothing, scales no features and chooses no threshold.

mod cholesky;
mod convergence;
mod error;
mod fit;
mod fitted;
pub mod lbfgs;
mod line_search;
mod linfa_solver;
mod newton;
mod objective;
mod params;
mod rows;
mod separation;
mod weights;

pub use convergence::{Convergence, StopReason};
pub use error::{Error, Result};
pub use fit::{fit, fit_dataset};
pub use fitted::FittedLogistic;
pub use params::{ClassWeight, Intercept, LogisticParams, Penalty, Solver};
