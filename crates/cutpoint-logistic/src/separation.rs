//! Whether an unpenalised fit has an optimum at all. It minimises only as far as that takes to tell.

use crate::cholesky::Scaled;
use crate::objective::{Objective, StepShape};
use crate::rows::{add_scaled, max_abs};

/// The most parameters that are looked at: their matrix is then 200 megabytes.
const MAX_PARAMETERS: usize = 5000;
/// Newton steps from 0. Along a separating direction each adds about 1 to the scores that part, while the steps of the
/// other rows die out quadratically.
const MAX_STEPS: usize = 60;
/// Halvings of one step.
const MAX_HALVINGS: usize = 30;
/// Dampings that are tried where features depend on each other.
const DAMPINGS: [f64; 3] = [0.0, 1e-12, 1e-10];
/// What must be left of the probability of a wrong class, as a share of it, for the proof that there is an optimum.
const LEAST_LEFT: f64 = 1e-3;
/// Below this gradient, relative to the largest it can be, nothing new can be seen.
const NOTHING_LEFT: f64 = 1e-13;

/// Whether the classes can be parted by a plane that may hold rows of either class but not all rows: then the loss
/// falls forever along its normal, and nothing is the optimum. Without a penalty only.
///
/// # Formula
/// The probabilities `p` of the wrong classes are the multipliers of the theorem of the alternative: if some positive
/// ones bring the gradient to 0, no direction parts the classes. Let `d` be the change of scores by a Newton step. To
/// first order it leaves a gradient of 0 and the probabilities `p_k (1 + d_k - sum_l p_l d_l)`. So if these are
/// positive for all wrong classes of all rows, there is an optimum, and where a plane separates they never are. The
/// other answer is given if a step moves every row away from all wrong classes, by much or not at all.
///
/// # References
/// Albert and Anderson, 1984, *On the existence of maximum likelihood estimates in logistic regression models*,
/// Biometrika 71, 1–10 (complete and quasi-complete separation). Stiemke, 1915, *Über positive Lösungen homogener
/// linearer Gleichungen*, Mathematische Annalen 76, 340–342 (the theorem of the alternative).
pub(crate) fn is_separable(objective: &Objective<'_>, fitted: &[f64]) -> bool {
    if objective.separates(fitted) {
        return true;
    }
    let scale = objective.gradient_scale();
    if objective.n_parameters() > MAX_PARAMETERS || !max_abs(&scale).is_finite() {
        return false;
    }
    // Not from the solution: where it has gone far along a separating direction, rounding hides that.
    let mut at = vec![0.0; objective.n_parameters()];
    let mut gradient = at.clone();
    let mut loss = objective.loss_and_gradient(&at, &mut gradient);
    for _ in 0..MAX_STEPS {
        let Some((step, shape)) = newton_step(objective, &at) else {
            return false;
        };
        if shape.least_left > LEAST_LEFT {
            return false;
        }
        if shape.parts() {
            return true;
        }
        let mut length = 1.0;
        for _ in 0..MAX_HALVINGS {
            let mut next = at.clone();
            add_scaled(&mut next, length, &step);
            let next_loss = objective.loss_and_gradient(&next, &mut gradient);
            if next_loss < loss {
                (at, loss) = (next, next_loss);
                break;
            }
            length /= 2.0;
        }
        let mut relative = gradient.iter().zip(&scale);
        if relative.all(|(gradient, scale)| gradient.abs() <= NOTHING_LEFT * scale) {
            return false;
        }
    }
    false
}

/// A Newton step down from a point, and what it does to the scores; `None` where no damping makes one.
fn newton_step(objective: &Objective<'_>, at: &[f64]) -> Option<(Vec<f64>, StepShape)> {
    let mut gradient = vec![0.0; at.len()];
    objective.loss_and_gradient(at, &mut gradient);
    for value in &mut gradient {
        *value = -*value;
    }
    let hessian = Scaled::new(objective.hessian(at), at.len());
    let solved = DAMPINGS
        .iter()
        .find_map(|&damping| hessian.solve(&gradient, damping))?;
    let shape = objective.step_shape(at, &solved);
    Some((solved, shape))
}
