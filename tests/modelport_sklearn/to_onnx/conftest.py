"""Comparing a lowered predictor with scikit-learn's own answers, every output of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
import spox

from modelport.conversion import Context
from modelport.signature import Signature, matrix_inputs
from modelport_onnx.assemble import arguments, outcome_outputs
from modelport_onnx.build import to_onnx
from modelport_onnx.lowering import Scope, lower_predict, lower_transform
from modelport_onnx.outcome import Classified, Outcome

Array = np.ndarray[Any, np.dtype[Any]]
Agrees = Callable[..., dict[str, Array]]

TOLERANCE = 1e-9
TIE = 1e-12


def scored(outputs: dict[str, spox.Var], inputs: dict[str, spox.Var], rows: Array) -> dict[str, Array]:
    proto = spox.build(inputs, outputs)
    proto.ir_version = 10
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip(outputs, session.run(None, {"X": rows}), strict=True))


def lowered(estimator: Any, width: int) -> tuple[dict[str, spox.Var], Outcome]:
    context = Context(Signature(matrix_inputs(width)))
    inputs, frame = arguments(context.signature)
    return inputs, lower_predict(estimator, frame, Scope(context))


def near(got: Array, want: Array) -> None:
    want = np.asarray(want, np.float64)
    got = got.reshape(want.shape)
    off = np.abs(got - want) / np.maximum(1.0, np.abs(want))
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    assert np.where(same, 0.0, off).max(initial=0.0) <= TOLERANCE


def margin(scores: Array) -> Array:
    """How far the best class is ahead of the next, row by row."""
    if scores.ndim == 1:
        return np.abs(scores)
    best = np.sort(scores, axis=1)
    return np.asarray(best[:, -1] - best[:, -2]) if scores.shape[1] > 1 else np.full(len(scores), np.inf)


def same_labels(got: Array, want: Array, clear: Array | bool = True) -> None:
    differ = np.asarray([a != b for a, b in zip(got.tolist(), np.asarray(want).ravel().tolist(), strict=True)])
    assert not (differ & clear).any()


def every_output(outcome: Outcome) -> dict[str, spox.Var]:
    outputs = outcome_outputs(outcome)[0]
    if isinstance(outcome, Classified) and outcome.decision is not None:
        outputs = {**outputs, "decision": outcome.decision}
    return outputs


def check_classifier(estimator: Any, rows: Array, got: dict[str, Array]) -> None:
    assert ("probability" in got) == hasattr(estimator, "predict_proba")
    if hasattr(estimator, "predict_proba"):
        near(got["probability"], estimator.predict_proba(rows))
    clear: Array | bool = True
    if hasattr(estimator, "decision_function"):
        reference = estimator.decision_function(rows)
        near(got["decision"], reference)
        clear = margin(np.asarray(reference)) >= TIE
    elif hasattr(estimator, "predict_proba"):
        clear = margin(estimator.predict_proba(rows)) >= TIE
    same_labels(got["label"], estimator.predict(rows), clear)


@pytest.fixture
def agrees() -> Agrees:
    """`agrees(estimator, rows)` asserts that every output equals scikit-learn's, and gives the graph's outputs."""

    def check(estimator: Any, rows: Array) -> dict[str, Array]:
        rows = np.ascontiguousarray(rows, np.float64)
        inputs, outcome = lowered(estimator, rows.shape[1])
        got = scored(every_output(outcome), inputs, rows)
        if isinstance(outcome, Classified):
            check_classifier(estimator, rows, got)
        elif "prediction" in got:
            near(got["prediction"], estimator.predict(rows))
        elif "cluster" in got:
            same_labels(got["cluster"], estimator.predict(rows))
        else:
            check_outliers(estimator, rows, got)
        return got

    return check


@pytest.fixture
def agrees_on_file() -> Agrees:
    """`agrees_on_file(estimator, rows)` converts, scores, and gives the outputs of the file by name."""

    def check(estimator: Any, rows: Array) -> dict[str, Array]:
        proto = to_onnx(estimator, Context(Signature(matrix_inputs(rows.shape[1]))))
        session = ort.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        names = [output.name for output in session.get_outputs()]
        return dict(zip(names, session.run(None, {"X": np.ascontiguousarray(rows, np.float64)}), strict=True))

    return check


def check_outliers(estimator: Any, rows: Array, got: dict[str, Array]) -> None:
    reference = estimator.decision_function(rows)
    near(got["score"], reference)
    same_labels(got["label"], estimator.predict(rows), np.abs(reference) >= TIE)


@pytest.fixture
def transforms() -> Agrees:
    """`transforms(estimator, rows)` asserts that the columns and their names equal scikit-learn's."""

    def check(estimator: Any, rows: Array) -> dict[str, Array]:
        rows = np.ascontiguousarray(rows, np.float64)
        context = Context(Signature(matrix_inputs(rows.shape[1])))
        inputs, frame = arguments(context.signature)
        out = lower_transform(estimator, frame, Scope(context))
        got = scored({"out": out.matrix()}, inputs, rows)
        want = estimator.transform(rows)
        near(got["out"], want.toarray() if hasattr(want, "toarray") else want)
        assert list(out.names) == list(estimator.get_feature_names_out())
        return got

    return check
