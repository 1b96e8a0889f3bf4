//! Holds what dependencies must be: from crates.io, under licences that go with ours. Known holes are `cargo deny`'s,
//! whose database is not here.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::root;

/// What cargo prints, if it succeeds.
fn printed(program: &str, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo and rustc run, since they run this test");
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Every package of the lock file, for every feature: of every platform where all were fetched (`cargo fetch`, as
/// `.ci/run` does), otherwise of this one, whose packages a build has fetched.
fn packages() -> Vec<Value> {
    let all = ["metadata", "--locked", "--offline", "--format-version", "1"];
    let found = printed(env!("CARGO"), &all).or_else(|_| {
        let about = printed("rustc", &["-vV"])?;
        let about = String::from_utf8_lossy(&about);
        let host = about.lines().find_map(|line| line.strip_prefix("host: "));
        let host = host.expect("rustc tells its host");
        let here = [&all[..], &["--filter-platform", host]].concat();
        printed(env!("CARGO"), &here)
    });
    let found = found.unwrap_or_else(|error| panic!("cargo metadata failed: {error}"));
    let mut metadata = serde_json::from_slice::<Value>(&found).expect("cargo writes JSON");
    serde_json::from_value(metadata["packages"].take()).expect("a list of packages")
}

/// The licences that `deny.toml` allows.
fn allowed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
    let (_, list) = text.split_once("allow = [").expect("a list of licences");
    let (list, _) = list.split_once(']').expect("the list ends");
    let licences = list
        .split(',')
        .map(|licence| licence.trim().trim_matches('"'));
    let licences = licences.filter(|licence| !licence.is_empty());
    licences.map(str::to_owned).collect()
}

/// Whether an expression of licences can be kept to by the allowed ones alone: one of each `OR`, all of each `AND`.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    // `(A OR B) AND C` is the one form with brackets that stands in any manifest here.
    let expression = expression.replace('/', " OR ");
    expression.split(" AND ").all(|part| {
        let part = part.trim().trim_matches(['(', ')']);
        part.split(" OR ")
            .any(|licence| allowed.contains(licence.trim()))
    })
}

#[test]
fn dependencies_come_from_one_registry_under_allowed_licences() {
    let allowed = allowed();
    let mut n_foreign = 0;
    for package in packages() {
        let name = package["name"].as_str().expect("a package has a name");
        let Some(source) = package["source"].as_str() else {
            assert!(name.starts_with("cutpoint"), "{name} is no package of ours");
            continue;
        };
        n_foreign += 1;
        assert!(
            source.starts_with("registry+"),
            "{name} comes from {source}"
        );
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence, &allowed), "{name}: {licence:?}");
    }
    assert!(n_foreign > 100, "the whole lock file was read");
    // Of every platform, whatever was fetched.
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock is there");
    let sources = lock.lines().filter(|line| line.starts_with("source = "));
    let sources = sources.collect::<BTreeSet<_>>();
    assert_eq!(sources.len(), 1, "{sources:?}");
    assert!(n_foreign <= lock.matches("source = ").count());
}

#[test]
fn licences_that_ask_for_more_are_refused() {
    let allowed = allowed();
    for (expression, is) in [
        ("MIT OR Apache-2.0", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT OR Apache-2.0 OR LGPL-2.1-or-later", true),
        ("GPL-3.0-only", false),
        ("MIT AND GPL-3.0-only", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), is, "{expression:?}");
    }
}
