"""Writes examples.json: what scikit-learn gives for the examples on the data sets of ../../data.

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python generate_examples.py
"""

import csv
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    classification_report,
    confusion_matrix,
    confusion_matrix_at_thresholds,
    roc_auc_score,
)
from sklearn.model_selection import train_test_split

HERE = Path(__file__).parent


def load(name, target):
    with open(HERE.parent.parent / "data" / name, newline="") as file:
        rows = list(csv.DictReader(file))
    features = [column for column in rows[0] if column != target]
    x = np.array([[float(row[feature]) for feature in features] for row in rows])
    return x, np.array([row[target] for row in rows])


def split(x, y):
    return train_test_split(x, y, test_size=0.3, random_state=42, stratify=y)


x_train, x_test, y_train, y_test = split(*load("iris.csv", "species"))
model = LogisticRegression().fit(x_train, y_train)
y_pred = model.predict(x_test)
iris = {
    "n_iter": int(model.n_iter_[0]),
    "confusion_matrix": confusion_matrix(y_test, y_pred).tolist(),
    "report": classification_report(y_test, y_pred),
}

x_train, x_test, y_train, y_test = split(*load("breast_cancer.csv", "diagnosis"))
# Unscaled features: lbfgs runs out of iterations, so the optimum itself is compared.
model = LogisticRegression(solver="newton-cholesky", tol=1e-10, max_iter=1000).fit(x_train, y_train)
score = model.predict_proba(x_test)[:, list(model.classes_).index("malignant")]
truth = y_test == "malignant"
breast_cancer = {
    "matrices": {
        str(threshold): confusion_matrix(truth, score >= threshold).tolist()
        for threshold in (0.5, 0.3, 0.1)
    },
    "n_thresholds": len(confusion_matrix_at_thresholds(truth, score)[-1]),
    "roc_auc": roc_auc_score(truth, score),
    "report": classification_report(y_test, np.where(score >= 0.5, "malignant", "benign")),
}

meta = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
text = json.dumps({"meta": meta, "iris": iris, "breast_cancer": breast_cancer}, indent=1)
(HERE / "examples.json").write_text(text + "\n")
