"""Shrinking: one disagreement, reduced by Hypothesis to a row with as few unusual values as possible."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.data import relaxed
from modelport.parity.floats import Array
from modelport.parity.pieces import Witness
from modelport.parity.sources import Sources, finite
from modelport.signature import Column

EXAMPLES = 200
"""Rows tried at most."""

_EMPHASIS = 5
"""How much likelier the disagreeing value itself is than each simpler one, before shrinking begins."""

Disagrees = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Smallest:
    """The simplest row found on which two subjects disagree.

    Attributes:
        subject: the candidate.
        stratum: of the row it was reduced from.
        witness: the row and both answers.
        unusual: inputs that are not at their usual value; all others are the same as in any ordinary row.
    """

    subject: str
    stratum: str
    witness: Witness
    unusual: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "stratum": self.stratum,
            "witness": self.witness.to_json(),
            "unusual": list(self.unusual),
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Smallest":
        return Smallest(raw["subject"], raw["stratum"], Witness.from_json(raw["witness"]), tuple(raw["unusual"]))


def shrink(row: Mapping[str, Any], usual: Mapping[str, Any], disagrees: Disagrees, seed: int = 0) -> dict[str, Any]:
    """The simplest row that still disagrees: usual values where they do, else rounder ones, else the row's own.

    Args:
        row: one that disagrees.
        usual: an ordinary value for each input.
        disagrees: whether a row still shows the disagreement.
    """
    import random

    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis import strategies as st
    from hypothesis.errors import NoSuchExample

    options = [_options(row[name], usual[name]) for name in row]
    strategy = st.tuples(*(st.sampled_from(range(len(choices))) for choices in options))
    rows: dict[tuple[int, ...], bool] = {}

    def fits(chosen: tuple[int, ...]) -> bool:
        if chosen not in rows:
            rows[chosen] = disagrees(_row(row, options, chosen))
        return rows[chosen]

    quiet = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    try:
        best = find(strategy, fits, settings=quiet, random=random.Random(seed))
    except NoSuchExample:
        return dict(row)
    return _row(row, options, best)


def _row(row: Mapping[str, Any], options: Sequence[Sequence[Any]], chosen: Sequence[int]) -> dict[str, Any]:
    return {name: choices[at] for name, choices, at in zip(row, options, chosen, strict=True)}


def _options(value: Any, usual: Any) -> list[Any]:
    """Values for one input, the usual one first, the disagreeing one last and often."""
    simpler = [usual, *_rounder(value)]
    kept: list[Any] = []
    for item in simpler:
        if not _same(item, value) and not any(_same(item, other) for other in kept):
            kept.append(item)
    return [*kept, *[value] * (_EMPHASIS * max(1, len(kept)))]


def _rounder(value: Any) -> list[Any]:
    if isinstance(value, bool) or not isinstance(value, float) or not np.isfinite(value):
        return []
    return [0.0, *(float(round(value, digits)) for digits in (0, 1, 2, 4))]


def _same(a: Any, b: Any) -> bool:
    """Whether two cells are the same value; missing is missing, -0.0 is not 0.0."""
    return type(a) is type(b) and repr(a) == repr(b)


def unusual(row: Mapping[str, Any], usual: Mapping[str, Any]) -> tuple[str, ...]:
    """Inputs of a row that are not at their usual value."""
    return tuple(name for name, value in row.items() if not _same(value, usual[name]))


def usual_row(sources: Sources) -> dict[str, Any]:
    """An ordinary value for each input: the middle of what is known of it, or the first category."""
    return {column.name: _usual(column, sources) for column in sources.signature.inputs}


def _usual(column: Column, sources: Sources) -> Any:
    if pa.types.is_string(column.type):
        words = sources.words(column)
        return words[0] if words else "a"
    if pa.types.is_boolean(column.type):
        return False
    known: Array = finite(sources.known(column))
    value = float(np.sort(known)[len(known) // 2]) if len(known) else 0.0
    scalar = pa.scalar(int(value) if pa.types.is_integer(column.type) else value, column.type)
    return scalar.as_py()


def one_row(row: Mapping[str, Any], sources: Sources) -> pa.RecordBatch:
    """A row as a batch of the reference's inputs."""
    return pa.RecordBatch.from_pylist([dict(row)], schema=relaxed(sources.signature))
