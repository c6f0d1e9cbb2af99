"""Elementwise arithmetic."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import helper

from modelport_columnar.expression import Expr, Kind, kind_of
from modelport_columnar.values import Array, Fixed, Symbolic, Value, symbolic

if TYPE_CHECKING:
    from modelport_columnar.execute import Step


def aligned(step: "Step", *inputs: Value | None) -> list[Array]:
    """Inputs as object arrays of expressions, broadcast to the shape of one row.

    Raises:
        CannotConvert: broadcasting would pair rows with columns, or a constant has a row for each row.
    """
    rank = max((v.rank for v in inputs if isinstance(v, Symbolic)), default=1)
    return list(np.broadcast_arrays(*[_cells(step, value, rank) for value in inputs if value is not None]))


def _cells(step: "Step", value: Value, rank: int) -> Array:
    if isinstance(value, Symbolic):
        if value.rank != rank:
            raise step.refuse(f"tensors of rank {value.rank} and {rank} would pair rows with columns")
        return value.cells
    if isinstance(value, Fixed):
        array = value.array
        if array.ndim >= rank:
            if array.ndim > rank or array.shape[0] != 1:
                raise step.refuse("a constant has a row for each row")
            array = array[0]
        cells = np.empty(array.shape, object)
        cells.ravel()[:] = [step.pool.constant(item) for item in array.ravel()]
        return cells
    raise step.refuse("the number of rows is used as a value")


def mapped(step: "Step", make: Callable[..., Expr], *inputs: Value | None) -> list[Value]:
    """One expression for each cell."""
    arrays = aligned(step, *inputs)
    shape = arrays[0].shape
    flat = [make(*cells) for cells in zip(*(array.ravel() for array in arrays), strict=True)]
    if not flat:
        return [Symbolic(np.empty(shape, object), Kind.FLOAT64)]
    return [symbolic(flat, shape)]


def unary(op: str, step: "Step", value: Value) -> list[Value]:
    """A function of one number."""
    return mapped(step, lambda a: step.pool.make(op, (a,), a.kind), value)


def binary(op: str, step: "Step", left: Value, right: Value) -> list[Value]:
    """Arithmetic on two numbers of one kind; `Pow` has the kind of its base."""
    return mapped(step, lambda a, b: step.pool.make(op, (a, b), a.kind), left, right)


def many(op: str, step: "Step", *inputs: Value) -> list[Value]:
    """`Min`, `Max`, `Sum` of any number of tensors."""
    return mapped(step, lambda *cells: step.pool.make(op, cells, cells[0].kind), *inputs)


def mod(step: "Step", left: Value, right: Value) -> list[Value]:
    """`Mod`: the divisor's sign, or with fmod=1 the dividend's."""
    rule = "trunc" if step.attributes.get("fmod") else "floor"
    return mapped(step, lambda a, b: step.pool.make("mod", (a, b), a.kind, rule), left, right)


def clip(step: "Step", value: Value, low: Value | None = None, high: Value | None = None) -> list[Value]:
    """`Clip`: bounds as inputs (opset 11 and later) or attributes; NaN stays NaN."""
    found: Value = value
    attributes = step.attributes
    bottom = low if low is not None else _bound(value, attributes.get("min"))
    top = high if high is not None else _bound(value, attributes.get("max"))
    for op, bound in (("less", bottom), ("greater", top)):
        if bound is not None:
            found = mapped(step, lambda a, b, op=op: _limit(step, op, a, b), found, bound)[0]
    return [found]


def _limit(step: "Step", op: str, a: Expr, bound: Expr) -> Expr:
    outside = step.pool.make(op, (a, bound), Kind.BOOL)
    return step.pool.make("where", (outside, bound, a), a.kind)


def _bound(value: Value, bound: float | None) -> Fixed | None:
    if bound is None or not isinstance(value, Symbolic):
        return None
    return Fixed(np.asarray(bound, value.kind.value))


def _zero(step: "Step", a: Expr) -> Expr:
    return step.pool.constant(np.zeros((), a.kind.value)[()])


def relu(step: "Step", value: Value) -> list[Value]:
    """max(a, 0)."""
    return mapped(step, lambda a: _limit(step, "less", a, _zero(step, a)), value)


def leaky_relu(step: "Step", value: Value) -> list[Value]:
    """a where a ≥ 0, else alpha * a."""
    return _piecewise(step, value, lambda a: _scaled(step, a, step.attributes.get("alpha", 0.01)))


def elu(step: "Step", value: Value) -> list[Value]:
    """a where a ≥ 0, else alpha * (exp(a) - 1)."""

    def below(a: Expr) -> Expr:
        power = step.pool.make("exp", (a,), a.kind)
        one = step.pool.constant(np.ones((), a.kind.value)[()])
        return _scaled(step, step.pool.make("sub", (power, one), a.kind), step.attributes.get("alpha", 1.0))

    return _piecewise(step, value, below)


def _scaled(step: "Step", a: Expr, factor: float) -> Expr:
    return step.pool.make("mul", (step.pool.constant(np.asarray(factor, a.kind.value)[()]), a), a.kind)


def _piecewise(step: "Step", value: Value, below: Callable[[Expr], Expr]) -> list[Value]:
    def make(a: Expr) -> Expr:
        negative = step.pool.make("less", (a, _zero(step, a)), Kind.BOOL)
        return step.pool.make("where", (negative, below(a), a), a.kind)

    return mapped(step, make, value)


def softplus(step: "Step", value: Value) -> list[Value]:
    """log(1 + exp(a)), as max(a, 0) + log(1 + exp(-|a|)) so that it does not overflow."""

    def make(a: Expr) -> Expr:
        pool, kind = step.pool, a.kind
        away = pool.make("exp", (pool.make("neg", (pool.make("abs", (a,), kind),), kind),), kind)
        one = pool.constant(np.ones((), kind.value)[()])
        rest = pool.make("log", (pool.make("add", (one, away), kind),), kind)
        return pool.make("add", (_limit(step, "less", a, _zero(step, a)), rest), kind)

    return mapped(step, make, value)


def cast(step: "Step", value: Value, *_: Any) -> list[Value]:
    """`Cast` to any kind a column has.

    Raises:
        CannotConvert: text to or from numbers, whose spelling runtimes do not agree about, or a narrow integer.
    """
    dtype = helper.tensor_dtype_to_np_dtype(step.attributes["to"])
    if dtype.kind in "iu" and dtype.itemsize < 4:
        raise step.refuse(f"integers of type {dtype} wrap around")
    kind = kind_of(dtype)

    def make(a: Expr) -> Expr:
        if a.kind is kind:
            return a
        if Kind.TEXT in (a.kind, kind):
            raise step.refuse("runtimes spell numbers differently")
        return step.pool.make("cast", (a,), kind)

    return mapped(step, make, value)
