"""Where the rows of a predictor come from: the graph's inputs, through fitted transformers.

Every tensor [N, C] is a list of atoms, one a column: an input of the graph, or a column of what some step gives. Steps
are recognised one after another, from the predictor back to the inputs; steps side by side become a ColumnTransformer
over the inputs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any

import numpy as np
from onnx import TensorProto

from modelport_sklearn.from_onnx.graph import Graph, NoMatch, expect

Atom = tuple[str, int]
Recogniser = Callable[[Graph, str], tuple[list[str], Any]]


@dataclass(frozen=True)
class Part:
    """Fitted steps on some input columns.

    Attributes:
        columns: positions of the input columns, in the order the first step takes them.
        steps: transformers, or a `Split` where several stand side by side.
    """

    columns: tuple[int, ...]
    steps: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Split:
    """Parts side by side, over all input columns."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Keep:
    """Some columns of what comes before."""

    columns: tuple[int, ...]
    width: int


class Rows:
    """Reads rows of a graph.

    Args:
        recognisers: of single steps, in the order they are tried.
    """

    def __init__(self, graph: Graph, recognisers: Sequence[Recogniser]) -> None:
        self.graph, self.recognisers = graph, recognisers
        self._first: dict[str, int] = {}
        at = 0
        for name in graph.inputs:
            self._first[name] = at
            at += graph.width(name)
        self.width = at

    def read(self, names: Sequence[str]) -> Part:
        """What gives the columns of some tensors, side by side.

        Raises:
            NoMatch: a step is not recognised.
        """
        atoms = [atom for name in names for atom in self.atoms(name)]
        runs = [(base, [i for _, i in run]) for base, run in groupby(atoms, key=lambda atom: self._base(atom[0]))]
        if all(base == "" for base, _ in runs):
            return Part(tuple(self._first[name] + i for name, i in atoms))
        from modelport_sklearn.from_onnx.merge import merged

        pairs = zip(runs, _starts(runs), strict=True)
        parts = [self._part(base, columns, atoms, before) for (base, columns), before in pairs]
        together = merged(parts)
        if len(together) == 1:
            return together[0]
        return Part(tuple(range(self.width)), (Split(tuple(together)),))

    def _base(self, name: str) -> str:
        return "" if name in self._first else name

    def _part(self, base: str, columns: list[int], atoms: list[Atom], before: int) -> Part:
        if base == "":
            here = atoms[before : before + len(columns)]
            return Part(tuple(self._first[name] + i for name, i in here))
        found = self._step(base)
        width = self.graph.width(base)
        return (
            found if columns == list(range(width)) else Part(found.columns, (*found.steps, Keep(tuple(columns), width)))
        )

    def _step(self, name: str) -> Part:
        """The last step before a tensor, and those before it."""
        for recognise in self.recognisers:
            try:
                inner, step = recognise(self.graph, name)
                before = self.read(inner)
            except NoMatch:
                continue
            return Part(before.columns, (*before.steps, step))
        raise NoMatch(f"{name} is made by no step that is known: {self.graph.op(name)}")

    def atoms(self, name: str) -> list[Atom]:
        """The columns of a tensor."""
        graph = self.graph
        name = self._plain(name)
        if name in self._first:
            return [(name, i) for i in range(graph.width(name))]
        operator = graph.op(name)
        if operator == "Concat":
            node = graph.node(name, "Concat")
            expect(graph.attribute(node, "axis") in (1, -1))
            return [atom for item in node.input for atom in self.atoms(item)]
        if operator in ("Slice", "Gather", "ArrayFeatureExtractor"):
            return self._chosen(name, operator)
        return [(name, i) for i in range(graph.width(name))]

    def _plain(self, name: str) -> str:
        """The tensor behind casts that change no number: to float64, and to what an input already is."""
        graph = self.graph
        name = graph.widened(name)
        while graph.op(name) == "Cast" and graph.types.get(graph.widened(graph.behind(name, "Cast"))) in _HELD.get(
            graph.cast_to(name), ()
        ):
            name = graph.widened(graph.behind(name, "Cast"))
        if graph.op(name) in ("Reshape", "Unsqueeze") and graph.reshaped(name) in self._first:
            name = graph.reshaped(name)
        return name

    def _chosen(self, name: str, operator: str) -> list[Atom]:
        graph = self.graph
        node = graph.node(name, operator)
        if graph.is_constant(node.input[0]) or not graph.is_constant(node.input[1]):
            return [(name, i) for i in range(graph.width(name))]
        given = self.atoms(node.input[0])
        if operator == "Slice":
            return given[_slice(graph, node)]
        expect(operator != "Gather" or graph.attribute(node, "axis", 0) in (1, -1))
        return [given[int(i)] for i in graph.constant(node.input[1]).ravel()]


_HELD: dict[int, tuple[int, ...]] = {
    TensorProto.FLOAT: (TensorProto.FLOAT,),
    TensorProto.INT64: (TensorProto.INT64, TensorProto.BOOL),
    TensorProto.STRING: (TensorProto.STRING,),
}


def _slice(graph: Graph, node: Any) -> slice:
    starts, ends, *rest = [graph.constant(item).ravel() for item in node.input[1:]]
    axes, steps = (rest + [np.ones(1, np.int64)] * 2)[:2]
    expect(len(starts) == 1 and axes[0] in (1, -1))
    return slice(int(starts[0]), int(ends[0]), int(steps[0]))


def _starts(runs: Sequence[tuple[str, list[int]]]) -> list[int]:
    return list(accumulate((len(columns) for _, columns in runs[:-1]), initial=0))
