"""Whole commands on files, each against a peer's script that reads the same file: `run --only files`.

Every run is a process of its own, start-up, reading and writing included, with files in the system's cache; `start`
tells how much of a script is its imports. Before the rounds that count, every side runs once, and where a peer has our
answer (`equal`), it is held against ours: counts, thresholds, points of curves and rows of a split to the last digit,
what `evaluate` and `predict` tell to 1e-12, coefficients as in `run`. A difference ends the benchmarks. Where no peer
has it (`other work`), the script's name tells what it does, which is less. Peaks are of the whole process; below some
20 MiB they are this program's own.

Our side syncs to the disk what it writes; the peers leave that to the system.
"""

import csv
import io
import json
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from shared import CACHE, HERE, PYTHON, ROUNDED, SAME, SAME_PATH, build, is_same, measure, milliseconds, say


@dataclass(frozen=True)
class Peer:
    """A function of `file_peers.py`."""

    name: str
    script: str
    has_answer: bool = True


@dataclass(frozen=True)
class Task:
    """A command of ours, its arguments separated by spaces, and who does the same."""

    name: str
    data: str
    command: str
    peers: tuple[Peer, ...]
    # What is held against the peers' answers: made of what the command prints, or tables that it writes.
    answer: Callable[[str], dict] | tuple[str, ...] = ()
    tolerance: float = SAME


def moves(printed):
    """Both matrices, and the rows that move."""
    told = json.loads(printed)
    matrices = {name: told[name]["confusion_matrix"] for name in ("before", "after")}
    return matrices | {name: told[name] for name in ("fn_to_tp", "tn_to_fp")}


def sweep(printed):
    """Each threshold with its cells."""
    names = ("threshold", "tp", "fp", "fn", "tn")
    table = csv.DictReader(io.StringIO(printed))
    return {"rows": [[float(row[name]) for name in names] for row in table]}


def evaluate(printed):
    """The matrix, every number of the report, and what takes all scores."""
    names = ("confusion_matrix", "report", "roc_auc", "average_precision", "brier", "log_loss")
    return {name: json.loads(printed)[name] for name in names}


def choose(printed):
    """The threshold, its F1 and its matrix."""
    told = json.loads(printed)
    names = ("threshold", "confusion_matrix")
    return {"f1": told["objective"]["value"]} | {name: told[name] for name in names}


def fit(printed):
    """Coefficients, intercept, and how many iterations it took."""
    told = json.loads(printed)
    return {"coef": told["coef"], "intercept": told["intercept"], "iterations": [told["iterations"]]}


READS = Peer("polars only reads", "reads", has_answer=False)
SORTS = Peer("polars only sorts and sums up", "sorts", has_answer=False)
CHOOSES = (Peer("polars sort, cumulative sums", "choose"),)
EVALUATES = (Peer("polars, by hand", "evaluate_polars"), Peer("polars, scikit-learn", "evaluate_sklearn"))
MOVES = (Peer("polars counts", "moves_polars"), Peer("duckdb counts", "moves_duckdb"), READS)
SWEEPS = (Peer("polars counts", "sweep_polars"), Peer("duckdb counts", "sweep_duckdb"), READS)
MOVE = "moves {data} --from 0.5 --to 0.3 --format json"
EVALUATE = "evaluate {data} --threshold 0.3 --format json"
CHOOSE = "choose {data} --maximize f1 --format json --memory"
SPLIT = "split {data} --train {out}/train{ending} --test {out}/test{ending}"

TASKS = [
    Task(
        "start",
        "scores.csv",
        "--version",
        (
            Peer("Python imports polars", "imports_polars", has_answer=False),
            Peer("and scikit-learn, too", "imports_sklearn", has_answer=False),
        ),
    ),
    Task("moves_parquet", "scores.parquet", MOVE, MOVES, moves),
    Task("moves_csv", "scores.csv", MOVE, MOVES, moves),
    Task("sweep_parquet", "scores.parquet", "sweep {data} --thresholds 0.1,0.2,0.3", SWEEPS, sweep),
    Task("evaluate_parquet", "scores.parquet", EVALUATE, EVALUATES, evaluate, ROUNDED),
    Task("evaluate_csv", "scores.csv", EVALUATE, EVALUATES, evaluate, ROUNDED),
    Task("choose_parquet_512MiB", "scores.parquet", f"{CHOOSE} 512MiB", CHOOSES, choose),
    Task("choose_parquet_4GiB", "scores.parquet", f"{CHOOSE} 4GiB", CHOOSES, choose),
    Task("choose_csv_512MiB", "scores.csv", f"{CHOOSE} 512MiB", CHOOSES, choose),
    Task(
        "curve_roc_csv",
        "scores.parquet",
        "curve roc {data} -o {out}/roc.csv",
        (Peer("polars, roc_curve, polars", "roc_sklearn"), Peer("polars sort, cumulative sums", "roc_polars")),
        ("roc.csv",),
    ),
    Task(
        "curve_roc_png",
        "scores.parquet",
        "curve roc {data} -o {out}/roc.png",
        (Peer("polars, roc_curve, no picture", "roc_without_picture", has_answer=False), READS),
    ),
    *(
        Task(
            f"report_{memory}",
            "scores.parquet",
            f"report {{data}} -o {{out}}/report.html --memory {memory}",
            (SORTS, READS),
        )
        for memory in ("512MiB", "2GiB")
    ),
    Task(
        "fit_csv",
        "table.csv",
        "fit {data} -o {out}/model.json --format json",
        (Peer("polars, scikit-learn lbfgs", "fit"), READS),
        fit,
        SAME_PATH,
    ),
    Task(
        "predict_csv",
        "table.csv",
        "predict {model} {data} -o {out}/predicted.csv",
        (Peer("polars, scikit-learn, polars", "predict"), READS),
        ("predicted.csv",),
        ROUNDED,
    ),
    Task(
        "split_csv",
        "table.csv",
        SPLIT.replace("{ending}", ".csv"),
        (Peer("polars, train_test_split", "split_csv"), READS),
        ("train.csv", "test.csv"),
    ),
    Task(
        "split_csv_parquet",
        "table.csv",
        SPLIT.replace("{ending}", ".parquet"),
        (Peer("polars, train_test_split", "split_parquet"), READS),
        ("train.parquet", "test.parquet"),
    ),
]


def make_data(sizes):
    """The files, made once: their paths."""
    folder = CACHE / "data"
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for kind, endings in {"scores": ("parquet", "csv"), "table": ("csv",)}.items():
        n = sizes[kind]
        paths = {f"{kind}.{ending}": folder / f"polars-{kind}-{n}.{ending}" for ending in endings}
        if not all(path.exists() for path in paths.values()):
            say(f"making files of {n} rows of {kind}")
            subprocess.run([PYTHON, HERE / "peers.py", "make", f"{kind}-files", folder, str(n)], check=True)
        files |= paths
    return files


@dataclass
class Side:
    """Who runs a task: one of our programs, or a peer."""

    name: str
    command: list[str]
    is_ours: bool = False
    has_answer: bool = True
    seconds: list[float] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)

    def run(self, out):
        """Runs it once, writing to this folder, and keeps what that took; what it prints."""
        out.mkdir()
        seconds, peak, printed = measure([part.replace("{out}", str(out)) for part in self.command])
        self.seconds.append(seconds)
        self.peaks.append(peak)
        return printed.decode()


def sides_of(task, programs, files):
    """Our side first, then the former one if there is any, then the peers."""
    data, model = str(files[task.data]), str(files["model"])
    arguments = [part.replace("{data}", data).replace("{model}", model) for part in task.command.split()]
    sides = [Side(name, [str(program), *arguments], True, bool(task.answer)) for name, program in programs.items()]
    script = [str(PYTHON), str(HERE / "file_peers.py")]
    for peer in task.peers:
        models = [model] if peer.script == "predict" else []
        command = [*script, peer.script, data, "{out}", *models]
        sides.append(Side(peer.name, command, has_answer=peer.has_answer))
    return sides


def difference(ours, theirs, tolerance):
    """What differs between two answers, each a number, a list of them, or a name for each of such: both values."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        for name in ours:
            found = difference(ours[name], theirs[name], tolerance)
            if found:
                return f"{name} {found}"
        return None
    if isinstance(ours, dict) or isinstance(theirs, dict) or not is_same([ours], [theirs], tolerance):
        return f"{ours}, not {theirs}"
    return None


def check(task, ours, theirs, side):
    """What differs between our answer and a side's, each what was printed and the folder that was written to."""
    # Of our programs, every digit is the same.
    tolerance = SAME if side.is_ours else task.tolerance
    if callable(task.answer):
        their_answer = task.answer(theirs[0]) if side.is_ours else json.loads(theirs[0])
        return difference(task.answer(ours[0]), their_answer, tolerance)
    for name in task.answer:
        command = [PYTHON, HERE / "file_peers.py", "is-same", ours[1] / name, theirs[1] / name, str(tolerance)]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            return f"{name}: {done.stderr.strip()}"
    return None


def warm_up(task, sides, scratch):
    """Runs every side once and ends the benchmarks unless those that have an answer have ours."""
    answers = []
    for place, side in enumerate(sides):
        out = scratch / f"side-{place}"
        answers.append((side.run(out), out))
        side.seconds.clear()
    for side, answer in zip(sides[1:], answers[1:]):
        found = side.has_answer and check(task, answers[0], answer, side)
        if found:
            raise SystemExit(f"benchmarks: {task.name}: {side.name} has another answer: {found}")


def fight(task, sides, sizes, folder):
    """All sides in turn: one round in this order, the next the other way round."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        warm_up(task, sides, Path(scratch))
    fewest, most = sizes["rounds"]
    start = time.monotonic()
    for n_rounds in range(1, most + 1):
        for side in sides if n_rounds % 2 else reversed(sides):
            # What a run has written is gone before the next begins.
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                side.run(Path(scratch) / "out")
        if n_rounds >= fewest and time.monotonic() - start > sizes["seconds"]:
            return


def run(tasks, sizes, program, former):
    """Prints the table; its rows as figures."""
    programs = {"cutpoint": program or build("cutpoint-cli")}
    if former:
        programs["the former cutpoint"] = former
    files = make_data(sizes)
    rows = []
    print(
        f"\n{'files':22} {'n':>9}  {'peer':28} {'ours':>9} {'peer':>9} {'ratio':>6} "
        f"{'MiB':>6} {'peer':>6}  answer",
        flush=True,
    )
    with tempfile.TemporaryDirectory(dir=files["table.csv"].parent) as folder:
        files["model"] = Path(folder) / "model.json"
        if any("{model}" in task.command for task in tasks):
            measure([programs["cutpoint"], "fit", files["table.csv"], "-o", files["model"]])
        for task in tasks:
            ours, *others = sides = sides_of(task, programs, files)
            fight(task, sides, sizes, folder)
            for side in others:
                row = figures(task, ours, side, sizes)
                rows.append(row)
                print(
                    f"{task.name:22} {row['n']:>9}  {row['peer']:28} {milliseconds(row['ours_s']):>9} "
                    f"{milliseconds(row['peer_s']):>9} {row['ratio']:>6.3g} {row['ours_peak_bytes'] / 2**20:>6.0f} "
                    f"{row['peer_peak_bytes'] / 2**20:>6.0f}  {row['answer']}",
                    flush=True,
                )
    return rows


def figures(task, ours, peer, sizes):
    """A row of the table."""
    our_median, their_median = statistics.median(ours.seconds), statistics.median(peer.seconds)
    return {
        "task": task.name,
        "n": sizes[task.data.split(".")[0]],
        "peer": peer.name,
        "ours_s": our_median,
        "peer_s": their_median,
        "ratio": their_median / our_median,
        "rounds": len(ours.seconds),
        "ours_min_s": min(ours.seconds),
        "peer_min_s": min(peer.seconds),
        "ours_peak_bytes": max(ours.peaks),
        "peer_peak_bytes": max(peer.peaks),
        "answer": "equal" if peer.has_answer else "not compared" if peer.is_ours else "other work",
    }
