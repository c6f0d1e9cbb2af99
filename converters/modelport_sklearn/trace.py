"""Trace: what each step of a fitted model gives, for bisection to the step."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from modelport.parity.steps import Traced
from modelport_sklearn import anatomy

_SEPARATOR = " › "


def trace(model: Any, rows: Any) -> list[Traced]:
    """Every transformer inside pipelines, column transformers and feature unions, in the order they run; the
    predictor last, without values.

    Args:
        rows: as the model was fitted on.
    """
    steps = list(_steps(model, rows, (), ()))
    return [*steps, Traced(_SEPARATOR.join(_last(model)), inputs=_end(steps, ()))]


def _last(model: Any) -> tuple[str, ...]:
    model = anatomy.inner(model)
    if hasattr(model, "steps"):
        name, step = model.steps[-1]
        return (name, *_last(step)) if hasattr(step, "steps") else (name, type(step).__name__)
    return (type(model).__name__,)


def _end(steps: Sequence[Traced], before: tuple[str, ...]) -> tuple[str, ...]:
    """What comes out of some steps: the last of them; if there are none, what went in."""
    return (steps[-1].step,) if steps else before


def _steps(model: Any, rows: Any, path: tuple[str, ...], before: tuple[str, ...]) -> Iterator[Traced]:
    """
    Args:
        before: the steps whose output `rows` is.
    """
    model = anatomy.inner(model)
    if hasattr(model, "steps"):
        for name, step in model.steps:
            inside = list(_steps(step, rows, (*path, name), before))
            yield from inside
            before = _end(inside, before)
            if step not in (None, "passthrough") and hasattr(step, "transform"):
                rows = step.transform(rows)
    elif hasattr(model, "transformers_"):
        yield from _branches(model, rows, path, before, _selected(model, rows))
    elif hasattr(model, "transformer_list"):
        yield from _branches(model, rows, path, before, [(name, part, rows) for name, part in model.transformer_list])
    elif hasattr(model, "transform") and not hasattr(model, "predict"):
        yield _given(model, rows, path, before)


def _selected(model: Any, rows: Any) -> list[tuple[str, Any, Any]]:
    from sklearn.utils import _safe_indexing

    return [(name, part, _safe_indexing(rows, columns, axis=1)) for name, part, columns in model.transformers_]


def _branches(
    model: Any, rows: Any, path: tuple[str, ...], before: tuple[str, ...], branches: Sequence[tuple[str, Any, Any]]
) -> Iterator[Traced]:
    """Steps side by side, then what they give together."""
    ends: tuple[str, ...] = ()
    for name, part, own in branches:
        if not isinstance(part, str):
            inside = list(_steps(part, own, (*path, name), before))
            yield from inside
            ends += _end(inside, before)
    yield _given(model, rows, path, ends)


def _given(model: Any, rows: Any, path: tuple[str, ...], before: tuple[str, ...]) -> Traced:
    """What a transformer gives, column by column."""
    values = model.transform(rows)
    values = values.toarray() if hasattr(values, "toarray") else np.asarray(values)
    matrix = values.reshape(len(values), -1)
    names = _names(model, matrix.shape[1])
    columns = tuple(matrix[:, i] for i in range(matrix.shape[1]))
    return Traced(_SEPARATOR.join((*path, type(model).__name__)), names, columns, before)


def _names(model: Any, width: int) -> tuple[str, ...]:
    try:
        names = tuple(str(name) for name in model.get_feature_names_out())
    except Exception:
        names = ()
    return names if len(names) == width else tuple(str(i) for i in range(width))
