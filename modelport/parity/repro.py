"""A disagreement to take away: the two models, the row, and a short script that shows it with the runtimes alone."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import copyfile
from typing import Any

from modelport.artifacts import Artifact
from modelport.data import row_batch
from modelport.errors import DataError, UsageError
from modelport.parity.jsonable import encode
from modelport.parity.pieces import Subject
from modelport.parity.report import ParityReport
from modelport.runtimes import Script, runtimes
from modelport.signature import Signature

ROW, SCRIPT, REPORT = "row.json", "show.py", "report.json"


def write_repro(report: ParityReport, artifacts: Sequence[Artifact], folder: Path) -> Path:
    """Writes a folder that shows the smallest disagreement of a report.

    Args:
        artifacts: those that were compared.
        folder: made if it is missing; files of the same names are replaced.

    Returns:
        The script, to be run with the Python that has the runtimes.

    Raises:
        UsageError: the report has no disagreement on a row, the folder cannot be written, or a live model has no file
            format to be written in.
    """
    found = report.smallest
    if found is None or report.reference is None:
        raise UsageError("there is no disagreement on a row to reproduce", hint="look at the failures of the report")
    candidate = next(subject for subject in report.candidates if subject.name == found.subject)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        first = _model(report.reference, artifacts, folder, "reference")
        second = _model(candidate, artifacts, folder, "candidate")
        row = {name: encode(value) for name, value in found.witness.inputs.items()}
        (folder / ROW).write_text(json.dumps(row, indent=1, ensure_ascii=False) + "\n")
        (folder / REPORT).write_text(json.dumps(report.to_json(), indent=1) + "\n")
        hint = _hint(artifacts)
        sides = [(report.reference, first), (candidate, second)]
        asked = [_asked(subject, artifacts, found.witness.inputs, hint, file) for subject, file in sides]
        for name, content in [item for script in asked for item in script.files.items()]:
            (folder / name).write_bytes(content)
        (folder / SCRIPT).write_text(_text(report.reference, candidate, asked))
    except OSError as error:
        raise UsageError(f"the reproduction cannot be written: {error.strerror}", where=str(folder)) from error
    return folder / SCRIPT


def _of(subject: Subject, artifacts: Sequence[Artifact]) -> Artifact:
    return next(a for a in artifacts if (a.name, a.format.name) == (subject.artifact, subject.format))


def _model(subject: Subject, artifacts: Sequence[Artifact], folder: Path, name: str) -> str:
    """The subject's model as a file in the folder; its name there."""
    artifact = _of(subject, artifacts)
    if artifact.path is not None:
        return copyfile(artifact.path, folder / f"{name}{artifact.path.suffix}").name
    if artifact.format.write is None:
        raise UsageError(
            f"{artifact.name} lives in memory and its format cannot be written", hint="save it, then verify"
        )
    target = folder / f"{name}{artifact.format.suffixes[0]}"
    artifact.format.write(artifact.model, target)
    return target.name


def _hint(artifacts: Sequence[Artifact]) -> Signature | None:
    """The first signature that a file tells by itself."""
    for artifact in artifacts:
        try:
            return artifact.format.signature(artifact.model, None)
        except DataError:
            continue
    return None


def _asked(
    subject: Subject, artifacts: Sequence[Artifact], row: Mapping[str, Any], hint: Signature | None, file: str
) -> Script:
    """How to ask a runtime, by itself where its room says how; else through modelport."""
    known = runtimes().get(subject.runtime)
    own = known.script(_of(subject, artifacts), row, hint, file) if known is not None and known.script else None
    if own is not None:
        return own
    import pyarrow as pa
    import pyarrow.parquet

    kept, target = f"{file.partition('.')[0]}.parquet", pa.BufferOutputStream()
    table = pa.Table.from_batches([row_batch(row, hint)]) if hint else pa.Table.from_pylist([dict(row)])
    pyarrow.parquet.write_table(table, target)
    answer = f'modelport.load("{file}", runtime="{subject.runtime}").score(pd.read_parquet("{kept}")).to_pylist()'
    return Script(("import modelport", "import pandas as pd"), answer, {kept: target.getvalue().to_pybytes()})


def _text(reference: Subject, candidate: Subject, asked: Sequence[Script]) -> str:
    lines = [f'"""{reference.name} and {candidate.name} answer this row differently. Run me beside my files."""', ""]
    lines += [*sorted({item for script in asked for item in script.imports}), ""]
    for subject, script in zip((reference, candidate), asked, strict=True):
        lines += [*script.setup, f'print("{subject.runtime}:", {script.answer})']
    return "\n".join(lines) + "\n"
