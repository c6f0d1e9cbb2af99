"""Head: what the outputs of a graph are, before a recogniser asks where they come from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from modelport.signature import Signature, Task
from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect


@dataclass(frozen=True)
class Head:
    """The outputs of a graph.

    Attributes:
        signature: names and types; outputs in the one vocabulary.
        graph: where to look.
    """

    signature: Signature
    graph: Graph

    @property
    def task(self) -> Task | None:
        return self.signature.task

    @property
    def classes(self) -> Array:
        """Class labels, as an estimator's `classes_`."""
        return np.array(self.signature.classes)

    @property
    def kind(self) -> str:
        """What a classifier gives besides labels: `probability`, `decision` or nothing."""
        names = [column.name.partition("(")[0] for column in self.signature.outputs[1:]]
        expect(len(set(names)) <= 1)
        return names[0] if names else ""

    @property
    def scores(self) -> str:
        """The tensor of scores, one column a class (or one for two classes)."""
        expect(len(self.graph.outputs) == 2, "no tensor of scores")
        return self.graph.outputs[1]

    @property
    def only(self) -> str:
        """The one output tensor."""
        expect(len(self.graph.outputs) == 1, "several outputs")
        return self.graph.outputs[0]

    @cached_property
    def index(self) -> str:
        """The position of the predicted label: the label itself is looked up in the classes."""
        node = self.graph.node(self.graph.outputs[0], "Gather")
        known = self.graph.constant(node.input[0])
        expect(known.ravel().tolist() == list(self.signature.classes), "labels in another order")
        return self.graph.plain(node.input[1])

    def probability(self) -> str:
        """The tensor of probabilities."""
        expect(self.kind == "probability", "no probabilities")
        return self.scores

    def is_largest_of(self, *tensors: str) -> None:
        """Checks that the label is that of the largest column of one of some tensors, the first one where tied."""
        node = self.graph.node(self.index, "ArgMax")
        expect(self.graph.plain(node.input[0]) in tensors, "labels follow from something else")
        expect(not self.graph.attribute(node, "select_last_index", 0))

    def is_sign_of(self, tensor: str, *operators: str) -> None:
        """Checks that the label is the second class where a column compares so with 0."""
        graph = self.graph
        node = graph.node(graph.uncast(graph.reshaped(self.index)), *(operators or ("Greater",)))
        expect(graph.plain(node.input[0]) == tensor, "labels follow from something else")
        expect(not graph.constant(node.input[1]).any(), "a threshold other than 0")


@dataclass(frozen=True)
class Found:
    """A recognised model.

    Attributes:
        estimator: fitted, without names of columns.
        rows: the tensor [N, C] that it is given.
    """

    estimator: Any
    rows: str


__all__ = ["Found", "Head", "NoMatch"]
