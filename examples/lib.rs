//! The model that the tutorial's sections share: data, split, fit and predictions of section 1.
//!
//! It prints nothing; each example shows what it takes from here.

use std::error::Error;

use cutpoint::data::{Label, Labels, Scores};
use cutpoint::datasets::{ClassificationParams, make_classification};
use cutpoint::logistic::{LogisticParams, fit_dataset};
use cutpoint::split::{HoldOutParams, train_test_split};

/// Labels of the test rows, true and predicted, and the scores behind the predictions.
pub struct Predictions {
    /// The true labels.
    pub y_test: Labels,
    /// The labels predicted at threshold 0.5.
    pub y_pred: Labels,
    /// The probability of class 1 for each row.
    pub scores: Scores,
}

/// 500 rows, 60 % of them negative; 350 train a logistic regression, the other 150 are predicted.
///
/// # Errors
/// Never, for these parameters.
pub fn predictions() -> Result<Predictions, Box<dyn Error>> {
    let data = make_classification(
        &ClassificationParams::default()
            .n_samples(500)
            .n_features(10)
            .n_informative(5)
            .n_redundant(2)
            .weights([0.6, 0.4])
            .seed(42),
    )?
    .into_dataset();
    let split = train_test_split(
        data.n_samples(),
        &HoldOutParams::default().test_size(0.3).seed(42),
    )?;
    let (train, test) = (data.select(split.train())?, data.select(split.test())?);

    let model = fit_dataset(&LogisticParams::default(), &train, None)?;
    Ok(Predictions {
        y_pred: model.predict(test.x().view())?,
        scores: model.scores(test.x().view(), test.y(), &Label::from(1))?,
        y_test: test.y().clone(),
    })
}
