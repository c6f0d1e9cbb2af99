"""Comparing a lowered transformer with scikit-learn's own columns, on matrices and on DataFrames."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from modelport.conversion import Context
from modelport.data import data, fit
from modelport.signature import Column, Signature, matrix_inputs
from modelport_onnx.build import to_onnx
from modelport_onnx.ort import OrtSession
from modelport_onnx.reference import ReferenceSession

TOLERANCE = 1e-9

Rows = Any


def inputs(rows: Rows, nullable: bool = True) -> tuple[Column, ...]:
    """The signature of a matrix or of a DataFrame."""
    if not hasattr(rows, "columns"):
        kind = pa.string() if rows.dtype.kind in "UOS" else pa.from_numpy_dtype(rows.dtype)
        return matrix_inputs(rows.shape[1], kind, nullable)
    kinds = {name: _arrow_type(rows[name]) for name in rows.columns}
    return tuple(Column(str(name), kind, nullable) for name, kind in kinds.items())


def _arrow_type(series: pd.Series) -> pa.DataType:
    kind = data(series.to_frame()).schema.field(0).type
    if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind):
        return pa.string()
    return pa.string() if pa.types.is_null(kind) else kind


def open_graph(estimator: Any, rows: Rows, nullable: bool = True) -> OrtSession:
    context = Context(Signature(inputs(rows, nullable)))
    return OrtSession(to_onnx(estimator, context), threads=1)


def batch_of(rows: Rows, signature: Signature) -> pa.RecordBatch:
    if hasattr(rows, "columns"):
        return fit(next(data(rows).batches()), signature)
    arrays = [pa.array(list(rows[:, i]), column.type, from_pandas=True) for i, column in enumerate(signature.inputs)]
    return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in signature.inputs])


def dense(values: Any) -> Any:
    values = values.toarray() if hasattr(values, "toarray") else values
    return values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)


def same_cell(got: Any, want: Any) -> bool:
    if isinstance(want, str):
        return bool(got == want)
    if want is None or want != want:
        return got is None or got == "" or bool(got != got)
    if isinstance(got, str) or got is None:
        return False
    return bool(got == want) or abs(float(got) - float(want)) <= TOLERANCE * max(1.0, abs(float(want)))


def same_columns(batch: pa.RecordBatch, want: Any) -> None:
    assert batch.num_columns == want.shape[1]
    for i in range(want.shape[1]):
        got = batch.column(i).to_pylist()
        wrong = [(row, a, b) for row, (a, b) in enumerate(zip(got, want[:, i], strict=True)) if not same_cell(a, b)]
        assert not wrong, f"column {batch.schema.names[i]}: {len(wrong)} rows differ, such as {wrong[:3]}"


def names_of(estimator: Any, rows: Rows, width: int) -> list[str]:
    """The names that the scikit-learn runtime gives its outputs."""
    try:
        names = [str(name) for name in estimator.get_feature_names_out()]
    except (AttributeError, ValueError):
        names = [str(name) for name in getattr(estimator.transform(rows), "columns", ())]
    return names if len(names) == width else [f"x{i}" for i in range(width)]


Agrees = Callable[..., OrtSession]


@pytest.fixture
def agrees() -> Agrees:
    """`agrees(estimator, rows)` asserts that the file gives scikit-learn's columns, under scikit-learn's names."""

    def check(estimator: Any, rows: Rows, *, nullable: bool = True) -> OrtSession:
        session = open_graph(estimator, rows, nullable)
        want = dense(estimator.transform(rows))
        got = session.score(batch_of(rows, session.signature))
        same_columns(got, want)
        assert got.schema.names == [f"out({name})" for name in names_of(estimator, rows, want.shape[1])]
        return session

    return check


@pytest.fixture
def labels_agree() -> Callable[..., None]:
    """`labels_agree(classifier, rows)` asserts equal labels, and probabilities where there are some."""

    def check(estimator: Any, rows: Rows, *, nullable: bool = True) -> None:
        session = open_graph(estimator, rows, nullable)
        got = session.score(batch_of(rows, session.signature))
        assert got.column(0).to_pylist() == estimator.predict(rows).tolist()
        if got.num_columns > 1:
            same_columns(got.select(got.schema.names[1:]), estimator.predict_proba(rows))

    return check


@pytest.fixture(scope="session")
def agrees_anywhere() -> Callable[..., None]:
    """As `agrees`, without the names, for properties that run one test many times."""

    def check(estimator: Any, rows: Rows, *, nullable: bool = True) -> None:
        session = open_graph(estimator, rows, nullable)
        same_columns(session.score(batch_of(rows, session.signature)), dense(estimator.transform(rows)))

    return check


def steps(values: Iterable[float]) -> list[float]:
    """Each value and its neighbours one step away, in float64 and on the float32 grid."""
    found: list[float] = []
    for value in values:
        narrow = np.float32(value)
        around = [narrow, np.nextafter(narrow, np.float32(np.inf)), np.nextafter(narrow, np.float32(-np.inf))]
        found += [value, float(np.nextafter(value, np.inf)), float(np.nextafter(value, -np.inf))]
        found += [float(item) for item in around]
    return found


@pytest.fixture
def boundary() -> Callable[[Iterable[float]], list[float]]:
    """`boundary(values)`: see `steps`."""
    return steps


@pytest.fixture
def labels_of() -> Callable[..., None]:
    """`labels_of(encoder, labels)`: as `agrees`, for encoders of one column of labels."""

    def check(estimator: Any, labels: list[Any], want: Any = None) -> None:
        rows = np.array(labels).reshape(-1, 1)
        session = open_graph(estimator, rows, nullable=False)
        got = session.score(batch_of(rows, session.signature))
        same_columns(got, dense(estimator.transform(labels)).reshape(len(labels), -1) if want is None else want)

    return check


@pytest.fixture
def agrees_by_reference() -> Callable[..., None]:
    """As `agrees`, in the ONNX reference evaluator."""

    def check(estimator: Any, rows: Rows) -> None:
        session = ReferenceSession(to_onnx(estimator, Context(Signature(inputs(rows)))))
        same_columns(session.score(batch_of(rows, session.signature)), dense(estimator.transform(rows)))

    return check


@pytest.fixture
def float32_columns() -> Callable[..., tuple[Any, Any]]:
    """`float32_columns(estimator, rows)` gives the file's matrix and scikit-learn's, in their own types."""

    def both(estimator: Any, rows: Rows) -> tuple[Any, Any]:
        session = open_graph(estimator, rows, nullable=False)
        got = session.score(batch_of(rows, session.signature))
        return np.stack([column.to_numpy(zero_copy_only=False) for column in got.columns], 1), estimator.transform(rows)

    return both
