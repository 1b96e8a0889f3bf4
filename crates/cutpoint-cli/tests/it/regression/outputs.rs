//! Nothing is lost, nothing is taken over, and memory promised is kept.

use std::fs;

use crate::Sandbox;

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
        crate::Run::from(command.stdout(append.unwrap()).output().unwrap())
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
    let run = crate::Run::from(command.stdin(stdin).output().unwrap());
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
        sandbox.fails(line, 1, &message);
    }
    assert_eq!(sandbox.text("new.csv"), "precious");
    sandbox.ok("report scores.csv -o page.HTML");
}
