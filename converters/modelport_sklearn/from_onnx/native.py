"""Graphs that are scikit-learn's own models, rebuilt as such: recognised step by step, and then compared.

Recognition alone is never trusted. The rebuilt estimator answers random rows, rows on each of the graph's jumps with
one float step to either side, and special values; it is used only if all answers are the graph's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import onnx

from modelport.signature import Signature, Task
from modelport_onnx.foreign import without_zipmap
from modelport_onnx.malformed import CONTRADICTIONS
from modelport_sklearn.from_onnx.build import estimator
from modelport_sklearn.from_onnx.graph import Graph, NoMatch
from modelport_sklearn.from_onnx.head import Head
from modelport_sklearn.from_onnx.rows import Part, Rows
from modelport_sklearn.from_onnx.table import MODELS, STEPS
from modelport_sklearn.from_onnx.verify import Probe, Verdict


@dataclass(frozen=True)
class Native:
    """A rebuilt estimator.

    Attributes:
        estimator: scikit-learn's own.
        verdict: what the comparison with the graph showed.
    """

    estimator: Any
    verdict: Verdict


def native(source: onnx.ModelProto, signature: Signature) -> Native | None:
    """scikit-learn's own estimator for a graph, or None if none is recognised that answers the same."""
    plain = without_zipmap(source)
    probe = Probe(plain, signature)
    try:
        graph = Graph(plain, len(signature.inputs))
    except (NoMatch, *CONTRADICTIONS):
        return None
    for found in candidates(graph, signature, probe):
        verdict = probe.compare(found)
        if verdict.equal:
            return Native(found, verdict)
    return None


def candidates(graph: Graph, signature: Signature, probe: Probe) -> Iterator[Any]:
    """Estimators that a graph may be, not yet compared."""
    try:
        rows, head = Rows(graph, STEPS), Head(signature, graph)
    except (NoMatch, *CONTRADICTIONS):
        return
    for part, last in _recognised(rows, head):
        try:
            found = estimator(part, last, signature, probe.row)
        except (NoMatch, *CONTRADICTIONS):
            continue
        yield found


def _recognised(rows: Rows, head: Head) -> Iterator[tuple[Part, Any]]:
    """Steps, and the predictor after them (None for a transformer)."""
    if head.task is Task.TRANSFORM:
        try:
            yield rows.read(head.graph.outputs), None
        except (NoMatch, *CONTRADICTIONS):
            return
    for recognise in MODELS:
        try:
            found = recognise(head)
            part = rows.read([found.rows])
        except (NoMatch, *CONTRADICTIONS):  # a graph that contradicts itself is none that is recognised
            continue
        yield part, found.estimator
