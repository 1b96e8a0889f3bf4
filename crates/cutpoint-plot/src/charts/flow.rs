//! The flow between the cells of two thresholds: what stays, and what moves.

use cutpoint_core::counted;
use cutpoint_metrics::{Cells, Moves};

use super::cells::Cell;
use super::threshold_text;
use crate::axes::draw_title;
use crate::canvas::{Anchor, Canvas, PathData, Rect, TextStyle};
use crate::color::Color;
use crate::font::Font;
use crate::number::amount;
use crate::sizes::{LABEL_SIZE, MARGIN, TICK_SIZE};
use crate::{ChartOptions, Picture, Result};

const NODE_WIDTH: f64 = 16.0;
/// Between two cells of one class, and between the classes.
const GAPS: [f64; 3] = [22.0, 40.0, 22.0];
/// A cell without rows is a line, and a flow of few rows can still be seen.
const LEAST_HEIGHT: f64 = 1.5;

/// The cells in their order from the top: rows of one class move only between neighbours, so that no flow of one class
/// crosses the other's.
const NODES: [(&str, Cell, Color); 4] = [
    ("true positive", Cells::tp, Color::BLUE),
    ("false negative", Cells::fn_, Color::ORANGE),
    ("false positive", Cells::fp, Color::VERMILION),
    ("true negative", Cells::tn, Color::SKY),
];

/// Draws which rows stay in their cell and which move when the threshold moves. Of the options, the marked threshold
/// says nothing here.
///
/// # Errors
/// [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn flow_chart(moves: &Moves, options: &ChartOptions) -> Result<Picture> {
    options.check()?;
    let mut canvas = Canvas::new();
    let title = options.title_or("What moves between the cells").to_owned();
    let size = options.size();
    let top = draw_title(&mut canvas, &title, size.0 / 2.0, size.0) + LABEL_SIZE * 2.0;
    let cells = [moves.before(), moves.after()];
    let texts = cells.map(|cells| NODES.map(|(name, cell, _)| counted(amount(cell(&cells)), name)));
    let widest = |texts: &[String; 4], font: &mut Font| {
        font.widest(texts.iter().map(String::as_str), TICK_SIZE)
    };
    let left = MARGIN + widest(&texts[0], &mut canvas.font) + 8.0;
    let right = size.0 - MARGIN - widest(&texts[1], &mut canvas.font) - 8.0 - NODE_WIDTH;
    let room = size.1 - top - MARGIN * 2.0 - GAPS.iter().sum::<f64>();
    let total = cells[0].total();
    let height = |rows: f64| {
        if total > 0.0 {
            rows / total * room
        } else {
            0.0
        }
    };
    let tops = cells.map(|cells| node_tops(&cells, top, height));

    draw_flows(&mut canvas, moves, [left + NODE_WIDTH, right], tops, height);
    for (side, x) in [left, right].into_iter().enumerate() {
        for (index, (_, cell, color)) in NODES.iter().enumerate() {
            let rows = cell(&cells[side]);
            let node = Rect {
                x,
                y: tops[side][index],
                width: NODE_WIDTH,
                height: height(rows).max(LEAST_HEIGHT),
            };
            canvas.rect(node, *color);
            let base = node.center().1 + TICK_SIZE * Font::CAP_HEIGHT / 2.0;
            let (place, anchor) = match side {
                0 => (x - 8.0, Anchor::End),
                _ => (x + NODE_WIDTH + 8.0, Anchor::Start),
            };
            let style = TextStyle::new(TICK_SIZE, anchor);
            canvas.text(place, base, &texts[side][index], style);
        }
    }
    let heads = [moves.from(), moves.to()].map(threshold_text);
    for (head, (x, anchor)) in heads
        .iter()
        .zip([(left + NODE_WIDTH, Anchor::End), (right, Anchor::Start)])
    {
        let style = TextStyle::new(LABEL_SIZE, anchor);
        canvas.text(
            x,
            top - LABEL_SIZE * 0.8,
            &format!("threshold {head}"),
            style,
        );
    }
    Ok(canvas.finish(size, &title, &description(moves, &texts)))
}

/// Where the cells of one side begin.
fn node_tops(cells: &Cells, top: f64, height: impl Fn(f64) -> f64) -> [f64; 4] {
    let mut y = top;
    let mut tops = [0.0; 4];
    for (index, (_, cell, _)) in NODES.iter().enumerate() {
        tops[index] = y;
        y += height(cell(cells)) + GAPS.get(index).copied().unwrap_or_default();
    }
    tops
}

/// Draws what stays and what moves, cell by cell from the top; on both sides flows leave and arrive in the order of the
/// cells they connect.
fn draw_flows(
    canvas: &mut Canvas,
    moves: &Moves,
    ends: [f64; 2],
    tops: [[f64; 4]; 2],
    height: impl Fn(f64) -> f64,
) {
    let stays = |cell: Cell| cell(&moves.before()).min(cell(&moves.after()));
    let flows = [
        (0, 0, stays(Cells::tp)),
        (0, 1, moves.tp_to_fn()),
        (1, 0, moves.fn_to_tp()),
        (1, 1, stays(Cells::fn_)),
        (2, 2, stays(Cells::fp)),
        (2, 3, moves.fp_to_tn()),
        (3, 2, moves.tn_to_fp()),
        (3, 3, stays(Cells::tn)),
    ];
    let mut used = tops;
    let mut words = Vec::new();
    for (from, to, rows) in flows {
        if rows <= 0.0 {
            continue;
        }
        let (start, end) = (used[0][from], used[1][to]);
        used[0][from] += height(rows);
        used[1][to] += height(rows);
        let thick = height(rows).max(LEAST_HEIGHT);
        let color = NODES[from].2;
        let opacity = if from == to { 0.25 } else { 0.6 };
        canvas.area(&ribbon(ends, [start, end], thick), color, opacity);
        if from != to {
            let middle = (start + end + thick) / 2.0;
            words.push((middle, format!("{} move", amount(rows))));
        }
    }
    for (middle, text) in words {
        let x = ends[0].midpoint(ends[1]);
        let half = canvas.font.width(&text, TICK_SIZE) / 2.0 + 4.0;
        let plate = Rect {
            x: x - half,
            y: middle - TICK_SIZE * 0.75,
            width: half * 2.0,
            height: TICK_SIZE * 1.5,
        };
        canvas.rect_with_opacity(plate, Color::WHITE, 0.85);
        let base = middle + TICK_SIZE * Font::CAP_HEIGHT / 2.0;
        canvas.text(x, base, &text, TextStyle::new(TICK_SIZE, Anchor::Middle));
    }
}

/// A band that leaves and arrives level.
fn ribbon([left, right]: [f64; 2], [start, end]: [f64; 2], thick: f64) -> PathData {
    let middle = left.midpoint(right);
    let mut path = PathData::default();
    path.push((left, start));
    path.curve((middle, start), (middle, end), (right, end));
    path.push((right, end + thick));
    path.curve(
        (middle, end + thick),
        (middle, start + thick),
        (left, start + thick),
    );
    path
}

fn description(moves: &Moves, texts: &[[String; 4]; 2]) -> String {
    let [from, to] = [moves.from(), moves.to()].map(threshold_text);
    let moved = [
        (moves.tp_to_fn(), "true positive", "false negative"),
        (moves.fp_to_tn(), "false positive", "true negative"),
        (moves.fn_to_tp(), "false negative", "true positive"),
        (moves.tn_to_fp(), "true negative", "false positive"),
    ];
    let moved = moved.iter().filter(|(rows, ..)| *rows > 0.0);
    let moved = moved.map(|(rows, from, to)| match amount(*rows).as_str() {
        "1" => format!("1 {from} becomes a {to}"),
        rows => format!("{rows} {from}s become {to}s"),
    });
    let moved = moved.collect::<Vec<_>>();
    let moved = if moved.is_empty() {
        "no row moves".to_owned()
    } else {
        moved.join(", ")
    };
    format!(
        "At threshold {from}: {}. At threshold {to}: {}. From the one to the other, {moved}.",
        texts[0].join(", "),
        texts[1].join(", ")
    )
}
