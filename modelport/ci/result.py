"""What came out for one model, and for a project. Plain data, JSON and back."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from modelport.parity.report import ParityReport


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was to be made or done: a converted file, the comparison, the bundle.

    Attributes:
        kind: `convert`, `verify` or `package`.
        file: the result's name in the output folder; "" for a comparison.
        exit_code: 0, or that of the error.
        error: as `ModelportError.to_json` gives it; None if it worked.
        notes: of a conversion: what was lost, rounded or assumed.
        route: of a conversion: the formats and engines passed.
        sha256, size: of the file.
    """

    kind: str
    file: str = ""
    exit_code: int = 0
    error: Mapping[str, Any] | None = None
    notes: tuple[Mapping[str, str], ...] = ()
    route: str = ""
    sha256: str | None = None
    size: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(self)} | {"notes": [dict(n) for n in self.notes]}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Part":
        return Part(**{**raw, "notes": tuple(raw["notes"])})

    @property
    def what(self) -> str:
        """The error in one sentence; "" if there is none."""
        return str(self.error["what"]) if self.error else ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came out for one model.

    Attributes:
        name: of the model.
        source: the model that is right by definition, as it was declared.
        parts: conversions, then the bundle; what went wrong before any of them has the kind `read`.
        report: the comparison; None if there was nothing to compare.
        stale: entries of the baseline that nothing answers to any more.
        reused: whether an earlier run found it.
        seconds: that it took when it was found.
        key: of everything it depends on.
    """

    name: str
    source: str
    parts: tuple[Part, ...] = ()
    report: ParityReport | None = None
    stale: tuple[str, ...] = ()
    reused: bool = False
    seconds: float = 0.0
    key: str = ""

    @property
    def exit_code(self) -> int:
        """The highest of its parts', 0 if everything worked."""
        return max((part.exit_code for part in (*self.parts, *self.compared)), default=0)

    @property
    def compared(self) -> tuple[Part, ...]:
        """The comparison as a part."""
        if self.report is None:
            return ()
        code = self.report.exit_code
        error = {"code": "parity-failed", "what": self.report.sentence(), "where": None, "hint": None}
        return (Part("verify", exit_code=code, error=error if code else None),)

    def shows(self, part: Part) -> bool:
        """Whether a file may be shown: it was made, and the comparison says nothing against it."""
        return part.sha256 is not None and not self.failing(part.file)

    def of_kind(self, kind: str) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.kind == kind)

    def failing(self, file: str) -> bool:
        """Whether the comparison says something against a file, or against all, or was not made."""
        if self.report is None:
            return True
        names = {subject.name for subject in self.report.candidates if subject.artifact != file}
        return not self.report.passed and any(failure.subject not in names for failure in self.report.failures)

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "source": self.source,
            "exit_code": self.exit_code,
            "parts": [part.to_json() for part in self.parts],
            "report": self.report.to_json() if self.report else None,
            "stale": list(self.stale),
            "reused": self.reused,
            "seconds": self.seconds,
            "key": self.key,
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Result":
        values = {name: raw[name] for name in ("name", "source", "reused", "seconds", "key")}
        return Result(
            **values,
            parts=tuple(Part.from_json(item) for item in raw["parts"]),
            report=ParityReport.from_json(raw["report"]) if raw["report"] else None,
            stale=tuple(raw["stale"]),
        )


@dataclass(frozen=True, slots=True)
class ProjectReport:
    """What came out for a project.

    Attributes:
        models: in the order they are declared.
        stale: entries of the baseline about models that the project no longer has.
        output: where the results lie, relative to the settings file.
    """

    models: tuple[Result, ...]
    stale: tuple[str, ...] = ()
    output: str = ""

    @property
    def exit_code(self) -> int:
        """The highest of all models'; 0 if everything worked."""
        return max((model.exit_code for model in self.models), default=0)

    @property
    def passed(self) -> bool:
        return self.exit_code == 0

    def write(self, wanted: Mapping[str, Path]) -> None:
        """Writes files: `json`, `junit`, `markdown` or `sarif` → path; in a workflow, the step's summary too."""
        from modelport.ci.writing import write

        write(self, wanted)

    def write_pages(self, folder: Path) -> None:
        """Writes a page with plots for each comparison, and one that leads to them."""
        from modelport.ci.pages import write

        write(self, folder)

    def annotations(self) -> tuple[str, ...]:
        """The lines that a GitHub workflow shows on its run."""
        from modelport.ci.github import annotations_of

        return tuple(annotations_of(self))

    def rows(self) -> list[tuple[str, ...]]:
        """A row for each model, as every table shows it; see `modelport.ci.markdown.HEADINGS`."""
        from modelport.ci.markdown import row

        return [row(model) for model in self.models]

    def _repr_html_(self) -> str:
        from modelport.notebook.project import html

        return html(self)

    def sentence(self) -> str:
        """The verdict in one sentence."""
        count, bad = len(self.models), sum(model.exit_code != 0 for model in self.models)
        models = f"{count} model{'s' if count > 1 else ''}"
        if bad:
            return f"{bad} of {models} fail{'s' if bad == 1 else ''}."
        accepted = sum(len(model.report.accepted) for model in self.models if model.report)
        but = f", but for {accepted} difference{'s' if accepted > 1 else ''} that the baseline accepts"
        return f"{models}: every answer agrees{but if accepted else ''}."

    def to_json(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "exit_code": self.exit_code,
            "sentence": self.sentence(),
            "output": self.output,
            "models": [model.to_json() for model in self.models],
            "stale": list(self.stale),
        }


def failed(name: str, source: str, error: Mapping[str, Any], code: int, kind: str = "read") -> Result:
    """The result of a model with which nothing could be begun."""
    return Result(name, source, (Part(kind, exit_code=code, error=error),))


def timed(result: Result, seconds: float, key: str) -> Result:
    """A result with what the one who ran it knows."""
    return replace(result, seconds=round(seconds, 3), key=key)
