//! `report`: what a page embeds is what the other commands say of the same file. What a browser makes of it is for
//! `tests/browser`.

use serde_json::{Value, json};

use crate::Sandbox;

/// Seven rows with a tie, in two groups.
const SCORES: &str = "who,y_true,y_score,site\n\
    a,1,0.9,north\n\
    b,0,0.8,north\n\
    c,1,0.8,south\n\
    d,1,0.4,south\n\
    e,0,0.3,north\n\
    f,0,0.2,south\n\
    g,0,0.1,south\n";

/// What a page embeds.
pub(crate) fn data_of(page: &str) -> Value {
    let (_, data) = page.split_once(r#"id="data">"#).unwrap();
    let (data, _) = data.split_once("</script>").unwrap();
    assert!(!data.contains('<'), "data can end no tag");
    serde_json::from_str(data).unwrap()
}

fn report(sandbox: &Sandbox, flags: &str) -> Value {
    let run = sandbox.run(
        &format!("report {flags} -o report.html")
            .split(' ')
            .collect::<Vec<_>>(),
    );
    assert_eq!(run.code, Some(0), "{flags}\n{}", run.stderr);
    data_of(&sandbox.text("report.html"))
}

/// The cells of a series, row by row, from its steps.
pub(crate) fn cumulative(steps: &Value) -> Vec<u64> {
    let steps = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step.as_u64().unwrap());
    let sums = steps.scan(0, |sum, step| {
        *sum += step;
        Some(*sum)
    });
    sums.collect()
}

#[test]
fn a_page_embeds_every_matrix_by_hand() {
    let sandbox = Sandbox::with("scores.csv", SCORES);
    let data = report(&sandbox, "scores.csv --group site --id who");
    assert_eq!(
        data["thresholds"],
        serde_json::json!([0.9, 0.8, 0.4, 0.3, 0.2, 0.1])
    );
    assert_eq!(data["closed"], Value::Null, "all thresholds are there");
    let model = &data["models"][0];
    assert_eq!(
        (&model["name"], &model["n_thresholds"]),
        (&"scores.csv".into(), &6.into())
    );
    let series = model["series"].as_array().unwrap();
    let names = series.iter().map(|one| one["name"].as_str().unwrap());
    assert!(names.eq(["", "north", "south"]));
    let counts = |index: usize| {
        (
            cumulative(&series[index]["tp"]),
            cumulative(&series[index]["fp"]),
        )
    };
    assert_eq!(counts(0), (vec![1, 2, 3, 3, 3, 3], vec![0, 1, 1, 2, 3, 4]));
    assert_eq!(counts(1), (vec![1, 1, 1, 1, 1, 1], vec![0, 1, 1, 2, 2, 2]));
    assert_eq!(counts(2), (vec![0, 1, 2, 2, 2, 2], vec![0, 0, 0, 0, 1, 2]));
    // Of 12 pairs, 11 are in order or tie: 4 + (3 + 1/2) + 3.
    let auc = series[0]["roc_auc"][0].as_f64().unwrap();
    assert!((auc - 10.5 / 12.0).abs() < 1e-15, "{auc}");
    let rows = &model["rows"];
    assert_eq!(
        (&rows["has_ids"], &rows["total"]),
        (&true.into(), &7.into())
    );
    let ids = rows["id"].as_array().unwrap();
    assert_eq!(ids.len(), 7);
    let place = ids.iter().position(|id| id == "d").unwrap();
    assert_eq!(
        (&rows["score"][place], &rows["positive"][place]),
        (&0.4.into(), &1.into())
    );
}

#[test]
fn of_many_scores_a_page_holds_some_and_the_best_of_them() {
    let sandbox = Sandbox::new();
    let mut text = "y_true,y_score\n".to_owned();
    for row in 0..60_000_u64 {
        // A permutation of the ranks, of which more are positive the higher they are.
        let rank = row * 48_271 % 60_000;
        let is_positive = (rank * 7919) % 60_000 < rank / 2;
        text.push_str(&format!(
            "{},{}\n",
            u8::from(is_positive),
            rank as f64 / 60_000.0
        ));
    }
    sandbox.file("scores.csv", text);
    // In the second, some 6,000 bins hold the scores.
    for (memory, least) in [("512MiB", 19_000), ("1MiB", 3000)] {
        let data = report(
            &sandbox,
            &format!("scores.csv --memory {memory} --threshold 0.123456 --cost fp=1,fn=3"),
        );
        let thresholds = data["thresholds"].as_array().unwrap();
        assert!(
            (least..=20_000).contains(&thresholds.len()),
            "{memory}: {}",
            thresholds.len()
        );
        let numbers = thresholds
            .iter()
            .map(|threshold| threshold.as_f64().unwrap());
        let numbers = numbers.collect::<Vec<_>>();
        assert!(numbers.is_sorted_by(|left, right| left > right));
        let wanted = [
            "--maximize f1",
            "--maximize mcc",
            "--maximize youden",
            "--cost fp=1,fn=3",
        ];
        let best = wanted.map(|goal| {
            let chosen = sandbox.json(&format!("choose scores.csv {goal} --format json"));
            chosen["threshold"].as_f64().unwrap()
        });
        for threshold in best.into_iter().chain([0.5, 0.123_456]) {
            let place = numbers
                .iter()
                .position(|number| number.to_bits() == threshold.to_bits());
            let place = place.unwrap_or_else(|| panic!("{memory}: {threshold} is not there"));
            let told = sandbox.json(&format!(
                "evaluate scores.csv --threshold {threshold} --format json"
            ));
            let series = &data["models"][0]["series"][0];
            let cells = [
                cumulative(&series["tp"])[place],
                cumulative(&series["fp"])[place],
            ];
            let matrix = &told["confusion_matrix"];
            assert_eq!(
                cells.map(Value::from),
                [matrix[1][1].clone(), matrix[0][1].clone()],
                "{memory}: {threshold}"
            );
        }
        // The histogram counts every row once, however its edges had to move.
        let histogram = &data["models"][0]["series"][0]["histogram"];
        let rows = ["positives", "negatives"].map(|class| {
            let counts = histogram[class].as_array().unwrap().iter();
            counts.map(|count| count.as_f64().unwrap()).sum::<f64>()
        });
        assert!(
            (rows[0] + rows[1] - 60_000.0).abs() < 0.5,
            "{memory}: {rows:?}"
        );
    }
}

#[test]
fn the_same_files_give_the_same_page() {
    let sandbox = Sandbox::with("scores.csv", SCORES);
    let page = |flags: &str| sandbox.ok(&format!("report scores.csv {flags} -o -"));
    assert_eq!(page("--group site"), page("--group site"));
    assert!(page("--id who").starts_with("<!DOCTYPE html>\n"));
}

#[test]
fn a_point_tells_where_to_begin_and_which_class_is_positive() {
    let sandbox = Sandbox::with(
        "scores.csv",
        SCORES.replace(",1,", ",bad,").replace(",0,", ",good,"),
    );
    sandbox.ok("choose scores.csv --positive bad --maximize recall --subject-to precision>=0.7 --save point.json");
    let data = report(
        &sandbox,
        "scores.csv --point point.json --names fine,broken",
    );
    assert_eq!(data["chosen"]["threshold"], 0.4);
    assert_eq!(
        data["chosen"]["reason"],
        "point.json: maximize recall subject to precision>=0.7"
    );
    assert_eq!(data["names"], serde_json::json!(["fine", "broken"]));
    assert_eq!(
        data["models"][0]["flags"],
        serde_json::json!(["--positive", "bad"])
    );
    let other = "error: the operating point was chosen for the positive class `bad`, got `good`";
    sandbox.fails(
        "report scores.csv -o x.html --point point.json --positive good",
        1,
        other,
    );
}

#[test]
fn a_page_begins_with_what_its_point_was_chosen_for() {
    let sandbox = Sandbox::with("scores.csv", SCORES);
    let none = report(&sandbox, "scores.csv");
    assert_eq!(none["problem"], Value::Null);
    sandbox.ok("choose scores.csv --cost fp=2,fn=3,tp=-1 --subject-to fp<=2 --prevalence 0.25 --save point.json");
    let data = report(&sandbox, "scores.csv --point point.json");
    let costs = json!({"fp": 2.0, "fn": 3.0, "tp": -1.0, "tn": 0.0});
    assert_eq!(data["costs"], costs);
    let problem = &data["problem"];
    assert_eq!(problem["is_cost"], json!(true));
    assert_eq!(
        (&problem["prevalence"], &problem["n_rows"]),
        (&json!(0.25), &json!(7.0))
    );
    let constraint = &problem["constraints"][0];
    assert_eq!(constraint["text"], json!("fp<=2"));
    assert_eq!(
        constraint["metric"]["costs"],
        json!({"fp": 1.0, "fn": 0.0, "tp": 0.0, "tn": 0.0})
    );
    // A goal that is no cost leaves the costs as they are.
    sandbox.ok("choose scores.csv --maximize f3 --subject-to recall>=0.5 --save f3.json");
    let data = report(&sandbox, "scores.csv --point f3.json --cost fp=4,fn=5");
    assert_eq!(
        (&data["costs"]["fp"], &data["costs"]["fn"]),
        (&json!(4.0), &json!(5.0))
    );
    assert_eq!(data["problem"]["text"], json!("maximize f3"));
    assert_eq!(data["problem"]["metric"]["name"], json!("f3"));
    sandbox.ok("choose scores.csv --maximize utility(tp=5,fp=-2) --save gain.json");
    let data = report(&sandbox, "scores.csv --point gain.json");
    assert_eq!(
        (&data["costs"]["tp"], &data["costs"]["fp"]),
        (&json!(-5.0), &json!(2.0))
    );
    sandbox.fails(
        "report scores.csv -o x.html --point point.json --cost fp=1,fn=1",
        2,
        "error: `--cost` must be left out, as point.json has costs of its own: minimize cost(fp=2,fn=3,tp=-1)",
    );
}

#[test]
fn the_optimum_of_a_point_is_among_the_thresholds_of_a_page() {
    // Of many rows a page holds some: also what the point's problem would choose of these.
    let sandbox = Sandbox::new();
    let scores = |n_rows: u64, seed: u64| {
        let mut text = "y_true,y_score\n".to_owned();
        for row in 0..n_rows {
            let rank = (row * 48_271 + seed) % n_rows;
            let is_positive = (rank * 7919 + seed) % n_rows < rank / 2;
            text.push_str(&format!(
                "{},{}\n",
                u8::from(is_positive),
                rank as f64 / n_rows as f64
            ));
        }
        text
    };
    sandbox.file("old.csv", scores(3000, 5));
    sandbox.file("new.csv", scores(60_000, 11));
    let problem = "--maximize precision --subject-to recall>=0.4567 --subject-to predicted_positives<=1000 \
        --prevalence 0.2";
    sandbox.ok(&format!("choose old.csv {problem} --save point.json"));
    let data = report(&sandbox, "new.csv --point point.json");
    assert_ne!(data["closed"], Value::Null, "some thresholds are not there");
    // Twenty times the rows, and twenty times as many alerts.
    let there = problem.replace("<=1000", "<=20000");
    let chosen = sandbox.json(&format!("choose new.csv {there} --format json"));
    let thresholds = data["thresholds"].as_array().unwrap();
    assert!(
        thresholds.contains(&chosen["threshold"]),
        "{}",
        chosen["threshold"]
    );
}

#[test]
fn files_that_do_not_go_together_are_refused() {
    let sandbox = Sandbox::with("one.csv", SCORES);
    sandbox.file(
        "two.csv",
        SCORES.replace(",1,", ",yes,").replace(",0,", ",no,"),
    );
    let message = "error: two.csv, column `y_true`: the positive class must be named, as the classes are `no` and \
        `yes`";
    let run = sandbox.run(&["report", "one.csv", "two.csv", "-o", "x.html"]);
    assert_eq!(run.code, Some(1), "{message}");
    assert_eq!(sandbox.listing(), ["one.csv", "two.csv"]);
    sandbox.file("three.csv", "y_true,y_score\n1,0.3\n-1,0.2\n");
    sandbox.fails(
        "report one.csv three.csv -o x.html",
        1,
        "error: one.csv and three.csv must have the same classes, got `0`, `1` and `-1`, `1`",
    );
}

#[test]
fn bad_usage() {
    let sandbox = Sandbox::with("scores.csv", SCORES);
    for (flags, message) in [
        (
            "--names one",
            "`--names` must have 2 names, that of the negative class first, got 1",
        ),
        (
            "--group y_true",
            "`--group` must name a column of its own, got `y_true`, which is that of `--label`",
        ),
        (
            "--id y_score",
            "`--id` must name a column of its own, got `y_score`, which is that of `--score`",
        ),
    ] {
        sandbox.fails(
            &format!("report scores.csv -o x.html {flags}"),
            2,
            &format!("error: {message}"),
        );
    }
    let twice = "error: stdin can be read only once: name a file for the other models";
    sandbox.fails("report - - -o x.html", 2, twice);
}
