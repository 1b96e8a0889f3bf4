//! `cutpoint compare`: two or more models on the same rows, in pairs against the first.
//!
//! Flags and words are here; `cutpoint_choose::compare` compares, and `cutpoint_files::PairedFiles` pairs rows.

mod show;
mod words;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use cutpoint_choose::{CompareOptions, ThresholdRule, compare};
use cutpoint_core::Threshold;
use cutpoint_files::{PairedFiles, ScoreFile, is_read_once, json};
use cutpoint_metrics::{Costs, Matched, Metric};

use crate::args::{BootstrapArgs, Metrics, OutputFormat, ScoreArgs, threshold};
use crate::console::Console;
use crate::failure::Usage;
use crate::gather::MemoryArgs;
use crate::progress::ProgressBar;

/// Compare two or more models on the same rows
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Compare two or more models on the same rows\n\n\
        Every model is compared with the first: the areas under their ROC curves by DeLong's test; who is right, each \
        at its threshold, by McNemar's test, exact and mid-p; metrics and costs at the thresholds by a paired \
        bootstrap, which draws whole rows. Differences are the first model less the other. Of more than two models, \
        p-values adjusted after Holm for all the comparisons stand beside the plain ones.\n\n\
        The files hold the same rows in the same order, which is checked by their labels, or in any order if `--id` \
        names a column that tells rows apart. With `--match` or `--maximize`, thresholds come from these very rows: \
        the bootstrap chooses them anew in every replicate, and McNemar's test, which takes them as fixed beforehand, \
        is left out. Weights do not tell how many rows there are: with `--weight`, the tests of DeLong and McNemar are \
        left out, and the bootstrap draws rows with their weights.\n\n\
        Files may be larger than memory: rows that do not fit are read again, in step. All is exact but for areas and \
        DeLong's tests of more distinct scores than fit into `--memory`, shared by the models: these are told with \
        bounds. With `--id`, the rows have to fit; with `--match` or `--maximize`, too, or there are no intervals at \
        the thresholds.",
    after_help = "Examples:\n  \
        cutpoint compare old.csv new.csv\n  \
        cutpoint compare scores.csv --score old,new,other --thresholds 0.5,0.4,0.62\n  \
        cutpoint compare old.csv new.csv --id row --threshold 0.7 --match fpr\n  \
        cutpoint compare old.csv new.csv --maximize f1 --metrics f1,mcc\n  \
        cutpoint compare old.parquet new.parquet --cost fp=1,fn=10 --format json",
    mut_arg("score", |arg| arg.value_name("COLUMNS").help(
        "Column of scores; a higher score means \"more likely positive\". A list, such as `old,new`: one for each \
         file, or several of one file"
    ))
)]
pub(crate) struct Args {
    /// Labels and scores, a file a model: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin; or one file of all
    /// models, with their columns in `--score`
    #[arg(required = true)]
    scores: Vec<PathBuf>,

    #[command(flatten)]
    columns: ScoreArgs,

    /// Column that tells rows apart, in every file; rows are paired by it, whatever their order [default: rows are
    /// paired in file order]
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,

    /// Predict positive iff the score is at least this: a finite number, for all models
    #[arg(long, value_name = "T", default_value = "0.5", allow_negative_numbers = true, value_parser = threshold)]
    threshold: Threshold,

    /// A threshold for each model, such as `0.5,0.4`: finite numbers
    #[arg(long, value_name = "LIST", value_delimiter = ',', allow_hyphen_values = true, value_parser = threshold,
        conflicts_with_all = ["threshold", "matched", "maximize"])]
    thresholds: Vec<Threshold>,

    /// Keep the first model at `--threshold`, and take for each other model the threshold at which it has the same rate
    /// or, where none has, the highest rate below
    #[arg(
        long = "match",
        value_name = "RATE",
        value_enum,
        conflicts_with = "maximize"
    )]
    matched: Option<Rate>,

    /// Take for each model the threshold at which this metric is highest on these rows, which flatters: thresholds
    /// chosen on other rows are fairer
    #[arg(long, value_name = "METRIC", conflicts_with = "threshold")]
    maximize: Option<Metric>,

    /// Metrics to compare at the thresholds, by name: a list, `all`, or `none`
    #[arg(
        long,
        value_name = "LIST",
        default_value = "precision,recall,specificity,f1,accuracy,mcc"
    )]
    metrics: Metrics,

    /// What one row of each cell costs, or earns below 0: some of `fp`, `fn`, `tp`, `tn`, each in [-1e100, 1e100]; a
    /// cell that is not named costs 0 [default: costs are not told]
    #[arg(long, value_name = "COSTS")]
    cost: Option<Costs>,

    #[command(flatten)]
    bootstrap: BootstrapArgs,

    #[command(flatten)]
    memory: MemoryArgs,

    /// How to print the comparison
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// What models can be made to have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rate {
    /// The false positive rate
    Fpr,
    /// The share of rows that are predicted positive
    AlertRate,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    if args.metrics.0.is_empty()
        && args.cost.is_none()
        && let Some(flag) = args.bootstrap.given()
    {
        return Err(Usage::new(format_args!(
            "`{flag}` is for drawing rows, for the intervals of metrics and costs; with `--metrics none` and without \
             `--cost` none are told"
        ))
        .into());
    }
    let models = args.models()?;
    let options = args.options(models.len())?;
    let memory = args.memory.for_bins();
    let mut rows = PairedFiles::new(models, memory);
    if let Some(id) = &args.id {
        rows = rows.by_id(id);
    }
    let mut comparison = compare(&rows, &options, memory).map_err(words::worded)?;
    comparison.warnings = words::warnings(&comparison, args.memory);
    for warning in &comparison.warnings {
        console.warn(warning);
    }
    let text = match args.format {
        OutputFormat::Json => json::text(&comparison),
        OutputFormat::Text => show::text(&comparison),
    };
    console.show(&text)?;
    Ok(())
}

impl Args {
    /// What each model is called, and where its scores stand.
    fn models(&self) -> Result<Vec<(String, ScoreFile)>, Usage> {
        let columns = self.columns.score.split(',').collect::<Vec<_>>();
        let models = match (&self.scores[..], &columns[..]) {
            ([_], [_]) => {
                return Err(Usage::new(
                    "must have at least 2 models, got 1: name a second file, or a second column of scores with \
                     `--score A,B`",
                ));
            }
            ([path], columns) => columns
                .iter()
                .map(|&column| (path, column, column.to_owned()))
                .collect::<Vec<_>>(),
            (paths, [column]) => paths
                .iter()
                .map(|path| (path, *column, shown(path)))
                .collect(),
            (paths, columns) if paths.len() == columns.len() => {
                let pairs = paths.iter().zip(columns);
                pairs
                    .map(|(path, &column)| (path, column, format!("{}:{column}", shown(path))))
                    .collect()
            }
            (paths, columns) => {
                return Err(Usage::new(format_args!(
                    "`--score` must name 1 column for all files, or 1 for each of the {} files, got {}",
                    paths.len(),
                    columns.len()
                )));
            }
        };
        for (place, (path, ..)) in models.iter().enumerate() {
            // Each model is read by itself, those of one file too.
            let before = models[..place].iter().map(|(other, ..)| other);
            if is_read_once(path) && before.into_iter().any(|other| other == path) {
                return Err(Usage::new(format_args!(
                    "{} can be read only once: name a file for the other models",
                    shown(path)
                )));
            }
        }
        if let Some(id) = &self.id {
            let taken = [Some(&self.columns.label), self.columns.weight.as_ref()];
            if taken.contains(&Some(id)) || columns.contains(&id.as_str()) {
                return Err(Usage::new(format_args!(
                    "`--id` must name a column of its own, got `{id}`, which is the label, the score or the weight"
                )));
            }
        }
        let files = models.into_iter().map(|(path, column, name)| {
            let file = ScoreFile::new(path, self.columns.columns().score(column));
            let file = file.watched(|| {
                let mut bar = ProgressBar::new("reading");
                Box::new(move |progress| bar.update(progress))
            });
            (name, file)
        });
        Ok(files.collect())
    }

    fn options(&self, n_models: usize) -> Result<CompareOptions, Usage> {
        Ok(CompareOptions {
            thresholds: self.rule(n_models)?,
            metrics: self.metrics.0.clone(),
            costs: self.cost,
            n_replicates: self.bootstrap.n_replicates(),
            random_state: self.bootstrap.random_state(),
            confidence: self.bootstrap.confidence(),
        })
    }

    /// How each model comes to its threshold.
    fn rule(&self, n_models: usize) -> Result<ThresholdRule, Usage> {
        if !self.thresholds.is_empty() && self.thresholds.len() != n_models {
            return Err(Usage::new(format_args!(
                "`--thresholds` must have 1 threshold for each of the {n_models} models, got {}",
                self.thresholds.len()
            )));
        }
        Ok(match (&self.maximize, self.matched) {
            (Some(metric), _) => ThresholdRule::Highest(metric.clone()),
            (None, Some(rate)) => ThresholdRule::Matched {
                first: self.threshold,
                rate: match rate {
                    Rate::Fpr => Matched::FalsePositiveRate,
                    Rate::AlertRate => Matched::AlertRate,
                },
            },
            (None, None) if self.thresholds.is_empty() => ThresholdRule::Same(self.threshold),
            (None, None) => ThresholdRule::Each(self.thresholds.clone()),
        })
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn shown(path: &Path) -> String {
    if is_stdin(path) {
        "stdin".to_owned()
    } else {
        path.display().to_string()
    }
}
