"""Marked parts: found again with what they say, and worth nothing where they are not closed."""

import numpy as np
import onnx
import spox
import spox.opset.ai.onnx.v21 as op
from onnx.reference import ReferenceEvaluator
from spox import Tensor, argument

from modelport_onnx.blocks.marked import begins, ends, parts


def graph(*, closed: bool = True, second: bool = False) -> onnx.ModelProto:
    x, other = (argument(Tensor(np.float64, ("N", 2))) for _ in range(2))
    start = begins(x, "doubling") if closed else x
    part = op.add(start, begins(other, "doubling") if second else start)
    return spox.build({"x": x, "other": other}, {"y": op.neg(ends(part, "doubling", {"times": 2, "of": "Zürich"}))})


def test_a_part_is_found_with_its_facts() -> None:
    model = graph()
    ((end, (start, facts)),) = parts(model.graph, "doubling").items()
    made = {name: node for node in model.graph.node for name in node.output}
    assert made[start].input[0] == "x"
    assert made[made[end].input[0]].op_type == "Add"
    assert facts == {"times": 2, "of": "Zürich"}
    assert parts(model.graph, "halving") == {}


def test_the_marks_compute_nothing() -> None:
    rows = np.arange(4.0).reshape(2, 2)
    (found,) = ReferenceEvaluator(graph()).run(None, {"x": rows, "other": rows})
    np.testing.assert_array_equal(found, -2 * rows)


def test_a_part_without_one_beginning_is_none() -> None:
    assert parts(graph(closed=False).graph, "doubling") == {}
    assert parts(graph(second=True).graph, "doubling") == {}
