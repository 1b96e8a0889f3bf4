//! What curves and evaluations of files are of: which class, where the scores stand, and what is refused.

use cutpoint_core::{Label, Threshold};
use cutpoint_files::{
    ClassGap, CurveModels, CurveScores, Result, ScoreColumns, read_curve_groups, read_curve_scores,
    read_evaluation, read_predicted_evaluation,
};
use cutpoint_metrics::CurveKind;

use crate::{Sandbox, message};

const CLASSES: &str = "y_true,p_a,p_b,p_c\na,0.8,0.1,0.1\nb,0.3,0.6,0.1\nb,0.5,0.4,0.1\n";

fn named(positive: &str) -> ScoreColumns {
    ScoreColumns::default().positive(Some(positive.to_owned()))
}

fn ks(scores: &CurveScores) -> serde_json::Value {
    serde_json::to_value(scores.curves(&CurveKind::Ks).unwrap()).unwrap()
}

/// The message of adding these files as models.
fn refused(sandbox: &Sandbox, files: [(&str, &str); 2], columns: &[ScoreColumns; 2]) -> String {
    let mut models = CurveModels::default();
    let mut add = |(name, content), columns| {
        let path = sandbox.file(name, content);
        let scores = models.read(&path, columns, |_| {})?;
        models.add(&path, scores)
    };
    let added: Result<()> = add(files[0], &columns[0]).and_then(|()| add(files[1], &columns[1]));
    let error = added.and_then(|()| models.finish()).unwrap_err();
    message(&error, sandbox.0.path())
}

#[test]
fn one_of_several_classes_stands_in_its_column() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("scores.csv", CLASSES);
    let scores = read_curve_scores(&path, &named("b"), |_| {}).unwrap();
    assert_eq!(scores.source(), format!("{}, column `p_b`", path.display()));
    assert_eq!(scores.gap(), None);
    // From 0.4 on, both rows of `b` are found and that of `a` is not taken for one.
    let answer = ks(&scores);
    assert_eq!(
        (&answer["ks"], &answer["ks_thresholds"][0]),
        (&1.0.into(), &0.4.into())
    );
    let error = read_curve_scores(&path, &named("d"), |_| {}).unwrap_err();
    let told = message(&error, &path);
    assert!(told.starts_with("FILE, column `y_true`: "), "{told}");
}

#[test]
fn classes_without_rows_are_known() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("scores.csv", CLASSES);
    let scores = read_curve_scores(&path, &ScoreColumns::default(), |_| {}).unwrap();
    assert_eq!(
        scores.gap(),
        Some(&ClassGap::Without(vec![Label::from("c")]))
    );
    assert_eq!(
        scores.source_of("a"),
        format!("{}, column `p_a`", path.display())
    );
    let path = sandbox.file("one.csv", "y_true,y_score\n1,0.4\n1,0.6\n");
    let scores = read_curve_scores(&path, &ScoreColumns::default(), |_| {}).unwrap();
    assert_eq!(scores.gap(), Some(&ClassGap::Only(Label::from(1))));
}

#[test]
fn groups_are_named_where_they_stand() {
    let sandbox = Sandbox::new();
    let rows = "y_true,y_score,site,weight\n1,0.9,north,1\n0,0.2,south,1\n0,0.4,north,1\n";
    let columns = ScoreColumns::default().group(Some("site".to_owned()));
    let path = sandbox.file("scores.csv", rows);
    let scores = read_curve_groups(&path, &columns, |_| {}).unwrap();
    assert_eq!(
        scores.source_of("north"),
        format!("{}, group `north`", path.display())
    );
    assert_eq!(ks(&scores)["groups"][0]["ks"], 1.0);
    let path = sandbox.file("zero.csv", rows.replace("south,1", "south,0"));
    let columns = columns.weight(Some("weight".to_owned()));
    let error = read_curve_groups(&path, &columns, |_| {}).unwrap_err();
    let told = message(&error, &path);
    assert!(told.starts_with("FILE, group `south`: "), "{told}");
}

#[test]
fn models_must_be_of_one_class() {
    let sandbox = Sandbox::new();
    let numbers = ("numbers.csv", "y_true,y_score\n1,0.9\n0,0.2\n");
    let words = ("words.csv", "y_true,y_score\nill,0.9\nwell,0.2\n");
    let default = ScoreColumns::default;
    assert_eq!(
        refused(&sandbox, [numbers, words], &[default(), default()]),
        "FILE/numbers.csv has the classes `0`, `1` and FILE/words.csv `ill`, `well`: both must call a class the \
         same"
    );
    assert_eq!(
        refused(&sandbox, [words, words], &[named("ill"), named("well")]),
        "FILE/words.csv, column `y_score` and FILE/words.csv, column `y_score` must have the same positive class, got \
         `ill` and `well`"
    );
    assert_eq!(
        refused(
            &sandbox,
            [numbers, ("classes.csv", CLASSES)],
            &[default(), default()]
        ),
        "FILE/classes.csv must have the scores of one class to be compared, got those of several"
    );
}

#[test]
fn rows_are_predicted_from_the_threshold_on() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("scores.csv", "y_true,y_score\n1,0.9\n0,0.5\n1,0.2\n");
    let threshold = Threshold::new(0.5).unwrap();
    let rows = read_evaluation(&path, &ScoreColumns::default(), threshold, |_| {}).unwrap();
    let evaluation = rows.evaluate(&rows.options()).unwrap();
    let counts = ndarray::array![[0, 1], [1, 1]];
    assert_eq!(evaluation.matrix.counts(), Some(counts.view()));
    assert_eq!(rows.score_labels(), Some([Label::from(0), Label::from(1)]));
    assert_eq!(rows.one_class(), None);
    // No row is of the other class, which goes by words, and labels are of one kind.
    let path = sandbox.file("one.csv", "y_true,y_score\n5,0.9\n5,0.2\n");
    let rows = read_evaluation(&path, &named("5"), threshold, |_| {}).unwrap();
    assert_eq!(rows.classes(), [Label::from("5"), Label::from("not 5")]);
    let evaluation = rows.evaluate(&rows.options()).unwrap();
    // One of two is found; none is of the class that comes first.
    let counts = ndarray::array![[0, 0], [1, 1]];
    assert_eq!(evaluation.matrix.counts(), Some(counts.view()));
    assert_eq!(evaluation.labels, [Label::from("not 5"), Label::from("5")]);
    assert_eq!(rows.one_class(), Some(&Label::from(5)));
}

#[test]
fn predicted_labels_need_no_positive_class() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("labels.csv", "y_true,y_pred\na,b\nb,b\n");
    let read = |positive| {
        read_predicted_evaluation(&path, ["y_true", "y_pred"], None, positive, &[], |_| {})
    };
    let rows = read(None).unwrap();
    assert_eq!((rows.positive(), rows.scores()), (None, None));
    assert_eq!(read(Some("b")).unwrap().positive(), Some(&Label::from("b")));
    let told = message(&read(Some("c")).unwrap_err(), &path);
    assert!(told.starts_with("FILE, column `y_pred`: "), "{told}");
}
