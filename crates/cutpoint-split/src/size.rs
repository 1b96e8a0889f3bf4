//! How large each side of a hold-out split is, from fractions or counts of rows.
//!
//! Which rows fill the sides is decided elsewhere.

use std::fmt;
use std::str::FromStr;

use crate::{Error, Result};

/// The size of one side of a split: a fraction of the rows, or a number of them. 1 is one row; 1.0 is no valid
/// fraction.
///
/// # Examples
/// ```
/// use cutpoint_split::SplitSize;
///
/// assert_eq!("0.3".parse(), Ok(SplitSize::Fraction(0.3)));
/// assert_eq!("30".parse(), Ok(SplitSize::Rows(30)));
/// assert!("a third".parse::<SplitSize>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SplitSize {
    /// A fraction of the rows, in (0, 1). Larger takes more.
    Fraction(f64),
    /// A number of rows, in [1, inf).
    Rows(usize),
}

impl From<f64> for SplitSize {
    fn from(fraction: f64) -> Self {
        Self::Fraction(fraction)
    }
}

impl From<usize> for SplitSize {
    fn from(n_rows: usize) -> Self {
        Self::Rows(n_rows)
    }
}

impl FromStr for SplitSize {
    type Err = Error;

    /// A number of rows if the text is a whole number without point or exponent, otherwise a fraction.
    fn from_str(text: &str) -> Result<Self> {
        let rows = text.parse().ok().map(Self::Rows);
        rows.or_else(|| text.parse().ok().map(Self::Fraction))
            .ok_or_else(|| Error::SizeText {
                text: text.to_owned(),
            })
    }
}

impl fmt::Display for SplitSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // With its point, so that 1.0 is not taken for 1.
            Self::Fraction(fraction) => write!(formatter, "{fraction:?}"),
            Self::Rows(n_rows) => write!(formatter, "{n_rows}"),
        }
    }
}

/// How many rows train and how many test; together no more than there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldOutSizes {
    n_train: usize,
    n_test: usize,
}

impl HoldOutSizes {
    /// Rows to train on, at least 1.
    pub fn n_train(self) -> usize {
        self.n_train
    }

    /// Rows to test on.
    pub fn n_test(self) -> usize {
        self.n_test
    }
}

/// The sizes as asked for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct SizeRequest {
    pub(crate) test: Option<SplitSize>,
    pub(crate) train: Option<SplitSize>,
}

impl SizeRequest {
    /// The numbers of rows, checked in scikit-learn's order. `default` is the fraction to test on if neither is given.
    pub(crate) fn resolve(self, n_samples: usize, default: f64) -> Result<HoldOutSizes> {
        let sides = [("test_size", self.test), ("train_size", self.train)];
        for (name, size) in sides {
            check_domain(name, size)?;
        }
        for (name, size) in sides {
            if let Some(SplitSize::Rows(got)) = size
                && got >= n_samples
            {
                return Err(Error::SizeOfSamples {
                    name,
                    n_samples,
                    got,
                });
            }
        }
        if let (Some(SplitSize::Fraction(test_size)), Some(SplitSize::Fraction(train_size))) =
            (self.test, self.train)
            && train_size + test_size > 1.0
        {
            return Err(Error::FractionSum {
                test_size,
                train_size,
            });
        }
        // The product is rounded before it is rounded up or down: 0.07 * 100 is a bit over 7, so 8 rows test.
        let test_rows = |size| rows(size, n_samples, f64::ceil);
        let train_rows = |size| rows(size, n_samples, f64::floor);
        let (n_test, n_train) = match (self.test, self.train) {
            (Some(test), Some(train)) => (test_rows(test), train_rows(train)),
            (None, Some(train)) => {
                let n_train = train_rows(train);
                (n_samples - n_train, n_train)
            }
            (test, None) => {
                let n_test = test_rows(test.unwrap_or(SplitSize::Fraction(default)));
                (n_test, n_samples - n_test)
            }
        };
        if n_train + n_test > n_samples {
            return Err(Error::CountSum {
                n_samples,
                n_test,
                n_train,
            });
        }
        if n_train == 0 {
            return Err(Error::EmptyTrain {
                n_samples,
                test_size: self.test,
                train_size: self.train,
            });
        }
        Ok(HoldOutSizes { n_train, n_test })
    }
}

fn check_domain(name: &'static str, size: Option<SplitSize>) -> Result<()> {
    let valid = match size {
        Some(SplitSize::Fraction(fraction)) => fraction > 0.0 && fraction < 1.0,
        Some(SplitSize::Rows(n_rows)) => n_rows > 0,
        None => true,
    };
    match size {
        Some(got) if !valid => Err(Error::Size { name, got }),
        _ => Ok(()),
    }
}

/// Rows of a size in its domain: never more than `n_samples` for a fraction.
fn rows(size: SplitSize, n_samples: usize, round: impl Fn(f64) -> f64) -> usize {
    match size {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number between 0 and n_samples"
        )]
        SplitSize::Fraction(fraction) => round(fraction * n_samples as f64) as usize,
        SplitSize::Rows(n_rows) => n_rows,
    }
}
