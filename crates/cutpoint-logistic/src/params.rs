//! The parameters of a fit and the types of their choices. They are checked here, but not used.

use std::fmt;
use std::str::FromStr;

use cutpoint_core::Label;

use crate::{Error, Result};

/// What is added to the loss to keep coefficients small. The intercept is never penalised.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Penalty {
    /// Half the sum of squared coefficients.
    #[default]
    L2,
    /// Nothing; the same as `c = inf`. Data that a plane separates then have no optimum.
    None,
    /// The sum of absolute coefficients. No solver here has it yet.
    L1,
    /// `l1_ratio` × L1 + (1 - `l1_ratio`) × L2. No solver here has it yet.
    ElasticNet {
        /// The share of L1, in [0, 1]; larger sets more coefficients to 0.
        l1_ratio: f64,
    },
}

impl Penalty {
    const NAMES: &'static str = "l2, none, l1, elasticnet";

    /// A penalty by its name: `l2`, `none`, `l1` or `elasticnet`; the last takes an `l1_ratio`, the others none.
    ///
    /// # Errors
    /// - [`Error::UnknownName`] for another name.
    /// - [`Error::L1RatioMissing`], [`Error::L1RatioUnused`] if the ratio does not go with the name.
    pub fn from_name(name: &str, l1_ratio: Option<f64>) -> Result<Self> {
        let penalty = match name {
            "l2" => Self::L2,
            "none" => Self::None,
            "l1" => Self::L1,
            "elasticnet" => {
                let l1_ratio = l1_ratio.ok_or(Error::L1RatioMissing)?;
                return Ok(Self::ElasticNet { l1_ratio });
            }
            _ => {
                return Err(Error::UnknownName {
                    name: "penalty",
                    allowed: Self::NAMES,
                    got: name.to_owned(),
                });
            }
        };
        match l1_ratio {
            Some(got) => Err(Error::L1RatioUnused {
                penalty: penalty.name(),
                got,
            }),
            None => Ok(penalty),
        }
    }

    /// Its name, as [`Penalty::from_name`] takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::L2 => "l2",
            Self::None => "none",
            Self::L1 => "l1",
            Self::ElasticNet { .. } => "elasticnet",
        }
    }

    /// The share of L1, if this is an elastic net.
    pub fn l1_ratio(self) -> Option<f64> {
        match self {
            Self::ElasticNet { l1_ratio } => Some(l1_ratio),
            _ => None,
        }
    }
}

impl fmt::Display for Penalty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Penalty {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::from_name(name, None)
    }
}

/// Which minimiser runs. All of them minimise the same objective; they differ in where they stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Solver {
    /// scikit-learn's own iteration: stops early, at the same point as scikit-learn's `lbfgs`.
    #[default]
    Lbfgs,
    /// Newton's method: runs on to the optimum itself; best for many rows and up to a few hundred features.
    NewtonCholesky,
    /// The crate linfa-logistic. Two classes, no weights.
    Linfa,
}

impl Solver {
    const NAMES: &'static str = "lbfgs, newton-cholesky, linfa";

    /// Its name: `lbfgs`, `newton-cholesky` or `linfa`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lbfgs => "lbfgs",
            Self::NewtonCholesky => "newton-cholesky",
            Self::Linfa => "linfa",
        }
    }
}

impl fmt::Display for Solver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Solver {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        [Self::Lbfgs, Self::NewtonCholesky, Self::Linfa]
            .into_iter()
            .find(|solver| solver.name() == name)
            .ok_or_else(|| Error::UnknownName {
                name: "solver",
                allowed: Self::NAMES,
                got: name.to_owned(),
            })
    }
}

/// What the rows of each class weigh, on top of their sample weights.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ClassWeight {
    /// 1 each.
    #[default]
    None,
    /// Every class weighs the same in total: (sum of weights) / (`n_classes` × sum of weights of the class).
    Balanced,
    /// The weight of each class named, in [0, inf); a class that is not named weighs 1.
    Given(Vec<(Label, f64)>),
}

/// Whether the plane may miss the origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Intercept {
    /// An intercept is fitted, without penalty.
    #[default]
    Fit,
    /// The intercept is 0.
    None,
}

/// The parameters of a fit. The default is scikit-learn's `LogisticRegression()`.
///
/// # Examples
/// ```
/// use cutpoint_logistic::{LogisticParams, Solver};
///
/// let params = LogisticParams::default().c(0.5).solver(Solver::NewtonCholesky);
/// assert!(params.check().is_ok());
/// let error = LogisticParams::default().c(-1.0).check().unwrap_err();
/// assert_eq!(error.to_string(), "`c` must be in (0, inf], got -1");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticParams {
    penalty: Penalty,
    c: f64,
    solver: Solver,
    tol: f64,
    max_iter: usize,
    intercept: Intercept,
    class_weight: ClassWeight,
}

impl Default for LogisticParams {
    fn default() -> Self {
        Self {
            penalty: Penalty::L2,
            c: 1.0,
            solver: Solver::Lbfgs,
            tol: 1e-4,
            max_iter: 100,
            intercept: Intercept::Fit,
            class_weight: ClassWeight::None,
        }
    }
}

impl LogisticParams {
    /// The penalty. Default: [`Penalty::L2`].
    #[must_use]
    pub fn penalty(mut self, penalty: Penalty) -> Self {
        self.penalty = penalty;
        self
    }

    /// The inverse of the penalty's strength. Default: 1; domain: (0, inf]; larger penalises less, inf not at all.
    /// Not used with [`Penalty::None`].
    #[must_use]
    pub fn c(mut self, c: f64) -> Self {
        self.c = c;
        self
    }

    /// The minimiser. Default: [`Solver::Lbfgs`].
    #[must_use]
    pub fn solver(mut self, solver: Solver) -> Self {
        self.solver = solver;
        self
    }

    /// When to stop. Default: 1e-4; domain: [0, inf); larger stops earlier.
    ///
    /// `lbfgs` and `linfa` stop once no component of the gradient of the mean loss exceeds it; `linfa` cannot get it
    /// below about 3e-8 times the length of a row. `newton-cholesky` holds each component against the largest it could
    /// be, and against `min(tol, 1e-12)`: it always goes on to the optimum.
    #[must_use]
    pub fn tol(mut self, tol: f64) -> Self {
        self.tol = tol;
        self
    }

    /// The most iterations. Default: 100; domain: [1, inf); larger runs longer before giving up.
    #[must_use]
    pub fn max_iter(mut self, max_iter: usize) -> Self {
        self.max_iter = max_iter;
        self
    }

    /// Whether there is an intercept. Default: [`Intercept::Fit`].
    #[must_use]
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// What the classes weigh. Default: [`ClassWeight::None`].
    #[must_use]
    pub fn class_weight(mut self, class_weight: ClassWeight) -> Self {
        self.class_weight = class_weight;
        self
    }

    /// The penalty.
    pub fn get_penalty(&self) -> Penalty {
        self.penalty
    }

    /// The inverse of the penalty's strength, as set.
    pub fn get_c(&self) -> f64 {
        self.c
    }

    /// The minimiser.
    pub fn get_solver(&self) -> Solver {
        self.solver
    }

    /// The tolerance.
    pub fn get_tol(&self) -> f64 {
        self.tol
    }

    /// The most iterations.
    pub fn get_max_iter(&self) -> usize {
        self.max_iter
    }

    /// Whether there is an intercept.
    pub fn get_intercept(&self) -> Intercept {
        self.intercept
    }

    /// What the classes weigh.
    pub fn get_class_weight(&self) -> &ClassWeight {
        &self.class_weight
    }

    /// `c`, or infinity without a penalty.
    pub(crate) fn effective_c(&self) -> f64 {
        match self.penalty {
            Penalty::None => f64::INFINITY,
            _ => self.c,
        }
    }

    /// Checks every parameter, and that they go together.
    ///
    /// # Errors
    /// - [`Error::C`], [`Error::Tol`], [`Error::MaxIter`], [`Error::L1Ratio`] outside the domains.
    /// - [`Error::ClassWeight`], [`Error::ClassWeightTwice`] for weights that are negative, not finite or doubled.
    /// - [`Error::PenaltyUnsupported`], [`Error::WeightsUnsupported`] for what the solver does not have.
    pub fn check(&self) -> Result<()> {
        if self.c.is_nan() || self.c <= 0.0 {
            return Err(Error::C { got: self.c });
        }
        if !(self.tol >= 0.0 && self.tol.is_finite()) {
            return Err(Error::Tol { got: self.tol });
        }
        if self.max_iter == 0 {
            return Err(Error::MaxIter { got: 0 });
        }
        if let Penalty::ElasticNet { l1_ratio } = self.penalty
            && !(0.0..=1.0).contains(&l1_ratio)
        {
            return Err(Error::L1Ratio { got: l1_ratio });
        }
        if let ClassWeight::Given(weights) = &self.class_weight {
            for (position, (class, value)) in weights.iter().enumerate() {
                if !(*value >= 0.0 && value.is_finite()) {
                    return Err(Error::ClassWeight {
                        class: class.clone(),
                        value: *value,
                    });
                }
                if weights[..position].iter().any(|(other, _)| other == class) {
                    return Err(Error::ClassWeightTwice {
                        class: class.clone(),
                    });
                }
            }
        }
        if !matches!(self.penalty, Penalty::L2 | Penalty::None) {
            return Err(Error::PenaltyUnsupported {
                solver: self.solver,
                penalty: self.penalty.name(),
            });
        }
        if self.solver == Solver::Linfa && self.class_weight != ClassWeight::None {
            return Err(Error::WeightsUnsupported {
                name: "class_weight",
                solver: self.solver,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(params: &LogisticParams, expected: &str) {
        assert_eq!(params.check().unwrap_err().to_string(), expected);
    }

    #[test]
    fn domains_are_checked() {
        let params = LogisticParams::default;
        assert!(params().check().is_ok());
        assert!(params().c(f64::INFINITY).check().is_ok());
        assert!(params().tol(0.0).max_iter(1).check().is_ok());
        check_refused(&params().c(0.0), "`c` must be in (0, inf], got 0");
        check_refused(&params().c(f64::NAN), "`c` must be in (0, inf], got NaN");
        check_refused(
            &params().tol(-1e-9),
            "`tol` must be in [0, inf), got -0.000000001",
        );
        check_refused(
            &params().tol(f64::INFINITY),
            "`tol` must be in [0, inf), got inf",
        );
        check_refused(
            &params().max_iter(0),
            "`max_iter` must be at least 1, got 0",
        );
        check_refused(
            &params().penalty(Penalty::ElasticNet { l1_ratio: 1.5 }),
            "`l1_ratio` must be in [0, 1], got 1.5",
        );
        let weights = |weights: &[(&str, f64)]| {
            let weights = weights.iter().map(|&(class, value)| (class.into(), value));
            params().class_weight(ClassWeight::Given(weights.collect()))
        };
        check_refused(
            &weights(&[("a", 1.0), ("b", -2.0)]),
            "`class_weight` must be in [0, inf), got -2 for class `b`",
        );
        check_refused(
            &weights(&[("a", 1.0), ("a", 1.0)]),
            "`class_weight` must name a class once, got `a` twice",
        );
    }

    #[test]
    fn what_a_solver_lacks_is_refused_by_name() {
        let params = LogisticParams::default;
        check_refused(
            &params().penalty(Penalty::L1),
            "`penalty` must be l2 or none for the solver lbfgs, got l1",
        );
        check_refused(
            &params()
                .penalty(Penalty::ElasticNet { l1_ratio: 0.5 })
                .solver(Solver::NewtonCholesky),
            "`penalty` must be l2 or none for the solver newton-cholesky, got elasticnet",
        );
        check_refused(
            &params()
                .solver(Solver::Linfa)
                .class_weight(ClassWeight::Balanced),
            "`class_weight` must not be given for the solver linfa; lbfgs and newton-cholesky take weights",
        );
    }

    #[test]
    fn names_read_back() {
        for solver in [Solver::Lbfgs, Solver::NewtonCholesky, Solver::Linfa] {
            assert_eq!(solver.to_string().parse::<Solver>().unwrap(), solver);
        }
        for penalty in [
            Penalty::L2,
            Penalty::None,
            Penalty::L1,
            Penalty::ElasticNet { l1_ratio: 0.25 },
        ] {
            let read = Penalty::from_name(penalty.name(), penalty.l1_ratio()).unwrap();
            assert_eq!(read, penalty);
        }
        assert_eq!(
            "newton".parse::<Solver>().unwrap_err().to_string(),
            "`solver` must be one of lbfgs, newton-cholesky, linfa, got \"newton\""
        );
        assert_eq!(
            "elasticnet".parse::<Penalty>().unwrap_err().to_string(),
            "`l1_ratio` must be given for the penalty elasticnet"
        );
        assert_eq!(
            Penalty::from_name("l2", Some(0.5)).unwrap_err().to_string(),
            "`l1_ratio` must be given for the penalty elasticnet only, got 0.5 for l2"
        );
    }
}
