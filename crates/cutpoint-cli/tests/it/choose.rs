//! `choose`: constraints, costs, prevalence, groups, zones, frontiers, intervals and validation, against rows counted
//! one by one.

use cutpoint_metrics::{Cells, Metric};
use serde_json::{Value, json};

use crate::{Csv, Sandbox};

/// Label, score, amount, group.
type Row = (bool, f64, f64, &'static str);

/// Rows of a fair classifier with ties; amounts in 1 … 100.
fn rows(n_rows: u32, seed: u64) -> Vec<Row> {
    let mut state = seed;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    };
    let row = |row: u32| {
        let is_positive = draw() < 0.3;
        let score = if is_positive { 0.3 } else { 0.0 } + 0.7 * draw();
        let score = (200.0 * score).round() / 200.0;
        let amount = (1.0 + 99.0 * draw()).round();
        (
            is_positive,
            score,
            amount,
            ["north", "south", "west"][row as usize % 3],
        )
    };
    (0..n_rows).map(row).collect()
}

fn csv(rows: &[Row]) -> String {
    let mut text = "y_true,y_score,amount,site\n".to_owned();
    for (is_positive, score, amount, site) in rows {
        text.push_str(&format!(
            "{},{score:?},{amount:?},{site}\n",
            u8::from(*is_positive)
        ));
    }
    text
}

fn thresholds(rows: &[Row]) -> Vec<f64> {
    let mut thresholds = rows.iter().map(|row| row.1).collect::<Vec<_>>();
    thresholds.sort_by(|a, b| b.total_cmp(a));
    thresholds.dedup();
    thresholds
}

fn cells(rows: &[Row], threshold: f64) -> Cells {
    let count = |is_positive: bool, is_predicted: bool| {
        let hits = |row: &&Row| row.0 == is_positive && (row.1 >= threshold) == is_predicted;
        rows.iter().filter(hits).count() as u64
    };
    Cells::from_counts(
        count(true, true),
        count(false, true),
        count(true, false),
        count(false, false),
    )
}

fn value(metric: &str, cells: &Cells) -> Option<f64> {
    metric.parse::<Metric>().unwrap().value(cells)
}

/// The highest threshold of the highest value among those that are allowed.
fn best(rows: &[Row], score: impl Fn(f64, &Cells) -> Option<f64>) -> Option<(f64, f64)> {
    let mut best: Option<(f64, f64)> = None;
    for threshold in thresholds(rows) {
        if let Some(value) = score(threshold, &cells(rows, threshold))
            && best.is_none_or(|(_, highest)| value > highest)
        {
            best = Some((threshold, value));
        }
    }
    best
}

#[test]
fn constraints_are_kept_whatever_fits_into_memory() {
    let rows = rows(800, 1);
    let sandbox = Sandbox::with("s.csv", csv(&rows));
    let (threshold, precision) = best(&rows, |_, cells| {
        let is_met = value("recall", cells)? >= 0.6
            && value("fpr", cells)? <= 0.4
            && cells.predicted_positives() <= 400.0;
        is_met.then(|| value("precision", cells))?
    })
    .unwrap();
    let line = "choose s.csv --maximize precision --subject-to recall>=0.6 --subject-to fpr<=40% --capacity 400 \
        --format json";
    for memory in ["", " --memory 64KiB"] {
        let json = sandbox.json(&format!("{line}{memory}"));
        assert_eq!(json["threshold"], json!(threshold));
        assert_eq!(json["objective"]["value"], json!(precision));
        let constraints = json["constraints"].as_array().unwrap();
        let texts = constraints
            .iter()
            .map(|told| told["constraint"].as_str().unwrap());
        assert!(texts.eq(["recall>=0.6", "fpr<=0.4", "predicted_positives<=400"]));
        assert!(
            constraints.iter().all(|told| told["is_met"] == json!(true)),
            "{json}"
        );
        let names = json["alternatives"].as_array().unwrap().iter();
        let names = names.map(|other| other["name"].as_str().unwrap());
        assert!(names.eq(["half", "max_f1", "max_youden", "unconstrained"]));
    }
    // A share of 800 rows.
    let json = sandbox.json("choose s.csv --maximize recall --capacity 5% --format json");
    assert!(json["predicted_positive_rate"].as_f64().unwrap() <= 0.05);
}

#[test]
fn what_cannot_be_met_is_explained_and_fails() {
    let rows = rows(800, 1);
    let sandbox = Sandbox::with("s.csv", csv(&rows));
    let line = [
        "choose",
        "s.csv",
        "--maximize",
        "f1",
        "--subject-to",
        "recall>=0.99",
        "--subject-to",
        "fpr<=0.01",
        "--save",
        "p.json",
    ];
    let run = sandbox.run(&line);
    assert_eq!(run.code, Some(1));
    assert_eq!(
        run.stderr.trim_end(),
        "error: no threshold meets both `recall>=0.99` and `fpr<=0.01`, nor all constraints"
    );
    assert!(
        run.stdout
            .contains("without fpr<=0.01 the others can be met"),
        "{}",
        run.stdout
    );
    assert_eq!(sandbox.listing(), ["s.csv"], "nothing is saved");
    let run = sandbox.run(&[&line[..8], &["--format", "json"]].concat());
    assert_eq!(run.code, Some(1));
    let json = serde_json::from_str::<Value>(&run.stdout).unwrap();
    assert_eq!(json["threshold"], Value::Null);
    assert_eq!(json["conflicts"], json!([["recall>=0.99", "fpr<=0.01"]]));
    assert_eq!(json["binding"], json!(["recall>=0.99", "fpr<=0.01"]));
    // The nearest threshold is short of its farther bound by the least.
    let (nearest, shortfall) = best(&rows, |_, cells| {
        let recall = (0.99 - value("recall", cells)?).max(0.0) / 0.99;
        let fpr = (value("fpr", cells)? - 0.01).max(0.0) / 0.01;
        Some(-recall.max(fpr))
    })
    .unwrap();
    assert_eq!(json["nearest"]["threshold"], json!(nearest));
    assert!((json["nearest"]["shortfall"].as_f64().unwrap() + shortfall).abs() < 1e-12);

    let run = sandbox.run(&[
        "choose",
        "s.csv",
        "--maximize",
        "f1",
        "--subject-to",
        "recall>=1.5",
    ]);
    assert_eq!(run.code, Some(1));
    assert_eq!(
        run.stderr.trim_end(),
        "error: no threshold meets `recall>=1.5` (1.0000 at best)"
    );
    for bad in ["recall>0.9", "recal>=0.9", "recall>=", "mcc>=nan", "recall"] {
        let run = sandbox.run(&["choose", "s.csv", "--maximize", "f1", "--subject-to", bad]);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(2), ""),
            "{bad}: {}",
            run.stderr
        );
    }
    let run = sandbox.run(&["choose", "s.csv", "--maximize", "f1", "--prevalence", "1"]);
    assert_eq!(run.code, Some(2));
}

#[test]
fn costs_are_numbers_or_amounts_of_rows() {
    let rows = rows(800, 2);
    let sandbox = Sandbox::with("s.csv", csv(&rows));
    let (threshold, cost) =
        best(&rows, |_, cells| Some(-(cells.fp() + 4.0 * cells.fn_()))).unwrap();
    let json = sandbox.json("choose s.csv --cost fp=1,fn=4 --format json");
    assert_eq!(
        (&json["threshold"], &json["objective"]["value"]),
        (&json!(threshold), &json!(-cost))
    );
    assert_eq!(json["objective"]["text"], json!("minimize cost(fp=1,fn=4)"));
    let bayes = json["alternatives"]
        .as_array()
        .unwrap()
        .iter()
        .find(|other| other["name"] == "bayes");
    assert_eq!(bayes.unwrap()["threshold"], json!(0.2));

    // A false alarm costs 15, a miss its amount, a hit earns a tenth of it.
    let total = |threshold: f64, _: &Cells| {
        let cost = rows.iter().map(|&(is_positive, score, amount, _)| {
            match (is_positive, score >= threshold) {
                (true, true) => -0.1 * amount,
                (true, false) => amount,
                (false, true) => 15.0,
                (false, false) => 0.0,
            }
        });
        Some(-cost.sum::<f64>())
    };
    let (threshold, cost) = best(&rows, total).unwrap();
    let json = sandbox.json("choose s.csv --cost fp=15,fn=amount,tp=-0.1*amount --format json");
    assert_eq!(json["threshold"], json!(threshold));
    assert!(
        (json["objective"]["value"].as_f64().unwrap() + cost).abs() < 1e-6,
        "{json}"
    );
    let run = sandbox.run(&["choose", "s.csv", "--cost", "fp=1,fn=loss"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("there is no column `loss`"),
        "{}",
        run.stderr
    );
}

/// A file of few rows, of which one is chosen by hand.
const FRAUDS: &str = "y_true,y_score,amount\n1,0.9,500\n0,0.8,40\n1,0.7,20\n0,0.6,90\n1,0.5,300\n";

#[test]
fn costs_by_amounts_are_measured_on_rows_that_had_no_say() {
    /// The point below which 97.5 % of the standard normal distribution lies.
    const Z: f64 = 1.959_963_984_540_054;
    let sandbox = Sandbox::with("here.csv", FRAUDS);
    // At 0.5 two alarms cost 20; 0.9 costs 320, "predict none" 820.
    sandbox.file(
        "there.csv",
        "amount,y_score,y_true\n70,0.4,1\n1000,0.3,0\n25,0.55,1\n5,0.95,0\n30,0.1,1\n8,0.7,0\n",
    );
    let line = "choose here.csv --cost fp=10,fn=amount --validate there.csv --format json";
    let json = sandbox.json(line);
    assert_eq!(
        (&json["threshold"], &json["objective"]["value"]),
        (&json!(0.5), &json!(20.0))
    );
    // There two frauds are missed, 70 and 30, and two alarms are false: 120, whose squares come to 5 800 + 200.
    let told = &json["validation"];
    assert_eq!(told["objective_value"], json!(120.0));
    assert_eq!(told["confusion_matrix"], json!([[1, 2], [2, 1]]));
    let half = Z * (6000.0_f64 - 120.0 * 120.0 / 6.0).sqrt();
    let near = |value: &Value, expected: f64| {
        let value = value.as_f64().unwrap();
        assert!((value - expected).abs() < 1e-9, "{value}, not {expected}");
    };
    let interval = &told["objective_interval"];
    assert_eq!(interval["method"], json!("normal"));
    near(&interval["low"], 120.0 - half);
    near(&interval["high"], 120.0 + half);
    // 20 a row there, 4 a row here.
    near(&told["optimism"], 16.0);
    assert_eq!(json["warnings"], json!([]));
    // 3 of 6 rows are positive: of either class as many are drawn, whose costs are 70, 0, 30 and 0, 10, 10.
    let stratified = sandbox.json(&line.replace("--cost", "--bootstrap 10 --stratified --cost"));
    let half = Z * (5800.0_f64 - 1e4 / 3.0 + 200.0 - 400.0 / 3.0).sqrt();
    near(
        &stratified["validation"]["objective_interval"]["high"],
        120.0 + half,
    );
    // One of ten rows is positive where it will work: six rows are 0.6 frauds, not 3, and 5.4 others, not 3.
    let rare = sandbox.json(&line.replace("--cost", "--prevalence 0.1 --cost"));
    assert_eq!(rare["threshold"], json!(0.5));
    near(
        &rare["validation"]["objective_value"],
        0.2 * 100.0 + 1.8 * 20.0,
    );
    let squares = [5800.0_f64 - 1e4 / 3.0, 200.0 - 400.0 / 3.0];
    let half = Z * (0.04 * squares[0] + 3.24 * squares[1]).sqrt();
    near(
        &rare["validation"]["objective_interval"]["low"],
        56.0 - half,
    );
    // Alternatives cost as much as they do.
    let half = &json["alternatives"][0];
    assert_eq!(
        (&half["name"], &half["objective_value"]),
        (&json!("half"), &json!(20.0))
    );
    let mut others = json["alternatives"].as_array().unwrap().iter();
    let youden = others.find(|other| other["name"] == "max_youden");
    let youden = youden.unwrap();
    assert_eq!(
        (&youden["threshold"], &youden["objective_value"]),
        (&json!(0.9), &json!(320.0))
    );
    let text = sandbox.ok(&line.replace(" --format json", ""));
    let cost = "(there.csv): cost(fp=10,fn=amount) is 120.0000 (95 % interval ";
    assert!(text.contains(cost), "{text}");
    assert!(text.contains("looks better by 16.0000 a row"), "{text}");

    sandbox.file("bare.csv", "y_true,y_score\n1,0.9\n0,0.2\n");
    let run = sandbox.run(&line.replace("there", "bare").split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("bare.csv: there is no column `amount`"),
        "{}",
        run.stderr
    );
}

#[test]
fn folds_cost_their_amounts() {
    // Frauds at 0.9 and 0.8, others at 0.2 and 0.1: whatever is left out, a threshold at or above 0.8 is the cheapest,
    // and only a fraud at 0.8 that was left out while 0.9 was chosen costs its amount.
    let sandbox = Sandbox::with(
        "s.csv",
        "y_true,y_score,amount\n1,0.9,100\n1,0.8,7\n0,0.2,0\n0,0.1,0\n",
    );
    let json = sandbox.json("choose s.csv --cost fp=1,fn=amount --cv 2 --format json");
    let told = &json["validation"];
    let mut thresholds = told["fold_thresholds"].as_array().unwrap().clone();
    thresholds.sort_by(|left, right| left.as_f64().unwrap().total_cmp(&right.as_f64().unwrap()));
    assert_eq!(thresholds, [json!(0.8), json!(0.9)]);
    assert_eq!(told["objective_value"], json!(7.0));
    assert_eq!(told["confusion_matrix"], json!([[2, 0], [1, 1]]));
    assert_eq!(told["optimism"], json!(7.0 / 4.0));
}

#[test]
fn a_choice_by_amounts_is_saved_and_checked() {
    let sandbox = Sandbox::with("s.csv", FRAUDS);
    sandbox.ok("choose s.csv --cost fp=10,fn=amount --subject-to recall>=0.5 --save point.json");
    let point = serde_json::from_str::<Value>(&sandbox.text("point.json")).unwrap();
    assert_eq!(
        point["objective"],
        json!({"name": "cost(fp=10,fn=amount)", "goal": "minimize", "value": 20.0})
    );
    let run = sandbox.run(&["check", "point.json", "s.csv", "--format", "json"]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
    let json = serde_json::from_str::<Value>(&run.stdout).unwrap();
    assert_eq!(json["constraints"].as_array().unwrap().len(), 1);
    let text = sandbox.run(&["check", "point.json", "s.csv"]).stdout;
    assert!(
        text.contains("chosen to minimize cost(fp=10,fn=amount)"),
        "{text}"
    );
    // Another amount was never chosen by.
    let tampered = sandbox.text("point.json").replace("fn=amount", "fn=number");
    sandbox.file("point.json", tampered);
    let run = sandbox.run(&["check", "point.json", "s.csv"]);
    assert!(
        run.stderr.contains("was changed after it was saved"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_choice_by_amounts_is_resampled() {
    let sandbox = Sandbox::with("s.csv", csv(&rows(400, 12)));
    let line = "choose s.csv --cost fp=15,fn=amount --bootstrap 300 --random-state 2 --format json";
    let json = sandbox.json(line);
    assert_eq!(sandbox.json(line), json);
    let inside = |interval: &Value, value: &Value| {
        let [low, high] = ["low", "high"].map(|end| interval[end].as_f64().unwrap());
        let value = value.as_f64().unwrap();
        assert!(low <= value && value <= high && low < high, "{json}");
    };
    let drawn = &json["bootstrap"];
    inside(&drawn["threshold"], &json["threshold"]);
    inside(&drawn["objective"], &json["objective"]["value"]);
    inside(&json["intervals"]["f1"], &json["f1"]);
    assert_eq!(json["intervals"]["cost"], drawn["objective"]);
    assert!(drawn["optimism"].as_f64().unwrap() > 0.0, "{json}");
    // Amounts that are all the same are numbers: the same question, drawn another way.
    let text = sandbox.text("s.csv");
    let same = text.lines().map(|line| {
        let mut fields = line.split(',').map(str::to_owned).collect::<Vec<_>>();
        if fields[2] != "amount" {
            fields[2] = "30".to_owned();
        }
        fields.join(",") + "\n"
    });
    sandbox.file("same.csv", same.collect::<String>());
    let [amounts, numbers] = ["amount", "30"].map(|miss| {
        let line = format!("choose same.csv --cost fp=15,fn={miss} --bootstrap 4000 --format json");
        sandbox.json(&line)["bootstrap"].clone()
    });
    for place in ["/objective/low", "/objective/high", "/optimism"] {
        let [left, right] =
            [&amounts, &numbers].map(|told| told.pointer(place).unwrap().as_f64().unwrap());
        // Costs scatter by some 350; a percentile of 4000 of them by a twentieth of that.
        assert!((left - right).abs() < 60.0, "{place}: {left} {right}");
    }
    let run = sandbox.run(
        &(line.to_owned() + " --memory 64KiB")
            .split(' ')
            .collect::<Vec<_>>(),
    );
    assert_eq!(run.code, Some(1));
    let cure = "s.csv: a bootstrap of a cost by amounts keeps some 32 bytes of every row and every threshold, which do \
        not fit: allow more with `--memory`";
    assert!(run.stderr.contains(cure), "{}", run.stderr);
}

#[test]
fn another_prevalence_rescales_the_classes() {
    let rows = rows(800, 3);
    let sandbox = Sandbox::with("s.csv", csv(&rows));
    let there = |cells: &Cells| {
        // One positive row in fifty.
        let (p, n) = (0.02 / cells.positives(), 0.98 / cells.negatives());
        let scaled = [cells.tp() * p, cells.fp() * n];
        scaled[0] / (scaled[0] + scaled[1])
    };
    let (threshold, precision) = best(&rows, |_, cells| {
        (value("recall", cells)? >= 0.5).then(|| there(cells))
    })
    .unwrap();
    let json = sandbox.json(
        "choose s.csv --maximize precision --subject-to recall>=0.5 --prevalence 0.02 --format \
        json",
    );
    assert_eq!(json["threshold"], json!(threshold));
    assert!((json["objective"]["value"].as_f64().unwrap() - precision).abs() < 1e-12);
    assert!((json["precision"].as_f64().unwrap() - precision).abs() < 1e-12);
    assert_eq!(json["at_prevalence"], json!(0.02));
    assert_eq!(json["prevalence"], json!(0.02));
    // The matrix is that of the data.
    assert_eq!(
        json["of_rows"]["precision"],
        json!(value("precision", &cells(&rows, threshold)).unwrap())
    );
}

#[test]
fn groups_stand_side_by_side() {
    let rows = rows(900, 4);
    let sandbox = Sandbox::with("s.csv", csv(&rows));
    let of = |site: &str| {
        rows.iter()
            .filter(|row| row.3 == site)
            .copied()
            .collect::<Vec<_>>()
    };
    let youden = |_: f64, cells: &Cells| value("youden", cells);
    let (shared, _) = best(&rows, youden).unwrap();
    for memory in ["", " --memory 64KiB"] {
        let json = sandbox.json(&format!(
            "choose s.csv --maximize youden --group site --format json{memory}"
        ));
        assert_eq!(json["shared"]["threshold"], json!(shared));
        let mut recalls = Vec::new();
        for (index, site) in ["north", "south", "west"].into_iter().enumerate() {
            let group = &json["groups"][index];
            let rows = of(site);
            assert_eq!(group["group"], json!(site));
            let at_shared = cells(&rows, shared).to_counts().unwrap();
            assert_eq!(
                group["at_shared"]["confusion_matrix"],
                json!([[at_shared[3], at_shared[1]], [at_shared[2], at_shared[0]]])
            );
            let (own, value) = best(&rows, youden).unwrap();
            assert_eq!(group["own"]["threshold"], json!(own), "{site}{memory}");
            assert_eq!(group["own"]["objective"]["value"], json!(value));
            recalls.push(cells(&rows, shared).tp() / cells(&rows, shared).positives());
        }
        let gap = recalls.iter().copied().fold(f64::MIN, f64::max)
            - recalls.iter().copied().fold(f64::MAX, f64::min);
        assert_eq!(json["gaps_at_shared"]["recall"], json!(gap));
    }
}

#[test]
fn a_zone_is_left_to_somebody_else() {
    let rows = rows(300, 5);
    let sandbox = Sandbox::with("s.csv", csv(&rows));
    let json = sandbox.json("choose s.csv --cost fp=1,fn=3 --reject-cost 0.3 --format json");
    let mut ends = thresholds(&rows);
    ends.push(f64::MIN);
    let mut lowest = f64::MAX;
    for &upper in &ends {
        for &lower in ends.iter().filter(|lower| **lower <= upper) {
            let cost = rows
                .iter()
                .map(|row| match (row.0, row.1 >= upper, row.1 >= lower) {
                    (false, true, _) => 1.0,
                    (true, _, false) => 3.0,
                    (_, false, true) => 0.3,
                    _ => 0.0,
                });
            lowest = lowest.min(cost.sum());
        }
    }
    assert!(
        (json["cost"].as_f64().unwrap() - lowest).abs() < 1e-9,
        "{json} {lowest}"
    );
    let kept = json["confusion_matrix"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap());
    let kept = kept.map(|cell| cell.as_u64().unwrap()).sum::<u64>();
    let rejected =
        ["rejected_positives", "rejected_negatives"].map(|key| json[key].as_u64().unwrap());
    assert_eq!(kept + rejected[0] + rejected[1], 300);
}

#[test]
fn no_point_of_the_frontier_is_beaten() {
    let rows = rows(400, 6);
    let sandbox = Sandbox::with("s.csv", csv(&rows));
    sandbox.ok("choose s.csv --pareto recall,precision -o frontier.csv");
    let table = Csv::parse(&sandbox.text("frontier.csv"));
    let points = table
        .numbers("recall")
        .into_iter()
        .zip(table.numbers("precision"));
    let points = points
        .map(|(recall, precision)| (recall.unwrap(), precision.unwrap()))
        .collect::<Vec<_>>();
    let all = thresholds(&rows)
        .into_iter()
        .map(|threshold| cells(&rows, threshold));
    let all = all
        .map(|cells| {
            (
                value("recall", &cells).unwrap(),
                value("precision", &cells).unwrap(),
            )
        })
        .collect::<Vec<_>>();
    let beats = |a: &(f64, f64), b: &(f64, f64)| a.0 >= b.0 && a.1 >= b.1 && a != b;
    let mut expected = all
        .iter()
        .filter(|point| !all.iter().any(|other| beats(other, point)))
        .copied()
        .collect::<Vec<_>>();
    expected.sort_by(|a, b| b.0.total_cmp(&a.0));
    expected.dedup();
    assert_eq!(points, expected);
    assert!(points.len() > 5);
}

#[test]
fn intervals_are_told_and_repeat_with_the_seed() {
    let rows = rows(600, 7);
    let sandbox = Sandbox::with("s.csv", csv(&rows));
    let line = "choose s.csv --maximize youden --bootstrap 400 --random-state 3 --format json";
    let json = sandbox.json(line);
    assert_eq!(sandbox.json(line), json);
    assert_ne!(
        sandbox.json(&line.replace("state 3", "state 4"))["bootstrap"],
        json["bootstrap"]
    );
    let chosen = json["threshold"].as_f64().unwrap();
    let interval = &json["bootstrap"]["threshold"];
    let [low, high] = ["low", "high"].map(|end| interval[end].as_f64().unwrap());
    assert!(low <= chosen && chosen <= high && low < high, "{json}");
    assert_eq!(json["intervals"]["recall"]["method"], json!("wilson"));
    assert_eq!(json["intervals"]["f1"]["method"], json!("bootstrap"));
    for metric in ["recall", "f1", "mcc", "precision"] {
        let [low, high] =
            ["low", "high"].map(|end| json["intervals"][metric][end].as_f64().unwrap());
        let value = json[metric].as_f64().unwrap();
        assert!(low < value && value < high, "{metric}");
    }
    // Wilson's interval of a rate, worked from its formula.
    let (tp, positives) = (
        json["confusion_matrix"][1][1].as_f64().unwrap(),
        json["confusion_matrix"][1][0].as_f64().unwrap()
            + json["confusion_matrix"][1][1].as_f64().unwrap(),
    );
    let (p, z) = (tp / positives, 1.959_963_984_540_054_f64);
    let middle = (p + z * z / (2.0 * positives)) / (1.0 + z * z / positives);
    let half = z / (1.0 + z * z / positives)
        * (p * (1.0 - p) / positives + z * z / (4.0 * positives * positives)).sqrt();
    assert!((json["intervals"]["recall"]["low"].as_f64().unwrap() - (middle - half)).abs() < 1e-12);
    // By formula only, where nothing was drawn; weights tell neither.
    let json = sandbox.json("choose s.csv --maximize youden --format json");
    assert_eq!(json["intervals"]["f1"], Value::Null);
    assert!(json["bootstrap"].is_null());
    let json = sandbox.json("choose s.csv --maximize youden --weight amount --format json");
    assert_eq!(json["intervals"], json!({}));
    let json = sandbox
        .json("choose s.csv --maximize youden --weight amount --bootstrap 200 --format json");
    assert_eq!(json["intervals"]["recall"]["method"], json!("bootstrap"));
    let bootstrap = &json["bootstrap"];
    let interval = &bootstrap["threshold"];
    assert!(interval["low"].as_f64() <= json["threshold"].as_f64());
    assert!(json["threshold"].as_f64() <= interval["high"].as_f64());
    assert!(interval["low"].as_f64() < interval["high"].as_f64());
    assert!(bootstrap["optimism"].as_f64().unwrap() > 0.0);
    // Amounts in cents choose as amounts in units do.
    let text = rows
        .iter()
        .map(|(is_positive, score, amount, site)| (*is_positive, *score, 100.0 * amount, *site));
    sandbox.file("cents.csv", csv(&text.collect::<Vec<_>>()));
    let cents = sandbox
        .json("choose cents.csv --maximize youden --weight amount --bootstrap 200 --format json");
    assert_eq!(cents["bootstrap"]["threshold"], *interval);
    sandbox.file("many.csv", csv(&self::rows(6000, 8)));
    sandbox.fails(
        "choose many.csv --maximize youden --weight amount --bootstrap 200 --memory 64KiB",
        1,
        "error: many.csv: a bootstrap of rows with weights keeps some 12 bytes of every row, which do not fit: allow \
         more with `--memory`",
    );
    for bad in [
        "--confidence 1",
        "--bootstrap 0",
        "--cv 1",
        "--stratified",
        "--validate a.csv --cv 5",
    ] {
        let line = format!("choose s.csv --maximize f1 {bad}");
        assert_eq!(
            sandbox.run(&line.split(' ').collect::<Vec<_>>()).code,
            Some(2),
            "{bad}"
        );
    }
}

#[test]
fn a_choice_is_measured_on_rows_that_had_no_say() {
    let (here, there) = (rows(400, 8), rows(500, 9));
    let sandbox = Sandbox::with("here.csv", csv(&here));
    sandbox.file("there.csv", csv(&there));
    let json = sandbox.json(
        "choose here.csv --maximize f1 --subject-to recall>=0.8 --validate there.csv --format json",
    );
    let chosen = json["threshold"].as_f64().unwrap();
    let cells = cells(&there, chosen);
    let validation = &json["validation"];
    assert_eq!(
        validation["objective_value"],
        json!(value("f1", &cells).unwrap())
    );
    assert_eq!(
        validation["constraints"][0]["value"],
        json!(value("recall", &cells).unwrap())
    );
    let optimism = json["objective"]["value"].as_f64().unwrap() - value("f1", &cells).unwrap();
    assert_eq!(validation["optimism"], json!(optimism));
    assert_eq!(json["warnings"], json!([]));

    // Every row is in one fold, and is judged by a threshold that it was held out from.
    let json = sandbox.json("choose here.csv --maximize f1 --cv 4 --random-state 1 --format json");
    let matrix = json["validation"]["confusion_matrix"].as_array().unwrap();
    let all = matrix
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|cell| cell.as_u64().unwrap());
    assert_eq!(all.sum::<u64>(), 400);
    assert_eq!(
        json["validation"]["fold_thresholds"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    let small = sandbox
        .json("choose here.csv --maximize f1 --cv 4 --random-state 1 --memory 64KiB --format json");
    assert_eq!(small["validation"], json["validation"]);
}

/// Where labels say nothing about scores, what looks like skill is the choice.
#[test]
fn optimism_closes_the_gap_to_chance() {
    let mut rows = rows(300, 10);
    for (index, row) in rows.iter_mut().enumerate() {
        // As good as shuffled: the generator's low bits of another place.
        row.0 = (index * 7919 + 13) % 10 < 4;
    }
    let sandbox = Sandbox::with("noise.csv", csv(&rows));
    let json =
        sandbox.json("choose noise.csv --maximize youden --bootstrap 1000 --cv 10 --format json");
    assert!(json["youden"].as_f64().unwrap() > 0.05, "{json}");
    let validation = &json["validation"];
    let [low, high] =
        ["low", "high"].map(|end| validation["objective_interval"][end].as_f64().unwrap());
    assert!(low <= 0.0 && 0.0 <= high, "{validation}");
    assert!(
        validation["optimism"].as_f64().unwrap() > 0.03,
        "{validation}"
    );
    assert!(
        json["bootstrap"]["optimism"].as_f64().unwrap() > 0.03,
        "{json}"
    );
}

#[test]
fn folds_need_rows() {
    let sandbox = Sandbox::with("s.csv", "y_true,y_score\n1,0.9\n0,0.2\n");
    sandbox.fails(
        "choose s.csv --maximize f1 --cv 2",
        1,
        "error: s.csv: must have at least 3 rows for 2 folds, got 2",
    );
    sandbox.file("s.csv", "y_true,y_score\n1,0.9\n0,0.2\n0,0.1\n");
    sandbox.json("choose s.csv --maximize f1 --cv 2 --format json");
}

#[test]
fn the_warning_stays_until_others_judge() {
    let sandbox = Sandbox::with("s.csv", csv(&rows(200, 11)));
    let run = sandbox.run(&["choose", "s.csv", "--maximize", "f1"]);
    assert!(
        run.stderr.contains("chosen and measured on the same rows"),
        "{}",
        run.stderr
    );
    let run = sandbox.run(&["choose", "s.csv", "--maximize", "f1", "--cv", "5"]);
    assert_eq!(run.stderr, "");
    assert!(
        run.stdout
            .contains("held out (5-fold cross-validation): f1 is "),
        "{}",
        run.stdout
    );
}
