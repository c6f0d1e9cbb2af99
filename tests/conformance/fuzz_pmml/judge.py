"""A document and rows, scored by JPMML and by the compiler: do they agree on every row?"""

import math
import re
from collections.abc import Set
from fractions import Fraction
from typing import Any

import pyarrow as pa

from modelport.conversion import Context
from modelport.errors import CannotConvert
from modelport.signature import Signature
from modelport_onnx.ort import OrtSession
from modelport_pmml.reader.read import read
from modelport_pmml.to_onnx.convert import compile_document
from tests.conformance.fuzz_pmml.frame import Row
from tests.conformance.fuzz_pmml.oracle import Refused, scores

OWN = (
    "org.jpmml.model.",
    "Categorical value cannot be used in comparison",
    "No common",
    "MissingFieldException",
    "is not defined",
    "No PMML data type",
    "NumberFormatException",
    "NotImplementedException",
    "java.lang.UnsupportedOperationException",
)
"""What JPMML says of a document rather than of a row, and only once a row gets there."""

MAIN = {"target": ("label", "prediction", "cluster"), "": ("cluster",)}


def ours(text: str, rows: list[Row]) -> list[Row]:
    """What the compiler answers, row by row."""
    session = OrtSession(compile_document(read(text.encode()), Context(Signature(()))), 1)
    columns = session.signature.inputs
    arrays = [pa.array([row[column.name] for row in rows], column.type) for column in columns]
    schema = pa.schema([pa.field(column.name, column.type) for column in columns])
    found: list[Row] = session.score(pa.RecordBatch.from_arrays(arrays, schema=schema)).to_pylist()
    return found


def close(got: Any, wanted: Any, narrow: bool) -> bool:
    """Equal; numbers within 1e-9, or one float32 step where the document computes in float."""
    if wanted in (None, "") or (isinstance(wanted, float) and math.isnan(wanted)):
        return got in (None, "") or (isinstance(got, float) and math.isnan(got))
    if isinstance(got, int | float) and isinstance(wanted, float) and not isinstance(got, bool):
        allowed = 2.0**-23 * abs(wanted) + 1e-37 if narrow else 1e-9 * max(1.0, abs(wanted))
        return got == wanted or abs(got - wanted) <= allowed
    return str(got) == str(wanted)


def missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def row_disagreement(got: Row, wanted: Row | str, narrow: bool, outputs: Set[str] = frozenset()) -> str | None:
    """Where JPMML refuses a row, an output of ours must be missing.

    Where it answers NaN, which only arithmetic with infinite numbers gives, so must ours; what it goes on to make of
    a NaN (that one is above all numbers, say) is not looked at. Nor is a label among equals but for rounding.

    Args:
        outputs: fields that JPMML may leave out of a row, which are missing there.
    """
    if isinstance(wanted, str):
        if any(item in wanted for item in OWN):
            return None
        return None if any(missing(value) for value in got.values()) else f"JPMML refuses: {wanted}"
    if any(isinstance(value, float) and math.isnan(value) for value in wanted.values()):
        return None if any(missing(value) for value in got.values()) else f"JPMML answers NaN: {wanted}"
    if tied(got):
        return None
    known = {item for field in wanted for item in (field, *MAIN.get(field, ()))}
    for field in outputs - known:  # left out of the row: it has none
        if field in got and not close(got[field], None, narrow):
            return f"{field}: {got[field]!r}, where JPMML has none"
    for field, value in wanted.items():
        name = next((item for item in (field, *MAIN.get(field, ())) if item in got), None)
        if name is not None and not close(got[name], value, narrow):
            return f"{field}: {got[name]!r}, not {value!r}"
    return None


def tied(got: Row) -> bool:
    """Whether the two highest probabilities differ by rounding alone; equal ones that are simple fractions do not."""
    shares = [value for name, value in got.items() if name.startswith("probability(") and not missing(value)]
    if len(shares) < 2 or any(math.isinf(value) for value in shares):
        return False
    second, first = sorted(shares)[-2:]
    simple = abs(float(Fraction(first).limit_denominator(1000)) - first) < 1e-15
    return bool(first - second < 1e-13 * max(1.0, abs(first))) and not (first == second and simple)


def disagreement(text: str, rows: list[Row]) -> str | None:
    """None where all rows agree, else what differs first.

    Raises:
        CannotConvert: the compiler refuses the document.
        Refused: JPMML does.
    """
    try:
        found = ours(text, rows)
    except CannotConvert:
        raise
    narrow = 'x-mathContext="float"' in text
    outputs = set(re.findall(r'<OutputField name="([^"]*)"', text))
    left_out = outputs - set(found[0])
    for row, got, wanted in zip(rows, found, scores(text, rows), strict=True):
        if left_out and isinstance(wanted, str):  # it may be about an output field that has no exact form
            continue
        why = row_disagreement(got, wanted, narrow, outputs)
        if why is not None:
            return f"{why}; row {row}; ours {got}; JPMML {wanted}"
    return None


__all__ = ["Refused", "disagreement", "ours"]
