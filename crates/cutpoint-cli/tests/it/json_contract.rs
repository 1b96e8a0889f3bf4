//! What `--format json` prints is what `docs/json.md` says: every key of every form of every command, its type, when it
//! is `null` and when it is absent. The page is read, not repeated here.

use std::collections::{BTreeMap, BTreeSet};

use cutpoint_metrics::Metric;
use serde_json::Value;

use crate::Sandbox;

const PAGE: &str = include_str!("../../../../docs/json.md");

/// What is run for each table of the page. The last command of a line prints the answer.
const RUNS: &[(&str, &[&str])] = &[
    (
        "`choose`: one threshold",
        &[
            "choose s.csv --maximize precision --subject-to recall>=0.8 --capacity 70%",
            "choose s.csv --maximize f1 --prevalence 0.1 --bootstrap 50 --validate later.csv",
            "choose s.csv --cost fp=1,fn=amount --subject-to recall>=0.5 --cv 3",
            "choose s.csv --maximize accuracy --weight weight",
            "choose s.csv --maximize youden --cv 4",
            "choose s.csv --cost fp=100,fn=1 --bootstrap 20 --cv 3",
            "choose text.csv --label outcome --positive ill --maximize mcc --bootstrap 30",
        ],
    ),
    (
        "`choose`: no threshold meets all constraints",
        &[
            "choose s.csv --maximize precision --subject-to recall>=0.99 --subject-to fpr<=0.01",
            "choose s.csv --maximize precision --subject-to recall>=1.5 --subject-to f1>=0.1 --prevalence 0.1",
        ],
    ),
    (
        "`choose --group`",
        &[
            "choose s.csv --maximize f1 --group site",
            "choose s.csv --maximize f1 --subject-to fpr<=0.01 --subject-to recall>=0.99 --group site",
            "choose s.csv --maximize precision --prevalence 0.2 --weight weight --group site",
        ],
    ),
    (
        "`choose --reject-cost`",
        &[
            "choose s.csv --cost fp=1,fn=4 --reject-cost 0.3",
            "choose s.csv --cost fp=1,fn=4 --reject-cost -5 --prevalence 0.1 --weight weight",
        ],
    ),
    (
        "`choose --pareto`",
        &[
            "choose s.csv --pareto recall,precision",
            "choose s.csv --pareto fpr,mcc --prevalence 0.3 --weight weight",
        ],
    ),
    (
        "`check`",
        &[
            "choose s.csv --maximize npv --subject-to recall>=0.8 --capacity 70% --save p.json; check p.json later.csv",
            "choose s.csv --maximize f1 --subject-to precision>=0.1 --prevalence 0.1 --save p.json; \
             check p.json later.csv --strict",
            "choose s.csv --maximize npv --subject-to recall>=0.8 --save p.json; check p.json negatives.csv",
            "choose s.csv --maximize npv --subject-to recall>=0.8 --save p.json; \
             check p.json later.csv --weight weight",
            "choose s.csv --maximize accuracy --save p.json; check p.json later.csv",
        ],
    ),
    (
        "`compare`: two models",
        &[
            "compare s.csv --score y_score,new --bootstrap 20 --cost fp=1,fn=3",
            "compare s.csv --score y_score,new --bootstrap 20 --weight weight",
            "compare s.csv --score y_score,new --bootstrap 20 --maximize f1",
            "compare big.csv --score y_score,new --bootstrap 20 --memory 64KiB",
        ],
    ),
    (
        "`compare`: three models or more",
        &[
            "compare s.csv --score y_score,new,other --bootstrap 20 --cost fp=1,fn=3",
            "compare s.csv --score y_score,new,other --bootstrap 20 --weight weight",
            "compare big.csv --score y_score,new,other --bootstrap 20 --memory 64KiB",
        ],
    ),
    (
        "`curve`: one curve",
        &[
            "curve CURVE s.csv",
            "curve CURVE s.csv --weight weight",
            "curve roc s.csv --band 0.9",
            "curve pr s.csv --band 0.9",
            "curve roc s.csv --max-fpr 0.2",
        ],
    ),
    (
        "`curve`: several models or groups",
        &[
            "curve CURVE s.csv later.csv",
            "curve CURVE s.csv --group site",
            "curve roc s.csv later.csv --band 0.9",
            "curve pr s.csv later.csv --band 0.9",
            "curve roc s.csv later.csv --max-fpr 0.2",
            "curve roc s.csv --group site --band 0.9",
            "curve pr s.csv --group site --band 0.9",
            "curve roc s.csv --group site --max-fpr 0.2",
        ],
    ),
    (
        "`curve`: several classes",
        &[
            "curve CURVE classes.csv",
            "curve roc classes.csv --average macro",
            "curve roc classes.csv --average weighted",
            "curve roc classes.csv --average micro",
            "curve pr classes.csv --average micro",
            "curve roc classes.csv --band 0.9",
            "curve pr classes.csv --band 0.9",
            "curve roc classes.csv --max-fpr 0.2",
        ],
    ),
    (
        "`evaluate`",
        &[
            "evaluate s.csv --normalize true",
            "evaluate s.csv --weight weight",
            "evaluate classes.csv --predicted y_pred",
        ],
    ),
    (
        "`fit`",
        &[
            "fit table.csv -o model.json --features x0,x1",
            "fit table.csv --target kind -o model.json --features x0,x1",
        ],
    ),
    (
        "`moves`",
        &[
            "moves s.csv --from 0.5 --to 0.3 --cost fp=1,fn=2",
            "moves s.csv --from 0.3 --to 2 --weight weight",
        ],
    ),
    (
        "`sweep`: all rows",
        &[
            "sweep s.csv --thresholds 3 --metrics all --bounds --moves",
            "sweep s.csv --metrics f1 --weight weight",
            "sweep big.csv --memory 64KiB --thresholds 3 --metrics all --bounds",
            "sweep s.csv --partial-out part.csv; sweep --partial-in part.csv --thresholds 3",
        ],
    ),
    (
        "`sweep --group`",
        &["sweep s.csv --group site --thresholds 3 --metrics all --bounds --moves"],
    ),
];

/// `CURVE` in a line is each of these.
const CURVES: [&str; 9] = [
    "roc",
    "pr",
    "det",
    "lift",
    "gain",
    "ks",
    "calibration",
    "net-benefit",
    "cost --cost fp=1,fn=10",
];

/// A key of the page.
#[derive(Debug, Clone)]
struct Key {
    kind: String,
    null: bool,
    absent: bool,
}

/// The keys of a table by their paths.
type Table = BTreeMap<String, Key>;

/// Every table of the page by its heading, what it takes from others put in its place.
fn tables() -> BTreeMap<String, Table> {
    let mut rows = BTreeMap::<&str, Vec<[&str; 5]>>::new();
    let mut heading = "";
    for line in PAGE.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            heading = name;
            let is_new = rows.insert(heading, Vec::new()).is_none();
            assert!(is_new, "`{heading}` stands twice");
        }
        let cells = line
            .strip_prefix("| ")
            .and_then(|line| line.strip_suffix('|'));
        let Some(cells) = cells.filter(|cells| !cells.starts_with("key |")) else {
            continue;
        };
        let cells = cells.split('|').map(str::trim).collect::<Vec<_>>();
        let cells = <[&str; 5]>::try_from(cells);
        let cells = cells.unwrap_or_else(|cells| panic!("five cells a row, got {cells:?}"));
        rows.get_mut(heading).expect("below a heading").push(cells);
    }
    rows.keys()
        .map(|heading| {
            let mut table = Table::new();
            fill(&mut table, heading, "", &rows);
            ((*heading).to_owned(), table)
        })
        .collect()
}

fn fill(table: &mut Table, heading: &str, prefix: &str, rows: &BTreeMap<&str, Vec<[&str; 5]>>) {
    for [key, kind, _, null, absent] in &rows[heading] {
        let (own, part) = match key.split_once("](#") {
            Some((own, part)) => {
                let (own, _) = own.rsplit_once('[').expect("a link has a text");
                (own, part.trim_end_matches(')'))
            }
            None => (*key, ""),
        };
        let path = format!("{prefix}{}", own.trim().trim_matches('`'));
        if !part.is_empty() {
            let mut name = part.replace('-', " ");
            name[..1].make_ascii_uppercase();
            fill(table, &name, &path, rows);
            continue;
        }
        let told = Key {
            kind: (*kind).to_owned(),
            null: *null != "–",
            absent: *absent != "–",
        };
        assert!(!null.is_empty() && !absent.is_empty(), "{heading}: {path}");
        table.insert(path, told);
    }
}

/// What is held against a table, and which of its keys were printed.
struct Held<'t> {
    table: &'t Table,
    printed: BTreeSet<String>,
    wrong: BTreeSet<String>,
}

impl Held<'_> {
    /// The key of the page that a key stands for, below a prefix.
    fn key_of(&self, prefix: &str, key: &str) -> Option<String> {
        let is_metric = |name: &str| name.parse::<Metric>().is_ok() || name == "cost";
        let ends_in = |end| key.strip_suffix(end).is_some_and(is_metric);
        let forms = [
            (true, key),
            (is_metric(key), "METRIC"),
            (ends_in("_value"), "METRIC_value"),
            (ends_in("_low"), "METRIC_low"),
            (ends_in("_high"), "METRIC_high"),
            (true, "NAME"),
        ];
        let mut paths = forms.into_iter().filter(|(is_so, _)| *is_so);
        paths.find_map(|(_, form)| {
            let path = format!("{prefix}{form}");
            let below = format!("{path}.");
            let is_known = |known: &String| *known == path || known.starts_with(&below);
            self.table.keys().any(is_known).then_some(path)
        })
    }

    fn object(&mut self, prefix: &str, object: &serde_json::Map<String, Value>) {
        for (key, value) in object {
            match self.key_of(prefix, key) {
                Some(path) => self.value(&path, value),
                None => {
                    self.wrong
                        .insert(format!("`{prefix}{key}` is printed and not named"));
                }
            }
        }
        for (path, told) in self.table {
            let Some(key) = path.strip_prefix(prefix).filter(|key| !key.contains('.')) else {
                continue;
            };
            let is_placeholder = key.starts_with("METRIC") || key == "NAME";
            if !told.absent && !is_placeholder && !object.contains_key(key) {
                self.wrong
                    .insert(format!("`{path}` is absent, and never may be"));
            }
        }
    }

    fn value(&mut self, path: &str, value: &Value) {
        self.printed.insert(path.to_owned());
        // Objects by metric need no line of their own.
        let told = self.table.get(path);
        if value.is_null() {
            if told.is_none_or(|told| !told.null) {
                self.wrong
                    .insert(format!("`{path}` is null, and never may be"));
            }
            return;
        }
        if let Some(told) = told
            && !is_of_kind(&told.kind, value)
        {
            let kind = &told.kind;
            self.wrong.insert(format!("`{path}` is no {kind}: {value}"));
        }
        match value {
            Value::Object(object) => self.object(&format!("{path}."), object),
            Value::Array(items) => {
                for item in items.iter().filter_map(Value::as_object) {
                    self.object(&format!("{path}[]."), item);
                }
            }
            _ => {}
        }
    }
}

fn is_of_kind(kind: &str, value: &Value) -> bool {
    match kind {
        "number" | "threshold" | "cell" => value.is_number(),
        "count" => value.is_u64(),
        "text" => value.is_string(),
        "boolean" => value.is_boolean(),
        "class" => value.is_string() || value.is_i64() || value.is_boolean(),
        "list" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("`{other}` is no type that the page explains"),
    }
}

/// Scores with classes, weights, amounts and sites; `salt`: other rows of the same source.
fn rows(n_rows: u32, salt: u32, [negative, positive]: [&str; 2]) -> String {
    let rows = (0..n_rows).map(|row| {
        let score = f64::from(row * 37 % n_rows) / f64::from(n_rows);
        let is_positive = score + f64::from((row + salt) * 13 % 7) / 7.0 > 1.0;
        let class = if is_positive { positive } else { negative };
        let (weight, amount) = (f64::from(1 + row % 3) / 2.0, 5 + row % 11);
        let site = ["a", "b", "c"][row as usize % 3];
        let [new, other] = [11, 7].map(|step| f64::from(row * step % n_rows) / f64::from(n_rows));
        format!("{class},{score:?},{weight:?},{amount},{site},{new:?},{other:?}\n")
    });
    rows.collect()
}

/// Three classes, each with the probability that it was given.
fn classes() -> String {
    let rows = (0..60_u32).map(|row| {
        let class = row * 7 % 3;
        let share = |other: u32| {
            let noise = f64::from(row * (13 + 8 * other) % (7 + 2 * other)) / 10.0;
            noise + if other == class { 1.0 } else { 0.1 }
        };
        let shares = [0, 1, 2].map(share);
        let total = shares.iter().sum::<f64>();
        let [a, b, c] = shares.map(|share| share / total);
        let predicted = ["a", "b", "c"][(class + u32::from(row % 5 == 0)) as usize % 3];
        let class = ["a", "b", "c"][class as usize];
        format!("{class},{predicted},{a:?},{b:?},{c:?}\n")
    });
    format!("y_true,y_pred,p_a,p_b,p_c\n{}", rows.collect::<String>())
}

/// Two features, two classes and three kinds.
fn features() -> String {
    let rows = (0..60_u32).map(|row| {
        let (x, y) = (
            f64::from(row * 37 % 60) / 60.0,
            f64::from(row * 11 % 60) / 60.0,
        );
        let is_positive = x + f64::from(row * 13 % 7) / 7.0 > 1.0;
        format!("{x:?},{y:?},{},{}\n", row * 13 % 3, u8::from(is_positive))
    });
    format!("x0,x1,kind,y\n{}", rows.collect::<String>())
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let head = "y_true,y_score,weight,amount,site,new,other\n";
    sandbox.file("s.csv", format!("{head}{}", rows(90, 0, ["0", "1"])));
    sandbox.file("later.csv", format!("{head}{}", rows(70, 3, ["0", "1"])));
    sandbox.file(
        "negatives.csv",
        format!("{head}{}", rows(30, 0, ["0", "0"])),
    );
    sandbox.file("big.csv", format!("{head}{}", rows(3000, 0, ["0", "1"])));
    sandbox.file("classes.csv", classes());
    sandbox.file("table.csv", features());
    let text = rows(80, 0, ["well", "ill"]);
    sandbox.file("text.csv", format!("outcome{}{text}", &head[6..]));
    sandbox
}

/// A line, or the same for each curve.
fn of_curves(line: &str) -> Vec<String> {
    if line.contains("CURVE") {
        let lines = CURVES.map(|curve| line.replace("CURVE", curve));
        lines.into()
    } else {
        vec![line.to_owned()]
    }
}

/// What the last command of a line prints as JSON.
fn printed(line: &str) -> Value {
    let sandbox = sandbox();
    let mut commands = line.split("; ").collect::<Vec<_>>();
    let last = commands.pop().expect("a command");
    for command in commands {
        sandbox.ok(command);
    }
    let last = format!("{last} --format json");
    let run = sandbox.run(&last.split(' ').collect::<Vec<_>>());
    let json = serde_json::from_str(&run.stdout);
    json.unwrap_or_else(|error| panic!("{line}: {error}: {}{}", run.stdout, run.stderr))
}

#[test]
fn every_table_of_the_page_is_run() {
    let headings = tables().into_keys();
    let headings = headings.filter(|heading| heading.starts_with('`'));
    let runs = RUNS.iter().map(|(heading, _)| (*heading).to_owned());
    assert_eq!(
        headings.collect::<BTreeSet<_>>(),
        runs.collect::<BTreeSet<_>>()
    );
}

#[test]
fn answers_have_the_keys_of_the_page() {
    let tables = tables();
    let mut wrong = Vec::new();
    for (heading, lines) in RUNS {
        let mut held = Held {
            table: &tables[*heading],
            printed: BTreeSet::new(),
            wrong: BTreeSet::new(),
        };
        for line in lines.iter().flat_map(|line| of_curves(line)) {
            let answer = printed(&line);
            held.object("", answer.as_object().expect("an answer is an object"));
        }
        let unprinted = held.table.keys().filter(|key| !held.printed.contains(*key));
        let unprinted = unprinted.map(|key| format!("`{key}` is named and not printed"));
        let told = held.wrong.iter().cloned().chain(unprinted);
        wrong.extend(told.map(|told| format!("{heading}: {told}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
