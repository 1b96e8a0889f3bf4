"""Writes cross_validation.json: thresholds chosen without each fold, and the rows of the folds at these, with
scikit-learn's StratifiedKFold and f1_score.

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python generate_cross_validation.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.model_selection import StratifiedKFold


def best_threshold(y, score, weight):
    """The threshold of the best F1 of some rows, if it is far ahead of all others."""
    counts = np.ones(len(y)) if weight is None else weight
    thresholds = np.unique(score[counts > 0])
    values = np.array([f1_score(y, score >= t, sample_weight=weight) for t in thresholds])
    order = np.argsort(values)
    return thresholds[order[-1]] if values[order[-1]] - values[order[-2]] > 1e-6 else None


def case(seed, n_splits, random_state, is_positive_first, is_weighted):
    rng = np.random.default_rng(seed)
    n = 97
    y = (rng.random(n) < 0.4).astype(int)
    y[0] = int(is_positive_first)
    score = np.round(np.clip(0.3 * y + rng.normal(0.4, 0.25, n), 0, 1), 2)
    weight = np.round(rng.integers(0, 5, n) * 0.37, 2) if is_weighted else None
    thresholds, cells = [], np.zeros((2, 2))
    folds = StratifiedKFold(n_splits, shuffle=True, random_state=random_state)
    for train, test in folds.split(np.zeros(n), y):
        part = lambda column, rows: None if column is None else column[rows]
        threshold = best_threshold(y[train], score[train], part(weight, train))
        if threshold is None:
            return None
        thresholds.append(float(threshold))
        cells += confusion_matrix(
            y[test], score[test] >= threshold, labels=[0, 1], sample_weight=part(weight, test)
        )
    return {
        "y": y.tolist(),
        "score": score.tolist(),
        "weight": None if weight is None else weight.tolist(),
        "n_splits": n_splits,
        "random_state": random_state,
        "thresholds": thresholds,
        "confusion_matrix": cells.tolist(),
    }


def first_case(*request):
    return next(made for seed in range(1000) if (made := case(seed, *request)) is not None)


requests = [
    (n_splits, random_state, is_positive_first, is_weighted)
    for n_splits, random_state in [(2, 0), (3, 42), (5, 7)]
    for is_positive_first in [False, True]
    for is_weighted in [False, True]
]
golden = {
    "meta": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "cases": [first_case(*request) for request in requests],
}
text = json.dumps(golden, separators=(",", ":"))
path = Path(__file__).parent / "cross_validation.json"
path.write_text(text.replace('{"y"', '\n{"y"') + "\n")
