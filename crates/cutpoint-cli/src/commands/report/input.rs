//! The passes over the files of a report: the sweeps of all rows, the thresholds that the page embeds, the groups.
//!
//! It refuses to embed a matrix that is not exact: where memory did not hold all scores, files are read again with
//! their bins cut at the thresholds of the page.

use std::path::Path;

use anyhow::{Context, bail};
use bytesize::ByteSize;
use cutpoint_choose::{Choice, RowSource as _, Search, Swept, View};
use cutpoint_core::{Label, Threshold, counted};
use cutpoint_metrics::{
    Constraint, Costs, Goal, Metric, Objective, PartialSweep, Problem, catalog,
};
use cutpoint_plot::{Report, ReportModel, ReportSeries, ReportThresholds};

use super::{Args, Chosen, Point, is_stream, rows};
use crate::gather::{Source, warnings};
use crate::mixed_up::TakenFor;
use crate::vocabulary::beside;

/// Groups with a curve of their own; the smaller ones are one together.
const MOST_GROUPS: usize = 12;

/// What the page is made of.
pub(super) struct Input {
    pub(super) warnings: Vec<String>,
    labels: [Label; 2],
    thresholds: ReportThresholds,
    models: Vec<ReportModel>,
    n_rows: usize,
    n_thresholds: usize,
}

/// The rows of one file.
struct SweptFile {
    source: Source,
    swept: Swept,
}

impl Input {
    pub(super) fn read(args: &Args, chosen: Option<&Chosen>) -> anyhow::Result<Self> {
        let memory = args.memory.for_bins() / args.scores.len();
        let mut fixed = thresholds(&ReportThresholds::cuts())?;
        fixed.extend(chosen.map(|chosen| chosen.threshold));
        let mut wanted = vec![Threshold::HALF.value()];
        wanted.extend(chosen.map(|chosen| chosen.threshold.value()));
        let mut files = Vec::<SweptFile>::new();
        for path in &args.scores {
            let source = Source::new(path, args.columns(chosen));
            // That there are too many groups is found in the first pass.
            let first = match &args.group {
                Some(column) => source.grouped(column),
                None => source.clone(),
            };
            let swept = View::of(&first).sweep(memory, &fixed);
            let swept = match files.first() {
                Some(before) => beside(
                    swept,
                    &before.source.shown(),
                    before.swept.labels(),
                    &source.shown(),
                ),
                None => swept,
            }?;
            wanted.extend(optima(&source, &swept.partial, args.cost, chosen, memory)?);
            files.push(SweptFile { source, swept });
        }
        let labels = common_labels(&files, chosen)?;
        let mut odd = Vec::new();
        // Without a threshold, the page begins at 0.5.
        let taken_for = match chosen {
            Some(_) => TakenFor::Ranks,
            None => TakenFor::Probabilities,
        };
        for one in &files {
            let told = warnings(&one.swept, taken_for).into_iter();
            odd.extend(told.map(|warning| match files.len() {
                1 => warning,
                _ => format!("{}: {warning}", one.source.shown()),
            }));
        }
        let n_groups = args.group.as_ref().map_or(0, |_| MOST_GROUPS + 1);
        let tables = files.iter().map(|one| &one.swept.partial);
        let tables = tables.collect::<Vec<_>>();
        let chosen_rows =
            ReportThresholds::of(&tables, &wanted, args.scores.len() * (1 + n_groups));
        let n_rows = tables
            .iter()
            .map(|table| table.n_samples().unwrap_or_default());
        let n_rows = n_rows.sum();
        let n_thresholds = tables
            .iter()
            .map(|table| table.n_bins())
            .max()
            .unwrap_or_default();
        let mut models = Vec::new();
        let names = names(&args.scores);
        for (one, name) in files.into_iter().zip(names) {
            models.push(model(args, one, name, &wanted, &chosen_rows, memory)?);
        }
        Ok(Self {
            warnings: odd,
            labels,
            thresholds: chosen_rows,
            models,
            n_rows,
            n_thresholds,
        })
    }

    pub(super) fn page(&self, args: &Args, chosen: Option<&Chosen>) -> anyhow::Result<String> {
        let [negative, positive] = match &args.names {
            Some(names) => [names[0].clone(), names[1].clone()],
            None => self.labels.clone().map(|label| label.to_string()),
        };
        let title = args
            .title
            .clone()
            .unwrap_or_else(|| names(&args.scores).join(", "));
        let mut report = Report::new(title, [&negative, &positive], self.thresholds.clone())
            .columns(args.group.clone(), args.id.clone());
        if let Some(chosen) = chosen {
            report = report.chosen(chosen.threshold.value(), &chosen.reason);
        }
        if let Some(costs) = args.cost {
            report = report.costs(costs);
        }
        if let Some(point) = chosen.and_then(|chosen| chosen.point.as_ref()) {
            let n_rows = point.saved.cells().total();
            report = report.problem(point.problem.clone(), n_rows);
        }
        let models = self.models.iter().cloned();
        Ok(models.fold(report, Report::model).page()?)
    }

    /// What people want to know of a page that was written.
    pub(super) fn told(&self, path: &Path, n_bytes: usize) -> String {
        let n_embedded = self.thresholds.values().len();
        let thresholds = if self.thresholds.is_all() {
            let all = if n_embedded == 1 { "" } else { "all " };
            format!("{all}{}", counted(n_embedded, "threshold"))
        } else {
            let embedded = counted(n_embedded, "threshold");
            format!("{embedded} of {} or more", self.n_thresholds)
        };
        let size = ByteSize::b(n_bytes as u64);
        format!(
            "{}: {}, {thresholds}, {size}",
            path.display(),
            counted(self.n_rows, "row")
        )
    }
}

impl Args {
    /// The columns that are read; an operating point tells the positive class, if nobody else does.
    fn columns(&self, chosen: Option<&Chosen>) -> cutpoint_files::ScoreColumns {
        let of_point = || Some(chosen?.point.as_ref()?.saved.positive().to_string());
        let positive = self.columns.positive.clone().or_else(of_point);
        self.columns.columns().positive(positive)
    }

    /// What a command line has to say to read the same rows.
    fn flags(&self, positive: &Label) -> Vec<String> {
        let mut flags = Vec::new();
        let mut put = |flag: &str, value: &str| flags.extend([flag.to_owned(), value.to_owned()]);
        if self.columns.label != "y_true" {
            put("--label", &self.columns.label);
        }
        if self.columns.score != "y_score" {
            put("--score", &self.columns.score);
        }
        let is_default = matches!(positive, Label::Integer(1) | Label::Bool(true));
        if self.columns.positive.is_some() || !is_default {
            put("--positive", &positive.to_string());
        }
        if let Some(weight) = &self.columns.weight {
            put("--weight", weight);
        }
        flags
    }
}

fn thresholds(values: &[f64]) -> anyhow::Result<Vec<Threshold>> {
    let thresholds = values.iter().map(|&value| Threshold::new(value));
    Ok(thresholds.collect::<Result<_, _>>()?)
}

/// The best thresholds by every metric that has a better end, by the costs, and by what the point was chosen for.
fn optima(
    source: &Source,
    first: &PartialSweep,
    costs: Option<Costs>,
    chosen: Option<&Chosen>,
    memory: usize,
) -> anyhow::Result<Vec<f64>> {
    let best = catalog().iter().cloned().filter_map(Objective::best);
    let cost = Objective::new(Metric::cost(costs.unwrap_or_default())?, Goal::Minimize);
    let problems = best.chain([cost]).map(Problem::new);
    let point = chosen.and_then(|chosen| chosen.point.as_ref());
    // What rows cost by amounts of their own is not read here.
    let point = point.filter(|point| !point.problem.objective().metric().is_of_amounts());
    let point = point.map(|point| meant_for(first, point)).transpose()?;
    let search = Search::of(first, problems.chain(point))?;
    let search = View::of(source).finish(search, first, memory)?;
    let choices = search.choices();
    let found = choices.iter().filter_map(Choice::found);
    Ok(found
        .filter_map(cutpoint_choose::Optimum::threshold)
        .map(Threshold::value)
        .collect())
}

/// The problem of a point for as many rows as these: bounds of counts and costs are taken along, as `check` takes
/// values.
fn meant_for(rows: &PartialSweep, point: &Point) -> anyhow::Result<Problem> {
    let edges = rows.edges();
    let factor = (edges.positives() + edges.negatives()) / point.saved.cells().total();
    let mut problem = Problem::new(point.problem.objective().clone());
    for constraint in point.problem.constraints() {
        let metric = constraint.metric();
        let bound = if metric.is_total() {
            constraint.bound() * factor
        } else {
            constraint.bound()
        };
        problem = problem.subject_to(Constraint::new(
            metric.clone(),
            constraint.relation(),
            bound,
        )?);
    }
    Ok(match point.problem.prevalence() {
        Some(prevalence) => problem.at_prevalence(prevalence),
        None => problem,
    })
}

/// The classes, which all files must share.
fn common_labels(files: &[SweptFile], chosen: Option<&Chosen>) -> anyhow::Result<[Label; 2]> {
    // A file of one class may not know what the other is called.
    let whole = files
        .iter()
        .find(|one| one.swept.classes.present.len() == 2);
    let first = whole
        .or(files.first())
        .context("there is at least one file")?;
    let labels = first.swept.labels();
    for one in files {
        let [one_negative, positive] = one.swept.labels();
        let is_known = |class: &Label| labels.iter().any(|label| label.is_same(class));
        if !positive.is_same(&labels[1]) || !one.swept.classes.present.iter().all(is_known) {
            bail!(
                "{} and {} must have the same classes, got `{}`, `{}` and `{}`, `{}`",
                first.source.shown(),
                one.source.shown(),
                labels[0],
                labels[1],
                one_negative,
                positive
            );
        }
    }
    if let Some(point) = chosen.and_then(|chosen| chosen.point.as_ref())
        && !point.saved.positive().is_same(&labels[1])
    {
        bail!(
            "the operating point was chosen for the positive class `{}`, got `{}`",
            point.saved.positive(),
            labels[1]
        );
    }
    Ok(labels.clone())
}

/// The files by their last names, where these tell them apart.
fn names(paths: &[std::path::PathBuf]) -> Vec<String> {
    let last = paths.iter().map(|path| match path.file_name() {
        _ if is_stream(path) => "stdin".to_owned(),
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    });
    let last = last.collect::<Vec<_>>();
    let mut distinct = last.clone();
    distinct.sort();
    distinct.dedup();
    if distinct.len() == last.len() {
        last
    } else {
        paths
            .iter()
            .map(|path| path.display().to_string())
            .collect()
    }
}

fn model(
    args: &Args,
    SweptFile { source, swept }: SweptFile,
    name: String,
    wanted: &[f64],
    chosen_rows: &ReportThresholds,
    memory: usize,
) -> anyhow::Result<ReportModel> {
    let n_thresholds = swept.partial.n_bins();
    let values = chosen_rows.values();
    let labels = swept.labels().clone();
    // Where all scores were kept apart, cells are known at every threshold; otherwise where the bins were cut.
    let partial = if swept.partial.is_exact() {
        swept.partial
    } else {
        drop(swept.partial);
        source.refuse_second_pass()?;
        View::of(&source).sweep(memory, &cuts(values)?)?.partial
    };
    let all = ReportSeries::new("", &partial, values).with_context(|| source.shown())?;
    let n_rows = partial.n_samples().unwrap_or_default() as u64;
    let rows = if source.is_read_once() {
        None
    } else {
        let scores = rows::sampled_scores(&partial, values, wanted);
        drop(partial);
        Some(rows::sample(&source, args.id.as_deref(), &scores)?.out_of(n_rows))
    };
    let model = ReportModel::new(name, all, n_thresholds)
        .source(source.path().display().to_string(), args.flags(&labels[1]))
        .rows(rows);
    let Some(column) = &args.group else {
        return Ok(model);
    };
    let (groups, n_left_out) = groups(&source, column, values, memory)?;
    Ok(model.groups(groups, n_left_out))
}

/// The largest groups, the others pooled, and how many these are.
fn groups(
    source: &Source,
    column: &str,
    values: &[f64],
    memory: usize,
) -> anyhow::Result<(Vec<ReportSeries>, usize)> {
    let by_group = source.grouped(column);
    // The matrices that the page embeds are there as well.
    let memory = memory / 2;
    let largest = View::of(&by_group).sweep_largest_groups(memory, &cuts(values)?, MOST_GROUPS)?;
    let mut named = largest.groups;
    let n_others = largest.others.as_ref().map_or(0, |(_, n_others)| *n_others);
    if let Some((pooled, _)) = largest.others {
        let others = counted(n_others, "group");
        named.push((format!("others ({others})"), pooled));
    }
    let series = named.into_iter().map(|(name, partial)| {
        ReportSeries::new(name, &partial, values).with_context(|| source.shown())
    });
    Ok((series.collect::<anyhow::Result<_>>()?, n_others))
}

/// Thresholds to cut bins at, so that all that a page shows of these thresholds is exact.
fn cuts(values: &[f64]) -> anyhow::Result<Vec<Threshold>> {
    let fixed = ReportThresholds::cuts().into_iter();
    thresholds(&fixed.chain(values.iter().copied()).collect::<Vec<_>>())
}
