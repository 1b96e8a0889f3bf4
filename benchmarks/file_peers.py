"""The peers' side of `files.py`: a script for each task, written as a person would write it who has the file.

    file_peers.py TASK DATA OUT [MODEL]     does it, writes what there is to write to the folder OUT, and prints the
                                            answer as JSON
    file_peers.py is-same A B TOLERANCE     fails unless two tables are equal, their values up to rounding

Each task is a process of its own and imports what it needs and nothing else.
"""

import json
import sys
from pathlib import Path

import polars as pl


def imports_polars(data, out):
    """What every script below takes before it begins."""


def imports_sklearn(data, out):
    """What scripts take that use scikit-learn as well."""
    import sklearn.linear_model
    import sklearn.metrics
    import sklearn.model_selection


def reads(data, out):
    """Every column into memory, and no more."""
    read(data)


def sorts(data, out):
    """The sweep, from which nothing is written."""
    sweep(data)


def moves_polars(data, out):
    return moves(*count_polars(data, [0.5, 0.3]))


def moves_duckdb(data, out):
    return moves(*count_duckdb(data, [0.5, 0.3]))


def sweep_polars(data, out):
    return rows(count_polars(data, [0.3, 0.2, 0.1]))


def sweep_duckdb(data, out):
    return rows(count_duckdb(data, [0.3, 0.2, 0.1]))


def evaluate_sklearn(data, out):
    """What `evaluate` tells that is no arithmetic on the matrix, and the report."""
    import sklearn.metrics as metrics

    frame = read(data)
    y, score = frame["y_true"].to_numpy(), frame["y_score"].to_numpy()
    predicted = (score >= 0.3).astype(y.dtype)
    return {
        "confusion_matrix": metrics.confusion_matrix(y, predicted).tolist(),
        "report": metrics.classification_report(y, predicted, output_dict=True),
        "roc_auc": metrics.roc_auc_score(y, score),
        "average_precision": metrics.average_precision_score(y, score),
        "brier": metrics.brier_score_loss(y, score),
        "log_loss": metrics.log_loss(y, score),
    }


def evaluate_polars(data, out):
    """The same, by hand: sums, and areas of cumulative ones."""
    import numpy as np

    table = sweep(data)
    at, tp, predicted = (table[name].to_numpy() for name in ("y_score", "tp", "predicted"))
    n, p = int(predicted[-1]), int(tp[-1])
    # As many rows as are predicted at the lowest threshold that is high enough.
    last = int(np.count_nonzero(at >= 0.3)) - 1
    tp_here = int(tp[last])
    fp_here = int(predicted[last]) - tp_here
    fp = predicted - tp
    y, score = pl.col("y_true"), pl.col("y_score")
    log_loss = -(pl.when(y == 1).then(score).otherwise(1 - score)).log().mean()
    losses = scan(data).select(brier=((score - y) ** 2).mean(), log_loss=log_loss)
    matrix = [[n - p - fp_here, fp_here], [p - tp_here, tp_here]]
    return {
        "confusion_matrix": matrix,
        "report": report(matrix),
        "roc_auc": float(np.trapezoid(np.append(0, tp), np.append(0, fp))) / (p * (n - p)),
        "average_precision": float(np.sum(np.diff(tp, prepend=0) * (tp / predicted))) / p,
        **losses.collect().row(0, named=True),
    }


def report(matrix):
    """What a classification report says of a matrix in which nothing is 0."""
    (tn, fp), (fn, tp) = matrix
    n = tn + fp + fn + tp
    classes = {}
    for name, hits, predicted, support in (("0", tn, tn + fn, tn + fp), ("1", tp, fp + tp, fn + tp)):
        values = {"precision": hits / predicted, "recall": hits / support}
        classes[name] = values | {"f1-score": 2 * hits / (predicted + support), "support": support}
    averages = {"macro avg": {}, "weighted avg": {}}
    for value in ("precision", "recall", "f1-score"):
        averages["macro avg"][value] = sum(row[value] for row in classes.values()) / 2
        averages["weighted avg"][value] = sum(row[value] * row["support"] for row in classes.values()) / n
    for average in averages.values():
        average["support"] = n
    return classes | {"accuracy": (tn + tp) / n} | averages


def choose(data, out):
    """The highest of the thresholds with the best F1, among all there are."""
    table = sweep(data)
    n, p = table["predicted"][-1], table["tp"][-1]
    best = table.row((2 * table["tp"] / (table["predicted"] + p)).arg_max(), named=True)
    tp, fp = best["tp"], best["predicted"] - best["tp"]
    return {
        "threshold": best["y_score"],
        "f1": 2 * tp / (best["predicted"] + p),
        "confusion_matrix": [[n - p - fp, fp], [p - tp, tp]],
    }


def roc_sklearn(data, out):
    roc(data).write_csv(out / "roc.csv")


def roc_without_picture(data, out):
    roc(data)


def roc_polars(data, out):
    table = sweep(data)
    tp = table["tp"].to_numpy()
    fp = table["predicted"].to_numpy() - tp
    # NumPy divides; polars would multiply by the reciprocal, which rounds twice.
    points = pl.DataFrame({"threshold": table["y_score"], "fpr": fp / fp[-1], "tpr": tp / tp[-1]})
    first = pl.DataFrame([[None], [0.0], [0.0]], points.schema)
    pl.concat([first, points]).write_csv(out / "roc.csv")


def fit(data, out):
    from sklearn.linear_model import LogisticRegression

    frame = read(data)
    model = LogisticRegression().fit(frame.drop("y").to_numpy(), frame["y"].to_numpy())
    return {
        "coef": model.coef_.tolist(),
        "intercept": model.intercept_.tolist(),
        "iterations": model.n_iter_.tolist(),
    }


def predict(data, out, model):
    """With the coefficients that our side has, too."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    saved = json.loads(model.read_text())
    model = LogisticRegression()
    model.classes_ = np.array(saved["classes"])
    model.coef_, model.intercept_ = np.array(saved["coef"]), np.array(saved["intercept"])
    frame = read(data)
    probabilities = model.predict_proba(frame.select(saved["features"]).to_numpy())[:, 1]
    pl.DataFrame({"y_true": frame["y"], "y_score": probabilities}).write_csv(out / "predicted.csv")


def split_csv(data, out):
    for name, side in split(data).items():
        side.write_csv(out / f"{name}.csv")


def split_parquet(data, out):
    # As our side compresses it.
    for name, side in split(data).items():
        side.write_parquet(out / f"{name}.parquet", compression="snappy")


def read(path):
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)


def scan(path):
    return pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path)


def count_polars(path, thresholds):
    """All rows and the positive ones; of both, how many have at least each of the scores."""
    positive = pl.col("y_true") == 1
    counts = [pl.len(), positive.sum().alias("p")]
    for place, threshold in enumerate(thresholds):
        above = pl.col("y_score") >= threshold
        counts += [above.sum().alias(f"above_{place}"), (above & positive).sum().alias(f"tp_{place}")]
    n, p, *pairs = scan(path).select(counts).collect().row(0)
    return n, p, pairs[::2], pairs[1::2], thresholds


def count_duckdb(path, thresholds):
    """The same."""
    import duckdb

    counts = ["count(*)", "count(*) FILTER (y_true = 1)"]
    for threshold in thresholds:
        above = f"y_score >= {threshold}::DOUBLE"
        counts += [f"count(*) FILTER ({above})", f"count(*) FILTER ({above} AND y_true = 1)"]
    n, p, *pairs = duckdb.sql(f"SELECT {', '.join(counts)} FROM '{path}'").fetchall()[0]
    return n, p, pairs[::2], pairs[1::2], thresholds


def moves(n, p, above, tp, _):
    """Two matrices, and what moves from the first to the second."""
    before, after = ([[n - p - (a - t), a - t], [p - t, t]] for a, t in zip(above, tp))
    fn_to_tp, tn_to_fp = after[1][1] - before[1][1], after[0][1] - before[0][1]
    return {"before": before, "after": after, "fn_to_tp": fn_to_tp, "tn_to_fp": tn_to_fp}


def rows(counted):
    """Threshold, tp, fp, fn, tn."""
    n, p, above, tp, thresholds = counted
    return {"rows": [[at, t, a - t, p - t, n - p - (a - t)] for at, a, t in zip(thresholds, above, tp)]}


def sweep(path):
    """At each distinct score from the highest: how many rows have it or more, and how many of these are positive."""
    is_last = (pl.col("y_score") != pl.col("y_score").shift(-1)).fill_null(True)
    sorted_rows = scan(path).sort("y_score", descending=True)
    counted = sorted_rows.select("y_score", tp=pl.col("y_true").cum_sum(), predicted=pl.int_range(1, pl.len() + 1))
    return counted.filter(is_last).collect()


def roc(path):
    from sklearn.metrics import roc_curve

    frame = read(path)
    y, score = frame["y_true"].to_numpy(), frame["y_score"].to_numpy()
    fpr, tpr, thresholds = roc_curve(y, score, drop_intermediate=False)
    # "Predict none" has no threshold; in scikit-learn it has inf.
    threshold = pl.when(pl.col("threshold").is_finite()).then("threshold").alias("threshold")
    return pl.DataFrame({"threshold": thresholds, "fpr": fpr, "tpr": tpr}).with_columns(threshold)


def split(path):
    import numpy as np
    from sklearn.model_selection import train_test_split

    frame = read(path)
    train, test = train_test_split(np.arange(frame.height), random_state=0)
    return {"train": frame[train], "test": frame[test]}


def check_same(ours, theirs, tolerance):
    """Names and types of columns, their order, the number of rows, and each value, relative to its column's largest."""
    ours, theirs = read(Path(ours)), read(Path(theirs))
    if ours.schema != theirs.schema or ours.height != theirs.height:
        raise SystemExit(f"{ours.schema}, {ours.height} rows; the peer has {theirs.schema}, {theirs.height} rows")
    for name in ours.columns:
        a, b = ours[name], theirs[name]
        is_near = ((a - b).abs() <= float(tolerance) * (b.abs().max() or 0)) | (a == b)
        is_off = ~is_near.fill_null(False) & ~(a.is_null() & b.is_null())
        if is_off.any():
            row = is_off.arg_max()
            found = f"{is_off.sum()} rows differ, the first is {row}"
            raise SystemExit(f"{found}: `{name}` is {a[row]}, the peer's {b[row]}")


def main():
    if sys.argv[1] == "is-same":
        check_same(*sys.argv[2:])
        return
    task, data, out, *model = sys.argv[1:]
    answer = globals()[task](Path(data), Path(out), *map(Path, model))
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
