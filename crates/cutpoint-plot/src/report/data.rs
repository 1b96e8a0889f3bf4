//! What a page embeds, as JSON. The script of the page knows these keys (`data.js`); nothing is computed here.

use cutpoint_metrics::{Cells, Constraint, Costs, Direction, Metric, catalog, normal_deviate};
use serde::Serialize;

use super::options::{Aim, costs_of};
use super::rows::ReportRows;
use super::series::ReportSeries;
use super::{Report, ReportModel, script_safe};

/// Confidence of the intervals of a page.
const CONFIDENCE: f64 = 0.95;

#[derive(Serialize)]
struct Page<'a> {
    generator: String,
    title: &'a str,
    names: &'a [String; 2],
    group_column: Option<&'a str>,
    id_column: Option<&'a str>,
    is_weighted: bool,
    thresholds: &'a [f64],
    closed: Option<&'a [usize]>,
    chosen: Option<Chosen<'a>>,
    problem: Option<Asked<'a>>,
    costs: CellCosts,
    confidence: f64,
    z: Option<f64>,
    metrics: Vec<Info<'a>>,
    models: Vec<Model<'a>>,
}

#[derive(Serialize)]
struct Chosen<'a> {
    threshold: f64,
    reason: &'a str,
}

/// What the threshold was chosen for.
#[derive(Serialize)]
struct Asked<'a> {
    text: String,
    goal: String,
    metric: Meant<'a>,
    /// Whether the goal is the lowest of the page's costs.
    is_cost: bool,
    constraints: Vec<PageConstraint<'a>>,
    prevalence: Option<f64>,
    n_rows: f64,
}

#[derive(Serialize)]
struct PageConstraint<'a> {
    text: String,
    metric: Meant<'a>,
    relation: String,
    bound: f64,
}

/// A metric, which need not be one of the catalogue.
#[derive(Serialize)]
struct Meant<'a> {
    name: &'a str,
    title: &'a str,
    text: String,
    is_within_classes: bool,
    is_of_amounts: bool,
    /// Of a sum of cells: what a row of each adds.
    costs: Option<CellCosts>,
}

#[derive(Serialize)]
struct CellCosts {
    fp: f64,
    #[serde(rename = "fn")]
    fn_: f64,
    tp: f64,
    tn: f64,
}

#[derive(Serialize)]
struct Info<'a> {
    name: &'a str,
    title: &'a str,
    formula: &'a str,
    direction: &'static str,
    low: Option<f64>,
    high: Option<f64>,
    undefined_when: &'static str,
    /// The cells of the numerator and of the denominator as masks, if it is a share of rows.
    share: Option<[u8; 2]>,
}

#[derive(Serialize)]
struct Model<'a> {
    name: &'a str,
    file: &'a str,
    flags: &'a [String],
    n_thresholds: usize,
    is_exact: bool,
    groups_left_out: usize,
    series: Vec<Series<'a>>,
    rows: Option<Rows<'a>>,
}

/// Counts as steps from row to row, sums of weights as they are.
#[derive(Serialize)]
#[serde(untagged)]
enum Column {
    Steps(Vec<u64>),
    Sums(Vec<f64>),
}

#[derive(Serialize)]
struct Series<'a> {
    name: &'a str,
    n_samples: Option<usize>,
    tp: Column,
    fp: Column,
    #[serde(rename = "fn", skip_serializing_if = "Option::is_none")]
    fn_: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tn: Option<Column>,
    roc_auc: Option<[f64; 2]>,
    average_precision: Option<[f64; 2]>,
    brier: Option<f64>,
    log_loss: Option<f64>,
    histogram: HistogramColumns<'a>,
    calibration: Option<Calibration<'a>>,
    net_benefit: Option<NetBenefit<'a>>,
}

#[derive(Serialize)]
struct HistogramColumns<'a> {
    edges: &'a [f64],
    positives: &'a [f64],
    negatives: &'a [f64],
}

#[derive(Serialize)]
struct Calibration<'a> {
    lower: &'a [f64],
    upper: &'a [f64],
    count: &'a [f64],
    mean: &'a [f64],
    share: &'a [f64],
    low: &'a [f64],
    high: &'a [f64],
    error: f64,
}

#[derive(Serialize)]
struct NetBenefit<'a> {
    chance: &'a [f64],
    model: &'a [f64],
    all: &'a [f64],
}

#[derive(Serialize)]
struct Rows<'a> {
    has_ids: bool,
    total: u64,
    id: Ids<'a>,
    score: Vec<f64>,
    positive: Vec<u8>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Ids<'a> {
    Names(Vec<&'a str>),
    Numbers(Vec<u64>),
}

/// The data of a page, fit to stand in a script.
pub(super) fn json(report: &Report) -> String {
    let series = report.models.iter().flat_map(|model| &model.series);
    let is_weighted = series.clone().any(|series| series.is_weighted);
    let options = &report.options;
    let page = Page {
        generator: format!("cutpoint {}", env!("CARGO_PKG_VERSION")),
        title: &report.title,
        names: &report.names,
        group_column: report.group_column.as_deref(),
        id_column: report.id_column.as_deref(),
        is_weighted,
        thresholds: report.thresholds.values(),
        closed: report.thresholds.closed(),
        chosen: options.start.as_ref().map(|(threshold, reason)| Chosen {
            threshold: threshold.value(),
            reason,
        }),
        problem: options.problem.as_ref().map(asked),
        costs: costs(&options.page_costs()),
        confidence: CONFIDENCE,
        z: normal_deviate(f64::midpoint(1.0, CONFIDENCE)),
        metrics: catalog().iter().map(info).collect(),
        models: report
            .models
            .iter()
            .map(|one| model(one, is_weighted))
            .collect(),
    };
    let text =
        serde_json::to_string(&page).expect("maps have text keys, and a String takes all text");
    script_safe(&text)
}

fn asked(
    Aim {
        problem, n_rows, ..
    }: &Aim,
) -> Asked<'_> {
    let objective = problem.objective();
    Asked {
        text: objective.to_string(),
        goal: objective.goal().to_string(),
        metric: meant(objective.metric()),
        is_cost: costs_of(problem).is_some(),
        constraints: problem.constraints().iter().map(on_page).collect(),
        prevalence: problem.prevalence(),
        n_rows: *n_rows,
    }
}

fn on_page(constraint: &Constraint) -> PageConstraint<'_> {
    PageConstraint {
        text: constraint.to_string(),
        metric: meant(constraint.metric()),
        relation: constraint.relation().to_string(),
        bound: constraint.bound(),
    }
}

fn meant(metric: &Metric) -> Meant<'_> {
    Meant {
        name: metric.name(),
        title: metric.title(),
        text: metric.to_string(),
        is_within_classes: metric.is_within_classes(),
        is_of_amounts: metric.is_of_amounts(),
        costs: metric.costs().map(costs),
    }
}

/// The cost of one row of each cell.
fn costs(costs: &Costs) -> CellCosts {
    let of = |cells: Cells| costs.total(&cells).unwrap_or_default();
    CellCosts {
        fp: of(Cells::from_counts(0, 1, 0, 0)),
        fn_: of(Cells::from_counts(0, 0, 1, 0)),
        tp: of(Cells::from_counts(1, 0, 0, 0)),
        tn: of(Cells::from_counts(0, 0, 0, 1)),
    }
}

fn info(metric: &Metric) -> Info<'_> {
    let finite = |value: f64| value.is_finite().then_some(value);
    Info {
        name: metric.name(),
        title: metric.title(),
        formula: metric.formula(),
        direction: match metric.direction() {
            Direction::Higher => "higher",
            Direction::Lower => "lower",
            Direction::Neutral => "neutral",
        },
        low: finite(metric.range().low()),
        high: finite(metric.range().high()),
        undefined_when: metric.undefined_when(),
        share: metric
            .share()
            .map(|share| [share.part_mask(), share.whole_mask()]),
    }
}

fn model(model: &ReportModel, is_weighted: bool) -> Model<'_> {
    Model {
        name: &model.name,
        file: &model.file,
        flags: &model.flags,
        n_thresholds: model.n_thresholds,
        is_exact: model.is_exact,
        groups_left_out: model.n_groups_left_out,
        series: model
            .series
            .iter()
            .map(|one| series(one, is_weighted))
            .collect(),
        rows: model.rows.as_ref().map(rows),
    }
}

fn series(series: &ReportSeries, is_weighted: bool) -> Series<'_> {
    let column = |cell: fn(&Cells) -> f64| {
        let values = series.cells.iter().map(cell);
        if is_weighted {
            return Column::Sums(values.collect());
        }
        let values = values.collect::<Vec<_>>();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "cells without weights are whole numbers, and rise down the table"
        )]
        let steps = values.windows(2).map(|pair| (pair[1] - pair[0]) as u64);
        Column::Steps(steps.collect())
    };
    let (calibration, net) = (series.calibration.as_ref(), series.net_benefit.as_ref());
    Series {
        name: &series.name,
        n_samples: series.n_samples,
        tp: column(Cells::tp),
        fp: column(Cells::fp),
        fn_: is_weighted.then(|| column(Cells::fn_)),
        tn: is_weighted.then(|| column(Cells::tn)),
        roc_auc: series.roc_auc,
        average_precision: series.average_precision,
        brier: series.brier,
        log_loss: series.log_loss,
        histogram: HistogramColumns {
            edges: &series.histogram.edges,
            positives: &series.histogram.positives,
            negatives: &series.histogram.negatives,
        },
        calibration: calibration.map(|curve| Calibration {
            lower: curve.lower(),
            upper: curve.upper(),
            count: curve.count(),
            mean: curve.prob_pred(),
            share: curve.prob_true(),
            low: curve.prob_true_low(),
            high: curve.prob_true_high(),
            error: curve.expected_calibration_error(),
        }),
        net_benefit: net.map(|curve| NetBenefit {
            chance: curve.threshold_probabilities(),
            model: curve.model(),
            all: curve.treat_all(),
        }),
    }
}

fn rows(rows: &ReportRows) -> Rows<'_> {
    let sampled = rows.sample.rows();
    let names = sampled
        .iter()
        .map(|row| row.id.as_deref())
        .collect::<Option<Vec<_>>>();
    Rows {
        has_ids: names.is_some(),
        total: rows.n_rows,
        id: match names {
            Some(names) => Ids::Names(names),
            None => Ids::Numbers(sampled.iter().map(|row| row.place).collect()),
        },
        score: sampled.iter().map(|row| row.score).collect(),
        positive: sampled
            .iter()
            .map(|row| u8::from(row.is_positive))
            .collect(),
    }
}
