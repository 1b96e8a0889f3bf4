//! Comparisons of models in memory: against the tests of two models one by one, in little memory as in much, and
//! whatever parts the rows come in.

use std::borrow::Cow;
use std::thread;

use cutpoint_choose::{
    Classes, CompareOptions, Comparison, ComparisonDoubt, Error, ModelSweep, PairPlan, PairedPart,
    PairedPass, PairedSource, Result, SweepPlan, ThresholdOrigin, ThresholdRule, compare, optimum,
};
use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream};
use cutpoint_core::{Label, Scores, Threshold};
use cutpoint_metrics::{
    BootstrapOptions, Cells, Matched, Metric, Objective, Oddity, PairedChoice, PartialSweepBuilder,
    Problem, ScoreRange, confusion_at, delong_test, holm, paired_bootstrap_rows, paired_counts,
    sweep,
};

const MEMORY: usize = 1 << 26;
/// Room for some hundred bins a model.
const LITTLE: usize = 1 << 16;

/// Three models on the same 6000 rows, the first of which has the least noise; 2000 or fewer distinct scores each.
fn models(is_weighted: bool) -> Vec<Scores> {
    // The finalizer of SplitMix64, so that draws of different salts have nothing in common.
    let draw = |row: u32, salt: u64| {
        let mut bits = (u64::from(row) << 8 | salt).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 40) as f64 / f64::from(1 << 24)
    };
    let is_positive = |row: u32| draw(row, 1) < 0.3;
    let model = |salt: u64, noise: f64| {
        let score = (0..6000).map(|row| {
            let signal = f64::from(u8::from(is_positive(row)));
            let score = (signal + noise * draw(row, salt)) / (1.0 + noise);
            (2000.0 * score).round() / 2000.0
        });
        let rows = Scores::new((0..6000).map(is_positive).collect(), score.collect());
        let rows = rows.expect("valid rows");
        if !is_weighted {
            return rows;
        }
        let weight = (0..6000).map(|row| [1.0, 2.5, 4.0][row % 3]);
        rows.with_weight(weight.collect()).expect("valid weights")
    };
    vec![model(2, 1.5), model(3, 1.8), model(4, 2.5)]
}

fn options(thresholds: ThresholdRule) -> CompareOptions {
    CompareOptions {
        thresholds,
        metrics: ["f1", "recall"]
            .map(|name| name.parse().expect("a metric"))
            .into(),
        costs: Some("fp=1,fn=4".parse().expect("costs")),
        n_replicates: 50,
        random_state: 7,
        confidence: 0.9,
    }
}

fn at(value: f64) -> Threshold {
    Threshold::new(value).expect("a finite number")
}

#[test]
fn pairs_are_those_of_two_models_by_themselves() {
    let models = models(false);
    let thresholds = [0.5, 0.45, 0.6].map(at);
    let options = options(ThresholdRule::Each(thresholds.into()));
    let comparison = compare(&models[..], &options, MEMORY).unwrap();
    assert_eq!(comparison.n_samples, 6000);
    assert_eq!(comparison.thresholds, ThresholdOrigin::Fixed);
    assert_eq!(comparison.doubts, []);
    let bootstrap = BootstrapOptions::default()
        .n_replicates(50)
        .seed(cutpoint_core::Seed::chacha(7))
        .confidence(0.9);
    let first = &models[0];
    let mut p = Vec::new();
    for (index, second) in models[1..].iter().enumerate() {
        let second_at = thresholds[index + 1];
        let test = delong_test(first, second).unwrap().unwrap();
        let told = comparison.delong[index].as_ref().unwrap();
        assert_eq!((told.z, told.p), (test.z(), test.p()));
        assert_eq!(Some(told.difference), Some(test.difference()));
        assert_eq!(told.interval, Some(test.interval(0.9).unwrap()));
        assert_eq!(told.bounds, None);
        p.push(test.p());
        let mcnemar = paired_counts(first, thresholds[0], second, second_at).unwrap();
        let (told, mcnemar) = (
            comparison.mcnemar[index].as_ref().unwrap(),
            mcnemar.mcnemar(),
        );
        assert_eq!((told.b, told.c), (mcnemar.b(), mcnemar.c()));
        assert_eq!(
            (told.p_exact, told.p_mid),
            (mcnemar.p_exact(), mcnemar.p_mid())
        );
        let replicates =
            paired_bootstrap_rows(first, thresholds[0], second, second_at, &bootstrap).unwrap();
        for name in ["f1", "recall"] {
            let metric = name.parse().unwrap();
            let told = comparison.differences[index].get(name).unwrap();
            assert_eq!(told.interval, replicates.difference_interval(&metric));
            assert_eq!(
                told.second,
                metric.value(&confusion_at(second, second_at)),
                "{name}"
            );
        }
        let cells = confusion_at(second, second_at);
        let cost = &comparison.cost.as_ref().unwrap()[index];
        assert_eq!(cost.second, Some(cells.fp() + 4.0 * cells.fn_()));
    }
    let adjusted = comparison.delong.iter().flatten();
    let adjusted = adjusted.map(|test| test.adjusted.unwrap().p_holm);
    assert_eq!(adjusted.collect::<Vec<_>>(), holm(&p));
}

#[test]
fn thresholds_are_matched_and_chosen_as_in_whole_sweeps() {
    for is_weighted in [false, true] {
        let models = models(is_weighted);
        let sweeps = models.iter().map(sweep).collect::<Vec<_>>();
        let threshold = |comparison: &Comparison, model: usize| {
            comparison.models[model].matrix.threshold.unwrap()
        };
        for rate in [Matched::FalsePositiveRate, Matched::AlertRate] {
            let options = options(ThresholdRule::Matched {
                first: Threshold::HALF,
                rate,
            });
            for memory in [LITTLE, MEMORY] {
                let comparison = compare(&models[..], &options, memory).unwrap();
                let name = match rate {
                    Matched::FalsePositiveRate => "fpr",
                    _ => "predicted_positive_rate",
                };
                let metric = name.parse::<Metric>().unwrap();
                let target = metric.value(&sweeps[0].cells_at(Threshold::HALF));
                for (model, sweep) in sweeps.iter().enumerate().skip(1) {
                    let is_within = |row: &usize| metric.value(&sweep.cells(*row)) <= target;
                    let row = (0..sweep.n_rows()).rfind(is_within).unwrap();
                    let told = threshold(&comparison, model);
                    assert_eq!(sweep.index_at(told), row, "{rate:?} in {memory}");
                }
                assert_eq!(comparison.thresholds, ThresholdOrigin::Chosen);
                assert!(comparison.mcnemar.iter().all(Option::is_none));
                let too_large = comparison
                    .doubts
                    .iter()
                    .any(|warning| matches!(warning, ComparisonDoubt::RowsDoNotFit { .. }));
                assert_eq!(too_large, memory == LITTLE);
                assert_eq!(comparison.n_replicates, if too_large { 0 } else { 50 });
            }
        }
        let options = options(ThresholdRule::Highest("mcc".parse().unwrap()));
        let comparison = compare(&models[..], &options, LITTLE).unwrap();
        for (model, sweep) in sweeps.iter().enumerate() {
            let best = optimum(sweep, &"mcc".parse().unwrap()).unwrap();
            let told = threshold(&comparison, model);
            assert_eq!(sweep.cells_at(told), best.cells());
        }
    }
}

#[test]
fn little_memory_bounds_what_it_does_not_know() {
    for is_weighted in [false, true] {
        let models = models(is_weighted);
        let options = options(ThresholdRule::default());
        let exact = compare(&models[..], &options, MEMORY).unwrap();
        let little = compare(&models[..], &options, LITTLE).unwrap();
        assert_eq!(little.differences, exact.differences);
        assert_eq!(
            (&little.cost, &little.mcnemar),
            (&exact.cost, &exact.mcnemar)
        );
        for (little, exact) in little.models.iter().zip(&exact.models) {
            assert_eq!(little.matrix, exact.matrix);
            assert_eq!(exact.auc_bounds, None);
            let bounds = little.auc_bounds.unwrap();
            let auc = exact.auc.unwrap();
            assert!(
                bounds.contains(auc) && !bounds.is_exact(),
                "{auc} in {bounds:?}"
            );
            assert_eq!(little.auc_standard_error_bounds.is_some(), !is_weighted);
        }
        let last = little.doubts.last().unwrap();
        assert!(matches!(last, ComparisonDoubt::Binned { .. }), "{last:?}");
    }
}

/// The rows of several models in parts, each with a worker of its own, who gets bytes and gives bytes. Answers come
/// back in any order.
struct Workers {
    /// By part, then by model.
    parts: Vec<Vec<Scores>>,
    seed: u64,
}

impl Workers {
    /// Cuts the rows into so many parts of unequal length.
    fn new(models: &[Scores], n_parts: usize, seed: u64) -> Self {
        let n_rows = models[0].n_samples();
        let mut cuts = (1..n_rows).collect::<Vec<_>>();
        stream(seed, 0).shuffle(&mut cuts);
        cuts.truncate(n_parts - 1);
        cuts.extend([0, n_rows]);
        cuts.sort_unstable();
        let of_model = |model: &Scores, ends: &[usize]| {
            let rows = ends[0]..ends[1];
            let is_positive = model.is_positive()[rows.clone()].to_vec();
            let part = Scores::new(is_positive, model.score()[rows.clone()].to_vec());
            let part = part.expect("valid rows");
            match model.weight() {
                Some(weight) => part
                    .with_weight(weight[rows].to_vec())
                    .expect("valid weights"),
                None => part,
            }
        };
        let parts = cuts.windows(2).map(|ends| {
            let models = models.iter().map(|model| of_model(model, ends));
            models.collect()
        });
        Self {
            parts: parts.collect(),
            seed,
        }
    }
}

fn stream(seed: u64, block: u64) -> ChaChaStream {
    ChaChaStream::new(seed, Purpose::new("test/paired-workers"), block)
}

impl PairedSource for Workers {
    type Error = Error;

    fn names(&self) -> Vec<String> {
        self.parts[0].names()
    }

    fn run(&self, pass: &PairedPass<'_>) -> Result<PairedPart> {
        let asked = pass.to_bytes();
        let answer = |part: &[Scores]| {
            let pass = PairedPass::from_bytes(&asked)?;
            let mut worker = pass.begin()?;
            worker.add(part)?;
            let classes = [false, true].into_iter();
            let present = classes.filter(|class| part[0].is_positive().contains(class));
            let label = |class: bool| Label::Integer(i64::from(class));
            let part = worker.finish(Classes {
                labels: [false, true].map(label),
                present: present.map(label).collect(),
            });
            Ok(part.to_bytes())
        };
        let answers = thread::scope(|scope| {
            let workers = self.parts.iter().map(|part| scope.spawn(|| answer(part)));
            let workers = workers.collect::<Vec<_>>().into_iter();
            let answers = workers.map(|worker| worker.join().expect("no worker panics"));
            answers.collect::<Result<Vec<Vec<u8>>>>()
        });
        let mut answers = answers?;
        stream(self.seed, 1).shuffle(&mut answers);
        let mut answers = answers.into_iter();
        let mut whole = PairedPart::from_bytes(&answers.next().expect("there are parts"))?;
        for part in answers {
            whole.merge(PairedPart::from_bytes(&part)?)?;
        }
        Ok(whole)
    }

    fn error(&self, error: Error) -> Error {
        error
    }
}

#[test]
fn parts_in_any_number_and_order_give_what_the_whole_gives() {
    let matched = ThresholdRule::Matched {
        first: Threshold::HALF,
        rate: Matched::FalsePositiveRate,
    };
    for is_weighted in [false, true] {
        let models = models(is_weighted);
        for rule in [
            ThresholdRule::default(),
            matched.clone(),
            ThresholdRule::Highest("mcc".parse().unwrap()),
        ] {
            let options = options(rule);
            for memory in [LITTLE, MEMORY] {
                let whole = compare(&models[..], &options, memory).unwrap();
                for (n_parts, seed) in [(1, 1), (2, 2), (7, 3), (7, 4), (64, 5)] {
                    let workers = Workers::new(&models, n_parts, seed);
                    let merged = compare(&workers, &options, memory).unwrap();
                    assert_eq!(merged, whole, "{n_parts} parts, order {seed}, {options:?}");
                }
            }
        }
    }
}

/// Some rows of each class of two models, whose scores tie now and then.
fn few(is_weighted: bool) -> Vec<Scores> {
    let model = |step: u32| {
        let score = (0..12).map(|row| f64::from(row * step % 11 / 2) / 8.0 - 0.25);
        let rows = Scores::new((0..12).map(|row| row % 3 == 0).collect(), score.collect());
        let rows = rows.expect("valid rows");
        if !is_weighted {
            return rows;
        }
        let weight = (0..12).map(|row| [1.0, 2.5, 4.0][row % 3]);
        rows.with_weight(weight.collect()).expect("valid weights")
    };
    vec![model(5), model(7)]
}

/// Passes of every kind over such rows.
fn passes(models: &[Scores], memory: usize) -> Vec<PairedPass<'static>> {
    let swept = models.iter().map(|rows| {
        let mut builder = PartialSweepBuilder::new(memory).expect("enough memory");
        builder.add(rows);
        builder.finish().expect("rows")
    });
    let swept = swept.collect::<Vec<_>>();
    let matched = PairedChoice::Matched {
        first: at(0.125),
        rate: Matched::AlertRate,
    };
    let problem = Problem::new("maximize f0.5".parse().expect("an objective"))
        .subject_to("cost(fp=1,fn=0.1)<=30".parse().expect("a constraint"))
        .at_prevalence(0.1);
    let of_choice = |choice: Option<PairedChoice>| PairedPass {
        pairs: vec![PairPlan {
            second: 1,
            thresholds: [at(0.25), at(0.125)],
        }],
        swept: swept.clone().into(),
        choice: choice.map(Cow::Owned),
        memory: MEMORY,
        ..PairedPass::default()
    };
    let of_model = |model: usize| ModelSweep {
        model,
        memory: MEMORY,
        plan: SweepPlan {
            ranges: vec![ScoreRange::new(0.0, 0.25).expect("a range")].into(),
            cut_at: vec![at(0.5)].into(),
        },
    };
    let sweeps = PairedPass {
        sweeps: vec![of_model(1), of_model(0)],
        ..PairedPass::default()
    };
    let choices = [
        None,
        Some(matched),
        Some(PairedChoice::Best(Box::new(problem))),
    ];
    let pairs = choices.into_iter().map(of_choice);
    pairs.chain([sweeps]).collect()
}

#[test]
fn passes_come_back_to_the_bit() {
    for is_weighted in [false, true] {
        let models = few(is_weighted);
        for pass in [400, MEMORY]
            .map(|memory| passes(&models, memory))
            .iter()
            .flatten()
        {
            let read = PairedPass::from_bytes(&pass.to_bytes()).unwrap();
            assert_eq!(format!("{read:?}"), format!("{pass:?}"));
            let [own, other] = [&read, pass].map(|pass| models.run(pass).unwrap().to_bytes());
            assert_eq!(own, other);
        }
    }
}

/// The cells of a resample do not tell what rows cost by amounts of their own.
#[test]
fn a_choice_by_amounts_is_refused() {
    let problem = Problem::new(Objective::of_amounts("fp=10,fn=amount"));
    let pass = PairedPass {
        choice: Some(Cow::Owned(PairedChoice::Best(Box::new(problem)))),
        ..PairedPass::default()
    };
    let error = PairedPass::from_bytes(&pass.to_bytes()).unwrap_err();
    let expected = "the bytes must hold a paired pass, as this version writes it";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn no_bytes_break_what_answers_a_pass() {
    let (mut n_answered, mut n_refused) = (0, 0);
    for is_weighted in [false, true] {
        let models = few(is_weighted);
        for pass in [400, MEMORY]
            .map(|memory| passes(&models, memory))
            .iter()
            .flatten()
        {
            let whole = models.run(pass).unwrap();
            let bytes = pass.to_bytes();
            for place in 0..bytes.len() {
                for change in [1, 0x80, 0xff] {
                    let mut bytes = bytes.clone();
                    bytes[place] ^= change;
                    let Ok(pass) = PairedPass::from_bytes(&bytes) else {
                        n_refused += 1;
                        continue;
                    };
                    let Ok(mut part) = models.run(&pass) else {
                        continue;
                    };
                    part.merge(whole.clone()).ok();
                    n_answered += 1;
                }
                PairedPass::from_bytes(&bytes[..place]).unwrap_err();
            }
        }
    }
    assert!(
        n_answered > 0 && n_refused > 0,
        "{n_answered} answered, {n_refused} refused"
    );
}

#[test]
fn no_bytes_break_who_merges_parts() {
    let (mut n_read, mut n_refused) = (0, 0);
    for is_weighted in [false, true] {
        let models = few(is_weighted);
        for pass in passes(&models, MEMORY) {
            let whole = models.run(&pass).unwrap();
            let bytes = whole.to_bytes();
            for place in 0..bytes.len() {
                for change in [1, 0x80, 0xff] {
                    let mut bytes = bytes.clone();
                    bytes[place] ^= change;
                    let Ok(mut part) = PairedPart::from_bytes(&bytes) else {
                        n_refused += 1;
                        continue;
                    };
                    n_read += 1;
                    part.merge(whole.clone()).ok();
                    for pair in &part.pairs {
                        pair.rows.observed();
                        pair.rows.counts();
                    }
                    for (_, builder) in part.sweeps {
                        builder.finish().ok();
                    }
                }
            }
        }
    }
    assert!(
        n_read > 0 && n_refused > 0,
        "{n_read} read, {n_refused} refused"
    );
}

#[test]
fn a_pass_of_models_that_are_not_there_is_refused() {
    let models = few(false);
    let mut passes = passes(&models, MEMORY);
    let error = models[..1].run(&passes[0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "must have scores of model 2 to answer the pass, got 1 model"
    );
    passes[0].pairs[0].second = 2;
    passes[3].sweeps[0].model = 4;
    for (pass, model) in [(&passes[0], 2), (&passes[3], 4)] {
        let error = models.run(pass).unwrap_err();
        assert!(matches!(error, Error::NoModel { model: told, n_models: 2 } if told == model));
    }
}

#[test]
fn keys_are_those_of_one_pair_or_a_list() {
    let models = models(false);
    let options = options(ThresholdRule::default());
    let json = |models: &[Scores], options: &CompareOptions| {
        serde_json::to_value(compare(models, options, MEMORY).unwrap()).unwrap()
    };
    let pair = json(&models[..2], &options);
    let several = json(&models, &options);
    assert_eq!(pair["models"][1]["name"], "model 2");
    assert_eq!(pair["models"][1]["threshold"], 0.5);
    assert_eq!(pair["delong"].get("p_holm"), None);
    assert_eq!(several["delong"][0]["p"], pair["delong"]["p"]);
    assert!(several["delong"][0]["p_holm"].is_number());
    assert!(several["mcnemar"][1]["p_mid_holm"].is_number());
    assert_eq!(several["differences"][0], pair["differences"]);
    assert_eq!(several["cost"][0], pair["cost"]);
    assert_eq!(
        pair["differences"]["f1"]["interval"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    let without = CompareOptions::default();
    assert_eq!(json(&models, &without).get("cost"), None);
}

#[test]
fn what_is_odd_is_told() {
    let is_positive = vec![true, true, false, false, false];
    let rows = |score: [f64; 5]| Scores::new(is_positive.clone(), score.into()).unwrap();
    let (first, second) = (
        rows([3.0, 2.0, 1.0, -1.0, -4.0]),
        rows([0.9, 0.6, 0.8, 0.7, 0.9]),
    );
    let both = [first.clone(), second];
    let outside = ComparisonDoubt::Odd {
        model: 0,
        oddity: Oddity::OutsideUnit {
            lowest: -4.0,
            highest: 3.0,
        },
    };
    let comparison = compare(&both[..], &CompareOptions::default(), MEMORY).unwrap();
    let everything = ComparisonDoubt::OneCall {
        model: 1,
        is_positive: true,
    };
    assert!(comparison.doubts.contains(&everything));
    assert!(comparison.doubts.contains(&outside));
    assert_eq!(comparison.models[1].cells, Cells::from_counts(2, 3, 0, 0));
    // Where 0.5 is no threshold, scores may be anything.
    let options = CompareOptions {
        thresholds: ThresholdRule::Same(at(0.65)),
        ..CompareOptions::default()
    };
    let comparison = compare(&both[..], &options, MEMORY).unwrap();
    assert!(!comparison.doubts.contains(&outside));
    let same = compare(&[first.clone(), first][..], &options, MEMORY).unwrap();
    assert_eq!(same.doubts, [ComparisonDoubt::RankedAlike { model: 1 }]);
}

#[test]
fn what_cannot_be_compared() {
    let rows = |is_positive: &[bool]| {
        let score = (0..is_positive.len()).map(|row| row as f64);
        Scores::new(is_positive.to_vec(), score.collect()).unwrap()
    };
    let (mixed, one) = (rows(&[true, false]), rows(&[true, true]));
    let refused = |models: &[Scores], thresholds: ThresholdRule| {
        let options = options(thresholds);
        compare(models, &options, MEMORY).unwrap_err()
    };
    let default = ThresholdRule::default;
    let error = refused(std::slice::from_ref(&mixed), default());
    assert!(matches!(error, Error::FewModels { n_models: 1 }));
    let both = [mixed.clone(), mixed.clone()];
    let error = refused(&both, ThresholdRule::Each(vec![Threshold::HALF]));
    assert!(matches!(error, Error::ThresholdCount { got: 1, .. }));
    let error = refused(&[one.clone(), one.clone()], default());
    let Error::Model { model: 0, source } = error else {
        panic!("{error:?}")
    };
    assert!(matches!(*source, Error::OneClass { .. }));
    let error = refused(&[mixed.clone(), one], default());
    let other_class = cutpoint_metrics::Error::RowClass { row: 1 };
    assert!(matches!(error, Error::Metrics(error) if error == other_class));
    let error = refused(&[mixed, rows(&[true, false, true])], default());
    assert!(matches!(
        error,
        Error::Metrics(cutpoint_metrics::Error::Input { .. })
    ));
}
