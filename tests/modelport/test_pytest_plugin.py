"""The pytest plugin, used as a project would use it."""

import json
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ("pytester",)

INSTALLED = any(point.value == "modelport.pytest_plugin" for point in entry_points(group="pytest11"))
"""Whether this installation registers the plugin by itself."""

MODELS = """
import numpy as np
import onnx
import pyarrow as pa
from onnx import TensorProto, helper, numpy_helper
from modelport.signature import Column, Signature, Task, regression_outputs
from modelport_onnx.assemble import stamp

ROWS = {"a": [1.0, 2.0, 3.0], "b": [0.5, 0.25, -1.0]}

def linear(*weights):
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["X", "w"], ["prediction"])],
        "linear",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, ["N", 2])],
        [helper.make_tensor_value_info("prediction", TensorProto.DOUBLE, ["N", 1])],
        [numpy_helper.from_array(np.array(weights).reshape(-1, 1), "w")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    inputs = (Column("a", pa.float64()), Column("b", pa.float64()))
    stamp(made, Signature(inputs, regression_outputs(), Task.REGRESSION))
    return made

POLICY = dict(rows=50, strata=("data", "random"), runtimes=("onnxruntime",))
"""

AGREES = """
from models import linear, ROWS, POLICY

def test_agrees(assert_parity):
    assert assert_parity(linear(2.0, -1.0), linear(2.0, -1.0), ROWS, **POLICY).passed
"""

DIFFERS = """
from models import linear, ROWS, POLICY
from modelport.testing import assert_parity

def test_differs():
    assert_parity(linear(2.0, -1.0), linear(2.0, -1.001), ROWS, **POLICY)
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(models=MODELS)
    return pytester


def run(project: pytest.Pytester, *arguments: Any) -> pytest.RunResult:
    plugin = () if INSTALLED else ("-p", "modelport.pytest_plugin")
    return project.runpytest_subprocess(*plugin, *arguments, timeout=100)


def test_models_that_agree_pass(project: pytest.Pytester) -> None:
    project.makepyfile(AGREES)
    result = run(project)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["modelport: 1 parity report(s), 0 failed"])


def test_a_failure_shows_the_smallest_row_and_no_insides(project: pytest.Pytester) -> None:
    project.makepyfile(DIFFERS)
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: Parity does not hold*",
            "*The smallest row that shows it (reduced from the data rows*",
            "*a = *",
            "*b = *",
            "*prediction: * expected, * found*",
        ]
    )
    assert "api.verify(" not in result.stdout.str()


@pytest.mark.parametrize(("suffix", "more"), [("json", ()), ("md", ()), ("json", ("-n", "2"))])
def test_reports_are_kept(project: pytest.Pytester, suffix: str, more: tuple[str, ...]) -> None:
    project.makepyfile(test_good=AGREES, test_bad=DIFFERS)
    result = run(project, f"--modelport-report=parity.{suffix}", *more, "--junit-xml=junit.xml")
    result.assert_outcomes(passed=1, failed=1)
    assert "modelport-report" not in (Path(project.path) / "junit.xml").read_text()
    text = (Path(project.path) / f"parity.{suffix}").read_text()
    if suffix == "json":
        found = {item["test"]: item["report"]["passed"] for item in json.loads(text)["reports"]}
        assert found == {"test_good.py::test_agrees": True, "test_bad.py::test_differs": False}
    else:
        assert "## test_good.py::test_agrees" in text
        assert "| candidate |" in text


def test_one_comparison_is_one_page(project: pytest.Pytester) -> None:
    project.makepyfile(AGREES)
    run(project, "--modelport-report=parity.html").assert_outcomes(passed=1)
    text = (Path(project.path) / "parity.html").read_text()
    assert "Parity holds" in text
    assert "pytest test_one_comparison_is_one_page.py::test_agrees" in text
    assert not (Path(project.path) / "parity").exists()


def test_several_comparisons_are_a_page_each(project: pytest.Pytester) -> None:
    project.makepyfile(test_good=AGREES, test_bad=DIFFERS)
    run(project, "--modelport-report=parity.html").assert_outcomes(passed=1, failed=1)
    text = (Path(project.path) / "parity.html").read_text()
    assert "2 parity reports, 1 failed" in text
    assert "Parity does not hold" in (Path(project.path) / "parity" / "001.html").read_text()
    assert "Parity holds" in (Path(project.path) / "parity" / "002.html").read_text()
    assert 'href="parity/001.html">test_bad.py::test_differs</a>' in text
    assert 'href="parity/002.html">test_good.py::test_agrees</a>' in text


def test_a_page_of_nothing_says_so(project: pytest.Pytester) -> None:
    project.makepyfile("def test_other():\n    pass\n")
    run(project, "--modelport-report=parity.html").assert_outcomes(passed=1)
    assert "No parity was asserted." in (Path(project.path) / "parity.html").read_text()


@pytest.mark.parametrize(("path", "text"), [("x.pdf", "ends in none"), ("no/x.json", "does not exist")])
def test_a_report_that_cannot_be_written_is_told_at_once(project: pytest.Pytester, path: str, text: str) -> None:
    project.makepyfile(AGREES)
    result = run(project, f"--modelport-report={path}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{text}*"])


def test_an_unknown_policy_is_refused(project: pytest.Pytester) -> None:
    project.makepyfile(AGREES.replace("**POLICY", "tolerance=1"))
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*there is no setting called 'tolerance'*"])


def test_the_plugin_alone_imports_no_science(project: pytest.Pytester) -> None:
    project.makepyfile(
        "import sys\n\ndef test_light():\n    assert not {'numpy', 'pyarrow', 'onnx'} & set(sys.modules)\n"
    )
    run(project, "-p", "no:hypothesispytest").assert_outcomes(passed=1)
