//! The choice bootstrapped on rows with weights, against drawing the rows one by one, sorting them and choosing again.

use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream};
use cutpoint_core::{Scores, Seed, Threshold};
use cutpoint_metrics::{
    BootstrapInterval, BootstrapOptions, ChoiceBootstrap, Error, Metric, PartialSweepBuilder,
    Problem, Resampling, WeightedBootstrapRows, bootstrap_choice, bootstrap_choice_rows, sweep,
};

use crate::best::best;
use crate::number_of;

const N_REPLICATES: usize = 3000;
/// What the distance of two empirical distributions of 3000 values each exceeds once in a thousand times:
/// 1.95 sqrt(2 / 3000), after Kolmogorov and Smirnov.
const DISTANCE: f64 = 0.0503;

fn options() -> BootstrapOptions {
    BootstrapOptions::default()
        .n_replicates(N_REPLICATES)
        .seed(Seed::from(5))
}

/// 160 rows of 80 scores, positive the more often the higher they are; weights of every size, some of them 0.
fn rows() -> Scores {
    let mut stream = ChaChaStream::new(1, Purpose::new("test/rows"), 0);
    let rows = (0..160_u32).map(|row| {
        let is_positive = stream.double() < f64::from(row) / 200.0;
        let weight = if row % 11 == 0 {
            0.0
        } else {
            stream.standard_normal().exp()
        };
        (is_positive, (f64::from(row / 2), weight))
    });
    let (is_positive, rest): (Vec<_>, Vec<_>) = rows.unzip();
    let (score, weight) = rest.into_iter().unzip();
    let scores = Scores::new(is_positive, score).expect("valid");
    scores.with_weight(weight).expect("valid")
}

fn problems() -> [Problem; 3] {
    let problem = |objective: &str| Problem::new(objective.parse().expect("valid"));
    [
        problem("youden"),
        problem("minimize cost(fp=1,fn=3)"),
        problem("f1")
            .subject_to("specificity>=0.8".parse().expect("valid"))
            .subject_to("predicted_positives<=60".parse().expect("valid"))
            .at_prevalence(0.1),
    ]
}

/// Chooses in every one of as many replicates, each made as plainly as can be.
fn direct(scores: &Scores, problem: &Problem, is_by_class: bool) -> Vec<Option<(f64, f64)>> {
    let weight = scores.weight().expect("valid");
    let all = (0..scores.n_samples()).collect::<Vec<_>>();
    let strata = if is_by_class {
        let (positives, negatives) = all.iter().partition(|&&row| scores.is_positive()[row]);
        vec![positives, negatives]
    } else {
        vec![all]
    };
    let replicates = (0..N_REPLICATES).map(|replicate| {
        let mut stream = ChaChaStream::new(2, Purpose::new("test/direct"), replicate as u64);
        let strata = strata.iter();
        let drawn = strata.flat_map(|rows: &Vec<usize>| {
            let draws = (0..rows.len()).map(|_| rows[stream.index(rows.len())]);
            draws.collect::<Vec<_>>()
        });
        let drawn = drawn.collect::<Vec<_>>();
        let is_positive = drawn.iter().map(|&row| scores.is_positive()[row]);
        let pick = |values: &[f64]| drawn.iter().map(|&row| values[row]).collect::<Vec<_>>();
        let replicate = Scores::new(is_positive.collect(), pick(scores.score())).expect("valid");
        let replicate = replicate.with_weight(pick(weight)).expect("valid");
        let (chosen, value) = best(&sweep(&replicate), problem)?;
        Some((number_of(chosen.threshold).unwrap_or(1e9), value))
    });
    replicates.collect()
}

/// The largest distance between two empirical distributions, "none" being the highest value.
fn distance(
    left: impl Iterator<Item = Option<f64>>,
    right: impl Iterator<Item = Option<f64>>,
) -> f64 {
    let [left, right] = [left.collect::<Vec<_>>(), right.collect::<Vec<_>>()].map(|values| {
        let values = values.into_iter().map(|value| value.unwrap_or(f64::MAX));
        let mut values = values.collect::<Vec<_>>();
        values.sort_unstable_by(f64::total_cmp);
        values
    });
    let share = |values: &[f64], up_to: f64| {
        values.partition_point(|&value| value <= up_to) as f64 / values.len() as f64
    };
    let at = left.iter().chain(&right);
    let distances = at.map(|&value| (share(&left, value) - share(&right, value)).abs());
    distances.fold(0.0, f64::max)
}

/// The thresholds chosen, "predict none" being above all scores.
fn chosen(bootstrap: &ChoiceBootstrap) -> impl Iterator<Item = Option<f64>> {
    let thresholds = bootstrap.thresholds();
    thresholds.map(|choice| choice.map(|threshold| number_of(threshold).unwrap_or(1e9)))
}

fn values<'b>(
    bootstrap: &'b ChoiceBootstrap,
    metric: &Metric,
) -> impl Iterator<Item = Option<f64>> + use<'b> {
    let metric = metric.clone();
    let replicates = bootstrap.fixed().replicates().iter();
    replicates.map(move |cells| metric.value(cells))
}

#[test]
fn thresholds_and_values_are_those_of_drawing_rows_one_by_one() {
    let scores = rows();
    let at = Threshold::new(50.0).expect("valid");
    for problem in problems() {
        for (resampling, is_by_class) in [(Resampling::Rows, false), (Resampling::ByClass, true)] {
            let options = options().resampling(resampling);
            let found = bootstrap_choice_rows(&scores, at, &problem, &options).expect("valid");
            let expected = direct(&scores, &problem, is_by_class);
            let far = distance(
                chosen(&found),
                expected
                    .iter()
                    .map(|best| best.map(|(threshold, _)| threshold)),
            );
            assert!(far < DISTANCE, "{problem}, {resampling:?}: {far}");
            // The merit at the choice: its percentiles are those of the values, up to the scatter of 3000.
            let merit = found.merit_interval().expect("valid");
            let mut merits = expected.iter().flatten().map(|&(_, value)| {
                if problem.objective().metric().name() == "cost" {
                    -value
                } else {
                    value
                }
            });
            let mut sorted = merits.by_ref().collect::<Vec<_>>();
            sorted.sort_unstable_by(f64::total_cmp);
            let share = |end: f64| {
                sorted.partition_point(|&merit| merit <= end) as f64 / sorted.len() as f64
            };
            assert!((share(merit.low()) - 0.025).abs() < 0.02, "{problem}");
            assert!((share(merit.high()) - 0.975).abs() < 0.02, "{problem}");
        }
    }
}

#[test]
fn unit_weights_are_as_rows_without() {
    let weighted = rows();
    let plain =
        Scores::new(weighted.is_positive().to_vec(), weighted.score().to_vec()).expect("valid");
    let units = plain.clone().with_weight(vec![1.0; 160]).expect("valid");
    let at = Threshold::new(60.0).expect("valid");
    for problem in problems() {
        for resampling in [Resampling::Rows, Resampling::ByClass] {
            let options = options().resampling(resampling);
            let one = bootstrap_choice(&sweep(&plain), at, &problem, &options).expect("valid");
            let other = bootstrap_choice_rows(&units, at, &problem, &options).expect("valid");
            let far = distance(chosen(&one), chosen(&other));
            assert!(far < DISTANCE, "{problem}, {resampling:?}: {far}");
            for metric in ["recall", "precision", "prevalence"] {
                let metric = metric.parse().expect("valid");
                let far = distance(values(&one, &metric), values(&other, &metric));
                assert!(far < DISTANCE, "{metric}, {resampling:?}: {far}");
            }
            assert_eq!(one.fixed().observed(), other.fixed().observed());
            // An interval is some 4 deviations of a replicate wide, and the difference of two means of 3000 varies by
            // 0.026 of one: five times that.
            let merit = one.merit_interval().expect("valid");
            let tolerance = (merit.high() - merit.low()) / 30.0;
            let [one, other] = [one, other].map(|bootstrap| bootstrap.optimism().expect("valid"));
            assert!((one - other).abs() < tolerance, "{one}, {other}");
        }
    }
    // Without weights it is the very bootstrap of the sweep.
    let problem = &problems()[0];
    assert_eq!(
        bootstrap_choice_rows(&plain, at, problem, &options()).expect("valid"),
        bootstrap_choice(&sweep(&plain), at, problem, &options()).expect("valid")
    );
}

#[test]
fn a_scale_of_all_weights_changes_no_choice() {
    let scores = rows();
    let at = Threshold::new(50.0).expect("valid");
    let youden = &problems()[0];
    let choices = |scale: f64| {
        let weight = scores
            .weight()
            .expect("valid")
            .iter()
            .map(|weight| scale * weight);
        let scaled = scores.clone().with_weight(weight.collect()).expect("valid");
        bootstrap_choice_rows(&scaled, at, youden, &options()).expect("valid")
    };
    let one = choices(1.0);
    for scale in [0.125, 3.7, 1e-30, 1e30] {
        let other = choices(scale);
        assert!(chosen(&one).eq(chosen(&other)), "{scale}");
        let [one, other] =
            [&one, &other].map(|bootstrap| bootstrap.merit_interval().expect("valid"));
        // Rounding of quotients of sums.
        assert!((one.low() - other.low()).abs() < 1e-12, "{scale}");
    }
}

#[test]
fn rows_that_weigh_much_decide() {
    // Of 4 rows only a negative one at 3 and a positive one at 2 weigh anything, 1 each. A replicate has k and m of
    // them: k are right where nothing is called, none at 3, and m at 2, which wins ties.
    let scores =
        Scores::new(vec![true, false, true, false], vec![4.0, 3.0, 2.0, 1.0]).expect("valid");
    let scores = scores.with_weight(vec![0.0, 1.0, 1.0, 0.0]).expect("valid");
    let accuracy = Problem::new("accuracy".parse().expect("valid"));
    let at = Threshold::new(2.0).expect("valid");
    let found = bootstrap_choice_rows(&scores, at, &accuracy, &options()).expect("valid");
    // A row is one of k, one of m or neither with 1/4, 1/4 and 1/2: k = m = 0 in 16 of 256, 1 in 48, 2 in 6.
    let n_more = f64::from(256 - 16 - 48 - 6) / 2.0;
    for (choice, n_of_256) in [
        (None, 16.0),
        (Some(None), n_more),
        (Some(Some(2.0)), n_more + 48.0 + 6.0),
    ] {
        // Shares of 3000 replicates are known to 0.9 %, three times over.
        const TOLERANCE: f64 = 0.027;
        let thresholds = found.thresholds().map(|other| other.map(number_of));
        let n_such = thresholds.filter(|&other| other == choice).count();
        let off = n_such as f64 / N_REPLICATES as f64 - n_of_256 / 256.0;
        assert!(off.abs() < TOLERANCE, "{choice:?}: {off}");
    }
}

#[test]
fn blocks_threads_and_bins_change_nothing() {
    let scores = rows();
    let at = Threshold::new(50.0).expect("valid");
    let problem = &problems()[2];
    let table = sweep(&scores);
    let whole = bootstrap_choice_rows(&scores, at, problem, &options()).expect("valid");
    let part = |rows: std::ops::Range<usize>| {
        let pick = |values: &[f64]| values[rows.clone()].to_vec();
        let part = Scores::new(
            scores.is_positive()[rows.clone()].to_vec(),
            pick(scores.score()),
        );
        part.expect("valid")
            .with_weight(pick(scores.weight().expect("valid")))
            .expect("valid")
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(3)
        .build()
        .expect("valid");
    let in_parts = pool.install(|| {
        let mut placed = WeightedBootstrapRows::new(&table);
        for rows in [110..160, 0..7, 7..110] {
            placed.add(&part(rows));
        }
        placed
            .bootstrap_choice(at, problem, &options())
            .expect("valid")
    });
    assert_eq!(in_parts, whole);

    // Among the edges of a sweep that does not fit, every choice is an edge, and cells at an edge are what they are.
    let mut builder = PartialSweepBuilder::cut_at(1200, &[at]).expect("valid");
    builder.add(&scores);
    let partial = builder.finish().expect("valid");
    assert!(!partial.is_exact());
    let mut placed = WeightedBootstrapRows::new(partial.edges());
    placed.add(&scores);
    let coarse = placed
        .bootstrap_choice(at, problem, &options())
        .expect("valid");
    let edges = partial.edges().thresholds();
    assert!(
        chosen(&coarse)
            .flatten()
            .all(|threshold| threshold > 1e8 || edges.contains(&threshold))
    );
    assert_eq!(*coarse.fixed().observed(), table.cells_at(at));
    let recall = "recall".parse::<Metric>().expect("valid");
    let far = distance(values(&coarse, &recall), values(&whole, &recall));
    assert!(far < DISTANCE, "{far}");
}

#[test]
fn what_cannot_be_told_is_refused() {
    let problem = &problems()[0];
    let refused = |options: &BootstrapOptions| {
        bootstrap_choice_rows(&rows(), Threshold::HALF, problem, options).err()
    };
    let bca = options().interval(BootstrapInterval::Bca);
    assert_eq!(refused(&bca), Some(Error::WeightedBca));
    let none = options().n_replicates(0);
    assert!(matches!(
        refused(&none),
        Some(Error::ReplicateNumber { .. })
    ));
}
