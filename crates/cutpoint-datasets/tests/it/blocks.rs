//! `make_classification` on the ChaCha stream: the same for every thread count, exact sizes, sane moments.

use cutpoint_core::Seed;
use cutpoint_datasets::{
    BLOCK_ROWS, Classification, ClassificationBlocks, ClassificationParams, ClassificationPlan,
    FeatureKind, make_classification,
};
use ndarray::{Array2, s};

fn params() -> ClassificationParams {
    ClassificationParams::default()
        .n_samples(3 * BLOCK_ROWS + 17)
        .n_features(7)
        .n_informative(3)
        .n_repeated(1)
        .weights([0.7])
        .seed(Seed::chacha(9))
}

fn on_threads(params: &ClassificationParams, n_threads: usize) -> Classification {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads);
    let pool = pool.build().unwrap();
    pool.install(|| make_classification(params)).unwrap()
}

#[test]
fn the_same_rows_for_1_2_and_7_threads() {
    let one = on_threads(&params(), 1);
    for n_threads in [2, 7] {
        assert_eq!(on_threads(&params(), n_threads), one, "{n_threads} threads");
    }
}

#[test]
fn blocks_in_any_order_are_the_whole() {
    let blocks = ClassificationBlocks::new(&params()).unwrap();
    let whole = make_classification(&params()).unwrap();
    assert_eq!(blocks.n_blocks(), 4);
    for index in [3, 0, 2, 1] {
        let block = blocks.block(index);
        let rows = block.rows();
        assert_eq!(rows.start, index * BLOCK_ROWS);
        assert_eq!(block.x(), whole.dataset().x().slice(s![rows.clone(), ..]));
        assert_eq!(block.codes(), &whole.dataset().y().codes()[rows.clone()]);
        assert_eq!(block.clusters(), &whole.clusters()[rows.clone()]);
        assert_eq!(block.redrawn(), &whole.redrawn()[rows]);
    }
    assert_eq!(blocks.classes(), whole.dataset().y().classes());
    assert_eq!(blocks.features(), whole.features());
    assert_eq!(blocks.centroids(), whole.centroids());
}

#[test]
fn cluster_sizes_are_exact_with_and_without_shuffle() {
    let sizes = ClassificationPlan::new(&params())
        .unwrap()
        .cluster_sizes()
        .to_vec();
    for shuffle in [true, false] {
        let made = make_classification(&params().shuffle(shuffle)).unwrap();
        let mut counts = vec![0; sizes.len()];
        for &cluster in made.clusters() {
            counts[cluster as usize] += 1;
        }
        assert_eq!(counts, sizes);
        assert_eq!(made.clusters().is_sorted(), !shuffle);
        let in_order = made.features().iter().enumerate();
        let in_order = in_order
            .map(|(column, feature)| feature.original() == column)
            .collect::<Vec<_>>();
        assert_eq!(in_order.contains(&false), shuffle);
    }
}

/// Rows of a cluster must not stand together: over 12,305 rows, each quarter of them gets its share of the largest
/// cluster to within 5 standard deviations of a draw without replacement (at most 5 · √(3076 / 4) = 139 rows).
#[test]
fn clusters_are_spread_over_the_rows() {
    let made = make_classification(&params()).unwrap();
    let n = made.clusters().len();
    let all = made
        .clusters()
        .iter()
        .filter(|&&cluster| cluster == 0)
        .count();
    for quarter in made.clusters().chunks(n.div_ceil(4)) {
        let n_here = quarter.iter().filter(|&&cluster| cluster == 0).count();
        let share = all * quarter.len() / n;
        assert!(n_here.abs_diff(share) < 139, "{n_here} instead of {share}");
    }
}

/// Means of centred clusters and of noise within 5 standard errors, noise of variance 1, flips at their rate.
#[test]
fn moments_are_sane() {
    const STANDARD_ERRORS: f64 = 5.0;
    let params = params().n_samples(20_000).flip_y(0.25).class_sep(2.0);
    let made = make_classification(&params).unwrap();
    let x = made.dataset().x();
    let n = x.nrows() as f64;
    for (column, feature) in made.features().iter().enumerate() {
        let values = x.column(column);
        match feature.kind() {
            FeatureKind::Random => {
                let mean = values.sum() / n;
                let variance = values.iter().map(|x| x * x).sum::<f64>() / n;
                assert!(mean.abs() < STANDARD_ERRORS / n.sqrt(), "{mean}");
                assert!(
                    (variance - 1.0).abs() < STANDARD_ERRORS * (2.0 / n).sqrt(),
                    "{variance}"
                );
            }
            FeatureKind::Informative => {
                // Each is within 3 of variance (three uniform factors below 1) round its centroid.
                let offsets = values.iter().zip(made.clusters()).map(|(x, &cluster)| {
                    x - made.centroids()[[cluster as usize, feature.original()]]
                });
                let mean = offsets.sum::<f64>() / n;
                assert!(mean.abs() < STANDARD_ERRORS * (3.0 / n).sqrt(), "{mean}");
            }
            FeatureKind::Repeated => {
                assert_eq!(values, x.column(feature.copy_of().unwrap()));
            }
            FeatureKind::Redundant => {}
        }
    }
    let n_redrawn = made.redrawn().iter().filter(|&&redrawn| redrawn).count() as f64;
    let deviation = (n * 0.25 * 0.75).sqrt();
    assert!((n_redrawn - 0.25 * n).abs() < STANDARD_ERRORS * deviation);
    let labels = made.dataset().y().codes().iter();
    for ((&code, class), &redrawn) in labels.zip(made.true_classes()).zip(made.redrawn()) {
        assert!(redrawn || code as usize == class);
    }
}

/// A column of the noise of one block must not be that of another.
#[test]
fn blocks_differ() {
    let blocks = ClassificationBlocks::new(&params()).unwrap();
    let x: [Array2<f64>; 2] = [0, 1].map(|index| blocks.block(index).x().clone());
    assert_ne!(x[0], x[1]);
    let other = ClassificationBlocks::new(&params().seed(Seed::chacha(10))).unwrap();
    assert_ne!(x[0], other.block(0).x());
}
