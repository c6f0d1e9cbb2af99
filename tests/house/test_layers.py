"""The architecture, held: who may import whom, and what importing costs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("sklearn", "onnx", "onnxruntime", "spox", "pandas", "lxml", "jpype", "xgboost", "lightgbm", "catboost", "rich")


def test_import_layers_hold() -> None:
    """In a process of its own: import-linter 2 sets up logging as it starts, which silences every logger there is."""
    words = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def loaded_after(statement: str) -> set[str]:
    """Top-level modules in a fresh interpreter after a statement."""
    script = f"{statement}; import sys; print(' '.join({{m.partition('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import modelport; modelport.load",
        "import modelport.api, modelport.graph, modelport.runtimes, modelport.data",
        "from modelport.plugins import plugins; plugins()",
    ],
)
def test_the_core_and_every_plugin_table_load_nothing_heavy(statement: str) -> None:
    assert loaded_after(statement).isdisjoint(HEAVY)


def test_the_package_itself_loads_not_even_numpy() -> None:
    assert loaded_after("import modelport").isdisjoint({*HEAVY, "numpy", "pyarrow"})


def test_graphs_are_built_with_the_quick_operators() -> None:
    """`modelport_onnx.ops` makes the same nodes as spox's own modules, in a fraction of the time."""
    allowed = {"modelport_onnx/ops.py", *(f"modelport_onnx/nodes/{name}.py" for name in ("constants", "table"))}
    found = {
        path.relative_to(ROOT / "converters").as_posix()
        for path in (ROOT / "converters").rglob("*.py")
        if any(line.strip().startswith("import spox.opset") for line in path.read_text("utf-8").splitlines())
    }
    assert found <= allowed
