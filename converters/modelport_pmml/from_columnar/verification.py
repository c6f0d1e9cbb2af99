"""Golden rows: a ModelVerification block, with which any evaluator can check itself against the graph.

The rows are numbers, categories and a missing value as the signature allows them, seeded, and scored by onnxruntime,
not by what was written. Trees so many that onnxruntime would need as much memory as the whole document are scored by
walking them, as the operator is defined.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import pyarrow as pa

from modelport.artifacts import artifact
from modelport.errors import ModelportError
from modelport.signature import Column, Signature
from modelport_columnar.evaluate import DTYPES, evaluate
from modelport_columnar.execute import Columns
from modelport_columnar.expression import Kind, reachable
from modelport_columnar.values import Array
from modelport_pmml.from_columnar.elements import value_text
from modelport_pmml.from_columnar.markup import content, number, tag

MOST = 5
"""Golden rows a document holds, at most; one at least."""

CELLS = 32
"""Cells the rows have together, about: evaluators read each as an element of its own, which takes them longer than a
small model itself does."""

MANY = 1 << 16
"""Branching nodes from which on trees are walked instead of scored by onnxruntime."""

SHORT = re.compile(r"(?!(?i:xml))[A-Za-z_][A-Za-z0-9_]{0,3}")
"""Names of fields that name their column, too: so short that this takes less room than saying another name."""

PRECISION = 1e-9
"""Relative precision that is asked of an evaluator."""


def verification(source: onnx.ModelProto, columns: Columns, signature: Signature, seed: int = 0) -> str:
    """The block, or nothing where these rows have no answers."""
    rows = golden_rows(signature, seed)
    try:
        scored = walked(columns, rows) if _mostly_trees(columns) else _scored(source, rows)
    except ModelportError:
        return ""
    return block(rows, scored, signature.inputs, signature.outputs)


def _scored(source: onnx.ModelProto, rows: pa.RecordBatch) -> Sequence[pa.Array]:
    from modelport_onnx.ort import open_session

    columns: Sequence[pa.Array] = open_session(artifact(source), None).score(rows).columns
    return columns


def _mostly_trees(columns: Columns) -> bool:
    nodes = list(reachable(columns.outputs))
    return sum(len(node.data.split) for node in nodes if node.op == "trees") > max(MANY, 10 * len(nodes))


def walked(columns: Columns, rows: pa.RecordBatch) -> list[pa.Array]:
    """The outputs for rows, expression by expression."""
    inputs = {expr.data: _numbers(rows.column(expr.data), expr.kind) for expr in columns.inputs}
    found = evaluate(columns.outputs, inputs)
    return [pa.array(values.tolist(), c.type) for values, c in zip(found, columns.signature.outputs, strict=True)]


def _numbers(values: pa.Array, kind: Kind) -> Array:
    """A column as the graph takes it: NaN or the empty text where it is missing."""
    gone = "" if kind is Kind.TEXT else float("nan")
    return np.array([gone if value is None else value for value in values.to_pylist()], DTYPES[kind])


def golden_rows(signature: Signature, seed: int = 0) -> pa.RecordBatch:
    """A few rows within the types of the signature: categories it knows, numbers, and a missing value."""
    rng = np.random.default_rng(seed)
    hole = next((column.name for column in signature.inputs if column.nullable), None)
    hole = hole if len(signature.inputs) > 1 else None  # the schema wants two cells in every row
    count = min(max(CELLS // (len(signature.inputs) + len(signature.outputs)), 1), MOST)
    arrays = [_column(column, rng, count > 1 and column.name == hole, count) for column in signature.inputs]
    return pa.RecordBatch.from_arrays(arrays, schema=signature.input_schema)


def _column(column: Column, rng: np.random.Generator, hole: bool, count: int) -> pa.Array:
    values: list[Any]
    if column.categories:
        values = [column.categories[int(i)] for i in rng.integers(0, len(column.categories), count)]
    elif pa.types.is_string(column.type):
        values = ["a"] * count
    elif pa.types.is_boolean(column.type):
        values = (rng.random(count) < 0.5).tolist()
    elif pa.types.is_integer(column.type):
        values = rng.integers(0, 10, count).tolist()
    else:
        values = np.round(rng.normal(0, 2, count), 3).tolist()
    if hole:
        values[-1] = None
    return pa.array(values, column.type)


def block(rows: pa.RecordBatch, scored: Sequence[pa.Array], inputs: Sequence[Column], outputs: Sequence[Column]) -> str:
    """The element."""
    columns = [*inputs, *outputs]
    places = _places([column.name for column in columns])
    fields = [_field(column, place, column in outputs) for column, place in zip(columns, places, strict=True)]
    batches = [*(rows.column(c.name) for c in inputs), *scored]
    lines = [
        tag("row", (), [_cell(place, values[row].as_py()) for place, values in zip(places, batches, strict=True)])
        for row in range(rows.num_rows)
    ]
    inside = tag("VerificationFields", (), fields) + tag("InlineTable", (), lines)
    return tag("ModelVerification", [("recordCount", rows.num_rows), ("fieldCount", len(fields))], inside)


def _places(names: Sequence[str]) -> list[str]:
    """Columns of the table: `_0`, `_1` …, for names of fields need be no XML names; a short one that is, itself."""
    taken = set(names)
    return [name if SHORT.fullmatch(name) else _unused(f"_{i}", taken) for i, name in enumerate(names)]


def _unused(place: str, taken: set[str]) -> str:
    return place if place not in taken else _unused(f"_{place}", taken)


def _field(column: Column, place: str, checked: bool) -> str:
    """What one column of the table holds; its name is left out where it is the field's own, which is the default."""
    precision = number(PRECISION) if checked and pa.types.is_floating(column.type) else None
    other = None if place == column.name else place
    attributes = [("field", column.name), ("column", other), ("precision", precision), ("zeroThreshold", precision)]
    return tag("VerificationField", attributes)


def _cell(name: str, value: Any) -> str:
    """A value; a missing one is left out."""
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return tag(name, (), content(value))
    return tag(name, (), value_text(value) if isinstance(value, bool) else number(value))
