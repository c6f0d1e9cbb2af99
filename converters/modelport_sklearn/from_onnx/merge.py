"""Neighbouring columns that steps of one kind take one by one, taken by one step together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from modelport_sklearn.from_onnx.rows import Part
from modelport_sklearn.from_onnx.steps.categories import rows_of
from modelport_sklearn.from_onnx.steps.impute import words


def merged(parts: Sequence[Part]) -> list[Part]:
    """The parts, neighbours of the same kind as one."""
    found: list[Part] = []
    for part in parts:
        together = _together(found[-1], part) if found else None
        if together is None:
            found.append(part)
        else:
            found[-1] = together
    return found


def _together(left: Part, right: Part) -> Part | None:
    kinds = [type(step).__name__ for step in left.steps]
    if not kinds or kinds != [type(step).__name__ for step in right.steps] or set(left.columns) & set(right.columns):
        return None
    if not all(kind in _RULES for kind in kinds):
        return None
    steps = [_RULES[kind](*pair) for kind, pair in zip(kinds, zip(left.steps, right.steps, strict=True), strict=True)]
    if any(step is None for step in steps):
        return None
    return Part((*left.columns, *right.columns), tuple(steps))


def _imputers(left: Any, right: Any) -> Any | None:
    """Of texts only: numbers travel side by side in a graph as they are."""
    statistics = (left.statistics_, right.statistics_)
    if any(values.dtype != object for values in statistics):
        return None
    return words([str(word) for values in statistics for word in values])


def _encoders(left: Any, right: Any) -> Any | None:
    """Ordinal encoders that treat unknown and missing values alike."""
    ours, theirs = ({**item.get_params(), "categories": None} for item in (left, right))
    if repr(ours) != repr(theirs):
        return None
    categories = [*left.categories, *right.categories]
    return type(left)(**{**left.get_params(), "categories": categories}).fit(rows_of(categories))


_RULES: Mapping[str, Callable[[Any, Any], Any | None]] = {"SimpleImputer": _imputers, "OrdinalEncoder": _encoders}
