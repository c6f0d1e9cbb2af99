"""How wide tensors are, from the operators alone."""

import numpy as np
import pytest
import spox.opset.ai.onnx.v21 as op
from spox import Tensor, argument, build

from modelport_sklearn.from_onnx.graph import Graph, NoMatch


def width(make) -> int:
    rows = argument(Tensor(np.float64, ("N", 4)))
    model = build({"X": rows}, {"out": make(rows)})
    graph = Graph(model, 4)
    return graph.width(graph.outputs[0])


CASES = [
    (lambda x: op.matmul(x, op.const(np.ones((4, 3)))), 3),
    (lambda x: op.concat([x, op.abs(x)], axis=1), 8),
    (lambda x: op.gather(x, op.const(np.array([2, 0])), axis=1), 2),
    (lambda x: op.slice(x, op.const([1]), op.const([9]), op.const([1])), 3),
    (lambda x: op.where(op.isnan(x), op.const(0.0), x), 4),
    (lambda x: op.add(op.gather(x, op.const(np.array([2])), axis=1), op.const(np.ones((1, 5)))), 5),
]


@pytest.mark.parametrize(("make", "columns"), CASES)
def test_columns(make, columns: int) -> None:
    assert width(make) == columns


def test_what_is_not_known_is_no_match() -> None:
    with pytest.raises(NoMatch):
        width(lambda x: op.transpose(x, perm=[1, 0]))


def test_a_graph_too_deep_is_no_match() -> None:
    def deep(x):
        for _ in range(400):
            x = op.abs(x)
        return x

    with pytest.raises(NoMatch):
        width(deep)
