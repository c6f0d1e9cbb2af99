"""What an estimator answers, in the one vocabulary of outputs.

`answers` asks the model once about a probe row, to learn how wide its answers are, and gives a function that turns
rows into one NumPy array an output column. The names are those of `modelport_onnx.assemble.outcome_outputs`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.signature import (
    Category,
    Column,
    Signature,
    Task,
    classifier_outputs,
    cluster_outputs,
    label_text,
    label_type,
    outlier_outputs,
    pair_names,
    regression_outputs,
)
from modelport_sklearn import anatomy
from modelport_sklearn.scalars import Array, scalars

Produce = Callable[[Any], list[Array]]


@dataclass(frozen=True, slots=True)
class Answers:
    """The outputs of a model and how to get them.

    Attributes:
        produce: rows as the model takes them [N, C] → one array [N] a column.
    """

    columns: tuple[Column, ...]
    task: Task
    classes: tuple[Category, ...]
    produce: Produce


def answers(model: Any, probe: Any) -> Answers:
    """How a model answers.

    Args:
        probe: one row or more, as the model takes them.

    Raises:
        CannotConvert: it has nothing to say about new rows.
        Exception: whatever the estimator raises about the probe.
    """
    kind = anatomy.task(anatomy.inner(model))
    parts = anatomy.chain(model)
    carried = getattr(parts.last, "signature_", None)
    if isinstance(carried, Signature):
        asked = _Asked(carried.outputs, parts.last.answers, carried.classes)
    else:
        asked = _KINDS[kind](parts.last, parts.prepare(probe), model)
    return Answers(asked.columns, kind, asked.classes, lambda rows: asked.produce(parts.prepare(rows)))


@dataclass(frozen=True, slots=True)
class _Asked:
    columns: tuple[Column, ...]
    produce: Produce
    classes: tuple[Category, ...] = ()


def _columns(values: Any) -> list[Array]:
    """An answer [N] or [N, K] as columns."""
    array = dense(values)
    return [array] if array.ndim == 1 else [array[:, i] for i in range(array.shape[1])]


def dense(values: Any) -> Array:
    """Any answer as a plain array: sparse matrices filled, data frames stripped."""
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values)


def _flat(values: Any) -> Array:
    return dense(values).reshape(-1)


# Classification -----------------------------------------------------------------------------------


def _classifier(last: Any, probe: Any, model: Any) -> _Asked:
    several = target_classes(last, probe)
    if several is not None:
        return _multi(last, probe, several)
    classes = scalars(last.classes_)
    if hasattr(last, "predict_proba"):
        return _Asked(classifier_outputs(classes), lambda rows: _with_probability(last, rows), classes)
    if hasattr(last, "decision_function"):
        names = _decision_names(last, classes, len(_columns(last.decision_function(probe))))
        columns = (*classifier_outputs(classes, None), *(Column(f"decision({n})", pa.float64()) for n in names))
        return _Asked(
            columns, lambda rows: [_flat(last.predict(rows)), *_columns(last.decision_function(rows))], classes
        )
    return _Asked(classifier_outputs(classes, None), lambda rows: [_flat(last.predict(rows))], classes)


def _with_probability(last: Any, rows: Any) -> list[Array]:
    probability = dense(last.predict_proba(rows))
    if len(last.classes_) == 1:  # HistGradientBoostingClassifier then gives a second one, of no class (1.9)
        probability = probability[:, :1]
    label = _labels_of(last, probability)
    return [_flat(last.predict(rows)) if label is None else label, *_columns(probability)]


def _with_decision(last: Any, rows: Any) -> list[Array]:
    return [_flat(last.predict(rows)), *_columns(last.decision_function(rows))]


def _labels_of(last: Any, probability: Array) -> Array | None:
    """Labels of a forest, which are the largest probability by definition (`ForestClassifier.predict`, 1.9)."""
    from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

    if type(last) not in (ExtraTreesClassifier, RandomForestClassifier):
        return None
    return np.asarray(last.classes_.take(np.argmax(probability, axis=1), axis=0))


def _decision_names(last: Any, classes: Sequence[Category], width: int) -> tuple[str, ...]:
    """What each column of `decision_function` is about: the positive class, pairs of classes, or the classes."""
    if width == 1:
        return (label_text(classes[-1]),)
    if getattr(last, "decision_function_shape", None) == "ovo" and len(classes) > 2:
        return pair_names(classes)
    return tuple(label_text(label) for label in classes)


# Several targets ----------------------------------------------------------------------------------


def target_classes(last: Any, probe: Any) -> list[tuple[Category, ...]] | None:
    """The classes of each target of a multi-output or multi-label classifier; None for one target."""
    classes = last.classes_
    if isinstance(classes, list):
        return [scalars(known) for known in classes]
    predicted = dense(last.predict(probe))
    if predicted.ndim == 2 and predicted.shape[1] > 1:
        return [(0, 1)] * predicted.shape[1]
    return None


def _multi(last: Any, probe: Any, targets: Sequence[tuple[Category, ...]]) -> _Asked:
    scored = hasattr(last, "predict_proba")
    columns: list[Column] = []
    for i, classes in enumerate(targets):
        columns.append(Column(f"label(y{i})", label_type(classes), categories=classes))
        if scored:
            columns += [Column(f"probability(y{i}={label_text(label)})", pa.float64()) for label in classes]

    def produce(rows: Any) -> list[Array]:
        labels = _columns(last.predict(rows))
        scores = _target_scores(last.predict_proba(rows), targets) if scored else [[] for _ in targets]
        return [array for label, known in zip(labels, scores, strict=True) for array in (label, *known)]

    return _Asked(tuple(columns), produce)


def _target_scores(raw: Any, targets: Sequence[tuple[Category, ...]]) -> list[list[Array]]:
    """Probabilities of each target's classes; a matrix [N, T] holds those of the positive class alone."""
    if isinstance(raw, list):
        return [_columns(scores) for scores in raw]
    positive = _columns(raw)
    assert all(len(classes) == 2 for classes in targets), "one probability a target means two classes"
    return [[1.0 - scores, scores] for scores in positive]


# The others ---------------------------------------------------------------------------------------


def _regressor(last: Any, probe: Any, model: Any) -> _Asked:
    count = len(_columns(last.predict(probe)))
    names = [f"y{i}" for i in range(count)]
    return _Asked(regression_outputs(names), lambda rows: _columns(last.predict(rows)))


def _clusterer(last: Any, probe: Any, model: Any) -> _Asked:
    return _Asked(cluster_outputs(), lambda rows: [_flat(last.predict(rows))])


def _outliers(last: Any, probe: Any, model: Any) -> _Asked:
    if not hasattr(last, "decision_function"):
        return _Asked(outlier_outputs(False), lambda rows: [_flat(last.predict(rows))])
    return _Asked(outlier_outputs(), lambda rows: [_flat(last.predict(rows)), _flat(last.decision_function(rows))])


def _transformer(last: Any, probe: Any, model: Any) -> _Asked:
    given = _transformed(last, probe)
    kinds = _kinds(given)
    names = _names_out(model, given, len(kinds))
    columns = tuple(Column(f"out({name})", kind, nullable=True) for name, kind in zip(names, kinds, strict=True))
    return _Asked(columns, lambda rows: _split(_transformed(last, rows)))


def _transformed(last: Any, rows: Any) -> Any:
    """What it makes of rows; scikit-learn's sparse PCA (1.9) gives one row without its first axis."""
    given = last.transform(rows)
    if isinstance(given, np.ndarray) and given.ndim == 1 and len(rows) == 1:
        return given.reshape(1, -1)
    return given


def _split(values: Any) -> list[Array]:
    """Columns of a transformer's answer; those of a data frame keep their own types."""
    if hasattr(values, "iloc"):
        return [dense(values.iloc[:, i]) for i in range(values.shape[1])]
    return _columns(values)


def _kinds(given: Any) -> list[pa.DataType]:
    return [_kind(array) for array in _split(given)]


def _kind(array: Array) -> pa.DataType:
    if array.dtype.kind in "US":
        return pa.string()
    if array.dtype == object:
        return pa.string() if any(isinstance(item, str) for item in array) else pa.float64()
    if array.dtype.kind == "b":
        return pa.bool_()
    if array.dtype.kind in "iu":
        return pa.int64()
    return pa.float32() if array.dtype == np.float32 else pa.float64()


def _names_out(model: Any, given: Any, count: int) -> list[str]:
    """The transformer's own names of its columns, else those of its data frame, else `x0`, `x1` …"""
    try:
        names = [str(name) for name in model.get_feature_names_out()]
    except (AttributeError, ValueError, NotImplementedError, TypeError):
        names = [str(name) for name in getattr(given, "columns", ())]
    return names if len(names) == count else [f"x{i}" for i in range(count)]


_KINDS: dict[Task, Callable[[Any, Any, Any], _Asked]] = {
    Task.CLASSIFICATION: _classifier,
    Task.REGRESSION: _regressor,
    Task.CLUSTERING: _clusterer,
    Task.OUTLIERS: _outliers,
    Task.TRANSFORM: _transformer,
}
