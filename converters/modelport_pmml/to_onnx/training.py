"""Rows of a training table as the model sees its inputs: treated by the mining schema, and transformed.

They are computed while converting, by the graph that the same fields are compiled to.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.assemble import DEFAULT_IR
from modelport_onnx.nodes.write import build
from modelport_onnx.ops import op
from modelport_onnx.ort import load
from modelport_pmml.reader.element import Element
from modelport_pmml.to_onnx.literal import NUMERIC, parse
from modelport_pmml.to_onnx.scope import Graph, Scope
from modelport_pmml.to_onnx.value import any_invalid, is_missing, spelled

Floats = NDArray[np.float64]
Cells = Mapping[str, Sequence[str]]


def seen(name: str, columns: Cells, scope: Scope, where: Element) -> Floats | tuple[str, ...]:
    """The values of a field in every row of a training table: P numbers, or P texts.

    Raises:
        CannotConvert: a row has no value.
        InputError: a cell is no value of its field's type, or the field is declared nowhere.
    """
    inputs = {field: op.const(_raw(field, cells, scope, where)) for field, cells in columns.items()}
    count = len(next(iter(columns.values())))
    old = scope.graph
    graph = Graph(old.document, old.context, op.const(np.zeros((count, 1))), inputs, old.literals, old.functions)
    value = Scope(graph, scope.model).resolve(name, where)
    lost = [flag for flag in (is_missing(value), any_invalid([value])) if flag is not None]
    data = spelled(value) if value.is_text else value.data
    found, *gone = _computed([data, *lost])
    if any(flag.any() for flag in gone):
        raise where.refuse(f"training rows without a valid value of {name!r}, which evaluators refuse")
    cells = np.broadcast_to(found, (count, 1))[:, 0]
    return tuple(str(cell) for cell in cells) if value.is_text else cells.astype(np.float64)


def _raw(name: str, cells: Sequence[str], scope: Scope, where: Element) -> "NDArray[np.float64] | NDArray[np.str_]":
    """A column as the graph's input would be, [P, 1]."""
    field = scope.data_field(name)
    kind = (field.data_type if field else None) or "string"
    if kind in NUMERIC or kind == "boolean":
        return np.array([[parse(cell, kind, where)] for cell in cells])
    return np.array([[cell] for cell in cells], np.str_)


def _computed(values: list[Var]) -> list[NDArray[np.generic]]:
    names = [f"value_{i}" for i in range(len(values))]
    proto = build({}, dict(zip(names, values, strict=True)))
    proto.ir_version = DEFAULT_IR
    session = load(proto, 1)
    found: list[NDArray[np.generic]] = session.run(names, {})
    return found
