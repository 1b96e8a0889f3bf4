//! Hold-out, stratified and k-fold index sets: which rows train and which test, as scikit-learn chooses them.
//!
//! Only indices are made here; this crate never sees a feature, and gathers nothing.

mod class_folds;
mod error;
mod fold;
mod hold_out;
mod repeat;
mod shuffle;
mod size;
mod split;
mod stratify;

pub use class_folds::ClassFolds;
pub use error::{Error, Result};
pub use fold::{KFold, StratifiedKFold};
pub use hold_out::{HoldOutParams, Stratify, train_test_split};
pub use repeat::{RepeatedKFold, RepeatedStratifiedKFold};
pub use shuffle::{ShuffleSplit, StratifiedShuffleSplit};
pub use size::{HoldOutSizes, SplitSize};
pub use split::{Split, Splits, Warning};
