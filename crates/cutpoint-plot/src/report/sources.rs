//! A report of rows, whatever their sources are: which passes it takes, and what becomes of what they find. A matrix
//! that is not exact is never taken: where the memory did not hold all scores, the rows are read again with their bins
//! cut at the thresholds of the page.

use cutpoint_choose::{RowSource, Swept, View};
use cutpoint_core::{Label, Scores, counted};
use cutpoint_metrics::{PartialSweep, ScoreSurvey};

use super::error::ReportError;
use super::options::ReportOptions;
use super::rows::ReportRows;
use super::series::ReportSeries;
use super::thresholds::{ReportThresholds, exact_at, optima, wanted};
use super::{Report, ReportModel};

/// Groups with a curve of their own; the smaller ones are one together.
const MOST_GROUPS: usize = 12;

/// The rows of one model of a report, and what it is called.
#[derive(Debug)]
pub struct ReportSource<'s, S> {
    name: String,
    rows: &'s S,
    by_group: Option<&'s S>,
}

impl<'s, S> ReportSource<'s, S> {
    /// A model by its name, and its rows.
    pub fn new(name: impl Into<String>, rows: &'s S) -> Self {
        Self {
            name: name.into(),
            rows,
            by_group: None,
        }
    }

    /// The same rows from a source that tells their groups: each of the 12 largest is a curve of its own, the others
    /// are one together. Default: no groups.
    #[must_use]
    pub fn by_group(mut self, rows: &'s S) -> Self {
        self.by_group = Some(rows);
        self
    }
}

impl Report {
    /// The report of rows in memory, whose classes are called 0 and 1: all thresholds, as long as a page has room for
    /// them.
    ///
    /// # Errors
    /// [`ReportError::Rows`], if the memory has no room for what is found of them.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Scores;
    /// use cutpoint_plot::Report;
    ///
    /// let rows = Scores::new(vec![true, false, true], vec![0.9, 0.4, 0.3])?;
    /// let page = Report::of("spam", &rows)?.page();
    /// assert!(page.starts_with("<!DOCTYPE html>"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(
        title: impl Into<String>,
        rows: &Scores,
    ) -> Result<Self, ReportError<cutpoint_choose::Error>> {
        let title = title.into();
        let source = ReportSource::new(title.clone(), rows);
        Self::from_sources(title, &[source], &ReportOptions::default())
    }

    /// The report of the rows of sources, a model each.
    ///
    /// Sources are read two to four times where the memory holds all scores, and more often where it does not; one that
    /// can be read only once is read once, and its rows are not listed.
    ///
    /// # Errors
    /// - [`ReportError::Empty`] without sources.
    /// - [`ReportError::Rows`] with what a source says.
    /// - [`ReportError::Classes`] and [`ReportError::Positive`] for classes that do not fit each other or the problem.
    /// - [`ReportError::Page`] if a source does not answer what it was asked for.
    pub fn from_sources<S: RowSource>(
        title: impl Into<String>,
        sources: &[ReportSource<'_, S>],
        options: &ReportOptions,
    ) -> Result<Self, ReportError<S::Error>> {
        if sources.is_empty() {
            return Err(ReportError::Empty);
        }
        let memory = options.memory / sources.len();
        let start = options.start.iter().map(|(threshold, _)| threshold.value());
        let cut_at = exact_at(start);
        let mut wanted = wanted(options);
        let mut swept = Vec::<Swept>::new();
        for (index, source) in sources.iter().enumerate() {
            let place = Place::of(index, &swept);
            // That there are too many groups is found in the first pass.
            let first = View::of(source.by_group.unwrap_or(source.rows));
            let one = first.sweep(memory, &cut_at);
            let one = one.map_err(|error| place.failed(error))?;
            let best = optima(&View::of(source.rows), &one.partial, options, memory);
            wanted.extend(best.map_err(|error| place.failed(error))?);
            swept.push(one);
        }
        let labels = common_labels(&swept, options)?;
        let tables = swept.iter().map(|one| &one.partial).collect::<Vec<_>>();
        let has_groups = sources.iter().any(|source| source.by_group.is_some());
        let n_groups = if has_groups { MOST_GROUPS + 1 } else { 0 };
        let thresholds = ReportThresholds::of(&tables, &wanted, sources.len() * (1 + n_groups));
        let places = (0..sources.len()).map(|index| Place::of(index, &swept));
        let places = places.collect::<Vec<_>>();
        let page = Page {
            wanted: &wanted,
            thresholds: &thresholds,
            memory,
        };
        let models = places.iter().zip(sources).zip(swept);
        let models = models.map(|((place, source), swept)| page.model(source, swept, place));
        Ok(Self {
            title: title.into(),
            names: labels.each_ref().map(Label::to_string),
            labels,
            models: models.collect::<Result<_, _>>()?,
            thresholds,
            options: options.clone(),
            group_column: None,
            id_column: None,
        })
    }
}

/// Which model something is wrong with.
struct Place {
    index: usize,
    first_labels: Option<[Label; 2]>,
}

impl Place {
    fn of(index: usize, swept: &[Swept]) -> Self {
        let first = swept.first().filter(|_| index > 0);
        Self {
            index,
            first_labels: first.map(|first| first.labels().clone()),
        }
    }

    fn failed<E>(&self, error: E) -> ReportError<E> {
        ReportError::Rows {
            model: self.index,
            first_labels: self.first_labels.clone().map(Box::new),
            source: error,
        }
    }

    fn misfit<E>(&self, error: crate::Error) -> ReportError<E> {
        ReportError::Page {
            model: self.index,
            source: error,
        }
    }
}

/// The classes, which all models must share.
fn common_labels<E>(
    swept: &[Swept],
    options: &ReportOptions,
) -> Result<[Label; 2], ReportError<E>> {
    // Rows of one class may not know what the other is called.
    let whole = swept.iter().position(|one| one.classes.present.len() == 2);
    let first = whole.unwrap_or_default();
    let labels = swept[first].labels();
    for (index, one) in swept.iter().enumerate() {
        let is_known = |class: &Label| labels.iter().any(|label| label.is_same(class));
        if !one.labels()[1].is_same(&labels[1]) || !one.classes.present.iter().all(is_known) {
            return Err(ReportError::Classes {
                models: [first, index],
                labels: Box::new([labels.clone(), one.labels().clone()]),
            });
        }
    }
    if let Some(aim) = &options.problem
        && !aim.positive.is_same(&labels[1])
    {
        return Err(ReportError::Positive {
            meant: aim.positive.clone(),
            got: labels[1].clone(),
        });
    }
    Ok(labels.clone())
}

/// What is the same for all models.
struct Page<'p> {
    wanted: &'p [f64],
    thresholds: &'p ReportThresholds,
    memory: usize,
}

impl Page<'_> {
    fn model<S: RowSource>(
        &self,
        source: &ReportSource<'_, S>,
        Swept { partial, classes }: Swept,
        place: &Place,
    ) -> Result<ReportModel, ReportError<S::Error>> {
        let values = self.thresholds.values();
        let view = View::of(source.rows);
        let failed = |error| place.failed(error);
        let (n_first, survey) = (partial.n_bins(), ScoreSurvey::of_partial(&partial));
        // Where all scores were kept apart, cells are known at every threshold; otherwise where the bins were cut.
        let partial = if partial.is_exact() {
            partial
        } else {
            drop(partial);
            source.rows.refuse_second_pass().map_err(failed)?;
            let cut_at = exact_at(values.iter().copied());
            view.sweep(self.memory, &cut_at).map_err(failed)?.partial
        };
        let all = ReportSeries::new("", &partial, values).map_err(|error| place.misfit(error))?;
        let n_rows = partial.n_samples().unwrap_or_default();
        // The second time, bins are cut at other scores: each of the two knows of so many at least.
        let n_thresholds = n_first.max(partial.n_bins());
        let rows = if source.rows.is_read_once() {
            None
        } else {
            let scores = ReportRows::scores(&partial, values, self.wanted);
            drop(partial);
            Some(ReportRows::read(&view, &scores, n_rows).map_err(failed)?)
        };
        let (groups, n_groups_left_out) = match source.by_group {
            Some(by_group) => self.groups(by_group, place)?,
            None => (Vec::new(), 0),
        };
        Ok(ReportModel {
            name: source.name.clone(),
            file: source.name.clone(),
            flags: Vec::new(),
            classes,
            survey,
            n_rows,
            n_thresholds,
            is_exact: all.is_exact(),
            n_groups_left_out,
            series: [vec![all], groups].concat(),
            rows,
        })
    }

    /// The largest groups, the others pooled, and how many these are.
    fn groups<S: RowSource>(
        &self,
        by_group: &S,
        place: &Place,
    ) -> Result<(Vec<ReportSeries>, usize), ReportError<S::Error>> {
        let values = self.thresholds.values();
        let cut_at = exact_at(values.iter().copied());
        // The matrices that the page embeds are there as well.
        let memory = self.memory / 2;
        let largest = View::of(by_group).sweep_largest_groups(memory, &cut_at, MOST_GROUPS);
        let largest = largest.map_err(|error| place.failed(error))?;
        let mut named = largest.groups;
        let n_others = largest.others.as_ref().map_or(0, |(_, n_others)| *n_others);
        if let Some((pooled, _)) = largest.others {
            let others = counted(n_others, "group");
            named.push((format!("others ({others})"), pooled));
        }
        let series = named.into_iter().map(|(name, partial): (_, PartialSweep)| {
            ReportSeries::new(name, &partial, values).map_err(|error| place.misfit(error))
        });
        Ok((series.collect::<Result<_, _>>()?, n_others))
    }
}
