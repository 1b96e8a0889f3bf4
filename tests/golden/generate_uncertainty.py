"""Writes uncertainty.json: intervals, tests and bootstraps as SciPy, statsmodels and plain NumPy give them.

    pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
    python generate_uncertainty.py
"""

import csv
import json
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from scipy.optimize import brentq
from scipy.special import rel_entr
from scipy.stats import binom, bootstrap, norm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

HERE = Path(__file__).parent
RNG = np.random.default_rng(20261122)


def proportions():
    counts = [(0, 1), (1, 1), (0, 20), (1, 29), (15, 148), (81, 263), (50, 60), (3, 7), (199, 200), (977, 12345)]
    counts += [(123456, 1000000), (5, 1000000), (999990, 1000000), (400000000, 1000000000)]
    for k, n in counts:
        for confidence in (0.5, 0.9, 0.95, 0.999):
            yield {
                "successes": k,
                "trials": n,
                "confidence": confidence,
                "wilson": proportion_confint(k, n, alpha=1 - confidence, method="wilson"),
                "clopper_pearson": proportion_confint(k, n, alpha=1 - confidence, method="beta"),
            }


def two_shares():
    """Newcombe's interval (method 10) of the second share less the first, and the test by the pooled share."""
    lots = [((50, 61), (40, 53)), ((9, 10), (5, 12)), ((20, 20), (30, 40)), ((0, 7), (3, 9)), ((15, 100), (5, 100))]
    lots += [((900, 1000), (17650, 20000)), ((3, 1000000), (250, 100000)), ((90000, 100000), (179000, 200000))]
    for (k1, n1), (k2, n2) in lots:
        for confidence in (0.5, 0.95):
            z, p = proportions_ztest([k2, k1], [n2, n1])
            change = confint_proportions_2indep(k2, n2, k1, n1, method="newcomb", alpha=1 - confidence)
            yield {"then": [k1, n1], "now": [k2, n2], "confidence": confidence, "change": change, "z": z, "p": p}


def mcnemar_tests():
    for b, c in [(0, 0), (0, 1), (1, 7), (6, 16), (7, 1), (4, 4), (1, 3), (0, 20), (37, 61), (500, 610), (50000, 50700)]:
        exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue if b + c else 1.0
        # Counted outcome by outcome: those farther from the middle whole, those just as far half.
        k = np.arange(b + c + 1)
        far, off = np.abs(2 * k - (b + c)), abs(b - c)
        pmf = binom.pmf(k, b + c, 0.5)
        mid = pmf[far > off].sum() + pmf[far == off].sum() / 2 if b + c else 1.0
        yield {"b": b, "c": c, "p_exact": float(exact), "p_mid": float(mid)}


def placements(y_true, y_score):
    """Every pair compared: (m, n) kernels, their row means and column means."""
    x, y = y_score[y_true == 1], y_score[y_true == 0]
    kernel = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    return kernel.mean(axis=1), kernel.mean(axis=0)


def delong(y_true, first, second):
    (v10_1, v01_1), (v10_2, v01_2) = placements(y_true, first), placements(y_true, second)
    s10, s01 = np.cov(v10_1, v10_2), np.cov(v01_1, v01_2)
    covariance = s10 / len(v10_1) + s01 / len(v01_1)
    difference = v10_1.mean() - v10_2.mean()
    z = difference / np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    return {
        "auc": [v10_1.mean(), v10_2.mean()],
        "covariance": covariance.tolist(),
        "z": z,
        "p": 2 * norm.sf(abs(z)),
        "plain_95": [float(np.clip(v, 0, 1)) for v in norm.interval(0.95, v10_1.mean(), np.sqrt(covariance[0, 0]))],
        "logit_95": logit_interval(v10_1.mean(), covariance[0, 0]),
    }


def logit_interval(auc, variance):
    ends = norm.interval(0.95, np.log(auc / (1 - auc)), np.sqrt(variance) / (auc * (1 - auc)))
    return [float(1 / (1 + np.exp(-end))) for end in ends]


def delong_tests():
    for n_samples, share, decimals in ((12, 0.5, 9), (60, 0.3, 9), (60, 0.3, 1), (300, 0.1, 9), (300, 0.4, 0)):
        y_true = (RNG.uniform(size=n_samples) < share).astype(int)
        y_true[:4] = [1, 0, 1, 0]
        common = RNG.normal(size=n_samples)
        first = np.round(1.2 * y_true + common + 0.5 * RNG.normal(size=n_samples), decimals)
        second = np.round(0.7 * y_true + common + 0.8 * RNG.normal(size=n_samples), decimals)
        yield {
            "y_true": y_true.tolist(),
            "first": first.tolist(),
            "second": second.tolist(),
            **delong(y_true, first, second),
        }


def metric_of(name, cells):
    tp, fp, fn, tn = (cells == cell for cell in range(4))
    tp, fp, fn, tn = (np.sum(part, axis=-1, dtype=float) for part in (tp, fp, fn, tn))
    if name == "f1":
        return 2 * tp / (2 * tp + fn + fp)
    if name == "precision":
        return tp / (tp + fp)
    if name == "youden":
        return tp / (tp + fn) + tn / (tn + fp) - 1
    return (tp + tn) / (tp + fp + fn + tn)


def bootstrap_intervals():
    """SciPy's percentile and BCa intervals of replicates that are given, so that both have the same."""
    for counts in ([50, 5, 10, 100], [9, 3, 2, 40]):
        rows = np.repeat(np.arange(4), counts)
        classes = (rows[(rows == 0) | (rows == 2)], rows[(rows == 1) | (rows == 3)])
        for by_class in (False, True):
            samples = classes if by_class else (rows,)
            drawn = [[RNG.choice(sample, size=len(sample)) for sample in samples] for _ in range(199)]
            replicates = [np.concatenate(parts) for parts in drawn]
            for name in ("f1", "precision", "accuracy", "youden"):
                if by_class:
                    def statistic(positive, negative, axis=-1, name=name):
                        return metric_of(name, np.concatenate([positive, negative], axis=-1))
                else:
                    def statistic(sample, axis=-1, name=name):
                        return metric_of(name, sample)
                given = SimpleNamespace(bootstrap_distribution=np.array([metric_of(name, r) for r in replicates]))
                case = {
                    "counts": counts,
                    "by_class": by_class,
                    "metric": name,
                    "replicates": [np.bincount(r, minlength=4).tolist() for r in replicates],
                }
                for method in ("percentile", "BCa"):
                    ends = bootstrap(
                        samples, statistic, n_resamples=0, method=method, bootstrap_result=given,
                        confidence_level=0.9, vectorized=True, axis=-1,
                    ).confidence_interval
                    case[method.lower()] = [float(ends.low), float(ends.high)]
                yield case


def best_threshold(y_true, y_score):
    """The highest of the best thresholds by Youden's J, from a sweep of its own."""
    order = np.argsort(-y_score, kind="stable")
    y_true, y_score = y_true[order], y_score[order]
    last = np.append(y_score[1:] != y_score[:-1], True)
    tp, fp = np.cumsum(y_true)[last], np.cumsum(1 - y_true)[last]
    # Whole numbers, so that ties are ties.
    return y_score[last][np.argmax(tp * fp[-1] - fp * tp[-1])]


def choices(n_replicates=20000):
    """How often a bootstrap that sorts every replicate anew chooses each threshold, and its cells at one threshold."""
    for n_samples, decimals in ((40, 1), (150, 2)):
        y_true = (RNG.uniform(size=n_samples) < 0.4).astype(int)
        y_score = np.round(RNG.normal(size=n_samples) + y_true, decimals)
        for by_class in (False, True):
            strata = [np.flatnonzero(y_true == 1), np.flatnonzero(y_true == 0)] if by_class else [np.arange(n_samples)]
            chosen, f1 = [], []
            while len(chosen) < n_replicates:
                rows = np.concatenate([RNG.choice(stratum, size=len(stratum)) for stratum in strata])
                chosen.append(best_threshold(y_true[rows], y_score[rows]))
                called = y_score[rows] >= 0.5
                tp, wrong = np.sum(called & (y_true[rows] == 1)), np.sum(called != (y_true[rows] == 1))
                f1.append(2 * tp / (2 * tp + wrong))
            values, counts = np.unique(chosen, return_counts=True)
            yield {
                "y_true": y_true.tolist(),
                "y_score": y_score.tolist(),
                "by_class": by_class,
                "n_replicates": n_replicates,
                "thresholds": values.tolist(),
                "times": counts.tolist(),
                "f1_mean": float(np.mean(f1)),
                "f1_standard_deviation": float(np.std(f1)),
            }


def divergence(x, y):
    return rel_entr(x, y) + rel_entr(1 - x, 1 - y)


def likelihood_intervals():
    for k, n, limit in [(0, 7, 4.0), (7, 7, 4.0), (1, 7, 4.5), (3, 100, 5.0), (99, 100, 5.0), (500, 1000, 5.2)]:
        x = k / n
        def excess(y):
            return n * divergence(x, y) - limit
        low = 0.0 if k == 0 else brentq(excess, 1e-300, x, xtol=1e-300, rtol=1e-15)
        high = 1.0 if k == n else brentq(excess, x, 1 - 1e-16, xtol=1e-300, rtol=1e-15)
        yield {"k": k, "n": n, "limit": limit, "low": low, "high": high}


def limits(n_simulations=40000):
    """Quantiles of the largest divergence, from sorted uniform numbers."""
    for n in (5, 20, 100, 1000):
        farthest = np.empty(n_simulations)
        shares = np.arange(n + 1) / n
        for index in range(n_simulations):
            places = np.sort(RNG.uniform(size=n))
            both = np.maximum(divergence(shares[:-1], places), divergence(shares[1:], places))
            farthest[index] = n * both.max()
        for confidence in (0.9, 0.95, 0.99):
            yield {"n": n, "confidence": confidence, "limit": float(np.quantile(farthest, confidence))}


def as_far_down(fp, tp, most):
    """The true positives at the lowest threshold with no more false positives; both count from "predict none" on."""
    return tp[np.searchsorted(fp, most, side="right") - 1]


def matched(n_replicates=20000, n_seeds=5):
    """Recall of two markers at one false positive rate: the first stays at its threshold, the second is matched to it
    in every replicate, from the sorted replicate. D and p as pROC's `roc.test(method = "specificity")` makes them of a
    difference and its replicates: D = difference / their standard deviation, p by the normal distribution. What pROC
    holds fixed is the specificity, of both, and between two thresholds it interpolates the recall: another standard
    deviation, though of these data not by much."""
    with (HERE / "../../data/breast_cancer.csv").open() as file:
        rows = list(csv.DictReader(file))[::5]
    y_true = np.array([int(row["diagnosis"] == "malignant") for row in rows])
    first, second = (np.array([float(row[name]) for row in rows]) for name in ("mean_texture", "mean_smoothness"))
    threshold = 21.25

    def difference(rows):
        positive = y_true[rows] == 1
        called = first[rows] >= threshold
        scores, places = np.unique(-second[rows], return_inverse=True)
        fp, tp = (np.append(0, np.cumsum(np.bincount(places, which, len(scores)))) for which in (~positive, positive))
        return (np.sum(called & positive) - as_far_down(fp, tp, np.sum(called & ~positive))) / np.sum(positive)

    observed = difference(np.arange(len(y_true)))
    for by_class in (True, False):
        strata = [np.flatnonzero(y_true == 1), np.flatnonzero(y_true == 0)] if by_class else [np.arange(len(y_true))]
        drawn = []
        for seed in range(n_seeds):
            rng = np.random.default_rng(seed)
            for _ in range(n_replicates):
                drawn.append(difference(np.concatenate([rng.choice(stratum, len(stratum)) for stratum in strata])))
        deviation = np.std(drawn, ddof=1)
        yield {
            "y_true": y_true.tolist(),
            "first": first.tolist(),
            "second": second.tolist(),
            "threshold": threshold,
            "by_class": by_class,
            "n_replicates": len(drawn),
            "difference": observed,
            "mean": float(np.mean(drawn)),
            "standard_deviation": float(deviation),
            "d": float(observed / deviation),
            "p": float(2 * norm.sf(abs(observed) / deviation)),
            "share_not_above_0": float(np.mean(np.array(drawn) <= 0)),
        }


def from_rates(name, recall, fpr, prevalence):
    tp, fn = prevalence * recall, prevalence * (1 - recall)
    fp, tn = (1 - prevalence) * fpr, (1 - prevalence) * (1 - fpr)
    if name == "precision":
        return tp / (tp + fp)
    if name == "npv":
        return tn / (tn + fn)
    if name == "error_rate":
        return fp + fn
    if name == "f1":
        return 2 * tp / (2 * tp + fp + fn)
    return (tp * tn - fp * fn) / np.sqrt((tp + fp) * (fn + tn) * prevalence * (1 - prevalence))


def at_a_prevalence():
    """Newcombe's propagated imprecision of statsmodels' intervals of Wilson, the two errors on a circle of 2000 parts."""
    def wilson(k, n, z):
        return [k / n] * 2 if z < 1e-9 else proportion_confint(k, n, alpha=2 * norm.sf(z), method="wilson")

    for (tp, fp, fn, tn), prevalence in [
        ((56, 0, 144, 200), 0.02), ((80, 0, 0, 120), 0.3), ((18, 5, 0, 77), 0.02), ((50, 5, 10, 100), 0.5),
        ((0, 3, 7, 40), 0.1), ((3, 2, 1, 9), 0.9), ((9000, 40, 1000, 90000), 0.001),
    ]:
        for confidence in (0.9, 0.95):
            z = norm.isf((1 - confidence) / 2)
            ends = {name: [] for name in ("precision", "npv", "error_rate", "f1", "mcc")}
            for angle in np.linspace(0, np.pi / 2, 2001):
                for recall in wilson(tp, tp + fn, z * np.cos(angle)):
                    for fpr in wilson(fp, fp + tn, z * np.sin(angle)):
                        for name, values in ends.items():
                            values.append(from_rates(name, recall, fpr, prevalence))
            yield {
                "counts": [tp, fp, fn, tn],
                "prevalence": prevalence,
                "confidence": confidence,
                "intervals": {name: [float(min(values)), float(max(values))] for name, values in ends.items()},
            }


tails = [0.0, 1e-9, 0.3, 1.0, 1.959963984540054, 2.209, 5.0, 9.0, 30.0]
golden = {
    "meta": {name: version(name) for name in ("numpy", "scipy", "statsmodels")},
    "proportions": list(proportions()),
    "two_shares": list(two_shares()),
    "mcnemar": list(mcnemar_tests()),
    "delong": list(delong_tests()),
    "two_sided_p": [[z, float(2 * norm.sf(z))] for z in tails],
    "bootstrap": list(bootstrap_intervals()),
    "choices": list(choices()),
    "likelihood_intervals": list(likelihood_intervals()),
    "limits": list(limits()),
    "matched": list(matched()),
    "at_a_prevalence": list(at_a_prevalence()),
}
(HERE / "uncertainty.json").write_text(json.dumps(golden, default=float) + "\n")
