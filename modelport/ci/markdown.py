"""A project's results in Markdown: one table for all models, then each report, folded where it passed."""

from collections.abc import Iterator

from modelport.ci.junit import told
from modelport.ci.result import Part, ProjectReport, Result
from modelport.parity.text import markdown

HEADINGS = ("model", "converted", "rows compared", "rows that differ", "bundle", "seconds")


def markdown_of(found: ProjectReport) -> str:
    """The document."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: ProjectReport) -> Iterator[str]:
    yield f"# modelport: {found.sentence()}"
    yield ""
    yield f"| | {' | '.join(HEADINGS)} |"
    yield "| --- | --- | --- | ---: | ---: | --- | ---: |"
    for model in found.models:
        yield f"| {'✅' if model.exit_code == 0 else '❌'} | {' | '.join(map(_cell, row(model)))} |"
    for model in found.models:
        yield ""
        yield from _model(model)
    if found.stale:
        yield ""
        yield from ("Stale in the baseline:", "", *(f"- {item}" for item in found.stale))


def row(model: Result) -> tuple[str, ...]:
    """A model under `HEADINGS`."""
    report = model.report
    rows = f"{report.rows:,}" if report else "—"
    different = f"{max((pair.different for pair in report.official), default=0):,}" if report else "—"
    took = "unchanged" if model.reused else f"{model.seconds:.1f}"
    made = " · ".join(made_of(part, model) for part in model.of_kind("convert")) or "—"
    bundle = " · ".join(made_of(part, model) for part in model.of_kind("package")) or "—"
    return (model.name, made, rows, different, bundle, took)


def made_of(part: Part, model: Result) -> str:
    """A result in a few characters: whether it is there, and whether it is exact."""
    if not model.shows(part):
        return f"✗ {part.file}"
    notes = f" ({len(part.notes)} note{'s' if len(part.notes) > 1 else ''})" if part.notes else ""
    return f"✓ {part.file}{notes}"


def _model(model: Result) -> Iterator[str]:
    opened = " open" if model.exit_code else ""
    sentence = model.report.sentence() if model.report else "Nothing was compared."
    yield f"<details{opened}><summary><b>{_html(model.name)}</b>: {_html(sentence)}</summary>"
    yield ""
    for part in model.parts:
        if part.error:
            yield from (f"- ❌ {part.kind} {part.file}: {told(part).replace(chr(10), ' — ')}",)
        for note in part.notes:
            yield f"- {part.file}: {note['kind']} at {note['where']}: {note['what']}"
    for item in model.stale:
        yield f"- stale in the baseline: {item}"
    if model.report is not None:
        yield ""
        yield markdown(model.report)
    yield ""
    yield "</details>"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
