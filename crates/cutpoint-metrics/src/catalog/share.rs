//! Which rows a rate counts, and among which: the one place that knows it, for values, intervals and the page of a
//! report. What the rates mean is in `formulas`.

use crate::Cells;
use crate::formulas;

/// The bit of each cell in a mask.
pub(super) const TP: u8 = 1;
pub(super) const FP: u8 = 2;
pub(super) const FN: u8 = 4;
pub(super) const TN: u8 = 8;
/// All rows.
pub(super) const ALL: u8 = TP | FP | FN | TN;

/// The share that the rows of some cells have of those of more cells, these among them: recall is the share of `tp` in
/// `tp + fn`.
///
/// # Examples
/// ```
/// use cutpoint_metrics::Metric;
///
/// let share = "recall".parse::<Metric>()?.share().expect("a rate");
/// // 1 for tp, and 4 for fn beside it.
/// assert_eq!((share.part_mask(), share.whole_mask()), (1, 5));
/// // tp, fp, fn, tn: of 12 positive rows 3 were predicted positive and 9 were not.
/// assert_eq!(share.of_counts([3, 1, 9, 7]), (3, 9));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    part: u8,
    whole: u8,
}

impl Share {
    pub(super) const fn new<const PART: u8, const WHOLE: u8>() -> Self {
        const {
            assert!(PART & !WHOLE == 0, "a part lies in its whole");
        }
        Self {
            part: PART,
            whole: WHOLE,
        }
    }

    /// The cells of the numerator, each a bit: 1 for `tp`, 2 for `fp`, 4 for `fn`, 8 for `tn`.
    pub fn part_mask(self) -> u8 {
        self.part
    }

    /// The cells of the denominator, in the same bits.
    pub fn whole_mask(self) -> u8 {
        self.whole
    }

    /// The rows of the numerator, and the others of the denominator, of the cells `[tp, fp, fn, tn]`.
    pub fn of_counts(self, counts: [u64; 4]) -> (u64, u64) {
        let sum = |mask: u8| -> u64 {
            let cells = counts.iter().enumerate();
            let cells = cells.filter(|(place, _)| mask >> place & 1 == 1);
            cells.map(|(_, count)| count).sum()
        };
        (sum(self.part), sum(self.whole & !self.part))
    }
}

/// The value of a share. The masks are known when this is compiled, so that the cells of neither cost nothing.
pub(super) fn value<const PART: u8, const WHOLE: u8>(cells: &Cells) -> Option<f64> {
    formulas::share(sum(cells, PART), sum(cells, WHOLE & !PART))
}

/// The sum of some cells. No rate has more than two in its part, nor among the others: their order does not matter.
#[inline]
fn sum(cells: &Cells, mask: u8) -> f64 {
    let of = |bit: u8, cell: f64| if mask & bit == 0 { 0.0 } else { cell };
    (of(TP, cells.tp()) + of(FP, cells.fp())) + (of(FN, cells.fn_()) + of(TN, cells.tn()))
}
