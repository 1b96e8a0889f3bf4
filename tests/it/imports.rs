//! Holds what ARCHITECTURE.md says of files within a crate: no two of them import each other, by whatever way round,
//! and no command of the command line imports another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use crate::root;

/// Imports that may go round: crate, the file that imports, the file that is imported, and why.
const EXCEPTIONS: &[(&str, &str, &str, &str)] = &[(
    "cutpoint-core",
    "random::stream",
    "random::sampling",
    "the provided methods of a trait, and the trait that they draw with",
)];

/// The path of a module below the root of its crate, which is the empty one.
type Module = Vec<String>;

/// The files of a crate, and what they import.
struct Crate {
    /// What is imported, by full path, with its line; names that are only handed on are none.
    imports: BTreeMap<Module, Vec<(Module, usize)>>,
    /// What a name of a module stands for, if it is not defined there.
    names: BTreeMap<Module, BTreeMap<String, Module>>,
}

/// One file that imports another, and where it says so.
type Arrows = BTreeMap<Module, BTreeMap<Module, usize>>;

impl Crate {
    /// Of files by their paths below `src`.
    fn of(files: &[(String, String)]) -> Self {
        let modules = files
            .iter()
            .map(|(path, _)| module_of(path))
            .collect::<BTreeSet<_>>();
        let mut found = Self {
            imports: modules
                .iter()
                .map(|module| (module.clone(), Vec::new()))
                .collect(),
            names: BTreeMap::new(),
        };
        for (path, text) in files {
            let module = module_of(path);
            let text = code_of(text);
            let (uses, rest) = split_uses(&text);
            for (line, is_public, tree) in uses {
                for (path, alias) in leaves(&tree) {
                    let Some(full) = full_path(&module, &path, &modules) else {
                        continue;
                    };
                    if !is_public {
                        let imports = found.imports.get_mut(&module).expect("one of the files");
                        imports.push((full.clone(), line));
                    }
                    let names = found.names.entry(module.clone()).or_default();
                    names.insert(alias, full);
                }
            }
            // Paths that are written out where they are needed.
            for (line, path) in paths(&rest) {
                if let Some(full) = full_path(&module, &path, &modules) {
                    let imports = found.imports.get_mut(&module).expect("one of the files");
                    imports.push((full, line));
                }
            }
        }
        found
    }

    /// The file that defines what a full path names.
    fn file_of(&self, path: &[String], n_steps: usize) -> Module {
        let mut module = Module::new();
        for (index, name) in path.iter().enumerate() {
            let mut inner = module.clone();
            inner.push(name.clone());
            if self.imports.contains_key(&inner) {
                module = inner;
                continue;
            }
            let target = self.names.get(&module).and_then(|names| names.get(name));
            return match target {
                Some(target) if target != path && n_steps < 20 => {
                    let rest = &path[index + 1..];
                    self.file_of(&[target, rest].concat(), n_steps + 1)
                }
                _ => module,
            };
        }
        module
    }

    /// Which file imports which. A file may use what the file of its own folder defines: these two are one to a reader.
    /// And errors may name whatever they are about.
    fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (from, imports) in &self.imports {
            if from.last().is_some_and(|name| name == "tests") || from == &["error"] {
                continue;
            }
            for (path, line) in imports {
                let to = self.file_of(path, 0);
                let is_own_folder = !to.is_empty() && to == from[..from.len().saturating_sub(1)];
                if &to != from && !is_own_folder {
                    let targets = arrows.entry(from.clone()).or_default();
                    targets.entry(to).or_insert(*line);
                }
            }
        }
        arrows
    }
}

/// The module of a file below `src`.
fn module_of(path: &str) -> Module {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut module = path.split('/').map(str::to_owned).collect::<Module>();
    let last = module.last().map(String::as_str);
    if matches!(last, Some("lib" | "main" | "mod")) {
        module.pop();
    }
    module
}

/// A text without comments and without modules of tests, line by line as it was.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut is_test = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let next_is_module = lines.peek().is_some_and(|next| next.starts_with("mod "));
        is_test |= line == "#[cfg(test)]" && next_is_module;
        if !is_test && !line.trim_start().starts_with("//") {
            code.push_str(line);
        }
        code.push('\n');
        is_test &= line != "}";
    }
    code
}

/// The trees of all `use`, with their lines, and whether each only hands names on; and the text without them.
fn split_uses(text: &str) -> (Vec<(usize, bool, String)>, String) {
    let mut uses = Vec::new();
    let mut rest = String::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let trimmed = line.trim_start();
        let after_pub = match trimmed.strip_prefix("pub(") {
            Some(inner) => inner.split_once(") ").map(|(_, after)| after),
            None => trimmed.strip_prefix("pub "),
        };
        let is_public = after_pub.is_some();
        let Some(tree) = after_pub.unwrap_or(trimmed).strip_prefix("use ") else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        let mut tree = tree.to_owned();
        rest.push('\n');
        while !tree.contains(';') {
            let (_, more) = lines.next().expect("a `use` ends");
            tree.push_str(more.trim());
            tree.push(' ');
            rest.push('\n');
        }
        tree.truncate(tree.find(';').expect("it ends"));
        uses.push((index + 1, is_public, tree));
    }
    (uses, rest)
}

/// What a tree of `use` imports: the path of each, and its name here.
fn leaves(tree: &str) -> Vec<(Vec<String>, String)> {
    let tree = tree.trim();
    if let Some((head, body)) = tree.split_once('{') {
        let body = body.trim_end().strip_suffix('}').expect("as many as begin");
        let mut depth = 0_usize;
        let parts = body.split(|letter| {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            letter == ',' && depth == 0
        });
        let parts = parts.filter(|part| !part.trim().is_empty());
        return parts
            .flat_map(|part| leaves(&format!("{head}{}", part.trim())))
            .collect();
    }
    let (path, alias) = match tree.split_once(" as ") {
        Some((path, alias)) => (path.trim(), Some(alias.trim())),
        None => (tree, None),
    };
    let mut path = path.split("::").map(str::to_owned).collect::<Vec<_>>();
    if path.len() > 1 && path.last().is_some_and(|name| name == "self") {
        path.pop();
    }
    let last = path.last().expect("a path has a name").clone();
    vec![(path, alias.map_or(last, str::to_owned))]
}

/// The paths in code that lead to other files of the crate, or may.
fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        for word in line.split(|letter| !is_path(letter)) {
            let path = word.trim_matches(':').split("::").map(str::to_owned);
            let path = path.collect::<Vec<_>>();
            if path.len() > 1 && !path.iter().any(|name| name.contains(':')) {
                found.push((index + 1, path));
            }
        }
    }
    found
}

/// A path as seen from the root of the crate; none if it leads to another crate.
fn full_path(module: &[String], path: &[String], modules: &BTreeSet<Module>) -> Option<Module> {
    let (base, rest) = match path[0].as_str() {
        "crate" => (&[][..], &path[1..]),
        "self" => (module, &path[1..]),
        "super" => {
            let n_up = path.iter().take_while(|name| *name == "super").count();
            (&module[..module.len().checked_sub(n_up)?], &path[n_up..])
        }
        name => {
            let child = [module, &[name.to_owned()]].concat();
            modules.contains(&child).then_some((module, path))?
        }
    };
    (!rest.is_empty()).then(|| [base, rest].concat())
}

/// A way from a file back to itself, if there is one: the shortest.
fn circle(arrows: &Arrows) -> Option<Vec<Module>> {
    let back_to = |start: &Module| {
        let mut before = BTreeMap::<&Module, &Module>::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(file) = waiting.pop_front() {
            for next in arrows.get(file).into_iter().flat_map(BTreeMap::keys) {
                if next == start {
                    let mut way = vec![start.clone(), file.clone()];
                    let mut here = file;
                    while let Some(&earlier) = before.get(here) {
                        way.push(earlier.clone());
                        here = earlier;
                    }
                    way.reverse();
                    return Some(way);
                }
                if !before.contains_key(next) {
                    before.insert(next, file);
                    waiting.push_back(next);
                }
            }
        }
        None
    };
    arrows.keys().filter_map(back_to).min_by_key(Vec::len)
}

fn shown(arrows: &Arrows, way: &[Module]) -> String {
    let steps = way.windows(2).map(|step| {
        let line = arrows[&step[0]][&step[1]];
        format!(
            "{} imports {} (line {line})",
            name(&step[0]),
            name(&step[1])
        )
    });
    steps.collect::<Vec<_>>().join(", ")
}

fn name(module: &[String]) -> String {
    if module.is_empty() {
        "the root".to_owned()
    } else {
        module.join("::")
    }
}

/// The crates by their names, each with its files.
fn crates() -> Vec<(String, Crate)> {
    fn visit(folder: &Path, below: &str, files: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let below = format!("{below}{name}");
            if path.is_dir() {
                visit(&path, &format!("{below}/"), files);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push((below, fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    let folders = fs::read_dir(root().join("crates")).expect("a folder");
    let mut crates = Vec::new();
    for folder in folders {
        let folder = folder.expect("an entry");
        let mut files = Vec::new();
        visit(&folder.path().join("src"), "", &mut files);
        crates.push((
            folder.file_name().to_string_lossy().into_owned(),
            Crate::of(&files),
        ));
    }
    assert!(crates.len() > 5, "crates are found");
    crates.sort_by(|left, right| left.0.cmp(&right.0));
    crates
}

#[test]
fn no_files_import_each_other() {
    let module = |path: &str| path.split("::").map(str::to_owned).collect::<Module>();
    for (name, files) in crates() {
        let mut arrows = files.arrows();
        for (_, from, to, _) in EXCEPTIONS.iter().filter(|exception| exception.0 == name) {
            let targets = arrows.get_mut(&module(from));
            let is_there = targets.is_some_and(|targets| targets.remove(&module(to)).is_some());
            assert!(is_there, "{name}: {from} no longer imports {to}");
        }
        if let Some(way) = circle(&arrows) {
            panic!("{name}: {}", shown(&arrows, &way));
        }
    }
}

#[test]
fn no_command_imports_another() {
    let (_, files) = crates()
        .into_iter()
        .find(|(name, _)| name == "cutpoint-cli")
        .expect("the command line");
    let command = |module: &Module| match &module[..] {
        [folder, command, ..] if folder == "commands" => Some(command.clone()),
        _ => None,
    };
    let mut n_commands = BTreeSet::new();
    for (from, targets) in files.arrows() {
        let own = command(&from);
        n_commands.extend(own.clone());
        for (to, line) in targets {
            let other = command(&to);
            assert!(
                own.is_none() || other.is_none() || own == other,
                "{}, line {line}: a command imports another, {}",
                name(&from),
                name(&to)
            );
        }
    }
    assert!(n_commands.len() > 10, "commands are found");
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let circle_of = |files: &[(&str, &str)]| {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect::<Vec<_>>();
        let way = circle(&Crate::of(&files).arrows());
        way.map(|way| way.iter().map(|module| name(module)).collect::<Vec<_>>())
    };
    let root = "mod a;\nmod b;\nmod c;\npub use a::{One, Two as Second};\npub use c::Three;\n";
    let b = ("b.rs", "use crate::{Three, Second};\n");
    // By a name that the root hands on, in a tree over several lines, by another name, and written out.
    for a in [
        "use crate::b::Other;\n",
        "use std::{\n    fmt,\n};\nuse crate::{\n    b::{self, Other},\n};\n",
        "use super::b::Other as Another;\n",
        "fn f() -> crate::b::Other { todo }\n",
    ] {
        let found = circle_of(&[("lib.rs", root), ("a.rs", a), b, ("c.rs", "")]);
        assert_eq!(
            found,
            Some(["a", "b", "a"].map(str::to_owned).to_vec()),
            "{a}"
        );
    }
    // Round three files.
    let files = [
        ("lib.rs", root),
        ("a.rs", "use crate::Three;\n"),
        ("b.rs", "use crate::One;\n"),
        ("c.rs", "use crate::b::Other;\n"),
    ];
    let found = circle_of(&files).expect("a circle");
    assert_eq!(found.len(), 4, "{found:?}");
    // Comments, tests, other crates, names handed on, and what the file of the own folder defines are none.
    for a in [
        "// use crate::b::Other;\n",
        "#[cfg(test)]\nmod tests {\n    use crate::b::Other;\n}\n",
        "use b_crate::Other;\n",
        "pub(crate) use crate::b::Other;\n",
    ] {
        let found = circle_of(&[("lib.rs", root), ("a.rs", a), b, ("c.rs", "")]);
        assert_eq!(found, None, "{a}");
    }
    let folder = [
        ("lib.rs", "mod a;\n"),
        (
            "a.rs",
            "mod inner;\nuse self::inner::Part;\nstruct Whole;\n",
        ),
        ("a/inner.rs", "use super::Whole;\n"),
    ];
    assert_eq!(circle_of(&folder), None);
}
