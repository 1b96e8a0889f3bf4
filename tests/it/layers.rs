//! Holds the layers of ARCHITECTURE.md: dependencies point down, and each outside world has one door.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::root;

/// The layer of each package. A package may depend on packages of lower layers only.
const LAYERS: &[(&str, u8)] = &[
    ("cutpoint-core", 0),
    ("cutpoint-datasets", 1),
    ("cutpoint-split", 1),
    ("cutpoint-logistic", 1),
    ("cutpoint-metrics", 1),
    ("cutpoint-choose", 2),
    ("cutpoint-files", 3),
    ("cutpoint-plot", 3),
    ("cutpoint", 4),
    ("cutpoint-benchmarks", 5),
    ("cutpoint-cli", 5),
    ("cutpoint-examples", 5),
    ("cutpoint-tests", 5),
];

/// For tests only: it may be a dev-dependency of every package, and knows none but the nouns.
const TESTKIT: &str = "cutpoint-testkit";

/// Crates with an outside world behind them, and the only packages that may know them.
const DOORS: &[(&str, &[&str])] = &[
    ("linfa", &["cutpoint-logistic"]),
    ("linfa-logistic", &["cutpoint-logistic"]),
    ("rand_mt", &["cutpoint-core"]),
    ("rand_chacha", &["cutpoint-core"]),
    ("csv", &["cutpoint-files"]),
    ("parquet", &["cutpoint-files"]),
    ("bytes", &["cutpoint-files"]),
    ("resvg", &["cutpoint-plot"]),
    ("rustybuzz", &["cutpoint-plot"]),
    ("unicode-plot", &["cutpoint-plot"]),
    ("unicode-width", &["cutpoint-plot"]),
    ("tempfile", &["cutpoint-files"]),
    ("anyhow", &["cutpoint-benchmarks", "cutpoint-cli"]),
    ("clap", &["cutpoint-cli"]),
];

struct Dependency {
    name: String,
    is_dev: bool,
}

fn packages() -> BTreeMap<String, Vec<Dependency>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let text = |value: &Value| value.as_str().expect("a name").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    list(&metadata["packages"])
        .iter()
        .map(|package| {
            let dependencies = list(&package["dependencies"])
                .iter()
                .map(|dependency| Dependency {
                    name: text(&dependency["name"]),
                    is_dev: dependency["kind"] == "dev",
                })
                .collect();
            (text(&package["name"]), dependencies)
        })
        .collect()
}

#[test]
fn dependencies_point_down() {
    let layers = LAYERS.iter().copied().collect::<BTreeMap<_, _>>();
    let packages = packages();
    for (package, dependencies) in &packages {
        if package == TESTKIT {
            let known = dependencies
                .iter()
                .map(|dependency| dependency.name.as_str());
            let known = known
                .filter(|name| layers.contains_key(name))
                .collect::<Vec<_>>();
            assert!(
                known.iter().all(|&name| name == "cutpoint-core"),
                "{TESTKIT} knows {known:?}"
            );
            continue;
        }
        let layer = layers.get(package.as_str()).unwrap_or_else(|| {
            panic!("{package} has no layer: add it to LAYERS and to ARCHITECTURE.md")
        });
        for dependency in dependencies {
            let name = dependency.name.as_str();
            if name == package {
                // Its tests turn on all of its features.
                assert!(dependency.is_dev, "{package} depends on itself");
            } else if name == TESTKIT {
                assert!(
                    dependency.is_dev,
                    "{package} depends on {TESTKIT} outside its tests"
                );
            } else if let Some(below) = layers.get(name) {
                assert!(
                    below < layer,
                    "{package} (L{layer}) depends on {name} (L{below})"
                );
            }
        }
    }
    for package in layers.keys() {
        assert!(
            packages.contains_key(*package),
            "{package} has a layer but does not exist"
        );
    }
}

#[test]
fn each_outside_world_has_one_door() {
    for (package, dependencies) in packages() {
        for dependency in dependencies.iter().filter(|dependency| !dependency.is_dev) {
            for (door, owners) in DOORS {
                if dependency.name == *door {
                    assert!(owners.contains(&package.as_str()), "{package} knows {door}");
                }
            }
        }
    }
}

/// The crates that a package brings, with these flags of cargo.
fn brought(package: &str, flags: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", package, "--edges", "normal"])
        .args(["--prefix", "none", "--offline", "--locked"])
        .args(flags)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).expect("cargo prints text");
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn who_reads_scores_builds_no_solver() {
    let solvers = |flags: &[&str]| {
        let names = brought("cutpoint-files", flags).into_iter();
        names
            .filter(|name| name.starts_with("linfa") || name.starts_with("argmin"))
            .collect::<Vec<_>>()
    };
    assert_eq!(solvers(&[]), [""; 0]);
    assert_ne!(solvers(&["--features", "models"]), [""; 0]);
}

#[test]
fn who_has_no_terminal_builds_no_charts_of_characters() {
    let has_charts = |flags: &[&str]| {
        let names = brought("cutpoint", flags);
        names.iter().any(|name| name == "unicode-plot")
    };
    assert!(!has_charts(&["--no-default-features"]));
    assert!(has_charts(&[]));
}
