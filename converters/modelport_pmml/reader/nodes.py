"""Nodes: the nodes of one tree as parallel arrays, in document order. A tree of millions of nodes stays small.

A node costs about 50 bytes and each entry of its score distribution 28, where an object would cost a kilobyte.
"""

from array import array
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelport_pmml.reader.element import Element, Predicate, Unknown

_NAN = float("nan")
Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
TRUE, FALSE, SIMPLE, OTHER = range(4)
"""Kinds of predicate: the first three are described by the arrays, the others are elements in `others`."""


@dataclass(frozen=True, eq=False)
class Nodes(Element):
    """The nodes of a tree; node 0 is its root, a node stands before its descendants.

    Attributes:
        parent: [M], -1 for the root.
        score, ident, default: [M], positions in `strings` of `score`, `id` and `defaultChild`; -1 for none.
        record_count: [M], NaN for none.
        kind: [M], `TRUE`, `FALSE`, `SIMPLE` or `OTHER`.
        field, value: [M], positions in `strings`, for `SIMPLE`; for `OTHER`, `field` is the position in `others`.
        operator: [M], position in `predicates.OPERATORS`, for `SIMPLE`.
        line: [M].
        first: [M + 1], where a node's score distribution begins in the `dist_…` arrays.
        dist_value: positions in `strings`; dist_count, dist_confidence, dist_probability: NaN for none.
    """

    parent: Ints
    score: Ints
    ident: Ints
    default: Ints
    record_count: Floats
    kind: Ints
    field: Ints
    operator: Ints
    value: Ints
    line: Ints
    first: Ints
    dist_value: Ints
    dist_count: Floats
    dist_confidence: Floats
    dist_probability: Floats
    strings: tuple[str, ...]
    others: tuple[Predicate, ...]

    def __len__(self) -> int:
        return len(self.parent)


PARENT, LINE, SCORE, IDENT, DEFAULT, KIND, FIELD, OPERATOR, VALUE = range(9)
"""Where a node's whole numbers stand among its `WIDTH`."""

WIDTH = 9


class NodesBuilder:
    """Collects nodes while the document streams by: one array of `WIDTH` whole numbers a node, -1 for none."""

    INTS = ("parent", "line", "score", "ident", "default", "kind", "field", "operator", "value")
    FLOATS = ("dist_count", "dist_confidence", "dist_probability")

    def __init__(self) -> None:
        self.ints = array("i")
        self.record_count = array("d")
        self.distributions: dict[int, tuple[array[int], array[float]]] = {}
        self.others: list[Predicate] = []
        self.unknown: list[Unknown] = []
        self.names: dict[str, int] = {}

    def name(self, text: str | None) -> int:
        """The position of a string, each stored once."""
        return -1 if text is None else self.names.setdefault(text, len(self.names))

    def add(self, parent: int, line: int) -> int:
        """A new node without a predicate yet; its index."""
        node = len(self.record_count)
        self.ints.extend((parent, line, -1, -1, -1, -1, -1, -1, -1))
        self.record_count.append(_NAN)
        return node

    def build(self, **where: Any) -> Nodes:
        counts = np.zeros(len(self.record_count) + 1, np.int32)
        for node, (values, _) in self.distributions.items():
            counts[node + 1] = len(values)
        first = np.cumsum(counts, dtype=np.int32)
        value = np.empty(first[-1], np.int32)
        numbers = np.empty((first[-1], 3), np.float64)
        for node, (values, floats) in self.distributions.items():
            span = slice(first[node], first[node + 1])
            value[span] = values
            numbers[span] = np.asarray(floats).reshape(-1, 3)
        table = np.asarray(self.ints, np.int32).reshape(-1, WIDTH)
        parts: dict[str, Any] = {name: np.ascontiguousarray(table[:, i]) for i, name in enumerate(self.INTS)}
        parts |= {name: np.ascontiguousarray(numbers[:, i]) for i, name in enumerate(self.FLOATS)}
        parts |= {"first": first, "dist_value": value, "record_count": np.asarray(self.record_count, np.float64)}
        return Nodes(
            **parts, strings=tuple(self.names), others=tuple(self.others), unknown=tuple(self.unknown), **where
        )
