//! Pictures: `evaluate --plot` and `curve … -o x.svg`, whole files or none.

use crate::Sandbox;

const SCORES: &str =
    "y_true,y_score\n1,0.875\n1,0.75\n0,0.625\n1,0.5\n0,0.5\n1,0.375\n0,0.25\n0,0.125\n";

fn with_scores() -> Sandbox {
    Sandbox::with("s.csv", SCORES)
}

#[test]
fn evaluate_draws_the_matrix_it_shows() {
    let sandbox = with_scores();
    let printed = sandbox.ok("evaluate s.csv --threshold 0.6");
    let with_plot = "evaluate s.csv --threshold 0.6 --names No,Yes --plot matrix.svg";
    sandbox.ok(with_plot);
    let svg = sandbox.text("matrix.svg");
    // At 0.6: 0.875 and 0.75 are found, 0.625 is a false alarm.
    assert!(svg.contains("True No: predicted No 3, Yes 1. True Yes: predicted No 2, Yes 2."));
    assert_eq!(
        sandbox.ok("evaluate s.csv --threshold 0.6 --plot matrix.PNG"),
        printed
    );
    let png = std::fs::read(sandbox.path("matrix.PNG")).unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    sandbox.ok("evaluate s.csv --threshold 0.6 --normalize true --plot shares.svg");
    assert!(
        sandbox
            .text("shares.svg")
            .contains("True 0: predicted 0 0.75, 1 0.25.")
    );
    // 3 of 8 rows.
    sandbox.ok("evaluate s.csv --threshold 0.6 --plot both.svg --cell-text both --no-color-bar --title Mail");
    let both = sandbox.text("both.svg");
    assert!(both.contains("<title>Mail</title>") && both.contains("37.5 %"));
    // The scale of colours is made of a hundred boxes and more.
    assert!(both.matches("<rect").count() < 10 && svg.matches("<rect").count() > 100);
    std::fs::remove_file(sandbox.path("both.svg")).unwrap();
    sandbox.ok("evaluate s.csv --threshold 0.6 --names No,Yes --plot-scores scores.svg");
    let svg = sandbox.text("scores.svg");
    assert!(svg.contains("No (rows: 4)") && svg.contains("Yes (rows: 4)"));
    assert!(svg.contains("Marked: threshold 0.6."));
    assert_eq!(
        sandbox.listing(),
        [
            "matrix.PNG",
            "matrix.svg",
            "s.csv",
            "scores.svg",
            "shares.svg"
        ]
    );
    // Both files or none.
    let run = sandbox.run(&[
        "evaluate",
        "s.csv",
        "--plot",
        "a.svg",
        "--plot-scores",
        "b.txt",
    ]);
    assert_eq!(
        (run.code, sandbox.listing().len()),
        (Some(2), 5),
        "{}",
        run.stderr
    );
}

#[test]
fn every_curve_is_a_picture() {
    for (name, words) in [
        ("roc", "AUC 0.781"),
        ("pr", "chance (prevalence 0.5)"),
        ("det", "False negative rate"),
        ("lift", "Lift"),
        ("gain", "Share of positive rows found"),
        ("ks", "KS 0.5"),
        ("calibration", "perfectly calibrated"),
        ("net-benefit", "treat all"),
        ("cost", "lowest cost"),
    ] {
        let sandbox = with_scores();
        let points = sandbox.run(&["curve", name, "s.csv", "-o", "points.csv"]);
        let picture = sandbox.run(&["curve", name, "s.csv", "-o", "picture.svg"]);
        assert_eq!((picture.code, &*picture.stdout), (Some(0), ""), "{name}");
        assert_eq!(picture.stderr, points.stderr, "{name}");
        let svg = sandbox.text("picture.svg");
        assert!(svg.contains(words), "{name}");
        sandbox.ok(&format!("curve {name} s.csv -o picture.png"));
    }
}

#[test]
fn several_classes_share_a_picture() {
    let sandbox = Sandbox::with(
        "c.csv",
        "y_true,y_pred,p_a,p_b,p_c\na,a,0.5,0.25,0.25\nb,a,0.5,0.5,0.0\nc,c,0.25,0.25,0.5\nc,b,0.0,0.75,0.25\n",
    );
    sandbox.ok("curve roc c.csv -o roc.svg");
    let svg = sandbox.text("roc.svg");
    for class in ["a (AUC ", "b (AUC ", "c (AUC "] {
        assert!(svg.contains(class), "{class}");
    }
    sandbox.ok("curve roc c.csv --average micro -o micro.svg");
    assert!(sandbox.text("micro.svg").contains("micro average (AUC "));
    sandbox.ok("curve pr c.csv --positive b -o b.svg");
}

#[test]
fn what_cannot_be_drawn_leaves_no_file() {
    let sandbox = Sandbox::with("one.csv", "y_true,y_score\n1,0.5\n1,0.25\n");
    let warning = "warning: all rows are of one class, `1`: what needs both is undefined\n";
    sandbox.fails(
        "curve roc one.csv -o roc.svg",
        1,
        &format!(
            "{warning}error: one.csv, column `y_score`: `series` must have negative rows for a ROC chart, got none"
        ),
    );
    sandbox.fails(
        "evaluate one.csv --plot matrix.pdf",
        2,
        "error: matrix.pdf: a picture must end in `.svg` or `.png`",
    );
}

#[test]
fn bands_are_drawn_where_they_are_known() {
    let sandbox = with_scores();
    for (name, other) in [("roc", "tpr"), ("pr", "precision")] {
        sandbox.ok(&format!("curve {name} s.csv -o plain.svg"));
        sandbox.ok(&format!("curve {name} s.csv --band 0.9 -o band.svg"));
        let [plain, band] = ["plain.svg", "band.svg"].map(|file| sandbox.text(file));
        let words = "A band shows the interval";
        assert!(!plain.contains(words) && band.contains(words), "{name}");
        // The band has an area of its own, less dense than lines.
        let areas = |svg: &str| svg.matches("fill-opacity=\"0.18\"").count();
        assert_eq!((areas(&plain), areas(&band)), (0, 1), "{name}");
        let points = sandbox.ok(&format!("curve {name} s.csv --band 0.9"));
        assert!(points.contains(&format!("{other}_low")), "{name}");
    }
}

#[test]
fn sweeps_and_moves_are_pictures_too() {
    let sandbox = with_scores();
    let table = sandbox.ok("sweep s.csv");
    assert_eq!(sandbox.ok("sweep s.csv --plot cells.svg"), table);
    let svg = sandbox.text("cells.svg");
    assert!(svg.contains("4 positive and 4 negative rows.") && svg.contains("true negatives"));
    sandbox.ok("sweep s.csv --plot metrics.svg --draw metrics --metrics recall,mcc");
    let svg = sandbox.text("metrics.svg");
    assert!(svg.contains("Recall") && !svg.contains("true negatives"));
    sandbox.ok("moves s.csv --from 0.6 --to 0.4 --plot flow.svg");
    // 0.5 and 0.5: one of each class is newly called.
    let svg = sandbox.text("flow.svg");
    assert!(svg.contains("1 false negative becomes a true positive, 1 true negative becomes"));
    sandbox.fails(
        "sweep s.csv --plot cells.txt -o t.csv",
        2,
        "error: cells.txt: a picture must end in `.svg` or `.png`",
    );
    sandbox.fails(
        "sweep s.csv --plot cells.svg --draw metrics --metrics none -o t.csv",
        2,
        "error: `--draw metrics` needs a metric: name some with `--metrics`",
    );
    assert_eq!(
        sandbox.listing(),
        ["cells.svg", "flow.svg", "metrics.svg", "s.csv"]
    );
}

#[test]
fn charts_of_characters() {
    let sandbox = with_scores();
    let frame = |text: &str| text.contains('┌') && text.contains('└');
    for name in crate::curve::NAMES {
        let points = sandbox.run(&["curve", name, "s.csv"]);
        let chart = sandbox.run(&["curve", name, "s.csv", "--chart"]);
        assert_eq!(chart.code, Some(0), "{name}: {}", chart.stderr);
        assert_eq!(chart.stderr, points.stderr, "{name}");
        assert!(
            frame(&chart.stdout) && !chart.stdout.contains('\x1b'),
            "{name}"
        );
        assert!(
            chart.stdout.lines().all(|line| line.chars().count() <= 80),
            "{name}"
        );
        // Both where the points have a file.
        let both = sandbox.ok(&format!("curve {name} s.csv --chart -o points.csv"));
        assert_eq!(both, chart.stdout, "{name}");
        assert_eq!(sandbox.text("points.csv"), points.stdout, "{name}");
    }
    // Without colours, a chart for each count.
    let cells = sandbox.ok("sweep s.csv --chart");
    for title in ["cells: tn\n", "cells: fp\n", "cells: fn\n", "cells: tp\n"] {
        assert!(cells.contains(title), "{title}");
    }
    let metrics = sandbox.ok("sweep s.csv --chart --draw metrics --metrics recall -o t.csv");
    assert!(frame(&metrics) && metrics.contains("metrics"));
    assert_eq!(
        sandbox.text("t.csv").lines().next(),
        Some("threshold,tp,fp,fn,tn,recall")
    );
    for line in [
        "sweep s.csv --chart --format json",
        "curve roc s.csv --chart --format json",
    ] {
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!((run.code, &*run.stdout), (Some(2), ""), "{line}");
        assert!(
            run.stderr.contains("`--chart` draws instead of printing"),
            "{line}"
        );
    }
}

#[test]
fn a_choice_is_drawn_among_its_metrics() {
    let sandbox = with_scores();
    let line = "choose s.csv --maximize precision --subject-to recall>=0.5 --subject-to fp<=3";
    let printed = sandbox.ok(line);
    assert_eq!(sandbox.ok(&format!("{line} --plot choice.svg")), printed);
    let svg = sandbox.text("choice.svg");
    // 0.875 and 0.75 are all positive, and half of the positive rows. Up to 0.125 four rows are false alarms; from
    // 0.875 on fewer than half of the positive rows are found.
    for words in [
        "<title>To maximize precision subject to recall&gt;=0.5, fp&lt;=3</title>",
        "Marked: threshold 0.75.",
        "Precision at the threshold: 1.",
        "Recall at the threshold: 0.5.",
        "False positives at the threshold: 0.",
        "Not allowed: thresholds above 0.75, up to 0.125.",
    ] {
        assert!(svg.contains(words), "{words}");
    }
    let areas = |svg: &str| svg.matches("fill-opacity=\"0.18\"").count();
    assert_eq!(areas(&svg), 2);
    // F1 has no formula for its interval.
    sandbox.ok("choose s.csv --maximize f1 --plot f1.svg");
    sandbox.ok("choose s.csv --maximize f1 --bootstrap 50 --plot drawn.svg");
    let [plain, drawn] = ["f1.svg", "drawn.svg"].map(|file| areas(&sandbox.text(file)));
    assert!(plain == 0 && drawn > 0, "{plain}, {drawn}");
    // No choice, no picture.
    let run = sandbox.run(&[
        "choose",
        "s.csv",
        "--maximize",
        "f1",
        "--subject-to",
        "recall>=2",
        "--plot",
        "no.svg",
    ]);
    assert_eq!(run.code, Some(1));
    assert!(!sandbox.listing().contains(&"no.svg".to_owned()));
}
