//! Curves of rows of a source, against those of the whole sweep and against arithmetic by hand.

use cutpoint_choose::{
    CurveParts, CurveSweeps, Error, LabelledSweep, View, curve_by_model_from, curve_from,
};
use cutpoint_core::{Label, Scores};
use cutpoint_metrics::{Average, CalibrationOptions, CurveKind, Intermediate, sweep};

const MEMORY: usize = 1 << 20;

/// Probabilities with ties, and weights that are exact in binary, so that no order of adding shows.
fn rows(is_weighted: bool) -> Scores {
    let score = (0..300).map(|row| f64::from(row * 37 % 100) / 100.0);
    let is_positive = (0..300).map(|row| row * 7919 % 13 < row * 37 % 100 / 8);
    let rows = Scores::new(is_positive.collect(), score.collect()).expect("a valid input");
    if is_weighted {
        let weight = (0..300).map(|row| f64::from(row % 4) / 4.0).collect();
        rows.with_weight(weight).expect("a valid input")
    } else {
        rows
    }
}

fn kinds(band: Option<f64>) -> Vec<CurveKind> {
    let intermediate = Intermediate::Keep;
    vec![
        CurveKind::Roc {
            intermediate,
            band,
            max_fpr: Some(0.3),
        },
        CurveKind::PrecisionRecall { intermediate, band },
        CurveKind::Det {
            intermediate: Intermediate::Drop,
        },
        CurveKind::Lift,
        CurveKind::Gain,
        CurveKind::Ks,
        CurveKind::Calibration(CalibrationOptions::default()),
        CurveKind::NetBenefit(vec![0.1, 0.25]),
        CurveKind::Cost("fp=1,fn=10".parse().expect("a valid input")),
    ]
}

#[test]
fn every_curve_of_a_source_is_that_of_the_whole_sweep() {
    for is_weighted in [false, true] {
        let rows = rows(is_weighted);
        // Bands are for rows without weights.
        for kind in kinds((!is_weighted).then_some(0.9)) {
            let curves = curve_from(&View::of(&rows), &kind, MEMORY).unwrap();
            // Rows of weight 0 count like no row.
            assert_eq!(curves.n_samples, Some(if is_weighted { 225 } else { 300 }));
            assert_eq!(
                curves.parts,
                CurveParts::One(kind.table(&sweep(&rows)).unwrap()),
                "{kind:?}"
            );
        }
    }
}

#[test]
fn a_curve_keeps_every_distinct_score_or_is_refused() {
    let score = (0..20_000).map(|row| f64::from(row) / 2.0).collect();
    let rows = Scores::new((0..20_000).map(|row| row % 3 == 0).collect(), score).unwrap();
    let refused = curve_from(&View::of(&rows), &CurveKind::Gain, 1 << 16);
    assert!(matches!(refused, Err(Error::ManyScores)), "{refused:?}");
}

/// Scores 0.8, 0.4, 0.35, 0.1, of which the first and the third are positive.
fn four_rows() -> Scores {
    Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1]).expect("a valid input")
}

#[test]
fn its_json_has_the_keys_of_the_command() {
    let rows = four_rows();
    let roc = CurveKind::Roc {
        intermediate: Intermediate::Keep,
        band: None,
        max_fpr: None,
    };
    let one = curve_from(&View::of(&rows), &roc, MEMORY).unwrap();
    // 3 of 4 pairs of a positive and a negative row are in order.
    let points = concat!(
        r#""roc_auc":0.75,"points":[{"threshold":null,"fpr":0.0,"tpr":0.0},"#,
        r#"{"threshold":0.8,"fpr":0.0,"tpr":0.5},{"threshold":0.4,"fpr":0.5,"tpr":0.5},"#,
        r#"{"threshold":0.35,"fpr":0.5,"tpr":1.0},{"threshold":0.1,"fpr":1.0,"tpr":1.0}]"#
    );
    assert_eq!(
        serde_json::to_string(&one).unwrap(),
        format!(r#"{{"curve":"roc","n_samples":4,"labels":[0,1],"positive":1,{points}}}"#)
    );
    let view = View::of(&rows);
    let both = curve_by_model_from(&[("old", view), ("new", view)], &roc, MEMORY).unwrap();
    let model = |name: &str| format!(r#"{{"model":"{name}",{points}}}"#);
    assert_eq!(
        serde_json::to_string(&both).unwrap(),
        format!(
            r#"{{"curve":"roc","labels":[0,1],"positive":1,"models":[{},{}]}}"#,
            model("old"),
            model("new")
        )
    );
}

#[test]
fn groups_are_curves_of_their_rows_and_faults_name_them() {
    let rows = Scores::new(
        vec![true, true, false, false, true, false],
        vec![0.8, 0.9, 0.4, 1.5, 0.35, 0.1],
    )
    .unwrap();
    let labels = [Label::from("no"), Label::from("yes")];
    let groups = ["b", "a", "b", "a", "b", "b"];
    let sweeps = CurveSweeps::of_groups(&rows, &labels, groups).unwrap();
    let curves = sweeps.curves(&CurveKind::Gain).unwrap();
    let CurveParts::Groups { groups } = &curves.parts else {
        panic!("{curves:?}");
    };
    let names = groups.iter().map(|one| one.group.as_str());
    assert!(names.eq(["a", "b"]));
    assert_eq!(
        groups[1].table,
        CurveKind::Gain.table(&sweep(&four_rows())).unwrap()
    );
    // 1.5 is no probability.
    let refused = sweeps.curves(&CurveKind::NetBenefit(vec![0.5]));
    assert!(
        matches!(&refused, Err(Error::Part { name, .. }) if name == "a"),
        "{refused:?}"
    );
    let average = CurveSweeps::One(LabelledSweep {
        labels,
        sweep: sweep(&rows),
    })
    .average_curve(&CurveKind::Gain, Average::Micro);
    assert!(matches!(average, Err(Error::OneClassScores)));
}
