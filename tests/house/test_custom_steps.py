"""The page about one's own steps is executed as it stands."""

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "custom-steps.md"


def test_the_example_of_the_page_runs_and_agrees() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, str(PAGE), "exec"), {"__name__": "example"})
    assert "onnx exact" in printed.getvalue()
    assert "Parity holds" in printed.getvalue()
