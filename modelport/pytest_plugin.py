"""The pytest plugin: a fixture `assert_parity`, and `--modelport-report` to keep what was compared."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from modelport import testing

if TYPE_CHECKING:
    from modelport.parity.report import ParityReport

_FORMS = (".html", ".json", ".md")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option."""
    parser.getgroup("modelport").addoption(
        "--modelport-report",
        metavar="FILE",
        type=Path,
        help="Write every parity report of this run to FILE (.html, .json or .md).",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Checks the option before any test runs."""
    path = config.getoption("--modelport-report")
    if path is not None and path.suffix not in _FORMS:
        raise pytest.UsageError(f"--modelport-report: {path} ends in none of {', '.join(_FORMS)}")
    if path is not None and not path.absolute().parent.is_dir():
        raise pytest.UsageError(f"--modelport-report: the folder {path.parent} does not exist")
    if path is not None and path.suffix == ".html":
        _check_drawing()
    config.stash[_GATHERER] = _Gatherer()
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(config.stash[_GATHERER])


def _check_drawing() -> None:
    from modelport.errors import MissingExtra
    from modelport.reports.html.document import ready

    try:
        ready()
    except MissingExtra as error:
        raise pytest.UsageError(f"--modelport-report: {error}") from None


_GATHERER: "pytest.StashKey[_Gatherer]" = pytest.StashKey()
_PROPERTY = "modelport-report"


@pytest.fixture
def assert_parity() -> "Callable[..., ParityReport]":
    """`modelport.testing.assert_parity`."""
    return testing.assert_parity


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Hangs the reports of one test on its result, which also travels from the workers of pytest-xdist."""

    def keep(report: "ParityReport") -> None:
        item.user_properties.append((_PROPERTY, json.dumps(report.to_json(), allow_nan=False)))

    testing.listeners.append(keep)
    try:
        return (yield)
    finally:
        testing.listeners.remove(keep)


class _Gatherer:
    """Takes the reports off the results of tests, before other plugins see them."""

    def __init__(self) -> None:
        self.reports: list[tuple[str, ParityReport]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        ours = [str(value) for name, value in report.user_properties if name == _PROPERTY]
        if not ours:
            return
        from modelport.parity.report import ParityReport

        report.user_properties = [item for item in report.user_properties if item[0] != _PROPERTY]
        if report.when == "call":
            self.reports += [(report.nodeid, ParityReport.from_json(json.loads(value))) for value in ours]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Writes the reports."""
    path = session.config.getoption("--modelport-report")
    if path is not None and not hasattr(session.config, "workerinput"):
        text = {".html": _html, ".json": _json, ".md": _markdown}[path.suffix]
        path.write_text(text(session.config.stash[_GATHERER].reports, path), encoding="utf-8")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """One line: how many comparisons were made, and where the reports are."""
    reports = config.stash[_GATHERER].reports
    if not reports:
        return
    failed = sum(not report.passed for _, report in reports)
    where = config.getoption("--modelport-report")
    kept = f", in {where}" if where else ""
    terminalreporter.write_line(f"modelport: {len(reports)} parity report(s), {failed} failed{kept}")


def _json(reports: "list[tuple[str, ParityReport]]", path: Path) -> str:
    documents = [{"test": name, "report": report.to_json()} for name, report in reports]
    return json.dumps({"reports": documents}, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _markdown(reports: "list[tuple[str, ParityReport]]", path: Path) -> str:
    from modelport.parity.text import markdown

    return "\n\n".join(f"## {name}\n\n{markdown(report)}" for name, report in reports) + "\n"


def _html(reports: "list[tuple[str, ParityReport]]", path: Path) -> str:
    """The report itself where there is one; else a page that leads to one for each, in a folder beside the file."""
    from modelport.reports.html.document import document
    from modelport.reports.index import folder_for_pages, index

    if len(reports) == 1:
        return document(reports[0][1], command=f"pytest {reports[0][0]}")
    rows = []
    for place, (name, report) in enumerate(reports, 1):
        page = folder_for_pages(path.with_suffix("")) / f"{place:03}.html"
        page.write_text(document(report, command=f"pytest {name}"), encoding="utf-8")
        rows.append((report.passed, f"{page.parent.name}/{page.name}", (name, report.sentence())))
    failed = sum(not report.passed for _, report in reports)
    sentence = f"{len(reports)} parity reports, {failed} failed" if reports else "No parity was asserted."
    return index(sentence, ("test", "finding"), rows)
