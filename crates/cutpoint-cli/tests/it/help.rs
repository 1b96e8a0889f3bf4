//! Help, completions and manual: there for every command, with defaults and an example.

use crate::Sandbox;

const COMMANDS: [&str; 15] = [
    "tutorial",
    "generate",
    "split",
    "fit",
    "predict",
    "evaluate",
    "sweep",
    "moves",
    "curve",
    "choose",
    "check",
    "compare",
    "report",
    "completions",
    "man",
];

#[test]
fn every_command_has_help_with_an_example() {
    let sandbox = Sandbox::new();
    let top = sandbox.ok("--help");
    for command in COMMANDS {
        assert!(
            top.contains(&format!("\n  {command} ")),
            "{command} is not listed"
        );
        let help = sandbox.ok(&format!("{command} --help"));
        let example = format!("\nExamples:\n  cutpoint {command}");
        assert!(help.contains(&example), "{command}\n{help}");
        for line in help.lines() {
            assert!(line.chars().count() <= 100, "{command}: {line}");
        }
    }
}

#[test]
fn no_command_is_a_request_for_help() {
    let run = Sandbox::new().run::<&str>(&[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(
        run.stderr.contains("Usage: cutpoint <COMMAND>"),
        "{}",
        run.stderr
    );
}

#[test]
fn help_states_domain_and_default() {
    let help = Sandbox::new().ok("moves --help");
    insta::assert_snapshot!(help, @r#"
    Show what moves between the cells when the threshold moves

    Raising the threshold moves rows from tp to fn and from fp to tn, lowering it moves them back. Files
    of any size are read in bounded memory.

    Usage: cutpoint moves [OPTIONS] --from <A> --to <B> <SCORES>

    Arguments:
      <SCORES>
              Labels and scores: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin

    Options:
          --from <A>
              The threshold to leave, a finite number

          --to <B>
              The threshold to go to, a finite number

          --cost <COSTS>
              What one row of each cell costs, or earns below 0: some of `fp`, `fn`, `tp`, `tn`, each in
              [-1e100, 1e100]; a cell that is not named costs 0 [default: costs are not told]

          --rows <FILE>
              Write the rows that move here, as `.csv`, `.parquet` or `.npy`: all columns as they stand,
              and `move` (`tp_to_fn`, `fp_to_tn`, `fn_to_tp`, `tn_to_fp`)

          --plot <FILE>
              Draw what stays and what moves into this file as well: `.svg` or `.png`

          --label <COLUMN>
              Column of true labels
              
              [default: y_true]

          --score <COLUMN>
              Column of scores; a higher score means "more likely positive"
              
              [default: y_score]

          --positive <CLASS>
              The positive class [default: 1 of {0, 1} or {-1, 1}, true of {false, true}]

          --labels <A,B>
              The classes that labels may be; any other is an error, and a word such as `NA`, or a
              number such as `0.5`, is a class only if it is named here or with `--positive`

          --weight <COLUMN>
              Column of weights, each in [0, inf); a row of weight 2 counts like the row twice [default:
              every row counts once]

          --format <FORMAT>
              How to print the ledger

              Possible values:
              - text: For people
              - json: For scripts
              
              [default: text]

      -h, --help
              Print help (see a summary with '-h')

    Examples:
      cutpoint moves scores.csv --from 0.5 --to 0.7
      cutpoint moves scores.csv --from 0.5 --to 0.3 --cost fp=1,fn=10
      cutpoint moves scores.parquet --from 0.5 --to 0.3 --rows moved.csv
      cutpoint moves scores.csv --from 0.5 --to 0.3 --plot flow.svg
      cutpoint moves scores.csv --from 0.5 --to 0.3 --format json
    "#);
}

#[test]
fn files_are_named_by_the_formats_they_take() {
    let sandbox = Sandbox::new();
    let formats = "`.csv`, `.parquet` or `.npy`";
    for command in [
        "split",
        "fit",
        "predict",
        "evaluate",
        "moves",
        "curve roc",
        "compare",
        "report",
        "generate",
    ] {
        let help = sandbox.ok(&format!("{command} --help"));
        let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let stream = if command == "generate" {
            "stdout"
        } else {
            "stdin"
        };
        let expected = format!("{formats}, or `-` for CSV on {stream}");
        assert!(words.contains(&expected), "{command}\n{help}");
    }
}

#[test]
fn completions_know_the_commands() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.ok(&format!("completions {shell}"));
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
}

#[test]
fn the_manual_is_one_page_or_a_page_for_each_command() {
    let sandbox = Sandbox::new();
    assert!(sandbox.ok("man").contains(".TH cutpoint 1"));
    sandbox.ok("man --output pages/man1");
    for command in COMMANDS {
        let page = sandbox.text(&format!("pages/man1/cutpoint-{command}.1"));
        assert!(
            page.contains(&format!(".TH cutpoint-{command} 1")),
            "{command}"
        );
    }
    sandbox.file("file", "");
    let run = sandbox.run(&["man", "--output", "file/man1"]);
    assert_eq!(run.code, Some(1));
    let message =
        "error: failed to write the manual pages to file/man1: Not a directory (os error 20)\n";
    assert_eq!(run.stderr, message);
}

#[test]
fn the_version_is_printed() {
    assert_eq!(
        Sandbox::new().ok("--version"),
        format!("cutpoint {}\n", env!("CARGO_PKG_VERSION"))
    );
}
