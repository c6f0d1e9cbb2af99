"""Recognition is never trusted: a graph that is nearly a known model, and answers otherwise, is carried."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from modelport.api import convert
from modelport.conversion import Context, NoteKind
from modelport_onnx.file import signature
from modelport_sklearn.files import read, write
from modelport_sklearn.from_onnx.convert import convert as from_onnx
from modelport_sklearn.from_onnx.native import native
from tests.modelport_sklearn.from_onnx.conftest import graph_of, is_native

X, Y = load_iris(return_X_y=True)


def logistic() -> onnx.ModelProto:
    return graph_of(LogisticRegression(max_iter=300).fit(X, Y == 1), X)


def constant(graph: onnx.ModelProto, name: str, change: Any) -> None:
    """Changes an initializer."""
    for tensor in graph.graph.initializer:
        if tensor.name == name:
            tensor.CopyFrom(numpy_helper.from_array(change(numpy_helper.to_array(tensor).copy()), name))


def test_another_threshold_is_another_model() -> None:
    graph = logistic()
    compare = next(node for node in graph.graph.node if node.op_type == "Greater")
    constant(graph, compare.input[1], lambda value: value + 1e-7)
    assert native(graph, signature(graph)) is None


def test_the_other_side_of_a_threshold_is_another_model() -> None:
    graph = logistic()
    compare = next(node for node in graph.graph.node if node.op_type == "Greater")
    compare.op_type = "GreaterOrEqual"
    assert native(graph, signature(graph)) is None


def test_the_last_of_the_largest_is_another_model() -> None:
    graph = graph_of(LogisticRegression(max_iter=300).fit(X, Y), X)
    best = next(node for node in graph.graph.node if node.op_type == "ArgMax")
    next(a for a in best.attribute if a.name == "select_last_index").i = 1
    assert native(graph, signature(graph)) is None


def test_labels_in_another_order_are_another_model() -> None:
    graph = graph_of(LogisticRegression(max_iter=300).fit(X, Y), X)
    for node in graph.graph.node:
        if node.op_type == "Constant":
            node.attribute[0].t.CopyFrom(numpy_helper.from_array(np.array([2, 1, 0])))
    assert native(graph, signature(graph)) is None


def test_a_mean_over_another_number_of_trees_is_no_forest() -> None:
    graph = graph_of(RandomForestClassifier(n_estimators=4, random_state=0).fit(X, Y), X)
    share = next(node for node in graph.graph.node if node.op_type == "Div")
    constant(graph, share.input[1], lambda value: value * 2)
    assert native(graph, signature(graph)) is None


def test_a_model_that_is_rounded_after_it_is_carried() -> None:
    graph = graph_of(GradientBoostingRegressor(n_estimators=3, random_state=0).fit(X, Y), X)
    last = graph.graph.node[-1]
    graph.graph.node.insert(len(graph.graph.node) - 1, helper.make_node("Floor", [last.input[0]], ["floored"]))
    graph.graph.node[-1].input[0] = "floored"
    assert native(graph, signature(graph)) is None


def test_what_the_converter_says_of_it() -> None:
    graph = logistic()
    context = Context(signature(graph))
    assert is_native(from_onnx(graph, context))
    told = {(note.kind, note.where): note.what for note in context.notes}
    assert told[NoteKind.ASSUMED, "LogisticRegression"].startswith("native: ")
    assert "refused" in told[NoteKind.LOST, "inputs"]


@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(max_iter=300),
        RandomForestClassifier(n_estimators=3, random_state=0),
        make_pipeline(StandardScaler(), LogisticRegression()),
    ],
    ids=lambda item: type(item).__name__,
)
def test_the_default_verification_passes(model: Any, tmp_path: Path) -> None:
    graph = graph_of(model.fit(X, Y), X)
    onnx.save(graph, tmp_path / "model.onnx")
    found = convert(tmp_path / "model.onnx", tmp_path / "model.pkl", data=X)
    assert found.report is not None
    assert found.report.passed, found.report.sentence()
    assert any("says that it does not take" in note for note in found.report.notes)


ALONE = """
import pickle, sys
class Blocked:
    def find_spec(self, name, *rest):
        if name.partition(".")[0].startswith(("modelport", "onnx", "spox")):
            raise ImportError(name)
sys.meta_path.insert(0, Blocked())
model = pickle.load(open(sys.argv[1], "rb"))
print(model.predict([[5.0, 3.0, 1.0, 0.2], [6.0, 3.0, 5.0, 2.0]]).tolist())
"""


@pytest.mark.parametrize(
    "model",
    [
        RandomForestClassifier(n_estimators=3, random_state=0),
        SVC(),
        make_pipeline(StandardScaler(), LogisticRegression()),
    ],
    ids=lambda item: type(item).__name__,
)
def test_it_passes_the_gate_and_needs_scikit_learn_alone(model: Any, tmp_path: Path) -> None:
    graph = graph_of(model.fit(X, Y), X)
    write(from_onnx(graph, Context(signature(graph))), tmp_path / "model.pkl")
    from modelport.formats import Policy

    assert is_native(read(tmp_path / "model.pkl", Policy()))
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(tmp_path / "model.pkl")], capture_output=True, text=True, timeout=120
    )
    rows = [[5.0, 3.0, 1.0, 0.2], [6.0, 3.0, 5.0, 2.0]]
    assert done.stdout.strip() == str(model.predict(rows).tolist()), done.stderr
