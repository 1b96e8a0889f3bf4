//! Solves symmetric systems by Cholesky's decomposition, damped where the matrix is not safely positive definite.
//! Dense and small; it knows nothing of logistic regression.

use crate::rows::dot;

/// A pivot of the matrix scaled to unit diagonal below this many roundings a row is noise.
const PIVOT_TOLERANCE: f64 = 4.0 * f64::EPSILON;

/// A symmetric matrix scaled to unit diagonal: the units of the variables no longer matter.
pub(crate) struct Scaled {
    values: Vec<f64>,
    scale: Vec<f64>,
}

impl Scaled {
    /// Scales a matrix, given row after row. A variable with no curvature at all gets a diagonal of 1 and no
    /// neighbours.
    pub(crate) fn new(mut values: Vec<f64>, n: usize) -> Self {
        let scale = (0..n)
            .map(|index| {
                let diagonal = values[index * (n + 1)];
                if diagonal > 0.0 {
                    1.0 / diagonal.sqrt()
                } else {
                    1.0
                }
            })
            .collect::<Vec<_>>();
        for row in 0..n {
            for column in 0..n {
                values[row * n + column] *= scale[row] * scale[column];
            }
            let diagonal = &mut values[row * (n + 1)];
            if *diagonal <= 0.0 {
                *diagonal = 1.0;
            }
        }
        Self { values, scale }
    }

    /// Solves (matrix + `damping` × its diagonal) `x` = `b`; `None` if that is not safely positive definite.
    pub(crate) fn solve(&self, b: &[f64], damping: f64) -> Option<Vec<f64>> {
        let n = self.scale.len();
        let mut lower = self.values.clone();
        for row in 0..n {
            let (above, from_row) = lower.split_at_mut(row * n);
            let current = &mut from_row[..n];
            for column in 0..row {
                let done = &above[column * n..=column * (n + 1)];
                let sum = dot(&current[..column], &done[..column]);
                current[column] = (current[column] - sum) / done[column];
            }
            let pivot = current[row] + damping - dot(&current[..row], &current[..row]);
            if pivot.is_nan() || pivot <= PIVOT_TOLERANCE * n as f64 {
                return None;
            }
            current[row] = pivot.sqrt();
        }
        let mut x = b
            .iter()
            .zip(&self.scale)
            .map(|(b, scale)| b * scale)
            .collect::<Vec<_>>();
        for row in 0..n {
            let entries = &lower[row * n..=row * (n + 1)];
            x[row] = (x[row] - dot(&entries[..row], &x[..row])) / entries[row];
        }
        for row in (0..n).rev() {
            let entries = &lower[row * n..=row * (n + 1)];
            x[row] /= entries[row];
            let (before, from_row) = x.split_at_mut(row);
            for (value, entry) in before.iter_mut().zip(entries) {
                *value -= entry * from_row[0];
            }
        }
        for (x, scale) in x.iter_mut().zip(&self.scale) {
            *x *= scale;
        }
        Some(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The scaling and the three divisions round a few times each.
    const TOLERANCE: f64 = 1e-14;

    #[test]
    fn it_solves_a_system_done_by_hand() {
        // 4x + 2y = 10, 2x + 3y = 9: x = 1.5, y = 2.
        let x = Scaled::new(vec![4.0, 2.0, 2.0, 3.0], 2)
            .solve(&[10.0, 9.0], 0.0)
            .unwrap();
        assert!((x[0] - 1.5).abs() < TOLERANCE && (x[1] - 2.0).abs() < TOLERANCE);
    }

    #[test]
    fn units_do_not_matter() {
        // The same system with the second unknown in units a million million times as large.
        let unit = 1e-12;
        let x = Scaled::new(vec![4.0, 2.0 * unit, 2.0 * unit, 3.0 * unit * unit], 2)
            .solve(&[10.0, 9.0 * unit], 0.0)
            .unwrap();
        assert!((x[0] - 1.5).abs() < TOLERANCE && (x[1] * unit - 2.0).abs() < TOLERANCE);
    }

    #[test]
    fn a_singular_matrix_needs_damping() {
        let matrix = Scaled::new(vec![1.0, 1.0, 1.0, 1.0], 2);
        assert!(matrix.solve(&[1.0, 1.0], 0.0).is_none());
        // (1 + d)x + y = 1 twice over: x = y = 1 / (2 + d).
        let x = matrix.solve(&[1.0, 1.0], 0.5).unwrap();
        assert!((x[0] - 0.4).abs() < TOLERANCE && (x[1] - 0.4).abs() < TOLERANCE);
        assert!(
            Scaled::new(vec![1.0, 2.0, 2.0, 1.0], 2)
                .solve(&[1.0, 1.0], 0.0)
                .is_none()
        );
        // A pivot of two roundings is noise.
        let almost = 1.0 - f64::EPSILON;
        let matrix = Scaled::new(vec![1.0, almost, almost, 1.0], 2);
        assert!(matrix.solve(&[1.0, 1.0], 0.0).is_none());
        assert!(Scaled::new(vec![f64::NAN], 1).solve(&[1.0], 0.0).is_none());
    }

    #[test]
    fn a_variable_without_curvature_stands_alone() {
        let x = Scaled::new(vec![2.0, 0.0, 0.0, 0.0], 2)
            .solve(&[3.0, 0.0], 0.0)
            .unwrap();
        assert!((x[0] - 1.5).abs() < TOLERANCE && x[1].abs() < TOLERANCE);
    }
}
