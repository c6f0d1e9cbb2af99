"""The signature of a fitted estimator: names, types, where missing values may stand, and what comes out.

Types come from sample rows where there are some, else from what the estimator keeps (categories, fills, or that it
takes nothing but numbers). Whether a column may be missing, and how wide the answers are, is not read off parameters:
the estimator is asked, with one probe row.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from modelport.errors import DataError
from modelport.signature import Column, Signature, matrix_inputs
from modelport_sklearn import anatomy
from modelport_sklearn.alike import Group, groups
from modelport_sklearn.answers import Answers, answers
from modelport_sklearn.feeding import NAN, Feeding
from modelport_sklearn.knowledge import Known, knowledge
from modelport_sklearn.quiet import quiet

TRIED = 1_000_000
"""Cells of the rows with which an estimator is asked about missing values: some 700 columns one by one."""

PROBES = (1.0, 0.0, 0.5, 10.0)
"""What numbers of a made-up row may be; the first that the estimator accepts is taken."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that scoring needs to know of an estimator."""

    signature: Signature
    feeding: Feeding
    answers: Answers


def signature(model: Any, sample: pa.RecordBatch | None = None, hint: Signature | None = None) -> Signature:
    """The signature of a fitted estimator.

    Args:
        sample: rows as the model takes them; they tell types and text from numbers.
        hint: another artifact's signature, whose input types are taken where there is no sample.

    Raises:
        NotFitted: it was never fitted.
        DataError: nothing tells a column's type, or the sample does not fit.
        CannotConvert: it has nothing to say about new rows, or takes no table.
    """
    return reading(model, sample, hint).signature


def reading(model: Any, sample: pa.RecordBatch | None = None, hint: Signature | None = None) -> Reading:
    """A signature together with how batches go in and answers come out; raises as `signature` does."""
    anatomy.check_fitted(model)
    anatomy.task(anatomy.inner(model))
    columns, known = _columns(model, sample, hint)
    feeding = _feeding(model, columns, known)
    with quiet():
        probe, found = _ask(model, feeding, known, sample)
        nullable = frozenset(_nullable(model, found, feeding, probe))
    inputs = tuple(replace(column, nullable=column.name in nullable) for column in columns)
    signature = Signature(inputs, found.columns, found.task, found.classes)
    return Reading(signature, replace(feeding, columns=inputs), found)


# Columns ------------------------------------------------------------------------------------------


def _columns(
    model: Any, sample: pa.RecordBatch | None, hint: Signature | None
) -> tuple[tuple[Column, ...], list[Known]]:
    names = _names(model, sample, hint)
    known = knowledge(model, len(names))
    given = {**_given(names, None, _carried(model)), **_given(names, sample, hint)}
    columns = tuple(
        Column(name, _type(name, given.get(name), about, sample), categories=about.categories)
        for name, about in zip(names, known, strict=True)
    )
    return _fitting(columns), known


def _fitting(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Categories only where they are of the column's type: numbers read as floats may have been fitted as integers."""
    return tuple(
        replace(column, categories=None)
        if column.categories is not None
        and pa.types.is_string(column.type) != all(isinstance(value, str) for value in column.categories)
        else column
        for column in columns
    )


def _names(model: Any, sample: pa.RecordBatch | None, hint: Signature | None) -> tuple[str, ...]:
    """The model's own names, else `x0`, `x1` …; a model of texts has one column, called what the sample calls it."""
    if anatomy.takes(model) is anatomy.Takes.TEXTS:
        if sample is not None and sample.num_columns == 1:
            return tuple(sample.schema.names)
        return (hint.inputs[0].name,) if hint is not None and len(hint.inputs) == 1 else ("text",)
    names = anatomy.feature_names(model)
    if names is not None:
        return _spaced(names, sample)
    count = anatomy.width(model)
    if count is None and sample is not None:
        count = sample.num_columns
    if count is None and hint is not None:
        count = len(hint.inputs)
    if count is None:
        raise DataError(
            "this estimator does not say how many columns it takes",
            where=type(model).__name__,
            hint="give sample rows: --data FILE",
        )
    return tuple(column.name for column in matrix_inputs(count))


def _spaced(names: tuple[str, ...], sample: pa.RecordBatch | None) -> tuple[str, ...]:
    """LightGBM keeps names with `_` for every blank; the sample's own names are taken where they differ only so."""
    if sample is None:
        return names
    given = dict.fromkeys(sample.schema.names)
    own = {name.replace(" ", "_"): name for name in given}
    return tuple(name if name in given else own.get(name, name) for name in names)


def _given(names: tuple[str, ...], sample: pa.RecordBatch | None, hint: Signature | None) -> dict[str, pa.DataType]:
    """Types that rows or another artifact tell, by name; by position where a bare matrix has other names."""
    if sample is not None:
        return _by_name(names, [(field.name, field.type) for field in sample.schema])
    if hint is not None:
        return _by_name(names, [(column.name, column.type) for column in hint.inputs])
    return {}


def _carried(model: Any) -> Signature | None:
    """The signature of an estimator that carries a graph."""
    found = getattr(model, "signature_", None)
    return found if isinstance(found, Signature) else None


def _by_name(names: tuple[str, ...], given: Sequence[tuple[str, pa.DataType]]) -> dict[str, pa.DataType]:
    if len(given) == len(names) and not set(names) & {name for name, _ in given}:
        return {name: kind for name, (_, kind) in zip(names, given, strict=True)}
    return dict(given)


def _type(name: str, given: pa.DataType | None, known: Known, sample: pa.RecordBatch | None) -> pa.DataType:
    told = None if given is None else _plain(name, given)
    if told is not None:
        return told
    if known.type is None and given is None and sample is not None:
        raise DataError(
            f"the sample rows have no column {name!r}, which the model takes, and nothing else tells its type",
            where=name,
            hint="give rows with every column that the model was fitted on",
        )
    if known.type is None:
        raise DataError(
            f"nothing in the model tells the type of column {name!r}",
            where=name,
            hint="give sample rows: --data FILE",
        )
    return known.type


def _plain(name: str, kind: pa.DataType) -> pa.DataType | None:
    """The column type for an Arrow type; None for a column of nothing but nulls."""
    if pa.types.is_dictionary(kind):
        return _plain(name, kind.value_type)
    if pa.types.is_null(kind):
        return None
    if pa.types.is_boolean(kind):
        return pa.bool_()
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    raise DataError(
        f"column {name!r} is {kind}, which no model here takes", where=name, hint="make it numbers, text or booleans"
    )


def _feeding(model: Any, columns: tuple[Column, ...], known: Sequence[Known]) -> Feeding:
    pairs = list(zip(columns, known, strict=True))
    return Feeding(
        anatomy.takes(model),
        columns,
        {column.name: None for column, about in pairs if about.none_is_missing},
        {column.name: about.pandas for column, about in pairs if about.pandas is not None},
    )


# Asking the estimator -----------------------------------------------------------------------------


def _ask(
    model: Any, feeding: Feeding, known: Sequence[Known], sample: pa.RecordBatch | None
) -> tuple[pa.RecordBatch, Answers]:
    """The first probe row that the estimator accepts, and its answers."""
    reason: Exception | None = None
    for probe in _probes(feeding, known, sample):
        try:
            return probe, answers(model, feeding.rows(probe))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, FloatingPointError) as error:
            reason = reason or error
    told = str(reason).splitlines()[0] if str(reason) else type(reason).__name__
    hint = "check that the rows are those it was fitted on" if sample is not None else "give sample rows: --data FILE"
    raise DataError(f"the estimator does not score a row: {told}", where=type(model).__name__, hint=hint) from reason


def _probes(feeding: Feeding, known: Sequence[Known], sample: pa.RecordBatch | None) -> Iterator[pa.RecordBatch]:
    if sample is not None and sample.num_rows:
        yield from _from_sample(feeding, sample)
    for number in PROBES:
        arrays = [_made_up(column, about, number) for column, about in zip(feeding.columns, known, strict=True)]
        yield _batch(feeding.columns, arrays)


def _from_sample(feeding: Feeding, sample: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The sample's first whole row; then its first row, nulls and all."""
    from modelport.data import fit_column

    names = [column.name for column in feeding.columns]
    if set(names) <= set(sample.schema.names):
        picked = [sample.column(name) for name in names]
    elif sample.num_columns == len(names):
        picked = list(sample.columns)
    else:
        return
    arrays = [fit_column(values, column) for values, column in zip(picked, feeding.columns, strict=True)]
    whole = next((i for i in range(sample.num_rows) if all(array[i].is_valid for array in arrays)), None)
    for row in dict.fromkeys(i for i in (whole, 0) if i is not None):
        yield _batch(feeding.columns, [array.slice(row, 1) for array in arrays])


def _made_up(column: Column, known: Known, number: float) -> pa.Array:
    if known.categories:
        value: Any = known.categories[0]
        if not pa.types.is_string(column.type) or isinstance(value, str):
            return pa.array([value]).cast(column.type)
    if pa.types.is_string(column.type):
        return pa.array(["a"])
    if pa.types.is_boolean(column.type):
        return pa.array([number >= 1.0])
    return pa.array([number]).cast(column.type, safe=False)


def _batch(columns: Sequence[Column], arrays: Sequence[pa.Array]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(list(arrays), names=[column.name for column in columns])


def _nullable(model: Any, found: Answers, feeding: Feeding, probe: pa.RecordBatch) -> Iterator[str]:
    """Names of the columns that may be missing: those with which the estimator still answers.

    Halves of the columns are tried together, so that a model that takes missing values anywhere, or nowhere but in
    a few columns, costs few calls; and one column is tried of those that it treats alike. Of columns by the thousand
    that it treats each in its own way only as many are tried as `TRIED` allows; the others count as never missing,
    so that a row without one is refused.
    """
    if feeding.takes is anatomy.Takes.TEXTS:
        return
    asked = _Without(found, feeding, probe)
    waiting = deque(groups(model, probe.num_columns))
    while waiting and asked.cells < TRIED:
        group = waiting.popleft()
        if asked.answers(group.columns):
            yield from (feeding.columns[i].name for i in group.columns)
        elif len(group.columns) > 1 and not (group.alike and not asked.answers(group.columns[:1])):
            middle = len(group.columns) // 2
            waiting += [Group(half, False) for half in (group.columns[:middle], group.columns[middle:])]


class _Without:
    """Whether an estimator answers a row of which some columns are missing."""

    def __init__(self, found: Answers, feeding: Feeding, probe: pa.RecordBatch) -> None:
        self._found = found
        self._feeding = replace(feeding, columns=tuple(replace(c, nullable=True) for c in feeding.columns))
        gone = _batch(feeding.columns, [pa.nulls(1, column.type) for column in feeding.columns])
        self._there, self._gone = self._feeding.arrays(probe), self._feeding.arrays(gone)
        self.cells = 0

    def answers(self, columns: Sequence[int]) -> bool:
        arrays = list(self._there)
        for i in columns:
            arrays[i] = self._gone[i]
        self.cells += len(arrays)
        try:
            self._found.produce(self._feeding.assembled(arrays))
        except Exception:  # whatever a foreign estimator raises about a missing value, it does not take one
            return False
        return True


__all__ = ["NAN", "Reading", "reading", "signature"]
