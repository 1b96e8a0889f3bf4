//! The line search of Moré and Thuente, as MINPACK-2's `dcsrch` makes it: a state machine that asks for the next
//! step to try. It evaluates nothing itself.

/// Sufficient decrease: the share of the initial slope that a step must gain.
const DECREASE: f64 = 1e-3;
/// Curvature: the share of the initial slope that may be left.
const CURVATURE: f64 = 0.9;
/// The relative width of the bracket at which it is given up.
const BRACKET_TOLERANCE: f64 = 0.1;
/// The longest step.
pub(crate) const MAX_STEP: f64 = 1e10;

/// A step with the value and slope there.
#[derive(Debug, Clone, Copy)]
struct Point {
    t: f64,
    f: f64,
    g: f64,
}

impl Point {
    /// The point on the function minus the line of slope `slope` through (0, 0).
    fn lowered(self, slope: f64) -> Self {
        Self {
            t: self.t,
            f: self.f - self.t * slope,
            g: self.g - slope,
        }
    }
}

/// A search along one direction, from the value and slope at step 0.
///
/// # References
/// J. J. Moré and D. J. Thuente, 1994, Line search algorithms with guaranteed sufficient decrease, ACM Transactions on
/// Mathematical Software 20, 286–307, section 4 for the trial values.
pub(crate) struct LineSearch {
    start: Point,
    best: Point,
    other: Point,
    is_bracketed: bool,
    is_first_stage: bool,
    width: f64,
    previous_width: f64,
    low: f64,
    high: f64,
}

impl LineSearch {
    /// A search from value `f` and slope `g` < 0, whose first trial is `step`.
    pub(crate) fn new(f: f64, g: f64, step: f64) -> Self {
        let start = Point { t: 0.0, f, g };
        Self {
            start,
            best: start,
            other: start,
            is_bracketed: false,
            is_first_stage: true,
            width: MAX_STEP,
            previous_width: 2.0 * MAX_STEP,
            low: 0.0,
            high: 5.0 * step,
        }
    }

    /// Takes value `f` and slope `g` at step `t`; returns the next step to try, or `None` if `t` is accepted.
    pub(crate) fn advance(&mut self, t: f64, f: f64, g: f64) -> Option<f64> {
        let slope = DECREASE * self.start.g;
        let allowed = self.start.f + t * slope;
        if self.is_first_stage && f <= allowed && g >= 0.0 {
            self.is_first_stage = false;
        }
        let is_finished = (self.is_bracketed && (t <= self.low || t >= self.high))
            || self.is_bracket_narrow()
            || (t >= MAX_STEP && f <= allowed && g <= slope)
            || (t <= 0.0 && (f > allowed || g >= slope))
            || (f <= allowed && g.abs() <= CURVATURE * -self.start.g);
        if is_finished {
            return None;
        }
        let trial = Point { t, f, g };
        let mut next = if self.is_first_stage && f <= self.best.f && f > allowed {
            self.best = self.best.lowered(slope);
            self.other = self.other.lowered(slope);
            let next = self.update(trial.lowered(slope));
            self.best = self.best.lowered(-slope);
            self.other = self.other.lowered(-slope);
            next
        } else {
            self.update(trial)
        };
        if self.is_bracketed {
            let width = (self.other.t - self.best.t).abs();
            if width >= 0.66 * self.previous_width {
                next = self.best.t + 0.5 * (self.other.t - self.best.t);
            }
            self.previous_width = self.width;
            self.width = width;
            self.low = self.best.t.min(self.other.t);
            self.high = self.best.t.max(self.other.t);
        } else {
            self.low = next + 1.1 * (next - self.best.t);
            self.high = next + 4.0 * (next - self.best.t);
        }
        next = next.clamp(0.0, MAX_STEP);
        if (self.is_bracketed && (next <= self.low || next >= self.high))
            || self.is_bracket_narrow()
        {
            next = self.best.t;
        }
        Some(next)
    }

    fn is_bracket_narrow(&self) -> bool {
        self.is_bracketed && self.high - self.low <= BRACKET_TOLERANCE * self.high
    }

    /// The next trial value from the best point, the other end and this trial; then the bracket moves.
    fn update(&mut self, trial: Point) -> f64 {
        let (best, other) = (self.best, self.other);
        let signed = trial.g * (best.g / best.g.abs());
        let next = if trial.f > best.f {
            self.is_bracketed = true;
            higher_value(best, trial)
        } else if signed < 0.0 {
            self.is_bracketed = true;
            opposite_slope(best, trial)
        } else if trial.g.abs() < best.g.abs() {
            self.flatter_slope(best, trial)
        } else if self.is_bracketed {
            cubic_from(trial, other)
        } else {
            self.far_end(best, trial)
        };
        if trial.f > best.f {
            self.other = trial;
        } else {
            if signed < 0.0 {
                self.other = best;
            }
            self.best = trial;
        }
        next
    }

    fn far_end(&self, best: Point, trial: Point) -> f64 {
        if trial.t > best.t {
            self.high
        } else {
            self.low
        }
    }

    /// Case 3: a lower value with a flatter slope of the same sign.
    fn flatter_slope(&self, best: Point, trial: Point) -> f64 {
        let (theta, largest, square) = cubic(best, trial);
        // The cubic may have no minimum in this direction: the root is then taken as 0.
        let gamma = largest * square.max(0.0).sqrt();
        let gamma = if trial.t > best.t { -gamma } else { gamma };
        let r = ((gamma - trial.g) + theta) / ((gamma + (best.g - trial.g)) + gamma);
        let from_cubic = if r < 0.0 && gamma != 0.0 {
            trial.t + r * (best.t - trial.t)
        } else {
            self.far_end(best, trial)
        };
        let from_secant = secant(best, trial);
        let cubic_distance = (from_cubic - trial.t).abs();
        let secant_distance = (from_secant - trial.t).abs();
        if self.is_bracketed {
            let next = if cubic_distance < secant_distance {
                from_cubic
            } else {
                from_secant
            };
            let limit = trial.t + 0.66 * (self.other.t - trial.t);
            if trial.t > best.t {
                next.min(limit)
            } else {
                next.max(limit)
            }
        } else {
            let next = if cubic_distance > secant_distance {
                from_cubic
            } else {
                from_secant
            };
            next.min(self.high).max(self.low)
        }
    }
}

/// Of the cubic through both points: its θ, the scale of its terms, and the square under its root over that scale.
fn cubic(a: Point, b: Point) -> (f64, f64, f64) {
    let theta = 3.0 * (a.f - b.f) / (b.t - a.t) + a.g + b.g;
    let largest = theta.abs().max(a.g.abs()).max(b.g.abs());
    let ratio = theta / largest;
    (
        theta,
        largest,
        ratio * ratio - (a.g / largest) * (b.g / largest),
    )
}

fn secant(best: Point, trial: Point) -> f64 {
    trial.t + (trial.g / (trial.g - best.g)) * (best.t - trial.t)
}

/// Case 1: a higher value. The minimum lies between.
fn higher_value(best: Point, trial: Point) -> f64 {
    let (theta, largest, square) = cubic(best, trial);
    let gamma = largest * square.sqrt();
    let gamma = if trial.t < best.t { -gamma } else { gamma };
    let r = ((gamma - best.g) + theta) / (((gamma - best.g) + gamma) + trial.g);
    let from_cubic = best.t + r * (trial.t - best.t);
    let from_quadratic = best.t
        + ((best.g / ((best.f - trial.f) / (trial.t - best.t) + best.g)) / 2.0)
            * (trial.t - best.t);
    if (from_cubic - best.t).abs() < (from_quadratic - best.t).abs() {
        from_cubic
    } else {
        from_cubic + (from_quadratic - from_cubic) / 2.0
    }
}

/// Case 2: a lower value with a slope of the other sign. The minimum lies between.
fn opposite_slope(best: Point, trial: Point) -> f64 {
    let (theta, largest, square) = cubic(best, trial);
    let gamma = largest * square.sqrt();
    let gamma = if trial.t > best.t { -gamma } else { gamma };
    let r = ((gamma - trial.g) + theta) / (((gamma - trial.g) + gamma) + best.g);
    let from_cubic = trial.t + r * (best.t - trial.t);
    let from_secant = secant(best, trial);
    if (from_cubic - trial.t).abs() > (from_secant - trial.t).abs() {
        from_cubic
    } else {
        from_secant
    }
}

/// Case 4, bracketed: a lower value with a slope of the same sign that is no flatter.
fn cubic_from(trial: Point, other: Point) -> f64 {
    let (theta, largest, square) = cubic(trial, other);
    let gamma = largest * square.sqrt();
    let gamma = if trial.t > other.t { -gamma } else { gamma };
    let r = ((gamma - trial.g) + theta) / (((gamma - trial.g) + gamma) + other.g);
    trial.t + r * (other.t - trial.t)
}

#[cfg(test)]
mod tests {
    use cutpoint_testkit::{doubles, golden_cases};

    use super::*;

    /// Value and slope of a polynomial whose coefficients are given from the highest power down.
    fn polynomial(coefficients: &[f64], t: f64) -> (f64, f64) {
        let value = coefficients.iter().fold(0.0, |f, c| f * t + c);
        let powers = (1..coefficients.len()).rev();
        let slope = powers
            .zip(coefficients)
            .fold(0.0, |g, (power, c)| g * t + power as f64 * c);
        (value, slope)
    }

    #[test]
    fn trials_equal_those_of_dcsrch() {
        // The same operations in the same order; a trial may still differ where Python writes a sum otherwise.
        const TOLERANCE: f64 = 1e-12;
        for case in golden_cases("line_search.json") {
            let coefficients = doubles(&case["coefficients"]);
            let trials = doubles(&case["trials"]);
            let mut step = case["first_step"].as_f64().unwrap();
            let (f, g) = polynomial(&coefficients, 0.0);
            let mut search = LineSearch::new(f, g, step);
            for (index, expected) in trials.iter().enumerate() {
                assert!((step - expected).abs() <= TOLERANCE * expected, "{case}");
                let (f, g) = polynomial(&coefficients, step);
                match search.advance(step, f, g) {
                    Some(next) => step = next,
                    None => assert_eq!(index + 1, trials.len(), "{case}"),
                }
            }
        }
    }
}
