"""diff: two models side by side, what they are made of and how far apart they score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelport.artifacts import Artifact
from modelport.formats import Inspection
from modelport.parity.jsonable import encode
from modelport.parity.report import ParityReport
from modelport.signature import Column, Signature, type_name


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that both models have or lack.

    Attributes:
        topic: `kind`, `producer`, `size`, `input`, `output`, `step` or `fact`.
        name: of the input, output, operator or fact; empty where the topic says it all.
        first, second: what each has; None for nothing.
    """

    topic: str
    name: str
    first: str | None
    second: str | None

    @property
    def same(self) -> bool:
        return self.first == self.second

    def to_json(self) -> dict[str, Any]:
        return {"topic": self.topic, "name": self.name, "first": self.first, "second": self.second, "same": self.same}


@dataclass(frozen=True, slots=True)
class Diff:
    """What two models are made of, and how they compare.

    Attributes:
        names: of the two.
        structure: every line, equal ones too.
        behaviour: the parity report, where they could be compared.
    """

    names: tuple[str, str]
    structure: tuple[Line, ...]
    behaviour: ParityReport | None = None

    @property
    def differing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.structure if not line.same)

    @property
    def distances(self) -> Mapping[str, float]:
        """Output → the largest distance seen between the two; for labels, the share of rows that differ."""
        return _distances(self.behaviour) if self.behaviour else {}

    def __str__(self) -> str:
        width = max((len(f"{line.topic} {line.name}") for line in self.differing), default=0)
        lines = [
            f"{line.topic + ' ' + line.name:<{width}}  {line.first or '—'} → {line.second or '—'}"
            for line in self.differing
        ]
        told = [f"{name}: {distance:.3g}" for name, distance in self.distances.items()]
        return "\n".join([f"{self.names[0]} → {self.names[1]}", *(lines or ["the same structure"]), *told])

    def to_json(self) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "structure": [line.to_json() for line in self.structure],
            "distances": {name: encode(value) for name, value in self.distances.items()},
            "behaviour": self.behaviour.to_json() if self.behaviour else None,
        }


def diff(first: Artifact, second: Artifact, behaviour: ParityReport | None = None) -> Diff:
    """Structure of two files beside each other, without running any of their code; with a report, behaviour too.

    Raises:
        InputError: a file is damaged.
    """
    sides = tuple(_inspected(item) for item in (first, second))
    return Diff((first.name, second.name), tuple(_lines(*sides)), behaviour)


def _inspected(item: Artifact) -> Inspection:
    """What the format tells of a file; of a live model, its class and its signature."""
    if item.path is not None:
        return item.format.inspect(item.path)
    return Inspection(item.format.name, type(item.model).__name__, 0)


def _lines(a: Inspection, b: Inspection) -> Sequence[Line]:
    plain = [
        Line("format", "", a.format, b.format),
        Line("kind", "", a.kind, b.kind),
        Line("producer", "", a.producer, b.producer),
        Line("size", "", f"{a.size:,} bytes", f"{b.size:,} bytes"),
    ]
    return [*plain, *_signatures(a.signature, b.signature), *_counts(a, b), *_facts(a.facts, b.facts)]


def _signatures(a: Signature | None, b: Signature | None) -> list[Line]:
    if a is None or b is None:
        return []
    task = Line("task", "", a.task and a.task.value, b.task and b.task.value)
    return [task, *_columns("input", a.inputs, b.inputs), *_columns("output", a.outputs, b.outputs)]


def _columns(topic: str, a: Sequence[Column], b: Sequence[Column]) -> list[Line]:
    sides = [{column.name: _column(column, place) for place, column in enumerate(side)} for side in (a, b)]
    return [Line(topic, name, sides[0].get(name), sides[1].get(name)) for name in dict.fromkeys([*sides[0], *sides[1]])]


def _column(column: Column, place: int) -> str:
    gaps = ", may be missing" if column.nullable else ""
    known = f", {len(column.categories)} categories" if column.categories is not None else ""
    return f"#{place} {type_name(column.type)}{gaps}{known}"


def _counts(a: Inspection, b: Inspection) -> list[Line]:
    sides = dict(a.steps), dict(b.steps)
    names = dict.fromkeys([*sides[0], *sides[1]])
    return [Line("step", name, *(str(side[name]) if name in side else None for side in sides)) for name in names]


def _facts(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Line]:
    names = dict.fromkeys([*a, *b])
    return [Line("fact", name, *(str(side[name]) if name in side else None for side in (a, b))) for name in names]


def _distances(report: ParityReport) -> dict[str, float]:
    found: dict[str, float] = {}
    for column in (c for pair in report.official for stratum in pair.strata for c in stratum.columns):
        share = column.different / column.rows if column.rows else 0.0
        value = column.max_abs if column.kind == "number" else share
        found[column.name] = max(found.get(column.name, 0.0), value)
    return found
