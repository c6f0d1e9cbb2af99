"""Building a bundle from models that passed parity."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from modelport.artifacts import Artifact
from modelport.bundle import archive, arrow, bill, card, lock, names, origins
from modelport.bundle.archive import Content, Sealed
from modelport.bundle.manifest import Entry, Golden, Manifest
from modelport.bundle.recording import Recorded, record
from modelport.bundle.versions import made_with, runtime_version
from modelport.data import Data
from modelport.errors import ParityFailed, UsageError
from modelport.files import atomic, check_target
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

    def _repr_html_(self) -> str:
        from modelport.notebook.bundle import html

        return html(self)

    def __repr__(self) -> str:
        held = ", ".join(entry.format for entry in self.manifest.models)
        return f"<Bundle {self.path.name!r}: {held}; {self.manifest.rows} golden rows; {self.manifest.parity}>"


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
        recorded = record(models, data, report)
        manifest = _manifest(output, entries, recorded, report)
        contents |= _evidence(manifest, recorded, report)
        contents |= _papers(models, manifest, recorded, report, contents)
        return _write(output, manifest, contents, recorded.signature)


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


def _manifest(output: Path, entries: Sequence[Entry], recorded: Recorded, report: "ParityReport") -> Manifest:
    golden = [
        Golden(entries[run.model].member, run.runtime.name, runtime_version(run.runtime.name), names.expected_member(i))
        for i, run in enumerate(recorded.runs)
    ]
    return Manifest(
        name=output.stem,
        reference=entries[0].member,
        models=tuple(entries),
        golden=tuple(golden),
        rows=recorded.rows.batch.num_rows,
        strata=recorded.rows.strata,
        parity=report.sentence(),
        made_with=made_with(run.runtime for run in recorded.runs),
    )


def _evidence(manifest: Manifest, recorded: Recorded, report: "ParityReport") -> dict[str, Content]:
    """What shows that the models agree, and what they answer."""
    timeless = _timeless(report).to_json()
    found: dict[str, Content] = {
        names.SIGNATURE: (recorded.signature.dumps() + "\n").encode(),
        names.INPUTS: arrow.dumps(recorded.rows.batch),
        names.REPORT: (json.dumps(timeless, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode(),
    }
    runs = zip(manifest.golden, recorded.runs, strict=True)
    return found | {run.member: arrow.dumps(answers.outputs) for run, answers in runs}


def _timeless(report: "ParityReport") -> "ParityReport":
    """Without how long things took, which no second run repeats."""
    return replace(report, seconds={}, extra={name: item for name, item in report.extra.items() if name != "wall"})


def _papers(
    models: Sequence[Artifact],
    manifest: Manifest,
    recorded: Recorded,
    report: "ParityReport",
    contents: Mapping[str, Content],
) -> dict[str, Content]:
    """What the models are, where they came from, and what they need."""
    digests = {entry.member: archive.seal(entry.member, contents[entry.member]).sha256 for entry in manifest.models}
    found = origins.origins(models, manifest.models, digests)
    locked = lock.closure(name for name in manifest.made_with if name != "python")
    sections = card.content(recorded.signature, found, recorded.rows, report, manifest.made_with)
    return {
        names.PROVENANCE: origins.dumps(found, manifest.made_with),
        names.LOCK: lock.requirements(locked),
        names.BILL: bill.bill(manifest.name, found, recorded.signature, locked, report),
        names.CARD: card.markdown(manifest.name, sections),
        names.CARD_PAGE: card.page(manifest.name, sections),
    }


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
