"""Writes curves.json: curves, areas and calibration as scikit-learn, SciPy, statsmodels and dcurves give them.

    pip install scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0 dcurves==1.1.7
    python generate_curves.py
"""

import json
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from dcurves import dca
from scipy.stats import ks_2samp, norm
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    auc,
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    det_curve,
    log_loss,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)
from sklearn.preprocessing import label_binarize
from statsmodels.stats.proportion import proportion_confint

HERE = Path(__file__).parent
RNG = np.random.RandomState(20261122)
MAX_FPRS = [0.01, 0.05, 0.1, 0.25, 0.5, 0.9, 1.0]
THRESHOLD_PROBABILITIES = [0.01, 0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 0.75, 0.9, 0.99]


def plain(value):
    """Lists of doubles; infinity, which JSON does not have, as text."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return ["inf" if item == np.inf else item for item in np.asarray(value, dtype=float).tolist()]


def curve(names, columns):
    return dict(zip(names, plain(columns)))


def calibration(y_true, y_score):
    """scikit-learn has neither counts nor intervals: its own bin edges, and statsmodels' Wilson interval."""
    rows = []
    for strategy in ("uniform", "quantile"):
        for n_bins in (1, 2, 5, 10, 15):
            prob_true, prob_pred = calibration_curve(y_true, y_score, n_bins=n_bins, strategy=strategy)
            if strategy == "uniform":
                edges = np.linspace(0, 1, n_bins + 1)
            else:
                edges = np.percentile(y_score, np.linspace(0, 1, n_bins + 1) * 100)
            bins = np.searchsorted(edges[1:-1], y_score)
            total = np.bincount(bins, minlength=n_bins)
            positives = np.bincount(bins, weights=y_true, minlength=n_bins)
            used = total > 0
            wilson = {
                str(confidence): plain(
                    proportion_confint(positives[used], total[used], alpha=1 - confidence, method="wilson")
                )
                for confidence in (0.95, 0.8)
            }
            rows.append(
                {
                    "strategy": strategy,
                    "n_bins": n_bins,
                    "edges": edges.tolist(),
                    "prob_true": prob_true.tolist(),
                    "prob_pred": prob_pred.tolist(),
                    "count": total[used].tolist(),
                    "wilson": wilson,
                }
            )
    return rows


def net_benefit(y_true, y_score):
    table = dca(
        data=pd.DataFrame({"y": y_true, "model": y_score}),
        outcome="y",
        modelnames=["model"],
        thresholds=THRESHOLD_PROBABILITIES,
    )
    columns = {}
    for model in ("model", "all", "none"):
        rows = table[table["model"] == model].sort_values("threshold")
        columns[model] = rows["net_benefit"].tolist()
    return columns


def binary_case(name, y_true, y_score, weight=None):
    repeats = None if weight is None or (weight % 1).any() else weight.astype(int)
    case = {
        "name": name,
        "y_true": y_true.tolist(),
        "y_score": y_score.tolist(),
        "sample_weight": None if weight is None else weight.tolist(),
    }
    for drop in (False, True):
        suffix = "_dropped" if drop else ""
        options = {"sample_weight": weight, "drop_intermediate": drop}
        case["roc_curve" + suffix] = curve(["fpr", "tpr", "thresholds"], roc_curve(y_true, y_score, **options))
        case["precision_recall_curve" + suffix] = curve(
            ["precision", "recall", "thresholds"], precision_recall_curve(y_true, y_score, **options)
        )
        case["det_curve" + suffix] = curve(["fpr", "fnr", "thresholds"], det_curve(y_true, y_score, **options))
    case["partial_roc_auc"] = {
        str(max_fpr): roc_auc_score(y_true, y_score, sample_weight=weight, max_fpr=max_fpr) for max_fpr in MAX_FPRS
    }
    if weight is None or repeats is not None:
        if repeats is not None:
            y_true, y_score = np.repeat(y_true, repeats), np.repeat(y_score, repeats)
        ks = ks_2samp(y_score[y_true == 1], y_score[y_true == 0])
        case["ks"] = {"statistic": ks.statistic, "location": ks.statistic_location, "sign": int(ks.statistic_sign)}
        if 0 <= y_score.min() and y_score.max() <= 1:
            case["calibration"] = calibration(y_true, y_score)
            case["net_benefit"] = net_benefit(y_true, y_score)
            case["brier"] = brier_score_loss(y_true, y_score)
            case["log_loss"] = log_loss(y_true, y_score)
    return case


def binary_cases():
    for n_samples, share in ((12, 0.5), (60, 0.3), (120, 0.15)):
        y_true = (RNG.uniform(size=n_samples) < share).astype(int)
        y_true[:3] = [1, 0, 1]
        noisy = np.clip(0.35 * y_true + 0.65 * RNG.uniform(size=n_samples), 0.001, 0.999)
        for kind, y_score in {
            "distinct": noisy,
            "ties": np.round(noisy, 1).clip(0.05, 0.95),
            "few": np.round(noisy * 3) / 4 + 0.125,
            "margin": 8 * noisy - 4,
            "inverted": 1 - noisy,
        }.items():
            name = f"{kind}_{n_samples}"
            yield binary_case(name, y_true, y_score)
            whole = RNG.randint(0, 5, size=n_samples).astype(float)
            whole[:2] = [2, 1]
            yield binary_case(name + "_whole_weights", y_true, y_score, whole)
            yield binary_case(name + "_weights", y_true, y_score, RNG.exponential(size=n_samples))


def averaged_roc(y_true, y_score, classes, weights):
    """As in scikit-learn's example of ROC with several classes, on the union of the false positive rates."""
    indicators = label_binarize(y_true, classes=classes)
    curves = [roc_curve(indicators[:, index], y_score[:, index])[:2] for index in range(len(classes))]
    grid = np.unique(np.concatenate([fpr for fpr, _ in curves]))
    tpr = np.average([np.interp(grid, fpr, tpr) for fpr, tpr in curves], axis=0, weights=weights)
    return {"fpr": grid.tolist(), "tpr": tpr.tolist()}


def several_classes_case(name, y_true, y_score, weight=None):
    classes = list(range(y_score.shape[1]))
    indicators = label_binarize(y_true, classes=classes)
    options = {"sample_weight": weight, "multi_class": "ovr"}
    roc_auc = {average: roc_auc_score(y_true, y_score, average=average, **options) for average in ("macro", "weighted", "micro")}
    roc_auc["per_class"] = roc_auc_score(y_true, y_score, average=None, **options).tolist()
    precision = {
        average: average_precision_score(indicators, y_score, average=average, sample_weight=weight)
        for average in ("macro", "weighted", "micro")
    }
    precision["per_class"] = average_precision_score(indicators, y_score, average=None, sample_weight=weight).tolist()
    case = {
        "name": name,
        "y_true": y_true.tolist(),
        "y_score": y_score.tolist(),
        "sample_weight": None if weight is None else weight.tolist(),
        "roc_auc": roc_auc,
        "average_precision": precision,
    }
    if weight is None:
        case["one_vs_one"] = {
            average: roc_auc_score(y_true, y_score, multi_class="ovo", average=average)
            for average in ("macro", "weighted")
        }
        case["averaged_roc"] = {
            "macro": averaged_roc(y_true, y_score, classes, None),
            "weighted": averaged_roc(y_true, y_score, classes, indicators.sum(axis=0)),
        }
        fpr, tpr, _ = roc_curve(indicators.ravel(), y_score.ravel(), drop_intermediate=False)
        case["micro_roc"] = {"fpr": fpr.tolist(), "tpr": tpr.tolist()}
        assert abs(auc(fpr, tpr) - roc_auc["micro"]) < 1e-12
        # Of the class with the highest score; thresholds that are all the same change nothing of it.
        case["confusion_matrix"] = confusion_matrix(y_true, y_score.argmax(axis=1), labels=classes).tolist()
    return case


def several_classes_cases():
    for n_samples, n_classes in ((9, 3), (40, 3), (120, 5)):
        y_true = RNG.choice(n_classes, size=n_samples, p=RNG.dirichlet(np.full(n_classes, 3.0)))
        y_true[:n_classes] = np.arange(n_classes)
        logits = RNG.normal(size=(n_samples, n_classes))
        logits[np.arange(n_samples), y_true] += 1
        distinct = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        ties = np.round(distinct * 8) / 8
        ties[:, -1] = 1 - ties[:, :-1].sum(axis=1)
        for kind, y_score in {"distinct": distinct, "ties": ties}.items():
            name = f"{kind}_{n_samples}_{n_classes}"
            yield several_classes_case(name, y_true, y_score)
            yield several_classes_case(name + "_weights", y_true, y_score, RNG.exponential(size=n_samples))


warnings.filterwarnings("error")
warnings.filterwarnings("ignore", category=FutureWarning)
warnings.filterwarnings("ignore", category=DeprecationWarning)
packages = ["scikit-learn", "numpy", "scipy", "statsmodels", "dcurves"]
probabilities = [1e-300, 1e-12, 1e-3, 0.02425, 0.025, 0.05, 0.075, 0.1, 0.4, 0.5, 0.9, 0.925, 0.95, 0.975, 0.995, 0.999999]
golden = {
    "meta": {package: version(package) for package in packages},
    "normal_quantiles": [[probability, norm.ppf(probability)] for probability in probabilities],
    "threshold_probabilities": THRESHOLD_PROBABILITIES,
    "cases": list(binary_cases()),
    "several_classes": list(several_classes_cases()),
}
(HERE / "curves.json").write_text(json.dumps(golden) + "\n")
