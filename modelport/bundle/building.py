"""Building a bundle from models that passed parity."""

import json
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.bundle import archive, arrow, golden, names
from modelport.bundle.archive import Content, Sealed
from modelport.bundle.manifest import Entry, Golden, Manifest
from modelport.bundle.versions import made_with, runtime_version
from modelport.data import Data
from modelport.errors import MissingExtra, ParityFailed, UsageError
from modelport.files import atomic, check_target
from modelport.parity.adapt import fit_inputs
from modelport.parity.opening import hint_of
from modelport.runtimes import Runtime, runtimes_for
from modelport.signature import Signature

if TYPE_CHECKING:
    from modelport.parity.report import ParityReport


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was built.

    Attributes:
        path: where it lies.
        manifest: what it holds.
        signature: inputs and outputs of every model in it.
    """

    path: Path
    manifest: Manifest
    signature: Signature

    def __repr__(self) -> str:
        held = ", ".join(entry.format for entry in self.manifest.models)
        return f"<Bundle {self.path.name!r}: {held}; {self.manifest.rows} golden rows; {self.manifest.parity}>"


@dataclass(frozen=True, slots=True)
class _Run:
    """One model in one runtime, over the golden rows."""

    entry: Entry
    runtime: Runtime
    outputs: pa.RecordBatch


def build(
    models: Sequence[Artifact], output: Path, *, report: "ParityReport", data: Data | None = None, force: bool = True
) -> Bundle:
    """Packs models, the rows that show what they answer, and the report that says they agree.

    Args:
        models: the reference first.
        output: the `.mport` file to write.
        report: of the comparison of exactly these models.
        data: rows that the golden rows are picked from; None to draw them as parity does.
        force: replace an output that exists.

    Raises:
        ParityFailed: the report did not pass, or the golden rows contradict it.
        UsageError: no models, an output that cannot be written, or a live model of a format that has no writer.
        DataError: the rows do not fit the models.
    """
    if not report.passed:
        raise ParityFailed(f"not packaged: {report.sentence()}", where=str(output), hint="run: modelport verify")
    if report.accepted:
        hint = "a baseline keeps a known difference from failing a check; it does not make models agree"
        raise ParityFailed(f"not packaged: {report.accepted[0].what}", where=str(output), hint=hint)
    if not models:
        raise UsageError("there is nothing to package", hint="name at least one model")
    check_target(output, force=force)
    _about_these(models, report)
    with tempfile.TemporaryDirectory(prefix="modelport-") as folder:
        entries, contents = _model_files(models, Path(folder))
        signature, rows, runs = _runs(models, entries, data)
        contents |= _evidence(signature, rows, runs, report)
        manifest = _manifest(output, entries, rows, runs, report)
        return _write(output, manifest, contents, signature)


def _about_these(models: Sequence[Artifact], report: "ParityReport") -> None:
    """The evidence must be about these very files."""
    compared = {(subject.artifact, subject.sha256) for subject in report.subjects}
    for model in models:
        if (model.name, model.sha256()) not in compared:
            hint = "verify these models again, and package them with that report"
            raise ParityFailed("not packaged: the report is not about this file", where=model.name, hint=hint)


def _model_files(models: Sequence[Artifact], folder: Path) -> tuple[list[Entry], dict[str, Content]]:
    entries: list[Entry] = []
    contents: dict[str, Content] = {}
    for model in models:
        path = model.path or _written(model, folder / str(len(entries)))
        member = names.model_member(path.name, {name.lower() for name in contents})
        entries.append(Entry(member, path.name, model.format.name))
        contents[member] = path
    return entries, contents


def _written(model: Artifact, folder: Path) -> Path:
    if model.format.write is None:
        raise UsageError(f"a live {model.format.title} model cannot be packaged", hint="write it to a file first")
    folder.mkdir()
    path = folder / f"{model.name}{model.format.suffixes[0]}"
    model.format.write(model.model, path)
    return path


def _runs(
    models: Sequence[Artifact], entries: Sequence[Entry], data: Data | None
) -> tuple[Signature, pa.RecordBatch, list[_Run]]:
    """Every model in every runtime that is installed, over the golden rows; and the reference's signature."""
    hint = hint_of(models, data, None)
    runs: list[_Run] = []
    signature, rows = Signature(()), None
    for model, entry in zip(models, entries, strict=True):
        for runtime in _ready(model):
            with closing(runtime.open(model, hint)) as session:
                if rows is None:
                    signature, rows = session.signature, golden.pick(data, session)
                adapt = fit_inputs(signature, session.signature, model.name).adapt
                runs.append(_Run(entry, runtime, session.score(adapt(rows))))
    assert rows is not None, "every model has a ready runtime"
    return signature, rows, runs


def _ready(model: Artifact) -> list[Runtime]:
    known = runtimes_for(model.format.name)
    ready = [item for item in known if not item.missing()]
    if not ready:
        command = next((item.missing() for item in known), None)
        raise MissingExtra(f"no installed runtime opens {model.format.title}", where=model.name, hint=command)
    return ready


def _evidence(
    signature: Signature, rows: pa.RecordBatch, runs: Sequence[_Run], report: "ParityReport"
) -> dict[str, Content]:
    timeless = replace(report, seconds={}).to_json()
    found: dict[str, Content] = {
        names.SIGNATURE: (signature.dumps() + "\n").encode(),
        names.INPUTS: arrow.dumps(rows),
        names.REPORT: (json.dumps(timeless, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode(),
    }
    return found | {names.expected_member(i): arrow.dumps(run.outputs) for i, run in enumerate(runs)}


def _manifest(
    output: Path, entries: Sequence[Entry], rows: pa.RecordBatch, runs: Sequence[_Run], report: "ParityReport"
) -> Manifest:
    recorded = [
        Golden(run.entry.member, run.runtime.name, runtime_version(run.runtime.name), names.expected_member(i))
        for i, run in enumerate(runs)
    ]
    return Manifest(
        name=output.stem,
        reference=entries[0].member,
        models=tuple(entries),
        golden=tuple(recorded),
        rows=rows.num_rows,
        parity=report.sentence(),
        made_with=made_with(run.runtime for run in runs),
    )


def _write(output: Path, manifest: Manifest, contents: dict[str, Content], signature: Signature) -> Bundle:
    sealed: list[tuple[Sealed, Content]] = [
        (archive.seal(name, content), content) for name, content in contents.items()
    ]
    files = {item.member.name: {"size": item.member.size, "sha256": item.sha256} for item, _ in sealed}
    manifest = replace(manifest, files=files)
    text = manifest.dumps()
    with atomic(output) as temporary, temporary.open("wb") as target:
        archive.write([*sealed, (archive.seal(names.MANIFEST, text), text)], target)
    return Bundle(output, manifest, signature)
