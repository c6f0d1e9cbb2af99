"""PolynomialFeatures: products of columns, multiplied in the order scikit-learn has.

Source: `sklearn.preprocessing.PolynomialFeatures.transform` (1.9), the dense branch: a product of degree d is the
product of its last d - 1 columns times its first.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.frame import Frame, concat
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import ints, like, own_numbers, result

Combination = tuple[int, ...]


def polynomial(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    x = own_numbers(frame, scope)
    wanted = [tuple(int(i) for i in c) for c in _combinations(estimator)]
    if not wanted:
        raise scope.refuse("no columns come out of this step", "raise degree, or include the bias")
    levels: dict[int, list[Combination]] = {}
    for combination in [tuple(int(i) for i in c) for c in _combinations(estimator, lowest=1)]:
        levels.setdefault(len(combination), []).append(combination)
    lowest, parts, here = int(estimator._min_degree), [], x
    if estimator.include_bias:
        parts.append(op.expand(like(x, [[1.0]]), op.concat([op.shape(x, start=0, end=1), ints(1)], axis=0)))
    for degree, level in sorted(levels.items()):
        here = x if degree == 1 else _product(here, levels[degree - 1], x, level)
        if degree >= lowest:
            parts.append(here)
    return result(estimator, concat(parts), len(wanted), sparse=frame.sparse)


def _combinations(estimator: Any, lowest: int | None = None) -> Any:
    """The columns of each product, in output order; with `lowest`, those that products are built from."""
    return type(estimator)._combinations(
        n_features=int(estimator.n_features_in_),
        min_degree=int(estimator._min_degree if lowest is None else lowest),
        max_degree=int(estimator._max_degree),
        interaction_only=estimator.interaction_only,
        include_bias=bool(estimator.include_bias and lowest is None),
    )


def _product(before: Var, known: list[Combination], x: Var, level: list[Combination]) -> Var:
    place = {combination: i for i, combination in enumerate(known)}
    rest = op.gather(before, op.const(np.array([place[c[1:]] for c in level], np.int64)), axis=1)
    return op.mul(rest, op.gather(x, op.const(np.array([c[0] for c in level], np.int64)), axis=1))
