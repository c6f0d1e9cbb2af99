"""k-means: the nearest centre.

Built on scikit-learn 1.9: `KMeans.predict` reads `cluster_centers_` and `_n_threads`, which `fit` makes.
"""

import numpy as np

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import expect
from modelport_sklearn.from_onnx.head import Found, Head


def k_means(head: Head) -> Found:
    """KMeans: the first smallest of `|c|² - 2 x·c`, with `|x|²` or without it."""
    expect(head.task is Task.CLUSTERING)
    graph = head.graph
    node = graph.node(head.only, "ArgMin")
    expect(not graph.attribute(node, "select_last_index", 0))
    name = graph.plain(node.input[0])
    name = graph.behind(name, "Relu") if graph.op(name) == "Relu" else name
    inner, _ = graph.with_constant(name, "Add")
    inner = graph.behind(inner, "Add") if graph.op(inner) == "Add" else inner
    product = graph.node(inner, "MatMul")
    centres = np.ascontiguousarray(graph.constant(product.input[1]).T / -2.0)
    from sklearn.cluster import KMeans

    made = KMeans(len(centres), init=centres, n_init=1, max_iter=1).fit(np.repeat(centres, 2, axis=0))
    made.cluster_centers_ = centres
    made.set_params(init="k-means++")
    return Found(made, graph.plain(product.input[0]))
