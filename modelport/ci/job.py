"""The work on one model: convert it, compare everything with it, package what agrees. All files go into one folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from modelport import converting
from modelport.artifacts import Artifact, artifact
from modelport.ci.result import Part, Result
from modelport.ci.spec import ModelSpec
from modelport.contents import digest
from modelport.conversion import Note, NoteKind
from modelport.data import Data
from modelport.data import data as open_data
from modelport.errors import Defect, ModelportError
from modelport.formats import Policy
from modelport.parity.report import ParityReport
from modelport.parity.settings import rounded

Tell = Callable[[str], None]
"""Told what is being done."""


def work(spec: ModelSpec, folder: Path, staging: Path, tell: Tell) -> Result:
    """Everything that a declaration asks for.

    Args:
        folder: of the project.
        staging: where results are written; empty.

    Returns:
        What came out; nothing that goes wrong with a model is raised.
    """
    parts: list[Part] = []
    try:
        tell("reading")
        policy = Policy(spec.trust)
        source = artifact(folder / spec.source, policy)
        candidates = [artifact(folder / name, policy) for name in spec.candidates]
        rows = open_data(folder / spec.data) if spec.data else None
    except Exception as error:
        return Result(spec.name, spec.source, (_failed("read", "", error, staging),))
    notes: list[Note] = []
    for target in spec.targets:
        tell(f"converting to {target}")
        parts.append(_convert(spec, source, rows, staging / target, notes))
    made = [artifact(staging / part.file, policy) for part in parts if not part.error]
    report = None
    if made or candidates:
        try:
            report = _compare(spec, [source, *made, *candidates], rows, notes, tell)
        except Exception as error:
            parts.append(_failed("verify", "", error, staging))
    if spec.package:
        tell("packaging")
        parts.append(_package(spec, [source, *made, *candidates], rows, report, parts, staging))
    return Result(spec.name, spec.source, tuple(parts), report)


def _convert(spec: ModelSpec, source: Artifact, rows: Data | None, target: Path, notes: list[Note]) -> Part:
    """One conversion; the comparison comes later, with all targets together."""
    try:
        found = converting.convert(
            source,
            target,
            options=spec.options,
            data=rows,
            engine=spec.engine,
            via=spec.via,
            compare=None,
            keep=False,
            force=True,
            step=lambda _: None,
        )
    except Exception as error:
        return _failed("convert", target.name, error, target.parent)
    notes += found.notes
    told = tuple(note.to_json() for note in found.notes)
    return Part("convert", target.name, notes=told, route=str(found.route), **_facts(target))


def _compare(spec: ModelSpec, models: list[Artifact], rows: Data | None, notes: list[Note], tell: Tell) -> ParityReport:
    from modelport.parity.engine import compare

    single = any(note.kind is NoteKind.ROUNDED and note.where != "inputs" for note in notes)
    settings = rounded(spec.settings) if single else spec.settings

    def progress(task: str, done: int, total: int | None) -> None:
        tell(f"comparing: {task}")

    tell("comparing")
    return compare(models, data=rows, settings=settings, progress=progress)


def _package(
    spec: ModelSpec,
    models: list[Artifact],
    rows: Data | None,
    report: ParityReport | None,
    parts: list[Part],
    staging: Path,
) -> Part:
    from modelport.bundle import build
    from modelport.errors import ParityFailed

    assert spec.package is not None, "the caller looked"
    target = staging / spec.package
    try:
        lacking = next((part for part in parts if part.error), None)
        if lacking is not None:
            raise ParityFailed(f"not packaged: {lacking.file or 'the comparison'} failed")
        if report is None or not report.passed:
            hint = "a bundle holds only models that agree; without package = true, a baseline may accept a difference"
            raise ParityFailed("not packaged: the models do not agree", hint=hint)
        build(models, target, report=report, data=rows)
    except Exception as error:
        return _failed("package", target.name, error, staging)
    return Part("package", target.name, **_facts(target))


def _facts(path: Path) -> dict[str, Any]:
    return {"sha256": digest(path), "size": path.stat().st_size}


def _failed(kind: str, file: str, error: Exception, staging: Path) -> Part:
    """An error as part of a result; temporary places are not told."""
    if not isinstance(error, ModelportError):
        lines = str(error).strip().splitlines()
        told = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
        hint = f"run it by itself with modelport {kind} --debug to see where"
        error = Defect(f"modelport met a defect of its own: {told}", hint=hint)
    document = {name: _untold(value, staging) for name, value in error.to_json().items()}
    return Part(kind, file, error.exit_code, document)


def _untold(value: object, staging: Path) -> object:
    return value.replace(f"{staging}/", "") if isinstance(value, str) else value
