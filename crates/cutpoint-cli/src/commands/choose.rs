//! `cutpoint choose`: the threshold to ship, by what it is to be good at and what it has to keep to.
//!
//! The flags are here; the choice itself is made by `cutpoint-choose`.

mod answer;
mod bands;
mod constraints;
mod drawing;
mod groups;
mod left_over;
mod pareto;
mod question;
mod refusal;
mod text;
mod trust;
mod zone;

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use cutpoint_choose::{View, choose_from};
use cutpoint_files::{Output, write_operating_point};
use cutpoint_metrics::{Choice, Constraint, Metric, ScoreSurvey};

use self::answer::Answer;
use self::question::{Capacity, Cost, Pareto, Question};
use self::trust::TrustArgs;
use crate::args::{OutputFormat, ScoreArgs};
use crate::console::{Console, Shown};
use crate::failure::Usage;
use crate::gather::{MemoryArgs, Source, warnings_of};
use crate::json::Json;
use crate::mixed_up::TakenFor;
use crate::picture::PictureFile;

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

    /// A constraint to keep: a metric, `>=` or `<=`, and a number or a percentage, such as `recall>=0.9`, `fpr<=1%`,
    /// `fp<=20`; may be repeated, up to 64 times. A metric that is undefined does not keep it
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
    trust: TrustArgs,

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
    cost: Option<Cost>,

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
    let question = Question::new(&args.goal, &args.subject_to, args.capacity, args.prevalence)?;
    args.trust.check()?;
    let amounts = match &args.goal.cost {
        Some(Cost::Columns(costs)) => Some(costs.clone()),
        _ => None,
    };
    let columns = args.columns.columns().group(args.group.clone());
    let source = Source::new(&args.scores, columns);
    let view = View::of(&source).with_costs(amounts.as_ref());
    let memory = args.memory.for_bins();
    let said = if let Some(pareto) = &args.goal.pareto {
        return pareto::run(args, pareto, &question, &view, console);
    } else if let Some(reject_cost) = args.reject_cost {
        let Some(Cost::Numbers(costs)) = &args.goal.cost else {
            return Err(
                Usage::new("`--reject-cost` needs `--cost` of numbers, not of columns").into(),
            );
        };
        let zone = zone::choose(&view, costs, reject_cost, args.prevalence, memory)?;
        for warning in &zone.warnings {
            console.warn(warning);
        }
        Said::new(
            zone.as_json(),
            console.drawn(|terminal| zone.as_text(terminal)),
        )
    } else if args.group.is_some() {
        if let Some(capacity) = args.capacity {
            console.note(format_args!(
                "the capacity, {capacity}, holds for all groups together at the shared threshold, and for each group \
                 by itself at its own"
            ));
        }
        let groups = groups::choose(&view, &question, memory)?;
        for warning in &groups.warnings {
            console.warn(warning);
        }
        let said = Said::new(groups.as_json(), Shown::from(&groups.as_text()));
        if groups.is_found() {
            said
        } else {
            said.without_choice(groups.reason())
        }
    } else {
        one(args, &question, &view, console)?
    };
    let text = match args.format {
        OutputFormat::Json => Shown::from(&format!("{}\n", said.json)),
        OutputFormat::Text => said.text,
    };
    console.show(text)?;
    match said.reason {
        Some(reason) => Err(anyhow!(reason)),
        None => Ok(()),
    }
}

/// What is printed in the end, and, if it is no choice, why.
struct Said {
    json: Json,
    text: Shown,
    reason: Option<String>,
}

impl Said {
    fn new(json: Json, text: Shown) -> Self {
        Self {
            json,
            text,
            reason: None,
        }
    }

    fn without_choice(mut self, reason: String) -> Self {
        self.reason = Some(reason);
        self
    }
}

/// One threshold for all rows.
fn one(
    args: &Args,
    question: &Question,
    view: &View<'_, Source>,
    console: &mut Console,
) -> anyhow::Result<Said> {
    let memory = args.memory.for_bins();
    if view.costs.is_some() && args.plot.is_some() {
        return Err(Usage::new("`--plot` needs `--cost` of numbers, not of columns").into());
    }
    let point = args.save.as_deref();
    let point = point.map(|path| Output::create_named(path, ".json"));
    let mut point = point.transpose()?;
    let plot = args.plot.as_deref().map(PictureFile::create).transpose()?;
    let found = choose_from(view, &question.problem, memory)?;
    let odd = warnings_of(
        &ScoreSurvey::of_partial(&found.partial),
        &found.classes,
        TakenFor::Probabilities,
    );
    if found.choice != Choice::Undefined {
        for warning in &odd {
            console.warn(warning);
        }
    }
    let problem = &question.problem;
    let optimum = match &found.choice {
        Choice::Found(optimum) => optimum.clone(),
        Choice::Infeasible(why) => {
            let refusal = refusal::Refusal {
                problem,
                why,
                looked: &found,
                warnings: &odd,
            };
            let said = Said::new(refusal.as_json(), Shown::from(&refusal.as_text()));
            return Ok(said.without_choice(refusal.reason()));
        }
        Choice::Undefined => {
            let edges = found.partial.edges();
            let has_both = edges.positives() > 0.0 && edges.negatives() > 0.0;
            bail!(
                "{}: `{}` is undefined at every threshold{}: {}",
                view.source.shown(),
                problem.objective().metric(),
                if problem.constraints().is_empty() {
                    ""
                } else {
                    " that meets the constraints"
                },
                problem.undefined_when(problem.objective().metric(), has_both)
            )
        }
    };
    let trust = args.trust.look(view, problem, &found, &optimum, memory)?;
    let mut warnings = question.against_its_sense().into_iter().collect::<Vec<_>>();
    warnings.extend(trust.warnings());
    for warning in &warnings {
        console.warn(warning);
    }
    warnings.splice(0..0, odd.iter().cloned());
    let answer = Answer {
        problem,
        optimum: &optimum,
        looked: &found,
        trust: &trust,
        warnings: &warnings,
    };
    if let Some(output) = &mut point {
        write_operating_point(output, &answer.operating_point(args.trust.confidence())?)?;
    }
    let said = Said::new(
        answer.as_json(),
        console.drawn(|terminal| answer.as_text(terminal)),
    );
    let plot = plot.map(|plot| {
        let drawing = drawing::Drawing {
            problem,
            optimum: &optimum,
            certainty: args.trust.certainty(problem, found.partial.is_weighted()),
            trust: &trust,
        };
        plot.filled(&drawing.picture(view, &found.partial, memory)?)
    });
    cutpoint_files::commit_all(point.into_iter().chain(plot.transpose()?))?;
    Ok(said)
}
