"""What a parity report is made of: subjects, pairs, strata, columns, witnesses. Plain data, JSON and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modelport.parity.bounds import upper_bound
from modelport.parity.jsonable import decode, encode
from modelport.parity.summary import ColumnSummary


@dataclass(frozen=True, slots=True)
class Subject:
    """An artifact in a runtime.

    Attributes:
        artifact: the file's name, or the class of a live object.
        format: its format's name.
        runtime: the runtime's name.
        version: of the library behind the runtime, where it can be told.
        sha256: of the file; None for a live object.
    """

    artifact: str
    format: str
    runtime: str
    version: str | None = None
    sha256: str | None = None

    @property
    def name(self) -> str:
        return f"{self.artifact} in {self.runtime}"

    def to_json(self) -> dict[str, Any]:
        return {
            "artifact": self.artifact,
            "format": self.format,
            "runtime": self.runtime,
            "version": self.version,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """A runtime that was not run, which is not a failure: it is not installed, or says that it does not do such a file.

    Attributes:
        runtime: its name.
        command: what installs it; empty if it is installed.
        formats: of those compared, which it would have opened.
        reason: which file it does not do, and why; None if it is not installed.
    """

    runtime: str
    command: str
    formats: tuple[str, ...]
    reason: str | None = None

    @property
    def why(self) -> str:
        """For people: the reason, or the command that installs it."""
        return self.reason or self.command

    def to_json(self) -> dict[str, Any]:
        told = {"runtime": self.runtime, "command": self.command, "formats": list(self.formats)}
        return told if self.reason is None else {**told, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Witness:
    """One row on which two subjects disagree.

    Attributes:
        row: its number in its stratum, from 0.
        inputs: input column → value; None is missing.
        reference, candidate: output column → value.
        columns: the outputs that disagree.
    """

    row: int
    inputs: Mapping[str, Any]
    reference: Mapping[str, Any]
    candidate: Mapping[str, Any]
    columns: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "inputs": _encoded(self.inputs),
            "reference": _encoded(self.reference),
            "candidate": _encoded(self.candidate),
            "columns": list(self.columns),
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Witness":
        sides = {name: _decoded(raw[name]) for name in ("inputs", "reference", "candidate")}
        return Witness(raw["row"], columns=tuple(raw["columns"]), **sides)


def _encoded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: encode(value) for name, value in values.items()}


def _decoded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: decode(value) for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """One output column of a pair, over one stratum.

    Attributes:
        name: the output.
        kind: `number`, or `label` for what must be equal.
        rows: compared.
        different: rows outside the tolerance, near ties left out.
        near_ties: label flips where the reference itself is undecided.
        nan_one_side, null_one_side: rows with a NaN, or a null, on one side only; they are among `different`.
        max_abs, max_rel: largest distances seen, within the tolerance or not; infinite where one side is.
        max_ulps: floating-point steps between the two values that are farthest apart.
        discordant: share of neighbouring rows (in the reference's order) that change places; None if not asked for.
        places: the rows outside the tolerance, near ties among them, as `modelport.parity.places` writes them.
    """

    name: str
    kind: str
    rows: int
    different: int
    near_ties: int = 0
    nan_one_side: int = 0
    null_one_side: int = 0
    max_abs: float = 0.0
    max_rel: float = 0.0
    max_ulps: float = 0.0
    discordant: float | None = None
    places: str = ""

    def to_json(self) -> dict[str, Any]:
        return {name: encode(getattr(self, name)) for name in self.__slots__}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "ColumnReport":
        return ColumnReport(**_decoded(raw))


_DEEP = ("columns", "witnesses", "summaries", "worst")


@dataclass(frozen=True, slots=True)
class StratumReport:
    """One pair over one kind of rows.

    Attributes:
        name: `data`, `random`, `boundary` or `special`.
        rows: answered by both and compared.
        different: rows with at least one output outside the tolerance, or answered by the reference only.
        near_ties: rows whose only difference is a label flip at a near tie.
        refused_by_reference: rows the reference refuses; what the candidate says there is not compared.
        refused_by_candidate: rows the reference answers and the candidate refuses.
        refused_by_both: rows both refuse, and so agree on; they are among `refused_by_reference`.
        columns: per output.
        witnesses: the first rows that disagree, and the worst one of each column.
        overflown: rows at the edge of float64 where a sum left its range on one side; not compared.
        summaries: output → what is drawn of it; only of pairs with the reference, fresh from a comparison.
        worst: output → the rows that are farthest apart, the worst first, within the tolerance or not; as `summaries`.
    """

    name: str
    rows: int
    different: int
    near_ties: int = 0
    refused_by_reference: int = 0
    refused_by_candidate: int = 0
    columns: tuple[ColumnReport, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    overflown: int = 0
    summaries: Mapping[str, ColumnSummary] = field(default_factory=dict, compare=False, repr=False)
    worst: Mapping[str, tuple[Witness, ...]] = field(default_factory=dict, compare=False, repr=False)
    refused_by_both: int = 0

    def bound(self, confidence: float = 0.95) -> float:
        """Exact upper bound on the disagreement rate, for rows like these."""
        return upper_bound(self.different, self.rows, confidence)

    def to_json(self, confidence: float = 0.95) -> dict[str, Any]:
        return {
            "name": self.name,
            "rows": self.rows,
            "different": self.different,
            "near_ties": self.near_ties,
            "refused_by_reference": self.refused_by_reference,
            "refused_by_candidate": self.refused_by_candidate,
            "refused_by_both": self.refused_by_both,
            "overflown": self.overflown,
            "bound": self.bound(confidence),
            "columns": [column.to_json() for column in self.columns],
            "witnesses": [witness.to_json() for witness in self.witnesses],
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "StratumReport":
        plain = {name: raw[name] for name in StratumReport.__slots__ if name not in _DEEP and name in raw}
        return StratumReport(
            **plain,
            columns=tuple(ColumnReport.from_json(item) for item in raw["columns"]),
            witnesses=tuple(Witness.from_json(item) for item in raw["witnesses"]),
        )


@dataclass(frozen=True, slots=True)
class PairReport:
    """Two subjects, stratum by stratum.

    Attributes:
        first, second: positions in `ParityReport.subjects`; 0 is the reference.
        strata: in the order they ran.
    """

    first: int
    second: int
    strata: tuple[StratumReport, ...]

    @property
    def rows(self) -> int:
        return sum(stratum.rows for stratum in self.strata)

    @property
    def different(self) -> int:
        return sum(stratum.different for stratum in self.strata)

    def to_json(self, confidence: float = 0.95) -> dict[str, Any]:
        strata = [stratum.to_json(confidence) for stratum in self.strata]
        return {"first": self.first, "second": self.second, "strata": strata}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "PairReport":
        return PairReport(raw["first"], raw["second"], tuple(StratumReport.from_json(s) for s in raw["strata"]))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the places where the models may jump were probed, on them and one float step either side.

    Attributes:
        known: (column, value) places that the models' files tell.
        probed: of them, how many had rows.
        found: jumps found by bisection alone.
        need: boundary rows that probing every known place once would take; 0 where nobody counted them.
    """

    known: int
    probed: int
    found: int
    need: int = 0

    @property
    def rate(self) -> float | None:
        return self.probed / self.known if self.known else None

    def to_json(self) -> dict[str, Any]:
        return {"known": self.known, "probed": self.probed, "found": self.found, "need": self.need}
