//! What can be wrong with a picture that is asked for; what can be wrong with the rows of a report is in `report`.

/// A picture that could not be drawn, with what was expected and what came.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A chart without anything on it.
    #[error("`{name}` must hold at least 1 entry for {chart}, got 0")]
    Empty {
        /// The parameter.
        name: &'static str,
        /// The chart.
        chart: &'static str,
    },
    /// A curve that is undefined, because a class has no rows.
    #[error("`{series}` must have {needs} for {chart}, got none")]
    Undefined {
        /// The curve at fault.
        series: String,
        /// What it lacks.
        needs: &'static str,
        /// The chart.
        chart: &'static str,
    },
    /// Names that do not fit the labels.
    #[error("`names` must be as many as there are labels, {expected}, got {got}")]
    Names {
        /// Number of labels.
        expected: usize,
        /// Number of names.
        got: usize,
    },
    /// More classes than a picture can show.
    #[error(
        "`matrix` must have at most {max} classes to be drawn, got {got}; pick some of them with `labels`"
    )]
    TooManyClasses {
        /// The most there can be.
        max: usize,
        /// How many there are.
        got: usize,
    },
    /// A number outside its domain.
    #[error("`{name}` must be in [{low}, {high}], got {value}")]
    Domain {
        /// The parameter.
        name: &'static str,
        /// Its lowest value.
        low: f64,
        /// Its highest value.
        high: f64,
        /// The number given.
        value: f64,
    },
    /// A band whose columns do not fit together.
    #[error("`band` must have columns of one length, got {lengths:?}")]
    Band {
        /// The lengths: of both ends, or twice of the place, on the horizontal axis; of both ends on the vertical one.
        lengths: [usize; 4],
    },
    /// A threshold of a report at which the cells are not known.
    #[error("`sweep` must be exact at the threshold {threshold}, got bounds")]
    NotExact {
        /// The threshold.
        threshold: f64,
    },
    /// A PNG that would be too large.
    #[error(
        "`scale` must leave at most {max} pixels, got {width} × {height}; choose a smaller one"
    )]
    Pixels {
        /// The most there can be.
        max: u32,
        /// Pixels a row.
        width: u32,
        /// Pixels a column.
        height: u32,
    },
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Checks a number against its domain.
pub(crate) fn check_domain(name: &'static str, value: f64, low: f64, high: f64) -> Result<()> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(Error::Domain {
            name,
            low,
            high,
            value,
        })
    }
}
