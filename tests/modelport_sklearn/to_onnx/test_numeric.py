"""The columns a predictor is given: text, none, float32, and columns of a DataFrame one by one."""

import numpy as np
import onnxruntime as ort
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.svm import SVC

from modelport.conversion import Context, Options, Precision
from modelport.errors import CannotConvert
from modelport.signature import Column, Signature, matrix_inputs
from modelport_onnx.build import to_onnx

X = np.random.default_rng(0).normal(size=(60, 3))
Y = (X[:, 0] > 0).astype(int)


def test_text_is_refused_by_the_name_of_its_column():
    columns = (Column("a", pa.float64()), Column("town", pa.string()), Column("c", pa.float64()))
    with pytest.raises(CannotConvert, match="'town' holds text"):
        to_onnx(LinearRegression().fit(X, Y), Context(Signature(columns)))


def test_no_columns_are_refused():
    with pytest.raises(CannotConvert, match="no columns"):
        to_onnx(LinearRegression().fit(X, Y), Context(Signature(())))


def test_columns_of_a_frame_of_several_types():
    frame = pd.DataFrame({"a": X[:, 0], "count": np.arange(60), "flag": X[:, 2] > 0})
    model = LogisticRegression().fit(frame, Y)
    kinds = {"a": pa.float64(), "count": pa.int64(), "flag": pa.bool_()}
    proto = to_onnx(model, Context(Signature(tuple(Column(name, kind) for name, kind in kinds.items()))))
    session = ort.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    label, probability = session.run(None, {name: frame[[name]].to_numpy() for name in kinds})
    assert label.tolist() == model.predict(frame).tolist()
    np.testing.assert_allclose(probability, model.predict_proba(frame), atol=1e-12)


def notes(model, *, precision=Precision.EXACT):
    context = Context(Signature(matrix_inputs(3, pa.float32())), Options(precision))
    to_onnx(model, context)
    return [note.what for note in context.notes]


def test_float32_columns_leave_a_note_where_scikit_learn_computes_in_float32():
    narrow = X.astype(np.float32)
    assert "float32" in notes(LogisticRegression().fit(narrow, Y))[0]
    assert not notes(SVC().fit(narrow, Y))
