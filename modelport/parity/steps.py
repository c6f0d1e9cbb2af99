"""Bisection to the step: the first step of a model whose output differs between two runtimes, and the columns of it.

Both sides show their intermediate values for the same rows. A step of the reference is found again on the other side
by its values, so it needs no names in common: its columns stand side by side, in order, in some tensor there. Where
the other side has a step of the same name and columns, it is that one. The first step that cannot be found, unless one
that it feeds is found whole, is the first one that differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from modelport.parity.floats import Array

CLOSE = 1e-9
"""Relative distance up to which values are alike in the first pass; the second asks for equal bits."""


WIDEST = 512
"""Columns of the widest step that is looked for; a vocabulary of thousands is left out."""


@dataclass(frozen=True, slots=True)
class Traced:
    """What one step gives for some rows.

    Attributes:
        step: its path, such as `prepare › number › StandardScaler`.
        columns: names.
        values: one array [N] a column, float64 or texts (object); empty for the last step, whose outputs are compared
            anyway.
        inputs: paths of the steps that it directly works on.
        named: whether a person knows the step by its path; others only serve to find the other side's steps again.
    """

    step: str
    columns: tuple[str, ...] = ()
    values: tuple[Array, ...] = ()
    inputs: tuple[str, ...] = ()
    named: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the reference.

    Attributes:
        path: such as `prepare › number › StandardScaler`.
        columns: how many it gives; 0 for the last step, whose outputs are the model's.
        inputs: paths of the steps that it directly works on.
    """

    path: str
    columns: int = 0
    inputs: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "columns": self.columns, "inputs": list(self.inputs)}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Step":
        return Step(raw["path"], raw["columns"], tuple(raw["inputs"]))


@runtime_checkable
class Traceable(Protocol):
    """A session that can show what its steps give, in the order they are computed."""

    def trace(self, batch: pa.RecordBatch) -> Sequence[Traced]: ...


@dataclass(frozen=True, slots=True)
class Blame:
    """The first step that differs.

    Attributes:
        subject: the candidate.
        step: of the reference.
        columns: of that step, those that differ; empty where it is the outputs that do.
    """

    subject: str
    step: str
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = ", ".join(self.columns[:5]) + (" …" if len(self.columns) > 5 else "")
        where = f", column{'s' if len(self.columns) > 1 else ''} {shown}" if self.columns else ""
        return f"the first step that differs in {self.subject} is {self.step}{where}"

    def to_json(self) -> dict[str, Any]:
        return {"subject": self.subject, "step": self.step, "columns": list(self.columns)}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Blame":
        return Blame(raw["subject"], raw["step"], tuple(raw["columns"]))


def blame(reference: Sequence[Traced], candidate: Sequence[Traced], subject: str) -> Blame | None:
    """The first step of the reference that the candidate does not have; None if there are no steps to look at.

    Values that are merely close are a difference too if nothing worse is found: a mean moved by one float step shows
    in nothing else.
    """
    if not reference:
        return None
    steps = [step for step in reference if step.named and 0 < len(step.values) <= WIDEST]
    last = reference[-1].step
    shown = [tensor for tensor in candidate if 0 < len(tensor.values) <= 4 * WIDEST]
    pool = _Pool(shown)
    off = [_absent(step, pool.of(step), CLOSE) for step in steps]
    found = _first(steps, off, subject)
    whole = [step for step, columns in zip(steps, off, strict=True) if not columns]
    bits = _bits(_before(steps, found, whole), pool, subject, alike=found is not None)
    return bits or found or Blame(subject, last)


class _Pool:
    """The other side's values, among which a step is looked for."""

    def __init__(self, shown: Sequence[Traced]) -> None:
        self.everything = [[_plain(value) for value in tensor.values] for tensor in shown]
        named = zip(shown, self.everything, strict=True)
        self.own = {(tensor.step, tensor.columns): [values] for tensor, values in named if tensor.named}

    def of(self, step: Traced) -> Sequence[Sequence[Array]]:
        """Where a step may be: in the step of its name, else anywhere."""
        return self.own.get((step.step, step.columns), self.everything)


def _before(steps: Sequence[Traced], found: Blame | None, whole: Sequence[Traced]) -> list[Traced]:
    """Steps that are found whole, before the one that differs."""
    if found is None:
        return list(whole)
    at = [step.step for step in steps].index(found.step)
    earlier = {step.step for step in steps[:at]}
    return [step for step in whole if step.step in earlier]


def _bits(steps: Sequence[Traced], pool: _Pool, subject: str, alike: bool) -> Blame | None:
    """The first of steps that are near whose bits differ: a mean moved by one float step shows in nothing else.

    Args:
        alike: only if the bits of another step are the same: then both sides compute alike, and what differs later
            comes from here, such as a leaf that is reached no more.
    """
    off = [_in_bits(step, _absent(step, pool.of(step), 0.0)) for step in steps]
    if alike and all(off):
        return None
    return next((Blame(subject, s.step, columns) for s, columns in zip(steps, off, strict=True) if columns), None)


def _in_bits(step: Traced, off: tuple[str, ...]) -> tuple[str, ...]:
    """Columns whose bits differ; none if all of several do: that is another order of the same arithmetic."""
    return () if len(off) == len(step.columns) > 1 else off


def _first(steps: Sequence[Traced], off: Sequence[tuple[str, ...]], subject: str) -> Blame | None:
    """The first step that is off, unless one that it feeds is found whole: then it was only not shown."""
    fine = {step.step for step, columns in zip(steps, off, strict=True) if not columns}
    for step in reversed(steps):
        if step.step in fine:
            fine |= set(step.inputs)
    found = ((step, columns) for step, columns in zip(steps, off, strict=True) if step.step not in fine)
    return next((Blame(subject, step.step, columns) for step, columns in found), None)


def _absent(step: Traced, pool: Sequence[Sequence[Array]], close: float) -> tuple[str, ...]:
    """Columns of a step that no tensor has where they belong."""
    values = [_plain(value) for value in step.values]
    table = [[[_alike(value, other, close) for other in tensor] for value in values] for tensor in pool]
    best: Sequence[bool] = [False] * len(values)
    for tensor in table:
        for hits in _alignments(tensor, len(values)):
            if sum(hits) > sum(best):
                best = hits
    if 2 * sum(best) < len(values) and _scattered(table, len(values)):
        return ()
    missed = tuple(name for name, hit in zip(step.columns, best, strict=True) if not hit)
    nowhere = tuple(name for i, name in enumerate(step.columns) if not any(any(rows[i]) for rows in table))
    return nowhere if 0 < len(nowhere) < len(missed) else missed


def _alignments(tensor: Sequence[Sequence[bool]], count: int) -> list[list[bool]]:
    """For each place where the columns could begin side by side in a tensor: which of them are there."""
    width = len(tensor[0]) if tensor else 0
    return [[tensor[i][start + i] for i in range(count)] for start in range(width - count + 1)]


def _scattered(table: Sequence[Sequence[Sequence[bool]]], count: int) -> bool:
    """Whether every column is somewhere, those that share a tensor in their order."""
    ends = [-1] * len(table)
    for column in range(count):
        homes = [
            (tensor, at)
            for tensor, rows in enumerate(table)
            for at in range(ends[tensor] + 1, len(rows[column]))
            if rows[column][at]
        ]
        if not homes:
            return False
        tensor, at = min(homes, key=lambda home: (home[1] - ends[home[0]], home[0]))
        ends[tensor] = at
    return True


def _plain(values: Array) -> Array:
    if values.dtype.kind in "biuf":
        return values.astype(np.float64)
    return np.array(["" if _gone(item) else str(item) for item in values], object)


def _gone(item: object) -> bool:
    return item is None or item != item


def _alike(a: Array, b: Array, close: float) -> bool:
    if a.dtype != b.dtype or len(a) != len(b):
        return False
    if a.dtype == object:
        return bool(np.array_equal(a, b))
    with np.errstate(invalid="ignore", over="ignore"):
        near = (a == b) | (np.isnan(a) & np.isnan(b))
        if close:
            near |= np.abs(a - b) <= close * np.maximum(1.0, np.abs(a))
    return bool(near.all())
