"""Linear classifiers: a linear decision, its sign or its largest column, and the links to probabilities.

Source: `sklearn.linear_model._base.LinearClassifierMixin`, `_logistic.LogisticRegression.predict_proba`,
`_stochastic_gradient.SGDClassifier.predict_proba`, `_ridge._RidgeClassifierMixin.predict` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest, positive
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.links import expit, normalised, sigmoid, softmax, two_sided
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.linear import affine
from modelport_sklearn.to_onnx.numeric import numeric


def decision(estimator: Any, frame: Frame, scope: Scope) -> tuple[Var, int]:
    """The decision function and its width: [N, K], or [N, 1] for two classes."""
    width = 1 if estimator.coef_.ndim == 1 else int(estimator.coef_.shape[0])
    return affine(numeric(frame, scope), estimator.coef_, estimator.intercept_), width


def chosen(scores: Var, width: int) -> Var:
    """The predicted position: the sign of a single column, else the first largest."""
    return positive(scores) if width == 1 else first_largest(scores)


def plain(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """A classifier without probabilities."""
    scores, width = decision(estimator, frame, scope)
    return Classified(classes_of(estimator.classes_, scope), chosen(scores, width), decision=scores)


def logistic(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """Logistic regression: the logistic function for two classes, softmax for more."""
    scores, width = decision(estimator, frame, scope)
    probability = softmax(scores) if width > 1 else one_versus_rest(scores, width)
    return Classified(classes_of(estimator.classes_, scope), chosen(scores, width), probability, scores)


def one_versus_rest(scores: Var, width: int) -> Var:
    """`_predict_proba_lr`: the logistic function of each column; several columns are normalised."""
    return two_sided(sigmoid(scores)) if width == 1 else normalised(expit(scores), width)


def stochastic(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """SGDClassifier: probabilities for `log_loss` and `modified_huber`, decisions for the other losses."""
    scores, width = decision(estimator, frame, scope)
    probability = None
    if estimator.loss == "log_loss":
        probability = one_versus_rest(scores, width)
    elif estimator.loss == "modified_huber":
        share = op.div(op.add(op.clip(scores, double(-1.0), double(1.0)), double(1.0)), double(2.0))
        probability = two_sided(share) if width == 1 else normalised(share, width)
    return Classified(classes_of(estimator.classes_, scope), chosen(scores, width), probability, scores)


def ridge(estimator: Any, frame: Frame, scope: Scope) -> Classified | MultiClassified:
    """Ridge classifiers; a multilabel one has a sign for each label."""
    if not estimator._label_binarizer.y_type_.startswith("multilabel"):
        return plain(estimator, frame, scope)
    coefficients = np.atleast_2d(estimator.coef_)
    intercepts = np.broadcast_to(estimator.intercept_, len(coefficients))
    matrix = numeric(frame, scope)
    scores = [affine(matrix, row, number) for row, number in zip(coefficients, intercepts, strict=True)]
    return MultiClassified(tuple(Classified((0, 1), positive(score), decision=score) for score in scores))
