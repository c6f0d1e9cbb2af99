"""What meta-estimators read from the outcome of a member."""

from typing import Any

from spox import Tensor, Var

from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.sums import part
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Outcome, Regressed


def classified(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """A member that must classify.

    Raises:
        CannotConvert: it has another outcome (several targets, a cluster …).
    """
    outcome = lower_predict(estimator, frame, scope)
    if not isinstance(outcome, Classified):
        raise scope.refuse(f"{type(estimator).__name__} gives no single label, and a classifier is needed here")
    return outcome


def regressed(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """A member that must regress."""
    outcome = lower_predict(estimator, frame, scope)
    if not isinstance(outcome, Regressed):
        raise scope.refuse(f"{type(estimator).__name__} gives no number, and a regressor is needed here")
    return outcome


def column(matrix: Var, index: int) -> Var:
    """One column: [N, K] → [N, 1]."""
    return part(matrix, index, index + 1, 1)


def width_of(matrix: Var) -> int:
    """How many columns a tensor [N, K] has."""
    kind = matrix.type
    assert isinstance(kind, Tensor), "answers are tensors"
    width = (kind.shape or ())[-1]
    assert isinstance(width, int), "the width of an answer is known when it is built"
    return width


def binary_score(outcome: Outcome, scope: Scope) -> Var:
    """`sklearn.multiclass._predict_binary`: prediction, else decision, else probability of the second class: [N, 1]."""
    if isinstance(outcome, Regressed):
        return outcome.value
    if isinstance(outcome, Classified) and outcome.decision is not None:
        return outcome.decision
    if isinstance(outcome, Classified) and outcome.probability is not None:
        return column(outcome.probability, 1)
    raise scope.refuse("a member has neither a decision function nor probabilities")


def threshold(outcome: Outcome) -> float:
    """`sklearn.multiclass._threshold_for_binary_predict`."""
    return 0.0 if isinstance(outcome, Classified) and outcome.decision is not None else 0.5


def above(column: Var, limit: float) -> Var:
    """`column > limit`: [N, 1] bool."""
    return op.greater(column, double(limit))
