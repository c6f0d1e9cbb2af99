"""What the three libraries' files and runtimes have in common."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from modelport.errors import DataError, RuntimeFailed, Unsafe
from modelport.formats import Policy
from modelport.runtimes import Landmarks
from modelport.signature import (
    Category,
    Column,
    Signature,
    Task,
    classifier_outputs,
    label_text,
    label_type,
    regression_outputs,
)

Array = np.ndarray[Any, np.dtype[Any]]
Answers = Callable[[pd.DataFrame], list[Array]]
"""Rows → one array for each output column."""


def read_bytes(path: Path, policy: Policy) -> bytes:
    """A whole file.

    Raises:
        Unsafe: it is larger than the policy allows.
    """
    size = path.stat().st_size
    if size > policy.max_bytes:
        raise Unsafe(f"this file has {size:,} bytes; the limit is {policy.max_bytes:,}", where=str(path))
    return path.read_bytes()


def inputs(names: Sequence[str], width: int, categories: Mapping[int, Sequence[Any]]) -> tuple[Column, ...]:
    """Input columns: numbers that may be missing, and columns of categories.

    Args:
        names: may be empty; then columns are `x0 … xN`.
        categories: column → the values its codes stand for, text or whole numbers.
    """
    known = tuple(names) or tuple(f"x{i}" for i in range(width))
    return tuple(_input(name, categories.get(i)) for i, name in enumerate(known))


def _input(name: str, categories: Sequence[Any] | None) -> Column:
    if not categories:
        return Column(name, pa.float64(), True)
    if all(isinstance(value, str) for value in categories):
        return Column(name, pa.string(), True, tuple(categories))
    whole = all(isinstance(value, int) for value in categories)
    return Column(name, pa.int64() if whole else pa.float64(), True, tuple(categories))


def classification(given: tuple[Column, ...], classes: tuple[Category, ...]) -> Signature:
    """Inputs and the outputs of a classifier."""
    return Signature(given, classifier_outputs(classes), Task.CLASSIFICATION, classes)


def several_labels(given: tuple[Column, ...], count: int) -> Signature:
    """Inputs and the outputs of `count` yes-or-no labels."""
    outputs: list[Column] = []
    for i in range(count):
        outputs.append(Column(f"label(y{i})", label_type((0, 1)), categories=(0, 1)))
        outputs += [Column(f"probability(y{i}={label_text(label)})", pa.float64()) for label in (0, 1)]
    return Signature(given, tuple(outputs), Task.CLASSIFICATION)


def regression(given: tuple[Column, ...], targets: Sequence[str]) -> Signature:
    """Inputs and the outputs of a regressor."""
    return Signature(given, regression_outputs(targets), Task.REGRESSION)


def targets(count: int) -> tuple[str, ...]:
    """Names of several targets that have none."""
    return tuple(f"y{i}" for i in range(count))


def by_class(shares: Array, classes: Sequence[Category], index: Array) -> list[Array]:
    """Labels, then one column of probabilities a class."""
    labels = np.array([label_text(item) if label_type(classes) == pa.string() else item for item in classes])
    return [labels[index], *(shares[:, i] for i in range(shares.shape[1]))]


def by_column(values: Array) -> list[Array]:
    """[N] or [N, T] as columns."""
    return [values] if values.ndim == 1 else [values[:, i] for i in range(values.shape[1])]


class NativeSession:
    """A library scoring Arrow batches itself."""

    def __init__(self, signature: Signature, answers: Answers, landmarks: Mapping[int, Sequence[float]]) -> None:
        self._signature, self._answers, self._landmarks = signature, answers, landmarks

    @property
    def signature(self) -> Signature:
        return self._signature

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """See `modelport.runtimes.Session.score`.

        Raises:
            DataError: a category that the model does not know, where it takes none.
            RuntimeFailed: the library refused the rows.
        """
        schema = self._signature.output_schema
        if batch.num_rows == 0:
            return pa.RecordBatch.from_pylist([], schema=schema)
        try:
            columns = self._answers(self._frame(batch))
        except DataError:
            raise
        except Exception as error:
            told = (str(error).splitlines() or [type(error).__name__])[0]
            raise RuntimeFailed(f"the library refused these rows: {told}") from error
        arrays = [pa.array(column.tolist(), field.type) for column, field in zip(columns, schema, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _frame(self, batch: pa.RecordBatch) -> pd.DataFrame:
        columns = {column.name: _pandas(batch.column(i), column) for i, column in enumerate(self._signature.inputs)}
        return pd.DataFrame(columns)

    def landmarks(self) -> Landmarks:
        """See `modelport.runtimes.Session.landmarks`: splits, and the categories that are known."""
        found: dict[str, list[Category]] = {}
        for i, column in enumerate(self._signature.inputs):
            values: list[Category] = list(column.categories or self._landmarks.get(i, ()))
            if values:
                found[column.name] = values
        return found

    def close(self) -> None:
        """Nothing is held open."""


def _pandas(values: pa.Array, column: Column) -> Any:
    if pa.types.is_string(column.type):
        return pd.array(values.to_pylist(), dtype=object)
    return np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
