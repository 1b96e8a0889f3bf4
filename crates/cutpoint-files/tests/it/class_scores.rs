//! Scores of several classes: which columns they are, which class each is, and what is refused.

use cutpoint_core::{ClassScores, Label, Labels};
use cutpoint_files::{
    AnyScores, Output, ScoreColumns, TableColumn, read_any_scores, read_class_scores, write_curve,
    write_predicted,
};
use ndarray::array;
use tempfile::TempDir;

fn file(text: &str) -> (TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("scores.csv");
    std::fs::write(&path, text).expect("a file");
    (directory, path)
}

fn read(text: &str) -> ClassScores {
    let (_directory, path) = file(text);
    read_class_scores(&path, "y_true", None).expect("scores of several classes")
}

#[track_caller]
fn refused(text: &str, weight: Option<&str>, message: &str) {
    let (_directory, path) = file(text);
    let error = read_class_scores(&path, "y_true", weight).unwrap_err();
    let sources = std::iter::successors(Some(&error as &dyn std::error::Error), |error| {
        error.source()
    });
    let told = sources
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ");
    assert_eq!(told.replace(path.to_str().expect("text"), "FILE"), message);
}

#[test]
fn what_is_written_is_read_back() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("scores.csv");
    let y_true = Labels::from_texts(&["c", "a,b", "c"]);
    let y_pred = Labels::from_codes(vec![0, 0, 2], vec!["a,b".into(), "b".into(), "c".into()]);
    let probabilities = array![
        [0.1 + 0.2, 0.0, 1e-300],
        [0.5, 0.25, 0.25],
        [0.0, 1.0 / 3.0, 0.75]
    ];
    let mut output = Output::create(&path).expect("an output");
    let y_pred = y_pred.expect("codes of the classes");
    write_predicted(&mut output, Some(&y_true), &y_pred, probabilities.view()).expect("written");
    output.commit().expect("a file");
    let scores = read_class_scores(&path, "y_true", None).expect("read");
    assert_eq!(scores.classes(), ["a,b", "b", "c"].map(Label::from));
    assert_eq!(scores.y().codes(), [2, 0, 2]);
    assert_eq!(scores.score(), probabilities);
}

#[test]
fn columns_are_put_in_the_order_of_the_classes() {
    let scores =
        read("p_10,y_true,p_9,other,p_1.0,weight\n0.1,9.0,0.9,x,-1,2\n0.2,10,0.8,y,-2,0.5\n");
    assert_eq!(scores.classes(), [1, 9, 10].map(Label::from));
    assert_eq!(scores.y().codes(), [1, 2]);
    assert_eq!(scores.score(), array![[-1.0, 0.9, 0.1], [-2.0, 0.8, 0.2]]);
    let scores = read("y_true,p_false,p_True\nTRUE,0.25,0.75\n");
    assert_eq!(scores.classes(), [false, true].map(Label::from));
    assert_eq!(scores.y().codes(), [1]);
}

#[test]
fn weights_and_label_may_be_called_like_scores() {
    let (_directory, path) = file("p_label,p_w,p_a,p_b\na,2,0.5,0.25\nb,0.5,0.125,1\n");
    let scores = read_class_scores(&path, "p_label", Some("p_w")).expect("read");
    assert_eq!(scores.classes(), ["a", "b"].map(Label::from));
    assert_eq!(scores.weight(), Some(&[2.0, 0.5][..]));
    assert_eq!(scores.score(), array![[0.5, 0.25], [0.125, 1.0]]);
}

#[test]
fn what_names_no_class_or_one_twice_is_refused() {
    refused(
        "y_true,p_1,p_2\n1,0.5,0.5\n3,0.5,0.5\n",
        None,
        "FILE: there is no column `p_3`; the columns are `y_true`, `p_1`, `p_2`",
    );
    refused(
        "y_true,y_score\n1,0.5\n0,0.5\n",
        None,
        "FILE: there is no column `p_0`; the columns are `y_true`, `y_score`",
    );
    refused(
        "y_true,p_1,p_value\n1,0.5,0.5\n",
        None,
        "FILE: column `p_value` must name a class of the same kind as the labels, which are `1`",
    );
    refused(
        "y_true,p_a,p_\na,0.5,0.5\n",
        None,
        "FILE: column `p_` must name a class of the same kind as the labels, which are `a`",
    );
    refused(
        "y_true,p_1,p_1.0\n1,0.5,0.5\n",
        None,
        "FILE: columns `p_1` and `p_1.0` both hold scores of class `1`",
    );
    refused(
        "y_true,p_1,p_2\n1,0.5,0.5\n2,0.5,nan\n",
        None,
        "FILE, line 3, column `p_2`: must be a finite number, got \"nan\"",
    );
    refused(
        "y_true,p_1,p_2,w\n1,0.5,0.5,0\n",
        Some("w"),
        "FILE, column `w`: `weight` must be above 0 in at least one row, got 0 in all 1",
    );
    refused(
        "y_true,p_1,p_2\n1,0.5,0.5\n",
        Some("y_true"),
        "FILE: column `y_true` cannot be both the label and the weight",
    );
}

#[test]
fn a_file_is_read_as_what_it_is() {
    let columns = ScoreColumns::default();
    let both = "y_true,y_score,p_0,p_1\n1,0.5,0.25,0.75\n0,0.5,0.25,0.75\n";
    let (_directory, path) = file(both);
    let any = read_any_scores(&path, &columns).expect("read");
    assert!(matches!(any, AnyScores::Binary(_)), "{any:?}");
    let (_directory, path) = file("y_true,p_0,p_1\n1,0.25,0.75\n0,0.25,0.75\n");
    let any = read_any_scores(&path, &columns).expect("read");
    let AnyScores::Classes(scores) = any else {
        panic!("{any:?}");
    };
    assert_eq!(scores.classes().len(), 2);
    // Neither: the score is what is missing.
    let (_directory, path) = file("y_true,score\n1,0.25\n");
    let error = read_any_scores(&path, &columns).unwrap_err().to_string();
    assert!(
        error.contains("there is no column `y_score` (did you mean `score`?)"),
        "{error}"
    );
}

#[test]
fn curves_have_empty_fields() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("curve.csv");
    let mut output = Output::create_table(&path).expect("an output");
    let classes = Labels::from_texts(&["a", "b \"c\""]);
    let columns = [
        ("class", TableColumn::Classes(&classes)),
        ("threshold", TableColumn::Numbers(&[None, Some(0.1)])),
        ("count", TableColumn::Counts(&[7, 0])),
    ];
    write_curve(&mut output, &columns).expect("written");
    output.commit().expect("a file");
    let text = std::fs::read_to_string(&path).expect("text");
    assert_eq!(text, "class,threshold,count\na,,7\n\"b \"\"c\"\"\",0.1,0\n");
}
