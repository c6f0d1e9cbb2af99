"""Class labels and categories as Python scalars, and back into Arrow columns."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.errors import CannotConvert
from modelport.signature import Category, label_text

Array = np.ndarray[Any, np.dtype[Any]]


def is_missing(value: Any) -> bool:
    """Whether a category stands for a missing value: None, NaN or pandas' NA."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return bool(isinstance(value, float | np.floating) and np.isnan(value))


def scalar(value: Any) -> Category:
    """One label or category as a Python scalar.

    Raises:
        CannotConvert: it is of a type that no signature holds (bytes, tuples, dates).
    """
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, str | bool | int | float):
        return plain
    raise CannotConvert(f"a class label or category is a {type(value).__name__}", hint="use text, numbers or booleans")


def scalars(values: Iterable[Any]) -> tuple[Category, ...]:
    """Labels or categories as Python scalars, in order."""
    return tuple(scalar(value) for value in values)


def arrow(values: Any, kind: pa.DataType) -> pa.Array:
    """A one-dimensional NumPy array as an Arrow column; NaN stays NaN, None becomes null."""
    array = np.asarray(values)
    if pa.types.is_string(kind):
        return _text(array)
    if array.dtype == object:
        return pa.array(array.tolist(), kind)
    return pa.array(np.ascontiguousarray(array)).cast(kind)


def _text(array: Array) -> pa.Array:
    if array.dtype.kind == "U":
        return pa.array(array, pa.string())
    items = array.tolist()
    if all(isinstance(item, str) for item in items):
        return pa.array(items, pa.string())
    return pa.array([None if is_missing(item) else label_text(scalar(item)) for item in items], pa.string())
