//! `cutpoint report`: the sweep as a page in which the reader moves the threshold.
//!
//! Flags to one call of `cutpoint-plot`, which reads the files and makes the page; what is said beside it is in `text`.

mod text;

use std::path::{Path, PathBuf};

use anyhow::bail;
use cutpoint_choose::OperatingPoint;
use cutpoint_core::{Label, Threshold};
use cutpoint_files::{Output, ScoreColumns, commit_all, is_read_once, read_operating_point};
use cutpoint_metrics::{Costs, Problem};
use cutpoint_plot::{Report, ReportOptions, ReportSource};

use self::text::{names, refusal, summary, warnings};
use crate::args::{ScoreArgs, threshold};
use crate::console::Console;
use crate::failure::Usage;
use crate::gather::{MemoryArgs, Source};
use crate::mixed_up::TakenFor;

/// Write an interactive page: move the threshold, see what follows
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Write an interactive page: move the threshold, see what follows\n\n\
        One HTML file that needs no network and no other file: the matrix, every metric with its interval, curves, \
        costs and the rows behind the cells, at any threshold, against a pinned one. Several files are several models \
        of the same classes.\n\n\
        Up to 20000 thresholds stand in the page, fewer of many models and groups; of more, the best ones by each \
        metric and by the costs are there, and others spread evenly. Every matrix is exact: nothing is interpolated, \
        and the page says where a threshold has none.",
    after_help = "Examples:\n  \
        cutpoint report scores.csv -o report.html\n  \
        cutpoint report scores.csv -o report.html --names good,spam --threshold 0.37 --cost fp=1,fn=10\n  \
        cutpoint report old.csv new.csv -o report.html --group site --id mail\n  \
        cutpoint report scores.csv -o report.html --point point.json"
)]
pub(crate) struct Args {
    /// Labels and scores, a file a model: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin
    #[arg(required = true)]
    scores: Vec<PathBuf>,

    /// Write the page here; `-` is stdout
    #[arg(short, long, value_name = "FILE.html")]
    output: PathBuf,

    #[command(flatten)]
    columns: ScoreArgs,

    /// Column of groups: each of the 12 largest as a curve of its own, the others together
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,

    /// Column that names rows, for the lists behind the cells [default: rows are told by their place, counted from 0]
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,

    /// Names to show for the negative and the positive class [default: the labels]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    names: Option<Vec<String>>,

    /// The threshold that was chosen, a finite number; the page begins there [default: it begins at 0.5]
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = threshold)]
    threshold: Option<Threshold>,

    /// Take the chosen threshold from an operating point, as `cutpoint choose --save` writes it; the page begins with
    /// what the point was chosen for, too: its goal, costs, constraints and prevalence
    #[arg(long, value_name = "POINT.json", conflicts_with = "threshold")]
    point: Option<PathBuf>,

    /// What one row of each cell costs, or earns below 0, to begin with: some of `fp`, `fn`, `tp`, `tn`, each in
    /// [-1e100, 1e100]; a cell that is not named costs 0 [default: fp=1,fn=1]
    #[arg(long, value_name = "COSTS")]
    cost: Option<Costs>,

    /// Title of the page [default: the names of the files]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    #[command(flatten)]
    memory: MemoryArgs,
}

/// The threshold that was chosen, and why.
struct Chosen {
    threshold: Threshold,
    reason: String,
    point: Option<Point>,
}

/// An operating point, and what it was chosen for.
struct Point {
    saved: OperatingPoint,
    problem: Problem,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    args.check()?;
    let mut output = Output::create_named(&args.output, ".html")?;
    let chosen = args.chosen()?;
    let columns = args.columns(chosen.as_ref());
    let files = args.scores.iter();
    let files = files.map(|path| Source::new(path, columns.clone()));
    let files = files.collect::<Vec<_>>();
    let report = args.report(&files, chosen.as_ref())?;
    // Without a threshold, the page begins at 0.5.
    let taken_for = match chosen {
        Some(_) => TakenFor::Ranks,
        None => TakenFor::Probabilities,
    };
    for warning in warnings(&report, &files, taken_for) {
        console.warn(warning);
    }
    let page = report.page();
    output.put(page.as_bytes())?;
    commit_all([output])?;
    if !is_stream(&args.output) {
        console.note(summary(&report, &args.output, page.len()));
    }
    Ok(())
}

impl Args {
    /// What cannot be right, whatever is in the files.
    fn check(&self) -> Result<(), Usage> {
        let n_streams = self.scores.iter().filter(|path| is_stream(path)).count();
        if n_streams > 1 {
            return Err(Usage::new(
                "stdin can be read only once: name a file for the other models",
            ));
        }
        if let Some(names) = &self.names
            && names.len() != 2
        {
            return Err(Usage::new(format_args!(
                "`--names` must have 2 names, that of the negative class first, got {}",
                names.len()
            )));
        }
        let has_stream = self.scores.iter().any(|path| is_read_once(path));
        if has_stream && (self.group.is_some() || self.id.is_some()) {
            return Err(Usage::new(
                "`--group` and `--id` read the rows more than once, and stdin and pipes can be read only once: name a \
                 file",
            ));
        }
        let columns = [
            ("--label", Some(&self.columns.label)),
            ("--score", Some(&self.columns.score)),
            ("--weight", self.columns.weight.as_ref()),
        ];
        for (flag, column) in [("--group", &self.group), ("--id", &self.id)] {
            let taken = columns
                .iter()
                .find(|(_, taken)| column.is_some() && *taken == column.as_ref());
            if let (Some(column), Some((other, _))) = (column, taken) {
                return Err(Usage::new(format_args!(
                    "`{flag}` must name a column of its own, got `{column}`, which is that of `{other}`"
                )));
            }
        }
        Ok(())
    }

    fn chosen(&self) -> anyhow::Result<Option<Chosen>> {
        if let Some(threshold) = self.threshold {
            return Ok(Some(Chosen {
                threshold,
                reason: "given as `--threshold`".to_owned(),
                point: None,
            }));
        }
        let Some(path) = &self.point else {
            return Ok(None);
        };
        let saved = read_operating_point(path)?;
        let Some(problem) = saved.problem() else {
            bail!(
                "{}: must be chosen for a metric that is known here, got `{}`",
                path.display(),
                saved.objective()
            );
        };
        let objective = problem.objective().metric();
        if self.cost.is_some() && (objective.is_of_amounts() || objective.costs().is_some()) {
            return Err(Usage::new(format_args!(
                "`--cost` must be left out, as {} has costs of its own: {}",
                path.display(),
                saved.objective()
            ))
            .into());
        }
        Ok(Some(Chosen {
            threshold: saved.threshold(),
            reason: format!("{}: {problem}", path.display()),
            point: Some(Point { saved, problem }),
        }))
    }

    /// The columns that are read; an operating point tells the positive class, if nobody else does.
    fn columns(&self, chosen: Option<&Chosen>) -> ScoreColumns {
        let of_point = || Some(chosen?.point.as_ref()?.saved.positive().to_string());
        let positive = self.columns.positive.clone().or_else(of_point);
        let columns = self.columns.columns().positive(positive);
        columns.id(self.id.clone())
    }

    fn report(&self, files: &[Source], chosen: Option<&Chosen>) -> anyhow::Result<Report> {
        let names = names(&self.scores);
        let title = self.title.clone().unwrap_or_else(|| names.join(", "));
        let by_group = self.group.as_ref().map(|column| {
            let files = files.iter();
            files.map(|file| file.grouped(column)).collect::<Vec<_>>()
        });
        let sources = files.iter().zip(names).enumerate();
        let sources = sources.map(|(index, (file, name))| {
            let source = ReportSource::new(name, file);
            match &by_group {
                Some(files) => source.by_group(&files[index]),
                None => source,
            }
        });
        let sources = sources.collect::<Vec<_>>();
        let report = Report::from_sources(title, &sources, &self.options(chosen))
            .map_err(|error| refusal(error, files))?;
        let positive = report.models().iter();
        let positive = positive.map(|model| model.classes().labels[1].clone());
        let positive = positive.collect::<Vec<_>>();
        let read_by = files.iter().zip(positive).enumerate();
        let report = report.columns(self.group.clone(), self.id.clone());
        let report = read_by.fold(report, |report, (model, (file, positive))| {
            let path = file.path().display().to_string();
            report.read_as(model, path, self.flags(&positive))
        });
        Ok(match &self.names {
            Some(names) => report.names([&names[0], &names[1]]),
            None => report,
        })
    }

    fn options(&self, chosen: Option<&Chosen>) -> ReportOptions {
        let mut options = ReportOptions::default().memory(self.memory.for_bins());
        if let Some(chosen) = chosen {
            options = options.start(chosen.threshold, &chosen.reason);
        }
        if let Some(costs) = self.cost {
            options = options.costs(costs);
        }
        if let Some(Point { saved, problem }) = chosen.and_then(|chosen| chosen.point.as_ref()) {
            let n_rows = saved.cells().total();
            options = options.problem(problem.clone(), n_rows, saved.positive().clone());
        }
        options
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

fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}
