//! How mistakes are told: by the flag and the role of a column, not by what the code calls them.

use super::{case, check_refused};
use crate::Sandbox;

const SCORES: &str = "y_true,y_score,w\n1,0.9,1\n0,0.2,2\n1,0.4,1\n0,0.6,3\n";

#[test]
fn columns_are_told_by_what_they_are_for() {
    let path = case("dates.parquet").display().to_string();
    for (column, found) in [("day", "DATE"), ("price", "DECIMAL")] {
        for (line, expected) in [
            (
                format!("sweep {path} --group {column}"),
                format!("column `{column}`: must hold names of groups, got {found}"),
            ),
            (
                format!("compare {path} {path} --id {column}"),
                format!("column `{column}`: must hold ids, got {found}"),
            ),
            (
                format!("sweep {path} --label {column}"),
                format!("column `{column}`: must hold class labels, got {found}"),
            ),
        ] {
            check_refused(&line, 1, &[&expected]);
        }
    }
}

#[test]
fn mistakes_in_flags_name_the_flag() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let path = sandbox.path("s.csv").display().to_string();
    for (line, message) in [
        (
            "choose FILE --maximize f1 --bootstrap 0",
            "invalid value '0' for '--bootstrap <N>': must be a whole number in [1, 10000000]",
        ),
        (
            "choose FILE --maximize f1 --bootstrap 10000001",
            "for '--bootstrap <N>': must be a whole number in [1, 10000000]",
        ),
        (
            "choose FILE --maximize f1 --cv 1",
            "invalid value '1' for '--cv <K>': must be a whole number in [2, 1000]",
        ),
        (
            "choose FILE --maximize f1 --cv 1001",
            "for '--cv <K>': must be a whole number in [2, 1000]",
        ),
        (
            "curve calibration FILE --bins 0",
            "invalid value '0' for '--bins <N>': must be a whole number in [1, 1000000]",
        ),
        (
            "curve calibration FILE --bins 1000001",
            "for '--bins <N>': must be a whole number in [1, 1000000]",
        ),
        (
            "choose FILE --cost fp=1e200",
            "`fp` must cost in [-1e100, 1e100], got 1e200\n",
        ),
        (
            "moves FILE --from 0.5 --to 0.3 --cost fn=-1e200",
            "`fn` must cost in [-1e100, 1e100], got -1e200\n",
        ),
        (
            "curve roc FILE --weight w --band 0.9",
            "error: `--band` needs rows without weights",
        ),
        (
            "curve pr FILE --weight w --band 0.9",
            "error: `--band` needs rows without weights",
        ),
        (
            "curve roc FILE --average macro",
            "error: `--average` needs the scores of several classes",
        ),
        (
            "curve roc FILE FILE --average macro",
            "error: `--average` needs the scores of several classes",
        ),
    ] {
        let line = line.replace("FILE", &path);
        check_refused(&line, 2, &[message]);
    }
    // The ends of the domains.
    sandbox.ok("choose s.csv --maximize f1 --bootstrap 1");
    sandbox.ok("choose s.csv --maximize f1 --cv 2");
    sandbox.ok("curve calibration s.csv --bins 1000000");
    sandbox.ok("choose s.csv --cost fp=1e100");
}
