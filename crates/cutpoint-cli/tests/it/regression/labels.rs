//! What a label is, in every column, file and format.

use serde_json::json;

use super::case;
use crate::Sandbox;

#[track_caller]
fn evaluated(name: &str, flags: &str) -> serde_json::Value {
    let path = case(name);
    Sandbox::new().json(&format!(
        "evaluate {} {flags} --format json",
        path.display()
    ))
}

#[track_caller]
fn refused(command: &str, name: &str, flags: &str, message: &str) {
    let line = format!("{command} {} {flags}", case(name).display());
    fails(&Sandbox::new(), &line, 1, message);
}

/// Runs a command line that must fail with this exit code and say this among other things.
#[track_caller]
fn fails(sandbox: &Sandbox, line: &str, code: i32, message: &str) {
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert!(run.stderr.contains(message), "{line}: {}", run.stderr);
    assert_eq!(run.code, Some(code), "{line}");
}

#[test]
fn truth_values_are_0_and_1() {
    // confusion_matrix([1, 0, 1, 0, 1, 0], [False, False, True, False, True, False]) of scikit-learn 1.9.1.
    for name in ["bool_pred.csv", "bool_pred.parquet"] {
        let matrix = evaluated(name, "--predicted y_pred");
        assert_eq!(
            matrix["confusion_matrix"],
            json!([[3, 0], [1, 2]]),
            "{name}"
        );
        assert_eq!(matrix["accuracy"], json!(5.0 / 6.0), "{name}");
        assert_eq!(matrix["labels"], json!([0, 1]), "{name}");
    }
    // True labels as truth values, predicted ones as numbers: true 1, false 0, true 1.
    let matrix = evaluated("bool_int.csv", "--predicted y_pred");
    assert_eq!(matrix["confusion_matrix"], json!([[1, 0], [0, 2]]));
}

#[test]
fn classes_that_do_not_go_together_are_shown() {
    // scikit-learn: "Mix of label input types (string and number)".
    let message = "columns `y_true` and `y_pred`: labels must have the same classes, got `no`, `yes` and `0`, `1`";
    refused("evaluate", "yn_pred.csv", "--predicted y_pred", message);
    let sandbox = Sandbox::with("words.csv", "y_true,y_pred\ncat,chat\ndog,chien\n");
    let message = "got `cat`, `dog` and `chat`, `chien`";
    fails(
        &sandbox,
        "evaluate words.csv --predicted y_pred",
        1,
        message,
    );
    // All rows of one class and predicted to be of the other are nothing odd.
    sandbox.file("wrong.csv", "y_true,y_pred\n1,0\n1,0\n");
    let matrix = sandbox.json("evaluate wrong.csv --predicted y_pred --format json");
    assert_eq!(matrix["confusion_matrix"], json!([[0, 0], [2, 0]]));
}

#[test]
fn files_may_spell_truth_differently() {
    let rows =
        |no: &str, yes: &str| format!("y_true,y_score\n{yes},0.9\n{no},0.2\n{yes},0.4\n{no},0.6\n");
    let sandbox = Sandbox::with("numbers.csv", rows("0", "1"));
    sandbox.file("truth.csv", rows("False", "True"));
    let compared = sandbox.json("compare numbers.csv truth.csv --format json");
    assert_eq!(compared["auc"][0], compared["auc"][1]);
    sandbox.ok("report numbers.csv truth.csv -o report.html");
    sandbox.ok("choose numbers.csv --maximize recall --subject-to precision>=0.5 --validate truth.csv --save \
        point.json");
    sandbox.ok("check point.json truth.csv");
    sandbox.ok("sweep truth.csv --positive 1");
    sandbox.ok("sweep numbers.csv --positive true");
}

#[test]
fn words_for_a_missing_value_are_no_classes_unless_named() {
    refused(
        "evaluate",
        "nan_label.csv",
        "--predicted y_pred",
        "line 4, column `y_true`: must be a class, got \"NaN\", a word for a missing value",
    );
    let matrix = evaluated("nan_label.csv", "--predicted y_pred --labels cat,dog,NaN");
    assert_eq!(matrix["labels"], json!(["cat", "dog", "NaN"]));
    let message =
        "line 3, column `y_true`: must be a class, got \"NA\", a word for a missing value";
    for command in [
        "evaluate",
        "sweep",
        "choose --maximize f1",
        "curve roc",
        "moves --from 0.5 --to 0.3",
    ] {
        refused(command, "na_binary.csv", "--positive yes", message);
        let path = case("na_binary.csv");
        Sandbox::new().ok(&format!(
            "{command} {} --positive yes --labels NA,yes",
            path.display()
        ));
    }
    for word in ["nan", "N/A", "null", "None", "NULL", "<NA>", "NaN"] {
        let sandbox = Sandbox::with("a.csv", format!("x,y\n1,yes\n2,no\n3,{word}\n"));
        fails(
            &sandbox,
            "fit a.csv -o m.json --positive yes",
            1,
            "a word for a missing value",
        );
        sandbox.file("b.csv", format!("x,y\n1,yes\n2.5,{word}\n3,yes\n"));
        sandbox.ok(&format!(
            "fit b.csv -o m.json --positive yes --labels yes,{word}"
        ));
        sandbox.ok("predict m.json b.csv -o scores.csv");
    }
    // Classes that were named leave no room for others.
    let path = case("check_a.csv");
    let line = format!(
        "sweep {} --positive spam --labels spam,eggs",
        path.display()
    );
    let message = "line 4, column `y_true`: must be one of the classes `spam`, `eggs`, got `ham`";
    fails(&Sandbox::new(), &line, 1, message);
}

#[test]
fn a_label_does_not_depend_on_other_rows() {
    // Two codes that begin with zeros, and a number: three classes whether or not a word follows.
    for last in ["1", "A1"] {
        let rows = format!("y_true,y_pred\n01,01\n1,1\n001,001\n1.0,1\n{last},{last}\n");
        let sandbox = Sandbox::with("a.csv", rows);
        let matrix = sandbox.json("evaluate a.csv --predicted y_pred --format json");
        let n_classes = matrix["labels"].as_array().unwrap().len();
        assert_eq!(n_classes, if last == "1" { 3 } else { 4 }, "{last}");
        assert_eq!(matrix["accuracy"], json!(1.0), "{last}");
    }
    // From 2^53 on, a number with a point may have been another.
    let sandbox = Sandbox::with("a.csv", "y_true,y_pred\n9007199254740993.0,1\n1,1\n");
    fails(
        &sandbox,
        "evaluate a.csv --predicted y_pred",
        1,
        "got \"9007199254740993.0\"",
    );
}

#[test]
fn a_number_with_a_fraction_is_no_label_whatever_stands_beside_it() {
    for (label, more) in [
        ("0.5", ""),
        ("9007199254740993.0", ", which may have been rounded"),
        ("1e+16", ", which may have been rounded"),
    ] {
        for beside in ["1", "ill", "true"] {
            let scores = format!(
                "x,y_true,y_score,y_pred\n1,{beside},0.5,{beside}\n2,{label},0.25,{beside}\n"
            );
            let sandbox = Sandbox::with("a.csv", scores);
            let message = format!(
                "a.csv, line 3, column `y_true`: must be a class label (a whole number or text), \
                 got \"{label}\"{more}\n\
                 hint: a label is a class, no amount; if it is one, name all classes with `--labels A,B`"
            );
            let positive = format!("--positive {beside}");
            let labels = format!("--labels {beside},{label}");
            for line in [
                "evaluate a.csv",
                "evaluate a.csv --predicted y_pred",
                "sweep a.csv",
                "moves a.csv --from 0.5 --to 0.3",
                "choose a.csv --maximize f1",
                "curve roc a.csv",
                "report a.csv -o report.html",
                "compare a.csv a.csv --threshold 0.3",
                "fit a.csv --target y_true --features x,y_score -o m.json",
            ] {
                let line = if line.contains("--predicted") {
                    line.to_owned()
                } else {
                    format!("{line} {positive}")
                };
                fails(&sandbox, &line, 1, &message);
                sandbox.ok(&format!("{line} {labels}"));
            }
            let line = "split a.csv --stratify --target y_true --train train.csv --test test.csv --test-size 1";
            fails(&sandbox, line, 1, &message);
        }
    }
}

#[test]
fn a_row_index_is_no_feature() {
    let sandbox = Sandbox::new();
    let (unnamed, noname) = (case("unnamed0.csv"), case("noname.csv"));
    let (unnamed, noname) = (unnamed.display(), noname.display());
    let message = "column 1 is called `Unnamed: 0`, as pandas calls a row index, not a feature";
    fails(&sandbox, &format!("fit {unnamed} -o m.json"), 1, message);
    let message = "column 1 has no name, as pandas writes a row index, not a feature";
    fails(&sandbox, &format!("fit {noname} -o m.json"), 1, message);
    for line in [
        format!("fit {unnamed} -o m.json --features x"),
        format!("fit {noname} -o m.json --features x"),
    ] {
        let fitted = sandbox.json(&format!("{line} --format json"));
        assert_eq!(fitted["features"], json!(["x"]), "{line}");
    }
    let dropped = [
        "fit",
        &unnamed.to_string(),
        "-o",
        "m.json",
        "--drop",
        "Unnamed: 0",
    ];
    assert_eq!(sandbox.run(&dropped).code, Some(0));
    sandbox.ok(&format!("predict m.json {unnamed} -o scores.csv"));

    sandbox.file(
        "ids.csv",
        "id,x,y\n13,0.5,1\n11,1.5,0\n12,0.1,1\n15,0.7,0\n14,0.2,1\n",
    );
    let run = sandbox.run(&["fit", "ids.csv", "-o", "m.json"]);
    assert!(
        run.stderr.contains("`id` only counts the rows"),
        "{}",
        run.stderr
    );
    let run = sandbox.run(&["fit", "ids.csv", "-o", "m.json", "--drop", "id"]);
    assert!(!run.stderr.contains("counts the rows"), "{}", run.stderr);
    fails(
        &sandbox,
        "fit ids.csv -o m.json --drop ids",
        1,
        "there is no column `ids` (did you mean `id`?)",
    );
    fails(
        &sandbox,
        "fit ids.csv -o m.json --features x,y",
        1,
        "cannot be both the target and a feature",
    );
    fails(
        &sandbox,
        "fit ids.csv -o m.json --features x --drop id",
        2,
        "cannot be used with",
    );
    fails(
        &sandbox,
        "fit ids.csv -o m.json --features x,id,x",
        1,
        "column `x` is named twice as a feature",
    );
    // Nobody is told to drop what was named.
    let run = sandbox.run(&["fit", "ids.csv", "-o", "m.json", "--features", "id,x"]);
    let warning = "warning: `id` only counts the rows, and a model learns their order from it: leave it out of \
        `--features`\n";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
    // A count that `split` took rows out of, upwards or downwards, is one; what stands still or turns is none.
    let gaps = [0, 2, 3, 7, 11, 12];
    let rows = gaps.iter().enumerate().map(|(place, gap)| {
        let turned = if place == 5 { 4 } else { *gap };
        let still = gap / 3;
        let half = f64::from(*gap) / 2.0;
        format!("{gap},{},{turned},{still},{half},{}\n", -gap, place % 2)
    });
    let header = "row,down,turned,still,half,y\n";
    sandbox.file("thinned.csv", header.to_owned() + &rows.collect::<String>());
    let run = sandbox.run(&["fit", "thinned.csv", "-o", "m.json"]);
    let counters = run
        .stderr
        .lines()
        .filter(|line| line.contains("only counts the rows"));
    let counters = counters.map(|line| line.split('`').nth(1).unwrap());
    assert_eq!(counters.collect::<Vec<_>>(), ["row", "down"]);
}

#[test]
fn rows_of_one_class_are_evaluated() {
    // Two rows of class 5, one of them found.
    let matrix = evaluated("i5.csv", "--positive 5");
    assert_eq!(matrix["confusion_matrix"], json!([[0, 0], [1, 1]]));
    assert_eq!(matrix["recall"], json!(0.5));
    // Two rows of ham, one of them taken for spam.
    let matrix = evaluated("nopos.csv", "--positive spam");
    assert_eq!(matrix["confusion_matrix"], json!([[1, 1], [0, 0]]));
    assert_eq!(matrix["recall"], json!(null));
    assert_eq!(matrix["labels"], json!(["ham", "spam"]));
}

#[test]
fn a_day_without_positives_breaks_no_point() {
    let sandbox = Sandbox::new();
    let (chosen, quiet) = (case("check_a.csv"), case("check_b_nopos.csv"));
    let (chosen, quiet) = (chosen.display(), quiet.display());
    let choose = format!("choose {chosen} --positive spam --maximize recall");
    sandbox.ok(&format!(
        "{choose} --subject-to recall>=0.9 --save recall.json"
    ));
    let message = "recall.json cannot be judged on";
    fails(&sandbox, &format!("check recall.json {quiet}"), 4, message);
    sandbox.ok(&format!("check recall.json {chosen}"));
    // What only needs rows of the other class is judged.
    sandbox.ok(&format!("{choose} --subject-to fpr<=0.5 --save fpr.json"));
    let run = sandbox.run(&["check", "fpr.json", &quiet.to_string()]);
    assert!([Some(0), Some(3)].contains(&run.code), "{run:?}");
    assert!(run.stderr.contains("no row is of class `spam`"), "{run:?}");
}

#[test]
fn files_that_call_the_classes_otherwise_show_both() {
    let rows = |positive: &str, negative: &str| {
        let rows = [
            (positive, 0.9),
            (negative, 0.2),
            (positive, 0.4),
            (negative, 0.6),
        ];
        let rows = rows.map(|(label, score)| format!("r{score},{label},{score}\n"));
        format!("id,y_true,y_score\n{}", rows.concat())
    };
    let sandbox = Sandbox::with("number.csv", rows("1", "0"));
    sandbox.file("word.csv", rows("yes", "no"));
    sandbox.file("bool.csv", rows("true", "false"));
    sandbox.file("other.csv", rows("1", "2"));
    let words = "error: number.csv has the classes `0`, `1` and word.csv `no`, `yes`: both must call a class the same";
    for line in [
        "compare number.csv FILE",
        "compare number.csv FILE --id id",
        "choose number.csv --maximize f1 --validate FILE",
        "report number.csv FILE -o r.html",
        "curve roc number.csv FILE",
    ] {
        sandbox.fails(&line.replace("FILE", "word.csv"), 1, words);
        // {0, 1} and {false, true} are one vocabulary.
        sandbox.ok(&line.replace("FILE", "bool.csv"));
        if std::fs::exists(sandbox.path("r.html")).unwrap() {
            std::fs::remove_file(sandbox.path("r.html")).unwrap();
        }
    }
    // Rows that are not positive are called otherwise.
    sandbox.file("sign.csv", rows("1", "-1"));
    let signs = "error: number.csv has the classes `0`, `1` and sign.csv `-1`, `1`: both must call a class the same";
    sandbox.fails("curve roc number.csv sign.csv", 1, signs);
    sandbox.fails(
        "curve roc number.csv bool.csv sign.csv -o roc.svg",
        1,
        signs,
    );
    sandbox.file("quiet.csv", "y_true,y_score\n-1,0.9\n-1,0.2\n");
    let message = "error: number.csv has the classes `0`, `1` and quiet.csv `-1`: both must call a class the same";
    fails(&sandbox, "curve roc quiet.csv number.csv", 1, message);
    sandbox.fails(
        "choose number.csv --maximize f1 --positive 1 --validate other.csv",
        1,
        "error: number.csv has the classes `0`, `1` and other.csv `1`, `2`: both must call a class the same",
    );
}

#[test]
fn truth_values_are_no_class_among_other_numbers() {
    // scikit-learn counts 2 == True as a class of its own and False as 0; here neither column says what the other
    // means.
    let sandbox = Sandbox::new();
    for (labels, named) in [
        (["0", "1", "2"], "`0`, `1`, `2`"),
        (["-1", "1", "-1"], "`-1`, `1`"),
    ] {
        let rows = labels.iter().zip(["False", "True", "True"]);
        let forth = rows
            .clone()
            .map(|(label, call)| format!("{label},{call}\n"));
        let back = rows.map(|(label, call)| format!("{call},{label}\n"));
        let csv = |rows: String| format!("y_true,y_pred\n{rows}");
        sandbox.file("forth.csv", csv(forth.collect()));
        sandbox.file("back.csv", csv(back.collect()));
        for (file, both) in [
            ("forth.csv", format!("{named} and `false`, `true`")),
            ("back.csv", format!("`false`, `true` and {named}")),
        ] {
            let run = sandbox.run(&["evaluate", file, "--predicted", "y_pred"]);
            assert_eq!(run.code, Some(1), "{}", run.stdout);
            assert!(
                run.stderr
                    .contains(&format!("labels must have the same classes, got {both}")),
                "{}",
                run.stderr
            );
        }
    }
}

#[test]
fn an_index_that_was_written_twice_is_an_index() {
    let rows = (0..20).map(|row| format!("{row},{row},{},{}\n", row % 7, row / 10));
    let text = format!("Unnamed: 0.1,Unnamed: 0,x,y\n{}", rows.collect::<String>());
    let sandbox = Sandbox::with("u.csv", text);
    let run = sandbox.run(&["fit", "u.csv", "--drop", "Unnamed: 0", "-o", "m.json"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("`Unnamed: 0.1`"), "{}", run.stderr);
}
