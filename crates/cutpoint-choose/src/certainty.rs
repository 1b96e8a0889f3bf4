//! How sure metrics are at a threshold, and at the prevalence where the classifier will work: the one place that what
//! is printed, saved and drawn asks for an interval. Rows with weights are not drawn here, since cells do not tell
//! enough of them.

use cutpoint_metrics::{
    Bootstrap, Cells, ConfidenceInterval, Metric, Problem, Resampling, Result, bootstrap,
    metric_interval, prevalence_interval,
};

use crate::ConfidenceOptions;

/// An interval, and how it was computed.
pub type Told = (ConfidenceInterval, &'static str);

/// How intervals of a problem's metrics come about.
#[derive(Debug, Clone, Copy)]
pub struct Certainty<'a> {
    problem: &'a Problem,
    options: ConfidenceOptions,
    is_weighted: bool,
}

/// The cells at a threshold, and what was drawn of them.
#[derive(Debug, Clone)]
pub struct Measured<'a> {
    certainty: Certainty<'a>,
    cells: Cells,
    /// As many rows in all, or of each class, as the options say.
    drawn: Option<Bootstrap<Cells>>,
    /// As many rows of each class: which share is positive is given, and not drawn.
    by_class: Option<Bootstrap<Cells>>,
}

impl<'a> Certainty<'a> {
    /// For a problem, of rows that have weights or not.
    pub fn new(problem: &'a Problem, options: ConfidenceOptions, is_weighted: bool) -> Self {
        Self {
            problem,
            options,
            is_weighted,
        }
    }

    /// The problem.
    pub fn problem(&self) -> &'a Problem {
        self.problem
    }

    /// Whether a metric is another where the classifier will work than in the rows.
    pub fn is_moved(&self, metric: &Metric) -> bool {
        self.problem.prevalence().is_some() && !metric.is_within_classes()
    }

    /// The interval by formula of a metric of the rows, if it has one.
    ///
    /// # Errors
    /// Those of the interval or the bootstrap, for options outside their domain.
    pub fn by_formula(&self, metric: &Metric, cells: &Cells) -> Result<Option<Told>> {
        if self.is_weighted {
            return Ok(None);
        }
        let ConfidenceOptions {
            formula,
            confidence,
            ..
        } = self.options;
        let interval = metric_interval(metric, cells, formula, confidence)?;
        Ok(interval.map(|interval| (interval, self.options.formula_name())))
    }

    /// The interval by formula of a metric where the classifier will work, if it has one.
    ///
    /// # Errors
    /// Those of the interval or the bootstrap, for options outside their domain.
    pub fn by_formula_there(&self, metric: &Metric, cells: &Cells) -> Result<Option<Told>> {
        if !self.is_moved(metric) {
            return self.by_formula(metric, cells);
        }
        if self.is_weighted || metric.name() == "prevalence" {
            return Ok(None);
        }
        self.propagated(metric, cells, self.problem.prevalence())
    }

    fn propagated(
        &self,
        metric: &Metric,
        cells: &Cells,
        prevalence: Option<f64>,
    ) -> Result<Option<Told>> {
        let interval = prevalence_interval(metric, cells, prevalence, self.options.confidence)?;
        Ok(interval.map(|interval| (interval, "propagated")))
    }

    /// Whether a metric has its interval by formula where the classifier will work, as far as it is defined. Rows that
    /// are to be resampled tell what moves with the prevalence.
    ///
    /// # Errors
    /// Those of the interval or the bootstrap, for options outside their domain.
    pub fn has_formula(&self, metric: &Metric) -> Result<bool> {
        if self.options.bootstrap.is_some() && self.is_moved(metric) {
            return Ok(false);
        }
        // Any cells will do in which every metric is defined.
        let cells = Cells::from_counts(1, 1, 1, 1);
        Ok(self.by_formula_there(metric, &cells)?.is_some())
    }

    /// Whether a metric has its interval by resampled cells, which rows with weights do not have.
    pub fn is_by_draws(&self, metric: &Metric) -> bool {
        let is_given = self.is_moved(metric) && metric.name() == "prevalence";
        let has_formula = self
            .has_formula(metric)
            .is_ok_and(|has_formula| has_formula);
        self.options.bootstrap.is_some() && !self.is_weighted && !is_given && !has_formula
    }

    /// What is told of resampled cells. Where all replicates agree, as where a cell is empty in the rows and so in
    /// every draw, they tell nothing: then by formula, or of weights nothing. `prevalence`: where the metric is looked
    /// at.
    ///
    /// # Errors
    /// Those of the interval or the bootstrap, for options outside their domain.
    pub fn of_draws(
        &self,
        metric: &Metric,
        cells: &Cells,
        prevalence: Option<f64>,
        drawn: Option<ConfidenceInterval>,
    ) -> Result<Option<Told>> {
        match drawn {
            Some(interval) if !interval.has_no_width() => Ok(Some((interval, "bootstrap"))),
            Some(_) if !self.is_weighted => self.propagated(metric, cells, prevalence),
            _ => Ok(None),
        }
    }

    /// Resamples the cells, where intervals need it.
    ///
    /// # Errors
    /// Those of the interval or the bootstrap, for options outside their domain.
    pub fn at(&self, cells: Cells) -> Result<Measured<'a>> {
        let is_drawn = self.options.bootstrap.is_some() && cells.total() > 0.0;
        let drawn = if is_drawn && !self.is_weighted {
            Some(bootstrap(&cells, &self.options.of_bootstrap())?)
        } else {
            None
        };
        self.with(cells, drawn)
    }

    /// The same of cells that were resampled already.
    ///
    /// # Errors
    /// Those of the interval or the bootstrap, for options outside their domain.
    pub fn with(&self, cells: Cells, drawn: Option<Bootstrap<Cells>>) -> Result<Measured<'a>> {
        let is_drawn = self.options.bootstrap.is_some() && cells.total() > 0.0;
        let by_class = if self.problem.prevalence().is_none() || !is_drawn {
            None
        } else if self.is_weighted {
            drawn.clone()
        } else {
            let options = self.options.of_bootstrap().resampling(Resampling::ByClass);
            Some(bootstrap(&cells, &options)?)
        };
        Ok(Measured {
            certainty: *self,
            cells,
            drawn,
            by_class,
        })
    }
}

impl Measured<'_> {
    /// The interval of a metric of the rows as they are.
    ///
    /// # Errors
    /// Those of the interval or the bootstrap, for options outside their domain.
    pub fn here(&self, metric: &Metric) -> Result<Option<Told>> {
        if let Some(told) = self.certainty.by_formula(metric, &self.cells)? {
            return Ok(Some(told));
        }
        let drawn = self.drawn.as_ref();
        let drawn = drawn.and_then(|drawn| drawn.metric_interval(metric));
        self.certainty.of_draws(metric, &self.cells, None, drawn)
    }

    /// The interval of a metric where the classifier will work, which belongs beside [`Problem::value`]: by formula,
    /// unless rows were to be resampled. No draw has a row of a cell that is empty in the rows, and few a row of one
    /// that is nearly so, and yet a prevalence may give such rows most of the weight.
    ///
    /// # Errors
    /// Those of the interval or the bootstrap, for options outside their domain.
    pub fn there(&self, metric: &Metric) -> Result<Option<Told>> {
        let certainty = &self.certainty;
        if !certainty.is_moved(metric) {
            self.here(metric)
        } else if certainty.options.bootstrap.is_some() {
            self.by_draws(metric)
        } else {
            certainty.by_formula_there(metric, &self.cells)
        }
    }

    /// The same by resampled rows, as far as these tell.
    ///
    /// # Errors
    /// Those of the interval or the bootstrap, for options outside their domain.
    pub fn by_draws(&self, metric: &Metric) -> Result<Option<Told>> {
        let drawn = if !self.certainty.is_moved(metric) {
            &self.drawn
        } else if metric.name() == "prevalence" {
            // It is given.
            return Ok(None);
        } else {
            &self.by_class
        };
        let problem = self.certainty.problem;
        let drawn = drawn.as_ref();
        let drawn = drawn.and_then(|drawn| drawn.interval(|cells| problem.value(metric, cells)));
        self.certainty
            .of_draws(metric, &self.cells, problem.prevalence(), drawn)
    }
}
