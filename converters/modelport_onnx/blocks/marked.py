"""Marks: what a part of a graph computes, said in the documentation of two `Identity` nodes around it.

A runtime drops the nodes; a reader of the graph that knows a structure by name need not find it again in arithmetic.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import onnx
from spox import Var
from spox._graph import Graph
from spox._node import Node
from spox._scope import Scope
from spox.opset.ai.onnx.v21 import _Identity

from modelport_onnx.nodes.create import node

BEGIN, END = "modelport begins: ", "modelport ends: "


class _Marked(_Identity):
    """`Identity` with a documentation."""

    mark: str = ""

    def to_onnx(
        self,
        scope: Scope,
        doc_string: str | None = None,
        build_subgraph: Callable[[Node, str, Graph], onnx.GraphProto] | None = None,
    ) -> list[onnx.NodeProto]:
        return super().to_onnx(scope, self.mark, build_subgraph)


def begins(var: Var, what: str) -> Var:
    """`var`, from which the part `what` starts."""
    return _marked(var, BEGIN + what)


def ends(var: Var, what: str, facts: Mapping[str, Any]) -> Var:
    """`var`, with which the part `what` ends; `facts` say as JSON what it computes from where it begins."""
    return _marked(var, END + what + "\n" + json.dumps(facts, ensure_ascii=False, sort_keys=True))


def _marked(var: Var, text: str) -> Var:
    (found,) = node(_Marked, _Identity.Attributes(), {}, {"input": var}, ("output",))
    made = found._op
    assert isinstance(made, _Marked), "a node is of the class that was asked for"
    made.mark = text
    return found


def parts(graph: onnx.GraphProto, what: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Marked parts of a graph: the tensor that ends one → the tensor it begins from, and its facts.

    A part that begins nowhere or in several places is not one.
    """
    made = {name: node for node in graph.node for name in node.output}
    opening = f"{END}{what}\n"
    found = {}
    for item in graph.node:
        if item.op_type != "Identity" or not item.doc_string.startswith(opening):
            continue
        starts = _starts(item, made, BEGIN + what)
        if len(starts) == 1:
            found[item.output[0]] = starts[0], json.loads(item.doc_string.removeprefix(opening))
    return found


def _starts(end: onnx.NodeProto, made: Mapping[str, onnx.NodeProto], mark: str) -> Sequence[str]:
    starts: dict[str, None] = {}
    seen: set[str] = set()
    stack = list(end.input)
    while stack:
        name = stack.pop()
        if name in seen or name not in made:
            continue
        seen.add(name)
        node = made[name]
        if node.op_type == "Identity" and node.doc_string == mark:
            starts[name] = None
        else:
            stack += node.input
    return list(starts)
