//! No flag is accepted and ignored, every hint can be followed, and no text of the data reaches the terminal raw.

use serde_json::json;

use super::case;
use crate::Sandbox;

#[test]
fn negative_numbers_are_values_of_flags() {
    // Scores -0.00000123, -0.5, 0.4 and another.
    let path = case("negexp.csv");
    let path = path.display();
    let sandbox = Sandbox::new();
    for (text, value) in [
        ("-1e-3", -1e-3),
        ("-.5", -0.5),
        ("-1e-6", -1e-6),
        ("-0.5", -0.5),
        ("-5E-1", -0.5),
    ] {
        let matrix = sandbox.json(&format!("evaluate {path} --threshold {text} --format json"));
        assert_eq!(matrix["threshold"], json!(value), "{text}");
        let ledger = sandbox.json(&format!(
            "moves {path} --from {text} --to -.25 --format json"
        ));
        assert_eq!(
            (&ledger["from"], &ledger["to"]),
            (&json!(value), &json!(-0.25)),
            "{text}"
        );
        let table = sandbox.ok(&format!(
            "sweep {path} --thresholds {text},-1e-9,.1 --metrics none"
        ));
        assert!(
            table.contains(&format!("{value:?},")) || table.contains(&format!("{value},")),
            "{table}"
        );
    }
    sandbox.ok("generate -o a.csv --shift -1e-1 --n-samples 30");
    sandbox.ok(&format!(
        "choose {path} --cost fp=1,fn=1 --reject-cost -1e-3"
    ));
    sandbox.ok(&format!("choose {path} --cost fp=-.5,fn=1"));
    // A value outside its domain is said to be that, not an unknown flag.
    let run = sandbox.run(&["fit", "a.csv", "-o", "m.json", "--tol", "-1e-3"]);
    assert!(
        run.stderr.contains("`tol`") && run.code == Some(2),
        "{run:?}"
    );
}

#[test]
fn charts_of_any_span_are_drawn() {
    let sandbox = Sandbox::new();
    for scores in [
        ["1e16", "1e16"],
        ["1e308", "-1e308"],
        ["0.1", "0.10000000000000002"],
        ["5e-324", "0"],
        ["1", "1"],
    ] {
        let [first, second] = scores;
        sandbox.file(
            "s.csv",
            format!("y_true,y_score\n1,{first}\n0,{second}\n1,{second}\n"),
        );
        for command in [
            "sweep s.csv --chart",
            "curve cost s.csv --chart",
            "curve ks s.csv --chart",
        ] {
            let chart = sandbox.ok(command);
            assert!(chart.contains('┌'), "{command} {scores:?}: {chart}");
        }
    }
    let path = case("hang.csv");
    sandbox.ok(&format!("curve cost {} --chart", path.display()));
}

#[test]
fn threads_beyond_reason_are_not_started() {
    let path = case("tiny_a.csv");
    let sandbox = Sandbox::new();
    let line = format!("evaluate {}", path.display());
    let expected = sandbox.ok(&line);
    let mut command = sandbox.command(&line.split(' ').collect::<Vec<_>>());
    let output = command
        .env("RAYON_NUM_THREADS", "1000000")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
