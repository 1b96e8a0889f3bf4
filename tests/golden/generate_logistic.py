"""Writes logistic_fits.json, lbfgs.json and line_search.json beside itself.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    OPENBLAS_NUM_THREADS=1 python tests/golden/generate_logistic.py

logistic_fits: scikit-learn's LogisticRegression (lbfgs) on the two data sets of data/, and the optimum of the same
objective from Newton's method in extended precision. lbfgs: scipy's L-BFGS-B without bounds on classic functions.
line_search: the trial steps of scipy's Python version of MINPACK-2's dcsrch on random polynomials.
"""

import csv
import inspect
import json
import os
import platform
import struct
import sys
import warnings
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from scipy.optimize import _dcsrch
from scipy.optimize._dcsrch import DCSRCH
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "data"


def bits(values):
    return "".join(struct.pack(">d", float(v)).hex() for v in np.asarray(values, dtype=np.float64).ravel())


def write(name, cases, **extra):
    meta = {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "python": platform.python_version(),
        "made_by": "tests/golden/" + Path(__file__).name,
        "encoding": "bits = big-endian hex of IEEE-754 binary64, 16 digits per value, concatenated",
        **extra,
    }
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / name).write_text(
        '{"kind": "%s", "meta": %s, "cases": [\n%s\n]}\n' % (name.removesuffix(".json"), json.dumps(meta), lines)
    )


# ---------------------------------------------------------------- fits


def read(name):
    with open(DATA / f"{name}.csv", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(v) for v in row[:-1]] for row in rows]), np.array([row[-1] for row in rows])


def power_of_two(x):
    """Divides each column by the least power of two at or above its largest magnitude: no digit changes."""
    return x / 2.0 ** np.ceil(np.log2(np.abs(x).max(axis=0)))


def optimum(x, y, c, fit_intercept, weight):
    """Newton's method in extended precision; steps from a double-precision pseudo-inverse."""
    x = x.astype(np.longdouble)
    n, p = x.shape
    classes = np.unique(y)
    one_hot = (y[:, None] == classes[None, :]).astype(np.longdouble)
    if len(classes) == 2:
        one_hot = one_hot[:, 1:]
    k = one_hot.shape[1]
    rows = np.hstack([x, np.ones((n, 1), np.longdouble)]) if fit_intercept else x
    s = weight.astype(np.longdouble) / weight.astype(np.longdouble).sum()
    penalty = np.zeros(rows.shape[1], np.longdouble)
    penalty[:p] = 0 if np.isinf(c) else 1 / (np.longdouble(c) * weight.astype(np.longdouble).sum())
    w = np.zeros((k, rows.shape[1]), np.longdouble)

    def at(w):
        z = rows @ w.T
        if k == 1:
            loss = (s * (np.logaddexp(np.longdouble(0), z[:, 0]) - one_hot[:, 0] * z[:, 0])).sum()
            prob = 1 / (1 + np.exp(-z))
        else:
            m = z.max(axis=1, keepdims=True)
            e = np.exp(z - m)
            prob = e / e.sum(axis=1, keepdims=True)
            loss = (s * (np.log(e.sum(axis=1)) + m[:, 0] - (one_hot * z).sum(axis=1))).sum()
        grad = ((prob - one_hot) * s[:, None]).T @ rows + penalty * w
        return loss + (penalty * w * w).sum() / 2, grad, prob

    loss, grad, prob = at(w)
    for _ in range(200):
        d = rows.shape[1]
        hess = np.zeros((k * d, k * d), np.longdouble)
        for a in range(k):
            for b in range(k):
                h = s * prob[:, a] * ((a == b) - prob[:, b])
                hess[a * d : (a + 1) * d, b * d : (b + 1) * d] = (rows * h[:, None]).T @ rows
        hess += np.diag(np.tile(penalty, k))
        scale = 1 / np.sqrt(np.diag(hess))
        solve = np.linalg.pinv((hess * scale[:, None] * scale[None, :]).astype(np.float64), rcond=1e-13, hermitian=True)
        step = (scale * (solve @ (scale * grad.ravel()).astype(np.float64))).reshape(w.shape)
        if k > 1:
            # Free directions: every class moving together. Gradients have no part in them, so the sums stay 0.
            step -= np.where(penalty > 0, 0, step.mean(axis=0))
        length = np.longdouble(1)
        while True:
            new = at(w - length * step)
            if new[0] <= loss or np.abs(new[1]).max() < np.abs(grad).max() or length < 1e-6:
                break
            length /= 2
        if not np.abs(new[1]).max() < np.abs(grad).max() and new[0] >= loss:
            break
        w = w - length * step
        loss, grad, prob = new
    return w[:, :p], w[:, p] if fit_intercept else np.zeros(k), float(np.abs(grad).max())


def fit_cases():
    iris, cancer = read("iris"), read("breast_cancer")
    uneven = list(range(0, 50)) + list(range(50, 80)) + list(range(100, 110))
    two = list(range(50, 150))
    thirds = lambda n: [0.5 + (i % 3) for i in range(n)]
    some_zero = lambda n: [float(i % 4) for i in range(n)]
    specs = [
        ("iris-stopped", iris, "none", None, {"max_iter": 30}, None),
        ("iris-c001", iris, "none", None, {"C": 0.01}, None),
        ("iris-one-iteration", iris, "none", None, {"max_iter": 1}, None),
        ("iris-no-intercept", iris, "none", None, {"fit_intercept": False}, None),
        ("iris-scaled", iris, "power-of-two", None, {}, None),
        ("iris-scaled-tight", iris, "power-of-two", None, {"tol": 1e-7, "max_iter": 1000}, None),
        ("iris-sample-weight", iris, "power-of-two", None, {"C": 0.1}, thirds(150)),
        ("iris-zero-weights", iris, "power-of-two", None, {"C": 0.1}, some_zero(150)),
        ("iris-uneven-balanced", iris, "power-of-two", uneven, {"class_weight": "balanced"}, None),
        ("iris-uneven-balanced-weighted", iris, "power-of-two", uneven, {"class_weight": "balanced"}, thirds(90)),
        ("iris-class-weight", iris, "power-of-two", None, {"class_weight": {"setosa": 0.5, "virginica": 3.0}}, None),
        ("iris-two-classes-no-penalty", iris, "none", two, {"C": np.inf, "max_iter": 1000}, None),
        ("iris-two-classes-loose", iris, "none", two, {"tol": 0.05}, None),
        ("cancer-scaled", cancer, "power-of-two", None, {}, None),
        ("cancer-scaled-c100", cancer, "power-of-two", None, {"C": 100.0}, None),
        ("cancer-scaled-weighted", cancer, "power-of-two", None, {"C": 10.0, "class_weight": "balanced"}, some_zero(569)),
        ("cancer-raw-stopped", cancer, "none", None, {"max_iter": 20}, None),
        ("cancer-raw-c1e-4", cancer, "none", None, {"C": 1e-4, "max_iter": 30}, None),
    ]
    for name, (x, y), scale, rows, params, weight in specs:
        if scale == "power-of-two":
            x = power_of_two(x)
        if rows is not None:
            x, y = x[rows], y[rows]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = LogisticRegression(**params).fit(x, y, sample_weight=weight)
            # How far rounding alone moves the result: the same fit on the rows in reverse.
            back = None if weight is None else weight[::-1]
            reverse = LogisticRegression(**params).fit(x[::-1], y[::-1], sample_weight=back)
        total = np.ones(len(y)) if weight is None else np.array(weight)
        classes = list(model.classes_)
        class_weight = params.get("class_weight")
        if class_weight == "balanced":
            counts = np.array([total[y == c].sum() for c in classes])
            per_class = counts.sum() / (len(classes) * counts)
        elif class_weight:
            per_class = np.array([class_weight.get(c, 1.0) for c in classes])
        else:
            per_class = np.ones(len(classes))
        total = total * per_class[np.searchsorted(classes, y)]
        coef, intercept, norm = optimum(x, y, params.get("C", 1.0), params.get("fit_intercept", True), total)
        yield {
            "id": name,
            "data": "iris" if x.shape[1] == 4 else "breast_cancer",
            "scale": scale,
            "rows": rows,
            "params": {k: ("inf" if v == np.inf else v) for k, v in params.items()},
            "sample_weight": None if weight is None else bits(weight),
            "classes": classes,
            "coef": [bits(row) for row in model.coef_],
            "intercept": bits(model.intercept_),
            "n_iter": int(model.n_iter_[0]),
            "predict_proba": [bits(row) for row in model.predict_proba(x)[::10]],
            "y_pred_counts": [int((model.predict(x) == c).sum()) for c in classes],
            "reversed_rows": {
                "max_abs_proba_diff": float(np.abs(model.predict_proba(x) - reverse.predict_proba(x)).max()),
                "max_abs_coef_diff": float(np.abs(model.coef_ - reverse.coef_).max()),
                "n_iter": int(reverse.n_iter_[0]),
            },
            "optimum": {
                "coef": [bits(row) for row in coef],
                "intercept": bits(intercept),
                "gradient_norm": norm,
            },
        }


# ---------------------------------------------------------------- L-BFGS


def rosenbrock(x):
    f, g = 0.0, np.zeros_like(x)
    for i in range(len(x) - 1):
        a, b = x[i + 1] - x[i] * x[i], 1.0 - x[i]
        f += 100.0 * a * a + b * b
        g[i] += -400.0 * a * x[i] - 2.0 * b
        g[i + 1] += 200.0 * a
    return f, g


def quartic(x):
    """sum of i x_i^4 - x_i: very flat, so that the loss test stops it."""
    i = np.arange(1.0, len(x) + 1.0)
    return float((i * x**4 - x).sum()), 4.0 * i * x**3 - 1.0


def absolute(x):
    """sum of i |x_i - 1/i|: no slope vanishes, so that line searches fail."""
    i = np.arange(1.0, len(x) + 1.0)
    d = x - 1.0 / i
    return float((i * np.abs(d)).sum()), i * np.sign(d)


def wave(x):
    """sum of x_i^2/2 - 10 c_i with c_i = 1/(1+(x_i-2)^2): not convex, so that pairs are skipped."""
    d = x - 2.0
    q = 1.0 + d * d
    return float((x * x / 2.0 - 10.0 / q).sum()), x + 20.0 * d / (q * q)


def barrier(x):
    """sum of i x_i - ln(x_i), no number at or below 0: line searches fail there and the pairs are forgotten."""
    i = np.arange(1.0, len(x) + 1.0)
    if (x <= 0.0).any():
        return np.nan, np.full_like(x, np.nan)
    return float((i * x - np.log(x)).sum()), i - 1.0 / x


FUNCTIONS = {"rosenbrock": rosenbrock, "quartic": quartic, "absolute": absolute, "wave": wave, "barrier": barrier}


def lbfgs_cases():
    specs = [
        ("rosenbrock", [-1.2, 1.0], 1e-8, 1000),
        ("rosenbrock", [-1.2, 1.0], 1e-8, 12),
        ("rosenbrock", [-1.0, 0.5, 2.0, -0.5, 1.5, 0.0, -2.0, 1.0, 0.25, -0.75, 3.0, 0.5], 1e-6, 1000),
        ("quartic", [3.0, -2.0, 1.0, 4.0, -5.0], 1e-4, 1000),
        ("quartic", [3.0, -2.0, 1.0, 4.0, -5.0], 0.0, 1000),
        ("quartic", [300.0, -200.0, 1000.0], 1e-3, 8),
        ("absolute", [3.0, -2.0], 1e-6, 100),
        ("wave", [-6.0, 7.0, 0.5], 1e-9, 100),
        ("wave", [30.0, -0.25], 1e-9, 100),
        ("barrier", [30.0, 0.01], 1e-6, 100),
        ("barrier", [0.001, 5.0], 1e-6, 100),
        ("barrier", [0.0001, 0.0001], 1e-6, 100),
    ]
    for name, start, tol, max_iter in specs:
        result = minimize(
            FUNCTIONS[name],
            np.array(start),
            method="L-BFGS-B",
            jac=True,
            options={"maxiter": max_iter, "maxls": 50, "gtol": tol, "ftol": 64 * np.finfo(float).eps},
        )
        yield {
            "function": name,
            "start": start,
            "tol": tol,
            "max_iter": max_iter,
            "x": bits(result.x),
            "f": bits([result.fun]),
            "n_iter": int(result.nit),
            "n_evaluations": int(result.nfev),
            "message": result.message,
        }


# ---------------------------------------------------------------- line search


# One rule each, changed in the source of dcsrch and dcstep. A search is worth keeping if it tells a variant apart.
# (Of 60 000 none told apart what becomes of the first stage.)
VARIANTS = {
    "shrink": ("p66 = 0.66", "p66 = 0.9"),
    "extrapolate-low": ("xtrapl = 1.1", "xtrapl = 0.5"),
    "extrapolate-high": ("xtrapu = 4.0", "xtrapu = 3.0"),
    "lowered": ("if self.stage == 1 and f <= self.fx and f > ftest", "if False"),
    "narrow": ("self.stmax - self.stmin <= self.xtol * self.stmax", "False"),
    "higher": ("if abs(stpc - stx) <= abs(stpq - stx)", "if True"),
    "opposite": ("if abs(stpc - stp) > abs(stpq - stp)", "if True"),
    "flatter": ("if abs(stpc - stp) < abs(stpq - stp)", "if False"),
    "flatter-limit": ("stp + 0.66 * (sty - stp)", "stp + 0.5 * (sty - stp)"),
}


LEAST = 4


def variant(old, new):
    source = inspect.getsource(_dcsrch)
    assert old in source, old
    module = {}
    exec(source.replace(old, new), module)
    return module["DCSRCH"]


def trials(kind, value, slope, step):
    seen = []

    def traced(t):
        seen.append(t)
        return value(t)

    with np.errstate(all="ignore"):
        kind(traced, slope, 1e-3, 0.9, 0.1, 0.0, 1e10)(step, value(0.0), slope(0.0), maxiter=50)
    return seen


def line_search_cases():
    rng = np.random.default_rng(1994)
    variants = {name: variant(*change) for name, change in VARIANTS.items()}
    found = {name: 0 for name in variants}
    cases = []
    for attempt in range(200_000):
        # Even-degree polynomials that fall at 0 and rise in the end.
        degree = 2 * int(rng.integers(1, 5))
        coefficients = [round(float(v), 3) for v in rng.normal(size=degree + 1) * 3.0]
        coefficients[0] = abs(coefficients[0]) + 0.125
        coefficients[-2] = -abs(coefficients[-2]) - 0.125

        def value(t):
            f = 0.0
            for c in coefficients:
                f = f * t + c
            return f

        def slope(t):
            g = 0.0
            for power, c in zip(range(degree, 0, -1), coefficients):
                g = g * t + power * c
            return g

        step = float(10.0 ** rng.integers(-3, 4))
        plain = trials(DCSRCH, value, slope, step)
        if attempt < 10:
            tells = ["any"]
        else:
            tells = [n for n, kind in variants.items() if found[n] < LEAST and trials(kind, value, slope, step) != plain]
            for name in tells:
                found[name] += 1
        if tells:
            cases.append(
                {
                    "tells_apart": tells,
                    "coefficients": bits(coefficients),
                    "first_step": step,
                    "trials": bits(plain),
                }
            )
        if min(found.values()) == LEAST:
            break
    print("variants told apart", found, "after", attempt, file=sys.stderr)
    return cases


if __name__ == "__main__":
    cases = list(fit_cases())
    for case in cases:
        print(case["id"], case["n_iter"], case["reversed_rows"], case["optimum"]["gradient_norm"], file=sys.stderr)
    write("logistic_fits.json", cases, data="data/iris.csv, data/breast_cancer.csv")
    cases = list(lbfgs_cases())
    for case in cases:
        print(case["function"], case["n_iter"], case["n_evaluations"], case["message"], case["f"], file=sys.stderr)
    write("lbfgs.json", cases)
    cases = line_search_cases()
    print("line searches by length", sorted(len(c["trials"]) // 16 for c in cases), file=sys.stderr)
    write("line_search.json", cases)
