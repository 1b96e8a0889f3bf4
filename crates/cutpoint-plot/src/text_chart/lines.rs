//! Sweeps and curves as lines of a chart of characters.

use cutpoint_choose::Curves;
use cutpoint_metrics::{Cells, CurveTable, Metric, Sweep};

use super::{TextAxis, TextChart, TextLine};

/// A cell of the four.
type Cell = fn(&Cells) -> f64;

impl TextChart<'static> {
    /// The four cells against the threshold.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Scores;
    /// use cutpoint_metrics::sweep;
    /// use cutpoint_plot::{Terminal, TextChart, text_chart};
    ///
    /// let table = sweep(&Scores::new(vec![true, false, true], vec![0.9, 0.5, 0.1])?);
    /// let chart = TextChart::of_cells(&table);
    /// // From 0.9 down to 0.5, exclusive, one true positive; from 0.1 on, both.
    /// let tp = chart.lines.iter().find(|line| line.name == "tp").expect("one of the four");
    /// assert_eq!(tp.points, [(0.9, 1.0), (0.5, 1.0), (0.5, 1.0), (0.1, 1.0), (0.1, 2.0), (0.1, 2.0)]);
    /// assert!(text_chart(&chart, Terminal::default()).contains("cells: tp"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_cells(sweep: &Sweep) -> Self {
        let unit = if sweep.is_weighted() {
            "weight"
        } else {
            "rows"
        };
        let cells: [(&str, Cell); 4] = [
            ("tn", Cells::tn),
            ("fp", Cells::fp),
            ("fn", Cells::fn_),
            ("tp", Cells::tp),
        ];
        let lines = cells.map(|(name, cell)| line(name, sweep, |cells| Some(cell(cells))));
        Self {
            title: "cells".to_owned(),
            x: TextAxis::open("threshold"),
            y: TextAxis::from_zero(unit),
            lines: lines.into(),
        }
    }

    /// Metrics against the threshold, where they are defined.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Scores;
    /// use cutpoint_metrics::sweep;
    /// use cutpoint_plot::TextChart;
    ///
    /// let table = sweep(&Scores::new(vec![true, false], vec![0.9, 0.1])?);
    /// let chart = TextChart::of_metrics(&table, &["precision".parse()?]);
    /// assert_eq!(chart.lines[0].points, [(0.9, 1.0), (0.1, 1.0), (0.1, 0.5), (0.1, 0.5)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_metrics(sweep: &Sweep, metrics: &[Metric]) -> Self {
        let lines = metrics
            .iter()
            .map(|metric| line(metric.name(), sweep, |cells| metric.value(cells)));
        let is_unit = metrics.iter().map(Metric::range).all(|range| {
            let (low, high) = (range.low(), range.high());
            low >= 0.0 && high <= 1.0
        });
        Self {
            title: "metrics".to_owned(),
            x: TextAxis::open("threshold"),
            y: if is_unit {
                TextAxis::unit("value")
            } else {
                TextAxis::open("value")
            },
            lines: lines.collect(),
        }
    }
}

impl<'a> TextChart<'a> {
    /// Curves against their column that the horizontal axis is called after: of one curve a line for each of the
    /// columns, of several one for each curve, of the first column.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_choose::{View, curve_from};
    /// use cutpoint_core::Scores;
    /// use cutpoint_metrics::CurveKind;
    /// use cutpoint_plot::{TextAxis, TextChart};
    ///
    /// let scores = Scores::new(vec![true, false], vec![0.9, 0.1])?;
    /// let curves = curve_from(&View::of(&scores), &CurveKind::Gain, 1 << 20)?;
    /// let (x, y) = (TextAxis::unit("predicted_positive_rate"), TextAxis::unit("gain"));
    /// let chart = TextChart::of_curves(&curves, x, y, &["gain"]);
    /// assert_eq!(chart.lines[0].points, [(0.0, 0.0), (0.5, 1.0), (1.0, 1.0)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_curves(curves: &Curves, x: TextAxis<'a>, y: TextAxis<'a>, columns: &[&str]) -> Self {
        let tables = curves.parts.tables();
        let lines = match &tables[..] {
            [(None, table)] => {
                let lines = columns.iter().map(|column| TextLine {
                    name: (*column).to_owned(),
                    points: pairs(table, x.label, column),
                });
                lines.collect()
            }
            named => {
                let column = columns.first().copied().unwrap_or_default();
                let lines = named.iter().map(|(name, table)| TextLine {
                    name: name.clone().unwrap_or_default(),
                    points: pairs(table, x.label, column),
                });
                lines.collect()
            }
        };
        Self {
            title: curves.curve.to_owned(),
            x,
            y,
            lines,
        }
    }
}

/// A value at every threshold, in steps: the cells are those of a score from the next lower one, exclusive, on.
fn line(name: &str, sweep: &Sweep, value: impl Fn(&Cells) -> Option<f64>) -> TextLine {
    let thresholds = sweep.thresholds();
    let points = thresholds.iter().enumerate().flat_map(|(index, &here)| {
        let value = value(&sweep.cells(index + 1));
        let lower = thresholds.get(index + 1).copied().unwrap_or(here);
        [here, lower]
            .into_iter()
            .filter_map(move |x| Some((x, value?)))
    });
    TextLine {
        name: name.to_owned(),
        points: points.collect(),
    }
}

/// The points of two columns, where both are defined.
fn pairs(table: &CurveTable, x: &str, y: &str) -> Vec<(f64, f64)> {
    let (Some(x), Some(y)) = (table.column(x), table.column(y)) else {
        return Vec::new();
    };
    let points = 0..table.n_points();
    points
        .filter_map(|point| x.number(point).zip(y.number(point)))
        .collect()
}
