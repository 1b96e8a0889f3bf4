//! No flag is accepted and ignored: every pair of flags of every command is tried, as the command itself lists them.
//!
//! Of each flag there are sample values that change what comes out: what is printed, what is written, what is said. If
//! two flags are accepted together, what comes out must differ from what comes out of either alone. Whether it is right
//! is not looked at.

mod samples;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use self::samples::{COMMANDS, EXCEPTIONS, FAILS, Sampled};
use super::listing::{Commands, listed};
use super::wording;
use crate::Sandbox;

/// The name of the flag in a part of a command line; `None` for what it reads.
fn name(part: &str) -> Option<&str> {
    part.strip_prefix("--")?.split(' ').next()
}

/// The flag of a part, or what else it is, of which a command line has one.
fn kind(part: &str) -> &str {
    name(part).unwrap_or(part.get(..1).unwrap_or_default())
}

/// A command line of parts: the first of a name holds, and what is not there but needed is taken from the defaults.
fn line(sampled: &Sampled, parts: &[&str]) -> String {
    let defaults = sampled.defaults.iter();
    let defaults = defaults.filter(|(_, instead)| {
        let mut names = parts.iter().filter_map(|part| name(part));
        names.all(|name| !instead.contains(&name))
    });
    let mut kept = BTreeMap::new();
    for part in parts.iter().chain(defaults.map(|(part, _)| part)) {
        kept.entry(name(part).unwrap_or(&part[..1]))
            .or_insert(*part);
    }
    // What is read comes first, what is read besides behind it.
    let (mut read, flags): (Vec<_>, Vec<_>) =
        kept.into_values().partition(|part| name(part).is_none());
    read.sort_by_key(|part| part.starts_with('+'));
    let parts = read.into_iter().chain(flags);
    let parts = parts.map(|part| part.trim_start_matches(['@', '+']));
    let parts = [sampled.command].into_iter().chain(parts);
    parts.collect::<Vec<_>>().join(" ")
}

/// What came of a command line: its exit code, and all that was printed and written, as a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Outcome {
    code: Option<i32>,
    all: u64,
}

impl Outcome {
    /// Whether the flags were accepted; `check` tells what it found by 3 and 4.
    fn is_done(self) -> bool {
        matches!(self.code, Some(0 | 3 | 4))
    }
}

/// A directory in which command lines are run one by one, each finding what the others found.
struct Workplace<'c> {
    sandbox: Sandbox,
    inputs: BTreeSet<String>,
    commands: &'c Commands,
}

impl<'c> Workplace<'c> {
    fn new(commands: &'c Commands) -> Self {
        let sandbox = Sandbox::new();
        samples::write_inputs(&sandbox);
        Self {
            inputs: sandbox.listing().into_iter().collect(),
            sandbox,
            commands,
        }
    }

    fn run(&self, line: &str) -> Outcome {
        let run = self.sandbox.run(&line.split(' ').collect::<Vec<_>>());
        let misnamed = wording::misnamed(self.commands, line, &run.stderr);
        assert_eq!(misnamed, Vec::<String>::new(), "{line}: {}", run.stderr);
        let mut hasher = DefaultHasher::new();
        (&run.stdout, &run.stderr).hash(&mut hasher);
        for name in self.sandbox.listing() {
            if !self.inputs.contains(&name) {
                let path = self.sandbox.path(&name);
                name.hash(&mut hasher);
                take_away(&path, &mut hasher);
            }
        }
        Outcome {
            code: run.code,
            all: hasher.finish(),
        }
    }
}

fn take_away(path: &Path, hasher: &mut DefaultHasher) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).unwrap();
        let mut inner = entries
            .map(|entry| entry.unwrap().path())
            .collect::<Vec<_>>();
        inner.sort();
        for inner in inner {
            inner.file_name().hash(hasher);
            take_away(&inner, hasher);
        }
        std::fs::remove_dir(path).unwrap();
    } else {
        std::fs::read(path).unwrap().hash(hasher);
        std::fs::remove_file(path).unwrap();
    }
}

/// Runs command lines on all processors.
fn outcomes(lines: BTreeSet<String>, commands: &Commands) -> HashMap<String, Outcome> {
    let lines = lines.into_iter().collect::<Vec<_>>();
    let (next, found) = (AtomicUsize::new(0), Mutex::new(HashMap::new()));
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                let workplace = Workplace::new(commands);
                while let Some(line) = lines.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = workplace.run(line);
                    found.lock().unwrap().insert(line.clone(), outcome);
                }
            });
        }
    });
    found.into_inner().unwrap()
}

/// The parts that two samples are tried with: none, and what they need to do something beside each other.
fn contexts<'s>(one: &'s (&str, &str), other: &'s (&str, &str)) -> Vec<Vec<&'s str>> {
    let needed = [one.1, other.1];
    let needed = needed.into_iter().flat_map(|with| with.split("; "));
    let needed = needed.filter(|part| {
        let is_taken = [one.0, other.0].map(kind).contains(&kind(part));
        !part.is_empty() && *part != FAILS && !is_taken
    });
    let needed = needed.collect::<Vec<_>>();
    if needed.is_empty() {
        vec![needed]
    } else {
        vec![Vec::new(), needed]
    }
}

/// Two samples together, and either alone, in one context.
struct Pair {
    flags: [&'static str; 2],
    together: String,
    alone: [String; 2],
}

fn pairs(sampled: &Sampled) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (place, one) in sampled.flags.iter().enumerate() {
        for other in &sampled.flags[..place] {
            if kind(one.0) == kind(other.0) {
                continue;
            }
            for context in contexts(one, other) {
                let line = |parts: &[&str]| line(sampled, &[parts, &context].concat());
                pairs.push(Pair {
                    flags: [one.0, other.0],
                    together: line(&[one.0, other.0]),
                    alone: [line(&[one.0]), line(&[other.0])],
                });
            }
        }
    }
    pairs
}

#[test]
fn every_flag_has_a_sample() {
    let listed = listed(&Sandbox::new(), "");
    let commands = COMMANDS.iter().map(|sampled| sampled.command);
    assert_eq!(
        listed.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        commands.collect::<BTreeSet<_>>()
    );
    for sampled in COMMANDS {
        let mut missing = BTreeSet::new();
        let parts = sampled.flags.iter().map(|(part, _)| *part);
        let parts = parts.collect::<Vec<_>>();
        let flags = &listed[sampled.command];
        for (flag, listed) in flags {
            if !parts.iter().any(|part| name(part) == Some(flag)) {
                missing.insert(format!("--{flag}"));
            }
            let values = listed.values.iter();
            let values = values.map(|value| format!("--{flag} {value}"));
            missing.extend(values.filter(|part| !parts.contains(&part.as_str())));
        }
        assert_eq!(missing, BTreeSet::new(), "{}", sampled.command);
        for (part, _) in sampled.flags {
            let is_flag = name(part).is_none_or(|name| flags.contains_key(name));
            assert!(is_flag, "{} has no {part}", sampled.command);
        }
    }
}

/// Why a flag may do nothing beside another, if it may.
fn exception(command: &str, ignored: &str, beside: &str) -> Option<usize> {
    EXCEPTIONS.iter().position(|(commands, flag, others, _)| {
        let of = |pattern: &str, text: &str| pattern == "*" || text.starts_with(pattern);
        command.starts_with(commands) && of(flag, ignored) && of(others, beside)
    })
}

#[test]
fn no_flag_is_accepted_and_ignored() {
    let all = COMMANDS.iter().map(|sampled| (sampled, pairs(sampled)));
    let all = all.collect::<Vec<_>>();
    let lines = all.iter().flat_map(|(_, pairs)| pairs).flat_map(|pair| {
        let [one, other] = pair.alone.clone();
        [pair.together.clone(), one, other]
    });
    let commands = listed(&Sandbox::new(), "");
    let found = outcomes(lines.collect(), &commands);
    let (mut wrong, mut used) = (BTreeSet::new(), BTreeSet::new());
    for (sampled, pairs) in &all {
        let mut accepted = BTreeSet::new();
        for pair in pairs {
            let together = found[&pair.together];
            if !together.is_done() {
                continue;
            }
            accepted.extend(pair.flags);
            for (place, alone) in pair.alone.iter().enumerate() {
                if found[alone] == together {
                    let [ignored, beside] = [pair.flags[1 - place], pair.flags[place]];
                    match exception(sampled.command, ignored, beside) {
                        Some(place) => drop(used.insert(place)),
                        None => drop(wrong.insert(format!("{ignored} in: {}", pair.together))),
                    }
                }
            }
        }
        for (part, needed) in sampled.flags.iter().filter(|_| !pairs.is_empty()) {
            assert_eq!(
                accepted.contains(part),
                *needed != FAILS,
                "{} {part} beside any other flag",
                sampled.command
            );
        }
    }
    let wrong = wrong.into_iter().collect::<Vec<_>>();
    assert!(wrong.is_empty(), "ignored:\n{}", wrong.join("\n"));
    let unused = (0..EXCEPTIONS.len()).filter(|place| !used.contains(place));
    let unused = unused.map(|place| EXCEPTIONS[place]).collect::<Vec<_>>();
    assert!(unused.is_empty(), "no exceptions any more: {unused:?}");
}
