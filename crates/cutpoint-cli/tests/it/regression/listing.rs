//! The commands and their flags, as `-h` lists them.

use std::collections::BTreeMap;

use crate::Sandbox;

/// A flag as `-h` lists it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Listed {
    /// Those that it says are possible, but the default.
    pub(super) values: Vec<String>,
}

/// Commands by their names, such as `curve roc`, with their flags by theirs.
pub(super) type Commands = BTreeMap<String, BTreeMap<String, Listed>>;

/// The commands below this one that take flags, with these.
pub(super) fn listed(sandbox: &Sandbox, command: &str) -> Commands {
    let help = sandbox.ok(format!("{command} -h").trim_start());
    let heads = ["Commands:", "Names:"];
    let below = help.lines().skip_while(|line| !heads.contains(line));
    let below = below.skip(1).take_while(|line| line.starts_with(' '));
    let below = below.filter(|line| !line.starts_with("   "));
    let names = below.map(|line| line.split_whitespace().next().unwrap());
    let mut found = BTreeMap::new();
    for name in names.filter(|name| *name != "help") {
        found.extend(listed(sandbox, format!("{command} {name}").trim_start()));
    }
    if found.is_empty() {
        found.insert(command.to_owned(), flags(&help));
    }
    found
}

/// The flags that a help text lists.
fn flags(help: &str) -> BTreeMap<String, Listed> {
    let is_flag = |line: &&str| {
        let line = line.strip_prefix("      --").or(line.strip_prefix("  -"));
        line.is_some_and(|line| line.starts_with(|letter: char| letter.is_alphabetic()))
    };
    let lines = help.lines().collect::<Vec<_>>();
    let places = (0..lines.len()).filter(|&place| is_flag(&lines[place]));
    let mut places = places.collect::<Vec<_>>();
    places.push(lines.len());
    let mut flags = BTreeMap::new();
    for ends in places.windows(2) {
        let text = lines[ends[0]..ends[1]].iter().map(|line| line.trim());
        let text = text.collect::<Vec<_>>().join(" ");
        let name = text.split("--").nth(1).unwrap();
        let name = name.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
        let within = |open: &str| Some(text.split_once(open)?.1.split_once(']')?.0.to_owned());
        let default = within("[default: ").unwrap_or_default();
        let values = within("[possible values: ").unwrap_or_default();
        let values = values.split(", ").filter(|value| !value.is_empty());
        let values = values.filter(|value| *value != default).map(str::to_owned);
        let listed = Listed {
            values: values.collect(),
        };
        flags.insert(name.take(1).collect(), listed);
    }
    flags.retain(|name, _| name != "help" && name != "version");
    flags
}
