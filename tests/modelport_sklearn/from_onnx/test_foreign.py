"""Graphs of skl2onnx's own: native where the answers are equal to a float32 step, carried otherwise."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from modelport.conversion import Context
from modelport_onnx.file import signature
from modelport_sklearn.from_onnx.convert import convert as from_onnx
from tests.modelport_sklearn.from_onnx.conftest import is_native

X, Y = load_iris(return_X_y=True)
ROWS = X.astype(np.float32)


def foreign(model: Any) -> tuple[Any, Context]:
    from skl2onnx import to_onnx

    options = {id(model): {"zipmap": False}} if hasattr(model, "classes_") else None
    graph = to_onnx(model, ROWS[:1], target_opset=17, options=options)
    context = Context(signature(graph))
    return from_onnx(graph, context), context


@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeClassifier(random_state=0),
        DecisionTreeRegressor(random_state=0),
        RandomForestClassifier(n_estimators=8, random_state=0),
    ],
    ids=lambda item: type(item).__name__,
)
def test_native(model: Any) -> None:
    found, _ = foreign(model.fit(ROWS, Y))
    assert type(found) is type(model)
    np.testing.assert_allclose(found.predict(ROWS), model.predict(ROWS), rtol=1e-6, atol=1e-6)


def test_a_graph_that_answers_in_float32_says_so() -> None:
    _, context = foreign(DecisionTreeRegressor(random_state=0).fit(ROWS, ROWS[:, 0] / 3))
    assert [note.what for note in context.notes if note.where == "outputs"] == [
        "the graph answers in float32 and the estimator in float64; they agree to one float32 step"
    ]


def test_arithmetic_in_float32_is_carried_where_it_shows() -> None:
    model = LogisticRegression(max_iter=300).fit(ROWS, Y)
    found, _ = foreign(model)
    assert not is_native(found)
    assert found.predict(ROWS).tolist() == model.predict(ROWS).tolist()
