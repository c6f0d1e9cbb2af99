"""Portable files: float32 in and inside, compared on the float32 grid, and said so in a note."""

import numpy as np
import onnx
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import modelport as mp
from modelport.conversion import NoteKind

ROWS, TARGET = load_breast_cancer(return_X_y=True)


@pytest.mark.parametrize(
    "estimator",
    [RandomForestClassifier(5, random_state=0), make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))],
    ids=["forest", "logistic"],
)
def test_a_portable_file_takes_float32_and_passes_its_own_comparison(estimator: object) -> None:
    found = mp.convert(estimator.fit(ROWS, TARGET), "onnx", data=ROWS[:100], precision="portable")  # type: ignore[attr-defined]
    assert found.report is not None
    assert found.report.passed
    assert any(note.kind is NoteKind.ROUNDED for note in found.notes)
    graph: onnx.ModelProto = found.model.native
    assert [value.type.tensor_type.elem_type for value in graph.graph.input] == [onnx.TensorProto.FLOAT]
    assert all(column.type.equals(pa.float32()) for column in found.model.signature.inputs)
    versions = {item.domain: item.version for item in graph.opset_import}
    assert versions.get("ai.onnx.ml", 3) <= 3


def test_integers_that_may_be_missing_are_fed_as_the_graph_declares_them() -> None:
    rows = pd.DataFrame({"a": np.arange(100), "b": np.linspace(0, 1, 100)})
    model = make_pipeline(SimpleImputer(), RandomForestClassifier(5, random_state=0)).fit(rows, rows["a"] > 50)
    found = mp.convert(model, "onnx", data=rows, precision="portable")
    assert found.report is not None
    assert found.report.passed
    assert found.model.predict(rows).tolist() == model.predict(rows).tolist()
