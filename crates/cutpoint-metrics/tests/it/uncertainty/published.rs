//! Worked examples from the literature, to the digits printed there.

use cutpoint_metrics::{ProportionInterval, mcnemar, proportion_interval};

/// Newcombe, 1998, *Two-sided confidence intervals for the single proportion: comparison of seven methods*, Statistics
/// in Medicine 17, 857–872, table I: 95 % intervals by methods 3 (Wilson) and 5 (Clopper–Pearson).
#[test]
fn intervals_of_newcombe() {
    let table = [
        (81, 263, [0.2553, 0.3662], [0.2527, 0.3676]),
        (15, 148, [0.0624, 0.1605], [0.0578, 0.1617]),
        (0, 20, [0.0, 0.1611], [0.0, 0.1684]),
        (1, 29, [0.0061, 0.1718], [0.0009, 0.1776]),
    ];
    for (successes, trials, wilson, exact) in table {
        for (method, expected) in [
            (ProportionInterval::Wilson, wilson),
            (ProportionInterval::ClopperPearson, exact),
        ] {
            let interval = proportion_interval(successes, trials, method, 0.95).unwrap();
            let interval = interval.expect("there are trials");
            for (got, expected) in [
                (interval.low(), expected[0]),
                (interval.high(), expected[1]),
            ] {
                assert!(
                    (got - expected).abs() < 5e-5,
                    "{successes} of {trials}, {method:?}: {got}"
                );
            }
        }
    }
}

/// Fagerland, Lydersen and Laake, 2013, *The McNemar test for binary matched-pairs data*, BMC Medical Research
/// Methodology 13, 91: airway hyper-responsiveness (1 and 7 pairs differ) and complete response (6 and 16). Exact: 2
/// (1 + 8) / 2^8 = 0.0703 and 2 · 110056 / 2^22 = 0.0525, the sums of the binomial coefficients up to the smaller
/// count; mid-p: less 8 / 2^8 and 74613 / 2^22.
#[test]
fn tests_of_fagerland() {
    for (b, c, exact, mid) in [(1, 7, 0.0703, 0.0391), (6, 16, 0.0525, 0.0347)] {
        let test = mcnemar(b, c);
        assert!((test.p_exact() - exact).abs() < 5e-5, "{}", test.p_exact());
        assert!((test.p_mid() - mid).abs() < 5e-5, "{}", test.p_mid());
    }
}
