"""Tensors with an axis in front of the rows, [K, N, …]: K tensors [N, …], each treated as the operator treats one."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from modelport_columnar.operators.lifted import ELEMENTWISE
from modelport_columnar.values import Fixed, Stacked, Symbolic, Value, symbolic

if TYPE_CHECKING:
    from modelport_columnar.execute import Step

_AXIS = frozenset(("Split", "Softmax", "Concat"))
_AXES = frozenset(("Squeeze", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceMean", "ReduceSumSquare"))
_SAME = ELEMENTWISE | {"Identity", "Cast", "MatMul"}


def of_stack(step: "Step", lowering: Callable[..., list[Value]], *inputs: Value | None) -> list[Value]:
    """An operator on stacked tensors.

    Raises:
        CannotConvert: it is not known to treat each of them by itself.
    """
    operator = step.node.op_type
    if operator == "Transpose" and isinstance(inputs[0], Stacked):
        return [_turned(step, inputs[0])]
    if operator == "Reshape" and _is_row(inputs[0]) and _begins_with_all(inputs[1]):
        return lowering(step, _one(step, inputs[0], 0, 1, 2), *inputs[1:])
    if operator not in _SAME | _AXIS | _AXES:
        raise step.refuse("the rows are not where they belong")
    stacks = [value for value in inputs if isinstance(value, Stacked)]
    rank = max(value.groups[0].rank + 1 for value in stacks)
    beside = [value.array for value in inputs if isinstance(value, Fixed)] if operator in _SAME else []
    count = max([len(value.groups) for value in stacks] + [len(array) for array in beside if array.ndim == rank])
    own = replace(step, attributes=_attributes(step, operator))
    each = [lowering(own, *_group(step, operator, inputs, k, count, rank)) for k in range(count)]
    return [_joined(step, parts) for parts in zip(*each, strict=True)]


def _is_row(value: Value | None) -> bool:
    """Whether a tensor is [1, N], which has the same order of entries as [N]."""
    return isinstance(value, Stacked) and len(value.groups) == 1 and value.groups[0].rank == 1


def _begins_with_all(shape: Value | None) -> bool:
    return isinstance(shape, Fixed) and shape.array.ndim == 1 and shape.array[:1].tolist() == [-1]


def _attributes(step: "Step", operator: str) -> dict[str, Any]:
    found = dict(step.attributes)
    if operator in _AXIS and found.get("axis", -1) >= 0:
        if found["axis"] < 2:
            raise step.refuse("the rows are not where they belong")
        found["axis"] -= 1
    return found


def _group(
    step: "Step", operator: str, inputs: tuple[Value | None, ...], k: int, count: int, rank: int
) -> list[Value | None]:
    if operator in _AXES:
        return [_one(step, inputs[0], k, count, rank), *(_inner_axes(step, value) for value in inputs[1:])]
    return [_one(step, value, k, count, rank) for value in inputs]


def _one(step: "Step", value: Value | None, k: int, count: int, rank: int) -> Value | None:
    """The part of one input that belongs to the k-th tensor."""
    if isinstance(value, Stacked) and len(value.groups) in (1, count):
        return value.groups[k if len(value.groups) > 1 else 0]
    if isinstance(value, Fixed) and value.array.ndim < rank:
        return value
    if isinstance(value, Fixed) and value.array.ndim == rank and len(value.array) in (1, count):
        return Fixed(value.array[k if len(value.array) > 1 else 0])
    if value is None:
        return None
    raise step.refuse("the rows are not where they belong")


def _inner_axes(step: "Step", value: Value | None) -> Fixed:
    if not isinstance(value, Fixed) or ((value.array >= 0) & (value.array < 2)).any():
        raise step.refuse("the rows are not where they belong")
    return Fixed(np.where(value.array < 0, value.array, value.array - 1))


def _joined(step: "Step", parts: tuple[Value, ...]) -> Stacked:
    groups = [part for part in parts if isinstance(part, Symbolic)]
    if len(groups) != len(parts):
        raise step.refuse("the rows are not where they belong")
    return Stacked(tuple(groups))


def _turned(step: "Step", value: Stacked) -> Symbolic:
    """`Transpose` that puts the rows in front: [K, N, …] → [N, K, …], other axes as they are."""
    rank = value.groups[0].rank + 1
    if list(step.attributes.get("perm", range(rank)[::-1])) != [1, 0, *range(2, rank)]:
        raise step.refuse("the rows are not where they belong")
    cells = np.stack([group.cells for group in value.groups])
    return symbolic(cells, cells.shape)
