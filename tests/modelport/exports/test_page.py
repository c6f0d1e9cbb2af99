"""docs/export.md: its example runs as it stands, and its table is the targets there are."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from modelport import api
from modelport.exports import TARGETS

PAGE = (Path(__file__).parents[3] / "docs" / "export.md").read_text()


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "export.md", "exec"), {"__name__": "example"})
    assert printed.getvalue() == "yes\n"


def test_the_table_is_that_of_the_targets() -> None:
    assert re.findall(r"^\| `([a-z]+)` \|", PAGE, re.M) == list(TARGETS)
    assert all(f"## {name}\n" in PAGE for name in TARGETS)
    assert list(api.targets()) == list(TARGETS)
