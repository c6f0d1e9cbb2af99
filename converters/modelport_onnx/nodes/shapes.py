"""Rules for operators that change shapes; see `broadcasting` for their source."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from modelport_onnx.nodes.broadcasting import (
    COMPARED,
    FLOATS,
    NUMBERS,
    Attributes,
    Rule,
    Unsure,
    Values,
    broadcast,
)
from modelport_onnx.nodes.plain import Dim, Plain, Shape

Types = Sequence[Plain | None]

INDICES = frozenset({np.int64, np.int32})


def _ranked(item: Plain | None) -> tuple[Any, tuple[Dim, ...]]:
    """Element type and shape of an input whose rank is known."""
    if item is None or item[1] is None:
        raise Unsure
    return item[0], item[1]


def _whole(value: Any) -> list[int]:
    """A constant list of whole numbers."""
    if value is None or value.ndim != 1:
        raise Unsure
    found: list[int] = value.tolist()
    return found


def _axis(axis: int, rank: int) -> int:
    if not -rank <= axis < rank:
        raise Unsure
    return axis % rank


def _axes(value: Any, rank: int) -> list[int]:
    found = [_axis(axis, rank) for axis in _whole(value)]
    if len(set(found)) != len(found):
        raise Unsure
    return found


def matmul(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`MatMul` by NumPy's rule."""
    (element, a), (other, b) = _ranked(types[0]), _ranked(types[1])
    if element is not other or element not in NUMBERS or not a or not b:
        return None
    left: tuple[Dim, ...] = a if len(a) > 1 else (1, *a)
    right: tuple[Dim, ...] = b if len(b) > 1 else (*b, 1)
    inner = (left[-1], right[-2])
    if all(isinstance(dim, int) for dim in inner) and inner[0] != inner[1]:
        return None
    batch = broadcast([left[:-2], right[:-2]])
    assert batch is not None, "both ranks are known"
    rows = (left[-2],) if len(a) > 1 else ()
    columns = (right[-1],) if len(b) > 1 else ()
    return [(element, (*batch, *rows, *columns))]


def gather(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Gather`: the indices' axes take the place of one axis."""
    (element, data), (kind, index) = _ranked(types[0]), _ranked(types[1])
    if not data or kind not in INDICES:
        return None
    axis = _axis(attributes["axis"], len(data))
    return [(element, (*data[:axis], *index, *data[axis + 1 :]))]


def gather_elements(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`GatherElements`: the shape of the indices."""
    (element, data), (kind, index) = _ranked(types[0]), _ranked(types[1])
    return [(element, index)] if kind in INDICES and len(data) == len(index) else None


def concat(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Concat`: lengths along the axis are added."""
    known = [_ranked(item) for item in types]
    element, first = known[0]
    if any(other is not element or len(shape) != len(first) for other, shape in known):
        return None
    axis = _axis(attributes["axis"], len(first))
    shapes = [shape for _, shape in known]
    return [(element, tuple(_joined([s[i] for s in shapes], i == axis) for i in range(len(first))))]


def _joined(dims: Sequence[Dim], along: bool) -> Dim:
    numbers = [dim for dim in dims if isinstance(dim, int)]
    if along:
        return sum(numbers) if len(numbers) == len(dims) else dims[0] if len(dims) == 1 else None
    if numbers:
        if len(set(numbers)) > 1:
            raise Unsure
        return numbers[0]
    return next((dim for dim in dims if dim is not None), None)


def reshape(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Reshape` to a constant shape: 0 keeps a length, -1 takes what is left."""
    item = types[0]
    if item is None or values[1] is None or attributes["allowzero"]:
        return None
    wanted, shape = _whole(values[1]), item[1]
    if shape is None or wanted.count(-1) > 1 or any(n < -1 for n in wanted):
        return None
    out: list[Dim] = [_kept(shape, i) if n == 0 else n for i, n in enumerate(wanted)]
    if -1 in wanted:
        out[wanted.index(-1)] = _left(shape, wanted, out)
    return [(item[0], tuple(out))]


def _kept(shape: tuple[Dim, ...], i: int) -> Dim:
    if i >= len(shape):
        raise Unsure
    return shape[i]


def _left(shape: tuple[Dim, ...], wanted: Sequence[int], out: Sequence[Dim]) -> Dim:
    """What -1 stands for. Unknown lengths that 0 keeps stand on both sides."""
    open_on_both = {i for i, n in enumerate(wanted) if n == 0 and not isinstance(shape[i], int)}
    if any(not isinstance(dim, int) and i not in open_on_both for i, dim in enumerate(shape)):
        return None
    size = prod(dim for dim in shape if isinstance(dim, int))
    given = prod(dim for dim in out if isinstance(dim, int) and dim != -1)
    if not given or size % given:
        raise Unsure
    return size // given


def unsqueeze(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Unsqueeze` at constant axes."""
    element, shape = _ranked(types[0])
    if values[1] is None:
        return None
    rank = len(shape) + len(values[1])
    axes = _axes(values[1], rank)
    rest = iter(shape)
    return [(element, tuple(1 if i in axes else next(rest) for i in range(rank)))]


def squeeze(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Squeeze` of constant axes whose length is known to be 1."""
    element, shape = _ranked(types[0])
    if len(values) < 2 or values[1] is None:
        return None
    axes = _axes(values[1], len(shape))
    if any(shape[axis] != 1 for axis in axes):
        return None
    return [(element, tuple(dim for i, dim in enumerate(shape) if i not in axes))]


def reduce(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`ReduceSum` and its kin over constant axes, or over all."""
    element, shape = _ranked(types[0])
    if element not in NUMBERS or attributes["noop_with_empty_axes"]:
        return None
    given = len(types) > 1 and types[1] is not None
    if given and (values[1] is None or not len(values[1])):
        return None
    axes = _axes(values[1], len(shape)) if given else list(range(len(shape)))
    return [(element, _without(shape, axes, attributes["keepdims"]))]


def arg_reduce(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`ArgMax`, `ArgMin`."""
    element, shape = _ranked(types[0])
    if element not in NUMBERS:
        return None
    return [(np.int64, _without(shape, [_axis(attributes["axis"], len(shape))], attributes["keepdims"]))]


def _without(shape: tuple[Dim, ...], axes: Sequence[int], keep: int) -> tuple[Dim, ...]:
    if keep:
        return tuple(1 if i in axes else dim for i, dim in enumerate(shape))
    return tuple(dim for i, dim in enumerate(shape) if i not in axes)


def cut(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Slice` with constant bounds along axes of known length, forwards."""
    element, shape = _ranked(types[0])
    if any(value is None for value in values[1:3]) or len(values) < 4 or values[3] is None:
        return None
    steps = [1] * len(values[1]) if len(values) < 5 or types[4] is None else values[4]
    if steps is None or any(step != 1 for step in steps):
        return None
    out = list(shape)
    for start, stop, axis in zip(_whole(values[1]), _whole(values[2]), _axes(values[3], len(shape)), strict=True):
        size = shape[axis]
        if not isinstance(size, int):
            return None
        out[axis] = len(range(size)[start:stop])
    return [(element, tuple(out))]


def lengths(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Shape`: one number for each axis asked for."""
    _, shape = _ranked(types[0])
    end = attributes.get("end")
    return [(np.int64, (len(range(len(shape))[attributes["start"] : end]),))]


def expand(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Expand` to a shape that is constant, or of which only the rank is known."""
    element, shape = _ranked(types[0])
    if values[1] is not None:
        return [(element, broadcast([shape, tuple(_whole(values[1]))]))]
    return None


def transpose(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Transpose`."""
    element, shape = _ranked(types[0])
    order = attributes.get("perm") or tuple(range(len(shape)))[::-1]
    if sorted(order) != list(range(len(shape))):
        return None
    return [(element, tuple(shape[i] for i in order))]


def top_k(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`TopK` of a constant number, along an axis of known length."""
    element, shape = _ranked(types[0])
    if element not in NUMBERS or values[1] is None or len(_whole(values[1])) != 1 or not shape:
        return None
    axis, count = _axis(attributes["axis"], len(shape)), _whole(values[1])[0]
    size = shape[axis]
    if not isinstance(size, int) or not 0 <= count <= size:
        return None
    out = (*shape[:axis], count, *shape[axis + 1 :])
    return [(element, out), (np.int64, out)]


def clip(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Clip` between bounds of its own type."""
    element, shape = _ranked(types[0])
    alike = all(item is None or item[0] is element for item in types)
    return [(element, shape)] if alike and element in NUMBERS else None


def softmax(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Softmax` along an axis that is there."""
    element, shape = _ranked(types[0])
    _axis(attributes["axis"], len(shape))
    return [(element, shape)] if element in FLOATS else None


def running_sum(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`CumSum` along an axis."""
    (element, shape), (kind, _) = _ranked(types[0]), _ranked(types[1])
    return [(element, shape)] if element in NUMBERS and kind in INDICES else None


def scatter(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`ScatterElements`, `ScatterND`: the shape of the tensor that is written to."""
    (element, shape), (kind, _), (other, _) = (_ranked(item) for item in types)
    return [(element, shape)] if kind in INDICES and other is element else None


def gemm(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Gemm`."""
    (element, a), (other, b) = _ranked(types[0]), _ranked(types[1])
    if element is not other or element not in FLOATS or len(a) != 2 or len(b) != 2:
        return None
    return [(element, (a[1 if attributes["transA"] else 0], b[0 if attributes["transB"] else 1]))]


def split(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Split` into equal parts of an axis of known length."""
    element, shape = _ranked(types[0])
    count = attributes.get("num_outputs")
    axis = _axis(attributes["axis"], len(shape))
    size = shape[axis]
    if count is None or not isinstance(size, int) or size % count:
        return None
    part: Shape = (*shape[:axis], size // count, *shape[axis + 1 :])
    return [(element, part)] * count


def identity(types: Types, values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Identity` of a tensor."""
    element, shape = _ranked(types[0])
    return [(element, shape)] if element in COMPARED else None


RULES: Mapping[str, Rule] = {
    "ArgMax": arg_reduce,
    "ArgMin": arg_reduce,
    "Clip": clip,
    "Concat": concat,
    "CumSum": running_sum,
    "Expand": expand,
    "Gather": gather,
    "GatherElements": gather_elements,
    "Gemm": gemm,
    "Identity": identity,
    "MatMul": matmul,
    **dict.fromkeys(("ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "ReduceSumSquare"), reduce),
    "Reshape": reshape,
    "ScatterElements": scatter,
    "ScatterND": scatter,
    "Shape": lengths,
    "Slice": cut,
    "Softmax": softmax,
    "Split": split,
    "Squeeze": squeeze,
    "TopK": top_k,
    "Transpose": transpose,
    "Unsqueeze": unsqueeze,
}
"""Operator → its rule."""
