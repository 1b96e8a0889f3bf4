//! How a fit ended: data for the caller to judge. Nothing is printed or decided here.

use std::fmt;
use std::str::FromStr;

use cutpoint_core::counted;

use crate::{Error, Result, Solver};

/// Why a minimiser stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The gradient is within the tolerance.
    Gradient,
    /// The loss no longer falls by more than its rounding error.
    Loss,
    /// The loss no longer falls by more than its rounding error, but the gradient is not within the tolerance: features
    /// far from 0, or of very different sizes, hide the way down. Standardise them, or take `newton-cholesky`.
    Stalled,
    /// `max_iter` iterations were made.
    MaxIter,
    /// The limit of evaluations of the loss was reached.
    MaxEvaluations,
    /// No lower loss was found along the search direction.
    LineSearch,
    /// A plane separates the classes, all rows or those that do not lie in it, and nothing is penalised: the loss falls
    /// forever, the coefficients grow without bound, and there is no optimum. Penalise, or take the coefficients for a
    /// separating plane only.
    Separable,
    /// The solver stopped short of the tolerance and does not say why.
    Unreported,
}

impl StopReason {
    const ALL: [Self; 8] = [
        Self::Gradient,
        Self::Loss,
        Self::Stalled,
        Self::MaxIter,
        Self::MaxEvaluations,
        Self::LineSearch,
        Self::Separable,
        Self::Unreported,
    ];

    /// Its name, which `parse` reads back.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gradient => "gradient",
            Self::Loss => "loss",
            Self::Stalled => "stalled",
            Self::MaxIter => "max-iter",
            Self::MaxEvaluations => "max-evaluations",
            Self::LineSearch => "line-search",
            Self::Separable => "separable",
            Self::Unreported => "unreported",
        }
    }

    /// Whether the solver reached what it looked for.
    pub fn is_converged(self) -> bool {
        matches!(self, Self::Gradient | Self::Loss)
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for StopReason {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.name() == name)
            .ok_or_else(|| Error::UnknownName {
                name: "reason",
                allowed: "gradient, loss, stalled, max-iter, max-evaluations, line-search, separable, unreported",
                got: name.to_owned(),
            })
    }
}

/// How a fit ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Convergence {
    solver: Solver,
    reason: StopReason,
    iterations: Option<usize>,
    evaluations: Option<usize>,
    loss: f64,
    gradient_norm: f64,
}

impl Convergence {
    /// A record of how a fit ended, for example one read from a file.
    ///
    /// # Errors
    /// [`Error::PartValue`] for a loss or a gradient norm that is negative, NaN or infinite.
    pub fn new(
        solver: Solver,
        reason: StopReason,
        iterations: Option<usize>,
        evaluations: Option<usize>,
        loss: f64,
        gradient_norm: f64,
    ) -> Result<Self> {
        for (name, value) in [("loss", loss), ("gradient_norm", gradient_norm)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(Error::PartValue {
                    name,
                    domain: "finite and in [0, inf)",
                    index: 0,
                    value,
                });
            }
        }
        Ok(Self {
            solver,
            reason,
            iterations,
            evaluations,
            loss,
            gradient_norm,
        })
    }

    /// The solver that ran.
    pub fn solver(&self) -> Solver {
        self.solver
    }

    /// Why it stopped.
    pub fn reason(&self) -> StopReason {
        self.reason
    }

    /// Whether it reached what it looked for.
    pub fn is_converged(&self) -> bool {
        self.reason.is_converged()
    }

    /// Iterations made; scikit-learn's `n_iter_` for `lbfgs`. `None` if the solver does not say.
    pub fn iterations(&self) -> Option<usize> {
        self.iterations
    }

    /// Evaluations of the loss and its gradient. `None` if the solver does not say.
    pub fn evaluations(&self) -> Option<usize> {
        self.evaluations
    }

    /// The objective at the solution: weighted mean loss plus penalty; at least 0.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The largest absolute component of the objective's gradient at the solution; at least 0.
    pub fn gradient_norm(&self) -> f64 {
        self.gradient_norm
    }
}

impl fmt::Display for Convergence {
    /// One sentence without a full stop, such as "lbfgs converged after 10 iterations (gradient norm 3.1e-5)".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.is_converged() {
            "converged"
        } else {
            "did not converge: it stopped"
        };
        write!(formatter, "{} {verb}", self.solver)?;
        if let Some(iterations) = self.iterations {
            write!(formatter, " after {}", counted(iterations, "iteration"))?;
        }
        let why = match self.reason {
            StopReason::Gradient | StopReason::Loss => "",
            StopReason::Stalled => {
                " short of `tol`, where the loss no longer falls by more than it rounds: standardise the features, or \
                 take `newton-cholesky`"
            }
            StopReason::MaxIter => ", the most that `max_iter` allows",
            StopReason::MaxEvaluations => " at the limit of evaluations",
            StopReason::LineSearch => " where no lower loss was found",
            StopReason::Separable => {
                " because the classes are separable, all rows or some, and nothing is penalised, so there is no optimum"
            }
            StopReason::Unreported => " short of `tol` without saying why",
        };
        write!(
            formatter,
            "{why} (gradient norm {:.1e})",
            self.gradient_norm
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_read_back() {
        for reason in StopReason::ALL {
            assert_eq!(reason.to_string().parse::<StopReason>().unwrap(), reason);
        }
        assert!("Gradient".parse::<StopReason>().is_err());
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let convergence = |reason, iterations| {
            Convergence::new(Solver::Lbfgs, reason, iterations, None, 0.5, 3.14e-5)
                .unwrap()
                .to_string()
        };
        assert_eq!(
            convergence(StopReason::Gradient, Some(10)),
            "lbfgs converged after 10 iterations (gradient norm 3.1e-5)"
        );
        assert_eq!(
            convergence(StopReason::MaxIter, Some(1)),
            "lbfgs did not converge: it stopped after 1 iteration, the most that `max_iter` allows (gradient norm \
             3.1e-5)"
        );
        assert_eq!(
            convergence(StopReason::Unreported, None),
            "lbfgs did not converge: it stopped short of `tol` without saying why (gradient norm 3.1e-5)"
        );
    }

    #[test]
    fn numbers_must_be_finite() {
        let error = Convergence::new(
            Solver::Lbfgs,
            StopReason::Gradient,
            None,
            None,
            0.1,
            f64::NAN,
        )
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "`gradient_norm` must be finite and in [0, inf), got NaN in entry 0 (counted from 0)"
        );
    }
}
