//! The command line as typed: negative numbers, and the flag values that several commands share.
//!
//! Values are checked one by one here; against each other and against data, each command checks its own.

use std::ffi::OsString;
use std::str::FromStr;

use clap::ValueEnum;
use cutpoint_core::{Seed, StreamKind, Threshold};
use cutpoint_files::ScoreColumns;
use cutpoint_metrics::{BootstrapOptions, Metric, catalog};

use crate::failure::Usage;

/// Arguments as typed, where a negative number after a flag is its value: `--from -1e-3` is `--from=-1e-3`. clap knows
/// `-1` and `-0.5` as numbers, but takes `-1e-3` and `-.5`, and lists that begin with a negative number, for flags.
pub(crate) fn with_negative_numbers(
    arguments: impl Iterator<Item = OsString>,
) -> impl Iterator<Item = OsString> {
    let mut arguments = arguments.peekable();
    let mut is_over = false;
    std::iter::from_fn(move || {
        let argument = arguments.next()?;
        let flag = argument.to_str();
        // Behind `--` nothing is a flag.
        is_over |= flag == Some("--");
        let takes_value =
            !is_over && flag.is_some_and(|flag| flag.starts_with("--") && !flag.contains('='));
        let number = arguments.next_if(|next| takes_value && is_negative(next));
        Some(match number {
            None => argument,
            Some(number) => {
                let mut both = argument;
                both.push("=");
                both.push(number);
                both
            }
        })
    })
}

/// Whether an argument is a negative number or begins like one, as no flag does (`-1e`), or a list of them. What is
/// wrong with it, the flag before it says.
fn is_negative(argument: &OsString) -> bool {
    let text = argument.to_str().unwrap_or_default();
    let is_number = |part: &str| part.trim().parse::<f64>().is_ok();
    text.strip_prefix('-').is_some_and(|unsigned| {
        let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
        digits.starts_with(|first: char| first.is_ascii_digit())
            || text.split(',').next().is_some_and(is_number)
    })
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people.
    #[default]
    Text,
    /// For scripts.
    Json,
}

/// Where randomness comes from.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct SeedArgs {
    /// Seed of the random numbers: a whole number in [0, 4294967295], for `--rng chacha` in [0, 18446744073709551615].
    /// The same seed gives the same result, always
    #[arg(long, value_name = "SEED", default_value_t = 0, allow_negative_numbers = true, value_parser = whole_number)]
    random_state: u64,

    /// Random stream
    #[arg(long, value_enum, default_value_t)]
    rng: Rng,
}

/// A random stream by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Rng {
    /// NumPy's legacy `RandomState`: what scikit-learn gives for the same `random_state`
    #[default]
    Numpy,
    /// ChaCha8: data of any size in parallel and in bounded memory
    Chacha,
}

impl SeedArgs {
    /// The flag that is not at its default, for where nothing is drawn.
    pub(crate) fn changed(self) -> Option<&'static str> {
        if self.random_state != 0 {
            Some("--random-state")
        } else if self.rng != Rng::default() {
            Some("--rng")
        } else {
            None
        }
    }

    pub(crate) fn seed(self) -> Result<Seed, Usage> {
        let kind = match self.rng {
            Rng::Numpy => StreamKind::Numpy,
            Rng::Chacha => StreamKind::ChaCha,
        };
        Seed::new(kind, self.random_state).map_err(Usage::new)
    }
}

/// A number of things, or what was expected.
pub(crate) fn count(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| WHOLE_NUMBER.to_owned())
}

fn whole_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| WHOLE_NUMBER.to_owned())
}

const WHOLE_NUMBER: &str = "must be a whole number from 0";

/// Which columns of a score file are what.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ScoreArgs {
    /// Column of true labels
    #[arg(long, value_name = "COLUMN", default_value = "y_true")]
    pub(crate) label: String,

    /// Column of scores; a higher score means "more likely positive"
    #[arg(long, value_name = "COLUMN", default_value = "y_score")]
    pub(crate) score: String,

    /// The positive class [default: 1 of {0, 1} or {-1, 1}, true of {false, true}]
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    pub(crate) positive: Option<String>,

    /// The classes that labels may be; any other is an error, and a word such as `NA`, or a number such as `0.5`, is a
    /// class only if it is named here or with `--positive`
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub(crate) labels: Option<Vec<String>>,

    /// Column of weights, each in [0, inf); a row of weight 2 counts like the row twice [default: every row counts
    /// once]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) weight: Option<String>,
}

impl ScoreArgs {
    pub(crate) fn columns(&self) -> ScoreColumns {
        ScoreColumns::default()
            .label(&self.label)
            .score(&self.score)
            .positive(self.positive.clone())
            .classes(self.labels.clone().unwrap_or_default())
            .weight(self.weight.clone())
    }
}

/// A threshold, or what was expected.
pub(crate) fn threshold(text: &str) -> Result<Threshold, String> {
    let number = text.trim().parse::<f64>().ok();
    let threshold = number.and_then(|number| Threshold::new(number).ok());
    threshold.ok_or_else(|| "must be a finite number".to_owned())
}

/// Metrics by their names: a list, `all`, or `none`.
#[derive(Debug, Clone)]
pub(crate) struct Metrics(pub(crate) Vec<Metric>);

impl FromStr for Metrics {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => return Ok(Self(catalog().to_vec())),
            "none" | "" => return Ok(Self(Vec::new())),
            _ => {}
        }
        let mut metrics = Vec::<Metric>::new();
        for name in text.split(',') {
            let metric = name.parse::<Metric>().map_err(|error| error.to_string())?;
            if metrics.contains(&metric) {
                return Err(format!("must name each metric once, got `{metric}` twice"));
            }
            metrics.push(metric);
        }
        Ok(Self(metrics))
    }
}

/// How a bootstrap is done.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct BootstrapArgs {
    /// Bootstrap replicates, a whole number in [1, 10000000]; more make intervals steadier from seed to seed [default:
    /// 2000]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = replicates)]
    bootstrap: Option<usize>,

    /// Seed of the bootstrap: a whole number in [0, 18446744073709551615]. The same seed gives the same result, always
    /// [default: 0]
    #[arg(long, value_name = "SEED", allow_negative_numbers = true, value_parser = whole_number)]
    random_state: Option<u64>,

    /// How often an interval shall hold the truth, in (0, 1); larger is wider
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, allow_negative_numbers = true, value_parser = confidence)]
    confidence: f64,
}

impl BootstrapArgs {
    pub(crate) fn n_replicates(self) -> usize {
        self.bootstrap.unwrap_or(2000)
    }

    pub(crate) fn random_state(self) -> u64 {
        self.random_state.unwrap_or(0)
    }

    /// The flag that was given for drawing, for where nothing is drawn.
    pub(crate) fn given(self) -> Option<&'static str> {
        let bootstrap = self.bootstrap.map(|_| "--bootstrap");
        bootstrap.or(self.random_state.map(|_| "--random-state"))
    }

    pub(crate) fn confidence(self) -> f64 {
        self.confidence
    }
}

pub(crate) fn replicates(text: &str) -> Result<usize, String> {
    const MOST: usize = BootstrapOptions::MOST_REPLICATES;
    let number = text.parse().ok();
    let number = number.filter(|number| (1..=MOST).contains(number));
    number.ok_or_else(|| format!("must be a whole number in [1, {MOST}]"))
}

fn confidence(text: &str) -> Result<f64, String> {
    let number = text.parse().ok();
    let number = number.filter(|number| *number > 0.0 && *number < 1.0);
    number.ok_or_else(|| "must be a number in (0, 1)".to_owned())
}
