//! Where an unpenalised fit has no optimum: told of complete and quasi-complete separation, and of nothing else.

use cutpoint_core::Labels;
use cutpoint_logistic::{LogisticParams, Penalty, Solver, StopReason, fit};
use ndarray::{Array2, array};

const SOLVERS: [Solver; 3] = [Solver::Lbfgs, Solver::NewtonCholesky, Solver::Linfa];

/// Whole numbers below a bound, by Steele, Lea & Flood (2014), *Fast splittable pseudorandom number generators*.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, bound: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((z ^ (z >> 31)) % bound).unwrap()
    }
}

/// How the classes lie, in whole numbers: the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    Separable,
    QuasiSeparable,
    Overlapping,
}

fn cross(a: [i64; 3], b: [i64; 3]) -> [i64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn dot(a: [i64; 3], b: [i64; 3]) -> i64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// With `a_i = ±(x0, x1, 1)` by class, the directions d with `a_i·d >= 0` for all i are a cone. If the rows have rank
/// 3, it has an edge unless it is {0}, and an edge lies across two of the rows. The classes are separable if the sum of
/// the edges, which is inside the cone, has `a_i·d > 0` for all i. `None` for rows of lower rank.
fn truth(x: &[[i64; 2]], y: &[i64]) -> Option<Truth> {
    let rows = x
        .iter()
        .zip(y)
        .map(|(x, y)| [x[0], x[1], 1].map(|v| if *y == 1 { v } else { -v }));
    let rows = rows.collect::<Vec<_>>();
    let mut edges = Vec::new();
    let mut has_rank = false;
    for (place, &one) in rows.iter().enumerate() {
        for &other in &rows[..place] {
            let edge = cross(one, other);
            has_rank |= rows.iter().any(|&row| dot(row, edge) != 0);
            for edge in [edge, edge.map(|value| -value)] {
                if edge != [0; 3] && rows.iter().all(|&row| dot(row, edge) >= 0) {
                    edges.push(edge);
                }
            }
        }
    }
    has_rank.then(|| {
        let sum = |axis: usize| edges.iter().map(|edge| edge[axis]).sum::<i64>();
        let inside = [sum(0), sum(1), sum(2)];
        if edges.is_empty() {
            Truth::Overlapping
        } else if rows.iter().all(|&row| dot(row, inside) > 0) {
            Truth::Separable
        } else {
            Truth::QuasiSeparable
        }
    })
}

#[test]
fn separation_is_told_of_exactly_the_sets_that_have_it() {
    let mut random = SplitMix(14);
    let mut counts = [0; 3];
    for set in 0..600 {
        let n_rows = 6 + random.below(30);
        let size = [3_u64, 6, 12, 50][usize::try_from(random.below(4)).unwrap()];
        // Rows of either class on its side of a line, rows of both on it, and, in every third set, some anywhere.
        let normal = [random.below(5) - 2, random.below(5) - 2];
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..n_rows {
            let row = [random.below(size), random.below(size)];
            let middle = (normal[0] + normal[1]) * (size / 2).cast_signed();
            let side = normal[0] * row[0] + normal[1] * row[1] - middle;
            let is_anywhere = side == 0 || (set % 3 == 0 && random.below(8) == 0);
            y.push(if is_anywhere {
                random.below(2)
            } else {
                i64::from(side > 0)
            });
            x.push(row);
        }
        let Some(truth) = truth(&x, &y) else {
            continue;
        };
        if !y.contains(&0) || !y.contains(&1) {
            continue;
        }
        counts[truth as usize] += 1;
        let table = Array2::from_shape_fn((x.len(), 2), |(row, column)| x[row][column] as f64);
        for (offset, factor) in [(0.0, 1.0), (10.0, 1e-3), (0.0, 1e4)] {
            let table = table.mapv(|value| (value + offset) * factor);
            for solver in SOLVERS {
                let params = LogisticParams::default()
                    .penalty(Penalty::None)
                    .solver(solver);
                let fitted = fit(&params, table.view(), &Labels::from_integers(&y), None).unwrap();
                let is_told = fitted.convergence().reason() == StopReason::Separable;
                assert_eq!(
                    is_told,
                    truth != Truth::Overlapping,
                    "{solver}, set {set} times {factor}: {truth:?}, {}: {x:?} {y:?}",
                    fitted.convergence()
                );
            }
        }
    }
    assert!(counts.iter().all(|&count| count >= 50), "{counts:?}");
}

#[test]
fn more_classes_and_features_that_depend_on_each_other() {
    // x0 >= 1 is class 2 alone; the others overlap at 0 and are mirrored in x1 = 3 x0.
    let x = array![
        [0.0, 0.0],
        [0.0, 0.0],
        [0.0, 0.0],
        [0.0, 0.0],
        [1.0, 3.0],
        [1.0, 3.0]
    ];
    let overlapping = array![
        [0.0, 0.0],
        [1.0, 3.0],
        [0.0, 0.0],
        [1.0, 3.0],
        [0.0, 0.0],
        [1.0, 3.0]
    ];
    for solver in &SOLVERS[..2] {
        let params = LogisticParams::default()
            .penalty(Penalty::None)
            .solver(*solver);
        let reason = |x: &Array2<f64>, y: &[i64]| {
            let fitted = fit(&params, x.view(), &Labels::from_integers(y), None).unwrap();
            fitted.convergence().reason()
        };
        assert_eq!(
            reason(&x, &[0, 1, 0, 1, 2, 2]),
            StopReason::Separable,
            "{solver}"
        );
        assert_eq!(
            reason(&x, &[0, 1, 0, 1, 1, 1]),
            StopReason::Separable,
            "{solver}"
        );
        assert_ne!(
            reason(&x, &[0, 1, 0, 1, 0, 1]),
            StopReason::Separable,
            "{solver}"
        );
        assert_ne!(
            reason(&overlapping, &[0, 0, 1, 1, 2, 2]),
            StopReason::Separable,
            "{solver}"
        );
    }
}
