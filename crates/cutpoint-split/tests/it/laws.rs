//! Laws of splitting, on both streams: sides never meet, folds cover, strata are in proportion.

use cutpoint_core::{Labels, Seed};
use cutpoint_split::{
    HoldOutParams, KFold, RepeatedStratifiedKFold, ShuffleSplit, Split, StratifiedKFold,
    StratifiedShuffleSplit, train_test_split,
};
use proptest::prelude::*;

fn seeds() -> impl Strategy<Value = Seed> {
    prop_oneof![
        any::<u32>().prop_map(Seed::numpy),
        any::<u64>().prop_map(Seed::chacha),
    ]
}

/// Labels of 2 to 4 classes with at least 4 rows each.
fn labels() -> impl Strategy<Value = Labels> {
    (
        2..5_i64,
        prop::collection::vec(0..100_i64, 0..60),
        any::<u32>(),
    )
        .prop_map(|(n_classes, more, random_state)| {
            let mut values = (0..4 * n_classes)
                .chain(more)
                .map(|value| value % n_classes)
                .collect::<Vec<_>>();
            let rotation = random_state as usize % values.len();
            values.rotate_left(rotation);
            Labels::from_integers(&values)
        })
}

fn sorted(rows: &[usize]) -> Vec<usize> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}

/// Every row once, on one side or the other.
fn covers(split: &Split, n_samples: usize) -> bool {
    sorted(&[split.train(), split.test()].concat())
        .into_iter()
        .eq(0..n_samples)
}

fn class_counts(y: &Labels, rows: &[usize]) -> Vec<usize> {
    y.select(rows).unwrap().counts()
}

/// Whether every class has its share of the rows, to within one row; for sides that cover all rows.
fn in_proportion(y: &Labels, rows: &[usize]) -> bool {
    let share = rows.len() as f64 / y.len() as f64;
    class_counts(y, rows)
        .into_iter()
        .zip(y.counts())
        .all(|(count, all)| (count as f64 - share * all as f64).abs() <= 1.0)
}

proptest! {
    #[test]
    fn hold_out_sides_cover_the_rows(seed in seeds(), n in 2..300_usize) {
        let split = train_test_split(n, &HoldOutParams::default().seed(seed)).unwrap();
        prop_assert!(covers(&split, n));
        prop_assert_eq!(split.test().len(), n.div_ceil(4));
        let again = train_test_split(n, &HoldOutParams::default().seed(seed)).unwrap();
        prop_assert_eq!(again, split);
    }

    #[test]
    fn both_sizes_given_leave_the_rest_out(
        seed in seeds(),
        n in 10..100_usize,
        n_test in 1..5_usize,
        n_train in 1..5_usize,
    ) {
        let params = HoldOutParams::default().test_size(n_test).train_size(n_train).seed(seed);
        let split = train_test_split(n, &params).unwrap();
        prop_assert_eq!((split.test().len(), split.train().len()), (n_test, n_train));
        let mut rows = sorted(&[split.train(), split.test()].concat());
        rows.dedup();
        prop_assert_eq!(rows.len(), n_test + n_train);
    }

    #[test]
    fn strata_are_in_proportion(seed in seeds(), y in labels()) {
        let params = HoldOutParams::default().test_size(0.5).stratify(&y).seed(seed);
        let split = train_test_split(y.len(), &params).unwrap();
        prop_assert!(covers(&split, y.len()));
        prop_assert!(in_proportion(&y, split.train()));
        prop_assert!(in_proportion(&y, split.test()));
        let splits = StratifiedShuffleSplit::default().test_size(0.5).n_splits(3).seed(seed);
        for split in splits.split(&y).unwrap() {
            prop_assert!(covers(&split, y.len()));
            prop_assert!(in_proportion(&y, split.test()));
        }
    }

    #[test]
    fn every_row_tests_in_one_fold(seed in seeds(), n in 5..200_usize, n_splits in 2..6_usize) {
        for folds in [
            KFold::default().n_splits(n_splits).split(n).unwrap(),
            KFold::default().n_splits(n_splits).shuffle(true).seed(seed).split(n).unwrap(),
        ] {
            let tested = folds.iter().flat_map(Split::test).copied().collect::<Vec<_>>();
            prop_assert!(sorted(&tested).into_iter().eq(0..n));
            for split in &folds {
                prop_assert!(covers(split, n));
                prop_assert!(split.test().is_sorted() && split.train().is_sorted());
                prop_assert!(split.test().len().abs_diff(n / n_splits) <= 1);
            }
        }
    }

    #[test]
    fn stratified_folds_are_in_proportion(seed in seeds(), y in labels(), n_splits in 2..5_usize) {
        let shuffled = StratifiedKFold::default().n_splits(n_splits).shuffle(true).seed(seed);
        let repeated = RepeatedStratifiedKFold::default().n_splits(n_splits).n_repeats(2).seed(seed);
        let splits = [
            StratifiedKFold::default().n_splits(n_splits).split(&y).unwrap(),
            shuffled.split(&y).unwrap(),
            repeated.split(&y).unwrap(),
        ];
        for folds in splits {
            for repeat in folds.as_slice().chunks(n_splits) {
                let tested = repeat.iter().flat_map(Split::test).copied().collect::<Vec<_>>();
                prop_assert!(sorted(&tested).into_iter().eq(0..y.len()));
                for split in repeat {
                    prop_assert!(covers(split, y.len()));
                    let shares = class_counts(&y, split.test()).into_iter().zip(y.counts());
                    for (count, all) in shares {
                        prop_assert!(count == all / n_splits || count == all.div_ceil(n_splits));
                    }
                }
            }
        }
    }
}

#[test]
fn the_streams_differ_and_so_do_the_splits_of_one() {
    let splits = |seed| {
        ShuffleSplit::default()
            .n_splits(2)
            .seed(seed)
            .split(100)
            .unwrap()
    };
    let numpy = splits(Seed::numpy(1));
    let chacha = splits(Seed::chacha(1));
    assert_ne!(numpy, chacha);
    assert_ne!(chacha.as_slice()[0], chacha.as_slice()[1]);
}
