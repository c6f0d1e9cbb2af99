"""ONNX → ONNX: the same answers under an older opset, or a refusal that names the operator."""

import numpy as np
import onnx
import onnxruntime
import pytest
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from modelport.api import convert
from modelport.conversion import Context, Options, Precision
from modelport.errors import CannotConvert, UsageError
from modelport_onnx.file import signature
from modelport_onnx.rewrite import rewrite

X, Y = load_iris(return_X_y=True)


def graph(model: object) -> onnx.ModelProto:
    return convert(model, "onnx", data=X, verify=False).model.artifact.model


def context(model: onnx.ModelProto, **options: object) -> Context:
    return Context(signature(model), Options(**options))


def answers(model: onnx.ModelProto) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"X": X})


def test_an_older_opset_answers_the_same() -> None:
    own = graph(LogisticRegression(max_iter=300).fit(X, Y))
    older = rewrite(own, context(own, opset=15, ir_version=8))
    assert (older.opset_import[0].version, older.ir_version) == (15, 8)
    assert own.opset_import[0].version > 15
    assert signature(older) == signature(own)
    for have, want in zip(answers(older), answers(own), strict=True):
        np.testing.assert_array_equal(have, want)


def test_trees_of_version_5_are_not_written_in_an_older_form() -> None:
    own = graph(RandomForestClassifier(n_estimators=2, random_state=0).fit(X, Y))
    with pytest.raises(CannotConvert, match=r"TreeEnsemble needs ai\.onnx\.ml 5"):
        rewrite(own, context(own, ml_opset=3))


def test_a_graph_keeps_its_arithmetic() -> None:
    own = graph(LogisticRegression(max_iter=300).fit(X, Y))
    with pytest.raises(UsageError, match="keeps the arithmetic"):
        rewrite(own, context(own, precision=Precision.PORTABLE))
