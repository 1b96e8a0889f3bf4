//! A zone of scores between two thresholds that is left to somebody else, at a cost for each row. What a rejected row
//! costs is given; who decides about it is not known here.

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    Cells, Costs, Error, Interval, RejectCosts, Rescaling, Result, Sweep, SweepPoint,
    check_prevalence, formulas,
};

use super::Table;
use super::zone_search::ZoneSearch;

/// Rows from the upper threshold up are predicted positive, rows below the lower one negative, and those between them
/// are rejected: nothing is predicted.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectZone {
    upper: SweepPoint,
    lower: SweepPoint,
    cost: f64,
    rescaling: Rescaling,
}

impl RejectZone {
    /// The cheapest of all whose ends were looked at.
    pub(crate) fn of(search: &ZoneSearch) -> Self {
        let ([upper, lower], cost) = search.cheapest();
        Self {
            upper,
            lower,
            cost,
            rescaling: search.rescaling(),
        }
    }

    /// Rows with this score or a higher one are predicted positive; none if it is `None`.
    pub fn upper(&self) -> Option<Threshold> {
        self.upper.threshold
    }

    /// Rows with lower scores are predicted negative; all that are not predicted positive if it is `None`.
    pub fn lower(&self) -> Option<Threshold> {
        self.lower.threshold
    }

    /// The upper thresholds that give the same predictions.
    pub fn upper_interval(&self) -> Interval {
        self.upper.interval
    }

    /// The lower thresholds that give the same predictions.
    pub fn lower_interval(&self) -> Interval {
        self.lower.interval
    }

    /// What errors, right predictions and rejections cost together, at the prevalence that was asked for.
    pub fn cost(&self) -> f64 {
        self.cost
    }

    /// The rows that are not rejected, as they were counted in the data: `tp` and `fp` at the upper threshold, `fn` and
    /// `tn` at the lower one.
    pub fn accepted(&self) -> Cells {
        RejectCosts::accepted(&self.upper.cells, &self.lower.cells)
    }

    /// Positive rows that are rejected, or their weight.
    pub fn rejected_positives(&self) -> f64 {
        (self.lower.cells.tp() - self.upper.cells.tp()).max(0.0)
    }

    /// Negative rows that are rejected, or their weight.
    pub fn rejected_negatives(&self) -> f64 {
        (self.lower.cells.fp() - self.upper.cells.fp()).max(0.0)
    }

    /// The share of the rows that are not rejected, in `[0, 1]`, at the prevalence that was asked for.
    pub fn coverage(&self) -> f64 {
        let [upper, lower] = [&self.upper, &self.lower]
            .map(|end| self.rescaling.cells(&end.cells).unwrap_or(end.cells));
        let rejected = (lower.tp() - upper.tp()).max(0.0) + (lower.fp() - upper.fp()).max(0.0);
        1.0 - rejected / upper.total()
    }

    /// The share of errors among the rows that are not rejected, in `[0, 1]`, at the prevalence that was asked for;
    /// `None` if all are rejected.
    pub fn error_rate(&self) -> Option<f64> {
        formulas::error_rate(&self.rescaling.cells(&self.accepted())?)
    }
}

/// The two thresholds between which it pays to reject rows.
///
/// `reject`: what a rejected row costs, in `[-1e100, 1e100]`; larger makes the zone smaller. `prevalence`: as for
/// [`Problem::at_prevalence`](cutpoint_metrics::Problem::at_prevalence).
///
/// Of pairs of thresholds that cost the same, the one with the highest upper threshold is taken, and of those the one
/// with the highest lower one; "predict none" comes last. Where both ends are the same nothing is rejected.
///
/// # Formula
/// ```text
/// cost_tp tp(upper) + cost_fp fp(upper) + cost_fn fn(lower) + cost_tn tn(lower) + reject (rows between)
///   =  [(cost_tp - reject) tp + (cost_fp - reject) fp](upper)  +  [reject (tp + fp) + cost_fn fn + cost_tn tn](lower)
/// ```
/// to be as low as can be over all pairs with `lower <= upper`. The second form has one term for each end: the least of
/// either term on its side of a threshold tells whether that threshold can be an end. [`Search`](crate::Search) finds
/// the same zone in a file that does not fit into memory.
///
/// # Errors
/// - [`Error::Cost`] for a cost outside its domain.
/// - [`Error::Prevalence`] for a prevalence outside its domain; [`Error::OneClass`] if there is one and a class has no
///   rows.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_choose::choose_reject_zone;
/// use cutpoint_metrics::sweep;
///
/// let label = vec![true, true, false, true, false, false];
/// let table = sweep(&Scores::new(label, vec![0.9, 0.8, 0.6, 0.4, 0.2, 0.1])?);
/// // Rejecting the two in the middle costs 2 · 0.25; any single threshold makes an error.
/// let zone = choose_reject_zone(&table, &"fp=1,fn=1".parse()?, 0.25, None)?;
/// assert_eq!((zone.upper(), zone.lower()), (Some(Threshold::new(0.8)?), Some(Threshold::new(0.4)?)));
/// assert_eq!((zone.cost(), zone.error_rate()), (0.5, Some(0.0)));
/// assert!((zone.coverage() - 4.0 / 6.0).abs() < 1e-15);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Chow, 1970, *On optimum recognition error and reject tradeoff*, IEEE Transactions on Information Theory 16, 41–46.
/// Tortorella, 2000, *An optimal reject rule for binary classifiers*, LNCS 1876, 611–620 (unequal costs, on the curve
/// of a classifier).
pub fn choose_reject_zone(
    sweep: &Sweep,
    costs: &Costs,
    reject: f64,
    prevalence: Option<f64>,
) -> Result<RejectZone> {
    let table = Table::of(sweep);
    let mut search = ends_to_find(&table, costs, reject, prevalence)?;
    search.look_through(&table, |_, _| None);
    Ok(RejectZone::of(&search))
}

/// The search for a zone, at the beginning.
pub(crate) fn ends_to_find(
    table: &Table<'_>,
    costs: &Costs,
    reject: f64,
    prevalence: Option<f64>,
) -> Result<ZoneSearch> {
    let ends = RejectCosts::new(costs, reject)?;
    check_prevalence(prevalence)?;
    let (positives, negatives) = (table.sweep().positives(), table.sweep().negatives());
    let rescaling = Rescaling::new(prevalence, positives, negatives);
    if rescaling == Rescaling::Impossible {
        return Err(Error::OneClass {
            positives,
            negatives,
        });
    }
    Ok(ZoneSearch::new(ends, rescaling, table.point(0)))
}
