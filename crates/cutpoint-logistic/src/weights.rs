//! What each row weighs in a fit: its sample weight times the weight of its class. No loss is computed here.

use cutpoint_core::{Label, Labels};

use crate::{ClassWeight, Error, Result};

/// The weight of each row, `None` if all weigh 1, and the sum of the weights.
///
/// `y` is compact: every class has rows.
pub(crate) fn row_weights(
    class_weight: &ClassWeight,
    y: &Labels,
    sample_weight: Option<&[f64]>,
) -> Result<(Option<Vec<f64>>, f64)> {
    let n_samples = y.len();
    if let Some(weight) = sample_weight {
        if weight.len() != n_samples {
            return Err(Error::Length {
                name: "sample_weight",
                expected: n_samples,
                got: weight.len(),
            });
        }
        let bad = |value: &f64| !(*value >= 0.0 && value.is_finite());
        if let Some(row) = weight.iter().position(bad) {
            return Err(Error::SampleWeight {
                row,
                value: weight[row],
            });
        }
    }
    let of_class = class_weights(class_weight, y, sample_weight)?;
    if sample_weight.is_none() && of_class.is_none() {
        return Ok((None, n_samples as f64));
    }
    let weight = y
        .codes()
        .iter()
        .enumerate()
        .map(|(row, &code)| {
            let of_row = sample_weight.map_or(1.0, |weight| weight[row]);
            of_row
                * of_class
                    .as_ref()
                    .map_or(1.0, |weight| weight[code as usize])
        })
        .collect::<Vec<_>>();
    let totals = class_totals(y, Some(&weight));
    if let Some(class) = totals.iter().position(|total| *total <= 0.0) {
        return Err(without_weight(&y.classes()[class]));
    }
    let sum = totals.iter().sum::<f64>();
    if !sum.is_finite() {
        return Err(Error::Overflow {
            name: if sample_weight.is_some() {
                "sample_weight"
            } else {
                "class_weight"
            },
            quantity: "the sum of weights",
        });
    }
    Ok((Some(weight), sum))
}

/// The weight of each class, `None` if all weigh 1.
fn class_weights(
    class_weight: &ClassWeight,
    y: &Labels,
    sample_weight: Option<&[f64]>,
) -> Result<Option<Vec<f64>>> {
    match class_weight {
        ClassWeight::None => Ok(None),
        ClassWeight::Balanced => {
            let totals = class_totals(y, sample_weight);
            let all = totals.iter().sum::<f64>();
            let weights = totals.iter().zip(y.classes()).map(|(total, class)| {
                if *total > 0.0 {
                    Ok(all / (totals.len() as f64 * total))
                } else {
                    Err(without_weight(class))
                }
            });
            weights.collect::<Result<Vec<_>>>().map(Some)
        }
        ClassWeight::Given(given) => {
            let given_to = |class: &Label| {
                given
                    .iter()
                    .find(|(other, _)| other == class)
                    .map(|(_, w)| *w)
            };
            let unknown = given
                .iter()
                .find(|(class, _)| y.code_of(class).is_none())
                .map(|(class, _)| class);
            let missing = y.classes().iter().find(|class| given_to(class).is_none());
            // Weights for more classes than there are may be meant for other rows too; a misspelt name is not meant.
            if let (Some(unknown), Some(missing)) = (unknown, missing) {
                return Err(Error::ClassWeightUnknown {
                    unknown: unknown.clone(),
                    missing: missing.clone(),
                });
            }
            let weights = y
                .classes()
                .iter()
                .map(|class| given_to(class).unwrap_or(1.0));
            Ok(Some(weights.collect()))
        }
    }
}

/// The sum of the weights of each class.
fn class_totals(y: &Labels, weight: Option<&[f64]>) -> Vec<f64> {
    let mut totals = vec![0.0; y.classes().len()];
    for (row, &code) in y.codes().iter().enumerate() {
        totals[code as usize] += weight.map_or(1.0, |weight| weight[row]);
    }
    totals
}

fn without_weight(class: &Label) -> Error {
    Error::ClassWithoutWeight {
        class: class.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(class_weight: &ClassWeight, sample_weight: Option<&[f64]>) -> Result<Vec<f64>> {
        let y = Labels::from_texts(&["a", "b", "a", "a"]);
        row_weights(class_weight, &y, sample_weight).map(|(weight, sum)| {
            let weight = weight.unwrap_or_else(|| vec![1.0; 4]);
            assert!((weight.iter().sum::<f64>() - sum).abs() < 1e-12);
            weight
        })
    }

    #[track_caller]
    fn check(class_weight: &ClassWeight, sample_weight: Option<&[f64]>, expected: &[f64]) {
        let got = weights(class_weight, sample_weight).unwrap();
        // Products and quotients of small numbers: a rounding or two.
        let is_close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-15;
        assert!(got.iter().zip(expected).all(is_close), "{got:?}");
    }

    #[track_caller]
    fn check_refused(class_weight: &ClassWeight, sample_weight: Option<&[f64]>, expected: &str) {
        let error = weights(class_weight, sample_weight).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    fn given(weights: &[(&str, f64)]) -> ClassWeight {
        let weights = weights.iter().map(|&(class, value)| (class.into(), value));
        ClassWeight::Given(weights.collect())
    }

    #[test]
    fn classes_weigh_what_the_formula_says() {
        check(&ClassWeight::None, None, &[1.0; 4]);
        // a: 4 / (2 · 3), b: 4 / (2 · 1).
        let (a, b) = (4.0 / 6.0, 2.0);
        check(&ClassWeight::Balanced, None, &[a, b, a, a]);
        // a weighs 0.5 + 1 + 0.5 = 2, b weighs 6: a: 8 / (2 · 2) = 2, b: 8 / (2 · 6) = 2/3.
        check(
            &ClassWeight::Balanced,
            Some(&[0.5, 6.0, 1.0, 0.5]),
            &[1.0, 4.0, 2.0, 1.0],
        );
        check(&given(&[("b", 3.0)]), None, &[1.0, 3.0, 1.0, 1.0]);
        check(
            &given(&[("a", 2.0), ("b", 3.0), ("c", 5.0)]),
            Some(&[1.0, 0.5, 2.0, 0.0]),
            &[2.0, 1.5, 4.0, 0.0],
        );
    }

    #[test]
    fn bad_weights_are_named() {
        check_refused(
            &ClassWeight::None,
            Some(&[1.0; 3]),
            "`sample_weight` must have 4 rows, got 3",
        );
        check_refused(
            &ClassWeight::None,
            Some(&[1.0, 1.0, -0.5, 1.0]),
            "`sample_weight` must be in [0, inf), got -0.5 in row 2 (counted from 0)",
        );
        check_refused(
            &given(&[("c", 3.0)]),
            None,
            "`class_weight` names `c`, which has no rows, but not `a`, which has",
        );
        for class_weight in [ClassWeight::None, ClassWeight::Balanced] {
            check_refused(
                &class_weight,
                Some(&[1.0, 0.0, 1.0, 1.0]),
                "the weight of class `b` must be above 0 in at least 1 row, got 0 in all",
            );
        }
        check_refused(
            &ClassWeight::None,
            Some(&[f64::MAX; 4]),
            "`sample_weight` is too extreme: the sum of weights overflows",
        );
    }
}
