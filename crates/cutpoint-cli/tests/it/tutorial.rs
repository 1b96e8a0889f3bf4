//! `tutorial` prints the page's lines as they stand there, and what it writes serves the other commands.

use crate::Sandbox;

/// How many lines of the page each of its cells prints: predictions, matrix, rates, report, three normalised matrices.
const BLOCKS: [usize; 7] = [2, 3, 5, 8, 2, 2, 2];

/// The page's output in blocks of neighbouring lines, each of which the program prints in one piece.
fn page() -> Vec<Vec<&'static str>> {
    let mut lines = include_str!("../../../../tests/golden/tutorial_page.txt").lines();
    let blocks = BLOCKS.map(|n_lines| lines.by_ref().take(n_lines).collect());
    assert_eq!(lines.next(), None);
    blocks.into()
}

#[test]
fn the_page_is_printed_line_for_line() {
    let printed = Sandbox::new().ok("tutorial");
    let printed = printed.lines().collect::<Vec<_>>();
    let mut at = 0;
    for block in page() {
        // Behind a number of the page a remark may follow, two spaces apart.
        let is_shown = |lines: &[&str]| {
            lines.iter().zip(&block).all(|(line, expected)| {
                let rest = line.strip_prefix(expected);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("  ("))
            })
        };
        let found = printed[at..].windows(block.len()).position(is_shown);
        at += found
            .unwrap_or_else(|| panic!("not printed, or not in this order:\n{}", block.join("\n")));
        at += block.len();
    }
}

#[test]
fn what_it_writes_gives_the_same_numbers_again() {
    let sandbox = Sandbox::new();
    sandbox.ok("tutorial --output t");
    assert_eq!(
        sandbox.json("evaluate t/scores.csv --format json")["confusion_matrix"],
        serde_json::json!([[76, 9], [17, 48]])
    );
    // The other commands make the same files, byte for byte.
    sandbox.ok("generate -o data.csv --n-samples 500 --n-features 10 --n-informative 5 --n-redundant 2 --weights \
        0.6,0.4 --random-state 42");
    sandbox.ok("split data.csv --train train.csv --test test.csv --indices indices.csv --test-size 0.3 --random-state \
        42");
    sandbox.ok("fit train.csv -o model.json");
    sandbox.ok("predict model.json test.csv -o scores.csv");
    for name in [
        "data.csv",
        "train.csv",
        "test.csv",
        "indices.csv",
        "model.json",
        "scores.csv",
    ] {
        assert_eq!(
            sandbox.text(name),
            sandbox.text(&format!("t/{name}")),
            "{name}"
        );
    }
    let report = "report t/scores.csv -o report.html --names Negative,Positive --title";
    let mut report = report.split(' ').collect::<Vec<_>>();
    report.push("Confusion matrix — logistic regression");
    let run = sandbox.run(&report);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        sandbox.text("report.html") == sandbox.text("t/report.html"),
        "the reports differ"
    );
    // 48 · 2 / (48 · 2 + 9 + 17) = 0.7869.
    sandbox.ok("moves t/scores.csv --from 0.5 --to 0.3 --plot flow.svg");
    assert_eq!(sandbox.text("flow.svg"), sandbox.text("t/flow.svg"));
    for (picture, words) in [
        (
            "matrix",
            "True Negative: predicted Negative 76, Positive 9.",
        ),
        (
            "panels",
            "True Positive: predicted Negative 0.261538, Positive 0.738462.",
        ),
        ("cells", "TNs, FPs, FNs and TPs vs Thresholds"),
        ("metrics", "F1 score at the threshold: 0.7869."),
        ("scores", "Positive (rows: 65)"),
        ("roc", "logistic regression (AUC 0.911)"),
    ] {
        let svg = sandbox.text(&format!("t/{picture}.svg"));
        assert!(svg.contains(words), "{picture}");
    }
    // 150 distinct scores, a header, and the row that predicts nothing.
    assert_eq!(sandbox.text("t/sweep.csv").lines().count(), 152);
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let sandbox = Sandbox::with("file", "");
    let run = sandbox.run(&["tutorial", "--output", "file/inside"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(
        run.stderr.trim_end(),
        "error: failed to make the directory file/inside: Not a directory (os error 20)"
    );
}
