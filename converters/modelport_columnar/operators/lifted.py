"""Nodes of a graph about one row, as nodes about a batch: the rows become an axis in front of all others."""

from typing import TYPE_CHECKING

import numpy as np
from onnx import NodeProto, helper

from modelport_columnar.values import Fixed, Symbolic, Value

if TYPE_CHECKING:
    from modelport_columnar.execute import Step

Known = dict[str, Value]

_AXIS = {"ArgMax": 0, "ArgMin": 0, "Concat": 0, "GatherElements": 0, "LogSoftmax": -1, "Softmax": -1, "Split": 0,
         "TopK": -1}  # fmt: skip
"""Operators with an attribute `axis`, and what it is where it is not written."""

_AXES = {"Unsqueeze": 1, "Squeeze": 1, "CumSum": 1, "Slice": 3} | dict.fromkeys(
    ("ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum",
     "ReduceSumSquare"), 1
)  # fmt: skip
"""Operators with an input of axes, and which one it is."""

ELEMENTWISE = frozenset(
    ("Abs", "Acos", "Acosh", "Add", "And", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Clip", "Cos", "Cosh", "Div",
     "Elu", "Equal", "Erf", "Exp", "Floor", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "LeakyRelu", "Less",
     "LessOrEqual", "Log", "Max", "Min", "Mod", "Mul", "Neg", "Not", "Or", "Pow", "Reciprocal", "Relu", "Round",
     "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Sqrt", "Sub", "Sum", "Tan", "Tanh", "Where", "Xor")
)  # fmt: skip

_SAME = frozenset(("Identity", "Cast", "TreeEnsemble"))


def lifted(step: "Step", node: NodeProto, known: Known) -> tuple[NodeProto, Known]:
    """The node and its inputs, for tensors with the rows in front.

    Raises:
        CannotConvert: an operator for which this is not known.
    """
    ranks = [value.cells.ndim for value in known.values() if isinstance(value, Symbolic)]
    if node.op_type in ELEMENTWISE:
        return node, _aligned(step, known, max(ranks))
    if node.op_type in _SAME:
        return node, known
    if node.op_type == "MatMul" and isinstance(known[node.input[0]], Symbolic):
        return node, known
    if node.op_type == "Reshape":
        return node, known | {node.input[1]: _reshaped(step, known[node.input[1]])}
    if node.op_type in _AXES:
        return _with_axes(step, node, known)
    if node.op_type == "Concat":
        known = {name: Fixed(v.array[None]) if isinstance(v, Fixed) else v for name, v in known.items()}
    if node.op_type in _AXIS or (node.op_type == "Gather" and isinstance(known[node.input[0]], Symbolic)):
        return _with_axis(node, _AXIS.get(node.op_type, 0)), known
    raise step.refuse(f"{node.op_type} inside of it has no columnar form")


def _aligned(step: "Step", known: Known, rank: int) -> Known:
    """Tensors of one rank: ones in front of the axes, behind the rows, as broadcasting would put them."""
    found = dict(known)
    if any(isinstance(value, Fixed) and value.array.ndim > rank for value in known.values()):
        raise step.refuse("a constant inside of it adds an axis")
    for name, value in known.items():
        if isinstance(value, Symbolic) and value.cells.ndim < rank:
            shape = (1,) * (rank - value.cells.ndim) + value.cells.shape
            found[name] = Symbolic(value.cells.reshape(shape), value.kind)
    return found


def _reshaped(step: "Step", shape: Value) -> Fixed:
    if not isinstance(shape, Fixed) or (shape.array == 0).any():
        raise step.refuse("a shape inside of it depends on the rows")
    return Fixed(np.concatenate([[0], shape.array.ravel()]).astype(np.int64))


def _with_axes(step: "Step", node: NodeProto, known: Known) -> tuple[NodeProto, Known]:
    place = _AXES[node.op_type]
    if len(node.input) <= place or not node.input[place]:
        raise step.refuse(f"{node.op_type} inside of it names no axes")
    axes = known[node.input[place]]
    if not isinstance(axes, Fixed):
        raise step.refuse("axes inside of it depend on the rows")
    return node, known | {node.input[place]: Fixed(np.where(axes.array < 0, axes.array, axes.array + 1))}


def _with_axis(node: NodeProto, usual: int) -> NodeProto:
    moved = NodeProto()
    moved.CopyFrom(node)
    axis = next((helper.get_attribute_value(a) for a in node.attribute if a.name == "axis"), usual)
    kept = [attribute for attribute in node.attribute if attribute.name != "axis"]
    del moved.attribute[:]
    moved.attribute.extend([*kept, helper.make_attribute("axis", axis if axis < 0 else axis + 1)])
    return moved
