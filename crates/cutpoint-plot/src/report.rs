//! The interactive report: one HTML file that holds the sweeps of models and groups, and the script that shows them.
//! What is embedded is counted by `cutpoint-metrics`; which thresholds are is up to `thresholds`, how they are written
//! to `data`. Nothing here touches a file, and nothing in the page touches a network.

mod data;
mod rows;
mod series;
mod thresholds;

use std::fmt::Write as _;

use cutpoint_metrics::{Costs, Goal, Problem};
use sha2::{Digest, Sha256};

use crate::canvas::escaped;
use crate::{Error, Result};

pub use rows::ReportRows;
pub use series::ReportSeries;
pub use thresholds::ReportThresholds;

/// The page with places for what differs: `{policy}`, `{title}`, `{style}`, `{title}`, `{data}`, `{script}`.
const PAGE: &str = include_str!("report/page/page.html");
const STYLE: &str = include_str!("report/page/page.css");
/// Plain scripts that share one scope, in an order in which each knows what it needs when it starts.
const SCRIPT: &str = concat!(
    "\"use strict\";\n",
    include_str!("report/page/formulas.js"),
    include_str!("report/page/data.js"),
    include_str!("report/page/problem.js"),
    include_str!("report/page/format.js"),
    include_str!("report/page/chart.js"),
    include_str!("report/page/matrix.js"),
    include_str!("report/page/tables.js"),
    include_str!("report/page/charts.js"),
    include_str!("report/page/costs.js"),
    include_str!("report/page/main.js"),
);

/// One classifier of a report.
#[derive(Debug, Clone)]
pub struct ReportModel {
    name: String,
    file: String,
    flags: Vec<String>,
    n_thresholds: usize,
    is_exact: bool,
    n_groups_left_out: usize,
    series: Vec<ReportSeries>,
    rows: Option<ReportRows>,
}

impl ReportModel {
    /// A classifier by its name, with the sweep of all rows.
    ///
    /// `n_thresholds`: how many thresholds its rows have, whatever the page holds; of a sweep that is not exact, at
    /// least how many.
    pub fn new(name: impl Into<String>, all: ReportSeries, n_thresholds: usize) -> Self {
        let name = name.into();
        Self {
            file: name.clone(),
            name,
            flags: Vec::new(),
            n_thresholds,
            is_exact: all.is_exact(),
            n_groups_left_out: 0,
            series: vec![all],
            rows: None,
        }
    }

    /// What a command line has to name to read the same rows: the file, and flags. Default: the name, no flags.
    #[must_use]
    pub fn source(mut self, file: impl Into<String>, flags: Vec<String>) -> Self {
        self.file = file.into();
        self.flags = flags;
        self
    }

    /// The sweeps of groups of the rows; `n_left_out`: how many groups the last of them stands for, if it does.
    #[must_use]
    pub fn groups(mut self, groups: Vec<ReportSeries>, n_left_out: usize) -> Self {
        self.series.truncate(1);
        self.series.extend(groups);
        self.n_groups_left_out = n_left_out;
        self
    }

    /// A sample of the rows, to be listed behind the cells. Default: none.
    #[must_use]
    pub fn rows(mut self, rows: Option<ReportRows>) -> Self {
        self.rows = rows;
        self
    }
}

/// What a page shows: models at common thresholds, and how it begins.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::PartialSweepBuilder;
/// use cutpoint_plot::{Report, ReportModel, ReportSeries, ReportThresholds};
///
/// let mut builder = PartialSweepBuilder::new(1 << 20)?;
/// builder.add(&Scores::new(vec![true, true, false], vec![0.9, 0.3, 0.2])?);
/// let sweep = builder.finish()?;
/// let thresholds = ReportThresholds::of(&[&sweep], &[0.5], 1);
/// assert_eq!(thresholds.values(), [0.9, 0.3, 0.2]);
/// let all = ReportSeries::new("", &sweep, thresholds.values())?;
/// let report = Report::new("Spam", ["good", "spam"], thresholds).model(ReportModel::new("a", all, 3));
/// assert!(report.page()?.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Report {
    title: String,
    names: [String; 2],
    thresholds: ReportThresholds,
    models: Vec<ReportModel>,
    chosen: Option<(f64, String)>,
    problem: Option<(Problem, f64)>,
    costs: Costs,
    group_column: Option<String>,
    id_column: Option<String>,
}

impl Report {
    /// A report without models; `names`: those of the negative and the positive class.
    pub fn new(title: impl Into<String>, names: [&str; 2], thresholds: ReportThresholds) -> Self {
        Self {
            title: title.into(),
            names: names.map(str::to_owned),
            thresholds,
            models: Vec::new(),
            chosen: None,
            problem: None,
            costs: Costs::default(),
            group_column: None,
            id_column: None,
        }
    }

    /// Adds a model.
    #[must_use]
    pub fn model(mut self, model: ReportModel) -> Self {
        self.models.push(model);
        self
    }

    /// The threshold that was chosen, and why; the page begins there. Default: none, it begins at 0.5.
    #[must_use]
    pub fn chosen(mut self, threshold: f64, reason: impl Into<String>) -> Self {
        self.chosen = Some((threshold, reason.into()));
        self
    }

    /// The costs that the page begins with. Default: 1 for each error.
    #[must_use]
    pub fn costs(mut self, costs: Costs) -> Self {
        self.costs = costs;
        self
    }

    /// What the threshold was chosen for; the page begins with its goal, its constraints, its prevalence, and its costs
    /// if these are the goal. Default: none, the goal is the lowest cost.
    ///
    /// `n_rows`: how many rows, or how much weight, sums of cells in constraints are meant for.
    #[must_use]
    pub fn problem(mut self, problem: Problem, n_rows: f64) -> Self {
        if let Some(costs) = costs_of(&problem) {
            self.costs = costs;
        }
        self.problem = Some((problem, n_rows));
        self
    }

    /// The columns that groups and the names of rows come from. Default: none.
    #[must_use]
    pub fn columns(mut self, group: Option<String>, id: Option<String>) -> Self {
        self.group_column = group;
        self.id_column = id;
        self
    }

    /// The page: one HTML file that needs no other.
    ///
    /// # Errors
    /// - [`Error::Empty`] without a model.
    /// - [`Error::Lengths`] if a table is not one of the thresholds of the page.
    pub fn page(&self) -> Result<String> {
        if self.models.is_empty() {
            return Err(Error::Empty {
                name: "models",
                chart: "a report",
            });
        }
        let expected = self.thresholds.values().len() + 1;
        for series in self.models.iter().flat_map(|model| &model.series) {
            if series.n_rows() != expected {
                return Err(Error::Lengths {
                    expected,
                    got: series.n_rows(),
                });
            }
        }
        let title = escaped(&self.title);
        let policy = format!(
            "default-src 'none'; script-src '{}'; style-src '{}'; img-src data: blob:; base-uri 'none'; form-action \
             'none'",
            source_hash(SCRIPT),
            source_hash(STYLE),
        );
        let data = data::json(self);
        Ok(filled(&[&policy, &title, STYLE, &title, &data, SCRIPT]))
    }
}

/// The costs that are the goal of a problem, gains being costs below 0; `None` if its goal is something else.
fn costs_of(problem: &Problem) -> Option<Costs> {
    let objective = problem.objective();
    let metric = objective.metric();
    let costs = metric.costs()?;
    match (metric.name(), objective.goal()) {
        ("cost", Goal::Minimize) => Some(*costs),
        ("utility", Goal::Maximize) => Some(costs.negated()),
        _ => None,
    }
}

/// The page with these parts in its places, in their order.
fn filled(parts: &[&str; 6]) -> String {
    let n_bytes = parts.iter().map(|part| part.len()).sum::<usize>();
    let mut page = String::with_capacity(PAGE.len() + n_bytes);
    let mut rest = PAGE;
    for part in parts {
        let place = rest.split_once('{');
        let place = place.and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)));
        let (before, after) = place.expect("the page has a place for each part");
        page.push_str(before);
        page.push_str(part);
        rest = after;
    }
    page.push_str(rest);
    page
}

/// How a policy names a script or a style: by its digest.
fn source_hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut hash = "sha256-".to_owned();
    // 32 bytes are ten groups of three and one of two.
    for group in Sha256::digest(text).chunks(3) {
        let bytes = [
            group[0],
            group[1],
            group.get(2).copied().unwrap_or_default(),
        ];
        let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        for place in 0..=group.len() {
            let digit = (bits >> (18 - 6 * place)) & 63;
            hash.push(char::from(DIGITS[digit as usize]));
        }
        for _ in group.len()..3 {
            hash.push('=');
        }
    }
    hash
}

/// JSON that can stand in a script: no `<`, with which a tag or a comment would begin.
fn script_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for part in json.split_inclusive('<') {
        match part.strip_suffix('<') {
            Some(before) => {
                write!(safe, "{before}\\u003c").expect("a String takes all text");
            }
            None => safe.push_str(part),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        // FIPS 180-2, appendix B.1: SHA-256 of "abc" is ba7816bf…f20015ad; in base64 by hand of RFC 4648.
        assert_eq!(
            source_hash("abc"),
            "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
        );
    }

    #[test]
    fn no_part_of_the_page_ends_the_script_it_stands_in() {
        for (name, text) in [("script", SCRIPT), ("style", STYLE)] {
            for word in ["</script", "</style", "<!--", "<script"] {
                assert!(!text.contains(word), "{word} in the {name}");
            }
        }
        assert_eq!(
            script_safe(r#"["</script><!--"]"#),
            r#"["\u003c/script>\u003c!--"]"#
        );
    }

    #[test]
    fn the_page_has_a_place_for_each_part_and_no_style_of_its_own() {
        let places = PAGE
            .split('{')
            .skip(1)
            .map(|place| place.split_once('}').unwrap().0);
        assert!(places.eq(["policy", "title", "style", "title", "data", "script"]));
        assert!(!PAGE.contains("style="), "the policy forbids inline styles");
        let mut handlers = PAGE
            .split(" on")
            .skip(1)
            .filter_map(|rest| rest.split([' ', '>']).next());
        assert!(
            !handlers.any(|word| word.contains('=')),
            "the policy forbids inline handlers"
        );
        assert!(
            !SCRIPT.contains("innerHTML"),
            "text of the data is never parsed as HTML"
        );
    }
}
