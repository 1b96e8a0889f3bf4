//! The mean of the ROC curves of several classes. It has no thresholds: each of its points stands for as many of them
//! as there are classes.

use super::OneVsRestSweeps;
use crate::compensated::CompensatedSum;
use crate::{Average, Intermediate, RocCurve, roc_curve};

/// Mean true positive rate at every false positive rate that a class has.
///
/// # Shapes
/// Both columns: `(n_points,)`, from (0, 0) to (1, 1). Where the mean jumps, two points have one false positive rate:
/// the lower end of the jump, then the upper one.
#[derive(Debug, Clone, PartialEq)]
pub struct AverageRocCurve {
    fpr: Vec<f64>,
    tpr: Vec<f64>,
}

/// Averages the ROC curves of all classes, each against all others.
///
/// Macro and weighted curves are means of the true positive rates, interpolated linearly, on the union of the false
/// positive rates. The upper points are those of scikit-learn's example; it has no lower ones, and so an area that is
/// too large. With them, the area under the curve is the average of the classes' areas. The micro curve is that of all
/// decisions.
///
/// # Formula
/// ```text
/// macro:     tpr(x) = sum of tpr of the class at x / number of classes
/// weighted:  tpr(x) = sum of rows of the class · tpr of the class at x / sum of rows
/// ```
///
/// # Undefined
/// When a class has no rows (unless weighted: then it does not count), or all of them.
///
/// # Examples
/// ```
/// use cutpoint_core::{ClassScores, Labels};
/// use cutpoint_metrics::{Average, average_roc_curve, one_vs_rest_sweeps};
/// use ndarray::array;
///
/// let y = Labels::from_texts(&["a", "b", "c"]);
/// let score = array![[0.5, 0.3, 0.2], [0.2, 0.4, 0.4], [0.3, 0.5, 0.2]];
/// let sweeps = one_vs_rest_sweeps(&ClassScores::new(y, score)?)?;
/// let curve = average_roc_curve(&sweeps, Average::Macro).unwrap();
/// // a rises at fpr 0, b at 0.5, c evenly from 0.5 on (its row ties with one of another class).
/// assert_eq!(curve.fpr(), [0.0, 0.0, 0.5, 0.5, 1.0]);
/// assert_eq!(curve.tpr(), [0.0, 1.0 / 3.0, 1.0 / 3.0, 2.0 / 3.0, 1.0]);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Fawcett, 2006, *An introduction to ROC analysis*, Pattern Recognition Letters 27, section 8.1 (vertical averaging).
/// scikit-learn 1.9.1, the example *Multiclass Receiver Operating Characteristic*.
pub fn average_roc_curve(sweeps: &OneVsRestSweeps, average: Average) -> Option<AverageRocCurve> {
    if average == Average::Micro {
        let curve = roc_curve(sweeps.micro(), Intermediate::Keep);
        return Some(AverageRocCurve {
            fpr: curve.fpr()?.to_vec(),
            tpr: curve.tpr()?.to_vec(),
        });
    }
    let classes = sweeps.class_weights(average);
    // The same lines with fewer points.
    let classes = classes.map(|(sweep, weight)| (roc_curve(sweep, Intermediate::Drop), weight));
    let classes = classes.collect::<Vec<_>>();
    let mut lines = classes
        .iter()
        .map(|(curve, weight)| Line::new(curve, *weight))
        .collect::<Option<Vec<_>>>()?;
    let total = lines
        .iter()
        .map(|line| line.weight)
        .collect::<CompensatedSum>()
        .value();
    let mut grid = lines
        .iter()
        .flat_map(|line| line.fpr)
        .copied()
        .collect::<Vec<_>>();
    grid.sort_unstable_by(f64::total_cmp);
    grid.dedup();
    let mut curve = AverageRocCurve {
        fpr: Vec::with_capacity(grid.len()),
        tpr: Vec::with_capacity(grid.len()),
    };
    for x in grid {
        let (mut lower, mut upper) = (CompensatedSum::default(), CompensatedSum::default());
        for line in &mut lines {
            let (low, high) = line.ends_at(x);
            lower.add_product(line.weight, low);
            upper.add_product(line.weight, high);
        }
        let (lower, upper) = (lower.value() / total, upper.value() / total);
        if lower < upper {
            curve.push(x, lower);
        }
        curve.push(x, upper);
    }
    (!curve.fpr.is_empty()).then_some(curve)
}

/// The curve of one class, read from left to right.
struct Line<'c> {
    fpr: &'c [f64],
    tpr: &'c [f64],
    weight: f64,
    /// The first point that is not to the left of where the line was last read.
    next: usize,
}

impl<'c> Line<'c> {
    fn new(curve: &'c RocCurve, weight: f64) -> Option<Self> {
        Some(Self {
            fpr: curve.fpr()?,
            tpr: curve.tpr()?,
            weight,
            next: 0,
        })
    }

    /// The lowest and the highest true positive rate at a false positive rate no lower than the last one asked for.
    fn ends_at(&mut self, x: f64) -> (f64, f64) {
        let first = self.next + self.fpr[self.next..].partition_point(|&fpr| fpr < x);
        let end = first + self.fpr[first..].partition_point(|&fpr| fpr <= x);
        self.next = first;
        if first < end {
            return (self.tpr[first], self.tpr[end - 1]);
        }
        // Between two points: the first has fpr 0 and the last 1, so there is one on either side.
        let slope =
            (self.tpr[first] - self.tpr[first - 1]) / (self.fpr[first] - self.fpr[first - 1]);
        let between = slope.mul_add(x - self.fpr[first - 1], self.tpr[first - 1]);
        (between, between)
    }
}

impl AverageRocCurve {
    fn push(&mut self, fpr: f64, tpr: f64) {
        self.fpr.push(fpr);
        self.tpr.push(tpr);
    }

    /// The false positive rates, ascending.
    pub fn fpr(&self) -> &[f64] {
        &self.fpr
    }

    /// The mean true positive rates, ascending.
    pub fn tpr(&self) -> &[f64] {
        &self.tpr
    }
}
