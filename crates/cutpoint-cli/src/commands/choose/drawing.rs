//! What a choice is about, against the threshold: the metric of its objective and those of its constraints, where the
//! classifier will work, how sure they are, and where the choice lies.

use cutpoint_choose::{ChoiceBands, Decision};
use cutpoint_core::Threshold;
use cutpoint_plot::{Band, ChartOptions, Picture, Series, choice_chart};

use super::confidence::interval_title;

/// The picture of a choice.
pub(super) fn picture(decision: &Decision, found: &ChoiceBands) -> anyhow::Result<Picture> {
    let title = decision.confidence.as_ref().map(interval_title);
    let title = title.unwrap_or_default();
    let bands = found.bands.iter().map(|band| {
        let band = band.as_ref();
        band.map(|band| Band::new(&band.x, &band.low, &band.high))
            .transpose()
    });
    let bands = bands.collect::<Result<Vec<_>, _>>()?;
    let series = found.metrics.iter().zip(&bands);
    let series = series.map(|(metric, band)| {
        let series = Series::new("", metric).note(title.clone());
        match band {
            Some(band) => series.band(band),
            None => series,
        }
    });
    let problem = &decision.problem;
    let mut options = ChartOptions::default().title(format!("To {problem}"));
    if let Some(threshold) = decision.threshold() {
        options = options.threshold(threshold);
    }
    let series = series.collect::<Vec<_>>();
    let (sweep, half) = (found.sweep(decision), Some(Threshold::HALF));
    Ok(choice_chart(sweep, problem, &series, half, &options)?)
}
