//! `cutpoint evaluate`: one confusion matrix and all that is said of it.
//!
//! It refuses to choose the threshold and to guess the positive class. What it evaluates is put together in `input`.

mod input;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use cutpoint_core::{Label, Threshold, counted};
use cutpoint_files::commit_all;
use cutpoint_metrics::{
    Average, AverageReport, ClassificationReport, ConfusionMatrix, Metric, Normalize, ScoreSurvey,
    Sweep, ZeroDivision, average_precision, brier_loss, catalog, log_loss, roc_auc, sweep,
};

use cutpoint_plot::{
    CellText, ChartOptions, ColorBar, HeatmapOptions, Picture, distribution_chart, heatmap,
};

use self::input::Input;
use crate::args::{OutputFormat, ScoreArgs, count, threshold};
use crate::console::{Console, Shown, Terminal};
use crate::failure::Usage;
use crate::json::Json;
use crate::matrix::{MatrixTable, metric_keys, number};
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
    /// How to normalise, its name, and what the cells then are.
    fn parts(self) -> (Normalize, &'static str, &'static str) {
        match self {
            Self::True => (Normalize::True, "true", "of true"),
            Self::Pred => (Normalize::Pred, "pred", "of predicted"),
            Self::All => (Normalize::All, "all", "of all"),
        }
    }
}

/// All that is said of one matrix.
struct Evaluation {
    input: Input,
    /// In the order it is shown.
    matrix: ConfusionMatrix,
    /// The names of the labels, in the same order.
    names: Vec<String>,
    report: ClassificationReport,
    metrics: Vec<(Metric, Option<f64>)>,
    /// Metrics of the scores, not of the matrix: name, value, when it is undefined.
    score_metrics: Vec<(&'static str, Option<f64>, &'static str)>,
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
    let input = Input::read(args, console)?;
    let evaluation = Evaluation::new(args, input)?;
    let plot = plot.map(|plot| plot.filled(&evaluation.as_picture(args)?));
    let plot_scores = plot_scores.map(|plot| plot.filled(&evaluation.scores_picture()?));
    commit_all(
        plot.transpose()?
            .into_iter()
            .chain(plot_scores.transpose()?),
    )?;
    for warning in &evaluation.warnings {
        console.warn(warning);
    }
    let text = match args.format {
        OutputFormat::Json => Shown::from(&format!("{}\n", evaluation.as_json(args)?)),
        OutputFormat::Text => console.drawn(|terminal| evaluation.as_text(args, terminal)),
    };
    console.show(text)?;
    Ok(())
}

impl Evaluation {
    fn new(args: &Args, input: Input) -> anyhow::Result<Self> {
        let mut matrix = input.matrix()?;
        if let Some(names) = &args.names
            && names.len() != matrix.n_labels()
        {
            return Err(Usage::new(format_args!(
                "`--names` must have {}, one for each class, got {}",
                counted(matrix.n_labels(), "name"),
                names.len()
            ))
            .into());
        }
        let report = input.report(args.names.as_deref(), args.digits)?;
        // The names of the report: those given, or the labels as scikit-learn spells them.
        let names = report.classes().iter().map(|class| class.name().to_owned());
        let mut names = names.collect::<Vec<_>>();
        if args.layout == Layout::Textbook {
            let Some(positive) = input.positive() else {
                return Err(Usage::new(
                    "`--layout textbook` puts the positive class first: name it with `--positive CLASS`",
                )
                .into());
            };
            let textbook = matrix.textbook(positive)?;
            names = reordered(&names, matrix.labels(), textbook.labels());
            matrix = textbook;
        }
        let table = input.scores().map(sweep);
        let mut warnings = input.one_class().into_iter().collect::<Vec<_>>();
        if let Some(table) = &table {
            let survey = ScoreSurvey::of_sweep(table);
            let taken_for = TakenFor::by(input.threshold());
            warnings.extend(mixed_up::warnings(
                &survey,
                input.score_labels().as_ref(),
                taken_for,
            ));
        }
        warnings.extend(report.notes().iter().map(ToString::to_string));
        Ok(Self {
            metrics: metrics(&input)?,
            score_metrics: table.as_ref().map_or_else(Vec::new, score_metrics),
            warnings,
            input,
            matrix,
            names,
            report,
        })
    }

    fn as_picture(&self, args: &Args) -> anyhow::Result<Picture> {
        let mut options = HeatmapOptions::default()
            .names(self.names.iter().cloned())
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
        Ok(heatmap(&self.matrix, &options)?)
    }

    fn scores_picture(&self) -> anyhow::Result<Picture> {
        let scores = self.input.scores().context("scores were read")?;
        let name = |label: &Label| {
            let place = self.matrix.labels().iter().position(|shown| shown == label);
            place.map_or_else(|| label.to_string(), |place| self.names[place].clone())
        };
        let positive = self
            .input
            .positive()
            .context("scores have a positive class")?;
        let negative = self.input.classes().iter().find(|class| *class != positive);
        let negative = negative.map_or_else(String::new, name);
        let mut options = ChartOptions::default();
        if let Some(threshold) = self.input.threshold() {
            options = options.threshold(threshold);
        }
        let names = [negative.as_str(), &name(positive)];
        Ok(distribution_chart(&sweep(scores), names, &options)?)
    }

    fn as_json(&self, args: &Args) -> anyhow::Result<Json> {
        let is_weighted = self.input.weight().is_some();
        let rows = self.matrix.values();
        let rows = rows
            .outer_iter()
            .map(|row| Json::List(row.iter().map(|&cell| number(cell, is_weighted)).collect()));
        let mut entries = vec![
            (
                "threshold".to_owned(),
                self.input.threshold().map(Threshold::value).into(),
            ),
            ("labels".to_owned(), Json::list(self.matrix.labels())),
            ("names".to_owned(), Json::list(&self.names)),
            ("positive".to_owned(), self.input.positive().into()),
            ("confusion_matrix".to_owned(), Json::List(rows.collect())),
        ];
        if let Some(normalize) = args.normalize {
            let (normalize, name, _) = normalize.parts();
            let normalized = self.matrix.normalize(normalize);
            let rows = normalized.values();
            let rows = rows.outer_iter().map(|row| Json::list(row.iter().copied()));
            entries.push(("normalize".to_owned(), name.into()));
            entries.push(("normalized".to_owned(), Json::List(rows.collect())));
        }
        entries.extend(metric_keys(|wanted| {
            let found = self.metrics.iter().find(|(metric, _)| metric == wanted);
            found.and_then(|(_, value)| *value)
        }));
        let scores = self.score_metrics.iter();
        entries.extend(scores.map(|(name, value, _)| ((*name).to_owned(), (*value).into())));
        entries.push(("report".to_owned(), report_keys(&self.report, is_weighted)?));
        entries.push(("warnings".to_owned(), Json::list(&self.warnings)));
        Ok(Json::Object(entries))
    }

    fn as_text(&self, args: &Args, terminal: Terminal) -> String {
        const LEAST_DIGITS: usize = 4;
        let mut text = String::new();
        let mut line = |written: std::fmt::Arguments<'_>| {
            text.write_fmt(written).expect("a String takes all text");
            text.push('\n');
        };
        if let Some(threshold) = self.input.threshold()
            && let Some(positive) = self.input.positive()
        {
            line(format_args!(
                "predicted `{positive}` where the score is at least {:?}\n",
                threshold.value()
            ));
        }
        let table = |title, values, digits| MatrixTable {
            title,
            names: &self.names,
            values,
            digits,
            terminal,
        };
        let digits = if self.input.weight().is_some() {
            args.digits.max(1)
        } else {
            0
        };
        line(format_args!("{}", table("", self.matrix.values(), digits)));
        if let Some(normalize) = args.normalize {
            let (normalize, _, title) = normalize.parts();
            let normalized = self.matrix.normalize(normalize);
            let digits = args.digits.max(2);
            line(format_args!(
                "{}",
                table(title, normalized.values(), digits)
            ));
        }
        line(format_args!("{}", self.report));
        if let Some(positive) = self.input.positive()
            && self.matrix.n_labels() > 2
        {
            line(format_args!("`{positive}` against the rest:\n"));
        }
        let named = self.metrics.iter();
        let named = named.map(|(metric, value)| (metric.name(), *value, metric.undefined_when()));
        let named = named
            .chain(self.score_metrics.iter().copied())
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

/// The names of labels after these have changed places.
fn reordered<L: PartialEq>(names: &[String], from: &[L], to: &[L]) -> Vec<String> {
    to.iter()
        .filter_map(|label| from.iter().position(|other| other == label))
        .map(|index| names[index].clone())
        .collect()
}

/// Every metric of the catalogue that the labels have: all of them if there is a positive class, otherwise those that
/// several classes have.
fn metrics(input: &Input) -> anyhow::Result<Vec<(Metric, Option<f64>)>> {
    let whole = input.whole_matrix()?;
    if let Some(positive) = input.positive() {
        let cells = whole.cells(positive)?;
        let values = catalog()
            .iter()
            .map(|metric| (metric.clone(), metric.value(&cells)));
        return Ok(values.collect());
    }
    let of_all_classes = |metric: &Metric| match metric.name() {
        "accuracy" => Some(whole.accuracy()),
        "balanced_accuracy" => Some(whole.balanced_accuracy()),
        // Of the summed cells of all classes, each against the rest, the errors are the false negatives.
        "error_rate" => Some("fnr".parse().ok().and_then(|fnr| {
            whole
                .one_vs_rest()
                .average(&fnr, Average::Micro, ZeroDivision::Undefined)
        })),
        "mcc" => Some(whole.mcc()),
        "cohen_kappa" => Some(whole.cohen_kappa()),
        _ => None,
    };
    let values = catalog().iter();
    let values = values.filter_map(|metric| Some((metric.clone(), of_all_classes(metric)?)));
    Ok(values.collect())
}

fn score_metrics(table: &Sweep) -> Vec<(&'static str, Option<f64>, &'static str)> {
    let no_probabilities = "a score lies outside [0, 1]";
    vec![
        ("roc_auc", roc_auc(table), "either class has no rows"),
        (
            "average_precision",
            average_precision(table),
            "no row is positive",
        ),
        ("brier", brier_loss(table).ok(), no_probabilities),
        ("log_loss", log_loss(table).ok(), no_probabilities),
    ]
}

/// The report as data, with the keys of scikit-learn's `output_dict`.
fn report_keys(report: &ClassificationReport, is_weighted: bool) -> anyhow::Result<Json> {
    let rates = |precision: Option<f64>, recall: Option<f64>, f1: Option<f64>, support| {
        Json::object([
            ("precision", precision.into()),
            ("recall", recall.into()),
            ("f1-score", f1.into()),
            ("support", number(support, is_weighted)),
        ])
    };
    let average = |average: &AverageReport| {
        let [precision, recall, f1] =
            [average.precision(), average.recall(), average.f1()].map(Some);
        rates(precision, recall, f1, average.support())
    };
    let classes = report.classes().iter().map(|class| {
        let keys = rates(
            class.precision(),
            class.recall(),
            class.f1(),
            class.support(),
        );
        (class.name(), keys)
    });
    let pooled = match report.accuracy() {
        Some(accuracy) => ("accuracy", accuracy.into()),
        None => ("micro avg", average(report.micro_average())),
    };
    let averages = [
        pooled,
        ("macro avg", average(report.macro_average())),
        ("weighted avg", average(report.weighted_average())),
    ];
    let entries = classes.chain(averages).collect::<Vec<_>>();
    for (index, (name, _)) in entries.iter().enumerate() {
        if entries[..index].iter().any(|(other, _)| other == name) {
            return Err(Usage::new(format_args!(
                "`--names` must be distinct, and none of the lines of the report, got `{name}`"
            ))
            .into());
        }
    }
    Ok(Json::object(entries))
}
