"""The table of transformers: every row leads to a function, and every class of scikit-learn's has a row somewhere."""

from sklearn.utils import all_estimators

from modelport_onnx.lowering import class_path
from modelport_sklearn.to_onnx.table import TABLE
from modelport_sklearn.to_onnx.transform.table import TRANSFORMERS

ELSEWHERE = {
    "GridSearchCV",
    "RandomizedSearchCV",
    "StackingClassifier",
    "StackingRegressor",
    "VotingClassifier",
    "VotingRegressor",
}
"""Meta-estimators, which another table of this room lists."""


def test_every_row_leads_somewhere():
    for path, row in TRANSFORMERS.items():
        for entry in (row.predict, row.transform, row.check):
            assert entry is None or callable(entry.resolve()), path


def test_every_transformer_has_a_row():
    known = {class_path(kind): name for name, kind in all_estimators() if hasattr(kind, "transform")}
    missing = {name for path, name in known.items() if path not in TABLE or TABLE[path].transform is None}
    assert missing <= ELSEWHERE
