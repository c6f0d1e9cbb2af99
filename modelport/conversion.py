"""Converter, Context, Note: one edge of the conversion graph, and what it is told and tells back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from modelport.plugins import absent, install_command
from modelport.signature import Signature


class Precision(StrEnum):
    """`exact` computes in the original's arithmetic; `portable` gives float32 graphs, and notes what that loses."""

    EXACT = "exact"
    PORTABLE = "portable"


class NoteKind(StrEnum):
    """What a note is about."""

    LOST = "lost"
    ROUNDED = "rounded"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Note:
    """Something a conversion lost, rounded or assumed. A conversion without notes is exact."""

    kind: NoteKind
    where: str
    what: str

    def to_json(self) -> dict[str, str]:
        return {"kind": self.kind.value, "where": self.where, "what": self.what}


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may ask of a conversion.

    Attributes:
        precision: see `Precision`.
        opset: highest version of the default ONNX domain to use; None for the newest modelport writes.
        ml_opset: highest version of `ai.onnx.ml`.
        ir_version: highest ONNX IR version.
    """

    precision: Precision = Precision.EXACT
    opset: int | None = None
    ml_opset: int | None = None
    ir_version: int | None = None


@dataclass(slots=True)
class Context:
    """What a converter needs besides the model, and the notes it leaves."""

    signature: Signature
    options: Options = field(default_factory=Options)
    notes: list[Note] = field(default_factory=list)

    def note(self, kind: NoteKind, where: str, what: str) -> None:
        """Records a loss; the same note is kept once."""
        entry = Note(kind, where, what)
        if entry not in self.notes:
            self.notes.append(entry)


@dataclass(frozen=True, slots=True)
class Converter:
    """An edge of the conversion graph.

    Attributes:
        source, target: format names.
        engine: who does the work (`modelport`, `skl2onnx`, `sklearn2pmml`).
        cost: the router takes the cheapest route that is installed. 1 for exact and in-process; 5 for an edge
            that may round; 10 for one that starts a JVM.
        convert: live model, Context → live model of the target format.
        requires: top-level modules that must be installed; none is imported to find out.
        extra: the extra that brings them.
        licence: stated to users where it is not permissive.
    """

    source: str
    target: str
    engine: str
    cost: int
    convert: Callable[[Any, Context], Any]
    requires: tuple[str, ...] = ()
    extra: str | None = None
    licence: str | None = None

    def missing(self) -> str | None:
        """The command that installs what this converter lacks, or None if it is ready."""
        if not absent(self.requires):
            return None
        return install_command(self.extra) if self.extra else f"pip install {' '.join(absent(self.requires))}"
