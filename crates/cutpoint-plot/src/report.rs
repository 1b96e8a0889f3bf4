//! The interactive report: one HTML file that holds the sweeps of models and groups, and the script that shows them.
//! `sources` reads the rows, in the passes that `cutpoint-choose` knows; which thresholds a page holds is up to
//! `thresholds` alone, how they are written to `data`. Nothing here touches a file, and nothing in the page touches a
//! network.

mod data;
mod error;
mod options;
mod rows;
mod series;
mod sources;
mod thresholds;

use std::fmt::Write as _;

use cutpoint_choose::Classes;
use cutpoint_core::Label;
use cutpoint_metrics::ScoreSurvey;
use sha2::{Digest, Sha256};

use self::rows::ReportRows;
use self::series::ReportSeries;
use self::thresholds::ReportThresholds;
use crate::canvas::escaped;

pub use error::ReportError;
pub use options::ReportOptions;
pub use sources::ReportSource;

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

/// One classifier of a report, and what was found of its rows.
#[derive(Debug, Clone)]
pub struct ReportModel {
    name: String,
    file: String,
    flags: Vec<String>,
    classes: Classes,
    survey: ScoreSurvey,
    n_rows: usize,
    n_thresholds: usize,
    is_exact: bool,
    n_groups_left_out: usize,
    /// All rows, and the groups.
    series: Vec<ReportSeries>,
    rows: Option<ReportRows>,
}

impl ReportModel {
    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its classes are called, and which of them have rows.
    pub fn classes(&self) -> &Classes {
        &self.classes
    }

    /// What its scores look like.
    pub fn survey(&self) -> &ScoreSurvey {
        &self.survey
    }

    /// How many rows it has.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// How many thresholds its rows have, whatever the page holds; at least so many, if memory did not hold all.
    pub fn n_thresholds(&self) -> usize {
        self.n_thresholds
    }
}

/// A page in which the reader moves the threshold: every matrix, metric, curve and cost at the thresholds of some
/// models and groups.
///
/// Up to 20,000 thresholds are embedded, fewer of many models and groups; of more, the best by each metric are, and
/// others evenly. Every matrix in it is exact.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_plot::Report;
///
/// let rows = Scores::new(vec![true, false, true], vec![0.9, 0.4, 0.3])?;
/// let page = Report::of("Spam filter", &rows)?.names(["good", "spam"]).page();
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Report {
    title: String,
    labels: [Label; 2],
    names: [String; 2],
    thresholds: ReportThresholds,
    models: Vec<ReportModel>,
    options: ReportOptions,
    group_column: Option<String>,
    id_column: Option<String>,
}

impl Report {
    /// The names to show for the negative and the positive class. Default: the labels.
    #[must_use]
    pub fn names(mut self, names: [&str; 2]) -> Self {
        self.names = names.map(str::to_owned);
        self
    }

    /// The columns that groups and the names of rows come from. Default: none.
    #[must_use]
    pub fn columns(mut self, group: Option<String>, id: Option<String>) -> Self {
        self.group_column = group;
        self.id_column = id;
        self
    }

    /// What a command line has to name to read the rows of a model: the file, and flags. Default: its name, no flags.
    ///
    /// # Panics
    /// If there is no such model.
    #[must_use]
    pub fn read_as(mut self, model: usize, file: impl Into<String>, flags: Vec<String>) -> Self {
        self.models[model].file = file.into();
        self.models[model].flags = flags;
        self
    }

    /// The models, in the order of their sources.
    pub fn models(&self) -> &[ReportModel] {
        &self.models
    }

    /// The negative and the positive class.
    pub fn labels(&self) -> &[Label; 2] {
        &self.labels
    }

    /// How many thresholds the page holds.
    pub fn n_embedded(&self) -> usize {
        self.thresholds.values().len()
    }

    /// How many thresholds there are at least; no more than the page holds, if it holds all.
    pub fn n_thresholds(&self) -> usize {
        let of_models = self.models.iter().map(|model| model.n_thresholds);
        // Models may have few thresholds in common.
        of_models.fold(self.n_embedded(), usize::max)
    }

    /// Whether the page holds every threshold there is.
    pub fn is_complete(&self) -> bool {
        self.thresholds.is_all()
    }

    /// The page: one HTML file that needs no other.
    pub fn page(&self) -> String {
        let title = escaped(&self.title);
        let policy = format!(
            "default-src 'none'; script-src '{}'; style-src '{}'; img-src data: blob:; base-uri 'none'; form-action \
             'none'",
            source_hash(SCRIPT),
            source_hash(STYLE),
        );
        let data = data::json(self);
        filled(&[&policy, &title, STYLE, &title, &data, SCRIPT])
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
