"""Columns that an estimator treats alike where a value is missing, so that one of them speaks for all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modelport_sklearn import anatomy

Steps = tuple[Any, ...]

_HAND_ON = (
    "MaxAbsScaler",
    "MinMaxScaler",
    "PowerTransformer",
    "QuantileTransformer",
    "RobustScaler",
    "StandardScaler",
)
"""Transformers that keep every column, and what is missing in it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some input columns.

    Attributes:
        columns: their positions.
        alike: whether a missing value in any one of them is refused if it is in another.
    """

    columns: tuple[int, ...]
    alike: bool


def groups(model: Any, width: int) -> list[Group]:
    """All input columns: those of each branch of a leading ColumnTransformer together, else all together."""
    from sklearn.compose import ColumnTransformer

    chain = anatomy.chain(model)
    steps = (*chain.steps, chain.last)
    if type(steps[0]) is ColumnTransformer:
        return list(_branches(steps[0], steps[1:], width))
    return [Group(tuple(range(width)), _strict(steps))]


def _branches(branching: Any, following: Steps, width: int) -> Iterator[Group]:
    """A group a branch; columns that several branches read, or none, are a group that tells nothing."""
    read = branching._transformer_to_input_indices
    times = Counter(int(i) for name, _, _ in branching.transformers_ for i in read.get(name, ()))
    for name, part, _ in branching.transformers_:
        columns = tuple(int(i) for i in read.get(name, ()) if times[int(i)] == 1)
        if columns:
            yield Group(columns, _strict((*_steps(part), *following)))
    rest = tuple(i for i in range(width) if times[i] != 1)
    if rest:
        yield Group(rest, False)


def _steps(part: Any) -> Steps:
    """The steps of a branch; none where it hands its columns on (`FunctionTransformer` without a function)."""
    if isinstance(part, str) or (type(part).__name__ == "FunctionTransformer" and part.func is None):
        return ()
    chain = anatomy.chain(part)
    return (*chain.steps, chain.last)


def _strict(steps: Steps) -> bool:
    """Whether the columns stay as they are up to a step that refuses an array with any missing value."""
    for step in steps:
        if type(step).__name__ not in _HAND_ON or not _is_own(step):
            return _refuses(step)
    return False


def _refuses(estimator: Any) -> bool:
    """Whether it is one of scikit-learn's own that refuse an array with any missing value.

    So says its tag `allow_nan`, which scikit-learn's `check_estimators_nan_inf` holds every estimator to. A
    meta-estimator's tag says it of its parts, which may read different columns; such are left out.
    """
    from sklearn.utils import get_tags

    if not _is_own(estimator) or not hasattr(estimator, "get_params"):
        return False
    if any(_holds_estimators(value) for value in estimator.get_params(deep=False).values()):
        return False
    return not get_tags(estimator).input_tags.allow_nan


def _is_own(estimator: Any) -> bool:
    return type(estimator).__module__.startswith("sklearn.")


def _holds_estimators(value: Any) -> bool:
    return hasattr(value, "fit") or (isinstance(value, list | tuple | dict) and len(value) > 0)
