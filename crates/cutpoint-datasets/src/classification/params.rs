//! What `make_classification` can be asked for, and the checks that need no draw.

use std::str::FromStr;

use cutpoint_core::Seed;

use crate::error::{check_count, check_finite, check_none_negative};
use crate::{Error, Result};

/// A shift or a scale of the features.
///
/// # Examples
/// ```
/// use cutpoint_datasets::Adjustment;
///
/// assert_eq!("0.5".parse(), Ok(Adjustment::Fixed(0.5)));
/// assert_eq!("none".parse(), Ok(Adjustment::Drawn));
/// assert_eq!(Adjustment::from(vec![1.0, 2.0]), Adjustment::PerFeature(vec![1.0, 2.0]));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Adjustment {
    /// The same for every feature.
    Fixed(f64),
    /// One a feature, in the order before the columns are shuffled.
    PerFeature(Vec<f64>),
    /// One a feature, drawn at random: scikit-learn's `None`.
    Drawn,
}

impl From<f64> for Adjustment {
    fn from(value: f64) -> Self {
        Self::Fixed(value)
    }
}

impl From<Vec<f64>> for Adjustment {
    fn from(values: Vec<f64>) -> Self {
        Self::PerFeature(values)
    }
}

impl FromStr for Adjustment {
    type Err = Error;

    /// A number, or `none` in any case for [`Adjustment::Drawn`].
    fn from_str(text: &str) -> Result<Self> {
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::Drawn);
        }
        text.parse()
            .map(Self::Fixed)
            .map_err(|_| Error::AdjustmentText {
                text: text.to_owned(),
            })
    }
}

/// What [`make_classification`](crate::make_classification) is asked for. Defaults and names are scikit-learn's.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassificationParams {
    pub(super) n_samples: usize,
    pub(super) n_features: usize,
    pub(super) n_informative: usize,
    pub(super) n_redundant: usize,
    pub(super) n_repeated: usize,
    pub(super) n_classes: usize,
    pub(super) n_clusters_per_class: usize,
    pub(super) weights: Option<Vec<f64>>,
    pub(super) flip_y: f64,
    pub(super) class_sep: f64,
    pub(super) hypercube: bool,
    pub(super) shift: Adjustment,
    pub(super) scale: Adjustment,
    pub(super) shuffle: bool,
    pub(super) seed: Seed,
}

impl Default for ClassificationParams {
    fn default() -> Self {
        Self {
            n_samples: 100,
            n_features: 20,
            n_informative: 2,
            n_redundant: 2,
            n_repeated: 0,
            n_classes: 2,
            n_clusters_per_class: 2,
            weights: None,
            flip_y: 0.01,
            class_sep: 1.0,
            hypercube: true,
            shift: Adjustment::Fixed(0.0),
            scale: Adjustment::Fixed(1.0),
            shuffle: true,
            seed: Seed::default(),
        }
    }
}

impl ClassificationParams {
    /// Rows. Default 100; [1, inf).
    #[must_use]
    pub fn n_samples(mut self, n_samples: usize) -> Self {
        self.n_samples = n_samples;
        self
    }

    /// Columns in all. Default 20; [1, inf). What the kinds below do not take is noise.
    #[must_use]
    pub fn n_features(mut self, n_features: usize) -> Self {
        self.n_features = n_features;
        self
    }

    /// Columns that the clusters differ in: the dimensions of the cube. Default 2; [1, inf). Larger makes room for more
    /// clusters and sets classes further apart.
    #[must_use]
    pub fn n_informative(mut self, n_informative: usize) -> Self {
        self.n_informative = n_informative;
        self
    }

    /// Columns that are random combinations of the informative ones. Default 2; [0, inf).
    #[must_use]
    pub fn n_redundant(mut self, n_redundant: usize) -> Self {
        self.n_redundant = n_redundant;
        self
    }

    /// Columns that copy informative or redundant ones, drawn with replacement. Default 0; [0, inf).
    #[must_use]
    pub fn n_repeated(mut self, n_repeated: usize) -> Self {
        self.n_repeated = n_repeated;
        self
    }

    /// Classes. Default 2; [1, inf).
    #[must_use]
    pub fn n_classes(mut self, n_classes: usize) -> Self {
        self.n_classes = n_classes;
        self
    }

    /// Clusters of each class. Default 2; [1, inf). Larger makes classes harder to tell apart by a plane. There may be
    /// at most 2^`n_informative` clusters in all.
    #[must_use]
    pub fn n_clusters_per_class(mut self, n_clusters_per_class: usize) -> Self {
        self.n_clusters_per_class = n_clusters_per_class;
        self
    }

    /// Share of the rows of each class, before labels are flipped; the last may be left out and is then 1 minus the
    /// others. Default: equal shares. Each in [0, inf).
    ///
    /// Rows that the shares leave over (they may sum to less than 1) go to the clusters in turn; rows beyond
    /// `n_samples` (they may sum to more) are cut off. scikit-learn also takes negative shares, which overwrite rows of
    /// other clusters; here they are an error.
    #[must_use]
    pub fn weights(mut self, weights: impl Into<Vec<f64>>) -> Self {
        self.weights = Some(weights.into());
        self
    }

    /// Share of the rows whose class is drawn anew. Default 0.01; [0, 1]. Larger makes the data noisier.
    #[must_use]
    pub fn flip_y(mut self, flip_y: f64) -> Self {
        self.flip_y = flip_y;
        self
    }

    /// Half the edge of the cube. Default 1; (0, inf). Larger makes classes easier to tell apart.
    #[must_use]
    pub fn class_sep(mut self, class_sep: f64) -> Self {
        self.class_sep = class_sep;
        self
    }

    /// Whether clusters stand on vertices of the cube (default), or of a random polytope inside it.
    #[must_use]
    pub fn hypercube(mut self, hypercube: bool) -> Self {
        self.hypercube = hypercube;
        self
    }

    /// Added to each feature. Default 0; (-inf, inf). Drawn, it is uniform in [-`class_sep`, `class_sep`).
    #[must_use]
    pub fn shift(mut self, shift: impl Into<Adjustment>) -> Self {
        self.shift = shift.into();
        self
    }

    /// Multiplied with each feature, after the shift. Default 1; (0, inf) as one number, (-inf, inf) as a list. Drawn,
    /// it is uniform in [1, 101).
    #[must_use]
    pub fn scale(mut self, scale: impl Into<Adjustment>) -> Self {
        self.scale = scale.into();
        self
    }

    /// Whether rows and columns are shuffled (default), or stand cluster by cluster and kind by kind.
    #[must_use]
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.shuffle = shuffle;
        self
    }

    /// Where the draws come from. Default: the NumPy stream from 0.
    #[must_use]
    pub fn seed(mut self, seed: impl Into<Seed>) -> Self {
        self.seed = seed.into();
        self
    }

    /// Checks everything together, in scikit-learn's order.
    ///
    /// # Errors
    /// - [`Error::Zero`] for a count that must be at least 1.
    /// - [`Error::Number`] for `flip_y`, `class_sep`, `shift` or `scale` outside its domain.
    /// - [`Error::Columns`] if the kinds of columns are more than all.
    /// - [`Error::Clusters`] if there are more clusters than vertices.
    /// - [`Error::WeightsLength`], [`Error::WeightsSum`], [`Error::Entry`] for weights.
    /// - [`Error::ListLength`], [`Error::Entry`] for a list of shifts or scales.
    /// - [`Error::TooLarge`] for more numbers than can be addressed.
    pub fn check(&self) -> Result<()> {
        for (name, got) in [
            ("n_samples", self.n_samples),
            ("n_features", self.n_features),
            ("n_informative", self.n_informative),
            ("n_classes", self.n_classes),
            ("n_clusters_per_class", self.n_clusters_per_class),
        ] {
            check_count(name, got)?;
        }
        self.check_numbers()?;
        self.check_counts()?;
        self.class_weights()?;
        for (name, adjustment) in [("shift", &self.shift), ("scale", &self.scale)] {
            if let Adjustment::PerFeature(values) = adjustment {
                if values.len() != self.n_features {
                    return Err(Error::ListLength {
                        name,
                        expected: self.n_features,
                        of: "feature",
                        got: values.len(),
                    });
                }
                check_finite(name, values)?;
            }
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<()> {
        let number = |name, domain, got, valid| {
            if valid {
                Ok(())
            } else {
                Err(Error::Number { name, domain, got })
            }
        };
        let Self {
            flip_y, class_sep, ..
        } = *self;
        number("flip_y", "[0, 1]", flip_y, (0.0..=1.0).contains(&flip_y))?;
        number(
            "class_sep",
            "(0, inf)",
            class_sep,
            class_sep > 0.0 && class_sep.is_finite(),
        )?;
        if let Adjustment::Fixed(shift) = self.shift {
            number("shift", "(-inf, inf)", shift, shift.is_finite())?;
        }
        if let Adjustment::Fixed(scale) = self.scale {
            number("scale", "(0, inf)", scale, scale > 0.0 && scale.is_finite())?;
        }
        Ok(())
    }

    fn check_counts(&self) -> Result<()> {
        let Self {
            n_samples,
            n_features,
            n_informative,
            n_redundant,
            n_repeated,
            n_classes,
            n_clusters_per_class,
            ..
        } = *self;
        let n_used = n_informative
            .checked_add(n_redundant)
            .and_then(|sum| sum.checked_add(n_repeated));
        if n_used.is_none_or(|n_used| n_used > n_features) {
            return Err(Error::Columns {
                n_features,
                n_informative,
                n_redundant,
                n_repeated,
            });
        }
        let n_vertices = u32::try_from(n_informative)
            .ok()
            .and_then(|exponent| 1_usize.checked_shl(exponent))
            .unwrap_or(usize::MAX);
        let n_clusters = n_classes.checked_mul(n_clusters_per_class);
        if n_clusters.is_none_or(|n_clusters| n_clusters > n_vertices) {
            return Err(Error::Clusters {
                n_classes,
                n_clusters_per_class,
                n_informative,
            });
        }
        let n_bytes = n_samples
            .checked_mul(n_features)
            .and_then(|n_numbers| n_numbers.checked_mul(size_of::<f64>()));
        if n_bytes.is_none_or(|n_bytes| isize::try_from(n_bytes).is_err()) {
            return Err(Error::TooLarge {
                n_samples,
                n_features,
            });
        }
        Ok(())
    }

    /// One weight a class. The sum that the last is inferred from adds from left to right, as Python did before 3.12.
    pub(super) fn class_weights(&self) -> Result<Vec<f64>> {
        let n_classes = self.n_classes;
        let Some(given) = &self.weights else {
            return Ok(vec![1.0 / n_classes as f64; n_classes]);
        };
        if given.len() != n_classes && given.len() + 1 != n_classes {
            return Err(Error::WeightsLength {
                n_classes,
                got: given.len(),
            });
        }
        check_none_negative("weights", given)?;
        let mut weights = given.clone();
        if given.len() < n_classes {
            let sum = given.iter().sum::<f64>();
            if sum > 1.0 {
                return Err(Error::WeightsSum { sum });
            }
            weights.push(1.0 - sum);
        }
        Ok(weights)
    }
}
