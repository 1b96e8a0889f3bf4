//! What a field is worth, in every format, and files that lie.

use serde_json::Value;

use super::case;
use crate::Sandbox;

/// The four counts of `evaluate` at a threshold: tn, fp, fn, tp.
#[track_caller]
fn counts(sandbox: &Sandbox, file: &str, threshold: &str) -> Vec<u64> {
    let line = format!("evaluate {file} --threshold={threshold} --format json");
    let json = sandbox.json(&line);
    let matrix = json["confusion_matrix"].as_array().unwrap();
    let cells = matrix.iter().flat_map(|row| row.as_array().unwrap());
    cells.map(|cell| cell.as_u64().unwrap()).collect()
}

#[test]
fn a_short_float_is_what_its_shortest_decimal_names() {
    let sandbox = Sandbox::new();
    for name in ["f64.csv", "f32.parquet", "f32.npy", "f16.parquet"] {
        let path = case(name);
        // Scores 0.3, 0.1, 0.7, 0.3, 0.5, 0.2 of labels 1, 0, 1, 0, 1, 0: at 0.7 the one score of 0.7 counts, as in
        // NumPy 2 and polars, `(np.float32([0.7]) >= 0.7).all()`; at 0.3 both of 0.3.
        let path = path.to_str().unwrap();
        assert_eq!(counts(&sandbox, path, "0.7"), [3, 0, 2, 1], "{name}");
        assert_eq!(counts(&sandbox, path, "0.3"), [2, 1, 0, 3], "{name}");
        sandbox.ok(&format!("sweep {path} -o sweep.csv"));
        let table = sandbox.text("sweep.csv");
        let thresholds = table.lines().skip(1).map(|line| line.split(',').next());
        let thresholds = thresholds.map(Option::unwrap).collect::<Vec<_>>();
        let expected = ["", "0.7", "0.5", "0.3", "0.2", "0.1"];
        assert_eq!(thresholds, expected, "{name}");
    }
}

/// Seeded pseudo-random numbers, by Steele, Lea & Flood (2014), *Fast splittable pseudorandom number generators*.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u16) -> u16 {
        u16::try_from(self.next() % u64::from(n)).unwrap()
    }
}

/// An `.npy` matrix of 32-bit floats, as NumPy writes it.
fn npy(rows: &[[f32; 2]]) -> Vec<u8> {
    let text = format!(
        "{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, 2), }}",
        rows.len()
    );
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend_from_slice(format!("{text:<117}\n").as_bytes());
    bytes.extend(
        rows.iter()
            .flatten()
            .flat_map(|number| number.to_le_bytes()),
    );
    bytes
}

/// Names of one length, so that tables are of one width.
fn named(format: &str) -> &'static str {
    match format {
        "csv" => "scores_0.csv",
        "npy" => "scores_0.npy",
        _ => "scor.parquet",
    }
}

#[test]
fn a_column_of_short_floats_counts_the_same_in_every_format() {
    let n_sets = if std::env::var_os("CUTPOINT_SLOW_TESTS").is_some() {
        40
    } else {
        8
    };
    for seed in 0..n_sets {
        let mut random = SplitMix(seed);
        let sandbox = Sandbox::new();
        let n_rows = 12 + usize::from(random.below(30));
        let mut rows = Vec::new();
        for row in 0..=n_rows {
            let is_positive = row % 3 == 0;
            // Decimals in half of the sets, any floats in the others.
            let score = if seed % 2 == 0 {
                f32::from(random.below(100)) / 100.0
            } else {
                f32::from(random.below(u16::MAX)) / 65_537.0
            };
            let score = if is_positive { score.sqrt() } else { score };
            rows.push([f32::from(u8::from(is_positive)), score]);
        }
        sandbox.file("all.npy", npy(&rows));
        // Whole copies of all rows but the last: as they stand, and typed.
        for format in ["npy", "parquet"] {
            sandbox.ok(&format!(
                "split all.npy --no-shuffle --train-size {n_rows} --test-size 1 --train {} --test rest.{format}",
                named(format)
            ));
        }
        rows.pop();
        let mut csv = String::from("y_true,y_score\n");
        for [label, score] in &rows {
            csv.push_str(&format!("{label},{score}\n"));
        }
        sandbox.file(named("csv"), &csv);
        assert_eq!(
            std::fs::read(sandbox.path(named("npy"))).unwrap(),
            npy(&rows)
        );

        let [_, from] = rows[usize::from(random.below(10))];
        let [_, to] = rows[usize::from(random.below(10))];
        // Matrices of floats have no names: theirs are `x0` and `y` for `split`.
        let columns = |format: &str| match format {
            "parquet" => " --label x0 --score y",
            _ => "",
        };
        let mut first = None;
        for format in ["csv", "npy", "parquet"] {
            let (file, columns) = (named(format), columns(format));
            let mut said = Vec::new();
            for line in [
                format!("evaluate {file} --threshold={from}"),
                format!("moves {file} --from={from} --to={to}"),
                format!("choose {file} --maximize f1 --save point.json"),
                format!("check point.json {file}"),
                format!("compare {file} {file} --threshold={to} --bootstrap 20"),
                format!("curve roc {file} -o curve.csv"),
                format!("sweep {file} --thresholds {from},0.25,0.5 -o grid.csv"),
                format!("sweep {file} -o sweep.csv"),
                format!("report {file} --threshold={to} -o report.html"),
            ] {
                let text = sandbox.ok(&(line + columns));
                said.push(text);
            }
            for file in ["curve.csv", "grid.csv", "sweep.csv"] {
                said.push(sandbox.text(file));
            }
            // The numbers in the page; beside them stands what the file is called.
            let page = sandbox.text("report.html");
            let (_, data) = page.split_once("id=\"data\">").unwrap();
            let (data, _) = data.split_once("</script>").unwrap();
            let data = serde_json::from_str::<Value>(data).unwrap();
            said.push(data["thresholds"].to_string());
            said.push(data["models"][0]["series"].to_string());
            for text in &mut said {
                *text = text
                    .replace(file, "FILE")
                    .replace("x0", "y_true")
                    .replace("\"y\"", "\"y_score\"");
            }
            // Commands with an output say little; all others, and the tables, say much.
            let n_long = said.iter().filter(|text| text.len() > 100).count();
            assert!(n_long >= 9, "{n_long} texts were compared");
            let first = first.get_or_insert_with(|| said.clone());
            for (said, expected) in said.iter().zip(first) {
                assert_eq!(said, expected, "set {seed}, {format}");
            }
        }
    }
}

#[test]
fn copies_of_short_floats_stay_short() {
    let sandbox = Sandbox::new();
    let rows = [[1.0, 0.7], [0.0, 0.1], [1.0, 3e7], [0.0, 1e-30]];
    sandbox.file("all.npy", npy(&rows));
    let split = |from: &str, n_rows: usize, to: &str| {
        sandbox.ok(&format!(
            "split {from} --no-shuffle --train-size {n_rows} --test-size 1 --train {to} --test rest-{to}"
        ));
    };
    split("all.npy", 3, "a.parquet");
    split("a.parquet", 2, "b.parquet");
    split("b.parquet", 1, "c.csv");
    split("b.parquet", 1, "d.npy");
    // pandas 3.1: `pd.DataFrame(…, dtype="float32").to_csv()`.
    assert_eq!(sandbox.text("rest-c.csv"), "x0,y\n0.0,0.1\n");
    // Records of two 32-bit floats.
    let records = std::fs::read(sandbox.path("d.npy")).unwrap();
    assert!(String::from_utf8_lossy(&records).contains("[('x0', '<f4'), ('y', '<f4')]"));
    assert!(records.ends_with(&[1.0_f32.to_le_bytes(), 0.7_f32.to_le_bytes()].concat()));
}

#[test]
fn halves_are_copied_as_halves() {
    let sandbox = Sandbox::new();
    let path = case("f16.parquet");
    let split = |from: &str, n_rows: usize, to: &str| {
        sandbox.ok(&format!(
            "split {from} --no-shuffle --train-size {n_rows} --test-size 1 --train {to} --test rest-{to}"
        ));
    };
    split(path.to_str().unwrap(), 5, "a.npy");
    let records = std::fs::read(sandbox.path("a.npy")).unwrap();
    assert!(String::from_utf8_lossy(&records).contains("('y_score', '<f2')"));
    split("a.npy", 4, "b.parquet");
    split("b.parquet", 3, "c.csv");
    assert_eq!(
        sandbox.text("c.csv"),
        "y_true,y_score\n1,0.3\n0,0.1\n1,0.7\n"
    );
}

#[test]
fn files_that_lie_are_one_message() {
    let sandbox = Sandbox::new();
    let pages = "a page does not have as many bytes as values";
    let dictionary = "a page refers to a dictionary that is not there";
    let large = "a page claims to be larger than its bytes can be";
    // What pyarrow 26 says of each stands beside it; `bomb` took 2.1 GB here, `panic` files printed the decoder's
    // panic, and the others were read as something else.
    for (name, why) in [
        // "Page didn't decompress to expected size, expected: 2147483647, but got:38"
        ("bomb", large),
        // Read with `page_checksum_verification=True`: "could not verify page integrity, CRC checksum verification
        // failed".
        ("crc_bad", "Page CRC checksum mismatch"),
        // "Dictionary page must be before data page."
        ("panic-1-1-311", dictionary),
        ("panic-1-1-766", dictionary),
        ("panic-2-2-1431", dictionary),
        // "Unexpected end of stream: Decoded values 4 does not match expected 37"
        ("panic-2-2-1571", pages),
        // "ByteStreamSplit data size 10 not aligned with type DOUBLE and byte width: 8"
        ("panic-2-2-2446", pages),
        ("panic-2-2-4067", dictionary),
        ("panic-2-2-4744", dictionary),
        // "Unexpected end of stream"
        ("panic-2-2-8104", pages),
        ("panic-3-3-897", pages),
        ("rss-3-3-8602", large),
        // "ColumnMetaData type does not match ColumnDescriptor physical type: DOUBLE vs. FLOAT"
        (
            "silent-1",
            "a column is of another type than the schema says",
        ),
        // "ByteStreamSplit data size 4 not aligned with type DOUBLE and byte width: 8"
        ("silent-4", pages),
    ] {
        let path = case(&format!("{name}.parquet"));
        let path = path.to_str().unwrap();
        let command = match name {
            // Another column is of lists, which cannot be copied.
            "silent-4" => format!("sweep {path} -o out.csv"),
            _ => format!("split {path} --train train.csv --test test.csv"),
        };
        let message =
            format!("error: {path} is not a whole, valid Parquet file: Parquet error: {why}");
        sandbox.fails(&command, 1, &message);
    }
}

#[test]
fn whole_numbers_that_no_double_holds_are_refused_in_every_format() {
    let sandbox = Sandbox::new();
    // 2^53 + 1: as a double it would be 2^53, the score of another class (roc_auc 0.625 for 0.75).
    for (name, place) in [
        ("bigint.csv", "line 3"),
        ("bigint.parquet", "row 1 (counted from 0)"),
    ] {
        let path = case(name);
        let path = path.to_str().unwrap();
        let message = format!(
            "error: {path}, {place}, column `y_score`: must be a number that a double holds exactly, \
             got \"9007199254740993\""
        );
        sandbox.fails(&format!("sweep {path} -o out.csv"), 1, &message);
    }
    // A weight, an amount and a feature alike. What has a point or an exponent was a double before.
    sandbox.file(
        "a.csv",
        "y_true,y_score,w\n1,0.5,1\n0,0.25,-9007199254740993\n1,9007199254740993.0,9e300\n",
    );
    for line in [
        "evaluate a.csv --weight w --threshold 0.3",
        "choose a.csv --cost fp=w,fn=1",
        "fit a.csv --target y_true -o m.json",
    ] {
        let message = "error: a.csv, line 3, column `w`: must be a number that a double holds exactly, \
            got \"-9007199254740993\"";
        sandbox.fails(line, 1, message);
    }
    sandbox.ok("evaluate a.csv --threshold 0.3");
}

#[test]
fn a_field_means_the_same_in_every_format() {
    let sandbox = Sandbox::new();
    // Truth values are 1 and 0 as numbers.
    for format in ["csv", "parquet"] {
        let path = case(&format!("boolfeat.{format}"));
        let path = path.to_str().unwrap();
        sandbox.ok(&format!("fit {path} --target y -o {format}.json"));
    }
    assert_eq!(sandbox.text("csv.json"), sandbox.text("parquet.json"));
    // An empty group is none.
    for (name, message) in [
        (
            "group_empty.csv",
            "line 4, column `site`: must be the name of a group, got an empty field",
        ),
        (
            "group_null.parquet",
            "row 2 (counted from 0), column `site`: must not be null",
        ),
    ] {
        let path = case(name);
        let path = path.to_str().unwrap();
        let message = format!("error: {path}, {message}");
        sandbox.fails(
            &format!("sweep {path} --group site -o out.csv"),
            1,
            &message,
        );
    }
    // Whole numbers tell rows apart by what they are, however they are written: 1 and 1.0 are one id.
    let paths = ["ids_int.csv", "ids_float.csv", "ids_float.parquet"].map(case);
    let [whole, text, typed] = paths.each_ref().map(|path| path.to_str().unwrap());
    for other in [text, typed] {
        let json = sandbox.json(&format!(
            "compare {whole} {other} --id id --threshold 0.5 --format json"
        ));
        assert_eq!(json["n_samples"], 4, "{json}");
    }
    sandbox.file("gap.csv", "id,y_true,y_score\n1,1,0.9\n,0,0.2\n3,1,0.7\n");
    let message =
        "error: gap.csv, line 3, column `id`: must be what tells a row apart, got an empty field";
    sandbox.fails(
        "compare gap.csv gap.csv --id id --threshold 0.5",
        1,
        message,
    );
}

/// Doubles as ids and groups, some with an exponent, as pandas 3.1.1 (`to_csv`), polars 2.1.0 (`write_csv`,
/// `write_parquet`) and NumPy 2.4.6 (`save`) write them; the rows of each file are in another order.
#[test]
fn a_double_names_the_same_however_it_is_written() {
    let files = [
        "exponents_pandas.csv",
        "exponents_polars.csv",
        "exponents.parquet",
        "exponents.npy",
    ];
    let sandbox = Sandbox::new();
    let tables = files.map(|name| {
        let path = case(name);
        let path = path.to_str().unwrap();
        sandbox.ok(&format!("sweep {path} --group site -o sweep.csv"));
        // Rows that the groups stand in, in the order of the file.
        let json = sandbox.json(&format!(
            "choose {path} --group site --maximize recall --format json"
        ));
        let groups = json["groups"].as_array().unwrap().iter();
        let mut groups = groups
            .map(|group| group["group"].to_string())
            .collect::<Vec<_>>();
        groups.sort();
        let expected = [
            "\"0.00001\"",
            "\"0.0000001\"",
            "\"0.5\"",
            "\"10000000000000000\"",
            "\"100000000000000000000\"",
            "\"3\"",
            "\"36028797018963968\"",
        ];
        let mut expected = expected.map(str::to_owned);
        expected.sort();
        assert_eq!(groups, expected, "{name}");
        sandbox.text("sweep.csv")
    });
    for (other, name) in tables.iter().zip(files) {
        assert_eq!(*other, tables[0], "{name}");
        let paths = [files[0], name].map(case);
        let [first, second] = paths.each_ref().map(|path| path.to_str().unwrap());
        let json = sandbox.json(&format!(
            "compare {first} {second} --id id --threshold 0.5 --format json"
        ));
        assert_eq!(json["n_samples"], 14, "{name}");
        assert_eq!(json["auc"][0], json["auc"][1], "{name}");
    }
}

/// Marks and orders of bytes after the Unicode Standard, 3.10, tables 3-8 to 3-10; names as `iconv` has them.
#[test]
fn text_in_wide_units_is_told_with_its_encoding() {
    let sandbox = Sandbox::new();
    let csv = "y_true,y_score\n1,0.9\n0,0.2\n";
    let units = || csv.encode_utf16();
    let letters = || csv.chars().map(u32::from);
    let little16 = units().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let big16 = units().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    let little32 = letters().flat_map(u32::to_le_bytes).collect::<Vec<_>>();
    let big32 = letters().flat_map(u32::to_be_bytes).collect::<Vec<_>>();
    for (mark, text, encoding) in [
        (&b"\xff\xfe"[..], &little16, "UTF-16"),
        (b"\xfe\xff", &big16, "UTF-16"),
        (b"", &little16, "UTF-16LE"),
        (b"", &big16, "UTF-16BE"),
        (b"\xff\xfe\0\0", &little32, "UTF-32"),
        (b"\0\0\xfe\xff", &big32, "UTF-32"),
        (b"", &little32, "UTF-32LE"),
        (b"", &big32, "UTF-32BE"),
    ] {
        sandbox.file("wide.csv", [mark, text].concat());
        let message = format!(
            "error: wide.csv is read as CSV, but is text in {encoding}\n\
             hint: write it as UTF-8: `iconv -f {encoding} -t UTF-8 FILE > NEW.csv`"
        );
        sandbox.fails("sweep wide.csv -o out.csv", 1, &message);
    }
}

#[test]
fn the_first_bytes_tell_what_a_file_is() {
    let sandbox = Sandbox::new();
    let csv = "y_true,y_score\n1,0.9\n0,0.2\n";
    let parquet = std::fs::read(case("f32.parquet")).unwrap();
    let npy = std::fs::read(case("f32.npy")).unwrap();
    // RFC 1952 and RFC 8878: the first bytes of gzip and zstd.
    sandbox.file(
        "gzip.csv",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x8c",
    );
    sandbox.file("zstd.csv", b"\x28\xb5\x2f\xfd\x24\x1b\xd9\x00\x00\x79");
    sandbox.file("parquet.csv", &parquet);
    sandbox.file("npy.parquet", &npy);
    sandbox.file("csv.parquet", csv);
    sandbox.file("csv.npy", csv);
    sandbox.file("book.csv", b"PK\x03\x04\x14\x00\x06\x00");
    for (name, named, found, hint) in [
        (
            "gzip.csv",
            "CSV",
            "compressed by gzip",
            "decompress it: `gzip -dc FILE | cutpoint … -`",
        ),
        (
            "zstd.csv",
            "CSV",
            "compressed by zstd",
            "decompress it: `zstd -dc FILE | cutpoint … -`",
        ),
        (
            "parquet.csv",
            "CSV",
            "a Parquet file",
            "give it a name that ends in .parquet",
        ),
        (
            "npy.parquet",
            "Parquet",
            "an .npy file",
            "give it a name that ends in .npy",
        ),
        (
            "csv.parquet",
            "Parquet",
            "text",
            "if it is CSV, give it a name that ends in .csv",
        ),
        (
            "csv.npy",
            ".npy",
            "text",
            "if it is CSV, give it a name that ends in .csv",
        ),
        (
            "book.csv",
            "CSV",
            "a zip archive",
            "take out of it the table, as .csv, .parquet or .npy",
        ),
    ] {
        let message = format!("error: {name} is read as {named}, but is {found}\nhint: {hint}");
        sandbox.fails(&format!("sweep {name} -o out.csv"), 1, &message);
    }
    let hint = |name: &str| {
        let path = case(name);
        let run = sandbox.run(&["sweep", path.to_str().unwrap(), "-o", "out.csv"]);
        assert_eq!(run.code, Some(1), "{name}");
        run.stderr.lines().last().unwrap().to_owned()
    };
    assert_eq!(
        hint("latin1.csv"),
        "hint: if it is in Latin-1 or Windows-1252: `iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.csv`"
    );
    assert_eq!(
        hint("euro.csv"),
        "hint: fields are separated by commas, and numbers have points; pandas: \
         `pd.read_csv(FILE, sep=\";\", decimal=\",\").to_csv(NEW, index=False)`"
    );
    assert_eq!(
        hint("tabs.tsv"),
        "hint: fields are separated by commas, and numbers have points; pandas: \
         `pd.read_csv(FILE, sep=\"\\t\").to_csv(NEW, index=False)`"
    );
}

#[test]
fn no_table_has_two_columns_of_one_name() {
    let sandbox = Sandbox::with(
        "s.csv",
        "y_true,y_score\n1,0.9\n0,0.8\n1,0.7\n0,0.2\n1,0.1\n",
    );
    for (line, expected) in [
        (
            "choose s.csv --pareto recall,fp",
            "threshold,tp,fp,fn,tn,recall",
        ),
        ("choose s.csv --pareto tp,fp", "threshold,tp,fp,fn,tn"),
        (
            "choose s.csv --pareto recall,fp --prevalence 0.1",
            "threshold,tp,fp,fn,tn,recall,fp_value",
        ),
        (
            "sweep s.csv --metrics tp,recall",
            "threshold,tp,fp,fn,tn,recall",
        ),
        (
            "sweep s.csv --metrics tp --bounds",
            "threshold,tp,fp,fn,tn,highest,tp_low,tp_high",
        ),
    ] {
        sandbox.ok(&format!("{line} -o t.csv"));
        assert_eq!(
            sandbox.text("t.csv").lines().next(),
            Some(expected),
            "{line}"
        );
    }
    // Once a row, and once where the widest bounds are told.
    let text = sandbox.ok("sweep s.csv --metrics tp,recall --format json");
    for key in ["\"tp\":", "\"recall\":"] {
        assert_eq!(text.matches(key).count(), 7, "{key}");
    }
}
