//! Cells with every metric as the catalogue computes it, and a page of a report, as JSON: what `tests/node` holds the
//! page's formulas against. The catalogue itself is held against scikit-learn elsewhere.

use std::io::Write as _;

use cutpoint::data::Scores;
use cutpoint::metrics::uncertainty::{ProportionInterval, metric_interval};
use cutpoint::metrics::{Cells, Costs, Metric, catalog};
use cutpoint::plot::Report;
use serde_json::{Map, Value, json};

const N_RANDOM: [(usize, Kind); 5] = [
    (40, Kind::Count { most: 4 }),
    (40, Kind::Count { most: 1000 }),
    (28, Kind::Count { most: 1 << 50 }),
    (16, Kind::NearIndependence),
    (44, Kind::Weight),
];
/// The confidence of the intervals of a page.
const CONFIDENCE: f64 = 0.95;

#[derive(Clone, Copy)]
enum Kind {
    Count {
        most: u64,
    },
    /// Where the difference of two products loses its digits.
    NearIndependence,
    /// From tiny to large, of other sizes in each cell.
    Weight,
}

/// Numbers that look random: Steele, Lea and Flood, 2014, *Fast splittable pseudorandom number generators*, OOPSLA.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn cells(&mut self, kind: Kind) -> Result<Cells, cutpoint::metrics::Error> {
        let mut count = |most: u64| self.next() % (most + 1);
        let [tp, fp, fn_, tn] = match kind {
            Kind::Count { most } => [count(most), count(most), count(most), count(most)],
            Kind::NearIndependence => {
                let (positive, negative) = (1 + count(1 << 25), 1 + count(1 << 25));
                let (flagged, rest) = (1 + count(1000), 1 + count(1000));
                let off = count(2);
                [
                    positive * flagged + off,
                    negative * flagged,
                    positive * rest,
                    negative * rest,
                ]
            }
            Kind::Weight => {
                let mut weight = || {
                    let exponent = (count(1 << 20) as f64 / f64::from(1 << 20)) * 24.0 - 12.0;
                    if count(7) == 0 {
                        0.0
                    } else {
                        10.0_f64.powf(exponent)
                    }
                };
                return Cells::from_weights(weight(), weight(), weight(), weight());
            }
        };
        Ok(Cells::from_counts(tp, fp, fn_, tn))
    }
}

/// All ways in which cells can be empty, of counts and of weights, and cells of each kind.
fn all_cells() -> Result<Vec<Cells>, cutpoint::metrics::Error> {
    let mut all = Vec::new();
    for empty in 0..16_u64 {
        let is_there = [0, 1, 2, 3].map(|cell| empty >> cell & 1);
        let [tp, fp, fn_, tn] = is_there;
        all.push(Cells::from_counts(48 * tp, 9 * fp, 17 * fn_, 76 * tn));
        let [tp, fp, fn_, tn] = is_there.map(|is_there| is_there as f64);
        all.push(Cells::from_weights(
            0.3 * tp,
            1e-7 * fp,
            12.75 * fn_,
            3.5e6 * tn,
        )?);
    }
    let mut random = SplitMix(11);
    for (n, kind) in N_RANDOM {
        for _ in 0..n {
            all.push(random.cells(kind)?);
        }
    }
    Ok(all)
}

/// A page, whose data tell what its script knows of the metrics.
fn page() -> Result<String, Box<dyn std::error::Error>> {
    let rows = Scores::new(vec![false, true, true], vec![0.2, 0.7, 0.4])?;
    Ok(Report::of("cells", &rows)?.page())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let costs = Costs::default().fp(1.0).fn_(10.0).tp(-0.5).tn(0.0);
    let others = [
        Metric::fbeta(3.0)?,
        Metric::fbeta(0.3)?,
        Metric::cost(costs)?,
    ];
    let mut rows = Vec::new();
    for cells in all_cells()? {
        let value = |metric: &Metric| (metric.name().to_owned(), metric.value(&cells).into());
        let metrics = catalog().iter().map(value).collect::<Map<_, _>>();
        let others = others.iter().map(value).collect::<Map<_, _>>();
        let mut intervals = Map::new();
        if cells.to_counts().is_some() {
            for metric in catalog() {
                let wilson = ProportionInterval::Wilson;
                let interval = metric_interval(metric, &cells, wilson, CONFIDENCE)?;
                let ends = interval.map(|interval| json!([interval.low(), interval.high()]));
                intervals.insert(metric.name().to_owned(), ends.unwrap_or(Value::Null));
            }
        }
        let cells =
            json!({"tp": cells.tp(), "fp": cells.fp(), "fn": cells.fn_(), "tn": cells.tn()});
        rows.push(
            json!({"cells": cells, "metrics": metrics, "others": others, "intervals": intervals}),
        );
    }
    let costs = json!({"fp": 1.0, "fn": 10.0, "tp": -0.5, "tn": 0.0});
    let golden = json!({"page": page()?, "costs": costs, "rows": rows});
    writeln!(std::io::stdout(), "{golden}")?;
    Ok(())
}
