"""A crossing: both functions along one input, across a boundary, with every other input held.

Of a disagreement it shows how many floats wide it is: where the sides part and where they meet again, found to the
float. Of an agreement it shows a jump that both make between the same two floats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelport.parity.jsonable import decode, encode


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two functions along one input.

    Attributes:
        subject: the candidate.
        output: which output; `column`: which input is moved.
        inputs: the row that is moved; its own value of `column` among them.
        anchor: the value that `offsets` count from.
        offsets: [N] places, in floats (or integers) from the anchor, ascending; None where `values` are spread over
            the input's range.
        values: [N] of the moved input.
        reference, candidate: [N] outputs: numbers, texts of labels, or None where refused.
        width: floats in a row on which the two differ, around the anchor; 0 if they agree, None if it has no end.
        low, high: the first and the last value on which they differ.
    """

    subject: str
    output: str
    column: str
    inputs: Mapping[str, Any]
    anchor: float
    offsets: tuple[int, ...] | None
    values: tuple[float, ...]
    reference: tuple[Any, ...]
    candidate: tuple[Any, ...]
    width: int | None = 0
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.width:
            plural = "s" if self.width > 1 else ""
            return f"{self.output} differs on {self.width:,} neighbouring value{plural} of {self.column}"
        if self.width is None:
            return f"{self.output} differs along {self.column}, without an end nearby"
        return f"{self.output} jumps between the same two values of {self.column} on both sides"

    def to_json(self) -> dict[str, Any]:
        plain = {name: getattr(self, name) for name in ("subject", "output", "column", "width")}
        return plain | {
            "inputs": {name: encode(value) for name, value in self.inputs.items()},
            "offsets": None if self.offsets is None else list(self.offsets),
            **{name: [encode(v) for v in getattr(self, name)] for name in _LISTS},
            **{name: encode(getattr(self, name)) for name in ("anchor", "low", "high")},
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Crossing":
        lists: dict[str, Any] = {name: tuple(decode(v) for v in raw[name]) for name in _LISTS}
        return Crossing(
            inputs={name: decode(value) for name, value in raw["inputs"].items()},
            offsets=None if raw["offsets"] is None else tuple(raw["offsets"]),
            **lists,
            **{name: raw[name] for name in ("subject", "output", "column", "width")},
            **{name: decode(raw[name]) for name in ("anchor", "low", "high")},
        )


_LISTS = ("values", "reference", "candidate")


def spread(low: int, high: int, count: int, always: Sequence[int] = ()) -> list[int]:
    """About `count` places over a span, evenly, with some that must be among them; ascending, each once."""
    steps = max(1, count - 1)
    even = {low + (high - low) * i // steps for i in range(steps + 1)}
    return sorted(even | {place for place in always if low <= place <= high})
