//! `cutpoint fit`: trains logistic regression on a file and saves the model.
//!
//! Features are taken as they are: neither scaled nor encoded.

use std::path::{Path, PathBuf};

use anyhow::Context;
use cutpoint_core::counted;
use cutpoint_files::{
    DataColumns, FitAnswer, Output, SavedModel, json, positive_of, read_data, write_model,
};
use cutpoint_logistic::{
    ClassWeight, FittedLogistic, Intercept, LogisticParams, Penalty, Solver, StopReason,
    fit_dataset,
};

use crate::args::{OutputFormat, count};
use crate::console::Console;
use crate::failure::Usage;

/// Train logistic regression
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Train logistic regression\n\n\
        Every column but the target (and the sample weights) is a feature unless `--features` or `--drop` says \
        otherwise, and must hold finite numbers. A row index that pandas wrote as a column is refused. The objective \
        is scikit-learn's: mean loss plus penalty, the intercept not penalised.\n\n\
        All rows are kept in memory, some 10 bytes a number of CSV, and twice as many of `.npy` and Parquet, whose \
        columns are there as well while they are read.",
    after_help = "Examples:\n  \
        cutpoint fit train.csv -o model.json\n  \
        cutpoint fit train.csv -o model.json --target diagnosis --positive malignant --max-iter 5000\n  \
        cutpoint fit train.csv -o model.json --solver newton-cholesky --c 0.1 --class-weight balanced --format json"
)]
pub(crate) struct Args {
    /// Rows to train on: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin
    file: PathBuf,

    /// Write the model here, as JSON that keeps every bit
    #[arg(short, long, value_name = "MODEL.json")]
    output: PathBuf,

    /// The label column
    #[arg(long, value_name = "COLUMN", default_value = "y")]
    target: String,

    /// The class that scores are for, if there are two classes [default: 1 of {0, 1} or {-1, 1}, true of {false, true}]
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    positive: Option<String>,

    /// Columns to fit on, in this order; others are ignored [default: all but the target and the sample weights]
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        conflicts_with = "drop"
    )]
    features: Option<Vec<String>>,

    /// Columns that are no features, such as ids
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    drop: Vec<String>,

    /// The classes that labels may be; any other is an error, and a word such as `NA`, or a number such as `0.5`, is a
    /// class only if it is named here or with `--positive`
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    labels: Vec<String>,

    /// Inverse of the penalty's strength, in (0, inf]; larger penalises less [default: 1.0]
    #[arg(long, value_name = "C", allow_negative_numbers = true)]
    c: Option<f64>,

    /// Penalty on the coefficients; `l1` and `elasticnet` have no solver in this version
    #[arg(long, default_value = "l2", value_parser = ["l2", "l1", "elasticnet", "none"])]
    penalty: String,

    /// Share of L1 in `--penalty elasticnet`, in [0, 1]; larger sets more coefficients to 0
    #[arg(long, value_name = "RATIO", allow_negative_numbers = true)]
    l1_ratio: Option<f64>,

    /// Solver: `lbfgs` stops where scikit-learn stops, `newton-cholesky` at the optimum itself, `linfa` is the crate
    /// linfa-logistic
    #[arg(long, default_value = "lbfgs", value_parser = ["lbfgs", "newton-cholesky", "linfa"])]
    solver: String,

    /// Largest component of the gradient to stop at, in [0, inf); larger stops earlier
    #[arg(long, default_value_t = 1e-4, allow_negative_numbers = true)]
    tol: f64,

    /// Most iterations, in [1, inf)
    #[arg(long, value_name = "N", default_value_t = 100, allow_negative_numbers = true, value_parser = count)]
    max_iter: usize,

    /// Fit no intercept
    #[arg(long)]
    no_intercept: bool,

    /// Let every class weigh the same in total [default: every row weighs 1]
    #[arg(long, value_parser = ["balanced"])]
    class_weight: Option<String>,

    /// Column of sample weights, each in [0, inf); it is no feature [default: every row weighs 1]
    #[arg(long, value_name = "COLUMN")]
    sample_weight: Option<String>,

    /// What to say about the fit: `text` on stderr, or `json` on stdout
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl Args {
    fn params(&self) -> Result<LogisticParams, cutpoint_logistic::Error> {
        let mut params = LogisticParams::default()
            .penalty(Penalty::from_name(&self.penalty, self.l1_ratio)?)
            .solver(self.solver.parse()?)
            .c(self.c.unwrap_or(1.0))
            .tol(self.tol)
            .max_iter(self.max_iter);
        if self.no_intercept {
            params = params.intercept(Intercept::None);
        }
        if self.class_weight.is_some() {
            params = params.class_weight(ClassWeight::Balanced);
        }
        params.check()?;
        Ok(params)
    }
}

impl Args {
    /// Whether something goes to stdout besides the model.
    pub(crate) fn prints(&self) -> bool {
        self.format == OutputFormat::Json && self.output != Path::new("-")
    }
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let params = args.params().map_err(Usage::new)?;
    if args.penalty == "none" && args.c.is_some() {
        return Err(Usage::new(
            "`--c` is the strength of a penalty, and there is none with `--penalty none`",
        )
        .into());
    }
    if args.format == OutputFormat::Json && args.output == Path::new("-") {
        return Err(
            Usage::new("`--format json` and `--output -` cannot both write to stdout").into(),
        );
    }
    let mut output = Output::create_named(&args.output, ".json")?;
    let columns = DataColumns::new(&args.target)
        .weight(args.sample_weight.clone())
        .features(args.features.clone())
        .drop(args.drop.clone())
        .classes(args.labels.clone())
        .words(args.positive.iter().cloned().collect());
    let (data, weight) = read_data(&args.file, &columns)?;
    for feature in data.row_counters() {
        let name = &data.feature_names()[feature];
        // Features that were named are not dropped as well.
        let way = match args.features {
            Some(_) => "of `--features`".to_owned(),
            None => format!("with `--drop '{name}'`"),
        };
        console.warn(format_args!(
            "`{name}` only counts the rows, and a model learns their order from it: leave it out {way}"
        ));
    }
    let positive = match (data.y().classes().len(), &args.positive) {
        (2, named) => {
            let positive = positive_of(data.y(), named.as_deref());
            let column = || format!("{}, column `{}`", args.file.display(), args.target);
            Some(positive.with_context(column)?)
        }
        (1, _) | (_, None) => None,
        (n_classes, Some(_)) => {
            anyhow::bail!(
                "`--positive` must not be given for more than two classes; `{}` has {n_classes}",
                args.target
            );
        }
    };
    let fitted = fit_dataset(&params, &data, weight.as_deref())?;
    let model = SavedModel::new(fitted, &args.target, positive)?;
    write_model(&mut output, &model)?;
    output.commit()?;
    match args.format {
        OutputFormat::Json => {
            console.show(&json::text(&FitAnswer::new(&model, data.n_samples())))?;
        }
        OutputFormat::Text => {
            let fitted = model.fitted();
            let classes = fitted.classes().iter();
            let classes = classes
                .map(|class| format!("`{class}`"))
                .collect::<Vec<_>>();
            console.note(format_args!(
                "{}, {}, classes {}{}",
                counted(data.n_samples(), "row"),
                counted(data.n_features(), "feature"),
                classes.join(", "),
                match model.positive() {
                    Some(positive) => format!(", scores for `{positive}`"),
                    None => String::new(),
                },
            ));
            if fitted.convergence().is_converged() {
                console.note(fitted.convergence());
            }
        }
    }
    if !model.fitted().convergence().is_converged() {
        console.warn(model.fitted().convergence());
        console.hint(advice(model.fitted()));
    }
    Ok(())
}

/// What to try when a fit did not converge.
fn advice(fitted: &FittedLogistic) -> String {
    match fitted.convergence().reason() {
        StopReason::Separable => "penalise: `--penalty l2`, with a finite `--c`".to_owned(),
        StopReason::MaxIter => format!(
            "raise `--max-iter` (it was {}), bring the features to a common scale{}",
            fitted.params().get_max_iter(),
            other_solver(fitted),
        ),
        _ => format!(
            "bring the features to a common scale, raise `--tol` (it was {:e}){}",
            fitted.params().get_tol(),
            other_solver(fitted),
        ),
    }
}

fn other_solver(fitted: &FittedLogistic) -> &'static str {
    match fitted.convergence().solver() {
        Solver::NewtonCholesky => "",
        _ => ", or use `--solver newton-cholesky`",
    }
}
