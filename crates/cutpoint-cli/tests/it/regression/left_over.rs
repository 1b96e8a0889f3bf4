//! Flags that would do nothing beside others are refused, and it is said what they are for.

use super::{case, check_refused};
use crate::Sandbox;

#[test]
fn what_would_do_nothing_is_refused() {
    let path = case("prev.csv");
    let choose = format!("choose {}", path.display());
    for flag in ["--cv 5", "--bootstrap 100", "--save point.json"] {
        let name = flag.split(' ').next().unwrap();
        let line = format!("{choose} --pareto recall,precision {flag}");
        check_refused(&line, 2, &[name, "`--pareto`"]);
    }
    check_refused(
        &format!("{choose} --maximize f1 -o z.csv"),
        2,
        &["`--output`", "`--pareto`"],
    );
    check_refused(
        &format!("{choose} --maximize f1 --group y_true -o z.csv"),
        2,
        &["`--output`"],
    );
    let line = format!("{choose} --pareto recall,precision --subject-to recall>=2");
    check_refused(
        &line,
        1,
        &["no threshold meets all constraints", "no frontier"],
    );
    let line = format!(
        "split {} --train a.csv --test b.csv --target y_true",
        path.display()
    );
    check_refused(&line, 2, &["--stratify"]);
}

#[test]
fn nothing_is_drawn_for_areas() {
    let path = case("prev.csv");
    let path = path.display();
    let compare = format!("compare {path} {path} --metrics none");
    for flag in ["--bootstrap 100", "--bootstrap 2000", "--random-state 0"] {
        let name = flag.split(' ').next().unwrap();
        check_refused(
            &format!("{compare} {flag}"),
            2,
            &[&format!("`{name}` is for drawing rows"), "`--metrics none`"],
        );
        Sandbox::new().ok(&format!("{compare} --cost fp=1,fn=2 {flag}"));
    }
    Sandbox::new().ok(&format!("{compare} --confidence 0.9"));
}

#[test]
fn what_a_flag_is_for_is_said_where_it_would_do_nothing() {
    let path = case("prev.csv");
    let path = path.display();
    for (line, messages) in [
        ("sweep FILE --chart --moves", ["`--moves`", "`-o FILE`"]),
        (
            "sweep FILE --chart --thresholds 3",
            ["`--thresholds`", "`-o FILE`"],
        ),
        (
            "sweep FILE --partial-out p.csv --metrics mcc",
            ["`--metrics`", "`--partial-out`"],
        ),
        (
            "sweep FILE --partial-out p.csv --format json",
            ["`--format json`", "`-o FILE`"],
        ),
        (
            "sweep FILE --draw metrics",
            ["`--draw`", "`--chart`, or `--plot FILE`"],
        ),
        (
            "choose FILE --maximize f1 --random-state 7",
            ["`--random-state`", "`--bootstrap N`"],
        ),
        (
            "choose FILE --maximize f1 --prevalence 0.02 --random-state 7",
            ["`--random-state`", "`--bootstrap N`"],
        ),
        (
            "choose FILE --cost fp=1,fn=5 --prevalence 0.02 --validate FILE --random-state 7",
            ["`--random-state`", "no interval by formula"],
        ),
        (
            "choose FILE --pareto recall,precision --confidence 0.9",
            ["`--confidence`", "`--pareto`"],
        ),
        (
            "choose FILE --maximize f1 --group y_true --stratified",
            ["`--stratified`", "`--group`"],
        ),
        (
            "choose FILE --cost fp=1,fn=2 --reject-cost 0.2 --interval clopper-pearson",
            ["`--interval`", "`--reject-cost`"],
        ),
        (
            "choose FILE --maximize f1 --cv 3 --weight y_score --confidence 0.9",
            ["`--confidence`", "`--bootstrap N`"],
        ),
        (
            "choose FILE --maximize f1 --weight y_score --interval clopper-pearson",
            ["`--interval`", "`--bootstrap N`"],
        ),
        (
            "split FILE --train a.csv --no-shuffle --random-state 7",
            ["`--random-state`", "`--no-shuffle`"],
        ),
        (
            "split FILE --train a.csv --no-shuffle --rng chacha",
            ["`--rng`", "`--no-shuffle`"],
        ),
        (
            "generate -o a.csv --kind moons --no-shuffle --random-state 7",
            ["`--random-state`", "`--noise`"],
        ),
        (
            "curve roc FILE --chart --drop-intermediate",
            ["`--drop-intermediate`", "`-o FILE.csv`"],
        ),
        (
            "curve det FILE -o det.svg --drop-intermediate",
            ["`--drop-intermediate`", "`-o FILE.csv`"],
        ),
        (
            "curve pr FILE --chart --band 0.9",
            ["`--band`", "`-o FILE`"],
        ),
        (
            "curve calibration FILE --chart --confidence 0.9",
            ["`--confidence`", "`-o FILE`"],
        ),
        (
            "curve roc FILE --average macro --max-fpr 0.1",
            ["`--max-fpr`", "`--average micro`"],
        ),
        (
            "evaluate FILE --format json --digits 5",
            ["`--digits`", "`--format json`"],
        ),
    ] {
        let line = line.replace("FILE", &path.to_string());
        check_refused(&line, 2, &messages);
    }
    // Youden's J is the same at every prevalence, and has no formula.
    Sandbox::new().ok(&format!(
        "choose {path} --maximize youden --prevalence 0.02 --validate {path} --random-state 7"
    ));
}

#[test]
fn parts_that_were_counted_are_not_cut_again() {
    let part = case("part.csv");
    let line = format!(
        "sweep --partial-in {} --partial-out p.csv --thresholds 0.2,0.5",
        part.display()
    );
    check_refused(&line, 2, &["`--thresholds`", "`-o FILE`"]);
}

#[test]
fn a_column_of_scores_that_is_named_is_wanted() {
    let sandbox = Sandbox::with("c.csv", "y_true,p_a,p_b\na,0.9,0.1\nb,0.3,0.7\na,0.4,0.6\n");
    let run = sandbox.run(&["curve", "roc", "c.csv", "--score", "p"]);
    assert!(run.stderr.contains("`p`"), "{run:?}");
    assert_eq!(run.code, Some(1));
    sandbox.ok("curve roc c.csv --score y_score");
}

#[test]
fn the_area_up_to_a_rate_is_told_of_all_classes_together() {
    // Row by class, positives have 0.8, 0.3 and 0.5, negatives 0.1, 0.1, 0.4, 0.3, 0.2 and 0.3. Up to an fpr of 1/6 two
    // positives come before the first negative (0.4): the area is 2/3 of 1/6, and of McClish's scale
    // (1/9 - 1/72) / (1/6 - 1/72) / 2 + 1/2 = 9/11; scikit-learn 1.9.1, roc_auc_score(y, s, max_fpr=1/6):
    // 0.8181818181818181.
    let sandbox = Sandbox::with(
        "c.csv",
        "y_true,p_a,p_b,p_c\na,0.8,0.1,0.1\nb,0.4,0.3,0.3\nc,0.2,0.3,0.5\n",
    );
    let curve =
        sandbox.json("curve roc c.csv --average micro --max-fpr 0.16666666666666666 --format json");
    let area = curve["partial_roc_auc"].as_f64().unwrap();
    assert!((area - 9.0 / 11.0).abs() < 1e-12, "{area}");
}

#[test]
fn groups_tell_the_prevalence_they_are_chosen_for() {
    let sandbox = Sandbox::with(
        "s.csv",
        "y_true,y_score,g\n1,0.9,a\n0,0.4,a\n1,0.3,a\n1,0.8,b\n0,0.6,b\n0,0.1,b\n",
    );
    let line = "choose s.csv --maximize f1 --group g --prevalence 0.25";
    assert_eq!(
        sandbox.json(&format!("{line} --format json"))["at_prevalence"],
        0.25
    );
    assert!(
        sandbox
            .ok(line)
            .contains("metrics at a prevalence of 0.25 in each group")
    );
}
