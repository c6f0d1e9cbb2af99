"""There and back: an estimator as a graph, and what is rebuilt from that."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelport.api import convert
from modelport.conversion import Context
from modelport_onnx.file import signature
from modelport_sklearn.from_onnx.convert import convert as from_onnx

ANSWERS = ("predict", "predict_proba", "decision_function", "transform")
Back = Callable[..., Any]


def graph_of(estimator: Any, rows: Any) -> Any:
    return convert(estimator, "onnx", data=rows, verify=False).model.artifact.model


def is_native(model: Any) -> bool:
    return type(model).__module__.startswith("sklearn.")


def same_answers(found: Any, original: Any, rows: Any) -> None:
    """Labels equal, numbers to 1e-9 of max(1, |reference|)."""
    asked = [name for name in ANSWERS if hasattr(original, name) and hasattr(found, name)]
    assert asked
    for name in asked:
        want, have = (getattr(model, name)(rows) for model in (original, found))
        want, have = (np.asarray(item.toarray() if hasattr(item, "toarray") else item) for item in (want, have))
        if want.dtype.kind == "f":
            np.testing.assert_allclose(have, want, rtol=1e-9, atol=1e-9)
        else:
            assert have.tolist() == want.tolist()


@pytest.fixture
def numbers() -> np.ndarray:
    """[200, 4] float64 of different scales, one column of whole numbers."""
    rows = np.random.default_rng(3).normal(size=(200, 4)) * [1.0, 30.0, 0.1, 2.0]
    rows[:, 3] = np.round(rows[:, 3])
    return rows


@pytest.fixture
def people() -> pd.DataFrame:
    """Numbers and texts, both with gaps."""
    rng = np.random.default_rng(4)
    age = rng.normal(40, 12, 200)
    age[::9] = np.nan
    city = rng.choice(np.array(["Wien", "Oslo", "Ulm", "São Paulo"], object), 200)
    city[::11] = None
    return pd.DataFrame({"age": age, "income": rng.lognormal(8, 1, 200), "city": city})


@pytest.fixture
def back() -> Back:
    """Fits an estimator, converts it, rebuilds it, checks that it is scikit-learn's own and answers the same."""

    def rebuilt(estimator: Any, rows: Any, target: Any = None, *, probes: Any = None) -> Any:
        estimator.fit(rows, target)
        graph = graph_of(estimator, rows)
        found = from_onnx(graph, Context(signature(graph)))
        assert is_native(found), type(found)
        same_answers(found, estimator, rows if probes is None else probes)
        return found

    return rebuilt
