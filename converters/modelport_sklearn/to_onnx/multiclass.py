"""Binary machines put together for several classes: one against the rest, one against one, output codes.

Source: `sklearn.multiclass.{OneVsRestClassifier,OneVsOneClassifier,OutputCodeClassifier}` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest, first_smallest, flat, positive
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.distances import squared_by_products
from modelport_onnx.blocks.links import two_sided
from modelport_onnx.frame import Frame, concat
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Outcome
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.meta_members import above, binary_score, column, threshold
from modelport_sklearn.to_onnx.pairs import against_the_rest


def constant(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """`_ConstantPredictor`, which stands where training saw only one side: its score is 0 or 1."""
    value = int(np.ravel(estimator.y_)[0])
    rows = op.shape(frame.blocks[0].var, start=0, end=1)
    index = op.expand(op.const(np.array([value], np.int64)), rows)
    score = op.cast(op.reshape(index, ints(-1, 1)), to=np.float64)
    return Classified((0, 1), index, two_sided(score), score)


def one_against_the_rest(estimator: Any, frame: Frame, scope: Scope) -> Classified | MultiClassified:
    """OneVsRestClassifier: the highest score wins; for several labels each score has its threshold."""
    members = [lower_predict(member, frame, scope) for member in estimator.estimators_]
    scores = [binary_score(member, scope) for member in members]
    if estimator.multilabel_:
        return MultiClassified(tuple(_label(m, s, threshold(members[0])) for m, s in zip(members, scores, strict=True)))
    classes = classes_of(estimator.classes_, scope)
    if len(members) == 1:
        return _binary(classes, members[0], scores[0])
    everything = concat(scores)
    probability = _normalised(members) if hasattr(estimator, "predict_proba") else None
    decision = everything if hasattr(estimator, "decision_function") else None
    return Classified(classes, first_largest(everything), probability, decision)


def _label(member: Outcome, score: Var, limit: float) -> Classified:
    index = flat(op.cast(above(score, limit), to=np.int64))
    probability = member.probability if isinstance(member, Classified) else None
    return Classified((0, 1), index, probability, score)


def _binary(classes: Any, member: Outcome, score: Var) -> Classified:
    index = flat(op.cast(above(score, threshold(member)), to=np.int64))
    if not isinstance(member, Classified):
        return Classified(classes, index)
    probability = member.probability
    if probability is not None:
        probability = two_sided(column(probability, 1))
    return Classified(classes, index, probability, member.decision)


def _normalised(members: list[Outcome]) -> Var:
    """Probabilities of the members, divided by their sum unless that is 0."""
    columns = [column(m.probability, 1) for m in members if isinstance(m, Classified) and m.probability is not None]
    everything = concat(columns)
    total = op.reduce_sum(everything, ints(1))
    return op.div(everything, op.where(op.equal(total, double(0.0)), double(1.0), total))


def one_against_one(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """OneVsOneClassifier: votes, and confidences that break their ties."""
    indices = estimator.pairwise_indices_
    frames = [frame if indices is None else frame.select(list(map(int, rows))) for rows in _each(estimator, indices)]
    members = [lower_predict(m, f, scope) for m, f in zip(estimator.estimators_, frames, strict=True)]
    scores = concat([binary_score(member, scope) for member in members])
    second = concat([_second(member, scope) for member in members])
    classes = classes_of(estimator.classes_, scope)
    decision = against_the_rest(second, scores, len(classes))
    if len(classes) > 2:
        return Classified(classes, first_largest(decision), decision=decision)
    single = column(decision, 1)
    limit = threshold(members[0])
    index = positive(single) if not limit else flat(op.cast(above(single, limit), to=np.int64))
    return Classified(classes, index, decision=single)


def _each(estimator: Any, indices: Any) -> Any:
    return [None] * len(estimator.estimators_) if indices is None else indices


def _second(member: Outcome, scope: Scope) -> Var:
    """Where a member predicts the second class of its pair: [N, 1] bool."""
    if not isinstance(member, Classified):
        raise scope.refuse("OneVsOneClassifier over a regressor counts votes of predictions that are exactly 0 or 1")
    return op.reshape(op.greater(member.index, op.const(np.array(0, np.int64))), ints(-1, 1))


def output_code(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """OutputCodeClassifier: the class whose code is nearest to the scores."""
    scores = concat([binary_score(lower_predict(m, frame, scope), scope) for m in estimator.estimators_])
    distance = squared_by_products(scores, np.asarray(estimator.code_book_, np.float64))
    return Classified(classes_of(estimator.classes_, scope), first_smallest(distance))
