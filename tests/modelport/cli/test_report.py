"""verify --report: one page, beside the other forms, or a plain word on what is missing."""

from pathlib import Path
from typing import Any

import pytest

FEW = ("--rows", 50, "--boundary-rows", 50, "--strata", "data,random", "--runtime", "scikit-learn")


def test_the_page_says_how_to_repeat_it(run: Any, model: Path, rows: Path) -> None:
    ran = run("verify", model.name, model.name, "--data", rows.name, *FEW, "--report", "a page.html")
    assert ran.code == 0, ran.err
    assert "html: a page.html" in ran.err
    text = Path("a page.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    command = (
        f"modelport verify model.pkl model.pkl --data rows.parquet {' '.join(map(str, FEW))} --report 'a page.html'"
    )
    assert f"<pre><code>{command}</code></pre>" in text
    assert "Parity holds" in text


def test_the_same_command_gives_the_same_bytes(run: Any, model: Path, rows: Path) -> None:
    pages = []
    for _ in range(2):
        run("verify", model.name, model.name, "--data", rows.name, *FEW, "--report", "page.html")
        pages.append(Path("page.html").read_bytes())
    assert pages[0] == pages[1]


def test_without_matplotlib_nothing_is_begun(
    run: Any, model: Path, rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib.util import find_spec

    hidden = "matplotlib"
    monkeypatch.setattr("modelport.plugins.find_spec", lambda name: None if name == hidden else find_spec(name))
    ran = run("verify", model.name, model.name, "--data", rows.name, "--report", "page.html")
    assert ran.code == 6
    assert ran.hint == 'pip install "modelport[report]"'
    assert not Path("page.html").exists()


def test_a_folder_that_is_missing_is_told_before_any_work(run: Any, model: Path, rows: Path) -> None:
    assert run("verify", model.name, model.name, "--data", rows.name, "--report", "no/page.html").code == 2
