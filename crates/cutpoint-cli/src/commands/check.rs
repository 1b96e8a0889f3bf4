//! `cutpoint check`: whether a saved operating point still holds on new rows.
//!
//! It refuses to choose another threshold, and to hold more than a few blocks of rows. How the result looks is in
//! `told`.

mod told;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use cutpoint_choose::OperatingPoint;
use cutpoint_core::Label;
use cutpoint_files::{ScoreReader, find_class, read_operating_point};
use cutpoint_metrics::{
    BootstrapOptions, CellSums, Cells, Constraint, Kept, Metric, ProportionTest,
    ScoreSurveyBuilder, Standing, check_constraints, metric_test, value_at_prevalence,
};

use crate::args::{OutputFormat, ScoreArgs};
use crate::console::{Console, Shown};
use crate::failure::{Answer, Usage};
use crate::mixed_up::{self, TakenFor};
use crate::progress::ProgressBar;

/// Check whether a saved operating point still holds on new rows
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Check whether a saved operating point still holds on new rows\n\n\
        Each constraint that the point was chosen under is held against the new rows. It holds if its value meets the \
        bound. It is within error if the value misses the bound, but chance alone may do that: as the interval of the \
        value meets the bound, or as the value is no worse than where the point was chosen by more than chance \
        explains there and here. It is broken otherwise. A threshold sits right at the constraint it was chosen under, \
        so that new rows of the same source miss the bound about every other time, by a little; they break it about \
        once in 40 times. Where many new rows all but prove that the bound is missed, though nothing has changed, a \
        warning says so: the point was chosen on too few rows, or without a margin.\n\n\
        Values are taken to the prevalence that the point was chosen for, if it was; counts and costs to as many rows \
        as it was chosen on. Rows of any number are read in bounded memory.\n\n\
        Exit code 0: every constraint holds or is within error; 3: one is broken; 4: none is, but one could not be \
        judged, as on a day without positive rows; the result is printed all the same. 1: something failed; 2: bad \
        usage.",
    after_help = "Examples:\n  \
        cutpoint check point.json scores.csv\n  \
        cutpoint check point.json scores.parquet --strict\n  \
        cutpoint check point.json scores.csv --format json > check.json",
    mut_arg("positive", |arg| arg.help("The positive class [default: that of the operating point]"))
)]
pub(crate) struct Args {
    /// The operating point, as `cutpoint choose --save` writes it, or `-` for stdin
    point: PathBuf,

    /// Labels and scores that had no say in the choice: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin
    scores: PathBuf,

    #[command(flatten)]
    columns: ScoreArgs,

    /// How often intervals hold the truth, in (0, 1); larger breaks constraints later
    #[arg(
        long,
        value_name = "SHARE",
        default_value_t = 0.95,
        allow_negative_numbers = true
    )]
    confidence: f64,

    /// Fail also where a constraint is within error
    #[arg(long)]
    strict: bool,

    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// The exit code where a constraint is broken.
const BROKEN: u8 = 3;
/// The exit code where no constraint is broken, but one cannot be judged.
const NOT_JUDGED: u8 = 4;

/// Whether the point holds, once all is said on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Holds,
    Broken,
    NotJudged,
}

/// The shares of rows that are watched for drift: key, metric, and what it is a drift of.
const WATCHED: [(&str, &str, Watched); 4] = [
    ("prevalence", "prevalence", Watched::Prevalence),
    ("alert_rate", "predicted_positive_rate", Watched::Alerts),
    ("recall", "recall", Watched::Scores),
    ("fpr", "fpr", Watched::Scores),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watched {
    Prevalence,
    /// Follows from the others.
    Alerts,
    /// Rates within a class do not know of the prevalence.
    Scores,
}

/// A share then and now.
struct Drift {
    key: &'static str,
    watched: Watched,
    then: Option<f64>,
    now: Option<f64>,
    /// `None` where the rows do not tell.
    test: Option<ProportionTest>,
}

/// All that is told.
struct Check {
    point: OperatingPoint,
    cells: Cells,
    labels: [Label; 2],
    n_samples: usize,
    is_weighted: bool,
    confidence: f64,
    is_strict: bool,
    kept: Vec<Kept>,
    drift: Vec<Drift>,
    /// What is odd about the scores.
    odd: Vec<String>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let check = Check::read(args)?;
    for warning in check.warnings() {
        console.warn(warning);
    }
    let text = match args.format {
        OutputFormat::Json => Shown::from(&format!("{}\n", check.as_json())),
        OutputFormat::Text => console.drawn(|terminal| check.as_text(terminal)),
    };
    console.show(text)?;
    let (says, exit_code) = match check.verdict() {
        Verdict::Holds => return Ok(()),
        Verdict::Broken => ("does not hold", BROKEN),
        Verdict::NotJudged => ("cannot be judged", NOT_JUDGED),
    };
    let (point, scores) = (shown(&args.point), shown(&args.scores));
    let reasons = check.reasons().join("; ");
    let message = format!("{point} {says} on {scores}: {reasons}");
    Err(Answer { message, exit_code }.into())
}

fn shown(path: &Path) -> String {
    if path == Path::new("-") {
        "stdin".to_owned()
    } else {
        path.display().to_string()
    }
}

impl Check {
    fn read(args: &Args) -> anyhow::Result<Self> {
        let options = BootstrapOptions::default().confidence(args.confidence);
        options.check().map_err(Usage::new)?;
        if [&args.point, &args.scores].map(|path| shown(path)) == ["stdin", "stdin"] {
            return Err(
                Usage::new("only one of the operating point and the scores can be stdin").into(),
            );
        }
        let point = read_operating_point(&args.point)?;
        let columns = args.columns.columns();
        let positive = args.columns.positive.clone();
        let is_named = positive.is_some();
        if let Some(positive) = &positive
            && find_class(&point.labels()[..1], positive).is_some()
        {
            return Err(Usage::new(format_args!(
                "`--positive` must not be the negative class of the operating point, got `{positive}`"
            ))
            .into());
        }
        let positive = positive.unwrap_or_else(|| point.positive().to_string());
        let mut reader = ScoreReader::open(&args.scores, &columns.positive(Some(positive)))?;
        let mut sums = CellSums::new(point.threshold());
        let mut survey = ScoreSurveyBuilder::default();
        let mut bar = ProgressBar::new("reading");
        let refused = |error| refused(error, &point, is_named);
        while let Some(block) = reader.next_block().map_err(refused)? {
            sums.add(&block);
            survey.add(&block);
            bar.update(reader.progress());
        }
        bar.finish();
        if !is_named {
            check_classes(&point, &reader, args)?;
        }
        let classes = reader.negative().zip(reader.positive().cloned());
        let labels = classes.context("a file that was read has a positive class")?;
        let labels = labels.into();
        let taken_for = TakenFor::by([point.threshold()]);
        let odd = mixed_up::warnings(&survey.finish(), Some(&labels), taken_for);
        let n_rows = Some(point.cells().total());
        let chosen_on = if point.data().is_weighted() {
            None
        } else {
            CellSums::of_counts(point.threshold(), point.cells())
        };
        let kept = check_constraints(
            point.constraints(),
            &sums,
            chosen_on.as_ref(),
            point.prevalence(),
            n_rows,
            &options,
        )?;
        Ok(Self {
            drift: drift(&point, &sums)?,
            cells: sums.cells(),
            labels,
            odd,
            n_samples: sums.n_samples(),
            is_weighted: args.columns.weight.is_some(),
            confidence: args.confidence,
            is_strict: args.strict,
            kept,
            point,
        })
    }
}

/// Why the rows were refused; a positive class that nobody typed is told to be that of the point.
fn refused(error: cutpoint_files::Error, point: &OperatingPoint, is_named: bool) -> anyhow::Error {
    use cutpoint_core::Error::PositiveUnknown;
    let is_unknown = matches!(
        &error,
        cutpoint_files::Error::Column { source, .. } if matches!(**source, PositiveUnknown { .. })
    );
    let error = anyhow::Error::new(error);
    if is_named || !is_unknown {
        return error;
    }
    error.context(format!(
        "the positive class of the operating point is `{}`; if it is spelled differently here, name it with \
         `--positive CLASS`",
        point.positive()
    ))
}

/// Refuses classes that the point does not know.
fn check_classes(point: &OperatingPoint, reader: &ScoreReader, args: &Args) -> anyhow::Result<()> {
    let known = point.labels();
    let is_known = |class: &Label| known.iter().any(|label| label.is_same(class));
    let Some(other) = reader.classes().iter().find(|class| !is_known(class)) else {
        return Ok(());
    };
    bail!(
        "{}, column `{}`: must have the classes of the operating point, `{}` and `{}`, got `{other}`; name the \
         positive class with `--positive CLASS` if it is spelled differently here",
        shown(&args.scores),
        args.columns.label,
        known[0],
        known[1],
    );
}

fn drift(point: &OperatingPoint, sums: &CellSums) -> anyhow::Result<Vec<Drift>> {
    let (then, now) = (point.cells(), sums.cells());
    let is_counted = !sums.is_weighted() && !point.data().is_weighted();
    let mut all = Vec::with_capacity(WATCHED.len());
    for (key, name, watched) in WATCHED {
        let metric = name.parse::<Metric>()?;
        // What was given for the place where it works was not counted in rows.
        let is_given = point.prevalence().is_some() && watched != Watched::Scores;
        let expected = match watched {
            Watched::Prevalence => point.expected_prevalence(),
            Watched::Alerts => point.expected_alert_rate(),
            Watched::Scores => metric.value(&then),
        };
        let test = if is_counted && !is_given {
            metric_test(&metric, &then, &now)?
        } else {
            None
        };
        all.push(Drift {
            key,
            watched,
            then: expected,
            now: metric.value(&now),
            test,
        });
    }
    Ok(all)
}

impl Check {
    /// The constraints, and how it stands with each.
    fn constraints(&self) -> impl Iterator<Item = (&Constraint, &Kept)> + Clone {
        self.point.constraints().iter().zip(&self.kept)
    }

    fn fails(&self, kept: &Kept) -> bool {
        match kept.standing() {
            Standing::Holds => false,
            Standing::WithinError => self.is_strict,
            Standing::Broken | Standing::Undefined => true,
        }
    }

    fn verdict(&self) -> Verdict {
        let failed = || self.kept.iter().filter(|kept| self.fails(kept));
        if failed().any(|kept| kept.standing() != Standing::Undefined) {
            Verdict::Broken
        } else if failed().next().is_some() {
            Verdict::NotJudged
        } else {
            Verdict::Holds
        }
    }

    /// Why the point does not hold; nothing if it does.
    fn reasons(&self) -> Vec<String> {
        let failed = self.constraints().filter(|(_, kept)| self.fails(kept));
        let failed = failed.map(|(constraint, kept)| match kept.standing() {
            Standing::Undefined => {
                let metric = constraint.metric();
                let has_both = self.cells.positives() > 0.0 && self.cells.negatives() > 0.0;
                let problem = self.point.problem();
                let why = problem.map_or(metric.undefined_when(), |problem| {
                    problem.undefined_when(metric, has_both)
                });
                format!("`{constraint}` cannot be judged: {why}")
            }
            standing => {
                let sort = if standing == Standing::Broken {
                    "broken"
                } else {
                    "missed within error"
                };
                format!("`{constraint}` is {sort}, at {}", measured(kept))
            }
        });
        let mut reasons = failed.collect::<Vec<_>>();
        match self.verdict() {
            Verdict::Holds => {}
            Verdict::Broken => reasons.push(self.explanation()),
            Verdict::NotJudged => reasons.extend(self.drifted()),
        }
        reasons
    }

    /// Why constraints may be broken, as far as the rows can tell.
    fn explanation(&self) -> String {
        if let Some(drifted) = self.drifted() {
            return drifted;
        }
        let mut failed = self.kept.iter().filter(|kept| self.fails(kept));
        if failed.all(|kept| kept.standing() == Standing::WithinError) {
            return "chance alone may do that, but `--strict` was asked for".to_owned();
        }
        if self.is_weighted || self.point.data().is_weighted() {
            return "whether something has drifted cannot be tested, as rows have weights"
                .to_owned();
        }
        "no drift is found: the rows it was chosen on may have been too few, or left no margin"
            .to_owned()
    }

    /// What has drifted that may be the cause.
    fn drifted(&self) -> Option<String> {
        let mut failed = self.constraints().filter(|(_, kept)| self.fails(kept));
        // Rates within a class do not know of the prevalence.
        let is_of_both_classes =
            failed.any(|(constraint, _)| !constraint.metric().is_within_classes());
        let has_drifted = |drift: &&Drift| {
            let test = drift.test.as_ref();
            let may_matter = drift.watched != Watched::Prevalence || is_of_both_classes;
            may_matter && test.is_some_and(|test| test.p() < 1.0 - self.confidence)
        };
        let told = |watched| {
            let drifted = self.drift.iter().filter(|drift| drift.watched == watched);
            let drifted = drifted.filter(has_drifted).map(|drift| {
                let p = drift.test.as_ref().map_or(1.0, ProportionTest::p);
                format!(
                    "{} {} then, {} now ({})",
                    drift.key,
                    four(drift.then),
                    four(drift.now),
                    shown_p(p)
                )
            });
            drifted.collect::<Vec<_>>().join(", ")
        };
        let parts = [
            ("the prevalence has drifted", told(Watched::Prevalence)),
            ("the scores have drifted", told(Watched::Scores)),
        ];
        let parts = parts.into_iter().filter(|(_, shares)| !shares.is_empty());
        let parts = parts.map(|(what, shares)| format!("{what}: {shares}"));
        let parts = parts.collect::<Vec<_>>();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.odd.clone();
        for (class, n_rows) in self
            .labels
            .iter()
            .zip([self.cells.negatives(), self.cells.positives()])
        {
            if n_rows <= 0.0 {
                warnings.push(format!(
                    "no row is of class `{class}`: what needs both classes is undefined"
                ));
            }
        }
        let data = self.point.data();
        if self.cells == self.point.cells() && data.n_samples() == Some(self.n_samples) {
            warnings.push(
                "as many rows and the same matrix as where the point was chosen: if these are the same rows, they \
                 prove nothing"
                    .to_owned(),
            );
        }
        for (constraint, kept) in self.constraints() {
            if kept.standing() == Standing::WithinError && !may_be_met(constraint, kept) {
                warnings.push(format!(
                    "`{constraint}` is missed, at {}, but nothing has changed by more than chance explains: the point \
                     was chosen on too few rows, or without a margin",
                    measured(kept)
                ));
            }
        }
        if data.is_weighted() != self.is_weighted {
            let [then, now] = [data.is_weighted(), self.is_weighted]
                .map(|is_weighted| if is_weighted { "with" } else { "without" });
            warnings.push(format!(
                "chosen on rows {then} weights, checked on rows {now}"
            ));
        }
        warnings
    }

    /// The value that a constraint had where the point was chosen.
    fn then(&self, constraint: &Constraint) -> Option<f64> {
        value_at_prevalence(
            constraint.metric(),
            &self.point.cells(),
            self.point.prevalence(),
        )
    }
}

/// Whether the rows leave it open that a constraint is met.
fn may_be_met(constraint: &Constraint, kept: &Kept) -> bool {
    let ends = kept
        .interval()
        .map(|interval| [interval.low(), interval.high()]);
    let mut values = ends.into_iter().flatten().chain(kept.value());
    values.any(|value| constraint.is_met_by(value))
}

/// A value with its interval.
fn measured(kept: &Kept) -> String {
    let value = four(kept.value());
    match kept.interval() {
        Some(interval) => {
            let (low, high) = (four(Some(interval.low())), four(Some(interval.high())));
            format!("{value} [{low}, {high}]")
        }
        None => value,
    }
}

fn four(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"))
}

fn shown_p(p: f64) -> String {
    if p < 0.0001 {
        "p < 0.0001".to_owned()
    } else {
        format!("p = {p:.4}")
    }
}
