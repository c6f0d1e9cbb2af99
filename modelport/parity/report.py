"""ParityReport: what was compared, on which rows, how far apart, and what that proves. Plain data, JSON and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from modelport.parity.crossing import Crossing
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.pieces import Coverage, Missing, PairReport, Subject
from modelport.parity.proof import Proof
from modelport.parity.settings import Settings
from modelport.parity.shrink import Smallest
from modelport.parity.steps import Blame, Step

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

REPORT_VERSION = 1
"""Of the JSON document; it changes when a reader of an older one would be misled."""


@dataclass(frozen=True, slots=True)
class ParityReport:
    """The evidence of one comparison.

    Attributes:
        subjects: every artifact in every runtime that ran; the first is the reference.
        pairs: all pairs that were compared, those with the reference first.
        failures: every reason why parity does not hold; empty if it does.
        accepted: differences that a baseline accepts, and which therefore are no failures.
        missing: runtimes that were not run: they are not installed, or do not do such a file.
        notes: what a careful reader should know (columns matched by position, assumed ranges, budgets …).
        apart: the subject, artifact or runtime that stands apart from all others, in one sentence.
        blame: the first step that differs, for each candidate whose inside can be looked at.
        proofs: verdicts over every input, from provers that take these formats.
        smallest: one disagreement, reduced to a row with as few unusual values as possible.
        crossing: both functions across that disagreement; across a jump, where there is none.
        pipeline: the steps of the reference, where it shows them.
        coverage: of the places where the models may jump; None if no boundary rows were asked for.
        versions: library → version of what took part.
        settings: as they were in force.
        seconds: subject's name → time spent scoring; `comparison` → time spent comparing.
        extra: findings of optional parts (a proof, the step to blame), by name; JSON values only.
    """

    subjects: tuple[Subject, ...]
    pairs: tuple[PairReport, ...] = ()
    failures: tuple[Failure, ...] = ()
    accepted: tuple[Failure, ...] = ()
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()
    apart: str | None = None
    blame: tuple[Blame, ...] = ()
    proofs: tuple[Proof, ...] = ()
    smallest: Smallest | None = None
    crossing: Crossing | None = None
    pipeline: tuple[Step, ...] = ()
    coverage: Coverage | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    seconds: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reference(self) -> Subject | None:
        return self.subjects[0] if self.subjects else None

    @property
    def candidates(self) -> tuple[Subject, ...]:
        return self.subjects[1:]

    @property
    def official(self) -> tuple[PairReport, ...]:
        """The pairs with the reference, which decide."""
        return tuple(pair for pair in self.pairs if pair.first == 0)

    @property
    def strata(self) -> tuple[str, ...]:
        """Kinds of rows that ran."""
        return tuple(dict.fromkeys(stratum.name for pair in self.official for stratum in pair.strata))

    @property
    def columns(self) -> tuple[str, ...]:
        """Outputs that were compared."""
        reports = (column for pair in self.official for stratum in pair.strata for column in stratum.columns)
        return tuple(dict.fromkeys(column.name for column in reports))

    @property
    def rows(self) -> int:
        """The fewest rows that any candidate was compared on."""
        return min((pair.rows for pair in self.official), default=0)

    @property
    def passed(self) -> bool:
        """Whether parity holds: nothing failed, and every candidate was really compared, on rows and outputs."""
        compared = len(self.official) >= 1 and len(self.official) == len(self.candidates)
        return compared and not self.failures and self.rows > 0 and all(map(_has_columns, self.official))

    @property
    def exit_code(self) -> int:
        """0 if parity holds; 6 if all that stands against it is a runtime that is not installed; else 1."""
        if self.passed:
            return 0
        kinds = {failure.kind for failure in self.failures}
        return 6 if kinds and kinds <= {FailureKind.RUNTIME_ABSENT} else 1

    def sentence(self) -> str:
        """The verdict in one sentence."""
        from modelport.parity.verdict import sentence

        return sentence(self)

    def of_kind(self, kind: FailureKind) -> tuple[Failure, ...]:
        return tuple(failure for failure in self.failures if failure.kind is kind)

    def to_pandas(self) -> "pd.DataFrame":
        """One row for each candidate, kind of rows and output; see `modelport.reports.frames`."""
        from modelport.reports.frames import to_pandas

        return to_pandas(self)

    def worst(self, n: int = 10) -> "pd.DataFrame":
        """The `n` rows that are farthest from the reference, with their inputs; see `modelport.reports.frames`."""
        from modelport.reports.frames import worst

        return worst(self, n)

    def plot(self) -> "Figure":
        """A matplotlib figure of the report.

        Raises:
            MissingExtra: matplotlib is not installed.
        """
        from modelport.reports.overview import overview

        return overview(self)

    def to_html(self, *, command: str | None = None, when: str | None = None) -> str:
        """The report as one HTML page that needs no network; the same report gives the same bytes.

        Args:
            command: how to repeat it, to be shown; `when`: a date to be shown.

        Raises:
            MissingExtra: matplotlib is not installed.
        """
        from modelport.reports.html.document import document

        return document(self, command=command, when=when)

    def _repr_html_(self) -> str:
        from modelport.notebook.parity import html

        return html(self)

    def __repr__(self) -> str:
        from modelport.parity.text import plain

        return plain(self)

    def to_json(self) -> dict[str, Any]:
        """One strict-JSON document; `from_json` reads it back equal."""
        return {
            "report": REPORT_VERSION,
            "passed": self.passed,
            "sentence": self.sentence(),
            "subjects": [subject.to_json() for subject in self.subjects],
            "pairs": [pair.to_json(self.settings.confidence) for pair in self.pairs],
            "failures": [failure.to_json() for failure in self.failures],
            "accepted": [failure.to_json() for failure in self.accepted],
            "missing": [item.to_json() for item in self.missing],
            "notes": list(self.notes),
            "apart": self.apart,
            "blame": [item.to_json() for item in self.blame],
            "proofs": [proof.to_json() for proof in self.proofs],
            "smallest": self.smallest.to_json() if self.smallest else None,
            "crossing": self.crossing.to_json() if self.crossing else None,
            "pipeline": [step.to_json() for step in self.pipeline],
            "coverage": self.coverage.to_json() if self.coverage else None,
            "versions": dict(self.versions),
            "settings": self.settings.to_json(),
            "seconds": dict(self.seconds),
            "extra": dict(self.extra),
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "ParityReport":
        """Reads what `to_json` wrote.

        Raises:
            InputError: it is no parity report, or one of a later version.
        """
        from modelport.errors import InputError

        if raw.get("report") != REPORT_VERSION:
            raise InputError("this is no parity report that this version of modelport reads", where="report")
        try:
            return _read(raw)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"this parity report is damaged: {error}") from error


def _has_columns(pair: PairReport) -> bool:
    return any(stratum.columns and stratum.rows for stratum in pair.strata)


def _read(raw: Mapping[str, Any]) -> ParityReport:
    return ParityReport(
        subjects=tuple(Subject(**item) for item in raw["subjects"]),
        pairs=tuple(PairReport.from_json(item) for item in raw["pairs"]),
        failures=tuple(Failure.from_json(item) for item in raw["failures"]),
        accepted=tuple(Failure.from_json(item) for item in raw.get("accepted", ())),
        missing=tuple(
            Missing(m["runtime"], m["command"], tuple(m["formats"]), m.get("reason")) for m in raw["missing"]
        ),
        notes=tuple(raw["notes"]),
        apart=raw["apart"],
        blame=tuple(Blame.from_json(item) for item in raw["blame"]),
        proofs=tuple(Proof.from_json(item) for item in raw["proofs"]),
        smallest=Smallest.from_json(raw["smallest"]) if raw["smallest"] else None,
        crossing=Crossing.from_json(raw["crossing"]) if raw.get("crossing") else None,
        pipeline=tuple(Step.from_json(item) for item in raw.get("pipeline", ())),
        coverage=Coverage(**raw["coverage"]) if raw["coverage"] else None,
        versions=raw["versions"],
        settings=Settings.from_json(raw["settings"]),
        seconds=raw["seconds"],
        extra=raw["extra"],
    )
