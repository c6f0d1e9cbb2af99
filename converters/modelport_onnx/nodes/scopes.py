"""Which node stands in which graph, and in what order: the main graph, and those within `If`, `Loop` and `Scan`.

The order and the places are those of spox's own build (`spox._build.Builder`, 0.18): a depth-first walk from the
results, and for a value that several graphs read the innermost graph that all of them can see.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from spox import Var
from spox._attributes import AttrGraph
from spox._graph import Graph
from spox._internal_op import _Introduce
from spox._node import Node
from spox._var import _VarInfo

from modelport_onnx.nodes.create import bare, output

Inside = dict[str, Graph]
"""Graphs of a node, by attribute."""


class Places:
    """Every graph's nodes, each after what it reads."""

    def __init__(self, results: dict[str, Var], arguments: Sequence[Var]) -> None:
        """Finds them.

        Args:
            results, arguments: of the main graph.
        """
        self.main = Graph(results, _arguments=tuple(arguments))
        self.reads: dict[Node, list[Node]] = {}
        self.inside: dict[Node, Inside] = {}
        self.sources: dict[Graph, Node] = {}
        self._owner: dict[Graph, Node] = {}
        self._home: dict[Node, Graph] = {}
        self._seen: dict[Graph, list[Node]] = {}
        self._discover(self.main)
        if len(self.sources) > 1:
            for graph in reversed(self._seen):
                self._settle(graph)
        self.nodes = self._sorted()

    def _discover(self, graph: Graph) -> None:
        """Makes a graph's end, walks back from it, and looks for graphs within, which are done before it."""
        self.sources[graph] = _end(graph, named=graph is self.main)
        order: list[Node] = []

        def visit(node: Node) -> None:
            order.append(node)
            if _branching(node.__class__):
                for inner in self._graphs(node).values():
                    if inner not in self.sources:
                        self._discover(inner)
                        self._owner[inner] = node

        self._walk(self.sources[graph], self._read, visit)
        self._seen[graph] = order

    def _graphs(self, node: Node) -> Inside:
        known = self.inside.get(node)
        if known is None:
            fields = node.attrs.__dict__.items()
            known = self.inside[node] = {name: item.value for name, item in fields if item.__class__ is AttrGraph}
        return known

    def _read(self, node: Node) -> list[Node]:
        known = self.reads.get(node)
        if known is None:
            known = self.reads[node] = [info._op for info in infos(node.inputs)]
        return known

    def _walk(self, source: Node, adjacent: Callable[[Node], Sequence[Node]], leave: Callable[[Node], None]) -> None:
        """Depth first from `source`; `leave` gets each node after all it reads."""
        seen = {source}
        stack: list[tuple[Node, Iterator[Node]]] = [(source, iter(adjacent(source)))]
        while stack:
            node, rest = stack[-1]
            for following in rest:
                if following not in seen:
                    seen.add(following)
                    stack.append((following, iter(adjacent(following))))
                    break
            else:
                leave(node)
                stack.pop()

    def _settle(self, graph: Graph) -> None:
        """Moves what a graph reads outwards, as far as all that read it can see it."""
        for node in self._seen[graph]:
            home = self._home.setdefault(node, graph)
            if home is not graph:
                self._home[node] = self._common(graph, home)

    def _parent(self, graph: Graph) -> Graph:
        return self._home[self._owner[graph]] if graph in self._owner else graph

    def _common(self, one: Graph, other: Graph) -> Graph:
        """The innermost graph that both lie in."""
        if one is other:
            return one
        outer = {one}
        while one in self._owner:
            one = self._parent(one)
            outer.add(one)
        while other not in outer:
            other = self._parent(other)
        return other

    def _sorted(self) -> dict[Graph, list[Node]]:
        if len(self.sources) == 1:
            return {self.main: self._seen[self.main]}
        nodes: dict[Graph, list[Node]] = {graph: [] for graph in self.sources}
        self._walk(self.sources[self.main], self._read_within, lambda node: nodes[self._home[node]].append(node))
        return nodes

    def _read_within(self, node: Node) -> Sequence[Node]:
        """What a node reads, and what the graphs inside it end in."""
        if not _branching(node.__class__):
            return self.reads[node]
        return [*self._read(node), *(self.sources[graph] for graph in self._graphs(node).values())]


@cache
def _branching(kind: type[Node]) -> bool:
    """Whether nodes of a class hold graphs."""
    return "AttrGraph" in str(getattr(kind.Attributes, "__annotations__", ""))


def infos(fields: Any) -> Iterator[_VarInfo]:
    """The values of a node's inputs or outputs, in order; optional ones that are absent are left out."""
    for item in fields.__dict__.values():
        if item.__class__ is _VarInfo:
            yield item
        elif item is not None:
            yield from item


def _end(graph: Graph, named: bool) -> Node:
    """The node that hands a graph's results out under their names."""
    results = graph.requested_results
    end = bare(_Introduce, _Introduce.Attributes(), _Introduce.Inputs(tuple(v._var_info for v in results.values())))
    outputs = [output(end, item.type) for item in results.values()]
    if named:
        for info, name in zip(outputs, results, strict=True):
            info._name = name
    end.out_variadic = len(outputs)
    end.outputs = _Introduce.Outputs(tuple(outputs))
    return end
