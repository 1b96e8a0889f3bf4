//! The objective that every solver minimises: weighted mean logistic loss plus penalty, its gradient, its Hessian.
//! It does not know how it is minimised.

use std::ops::Range;

use ndarray::{ArrayView2, ArrayViewMut2, linalg::general_mat_mul};

use crate::rows::{Rows, add_scaled, dot, shards_for};

/// Rows whose losses are summed before they join the total, so that a long sum keeps its last digits.
const ROWS_PER_SUM: usize = 128;
/// Rows that one matrix product of the Hessian takes at a time.
const ROWS_PER_PRODUCT: usize = 256;

/// The weighted mean logistic loss of rows, plus an L2 penalty.
///
/// ```text
/// f = (1/S) Σ s_i loss_i + (λ/2) ‖w‖²      S = Σ s_i,  λ = 1 / (c S)
/// ```
///
/// Parameters are laid out output by output, the coefficients and then the intercept, if there is one. Two classes
/// have one output (the score of the larger class), more have one each.
pub(crate) struct Objective<'a> {
    pub(crate) rows: Rows<'a>,
    /// The class of each row, below `n_classes`; every class has weight.
    pub(crate) codes: Vec<u32>,
    pub(crate) n_classes: usize,
    /// The weight of each row; 1 if there are none.
    pub(crate) weight: Option<Vec<f64>>,
    pub(crate) weight_sum: f64,
    /// The factor λ of the penalty, 0 without one.
    pub(crate) lambda: f64,
    pub(crate) has_intercept: bool,
}

impl Objective<'_> {
    /// Score columns: 1 for two classes, otherwise one a class.
    pub(crate) fn n_outputs(&self) -> usize {
        if self.n_classes == 2 {
            1
        } else {
            self.n_classes
        }
    }

    /// Parameters of one output.
    pub(crate) fn stride(&self) -> usize {
        self.rows.n_features() + usize::from(self.has_intercept)
    }

    pub(crate) fn n_parameters(&self) -> usize {
        self.n_outputs() * self.stride()
    }

    fn weight(&self, row: usize) -> f64 {
        self.weight.as_ref().map_or(1.0, |weight| weight[row])
    }

    /// The scores of every output for one row.
    fn scores(&self, parameters: &[f64], row: &[f64], scores: &mut [f64]) {
        for (score, parameters) in scores
            .iter_mut()
            .zip(parameters.chunks_exact(self.stride()))
        {
            let (coef, intercept) = parameters.split_at(row.len());
            *score = dot(coef, row) + intercept.first().copied().unwrap_or(0.0);
        }
    }

    /// The objective at `parameters`; its gradient goes to `gradient`. One sweep over the rows.
    pub(crate) fn loss_and_gradient(&self, parameters: &[f64], gradient: &mut [f64]) -> f64 {
        let (loss, sums) = self.rows.fold_shards(
            shards_for(self.n_parameters()),
            |range| self.shard_loss_and_gradient(range, parameters),
            |(loss, sums), (shard_loss, shard_sums)| {
                *loss += shard_loss;
                add_scaled(sums, 1.0, &shard_sums);
            },
        );
        let n_features = self.rows.n_features();
        let mut squares = 0.0;
        for ((gradient, sums), parameters) in gradient
            .chunks_exact_mut(self.stride())
            .zip(sums.chunks_exact(self.stride()))
            .zip(parameters.chunks_exact(self.stride()))
        {
            for (gradient, sum) in gradient.iter_mut().zip(sums) {
                *gradient = sum / self.weight_sum;
            }
            let coef = &parameters[..n_features];
            if self.lambda > 0.0 {
                add_scaled(&mut gradient[..n_features], self.lambda, coef);
                squares += dot(coef, coef);
            }
        }
        loss / self.weight_sum + 0.5 * self.lambda * squares
    }

    /// Sums of `s_i loss_i` and of `s_i d_i (x_i, 1)` over a shard.
    fn shard_loss_and_gradient(&self, range: Range<usize>, parameters: &[f64]) -> (f64, Vec<f64>) {
        let mut loss = 0.0;
        let mut sums = vec![0.0; self.n_parameters()];
        let mut scores = vec![0.0; self.n_outputs()];
        for start in range.clone().step_by(ROWS_PER_SUM) {
            let mut block_loss = 0.0;
            for index in start..(start + ROWS_PER_SUM).min(range.end) {
                let weight = self.weight(index);
                // No row at all, even if its score overflows: 0 × infinity is no number.
                if weight <= 0.0 {
                    continue;
                }
                let row = self.rows.row(index);
                self.scores(parameters, row, &mut scores);
                let row_loss = if let [score] = scores[..] {
                    let (row_loss, slope) = binary_loss(score, self.codes[index] == 1);
                    scores[0] = slope;
                    row_loss
                } else {
                    softmax_loss(&mut scores, self.codes[index] as usize)
                };
                block_loss += weight * row_loss;
                for (slope, sums) in scores.iter().zip(sums.chunks_exact_mut(self.stride())) {
                    let slope = weight * slope;
                    let (coef, intercept) = sums.split_at_mut(row.len());
                    add_scaled(coef, slope, row);
                    if let Some(intercept) = intercept.first_mut() {
                        *intercept += slope;
                    }
                }
            }
            loss += block_loss;
        }
        (loss, sums)
    }

    /// The Hessian at `parameters`, row after row.
    ///
    /// Where adding the same number to a parameter of every class changes nothing (intercepts, and coefficients
    /// without penalty, of three or more classes), the Hessian is singular in that direction. Gradients have no part
    /// in it, so curvature of the size of the others is added there: no step changes, and the matrix is definite.
    pub(crate) fn hessian(&self, parameters: &[f64]) -> Vec<f64> {
        let n_parameters = self.n_parameters();
        let mut hessian = self.rows.fold_shards(
            shards_for(n_parameters * n_parameters),
            |range| self.shard_hessian(range, parameters),
            |total, part| add_scaled(total, 1.0, &part),
        );
        let stride = self.stride();
        let n_features = self.rows.n_features();
        for index in 0..n_parameters {
            for other in 0..index {
                // Only the blocks of one triangle were summed.
                hessian[index * n_parameters + other] = hessian[other * n_parameters + index];
            }
        }
        for value in &mut hessian {
            *value /= self.weight_sum;
        }
        for index in 0..n_parameters {
            if index % stride < n_features {
                hessian[index * n_parameters + index] += self.lambda;
            }
        }
        if self.n_outputs() > 1 {
            let free = if self.lambda > 0.0 { n_features } else { 0 };
            for parameter in free..stride {
                let at = |output: usize| output * stride + parameter;
                let trace = (0..self.n_outputs())
                    .map(|output| hessian[at(output) * (n_parameters + 1)])
                    .sum::<f64>();
                let curvature = trace / (self.n_outputs() * self.n_outputs()) as f64;
                for output in 0..self.n_outputs() {
                    for other in 0..self.n_outputs() {
                        hessian[at(output) * n_parameters + at(other)] += curvature;
                    }
                }
            }
        }
        hessian
    }

    /// Sums of `s_i p_k (δ_kl - p_l) (x_i, 1)(x_i, 1)ᵀ` over a shard, in the block of outputs k ≤ l.
    fn shard_hessian(&self, range: Range<usize>, parameters: &[f64]) -> Vec<f64> {
        let stride = self.stride();
        let n_outputs = self.n_outputs();
        let n_parameters = self.n_parameters();
        let mut sums = vec![0.0; n_parameters * n_parameters];
        let mut plain = vec![0.0; ROWS_PER_PRODUCT * stride];
        let mut curved = vec![0.0; ROWS_PER_PRODUCT * stride];
        let mut curvatures = vec![0.0; ROWS_PER_PRODUCT * n_outputs * n_outputs];
        let mut scores = vec![0.0; n_outputs];
        for start in range.clone().step_by(ROWS_PER_PRODUCT) {
            let block = start..(start + ROWS_PER_PRODUCT).min(range.end);
            let n_rows = block.len();
            for (index, (extended, curvatures)) in block.zip(
                plain
                    .chunks_exact_mut(stride)
                    .zip(curvatures.chunks_exact_mut(n_outputs * n_outputs)),
            ) {
                if self.weight(index) <= 0.0 {
                    extended.fill(0.0);
                    curvatures.fill(0.0);
                    continue;
                }
                let row = self.rows.row(index);
                let (features, one) = extended.split_at_mut(row.len());
                features.copy_from_slice(row);
                one.fill(1.0);
                self.scores(parameters, row, &mut scores);
                fill_curvatures(&mut scores, self.weight(index), curvatures);
            }
            let extended = view(&plain, n_rows, stride);
            for output in 0..n_outputs {
                for other in output..n_outputs {
                    let entry = output * n_outputs + other;
                    for ((curved, plain), curvatures) in curved
                        .chunks_exact_mut(stride)
                        .zip(plain.chunks_exact(stride))
                        .zip(curvatures.chunks_exact(n_outputs * n_outputs))
                        .take(n_rows)
                    {
                        for (curved, plain) in curved.iter_mut().zip(plain) {
                            *curved = curvatures[entry] * plain;
                        }
                    }
                    let mut all =
                        ArrayViewMut2::from_shape((n_parameters, n_parameters), &mut sums)
                            .expect("a square of parameters");
                    let mut target = all.slice_mut(ndarray::s![
                        output * stride..(output + 1) * stride,
                        other * stride..(other + 1) * stride
                    ]);
                    let weighted = view(&curved, n_rows, stride);
                    general_mat_mul(1.0, &extended.t(), &weighted, 1.0, &mut target);
                }
            }
        }
        sums
    }

    /// For each parameter, the largest that the data part of its gradient component can be: `(1/S) Σ s_i |x_ij|`,
    /// and 1 for an intercept.
    pub(crate) fn gradient_scale(&self) -> Vec<f64> {
        let n_features = self.rows.n_features();
        let mut scale = self.rows.fold_shards(
            shards_for(n_features),
            |range| {
                let mut sums = vec![0.0; n_features];
                for index in range {
                    let weight = self.weight(index);
                    for (sum, value) in sums.iter_mut().zip(self.rows.row(index)) {
                        *sum += weight * value.abs();
                    }
                }
                sums
            },
            |total, part| add_scaled(total, 1.0, &part),
        );
        for value in &mut scale {
            *value /= self.weight_sum;
        }
        if self.has_intercept {
            scale.push(1.0);
        }
        scale.repeat(self.n_outputs())
    }

    /// What a step from some parameters does to the rows.
    pub(crate) fn step_shape(&self, parameters: &[f64], step: &[f64]) -> StepShape {
        self.rows.fold_shards(
            usize::MAX,
            |range| {
                let mut shape = StepShape::NONE;
                let n_outputs = self.n_outputs();
                let (mut scores, mut changes) = (vec![0.0; n_outputs], vec![0.0; n_outputs]);
                for index in range {
                    if self.weight(index) <= 0.0 {
                        continue;
                    }
                    let row = self.rows.row(index);
                    self.scores(parameters, row, &mut scores);
                    self.scores(step, row, &mut changes);
                    let class = self.codes[index] as usize;
                    if let ([score], [change]) = (&scores[..], &changes[..]) {
                        let sign = if class == 1 { 1.0 } else { -1.0 };
                        let right = 1.0 / (1.0 + (-sign * score).exp());
                        shape.least_left = shape.least_left.min(1.0 - right * sign * change);
                        shape.add(sign * change);
                        continue;
                    }
                    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    let sum = exponentials(&mut scores, largest);
                    let mean = dot(&scores, &changes) / sum;
                    for (other, change) in changes.iter().enumerate() {
                        if other != class {
                            shape.least_left = shape.least_left.min(1.0 + change - mean);
                            shape.add(changes[class] - change);
                        }
                    }
                }
                shape
            },
            StepShape::merge,
        )
    }

    /// Whether every row of weight above 0 has its own class's score strictly above the others.
    pub(crate) fn separates(&self, parameters: &[f64]) -> bool {
        self.rows.fold_shards(
            usize::MAX,
            |mut range| {
                let mut scores = vec![0.0; self.n_outputs()];
                range.all(|index| {
                    if self.weight(index) <= 0.0 {
                        return true;
                    }
                    self.scores(parameters, self.rows.row(index), &mut scores);
                    let class = self.codes[index] as usize;
                    if let [score] = scores[..] {
                        return if class == 1 { score > 0.0 } else { score < 0.0 };
                    }
                    let own = scores[class];
                    let mut others = scores.iter().enumerate();
                    others.all(|(other, score)| other == class || *score < own)
                })
            },
            |all, part| *all &= part,
        )
    }
}

/// What a step does to the rows of weight above 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepShape {
    /// What it leaves of the probability of a wrong class, as a share, to first order; the least of all rows.
    pub(crate) least_left: f64,
    /// Whether no row comes closer to a wrong class, and each moves away from it by much or stays.
    is_outward: bool,
    moves_any: bool,
}

impl StepShape {
    const NONE: Self = Self {
        least_left: f64::INFINITY,
        is_outward: true,
        moves_any: false,
    };

    /// Whether the step parts the classes.
    pub(crate) fn parts(self) -> bool {
        self.is_outward && self.moves_any
    }

    /// Takes note of a row's change of the score of its own class less that of another.
    fn add(&mut self, change: f64) {
        /// A step adds about 1 where it parts; what has settled moves by what the others still pull.
        const MUCH: f64 = 0.5;
        const STILL: f64 = 1e-6;
        self.moves_any |= change >= MUCH;
        self.is_outward &= change >= MUCH || change.abs() <= STILL;
    }

    fn merge(&mut self, other: Self) {
        self.least_left = self.least_left.min(other.least_left);
        self.is_outward &= other.is_outward;
        self.moves_any |= other.moves_any;
    }
}

fn view(values: &[f64], n_rows: usize, n_columns: usize) -> ArrayView2<'_, f64> {
    ArrayView2::from_shape((n_rows, n_columns), &values[..n_rows * n_columns])
        .expect("as many values as rows times columns")
}

/// Loss and its derivative by the score `z`, for a row of the larger class or of the smaller one.
///
/// Each branch is exact where the others lose digits: `ln(1 + e^z)` must neither overflow nor round to 0.
fn binary_loss(z: f64, is_larger: bool) -> (f64, f64) {
    let y = f64::from(u8::from(is_larger));
    if z <= -37.0 {
        let e = z.exp();
        (e - y * z, e - y)
    } else if z <= -2.0 {
        let e = z.exp();
        (e.ln_1p() - y * z, ((1.0 - y) * e - y) / (1.0 + e))
    } else {
        let e = (-z).exp();
        let loss = if z <= 18.0 { e.ln_1p() } else { e };
        (loss + (1.0 - y) * z, ((1.0 - y) - y * e) / (1.0 + e))
    }
}

/// The softmax loss of a row of class `class`; the scores become the derivatives by them.
fn softmax_loss(scores: &mut [f64], class: usize) -> f64 {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let own = scores[class];
    let sum = exponentials(scores, largest);
    for score in scores.iter_mut() {
        *score /= sum;
    }
    scores[class] -= 1.0;
    sum.ln() + largest - own
}

/// Each score becomes `exp(score - largest)`; returns their sum.
fn exponentials(scores: &mut [f64], largest: f64) -> f64 {
    let mut sum = 0.0;
    for score in scores {
        *score = (*score - largest).exp();
        sum += *score;
    }
    sum
}

/// `weight × p_k (δ_kl - p_l)` for outputs k ≤ l. The scores are overwritten.
///
/// `1 - p` is computed as the probability of the other classes: it stays exact where p rounds to 1.
fn fill_curvatures(scores: &mut [f64], weight: f64, curvatures: &mut [f64]) {
    let n_outputs = scores.len();
    if let [score] = *scores {
        let e = (-score.abs()).exp();
        curvatures[0] = weight * e / ((1.0 + e) * (1.0 + e));
        return;
    }
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum = exponentials(scores, largest);
    for output in 0..n_outputs {
        let p = scores[output] / sum;
        let others = scores[..output].iter().chain(&scores[output + 1..]);
        curvatures[output * n_outputs + output] = weight * p * (others.sum::<f64>() / sum);
        for other in output + 1..n_outputs {
            curvatures[output * n_outputs + other] = -(weight * p * (scores[other] / sum));
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;

    /// Rows, classes, weights, λ and whether there is an intercept.
    #[derive(Debug, Clone)]
    struct Problem {
        x: Array2<f64>,
        codes: Vec<u32>,
        n_classes: usize,
        weight: Option<Vec<f64>>,
        lambda: f64,
        has_intercept: bool,
        point: Vec<f64>,
        direction: Vec<f64>,
    }

    impl Problem {
        fn objective(&self) -> Objective<'_> {
            let rows = Rows::new(self.x.view()).unwrap();
            Objective {
                weight_sum: self
                    .weight
                    .as_ref()
                    .map_or(rows.n_samples() as f64, |weight| weight.iter().sum()),
                rows,
                codes: self.codes.clone(),
                n_classes: self.n_classes,
                weight: self.weight.clone(),
                lambda: self.lambda,
                has_intercept: self.has_intercept,
            }
        }
    }

    fn problems() -> impl Strategy<Value = Problem> {
        (2..12_usize, 1..5_usize, 2..5_usize, any::<bool>()).prop_flat_map(
            |(n_samples, n_features, n_classes, has_intercept)| {
                let outputs = if n_classes == 2 { 1 } else { n_classes };
                let n_parameters = outputs * (n_features + usize::from(has_intercept));
                let last = u32::try_from(n_classes).unwrap();
                (
                    prop::collection::vec(-3.0..3.0, n_samples * n_features),
                    prop::collection::vec(0..last, n_samples),
                    prop::option::of(prop::collection::vec(0.1..4.0, n_samples)),
                    prop::sample::select(vec![0.0, 0.01, 1.5]),
                    prop::collection::vec(-2.0..2.0, n_parameters),
                    prop::collection::vec(-1.0..1.0, n_parameters),
                )
                    .prop_map(
                        move |(values, codes, weight, lambda, point, direction)| Problem {
                            x: Array2::from_shape_vec((n_samples, n_features), values).unwrap(),
                            codes,
                            n_classes,
                            weight,
                            lambda,
                            has_intercept,
                            point,
                            direction,
                        },
                    )
            },
        )
    }

    /// The step of central differences that balances their error h² against rounding eps/h.
    const STEP: f64 = 1e-5;
    /// h² times third derivatives of at most a few hundred, plus eps/h.
    const DIFFERENCE_TOLERANCE: f64 = 1e-7;

    fn moved(point: &[f64], length: f64, direction: &[f64]) -> Vec<f64> {
        let mut moved = point.to_vec();
        add_scaled(&mut moved, length, direction);
        moved
    }

    fn gradient(objective: &Objective<'_>, point: &[f64]) -> Vec<f64> {
        let mut gradient = vec![0.0; point.len()];
        objective.loss_and_gradient(point, &mut gradient);
        gradient
    }

    proptest! {
        #[test]
        fn the_gradient_is_the_slope_of_the_loss(problem in problems()) {
            let objective = problem.objective();
            let mut ignored = problem.point.clone();
            let mut loss = |length: f64| {
                let at = moved(&problem.point, length, &problem.direction);
                objective.loss_and_gradient(&at, &mut ignored)
            };
            let difference = (loss(STEP) - loss(-STEP)) / (2.0 * STEP);
            let slope = dot(&gradient(&objective, &problem.point), &problem.direction);
            prop_assert!((slope - difference).abs() < DIFFERENCE_TOLERANCE, "{slope} {difference}");
        }

        #[test]
        fn the_hessian_is_the_slope_of_the_gradient(problem in problems()) {
            let objective = problem.objective();
            // Where all classes move together the Hessian holds curvature of its own: leave that part out.
            let (n_outputs, stride) = (objective.n_outputs(), objective.stride());
            let mut direction = problem.direction.clone();
            if n_outputs > 1 {
                for parameter in 0..stride {
                    let at = (0..n_outputs).map(|output| output * stride + parameter);
                    let mean = at.clone().map(|at| direction[at]).sum::<f64>() / n_outputs as f64;
                    at.for_each(|at| direction[at] -= mean);
                }
            }
            let up = gradient(&objective, &moved(&problem.point, STEP, &direction));
            let down = gradient(&objective, &moved(&problem.point, -STEP, &direction));
            let hessian = objective.hessian(&problem.point);
            for (row, (up, down)) in hessian.chunks_exact(direction.len()).zip(up.iter().zip(&down)) {
                let difference = (up - down) / (2.0 * STEP);
                prop_assert!((dot(row, &direction) - difference).abs() < DIFFERENCE_TOLERANCE);
            }
        }

        #[test]
        fn the_hessian_is_definite_wherever_the_penalty_is(problem in problems()) {
            let objective = problem.objective();
            let n = objective.n_parameters();
            let matrix = crate::cholesky::Scaled::new(objective.hessian(&problem.point), n);
            prop_assert!(problem.lambda < 0.1 || matrix.solve(&problem.direction, 0.0).is_some());
        }

        #[test]
        fn the_data_part_of_the_gradient_stays_within_its_scale(problem in problems()) {
            let objective = Objective { lambda: 0.0, ..problem.objective() };
            let gradient = gradient(&objective, &problem.point);
            for (value, scale) in gradient.iter().zip(objective.gradient_scale()) {
                prop_assert!(value.abs() <= scale * (1.0 + 1e-12));
            }
        }
    }

    #[test]
    fn without_penalty_the_directions_that_change_nothing_have_curvature() {
        let problem = Problem {
            x: ndarray::array![[1.0, 2.0], [3.0, -1.0], [0.5, 0.5], [-2.0, 1.0]],
            codes: vec![0, 1, 2, 1],
            n_classes: 3,
            weight: None,
            lambda: 0.0,
            has_intercept: true,
            point: vec![0.1; 9],
            direction: (1..10).map(f64::from).collect(),
        };
        let objective = problem.objective();
        let matrix = crate::cholesky::Scaled::new(objective.hessian(&problem.point), 9);
        assert!(matrix.solve(&problem.direction, 0.0).is_some());
    }

    #[test]
    fn the_loss_is_that_of_the_textbook() {
        // Two rows, x = 1 and 2, of the smaller and the larger class; w = 1, b = -1, so z = 0 and 1.
        let problem = Problem {
            x: ndarray::array![[1.0], [2.0]],
            codes: vec![0, 1],
            n_classes: 2,
            weight: Some(vec![3.0, 1.0]),
            lambda: 0.5,
            has_intercept: true,
            point: vec![1.0, -1.0],
            direction: vec![],
        };
        let objective = problem.objective();
        let mut gradient = [0.0; 2];
        let loss = objective.loss_and_gradient(&problem.point, &mut gradient);
        let e = 1.0_f64.exp();
        // (3 ln 2 + ln(1 + 1/e)) / 4 + 0.5/2; d = 1/2 and -1/(1 + e).
        let expected = (3.0 * 2.0_f64.ln() + (1.0 / e).ln_1p()) / 4.0 + 0.25;
        let larger = -1.0 / (1.0 + e);
        assert!((loss - expected).abs() < 1e-15);
        assert!((gradient[0] - ((1.5 + 2.0 * larger) / 4.0 + 0.5)).abs() < 1e-15);
        assert!((gradient[1] - (1.5 + larger) / 4.0).abs() < 1e-15);
        assert!(!objective.separates(&problem.point));
        assert!(objective.separates(&[1.0, -1.5]));
    }

    #[test]
    fn branches_of_the_loss_meet_and_never_overflow() {
        for edge in [-37.0, -2.0, 18.0_f64] {
            for is_larger in [false, true] {
                let (below, slope_below) = binary_loss(edge, is_larger);
                let (above, slope_above) = binary_loss(edge.next_up(), is_larger);
                // The loss itself moves by one step of z at most.
                assert!((below - above).abs() <= 2.0 * f64::EPSILON * edge.abs());
                assert!((slope_below - slope_above).abs() <= 4.0 * f64::EPSILON);
            }
        }
        let tiny = (-40.0_f64).exp();
        assert_eq!(binary_loss(40.0, true), (tiny, -tiny / (1.0 + tiny)));
        assert_eq!(binary_loss(-40.0, false), (tiny, tiny));
        assert_eq!(binary_loss(800.0, false), (800.0, 1.0));
        assert_eq!(binary_loss(-800.0, true), (800.0, -1.0));
        assert_eq!(binary_loss(800.0, true), (0.0, -0.0));
        let mut scores = [900.0, -900.0, 0.0];
        assert!((softmax_loss(&mut scores, 1) - 1800.0).abs() < f64::EPSILON);
        for (got, expected) in scores.iter().zip([1.0, -1.0, 0.0]) {
            assert!((got - expected).abs() < f64::EPSILON);
        }
    }
}
