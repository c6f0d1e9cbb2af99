"""Class labels of a fitted classifier, as the signature holds them."""

from typing import Any

import numpy as np

from modelport.signature import Category
from modelport_onnx.lowering import Scope


def classes_of(classes: Any, scope: Scope) -> tuple[Category, ...]:
    """`classes_` as Python scalars, in the model's own order.

    Raises:
        CannotConvert: a label is neither text nor a number nor a truth value, or there are several targets.
    """
    values = np.asarray(classes).tolist()
    if any(type(value) not in (str, int, float, bool) for value in values):
        odd = next(value for value in values if type(value) not in (str, int, float, bool))
        raise scope.refuse(
            f"a class label of type {type(odd).__name__} has no ONNX type",
            "fit with labels that are strings, integers or booleans",
        )
    if len({float if type(value) is int else type(value) for value in values}) > 1:
        raise scope.refuse("class labels of several types have no one ONNX type", "fit with labels of one type")
    return tuple(values)
