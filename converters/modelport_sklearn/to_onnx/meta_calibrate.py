"""Calibrated classifiers: each fold's scores through its calibrators, and the mean of the folds.

Source: `sklearn.calibration.{CalibratedClassifierCV,_CalibratedClassifier,_SigmoidCalibration,_TemperatureScaling,
_convert_to_logits}` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.links import expit, softmax, two_sided
from modelport_onnx.blocks.sums import in_order
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.isotonic import curve
from modelport_sklearn.to_onnx.meta_members import classified, column, width_of
from modelport_sklearn.to_onnx.meta_vote import average


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """CalibratedClassifierCV."""
    folds = [_fold(fold, frame, scope) for fold in estimator.calibrated_classifiers_]
    mean = average(folds, None)
    return Classified(classes_of(estimator.classes_, scope), first_largest(mean), mean)


def _fold(fold: Any, frame: Frame, scope: Scope) -> Var:
    member = classified(fold.estimator, frame, scope)
    if fold.method == "temperature":
        probability = _tempered(fold, member)
    elif fold.method in ("sigmoid", "isotonic"):
        probability = _calibrated(fold, member, scope)
    else:
        raise scope.refuse(f"method={fold.method!r} of calibration is not known", "use 'sigmoid' or 'isotonic'")
    over = op.and_(op.greater(probability, double(1.0)), op.less_or_equal(probability, double(1.0 + 1e-5)))
    return op.where(over, double(1.0), probability)


def _scores(member: Classified) -> tuple[Var, int]:
    """Decisions, else probabilities: one column for two classes, and how many columns."""
    if member.decision is not None:
        return member.decision, width_of(member.decision)
    assert member.probability is not None, "scikit-learn calibrates only members with scores"
    if len(member.classes) == 2:
        return column(member.probability, 1), 1
    return member.probability, len(member.classes)


def _calibrated(fold: Any, member: Classified, scope: Scope) -> Var:
    """One calibrator a class; the columns are normalised where there are more than two classes."""
    scores, width = _scores(member)
    calibrators = fold.calibrators[:width]
    columns = [_calibrator(c, column(scores, i), scope) for i, c in enumerate(calibrators)]
    count = len(fold.classes)
    if count == 2:
        return two_sided(columns[-1])
    places = np.searchsorted(fold.classes, fold.estimator.classes_)
    absent = op.mul(columns[0], double(0.0))
    by_class: list[Var] = [absent] * count
    for place, values in zip(places, columns, strict=False):
        by_class[int(place)] = values
    everything, total = op.concat(by_class, axis=1), in_order(by_class)
    uniform = op.equal(total, double(0.0))
    return op.where(uniform, double(1.0 / count), op.div(everything, total))


def _calibrator(calibrator: Any, scores: Var, scope: Scope) -> Var:
    """`expit(-(a T + b))`, or the isotonic curve."""
    if hasattr(calibrator, "a_"):
        return expit(op.neg(op.add(op.mul(scores, double(float(calibrator.a_))), double(float(calibrator.b_)))))
    return curve(calibrator, scores, scope)


def _tempered(fold: Any, member: Classified) -> Var:
    """Softmax of the logits times the inverse temperature."""
    scores, width = _scores(member)
    if width == 1 and member.decision is None:
        logits = _logits(two_sided(scores))
    else:
        logits = op.concat([op.neg(scores), scores], axis=1) if width == 1 else _logits(scores)
    return softmax(op.mul(logits, double(float(fold.calibrators[0].beta_))))


def _logits(values: Var) -> Var:
    """Logarithms where every row of the batch looks like probabilities, else the values themselves."""
    total = op.reduce_sum(values, ints(1))
    apart = op.greater(op.abs(op.sub(total, double(1.0))), double(1e-8 + 1e-5))
    outside = op.or_(op.less(values, double(0.0)), op.greater(values, double(1.0)))
    strange = op.cast(op.or_(apart, outside), to=np.int64)
    plain = op.equal(op.reduce_max(strange, keepdims=0), op.const(np.array(1, np.int64)))
    safe = op.where(plain, double(1.0), values)
    return op.where(plain, values, op.log(op.add(safe, double(1e-12))))
