"""One batch for sessions that name, order or type their inputs differently."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from modelport.errors import DataError
from modelport.signature import Column, Signature, matrix_inputs

Adapter = Callable[[pa.RecordBatch], pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Fit:
    """How a session's inputs are filled from the reference's.

    Attributes:
        adapt: a batch of the reference's inputs → one of the session's.
        absent: inputs of the session that the reference does not have; then it cannot be compared.
        notes: what was assumed.
    """

    adapt: Adapter
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def fit_inputs(reference: Signature, session: Signature, name: str) -> Fit:
    """How to feed a session from batches of the reference's inputs, by name (a bare matrix by position)."""
    if _plain(reference) == _plain(session):
        return Fit(lambda batch: batch)
    have = {column.name: i for i, column in enumerate(reference.inputs)}
    if not any(column.name in have for column in session.inputs) and _by_position(reference, session):
        note = f"{name}: its inputs are a bare matrix; they were filled in the reference's order of columns"
        return Fit(_adapter(list(range(len(session.inputs))), session), notes=(note,))
    absent = tuple(column.name for column in session.inputs if column.name not in have)
    if absent:
        return Fit(_nothing, absent)
    positions = [have[column.name] for column in session.inputs]
    return Fit(_adapter(positions, session), notes=_notes(reference, session, have, name))


def _plain(signature: Signature) -> list[tuple[str, pa.DataType]]:
    return [(column.name, column.type) for column in signature.inputs]


def _by_position(reference: Signature, session: Signature) -> bool:
    width = len(session.inputs)
    matrices = tuple(column.name for column in matrix_inputs(width))
    names = (
        tuple(column.name for column in session.inputs) == matrices,
        tuple(column.name for column in reference.inputs) == matrices,
    )
    return width == len(reference.inputs) and any(names)


def _notes(reference: Signature, session: Signature, have: Mapping[str, int], name: str) -> tuple[str, ...]:
    notes = []
    unused = [column.name for column in reference.inputs if column.name not in {c.name for c in session.inputs}]
    if unused:
        shown = ", ".join(unused[:5]) + (" …" if len(unused) > 5 else "")
        notes.append(f"{name}: does not take {len(unused)} of the reference's inputs ({shown})")
    narrowed = [c.name for c in session.inputs if _narrows(reference.inputs[have[c.name]].type, c.type)]
    if narrowed:
        notes.append(f"{name}: takes float32, so {len(narrowed)} input(s) were rounded to it")
    return tuple(notes)


def _narrows(have: pa.DataType, want: pa.DataType) -> bool:
    return bool(want.equals(pa.float32()) and have.equals(pa.float64()))


def _adapter(positions: list[int], session: Signature) -> Adapter:
    fields = pa.schema([pa.field(column.name, column.type, True) for column in session.inputs])

    def adapt(batch: pa.RecordBatch) -> pa.RecordBatch:
        arrays = [_column(batch.column(i), c) for i, c in zip(positions, session.inputs, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=fields)

    return adapt


def _column(values: pa.Array, column: Column) -> pa.Array:
    """A column in the session's type; float64 is rounded to float32, all else must keep its value."""
    if values.type.equals(column.type):
        return values
    narrow = _narrows(values.type, column.type)
    if pa.types.is_string(values.type) != pa.types.is_string(column.type):
        raise DataError(f"column {column.name!r} is {values.type} for the reference and {column.type} here")
    try:
        return pc.cast(values, column.type, safe=not narrow)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DataError(f"column {column.name!r} cannot become {column.type}: {error}", where=column.name) from error


def _nothing(batch: pa.RecordBatch) -> pa.RecordBatch:
    raise DataError("this model needs inputs that the reference does not have")
