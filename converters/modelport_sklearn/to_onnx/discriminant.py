"""Linear and quadratic discriminant analysis.

Source: `sklearn.discriminant_analysis.LinearDiscriminantAnalysis.{predict_proba,transform}`,
`QuadraticDiscriminantAnalysis._decision_function` and `DiscriminantAnalysisPredictionMixin` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.links import sigmoid, softmax, two_sided
from modelport_onnx.blocks.sums import pairwise_sum, split
from modelport_onnx.frame import Frame, frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.linear_classifier import chosen, decision
from modelport_sklearn.to_onnx.numeric import numeric


def linear(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """LinearDiscriminantAnalysis: the logistic function of the one decision, or softmax of several."""
    scores, width = decision(estimator, frame, scope)
    probability = two_sided(sigmoid(scores)) if width == 1 else softmax(scores)
    return Classified(classes_of(estimator.classes_, scope), chosen(scores, width), probability, scores)


def project(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """LinearDiscriminantAnalysis.transform: the discriminating directions."""
    if estimator.solver == "lsqr":
        raise scope.refuse("solver='lsqr' finds no directions to project on", "fit with solver='svd' or 'eigen'")
    matrix = numeric(frame, scope)
    if estimator.solver == "svd":
        matrix = op.sub(matrix, double(estimator.xbar_))
    directions = np.asarray(estimator.scalings_)[:, : estimator._max_components]
    names = [f"lineardiscriminantanalysis{i}" for i in range(directions.shape[1])]
    return frame_of(op.matmul(matrix, double(directions)), names)


def quadratic(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """QuadraticDiscriminantAnalysis: a Gaussian for each class."""
    norms = _norms(estimator, numeric(frame, scope))
    spread = double([np.sum(np.log(scaling)) for scaling in estimator.scalings_])
    scores = op.add(op.mul(double(-0.5), op.add(norms, spread)), double(np.log(estimator.priors_)))
    probability = _probability(scores)
    decisions = scores
    if len(estimator.classes_) == 2:
        first, second = split(scores, 2, 1)
        decisions = op.sub(second, first)
    return Classified(classes_of(estimator.classes_, scope), first_largest(scores), probability, decisions)


def _norms(estimator: Any, matrix: Var) -> Var:
    """The squared distance to every class in units of its spread: [N, K]; of full rank, all classes at once."""
    turns = [r * (s ** (-0.5)) for r, s in zip(estimator.rotations_, estimator.scalings_, strict=True)]
    if len({turn.shape for turn in turns}) > 1:
        return op.concat([_norm(matrix, m, t) for m, t in zip(estimator.means_, turns, strict=True)], axis=1)
    off = op.sub(op.unsqueeze(matrix, ints(0)), double(np.asarray(estimator.means_)[:, None]))
    turned = op.matmul(off, double(np.stack(turns)))
    squares = pairwise_sum(op.mul(turned, turned), turns[0].shape[1], 2)
    return op.transpose(op.squeeze(squares, ints(2)), perm=[1, 0])


def _norm(matrix: Var, mean: Any, turn: Any) -> Var:
    turned = op.matmul(op.sub(matrix, double(mean)), double(turn))
    return pairwise_sum(op.mul(turned, turned), turn.shape[1], 1)


def _probability(scores: Var) -> Var:
    """`predict_log_proba`, then `exp`: the maximum comes off first, so the normaliser is that of small numbers."""
    centred = op.sub(scores, op.reduce_max(scores, ints(1)))
    return op.exp(op.sub(centred, op.log(op.reduce_sum(op.exp(centred), ints(1)))))
