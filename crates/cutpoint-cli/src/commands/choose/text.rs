//! Numbers and thresholds as people read them, and columns of them.

use cutpoint_core::Threshold;

/// Four digits after the decimal point; more where they would all be 0.
pub(super) fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 5e-4 {
        format!("{value:.3e}")
    } else {
        format!("{value:.4}")
    }
}

/// A threshold with all of its digits, or that nothing is predicted.
pub(super) fn shown(threshold: Option<Threshold>) -> String {
    threshold.map_or_else(
        || "none".to_owned(),
        |threshold| format!("{:?}", threshold.value()),
    )
}

/// Rows of cells in columns: the first flush left, the others flush right.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths = (0..n_columns).map(width).collect::<Vec<_>>();
    let mut text = String::new();
    for row in rows {
        let cells =
            row.iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, &width))| match column {
                    0 => format!("{cell:width$}"),
                    _ => format!("  {cell:>width$}"),
                });
        text.push_str(cells.collect::<String>().trim_end());
        text.push('\n');
    }
    text
}
