"""The documentation builds without a warning, its code runs, and it names every error there is."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from modelport.errors import ModelportError

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_the_site_builds_with_one_command(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(DOCS, tmp_path / "docs")
    for name in ("modelport", "converters", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "def convert" in re.sub(r"<[^>]+>", "", (tmp_path / "site/plugins/index.html").read_text())
    assert "modelport.api.convert" in (tmp_path / "site/api/index.html").read_text()


def test_the_quick_start_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "quickstart.md").read_text(), re.DOTALL)
    for block in blocks:
        exec(compile(block, "quickstart.md", "exec"), scope)
    shown = capsys.readouterr().out
    assert "Parity holds" in shown
    assert "HashingVectorizer" in shown
    assert (tmp_path / "model.mport").is_file()


def test_every_error_has_its_remedy() -> None:
    import modelport.parity.isolate  # noqa: F401  # it defines an error of its own

    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \| (.+?) \| (.+?) \|$", (DOCS / "errors.md").read_text(), re.MULTILINE)
    known = [ModelportError]
    for error in known:
        known += error.__subclasses__()
    assert {(code, int(number)) for code, number, _, _ in rows} == {(error.code, error.exit_code) for error in known}
    assert all(len(meaning) > 10 and len(remedy) > 10 for _, _, meaning, remedy in rows)


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.relative_to(DOCS).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_every_page_is_in_the_navigation_or_linked() -> None:
    named = set(re.findall(r": ([a-z_/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE))
    pages = {page.relative_to(DOCS).as_posix(): page for page in DOCS.rglob("*.md")}
    assert named <= set(pages)
    linked = {
        (page.parent / target).resolve().relative_to(DOCS).as_posix()
        for page in pages.values()
        for target in re.findall(r"\]\((?!https?:|#|\.\./\.\./\.\.)([^)#]+\.md)", page.read_text())
    }
    assert set(pages) <= named | linked
