//! How sure numbers shall be told, and how.

use cutpoint_core::{Seed, StreamKind};
use cutpoint_metrics::{BootstrapOptions, ProportionInterval, Resampling, Result};

/// How sure a choice is to be told.
///
/// # Examples
/// ```
/// use cutpoint_choose::ConfidenceOptions;
///
/// let options = ConfidenceOptions { bootstrap: Some(2000), ..ConfidenceOptions::default() };
/// options.check()?;
/// assert!(ConfidenceOptions { confidence: 1.0, ..options }.check().is_err());
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceOptions {
    /// How often intervals hold the truth, in `(0, 1)`; default 0.95.
    pub confidence: f64,
    /// The interval by formula of a rate; default Wilson's.
    pub formula: ProportionInterval,
    /// Bootstrap resamples, in `[1, 10_000_000]`; default none: intervals by formula where there are such.
    pub bootstrap: Option<usize>,
    /// What is drawn; default as many rows in all.
    pub resampling: Resampling,
    /// The seed of the random numbers; default 0.
    pub random_state: u64,
}

impl Default for ConfidenceOptions {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            formula: ProportionInterval::Wilson,
            bootstrap: None,
            resampling: Resampling::Rows,
            random_state: 0,
        }
    }
}

impl ConfidenceOptions {
    /// Whether they can be right, whatever the rows are.
    ///
    /// # Errors
    /// Those of [`BootstrapOptions::check`].
    pub fn check(&self) -> Result<()> {
        self.of_bootstrap().check()
    }

    /// As a bootstrap takes them.
    ///
    /// # Panics
    /// Never: ChaCha takes every random state.
    pub fn of_bootstrap(&self) -> BootstrapOptions {
        let seed = Seed::new(StreamKind::ChaCha, self.random_state);
        let options = BootstrapOptions::default()
            .resampling(self.resampling)
            .confidence(self.confidence)
            .seed(seed.expect("ChaCha takes every random state"));
        match self.bootstrap {
            Some(n_replicates) => options.n_replicates(n_replicates),
            None => options,
        }
    }

    /// What the interval of a rate is called.
    pub(crate) fn formula_name(&self) -> &'static str {
        match self.formula {
            ProportionInterval::ClopperPearson => "clopper-pearson",
            _ => "wilson",
        }
    }
}
