//! What messages name is there: every flag in backticks is one of the command's, in hints as in help. One thing is one
//! thing.

use std::path::{Path, PathBuf};

use super::case;
use super::listing::{Commands, listed};
use crate::Sandbox;

/// What a text of a command names in backticks that is not there: flags of this command, or, in a command line of its
/// own (`cutpoint sweep --partial-in FILE`), of that one.
pub(super) fn misnamed(commands: &Commands, line: &str, text: &str) -> Vec<String> {
    let named = text.split('`').skip(1).step_by(2);
    let mut missing = Vec::new();
    for code in named {
        let (line, flags) = match code.strip_prefix("cutpoint ") {
            Some(line) => (line, line),
            None if code.starts_with('-') => (line, code),
            None => continue,
        };
        if !has_flags(commands, line, flags) {
            missing.push(format!("`{code}`"));
        }
    }
    missing
}

/// Whether the command that a line begins with is there, and has the flags of a text.
fn has_flags(commands: &Commands, line: &str, text: &str) -> bool {
    let is_meant = |name: &&String| {
        let rest = line.strip_prefix(name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    // A family of commands, such as `curve`, has no flags of its own.
    let is_family = |name: &String| name.split(' ').next() == line.split(' ').next();
    let Some(command) = commands.keys().find(is_meant) else {
        return commands.keys().any(is_family) && !text.contains("--");
    };
    let flags = &commands[command];
    text.split(' ').all(|word| {
        if let Some(flag) = word.strip_prefix("--") {
            let flag = flag.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
            flag.take(1)
                .all(|flag| flag.is_empty() || flags.contains_key(flag))
        } else {
            word != "-o" || flags.contains_key("output")
        }
    })
}

#[test]
fn help_names_flags_that_are_there() {
    let sandbox = Sandbox::new();
    let commands = listed(&sandbox, "");
    for command in commands.keys() {
        let help = sandbox.ok(&format!("{command} --help"));
        assert_eq!(
            misnamed(&commands, command, &help),
            Vec::<String>::new(),
            "{command}"
        );
    }
}

/// The source files below a directory.
fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The commands whose messages stand in a source file of the command line; `None` where they ask which flags there are.
fn speakers(file: &str) -> Option<&str> {
    match file {
        // The one asks which flags the command has, and is tried below; the other says what was typed.
        "failure.rs" | "paths.rs" => None,
        "gather.rs" => Some("sweep choose report"),
        "mixed_up.rs" => Some("evaluate sweep moves curve choose check compare report"),
        _ => {
            let command = file.strip_prefix("commands/");
            let command = command.unwrap_or_else(|| panic!("whose messages are in {file}?"));
            command.split(['/', '.']).next()
        }
    }
}

#[test]
fn messages_in_the_sources_name_flags_that_are_there() {
    let commands = listed(&Sandbox::new(), "");
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut n_flags = 0;
    for entry in std::fs::read_dir(crates).unwrap() {
        let directory = entry.unwrap().path().join("src");
        let mut files = Vec::new();
        sources(&directory, &mut files);
        for path in files {
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            let code = lines.collect::<Vec<_>>().join("\n");
            let flags = code.split("`--").skip(1).map(|rest| {
                let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '-');
                &rest[..end.unwrap_or(rest.len())]
            });
            // Some are put in when it is known which.
            let flags = flags.filter(|flag| !flag.is_empty()).collect::<Vec<_>>();
            if flags.is_empty() {
                continue;
            }
            let is_of_commands = directory.ends_with("cutpoint-cli/src");
            assert!(is_of_commands, "{} knows of flags", path.display());
            let file = path.strip_prefix(&directory).unwrap();
            let Some(speakers) = speakers(file.to_str().unwrap()) else {
                continue;
            };
            for speaker in speakers.split(' ') {
                let known = commands
                    .iter()
                    .filter(|(name, _)| name.split(' ').next() == Some(speaker));
                let known = known.map(|(_, flags)| flags).collect::<Vec<_>>();
                assert!(!known.is_empty(), "{speaker} is no command");
                for flag in &flags {
                    let is_there = known.iter().any(|known| known.contains_key(*flag));
                    assert!(is_there, "{}: {speaker} has no `--{flag}`", file.display());
                    n_flags += 1;
                }
            }
        }
    }
    assert!(n_flags > 80, "{n_flags} flags were looked at");
}

#[test]
fn hints_name_flags_that_the_command_has() {
    let sandbox = Sandbox::new();
    let commands = listed(&sandbox, "");
    let typed = |word: &str| {
        let path = case(word);
        let is_case = path.is_file();
        if is_case {
            path.display().to_string()
        } else {
            word.to_owned()
        }
    };
    let words = |line: &str| line.split(' ').map(typed).collect::<Vec<_>>();
    for line in [
        "choose prev.csv --maximize f1 --save point.json",
        "sweep prev.csv --partial-out wide.csv --memory 64KiB",
        "generate -o large.csv --rng chacha --n-samples 30000",
        "fit large.csv -o model.json --max-iter 1",
        "predict model.json large.csv -o scores.csv",
        "sweep scores.csv --partial-out large-part.csv --memory 64KiB",
    ] {
        assert_eq!(sandbox.run(&words(line)).code, Some(0), "{line}");
    }
    for (line, hint) in [
        ("choose bool_pred.csv --maximize f1", "`--score COLUMN`"),
        ("sweep bool_pred.csv", "`--score COLUMN`"),
        ("report bool_pred.csv -o r.html", "`--score COLUMN`"),
        ("evaluate bool_pred.csv", "`--predicted COLUMN`"),
        ("curve roc bool_pred.csv", "`--score COLUMN`"),
        ("check point.json bool_pred.csv", "`--score COLUMN`"),
        ("compare bool_pred.csv bool_int.csv", "`--score COLUMN`"),
        (
            "moves bool_pred.csv --from 0.1 --to 0.2",
            "`--score COLUMN`",
        ),
        (
            "evaluate three.csv --label kind --score p_a",
            "`cutpoint evaluate FILE --predicted COLUMN`",
        ),
        ("evaluate prev.csv --label y", "`--label COLUMN`"),
        (
            "split prev.csv --train a.csv --stratify",
            "`--target COLUMN`",
        ),
        ("fit prev.csv -o m.json", "`--target COLUMN`"),
        ("curve roc two_p.csv", "`--score p_approve`"),
        ("sweep na_binary.csv", "`--labels A,B`"),
        ("evaluate na_binary.csv", "`--labels A,B`"),
        (
            "fit na_binary.csv -o m.json --target y_true",
            "`--labels A,B`",
        ),
        ("sweep nopos.csv", "`--positive CLASS`"),
        ("check point.json nopos.csv", "`--positive CLASS`"),
        ("sweep part.csv", "`cutpoint sweep --partial-in FILE`"),
        ("fit unnamed0.csv -o m.json", "`--features A,B`"),
        (
            "predict prev.csv prev.csv -o o.csv",
            "`cutpoint predict MODEL.json FILE -o SCORES`",
        ),
        (
            "check prev.csv prev.csv",
            "`cutpoint check POINT.json SCORES`",
        ),
        ("sweep reversed.csv", "`--positive`"),
        ("evaluate logits.csv", "`cutpoint choose`"),
        (
            "choose prev.csv --maximize youden",
            "`--validate FILE` or `--cv 5`",
        ),
        (
            "choose scores.csv --label y_true --maximize youden --bootstrap 2 --memory 64KiB",
            "`--memory`",
        ),
        ("compare prev.csv", "`--score A,B`"),
        ("compare prev.csv prev_1.csv", "`--id COLUMN`"),
        (
            "compare scores.csv scores.csv --memory 64KiB --bootstrap 2",
            "`--memory",
        ),
        (
            "sweep --partial-in large-part.csv --thresholds 0.501",
            "`--thresholds 0.501`",
        ),
        ("fit quasi.csv -o m.json --c inf", "`--penalty l2`"),
        ("fit fit_50.csv -o m.json --max-iter 2", "`--max-iter`"),
        (
            "generate -o o.csv --n-samples 99999999999999",
            "`--kind classification --rng chacha`",
        ),
        ("curve roc prev.csv --average macro", "`--average`"),
    ] {
        let line = words(line);
        let run = sandbox.run(&line);
        let (line, said) = (line.join(" "), run.stderr);
        assert!(said.contains(hint), "{line} does not say {hint}: {said}");
        let misnamed = misnamed(&commands, &line, &said);
        assert_eq!(misnamed, Vec::<String>::new(), "{line}: {said}");
    }
}

#[test]
fn one_thing_is_told_as_one() {
    let sandbox = Sandbox::new();
    sandbox.file("s.csv", "y_true,y_score,g\n1,0.75,a\n0,0.25,a\n");
    sandbox.file("t.csv", "y_true,y_score,g\n1,0.5,a\n");
    sandbox.file("d.csv", "x,y\n0,0\n1,1\n");
    sandbox.file("e.csv", "x,y\n0,0\n");
    sandbox.file("f.csv", "x\n0\n");
    sandbox.file("ragged.csv", "x\n0.5,0.5\n");
    for (line, told) in [
        ("generate -o g.csv --n-samples 1", "1 row, 20 features"),
        (
            "split d.csv --train a.csv",
            "1 row to train on, 1 to test on",
        ),
        ("fit d.csv -o m.json", "2 rows, 1 feature, "),
        ("predict m.json e.csv -o p.csv", "1 row scored"),
        (
            "sweep t.csv -o sweep.csv --thresholds 0.9",
            "1 row of data, 1 distinct score, 1 matrix",
        ),
        ("sweep t.csv -o sweep.csv --group g", "1 group, 2 matrices"),
        ("report t.csv -o r.html", ": 1 row, 1 threshold, "),
        ("moves s.csv --from 0.5 --to 0.1 --plot m.svg", ""),
        ("evaluate s.csv", ""),
        ("curve ks s.csv", ""),
        (
            "choose s.csv --maximize youden --group g --capacity 1",
            "the capacity, 1 row, ",
        ),
        (
            "choose s.csv --maximize youden --bootstrap 1 --save p.json --subject-to tp>=1",
            "",
        ),
        (
            "choose s.csv --pareto recall,precision -o f.csv",
            "1 threshold on",
        ),
        ("check p.json t.csv", ""),
        (
            "compare s.csv s.csv --bootstrap 1",
            "1 paired bootstrap replicate\n",
        ),
        ("compare t.csv s.csv", "got 1 row and 2"),
        // And where it fails.
        (
            "split ragged.csv --train a.csv",
            "must have 1 field as the header has, got 2",
        ),
        (
            "evaluate s.csv --labels 1 --names A,B",
            "must have 1 name, one for each class, got 2",
        ),
        ("fit e.csv -o m.json", "got only `0` in 1 row"),
        ("split e.csv --train a.csv --test-size 1", "got 1 row"),
    ] {
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        let mut said = format!("{}\n{}", run.stdout, run.stderr);
        if line.contains("m.svg") {
            said += &sandbox.text("m.svg");
        }
        assert!(said.contains(told), "{line} does not say {told}: {said}");
        assert_eq!(ones_of_many(&said), Vec::<&str>::new(), "{line}: {said}");
    }
}

/// Where a text tells of one thing as of many: `1 rows`, `1 distinct scores`.
fn ones_of_many(text: &str) -> Vec<&str> {
    const THINGS: [&str; 21] = [
        "rows",
        "features",
        "thresholds",
        "models",
        "groups",
        "scores",
        "columns",
        "classes",
        "files",
        "points",
        "draws",
        "folds",
        "bins",
        "iterations",
        "matrices",
        "names",
        "replicates",
        "fields",
        "entries",
        "positives",
        "negatives",
    ];
    let words = text
        .split_inclusive(char::is_whitespace)
        .collect::<Vec<_>>();
    let bare = |word: &str| {
        word.trim_matches(|letter: char| !letter.is_alphanumeric())
            .to_owned()
    };
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        // `0.1 rows` and a table's columns are others; an adjective or two may stand between.
        if word.trim() == "1" && word.ends_with(' ') {
            let behind = words[place + 1..].iter().take(3);
            // Up to the end of a phrase, and not across columns of a table.
            for next in behind {
                if THINGS.contains(&bare(next).as_str()) {
                    found.push(*next);
                }
                if !next.ends_with(' ')
                    || next.contains([',', ';', ':', '.', ')'])
                    || bare(next) == "of"
                {
                    break;
                }
            }
        }
    }
    found
}

#[test]
fn rows_of_one_class_at_a_prevalence_are_told_for_what_they_are() {
    // The f1 of one positive row is 1; what is missing is negatives to make nine of ten rows of.
    let sandbox = Sandbox::with("s.csv", "y_true,y_score,g\n1,0.5,a\n1,0.7,b\n");
    let why = "rows of one class cannot be taken to a prevalence";
    for metric in ["f1", "accuracy"] {
        let line = format!("choose s.csv --maximize {metric} --prevalence 0.1");
        let message = format!("error: s.csv: `{metric}` is undefined at every threshold: {why}");
        sandbox.fails(&line, 1, &message);
    }
    let line = "choose s.csv --maximize f1 --prevalence 0.1 --group g";
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains(why), "{}", run.stderr);
    // A day without negatives, for a point that was chosen at a prevalence.
    let day = Sandbox::with("s.csv", "y_true,y_score\n1,0.9\n0,0.8\n1,0.7\n0,0.2\n");
    day.ok(
        "choose s.csv --maximize f1 --subject-to precision>=0.05 --prevalence 0.1 --save p.json",
    );
    std::fs::write(day.path("d.csv"), "y_true,y_score\n1,0.9\n1,0.8\n").unwrap();
    let run = day.run(&["check", "p.json", "d.csv"]);
    assert_eq!(run.code, Some(4), "{}", run.stderr);
    assert!(run.stderr.contains(why), "{}", run.stderr);
}
