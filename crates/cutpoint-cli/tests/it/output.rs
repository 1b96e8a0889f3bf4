//! Where output goes: whole or not at all, and quietly into a pipe that nobody reads any more.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::{Run, Sandbox};

const SCORES: &str = "y_true,y_score\n1,0.75\n0,0.25\n1,0.5\n";

/// Every command that writes a table, as a command line up to the path.
const WRITERS: [&str; 6] = [
    "generate -o",
    "split data.csv --indices indices.csv --train",
    "predict model.json data.csv -o",
    "sweep scores.csv -o",
    "curve roc scores.csv -o",
    "moves scores.csv --from 0.5 --to 0.6 --rows",
];

/// Those that write something else.
const DOCUMENT_WRITERS: [&str; 3] = [
    "fit data.csv -o",
    "report scores.csv -o",
    "sweep scores.csv --format json -o",
];

fn with_everything() -> Sandbox {
    let sandbox = Sandbox::with("scores.csv", SCORES);
    sandbox.file("data.csv", "x0,y\n0,0\n1,0\n2,1\n3,1\n");
    sandbox.ok("fit data.csv -o model.json");
    sandbox
}

#[test]
fn an_output_that_cannot_be_made() {
    let sandbox = with_everything();
    sandbox.file("file", "");
    std::fs::create_dir(sandbox.path("directory.csv")).unwrap();
    for line in WRITERS {
        sandbox.fails(
            &format!("{line} missing/out.csv"),
            1,
            "error: failed to write missing/out.csv: No such file or directory (os error 2)\nhint: make the directory \
             first",
        );
        sandbox.fails(
            &format!("{line} file/out.csv"),
            1,
            "error: failed to write file/out.csv: Not a directory (os error 20)",
        );
        sandbox.fails(
            &format!("{line} directory.csv"),
            1,
            "error: directory.csv is a directory; a file was expected",
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let sandbox = with_everything();
    for line in WRITERS.iter().chain(&DOCUMENT_WRITERS) {
        sandbox.fails(
            &format!("{line} /dev/full"),
            1,
            "error: failed to write /dev/full: No space left on device (os error 28)",
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_place() {
    let sandbox = with_everything();
    for line in WRITERS {
        let path = "/proc/self/out.csv";
        let run = sandbox.run(&format!("{line} {path}").split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, Some(1), "{line}");
        assert!(
            run.stderr
                .starts_with(&format!("error: failed to write {path}: ")),
            "{}",
            run.stderr
        );
    }
    assert_eq!(sandbox.listing(), ["data.csv", "model.json", "scores.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_file() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    /// Somebody without rights of their own; the superuser may write what is read-only.
    const NOBODY: u32 = 65_534;

    let sandbox = with_everything();
    let mode = |name: &str, mode| {
        set_permissions(sandbox.path(name), Permissions::from_mode(mode)).unwrap();
    };
    sandbox.file("old.csv", "old");
    mode("old.csv", 0o444);
    mode(".", 0o777);
    let mut command = sandbox.command(&["sweep", "scores.csv", "-o", "old.csv"]);
    if std::fs::metadata(sandbox.path("old.csv")).unwrap().uid() == 0 {
        // Copied by another process: a descriptor of this one that a test beside it inherits would make the file busy.
        let copied = std::process::Command::new("cp")
            .arg(env!("CARGO_BIN_EXE_cutpoint"))
            .arg(sandbox.path("cutpoint"))
            .status();
        assert!(copied.unwrap().success());
        mode("cutpoint", 0o755);
        command = std::process::Command::new(sandbox.path("cutpoint"));
        command
            .args(["sweep", "scores.csv", "-o", "old.csv"])
            .current_dir(sandbox.path("."))
            .uid(NOBODY);
    }
    let run = Run::from(command.output().unwrap());
    assert_eq!(run.code, Some(1));
    let message = "error: failed to write old.csv: Permission denied (os error 13)\n";
    assert_eq!(run.stderr, message);
    assert_eq!(sandbox.text("old.csv"), "old");
}

#[test]
fn a_run_that_fails_leaves_the_old_file() {
    let sandbox = with_everything();
    sandbox.file("old.csv", "old");
    sandbox.file("bad.csv", "y_true,y_score\n1,0.5\n0,x\n");
    sandbox.fails(
        "sweep bad.csv -o old.csv",
        1,
        "error: bad.csv, line 3, column `y_score`: must be a number, got \"x\"",
    );
    assert_eq!(sandbox.text("old.csv"), "old");
    sandbox.ok("sweep scores.csv -o old.csv --metrics none");
    assert_eq!(
        sandbox.text("old.csv"),
        "threshold,tp,fp,fn,tn\n,0,0,2,1\n0.75,1,0,1,1\n0.5,2,0,0,1\n0.25,2,1,0,0\n"
    );
}

#[test]
fn a_dash_is_stdin_and_stdout() {
    let sandbox = with_everything();
    let run = sandbox.run_with_stdin(&["predict", "model.json", "-", "-o", "-"], "x0\n1.5\n");
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    // Halfway between the classes.
    let score = run
        .stdout
        .strip_prefix("y_score\n")
        .unwrap()
        .trim()
        .parse::<f64>()
        .unwrap();
    assert!((score - 0.5).abs() < 1e-3, "{score}");
    let run = sandbox.run_with_stdin(&["sweep", "-", "--metrics", "none"], SCORES);
    assert_eq!(
        run.stdout,
        sandbox.ok("sweep scores.csv -o - --metrics none")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn dev_stdout_is_stdout() {
    let sandbox = with_everything();
    let table = sandbox.ok("sweep scores.csv -o /dev/stdout");
    assert_eq!(table, sandbox.ok("sweep scores.csv"));
}

/// Reads one line of what a command writes to stdout, then closes the pipe.
#[track_caller]
fn run_and_hang_up(sandbox: &Sandbox, line: &str) -> Run {
    let mut command = sandbox.command(&line.split(' ').collect::<Vec<_>>());
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    assert!(!first.is_empty(), "{line}");
    drop(stdout);
    Run::from(child.wait_with_output().unwrap())
}

#[test]
fn a_closed_pipe_is_a_quiet_success() {
    let sandbox = with_everything();
    // More than a pipe holds: 64 KiB on Linux.
    let scores = (0..20_000).map(|row| format!("{},{}\n", row % 2, 1.0 / f64::from(row + 1)));
    sandbox.file(
        "many.csv",
        format!("y_true,y_score\n{}", scores.collect::<String>()),
    );
    for line in [
        "generate -o - --n-samples 20000",
        "generate -o - --n-samples 20000 --rng chacha",
        "sweep many.csv",
        "sweep many.csv --format json",
        "curve roc many.csv",
        "curve gain many.csv --format json",
        "completions bash",
        "man",
        "tutorial --output tutorial",
    ] {
        let run = run_and_hang_up(&sandbox, line);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{line}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stdout_is_an_error() {
    let sandbox = with_everything();
    for line in ["evaluate scores.csv", "generate -o -", "man"] {
        let mut command = sandbox.command(&line.split(' ').collect::<Vec<_>>());
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let run = Run::from(command.stdout(full).output().unwrap());
        assert_eq!(run.code, Some(1), "{line}");
        assert!(
            run.stderr.contains("No space left on device"),
            "{line}: {}",
            run.stderr
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_leaves_nothing() {
    let sandbox = Sandbox::new();
    let line = "generate -o out.csv --n-samples 1000000000 --rng chacha";
    let mut child = sandbox
        .command(&line.split(' ').collect::<Vec<_>>())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(
        child.try_wait().unwrap(),
        None,
        "it has a billion rows to write"
    );
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(sandbox.listing(), [""; 0]);
}
