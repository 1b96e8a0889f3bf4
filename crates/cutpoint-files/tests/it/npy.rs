//! `.npy` files of NumPy read as the same table in CSV reads, and arrays that are no table are told as such.
//!
//! The files are in `tests/golden/files`, made by `tests/golden/generate_files.py`.

use cutpoint_core::{Dataset, Label, Labels};
use cutpoint_files::{
    Output, ScoreColumns, read_dataset, read_features, read_predicted, read_scores, write_dataset,
};
use ndarray::Array2;

use crate::parquet::check_same;
use crate::{Sandbox, golden_file, message};

#[test]
fn every_layout_reads_the_same() {
    let columns = ScoreColumns::default();
    for name in [
        "plain_f8",
        "fortran_f8",
        "plain_f4",
        "big_endian_f8",
        "weighted_f8",
        "structured",
        "aligned",
        "version_2",
        "version_3",
    ] {
        check_same(&format!("{name}.npy"), &columns, false);
    }
    for name in ["structured", "aligned"] {
        check_same(&format!("{name}.npy"), &columns, true);
    }
    let ill = ScoreColumns::default().positive(Some("ill".into()));
    check_same("text_label.npy", &ill, false);
    // The third column of a matrix is called `weight`.
    let weighted = ScoreColumns::default().weight(Some("weight".into()));
    let matrix = read_scores(&golden_file("weighted_f8.npy"), &weighted).unwrap();
    let csv = ScoreColumns::default().weight(Some("w".into()));
    let csv = read_scores(&golden_file("scores.csv"), &csv).unwrap();
    assert_eq!(matrix, csv);
}

#[test]
fn matrices_are_data_sets() {
    let path = golden_file("data.npy");
    let data = read_dataset(&path, "y").unwrap();
    let csv = read_dataset(&golden_file("data.csv"), "y").unwrap();
    assert_eq!(data, csv);
    let bits = |data: &Dataset| data.x().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&data), bits(&csv));
    // A model has its own names for the columns, in their order, with the label behind them or without.
    let names = ["a", "b"].map(str::to_owned);
    let features = read_features(&path, &names, "class").unwrap();
    assert_eq!((features.x(), features.y()), (csv.x(), Some(csv.y())));
    let names = ["a", "b", "c"].map(str::to_owned);
    let features = read_features(&path, &names, "class").unwrap();
    assert_eq!(
        (features.x().column(1), features.y()),
        (csv.x().column(1), None)
    );
    let integers = read_dataset(&golden_file("integers.npy"), "y").unwrap();
    assert_eq!(integers.x().row(7).to_vec(), [7.0, 52.0]);
    let predicted = read_predicted(&golden_file("integers.npy"), "y_true", "y_pred", None).unwrap();
    assert_eq!(predicted.y_pred().label(59), &Label::Integer(0));
}

#[test]
fn large_matrices_keep_their_order() {
    // More rows than a part has.
    let n_samples = 300_001;
    let x = Array2::from_shape_fn((n_samples, 2), |(row, column)| {
        row as f64 + column as f64 / 2.0
    });
    let labels = (0..n_samples).map(|row| i64::from(row % 3 == 1));
    let data = Dataset::new(x, Labels::from_integers(&labels.collect::<Vec<_>>())).unwrap();
    let sandbox = Sandbox::new();
    let path = sandbox.path("data.npy");
    let mut output = Output::create_table(&path).unwrap();
    write_dataset(&mut output, &data).unwrap();
    output.commit().unwrap();
    assert!(read_dataset(&path, "y").unwrap() == data);
}

#[test]
fn arrays_that_are_refused() {
    let columns = ScoreColumns::default();
    let shapes =
        "the shape (n, 2): y_true, y_score; (n, 3): y_true, y_score, weight; or be records";
    for (name, expected) in [
        ("one_axis", format!("FILE: must have {shapes}; got (60,)")),
        (
            "three_axes",
            format!("FILE: must have {shapes}; got (2, 3, 4)"),
        ),
        (
            "complex",
            "FILE, column `y_score`: must hold numbers, got `<c16` values".to_owned(),
        ),
        (
            "object",
            "FILE is not a whole, valid .npy file: it holds Python objects".to_owned(),
        ),
        ("no_rows", "FILE has columns but no rows".to_owned()),
        (
            "nan_score",
            "FILE, row 31 (counted from 0), column `y_score`: must be a finite number, got \"NaN\""
                .to_owned(),
        ),
    ] {
        let path = golden_file(&format!("{name}.npy"));
        let error = read_scores(&path, &columns).unwrap_err();
        assert_eq!(message(&error, &path), expected);
    }
    let path = golden_file("structured.npy");
    let error = read_scores(&path, &columns.clone().score("note")).unwrap_err();
    let expected = "FILE, column `note`: must hold numbers, got text";
    assert_eq!(message(&error, &path), expected);
    let path = golden_file("plain_f8.npy");
    let error = read_features(&path, &["a", "b", "c"].map(str::to_owned), "y").unwrap_err();
    let expected =
        "FILE: must have the shape (n, 3); with the label (n, 4); or be records; got (60, 2)";
    assert_eq!(message(&error, &path), expected);
}

#[test]
fn damaged_files_are_errors_or_tables() {
    let sandbox = Sandbox::new();
    let columns = ScoreColumns::default().positive(Some("1".into()));
    let (mut n_read, mut n_refused) = (0, 0);
    for name in ["plain_f8", "fortran_f8", "structured", "text_label"] {
        let whole = std::fs::read(golden_file(&format!("{name}.npy"))).unwrap();
        for end in [0, 5, 9, 11, 100, 127, 128, whole.len() - 1] {
            let path = sandbox.file("scores.npy", &whole[..end]);
            let message = message(&read_scores(&path, &columns).unwrap_err(), &path);
            assert!(
                message.starts_with("FILE is not a whole, valid .npy file: "),
                "{message}"
            );
        }
        // Every byte of the header and some behind it.
        for index in 0..200 {
            for flipped in [1_u8, 2, 4, 8, 16, 32, 64, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[index] ^= flipped;
                let path = sandbox.file("scores.npy", &bytes);
                match read_scores(&path, &columns) {
                    Ok(_) => n_read += 1,
                    Err(_) => n_refused += 1,
                }
            }
        }
    }
    assert!(
        n_read > 100 && n_refused > 100,
        "{n_read} read, {n_refused} refused"
    );
}
