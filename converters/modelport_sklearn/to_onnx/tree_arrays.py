"""scikit-learn's fitted trees as arrays, and the float32 matrix they look at."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.blocks.trees import LEQ, Trees
from modelport_onnx.frame import Frame, cast
from modelport_onnx.lowering import Scope

PLAIN = frozenset(
    f"sklearn.tree._classes.{name}"
    for name in ("DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor")
)
"""Classes that are nothing but a tree."""


def is_plain(estimator: Any) -> bool:
    """Whether an estimator is one of scikit-learn's own tree classes, and no subclass of them."""
    kind = type(estimator)
    return f"{kind.__module__}.{kind.__qualname__}" in PLAIN


def narrow(frame: Frame, scope: Scope) -> Var:
    """[N, C] float32, as `check_array(X, dtype=numpy.float32)` gives it: columns of several types meet in float64.

    Raises:
        CannotConvert: a column holds text.
    """
    return cast(numbers(frame, scope), np.float32)


def numbers(frame: Frame, scope: Scope) -> Var:
    """[N, C] of the frame's own type if it has one, else float64.

    Raises:
        CannotConvert: a column holds text.
    """
    for block in frame.blocks:
        if block.is_text:
            raise scope.refuse(f"column {block.names[0]!r} holds text where numbers belong", "encode it before")
    kinds = {block.dtype for block in frame.blocks}
    return frame.matrix(kinds.pop().type if len(kinds) == 1 else np.float64)


def leaf_values(tree: Any) -> NDArray[np.float64]:
    """[M, outputs, classes] of a `sklearn.tree._tree.Tree`; class shares in classifiers (since 1.3)."""
    return np.asarray(tree.value, np.float64)


def tree_arrays(
    trees: Sequence[Any],
    values: Sequence[NDArray[np.float64]],
    columns: Sequence[Any] | None = None,
    targets: Sequence[int] | None = None,
) -> Trees:
    """`sklearn.tree._tree.Tree` objects as `Trees`; `x <= threshold` goes left, in float64 between a float32 and it.

    Args:
        values: [M, K] of each tree, read at its leaves.
        columns: for each tree, the columns of the matrix that its features are.
        targets: the output each tree adds to.
    """
    nodes = [tree.__getstate__()["nodes"] for tree in trees]
    sizes = np.array([len(item) for item in nodes])
    roots = np.cumsum(sizes) - sizes
    every = np.concatenate(nodes)
    leaf = every["left_child"] < 0
    at = np.repeat(roots, sizes)
    if columns is not None:
        found = [
            np.asarray(own, np.int64)[np.maximum(item["feature"], 0)] for item, own in zip(nodes, columns, strict=True)
        ]
        feature = np.concatenate(found)
    else:
        feature = every["feature"].astype(np.int64)
    return Trees(
        roots,
        np.where(leaf, 0, feature),
        np.where(leaf, 0.0, every["threshold"]),
        np.where(leaf, -1, every["left_child"] + at),
        np.where(leaf, -1, every["right_child"] + at),
        np.concatenate(values),
        ~leaf & every["missing_go_to_left"].astype(np.bool_),
        np.full(len(every), LEQ, np.uint8),
        (),
        None if targets is None else np.asarray(targets, np.int64),
    )
