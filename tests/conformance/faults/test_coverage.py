"""Coverage of the splits of tree ensembles: nearly all of them by default, and within a budget if one is given."""

from typing import Any

import numpy as np
import pytest

from modelport.artifacts import artifact
from modelport.conversion import Context
from modelport.data import data
from modelport.parity import ParityReport, Settings, compare

RUNTIMES = ("scikit-learn", "onnxruntime")


def rows(count: int = 600, width: int = 8) -> tuple[Any, Any]:
    x = np.random.default_rng(0).normal(size=(count, width))
    return x, (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype(int)


def ensemble(kind: str, trees: int) -> Any:
    x, y = rows()
    if kind == "lightgbm":
        from lightgbm import LGBMClassifier

        return LGBMClassifier(n_estimators=trees, num_leaves=15, verbose=-1, n_jobs=1).fit(x, y)
    if kind == "xgboost":
        from xgboost import XGBClassifier

        return XGBClassifier(n_estimators=trees, max_depth=4, n_jobs=1).fit(x, y)
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(trees, random_state=0, max_leaf_nodes=40).fit(x, y)


def boundary(kind: str, trees: int, **settings: Any) -> ParityReport:
    """The report on an ensemble and its conversion, on boundary rows alone."""
    from modelport_onnx.build import to_onnx

    model, (x, _) = ensemble(kind, trees), rows()
    reference = artifact(model)
    proto = to_onnx(model, Context(reference.format.signature(model, data(x).head())))
    chosen = Settings(strata=("boundary",), runtimes=RUNTIMES, proof=False, shrink=False, **settings)
    return compare([reference, artifact(proto)], data=data(x), settings=chosen)


def covered(report: ParityReport) -> float:
    assert report.passed, report.sentence()
    assert report.coverage is not None
    assert report.coverage.rate is not None
    return report.coverage.rate


@pytest.mark.parametrize("kind", ["forest", "lightgbm", "xgboost"])
def test_by_default_nearly_every_split_is_probed(kind: str) -> None:
    report = boundary(kind, 60, rows=100)
    assert report.coverage is not None
    assert report.coverage.known > 300, "the default of five times `rows` would not be enough"
    assert covered(report) >= 0.99


def test_a_budget_that_is_too_small_says_what_would_be_enough() -> None:
    short = boundary("forest", 30, boundary_rows=400)
    assert covered(short) < 0.99
    assert short.rows <= 400
    assert short.coverage is not None
    (note,) = [note for note in short.notes if "--boundary-rows" in note]
    assert note.endswith(f"--boundary-rows {short.coverage.need}")
    enough = boundary("forest", 30, boundary_rows=short.coverage.need)
    assert covered(enough) >= 0.99
    assert enough.rows <= short.coverage.need
    assert not any("--boundary-rows" in note for note in enough.notes)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["forest", "lightgbm", "xgboost"])
def test_a_thousand_trees(kind: str) -> None:
    assert covered(boundary(kind, 1000)) >= 0.99
