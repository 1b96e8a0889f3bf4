//! The L-BFGS iteration that scikit-learn's solver `lbfgs` makes, step for step: a minimiser of any smooth function.
//! It does not know what it minimises.

use std::collections::VecDeque;

use crate::StopReason;
use crate::line_search::{LineSearch, MAX_STEP};
use crate::rows::{add_scaled, dot, max_abs};

/// Pairs of steps and gradient changes that are remembered.
const MEMORY: usize = 10;
/// Evaluations that one line search may make.
const MAX_TRIALS: usize = 50;
/// Evaluations in all.
const MAX_EVALUATIONS: usize = 15_000;
/// A relative fall of the loss below this is rounding.
const LOSS_TOLERANCE: f64 = 64.0 * f64::EPSILON;

/// Where a minimisation ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Minimum {
    parameters: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
    iterations: usize,
    evaluations: usize,
    reason: StopReason,
}

impl Minimum {
    pub(crate) fn new(
        at: Evaluation,
        iterations: usize,
        evaluations: usize,
        reason: StopReason,
    ) -> Self {
        Self {
            parameters: at.parameters,
            loss: at.loss,
            gradient: at.gradient,
            iterations,
            evaluations,
            reason,
        }
    }

    /// The point.
    pub fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    /// The value there.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The gradient there.
    pub fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    /// The largest absolute component of the gradient; infinity if one is NaN.
    pub fn gradient_norm(&self) -> f64 {
        max_abs(&self.gradient)
    }

    /// Iterations made.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Evaluations made.
    pub fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// Why the minimiser stopped.
    pub fn reason(&self) -> StopReason {
        self.reason
    }
}

/// A point with the value and gradient there.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    pub(crate) parameters: Vec<f64>,
    pub(crate) loss: f64,
    pub(crate) gradient: Vec<f64>,
}

/// A step, the change of the gradient over it, and their scalar product.
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    product: f64,
}

/// Minimises a smooth function from `start`.
///
/// `loss_and_gradient` takes a point, writes the gradient there into its second argument and returns the value. It may
/// fail (it may be a pass over a cluster); the first failure ends the minimisation.
///
/// - `tol`: stop once no component of the gradient exceeds it; in [0, inf), larger stops earlier.
/// - `max_iter`: the most iterations; in [1, inf).
///
/// The memory is 10 pairs. The iteration also ends once the loss falls by no more than 64 × 2^-52 ×
/// max(|old|, |new|, 1), after 15 000 evaluations, or when a line search of 50 evaluations finds no lower loss.
///
/// # Errors
/// Those of `loss_and_gradient`.
///
/// # Examples
/// ```
/// use std::convert::Infallible;
/// use cutpoint_logistic::lbfgs::minimize;
///
/// // (x - 3)² + 10 (y + 1)²
/// let minimum = minimize(vec![0.0, 0.0], 1e-9, 100, |at, gradient| {
///     let (x, y) = (at[0] - 3.0, at[1] + 1.0);
///     gradient.copy_from_slice(&[2.0 * x, 20.0 * y]);
///     Ok::<_, Infallible>(x * x + 10.0 * y * y)
/// })?;
/// assert!((minimum.parameters()[0] - 3.0).abs() < 1e-8);
/// assert!((minimum.parameters()[1] + 1.0).abs() < 1e-8);
/// assert!(minimum.reason().is_converged());
/// # Ok::<(), Infallible>(())
/// ```
///
/// # References
/// - R. H. Byrd, P. Lu, J. Nocedal and C. Zhu, 1995, A limited memory algorithm for bound constrained optimization,
///   SIAM Journal on Scientific Computing 16, 1190–1208; here without bounds.
/// - J. Nocedal and S. J. Wright, 2006, Numerical Optimization, algorithm 7.4 (two-loop recursion).
pub fn minimize<E>(
    start: Vec<f64>,
    tol: f64,
    max_iter: usize,
    mut loss_and_gradient: impl FnMut(&[f64], &mut [f64]) -> Result<f64, E>,
) -> Result<Minimum, E> {
    let mut gradient = vec![0.0; start.len()];
    let loss = loss_and_gradient(&start, &mut gradient)?;
    let mut evaluations = 1;
    let mut iterations = 0;
    let mut at = Evaluation {
        parameters: start,
        loss,
        gradient,
    };
    if max_abs(&at.gradient) <= tol {
        return Ok(Minimum::new(at, 0, evaluations, StopReason::Gradient));
    }
    let mut memory = Memory::default();
    loop {
        let direction = memory.direction(&at.gradient);
        let slope = dot(&at.gradient, &direction);
        let first_step = if iterations == 0 {
            (1.0 / dot(&direction, &direction).sqrt()).min(MAX_STEP)
        } else {
            1.0
        };
        let found = search(
            &at,
            &direction,
            slope,
            first_step,
            &mut evaluations,
            &mut loss_and_gradient,
        )?;
        let Some((next, step)) = found else {
            if memory.pairs.is_empty() {
                let reason = StopReason::LineSearch;
                return Ok(Minimum::new(at, iterations, evaluations, reason));
            }
            memory = Memory::default();
            continue;
        };
        iterations += 1;
        let fall = at.loss - next.loss;
        let size = at.loss.abs().max(next.loss.abs()).max(1.0);
        let reason = if iterations >= max_iter {
            Some(StopReason::MaxIter)
        } else if evaluations > MAX_EVALUATIONS {
            Some(StopReason::MaxEvaluations)
        } else if max_abs(&next.gradient) <= tol {
            Some(StopReason::Gradient)
        } else if fall <= LOSS_TOLERANCE * size {
            Some(StopReason::Loss)
        } else {
            None
        };
        if let Some(reason) = reason {
            return Ok(Minimum::new(next, iterations, evaluations, reason));
        }
        let next_slope = dot(&next.gradient, &direction);
        let product = (next_slope - slope) * step;
        // A pair without positive curvature would make the next direction one of ascent.
        if product > f64::EPSILON * (-slope * step) {
            let change = next
                .gradient
                .iter()
                .zip(&at.gradient)
                .map(|(new, old)| new - old)
                .collect();
            memory.push(Pair {
                step: direction.iter().map(|value| step * value).collect(),
                change,
                product,
            });
        }
        at = next;
    }
}

/// Searches along `direction`; the accepted point and step, or `None` if there is none.
fn search<E>(
    from: &Evaluation,
    direction: &[f64],
    slope: f64,
    first_step: f64,
    evaluations: &mut usize,
    loss_and_gradient: &mut impl FnMut(&[f64], &mut [f64]) -> Result<f64, E>,
) -> Result<Option<(Evaluation, f64)>, E> {
    if slope.is_nan() || slope >= 0.0 {
        return Ok(None);
    }
    let mut line = LineSearch::new(from.loss, slope, first_step);
    let mut step = first_step;
    let mut trial = from.clone();
    for _ in 0..MAX_TRIALS {
        trial.parameters.copy_from_slice(&from.parameters);
        add_scaled(&mut trial.parameters, step, direction);
        trial.loss = loss_and_gradient(&trial.parameters, &mut trial.gradient)?;
        *evaluations += 1;
        let trial_slope = dot(&trial.gradient, direction);
        match line.advance(step, trial.loss, trial_slope) {
            Some(next) => step = next,
            // An end of the bracket can be accepted where the loss overflowed; it is no minimum.
            None if !trial.loss.is_finite() => return Ok(None),
            None => return Ok(Some((trial, step))),
        }
    }
    Ok(None)
}

/// The pairs that stand for the inverse Hessian, oldest first.
struct Memory {
    pairs: VecDeque<Pair>,
    /// The scale of the initial Hessian.
    theta: f64,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            pairs: VecDeque::with_capacity(MEMORY),
            theta: 1.0,
        }
    }
}

impl Memory {
    fn push(&mut self, pair: Pair) {
        if self.pairs.len() == MEMORY {
            self.pairs.pop_front();
        }
        self.theta = dot(&pair.change, &pair.change) / pair.product;
        self.pairs.push_back(pair);
    }

    /// Minus the approximate inverse Hessian times the gradient.
    fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut direction = gradient.iter().map(|value| -value).collect::<Vec<_>>();
        let mut shares = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let share = dot(&pair.step, &direction) / pair.product;
            add_scaled(&mut direction, -share, &pair.change);
            shares.push(share);
        }
        for value in &mut direction {
            *value /= self.theta;
        }
        for (pair, share) in self.pairs.iter().zip(shares.iter().rev()) {
            let back = dot(&pair.change, &direction) / pair.product;
            add_scaled(&mut direction, share - back, &pair.step);
        }
        direction
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn a_loss_that_is_no_number_leaves_the_start() {
        let Ok(minimum) = minimize(vec![1.0], 1e-4, 100, |at, gradient| {
            gradient[0] = 1.0;
            Ok::<_, Infallible>(if at[0] < 1.0 { f64::NAN } else { 1.0 })
        });
        assert_eq!(minimum.reason(), StopReason::LineSearch);
        assert_eq!(minimum.parameters(), [1.0]);
        assert_eq!(
            (minimum.iterations(), minimum.evaluations()),
            (0, 1 + MAX_TRIALS)
        );
    }

    #[test]
    fn a_gradient_that_is_no_number_is_no_minimum() {
        let Ok(minimum) = minimize(vec![1.0], 1e300, 100, |_, gradient| {
            gradient[0] = f64::NAN;
            Ok::<_, Infallible>(1.0)
        });
        assert_eq!(minimum.reason(), StopReason::LineSearch);
        assert!(minimum.gradient_norm().is_infinite());
    }

    #[test]
    fn the_first_failure_ends_it() {
        let mut calls = 0;
        let result = minimize(vec![3.5], 1e-4, 100, |at, gradient| {
            calls += 1;
            if calls == 3 {
                return Err("the cluster is gone");
            }
            gradient[0] = 4.0 * at[0].powi(3);
            Ok(at[0].powi(4))
        });
        assert_eq!(result, Err("the cluster is gone"));
        assert_eq!(calls, 3);
    }

    #[test]
    fn pairs_beyond_the_memory_are_forgotten_oldest_first() {
        let mut memory = Memory::default();
        for index in 0..13 {
            let step = f64::from(index);
            memory.push(Pair {
                step: vec![step],
                change: vec![2.0],
                product: 4.0,
            });
        }
        assert_eq!(memory.pairs.len(), MEMORY);
        assert_eq!(memory.pairs[0].step, [3.0]);
        // 2 · 2 / 4
        assert!((memory.theta - 1.0).abs() < f64::EPSILON);
    }
}
