"""Single trees. What a leaf says is known when the graph is built, its label too, so no tie is left to arithmetic.

Source: `sklearn.tree.BaseDecisionTree.predict` and `DecisionTreeClassifier.predict_proba` (1.9).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.blocks.choose import flat
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.tree_ensemble import reached, total
from modelport_onnx.blocks.trees import Trees
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.tree_arrays import leaf_values, narrow, tree_arrays


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """DecisionTreeRegressor, ExtraTreeRegressor: [N, T], one column a target."""
    values = leaf_values(estimator.tree_)[:, :, 0]
    return Regressed(total(narrow(frame, scope), tree_arrays([estimator.tree_], [values]), scope))


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified | MultiClassified:
    """DecisionTreeClassifier, ExtraTreeClassifier, with one target or several."""
    values = leaf_values(estimator.tree_)
    trees = tree_arrays([estimator.tree_], [values[:, 0]])
    leaf = flat(reached(narrow(frame, scope), trees, scope))
    sizes = np.atleast_1d(estimator.n_classes_).tolist()
    names = [estimator.classes_] if estimator.n_outputs_ == 1 else estimator.classes_
    targets = tuple(
        _target(trees, values[:, i, :size], classes, leaf, scope)
        for i, (size, classes) in enumerate(zip(sizes, names, strict=True))
    )
    return targets[0] if estimator.n_outputs_ == 1 else MultiClassified(targets)


def _target(trees: Trees, values: NDArray[np.float64], classes: Any, leaf: Var, scope: Scope) -> Classified:
    shares = values[trees.is_leaf]
    index = op.gather(op.const(np.argmax(shares, axis=1).astype(np.int64)), leaf)
    return Classified(classes_of(classes, scope), index, op.gather(double(shares), leaf, axis=0))
