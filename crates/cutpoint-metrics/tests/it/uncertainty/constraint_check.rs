//! Constraints held against rows: rows of the source that they were chosen on seldom break them, rows of another do.

use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream};
use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    BootstrapOptions, CellSums, Cells, Constraint, Problem, Verdict, at_prevalence,
    bootstrap_choice, check_constraints, sweep,
};

use crate::best::best;

/// Rows of a source: the share of positives, and by how much their scores lie higher.
#[derive(Clone, Copy)]
struct Source {
    prevalence: f64,
    shift: f64,
}

const SOURCE: Source = Source {
    prevalence: 0.3,
    shift: 0.4,
};

impl Source {
    /// Scores are uniform in [0, 1), those of positives in [shift, 1 + shift). Weights, if wanted, in {0.5, …, 2.5}.
    fn rows(self, n_rows: usize, is_weighted: bool, sample: u64) -> Scores {
        const PURPOSE: Purpose = Purpose::new("test/kept");
        let mut stream = ChaChaStream::new(20_261_122, PURPOSE, sample);
        let (mut label, mut score, mut weight) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..n_rows {
            let is_positive = stream.double() < self.prevalence;
            let shift = if is_positive { self.shift } else { 0.0 };
            label.push(is_positive);
            score.push(stream.double() + shift);
            weight.push((stream.double() * 5.0).floor() / 2.0 + 0.5);
        }
        let scores = Scores::new(label, score).expect("finite scores");
        if is_weighted {
            scores.with_weight(weight).expect("weights above 0")
        } else {
            scores
        }
    }

    fn sums(self, n_rows: usize, threshold: f64, is_weighted: bool, sample: u64) -> CellSums {
        let mut sums = CellSums::new(Threshold::new(threshold).expect("finite"));
        sums.add(&self.rows(n_rows, is_weighted, sample));
        sums
    }
}

fn verdict(constraint: &Constraint, sums: &CellSums, chosen_on: Option<&CellSums>) -> Verdict {
    let options = BootstrapOptions::default().n_replicates(400);
    let constraints = std::slice::from_ref(constraint);
    let checks = check_constraints(constraints, sums, chosen_on, None, None, &options)
        .expect("options in their domain");
    checks[0].verdict()
}

const N_SAMPLES: u64 = 300;

/// How many of the samples do not break a constraint.
fn n_unbroken(
    constraint: &Constraint,
    chosen_on: Option<&CellSums>,
    sums: impl Fn(u64) -> CellSums,
) -> usize {
    let samples = 0..N_SAMPLES;
    let unbroken =
        samples.filter(|&sample| verdict(constraint, &sums(sample), chosen_on) != Verdict::Broken);
    unbroken.count()
}

#[test]
fn a_bound_that_is_just_kept_is_seldom_broken() {
    // At 0.6, 0.8 of the positives (0.6 to 1.4 of 0.4 to 1.4) and 0.4 of the negatives are called: recall is 0.8 and
    // precision 0.24 / (0.24 + 0.28) = 6 / 13. F1 is 2 · 0.24 / (0.3 + 0.52) = 24 / 41.
    for constraint in [
        "recall>=0.8",
        "fpr<=0.4",
        "precision>=0.46153846153846156",
        "f1>=0.5853658536585366",
    ] {
        let constraint = constraint.parse::<Constraint>().unwrap();
        for is_weighted in [false, true] {
            let n = n_unbroken(&constraint, None, |sample| {
                SOURCE.sums(500, 0.6, is_weighted, sample)
            });
            // One side of an interval of confidence 0.95 is left once in 40 times: 7.5 of 300, give or take 2.7.
            assert!((285..=299).contains(&n), "{constraint}, {is_weighted}: {n}");
        }
        // The value alone decides about every other time.
        let options = BootstrapOptions::default().n_replicates(1);
        let holds = |sample| {
            let sums = SOURCE.sums(500, 0.6, false, sample);
            let constraints = std::slice::from_ref(&constraint);
            check_constraints(constraints, &sums, None, None, None, &options).unwrap()[0].verdict()
                == Verdict::Holds
        };
        let n_holding = (0..N_SAMPLES).filter(|&sample| holds(sample)).count();
        assert!(
            (110..=190).contains(&n_holding),
            "{constraint}: {n_holding}"
        );
    }
}

#[test]
fn a_choice_holds_on_other_rows_of_its_source() {
    for constraint in ["recall>=0.9", "fpr<=0.3", "f1>=0.5", "precision>=0.5"] {
        let constraint = constraint.parse::<Constraint>().unwrap();
        let objective = if constraint.metric().to_string() == "recall" {
            "precision"
        } else {
            "recall"
        };
        let problem = Problem::new(objective.parse().unwrap()).subject_to(constraint.clone());
        for (n_chosen, n_checked) in [(4000, 500), (1000, 1000), (500, 10_000)] {
            let mut n_unbroken = 0;
            for sample in 0..N_SAMPLES {
                let rows = SOURCE.rows(n_chosen, false, sample);
                let (chosen, _) = best(&sweep(&rows), &problem).unwrap();
                let threshold = chosen.threshold.unwrap();
                let mut chosen_on = CellSums::new(threshold);
                chosen_on.add(&rows);
                let sums = SOURCE.sums(n_checked, threshold.value(), false, N_SAMPLES + sample);
                let verdict = verdict(&constraint, &sums, Some(&chosen_on));
                n_unbroken += usize::from(verdict != Verdict::Broken);
            }
            // One side of an interval of confidence 0.95 is left once in 40 times: 7.5 of 300, give or take 2.7.
            assert!(
                (285..=300).contains(&n_unbroken),
                "{constraint}, {n_chosen}, {n_checked}: {n_unbroken}"
            );
        }
    }
}

#[test]
fn a_choice_at_a_prevalence_holds_on_other_rows_of_its_source() {
    // Precision of 0.9 at a prevalence of 0.02 allows one false positive in some 1100 negative rows, so that none of
    // 100 is called where the choice is made; on all rows of the source about one in 200 is, and precision is about
    // 0.6.
    let source = Source {
        prevalence: 0.5,
        ..SOURCE
    };
    let options = BootstrapOptions::default();
    for constraint in ["precision>=0.9", "fdr<=0.1", "accuracy>=0.985", "f1>=0.4"] {
        let constraint = constraint.parse::<Constraint>().unwrap();
        let problem = Problem::new("recall".parse().unwrap()).subject_to(constraint.clone());
        let problem = problem.at_prevalence(0.02);
        for n_checked in [200, 2000, 20_000] {
            let (mut n_chosen, mut n_broken, mut n_missed) = (0, 0, 0);
            for sample in 0..N_SAMPLES {
                let rows = source.rows(200, false, sample);
                let chosen = best(&sweep(&rows), &problem);
                let Some(threshold) = chosen.and_then(|(chosen, _)| chosen.threshold) else {
                    continue;
                };
                n_chosen += 1;
                let mut chosen_on = CellSums::new(threshold);
                chosen_on.add(&rows);
                let sums = source.sums(n_checked, threshold.value(), false, N_SAMPLES + sample);
                let constraints = std::slice::from_ref(&constraint);
                let checks = check_constraints(
                    constraints,
                    &sums,
                    Some(&chosen_on),
                    Some(0.02),
                    None,
                    &options,
                )
                .unwrap();
                n_broken += usize::from(checks[0].verdict() == Verdict::Broken);
                n_missed += usize::from(checks[0].verdict() != Verdict::Holds);
            }
            // One side of an interval of confidence 0.95 is left once in 40 times: 7.5 of 300, give or take 2.7.
            assert!(
                n_chosen >= 280 && n_missed >= 40,
                "{constraint}: {n_chosen}, {n_missed}"
            );
            assert!(n_broken <= 15, "{constraint}, {n_checked}: {n_broken}");
        }
    }
}

#[test]
fn drift_breaks_constraints() {
    // Of scores: positives only 0.1 higher, 0.5 of them are called. Of prevalence: precision 0.08 / (0.08 + 0.36) = 2
    // / 11.
    let scores = Source {
        shift: 0.1,
        ..SOURCE
    };
    let prevalence = Source {
        prevalence: 0.1,
        ..SOURCE
    };
    for (source, constraint) in [(scores, "recall>=0.8"), (prevalence, "precision>=0.46")] {
        let constraint = constraint.parse::<Constraint>().unwrap();
        for is_weighted in [false, true] {
            let chosen_on = SOURCE.sums(500, 0.6, is_weighted, N_SAMPLES);
            for chosen_on in [None, Some(&chosen_on)] {
                let n = n_unbroken(&constraint, chosen_on, |sample| {
                    source.sums(500, 0.6, is_weighted, sample)
                });
                assert!(n <= 1, "{constraint}, {is_weighted}: {n}");
            }
        }
    }
    // Recall does not know of prevalence.
    let n = n_unbroken(&"recall>=0.8".parse().unwrap(), None, |sample| {
        prevalence.sums(500, 0.6, false, sample)
    });
    assert!(n >= 285, "{n}");
}

#[test]
fn what_a_capacity_is_compared_with() {
    let options = BootstrapOptions::default();
    let check = |text: &str, prevalence, n_rows| {
        let mut sums = CellSums::new(Threshold::HALF);
        // tp 8, fp 4, fn 2, tn 26.
        let label = [vec![true; 10], vec![false; 30]].concat();
        let score = [vec![0.9; 8], vec![0.1; 2], vec![0.8; 4], vec![0.2; 26]].concat();
        sums.add(&Scores::new(label, score).unwrap());
        check_constraints(
            &[text.parse().unwrap()],
            &sums,
            None,
            prevalence,
            n_rows,
            &options,
        )
        .unwrap()[0]
    };
    let value = |text, prevalence, n_rows| check(text, prevalence, n_rows).value().unwrap();
    // 12 alerts in 40 rows are 30 in 100.
    let close =
        |got: f64, expected: f64| assert!((got - expected).abs() < 1e-12, "{got}, {expected}");
    close(value("predicted_positives<=30", None, None), 12.0);
    close(value("predicted_positives<=30", None, Some(100.0)), 30.0);
    close(value("cost(fp=1,fn=10)<=50", None, Some(100.0)), 60.0);
    // A share is a share of any number of rows.
    close(value("precision>=0.5", None, Some(100.0)), 8.0 / 12.0);
    // One of ten positive: 4 of 40, of which 3.2 are found, and 36 / 30 of 4 = 4.8 false alarms.
    close(value("precision>=0.5", Some(0.1), None), 3.2 / 8.0);
    close(
        value("predicted_positives<=30", Some(0.1), Some(100.0)),
        20.0,
    );
    close(value("recall>=0.5", Some(0.1), Some(100.0)), 0.8);
    let cells = Cells::from_counts(8, 4, 2, 26);
    let there = at_prevalence(&cells, 0.1).unwrap().unwrap();
    close(
        value("f1>=0.5", Some(0.1), None),
        "f1".parse::<cutpoint_metrics::Metric>()
            .unwrap()
            .value(&there)
            .unwrap(),
    );
    let methods = ["recall>=0.5", "precision>=0.5", "f1>=0.5", "fp<=5"]
        .map(|text| check(text, Some(0.1), None).method());
    assert_eq!(
        methods,
        ["wilson", "propagated", "propagated", "propagated"]
    );
    // What is given is not measured.
    let given = check("prevalence<=0.2", Some(0.1), None);
    close(given.value().unwrap(), 0.1);
    assert_eq!((given.interval(), given.change()), (None, None));
    assert_eq!(given.verdict(), Verdict::Holds);
    assert!(
        check_constraints(
            &[],
            &CellSums::new(Threshold::HALF),
            None,
            Some(1.0),
            None,
            &options
        )
        .is_err()
    );
}

#[test]
fn what_is_undefined_is_not_kept() {
    let mut sums = CellSums::new(Threshold::HALF);
    sums.add(&Scores::new(vec![true, false], vec![0.4, 0.1]).unwrap());
    let constraints = ["precision>=0.1", "recall<=0.5"].map(|text| text.parse().unwrap());
    let checks = check_constraints(
        &constraints,
        &sums,
        None,
        None,
        None,
        &BootstrapOptions::default(),
    );
    let checks = checks.unwrap();
    assert_eq!(
        (checks[0].verdict(), checks[0].value()),
        (Verdict::Undefined, None)
    );
    assert_eq!(checks[1].verdict(), Verdict::Holds);
}

/// Recall subject to a precision of 0.7 on 300 rows of two normal classes. 600 such sets made with NumPy, and 100
/// resamples of 150 of them: the true optimism is 0.0087 with a standard error of 0.0015; the mean over all resamples
/// is 0.0062, and over those whose choice meets the constraint in the rows -0.0003. Of 40 sets the mean has a standard
/// error of 0.0006.
#[test]
fn optimism_under_a_binding_constraint_counts_every_replicate() {
    let mut state = 7_u64;
    let mut uniform = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let problem =
        Problem::new("recall".parse().unwrap()).subject_to("precision>=0.7".parse().unwrap());
    let mut told = Vec::new();
    for _ in 0..40 {
        let rows = (0..300).map(|_| {
            let is_positive = uniform() < 0.5;
            let normal = (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
            (is_positive, normal + f64::from(u8::from(is_positive)))
        });
        let (is_positive, score) = rows.unzip();
        let table = sweep(&Scores::new(is_positive, score).unwrap());
        let chosen = best(&table, &problem).and_then(|(chosen, _)| chosen.threshold);
        let Some(chosen) = chosen else {
            continue;
        };
        let options = BootstrapOptions::default().n_replicates(200);
        let drawn = bootstrap_choice(&table, chosen, &problem, &options).unwrap();
        told.push(drawn.optimism().unwrap());
    }
    let mean = told.iter().sum::<f64>() / told.len() as f64;
    assert!((0.0040..0.0085).contains(&mean), "{mean} of {}", told.len());
}
