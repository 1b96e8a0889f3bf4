//! How a confusion matrix is shown: as a table for people, as keys for scripts. The same everywhere.
//!
//! It refuses to count.

use std::fmt::{self, Display};

use anstyle::{Ansi256Color, Style};
use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{Cells, Metric, catalog};
use ndarray::ArrayView2;

use crate::json::Json;

/// The matrix of a threshold as scripts read it: `threshold` (`null` where nothing is predicted positive), `labels` and
/// `confusion_matrix` (negative class first), and the metrics of the catalogue by name.
pub(crate) fn matrix_keys(
    threshold: Option<f64>,
    labels: &[Label; 2],
    cells: Cells,
    is_weighted: bool,
) -> impl Iterator<Item = (String, Json)> {
    let matrix = cells
        .to_sklearn()
        .map(|row| Json::List(row.map(|cell| number(cell, is_weighted)).into()));
    let shown = [
        ("threshold", threshold.into()),
        ("labels", Json::list(labels)),
        ("confusion_matrix", Json::List(matrix.into())),
    ];
    let shown = shown.into_iter();
    let shown = shown.map(|(key, value)| (key.to_owned(), value));
    shown.chain(metric_keys(move |metric| metric.value(&cells)))
}

/// The same as an object.
pub(crate) fn keys_at(
    threshold: Threshold,
    (negative, positive): (&Label, &Label),
    cells: &Cells,
    is_weighted: bool,
) -> Json {
    let labels = [negative.clone(), positive.clone()];
    Json::object(matrix_keys(
        Some(threshold.value()),
        &labels,
        *cells,
        is_weighted,
    ))
}

/// Every metric of the catalogue by its name.
pub(crate) fn metric_keys(
    value: impl Fn(&Metric) -> Option<f64>,
) -> impl Iterator<Item = (String, Json)> {
    catalog()
        .iter()
        .map(move |metric| (metric.name().to_owned(), value(metric).into()))
}

/// A cell: a whole number unless it is a sum of weights.
pub(crate) fn number(cell: f64, is_weighted: bool) -> Json {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cell without weights is a whole number from 0"
    )]
    if is_weighted {
        Json::Number(cell)
    } else {
        Json::Count(cell as u64)
    }
}

/// A matrix as a table with the names of its rows and columns.
pub(crate) struct MatrixTable<'a> {
    /// What the cells are, for the corner: nothing, or how they are normalised.
    pub(crate) title: &'a str,
    pub(crate) names: &'a [String],
    /// Rows true, columns predicted.
    pub(crate) values: ArrayView2<'a, f64>,
    /// Digits behind the point; none for counts.
    pub(crate) digits: usize,
    /// Whether the cells are shaded, darker for more.
    pub(crate) is_coloured: bool,
}

/// Backgrounds from light to dark blue, each with a foreground that stands out.
const SHADES: [(u8, u8); 6] = [
    (255, 16),
    (195, 16),
    (153, 16),
    (111, 16),
    (69, 231),
    (26, 231),
];

impl Display for MatrixTable<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const TRUE: &str = "true";
        let width_of = |text: &str| text.chars().count();
        let digits = self.digits;
        let cells = self.values.map(|value| format!("{value:.digits$}"));
        let head = self.names.iter().map(|name| width_of(name));
        let head = head
            .chain([width_of(TRUE), width_of(self.title)])
            .max()
            .unwrap_or_default();
        let widths = cells
            .columns()
            .into_iter()
            .zip(self.names)
            .map(|(column, name)| {
                let cells = column.iter().map(|cell| width_of(cell)).max();
                cells.unwrap_or_default().max(width_of(name))
            });
        let widths = widths.collect::<Vec<_>>();
        let highest = self.values.iter().copied().fold(0.0, f64::max);

        writeln!(formatter, "{:head$}  predicted", self.title)?;
        write!(formatter, "{TRUE:head$}")?;
        for (name, width) in self.names.iter().zip(&widths) {
            write!(formatter, "  {name:>width$}")?;
        }
        writeln!(formatter)?;
        for (row, name) in self.names.iter().enumerate() {
            write!(formatter, "{name:head$}")?;
            for (column, width) in widths.iter().enumerate() {
                let style = if self.is_coloured && highest > 0.0 {
                    shade(self.values[[row, column]] / highest)
                } else {
                    Style::new()
                };
                let cell = &cells[[row, column]];
                write!(formatter, " {style} {cell:>width$}{style:#}")?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

/// The shade of a share in [0, 1].
fn shade(share: f64) -> Style {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share in [0, 1] times a small number"
    )]
    let index = (share * (SHADES.len() - 1) as f64).round() as usize;
    let (background, foreground) = SHADES[index.min(SHADES.len() - 1)];
    Style::new()
        .bg_color(Some(Ansi256Color(background).into()))
        .fg_color(Some(Ansi256Color(foreground).into()))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn table(digits: usize, is_coloured: bool) -> String {
        let names = ["Negative".to_owned(), "x".to_owned()];
        let values = array![[76.0, 9.0], [17.0, 48.5]];
        MatrixTable {
            title: "",
            names: &names,
            values: values.view(),
            digits,
            is_coloured,
        }
        .to_string()
    }

    #[test]
    fn columns_line_up() {
        let expected = "          predicted\n\
            true      Negative     x\n\
            Negative      76.0   9.0\n\
            x             17.0  48.5\n";
        assert_eq!(table(1, false), expected);
    }

    #[test]
    fn colours_change_nothing_but_the_colour() {
        let coloured = table(1, true);
        assert!(
            coloured.contains("\x1b[38;5;231m\x1b[48;5;26m     76.0\x1b[0m"),
            "{coloured:?}"
        );
        let plain = anstream::adapter::strip_str(&coloured).to_string();
        assert_eq!(plain, table(1, false));
    }
}
