//! What can be wrong with a fit or a prediction; the only error type of this crate.

use cutpoint_core::{Label, counted, listed};

use crate::Solver;

/// A fit or a prediction that could not be made, with what was expected and what came.
///
/// Not converging is not here: it is data, in [`Convergence`](crate::Convergence).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `c` outside its domain.
    #[error("`c` must be in (0, inf], got {got}")]
    C {
        /// The value given.
        got: f64,
    },
    /// `tol` outside its domain.
    #[error("`tol` must be in [0, inf), got {got}")]
    Tol {
        /// The value given.
        got: f64,
    },
    /// `max_iter` outside its domain.
    #[error("`max_iter` must be at least 1, got {got}")]
    MaxIter {
        /// The value given.
        got: usize,
    },
    /// `l1_ratio` outside its domain.
    #[error("`l1_ratio` must be in [0, 1], got {got}")]
    L1Ratio {
        /// The value given.
        got: f64,
    },
    /// An elastic net without its mixing ratio.
    #[error("`l1_ratio` must be given for the penalty elasticnet")]
    L1RatioMissing,
    /// A mixing ratio for a penalty that has none.
    #[error("`l1_ratio` must be given for the penalty elasticnet only, got {got} for {penalty}")]
    L1RatioUnused {
        /// The penalty named.
        penalty: &'static str,
        /// The ratio given.
        got: f64,
    },
    /// A name that names nothing.
    #[error("`{name}` must be one of {allowed}, got {got:?}")]
    UnknownName {
        /// The parameter.
        name: &'static str,
        /// The names there are.
        allowed: &'static str,
        /// The name given.
        got: String,
    },
    /// A penalty that the solver does not have.
    #[error("`penalty` must be l2 or none for the solver {solver}, got {penalty}")]
    PenaltyUnsupported {
        /// The solver asked for.
        solver: Solver,
        /// The penalty asked for.
        penalty: &'static str,
    },
    /// Weights for a solver that has none.
    #[error(
        "`{name}` must not be given for the solver {solver}; lbfgs and newton-cholesky take weights"
    )]
    WeightsUnsupported {
        /// The kind of weights: `sample_weight` or `class_weight`.
        name: &'static str,
        /// The solver asked for.
        solver: Solver,
    },
    /// More parameters than a solver that keeps a matrix of them can hold.
    #[error(
        "`x` must give at most {limit} parameters for the solver {solver}, got {got}; lbfgs has no limit"
    )]
    TooManyParameters {
        /// The solver asked for.
        solver: Solver,
        /// The most it takes.
        limit: usize,
        /// (features + intercept) × (1 for two classes, otherwise the number of classes).
        got: usize,
    },
    /// More classes than a solver takes.
    #[error(
        "`y` must have 2 classes for the solver {solver}, got {got}; lbfgs and newton-cholesky take more"
    )]
    TooManyClasses {
        /// The solver asked for.
        solver: Solver,
        /// The classes there are.
        got: usize,
    },
    /// A feature too large or too small to be squared.
    #[error(
        "`x` must have features of mean magnitude 0 or in [{low:e}, {high:e}] for the solver {solver}, got {got:e} in \
         column {column} (counted from 0)"
    )]
    FeatureScale {
        /// The solver asked for.
        solver: Solver,
        /// The column, counted from 0.
        column: usize,
        /// The smallest mean it takes.
        low: f64,
        /// The largest mean it takes.
        high: f64,
        /// The weighted mean of the absolute values.
        got: f64,
    },
    /// Numbers beyond what a solver can compute with.
    #[error("`{name}` must be within ±{limit:e} for the solver {solver}, got {got:e}")]
    TooLarge {
        /// The parameter or column at fault.
        name: &'static str,
        /// The solver asked for.
        solver: Solver,
        /// The largest absolute value it takes.
        limit: f64,
        /// The largest absolute value there is.
        got: f64,
    },
    /// Columns that describe the same rows differ in length.
    #[error("`{name}` must have {}, got {got}", counted(expected, "row"))]
    Length {
        /// The column at fault.
        name: &'static str,
        /// Rows of `x`.
        expected: usize,
        /// Rows it has.
        got: usize,
    },
    /// No rows.
    #[error("`x` must have at least 1 row, got 0")]
    NoSamples,
    /// No columns.
    #[error("`x` must have at least 1 feature, got 0")]
    NoFeatures,
    /// A feature value that is NaN or infinite.
    #[error("`x` must be finite, got {value} in row {row}, column {column} (both counted from 0)")]
    NotFinite {
        /// The row, counted from 0.
        row: usize,
        /// The column, counted from 0.
        column: usize,
        /// The value found.
        value: f64,
    },
    /// Fewer than two classes have rows.
    #[error(
        "`y` must have at least 2 classes, got only `{class}` in {}",
        counted(n_samples, "row")
    )]
    OneClass {
        /// The class found.
        class: Label,
        /// Rows there are.
        n_samples: usize,
    },
    /// A sample weight outside its domain.
    #[error("`sample_weight` must be in [0, inf), got {value} in row {row} (counted from 0)")]
    SampleWeight {
        /// The row, counted from 0.
        row: usize,
        /// The weight found.
        value: f64,
    },
    /// A class weight outside its domain.
    #[error("`class_weight` must be in [0, inf), got {value} for class `{class}`")]
    ClassWeight {
        /// The class.
        class: Label,
        /// The weight found.
        value: f64,
    },
    /// A class weighted twice.
    #[error("`class_weight` must name a class once, got `{class}` twice")]
    ClassWeightTwice {
        /// The class.
        class: Label,
    },
    /// A class weight for a class without rows, while a class with rows has none: most likely a misspelt name.
    #[error("`class_weight` names `{unknown}`, which has no rows, but not `{missing}`, which has")]
    ClassWeightUnknown {
        /// The first name that is not a class.
        unknown: Label,
        /// The first class that is not named.
        missing: Label,
    },
    /// All rows of a class have weight 0, so its probability has no estimate.
    #[error("the weight of class `{class}` must be above 0 in at least 1 row, got 0 in all")]
    ClassWithoutWeight {
        /// The class.
        class: Label,
    },
    /// A sum of weights, or `1 / (c * sum of weights)`, beyond the largest double.
    #[error("`{name}` is too extreme: {quantity} overflows")]
    Overflow {
        /// The parameter or column at fault.
        name: &'static str,
        /// What overflows.
        quantity: &'static str,
    },
    /// The fit ended in numbers that are not finite.
    #[error("`x` must be scaled down for the solver {solver}: its fit overflowed")]
    FitOverflow {
        /// The solver.
        solver: Solver,
    },
    /// linfa refused or failed.
    #[error("the solver linfa failed")]
    Linfa {
        /// What linfa said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Features for prediction that are not those of the fit.
    #[error(
        "`x` must have {}, as the model was fitted with, got {got}",
        counted(expected, "feature")
    )]
    FeatureCount {
        /// Features of the fit.
        expected: usize,
        /// Features given.
        got: usize,
    },
    /// A class that the model does not know.
    #[error(
        "`positive` must be one of the classes {}, got `{positive}`",
        listed(classes)
    )]
    PositiveUnknown {
        /// The class asked for.
        positive: Label,
        /// The classes of the model.
        classes: Vec<Label>,
    },
    /// A score beyond the largest double.
    #[error(
        "`x` must give finite scores, got {value} in row {row} (counted from 0): scale the features down"
    )]
    ScoreOverflow {
        /// The row, counted from 0.
        row: usize,
        /// The score computed.
        value: f64,
    },
    /// Parts that do not fit together into a model.
    #[error("`{name}` must have {}, got {got}", counted(expected, "entry"))]
    PartLength {
        /// The part at fault.
        name: &'static str,
        /// Entries that the parts before it ask for.
        expected: usize,
        /// Entries it has.
        got: usize,
    },
    /// A part without what every model has: two classes and a feature.
    #[error("`{name}` must have at least {}, got {got}", counted(least, "entry"))]
    PartTooShort {
        /// The part at fault.
        name: &'static str,
        /// The fewest entries.
        least: usize,
        /// Entries it has.
        got: usize,
    },
    /// A number in a part that is NaN, infinite or negative where it cannot be.
    #[error("`{name}` must be {domain}, got {value} in entry {index} (counted from 0)")]
    PartValue {
        /// The part at fault.
        name: &'static str,
        /// What is allowed.
        domain: &'static str,
        /// The entry, counted from 0, row by row.
        index: usize,
        /// The number found.
        value: f64,
    },
    /// A noun that could not be made.
    #[error(transparent)]
    Core(#[from] cutpoint_core::Error),
}

/// The result of a fit or a prediction.
pub type Result<T, E = Error> = std::result::Result<T, E>;
