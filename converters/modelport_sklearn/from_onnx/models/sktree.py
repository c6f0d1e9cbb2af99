"""scikit-learn's own trees from arrays.

Built on scikit-learn 1.9: `sklearn.tree._tree.Tree.__setstate__` takes `max_depth`, `node_count`, `nodes` (of a type
that is asked of a tree fitted here) and `values` [M, outputs, classes], class shares since 1.3. `predict` compares
float32 rows with float64 thresholds; `missing_go_to_left` since 1.3. Impurities and counts of training rows are not in
a graph: impurities are 0 and every node counts one row, so `feature_importances_` says nothing.
"""

from functools import cache
from typing import Any

import numpy as np

from modelport_sklearn.from_onnx.graph import Array
from modelport_sklearn.from_onnx.models.ensemble import LEAF, Tree


@cache
def _node_type() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    fitted = DecisionTreeRegressor(max_depth=1).fit([[0.0], [1.0]], [0.0, 1.0])
    return fitted.tree_.__getstate__()["nodes"].dtype


def compiled(tree: Tree, features: int, values: Array, samples: Array | None = None) -> Any:
    """A `sklearn.tree._tree.Tree`.

    Args:
        values: [M, outputs, classes].
        samples: [M] training rows of each node, where they matter.
    """
    from sklearn.tree._tree import Tree as Compiled

    nodes = np.zeros(len(tree.left), _node_type())
    nodes["left_child"], nodes["right_child"] = tree.left, tree.right
    nodes["feature"], nodes["threshold"] = tree.feature, tree.threshold
    nodes["missing_go_to_left"] = tree.missing_left
    nodes["n_node_samples"] = 1 if samples is None else samples
    nodes["weighted_n_node_samples"] = nodes["n_node_samples"]
    outputs, classes = values.shape[1], values.shape[2]
    made = Compiled(features, np.full(outputs, classes, np.intp), outputs)
    state = {"max_depth": _depth(tree), "node_count": len(nodes), "nodes": nodes}
    made.__setstate__({**state, "values": np.ascontiguousarray(values, np.float64)})
    return made


def _depth(tree: Tree) -> int:
    depth = np.zeros(len(tree.left), np.int64)
    for node, (left, right) in enumerate(zip(tree.left.tolist(), tree.right.tolist(), strict=True)):
        if left != LEAF:
            depth[left] = depth[right] = depth[node] + 1
    return int(depth.max())


def regression_tree(tree: Tree, features: int, kind: str = "DecisionTreeRegressor", samples: Any = None) -> Any:
    """A fitted regression tree, of one target or several."""
    from sklearn import tree as module

    made = getattr(module, kind)()
    made.tree_ = compiled(tree, features, tree.value[:, :, None], samples)
    made.n_features_in_, made.n_outputs_, made.max_features_ = features, tree.value.shape[1], features
    return made


def classification_tree(tree: Tree, features: int, classes: Array) -> Any:
    """A fitted DecisionTreeClassifier; leaves hold the shares of the classes."""
    from sklearn.tree import DecisionTreeClassifier

    made = DecisionTreeClassifier()
    made.tree_ = compiled(tree, features, tree.value[:, None, :])
    made.n_features_in_, made.n_outputs_, made.max_features_ = features, 1, features
    made.classes_, made.n_classes_ = classes, np.int64(len(classes))
    return made
