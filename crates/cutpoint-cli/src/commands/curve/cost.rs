//! `cutpoint curve cost`: what the errors cost at each threshold.

use cutpoint_metrics::{Costs, CurveKind, Sweep, cost_curve};

use cutpoint_plot::{ChartOptions, Picture, TextAxis, cost_chart};

use super::{Common, Kind, named_curves, series};

/// What the cells cost at each threshold
#[derive(Debug, clap::Args)]
#[command(
    long_about = "What the cells cost at each threshold\n\n\
        Columns: `threshold`, `cost` (the mean cost of a row); thresholds descend from \"predict none\". Told: the \
        lowest cost and every threshold that has it. JSON also holds the cost curve of Drummond and Holte, `envelope`: \
        which threshold costs least for every ratio of costs and classes. Its vertices cost least up to the \
        `probability_cost_up_to` of p(+) fn / (p(+) fn + p(-) fp); there they cost `fnr` times that and `fpr` times \
        the rest.",
    after_help = "Examples:\n  \
        cutpoint curve cost scores.csv --cost fp=1,fn=10 -o cost.csv\n  \
        cutpoint curve cost scores.csv --cost fp=5,fn=100,tp=5,tn=0 --format json"
)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,

    /// What one row of each cell costs, or earns below 0: some of `fp`, `fn`, `tp`, `tn`, each in [-1e100, 1e100]; a
    /// cell that is not named costs 0. The default is the error rate
    #[arg(long, value_name = "COSTS", default_value = "fp=1,fn=1")]
    cost: Costs,
}

impl Kind for Args {
    const X: TextAxis<'static> = TextAxis::open("threshold");
    const Y: (TextAxis<'static>, &'static [&'static str]) = (TextAxis::open("cost"), &["cost"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| cost_curve(sweep, &self.cost))?;
        Ok(cost_chart(&series(&curves), &ChartOptions::default())?)
    }

    fn kind(&self) -> CurveKind {
        CurveKind::Cost(self.cost)
    }
}
