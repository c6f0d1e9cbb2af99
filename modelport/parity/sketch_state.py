"""A sketch as a journal holds it, and back: a comparison that goes on draws what it would have drawn in one go."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from modelport.parity.jsonable import decode, encode
from modelport.parity.pieces import Witness
from modelport.parity.sample import Sample
from modelport.parity.sketch import ColumnSketch, Sketch

_COUNTS = ("distances", "beyond", "steps")


def state(sketch: Sketch) -> dict[str, Any]:
    """A sketch as JSON holds it."""
    return {
        "columns": {name: _column(column) for name, column in sketch.columns.items()},
        "sample": _sample(sketch.sample),
        "beyond": _sample(sketch.beyond),
        "worst": {
            name: [[bad, encode(far), place, witness.to_json()] for (bad, far, place), witness in rows]
            for name, rows in sketch.worst.rows.items()
        },
    }


def restore(sketch: Sketch, raw: Mapping[str, Any]) -> None:
    """Brings a fresh sketch of the same outputs to where `state` left one."""
    for name, column in sketch.columns.items():
        _restore_column(column, raw["columns"][name])
    for sample, kept in ((sketch.sample, raw["sample"]), (sketch.beyond, raw["beyond"])):
        sample.lots = np.array(kept["lots"], np.uint64)
        sample.values = {name: _values(name, values) for name, values in kept["values"].items()}
    sketch.worst.rows = {
        name: [((bool(bad), float(decode(far)), int(place)), Witness.from_json(row)) for bad, far, place, row in rows]
        for name, rows in raw["worst"].items()
    }


def _column(column: ColumnSketch) -> dict[str, Any]:
    plain: dict[str, Any] = {"identical": column.identical, "one_side": column.one_side}
    plain["flips"] = [[*pair, rows] for pair, rows in column.flips.items()]
    return plain | {name: list(getattr(column, name).items()) for name in _COUNTS}


def _restore_column(column: ColumnSketch, raw: Mapping[str, Any]) -> None:
    column.identical, column.one_side = raw["identical"], raw["one_side"]
    column.flips = {(first, second): rows for first, second, rows in raw["flips"]}
    for name in _COUNTS:
        setattr(column, name, {int(power): int(rows) for power, rows in raw[name]})


def _sample(sample: Sample) -> dict[str, Any]:
    values = {name: [encode(value) for value in array.tolist()] for name, array in sample.values.items()}
    return {"lots": sample.lots.tolist(), "values": values}


def _values(name: str, values: list[Any]) -> Any:
    """Whether rows differ (`d0`, `d1` …) are booleans, all else are numbers."""
    if name.startswith("d"):
        return np.array(values, bool)
    return np.array([decode(value) for value in values], np.float64)
