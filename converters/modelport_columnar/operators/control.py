"""Operators that hold a graph: a `Scan` that takes one row after another, and an `If` about rows that stand out."""

from typing import TYPE_CHECKING

import numpy as np
from onnx import GraphProto, NodeProto, numpy_helper

from modelport_columnar.operators.lifted import lifted
from modelport_columnar.values import Across, Fixed, Symbolic, Value

if TYPE_CHECKING:
    from modelport_columnar.execute import Step

TIES = (
    "where points lie at exactly the same distance and not all of them are among the nearest, the first of them is "
    "taken; the original takes the one that its search met first"
)


def scan(step: "Step", *inputs: Value) -> list[Value]:
    """`Scan` without a state over the rows: its body is what happens to one row.

    Raises:
        CannotConvert: a state that goes from row to row, or another direction or axis than the rows'.
    """
    attributes = step.attributes
    odd = ("scan_input_axes", "scan_output_axes", "scan_input_directions", "scan_output_directions")
    if any(any(attributes.get(name) or ()) for name in odd) or attributes["num_scan_inputs"] != len(inputs):
        raise step.refuse("rows depend on one another")
    body: GraphProto = attributes["body"]
    values = _captured(step, body)
    for argument, value in zip(body.input, inputs, strict=True):
        if not isinstance(value, Symbolic):
            raise step.refuse("it does not go over the rows")
        values[argument.name] = value
    for node in body.node:
        _run_lifted(step, node, values)
    return [values[output.name] for output in body.output]


def _captured(step: "Step", body: GraphProto) -> dict[str, Value]:
    """What a graph inside may use: its own constants, and those of the graphs around it."""
    values: dict[str, Value] = {name: value for name, value in step.values.items() if isinstance(value, Fixed)}
    return values | {tensor.name: Fixed(numpy_helper.to_array(tensor)) for tensor in body.initializer}


def _run_lifted(step: "Step", node: NodeProto, values: dict[str, Value]) -> None:
    from modelport_columnar.execute import run_node

    missing = next((name for name in node.input if name and name not in values), None)
    if missing is not None:
        raise step.refuse(f"its body looks at {missing}, which belongs to all rows")
    known = {name: values[name] for name in node.input if name}
    if not any(isinstance(value, Symbolic) for value in known.values()):
        run_node(node, values, step.pool, step.assumed)
        return
    node, known = lifted(step, node, known)
    run_node(node, known, step.pool, step.assumed)
    values.update({name: known[name] for name in node.output if name})


def if_(step: "Step", condition: Value) -> list[Value]:
    """`If`: a constant condition chooses now; one about rows that stand out leaves the rest as they are.

    Raises:
        CannotConvert: a branch that changes other rows than those the condition is about.
    """
    if isinstance(condition, Fixed):
        return _branch(step, step.attributes["then_branch" if condition.array.all() else "else_branch"])
    then = step.attributes["then_branch"]
    if not isinstance(condition, Across) or len(condition.cells) != 1 or not _replaces_rows(step, then, condition):
        raise step.refuse("which graph is computed depends on the rows")
    step.assumed.append(TIES)
    return _branch(step, step.attributes["else_branch"])


def _branch(step: "Step", graph: GraphProto) -> list[Value]:
    from modelport_columnar.execute import run_node

    values = dict(step.values)
    values |= {tensor.name: Fixed(numpy_helper.to_array(tensor)) for tensor in graph.initializer}
    for node in graph.node:
        run_node(node, values, step.pool, step.assumed)
    return [values[output.name] for output in graph.output]


def _replaces_rows(step: "Step", then: GraphProto, condition: Across) -> bool:
    """Whether every result of the branch is the other branch's, with the rows replaced that the condition is about."""
    made = {name: node for node in then.node for name in node.output}
    kept = _branch(step, step.attributes["else_branch"])
    return all(
        _replaces(step, made, output.name, value, condition) for output, value in zip(then.output, kept, strict=True)
    )


def _replaces(step: "Step", made: dict[str, NodeProto], name: str, kept: Value, condition: Across) -> bool:
    node = _through(made, name)
    if node is None or node.op_type != "ScatterND" or not isinstance(kept, Symbolic):
        return False
    base, where = step.values.get(node.input[0]), _through(made, node.input[1])
    if not isinstance(base, Symbolic) or not np.array_equal(base.cells, kept.cells):
        return False
    places = _through(made, where.input[0]) if where is not None and where.op_type == "Transpose" else None
    mask = step.values.get(places.input[0]) if places is not None and places.op_type == "NonZero" else None
    return isinstance(mask, Symbolic) and mask.cells.shape == () and mask.cells.item() is condition.cells[0]


def _through(made: dict[str, NodeProto], name: str) -> NodeProto | None:
    """The node that makes a value, looked at through `Identity`."""
    node = made.get(name)
    while node is not None and node.op_type == "Identity":
        node = made.get(node.input[0])
    return node
