//! `choose` by amounts of rows, and with a zone that is left to somebody else, where scores do not fit into memory:
//! against rows added up one by one.

use serde_json::{Value, json};

use crate::Sandbox;
use crate::large::{LITTLE, N_ROWS, Row, rows};

/// The amount of each row, some of them 0, some below.
fn amount(index: usize) -> i64 {
    let amount = i64::try_from(index * 37 % 101).expect("small") - 20;
    if index.is_multiple_of(5) { 0 } else { amount }
}

/// The rows with their amounts, in a file and in one whose rows come the other way round.
fn sandbox() -> (Sandbox, Vec<Row>) {
    let rows = rows();
    let line = |(index, row): (usize, &Row)| {
        let label = u8::from(row.is_positive);
        let site = ["north", "south"][index % 2];
        let (score, weight, amount) = (row.score, row.weight, amount(index));
        format!("{label},{score:?},{weight},{amount},{site}\n")
    };
    let head = "y_true,y_score,w,amount,site\n".to_owned();
    let lines = rows.iter().enumerate().map(line).collect::<Vec<_>>();
    let sandbox = Sandbox::with("s.csv", head.clone() + &lines.concat());
    let reversed = lines.iter().rev().map(String::as_str).collect::<String>();
    sandbox.file("reversed.csv", head + &reversed);
    (sandbox, rows)
}

/// Every threshold, descending, behind "predict none".
fn thresholds(rows: &[Row]) -> Vec<Option<f64>> {
    let mut thresholds = rows.iter().map(|row| row.score).collect::<Vec<_>>();
    thresholds.sort_by(|left, right| right.total_cmp(left));
    thresholds.dedup();
    [None]
        .into_iter()
        .chain(thresholds.into_iter().map(Some))
        .collect()
}

fn is_predicted(row: &Row, threshold: Option<f64>) -> bool {
    threshold.is_some_and(|threshold| row.score >= threshold)
}

/// What the rows that take part cost at a threshold if a false alarm costs 15, a miss the amount and a hit -2: of
/// positive and of negative rows.
fn costs(rows: &[(usize, &Row)], threshold: Option<f64>, weight: impl Fn(&Row) -> i64) -> [i64; 2] {
    let mut sums = [0; 2];
    for &(index, row) in rows {
        let cost = match (row.is_positive, is_predicted(row, threshold)) {
            (true, true) => -2,
            (true, false) => amount(index),
            (false, true) => 15,
            (false, false) => 0,
        };
        sums[usize::from(!row.is_positive)] += weight(row) * cost;
    }
    sums
}

#[test]
fn the_choice_by_amounts_is_the_best_of_all_thresholds_whatever_fits() {
    let (sandbox, rows) = sandbox();
    let all = rows.iter().enumerate().collect::<Vec<_>>();
    let one = |_: &Row| 1;
    let weight = |row: &Row| i64::from(row.weight);
    let cells = |threshold| {
        let predicted = rows.iter().filter(|row| is_predicted(row, threshold));
        let tp = predicted.clone().filter(|row| row.is_positive).count();
        [tp, predicted.count()]
    };
    let positives = rows.iter().filter(|row| row.is_positive).count();
    let thresholds = thresholds(&rows);
    let best = |of: &dyn Fn(Option<f64>) -> i64, is_met: &dyn Fn([usize; 2]) -> bool| {
        let met = thresholds
            .iter()
            .filter(|threshold| is_met(cells(**threshold)));
        let values = met.map(|&threshold| (of(threshold), threshold));
        values
            .min_by_key(|(value, threshold)| (*value, threshold.is_none()))
            .expect("met")
    };
    let plain = |threshold| costs(&all, threshold, one).iter().sum::<i64>();
    let weighted = |threshold| costs(&all, threshold, weight).iter().sum::<i64>();
    let cases = [
        ("", best(&plain, &|_| true)),
        (
            " --capacity 200",
            best(&plain, &|[_, predicted]| predicted <= 200),
        ),
        (
            " --subject-to recall>=0.95 --subject-to predicted_positive_rate<=0.9",
            best(&plain, &|[tp, predicted]| {
                20 * tp >= 19 * positives && 10 * predicted <= 9 * N_ROWS
            }),
        ),
        (" --weight w", best(&weighted, &|_| true)),
    ];
    for (flags, (value, threshold)) in cases {
        for file in ["s.csv", "reversed.csv"] {
            for memory in ["--memory 512MiB", LITTLE] {
                let line = format!(
                    "choose {file} --cost fp=15,fn=amount,tp=-2{flags} {memory} --format json"
                );
                let json = sandbox.json(&line);
                assert_eq!(json["threshold"], json!(threshold), "{line}");
                assert_eq!(json["objective"]["value"], json!(value as f64), "{line}");
                let n_passes = json["n_passes"].as_u64().unwrap();
                assert_eq!(n_passes > 1, memory == LITTLE, "{line}: {n_passes} passes");
            }
        }
    }
    // At another prevalence, within rounding.
    let factors = [
        0.02 * N_ROWS as f64 / positives as f64,
        0.98 * N_ROWS as f64 / (N_ROWS - positives) as f64,
    ];
    let there = |threshold| {
        let [positives, negatives] = costs(&all, threshold, one);
        factors[0] * positives as f64 + factors[1] * negatives as f64
    };
    let least = thresholds.iter().map(|&threshold| there(threshold));
    let least = least.reduce(f64::min).unwrap();
    for memory in ["--memory 512MiB", LITTLE] {
        let line = format!(
            "choose s.csv --cost fp=15,fn=amount,tp=-2 --prevalence 0.02 {memory} --format json"
        );
        let json = sandbox.json(&line);
        let value = json["objective"]["value"].as_f64().unwrap();
        assert!((value - least).abs() < 1e-9 * least.abs(), "{json}");
        assert!((there(json["threshold"].as_f64()) - least).abs() < 1e-9 * least.abs());
        // Nothing can be chosen; why is told.
        let run = sandbox.run(
            &format!("choose s.csv --cost fn=amount --subject-to recall>=2 {memory}")
                .split(' ')
                .collect::<Vec<_>>(),
        );
        assert_eq!(run.code, Some(1));
        assert!(
            run.stderr.contains("no threshold meets `recall>=2`"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn alternatives_and_other_rows_cost_what_rows_one_by_one_do() {
    let (sandbox, rows) = sandbox();
    let all = rows.iter().enumerate().collect::<Vec<_>>();
    // Every third row is held out.
    let text = sandbox.text("s.csv");
    let mut lines = text.lines();
    let head = lines.next().unwrap();
    let others = lines.enumerate().filter(|(row, _)| row % 3 == 1);
    let others = others.map(|(_, line)| format!("{line}\n"));
    sandbox.file(
        "other.csv",
        format!("{head}\n{}", others.collect::<String>()),
    );
    let others = all.iter().filter(|(row, _)| row % 3 == 1).copied();
    let others = others.collect::<Vec<_>>();
    let weight = |row: &Row| i64::from(row.weight);
    for (flags, weight) in [
        ("", &(|_: &Row| 1_i64) as &dyn Fn(&Row) -> i64),
        (" --weight w", &weight),
    ] {
        for memory in ["--memory 512MiB", LITTLE] {
            let line = format!(
                "choose s.csv --cost fp=15,fn=amount,tp=-2 --subject-to recall>=0.4{flags} {memory} --validate \
                 other.csv --format json"
            );
            let json = sandbox.json(&line);
            let names = json["alternatives"]
                .as_array()
                .unwrap()
                .iter()
                .map(|other| {
                    let cost = costs(&all, other["threshold"].as_f64(), weight);
                    let cost = cost.iter().sum::<i64>() as f64;
                    assert_eq!(other["objective_value"], json!(cost), "{line}");
                    other["name"].as_str().unwrap().to_owned()
                });
            let names = names.collect::<Vec<_>>();
            assert_eq!(names, ["half", "max_f1", "max_youden", "unconstrained"]);
            let there = costs(&others, json["threshold"].as_f64(), weight);
            let there = there.iter().sum::<i64>() as f64;
            let told = &json["validation"];
            assert_eq!(told["objective_value"], json!(there), "{line}");
            let interval = told["objective_interval"].as_object();
            assert_eq!(interval.is_none(), flags == " --weight w", "{line}");
        }
    }
}

#[test]
fn folds_cost_what_rows_one_by_one_do() {
    let (sandbox, rows) = sandbox();
    let line = |memory: &str| {
        format!("choose s.csv --cost fp=15,fn=amount,tp=-2 --cv 3 {memory} --format json")
    };
    let json = sandbox.json(&line("--memory 512MiB"));
    assert_eq!(
        sandbox.json(&line(LITTLE))["validation"],
        json["validation"]
    );
    let told = &json["validation"];
    let thresholds = told["fold_thresholds"].as_array().unwrap().iter();
    let thresholds = thresholds.map(Value::as_f64).collect::<Vec<_>>();
    assert_eq!(thresholds.len(), 3);
    // Whichever fold a row is in, its cost lies between those at the thresholds that were chosen, and so does the sum.
    let all = rows.iter().enumerate().collect::<Vec<_>>();
    let one_by_one = |pick: fn(i64, i64) -> i64| {
        let of_row = |row| {
            let at = thresholds.iter();
            let at = at.map(|&threshold| costs(&[row], threshold, |_| 1).iter().sum::<i64>());
            at.reduce(pick).unwrap()
        };
        all.iter().map(|&row| of_row(row)).sum::<i64>() as f64
    };
    let value = told["objective_value"].as_f64().unwrap();
    let (least, most) = (one_by_one(i64::min), one_by_one(i64::max));
    assert!(least <= value && value <= most, "{least} {value} {most}");
    let optimism = (value - json["objective"]["value"].as_f64().unwrap()) / N_ROWS as f64;
    assert!((told["optimism"].as_f64().unwrap() - optimism).abs() < 1e-12);
    assert!(optimism >= 0.0, "the choice is the best of all here");
}

#[test]
fn groups_have_amounts_of_their_own() {
    let (sandbox, rows) = sandbox();
    for memory in ["--memory 512MiB", LITTLE] {
        let json = sandbox.json(&format!(
            "choose s.csv --cost fp=15,fn=amount,tp=-2 --group site {memory} --format json"
        ));
        for (index, site) in ["north", "south"].iter().enumerate() {
            let own = rows.iter().enumerate().filter(|(row, _)| row % 2 == index);
            let own = own.collect::<Vec<_>>();
            let of = own.iter().map(|(_, row)| **row).collect::<Vec<_>>();
            let costs = thresholds(&of)
                .into_iter()
                .map(|threshold| (costs(&own, threshold, |_| 1).iter().sum::<i64>(), threshold));
            let (value, threshold) = costs
                .min_by_key(|(value, threshold)| (*value, threshold.is_none()))
                .unwrap();
            let told = &json["groups"][index];
            assert_eq!(told["group"], json!(site));
            assert_eq!(told["own"]["threshold"], json!(threshold), "{memory}");
            assert_eq!(told["own"]["objective"]["value"], json!(value as f64));
        }
    }
}

#[test]
fn what_amounts_do_not_go_with_is_refused() {
    let (sandbox, _) = sandbox();
    let refused = |flag: &str, code: i32, message: &str| {
        let line = format!("choose s.csv --cost fn=amount,fp=3 {flag}");
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, Some(code), "{line}");
        assert!(run.stderr.contains(message), "{line}: {}", run.stderr);
    };
    let message = "`--reject-cost` needs `--cost` of numbers";
    refused("--reject-cost 1", 2, message);
    let line = format!("choose - --cost fn=amount,fp=3 {LITTLE}");
    let args = line.split(' ').collect::<Vec<_>>();
    let run = sandbox.run_with_stdin(&args, &sandbox.text("s.csv"));
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("allow more with `--memory`"),
        "{}",
        run.stderr
    );
    let line = "choose - --cost fn=amount,fp=3 --format json";
    let args = line.split(' ').collect::<Vec<_>>();
    let run = sandbox.run_with_stdin(&args, &sandbox.text("s.csv"));
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let json = serde_json::from_str::<Value>(&run.stdout).unwrap();
    assert_eq!(json["n_passes"], json!(1));
    // An amount that is no number is told with its place.
    sandbox.file("bad.csv", "y_true,y_score,amount\n1,0.9,5\n0,0.2,nan\n");
    let run = sandbox.run(&["choose", "bad.csv", "--cost", "fn=amount"]);
    assert_eq!(run.code, Some(1));
    for told in ["bad.csv", "line 3", "`amount`"] {
        assert!(run.stderr.contains(told), "{told}: {}", run.stderr);
    }
}

#[test]
fn the_zone_is_the_cheapest_whatever_fits_and_whether_its_ends_cross() {
    let (sandbox, rows) = sandbox();
    let thresholds = thresholds(&rows);
    for (reject, is_apart) in [(0.25, true), (0.375, false), (0.5, false), (0.75, false)] {
        // Eighths, so that nothing is rounded.
        let at = |threshold: Option<f64>| {
            let predicted = rows.iter().filter(|row| is_predicted(row, threshold));
            let tp = predicted.clone().filter(|row| row.is_positive).count() as f64;
            let missed = rows.iter().filter(|row| row.is_positive).count() as f64 - tp;
            let predicted = predicted.count() as f64;
            // What the upper end and the lower end add if an error costs 1.
            (
                predicted - tp - reject * predicted,
                missed + reject * predicted,
            )
        };
        let ends = thresholds
            .iter()
            .map(|&threshold| (threshold, at(threshold)));
        let mut best: Option<(f64, [Option<f64>; 2])> = None;
        let mut lowest: Option<(f64, Option<f64>)> = None;
        for (threshold, (upper, lower)) in ends.collect::<Vec<_>>().into_iter().rev() {
            let is_less =
                |cost: f64, least: f64| cost < least || (cost <= least && threshold.is_some());
            if lowest.is_none_or(|(least, _)| is_less(lower, least)) {
                lowest = Some((lower, threshold));
            }
            let (least, end) = lowest.unwrap();
            if best.is_none_or(|(cost, _)| is_less(upper + least, cost)) {
                best = Some((upper + least, [threshold, end]));
            }
        }
        let (cost, [upper, lower]) = best.unwrap();
        assert_eq!(upper > lower, is_apart);
        for memory in ["--memory 512MiB", LITTLE] {
            let line = format!(
                "choose s.csv --cost fp=1,fn=1 --reject-cost {reject} {memory} --format json"
            );
            let json = sandbox.json(&line);
            assert_eq!(json["cost"], json!(cost), "{line}");
            assert_eq!(json["upper_threshold"], json!(upper), "{line}");
            assert_eq!(json["lower_threshold"], json!(lower), "{line}");
            let n_passes = json["n_passes"].as_u64().unwrap();
            assert_eq!(n_passes > 1, memory == LITTLE, "{line}: {n_passes} passes");
        }
    }
}
