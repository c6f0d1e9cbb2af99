"""Projections: PCA and TruncatedSVD.

Built on scikit-learn 1.9: `TruncatedSVD.transform` reads `components_`; `PCA.transform` reads `components_`, `mean_`
and `whiten`, and takes `mean_ @ components_.T` off the product. A graph holds that difference alone, so the mean is its
part within the components.
"""

import numpy as np

from modelport_sklearn.from_onnx.graph import Graph, expect
from modelport_sklearn.from_onnx.steps.scale import Step


def projection(graph: Graph, name: str) -> Step:
    """TruncatedSVD: `x @ components.T`."""
    node = graph.node(name, "MatMul")
    weights = graph.constant(node.input[1])
    from sklearn.decomposition import TruncatedSVD

    made = TruncatedSVD(weights.shape[1])
    made.components_, made.n_features_in_ = np.ascontiguousarray(weights.T), weights.shape[0]
    return [graph.plain(node.input[0])], made


def principal(graph: Graph, name: str) -> Step:
    """PCA: `x @ components.T - mean @ components.T`."""
    product, shift = graph.by_constant(name, "Sub")
    node = graph.node(product, "MatMul")
    weights = graph.constant(node.input[1])
    expect(
        np.allclose(weights.T @ weights, np.eye(weights.shape[1]), atol=1e-9), "directions that are not at right angles"
    )
    from sklearn.decomposition import PCA

    made = PCA(weights.shape[1])
    made.components_, made.mean_ = np.ascontiguousarray(weights.T), weights @ shift.ravel()
    made.n_components_, made.n_features_in_ = weights.shape[1], weights.shape[0]
    made.explained_variance_ = np.ones(weights.shape[1])
    return [graph.plain(node.input[0])], made
