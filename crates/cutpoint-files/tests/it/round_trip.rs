//! What is written reads back the same, bit for bit; what others write reads as they meant it.

use cutpoint_core::{Dataset, Label, Labels, Scores};
use cutpoint_files::{
    DatasetWriter, IndexSet, Output, Rows, ScoreColumns, read_dataset, read_features, read_indices,
    read_predicted, read_scores, read_weighted_dataset, write_dataset, write_indices,
    write_predicted, write_scores, write_sweep,
};
use cutpoint_metrics::{Sweep, sweep};
use ndarray::{Array2, array};
use proptest::prelude::*;

use crate::Sandbox;

/// Numbers that are hard to print: subnormal, extreme, halfway, one bit apart, whole.
const HARD: [f64; 12] = [
    5e-324,
    2.225_073_858_507_201_4e-308,
    f64::MAX,
    f64::MIN,
    0.1 + 0.2,
    0.3,
    1.0,
    -0.0,
    1e16,
    123_456_789_012_345_680.0,
    1e-7,
    9_007_199_254_740_994.0,
];

fn bits<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> Vec<u64> {
    numbers.into_iter().map(|number| number.to_bits()).collect()
}

fn text_of(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn data_sets() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("data.csv");
    let x = Array2::from_shape_vec((6, 2), HARD.to_vec()).unwrap();
    let y = Labels::from_texts(&["a,b", "\"q\"", "line\nbreak", " a", "1", "ü"]);
    let names = vec!["first, quoted".to_owned(), "second \"one\"".to_owned()];
    let data = Dataset::new(x, y)
        .unwrap()
        .with_names(names, "class")
        .unwrap();
    let mut output = Output::create(&path).unwrap();
    write_dataset(&mut output, &data).unwrap();
    output.commit().unwrap();
    let back = read_dataset(&path, "class").unwrap();
    assert_eq!(back, data);
    assert_eq!(bits(back.x()), bits(data.x()));
}

#[test]
fn blocks_of_a_data_set_follow_each_other() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("data.csv");
    let data = Dataset::new(
        array![[1.0], [2.0], [0.5]],
        Labels::from_integers(&[0, 1, 0]),
    )
    .unwrap();
    let mut output = Output::create(&path).unwrap();
    let mut writer = DatasetWriter::new(&mut output, data.feature_names(), "y").unwrap();
    writer.write(&data.select(&[0, 1]).unwrap()).unwrap();
    writer.write(&data.select(&[2]).unwrap()).unwrap();
    writer.finish().unwrap();
    output.commit().unwrap();
    // Floats keep a point, so that a column of whole ones still reads as floats.
    assert_eq!(text_of(&path), "x0,y\n1.0,0\n2.0,1\n0.5,0\n");
}

#[test]
fn large_data_sets_keep_their_order() {
    // More rows than one thread formats, more bytes than one block holds.
    let n_samples = 150_001;
    let sandbox = Sandbox::new();
    let path = sandbox.path("data.csv");
    let x = Array2::from_shape_fn((n_samples, 3), |(row, column)| {
        1.0 / (1.0 + row as f64) + column as f64
    });
    let labels = (0..n_samples).map(|row| i64::from(row % 3 == 1) - i64::from(row % 7 == 2));
    let y = Labels::from_integers(&labels.collect::<Vec<_>>());
    let data = Dataset::new(x, y).unwrap();
    let mut output = Output::create(&path).unwrap();
    write_dataset(&mut output, &data).unwrap();
    output.commit().unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 5 << 20);
    assert_eq!(read_dataset(&path, "y").unwrap(), data);
    let (rows, y) = Rows::read(&path, Some("y")).unwrap();
    assert_eq!((rows.n_rows(), y.as_ref()), (n_samples, Some(data.y())));
    let copy = sandbox.path("copy.csv");
    let mut output = Output::create(&copy).unwrap();
    rows.write(&mut output, &(0..n_samples).collect::<Vec<_>>())
        .unwrap();
    output.commit().unwrap();
    assert!(text_of(&copy) == text_of(&path));
}

#[test]
fn scores_and_predictions() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("scores.csv");
    let y_true = Labels::from_integers(&[0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 1]);
    let mut output = Output::create(&path).unwrap();
    write_scores(&mut output, Some(&y_true), &HARD).unwrap();
    output.commit().unwrap();
    let back = read_scores(&path, &ScoreColumns::default()).unwrap();
    let expected = Scores::new(y_true.is(&1.into()), HARD.to_vec()).unwrap();
    assert_eq!(back.scores(), &expected);
    assert_eq!(bits(back.scores().score()), bits(expected.score()));

    let y_true = Labels::from_texts(&["a", "c", "b", "c"]);
    let y_pred = Labels::from_codes(vec![2, 2, 0, 0], y_true.classes().to_vec()).unwrap();
    let probabilities = array![
        [0.2, 0.2, 0.6],
        [0.0, 0.0, 1.0],
        [0.5, 0.25, 0.25],
        [0.1, 0.2, 0.7]
    ];
    let mut output = Output::create(&path).unwrap();
    write_predicted(&mut output, Some(&y_true), &y_pred, probabilities.view()).unwrap();
    output.commit().unwrap();
    assert_eq!(
        text_of(&path),
        "y_true,y_pred,p_a,p_b,p_c\na,c,0.2,0.2,0.6\nc,c,0.0,0.0,1.0\nb,a,0.5,0.25,0.25\nc,a,0.1,0.2,0.7\n"
    );
    let back = read_predicted(&path, "y_true", "y_pred", Some("p_c")).unwrap();
    assert_eq!((back.y_true(), back.y_pred()), (&y_true, &y_pred));
    assert_eq!(back.weight(), Some(&[0.6, 1.0, 0.25, 0.7][..]));
}

#[test]
fn index_sets() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("indices.csv");
    let sets = [
        IndexSet::new("train", vec![3, 0, 4]),
        IndexSet::new("test", vec![2, 1]),
    ];
    let mut output = Output::create(&path).unwrap();
    write_indices(&mut output, &sets).unwrap();
    output.commit().unwrap();
    assert_eq!(
        text_of(&path),
        "set,index\ntrain,3\ntrain,0\ntrain,4\ntest,2\ntest,1\n"
    );
    assert_eq!(read_indices(&path).unwrap(), sets);
}

#[test]
fn sweeps() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("sweep.csv");
    // 0.9: tp. 0.3 (one bit above 0.3 in doubles): fp and tp, tied. -1.5: fp.
    let scores = Scores::new(
        vec![true, false, true, false],
        vec![0.9, 0.1 + 0.2, 0.1 + 0.2, -1.5],
    )
    .unwrap();
    let metrics = ["precision", "recall"].map(|name| name.parse().unwrap());
    let write = |table: &Sweep| {
        let mut output = Output::create(&path).unwrap();
        let rows = table.rows().collect::<Vec<_>>();
        write_sweep(&mut output, &rows, table.is_weighted(), &metrics).unwrap();
        output.commit().unwrap();
        text_of(&path)
    };
    assert_eq!(
        write(&sweep(&scores)),
        "threshold,tp,fp,fn,tn,precision,recall\n\
         ,0,0,2,2,,0.0\n\
         0.9,1,0,1,2,1.0,0.5\n\
         0.30000000000000004,2,1,0,1,0.6666666666666666,1.0\n\
         -1.5,2,2,0,0,0.5,1.0\n"
    );
    let scores = scores.with_weight(vec![1.0, 0.5, 2.0, 0.25]).unwrap();
    assert_eq!(
        write(&sweep(&scores)),
        "threshold,tp,fp,fn,tn,precision,recall\n\
         ,0.0,0.0,3.0,0.75,,0.0\n\
         0.9,1.0,0.0,2.0,0.75,1.0,0.3333333333333333\n\
         0.30000000000000004,3.0,0.5,0.0,0.25,0.8571428571428571,1.0\n\
         -1.5,3.0,0.75,0.0,0.0,0.8,1.0\n"
    );
}

#[test]
fn rows_are_copied_byte_for_byte() {
    let sandbox = Sandbox::new();
    let content = "\u{feff}id,\"the \"\"y\"\"\" , note\r\n007,1.0,\"a\r\nb\"\r\n\r\n1e3,0, ü \r\n\"8\",\"1\",\r\n";
    let path = sandbox.file("data.csv", content);
    let (rows, y) = Rows::read(&path, Some("the \"y\"")).unwrap();
    assert_eq!(y.unwrap(), Labels::from_integers(&[1, 0, 1]));
    let copy = sandbox.path("copy.csv");
    let mut output = Output::create(&copy).unwrap();
    rows.write(&mut output, &[2, 0, 1]).unwrap();
    output.commit().unwrap();
    assert_eq!(
        text_of(&copy),
        "id,\"the \"\"y\"\"\" , note\n\"8\",\"1\",\n007,1.0,\"a\r\nb\"\n1e3,0, ü \n"
    );
}

#[test]
fn what_others_write() {
    let sandbox = Sandbox::new();
    // A byte order mark, CRLF, spaces, quoted numbers, a plus sign, no line break at the end.
    let path = sandbox.file(
        "data.csv",
        "\u{feff}\"x0\", x1 ,y\r\n\"1\", +2.5,True\r\n.5,-1.E3 ,false",
    );
    let data = read_dataset(&path, "y").unwrap();
    assert_eq!(data.x(), array![[1.0, 2.5], [0.5, -1000.0]]);
    assert_eq!(data.feature_names(), ["x0", "x1"]);
    assert_eq!(data.y(), &Labels::parse(&["true", "false"]).unwrap());

    // Numbers as labels may have spaces and a fraction of zero; text keeps its spaces.
    let path = sandbox.file(
        "scores.csv",
        "y_score, y_true, name\n0.5, 1.0, a\n0.25, 0,b\n",
    );
    let scores = read_scores(&path, &ScoreColumns::default()).unwrap();
    assert_eq!(scores.scores().is_positive(), [true, false]);
    assert_eq!(
        (scores.positive(), scores.negative()),
        (&1.into(), &0.into())
    );
    let named = ScoreColumns::default()
        .label("name")
        .positive(Some(" a".to_owned()));
    assert_eq!(read_scores(&path, &named).unwrap().negative(), &"b".into());

    // Among text a number is its text, however it is written: `1.0` is the class `1` there, too.
    let path = sandbox.file("predicted.csv", "y_true,y_pred\n1,1.0\n0,other\n");
    let predicted = read_predicted(&path, "y_true", "y_pred", None).unwrap();
    let classes = ["0", "1", "other"].map(Label::from);
    assert_eq!(predicted.y_true().classes(), classes);
    assert_eq!(predicted.y_pred().codes(), [1, 2]);
}

#[test]
fn features_are_found_by_name() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("data.csv", "b,note,y,a\n1,hello,0,2\n3,,1,4\n");
    let names = ["a".to_owned(), "b".to_owned()];
    let features = read_features(&path, &names, "y").unwrap();
    assert_eq!(features.x(), array![[2.0, 1.0], [4.0, 3.0]]);
    assert_eq!(features.y(), Some(&Labels::from_integers(&[0, 1])));
    assert_eq!(read_features(&path, &names, "target").unwrap().y(), None);
}

#[test]
fn weights_are_no_features() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("data.csv", "a,w,y,b\n1,0.5,0,2\n3,2,1,4\n");
    let (data, weight) = read_weighted_dataset(&path, "y", "w").unwrap();
    assert_eq!(data.x(), array![[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(data.feature_names(), ["a", "b"]);
    assert_eq!(weight, [0.5, 2.0]);
}

#[test]
fn one_class_has_an_opposite() {
    let sandbox = Sandbox::new();
    for (labels, named, positive, negative) in [
        ("1", None, Label::Integer(1), Label::Integer(0)),
        ("0", None, Label::Integer(1), Label::Integer(0)),
        ("true", None, Label::Bool(true), Label::Bool(false)),
        ("ill", Some("ill"), "ill".into(), "not ill".into()),
    ] {
        let path = sandbox.file("scores.csv", format!("y_true,y_score\n{labels},0.5\n"));
        let columns = ScoreColumns::default().positive(named.map(str::to_owned));
        let scores = read_scores(&path, &columns).unwrap();
        assert_eq!(
            (scores.positive(), scores.negative()),
            (&positive, &negative)
        );
        assert_eq!(scores.classes().len(), 1);
    }
}

proptest! {
    #[test]
    fn any_finite_number_keeps_its_bits(
        numbers in prop::collection::vec(any::<f64>().prop_filter("finite", |x| x.is_finite()), 1..50),
    ) {
        let sandbox = Sandbox::new();
        let path = sandbox.path("data.csv");
        let x = Array2::from_shape_vec((numbers.len(), 1), numbers.clone()).unwrap();
        let y = Labels::from_integers(&vec![1; numbers.len()]);
        let data = Dataset::new(x, y).unwrap();
        let mut output = Output::create(&path).unwrap();
        write_dataset(&mut output, &data).unwrap();
        output.commit().unwrap();
        prop_assert_eq!(bits(read_dataset(&path, "y").unwrap().x()), bits(&numbers));
    }

    #[test]
    fn any_text_survives_as_a_label(texts in prop::collection::vec("[a-z ,\"\r\nüA]{1,6}x", 1..20)) {
        let sandbox = Sandbox::new();
        let path = sandbox.path("data.csv");
        let y = Labels::from_texts(&texts);
        let data = Dataset::new(Array2::zeros((texts.len(), 1)), y).unwrap();
        let mut output = Output::create(&path).unwrap();
        write_dataset(&mut output, &data).unwrap();
        output.commit().unwrap();
        let back = read_dataset(&path, "y").unwrap();
        prop_assert_eq!(back.y(), data.y());
    }
}
