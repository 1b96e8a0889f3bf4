//! Holds what CONTRIBUTING.md says of source files and manifests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

const MAX_LINES: usize = 800;
/// Characters of a line.
const MAX_WIDTH: usize = 120;

/// Every file below the workspace with that ending, build output left out.
fn files(ending: &str) -> Vec<PathBuf> {
    fn visit(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    visit(&path, ending, found);
                }
            } else if name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    visit(&root(), ending, &mut found);
    assert!(!found.is_empty(), "no {ending} file found");
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_source_file_says_what_it_owns() {
    for path in files(".rs") {
        let first = read(&path).lines().next().unwrap_or_default().to_owned();
        assert!(
            first.starts_with("//! ") && first.len() > 20,
            "{} does not open with `//! what it owns`: {first}",
            path.display()
        );
    }
}

#[test]
fn no_source_file_is_too_long() {
    for path in files(".rs") {
        let n_lines = read(&path).lines().count();
        assert!(
            n_lines <= MAX_LINES,
            "{} has {n_lines} lines, over {MAX_LINES}",
            path.display()
        );
    }
}

#[test]
fn no_line_is_too_long() {
    for path in files(".rs") {
        for (index, line) in read(&path).lines().enumerate() {
            let width = line.chars().count();
            assert!(
                width <= MAX_WIDTH,
                "{}, line {}, has {width} characters, over {MAX_WIDTH}",
                path.display(),
                index + 1
            );
        }
    }
}

#[test]
fn no_test_is_switched_off() {
    // Written in halves, so that this file does not hold them.
    let banned = [
        ["#[ign", "ore"].concat(),
        ["should_", "panic"].concat(),
        ["tod", "o!("].concat(),
    ];
    for path in files(".rs") {
        let text = read(&path);
        for word in &banned {
            assert!(!text.contains(word), "{} holds `{word}`", path.display());
        }
    }
}

#[test]
fn every_manifest_takes_versions_and_lints_from_the_workspace() {
    for path in files("Cargo.toml") {
        if path == root().join("Cargo.toml") {
            continue;
        }
        let text = read(&path);
        assert!(
            text.contains("[lints]\nworkspace = true"),
            "{} does not take the workspace's lints",
            path.display()
        );
        let mut in_dependencies = false;
        for line in text.lines() {
            if line.starts_with('[') {
                in_dependencies = line.ends_with("dependencies]");
            } else if in_dependencies && !line.is_empty() && !line.starts_with('#') {
                assert!(
                    line.contains("workspace = true"),
                    "{} declares a version of its own: {line}",
                    path.display()
                );
            }
        }
    }
}
