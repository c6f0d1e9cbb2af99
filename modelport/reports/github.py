"""What a GitHub workflow shows by itself: annotations on the run, and the step's summary.

Source: GitHub's "Workflow commands" (`::error title=…::message`, with %, CR and LF escaped) and `GITHUB_STEP_SUMMARY`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from modelport.parity.report import ParityReport


def annotations(report: ParityReport) -> Iterator[str]:
    """A line for each failure, and a warning for each runtime that was not run."""
    for failure in report.failures:
        yield f"::error title=modelport {failure.kind.value}::{escaped(str(failure))}"
    for item in report.missing:
        yield f"::warning title=modelport::{escaped(f'not run: {item.runtime} ({item.why})')}"


def in_workflow() -> bool:
    """Whether this runs as a step of a GitHub workflow."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def summary_file() -> Path | None:
    """Where the step's summary is written, if there is such a place."""
    name = os.environ.get("GITHUB_STEP_SUMMARY")
    return Path(name) if name else None


def escaped(text: str) -> str:
    """Text as a command's message takes it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
