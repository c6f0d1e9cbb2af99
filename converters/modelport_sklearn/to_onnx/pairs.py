"""Classes against one another in pairs: votes, and the decision for each class made of them.

Source: `sklearn.utils.multiclass._ovr_decision_function` (scikit-learn 1.9).
"""

from itertools import combinations
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double
from modelport_onnx.ops import op

Array = np.ndarray[Any, np.dtype[np.float64]]


def signs(count: int) -> Array:
    """+1 where a class is the second of a pair and -1 where it is the first: [pairs, K]."""
    rows = [[float(k == j) - float(k == i) for k in range(count)] for i, j in combinations(range(count), 2)]
    return np.array(rows, np.float64)


def votes(second: Var, count: int) -> Var:
    """How many pairs each class wins, [N, K], from who wins each pair: [N, pairs] bool, True for the second."""
    firsts = (signs(count) < 0).sum(axis=0)
    return op.add(op.matmul(op.cast(second, to=np.float64), double(signs(count))), double(firsts[None]))


def against_the_rest(second: Var, confidence: Var, count: int) -> Var:
    """Votes, and the summed confidence in the second of each pair squeezed into a third of a vote: [N, K]."""
    total = op.matmul(confidence, double(signs(count)))
    squeezed = op.div(total, op.mul(op.add(op.abs(total), double(1.0)), double(3.0)))
    return op.add(votes(second, count), squeezed)
