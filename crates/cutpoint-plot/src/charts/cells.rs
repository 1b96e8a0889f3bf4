//! The four counts against the threshold.

use cutpoint_core::{Threshold, counted};
use cutpoint_metrics::{Cells, Sweep};

use super::{LINE_WIDTH, steps};
use crate::axes::{Axes, Axis};
use crate::canvas::Stroke;
use crate::color::Color;
use crate::number::amount;
use crate::scale::Scale;
use crate::{ChartOptions, Picture, Result};

/// A cell of the four.
pub(super) type Cell = fn(&Cells) -> f64;

/// Draws true negatives, false positives, false negatives and true positives against the threshold.
///
/// # Errors
/// [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn cells_chart(sweep: &Sweep, options: &ChartOptions) -> Result<Picture> {
    let scale = Scale::of_scores(
        sweep
            .thresholds()
            .first()
            .into_iter()
            .chain(sweep.thresholds().last())
            .copied(),
    );
    let most = sweep.positives().max(sweep.negatives());
    let x = Axis {
        label: "Threshold",
        scale,
    };
    let y = Axis {
        label: if sweep.is_weighted() {
            "Weight"
        } else {
            "Rows"
        },
        scale: if sweep.is_weighted() {
            Scale::linear(0.0, most * 1.04)
        } else {
            Scale::counts(most)
        },
    };
    let mut axes = Axes::new("TNs, FPs, FNs and TPs vs Thresholds", options, x, y)?;
    let lines = [
        ("true negatives", Cells::tn as Cell, Color::SKY, "9 3 2 3"),
        ("false positives", Cells::fp, Color::VERMILION, "7 3"),
        ("false negatives", Cells::fn_, Color::ORANGE, "2 2.5"),
        ("true positives", Cells::tp, Color::BLUE, ""),
    ];
    axes.say(format!(
        "{} positive and {}.",
        amount(sweep.positives()),
        counted(amount(sweep.negatives()), "negative row")
    ));
    for (name, cell, color, dash) in lines {
        let stroke = Stroke {
            color,
            width: LINE_WIDTH,
            dash,
        };
        let points = steps(
            sweep.n_rows(),
            |row| sweep.threshold(row).map(Threshold::value),
            |row| Some(cell(&sweep.cells(row))),
            scale,
        );
        axes.line(name, stroke, points);
    }
    if let Some(threshold) = options.marked() {
        let cells = sweep.cells_at(threshold);
        axes.threshold(threshold.value());
        axes.say(format!(
            "There: {}, {}, {}, {}.",
            counted(amount(cells.tn()), "true negative"),
            counted(amount(cells.fp()), "false positive"),
            counted(amount(cells.fn_()), "false negative"),
            counted(amount(cells.tp()), "true positive")
        ));
    }
    Ok(axes.finish())
}
