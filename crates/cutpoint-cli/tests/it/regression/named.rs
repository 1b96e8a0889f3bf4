//! Labels that are numbers: which a narrow column may have rounded, and that a name has every spelling.

use serde_json::json;

use super::{case, check_refused};
use crate::Sandbox;

const ROUNDED: &str = ", which may have been rounded";

#[test]
fn whole_labels_that_a_narrow_float_may_have_rounded_are_refused() {
    // 2^24 + 1 is the first whole number that no float of 32 bits is, and 2^11 + 1 of 16 bits (IEEE 754: 24 and 11
    // binary digits); 2^53 + 2 is in 32 bits 2^53, whose shortest decimal is 9.007199e15.
    for (name, label, positive) in [
        ("labels_f32.parquet", "9007199000000000", "0"),
        ("labels_f32.npy", "16777216", "0"),
        ("labels_f16.npy", "2048", "0"),
    ] {
        let path = case(name);
        let path = path.display();
        let message = format!(
            "column `y_true`: must be a class label (a whole number or text), got \"{label}\"{ROUNDED}"
        );
        for line in [
            "sweep FILE",
            "evaluate FILE",
            "choose FILE --maximize f1",
            "curve roc FILE",
        ] {
            let line = line.replace("FILE", &path.to_string());
            check_refused(&format!("{line} --positive {positive}"), 1, &[&message]);
        }
        // Who names it knows it.
        let sandbox = Sandbox::new();
        let named = format!("evaluate {path} --labels 0,{label} --positive {label} --format json");
        assert_eq!(
            sandbox.json(&named)["labels"],
            json!([0, label.parse::<i64>().unwrap()])
        );
    }
    for (name, label) in [
        ("labels_f32_below.npy", 16_777_215),
        ("labels_f16_below.npy", 2047),
    ] {
        let line = format!(
            "evaluate {} --positive {label} --format json",
            case(name).display()
        );
        let evaluated = Sandbox::new().json(&line);
        assert_eq!(evaluated["labels"], json!([0, label]), "{name}");
        // Rows 0.75 and 0.375 are positive, and 0.5 is a threshold: 1 of either found.
        assert_eq!(
            evaluated["confusion_matrix"],
            json!([[1, 1], [1, 1]]),
            "{name}"
        );
    }
}

#[test]
fn a_number_that_is_named_is_one_class_however_it_is_spelled() {
    let sandbox = Sandbox::new();
    let rows = |label: &str, other: &str| {
        format!("y_true,y_score\n{label},0.9\n{other},0.2\n{label},0.4\n{other},0.6\n")
    };
    // As pandas 3.1.1 writes the column of `labels_1e16.parquet`, and as others do.
    sandbox.file("pandas.csv", rows("1e+16", "0.0"));
    sandbox.file("polars.csv", rows("1e16", "0.0"));
    sandbox.file("digits.csv", rows("10000000000000000.0", "0"));
    let parquet = case("labels_1e16.parquet").display().to_string();
    for name in [
        "1e16",
        "1e+16",
        "1E16",
        "10000000000000000",
        "10000000000000000.0",
    ] {
        let flags = format!("--labels 0,{name} --positive {name}");
        for file in ["pandas.csv", "polars.csv", "digits.csv", &parquet] {
            let evaluated = sandbox.json(&format!("evaluate {file} {flags} --format json"));
            // 0.9 is found of 0.9 and 0.4, and 0.6 is none.
            assert_eq!(
                evaluated["confusion_matrix"],
                json!([[1, 1], [1, 1]]),
                "{file} {name}"
            );
            assert_eq!(evaluated["labels"], json!([0, 10_000_000_000_000_000_i64]));
            sandbox.ok(&format!("sweep {file} {flags}"));
            sandbox.ok(&format!("sweep {file} --positive {name}"));
        }
        sandbox.ok(&format!("compare pandas.csv {parquet} {flags}"));
        sandbox.ok(&format!("compare digits.csv {parquet} {flags}"));
    }
    sandbox.ok(&format!(
        "compare pandas.csv {parquet} --labels 0,1e+16,1e16 --positive 1e16"
    ));
    sandbox.ok(&format!(
        "choose pandas.csv --maximize f1 --positive 1e16 --labels 0,1e16 --validate {parquet} --save p.json"
    ));
    sandbox.ok(&format!("check p.json {parquet}"));
    sandbox.ok("check p.json pandas.csv --positive 1E16");
    // A name that no double is names no double.
    let line = format!("sweep {parquet} --positive 0 --labels 0,10000000000000002");
    check_refused(&line, 1, &[ROUNDED]);
}

#[test]
fn a_fraction_that_is_named_is_one_class_however_it_is_spelled() {
    let sandbox = Sandbox::new();
    let half = case("labels_half.parquet").display().to_string();
    sandbox.file(
        "half.csv",
        "y_true,y_score\n0.50,0.9\n1,0.2\n5e-1,0.4\n1,0.6\n",
    );
    for name in ["0.5", ".5", "0.50", "5e-1", "+0.5"] {
        for file in ["half.csv", &half] {
            // By `--labels` as by `--positive`.
            for flags in [
                format!("--labels {name},1 --positive {name}"),
                format!("--positive {name}"),
            ] {
                let line = format!("evaluate {file} {flags} --format json");
                let evaluated = sandbox.json(&line);
                assert_eq!(evaluated["positive"], json!("0.5"), "{line}");
                assert_eq!(evaluated["recall"], json!(0.5), "{line}");
                sandbox.ok(&format!("sweep {file} {flags}"));
            }
        }
        sandbox.ok(&format!("compare half.csv {half} --positive {name}"));
    }
    let line = "evaluate half.csv --positive 1 --labels 0.5,0.50,1";
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    sandbox.file("fit.csv", "x,y\n1,0.50\n2,1\n2.5,0.5\n3,1\n");
    sandbox.ok("fit fit.csv -o m.json --positive .5");
    sandbox.ok("predict m.json fit.csv -o s.csv");
    sandbox.ok("split fit.csv --stratify --labels 5e-1,1 --train a.csv --test b.csv --test-size 2");
}

#[test]
fn texts_that_look_like_numbers_are_themselves_where_columns_have_types() {
    // Versions: 1.10 is not 1.1.
    let path = case("versions.parquet").display().to_string();
    let sandbox = Sandbox::new();
    for line in ["", " --labels 1.1,1.10"] {
        let line = format!("evaluate {path} --positive 1.10{line} --format json");
        let evaluated = sandbox.json(&line);
        assert_eq!(evaluated["labels"], json!(["1.1", "1.10"]));
        assert_eq!(evaluated["positive"], json!("1.10"));
        assert_eq!(evaluated["confusion_matrix"], json!([[1, 1], [1, 1]]));
    }
    check_refused(
        &format!("sweep {path} --positive 1.10 --labels 1.10,2"),
        1,
        &["must be one of the classes `1.10`, `2`, got `1.1`"],
    );
}
