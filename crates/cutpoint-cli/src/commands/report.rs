//! `cutpoint report`: the sweep as a page in which the reader moves the threshold.
//!
//! It refuses to draw and to choose: the page is `cutpoint-plot`'s. The passes over the files are in `input`, the rows
//! that it lists in `rows`.

mod input;
mod rows;

use std::path::{Path, PathBuf};

use anyhow::bail;
use cutpoint_choose::OperatingPoint;
use cutpoint_core::Threshold;
use cutpoint_files::{Output, commit_all, is_read_once, read_operating_point};
use cutpoint_metrics::{Costs, Problem};

use self::input::Input;
use crate::args::{ScoreArgs, threshold};
use crate::console::Console;
use crate::failure::Usage;
use crate::gather::MemoryArgs;

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
    let input = Input::read(args, chosen.as_ref())?;
    for warning in &input.warnings {
        console.warn(warning);
    }
    let page = input.page(args, chosen.as_ref())?;
    output.put(page.as_bytes())?;
    commit_all([output])?;
    if !is_stream(&args.output) {
        console.note(input.told(&args.output, page.len()));
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
}

fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}
