//! Every parser takes thousands of damaged inputs: what comes back is a value or an error, at once and in little
//! memory.
//!
//! Damage is drawn from seeds, so that a run can be repeated; nothing is said of which inputs are refused.

use std::path::Path;
use std::time::{Duration, Instant};

use cutpoint_choose::{OperatingPoint, PointData};
use cutpoint_core::Scores;
use cutpoint_files::{
    IndexSet, Output, Rows, SavedModel, ScoreColumns, ScoreReader, read_any_scores, read_dataset,
    read_features, read_indices, read_model, read_operating_point, read_partial_sweep,
    read_predicted, read_scores, read_weighted_dataset, write_indices, write_model,
    write_operating_point, write_partial_sweep,
};
use cutpoint_logistic::{LogisticParams, fit};
use cutpoint_metrics::{Cells, Constraint, Costs, Metric, Objective, PartialSweepBuilder, Problem};

use crate::{Sandbox, golden_file};

/// What one input may take; most take some hundred microseconds.
const LONGEST: Duration = Duration::from_secs(10);
/// What all tests of this binary together may take; the file that once asked for 2 GB has 764 bytes.
const MOST_KIB: u64 = 1 << 20;

/// Inputs of each seed file.
fn n_inputs() -> u64 {
    if std::env::var_os("CUTPOINT_SLOW_TESTS").is_some() {
        4000
    } else {
        60
    }
}

/// Steele, Lea & Flood (2014), *Fast splittable pseudorandom number generators*.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// Pieces that mean something to some parser.
const PIECES: &[&[u8]] = &[
    b",",
    b"\"",
    b"\n",
    b"\r",
    b"\xff",
    b"\0",
    b"-",
    b"e999",
    b"nan",
    b"inf",
    b"1e308",
    b"null",
    b"true",
    b"[",
    b"{",
    b"}",
    b":",
    b"=",
    b">=",
    b"%",
    b"(",
    b"9007199254740993",
    b"99999999999999999999",
    b"\xff\xff\xff\x7f",
    b"\xff\xff\xff\xff\x0f",
    b"\x80\x80\x80\x80\x08",
    b"'shape': (999999999999,)",
    b"<f2",
    b"|O",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
];

/// A damaged copy.
fn damaged(whole: &[u8], random: &mut SplitMix) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=random.below(4) {
        let place = random.below(bytes.len());
        let end = bytes.len().min(place + 1 + random.below(40));
        match random.below(8) {
            _ if bytes.is_empty() => bytes.push(random.byte()),
            0 => bytes[place] ^= 1 << random.below(8),
            1 => bytes[place] = random.byte(),
            2 => bytes[place] = [0, 0x7f, 0x80, 0xff][random.below(4)],
            3 => bytes.truncate(place),
            4 => drop(bytes.drain(place..end)),
            5 => {
                let copy = bytes[place..end].to_vec();
                let target = random.below(bytes.len());
                drop(bytes.splice(target..target, copy));
            }
            6 => {
                let piece = PIECES[random.below(PIECES.len())];
                drop(bytes.splice(place..place, piece.iter().copied()));
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                let end = bytes.len().min(place + piece.len());
                drop(bytes.splice(place..end, piece.iter().copied()));
            }
        }
    }
    bytes
}

/// Gives damaged copies to a parser, which tells whether it took them.
#[expect(
    clippy::disallowed_methods,
    reason = "what is looked for is an input that takes long"
)]
fn try_all(seed: u64, whole: &[u8], mut parse: impl FnMut(&[u8]) -> bool) {
    let mut random = SplitMix(seed);
    assert!(parse(whole), "what is whole is taken");
    let mut n_refused = 0;
    for input in 0..n_inputs() {
        let bytes = damaged(whole, &mut random);
        let start = Instant::now();
        n_refused += u32::from(!parse(&bytes));
        let taken = start.elapsed();
        assert!(taken < LONGEST, "seed {seed}, input {input}: {taken:?}");
    }
    assert!(n_refused > 0, "no input of seed {seed} was damaged");
    if let Some(most) = most_kib() {
        assert!(most < MOST_KIB, "{most} KiB");
    }
}

/// What this process has taken at most, where the system tells.
fn most_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Reads a table in every role; whether any took it.
fn read_table(path: &Path, sandbox: &Sandbox) -> bool {
    let ill = Some("ill".to_owned());
    let columns = ScoreColumns::default().positive(ill);
    let more = columns.clone().weight(Some("w".to_owned()));
    let more = more.group(Some("y_true".to_owned()));
    let mut is_taken = read_scores(path, &ScoreColumns::default()).is_ok();
    is_taken |= read_scores(path, &columns).is_ok();
    is_taken |= read_any_scores(path, &columns).is_ok();
    is_taken |= read_dataset(path, "y").is_ok();
    is_taken |= read_weighted_dataset(path, "y_true", "w").is_ok();
    is_taken |= read_features(path, &["y_score".to_owned()], "y").is_ok();
    is_taken |= read_predicted(path, "y_true", "y_pred", None).is_ok();
    is_taken |= read_partial_sweep(path).is_ok();
    is_taken |= read_indices(path).is_ok();
    if let Ok(reader) = ScoreReader::open(path, &more) {
        let mut reader = reader.keep_rows().block_rows(7);
        while let Ok(Some(_)) = reader.next_block() {}
    }
    if let Ok((rows, _)) = Rows::read(path, None) {
        is_taken = true;
        let indices = (0..rows.n_rows()).collect::<Vec<_>>();
        for format in ["csv", "parquet", "npy"] {
            let path = sandbox.path(&format!("copy.{format}"));
            if let Ok(mut output) = Output::create_table(&path) {
                rows.write(&mut output, &indices).ok();
            }
        }
    }
    is_taken
}

#[track_caller]
fn try_tables(names: &[&str]) {
    for (seed, name) in (0..).zip(names) {
        let sandbox = Sandbox::new();
        let whole = std::fs::read(golden_file(name)).unwrap();
        let (_, format) = name.rsplit_once('.').unwrap();
        let file = format!("input.{format}");
        try_all(seed, &whole, |bytes| {
            let path = sandbox.file(&file, bytes);
            read_table(&path, &sandbox)
        });
    }
}

#[test]
fn damaged_csv() {
    try_tables(&["scores.csv", "data.csv"]);
}

#[test]
fn damaged_npy() {
    try_tables(&[
        "plain_f4.npy",
        "structured.npy",
        "text_label.npy",
        "fortran_f8.npy",
    ]);
}

#[test]
fn damaged_parquet() {
    try_tables(&[
        "snappy_dictionary_v1.parquet",
        "zstd_plain_v2.parquet",
        "gzip_small_pages.parquet",
        "lz4_groups_of_7.parquet",
        "delta.parquet",
        "float32_int8.parquet",
        "categorical_label.parquet",
        "polars.parquet",
    ]);
}

fn scores() -> Scores {
    let score = vec![0.9, 0.3, 0.8, 0.1, 0.2, 0.15, 0.7];
    let label = vec![true, true, false, true, false, false, false];
    Scores::new(label, score).unwrap()
}

#[test]
fn damaged_documents() {
    let sandbox = Sandbox::new();
    let mut builder = PartialSweepBuilder::new(1 << 20).unwrap();
    builder.add(&scores());
    let partial = builder.finish().unwrap();
    let written = |name: &str, write: &dyn Fn(&mut Output)| {
        let path = sandbox.path(name);
        let mut output = Output::create(&path).unwrap();
        write(&mut output);
        output.commit().unwrap();
        std::fs::read(path).unwrap()
    };
    for (seed, format) in [(1, "csv"), (2, "parquet"), (3, "npy")] {
        let path = sandbox.path(&format!("partial.{format}"));
        let mut output = Output::create_table(&path).unwrap();
        write_partial_sweep(&mut output, &partial).unwrap();
        output.commit().unwrap();
        let whole = std::fs::read(&path).unwrap();
        try_all(seed, &whole, |bytes| {
            std::fs::write(&path, bytes).unwrap();
            read_partial_sweep(&path).is_ok()
        });
    }
    let point = OperatingPoint::new(
        cutpoint_core::Threshold::new(0.3).unwrap(),
        cutpoint_metrics::sweep(&scores()).interval(4),
        ["0".into(), "1".into()],
        Cells::from_counts(2, 2, 1, 2),
        &Problem::new("maximize f1".parse().unwrap()).subject_to("recall>=0.5".parse().unwrap()),
        PointData::of(&partial),
    );
    let whole = written("point.json", &|output| {
        write_operating_point(output, &point).unwrap();
    });
    let path = sandbox.path("point.json");
    try_all(4, &whole, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        read_operating_point(&path).is_ok()
    });
    let x = ndarray::array![[0.0], [0.5], [1.0], [1.5], [2.0], [2.5]];
    let y = cutpoint_core::Labels::from_integers(&[0, 1, 0, 1, 0, 1]);
    let fitted = fit(&LogisticParams::default(), x.view(), &y, None).unwrap();
    let model = SavedModel::new(fitted, "y", None).unwrap();
    let whole = written("model.json", &|output| write_model(output, &model).unwrap());
    let path = sandbox.path("model.json");
    try_all(5, &whole, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        read_model(&path).is_ok()
    });
    let path = sandbox.path("indices.csv");
    let mut output = Output::create_table(&path).unwrap();
    let sets = [("train", vec![0, 2]), ("test", vec![1])];
    let sets = sets.map(|(name, rows)| IndexSet::new(name, rows));
    write_indices(&mut output, &sets).unwrap();
    output.commit().unwrap();
    let whole = std::fs::read(&path).unwrap();
    try_all(6, &whole, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        read_indices(&path).is_ok()
    });
}

#[test]
fn damaged_phrases() {
    let texts = [
        "recall>=0.9",
        "fpr<=1.5%",
        "predicted_positives<=120",
        "f2>=1e-3",
        "fp=1,fn=-2.5e3,tp=0",
        "maximize f1",
        "minimize cost(fp=1,fn=10,tp=-2)",
        "balanced_accuracy",
    ];
    for (seed, text) in (0..).zip(texts) {
        try_all(seed, text.as_bytes(), |bytes| {
            let text = String::from_utf8_lossy(bytes);
            text.parse::<Constraint>().is_ok()
                | text.parse::<Costs>().is_ok()
                | text.parse::<Objective>().is_ok()
                | text.parse::<Metric>().is_ok()
        });
    }
}
