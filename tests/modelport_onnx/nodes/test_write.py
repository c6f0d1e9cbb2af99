"""Graphs written by us against those that `spox.build` writes."""

from typing import Any

import numpy as np
import pytest
import spox
import spox.opset.ai.onnx.v17 as v17
import spox.opset.ai.onnx.v21 as v21
from spox import Tensor, Var, argument

from modelport_onnx.nodes.constants import initializer
from modelport_onnx.nodes.write import build
from modelport_onnx.ops import ml3, op

MATRIX = Tensor(np.float64, ("N", 3))


def same(inputs: dict[str, Var], outputs: dict[str, Var]) -> Any:
    ours, theirs = build(inputs, outputs), spox.build(inputs, outputs)
    ours.ir_version, ours.producer_name = theirs.ir_version, theirs.producer_name
    assert ours.SerializeToString(deterministic=True) == theirs.SerializeToString(deterministic=True)
    return ours


def test_a_chain() -> None:
    x = argument(MATRIX)
    y = op.add(op.matmul(x, initializer(np.eye(3))), op.const(1.0))
    same({"x": x}, {"y": y, "z": op.exp(y)})


def test_inputs_that_nothing_reads() -> None:
    x, unused = argument(MATRIX), argument(Tensor(np.str_, (None, 1)))
    same({"x": x, "unused": unused}, {"y": op.neg(x)})


def test_an_input_handed_on() -> None:
    x = argument(MATRIX)
    same({"x": x}, {"y": x, "again": x})


def test_constants_of_every_type() -> None:
    values: list[Any] = [
        1.5,
        2,
        True,
        "text",
        np.float32(3),
        np.array([["a", "ü"]]),
        np.zeros((2, 0)),
        np.array([1], np.uint8),
    ]
    same({"x": argument(MATRIX)}, {f"y{i}": op.const(value) for i, value in enumerate(values)})


def test_graphs_within_graphs() -> None:
    x = argument(MATRIX)
    shared = op.mul(x, op.const(2.0))

    def body(step: Var, going: Var, state: Var) -> list[Var]:
        inner = op.if_(
            op.reshape(going, op.const([-1])), then_branch=lambda: [op.add(state, shared)], else_branch=lambda: [state]
        )
        return [going, inner[0]]

    looped = op.loop(op.const(np.array([3])), op.const(np.array([True])), [x], body=body)
    rows = op.scan([looped[0]], body=lambda row: [op.add(row, op.const(1.0))], num_scan_inputs=1)
    model = same({"x": x}, {"y": rows[0], "s": op.neg(shared)})
    assert {"Loop", "Scan"} <= {node.op_type for node in model.graph.node}


def test_a_value_that_only_branches_read_stands_in_one_of_them_or_outside() -> None:
    x, condition = argument(MATRIX), argument(Tensor(np.bool_, ()))
    one, both = op.exp(x), op.neg(x)
    found = op.if_(condition, then_branch=lambda: [op.add(one, both)], else_branch=lambda: [both])
    same({"x": x, "c": condition}, {"y": found[0]})


def test_several_versions_of_a_domain() -> None:
    x = argument(Tensor(np.int64, ("N",)))
    same({"x": x}, {"y": ml3.label_encoder(x, keys_int64s=[1], values_int64s=[2], default_int64=0)})


@pytest.mark.filterwarnings("ignore")
def test_what_spox_has_to_adapt_is_left_to_it() -> None:
    """ReduceMean of opset 17 has its axes as an attribute."""
    x = argument(MATRIX)
    y = v17.reduce_mean(x, axes=[1])
    model = build({"x": x}, {"y": v21.add(y, op.const(1.0)), "z": op.reduce_max(x, op.const([1]))})
    means = [node for node in model.graph.node if node.op_type == "ReduceMean"]
    assert [len(node.input) for node in means] == [2]


def test_inlined_models_are_left_to_spox() -> None:
    inner = argument(MATRIX)
    part = spox.build({"a": inner}, {"b": v21.neg(inner)})
    x = argument(MATRIX)
    model = build({"x": x}, {"y": op.exp(spox.inline(part)(x)["b"])})
    assert [node.op_type for node in model.graph.node] == ["Neg", "Identity", "Exp", "Identity"]


@pytest.mark.parametrize("name", ["Neg_0_Y", "Initializer_0_arg"])
def test_a_column_that_has_the_name_of_a_value(name: str) -> None:
    x = argument(MATRIX)
    model = build({name: x}, {"y": op.add(op.neg(x), initializer(np.ones(3)))})
    values = [*(v.name for v in model.graph.input), *(t.name for t in model.graph.initializer)]
    values += [out for node in model.graph.node for out in node.output]
    assert len(values) == len(set(values))
