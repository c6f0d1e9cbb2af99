"""MapValues: a lookup in an inline table. https://dmg.org/pmml/v4-4-1/Transformations.html#mapvalues"""

from collections.abc import Mapping

import numpy as np
from spox import Var

from modelport_onnx.ops import ml5 as ml
from modelport_onnx.ops import op
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.transformations import MapValues
from modelport_pmml.to_onnx.expression import cast
from modelport_pmml.to_onnx.literal import attempt
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, any_missing, in_turn

MAX_TABLE = 1 << 22
"""Cells of the combined lookup table."""


def map_values(element: MapValues, scope: Scope) -> Value:
    """The output column of the first row whose cells equal the fields, which are looked at up to a missing one."""
    if element.table is None:
        raise element.refuse("MapValues reads a table outside the document", "write it as an InlineTable")
    if not element.pairs:
        raise element.bad("MapValues needs a FieldColumnPair")
    values = [scope.resolve(pair.field, pair) for pair in element.pairs]
    rows = [row for row in element.table.rows if element.output_cell in row]
    cells = [tuple(dict.fromkeys(row[pair.cell] for row in rows if pair.cell in row)) for pair in element.pairs]
    sizes = [len(items) + 1 for items in cells]
    if np.prod([float(size) for size in sizes]) > MAX_TABLE:
        raise element.refuse(f"the combined table of {len(sizes)} columns has more than {MAX_TABLE} cells")
    listed = [*(row[element.output_cell] for row in rows), element.default_value, element.map_missing_to]
    words = tuple(dict.fromkeys(word for word in listed if word is not None))
    codes = _codes(element, rows, cells, words)
    place = _place([positions(value, items, element) for value, items in zip(values, cells, strict=True)], sizes)
    data = op.gather(op.const(codes), place)
    gone = any_missing(values)
    if gone is not None:
        other = _code(words, element.map_missing_to)
        data = op.where(gone, op.const(np.array([[other]], np.int64)), data)
    nullable = bool((codes == len(words) + 1).any()) or (gone is not None and element.map_missing_to is None)
    invalid = in_turn((value, True) for value in values)[1]
    found = Value(data, "string", nullable, invalid, words, optype="categorical")
    return cast(found, element.data_type or "string", element)


def _code(words: tuple[str, ...], word: str | None) -> int:
    return len(words) + 1 if word is None else words.index(word)


def _codes(
    element: MapValues, rows: list[Mapping[str, str]], cells: list[tuple[str, ...]], words: tuple[str, ...]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Flat table: the output's code for each combination of cell positions."""
    full = np.full([len(items) + 1 for items in cells], _code(words, element.default_value), np.int64)
    at = [{word: i for i, word in enumerate(items)} for items in cells]
    for row in reversed(rows):
        if all(pair.cell in row for pair in element.pairs):
            full[tuple(at[k][row[pair.cell]] for k, pair in enumerate(element.pairs))] = _code(
                words, row[element.output_cell]
            )
    return full.reshape(-1)


def _place(parts: list[Var], sizes: list[int]) -> Var:
    """Positions combined into one index."""
    place = parts[0]
    for part, size in zip(parts[1:], sizes[1:], strict=True):
        place = op.add(op.mul(place, op.const(np.array(size, np.int64))), part)
    return place


def positions(value: Value, cells: tuple[str, ...], where: Element) -> Var:
    """[N, 1] int64: the position of the cell that equals the value; `len(cells)` where none does."""
    none = len(cells)
    if value.is_text:
        if value.raw is not None and not set(cells) <= set(value.words or ()):
            keys = list(cells) or [" "]
            return ml.label_encoder(value.raw, keys_strings=keys, values_int64s=list(range(len(keys))),
                                    default_int64=none)  # fmt: skip
        at = {word: i for i, word in enumerate(cells)}
        codes = [*(at.get(word, none) for word in value.words or ()), none, none]
        return op.gather(op.const(np.array(codes, np.int64)), value.data)
    known: dict[float, int] = {}
    for i, word in enumerate(cells):
        found = attempt(word, value.type, where)
        if found is not None:
            known.setdefault(found, i)
    place: Var = op.const(np.array([[none]], np.int64))
    if len(known) > 8:
        found_at = ml.label_encoder(
            value.data, keys_tensor=np.array(list(known), np.float64),
            values_tensor=np.array(list(known.values()), np.float64), default_tensor=np.array([none], np.float64),
        )  # fmt: skip
        return op.cast(found_at, to=np.int64)
    for cell, i in known.items():
        place = op.where(op.equal(value.data, op.const(np.array([[cell]]))), op.const(np.array([[i]], np.int64)), place)
    return place
