//! What is printed: that it is not lost, and that it has stdout to itself.

use crate::{Run, Sandbox};

const SCORES: &str = "y_true,y_score,w\n1,0.9,1\n0,0.2,2\n1,0.4,1\n0,0.6,3\n";

/// Runs a command line as a shell does, redirections included.
fn in_shell(sandbox: &Sandbox, line: &str) -> Run {
    let script = format!("exec '{}' {line}", env!("CARGO_BIN_EXE_cutpoint"));
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).current_dir(sandbox.path("."));
    Run::from(shell.output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stdout_is_told_in_the_same_words_by_every_command() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    sandbox.ok("choose s.csv --maximize f1 --save p.json");
    sandbox.file("f.csv", "x,y\n1,0\n2,1\n2.5,0\n3,1\n");
    for line in [
        "evaluate s.csv",
        "choose s.csv --maximize f1",
        "choose s.csv --pareto recall,precision",
        "check p.json s.csv",
        "compare s.csv s.csv",
        "moves s.csv --from 0.5 --to 0.3",
        "sweep s.csv",
        "sweep s.csv --chart",
        "curve roc s.csv",
        "curve roc s.csv --chart",
        "fit f.csv -o m.json --format json",
        "generate --n-samples 10 -o -",
        "completions bash",
        "man",
        "--help",
    ] {
        let run = in_shell(&sandbox, &format!("{line} >/dev/full"));
        let last = run.stderr.lines().last().unwrap_or_default();
        assert_eq!(
            last, "error: failed to write stdout: No space left on device (os error 28)",
            "{line}: {}",
            run.stderr
        );
        assert_eq!(run.code, Some(1), "{line}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_file_is_written_beside_a_result_that_nobody_reads() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    sandbox.file("f.csv", "x,y\n1,0\n2,1\n2.5,0\n3,1\n");
    let before = sandbox.listing();
    for line in [
        "choose s.csv --maximize f1 --save new.json",
        "choose s.csv --maximize f1 --plot new.svg",
        "evaluate s.csv --plot new.svg",
        "evaluate s.csv --plot-scores new.svg",
        "moves s.csv --from 0.5 --to 0.3 --rows new.csv",
        "moves s.csv --from 0.5 --to 0.3 --plot new.svg",
        "sweep s.csv --plot new.svg",
        "sweep s.csv --chart -o new.csv",
        "sweep s.csv --chart --partial-out new.csv",
        "curve roc s.csv --chart -o new.csv",
        "curve roc s.csv --chart -o new.svg",
        "fit f.csv -o new.json --format json",
        // Before anything is read, too.
        "evaluate none.csv",
        "check none.json s.csv",
        "compare none.csv s.csv",
        "tutorial --output new",
    ] {
        let run = in_shell(&sandbox, &format!("{line} >&-"));
        let message = "error: stdout is closed: what would be printed is lost\n";
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (Some(1), message),
            "{line}"
        );
        assert_eq!(sandbox.listing(), before, "{line}");
    }
    // What prints nothing needs none.
    for line in [
        "fit f.csv -o new.json",
        "curve roc s.csv -o new.svg",
        "sweep s.csv --partial-out new.csv",
        "man --output man",
    ] {
        let run = in_shell(&sandbox, &format!("{line} >&-"));
        assert_eq!(run.code, Some(0), "{line}: {}", run.stderr);
    }
}

#[test]
fn a_result_has_stdout_to_itself() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    for (line, flag) in [
        ("choose s.csv --maximize f1 --save -", "--save -"),
        (
            "choose s.csv --maximize f1 --format json --save -",
            "--save -",
        ),
        (
            "choose s.csv --maximize f1 --save /dev/stdout",
            "--save /dev/stdout",
        ),
        ("moves s.csv --from 0.5 --to 0.3 --rows -", "--rows -"),
        ("sweep s.csv --chart --output -", "--output -"),
        ("sweep s.csv --chart --partial-out -", "--partial-out -"),
    ] {
        let message =
            format!("error: `{flag}` and the result would both be written to stdout: name a file");
        sandbox.fails(line, 2, &message);
    }
    // One thing alone may go there.
    assert!(
        sandbox
            .ok("sweep s.csv --partial-out -")
            .starts_with("lowest,")
    );
    sandbox.ok("sweep s.csv --partial-out - --output t.csv");
    sandbox.ok("curve roc s.csv --chart --output -");
}
