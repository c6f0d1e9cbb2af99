"""The k nearest of the known points, and the weights of neighbours.

Source: `sklearn.neighbors._base.{KNeighborsMixin.kneighbors,_get_weights}` (scikit-learn 1.9).

Points at exactly the same distance are chosen from as scikit-learn chooses (`neighbour_ties`). Brute force splits the
points of small batches among threads, and its choice then depends on their number, which is no property of the model:
there the graph answers as one thread does, and a note says so where the data make such ties likely.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from spox import Var

from modelport.conversion import NoteKind
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.distances import per_rows
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.neighbour_metric import NAMES, Metric, canonical, metric
from modelport_sklearn.to_onnx.neighbour_ties import is_tree, settled, settles


def check(estimator: Any) -> str | None:
    """Why the metric or the weights have no exact form, or None."""
    name = getattr(estimator, "effective_metric_", estimator.metric)
    if callable(getattr(estimator, "weights", None)):
        return "weights=<a function> is Python code"
    if callable(name):
        return "metric=<a function> is Python code"
    return None if canonical(name) else f"metric={name!r} has no exact ONNX form"


def metric_of(estimator: Any, scope: Scope) -> Metric:
    """The metric of a fitted estimator to its training rows.

    Raises:
        CannotConvert: the metric or the weights are Python code, or not known.
    """
    reason = check(estimator)
    if reason:
        raise scope.refuse(reason, f"use one of {', '.join(NAMES)}")
    name = canonical(estimator.effective_metric_)
    assert name is not None, "checked above"
    brute = estimator._fit_method == "brute"
    return metric(name, points_of(estimator), estimator.effective_metric_params_, brute=brute)


def points_of(estimator: Any) -> Any:
    """Training rows [M, C], dense."""
    known = estimator._fit_X
    return np.asarray(known.toarray() if hasattr(known, "toarray") else known, np.float64)


def nearest(estimator: Any, known: Metric, matrix: Var, count: int) -> Sequence[Var]:
    """Surrogate distances and positions of the `count` nearest points: [N, count] each."""
    points = len(points_of(estimator))
    ties = count < points and settles(estimator)
    width = count + 1 if ties else count

    def block(rows: Var) -> Sequence[Var]:
        return op.top_k(known.surrogate(rows), ints(width), axis=-1, largest=0, sorted=1)

    plain = [op.reshape(item, ints(-1, width)) for item in per_rows(matrix, known.size, block)]
    if ties:
        plain = list(settled(estimator, known, matrix, plain, count))
    return [op.reshape(item, ints(-1, count)) for item in plain]


def closeness(distance: Var, inside: Var | None = None) -> Var:
    """`weights="distance"`: one over the distance; where one is 0, those alone count: [N, …] like `distance`.

    Args:
        inside: which neighbours count at all, bool; None for all of them.
    """
    weight = op.reciprocal(distance)
    touching = op.isinf(weight)
    if inside is not None:
        touching, weight = op.and_(touching, inside), op.where(inside, weight, double(0.0))
    touches = op.cast(touching, to=np.float64)
    return op.where(op.greater(op.reduce_max(touches, ints(-1)), double(0.0)), touches, weight)


def note_ties(estimator: Any, targets: Any, scope: Scope) -> None:
    """Leaves a note where equal distances with different answers are likely and their choice cannot be followed."""
    if is_tree(estimator) and settles(estimator):
        return
    known, whose = points_of(estimator), _choice(estimator)
    if not np.isnan(known).any() and (known == np.round(known)).all() and len(np.unique(targets, axis=0)) > 1:
        scope.note(
            NoteKind.ASSUMED,
            f"the training rows hold whole numbers, so several may lie at the same distance from a row; {whose}",
        )
    elif _doubled(known, targets):
        scope.note(
            NoteKind.ASSUMED,
            f"some training rows are equal and have different targets; {whose}",
        )


def _choice(estimator: Any) -> str:
    """Who chooses among equal distances, for a note. Without a heap of its own scikit-learn asks `numpy.argpartition`,
    which promises no order, and whose order is not the same on every processor.
    """
    if settles(estimator):
        return "scikit-learn's choice among them may depend on its number of threads, the graph answers as one thread"
    return (
        "scikit-learn leaves the choice among them to NumPy's partition, which promises none; the graph takes the first"
    )


def _doubled(known: Any, targets: Any) -> bool:
    with_targets = np.unique(np.c_[known, np.reshape(targets, (len(known), -1))], axis=0)
    return len(np.unique(known, axis=0)) < len(with_targets)
