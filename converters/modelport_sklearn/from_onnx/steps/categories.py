"""Categories looked up in a list: what encoders have in common."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import TensorProto, numpy_helper

from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect


@dataclass(frozen=True)
class Looked:
    """A column that is looked up.

    Attributes:
        column: the tensor [N, 1].
        categories: as an encoder's `categories`, missing ones as NaN.
        missing: the position of the missing category.
        table: what each position gives, and after them perhaps what everything else gives.
    """

    column: str
    categories: Array
    missing: int | None
    table: Array

    @property
    def known(self) -> Array:
        return self.table[: len(self.categories)]

    @property
    def unknown(self) -> Any | None:
        """What an unknown value gives; None where it stops the graph."""
        return self.table[-1] if len(self.table) > len(self.categories) else None


def looked_up(graph: Graph, name: str) -> Looked:
    """A tensor [N, 1] that a table gives for the positions of a column's values."""
    node = graph.node(name, "Gather")
    table = graph.constant(node.input[0])
    expect(table.ndim == 1)
    name, missing = graph.plain(node.input[1]), None
    if graph.op(name) == "Where":
        where = graph.node(name, "Where")
        graph.node(where.input[0], "IsNaN")
        missing, name = int(graph.constant(where.input[1]).ravel()[0]), graph.plain(where.input[2])
    encoder = graph.node(name, "LabelEncoder")
    keys, places, default = _entries(graph.attributes(encoder))
    column = graph.uncast(encoder.input[0], TensorProto.DOUBLE, TensorProto.INT64)
    text = len(keys) > 0 and isinstance(keys[0], str)
    if text and "" in keys:
        at = keys.index("")
        missing = int(places[at])
        keys, places = keys[:at] + keys[at + 1 :], places[:at] + places[at + 1 :]
    return Looked(column, _ordered(keys, places, missing, default, text), missing, table)


def _ordered(keys: list[Any], places: list[int], missing: int | None, count: int, text: bool) -> Array:
    """Categories by position."""
    expect(count < 1 << 20 and all(0 <= place < count for place in places), "positions that are none")
    found: list[Any] = [None] * count
    for key, place in zip(keys, places, strict=True):
        found[place] = key
    if missing is not None:
        found[missing] = float("nan")
    expect(all(value is not None for value in found), "positions without a category")
    return np.array(found, object) if text else np.array(found)


def _entries(settings: dict[str, Any]) -> tuple[list[Any], list[int], int]:
    """Keys, positions, and the position of everything else."""
    if "keys_strings" in settings:
        keys: list[Any] = [key.decode() for key in settings["keys_strings"]]
    elif "keys_tensor" in settings:
        array = numpy_helper.to_array(settings["keys_tensor"])
        keys = array.ravel().tolist()
    elif "keys_int64s" in settings:
        keys = list(settings["keys_int64s"])
    else:
        raise NoMatch("keys of float32")
    if "values_tensor" in settings:
        places = numpy_helper.to_array(settings["values_tensor"]).ravel().tolist()
        default = int(numpy_helper.to_array(settings["default_tensor"]).ravel()[0])
    else:
        places, default = list(settings["values_int64s"]), int(settings.get("default_int64", -1))
    return keys, places, default


def rows_of(categories: list[Array], count: int = 1) -> Array:
    """Rows on which an encoder with these categories may be fitted: each shows the first ones."""
    mixed = any(values.dtype == object for values in categories)
    first = [[values[i % len(values)] for values in categories] for i in range(count)]
    return np.array(first, object if mixed else None)
