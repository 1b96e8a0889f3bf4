//! Scales: where on an axis a value stands, and which values are written beside it.

use cutpoint_metrics::normal_deviate;

use crate::number::{percent, scientific, significant};

/// The values of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    kind: Kind,
    low: f64,
    high: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Linear,
    /// Whole numbers, of which none lies between two ticks.
    Counts,
    /// By normal deviates, for rates.
    Probit,
}

/// A value that is written beside an axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) text: String,
}

impl Scale {
    /// From 0 to 1.
    pub(crate) const UNIT: Self = Self {
        kind: Kind::Linear,
        low: 0.0,
        high: 1.0,
    };

    /// Rates from 0.1 % to 99.9 %, by normal deviates.
    pub(crate) const RATES: Self = Self {
        kind: Kind::Probit,
        low: 0.001,
        high: 0.999,
    };

    /// A scale that holds some values, from one of them to another; wider where they are all the same.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>) -> Self {
        let ends = values.into_iter().fold(None, |ends, value| match ends {
            None => Some((value, value)),
            Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
        });
        let (low, high) = ends.unwrap_or((0.0, 1.0));
        if low < high {
            return Self::linear(low, high);
        }
        let margin = if low.abs() < 1e-300 {
            0.5
        } else {
            low.abs() / 20.0
        };
        Self::linear((low - margin).max(f64::MIN), (high + margin).min(f64::MAX))
    }

    /// A scale with both ends given, the lower one first.
    pub(crate) fn linear(low: f64, high: f64) -> Self {
        Self {
            kind: Kind::Linear,
            low,
            high,
        }
    }

    /// The scale of scores: from 0 to 1 where all of them are within.
    pub(crate) fn of_scores(scores: impl IntoIterator<Item = f64>) -> Self {
        let around = Self::around(scores);
        if around.low >= 0.0 && around.high <= 1.0 {
            Self::UNIT
        } else {
            around
        }
    }

    /// Counts from 0, with some room above the highest.
    pub(crate) fn counts(highest: f64) -> Self {
        Self {
            kind: Kind::Counts,
            low: 0.0,
            high: if highest > 0.0 { highest * 1.04 } else { 1.0 },
        }
    }

    pub(crate) fn low(self) -> f64 {
        self.low
    }

    pub(crate) fn high(self) -> f64 {
        self.high
    }

    /// Where a value stands: 0 at the low end, 1 at the high one.
    pub(crate) fn place(self, value: f64) -> f64 {
        match self.kind {
            // Halves, because the ends may be so far apart that no double holds the distance.
            Kind::Linear | Kind::Counts => {
                (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0)
            }
            Kind::Probit => {
                let deviate = |rate: f64| {
                    normal_deviate(rate.clamp(self.low, self.high)).expect("a rate within (0, 1)")
                };
                (deviate(value) - deviate(self.low)) / (deviate(self.high) - deviate(self.low))
            }
        }
    }

    /// About `n_ticks` values to be written, ascending.
    pub(crate) fn ticks(self, n_ticks: usize) -> Vec<Tick> {
        match self.kind {
            Kind::Linear => linear_ticks(self.low, self.high, n_ticks, 0.0),
            Kind::Counts => linear_ticks(self.low, self.high, n_ticks, 1.0),
            Kind::Probit => [0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999]
                .into_iter()
                .map(|value| Tick {
                    value,
                    text: percent(value).replace(".0 %", " %"),
                })
                .collect(),
        }
    }
}

/// Multiples of 1, 2, 2.5 or 5 times a power of ten, of a least step.
fn linear_ticks(low: f64, high: f64, n_ticks: usize, least: f64) -> Vec<Tick> {
    let size = low.abs().max(high.abs());
    let rough = (high / 2.0 - low / 2.0) / n_ticks.max(1) as f64 * 2.0;
    // Between neighbouring doubles there is nothing round.
    if !rough.is_finite() || rough < size * 1e-12 || rough < f64::MIN_POSITIVE {
        return [low, high]
            .into_iter()
            .map(|value| Tick {
                value,
                text: significant(value, 17),
            })
            .collect();
    }
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
        .max(least);
    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    let mut ticks = Vec::new();
    let mut index = first;
    while index <= last {
        let value = index * step;
        ticks.push(Tick {
            value,
            text: tick_text(value, step, size),
        });
        index += 1.0;
    }
    ticks
}

/// A multiple of a step, with as many decimals as the step has.
fn tick_text(value: f64, step: f64, size: f64) -> String {
    if value.abs() < step / 2.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e7).contains(&size) {
        return scientific(value, 6);
    }
    let n_decimals = (0..12).find(|&n| {
        let scaled = step * 10_f64.powi(n);
        (scaled - scaled.round()).abs() < 1e-6 * scaled
    });
    let n_decimals = usize::try_from(n_decimals.unwrap_or(12)).unwrap_or(12);
    format!("{value:.n_decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scale: Scale) -> Vec<String> {
        scale.ticks(5).into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(texts(Scale::UNIT), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(
            texts(Scale::linear(0.0, 85.0)),
            ["0", "20", "40", "60", "80"]
        );
        assert_eq!(
            texts(Scale::linear(-1.2, 0.6)),
            ["-1.0", "-0.5", "0", "0.5"]
        );
        assert_eq!(texts(Scale::linear(0.0, 3e9)), ["0", "1e9", "2e9", "3e9"]);
        assert_eq!(texts(Scale::counts(2.0)), ["0", "1", "2"]);
    }

    #[test]
    fn extreme_ranges_have_places_and_ticks() {
        let widest = Scale::linear(f64::MIN, f64::MAX);
        assert!((widest.place(0.0) - 0.5).abs() < 1e-12);
        assert!(!widest.ticks(5).is_empty());
        let narrow = Scale::linear(0.1, 0.1_f64.next_up());
        assert_eq!(narrow.ticks(5).len(), 2);
        let single = Scale::around([f64::MAX]);
        assert!(single.low() < f64::MAX && single.place(f64::MAX).is_finite());
        assert!((Scale::around([0.0, 0.0]).place(0.0) - 0.5).abs() < 1e-12);
        let tiny = Scale::around([0.0, 5e-324]);
        assert!(!tiny.ticks(5).is_empty());
    }

    #[test]
    fn rates_stand_by_their_normal_deviates() {
        // Symmetric about one half; the deviate of 84.134 % is 1, that of 99.9 % is 3.0902.
        let place = |rate| Scale::RATES.place(rate);
        assert!((place(0.5) - 0.5).abs() < 1e-12);
        assert!((place(0.841_344_746) - (0.5 + 0.5 / 3.090_232_306)).abs() < 1e-8);
        assert!(place(0.0).abs() < 1e-12 && (place(1.0) - 1.0).abs() < 1e-12);
    }
}
