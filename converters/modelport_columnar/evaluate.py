"""Evaluation of expressions with NumPy: the plain meaning of every operation, for tests and for golden rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from modelport_columnar import trees
from modelport_columnar.expression import Expr, Kind, reachable
from modelport_columnar.values import Array

DTYPES: Mapping[Kind, Any] = {
    Kind.FLOAT64: np.float64,
    Kind.FLOAT32: np.float32,
    Kind.INT64: np.int64,
    Kind.BOOL: np.bool_,
    Kind.TEXT: object,
}


def evaluate(roots: Sequence[Expr], inputs: Mapping[str, Array]) -> list[Array]:
    """Values [N] of expressions, for columns [N] of inputs.

    Raises:
        KeyError: an operation without an entry in the table below.
    """
    rows = len(next(iter(inputs.values())))
    found: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in reachable(roots):
            args = [found[arg.number] for arg in node.args]
            found[node.number] = _value(node, args, inputs, rows)
    return [found[root.number] for root in roots]


def _value(node: Expr, args: list[Any], inputs: Mapping[str, Array], rows: int) -> Any:
    if node.op == "input":
        return np.asarray(inputs[node.data])
    if node.op == "constant":
        return np.full(rows, node.data, DTYPES[node.kind])
    if node.kind is Kind.MANY:
        return _MANY[node.op](node, args)
    if node.op == "pick":
        return np.asarray(args[0][node.data]).astype(DTYPES[node.kind])
    return np.asarray(_ONE[node.op](node, *args)).astype(DTYPES[node.kind])


def _linear(node: Expr, *args: Array) -> Array:
    product: Array = np.column_stack(args) @ np.asarray(node.data)
    return product


def _extreme(function: Callable[..., Array]) -> Callable[..., Array]:
    def compute(node: Expr, *args: Array) -> Array:
        stacked = np.column_stack(args)
        backwards = node.data == "last"
        found: Array = function(stacked[:, ::-1] if backwards else stacked, axis=1)
        if backwards:
            return np.asarray(len(args) - 1 - found)
        return found

    return compute


def _pow(node: Expr, a: Array, b: Array) -> Array:
    raised: Array = np.power(a, b)
    return raised


def _isinf(node: Expr, a: Array) -> Array:
    negative, positive = node.data
    found: Array = (np.isneginf(a) & negative) | (np.isposinf(a) & positive)
    return found


def _choose(node: Expr, index: Array, *options: Array) -> Array:
    stacked = np.column_stack(options)
    chosen: Array = stacked[np.arange(len(index)), index]
    return chosen


def _encode(node: Expr, a: Array) -> Array:
    return np.array([node.data(item) for item in a.tolist()], DTYPES[node.kind])


def _softmax(node: Expr, args: list[Array]) -> list[Array]:
    stacked = np.column_stack(args)
    moved = stacked - stacked.max(axis=1, keepdims=True)
    powers = np.exp(moved)
    total = powers.sum(axis=1, keepdims=True)
    return list((moved - np.log(total) if node.op == "log_softmax" else powers / total).T)


def _top_k(node: Expr, args: list[Array]) -> list[Array]:
    k, largest = node.data
    stacked = np.column_stack(args)
    order = np.argsort(-stacked if largest else stacked, axis=1, kind="stable")[:, :k]
    return [*np.take_along_axis(stacked, order, axis=1).T, *order.T]


def _trees(node: Expr, args: list[Array]) -> list[Array]:
    return list(trees.evaluate(node.data, np.column_stack(args)).T)


_ONE: Mapping[str, Callable[..., Any]] = {
    "cast": lambda node, a: a,
    "add": lambda node, a, b: a + b,
    "sub": lambda node, a, b: a - b,
    "mul": lambda node, a, b: a * b,
    "div": lambda node, a, b: np.trunc(a / b) if node.kind is Kind.INT64 else a / b,
    "mod": lambda node, a, b: np.fmod(a, b) if node.data == "trunc" else np.mod(a, b),
    "neg": lambda node, a: -a,
    "pow": _pow,
    "reciprocal": lambda node, a: 1 / a,
    "erf": lambda node, a: _erf(a),
    "sigmoid": lambda node, a: 1 / (1 + np.exp(-a)),
    "round": lambda node, a: np.round(a),
    "minimum": lambda node, *args: np.minimum.reduce(args),
    "maximum": lambda node, *args: np.maximum.reduce(args),
    "sum": lambda node, *args: np.add.reduce(args),
    "product": lambda node, *args: np.multiply.reduce(args),
    "linear": _linear,
    **{
        name: (lambda function: lambda node, a: function(a))(getattr(np, numpy_name))
        for name, numpy_name in (
            [
                (n, n)
                for n in ("abs", "sign", "sqrt", "exp", "log", "floor", "ceil", "sin", "cos", "tan", "sinh", "cosh")
            ]
            + [(n, n) for n in ("tanh", "isnan")]
            + [(n, n.replace("a", "arc", 1)) for n in ("asin", "acos", "atan", "asinh", "acosh", "atanh")]
        )
    },
    "equal": lambda node, a, b: a == b,
    "less": lambda node, a, b: a < b,
    "less_equal": lambda node, a, b: a <= b,
    "greater": lambda node, a, b: a > b,
    "greater_equal": lambda node, a, b: a >= b,
    "and": lambda node, a, b: a & b,
    "or": lambda node, a, b: a | b,
    "xor": lambda node, a, b: a ^ b,
    "not": lambda node, a: ~a,
    "isinf": _isinf,
    "where": lambda node, c, a, b: np.where(c, a, b),
    "argmax": _extreme(np.argmax),
    "argmin": _extreme(np.argmin),
    "choose": _choose,
    "lookup": lambda node, index: np.asarray(node.data)[index],
    "encode": _encode,
    "lower": lambda node, a: np.array([item.lower() for item in a], object),
    "upper": lambda node, a: np.array([item.upper() for item in a], object),
    "concat": lambda node, *args: np.array(["".join(parts) for parts in zip(*args, strict=True)], object),
}

_MANY: Mapping[str, Callable[[Expr, list[Array]], list[Array]]] = {
    "softmax": _softmax,
    "log_softmax": _softmax,
    "top_k": _top_k,
    "trees": _trees,
    "tokens": lambda node, args: list(np.array([node.data(text) for text in args[0].tolist()]).T),
}


def _erf(a: Array) -> Array:
    from math import erf

    return np.array([erf(item) for item in a.tolist()])
