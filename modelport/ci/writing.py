"""Writing a project's results to files, in the forms that were asked for."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from modelport.ci.result import ProjectReport
from modelport.files import atomic
from modelport.reports.github import summary_file

Outputs = Mapping[str, str]


def _json(found: ProjectReport, outputs: Outputs) -> str:
    return json.dumps(found.to_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _junit(found: ProjectReport, outputs: Outputs) -> str:
    from modelport.ci.junit import junit_of

    return junit_of(found)


def _sarif(found: ProjectReport, outputs: Outputs) -> str:
    from modelport.ci.sarif import sarif_of

    return json.dumps(sarif_of(found, outputs), ensure_ascii=False, indent=2) + "\n"


def _markdown(found: ProjectReport, outputs: Outputs) -> str:
    from modelport.ci.markdown import markdown_of

    return markdown_of(found)


WRITERS: Mapping[str, Callable[[ProjectReport, Outputs], str]] = {
    "json": _json,
    "junit": _junit,
    "markdown": _markdown,
    "sarif": _sarif,
}


def write(found: ProjectReport, wanted: Mapping[str, Path]) -> None:
    """Writes each form of `WRITERS` that is wanted, and the summary of a workflow's step, if there is one.

    Args:
        wanted: form → file.
    """
    outputs = {
        part.file: (PurePosixPath(found.output) / part.file).as_posix()
        for model in found.models
        for part in model.parts
        if part.file
    }
    for form, path in wanted.items():
        with atomic(path) as temporary:
            temporary.write_text(WRITERS[form](found, outputs), encoding="utf-8")
    summary = summary_file()
    if summary is not None:
        with summary.open("a", encoding="utf-8") as target:
            target.write(_markdown(found, outputs) + "\n")
