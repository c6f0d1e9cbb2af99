"""Writing a parity report to files, in the forms that were asked for."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from modelport.files import atomic, check_target
from modelport.parity.report import ParityReport

Paths = Mapping[str, Path]


def _html(report: ParityReport, paths: Paths, command: str | None) -> str:
    from modelport.reports.html.document import document

    return document(report, command=command)


def _markdown(report: ParityReport, paths: Paths, command: str | None) -> str:
    from modelport.parity.text import markdown

    return markdown(report) + "\n"


def _junit(report: ParityReport, paths: Paths, command: str | None) -> str:
    from modelport.reports.junit import junit

    return junit(report)


def _sarif(report: ParityReport, paths: Paths, command: str | None) -> str:
    from modelport.reports.sarif import sarif

    return json.dumps(sarif(report, paths), ensure_ascii=False, indent=2) + "\n"


def _json(report: ParityReport, paths: Paths, command: str | None) -> str:
    return json.dumps(report.to_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


WRITERS: Mapping[str, Callable[[ParityReport, Paths, str | None], str]] = {
    "html": _html,
    "json": _json,
    "junit": _junit,
    "markdown": _markdown,
    "sarif": _sarif,
}


def check(wanted: Mapping[str, Path]) -> None:
    """Whether every report can be written where it was asked for; found out before any work. Old ones are replaced.

    Raises:
        UsageError: a folder is missing or not writable.
        MissingExtra: what draws a form is not installed.
    """
    if "html" in wanted:
        from modelport.reports.html.document import ready

        ready()
    for path in wanted.values():
        check_target(path, force=True)


def write(report: ParityReport, wanted: Mapping[str, Path], paths: Paths, command: str | None = None) -> None:
    """Writes a report in each form of `WRITERS` that is wanted, and to the step summary of a workflow, if there is one.

    Args:
        wanted: form → file.
        paths: artifact name → its path, for forms that point at files.
        command: the command line that gave the report, for forms that say how to repeat it.
    """
    from modelport.reports.github import summary_file

    for form, path in wanted.items():
        with atomic(path) as temporary:
            temporary.write_text(WRITERS[form](report, paths, command), encoding="utf-8")
    summary = summary_file()
    if summary is not None:
        with summary.open("a", encoding="utf-8") as target:
            target.write(_markdown(report, paths, command) + "\n")
