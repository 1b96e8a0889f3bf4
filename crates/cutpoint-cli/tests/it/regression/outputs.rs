//! Nothing is lost, nothing is taken over, and memory promised is kept.

use std::fs;

use crate::{Run, Sandbox};

const SCORES: &str = "y_true,y_score\n1,0.75\n0,0.25\n1,0.5\n";
const DATA: &str = "x0,y\n0,0\n1,0\n2,1\n3,1\n";

/// Every file that a run may read, with other names for some of them, a directory among them.
fn with_links() -> Sandbox {
    let sandbox = Sandbox::with("scores.csv", SCORES);
    sandbox.file("data.csv", DATA);
    sandbox.ok("fit data.csv -o model.json");
    fs::create_dir(sandbox.path("d")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("data.csv", sandbox.path("soft.csv")).unwrap();
        symlink("new.csv", sandbox.path("dangling.csv")).unwrap();
        symlink("model.json", sandbox.path("soft.json")).unwrap();
        fs::hard_link(sandbox.path("scores.csv"), sandbox.path("hard.csv")).unwrap();
    }
    sandbox
}

/// Runs a line that must be bad usage and must leave all as it was.
#[track_caller]
fn refused(sandbox: &Sandbox, line: &str, message: &str) {
    let before = sandbox.listing();
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, Some(2), "{line}: {}", run.stderr);
    assert!(run.stderr.contains(message), "{line}: {}", run.stderr);
    assert_eq!(sandbox.listing(), before, "{line}");
    assert_eq!(sandbox.text("scores.csv"), SCORES, "{line}");
    assert_eq!(sandbox.text("data.csv"), DATA, "{line}");
}

#[cfg(unix)]
#[test]
fn two_outputs_have_two_files() {
    let sandbox = with_links();
    for line in [
        "split data.csv --train ./x.csv --test x.csv",
        "split data.csv --train d/../x.csv --test x.csv",
        "split data.csv --train dangling.csv --test new.csv",
        "split data.csv --train - --test -",
        "split data.csv --train x.csv --indices d/../x.csv",
        "sweep scores.csv -o z.csv --partial-out z.csv",
        "sweep scores.csv -o z.svg --plot z.svg",
        "evaluate scores.csv --plot p.svg --plot-scores ./p.svg",
        "choose scores.csv --maximize f1 --save q.svg --plot q.svg",
        "moves scores.csv --from 0.5 --to 0.6 --rows q.svg --plot q.svg",
    ] {
        refused(&sandbox, line, "must name two files: both lead to one");
    }
}

#[cfg(unix)]
#[test]
fn an_input_is_no_output() {
    let sandbox = with_links();
    for line in [
        "split data.csv --train data.csv --test rest.csv",
        "split soft.csv --train data.csv",
        "split data.csv --train soft.csv",
        "fit data.csv -o data.csv",
        "predict model.json data.csv -o d/../data.csv",
        "predict model.json data.csv -o soft.json",
        "sweep scores.csv -o hard.csv",
        "sweep scores.csv --partial-out hard.csv",
        "sweep --partial-in scores.csv -o hard.csv",
        "curve roc scores.csv -o scores.csv",
        "curve roc data.csv scores.csv -o hard.csv",
        "moves scores.csv --from 0.5 --to 0.6 --rows hard.csv",
        "choose scores.csv --pareto recall,precision -o hard.csv",
        "choose scores.csv --maximize f1 --save hard.csv",
        "choose data.csv --maximize f1 --validate scores.csv --save hard.csv",
        "report data.csv scores.csv -o hard.csv",
        "report scores.csv --point model.json -o soft.json",
    ] {
        refused(&sandbox, line, "an input is never an output");
    }
}

#[cfg(unix)]
#[test]
fn redirections_are_files_too() {
    let sandbox = with_links();
    let with_stdout = |line: &str| {
        let mut command = sandbox.command(&line.split(' ').collect::<Vec<_>>());
        let append = fs::OpenOptions::new()
            .append(true)
            .open(sandbox.path("scores.csv"));
        Run::from(command.stdout(append.unwrap()).output().unwrap())
    };
    for line in [
        "evaluate hard.csv",
        "sweep scores.csv",
        "sweep scores.csv -o -",
        "curve roc scores.csv",
        "predict model.json data.csv -o hard.csv",
    ] {
        let run = with_stdout(line);
        assert_eq!(run.code, Some(2), "{line}: {}", run.stderr);
        assert_eq!(sandbox.text("scores.csv"), SCORES, "{line}");
    }
    let mut command = sandbox.command(&["split", "-", "--train", "data.csv"]);
    let stdin = fs::File::open(sandbox.path("data.csv")).unwrap();
    let run = Run::from(command.stdin(stdin).output().unwrap());
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert_eq!(sandbox.text("data.csv"), DATA);
}

#[test]
fn what_is_no_table_replaces_no_table() {
    let sandbox = Sandbox::with("scores.csv", SCORES);
    sandbox.file("data.csv", DATA);
    sandbox.file("new.csv", "precious");
    for (line, ending) in [
        ("report scores.csv -o new.csv", ".html"),
        ("fit data.csv -o new.csv", ".json"),
        ("choose scores.csv --maximize f1 --save new.csv", ".json"),
        ("sweep scores.csv --format json -o new.csv", ".json"),
        ("curve roc scores.csv --format json -o new.csv", ".json"),
        (
            "choose scores.csv --pareto recall,precision --format json -o new.csv",
            ".json",
        ),
        ("report scores.csv -o page", ".html"),
    ] {
        let name = line.rsplit(' ').next().unwrap();
        let message = format!("error: {name}: what is written here must end in `{ending}`");
        sandbox.fails(line, 2, &message);
    }
    assert_eq!(sandbox.text("new.csv"), "precious");
    sandbox.ok("report scores.csv -o page.HTML");
}

/// Runs a line whose `PIPE` is a named pipe that is written once; it must end.
#[cfg(unix)]
#[track_caller]
fn with_pipe(sandbox: &Sandbox, line: &str, name: &str, content: &str) -> Run {
    let pipe = sandbox.path(name);
    if !pipe.exists() {
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
    }
    let line = line.replace("PIPE", name);
    let child = sandbox
        .command(&line.split(' ').collect::<Vec<_>>())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let content = content.to_owned();
    let is_done = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stop = std::sync::Arc::clone(&is_done);
    let writer = std::thread::spawn(move || {
        // Whoever refuses the pipe does not open it; then nothing is written.
        use std::os::unix::fs::OpenOptionsExt;
        const O_NONBLOCK: i32 = if cfg!(target_os = "linux") { 0o4000 } else { 4 };
        while !stop.load(std::sync::atomic::Ordering::Relaxed) {
            let mut options = fs::OpenOptions::new();
            if let Ok(mut file) = options.write(true).custom_flags(O_NONBLOCK).open(&pipe) {
                std::io::Write::write_all(&mut file, content.as_bytes()).ok();
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    });
    let run = Run::from(child.wait_with_output().unwrap());
    is_done.store(true, std::sync::atomic::Ordering::Relaxed);
    writer.join().unwrap();
    run
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_in_one_pass_or_refused() {
    let sandbox = with_links();
    for (line, content) in [
        ("evaluate PIPE", SCORES),
        ("sweep PIPE", SCORES),
        ("curve roc PIPE", SCORES),
        ("choose PIPE --maximize f1", SCORES),
        ("moves PIPE --from 0.5 --to 0.6", SCORES),
        ("report PIPE -o page.html", SCORES),
        ("predict model.json PIPE -o -", DATA),
        ("fit PIPE -o new.json", DATA),
        ("split PIPE --train -", DATA),
    ] {
        let run = with_pipe(&sandbox, line, "pipe", content);
        assert_eq!(run.code, Some(0), "{line}: {}", run.stderr);
    }
    for line in [
        "choose PIPE --maximize f1 --cv 2",
        "compare PIPE --score y_score,y_score2",
        "compare PIPE PIPE",
        "report PIPE -o page.html --group y_true",
        "evaluate PIPE.parquet",
        "evaluate PIPE.npy",
    ] {
        let name = match line.rsplit_once("PIPE.") {
            Some((_, ending)) => format!("p.{ending}"),
            None => "pipe".to_owned(),
        };
        let run = with_pipe(
            &sandbox,
            &line
                .replace("PIPE.parquet", "PIPE")
                .replace("PIPE.npy", "PIPE"),
            &name,
            SCORES,
        );
        assert!(matches!(run.code, Some(1 | 2)), "{line}: {}", run.stderr);
        let says = run.stderr.contains("only once") || run.stderr.contains("is a pipe");
        assert!(says, "{line}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn manual_pages_appear_all_or_none() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("man/cutpoint.1")).unwrap();
    sandbox.fails(
        "man --output man",
        1,
        "error: man/cutpoint.1 is a directory; a file was expected",
    );
    assert_eq!(fs::read_dir(sandbox.path("man")).unwrap().count(), 1);
    sandbox.ok("man --output other");
    assert!(sandbox.text("other/cutpoint-sweep.1").contains("sweep"));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_made_is_told_by_the_name_that_was_typed() {
    // A file system that knows no files without names: the hidden name of a moment was told, and its directory was
    // missed.
    let sandbox = Sandbox::with("s.csv", SCORES);
    let run = sandbox.run(&["sweep", "s.csv", "-o", "/proc/new.csv"]);
    assert_eq!(
        run.stderr,
        "error: failed to write /proc/new.csv: No such file or directory (os error 2)\n"
    );
    assert_eq!(run.code, Some(1));
}

/// Runs a command line with stdout closed, as a shell does with `>&-`.
#[cfg(target_os = "linux")]
fn without_stdout(sandbox: &Sandbox, line: &str) -> Run {
    in_shell(sandbox, &format!("{line} >&-"))
}

#[cfg(target_os = "linux")]
fn in_shell(sandbox: &Sandbox, line: &str) -> Run {
    let script = format!("exec '{}' {line}", env!("CARGO_BIN_EXE_cutpoint"));
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).current_dir(sandbox.path("."));
    Run::from(shell.output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn what_would_be_printed_is_not_lost_without_a_word() {
    let sandbox = Sandbox::with("s.csv", "y_true,y_score\n1,0.9\n0,0.2\n1,0.4\n0,0.6\n");
    for line in [
        "evaluate s.csv",
        "evaluate s.csv --format json",
        "sweep s.csv",
        "sweep s.csv --chart",
        "sweep s.csv --output -",
        "moves s.csv --from 0.5 --to 0.3",
        "choose s.csv --maximize f1",
        "choose s.csv --pareto recall,precision",
        "curve roc s.csv",
        "curve roc s.csv --chart",
        "compare s.csv s.csv",
        "generate --n-samples 10 -o -",
        "completions bash",
        "man",
        "--help",
        "sweep --help",
        "--version",
    ] {
        let run = without_stdout(&sandbox, line);
        assert!(matches!(run.code, Some(1 | 2)), "{line}: {:?}", run.code);
        assert!(
            run.stderr
                .contains("stdout is closed: what would be printed is lost"),
            "{line}: {}",
            run.stderr
        );
    }
    // What goes to files needs no stdout, and the null device is one.
    let run = without_stdout(&sandbox, "sweep s.csv -o t.csv");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(sandbox.text("t.csv").starts_with("threshold,tp,fp,fn,tn,"));
    let null = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")
        .unwrap();
    let mut command = sandbox.command(&["evaluate", "s.csv"]);
    assert!(command.stdout(null).status().unwrap().success());
}

#[cfg(target_os = "linux")]
#[test]
fn a_stream_that_is_closed_or_full_is_said_to_be() {
    let sandbox = Sandbox::with("s.csv", "y_true,y_score\n1,0.9\n0,0.2\n");
    for (line, shown) in [
        ("sweep -", "`-`"),
        ("sweep /dev/stdin", "`/dev/stdin`"),
        ("split - --train a.csv", "`-`"),
        ("curve roc s.csv -", "`-`"),
        ("choose s.csv --maximize f1 --validate -", "`--validate -`"),
        ("predict - s.csv -o t.csv", "`-`"),
    ] {
        let run = in_shell(&sandbox, &format!("{line} <&-"));
        let message =
            format!("error: {shown} is stdin, and stdin is closed: there is nothing to read\n");
        assert_eq!((run.code, run.stderr), (Some(2), message), "{line}");
    }
    // Nobody needs a stdin that is not read, and the null device is an empty one.
    assert_eq!(in_shell(&sandbox, "sweep s.csv <&-").code, Some(0));
    let run = in_shell(&sandbox, "sweep - </dev/null");
    assert!(run.stderr.contains("stdin is empty"), "{}", run.stderr);
    for line in ["--help", "--version", "sweep --help", "help sweep"] {
        let run = in_shell(&sandbox, &format!("{line} >/dev/full"));
        let message = "error: failed to write stdout: No space left on device (os error 28)\n";
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (Some(1), message),
            "{line}"
        );
    }
}

#[test]
fn colours_of_the_data_reach_no_terminal() {
    let text = "y_true,y_score\n\u{1b}[8mhid,0.9\nno,0.2\n\u{1b}[8mhid,0.4\nno,0.6\n";
    let sandbox = Sandbox::with("s.csv", text);
    for line in [
        "evaluate s.csv --positive \u{1b}[8mhid",
        "moves s.csv --positive \u{1b}[8mhid --from 0.5 --to 0.3",
        "choose s.csv --positive \u{1b}[8mhid --maximize f1",
    ] {
        let words = line.split(' ').collect::<Vec<_>>();
        let mut command = sandbox.command(&words);
        command
            .env("CLICOLOR_FORCE", "1")
            .env("COLORTERM", "truecolor");
        let run = Run::from(command.output().unwrap());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(!run.stdout.contains("\u{1b}[8m"), "{}", run.stdout);
        assert!(run.stdout.contains("\\u001b[8mhid"), "{}", run.stdout);
        assert!(!line.starts_with("evaluate") || run.stdout.contains("\u{1b}[48;2;"));
    }
    // As an argument that is no good.
    let mut command = sandbox.command(&["evaluate", "s.csv", "--format", "\u{1b}[8mjson"]);
    let run = Run::from(command.env("CLICOLOR_FORCE", "1").output().unwrap());
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.starts_with("error: invalid value"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
}

/// Kills runs that write a file, at any moment of their life.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_leaves_the_old_file_or_the_new_one() {
    let sandbox = Sandbox::new();
    let line = "generate --n-samples 20000 --random-state 1 -o new.csv";
    let words = line.split(' ').collect::<Vec<_>>();
    sandbox.ok(line);
    let whole = sandbox.text("new.csv");
    let mut n_killed = 0;
    for (round, old) in [None, Some("old")].into_iter().cycle().take(40).enumerate() {
        drop(fs::remove_file(sandbox.path("new.csv")));
        if let Some(old) = old {
            sandbox.file("new.csv", old);
        }
        let mut child = sandbox.command(&words).spawn().unwrap();
        // Early or late; a run takes some tens of milliseconds.
        std::thread::sleep(std::time::Duration::from_millis(3 * round as u64));
        child.kill().unwrap();
        n_killed += usize::from(!child.wait().unwrap().success());
        let left = fs::read_to_string(sandbox.path("new.csv")).ok();
        assert!(
            left.as_deref() == old || left.as_deref() == Some(&whole),
            "round {round}"
        );
    }
    assert!(n_killed > 0);
    // What a kill between two steps may have left goes with the next output.
    sandbox.ok(line);
    assert_eq!(sandbox.listing(), ["new.csv"]);
}
