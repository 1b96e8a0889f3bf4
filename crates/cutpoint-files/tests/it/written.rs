//! What is written as Parquet or `.npy` reads back as it was, bit for bit, whatever the steps it was written in.

use cutpoint_core::{Dataset, Label, Labels, Scores};
use cutpoint_files::{
    DatasetWriter, Error, FeatureReader, Features, IndexSet, Output, PredictedWriter, ScoreColumns,
    ScoreWriter, read_dataset, read_features, read_indices, read_predicted, read_scores,
    write_dataset, write_indices, write_scores, write_sweep,
};
use cutpoint_metrics::sweep;
use ndarray::{Array2, array, s};
use proptest::prelude::*;

use crate::{Sandbox, message};

/// Numbers that are hard to print.
const HARD: [f64; 8] = [
    5e-324,
    f64::MAX,
    f64::MIN,
    0.1 + 0.2,
    0.3,
    -0.0,
    1e16,
    9_007_199_254_740_994.0,
];

fn bits<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> Vec<u64> {
    numbers.into_iter().map(|number| number.to_bits()).collect()
}

#[test]
fn data_sets_of_every_kind_of_label() {
    let sandbox = Sandbox::new();
    let x = Array2::from_shape_vec((4, 2), HARD.to_vec()).unwrap();
    for y in [
        Labels::from_integers(&[i64::MIN, 7, i64::MAX, 7]),
        Labels::parse(&["true", "false", "true", "true"]).unwrap(),
        Labels::from_texts(&["a,b", "ü", " b", "a,b"]),
    ] {
        let names = vec!["first, quoted".to_owned(), "second".to_owned()];
        let data = Dataset::new(x.clone(), y)
            .unwrap()
            .with_names(names, "class")
            .unwrap();
        let path = sandbox.path("data.parquet");
        let mut output = Output::create_table(&path).unwrap();
        write_dataset(&mut output, &data).unwrap();
        assert!(!path.exists());
        output.commit().unwrap();
        let back = read_dataset(&path, "class").unwrap();
        assert_eq!(back, data);
        assert_eq!(bits(back.x()), bits(data.x()));
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn large_data_sets_are_the_same_in_every_step() {
    // More rows than a part has when read, and more values than a row group takes: 70 columns make groups of 239,674.
    let (n_samples, n_features) = (250_000, 69);
    let x = Array2::from_shape_fn((n_samples, n_features), |(row, column)| {
        1.0 / (1.0 + row as f64) + column as f64
    });
    let labels = (0..n_samples).map(|row| i64::from(row % 3 == 1));
    let y = Labels::from_integers(&labels.collect::<Vec<_>>());
    let data = Dataset::new(x, y).unwrap();
    let sandbox = Sandbox::new();
    let path = sandbox.path("data.pq");
    let mut output = Output::create_table(&path).unwrap();
    let mut writer = DatasetWriter::new(&mut output, data.feature_names(), "y").unwrap();
    for first in (0..n_samples).step_by(100_003) {
        let rows = (first..n_samples.min(first + 100_003)).collect::<Vec<_>>();
        writer.write(&data.select(&rows).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    output.commit().unwrap();
    assert!(read_dataset(&path, "y").unwrap() == data);
    let names = ["x68".to_owned(), "x3".to_owned()];
    let features = read_features(&path, &names, "y").unwrap();
    assert!(features.x().column(0) == data.x().column(68));
    assert_eq!(features.y(), Some(data.y()));
}

#[test]
fn matrices() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("data.npy");
    let y = Labels::parse(&["true", "false", "true", "true"]).unwrap();
    let x = Array2::from_shape_vec((4, 2), HARD.to_vec()).unwrap();
    let mut output = Output::create_table(&path).unwrap();
    write_dataset(&mut output, &Dataset::new(x, y).unwrap()).unwrap();
    output.commit().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let mut expected = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    expected.extend(b"{'descr': '<f8', 'fortran_order': False, 'shape': (4, 3), }");
    expected.resize(127, b' ');
    expected.push(b'\n');
    for (row, label) in HARD.chunks(2).zip([1.0, 0.0, 1.0, 1.0_f64]) {
        for number in row.iter().chain([&label]) {
            expected.extend(number.to_le_bytes());
        }
    }
    assert_eq!(bytes, expected);

    let check_refused = |expected: &str, write: &dyn Fn(&mut Output) -> Result<(), Error>| {
        let path = sandbox.path("refused.npy");
        let mut output = Output::create_table(&path).unwrap();
        let error = write(&mut output).unwrap_err();
        assert_eq!(message(&error, &path), format!("FILE, column {expected}"));
        drop(output);
        assert_eq!(sandbox.listing(), ["data.npy"]);
    };
    let text = Labels::from_texts(&["a"]);
    check_refused(
        "`y_true`: an .npy file holds numbers, and this is text; .csv and .parquet hold both",
        &|output| write_scores(output, Some(&text), &[0.5]),
    );
    check_refused(
        "`y_score`: must be finite to be written, got inf",
        &|output| write_scores(output, None, &[0.5, f64::INFINITY]),
    );
    let scores = Scores::new(vec![true, false], vec![0.5, 0.25]).unwrap();
    let rows = sweep(&scores).rows().collect::<Vec<_>>();
    check_refused(
        "`threshold`: an .npy file has no empty fields; .csv and .parquet have",
        &|output| write_sweep(output, &rows, false, &[]),
    );
}

#[test]
fn scores_predictions_sweeps_and_indices() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("scores.parquet");
    let y_true = Labels::from_integers(&[0, 1, 1, 0, 1, 0, 0, 0]);
    let mut output = Output::create_table(&path).unwrap();
    let mut writer = ScoreWriter::new(&mut output, true).unwrap();
    for rows in [0..3, 3..3, 3..8] {
        let labels = y_true.select(&rows.clone().collect::<Vec<_>>()).unwrap();
        writer.write(Some(&labels), &HARD[rows]).unwrap();
    }
    writer.finish().unwrap();
    output.commit().unwrap();
    let back = read_scores(&path, &ScoreColumns::default()).unwrap();
    let expected = Scores::new(y_true.is(&1.into()), HARD.to_vec()).unwrap();
    assert_eq!(bits(back.scores().score()), bits(expected.score()));
    assert_eq!(back.scores(), &expected);

    let classes = ["a", "b", "c"].map(Label::from);
    let y_true = Labels::from_texts(&["a", "c", "b"]);
    let y_pred = Labels::from_codes(vec![2, 2, 0], classes.to_vec()).unwrap();
    let probabilities = array![[0.2, 0.2, 0.6], [0.0, 0.0, 1.0], [0.5, 0.25, 0.25]];
    let mut output = Output::create_table(&path).unwrap();
    let mut writer = PredictedWriter::new(&mut output, true, &classes).unwrap();
    for rows in [0..1, 1..3] {
        let indices = rows.clone().collect::<Vec<_>>();
        let labels = [&y_true, &y_pred].map(|labels| labels.select(&indices).unwrap());
        let probabilities = probabilities.slice(s![rows, ..]);
        writer
            .write(Some(&labels[0]), &labels[1], probabilities)
            .unwrap();
    }
    writer.finish().unwrap();
    output.commit().unwrap();
    let back = read_predicted(&path, "y_true", "y_pred", Some("p_c")).unwrap();
    assert_eq!((back.y_true(), back.y_pred()), (&y_true, &y_pred));
    assert_eq!(back.weight(), Some(&[0.6, 1.0, 0.25][..]));

    // 0.75: tp. 0.5: fp and tp, tied. The first row has no threshold and no precision, and both are null.
    let scores = Scores::new(vec![true, false, true], vec![0.75, 0.5, 0.5]).unwrap();
    let rows = sweep(&scores).rows().collect::<Vec<_>>();
    let metrics = ["precision", "recall"].map(|name| name.parse().unwrap());
    let mut output = Output::create_table(&path).unwrap();
    write_sweep(&mut output, &rows, false, &metrics).unwrap();
    output.commit().unwrap();
    let names = ["tp", "fp", "fn", "tn", "recall"].map(str::to_owned);
    let features = read_features(&path, &names, "").unwrap();
    assert_eq!(
        features.x(),
        array![
            [0.0, 0.0, 2.0, 1.0, 0.0],
            [1.0, 0.0, 1.0, 1.0, 0.5],
            [2.0, 1.0, 0.0, 0.0, 1.0]
        ]
    );
    for name in ["threshold", "precision"] {
        let error = read_features(&path, &[name.to_owned()], "").unwrap_err();
        let expected = format!("FILE, row 0 (counted from 0), column `{name}`: must not be null");
        assert_eq!(message(&error, &path), expected);
    }

    let sets = [
        IndexSet::new("train", vec![3, 0, 4]),
        IndexSet::new("test", vec![2, 1]),
    ];
    let mut output = Output::create_table(&path).unwrap();
    write_indices(&mut output, &sets).unwrap();
    output.commit().unwrap();
    assert_eq!(read_indices(&path).unwrap(), sets);
}

#[test]
fn labels_keep_their_kind() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("scores.parquet");
    let mut output = Output::create_table(&path).unwrap();
    let mut writer = ScoreWriter::new(&mut output, true).unwrap();
    writer
        .write(Some(&Labels::from_integers(&[1])), &[0.5])
        .unwrap();
    let error = writer
        .write(Some(&Labels::from_texts(&["a"])), &[0.5])
        .unwrap_err();
    assert_eq!(
        message(&error, &path),
        "FILE, column `y_true`: labels must be all whole numbers, all truth values or all text"
    );
    // A CSV file whose labels turn out to be text only after a block was handed on.
    let mut content = "x,y\n".to_owned();
    content.push_str(&"0.123456789,1\n".repeat(200_000));
    content.push_str("0.5,x\n");
    let path = sandbox.file("data.csv", content);
    let mut reader = FeatureReader::open(&path, &["x".to_owned()], "y").unwrap();
    let first = reader.next_block().unwrap().unwrap();
    assert_eq!(first.y().unwrap().classes(), [Label::Integer(1)]);
    let error = reader.next_block().unwrap_err();
    assert_eq!(
        message(&error, &path),
        "FILE, line 200002, column `y`: must be a whole number, as in the rows before, got \"x\""
    );
    assert_eq!(reader.next_block().unwrap(), None);
}

#[test]
fn blocks_of_features_are_the_whole() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("data.parquet");
    let x = Array2::from_shape_fn((300_001, 1), |(row, _)| row as f64);
    let labels = (0..300_001).map(|row| if row < 200_000 { "b" } else { "a" });
    let y = Labels::from_texts(&labels.collect::<Vec<_>>());
    let data = Dataset::new(x, y).unwrap();
    let mut output = Output::create_table(&path).unwrap();
    write_dataset(&mut output, &data).unwrap();
    output.commit().unwrap();
    let mut reader = FeatureReader::open(&path, data.feature_names(), "y").unwrap();
    assert!(reader.has_target());
    let mut blocks = Vec::<Features>::new();
    while let Some(block) = reader.next_block().unwrap() {
        blocks.push(block);
    }
    assert!(blocks.len() > 1);
    let rows = blocks.iter().flat_map(|block| block.x().iter());
    assert!(rows.eq(data.x()));
    let labels = blocks.iter().flat_map(|block| block.y().unwrap().iter());
    assert!(labels.eq(data.y().iter()));
    assert_eq!(reader.progress().rows_read(), 300_001);
}

proptest! {
    #[test]
    fn any_finite_number_keeps_its_bits(
        numbers in prop::collection::vec(any::<f64>().prop_filter("finite", |x| x.is_finite()), 1..50),
        text in "[a-z ,\"\r\nüA]{1,6}x",
    ) {
        let sandbox = Sandbox::new();
        let path = sandbox.path("data.parquet");
        let x = Array2::from_shape_vec((numbers.len(), 1), numbers.clone()).unwrap();
        let data = Dataset::new(x, Labels::from_texts(&vec![text; numbers.len()])).unwrap();
        let mut output = Output::create_table(&path).unwrap();
        write_dataset(&mut output, &data).unwrap();
        output.commit().unwrap();
        let back = read_dataset(&path, "y").unwrap();
        prop_assert_eq!(bits(back.x()), bits(&numbers));
        prop_assert_eq!(back.y(), data.y());
    }
}
