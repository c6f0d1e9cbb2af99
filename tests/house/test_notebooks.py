"""The notebooks run in an empty folder, say nothing of the machine they were written on, and are kept without outputs.

What they show changes with versions, so it is made when the documentation is built, and here.
"""

import re
import warnings
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
TIMEOUT = 240
"""Seconds a cell may take."""


def cells(path: Path, kind: str) -> list[str]:
    return [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == kind]


def test_there_are_three() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["convert-and-verify", "find-and-fix-a-disagreement", "rescue-a-pmml"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_valid_and_kept_without_outputs(path: Path) -> None:
    book = nbformat.read(path, 4)
    nbformat.validate(book)
    assert book.cells[0].source.startswith("# ")
    for cell in book.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert set(book.metadata) == {"kernelspec", "language_info"}
    assert not re.search(r"(/home/|/Users/|/root/|/tmp/|[A-Z]:\\\\)", path.read_text())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_explains_more_than_it_computes(path: Path) -> None:
    prose, code = cells(path, "markdown"), cells(path, "code")
    assert len(prose) >= 6
    assert sum(map(len, prose)) > 1500
    assert len(code) >= 6


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_links_lead_somewhere(path: Path) -> None:
    for text in cells(path, "markdown"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    book = nbformat.read(path, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the client, about its transport
        NotebookClient(book, timeout=TIMEOUT, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("text/html" in output.get("data", {}) for output in shown), "cards are shown"
    assert not [output for output in shown if output.get("name") == "stderr"], "nothing complains"
