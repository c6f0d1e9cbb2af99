"""Progress in notebooks: nothing for quick work, one line for slow work until it is done; elsewhere nobody is told."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from modelport.notebook import progress


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A kernel; what it displays, in order."""
    shown: list[str] = []
    ipython = ModuleType("IPython")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=object())  # type: ignore[attr-defined]  # a stand-in
    module = ModuleType("IPython.display")
    handle = SimpleNamespace(update=shown.append)

    def display(html: str, display_id: bool) -> Any:
        shown.append(html)
        return handle

    module.display, module.HTML = display, str  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    return shown


def test_quick_work_shows_nothing(displayed: list[str]) -> None:
    with progress.shown(None, "comparing") as told:
        told("random", 10, 100)
    assert displayed == []


def test_slow_work_shows_one_line_that_goes_away(displayed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with progress.shown(None, "comparing") as told:
        told("random", 10, 100)
        told("<b>", 20_000, None)
        told("reading")
    assert 'value="10" max="100"' in displayed[0]
    assert "comparing: &lt;b&gt;" in displayed[1]
    assert "20,000 rows" in displayed[1]
    assert "reading" in displayed[2]
    assert displayed[3:] == [""]


def test_whoever_was_given_is_told_instead(displayed: list[str]) -> None:
    told: list[Any] = []
    with progress.shown(lambda *args: told.append(args), "comparing") as given:
        given("random", 1, None)
    assert told == [("random", 1, None)]
    assert displayed == []


def test_elsewhere_nobody_is_told_and_nothing_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert not progress.in_notebook()
    with progress.shown(None, "comparing") as told:
        told("random", 1, 2)
    assert "IPython" not in sys.modules
