"""Resuming: a long comparison writes down what it has seen of the user's rows, and goes on from there after a kill."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from modelport.errors import UsageError
from modelport.parity import sketch_state
from modelport.parity.jsonable import decode, encode
from modelport.parity.pieces import Subject, Witness
from modelport.parity.places import Places
from modelport.parity.settings import Settings
from modelport.parity.tally import Tally

EVERY = 5.0
"""Seconds between two writings."""

_COUNTS = (
    *("rows", "different", "near_ties", "refused_by_reference", "refused_by_candidate", "refused_by_both"),
    *("refusals_count", "shaken", "overflown"),
)
_PART = ("rows", "different", "near_ties", "nan_one_side", "null_one_side", "max_abs", "max_rel", "max_ulps")


@dataclass(slots=True)
class Journal:
    """Where a comparison is, on disk.

    Attributes:
        path: the file; written whole or not at all.
        key: what is compared and how; a journal of another comparison is refused.
        every: seconds between two writings.
    """

    path: Path
    key: str
    every: float = EVERY
    _last: float = field(default_factory=monotonic)

    def load(self) -> tuple[int, Mapping[str, Any]]:
        """Rows that were done, and the counts of each pair; nothing if there is no journal yet.

        Raises:
            UsageError: it is damaged, or another comparison's.
        """
        try:
            document = json.loads(self.path.read_text())
            if document["key"] != self.key:
                raise UsageError("this journal is of another comparison", where=str(self.path), hint="remove it")
            return int(document["done"]), dict(document["pairs"])
        except FileNotFoundError:
            return 0, {}
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise UsageError(f"this journal is damaged: {error}", where=str(self.path), hint="remove it") from error

    def save(self, done: int, tallies: Mapping[tuple[int, int], Tally]) -> None:
        """Writes down where we are, if it is time."""
        if monotonic() - self._last < self.every:
            return
        self._last = monotonic()
        pairs = {f"{i},{j}": state(tally) for (i, j), tally in tallies.items()}
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.write_text(json.dumps({"key": self.key, "done": done, "pairs": pairs}))
        fresh.replace(self.path)

    def finish(self) -> None:
        """Removes the journal of a comparison that came to its end."""
        self.path.unlink(missing_ok=True)


def key_of(subjects: list[Subject], data: str, settings: Settings) -> str:
    """What is compared, on which data, and how."""
    held = {name: value for name, value in settings.to_json().items() if name not in ("resume", "batch_rows")}
    return json.dumps([[subject.to_json() for subject in subjects], data, held], sort_keys=True)


def state(tally: Tally) -> dict[str, Any]:
    """A tally as JSON holds it."""
    parts = {
        name: {item: encode(getattr(part, item)) for item in _PART}
        | {"severity": [encode(v) for v in part.severity], "places": asdict(part.places)}
        for name, part in tally.parts.items()
    }
    worst = {
        name: [[encode(value) for value in severity], witness.to_json()]
        for name, (severity, witness) in tally.worst.items()
    }
    counts = {name: getattr(tally, name) for name in _COUNTS}
    drawn = None if tally.sketch is None else sketch_state.state(tally.sketch)
    return (
        counts
        | {"sketch": drawn}
        | {"parts": parts, "worst": worst, "witnesses": [w.to_json() for w in tally.witnesses]}
    )


def restore(tally: Tally, raw: Mapping[str, Any]) -> None:
    """Brings a fresh tally to where `state` left one."""
    for name in _COUNTS:
        setattr(tally, name, raw[name])
    for name, values in raw["parts"].items():
        for item in _PART:
            setattr(tally.parts[name], item, decode(values[item]))
        tally.parts[name].severity = _severity(values["severity"])
        tally.parts[name].places = Places(**values["places"])
    tally.witnesses = [Witness.from_json(item) for item in raw["witnesses"]]
    if tally.sketch is not None:
        sketch_state.restore(tally.sketch, raw["sketch"])
    tally.worst = {
        name: (_severity(severity), Witness.from_json(item)) for name, (severity, item) in raw["worst"].items()
    }


def _severity(raw: list[Any]) -> tuple[bool, float]:
    bad, distance = (decode(value) for value in raw)
    return bool(bad), float(distance)
