//! What is compared, and how sure it is to be told.

use cutpoint_core::Seed;
use cutpoint_metrics::{BootstrapOptions, Costs, Metric};

use super::rule::ThresholdRule;
use crate::{Error, Result};

/// What is compared, and how sure it is to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareOptions {
    /// How each model comes to its threshold; default 0.5 for all.
    pub thresholds: ThresholdRule,
    /// The metrics to compare at the thresholds; default none.
    pub metrics: Vec<Metric>,
    /// What one row of each cell costs; default none: costs are not compared.
    pub costs: Option<Costs>,
    /// Paired bootstrap resamples, in `[1, 10_000_000]`; default 2000.
    pub n_replicates: usize,
    /// The seed of the bootstrap; default 0.
    pub random_state: u64,
    /// How often intervals hold the truth, in `(0, 1)`; default 0.95.
    pub confidence: f64,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self {
            thresholds: ThresholdRule::default(),
            metrics: Vec::new(),
            costs: None,
            n_replicates: 2000,
            random_state: 0,
            confidence: 0.95,
        }
    }
}

impl CompareOptions {
    /// Whether they can be right for so many models, whatever the rows are.
    ///
    /// # Errors
    /// - [`Error::FewModels`] with fewer than 2 models.
    /// - [`Error::ThresholdCount`] unless there is one threshold a model, where each has its own.
    /// - Those of [`BootstrapOptions::check`].
    pub fn check(&self, n_models: usize) -> Result<()> {
        if n_models < 2 {
            return Err(Error::FewModels { n_models });
        }
        self.thresholds.check(n_models)?;
        Ok(self.of_bootstrap().check()?)
    }

    /// As a bootstrap takes them.
    pub(super) fn of_bootstrap(&self) -> BootstrapOptions {
        BootstrapOptions::default()
            .n_replicates(self.n_replicates)
            .seed(Seed::chacha(self.random_state))
            .confidence(self.confidence)
    }
}
