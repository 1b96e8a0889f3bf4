//! `cutpoint choose`: the threshold to ship, best by a metric or a cost, under constraints.
//!
//! The flags are here; the choice itself is made by `cutpoint-choose`.

mod answer;
mod confidence;
mod drawing;
mod groups;
mod left_over;
mod pareto;
mod question;
mod refusal;
mod text;
mod zone;

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use cutpoint_choose::{
    Capacity, Choice, ChooseOptions, CostSpec, Decision, Validation, View, choice_bands,
    choose_by_group_from, choose_from, measure_from, reject_zone_from, validate_from,
};
use cutpoint_files::{Output, json, write_operating_point};
use cutpoint_metrics::{Constraint, Metric, Problem, ScoreSurvey};
use serde::Serialize;

use self::confidence::ConfidenceArgs;
use self::question::{Pareto, problem};
use crate::args::{OutputFormat, ScoreArgs};
use crate::console::{Console, Shown};
use crate::failure::Usage;
use crate::gather::{MemoryArgs, Source, warnings, warnings_of};
use crate::mixed_up::TakenFor;
use crate::picture::PictureFile;
use crate::vocabulary::{beside, check_same};

/// Choose the threshold to ship
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "cutpoint choose [OPTIONS] (--maximize M | --minimize M | --cost C | --pareto A,B) <SCORES>",
    long_about = "Choose the threshold to ship\n\n\
        Best by any metric or cost, under any number of constraints. Every threshold there is takes part, not a grid \
        of them. Of several that are equally good, the highest is taken, and all are told. \"Predict none\", which has \
        no threshold, is taken only where it is better than every threshold. Where no threshold meets all constraints, \
        the exit code is 1, and it says which of them are in the way, what each could have alone, and what comes \
        nearest.\n\n\
        Files may be larger than memory: what does not fit into `--memory` is read again, only where the optimum can \
        be, until the exact one is known.",
    after_help = "Examples:\n  \
        cutpoint choose scores.csv --maximize f1\n  \
        cutpoint choose scores.csv --maximize precision --subject-to 'recall>=0.9' --subject-to 'fpr<=10%'\n  \
        cutpoint choose scores.csv --cost fp=1,fn=10 --prevalence 0.02 --capacity 5%\n  \
        cutpoint choose scores.csv --cost fp=5,fn=amount --capacity 5%\n  \
        cutpoint choose scores.csv --maximize youden --bootstrap 2000 --validate other.csv --save point.json\n  \
        cutpoint choose scores.csv --maximize f1 --cv 5\n  \
        cutpoint choose scores.csv --maximize precision --subject-to 'recall>=0.9' --plot choice.svg\n  \
        cutpoint choose scores.csv --maximize recall --subject-to 'precision>=0.8' --group site\n  \
        cutpoint choose scores.csv --cost fp=1,fn=4 --reject-cost 0.3\n  \
        cutpoint choose scores.csv --pareto recall,precision -o frontier.csv"
)]
pub(crate) struct Args {
    /// Labels and scores: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin
    scores: PathBuf,

    #[command(flatten)]
    goal: GoalArgs,

    /// A constraint to satisfy: a metric, `>=` or `<=`, and a number or a percentage, such as `recall>=0.9`, `fpr<=1%`,
    /// `fp<=20`; may be repeated, up to 64 times. A metric that is undefined violates it
    #[arg(long, value_name = "CONSTRAINT", value_parser = constraint)]
    subject_to: Vec<Constraint>,

    /// How many rows may be predicted positive: a number in [0, inf), or a percentage of all rows in [0%, 100%]
    #[arg(long, value_name = "N|P%")]
    capacity: Option<Capacity>,

    /// The share of positive rows where the classifier will work, in (0, 1): values, metrics and intervals of the
    /// choice are those there, in the table, in an operating point and in JSON, where `of_rows` has those of the rows
    /// as they are [default: that of the data]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    prevalence: Option<f64>,

    /// Column of groups: one threshold for all, and one for each group by itself, with the gaps between them
    #[arg(
        long,
        value_name = "COLUMN",
        conflicts_with_all = ["reject_cost", "pareto", "validate", "cv", "bootstrap", "save"]
    )]
    group: Option<String>,

    /// What a row costs that is left to somebody else, in [-1e100, 1e100]: chooses two thresholds, between which
    /// nothing is predicted; needs `--cost`
    #[arg(long, value_name = "COST", requires = "cost", allow_negative_numbers = true,
        conflicts_with_all = ["subject_to", "capacity", "validate", "cv", "bootstrap", "save"])]
    reject_cost: Option<f64>,

    #[command(flatten)]
    trust: ConfidenceArgs,

    /// Write the choice here as an operating point, for `cutpoint check`
    #[arg(long, value_name = "FILE.json")]
    save: Option<PathBuf>,

    /// Draw the metrics of the objective and of the constraints against the threshold, with their intervals, the
    /// bounds, what these forbid and the choice, into this file: `.svg` or `.png`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pareto", "group", "reject_cost"])]
    plot: Option<PathBuf>,

    /// Write the frontier of `--pareto` here [default: stdout]
    #[arg(short, long, value_name = "FILE", requires = "pareto")]
    output: Option<PathBuf>,

    #[command(flatten)]
    columns: ScoreArgs,

    #[command(flatten)]
    memory: MemoryArgs,

    /// How to print the choice
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

#[derive(Debug, Clone, clap::Args)]
#[group(required = true, multiple = false)]
struct GoalArgs {
    /// The metric to be as high as can be
    #[arg(long, value_name = "METRIC", value_parser = metric)]
    maximize: Option<Metric>,

    /// The metric to be as low as can be
    #[arg(long, value_name = "METRIC", value_parser = metric)]
    minimize: Option<Metric>,

    /// What one row of each cell costs, or earns below 0, to be as low as can be together: some of `fp`, `fn`, `tp`,
    /// `tn`, each a number in [-1e100, 1e100], a column of amounts, or `NUMBER*COLUMN`; a cell that is not named costs
    /// 0
    #[arg(long, value_name = "COSTS")]
    cost: Option<CostSpec>,

    /// Two metrics: prints every threshold at which neither can be better without the other being worse, as long as
    /// these fit into half of `--memory`, 80 bytes each
    #[arg(long, value_name = "A,B")]
    pareto: Option<Pareto>,
}

fn metric(text: &str) -> Result<Metric, String> {
    text.parse::<Metric>().map_err(|error| error.to_string())
}

fn constraint(text: &str) -> Result<Constraint, String> {
    text.parse::<Constraint>()
        .map_err(|error| error.to_string())
}

impl Args {
    /// Whether the choice goes to stdout; a frontier has its own output.
    pub(crate) fn prints(&self) -> bool {
        self.goal.pareto.is_none()
    }
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    left_over::check(args)?;
    let problem = problem(args)?;
    args.trust.check()?;
    let costs = args.goal.cost.as_ref();
    let amounts = costs.filter(|costs| costs.numbers().is_none());
    let columns = args.columns.columns().group(args.group.clone());
    let source = Source::new(&args.scores, columns);
    let view = View::of(&source).with_costs(amounts);
    let printed = if let Some(pareto) = &args.goal.pareto {
        return pareto::run(args, pareto, &problem, &view, console);
    } else if let Some(reject_cost) = args.reject_cost {
        zone(args, reject_cost, &view, console)?
    } else if args.group.is_some() {
        groups(args, &problem, &view, console)?
    } else {
        one(args, &problem, &view, console)?
    };
    console.show(match args.format {
        OutputFormat::Json => Shown::from(&printed.json),
        OutputFormat::Text => printed.text,
    })?;
    match printed.reason {
        Some(reason) => Err(anyhow!(reason)),
        None => Ok(()),
    }
}

/// What is printed in the end, and, if it is no choice, why.
struct Printed {
    json: String,
    text: Shown,
    reason: Option<String>,
}

impl Printed {
    fn new(answer: &impl Serialize, text: Shown) -> Self {
        Self {
            json: json::text(answer),
            text,
            reason: None,
        }
    }

    fn without_choice(mut self, reason: String) -> Self {
        self.reason = Some(reason);
        self
    }
}

/// Two thresholds with a zone between them.
fn zone(
    args: &Args,
    reject_cost: f64,
    view: &View<'_, Source>,
    console: &mut Console,
) -> anyhow::Result<Printed> {
    let costs = args.goal.cost.as_ref().and_then(CostSpec::numbers);
    let Some(costs) = costs else {
        return Err(Usage::new("`--reject-cost` needs `--cost` of numbers, not of columns").into());
    };
    let memory = args.memory.for_bins();
    let found = reject_zone_from(view, costs, reject_cost, args.prevalence, memory)?;
    let mut answer = found.answer();
    answer.warnings = warnings(&found.first, TakenFor::Ranks);
    for warning in &answer.warnings {
        console.warn(warning);
    }
    let text = console.drawn(|terminal| zone::as_text(&found, terminal));
    Ok(Printed::new(&answer, text))
}

/// One threshold for all groups, and one for each by itself.
fn groups(
    args: &Args,
    problem: &Problem,
    view: &View<'_, Source>,
    console: &mut Console,
) -> anyhow::Result<Printed> {
    if let Some(capacity) = args.capacity {
        console.note(format_args!(
            "the capacity, {capacity}, holds for all groups together at the shared threshold, and for each group by \
             itself at its own"
        ));
    }
    let found = choose_by_group_from(view, problem, args.memory.for_bins())?;
    let mut answer = found.answer();
    answer.warnings = warnings_of(&found.survey, &found.classes, TakenFor::Ranks);
    for warning in &answer.warnings {
        console.warn(warning);
    }
    let printed = Printed::new(&answer, Shown::from(&groups::as_text(&found)));
    Ok(match answer.shared {
        Some(_) => printed,
        None => printed.without_choice(groups::reason(&found)),
    })
}

/// One threshold for all rows.
fn one(
    args: &Args,
    problem: &Problem,
    view: &View<'_, Source>,
    console: &mut Console,
) -> anyhow::Result<Printed> {
    let memory = args.memory.for_bins();
    if view.costs.is_some() && args.plot.is_some() {
        return Err(Usage::new("`--plot` needs `--cost` of numbers, not of columns").into());
    }
    let mut point = args
        .save
        .as_deref()
        .map(|path| Output::create_named(path, ".json"))
        .transpose()?;
    let plot = args.plot.as_deref().map(PictureFile::create).transpose()?;
    let options = ChooseOptions {
        memory,
        confidence: Some(args.trust.options()),
        folds: args.trust.folds(),
    };
    let decision = choose_from(view, problem, options.memory)?;
    if decision.choice == Choice::Undefined {
        bail!(undefined(&decision, view));
    }
    let survey = ScoreSurvey::of_partial(&decision.partial);
    let mut warnings = warnings_of(&survey, &decision.classes, TakenFor::Probabilities);
    for warning in &warnings {
        console.warn(warning);
    }
    let measured = measure_from(view, decision, &options);
    let mut decision = measured.map_err(|error| worded(error, view.source))?;
    if let Some(path) = &args.trust.validate {
        decision.validation = validated(view, &decision, path)?;
    }
    let doubts = confidence::warnings(&decision);
    for doubt in &doubts {
        console.warn(doubt);
    }
    warnings.extend(doubts);
    if let (Choice::Infeasible(why), Some(mut answer)) =
        (&decision.choice, decision.infeasible_answer())
    {
        answer.reason = refusal::reason(problem, why);
        answer.warnings = warnings;
        let text = Shown::from(&refusal::as_text(problem, why));
        return Ok(Printed::new(&answer, text).without_choice(answer.reason));
    }
    if let Some(output) = &mut point {
        let Some(point) = decision.operating_point() else {
            bail!("\"predict none\" was chosen, which has no threshold to save");
        };
        write_operating_point(output, &point)?;
    }
    let (Some(best), Some(mut answer)) = (decision.choice.found(), decision.answer()) else {
        unreachable!("what is defined and feasible is found");
    };
    answer.warnings = warnings;
    let text = console.drawn(|terminal| answer::as_text(&decision, best, terminal));
    let plot = plot.map(|plot| {
        let bands = choice_bands(view, &decision, memory)?;
        plot.filled(&drawing::picture(&decision, &bands)?)
    });
    cutpoint_files::commit_all(point.into_iter().chain(plot.transpose()?))?;
    Ok(Printed::new(&answer, text))
}

/// What a flag can help with.
fn worded(error: anyhow::Error, source: &Source) -> anyhow::Error {
    use cutpoint_choose::Error::FoldsReadOnce;
    match error.downcast_ref() {
        Some(cutpoint_files::Error::Question { source: why, .. })
            if matches!(**why, FoldsReadOnce) =>
        {
            anyhow!(
                "{} can be read only once, and `--cv` reads it for each fold: name a file",
                source.shown()
            )
        }
        _ => error,
    }
}

/// What the choice does on the rows of another file, which must call a class the same.
fn validated(
    view: &View<'_, Source>,
    decision: &Decision,
    path: &Path,
) -> anyhow::Result<Option<Validation>> {
    let other = Source::new(path, view.source.columns().clone());
    let (first, second) = (view.source.shown(), path.display().to_string());
    let labels = &decision.classes.labels;
    let found = validate_from(&View::of(&other).with_costs(view.costs), decision);
    let Some((mut validation, classes)) = beside(found, &first, labels, &second)? else {
        return Ok(None);
    };
    check_same(&first, labels, &second, &classes.present)?;
    validation.source = second;
    Ok(Some(validation))
}

/// Why nothing was chosen where the objective is undefined.
fn undefined(decision: &Decision, view: &View<'_, Source>) -> String {
    let (problem, edges) = (&decision.problem, decision.partial.edges());
    let metric = problem.objective().metric();
    let has_both = edges.positives() > 0.0 && edges.negatives() > 0.0;
    format!(
        "{}: `{metric}` is undefined at every threshold{}: {}",
        view.source.shown(),
        if problem.constraints().is_empty() {
            ""
        } else {
            " that meets the constraints"
        },
        problem.undefined_when(metric, has_both)
    )
}
