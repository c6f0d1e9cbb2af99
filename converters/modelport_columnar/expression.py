"""Expressions: immutable, typed scalars of one row, with shared subexpressions.

An expression is a node of a directed acyclic graph, never a tree: equal nodes are the same object (hash-consed in a
`Pool`), so that a deep network does not grow exponentially. Semantics are those of IEEE 754 and of ONNX: NaN is a
number here, and a comparison with it is false; what missing means is for the writers to say.
"""

from collections.abc import Container, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np


class Kind(StrEnum):
    """The type of an expression. `MANY` is a structured node of several results, reached through `pick`."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"
    INT64 = "int64"
    BOOL = "bool"
    TEXT = "string"
    MANY = "many"

    @property
    def is_float(self) -> bool:
        return self in (Kind.FLOAT64, Kind.FLOAT32)


@dataclass(frozen=True, slots=True, eq=False)
class Expr:
    """One node.

    Attributes:
        op: what it computes, a name of `vocabulary.OPS`.
        args: what it computes it from.
        kind: type of its value.
        data: what else it needs: a constant's value, coefficients [len(args)], a lookup table, a tree ensemble.
        number: position in its pool; arguments always have smaller ones.
    """

    op: str
    args: tuple["Expr", ...]
    kind: Kind
    data: Any
    number: int

    def __repr__(self) -> str:
        inside = ", ".join([f"#{arg.number}" for arg in self.args[:6]] + (["…"] if len(self.args) > 6 else []))
        shown = f"={self.data!r}" if self.op in ("constant", "input") else ""
        return f"#{self.number}:{self.op}{shown}({inside}):{self.kind.value}"


@dataclass(slots=True)
class Pool:
    """Where expressions are made; equal ones are made once."""

    _known: dict[Hashable, Expr] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)

    def make(self, op: str, args: Sequence[Expr], kind: Kind, data: Any = None) -> Expr:
        """The expression; the same object for the same operation on the same arguments."""
        key = (op, tuple(arg.number for arg in args), kind, self._identity(data))
        found = self._known.get(key)
        if found is None:
            found = Expr(op, tuple(args), kind, data, len(self._known))
            self._known[key] = found
        return found

    def __len__(self) -> int:
        return len(self._known)

    def constant(self, value: Any) -> Expr:
        """A constant, of the kind its NumPy type has."""
        scalar = value if isinstance(value, np.generic) else np.asarray(value).reshape(())[()]
        kind = kind_of(np.asarray(scalar).dtype)
        plain = str(scalar) if kind is Kind.TEXT else scalar.item() if isinstance(scalar, np.generic) else scalar
        return self.make("constant", (), kind, plain)

    def _identity(self, data: Any) -> Hashable:
        if isinstance(data, float):
            return np.float64(data).tobytes()  # tells -0.0 from 0.0, and finds NaN again
        if isinstance(data, np.ndarray):
            return (str(data.dtype), data.shape, data.tobytes() if data.dtype != object else tuple(data.ravel()))
        if isinstance(data, Hashable):
            return (type(data).__name__, data)
        self._kept.append(data)  # an id is only unique while its object lives
        return id(data)


def kind_of(dtype: "np.dtype[Any]") -> Kind:
    """The kind of values of a NumPy type; integers of every width are INT64.

    Raises:
        TypeError: a type no expression has.
    """
    if dtype == np.float64:
        return Kind.FLOAT64
    if dtype in (np.float32, np.float16):
        return Kind.FLOAT32
    if dtype.kind in "iu":
        return Kind.INT64
    if dtype.kind == "b":
        return Kind.BOOL
    if dtype.kind in "UOST":
        return Kind.TEXT
    raise TypeError(f"no expression has the type {dtype}")


def unknown(root: Expr, known: Container[int]) -> Iterator[Expr]:
    """Expressions that the root needs and whose numbers are not known, arguments first.

    Each is to be known once the next is asked for, so that asking about many roots costs as much as asking about one.
    """
    stack = [root]
    while stack:
        node = stack[-1]
        waiting = [arg for arg in node.args if arg.number not in known]
        if waiting and node.number not in known:
            stack += waiting
            continue
        stack.pop()
        if node.number not in known:
            yield node


def reachable(roots: Sequence[Expr]) -> Iterator[Expr]:
    """Every expression that the roots need, arguments before those that use them."""
    by_number: dict[int, Expr] = {}
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node.number not in by_number:
            by_number[node.number] = node
            stack.extend(node.args)
    yield from (by_number[number] for number in sorted(by_number))
