//! The words of the tutorial, and where its numbers stand among them. It computes nothing and opens nothing.

use std::fmt::Write;
use std::path::Path;

use cutpoint_core::Label;
use cutpoint_metrics::{
    Cells, ClassificationReport, Normalize, ReportOptions, classification_report, formulas, moves,
};

use super::{RANDOM_STATE, Study};

/// How a rate without a value is shown.
const UNDEFINED: &str = "-";

pub(super) fn render(tutorial: &Study, every_threshold: &Study) -> anyhow::Result<String> {
    let mut out = String::new();
    title(&mut out, "The confusion matrix, end to end", '=')?;
    out.push_str(
        "\nWhere 95 % of the rows are negative, a classifier that calls every row negative\n\
         is 95 % accurate and finds nothing. Accuracy cannot show that. The confusion\n\
         matrix can: it counts each kind of error by itself.\n",
    );
    predictions(&mut out, tutorial)?;
    building(&mut out, tutorial)?;
    rates(&mut out, tutorial)?;
    normalised(&mut out, tutorial)?;
    moving(&mut out, tutorial)?;
    all_thresholds(&mut out, every_threshold)?;
    spam(&mut out)?;
    Ok(out)
}

fn title(out: &mut String, text: &str, rule: char) -> std::fmt::Result {
    let line = rule.to_string().repeat(text.chars().count());
    writeln!(out, "{text}\n{line}")
}

fn predictions(out: &mut String, study: &Study) -> anyhow::Result<()> {
    writeln!(out)?;
    title(out, "1. Generating predictions", '-')?;
    let (n_train, n_test) = (study.split.train().len(), study.split.test().len());
    writeln!(
        out,
        "\n{} synthetic rows with {} features, of which 5 are informative and 2 redundant,\n\
         and about 60 % of the rows negative. A logistic regression learns from {n_train} rows;\n\
         the other {n_test} test it. The seed is {RANDOM_STATE} throughout, and the random numbers are\n\
         NumPy's, so every number below is the one that scikit-learn gives.\n",
        study.data.n_samples(),
        study.data.n_features(),
    )?;
    let cells = study.cells()?;
    writeln!(out, "Accuracy: {:.3}", defined(formulas::accuracy(&cells))?)?;
    writeln!(
        out,
        "Test positives: {}  Test negatives: {}",
        cells.positives(),
        cells.negatives()
    )?;
    writeln!(
        out,
        "\nThat looks decent, but calling every row negative would already be right in\n\
         {:.3} of the cases. `predict` calls a row positive from a probability of 0.5 on;\n\
         the matrix below belongs to that threshold, and section 5 moves it.",
        cells.negatives() / cells.total()
    )?;
    Ok(())
}

fn building(out: &mut String, study: &Study) -> anyhow::Result<()> {
    writeln!(out)?;
    title(out, "2. Building the confusion matrix", '-')?;
    writeln!(out, "\nConfusion matrix:\n{}", study.matrix()?)?;
    let cells = study.cells()?;
    writeln!(
        out,
        "\nA row for each true class, a column for each predicted one, the negative class\n\
         first. What is right lies on the diagonal: {} true negatives and {} true positives.\n\
         Above it stand {} negatives that were called positive, below it {} positives that\n\
         were missed. Errors of the two kinds rarely cost the same.",
        cells.tn(),
        cells.tp(),
        cells.fp(),
        cells.fn_()
    )?;
    Ok(())
}

fn rates(out: &mut String, study: &Study) -> anyhow::Result<()> {
    writeln!(out)?;
    title(out, "3. Precision, recall and F1 from the matrix", '-')?;
    let cells = study.cells()?;
    let Cell { tp, fp, fn_, tn } = Cell::of(&cells);
    writeln!(out, "\nTP={tp}  FP={fp}  FN={fn_}  TN={tn}")?;
    writeln!(
        out,
        "Precision:   {:.3}  ({tp} of the {} rows called positive are)",
        defined(formulas::precision(&cells))?,
        cells.predicted_positives()
    )?;
    writeln!(
        out,
        "Recall:      {:.3}  ({tp} of the {} positive rows were found)",
        defined(formulas::recall(&cells))?,
        cells.positives()
    )?;
    writeln!(
        out,
        "F1:          {:.3}  (2 x {tp} / (2 x {tp} + {fp} + {fn_}), between the two above)",
        defined(formulas::f1(&cells))?
    )?;
    writeln!(
        out,
        "Specificity: {:.3}  ({tn} of the {} negative rows were left alone)",
        defined(formulas::specificity(&cells))?,
        cells.negatives()
    )?;
    writeln!(
        out,
        "\nThe report gives the same for each class taken as the positive one, and their\n\
         averages: the macro average counts classes equally, the weighted one rows.\n"
    )?;
    write!(out, "{}", report(study)?)?;
    writeln!(
        out,
        "\nWatch precision where a false alarm is dear, as with a blocked payment, and recall\n\
         where a miss is, as with an illness."
    )?;
    Ok(())
}

fn report(study: &Study) -> anyhow::Result<ClassificationReport> {
    let options = ReportOptions::default().target_names(["Negative", "Positive"]);
    Ok(classification_report(
        &study.y_test,
        &study.y_pred,
        &options,
    )?)
}

fn normalised(out: &mut String, study: &Study) -> anyhow::Result<()> {
    writeln!(out)?;
    title(out, "4. Normalised confusion matrix", '-')?;
    let matrix = study.matrix()?;
    for (normalize, what) in [
        (
            Normalize::True,
            "Divided by the rows of each true class (true): the diagonal is recall, so a small\n\
             class shows its errors as plainly as a large one.",
        ),
        (
            Normalize::Pred,
            "Divided by the rows of each predicted class (pred): the diagonal is precision.",
        ),
        (
            Normalize::All,
            "Divided by all rows (all): the diagonal adds up to the accuracy.",
        ),
    ] {
        writeln!(out, "\n{what}\n\n{}", matrix.normalize(normalize))?;
    }
    Ok(())
}

fn moving(out: &mut String, study: &Study) -> anyhow::Result<()> {
    writeln!(out)?;
    title(
        out,
        "5. Changing the threshold shifts counts between cells",
        '-',
    )?;
    writeln!(
        out,
        "\nA higher threshold calls fewer rows positive: true positives become false\n\
         negatives, false positives become true negatives, and nothing else can happen.\n\
         Precision is bought with recall.\n"
    )?;
    writeln!(
        out,
        "threshold   TP   FP   FN   TN  precision  recall     F1  moved since the row above"
    )?;
    let mut before = None;
    for threshold in Study::tenths() {
        let cells = study.sweep.cells_at(threshold);
        write!(
            out,
            "{threshold:>9}  {}  {:>9}  {:>6}  {:>5}",
            columns(&cells),
            rate(formulas::precision(&cells)),
            rate(formulas::recall(&cells)),
            rate(formulas::f1(&cells)),
        )?;
        if let Some(before) = before {
            let moved = moves(&study.sweep, before, threshold);
            write!(
                out,
                "  TP→FN {:>2}  FP→TN {:>2}",
                moved.tp_to_fn(),
                moved.fp_to_tn()
            )?;
        }
        writeln!(out)?;
        before = Some(threshold);
    }
    writeln!(
        out,
        "\nThese are 9 of the {} matrices that the {} test rows can give: one for each\n\
         distinct score, and one that calls nothing positive. `cutpoint sweep` writes all of\n\
         them, from one pass over the scores.",
        study.sweep.n_rows(),
        study.scores.n_samples()
    )?;
    Ok(())
}

fn all_thresholds(out: &mut String, study: &Study) -> anyhow::Result<()> {
    writeln!(out)?;
    title(out, "6. TNs, FPs, FNs and TPs vs thresholds", '-')?;
    writeln!(
        out,
        "\nscikit-learn's own example, on {} rows with {} features, all informative. Every\n\
         distinct score of the {} test rows is a threshold; between two of them no cell moves.\n",
        study.data.n_samples(),
        study.data.n_features(),
        study.scores.n_samples()
    )?;
    writeln!(out, "threshold   TP   FP   FN   TN")?;
    for row in study.sweep.rows() {
        let threshold = row
            .threshold()
            .map_or_else(|| "none".to_owned(), |threshold| format!("{threshold:.6}"));
        writeln!(out, "{threshold:>9}  {}", columns(&row.cells()))?;
    }
    writeln!(
        out,
        "\nThe first row calls nothing positive and so has no threshold; the last one calls\n\
         everything positive."
    )?;
    Ok(())
}

/// The example of the glossary: 165 mails, 60 of them spam.
fn spam(out: &mut String) -> anyhow::Result<()> {
    writeln!(out)?;
    title(out, "7. The same by hand: a spam filter", '-')?;
    let cells = Cells::from_counts(50, 5, 10, 100);
    let Cell { tp, fp, fn_, tn } = Cell::of(&cells);
    writeln!(
        out,
        "\nTextbooks put the positive class first, so the true positives stand at the top left:\n\n\
         {:17}{:>16}{:>20}\n\
         {:17}{:>16}{:>20}\n\
         {:17}{:>16}{:>20}\n",
        "",
        "predicted spam",
        "predicted not spam",
        "actual spam",
        format!("{tp} (TP)"),
        format!("{fn_} (FN)"),
        "actual not spam",
        format!("{fp} (FP)"),
        format!("{tn} (TN)"),
    )?;
    let (total, predicted) = (cells.total(), cells.predicted_positives());
    let (positives, twice) = (cells.positives(), 2.0 * cells.tp());
    let percent = |value| anyhow::Ok(format!("{:.1} %", 100.0 * defined(value)?));
    for (name, value, how) in [
        (
            "Accuracy:",
            formulas::accuracy(&cells),
            format!("({tp} + {tn}) / {total}"),
        ),
        (
            "Precision:",
            formulas::precision(&cells),
            format!("{tp} / {predicted}"),
        ),
        (
            "Recall:",
            formulas::recall(&cells),
            format!("{tp} / {positives}"),
        ),
        (
            "F1:",
            formulas::f1(&cells),
            format!("{twice} / ({twice} + {fp} + {fn_})"),
        ),
    ] {
        writeln!(out, "{name:<12} {}  {how}", percent(value)?)?;
    }
    writeln!(
        out,
        "\nRound last: from a precision of 0.909 and a recall of 0.833, already rounded, the\n\
         F1 score comes out as 86.9 %."
    )?;
    Ok(())
}

pub(super) fn closing(folder: &Path, names: &[&str]) -> String {
    let folder = folder.display();
    format!(
        "\nWritten to {folder}: {}\n\n\
         Open {folder}/report.html in a browser and move the threshold.\n\n\
         Go on with these, or with the scores of a model of your own (columns y_true and y_score):\n\n  \
         cutpoint evaluate {folder}/scores.csv --threshold 0.3\n  \
         cutpoint moves {folder}/scores.csv --from 0.5 --to 0.3\n  \
         cutpoint sweep {folder}/scores.csv --metrics precision,recall,f1\n",
        names.join(", ")
    )
}

impl Study {
    fn cells(&self) -> anyhow::Result<Cells> {
        Ok(self.matrix()?.cells(&Label::from(1))?)
    }
}

/// The cells under short names, to be written into sentences.
struct Cell {
    tp: f64,
    fp: f64,
    fn_: f64,
    tn: f64,
}

impl Cell {
    fn of(cells: &Cells) -> Self {
        Self {
            tp: cells.tp(),
            fp: cells.fp(),
            fn_: cells.fn_(),
            tn: cells.tn(),
        }
    }
}

fn columns(cells: &Cells) -> String {
    let Cell { tp, fp, fn_, tn } = Cell::of(cells);
    format!("{tp:>3}  {fp:>3}  {fn_:>3}  {tn:>3}")
}

fn rate(value: Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), |value| format!("{value:.3}"))
}

fn defined(value: Option<f64>) -> anyhow::Result<f64> {
    value.ok_or_else(|| anyhow::anyhow!("a metric of the tutorial is undefined"))
}
