//! `cutpoint evaluate`: one confusion matrix and all that is said of it.
//!
//! What it evaluates is put together in `input`.

mod input;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use cutpoint_core::{Label, Threshold, counted};
use cutpoint_files::json::{self, WithWarnings};
use cutpoint_files::{EvaluationRows, commit_all};
use cutpoint_metrics::{ClassOrder, Evaluation, Normalize, ScoreMetrics, ScoreSurvey, sweep};
use cutpoint_plot::{
    CellText, ChartOptions, ColorBar, HeatmapOptions, Picture, Terminal, TextMatrix,
    distribution_chart, heatmap, text_matrix,
};

use crate::args::{OutputFormat, ScoreArgs, count, threshold};
use crate::console::{Console, Shown};
use crate::failure::Usage;
use crate::mixed_up::{self, TakenFor};
use crate::picture::PictureFile;

/// Digits after the point in the report, unless others are asked for.
const DIGITS: usize = 2;

/// Count one confusion matrix and report on it
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Count one confusion matrix and report on it\n\n\
        Rows are true classes, columns predicted ones. With scores, a row is predicted positive iff its score is at \
        least the threshold, and the negative class comes first; with predicted labels (`--predicted`), of any number \
        of classes, the classes come in ascending order. The report is scikit-learn's `classification_report`.\n\n\
        All rows are kept in memory, some 30 bytes each, 90 with weights.",
    after_help = "Examples:\n  \
        cutpoint evaluate scores.csv --threshold 0.4 --names Negative,Positive\n  \
        cutpoint evaluate scores.csv --positive malignant --normalize true --layout textbook\n  \
        cutpoint evaluate scores.csv --plot matrix.svg --plot-scores scores.svg\n  \
        cutpoint evaluate predicted.csv --predicted y_pred --format json",
    mut_arg("labels", |arg| arg.help(
        "Classes to show, in this order; rows of others are left out of the matrix. A word such as `NA` or `None` is a \
         class only if it is named [default: all]"
    ))
)]
pub(crate) struct Args {
    /// Labels, and scores or predicted labels: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin
    scores: PathBuf,

    #[command(flatten)]
    columns: ScoreArgs,

    /// Predict positive iff the score is at least this: a finite number
    #[arg(long, value_name = "T", default_value = "0.5", allow_negative_numbers = true, value_parser = threshold)]
    threshold: Threshold,

    /// Column of predicted labels, of any number of classes; no score is read then
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["score", "threshold"])]
    predicted: Option<String>,

    /// Show the matrix divided by its row sums (`true`), column sums (`pred`) or total (`all`) as well
    #[arg(long, value_enum)]
    normalize: Option<NormalizeArg>,

    /// Names to show for the classes, in the order of the labels [default: the labels]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    names: Option<Vec<String>>,

    /// Digits after the point in the report, in [0, 1000]; metrics show at least 4
    #[arg(long, value_name = "N", default_value_t = DIGITS, allow_negative_numbers = true, value_parser = count)]
    digits: usize,

    /// Order of the matrix: `sklearn` in the order of the labels, `textbook` with the positive class first
    #[arg(long, value_enum, default_value_t)]
    layout: Layout,

    /// Draw the matrix as a heatmap into this file as well: `.svg` or `.png`
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,

    /// What a cell of the picture says: its count or share, per cent, both, or nothing
    #[arg(long, value_enum, default_value_t, requires = "plot")]
    cell_text: CellTextArg,

    /// Leave the scale of colours out of the picture
    #[arg(long, requires = "plot")]
    no_color_bar: bool,

    /// The words above the picture [default: what it shows]
    #[arg(long, value_name = "TEXT", requires = "plot")]
    title: Option<String>,

    /// Draw how the scores of both classes are distributed, with the threshold between them, into this file as well:
    /// `.svg` or `.png`
    #[arg(long, value_name = "FILE", conflicts_with = "predicted")]
    plot_scores: Option<PathBuf>,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum NormalizeArg {
    True,
    Pred,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Layout {
    #[default]
    Sklearn,
    Textbook,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum CellTextArg {
    #[default]
    Value,
    Percent,
    Both,
    None,
}

impl NormalizeArg {
    /// How to normalise, and what the cells then are.
    fn parts(self) -> (Normalize, &'static str) {
        match self {
            Self::True => (Normalize::True, "of true"),
            Self::Pred => (Normalize::Pred, "of predicted"),
            Self::All => (Normalize::All, "of all"),
        }
    }
}

/// What is shown, and what was read.
struct Evaluated {
    input: EvaluationRows,
    evaluation: Evaluation,
    /// What is odd about the rows.
    warnings: Vec<String>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    if args.format == OutputFormat::Json && args.digits != DIGITS {
        return Err(Usage::new(
            "`--digits` rounds numbers for people, and `--format json` keeps every digit: leave out one of them",
        )
        .into());
    }
    let file = |path: &Option<PathBuf>| path.as_deref().map(PictureFile::create).transpose();
    let (plot, plot_scores) = (file(&args.plot)?, file(&args.plot_scores)?);
    let input = input::read(args, console)?;
    let evaluated = Evaluated::new(args, input)?;
    let plot = plot.map(|plot| plot.filled(&evaluated.as_picture(args)?));
    let plot_scores = plot_scores.map(|plot| plot.filled(&evaluated.scores_picture()?));
    commit_all(
        plot.transpose()?
            .into_iter()
            .chain(plot_scores.transpose()?),
    )?;
    for warning in &evaluated.warnings {
        console.warn(warning);
    }
    let text = match args.format {
        OutputFormat::Json => Shown::from(&evaluated.as_json()?),
        OutputFormat::Text => console.drawn(|terminal| evaluated.as_text(args, terminal)),
    };
    console.show(text)?;
    Ok(())
}

impl Evaluated {
    fn new(args: &Args, input: EvaluationRows) -> anyhow::Result<Self> {
        let mut options = input.options().digits(args.digits);
        if let Some(names) = &args.names {
            options = options.target_names(names);
        }
        if let Some(normalize) = args.normalize {
            options = options.normalize(normalize.parts().0);
        }
        if args.layout == Layout::Textbook {
            options = options.order(ClassOrder::PositiveFirst);
        }
        let mut evaluation = input.evaluate(&options).map_err(worded)?;
        let mut warnings = input::one_class(&input).into_iter().collect::<Vec<_>>();
        if let Some((scores, threshold)) = input.scores() {
            let table = sweep(scores);
            warnings.extend(mixed_up::warnings(
                &ScoreSurvey::of_sweep(&table),
                input.score_labels().as_ref(),
                TakenFor::by([threshold]),
            ));
            evaluation = evaluation.with_scores(&table, threshold);
        }
        let notes = evaluation.report.notes();
        warnings.extend(notes.iter().map(ToString::to_string));
        Ok(Self {
            input,
            evaluation,
            warnings,
        })
    }

    fn as_picture(&self, args: &Args) -> anyhow::Result<Picture> {
        let mut options = HeatmapOptions::default()
            .names(self.evaluation.names.iter().cloned())
            .cell_text(match args.cell_text {
                CellTextArg::Value => CellText::Value,
                CellTextArg::Percent => CellText::Percent,
                CellTextArg::Both => CellText::Both,
                CellTextArg::None => CellText::Hidden,
            });
        if args.no_color_bar {
            options = options.color_bar(ColorBar::Hidden);
        }
        if let Some(title) = &args.title {
            options = options.title(title);
        }
        if let Some(normalize) = args.normalize {
            options = options.normalize(normalize.parts().0);
        }
        Ok(heatmap(&self.evaluation.matrix, &options)?)
    }

    fn scores_picture(&self) -> anyhow::Result<Picture> {
        let Evaluation { labels, names, .. } = &self.evaluation;
        let (scores, threshold) = self.input.scores().context("scores were read")?;
        let name = |label: &Label| {
            let place = labels.iter().position(|shown| shown == label);
            place.map_or_else(|| label.to_string(), |place| names[place].clone())
        };
        let positive = self.evaluation.positive.as_ref();
        let positive = positive.context("scores have a positive class")?;
        let negative = self
            .input
            .classes()
            .iter()
            .find(|class| *class != positive)
            .map_or_else(String::new, name);
        let options = ChartOptions::default().threshold(threshold);
        let names = [negative.as_str(), &name(positive)];
        Ok(distribution_chart(&sweep(scores), names, &options)?)
    }

    fn as_json(&self) -> anyhow::Result<String> {
        if let Some(name) = self.evaluation.report.repeated_name() {
            return Err(Usage::new(format_args!(
                "`--names` must be distinct, and none of the lines of the report, got `{name}`"
            ))
            .into());
        }
        Ok(json::text(&WithWarnings {
            answer: &self.evaluation,
            warnings: &self.warnings,
        }))
    }

    fn as_text(&self, args: &Args, terminal: Terminal) -> String {
        const LEAST_DIGITS: usize = 4;
        let mut text = String::new();
        let mut line = |written: std::fmt::Arguments<'_>| {
            text.write_fmt(written).expect("a String takes all text");
            text.push('\n');
        };
        let Evaluation {
            matrix, positive, ..
        } = &self.evaluation;
        if let Some(threshold) = self.evaluation.threshold
            && let Some(positive) = positive
        {
            line(format_args!(
                "predicted `{positive}` where the score is at least {:?}\n",
                threshold.value()
            ));
        }
        let table = |title, values, digits| {
            let names = &self.evaluation.names;
            let matrix = TextMatrix {
                title,
                names,
                values,
                digits,
            };
            text_matrix(&matrix, terminal).expect("each class has a name")
        };
        let digits = if matrix.counts().is_none() {
            args.digits.max(1)
        } else {
            0
        };
        line(format_args!("{}", table("", matrix.values(), digits)));
        if let Some(normalize) = args.normalize {
            let (normalize, title) = normalize.parts();
            let normalized = matrix.normalize(normalize);
            let digits = args.digits.max(2);
            line(format_args!(
                "{}",
                table(title, normalized.values(), digits)
            ));
        }
        line(format_args!("{}", self.evaluation.report));
        if let Some(positive) = positive
            && matrix.n_labels() > 2
        {
            line(format_args!("`{positive}` against the rest:\n"));
        }
        let metrics = self.evaluation.metrics.iter();
        let scores = self.evaluation.scores.iter().flat_map(ScoreMetrics::iter);
        let named = metrics
            .map(|(metric, value)| (metric.name(), *value, metric.undefined_when()))
            .chain(
                scores.map(|(name, value, undefined_when): (&str, _, &str)| {
                    (name, value, undefined_when)
                }),
            )
            .collect::<Vec<_>>();
        let width = named
            .iter()
            .map(|(name, ..)| name.len())
            .max()
            .unwrap_or_default();
        let digits = args.digits.max(LEAST_DIGITS);
        for (name, value, undefined_when) in named {
            match value {
                Some(value) => line(format_args!("{name:width$}  {value:>9.digits$}")),
                None => line(format_args!("{name:width$}  undefined: {undefined_when}")),
            }
        }
        text
    }
}

/// What flags can help with.
fn worded(error: cutpoint_metrics::Error) -> anyhow::Error {
    use cutpoint_metrics::Error;
    match error {
        Error::TargetNames { expected, got } => Usage::new(format_args!(
            "`--names` must have {}, one for each class, got {got}",
            counted(expected, "name")
        ))
        .into(),
        Error::OrderNeedsPositive => Usage::new(
            "`--layout textbook` puts the positive class first: name it with `--positive CLASS`",
        )
        .into(),
        // Labels and digits that no file could make right are bad usage; the rest depends on the rows there are.
        Error::LabelsEmpty | Error::LabelTwice { .. } | Error::Digits { .. } => {
            Usage::new(error).into()
        }
        _ => error.into(),
    }
}
