//! Quantiles and tail areas of the normal distribution, for intervals and tests. Densities are not needed here.

/// The point below which a share `p` of the standard normal distribution lies, to about 16 digits; `p` in `(0, 1)`.
///
/// # References
/// Wichura, 1988, *Algorithm AS 241: the percentage points of the normal distribution*, Applied Statistics 37, 477–484.
pub(crate) fn standard_normal_quantile(p: f64) -> f64 {
    const CENTRE: f64 = 0.425;
    const SPLIT: f64 = 5.0;
    let from_centre = p - 0.5;
    if from_centre.abs() <= CENTRE {
        let r = CENTRE * CENTRE - from_centre * from_centre;
        return from_centre * ratio(&CENTRAL, r);
    }
    let tail = if from_centre < 0.0 { p } else { 1.0 - p };
    let r = (-tail.ln()).sqrt();
    let size = if r <= SPLIT {
        ratio(&MIDDLE, r - 1.6)
    } else {
        ratio(&FAR, r - SPLIT)
    };
    size.copysign(from_centre)
}

/// The share of the standard normal distribution below a point.
pub(crate) fn standard_normal_cdf(z: f64) -> f64 {
    libm::erfc(-z / std::f64::consts::SQRT_2) / 2.0
}

/// The share of the standard normal distribution at least as far from 0 as a point, on either side.
pub(crate) fn two_sided_p(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The quotient of two polynomials whose coefficients are given from the constant up.
fn ratio([numerator, denominator]: &[[f64; 8]; 2], x: f64) -> f64 {
    let polynomial = |coefficients: &[f64; 8]| {
        let from_the_top = coefficients.iter().rev();
        from_the_top.fold(0.0_f64, |sum, &coefficient| sum.mul_add(x, coefficient))
    };
    polynomial(numerator) / polynomial(denominator)
}

#[rustfmt::skip]
const CENTRAL: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_5, 133.141_667_891_784_38, 1_971.590_950_306_551_3, 13_731.693_765_509_46,
        45_921.953_931_549_87, 67_265.770_927_008_7, 33_430.575_583_588_13, 2_509.080_928_730_122_7,
    ],
    [
        1.0, 42.313_330_701_600_91, 687.187_007_492_057_9, 5_394.196_021_424_751,
        21_213.794_301_586_597, 39_307.895_800_092_71, 28_729.085_735_721_943, 5_226.495_278_852_545,
    ],
];

#[rustfmt::skip]
const MIDDLE: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5, 4.630_337_846_156_545, 5.769_497_221_460_691, 3.647_848_324_763_204_5,
        1.270_458_252_452_368_4, 0.241_780_725_177_450_6, 0.022_723_844_989_269_184, 7.745_450_142_783_414e-4,
    ],
    [
        1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 0.689_767_334_985_1,
        0.148_103_976_427_480_08, 0.015_198_666_563_616_457, 5.475_938_084_995_345e-4, 1.050_750_071_644_416_9e-9,
    ],
];

#[rustfmt::skip]
const FAR: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3, 0.296_560_571_828_504_87,
        0.026_532_189_526_576_124, 0.001_242_660_947_388_078_4, 2.711_555_568_743_487_6e-5, 2.010_334_399_292_288_1e-7,
    ],
    [
        1.0, 0.599_832_206_555_887_9, 0.136_929_880_922_735_8, 0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4, 1.846_318_317_510_054_8e-5, 1.421_511_758_316_446e-7, 2.044_263_103_389_939_8e-15,
    ],
];

#[cfg(test)]
mod tests {
    use cutpoint_testkit::golden;

    use super::*;

    #[test]
    fn quantiles_are_those_of_scipy() {
        const TOLERANCE: f64 = 4.0 * f64::EPSILON;
        let golden = golden("curves.json");
        let pairs = golden["normal_quantiles"].as_array().expect("a list");
        for pair in pairs {
            let [p, expected] = [0, 1].map(|index| pair[index].as_f64().expect("a number"));
            let got = standard_normal_quantile(p);
            assert!(
                (got - expected).abs() <= TOLERANCE * expected.abs().max(1e-300),
                "{p}: {got}, not {expected}"
            );
        }
    }

    #[test]
    fn tails_are_those_of_scipy() {
        let golden = golden("uncertainty.json");
        let pairs = golden["two_sided_p"].as_array().expect("a list");
        assert!(!pairs.is_empty());
        for pair in pairs {
            let [z, expected] = [0, 1].map(|index| pair[index].as_f64().expect("a number"));
            for got in [
                two_sided_p(z),
                two_sided_p(-z),
                2.0 * standard_normal_cdf(-z),
            ] {
                // The square of a rounded number is in the exponent.
                let tolerance = (4.0 + z * z) * f64::EPSILON;
                assert!((got - expected).abs() <= tolerance * expected, "{z}: {got}");
            }
        }
    }
}
