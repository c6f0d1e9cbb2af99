"""Histogram gradient boosting: float64 splits, a learned side for missing values, categories as sets.

Categorical columns pass the estimator's own ordinal encoder first and come out in front; a category it does not know
becomes NaN, and so do missing ones, so every code that is left is one the trees know.

Source: `sklearn.ensemble._hist_gradient_boosting` (`gradient_boosting.py`, `_predictor.pyx`; 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport.conversion import NoteKind
from modelport_onnx.blocks.choose import first_largest, positive, zeros
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.links import expit, softmax, two_sided
from modelport_onnx.blocks.sums import part
from modelport_onnx.blocks.tree_ensemble import total
from modelport_onnx.blocks.trees import LEQ, MEMBER, Trees, binary_tree, join
from modelport_onnx.frame import Frame, cast
from modelport_onnx.frame import join as side_by_side
from modelport_onnx.lowering import Scope, lower_transform
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.tree_arrays import numbers

_LOG_LINK = frozenset(("poisson", "gamma"))


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """HistGradientBoostingRegressor: identity, or exp for `poisson` and `gamma`."""
    raw = _raw(estimator, frame, scope)
    return Regressed(op.exp(raw) if estimator.loss in _LOG_LINK else raw)


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """HistGradientBoostingClassifier: logit or softmax.

    Fitted on one class, it gives two probabilities (scikit-learn 1.9); the first is that class's.

    Raises:
        CannotConvert: it was fitted on one class, and might answer with another.
    """
    raw = _raw(estimator, frame, scope)
    classes = classes_of(estimator.classes_, scope)
    if len(classes) == 1:
        if _largest(estimator) > 0:
            reason = "it was fitted on a single class, and its trees may vote for a second one"
            raise scope.refuse(reason, "fit it on two classes or more")
        return Classified(classes, zeros(raw), part(two_sided(expit(raw)), 0, 1, 1), raw)
    if estimator.n_trees_per_iteration_ > 1:
        return Classified(classes, first_largest(raw), softmax(raw), raw)
    return Classified(classes, positive(raw), two_sided(expit(raw)), raw)


def _largest(estimator: Any) -> float:
    """The most that trees and baseline of one output may come to."""
    trees = (tree.nodes for stage in estimator._predictors for tree in stage)
    leaves = sum(float(nodes["value"][nodes["is_leaf"].astype(np.bool_)].max()) for nodes in trees)
    return float(np.max(estimator._baseline_prediction)) + leaves


def _raw(estimator: Any, frame: Frame, scope: Scope) -> Var:
    baseline = double(np.atleast_2d(estimator._baseline_prediction))
    predictors = estimator._predictors
    if not predictors:
        raise scope.refuse("it was fitted without a single iteration", "fit with max_iter of 1 or more")
    trees = join([hist_tree(tree, target) for stage in predictors for target, tree in enumerate(stage)])
    if scope.portable:
        scope.note(NoteKind.ROUNDED, "inputs are compared as float32; scikit-learn compares them as float64")
    x = cast(numbers(_encoded(estimator, frame, scope), scope), np.float32 if scope.portable else np.float64)
    return op.add(total(x, trees, scope), baseline)


def _encoded(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Categorical columns as codes, in front of the others."""
    preprocessor = estimator._preprocessor
    if preprocessor is None:
        return frame
    chosen = np.asarray(preprocessor.transformers_[0][2])
    categorical, numeric = np.flatnonzero(chosen).tolist(), np.flatnonzero(~chosen).tolist()
    if not categorical:
        return frame
    encoder = preprocessor.named_transformers_["encoder"]
    codes = lower_transform(encoder, frame.select(categorical), scope.inside("categories"))
    return side_by_side([codes, frame.select(numeric)])


def hist_tree(predictor: Any, target: int) -> Trees:
    """A `TreePredictor` as arrays; it adds to output `target`."""
    nodes = predictor.nodes
    leaf = nodes["is_leaf"].astype(np.bool_)
    categorical = ~leaf & nodes["is_categorical"].astype(np.bool_)
    sets = [_bits(predictor.raw_left_cat_bitsets[int(row)]) for row in nodes["bitset_idx"][categorical]]
    threshold = np.where(categorical, 0.0, nodes["num_threshold"])
    return binary_tree(
        nodes["feature_idx"],
        threshold,
        np.where(leaf, -1, nodes["left"].astype(np.int64)),
        np.where(leaf, -1, nodes["right"].astype(np.int64)),
        nodes["value"],
        missing_true=nodes["missing_go_to_left"],
        mode=np.where(categorical, MEMBER, LEQ),
        members=sets,
        target=target,
    )


def _bits(words: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The members of a set of bits, 32 a word."""
    bits = np.unpackbits(np.asarray(words, "<u4").view(np.uint8), bitorder="little")
    return np.flatnonzero(bits).astype(np.float64)
