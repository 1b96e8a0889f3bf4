//! A choice with all that is asked of it: how sure it is, what it does on rows that were held out, what makes it
//! doubtful.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Direction, Problem};

use crate::{
    Classes, ConfidenceOptions, Decision, Folds, Optimum, RowSource, Validation, View, choose_from,
    confidence_of, count_held_out, cross_validate,
};

/// What is asked of a choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChooseOptions {
    /// The most bytes that bins of scores may take, in `[65536, usize::MAX]`; more mean fewer passes. Default 512 MiB.
    pub memory: usize,
    /// How sure it is. Default: not asked.
    pub confidence: Option<ConfidenceOptions>,
    /// Cross-validation: what it does on each fold, chosen on all others. Default: not asked.
    pub folds: Option<Folds>,
}

impl Default for ChooseOptions {
    fn default() -> Self {
        Self {
            memory: 512 << 20,
            confidence: None,
            folds: None,
        }
    }
}

/// What makes a choice doubtful.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ChoiceDoubt {
    /// The worst threshold was asked for: values of the metric are better in this direction.
    AgainstDirection(Direction),
    /// The bootstrap chooses among the thresholds that fit into memory.
    CoarseBootstrap,
    /// It is measured on the rows that it was made on, where every choice looks better than it is.
    NotHeldOut,
    /// No row is in these cells, and so none in any resample: at another prevalence, intervals of what depends on such
    /// rows are too narrow. The cells by their names in the catalogue: `tp`, `fp`, `fn`, `tn`.
    NeverDrawn(Vec<&'static str>),
}

/// Chooses the best threshold, and measures the choice: [`choose_from`], [`confidence_of`] and [`cross_validate`], as
/// far as they are asked for. Nothing is measured where nothing is chosen.
///
/// # Errors
/// Those of [`choose_from`], [`confidence_of`] and [`cross_validate`].
///
/// # Panics
/// If the source leaves out what a pass asks for.
///
/// # Examples
/// ```
/// use cutpoint_choose::{ChooseOptions, ConfidenceOptions, Folds, View, choose_and_measure};
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::Problem;
///
/// let score = (0..600).map(|row| f64::from(row * 37 % 600) / 600.0).collect::<Vec<_>>();
/// let is_positive = score.iter().enumerate().map(|(row, score)| score + (row % 7) as f64 / 7.0 > 1.0).collect();
/// let rows = Scores::new(is_positive, score)?;
///
/// let problem = Problem::new("f1".parse()?).subject_to("recall>=0.9".parse()?);
/// let options = ChooseOptions {
///     confidence: Some(ConfidenceOptions { bootstrap: Some(200), ..ConfidenceOptions::default() }),
///     folds: Some(Folds { n_folds: 5, random_state: 0 }),
///     ..ChooseOptions::default()
/// };
/// let decision = choose_and_measure(&View::of(&rows), &problem, &options)?;
/// let answer = decision.answer().expect("some threshold reaches that recall");
/// assert!(answer.bootstrap.expect("asked for").threshold.is_some());
/// assert_eq!(answer.validation.expect("asked for").fold_thresholds.len(), 5);
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
pub fn choose_and_measure<S: RowSource>(
    view: &View<'_, S>,
    problem: &Problem,
    options: &ChooseOptions,
) -> Result<Decision, S::Error> {
    let decision = choose_from(view, problem, options.memory)?;
    measure_from(view, decision, options)
}

/// The second half of [`choose_and_measure`], for who has something to say of a choice before it is measured.
///
/// # Errors
/// Those of [`confidence_of`] and [`cross_validate`].
///
/// # Panics
/// If the source leaves out what a pass asks for.
pub fn measure_from<S: RowSource>(
    view: &View<'_, S>,
    mut decision: Decision,
    options: &ChooseOptions,
) -> Result<Decision, S::Error> {
    let (memory, problem) = (options.memory, decision.problem.clone());
    let problem = &problem;
    let Some(best) = decision.choice.found().cloned() else {
        return Ok(decision);
    };
    if let Some(confidence) = &options.confidence {
        let measured = confidence_of(view, problem, &decision.partial, &best, confidence, memory)?;
        decision.confidence = Some(measured);
    }
    if let Some(folds) = options.folds {
        let held_out = cross_validate(view, problem, &decision.partial, &best, folds, memory)?;
        let (confidence, is_weighted) = (decision.options(), decision.partial.is_weighted());
        let validation = Validation::new(held_out, problem, &best, &confidence, is_weighted);
        let mut validation = validation.map_err(|error| view.source.error(error.into()))?;
        validation.source = format!("{} folds", folds.n_folds);
        decision.validation = Some(validation);
    }
    Ok(decision)
}

/// What a choice does on the rows of another source, and what the classes are called there; that they are the same is
/// for the caller to say. `None` if there is no choice.
///
/// # Errors
/// Those of [`count_held_out`] and [`Validation::new`].
pub fn validate_from<S: RowSource>(
    other: &View<'_, S>,
    decision: &Decision,
) -> Result<Option<(Validation, Classes)>, S::Error> {
    let Some(best) = decision.choice.found() else {
        return Ok(None);
    };
    let (held_out, classes) = count_held_out(other, best.threshold())?;
    let (options, is_weighted) = (decision.options(), decision.partial.is_weighted());
    let validation = Validation::new(held_out, &decision.problem, best, &options, is_weighted);
    let validation = validation.map_err(|error| other.source.error(error.into()))?;
    Ok(Some((validation, classes)))
}

impl Decision {
    /// The threshold that was chosen; `None` if there is none, or for "predict none".
    pub fn threshold(&self) -> Option<Threshold> {
        self.choice.found().and_then(Optimum::threshold)
    }

    fn options(&self) -> ConfidenceOptions {
        let confidence = self.confidence.as_ref();
        confidence.map_or_else(ConfidenceOptions::default, |confidence| confidence.options)
    }

    /// What makes the choice doubtful, as far as it was measured; nothing if there is none.
    pub fn doubts(&self) -> Vec<ChoiceDoubt> {
        let Some(best) = self.choice.found() else {
            return Vec::new();
        };
        let objective = self.problem.objective();
        let mut doubts = Vec::new();
        if objective.is_against_direction() {
            let direction = objective.metric().direction();
            doubts.push(ChoiceDoubt::AgainstDirection(direction));
        }
        let confidence = self.confidence.as_ref();
        if confidence.is_some_and(|confidence| confidence.is_coarse) {
            doubts.push(ChoiceDoubt::CoarseBootstrap);
        }
        if self.validation.is_none() {
            doubts.push(ChoiceDoubt::NotHeldOut);
        }
        if self.options().bootstrap.is_some() && self.problem.prevalence().is_some() {
            let never_drawn = self.never_drawn(best);
            if !never_drawn.is_empty() {
                doubts.push(ChoiceDoubt::NeverDrawn(never_drawn));
            }
        }
        doubts
    }

    /// The cells that are empty in the rows, or in those that were held out.
    fn never_drawn(&self, best: &Optimum) -> Vec<&'static str> {
        let held_out = self.validation.iter();
        let held_out = held_out.map(Validation::cells);
        let all = std::iter::once(best.cells()).chain(held_out);
        let all = all.filter(|cells| cells.total() > 0.0).collect::<Vec<_>>();
        let is_empty = |place: usize| {
            all.iter()
                .any(|cells| [cells.tp(), cells.fp(), cells.fn_(), cells.tn()][place] <= 0.0)
        };
        let names = ["tp", "fp", "fn", "tn"].into_iter().enumerate();
        names
            .filter_map(|(place, name)| is_empty(place).then_some(name))
            .collect()
    }
}
