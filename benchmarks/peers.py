"""The peers' side of `run`: makes the data, loads it, then times one call for each line on stdin.

Each call is written as a person would write it who has the arrays in memory. The time is that of the call alone.
"""

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import rapidstats.metrics
import sklearn.metrics
from pyarrow import csv
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

GRID = [step / 100 for step in range(1, 100)]


def scores_of(n):
    """Labels, and scores of a fair classifier: probabilities, nearly all distinct, 30 % positive."""
    rng = np.random.default_rng(42)
    labels = rng.random(n) < 0.3
    return labels, 1 / (1 + np.exp(-(rng.standard_normal(n) + labels)))


def make_scores(folder, n):
    """What commands in memory have."""
    labels, scores = scores_of(n)
    save(folder / f"scores-{n}.npy", scores)
    save(folder / f"labels-{n}.npy", labels)


def make_scores_parquet(folder, n):
    """The same kind of scores as a file, block by block, however many."""
    rng = np.random.default_rng(42)
    block_rows = 1_000_000
    path = folder / f"scores-{n}.parquet"
    part = path.with_suffix(".part")
    schema = pa.schema([("y_true", pa.bool_()), ("y_score", pa.float64())])
    with pq.ParquetWriter(part, schema) as writer:
        for start in range(0, n, block_rows):
            rows = min(block_rows, n - start)
            labels = rng.random(rows) < 0.3
            scores = 1 / (1 + np.exp(-(rng.standard_normal(rows) + labels)))
            writer.write_table(pa.table([labels, scores], schema=schema))
    part.rename(path)


def make_rows(folder, n):
    """Rows with ids, two models' scores, weights, amounts and groups, in every format; and a table to fit."""
    rng = np.random.default_rng(42)
    labels = rng.random(n) < 0.3
    signal = rng.standard_normal(n) + labels
    table = pa.table(
        {
            "id": pa.array(np.char.add("row-", np.arange(n).astype(str))),
            "y_true": labels.astype(np.int64),
            "y_score": 1 / (1 + np.exp(-signal)),
            "other": 1 / (1 + np.exp(-(signal + rng.standard_normal(n)))),
            "w": rng.integers(1, 9, n) / 4,
            "amount": rng.exponential(100, n),
            "site": pa.array(np.char.add("site-", np.minimum(rng.integers(0, 40, n), rng.integers(0, 40, n)).astype(str))),
        }
    )
    numbers = table.drop_columns(["id", "site"])
    records = np.empty(n, [(name, numbers[name].to_numpy().dtype) for name in numbers.column_names])
    for name in numbers.column_names:
        records[name] = numbers[name].to_numpy()
    np.save(folder / f"rows-{n}.npy", records)
    pq.write_table(table, folder / f"rows-{n}.parquet")
    csv.write_csv(table, folder / f"rows-{n}.part")
    (folder / f"rows-{n}.part").rename(folder / f"rows-{n}.csv")


# A metric at every threshold, from cumulative counts; what a search for its maximum is held against.
METRICS = {
    "mcc": lambda tp, fp, p, n: (tp * (n - fp) - fp * (p - tp))
    / (np.sqrt(p) * np.sqrt(n) * np.sqrt(tp + fp) * np.sqrt(np.maximum(p + n - tp - fp, 1))),
    "f1": lambda tp, fp, p, n: 2 * tp / (tp + fp + p),
    "youden": lambda tp, fp, p, n: tp / p - fp / n,
    "accuracy": lambda tp, fp, p, n: (tp + n - fp) / (p + n),
}


def check_optimum(path, found):
    """Holds an optimum against that of numpy, which sorts all rows."""
    table = pq.read_table(path)
    labels, scores = table["y_true"].to_numpy(), table["y_score"].to_numpy()
    order = np.argsort(-scores)
    labels, scores = labels[order].astype(np.float64), scores[order]
    is_last = np.append(np.diff(scores) != 0, True)
    tp, predicted = np.cumsum(labels)[is_last], np.flatnonzero(is_last) + 1.0
    scores = scores[is_last]
    formula = METRICS.get(found["metric"])
    if formula is None:
        raise SystemExit(f"benchmarks: numpy has no {found['metric']} to check with")
    positives = labels.sum()
    values = formula(tp, predicted - tp, positives, len(labels) - positives)
    best = values.max()
    here = values[np.searchsorted(-scores, -found["threshold"])]
    if not (abs(best - found["value"]) < 1e-12 and best - here < 1e-12):
        raise SystemExit(f"benchmarks: numpy finds {best} at {scores[values.argmax()]}, and we {found}")


def make_scores_files(folder, n):
    """The same as a person has them who works with polars."""
    labels, scores = scores_of(n)
    frame = pl.DataFrame({"y_true": labels.astype(np.int64), "y_score": scores})
    write(frame.write_parquet, folder / f"polars-scores-{n}.parquet")
    write(frame.write_csv, folder / f"polars-scores-{n}.csv")


def table_of(n):
    """Rows of 20 features for a classifier to fit."""
    return make_classification(n, 20, n_informative=10, n_redundant=5, flip_y=0.05, random_state=42)


def make_table(folder, n):
    x, y = table_of(n)
    save(folder / f"x-{n}.npy", np.ascontiguousarray(x))
    save(folder / f"y-{n}.npy", y.astype(np.int64))


def make_table_files(folder, n):
    x, y = table_of(n)
    columns = {f"x{place}": np.ascontiguousarray(column) for place, column in enumerate(x.T)}
    frame = pl.DataFrame(columns | {"y": y.astype(np.int64)})
    write(frame.write_csv, folder / f"polars-table-{n}.csv")


def write(write_to, path):
    """Whole or not at all."""
    part = path.with_suffix(".part")
    write_to(part)
    part.rename(path)


def save(path, array):
    """Whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.save(file, array)
    part.rename(path)


class Peers:
    """What is loaded, and a method for each task of each peer: the call to time, and what tells its result."""

    def load(self, files):
        if "scores" in files:
            self.scores = np.load(files["scores"])
            self.labels = np.load(files["labels"])
            self.frame = pl.DataFrame({"score": self.scores, "label": self.labels})
            self.duck = duckdb.connect()
            self.duck.register("frame", {"score": self.scores, "label": self.labels})
            self.duck.execute("CREATE TABLE scores AS SELECT * FROM frame")
        if "x" in files:
            self.x, self.y = np.load(files["x"]), np.load(files["y"])
        if "n_bootstrap" in files:
            self.n_bootstrap = files["n_bootstrap"]
        if "n_generated" in files:
            self.n_generated = files["n_generated"]
        return {"versions": versions()}

    def sweep_all_sklearn(self):
        call = sklearn.metrics.confusion_matrix_at_thresholds
        return lambda: call(self.labels, self.scores), lambda result: digest(result[4], result[1], result[3])

    def sweep_all_polars(self):
        # Ties are left as they are, which is less than a sweep has to do.
        query = (
            self.frame.lazy()
            .sort("score", descending=True)
            .select("score", tp=pl.col("label").cum_sum(), fp=pl.col("label").not_().cum_sum())
        )
        return query.collect, lambda result: digest(*(result[name].to_numpy() for name in ("score", "fp", "tp")))

    def sweep_all_duckdb(self):
        query = """
            SELECT score, sum(p) OVER above AS tp, sum(n) OVER above AS fp
            FROM (
                SELECT score, count(*) FILTER (label) AS p, count(*) FILTER (NOT label) AS n
                FROM scores GROUP BY score
            )
            WINDOW above AS (ORDER BY score DESC)
            ORDER BY score DESC
        """
        return lambda: self.duck.execute(query).fetchnumpy(), lambda result: digest(
            *(np.asarray(result[name]) for name in ("score", "fp", "tp"))
        )

    def sweep_all_rapidstats(self):
        call = rapidstats.metrics.confusion_matrix_at_thresholds
        names = ("tn", "fp", "fn", "tp")

        def look(result):
            table = {name: result.filter(pl.col("metric") == name).sort("threshold", descending=True) for name in names}
            column = {name: table[name]["value"].to_numpy() for name in names}
            return digest(table["tp"]["threshold"].to_numpy(), column["fp"], column["tp"])

        columns = self.frame["label"], self.frame["score"]
        return lambda: call(*columns, metrics=names, strategy="cum_sum"), look

    def np_sort_numpy(self):
        return lambda: np.sort(self.scores), lambda result: numbers(result[[0, -1]])

    def one_threshold_sklearn(self):
        call = sklearn.metrics.confusion_matrix
        return lambda: call(self.labels, self.scores >= 0.5), lambda result: [numbers(result)]

    def grid_rapidstats(self):
        call = rapidstats.metrics.confusion_matrix_at_thresholds
        names = ["tn", "fp", "fn", "tp"]

        def look(result):
            table = result.pivot(on="metric", index="threshold", values="value").sort("threshold")
            return [[float(value) for value in row] for row in table.select(names).rows()]

        columns = self.frame["label"], self.frame["score"]
        return lambda: call(*columns, thresholds=GRID, metrics=names), look

    def grid_numpy(self):
        def call():
            edges = np.array([-np.inf, *GRID, np.inf])
            positives = np.histogram(self.scores[self.labels], edges)[0]
            negatives = np.histogram(self.scores[~self.labels], edges)[0]
            fn, tn = np.cumsum(positives)[:-1], np.cumsum(negatives)[:-1]
            return np.stack([tn, negatives.sum() - tn, fn, positives.sum() - fn], axis=1)

        return call, lambda result: [numbers(row) for row in result]

    def roc_auc_sklearn(self):
        call = sklearn.metrics.roc_auc_score
        return lambda: call(self.labels, self.scores), lambda result: [float(result)]

    def roc_auc_rapidstats(self):
        call = rapidstats.metrics.roc_auc
        columns = self.frame["label"], self.frame["score"]
        return lambda: call(*columns), lambda result: [float(result)]

    def bootstrap_sklearn(self):
        """Ten replicates: Youden's threshold of each, and what the metrics at 0.5 are made of."""
        labels, scores = self.labels[: self.n_bootstrap], self.scores[: self.n_bootstrap]

        def call():
            rng = np.random.default_rng(0)
            replicates = []
            for _ in range(10):
                rows = rng.integers(len(scores), size=len(scores))
                y, score = labels[rows], scores[rows]
                fpr, tpr, thresholds = sklearn.metrics.roc_curve(y, score)
                chosen = thresholds[np.argmax(tpr - fpr)]
                replicates.append((chosen, sklearn.metrics.confusion_matrix(y, score >= 0.5)))
            return replicates

        return call, lambda result: [float(chosen) for chosen, _ in result]

    def plain_pass_numpy(self):
        return lambda: (self.scores.sum(), np.count_nonzero(self.labels)), lambda result: numbers(result)

    def generate_numpy_sklearn(self):
        def look(result):
            x, y = result
            return [*numbers([x[0, 0], x[0, 19], x[-1, 0], x[-1, 19]]), int(y.sum())]

        return lambda: make_classification(self.n_generated, 20, random_state=42), look

    def fit_tall_lbfgs(self):
        return self.fit("lbfgs")

    def fit_tall_newton_cholesky(self):
        return self.fit("newton-cholesky")

    def fit(self, solver):
        model = LogisticRegression(solver=solver)
        return lambda: model.fit(self.x, self.y), lambda result: numbers([*result.coef_[0], *result.intercept_])


def digest(thresholds, fp, tp):
    """Number, ends and middle of the thresholds, and the cells there."""
    last = len(thresholds) - 1
    rows = []
    for place in (0, (last + 1) // 2 - 1, last):
        cells = (fp[last] - fp[place], fp[place], tp[last] - tp[place], tp[place])
        rows.append(numbers([thresholds[place], *cells]))
    return [last + 1, rows]


def numbers(values):
    return [float(value) for value in np.ravel(values)]


def versions():
    return {name: version(name) for name in ("duckdb", "numpy", "polars", "rapidstats", "scikit-learn")}


def answer(peers, request):
    if "load" in request:
        return peers.load(request["load"])
    call, look = getattr(peers, request["run"])()
    start = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "result": look(result)}


def main():
    if sys.argv[1:2] == ["make"]:
        kind, folder, n = sys.argv[2:]
        makers = {
            "scores": make_scores,
            "scores-parquet": make_scores_parquet,
            "scores-files": make_scores_files,
            "rows": make_rows,
            "table": make_table,
            "table-files": make_table_files,
        }
        makers[kind](Path(folder), int(n))
        return
    if sys.argv[1:2] == ["check-optimum"]:
        path, found = sys.argv[2:]
        check_optimum(path, json.loads(found))
        return
    # Answers have the real stdout to themselves, whatever the libraries print.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    peers = Peers()
    for line in sys.stdin:
        try:
            reply = answer(peers, json.loads(line))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=answers, flush=True)


if __name__ == "__main__":
    main()
