"""Multi-layer perceptrons: affine layers with an activation between them.

Built on scikit-learn 1.9: `_forward_pass_fast` reads `coefs_`, `intercepts_`, `n_layers_` and `out_activation_`; what
else `predict` needs (`_label_binarizer`) is made by fitting on rows of zeros for one step.
"""

from typing import Any

import numpy as np

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect
from modelport_sklearn.from_onnx.head import Found, Head
from modelport_sklearn.from_onnx.models import links
from modelport_sklearn.from_onnx.models.affine import affine

Layer = tuple[Array, Array]


def regressor(head: Head) -> Found:
    """MLPRegressor."""
    expect(head.task is Task.REGRESSION)
    graph = head.graph
    rows, layers, activation = _layers(graph, graph.reshaped(head.only))
    from sklearn.neural_network import MLPRegressor

    width = layers[-1][0].shape[1]
    target = np.zeros(2) if width == 1 else np.zeros((2, width))
    return Found(_fill(MLPRegressor, activation, layers, target), rows)


def classifier(head: Head) -> Found:
    """MLPClassifier: one output for two classes, softmax for more."""
    expect(head.task is Task.CLASSIFICATION)
    graph, several = head.graph, len(head.classes) > 2
    shares = head.probability()
    if several:
        scores = links.softmax(graph, shares)
        head.is_largest_of(shares)
    else:
        share = links.two_sided(graph, shares)
        scores = links.logistic(graph, share)
        compare = graph.node(graph.uncast(graph.reshaped(head.index)), "Greater")
        expect(graph.plain(compare.input[0]) == share and (graph.constant(compare.input[1]) == 0.5).all())
    rows, layers, activation = _layers(graph, scores)
    from sklearn.neural_network import MLPClassifier

    return Found(_fill(MLPClassifier, activation, layers, head.classes), rows)


def _layers(graph: Graph, name: str) -> tuple[str, list[Layer], str]:
    """The rows, the layers from first to last, and the activation between them."""
    layers: list[Layer] = []
    activations: set[str] = set()
    while True:
        rows, weights, offset = affine(graph, name)
        layers.insert(0, (np.ascontiguousarray(weights.T), offset))
        behind = _activation(graph, rows)
        if behind is None:
            break
        activation, name = behind
        activations.add(activation)
    expect(len(layers) > 1, "one layer is a linear model")
    expect(len(activations) == 1, "several activations")
    return rows, layers, activations.pop()


def _activation(graph: Graph, name: str) -> tuple[str, str] | None:
    """The activation that gives a tensor, and what it is given; None where the layers end."""
    operator = graph.op(name)
    if operator in ("Relu", "Tanh"):
        return operator.lower(), graph.behind(name, operator)
    if operator in ("Sigmoid", "Reciprocal"):
        return "logistic", links.logistic(graph, name)
    try:
        affine(graph, name)
    except NoMatch:
        return None
    return "identity", name


def _fill(kind: Any, activation: str, layers: list[Layer], target: Array) -> Any:
    hidden = tuple(weights.shape[1] for weights, _ in layers[:-1])
    made = kind(hidden_layer_sizes=hidden, activation=activation, max_iter=1, solver="sgd", alpha=0.0)
    made.fit(np.zeros((len(target), len(layers[0][0]))), target)
    expect([item.shape for item in made.coefs_] == [weights.shape for weights, _ in layers], "odd layers")
    made.coefs_, made.intercepts_ = [weights for weights, _ in layers], [offset for _, offset in layers]
    return made.set_params(max_iter=200)
