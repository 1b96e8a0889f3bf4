//! The scores of the two classes as histograms, with the threshold between them.

use cutpoint_metrics::{StepMove, Sweep, step_moves};

use crate::axes::{Axes, Axis};
use crate::color::Color;
use crate::number::amount;
use crate::scale::Scale;
use crate::{ChartOptions, Picture, Result};

const N_BINS: usize = 40;

/// Draws how the scores of each class are distributed: the share of the class's rows in each of 40 equal steps of the
/// score. A class without rows has no histogram.
///
/// `names`: those of the negative and the positive class.
///
/// # Errors
/// [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn distribution_chart(
    sweep: &Sweep,
    names: [&str; 2],
    options: &ChartOptions,
) -> Result<Picture> {
    let thresholds = sweep.thresholds();
    let ends = thresholds.first().into_iter().chain(thresholds.last());
    let scale = Scale::of_scores(ends.copied());
    let negative = shares(sweep, StepMove::tn_to_fp, sweep.negatives(), scale);
    let positive = shares(sweep, StepMove::fn_to_tp, sweep.positives(), scale);
    let most = negative
        .iter()
        .chain(&positive)
        .copied()
        .fold(0.0, f64::max);
    let x = Axis {
        label: "Score",
        scale,
    };
    let y = Axis {
        label: "Share of the class",
        scale: Scale::linear(0.0, most * 1.05),
    };
    let mut axes = Axes::new("Score distribution", options, x, y)?;
    let classes = [
        (
            names[0],
            negative,
            sweep.negatives(),
            Color::VERMILION,
            "7 3",
        ),
        (names[1], positive, sweep.positives(), Color::BLUE, ""),
    ];
    for (name, shares, rows, color, dash) in classes {
        let unit = if sweep.is_weighted() {
            "weight"
        } else {
            "rows"
        };
        let legend = format!("{name} ({unit}: {})", amount(rows));
        axes.say(format!("Shown: {legend}."));
        axes.filled(&legend, color, &outline(&shares, scale), dash);
    }
    if let Some(threshold) = options.marked() {
        axes.threshold(threshold.value());
    }
    Ok(axes.finish())
}

/// The share of a class in each bin.
fn shares(sweep: &Sweep, rows: fn(&StepMove) -> f64, total: f64, scale: Scale) -> Vec<f64> {
    let mut shares = vec![0.0; N_BINS];
    if total > 0.0 {
        for step in step_moves(sweep) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place in [0, 1] times the number of bins, and the cast saturates"
            )]
            let bin = (scale.place(step.threshold()) * N_BINS as f64) as usize;
            shares[bin.min(N_BINS - 1)] += rows(&step) / total;
        }
    }
    shares
}

/// The corners of a histogram, from the lower left one to the lower right one.
fn outline(shares: &[f64], scale: Scale) -> Vec<(f64, f64)> {
    let edge = |index: usize| {
        let share = index as f64 / N_BINS as f64;
        scale.low() * (1.0 - share) + scale.high() * share
    };
    let bars = shares.iter().enumerate();
    let tops = bars.flat_map(|(index, &share)| [(edge(index), share), (edge(index + 1), share)]);
    let (left, right) = ((edge(0), 0.0), (edge(N_BINS), 0.0));
    [left].into_iter().chain(tops).chain([right]).collect()
}
