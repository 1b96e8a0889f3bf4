//! Values of flags, hints that can be followed, and no text of the data that reaches the terminal raw.

use serde_json::json;

use super::{case, check_refused};
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
    // What begins like a number and is none is said to be none.
    for (line, flag) in [
        ("evaluate FILE --threshold -1e", "threshold <T>"),
        ("evaluate FILE --threshold -.5.5", "threshold <T>"),
        ("moves FILE --from -0x1 --to 1", "from <A>"),
        ("generate -o a.csv --class-sep -1..5", "class-sep <"),
    ] {
        let line = line.replace("FILE", &path.to_string());
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        let message = format!("for '--{flag}");
        assert!(
            run.stderr.contains("error: invalid value '-"),
            "{line}: {}",
            run.stderr
        );
        assert!(run.stderr.contains(&message), "{line}: {}", run.stderr);
        assert_eq!(run.code, Some(2), "{line}");
    }
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

/// No byte of a text but those of letters and line breaks.
#[track_caller]
fn check_harmless(what: &str, text: &str) {
    let is_harmful = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
    assert!(!text.contains(is_harmful), "{what}: {text:?}");
}

#[test]
fn names_in_the_data_cannot_steer_a_terminal() {
    let (title, turned) = ("\u{1b}]0;T\u{7}a", "b\u{202e}\u{9b}2J");
    let rows = format!(
        "y_true,y_score,g\n{title},0.9,{title}\n{turned},0.2,x\n{title},0.3,x\n{turned},0.4,{title}\n"
    );
    let sandbox = Sandbox::with("s.csv", &rows);
    let name = "n\u{1b}[2J.csv";
    sandbox.file(name, &rows);
    for flags in [
        &["evaluate", "s.csv"][..],
        &["evaluate", "s.csv", "--positive", title],
        &["evaluate", name, "--positive", title, "--format", "json"],
        &["sweep", "s.csv", "--positive", "\u{1b}[1m"],
        &["choose", "s.csv", "--positive", title, "--maximize", "f1"],
        &[
            "choose",
            "s.csv",
            "--positive",
            title,
            "--maximize",
            "f1",
            "--group",
            "g",
        ],
        &[
            "moves",
            name,
            "--positive",
            title,
            "--from",
            "0.5",
            "--to",
            "0.1",
        ],
        &["compare", "s.csv", name, "--positive", title],
        &[
            "curve",
            "roc",
            "s.csv",
            name,
            "--positive",
            title,
            "--chart",
        ],
        &["evaluate", "no\u{1b}]0;x\u{7}.csv"],
        &["evaluate", "s.csv", "--score", "\u{1b}[2J"],
        &["evaluate", "s.csv", "\u{1b}[2J", "x\u{1b}[2J"],
        &["evaluate", "s.csv", "--threshold", "\u{1b}[2J"],
    ] {
        let run = sandbox.run(flags);
        check_harmless("stdout", &run.stdout);
        check_harmless("stderr", &run.stderr);
    }
    // JSON keeps its meaning, and files keep what they hold.
    let matrix = sandbox.run(&["evaluate", "s.csv", "--positive", title, "--format", "json"]);
    let matrix = serde_json::from_str::<serde_json::Value>(&matrix.stdout).unwrap();
    assert_eq!(matrix["labels"], json!([turned, title]));
    assert_eq!(
        sandbox
            .run(&["split", "s.csv", "--train", "a.csv", "--test", "b.csv"])
            .code,
        Some(0)
    );
    let kept = sandbox.text("a.csv") + &sandbox.text("b.csv");
    assert!(kept.contains(title) && kept.contains(turned));
}

#[test]
fn groups_say_what_is_undefined_and_whose_capacity_it_is() {
    let path = case("g1.csv");
    let path = path.display();
    // Two negatives of group a above the one positive of b: nothing predicted positive is right at .5 and .7 alone.
    let sandbox = Sandbox::new();
    let line = format!("choose {path} --maximize recall --group g --capacity 30");
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert!(
        run.stderr
            .contains("the capacity, 30 rows, holds for all groups together"),
        "{run:?}"
    );
    sandbox.file("none.csv", "y_true,y_score,g\n0,0.5,a\n0,0.7,a\n0,0.3,b\n");
    let run = sandbox.run(&["choose", "none.csv", "--maximize", "recall", "--group", "g"]);
    assert!(
        run.stderr
            .contains("recall is undefined at every threshold"),
        "{run:?}"
    );
    assert_eq!(run.code, Some(1));
}

#[test]
fn hints_lead_to_the_cure() {
    let line = |command: &str, name: &str| format!("{command} {}", case(name).display());
    check_refused(
        &line("evaluate", "noheader.csv"),
        1,
        &["(echo y_true,y_score; cat FILE) > NEW.csv"],
    );
    check_refused(
        &line("sweep", "part.csv"),
        1,
        &["cutpoint sweep --partial-in FILE"],
    );
    check_refused(&line("curve roc", "two_p.csv"), 1, &["`--score p_approve`"]);
    check_refused(
        &line("curve roc -o roc.pdf", "prev.csv"),
        2,
        &["`.svg` or `.png`"],
    );
    let path = case("prev.csv");
    let choose = format!("choose {}", path.display());
    check_refused(
        &format!("{choose} --maximize f1score"),
        2,
        &["did you mean `f1_score`?"],
    );
    check_refused(
        &format!("{choose} --maximize f1 --subject-to recall>0.9"),
        2,
        &["did you mean `recall>=0.9`?"],
    );
    check_refused(
        &format!("{choose} --maximize f1 --subject-to fpr=<1%"),
        2,
        &["did you mean `fpr<=1%`?"],
    );
    let sandbox = Sandbox::with("one.csv", "x,y\n1,0\n2.5,1\n0,1\n");
    let run = sandbox.run(&["fit", "one.csv", "-o", "m.json"]);
    assert!(
        run.stderr.starts_with("3 rows, 1 feature, classes"),
        "{run:?}"
    );
}

#[test]
fn hints_fit_the_format() {
    let sandbox = Sandbox::with("semicolons.csv", "a;b;y\n1;2;0\n3;4;1\n5;6;1\n7;8;0\n");
    sandbox.file("decimals.csv", "a;y\n0,5;0\n1,5;1\n");
    let commas = "hint: fields are separated by commas, and numbers have points; pandas: \
                  `pd.read_csv(FILE, sep=\";\", decimal=\",\").to_csv(NEW, index=False)`";
    check_in(&sandbox, "fit semicolons.csv -o m.json", commas);
    // Rows are copied as they stand, whatever they are.
    let split = [
        "split",
        "semicolons.csv",
        "--train",
        "a.csv",
        "--test",
        "b.csv",
    ];
    let run = sandbox.run(&split);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stderr.starts_with(&format!(
            "warning: the header is one name, `a;b;y`: rows are split, and columns are not told apart\n{commas}\n"
        )),
        "{}",
        run.stderr
    );
    check_in(
        &sandbox,
        "split decimals.csv --train a.csv --test b.csv",
        "decimals.csv, line 2: must have 1 field as the header has, got 2\n\
         hint: the header is one name: fields are separated by commas, and numbers have points",
    );
    // Only CSV is written by `to_csv`, is read as text, and comes from stdin.
    let rows = "index,x,y\n".to_owned() + &"1,0.5,0\n".repeat(4);
    sandbox.file("noname.csv", rows.replace("index", ""));
    let csv = "hint: pandas writes its row index so; write the file with `to_csv(…, index=False)`";
    check_in(&sandbox, "split noname.csv --train a.npy --test b.npy", csv);
    sandbox.file("index.csv", rows.replace("index", "Unnamed: 0"));
    sandbox.ok("split index.csv --train index.npy --test index.parquet");
    for (file, write) in [
        ("index.csv", "to_csv"),
        ("index.npy", "to_records"),
        ("index.parquet", "to_parquet"),
    ] {
        let hint = format!("or write the file without it: `{write}(…, index=False)`");
        check_in(&sandbox, &format!("fit {file} -o m.json"), &hint);
    }
    sandbox.file("number.csv", "0.5\n1\n2\n3\n4\n");
    sandbox.run(&[
        "split",
        "number.csv",
        "--train",
        "n.parquet",
        "--test",
        "n.npy",
    ]);
    for file in ["n.parquet", "n.npy"] {
        let run = sandbox.run(&["fit", file, "-o", "m.json"]);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(!run.stderr.contains("echo"), "{}", run.stderr);
    }
    for (file, cure) in [
        (
            "a.csv.gz",
            "hint: decompress it: `gzip -dc FILE | cutpoint … -`",
        ),
        (
            "a.npy.gz",
            "hint: decompress it: `gzip -dc FILE > NEW`, with the ending of its format",
        ),
        (
            "a.parquet.gz",
            "hint: decompress it: `gzip -dc FILE > NEW`, with the ending of its format",
        ),
    ] {
        check_in(&sandbox, &format!("evaluate {file}"), cure);
    }
}

#[test]
fn each_part_says_what_it_means() {
    let sandbox = Sandbox::with(
        "s.csv",
        "y_true,y_score,g\n1,0.9,a\n0,0.2,b\n1,0.4,b\n0,0.6,b\n",
    );
    // All rows of `a` are positive, and there is no constraint that it could break.
    let text = sandbox.ok("choose s.csv --maximize youden --group g");
    assert!(text.contains("youden is undefined"), "{text}");
    assert!(!text.contains("none meets all"), "{text}");
    // A constraint that can be kept is not what is missing; one that cannot be, is.
    let text = sandbox.ok("choose s.csv --maximize youden --subject-to recall>=0.1 --group g");
    assert!(text.contains("youden is undefined"), "{text}");
    let text =
        sandbox.ok("choose s.csv --maximize recall --subject-to predicted_positives>=2 --group g");
    assert!(text.contains("a: none meets all"), "{text}");

    // Undefined is neither kept nor broken, as `check` has it.
    sandbox.file("negative.csv", "y_true,y_score\n0,0.1\n0,0.2\n");
    let line = "choose s.csv --maximize recall --subject-to precision>=0.5 --validate negative.csv";
    let text = sandbox.ok(line);
    assert!(
        text.contains("held out, precision>=0.5 cannot be judged: precision is undefined"),
        "{text}"
    );

    // 3 of 3 are not sure to be all: Wilson's interval, 1.96^2 / (3 + 1.96^2) from 1.
    sandbox.file("positive.csv", "y_true,y_score\n1,0.9\n1,0.95\n1,0.99\n");
    let json = sandbox.json("choose s.csv --maximize recall --validate positive.csv --format json");
    let interval = &json["validation"]["objective_interval"];
    assert_eq!(interval["method"], "wilson");
    let low = interval["low"].as_f64().unwrap();
    assert!(
        (low - 3.0 / (3.0 + 1.959_963_984_540_054_f64.powi(2))).abs() < 1e-12,
        "{low}"
    );

    // For which nothing is drawn, but for what has no formula.
    let line = "choose s.csv --maximize METRIC --validate positive.csv --random-state 3";
    let run = sandbox.run(
        &line
            .replace("METRIC", "recall")
            .split(' ')
            .collect::<Vec<_>>(),
    );
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    sandbox.ok(&line.replace("METRIC", "f1"));

    sandbox.fails(
        "fit s.csv --target y_true --features y_score --penalty none --c 3 -o m.json",
        2,
        "error: `--c` is the strength of a penalty, and there is none with `--penalty none`",
    );
}

#[test]
fn one_stream_is_read_as_one_thing() {
    let sandbox = Sandbox::new();
    for line in [
        "choose - --validate - --maximize f1",
        "report - --point - -o r.html",
        "predict - - -o p.csv",
        "check - -",
    ] {
        let run = sandbox.run_with_stdin(&line.split(' ').collect::<Vec<_>>(), "");
        assert_eq!(run.code, Some(2), "{line}: {}", run.stderr);
        assert!(
            run.stderr
                .contains("are one stream, which can be read only once"),
            "{line}: {}",
            run.stderr
        );
    }
    let run = sandbox.run_with_stdin(
        &["choose", "-", "--maximize", "f1", "--cv", "3"],
        "y_true,y_score\n1,0.9\n0,0.2\n1,0.4\n0,0.6\n1,0.7\n0,0.1\n",
    );
    assert!(
        run.stderr.contains(
            "stdin can be read only once, and `--cv` reads it for each fold: name a file"
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn a_first_line_of_data_is_no_header() {
    let sandbox = Sandbox::with("words.csv", "spam,0.9\nham,0.2\nspam,0.4\nham,0.6\n");
    check_in(
        &sandbox,
        "evaluate words.csv",
        "`(echo y_true,y_score; cat FILE) > NEW.csv`",
    );
    check_in(
        &sandbox,
        "sweep words.csv",
        "`(echo y_true,y_score; cat FILE) > NEW.csv`",
    );
    sandbox.file("three.csv", "0.5,0.9,1\n0.1,0.2,0\n");
    check_in(
        &sandbox,
        "fit three.csv -o m.json",
        "`(echo x0,x1,y; cat FILE) > NEW.csv`",
    );
    let run = sandbox.run(&["split", "words.csv", "--train", "a.csv", "--test", "b.csv"]);
    assert!(
        run.stderr
            .starts_with("warning: the first line, `spam,0.9`, is taken for the names"),
        "{}",
        run.stderr
    );
    // Classes may be called 0 and 1, and have a column each.
    sandbox.file("classes.csv", "y_true,0,1\n0,0.9,0.1\n1,0.2,0.8\n");
    let run = sandbox.run(&["evaluate", "classes.csv"]);
    assert!(!run.stderr.contains("the first line"), "{}", run.stderr);
}

#[track_caller]
fn check_in(sandbox: &Sandbox, line: &str, hint: &str) {
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, Some(1), "{line}");
    assert!(run.stderr.contains(hint), "{line}: {}", run.stderr);
}
