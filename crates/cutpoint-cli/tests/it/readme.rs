//! The README shows what the program prints: every command of it is run, in order, and its output compared.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The commands of the console blocks, each with the output shown; `...` stands for what was left out.
fn sessions(readme: &str) -> Vec<(String, Vec<String>)> {
    let mut sessions = Vec::<(String, Vec<String>)>::new();
    let mut in_console = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            in_console = line == "```console";
        } else if in_console {
            match line.strip_prefix("$ ") {
                Some(command) => sessions.push((command.to_owned(), Vec::new())),
                None => sessions
                    .last_mut()
                    .expect("a console block starts with a command")
                    .1
                    .push(line.to_owned()),
            }
        }
    }
    sessions
}

/// Runs every command of a page in a directory of its own, and compares what it prints with what the page shows.
fn check(page: &str, at_least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join(page)).unwrap();
    let sessions = sessions(&text);
    assert!(
        sessions.len() >= at_least,
        "{} commands found in {page}",
        sessions.len()
    );
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("data")).unwrap();
    fs::copy(
        root.join("data/breast_cancer.csv"),
        directory.path().join("data/breast_cancer.csv"),
    )
    .unwrap();
    let run = |command: &str| {
        let line = command.replacen("cutpoint", "\"$CUTPOINT\"", 1);
        let output = Command::new("sh")
            .args(["-c", &line])
            .env("CUTPOINT", env!("CARGO_BIN_EXE_cutpoint"))
            .current_dir(directory.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{page}: {command}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    run("cutpoint tutorial");
    for (command, shown) in sessions {
        let output = run(&command);
        if shown.is_empty() {
            continue;
        }
        let mut lines = output.lines();
        for expected in shown {
            if expected == "..." {
                break;
            }
            assert_eq!(lines.next(), Some(expected.as_str()), "in {command}");
        }
    }
}

#[test]
fn the_readme_shows_what_is_printed() {
    check("README.md", 9);
}

#[test]
fn the_walk_to_a_threshold_shows_what_is_printed() {
    check("docs/choosing.md", 10);
}

/// The pictures of the README are those of the tutorial, on every machine.
#[test]
fn the_pictures_are_those_of_the_tutorial() {
    let directory = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_cutpoint"))
        .args(["tutorial", "--output", "."])
        .current_dir(directory.path())
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let shown = fs::read_dir(root.join("docs/pictures")).unwrap();
    let mut n_shown = 0;
    for shown in shown {
        let shown = shown.unwrap().path();
        let name = shown.file_name().unwrap().to_str().unwrap();
        assert!(
            readme.contains(&format!("](docs/pictures/{name})")),
            "{name}"
        );
        let drawn = fs::read_to_string(directory.path().join(name)).unwrap();
        assert!(
            drawn == fs::read_to_string(&shown).unwrap(),
            "docs/pictures/{name} is not what `cutpoint tutorial` draws now: look at both, and copy the new one there"
        );
        n_shown += 1;
    }
    assert_eq!(n_shown, 2);
}
