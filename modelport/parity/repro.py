"""A disagreement to take away: the two models, the row, and a short script that shows it with the runtimes alone."""

import json
from collections.abc import Sequence
from pathlib import Path
from shutil import copyfile

from modelport.artifacts import Artifact
from modelport.errors import UsageError
from modelport.parity.jsonable import encode
from modelport.parity.pieces import Subject
from modelport.parity.report import ParityReport
from modelport.runtimes import runtimes

ROW, SCRIPT, REPORT = "row.json", "show.py", "report.json"

_OWN = """def {name}(path, row):
    import modelport

    return modelport.load(path, runtime="{runtime}").predict({{name: [value] for name, value in row.items()}})
"""


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
        (folder / SCRIPT).write_text(_script(report.reference, candidate, first, second))
    except OSError as error:
        raise UsageError(f"the reproduction cannot be written: {error.strerror}", where=str(folder)) from error
    return folder / SCRIPT


def _model(subject: Subject, artifacts: Sequence[Artifact], folder: Path, name: str) -> str:
    """The subject's model as a file in the folder; its name there."""
    artifact = next(a for a in artifacts if (a.name, a.format.name) == (subject.artifact, subject.format))
    target = folder / f"{name}{artifact.format.suffixes[0]}"
    if artifact.path is not None:
        copyfile(artifact.path, target)
    elif artifact.format.write is not None:
        artifact.format.write(artifact.model, target)
    else:
        raise UsageError(
            f"{artifact.name} lives in memory and its format cannot be written", hint="save it, then verify"
        )
    return target.name


def _script(reference: Subject, candidate: Subject, first: str, second: str) -> str:
    names = _function(reference), _function(candidate)
    sources = dict.fromkeys((_source(reference), _source(candidate)))
    return "\n\n".join(
        [
            f'"""{reference.name} and {candidate.name} answer this row differently. Run me beside my files."""',
            "import json",
            'special = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}\n'
            f'row = json.load(open("{ROW}", encoding="utf-8"))\n'
            'row = {k: special[v["float"]] if isinstance(v, dict) else v for k, v in row.items()}',
            *sources,
            f'print("{reference.runtime}:", {names[0]}("{first}", row))\n'
            f'print("{candidate.runtime}:", {names[1]}("{second}", row))\n',
        ]
    )


def _function(subject: Subject) -> str:
    return "answer_of_" + "".join(c if c.isalnum() else "_" for c in subject.runtime)


def _source(subject: Subject) -> str:
    """How to ask a runtime, in its own words if its room gives them."""
    known = runtimes().get(subject.runtime)
    name = _function(subject)
    if known is not None and known.script is not None:
        return known.script.replace("ANSWER", name).strip("\n")
    return _OWN.format(name=name, runtime=subject.runtime).strip("\n")
