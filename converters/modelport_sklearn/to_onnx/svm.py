"""Support vector machines with kernels: regression, novelty, and classification one class against one.

Source: `svm_predict_values` in scikit-learn's `sklearn/svm/src/libsvm/svm.cpp`, `sklearn.svm._base.BaseSVC`
and `sklearn.utils.multiclass._ovr_decision_function` (scikit-learn 1.9).
"""

from itertools import combinations
from typing import Any

import numpy as np
from spox import Var

from modelport.signature import pair_names
from modelport_onnx.blocks.choose import first_largest, flat
from modelport_onnx.blocks.constant import double, integer
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Outliers, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.linear import dense
from modelport_sklearn.to_onnx.numeric import numeric
from modelport_sklearn.to_onnx.pairs import against_the_rest, votes
from modelport_sklearn.to_onnx.svm_kernel import kernel, support
from modelport_sklearn.to_onnx.svm_probability import coupled

Array = np.ndarray[Any, np.dtype[np.float64]]


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """SVR and NuSVR."""
    return Regressed(_machine(estimator, frame, scope, dense(estimator._dual_coef_).T))


def one_class(estimator: Any, frame: Frame, scope: Scope) -> Outliers:
    """OneClassSVM: libsvm calls a row an inlier where its score is above 0, not where it is 0."""
    score = _machine(estimator, frame, scope, dense(estimator._dual_coef_).T)
    label = op.where(op.greater(score, double(0.0)), integer(1), integer(-1))
    return Outliers(flat(label), flat(score))


def _machine(estimator: Any, frame: Frame, scope: Scope, weights: Array) -> Var:
    """`kernel @ weights + intercept`: [N, P]; a linear kernel is multiplied out."""
    offset = double(np.asarray(estimator._intercept_, np.float64)[None])
    if estimator.kernel == "linear":
        return op.add(op.matmul(numeric(frame, scope, widens=True), double(support(estimator).T @ weights)), offset)
    return op.add(op.matmul(kernel(estimator, frame, scope), double(weights)), offset)


def pair_weights(coefficients: Array, counts: Array) -> Array:
    """libsvm's coefficients [K - 1, M] as one column for each pair of classes: [M, K (K - 1) / 2]."""
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(int)
    pairs = list(combinations(range(len(counts)), 2))
    weights = np.zeros((coefficients.shape[1], len(pairs)))
    for column, (i, j) in enumerate(pairs):
        first, second = slice(starts[i], starts[i + 1]), slice(starts[j], starts[j + 1])
        weights[first, column] = coefficients[j - 1, first]
        weights[second, column] = coefficients[i, second]
    return weights


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """SVC and NuSVC. libsvm's own decisions are positive for the first class of a pair, and 0 counts for the second."""
    classes = classes_of(estimator.classes_, scope)
    if estimator.break_ties and estimator.decision_function_shape == "ovo":
        raise scope.refuse(
            "break_ties=True with decision_function_shape='ovo' does not predict in scikit-learn either",
            "set decision_function_shape='ovr'",
        )
    pairs = _machine(estimator, frame, scope, pair_weights(dense(estimator._dual_coef_), estimator._n_support))
    probability = coupled(pairs, estimator, len(classes)) if _has_probability(estimator) else None
    if len(classes) == 2:
        second = op.cast(op.less_or_equal(pairs, double(0.0)), to=np.int64)
        return Classified(classes, flat(second), probability, op.neg(pairs))
    won = votes(op.less_or_equal(pairs, double(0.0)), len(classes))
    if estimator.decision_function_shape == "ovo":
        return Classified(classes, first_largest(won), probability, pairs, pair_names(classes))
    decision = against_the_rest(op.less(pairs, double(0.0)), op.neg(pairs), len(classes))
    chosen = first_largest(decision if estimator.break_ties else won)
    return Classified(classes, chosen, probability, decision)


def _has_probability(estimator: Any) -> bool:
    return estimator.probability is True and estimator._probA.size > 0
