//! What the flags of every command are tried with.
//!
//! Which flags there are, the commands say: a flag that is not here is found missing.

use crate::Sandbox;

/// The flags of a command.
pub(super) struct Sampled {
    pub(super) command: &'static str,
    /// What a command line needs, and the flags of which any stands for it as well as its own. What is read begins with
    /// `@`.
    pub(super) defaults: &'static [(&'static str, &'static [&'static str])],
    /// Each with what it needs to do something, parted by `; `; or with [`FAILS`]. What is read begins with `@`, more
    /// of it with `+`.
    pub(super) flags: &'static [(&'static str, &'static str)],
}

/// Of a value with which the command must fail, whatever else is asked for.
pub(super) const FAILS: &str = "!";

const SCORES: (&str, &[&str]) = ("@s.csv", &[]);

const CURVE: &[(&str, &[&str])] = &[SCORES];

/// The flags that every curve has, with others of its own.
macro_rules! curve {
    ($($own:tt)*) => {
        &[
            ("+t.csv", ""),
            ("--output c.csv", ""),
            ("--output c.svg", ""),
            ("--label other_true", ""),
            ("--score other_score", ""),
            ("--positive 0", ""),
            ("--labels 0,2", FAILS),
            ("--weight w", ""),
            ("--group g", ""),
            ("--chart", ""),
            ("--format json", ""),
            $($own)*
        ]
    };
}

pub(super) const COMMANDS: &[Sampled] = &[
    Sampled {
        command: "tutorial",
        defaults: &[],
        flags: &[("--output elsewhere", "")],
    },
    Sampled {
        command: "generate",
        defaults: &[("--output made.csv", &[]), ("--n-samples 50", &[])],
        flags: &[
            ("--output made.parquet", ""),
            ("--kind blobs", ""),
            ("--kind moons", ""),
            ("--kind circles", ""),
            ("--n-samples 40", ""),
            ("--n-features 12", ""),
            ("--n-informative 3", ""),
            ("--n-redundant 1", ""),
            ("--n-repeated 1", ""),
            ("--n-classes 3", "--n-informative 3"),
            ("--n-clusters-per-class 1", ""),
            ("--weights 0.8,0.2", ""),
            ("--flip-y 0.3", ""),
            ("--class-sep 2", ""),
            ("--no-hypercube", ""),
            ("--shift 0.5", ""),
            ("--scale 3", ""),
            ("--centers 2", "--kind blobs"),
            ("--cluster-std 2", "--kind blobs"),
            ("--center-box -1,1", "--kind blobs"),
            ("--noise 0.1", "--kind moons"),
            ("--noise 0.2", "--kind circles"),
            ("--factor 0.3", "--kind circles"),
            ("--no-shuffle", ""),
            ("--random-state 7", ""),
            ("--rng chacha", ""),
        ],
    },
    Sampled {
        command: "split",
        defaults: &[("@d.csv", &[]), ("--train a.csv", &["test", "indices"])],
        flags: &[
            ("--train b.csv", ""),
            ("--test b.parquet", ""),
            ("--indices i.csv", ""),
            ("--test-size 7", ""),
            ("--train-size 11", ""),
            ("--stratify", ""),
            ("--target t", "--stratify"),
            ("--labels 0,2", FAILS),
            ("--no-shuffle", ""),
            ("--random-state 7", ""),
            ("--rng chacha", ""),
        ],
    },
    Sampled {
        command: "fit",
        defaults: &[("@d.csv", &[]), ("--output o.json", &[])],
        flags: &[
            ("--output p.json", ""),
            ("--target t", ""),
            ("--positive 0", ""),
            ("--features x0,x1", ""),
            ("--drop x2", ""),
            ("--labels 0,2", FAILS),
            ("--c 0.1", ""),
            ("--penalty l1", FAILS),
            ("--penalty elasticnet", FAILS),
            ("--penalty none", ""),
            ("--l1-ratio 0.5", FAILS),
            ("--solver newton-cholesky", ""),
            ("--solver linfa", ""),
            ("--tol 0.03", ""),
            ("--max-iter 2", ""),
            ("--no-intercept", ""),
            ("--class-weight balanced", ""),
            ("--sample-weight w", ""),
            ("--format json", ""),
        ],
    },
    Sampled {
        command: "predict",
        defaults: &[("@m.json d.csv", &[]), ("--output o.csv", &[])],
        flags: &[("--output p.csv", "")],
    },
    Sampled {
        command: "evaluate",
        defaults: &[SCORES],
        flags: &[
            ("--label other_true", ""),
            ("--score other_score", ""),
            ("--positive 0", ""),
            ("--labels 1", ""),
            ("--labels 1,0", ""),
            ("--weight w", ""),
            ("--threshold 0.3", ""),
            ("--predicted pred", ""),
            ("--normalize true", ""),
            ("--normalize pred", ""),
            ("--normalize all", ""),
            ("--names A,B", ""),
            ("--digits 5", ""),
            ("--layout textbook", ""),
            ("--plot m.svg", ""),
            ("--cell-text percent", "--plot n.svg"),
            ("--cell-text both", "--plot n.svg"),
            ("--cell-text none", "--plot n.svg"),
            ("--no-color-bar", "--plot n.svg"),
            ("--title T", "--plot n.svg"),
            ("--plot-scores d.svg", ""),
            ("--format json", ""),
        ],
    },
    Sampled {
        command: "sweep",
        defaults: &[("@s.csv", &["partial-in"])],
        flags: &[
            ("--output o.csv", ""),
            ("--label other_true", ""),
            ("--score other_score", ""),
            ("--positive 0", ""),
            ("--labels 0,2", FAILS),
            ("--weight w", ""),
            ("--group g", ""),
            ("--thresholds 3", ""),
            ("--thresholds 0.2,0.5", ""),
            ("--metrics mcc", ""),
            ("--moves", ""),
            ("--bounds", ""),
            ("--memory 64KiB", ""),
            ("--partial-out p.csv", ""),
            ("--partial-in part.csv", ""),
            ("--chart", ""),
            ("--plot p.svg", ""),
            ("--draw metrics", "--plot p.svg"),
            ("--draw metrics", "--chart"),
            ("--format json", ""),
        ],
    },
    Sampled {
        command: "moves",
        defaults: &[SCORES, ("--from 0.5", &[]), ("--to 0.7", &[])],
        flags: &[
            ("--from 0.4", ""),
            ("--to 0.2", ""),
            ("--cost fp=1,fn=3", ""),
            ("--rows r.csv", ""),
            ("--plot p.svg", ""),
            ("--label other_true", ""),
            ("--score other_score", ""),
            ("--positive 0", ""),
            ("--labels 0,2", FAILS),
            ("--weight w", ""),
            ("--format json", ""),
        ],
    },
    Sampled {
        command: "curve roc",
        defaults: CURVE,
        flags: curve!(
            ("@classes.csv", ""),
            ("--drop-intermediate", ""),
            ("--band 0.9", ""),
            ("--max-fpr 0.3", ""),
            ("--average macro", "@classes.csv"),
            ("--average weighted", "@classes.csv"),
            ("--average micro", "@classes.csv"),
        ),
    },
    Sampled {
        command: "curve pr",
        defaults: CURVE,
        flags: curve!(
            ("@classes.csv", ""),
            ("--drop-intermediate", ""),
            ("--band 0.9", ""),
            ("--average micro", "@classes.csv"),
        ),
    },
    Sampled {
        command: "curve det",
        defaults: CURVE,
        flags: curve!(("--drop-intermediate", "")),
    },
    Sampled {
        command: "curve lift",
        defaults: CURVE,
        flags: curve!(),
    },
    Sampled {
        command: "curve gain",
        defaults: CURVE,
        flags: curve!(),
    },
    Sampled {
        command: "curve ks",
        defaults: CURVE,
        flags: curve!(),
    },
    Sampled {
        command: "curve calibration",
        defaults: CURVE,
        flags: curve!(
            ("--bins 8", ""),
            ("--strategy quantile", ""),
            ("--confidence 0.8", ""),
        ),
    },
    Sampled {
        command: "curve net-benefit",
        defaults: CURVE,
        flags: curve!(
            ("--from 0.2", ""),
            ("--to 0.6", ""),
            ("--step 0.05", ""),
            ("--thresholds 0.1,0.45", ""),
        ),
    },
    Sampled {
        command: "curve cost",
        defaults: CURVE,
        flags: curve!(("--cost fp=1,fn=5", "")),
    },
    Sampled {
        command: "choose",
        defaults: &[
            SCORES,
            ("--maximize youden", &["minimize", "cost", "pareto"]),
        ],
        flags: &[
            ("--maximize f1", ""),
            ("--minimize error_rate", ""),
            ("--cost fp=1,fn=9", ""),
            ("--cost fp=1,fn=amount", ""),
            ("--pareto recall,precision", ""),
            ("--subject-to recall>=0.9", ""),
            ("--capacity 20%", ""),
            ("--prevalence 0.1", "--maximize f1"),
            ("--group g", ""),
            ("--reject-cost 0.6", "--cost fp=1,fn=3"),
            ("--bootstrap 50", ""),
            ("--stratified", "--bootstrap 60"),
            ("--random-state 7", "--bootstrap 60"),
            ("--random-state 9", "--cv 3"),
            ("--confidence 0.8", ""),
            ("--interval clopper-pearson", ""),
            ("--validate t.csv", ""),
            ("--cv 4", ""),
            ("--save p.json", ""),
            ("--plot c.svg", ""),
            ("--output f.csv", "--pareto recall,precision"),
            ("--label other_true", ""),
            ("--score other_score", ""),
            ("--positive 0", ""),
            ("--labels 0,2", FAILS),
            ("--weight w", ""),
            ("--memory 64KiB", ""),
            ("--format json", ""),
        ],
    },
    Sampled {
        command: "check",
        defaults: &[("@point.json t.csv", &[])],
        flags: &[
            ("--label other_true", ""),
            ("--score other_score", ""),
            ("--positive 1", "@point.json named.csv"),
            ("--labels 0,2", FAILS),
            ("--weight w", ""),
            ("--confidence 0.8", ""),
            ("--strict", ""),
            ("--format json", ""),
        ],
    },
    Sampled {
        command: "compare",
        defaults: &[("@s.csv t.csv", &[]), ("--bootstrap 60", &[])],
        flags: &[
            ("--label other_true", ""),
            ("--score other_score", ""),
            ("--positive 0", ""),
            ("--labels 0,2", FAILS),
            ("--weight w", ""),
            ("--id id", "@s.csv turned.csv"),
            ("--threshold 0.3", ""),
            ("--thresholds 0.5,0.4", ""),
            ("--match fpr", ""),
            ("--match alert-rate", ""),
            ("--maximize f1", ""),
            ("--metrics recall,mcc", ""),
            ("--cost fp=1,fn=3", ""),
            ("--bootstrap 50", ""),
            ("--random-state 7", ""),
            ("--confidence 0.8", ""),
            ("--memory 64KiB", ""),
            ("--format json", ""),
        ],
    },
    Sampled {
        command: "report",
        defaults: &[SCORES, ("--output r.html", &[])],
        flags: &[
            ("+t.csv", ""),
            ("--output other.html", ""),
            ("--label other_true", ""),
            ("--score other_score", ""),
            ("--positive 0", ""),
            ("--labels 0,2", FAILS),
            ("--weight w", ""),
            ("--group g", ""),
            ("--id id", ""),
            ("--names A,B", ""),
            ("--threshold 0.3", ""),
            ("--point point.json", ""),
            ("--cost fp=1,fn=3", ""),
            ("--title T", ""),
            ("--memory 64KiB", ""),
        ],
    },
    Sampled {
        command: "completions",
        defaults: &[("@bash", &[])],
        flags: &[],
    },
    Sampled {
        command: "man",
        defaults: &[],
        flags: &[("--output pages", "")],
    },
];

/// Of commands: a flag that may do nothing beside another, and why that is right. `*` stands for every other.
pub(super) const EXCEPTIONS: &[(&str, &str, &str, &str)] = &[
    (
        "",
        "--memory 64KiB",
        "*",
        "how much is kept in memory shows with data that do not fit, which are large",
    ),
    (
        "check",
        "--positive 1",
        "*",
        "names the class that the operating point names already; named.csv spells the other class in another way",
    ),
    (
        "check",
        "--strict",
        "--label other_true",
        "the point is broken on those labels, and nothing is within error",
    ),
    (
        "check",
        "--strict",
        "--score other_score",
        "the point is broken on those scores, and nothing is within error",
    ),
    (
        "compare",
        "--id id",
        "*",
        "pairs rows that stand in the same order already; those of turned.csv do not",
    ),
    (
        "evaluate",
        "--labels 1,0",
        "--positive 0",
        "the positive class comes last already",
    ),
    (
        "evaluate",
        "--layout textbook",
        "--labels 1",
        "the positive class comes first already",
    ),
    (
        "sweep",
        "--thresholds 0.2,0.5",
        "--partial-out p.csv",
        "parts of more scores than fit into memory are cut there, and these fit",
    ),
];

/// Writes the files that the command lines read.
pub(super) fn write_inputs(sandbox: &Sandbox) {
    // Lehmer's generator, of Park and Miller: data that look like nothing in particular.
    let mut state = 42_u64;
    let mut draw = |below: u64| {
        state = state * 48_271 % 2_147_483_647;
        state % below
    };
    let head = "id,y_true,other_true,y_score,other_score,pred,w,g,amount\n";
    let mut files = [head.to_owned(), head.to_owned()];
    let mut named = head.to_owned();
    let mut classes = "y_true,p_a,p_b,p_c,w\n".to_owned();
    let mut data = "x0,x1,x2,y,t,w\n".to_owned();
    for row in 0..200 {
        let (y, t) = (draw(5) / 3, draw(2));
        let [weight, amount, group] = [1 + draw(3), 1 + draw(9), draw(3)];
        for file in &mut files {
            let score = |y: u64, noise: u64| (y * 30 + noise) as f64 / 100.0;
            let (first, second) = (score(y, draw(70)), score(t, draw(70)));
            let pred = u64::from(draw(4) > 2 * (1 - y));
            let rest = format!("{t},{first},{second},{pred},{weight},{group},{amount}\n");
            file.push_str(&format!("r{row},{y},{rest}"));
            named.push_str(&format!(
                "r{row},{},{rest}",
                ["no", "1"][usize::from(y == 1)]
            ));
        }
        let (a, b) = (draw(50), draw(50));
        let class = ["a", "b", "c"][usize::from(draw(100) > a) + usize::from(draw(100) > 60)];
        let c = (100 - a - b) as f64 / 100.0;
        classes.push_str(&format!(
            "{class},{},{},{c},{weight}\n",
            a as f64 / 100.0,
            b as f64 / 100.0
        ));
        let x = [y * 20 + draw(60), t * 30 + draw(60), draw(60)].map(|x| x as f64 / 10.0);
        data.push_str(&format!("{},{},{},{y},{t},{weight}\n", x[0], x[1], x[2]));
    }
    let [s, t] = files;
    let mut turned = t.lines().collect::<Vec<_>>();
    turned[1..].reverse();
    sandbox.file("turned.csv", turned.join("\n") + "\n");
    for (name, content) in [
        ("s.csv", s),
        ("t.csv", t),
        ("named.csv", named),
        ("classes.csv", classes),
        ("d.csv", data),
    ] {
        sandbox.file(name, content);
    }
    sandbox.ok("sweep t.csv --partial-out part.csv");
    sandbox.ok("choose s.csv --maximize precision --subject-to recall>=0.5 --save point.json");
    sandbox.ok("fit d.csv -o m.json");
}
