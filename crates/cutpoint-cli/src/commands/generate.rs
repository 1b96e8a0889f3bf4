//! `cutpoint generate`: synthetic labelled data.
//!
//! Flags that the kind of data does not use are errors, rather than ignored.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use cutpoint_core::{Dataset, Labels, Seed, StreamKind, counted};
use cutpoint_datasets::{
    Adjustment, BlobsParams, CirclesParams, ClassificationBlock, ClassificationBlocks,
    ClassificationParams, MoonsParams, make_blobs, make_circles, make_classification, make_moons,
};
use cutpoint_files::{DatasetWriter, Output, write_dataset};
use ndarray::Axis;
use rayon::prelude::*;

use crate::args::{SeedArgs, count};
use crate::console::Console;
use crate::failure::Usage;

const CLASSIFICATION: &str = "With --kind classification";

/// Make synthetic labelled data
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Make synthetic labelled data\n\n\
        Columns `x0`, `x1`, … and the label `y`. With `--rng numpy` the data are those of scikit-learn for the same \
        parameters and `random_state`; `--rng chacha` makes data of any size in bounded memory. The same command gives \
        the same data, always.",
    after_help = "Examples:\n  \
        cutpoint generate -o data.csv --n-samples 500 --weights 0.6,0.4 --random-state 42\n  \
        cutpoint generate -o big.csv --n-samples 100000000 --rng chacha\n  \
        cutpoint generate -o moons.csv --kind moons --n-samples 1000 --noise 0.2"
)]
pub(crate) struct Args {
    /// Write the data here: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdout
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// What to make
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,

    /// Rows, in [1, inf)
    #[arg(long, value_name = "N", default_value_t = 100, allow_negative_numbers = true, value_parser = count)]
    n_samples: usize,

    /// Columns, in [1, inf) [default: 20, for blobs 2]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    n_features: Option<usize>,

    /// Columns that the clusters differ in, in [1, inf) [default: 2]
    #[arg(long, help_heading = CLASSIFICATION, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    n_informative: Option<usize>,

    /// Columns that combine informative ones, in [0, inf) [default: 2]
    #[arg(long, help_heading = CLASSIFICATION, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    n_redundant: Option<usize>,

    /// Columns that copy informative or redundant ones, in [0, inf) [default: 0]
    #[arg(long, help_heading = CLASSIFICATION, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    n_repeated: Option<usize>,

    /// Classes, in [1, inf) [default: 2]
    #[arg(long, help_heading = CLASSIFICATION, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    n_classes: Option<usize>,

    /// Clusters of each class, in [1, inf); more make classes harder to tell apart [default: 2]
    #[arg(long, help_heading = CLASSIFICATION, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    n_clusters_per_class: Option<usize>,

    /// Share of each class, each in [0, inf); the last may be left out [default: equal]
    #[arg(
        long,
        help_heading = CLASSIFICATION,
        value_name = "A,B",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    weights: Option<Vec<f64>>,

    /// Share of the rows whose class is drawn anew, in [0, 1]; more is noisier [default: 0.01]
    #[arg(
        long,
        help_heading = CLASSIFICATION,
        value_name = "SHARE",
        allow_negative_numbers = true
    )]
    flip_y: Option<f64>,

    /// Distance between classes, in (0, inf); more makes them easier to tell apart [default: 1]
    #[arg(
        long,
        help_heading = CLASSIFICATION,
        value_name = "X",
        allow_negative_numbers = true
    )]
    class_sep: Option<f64>,

    /// Put clusters on a random polytope instead of the vertices of a cube
    #[arg(long, help_heading = CLASSIFICATION)]
    no_hypercube: bool,

    /// Added to every feature: a number, or `none` to draw one for each [default: 0]
    #[arg(
        long,
        help_heading = CLASSIFICATION,
        value_name = "X|none",
        allow_negative_numbers = true,
        value_parser = adjustment
    )]
    shift: Option<Adjustment>,

    /// Multiplied with every feature after the shift: a number in (0, inf), or `none` to draw one for each [default: 1]
    #[arg(
        long,
        help_heading = CLASSIFICATION,
        value_name = "X|none",
        allow_negative_numbers = true,
        value_parser = adjustment
    )]
    scale: Option<Adjustment>,

    /// Clouds, each a class, in [1, inf) [default: 3]
    #[arg(long, help_heading = "With --kind \
        blobs", value_name = "N", allow_negative_numbers = true, value_parser = count)]
    centers: Option<usize>,

    /// Standard deviation of every cloud, in [0, inf); more makes them overlap [default: 1]
    #[arg(
        long,
        help_heading = "With --kind blobs",
        value_name = "X",
        allow_negative_numbers = true
    )]
    cluster_std: Option<f64>,

    /// Range that the coordinates of the centres are drawn from [default: -10,10]
    #[arg(long, help_heading = "With --kind \
        blobs", value_name = "LOW,HIGH", allow_hyphen_values = true, value_parser = center_box)]
    center_box: Option<(f64, f64)>,

    /// Standard deviation of noise added to every point, in [0, inf) [default: none is drawn]
    #[arg(
        long,
        help_heading = "With --kind moons or circles",
        value_name = "X",
        allow_negative_numbers = true
    )]
    noise: Option<f64>,

    /// Radius of the inner circle, in [0, 1); more brings the classes closer [default: 0.8]
    #[arg(
        long,
        help_heading = "With --kind circles",
        value_name = "X",
        allow_negative_numbers = true
    )]
    factor: Option<f64>,

    /// Keep rows (and columns) in the order they are made in
    #[arg(long)]
    no_shuffle: bool,

    #[command(flatten)]
    seed: SeedArgs,
}

/// What kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Kind {
    /// Clusters on the vertices of a cube, with redundant, repeated and useless features
    #[default]
    Classification,
    /// Normal clouds round centres
    Blobs,
    /// Two half circles that reach into each other
    Moons,
    /// A circle in a circle
    Circles,
}

fn adjustment(text: &str) -> Result<Adjustment, String> {
    text.parse()
        .map_err(|_| "must be a number or `none`".to_owned())
}

fn center_box(text: &str) -> Result<(f64, f64), String> {
    let corners = text
        .split_once(',')
        .and_then(|(low, high)| Some((low.trim().parse().ok()?, high.trim().parse().ok()?)));
    corners.ok_or_else(|| "must be two numbers such as -10,10".to_owned())
}

impl Args {
    /// Refuses flags that the kind of data has no use for.
    fn check(&self) -> Result<(), Usage> {
        use Kind::{Blobs, Circles, Classification, Moons};
        let uses: [(&str, bool, &[Kind]); 17] = [
            (
                "--n-features",
                self.n_features.is_some(),
                &[Classification, Blobs],
            ),
            (
                "--n-informative",
                self.n_informative.is_some(),
                &[Classification],
            ),
            (
                "--n-redundant",
                self.n_redundant.is_some(),
                &[Classification],
            ),
            ("--n-repeated", self.n_repeated.is_some(), &[Classification]),
            ("--n-classes", self.n_classes.is_some(), &[Classification]),
            (
                "--n-clusters-per-class",
                self.n_clusters_per_class.is_some(),
                &[Classification],
            ),
            ("--weights", self.weights.is_some(), &[Classification]),
            ("--flip-y", self.flip_y.is_some(), &[Classification]),
            ("--class-sep", self.class_sep.is_some(), &[Classification]),
            ("--no-hypercube", self.no_hypercube, &[Classification]),
            ("--shift", self.shift.is_some(), &[Classification]),
            ("--scale", self.scale.is_some(), &[Classification]),
            ("--centers", self.centers.is_some(), &[Blobs]),
            ("--cluster-std", self.cluster_std.is_some(), &[Blobs]),
            ("--center-box", self.center_box.is_some(), &[Blobs]),
            ("--noise", self.noise.is_some(), &[Moons, Circles]),
            ("--factor", self.factor.is_some(), &[Circles]),
        ];
        let name = |kind: Kind| {
            kind.to_possible_value()
                .map_or_else(String::new, |value| value.get_name().to_owned())
        };
        match uses
            .iter()
            .find(|(_, given, kinds)| *given && !kinds.contains(&self.kind))
        {
            None => self.check_drawn(),
            Some((flag, _, kinds)) => {
                let kinds = kinds.iter().map(|&kind| name(kind)).collect::<Vec<_>>();
                Err(Usage::new(format_args!(
                    "`{flag}` is for `--kind {}`, not for `--kind {}`",
                    kinds.join("` and `--kind "),
                    name(self.kind)
                )))
            }
        }
    }

    /// Refuses a seed where nothing is drawn.
    fn check_drawn(&self) -> Result<(), Usage> {
        let is_curve = matches!(self.kind, Kind::Moons | Kind::Circles);
        match self.seed.changed() {
            Some(flag) if is_curve && self.no_shuffle && self.noise.is_none() => {
                Err(Usage::new(format_args!(
                    "`{flag}` is for drawing, and with `--no-shuffle` and without `--noise` nothing is drawn"
                )))
            }
            _ => Ok(()),
        }
    }

    fn classification(&self, seed: Seed) -> ClassificationParams {
        let mut params = ClassificationParams::default()
            .n_samples(self.n_samples)
            .hypercube(!self.no_hypercube)
            .shuffle(!self.no_shuffle)
            .seed(seed);
        params = set(params, self.n_features, ClassificationParams::n_features);
        params = set(
            params,
            self.n_informative,
            ClassificationParams::n_informative,
        );
        params = set(params, self.n_redundant, ClassificationParams::n_redundant);
        params = set(params, self.n_repeated, ClassificationParams::n_repeated);
        params = set(params, self.n_classes, ClassificationParams::n_classes);
        params = set(
            params,
            self.n_clusters_per_class,
            ClassificationParams::n_clusters_per_class,
        );
        params = set(params, self.weights.clone(), ClassificationParams::weights);
        params = set(params, self.flip_y, ClassificationParams::flip_y);
        params = set(params, self.class_sep, ClassificationParams::class_sep);
        params = set(params, self.shift.clone(), ClassificationParams::shift);
        set(params, self.scale.clone(), ClassificationParams::scale)
    }

    fn blobs(&self, seed: Seed) -> BlobsParams {
        let mut params = BlobsParams::default()
            .n_samples(self.n_samples)
            .shuffle(!self.no_shuffle)
            .seed(seed);
        params = set(params, self.n_features, BlobsParams::n_features);
        params = set(params, self.centers, BlobsParams::centers);
        params = set(params, self.cluster_std, BlobsParams::cluster_std);
        set(params, self.center_box, |params, (low, high)| {
            params.center_box(low, high)
        })
    }

    fn moons(&self, seed: Seed) -> MoonsParams {
        let params = MoonsParams::default()
            .n_samples(self.n_samples)
            .shuffle(!self.no_shuffle)
            .seed(seed);
        set(params, self.noise, MoonsParams::noise)
    }

    fn circles(&self, seed: Seed) -> CirclesParams {
        let mut params = CirclesParams::default()
            .n_samples(self.n_samples)
            .shuffle(!self.no_shuffle)
            .seed(seed);
        params = set(params, self.noise, CirclesParams::noise);
        set(params, self.factor, CirclesParams::factor)
    }
}

/// Sets what was given; what was not keeps its default.
fn set<P, V>(params: P, value: Option<V>, setter: impl FnOnce(P, V) -> P) -> P {
    match value {
        Some(value) => setter(params, value),
        None => params,
    }
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    args.check()?;
    let seed = args.seed.seed()?;
    let mut output = Output::create_table(&args.output)?;
    let n_features = match args.kind {
        Kind::Classification => {
            let params = args.classification(seed);
            params.check().map_err(Usage::new)?;
            if seed.kind() == StreamKind::ChaCha {
                write_blocks(&mut output, &params)?
            } else {
                check_memory(args.n_samples, args.n_features.unwrap_or(20))?;
                let made = make_classification(&params).map_err(Usage::new)?;
                write_whole(&mut output, made.dataset())?
            }
        }
        Kind::Blobs => {
            let params = args.blobs(seed);
            params.check().map_err(Usage::new)?;
            check_memory(args.n_samples, args.n_features.unwrap_or(2))?;
            let made = make_blobs(&params).map_err(Usage::new)?;
            write_whole(&mut output, made.dataset())?
        }
        Kind::Moons => {
            check_memory(args.n_samples, 2)?;
            let data = make_moons(&args.moons(seed)).map_err(Usage::new)?;
            write_whole(&mut output, &data)?
        }
        Kind::Circles => {
            check_memory(args.n_samples, 2)?;
            let data = make_circles(&args.circles(seed)).map_err(Usage::new)?;
            write_whole(&mut output, &data)?
        }
    };
    output.commit()?;
    if args.output != Path::new("-") {
        console.note(format_args!(
            "{}, {}",
            counted(args.n_samples, "row"),
            counted(n_features, "feature")
        ));
    }
    Ok(())
}

/// Refuses data that are sure not to fit into memory, before anything is made.
fn check_memory(n_samples: usize, n_features: usize) -> anyhow::Result<()> {
    let n_numbers = n_samples.saturating_mul(n_features);
    if Vec::<f64>::new().try_reserve_exact(n_numbers).is_err() {
        anyhow::bail!(
            "{} of {} do not fit into memory; `--kind classification --rng chacha` makes data of any size",
            counted(n_samples, "row"),
            counted(n_features, "feature")
        );
    }
    Ok(())
}

fn write_whole(output: &mut Output, data: &Dataset) -> anyhow::Result<usize> {
    write_dataset(output, data)?;
    Ok(data.n_features())
}

/// Makes and writes some blocks at a time, so that memory stays bounded.
fn write_blocks(output: &mut Output, params: &ClassificationParams) -> anyhow::Result<usize> {
    let blocks = ClassificationBlocks::new(params).map_err(Usage::new)?;
    let feature_names = (0..blocks.n_features())
        .map(|feature| format!("x{feature}"))
        .collect::<Vec<_>>();
    let mut writer = DatasetWriter::new(output, &feature_names, "y")?;
    let wave_size = 4 * rayon::current_num_threads();
    for first in (0..blocks.n_blocks()).step_by(wave_size) {
        let wave = first..blocks.n_blocks().min(first + wave_size);
        let wave = wave.into_par_iter().map(|index| blocks.block(index));
        let wave = wave.collect::<Vec<_>>();
        let x = wave
            .iter()
            .map(|block| block.x().view())
            .collect::<Vec<_>>();
        let codes = wave.iter().flat_map(ClassificationBlock::codes).copied();
        let y = Labels::from_codes(codes.collect(), blocks.classes())?;
        writer.write(&Dataset::new(ndarray::concatenate(Axis(0), &x)?, y)?)?;
    }
    writer.finish()?;
    Ok(blocks.n_features())
}
