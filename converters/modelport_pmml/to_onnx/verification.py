"""ModelVerification: rows that a document itself says the answers of. They are run as a check of the conversion.

https://dmg.org/pmml/v4-4-1/ModelVerification.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

import onnx
import pyarrow as pa

from modelport.errors import CannotConvert, InputError
from modelport.signature import Column, Signature
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.results import VerificationField
from modelport_pmml.to_onnx.scope import TARGETS

Row = Mapping[str, str]
_MAIN = ("label", "prediction", "cluster")


def verify(model: Model, proto: onnx.ModelProto) -> int:
    """Runs the rows through the graph; how many there were.

    Raises:
        CannotConvert: an answer differs from the document's own by more than it allows.
    """
    check = model.verification
    if check is None or check.fields is None or check.table is None or not check.table.rows:
        return 0
    from modelport_onnx.ort import OrtSession

    session = OrtSession(proto, 1)
    rows = check.table.rows
    found = session.score(_batch(check.fields.fields, rows, session.signature, model))
    for field in check.fields.fields:
        name = _output(field.field, found.schema.names, model)
        if name is not None:
            _compare(field, rows, found.column(name).to_pylist(), model)
    return len(rows)


def examples(model: Model, signature: Signature) -> pa.RecordBatch | None:
    """The inputs of the rows, None where the document has none; a column they do not name is missing.

    Raises:
        InputError: a cell is no value of its column's type.
    """
    check = model.verification
    if check is None or check.fields is None or check.table is None or not check.table.rows:
        return None
    return _batch(check.fields.fields, check.table.rows, signature, model)


def _batch(
    fields: Sequence[VerificationField], rows: Sequence[Row], signature: Signature, model: Model
) -> pa.RecordBatch:
    arrays = [_column(column, fields, rows, model) for column in signature.inputs]
    schema = pa.schema([pa.field(column.name, column.type) for column in signature.inputs])
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cell(field: VerificationField, row: Row) -> str | None:
    return row.get((field.column or field.field).rpartition(":")[2])


def _column(column: Column, fields: Sequence[VerificationField], rows: Sequence[Row], model: Model) -> pa.Array:
    field = next((item for item in fields if item.field == column.name), None)
    cells = [None if field is None else _cell(field, row) for row in rows]
    try:
        return pa.array([None if not cell else _typed(cell, column.type) for cell in cells], column.type)
    except (ValueError, pa.ArrowInvalid) as error:
        raise InputError(f"a verification row has no {column.type} for {column.name!r}", where=str(model.at)) from error


def _typed(cell: str, kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return cell
    if pa.types.is_boolean(kind):
        return cell.strip().lower() in ("true", "1")
    return int(float(cell)) if pa.types.is_integer(kind) else float(cell)


def _output(name: str, have: Sequence[str], model: Model) -> str | None:
    targets = {item.name for item in model.mining_schema.fields if item.usage_type in TARGETS}
    if name in have:
        return name
    return next((item for item in have if item in _MAIN), None) if name in targets else None


def _compare(field: VerificationField, rows: Sequence[Row], answers: Sequence[Any], model: Model) -> None:
    for place, (row, answer) in enumerate(zip(rows, answers, strict=True)):
        wanted = _cell(field, row)
        if wanted and not _agrees(field, wanted, answer):
            raise CannotConvert(
                f"verification row {place + 1} says {field.field} is {wanted[:40]!r}, and the graph says {answer!r}",
                where=str(field.at),
                hint="the document was perhaps changed after its verification rows were written",
            )


def _agrees(field: VerificationField, wanted: str, answer: Any) -> bool:
    """Numbers within the relative precision, or both within the threshold of zero; the rest letter by letter."""
    if answer is None:
        return False
    try:
        number, got = float(wanted), float(answer)
    except (TypeError, ValueError):
        return str(answer) == wanted or (isinstance(answer, bool) and str(answer).lower() == wanted.lower())
    if abs(number) <= field.zero_threshold and abs(got) <= field.zero_threshold:
        return True
    return abs(got - number) <= field.precision * abs(number)
