"""Why a comparison failed: one typed Failure for each way it can."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FailureKind(StrEnum):
    """Each way a comparison fails. The first group would make a pass vacuous; the second are disagreements."""

    NO_ROWS = "no-rows"
    NO_CANDIDATE = "no-candidate"
    NO_RUNTIME = "no-runtime"
    RUNTIME_ABSENT = "runtime-absent"
    RUNTIME_UNUSED = "runtime-unused"
    RUNTIME_FAILED = "runtime-failed"
    RUNTIME_KILLED = "runtime-killed"
    INPUT_ABSENT = "input-absent"
    OUTPUT_ABSENT = "output-absent"
    NO_OUTPUTS = "no-outputs"
    ROW_COUNT = "row-count"
    NAN_ONE_SIDE = "nan-one-side"
    NULL_ONE_SIDE = "null-one-side"
    LABEL = "label"
    NEAR_TIE = "near-tie"
    NUMBER = "number"
    RANK = "rank"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Failure:
    """One reason why parity does not hold.

    Attributes:
        kind: see `FailureKind`.
        what: one sentence.
        subject: the artifact and runtime at fault, as `Subject.name` has it; None where it is nobody's.
        stratum: the kind of rows it showed on, if it needed rows.
        column: the output (or input) it is about.
        count: rows it showed on, where rows were counted.
        hint: the way out, where there is one.
    """

    kind: FailureKind
    what: str
    subject: str | None = None
    stratum: str | None = None
    column: str | None = None
    count: int | None = None
    hint: str | None = None

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.subject, self.stratum and f"{self.stratum} rows") if part)
        return f"{self.kind.value}: {self.what}" + (f" ({place})" if place else "")

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "what": self.what,
            "subject": self.subject,
            "stratum": self.stratum,
            "column": self.column,
            "count": self.count,
            "hint": self.hint,
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Failure":
        return Failure(FailureKind(raw["kind"]), **{name: raw[name] for name in raw if name != "kind"})
