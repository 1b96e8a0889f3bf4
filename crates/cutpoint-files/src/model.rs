//! Fitted models as JSON that keeps every bit.
//!
//! A file that is cut, foreign, newer or inconsistent is an error.
//!
//! ```text
//! {
//!   "format": "cutpoint-model",      always
//!   "version": 1,                    of this layout; a reader refuses a higher one
//!   "kind": "logistic",
//!   "target": "y",                   the column the labels came from
//!   "positive": 1,                   the class that scores are for; null unless there are two classes
//!   "classes": [0, 1],               whole numbers, text, or false and true; ascending
//!   "features": ["x0", "x1"],
//!   "coef": [[0.5, -1.25]],          one row an output: 1 for two classes (the larger), otherwise one a class
//!   "intercept": [0.125],
//!   "params": {…},
//!   "convergence": {…}
//! }
//! ```

use std::path::Path;

use cutpoint_core::Label;
use cutpoint_logistic::{
    ClassWeight, Convergence, FittedLogistic, Intercept, LogisticParams, Penalty,
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::document::{Document, read_document};
use crate::{Error, Output, Result};

const VERSION: u64 = 1;
const KIND: &str = "logistic";

/// A fitted model with what a later run needs to use it: the name of the label column and the positive class.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedModel {
    fitted: FittedLogistic,
    target: String,
    positive: Option<Label>,
}

impl SavedModel {
    /// A model and the column its labels came from. The positive class is kept if there are two classes.
    ///
    /// # Errors
    /// [`cutpoint_logistic::Error::PositiveUnknown`] if the positive class is none of the model's.
    pub fn new(
        fitted: FittedLogistic,
        target: impl Into<String>,
        positive: Option<Label>,
    ) -> Result<Self, cutpoint_logistic::Error> {
        if let Some(positive) = &positive
            && !fitted.classes().contains(positive)
        {
            return Err(cutpoint_logistic::Error::PositiveUnknown {
                positive: positive.clone(),
                classes: fitted.classes().to_vec(),
            });
        }
        let positive = positive.filter(|_| fitted.n_classes() == 2);
        Ok(Self {
            fitted,
            target: target.into(),
            positive,
        })
    }

    /// The model.
    pub fn fitted(&self) -> &FittedLogistic {
        &self.fitted
    }

    /// The name of the label column.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The class that scores are for, if there are two classes.
    pub fn positive(&self) -> Option<&Label> {
        self.positive.as_ref()
    }
}

/// A model and how it was fitted, as an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitAnswer {
    /// Rows it was fitted to.
    pub n_samples: usize,
    /// Features of these.
    pub n_features: usize,
    /// The name of the label column.
    pub target: String,
    /// The classes, ascending.
    pub classes: Vec<Label>,
    /// The class that scores are for, if there are two classes.
    pub positive: Option<Label>,
    /// The names of the features.
    pub features: Vec<String>,
    /// A row an output: 1 for two classes (the larger), otherwise one a class.
    pub coef: Vec<Vec<f64>>,
    /// One an output.
    pub intercept: Vec<f64>,
    /// The name of the solver.
    pub solver: &'static str,
    /// Whether it converged.
    pub converged: bool,
    /// The name of the reason why it stopped.
    pub reason: &'static str,
    /// How many iterations it took, if the solver tells.
    pub iterations: Option<usize>,
    /// How often the loss was evaluated, if the solver tells.
    pub evaluations: Option<usize>,
    /// The loss at the end.
    pub loss: f64,
    /// How long its gradient is there.
    pub gradient_norm: f64,
}

impl FitAnswer {
    /// A model that was fitted to so many rows.
    pub fn new(model: &SavedModel, n_samples: usize) -> Self {
        let fitted = model.fitted();
        let convergence = fitted.convergence();
        let coef = fitted.coef();
        Self {
            n_samples,
            n_features: fitted.feature_names().len(),
            target: model.target().to_owned(),
            classes: fitted.classes().to_vec(),
            positive: model.positive().cloned(),
            features: fitted.feature_names().to_vec(),
            coef: coef.outer_iter().map(|row| row.to_vec()).collect(),
            intercept: fitted.intercept().to_vec(),
            solver: convergence.solver().name(),
            converged: convergence.is_converged(),
            reason: convergence.reason().name(),
            iterations: convergence.iterations(),
            evaluations: convergence.evaluations(),
            loss: convergence.loss(),
            gradient_norm: convergence.gradient_norm(),
        }
    }
}

/// What tells one kind of model from another.
#[derive(Deserialize)]
struct Envelope {
    kind: String,
}

/// Version 1.
#[derive(Serialize, Deserialize)]
struct ModelFile {
    format: String,
    version: u64,
    kind: String,
    target: String,
    positive: Option<Label>,
    classes: Vec<Label>,
    features: Vec<String>,
    coef: Vec<Vec<f64>>,
    intercept: Vec<f64>,
    params: ParamsPart,
    convergence: ConvergencePart,
}

/// JSON has no infinity; `c` may be infinite.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Number {
    Finite(f64),
    Infinite(Infinity),
}

#[derive(Serialize, Deserialize)]
enum Infinity {
    #[serde(rename = "inf")]
    Positive,
}

#[derive(Serialize, Deserialize)]
struct ParamsPart {
    solver: String,
    penalty: String,
    l1_ratio: Option<f64>,
    c: Number,
    tol: f64,
    max_iter: usize,
    intercept: bool,
    class_weight: ClassWeightPart,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum ClassWeightPart {
    None(()),
    Named(Balanced),
    Given(Vec<(Label, f64)>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Balanced {
    Balanced,
}

#[derive(Serialize, Deserialize)]
struct ConvergencePart {
    solver: String,
    reason: String,
    iterations: Option<usize>,
    evaluations: Option<usize>,
    loss: f64,
    gradient_norm: f64,
}

/// Writes a model: one layout, keys always in the same order, numbers in the shortest form that keeps their bits.
///
/// # Errors
/// [`Error::Write`] if the system refuses.
///
/// # Panics
/// Never: a fitted model holds finite numbers only, and those have a place in JSON.
pub fn write_model(output: &mut Output, model: &SavedModel) -> Result<()> {
    let fitted = &model.fitted;
    let file = ModelFile {
        format: Document::Model.format().to_owned(),
        version: VERSION,
        kind: KIND.to_owned(),
        target: model.target.clone(),
        positive: model.positive.clone(),
        classes: fitted.classes().to_vec(),
        features: fitted.feature_names().to_vec(),
        coef: fitted.coef().outer_iter().map(|row| row.to_vec()).collect(),
        intercept: fitted.intercept().to_vec(),
        params: fitted.params().into(),
        convergence: fitted.convergence().into(),
    };
    let mut text = serde_json::to_string_pretty(&file).expect("finite numbers and text keys");
    text.push('\n');
    output.put(text.as_bytes())
}

/// Reads a model, from stdin for `-`.
///
/// # Errors
/// - [`Error::Read`], [`Error::Directory`] if the file cannot be opened.
/// - [`Error::DocumentSyntax`] for what is not JSON, or is cut.
/// - [`Error::ForeignDocument`], [`Error::NewerDocument`], [`Error::ModelKind`] for JSON that is no model of this
///   version.
/// - [`Error::DocumentField`], [`Error::ModelPart`] for parts that are missing or do not fit together.
pub fn read_model(path: &Path) -> Result<SavedModel> {
    let value = read_document(path, Document::Model, VERSION)?;
    let field_failed = |source| Error::DocumentField {
        path: path.to_owned(),
        document: Document::Model,
        source,
    };
    let envelope = Envelope::deserialize(&value).map_err(field_failed)?;
    if envelope.kind != KIND {
        return Err(Error::ModelKind {
            path: path.to_owned(),
            kind: envelope.kind,
        });
    }
    let file = ModelFile::deserialize(value).map_err(field_failed)?;
    file.into_model().map_err(|source| Error::ModelPart {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

impl ModelFile {
    fn into_model(self) -> Result<SavedModel, cutpoint_logistic::Error> {
        let n_features = self.features.len();
        if let Some(row) = self.coef.iter().find(|row| row.len() != n_features) {
            return Err(cutpoint_logistic::Error::PartLength {
                name: "coef[0]",
                expected: n_features,
                got: row.len(),
            });
        }
        let coef = Array2::from_shape_vec((self.coef.len(), n_features), self.coef.concat())
            .expect("every row has one number a feature");
        let fitted = FittedLogistic::from_parts(
            self.params.into_params()?,
            self.classes,
            self.features,
            coef,
            self.intercept,
            self.convergence.into_convergence()?,
        )?;
        SavedModel::new(fitted, self.target, self.positive)
    }
}

impl From<&LogisticParams> for ParamsPart {
    fn from(params: &LogisticParams) -> Self {
        let c = params.get_c();
        Self {
            solver: params.get_solver().to_string(),
            penalty: params.get_penalty().to_string(),
            l1_ratio: params.get_penalty().l1_ratio(),
            c: if c.is_finite() {
                Number::Finite(c)
            } else {
                Number::Infinite(Infinity::Positive)
            },
            tol: params.get_tol(),
            max_iter: params.get_max_iter(),
            intercept: params.get_intercept() == Intercept::Fit,
            class_weight: match params.get_class_weight() {
                ClassWeight::None => ClassWeightPart::None(()),
                ClassWeight::Balanced => ClassWeightPart::Named(Balanced::Balanced),
                ClassWeight::Given(weights) => ClassWeightPart::Given(weights.clone()),
            },
        }
    }
}

impl ParamsPart {
    fn into_params(self) -> Result<LogisticParams, cutpoint_logistic::Error> {
        let class_weight = match self.class_weight {
            ClassWeightPart::None(()) => ClassWeight::None,
            ClassWeightPart::Named(Balanced::Balanced) => ClassWeight::Balanced,
            ClassWeightPart::Given(weights) => ClassWeight::Given(weights),
        };
        Ok(LogisticParams::default()
            .solver(self.solver.parse()?)
            .penalty(Penalty::from_name(&self.penalty, self.l1_ratio)?)
            .c(match self.c {
                Number::Finite(c) => c,
                Number::Infinite(Infinity::Positive) => f64::INFINITY,
            })
            .tol(self.tol)
            .max_iter(self.max_iter)
            .intercept(if self.intercept {
                Intercept::Fit
            } else {
                Intercept::None
            })
            .class_weight(class_weight))
    }
}

impl From<&Convergence> for ConvergencePart {
    fn from(convergence: &Convergence) -> Self {
        Self {
            solver: convergence.solver().to_string(),
            reason: convergence.reason().to_string(),
            iterations: convergence.iterations(),
            evaluations: convergence.evaluations(),
            loss: convergence.loss(),
            gradient_norm: convergence.gradient_norm(),
        }
    }
}

impl ConvergencePart {
    fn into_convergence(self) -> Result<Convergence, cutpoint_logistic::Error> {
        Convergence::new(
            self.solver.parse()?,
            self.reason.parse()?,
            self.iterations,
            self.evaluations,
            self.loss,
            self.gradient_norm,
        )
    }
}
