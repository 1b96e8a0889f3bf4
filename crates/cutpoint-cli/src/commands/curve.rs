//! `cutpoint curve`: curves of scores as tables and pictures. Which flags a curve has of its own is in the file of that
//! curve; what is read in `input`; how points are written in `points`. What the points are is for `CurveKind`, what a
//! picture looks like for `cutpoint-plot`.

mod calibration;
mod cost;
mod det;
mod input;
mod net_benefit;
mod points;
mod precision_recall;
mod ranking;
mod roc;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use cutpoint_choose::{CurveSweeps, Curves, NamedSweep};
use cutpoint_files::json::{self, WithWarnings};
use cutpoint_files::{CurveScores, Output};
use cutpoint_metrics::{Average, BandOptions, CurveKind, Intermediate, Sweep};
use cutpoint_plot::{Band, Picture, Series, TextAxis, TextChart};

use self::points::{tell, write_table};
use crate::args::{OutputFormat, ScoreArgs};
use crate::console::Console;
use crate::failure::Usage;
use crate::picture::{PictureFile, is_picture};

/// Write a curve of the scores: ROC, precision-recall, calibration, …
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    subcommand_value_name = "NAME",
    subcommand_help_heading = "Names",
    disable_help_subcommand = true,
    long_about = "Write a curve of the scores: ROC, precision-recall, calibration, …\n\n\
        Every curve is read off the sweep, and comes as CSV, as JSON, as a picture (`-o FILE.svg`, `.png`), or as a \
        chart in the terminal (`--chart`); areas and the like are printed to stderr. A file that `predict` wrote for \
        several classes, with a column `p_<class>` for each, gives one curve a class, the class against all others, \
        and a column `class`; with `--positive` it gives that one. Several files give a curve and a column `model` for \
        each, `--group` a curve and a column `group`. An undefined value is an empty field in CSV and null in JSON, \
        and so is the threshold of \"predict none\".\n\n\
        All rows are kept in memory, some 110 bytes each where no two scores are equal, up to 170 with weights and \
        groups.",
    after_help = "Examples:\n  \
        cutpoint curve roc scores.csv -o roc.csv\n  \
        cutpoint curve roc scores.csv -o roc.svg\n  \
        cutpoint curve roc scores.csv --chart\n  \
        cutpoint curve roc old.csv new.csv -o both.svg\n  \
        cutpoint curve calibration scores.csv --group site -o sites.svg\n  \
        cutpoint curve calibration scores.csv --bins 10 --strategy quantile\n  \
        cutpoint curve cost scores.csv --cost fp=1,fn=10 --format json\n  \
        cutpoint curve pr iris_scores.csv --positive virginica"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    curve: Name,
}

#[derive(Debug, clap::Subcommand)]
enum Name {
    Roc(roc::Args),
    Pr(precision_recall::Args),
    Det(det::Args),
    Lift(ranking::LiftArgs),
    Gain(ranking::GainArgs),
    Ks(ranking::KsArgs),
    Calibration(calibration::Args),
    NetBenefit(net_benefit::Args),
    Cost(cost::Args),
}

/// What every curve is told.
#[derive(Debug, clap::Args)]
struct Common {
    /// Labels and scores: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin; several files are several models, with
    /// a curve each
    #[arg(required = true)]
    scores: Vec<PathBuf>,

    /// Write the points here, or draw them: `.csv`, `.parquet`, `.svg` or `.png` [default: stdout]
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "-",
        hide_default_value = true
    )]
    output: PathBuf,

    #[command(flatten)]
    columns: ScoreArgs,

    /// Column of groups of one file: a curve for each
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,

    /// Draw the curve in the terminal, instead of printing its points
    #[arg(long)]
    chart: bool,

    /// How to write the points: `text` is CSV
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// Whether points that do not show are left out.
#[derive(Debug, Clone, Copy, clap::Args)]
struct IntermediateArgs {
    /// Leave out points on a straight line between others, as scikit-learn's `drop_intermediate` does [default: every
    /// distinct score is a point]
    #[arg(long)]
    drop_intermediate: bool,
}

#[derive(Debug, Clone, Copy, clap::Args)]
struct BandArgs {
    /// Add a band that holds the whole curve of the rows to come so often, in (0, 1): lower and upper ends of both
    /// rates at every threshold at once; needs rows without weights [default: no band]
    #[arg(
        long,
        value_name = "CONFIDENCE",
        conflicts_with_all = ["drop_intermediate", "average"],
        allow_negative_numbers = true
    )]
    band: Option<f64>,
}

impl BandArgs {
    fn check(self, places: Places, common: &Common) -> Result<(), Usage> {
        if let (Some(_), Some(weight)) = (self.band, &common.columns.weight) {
            return Err(Usage::new(format_args!(
                "`--band` needs rows without weights: leave out it or `--weight {weight}`"
            )));
        }
        if self.band.is_some() && !places.has_points && !places.has_picture {
            return Err(Places::nowhere("--band"));
        }
        match self.options() {
            Some(options) => options.check().map_err(Usage::new),
            None => Ok(()),
        }
    }

    /// What pictures show of the bands of named sweeps, if they are wanted.
    fn bands(
        self,
        sweeps: &[(String, &Sweep)],
        band: impl Fn(&Sweep, &BandOptions) -> anyhow::Result<Option<Band>>,
    ) -> anyhow::Result<Vec<Option<Band>>> {
        let options = self.options();
        let bands = sweeps.iter().map(|(_, sweep)| match &options {
            Some(options) => band(sweep, options),
            None => Ok(None),
        });
        bands.collect()
    }

    fn options(self) -> Option<BandOptions> {
        let confidence = self.band?;
        Some(BandOptions::default().confidence(confidence))
    }
}

impl IntermediateArgs {
    fn check(self, places: Places) -> Result<(), Usage> {
        if self.drop_intermediate && !places.has_points {
            return Err(Usage::new(
                "`--drop-intermediate` is for points, and lines look the same without it: write the points with \
                 `-o FILE.csv`",
            ));
        }
        Ok(())
    }

    fn wanted(self) -> Intermediate {
        if self.drop_intermediate {
            Intermediate::Drop
        } else {
            Intermediate::Keep
        }
    }
}

/// Where a curve goes, a chart in the terminal aside.
#[derive(Debug, Clone, Copy)]
struct Places {
    has_points: bool,
    has_picture: bool,
}

impl Places {
    fn of(common: &Common) -> Self {
        let has_picture = is_picture(&common.output);
        let is_chart = common.chart && common.output == Path::new("-");
        Self {
            has_points: !has_picture && !is_chart,
            has_picture,
        }
    }

    /// That a flag is for points and pictures.
    fn nowhere(flag: &str) -> Usage {
        Usage::new(format_args!(
            "`{flag}` is for points and pictures, and `--chart` shows nothing of it: name a file with `-o FILE`"
        ))
    }
}

/// The flags of a curve, and how it is drawn.
trait Kind {
    /// The horizontal axis of a chart of characters, called as its column.
    const X: TextAxis<'static>;
    /// The vertical axis, and the columns of its lines.
    const Y: (TextAxis<'static>, &'static [&'static str]);

    fn common(&self) -> &Common;

    /// Refuses flags that cannot be right, or would do nothing, whatever is in the file.
    fn check(&self, _places: Places) -> Result<(), Usage> {
        Ok(())
    }

    /// Which curve it is.
    ///
    /// # Panics
    /// If the flags were not checked.
    fn kind(&self) -> CurveKind;

    /// The curves of named sweeps on one picture.
    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture>;

    /// Which one curve of all classes together is wanted, if any.
    fn average(&self) -> Option<Average> {
        None
    }
}

impl Args {
    /// Whether a chart goes to stdout, where points would go without it.
    pub(crate) fn prints(&self) -> bool {
        let common = match &self.curve {
            Name::Roc(args) => args.common(),
            Name::Pr(args) => args.common(),
            Name::Det(args) => args.common(),
            Name::Lift(args) => args.common(),
            Name::Gain(args) => args.common(),
            Name::Ks(args) => args.common(),
            Name::Calibration(args) => args.common(),
            Name::NetBenefit(args) => args.common(),
            Name::Cost(args) => args.common(),
        };
        common.chart && common.output != Path::new("-")
    }
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    match &args.curve {
        Name::Roc(args) => write(args, console),
        Name::Pr(args) => write(args, console),
        Name::Det(args) => write(args, console),
        Name::Lift(args) => write(args, console),
        Name::Gain(args) => write(args, console),
        Name::Ks(args) => write(args, console),
        Name::Calibration(args) => write(args, console),
        Name::NetBenefit(args) => write(args, console),
        Name::Cost(args) => write(args, console),
    }
}

fn write<K: Kind>(kind: &K, console: &mut Console) -> anyhow::Result<()> {
    let common = kind.common();
    kind.check(Places::of(common))?;
    if is_picture(&common.output) {
        return draw(kind, console);
    }
    let is_json = common.format == OutputFormat::Json;
    let is_stdout = common.output == Path::new("-");
    if common.chart && is_stdout {
        if is_json {
            return Err(Usage::new(
                "`--chart` draws instead of printing points: name a file for them with `-o FILE`",
            )
            .into());
        }
        let scores = input::read(common, console)?;
        let curves = curves(kind, &scores)?;
        console.chart(text_chart::<K>(&curves))?;
        tell(&curves, console);
        return Ok(());
    }
    let mut output = if is_json {
        Output::create_named(&common.output, ".json")?
    } else {
        Output::create_table(&common.output)?
    };
    let scores = input::read(common, console)?;
    let curves = curves(kind, &scores)?;
    if is_json {
        let answer = WithWarnings {
            answer: &curves,
            warnings: &input::warnings(&scores),
        };
        json::write(&mut output, &answer)?;
    } else {
        write_table(&curves, &mut output)?;
    }
    output.commit()?;
    if common.chart {
        console.chart(text_chart::<K>(&curves))?;
    }
    if !is_json {
        tell(&curves, console);
    }
    Ok(())
}

fn curves<K: Kind>(kind: &K, scores: &CurveScores) -> anyhow::Result<Curves> {
    let curve = kind.kind();
    let curves = match (scores.sweeps(), kind.average()) {
        (CurveSweeps::Models(_) | CurveSweeps::Groups(_), Some(_)) => {
            return Err(Usage::new(
                "`--average` needs the scores of several classes in one file, in columns `p_<class>`",
            )
            .into());
        }
        (CurveSweeps::One(_), Some(_)) => {
            return Err(Usage::new(format_args!(
                "`--average` needs the scores of several classes, in columns `p_<class>`, got those of one: {}",
                scores.source()
            ))
            .into());
        }
        (_, Some(average)) => scores.average_curve(&curve, average),
        (_, None) => scores.curves(&curve),
    };
    Ok(curves?)
}

/// The curves as lines of characters.
fn text_chart<K: Kind>(curves: &Curves) -> TextChart<'static> {
    let (y, columns) = K::Y;
    TextChart::of_curves(curves, K::X, y, columns)
}

/// Draws the curves into a file that ends like a picture.
fn draw<K: Kind>(kind: &K, console: &mut Console) -> anyhow::Result<()> {
    let common = kind.common();
    if common.format == OutputFormat::Json {
        return Err(Usage::new(format_args!(
            "{}: `--format json` writes points, not a picture; give the output another ending",
            common.output.display()
        ))
        .into());
    }
    if kind
        .average()
        .is_some_and(|average| average != Average::Micro)
    {
        return Err(Usage::new(
            "pictures show a curve for each class, or that of `--average micro`; write the points of other averages as \
             `.csv`",
        )
        .into());
    }
    let file = PictureFile::create(&common.output)?;
    let scores = input::read(common, console)?;
    let curves = curves(kind, &scores)?;
    let picture = match scores.sweeps() {
        CurveSweeps::One(one) => kind.chart(&[(String::new(), &one.sweep)]),
        CurveSweeps::Models(parts) | CurveSweeps::Groups(parts) => {
            kind.chart(&drawable(&scores, parts, console)?)
        }
        CurveSweeps::Classes { sweeps, .. } if kind.average().is_some() => {
            kind.chart(&[("micro average".to_owned(), sweeps.micro())])
        }
        CurveSweeps::Classes { sweeps, .. } => {
            let classes = sweeps.classes().iter().zip(sweeps.sweeps());
            let named = classes.map(|(class, sweep)| (class.to_string(), sweep));
            kind.chart(&named.collect::<Vec<_>>())
        }
    };
    file.write(&picture.with_context(|| scores.source().to_owned())?)?;
    if common.chart {
        console.chart(text_chart::<K>(&curves))?;
    }
    tell(&curves, console);
    Ok(())
}

/// The sweeps that a picture can show: of both classes, and not more than can be told apart.
fn drawable<'a>(
    scores: &CurveScores,
    parts: &'a [NamedSweep],
    console: &mut Console,
) -> anyhow::Result<Vec<(String, &'a Sweep)>> {
    const MOST: usize = 12;
    let is_whole = |one: &&NamedSweep| {
        let sweep = &one.of.sweep;
        sweep.positives() > 0.0 && sweep.negatives() > 0.0
    };
    let (whole, others): (Vec<_>, Vec<_>) = parts.iter().partition(is_whole);
    for one in others {
        console.warn(format_args!(
            "{}: without rows of both classes, not in the picture",
            scores.source_of(&one.name)
        ));
    }
    if whole.is_empty() {
        bail!("a picture of curves needs rows of both classes in one of them at least");
    }
    if whole.len() > MOST {
        bail!(
            "a picture shows at most {MOST} curves, got {}: write their points as `.csv`, or draw fewer",
            whole.len()
        );
    }
    Ok(whole
        .into_iter()
        .map(|one| (one.name.clone(), &one.of.sweep))
        .collect())
}

/// One curve for each sweep, and what a picture calls it.
fn named_curves<T>(
    sweeps: &[(String, &Sweep)],
    curve: impl Fn(&Sweep) -> cutpoint_metrics::Result<T>,
) -> anyhow::Result<Vec<(String, T)>> {
    let curves = sweeps
        .iter()
        .map(|(name, sweep)| Ok((name.clone(), curve(sweep)?)));
    curves.collect()
}

/// Curves as a picture takes them.
fn series<T>(curves: &[(String, T)]) -> Vec<Series<'_, T>> {
    series_with(curves, None, &[])
}

/// The same, each with what stands after its name and its band, as far as there are such.
fn series_with<'a, T>(
    curves: &'a [(String, T)],
    notes: impl IntoIterator<Item = Option<String>>,
    bands: &'a [Option<Band>],
) -> Vec<Series<'a, T>> {
    let notes = notes.into_iter().chain(std::iter::repeat(None));
    let bands = bands.iter().chain(std::iter::repeat(&None));
    let parts = curves.iter().zip(notes).zip(bands);
    let series = parts.map(|(((name, curve), note), band)| {
        let mut series = Series::new(name.as_str(), curve);
        if let Some(note) = note {
            series = series.note(note);
        }
        match band {
            Some(band) => series.band(band),
            None => series,
        }
    });
    series.collect()
}
