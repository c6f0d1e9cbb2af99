"""What a GitHub workflow shows of a project's results: annotations, each with its model's file."""

from collections.abc import Iterator

from modelport.ci.junit import told
from modelport.ci.result import ProjectReport, Result
from modelport.reports.github import escaped


def annotations_of(found: ProjectReport) -> Iterator[str]:
    """A line for each failure, and a warning for each runtime that was not run and each stale entry of a baseline."""
    for model in found.models:
        yield from _of(model)
    for item in found.stale:
        yield f"::warning title=modelport baseline::{escaped(item)}"


def _of(model: Result) -> Iterator[str]:
    where = f"file={_property(model.source)},title={_property(f'modelport {model.name}')}"
    for part in model.parts:
        if part.error:
            yield f"::error {where}::{escaped(f'{part.kind} {part.file}: {told(part)}')}"
    report = model.report
    for failure in report.failures if report else ():
        yield f"::error {where}::{escaped(str(failure))}"
    for absent in report.missing if report else ():
        yield f"::warning {where}::{escaped(f'not run: {absent.runtime} ({absent.why})')}"
    for item in model.stale:
        yield f"::warning {where}::{escaped(f'stale in the baseline: {item}')}"


def _property(text: str) -> str:
    """A property's value: besides what a message escapes, the characters that end it.

    Source: `escapeProperty` of GitHub's actions/toolkit, `packages/core/src/command.ts`.
    """
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
