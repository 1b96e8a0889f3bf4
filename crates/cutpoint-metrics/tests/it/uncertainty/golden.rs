//! Against `uncertainty.json`: statsmodels' intervals and tests, DeLong's test by comparing every pair in NumPy, and a
//! bootstrap in NumPy that sorts every replicate anew.

use cutpoint_core::{Seed, Threshold};
use cutpoint_metrics::{
    AucScale, BootstrapOptions, CellSums, Cells, ConfidenceInterval, Matched, Metric, Objective,
    PairedCells, PairedChoice, PairedChoiceRows, ProportionInterval, Resampling, bootstrap_choice,
    check_constraints, delong, delong_test, mcnemar, metric_test, prevalence_interval,
    proportion_interval, sweep,
};
use cutpoint_testkit::golden;
use serde_json::Value;

use super::scores_of;
use crate::{check_close, number_of, numbers};

fn cases(name: &str) -> Vec<Value> {
    let cases = golden("uncertainty.json")[name].as_array().cloned();
    let cases = cases.expect("a list");
    assert!(!cases.is_empty());
    cases
}

#[track_caller]
fn check_interval(got: Option<ConfidenceInterval>, expected: &Value, context: &str) {
    let got = got.unwrap_or_else(|| panic!("{context}: no interval"));
    for (got, expected) in [(got.low(), &expected[0]), (got.high(), &expected[1])] {
        check_close(Some(got), expected, context);
    }
}

/// SciPy's quantile of the beta distribution keeps eleven digits: the upper end for 5 of 10^6 at a confidence of 0.5 is
/// 7.422692844022523e-6 by mpmath with 40 digits, and 7.422692843985654e-6 by SciPy.
const QUANTILE_TOLERANCE: f64 = 2e-11;

#[test]
fn intervals_of_proportions() {
    for case in cases("proportions") {
        let count = |name: &str| case[name].as_u64().expect("a count");
        let (successes, trials) = (count("successes"), count("trials"));
        let confidence = case["confidence"].as_f64().expect("a number");
        let interval = |method| proportion_interval(successes, trials, method, confidence);
        let context = format!("{successes} of {trials}, {confidence}");
        let wilson = interval(ProportionInterval::Wilson).unwrap();
        check_interval(wilson, &case["wilson"], &context);
        let exact = interval(ProportionInterval::ClopperPearson)
            .unwrap()
            .expect("trials");
        let expected = numbers(&case["clopper_pearson"]);
        for (got, expected) in [(exact.low(), expected[0]), (exact.high(), expected[1])] {
            assert!(
                (got - expected).abs() <= QUANTILE_TOLERANCE * expected,
                "{context}: {got}, {expected}"
            );
        }
    }
}

#[test]
fn two_shares() {
    for case in cases("two_shares") {
        let confidence = case["confidence"].as_f64().expect("a number");
        let options = BootstrapOptions::default().confidence(confidence);
        let context = format!("{} and {}, {confidence}", case["then"], case["now"]);
        let [then, now] = ["then", "now"].map(|sample| {
            let count = |place: usize| case[sample][place].as_u64().expect("a count");
            Cells::from_counts(count(0), 3, count(1) - count(0), 4)
        });
        let [chosen_on, sums] =
            [then, now].map(|cells| CellSums::of_counts(Threshold::HALF, cells).expect("counts"));
        let constraints = ["recall>=0.5".parse().unwrap()];
        let kept =
            check_constraints(&constraints, &sums, Some(&chosen_on), None, None, &options).unwrap();
        check_interval(kept[0].change(), &case["change"], &context);
        let recall = "recall".parse::<Metric>().unwrap();
        let test = metric_test(&recall, &then, &now).unwrap().expect("rows");
        check_close(Some(test.z()), &case["z"], &context);
        check_close(Some(test.p()), &case["p"], &context);
    }
}

#[test]
fn mcnemar_p_values() {
    for case in cases("mcnemar") {
        let count = |name: &str| case[name].as_u64().expect("a count");
        let test = mcnemar(count("b"), count("c"));
        let context = format!("{test:?}");
        check_close(Some(test.p_exact()), &case["p_exact"], &context);
        // SciPy's probabilities of 10^5 tosses, summed one by one, keep some eleven digits.
        let (got, expected) = (test.p_mid(), case["p_mid"].as_f64().expect("a number"));
        assert!(
            (got - expected).abs() < 1e-10 * expected,
            "{context}: {got}, {expected}"
        );
    }
}

#[test]
fn delong_tests() {
    for case in cases("delong") {
        let (first, second) = (scores_of(&case, "first"), scores_of(&case, "second"));
        let test = delong_test(&first, &second).unwrap().expect("defined");
        let context = format!("{} rows", first.n_samples());
        let covariance = &case["covariance"];
        for (scores, estimate, index) in [(&first, test.first(), 0), (&second, test.second(), 1)] {
            check_close(Some(estimate.auc()), &case["auc"][index], &context);
            check_close(
                Some(estimate.variance()),
                &covariance[index][index],
                &context,
            );
            // From the table alone.
            let of_table = delong(&sweep(scores)).unwrap().expect("defined");
            check_close(Some(of_table.auc()), &case["auc"][index], &context);
            check_close(
                Some(of_table.variance()),
                &covariance[index][index],
                &context,
            );
        }
        check_close(Some(test.covariance()), &covariance[0][1], &context);
        check_close(test.z(), &case["z"], &context);
        check_close(test.p(), &case["p"], &context);
        let interval = |scale| test.first().interval(0.95, scale).unwrap();
        check_interval(interval(AucScale::Plain), &case["plain_95"], &context);
        check_interval(interval(AucScale::Logit), &case["logit_95"], &context);
    }
}

#[test]
fn choices_are_distributed_as_those_of_sorted_replicates() {
    /// Chi-square lies so many standard deviations above its mean in one of some 10^5 runs.
    const MOST_DEVIATIONS: f64 = 6.0;
    for case in cases("choices") {
        let table = sweep(&scores_of(&case, "y_score"));
        let resampling = match case["by_class"].as_bool() {
            Some(true) => Resampling::ByClass,
            _ => Resampling::Rows,
        };
        let n_replicates = 20_000_usize;
        assert_eq!(case["n_replicates"].as_u64(), Some(20_000));
        let options = BootstrapOptions::default()
            .n_replicates(n_replicates)
            .resampling(resampling)
            .seed(Seed::from(7));
        let youden = Objective::best("youden".parse().unwrap()).unwrap();
        let bootstrap = bootstrap_choice(&table, Threshold::HALF, &youden, &options).unwrap();

        let chosen = bootstrap.thresholds().collect::<Vec<_>>();
        let times = numbers(&case["times"]);
        let (mut chi_square, mut n_groups, mut n_seen) = (0.0_f64, 0.0_f64, 0);
        for (threshold, times) in numbers(&case["thresholds"]).into_iter().zip(times) {
            let got = chosen
                .iter()
                .filter(|&&chosen| chosen.map(number_of) == Some(Some(threshold)))
                .count();
            n_seen += got;
            if times >= 20.0 {
                let difference = got as f64 - times;
                // Two samples of equal size.
                chi_square += difference * difference / (got as f64 + times);
                n_groups += 1.0;
            }
        }
        let context = format!("{resampling:?}: chi-square {chi_square} of {n_groups}");
        assert!(n_groups >= 4.0, "{context}");
        // Thresholds that the other bootstrap never chose in so many replicates are rare here, too.
        assert!(
            n_replicates - n_seen < 20,
            "{context}: {n_seen} of the thresholds known"
        );
        let limit = n_groups + MOST_DEVIATIONS * (2.0 * n_groups).sqrt();
        assert!(chi_square < limit, "{context}");

        let f1 = bootstrap.fixed().replicates().iter();
        let f1 = f1.map(|cells| cutpoint_metrics::formulas::f1(cells).expect("defined"));
        let f1 = f1.collect::<Vec<_>>();
        let mean = f1.iter().sum::<f64>() / n_replicates as f64;
        let squares = f1.iter().map(|value| (value - mean) * (value - mean));
        let deviation = (squares.sum::<f64>() / n_replicates as f64).sqrt();
        let expected = case["f1_standard_deviation"].as_f64().unwrap();
        // Five standard errors of the difference of two means, and of two standard deviations of a near normal number.
        let error = expected * (2.0 / n_replicates as f64).sqrt();
        let expected_mean = case["f1_mean"].as_f64().unwrap();
        assert!(
            (mean - expected_mean).abs() < 5.0 * error,
            "{mean} and {expected_mean}"
        );
        assert!(
            (deviation - expected).abs() < 5.0 * error,
            "{deviation} and {expected}"
        );
    }
}

#[test]
fn differences_at_a_matched_rate_are_those_of_sorted_replicates() {
    const N_REPLICATES: usize = 20_000;
    for case in cases("matched") {
        let number = |name: &str| case[name].as_f64().expect("a number");
        let by_class = case["by_class"].as_bool().expect("yes or no");
        let models = ["first", "second"].map(|name| scores_of(&case, name));
        let sweeps = models.each_ref().map(sweep);
        let choice = PairedChoice::Matched {
            first: Threshold::new(number("threshold")).unwrap(),
            rate: Matched::FalsePositiveRate,
        };
        let mut rows = PairedChoiceRows::new(choice, sweeps.each_ref());
        rows.add(&models[0], &models[1]).unwrap();
        let resampling = if by_class {
            Resampling::ByClass
        } else {
            Resampling::Rows
        };
        let options = BootstrapOptions::default()
            .n_replicates(N_REPLICATES)
            .resampling(resampling)
            .seed(Seed::from(3));
        let replicates = rows.bootstrap(&options).unwrap();
        let recall = "recall".parse::<Metric>().unwrap();
        let difference = |cells: &Option<PairedCells>| {
            let cells = cells.expect("a class has rows in every replicate");
            recall.value(&cells.first()).unwrap() - recall.value(&cells.second()).unwrap()
        };
        let observed = difference(replicates.observed());
        check_close(Some(observed), &case["difference"], "difference");

        let drawn = replicates.replicates().iter().map(difference);
        let drawn = drawn.collect::<Vec<_>>();
        let n = N_REPLICATES as f64;
        let mean = drawn.iter().sum::<f64>() / n;
        let squares = drawn.iter().map(|value| (value - mean).powi(2));
        let deviation = (squares.sum::<f64>() / (n - 1.0)).sqrt();
        let not_above_0 = drawn.iter().filter(|&&value| value <= 0.0).count() as f64 / n;
        // Both sides are drawn: five standard errors of a difference of two means, of two deviations, of two shares.
        let errors = 5.0 * (1.0 / n + 1.0 / number("n_replicates")).sqrt();
        for (name, got, error) in [
            ("mean", mean, deviation),
            ("standard_deviation", deviation, deviation / 2.0_f64.sqrt()),
            (
                "d",
                observed / deviation,
                observed / deviation / 2.0_f64.sqrt(),
            ),
            (
                "share_not_above_0",
                not_above_0,
                (not_above_0 * (1.0 - not_above_0)).sqrt(),
            ),
        ] {
            let off = (got - number(name)).abs();
            assert!(
                off <= errors * error,
                "{name}, {by_class}: {got}, {}",
                number(name)
            );
        }
    }
}

#[test]
fn intervals_at_a_prevalence() {
    /// Of the width: the farthest end lies between two of the 65 angles that are tried, at most 0.0123 from one of
    /// them.
    const BETWEEN_ANGLES: f64 = 2e-4;
    for case in cases("at_a_prevalence") {
        let counts = numbers(&case["counts"]);
        let cells = Cells::from_weights(counts[0], counts[1], counts[2], counts[3]).unwrap();
        let prevalence = case["prevalence"].as_f64();
        let confidence = case["confidence"].as_f64().expect("a number");
        for (name, expected) in case["intervals"].as_object().expect("an object") {
            let metric = name.parse::<Metric>().unwrap();
            let got = prevalence_interval(&metric, &cells, prevalence, confidence);
            let got = got.unwrap().expect("defined");
            let expected = numbers(expected);
            let limit = BETWEEN_ANGLES * (expected[1] - expected[0]);
            for (got, expected) in [(got.low(), expected[0]), (got.high(), expected[1])] {
                assert!(
                    (got - expected).abs() <= limit,
                    "{name}, {counts:?}: {got}, {expected}"
                );
            }
            assert!(!got.has_no_width(), "{name}, {counts:?}");
        }
    }
}
