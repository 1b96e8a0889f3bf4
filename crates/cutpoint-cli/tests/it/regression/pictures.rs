//! Pictures of a choice: what is drawn is what is printed, at the prevalence it was chosen for; steps lie in their
//! bands; bounds and what they forbid are shown.

use cutpoint_metrics::catalog;
use serde_json::{Value, json};

use super::statistics::{PREVALENCES, best_by, uneven};
use crate::Sandbox;

/// A picture of a choice, read back.
struct Drawn {
    svg: String,
    panels: Vec<Panel>,
}

/// A panel: its frame in pixels, the values of its axes, and what is drawn in it.
#[derive(Debug)]
struct Panel {
    frame: [f64; 4],
    y: [f64; 2],
    /// Of a line without dashes.
    curve: Vec<(f64, f64)>,
    /// Stretches of the band.
    band: Vec<Vec<(f64, f64)>>,
    dot: Option<(f64, f64)>,
    shades: Vec<[f64; 4]>,
}

/// Two digits after the decimal point are written.
const PIXEL: f64 = 0.02;

fn attribute<'e>(element: &'e str, name: &str) -> &'e str {
    let (_, rest) = element.split_once(&format!(" {name}=\"")).unwrap();
    rest.split_once('"').unwrap().0
}

fn numbers<const N: usize>(element: &str, names: [&str; N]) -> [f64; N] {
    names.map(|name| attribute(element, name).parse().unwrap())
}

fn points(path: &str) -> Vec<(f64, f64)> {
    let points = path.trim_end_matches('Z').split(['M', 'L']).skip(1);
    let points = points.map(|point| {
        let (x, y) = point.split_once(' ').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    });
    points.collect()
}

impl Drawn {
    fn read(sandbox: &Sandbox, name: &str) -> Self {
        let svg = sandbox.text(name);
        let axes = svg.split("Vertical axis: ").skip(1).map(|rest| {
            let (axis, _) = rest.split_once(". ").unwrap();
            let (_, range) = axis.rsplit_once(", from ").unwrap();
            let (low, high) = range.split_once(" to ").unwrap();
            [low, high].map(|end| end.parse::<f64>().unwrap())
        });
        let axes = axes.collect::<Vec<_>>();
        let mut panels = Vec::new();
        let new = |y| Panel {
            frame: [0.0; 4],
            y,
            curve: Vec::new(),
            band: Vec::new(),
            dot: None,
            shades: Vec::new(),
        };
        let mut open = new(axes[0]);
        for line in svg.lines() {
            let is_solid = !line.contains("dasharray");
            if line.starts_with("<rect x=") && line.contains("fill-opacity=\"0.2\"") {
                open.shades
                    .push(numbers(line, ["x", "y", "width", "height"]));
            } else if line.starts_with("<path d=") && line.contains("fill-opacity=\"0.18\"") {
                open.band.push(points(attribute(line, "d")));
            } else if line.starts_with("<path d=")
                && line.contains("stroke-width=\"2\"")
                && is_solid
            {
                open.curve = points(attribute(line, "d"));
            } else if line.starts_with("<rect x=") && line.contains("stroke=\"#222222\"") {
                // The frame is the last but the dots.
                open.frame = numbers(line, ["x", "y", "width", "height"]);
                panels.push(open);
                open = new(axes.get(panels.len()).copied().unwrap_or_default());
            } else if line.starts_with("<circle")
                && panels.last().is_some_and(|last| last.dot.is_none())
            {
                let [x, y] = numbers(line, ["cx", "cy"]);
                panels.last_mut().unwrap().dot = Some((x, y));
            }
        }
        Self { svg, panels }
    }
}

impl Panel {
    /// Where a value of a threshold in [0, 1] stands.
    fn place(&self, threshold: f64, value: f64) -> (f64, f64) {
        let [x, y, width, height] = self.frame;
        let [low, high] = self.y;
        (
            x + threshold * width,
            y + height * (1.0 - (value - low) / (high - low)),
        )
    }

    /// How far off places may be: ends of axes are told with four digits.
    fn tolerance(&self) -> f64 {
        let is_round = self.y.iter().all(|end| end.fract().abs() < 1e-9);
        PIXEL + if is_round { 0.0 } else { 2e-3 * self.frame[3] }
    }

    fn has(&self, points: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
        let mut points = points.iter();
        points.any(|point| (point.0 - x).abs() < PIXEL && (point.1 - y).abs() < self.tolerance())
    }

    /// The highest and the lowest place of the band at a horizontal one, in pixels.
    fn band_at(&self, x: f64) -> Option<[f64; 2]> {
        let mut crossed = Vec::new();
        for outline in &self.band {
            let next = outline.iter().cycle().skip(1);
            for (from, to) in outline.iter().zip(next) {
                if (from.0 - x) * (to.0 - x) < 0.0 {
                    crossed.push(from.1 + (to.1 - from.1) * (x - from.0) / (to.0 - from.0));
                }
            }
        }
        let top = crossed.iter().copied().reduce(f64::min)?;
        Some([top, crossed.into_iter().reduce(f64::max)?])
    }
}

#[test]
fn the_picture_is_that_of_the_prevalence() {
    let sandbox = uneven();
    for metric in catalog() {
        let name = metric.name();
        let flags =
            PREVALENCES.map(|(flag, _)| [flag.to_owned(), format!("{flag} --bootstrap 200")]);
        for flag in flags.as_flattened() {
            let what = format!("{name}{flag}");
            let line = format!(
                "choose s.csv {}{flag} --plot x.svg --format json",
                best_by(metric)
            );
            let json = sandbox.json(&line);
            let value = json[name].as_f64().unwrap();
            let threshold = json["threshold"].as_f64().unwrap();
            let drawn = Drawn::read(&sandbox, "x.svg");
            let said = format!("{} at the threshold: ", metric.title());
            let (_, said) = drawn.svg.split_once(&said).unwrap();
            let said = said.split([' ', '<']).next().unwrap();
            let said = said.trim_end_matches('.').parse::<f64>().unwrap();
            // Four digits that count.
            assert!(
                (said - value).abs() <= 5.001e-4 * value.abs(),
                "{what}: {said}, {value}"
            );
            let panel = &drawn.panels[0];
            let place = panel.place(threshold, value);
            let dot = panel.dot.unwrap();
            assert!(panel.has(&[dot], place), "{what}: {dot:?}, {place:?}");
            assert!(panel.has(&panel.curve, place), "{what}: {place:?}");
            let interval = &json["intervals"][name];
            let ends = ["low", "high"].map(|end| interval[end].as_f64());
            for end in ends {
                match end {
                    Some(end) => {
                        let corner = panel.place(threshold, end);
                        let is_there = panel.band.iter().any(|band| panel.has(band, corner));
                        let is_cut = end > panel.y[1];
                        assert!(is_there || is_cut, "{what}: {corner:?} {:?}", panel.band);
                    }
                    None => assert!(panel.band.is_empty(), "{what}"),
                }
            }
        }
    }
}

#[test]
fn steps_lie_in_their_bands() {
    // More ranks than intervals are drawn at, with scores that crowd at either end.
    let mut text = "y_true,y_score\n".to_owned();
    for row in 0..900_u32 {
        let place = f64::from(row * 7919 % 1009) / 1009.0;
        let label = u32::from(place > f64::from(row * 331 % 601) / 601.0);
        text.push_str(&format!(
            "{label},{:.6}\n",
            place * place * (3.0 - 2.0 * place)
        ));
    }
    let sandbox = Sandbox::with("s.csv", text);
    for flags in [
        "--maximize precision --subject-to recall>=0.5 --subject-to npv>=0.6",
        "--maximize precision --subject-to recall>=0.5 --interval clopper-pearson",
        "--maximize f1 --subject-to mcc>=0.1 --subject-to fp<=300 --bootstrap 60",
        "--maximize accuracy --subject-to precision>=0.05 --prevalence 0.05",
        "--cost fp=1,fn=5 --subject-to predicted_positive_rate<=0.6 --prevalence 0.3",
    ] {
        sandbox.ok(&format!("choose s.csv {flags} --plot x.svg"));
        let drawn = Drawn::read(&sandbox, "x.svg");
        assert!(drawn.panels.len() >= 2, "{flags}");
        for (index, panel) in drawn.panels.iter().enumerate() {
            let mut n_held = 0;
            for step in panel.curve.windows(2) {
                let x = f64::midpoint(step[0].0, step[1].0);
                let is_level =
                    (step[0].1 - step[1].1).abs() < 1e-9 && (step[0].0 - x).abs() > PIXEL;
                // Precision of so few rows that most draws have none of them has no interval.
                let Some([top, bottom]) = panel.band_at(x).filter(|_| is_level) else {
                    continue;
                };
                let y = step[0].1;
                assert!(
                    top - PIXEL <= y && y <= bottom + PIXEL,
                    "{flags}, panel {index} at {x}: {y} is not in {top} to {bottom}"
                );
                n_held += 1;
            }
            assert!(n_held > 200, "{flags}, panel {index}: {n_held}");
        }
    }
}

/// Five positive and five negative rows.
const TEN: &str =
    "y_true,y_score\n1,0.95\n1,0.85\n0,0.8\n1,0.7\n1,0.6\n0,0.55\n1,0.4\n0,0.3\n0,0.2\n0,0.1\n";

#[test]
fn bounds_and_what_they_forbid_are_drawn() {
    let sandbox = Sandbox::with("s.csv", TEN);
    sandbox.ok(
        "choose s.csv --cost fp=1,fn=3 --subject-to precision>=0.7 --subject-to lr+>=2 --plot x.svg",
    );
    let drawn = Drawn::read(&sandbox, "x.svg");
    // Precision from the top: 1, 1, 2/3, 3/4, 4/5, 4/6, 5/7, 5/8, 5/9, 5/10; the likelihood ratio is tp / fp here,
    // which has no value at the first two.
    let words = "Not allowed: thresholds above 0.7, above 0.4 up to 0.55, up to 0.3.";
    assert!(drawn.svg.contains(words), "{}", drawn.svg);
    let forbidden = [
        vec![(0.0, 0.3), (0.4, 0.55), (0.7, 1.0)],
        vec![(0.0, 0.3), (0.4, 0.55), (0.7, 0.8), (0.95, 1.0)],
        // 4/2 and 2/1 will do; 5/3 will not.
        vec![(0.0, 0.3), (0.8, 1.0)],
    ];
    assert_eq!(drawn.panels.len(), forbidden.len());
    for (panel, ranges) in drawn.panels.iter().zip(forbidden) {
        assert_eq!(panel.shades.len(), ranges.len(), "{panel:?}");
        let [x, y, width, height] = panel.frame;
        for (shade, (from, to)) in panel.shades.iter().zip(ranges) {
            let expected = [x + from * width, y, (to - from) * width, height];
            for (got, expected) in shade.iter().zip(expected) {
                assert!((got - expected).abs() < PIXEL, "{shade:?}, {from} to {to}");
            }
        }
    }
    // One false alarm costs 1 and one missed row 3: 2 at 0.4, where recall is 1.
    let cost = &drawn.panels[0];
    assert!(drawn.svg.contains("Cost (fp=1,fn=3) at the threshold: 2."));
    let dot = cost.dot.unwrap();
    assert!(cost.has(&[dot], cost.place(0.4, 2.0)), "{cost:?}");
    // Wilson's interval of 5 of 7: (5 + z²/2 ± z sqrt(5 2 / 7 + z²/4)) / (7 + z²), z = 1.959964.
    let precision = &drawn.panels[1];
    let [top, bottom] = precision.band_at(precision.place(0.35, 0.0).0).unwrap();
    for (got, expected) in [(top, 0.917_770), (bottom, 0.358_935)] {
        let (_, expected) = precision.place(0.35, expected);
        assert!((got - expected).abs() < PIXEL, "{got}, {expected}");
    }
    // The bound is a line from side to side.
    let [x, _, width, _] = precision.frame;
    let (_, level) = precision.place(0.0, 0.7);
    let bound = drawn
        .svg
        .lines()
        .filter(|line| line.starts_with("<path d=") && line.contains("dasharray"));
    let bound = bound.map(|line| points(attribute(line, "d")));
    let mut level_lines = bound.filter(|line| (line[0].1 - line[1].1).abs() < 1e-9);
    assert!(level_lines.any(|line| {
        precision.has(&line, (x, level)) && precision.has(&line, (x + width, level))
    }));
    assert!(drawn.svg.contains("aria-label=\"precision ≥ 0.7\""));
}

#[test]
fn a_file_beyond_memory_has_its_choice_on_the_curve() {
    let mut text = "y_true,y_score\n".to_owned();
    for row in 0..40_000_u64 {
        let rank = row * 48_271 % 99_991;
        let place = rank as f64 / 99_991.0;
        let is_positive = (row * 7919) % 40_009 < rank * 3 / 10;
        text.push_str(&format!("{},{place}\n", u8::from(is_positive)));
    }
    let sandbox = Sandbox::with("s.csv", text);
    let line = "choose s.csv --maximize precision --subject-to recall>=0.3 --subject-to fp<=2500 --format json --plot";
    let whole = sandbox.json(&format!("{line} whole.svg"));
    let parts = sandbox.json(&format!("{line} parts.svg --memory 64KiB"));
    assert_ne!(parts["n_passes"], json!(1));
    assert_eq!(whole["threshold"], parts["threshold"]);
    let [whole_svg, parts_svg] = ["whole.svg", "parts.svg"].map(|name| Drawn::read(&sandbox, name));
    for (one, other) in whole_svg.panels.iter().zip(&parts_svg.panels) {
        assert_eq!(one.dot, other.dot);
        assert!(other.has(&other.curve, other.dot.unwrap()), "{other:?}");
    }
    let value = |json: &Value| json["precision"].as_f64().unwrap();
    let panel = &parts_svg.panels[0];
    let place = panel.place(parts["threshold"].as_f64().unwrap(), value(&parts));
    assert!(panel.has(&[panel.dot.unwrap()], place));
}
