"""The MLflow folder, loaded back by MLflow."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from modelport.exports import Exported

Golden = tuple[pa.Table, pa.Table]


@pytest.fixture(scope="module")
def folder(exported: Callable[[str], Exported]) -> Path:
    return exported("mlflow").path


def fed(rows: pa.Table) -> dict[str, Any]:
    """The golden rows as MLflow's request has them: missing numbers NaN, missing text empty."""
    found = {}
    for name, kind in zip(rows.column_names, (float, str, bool, np.int64, float), strict=True):
        missing = {float: np.nan, str: ""}.get(kind)
        cells = [missing if cell is None else cell for cell in rows[name].to_pylist()]
        found[name] = np.array(cells, kind).reshape(-1, 1)
    return found


def test_pyfunc_reproduces_the_golden_rows(folder: Path, golden: Golden) -> None:
    import mlflow.pyfunc

    rows, answers = golden
    found = mlflow.pyfunc.load_model(str(folder)).predict(fed(rows))
    assert list(found["label"]) == answers["label"].to_pylist()
    expected = np.array([answers["probability(no)"], answers["probability(yes)"]]).T
    np.testing.assert_allclose(found["probability"], expected, rtol=1e-12, atol=1e-15)


def test_its_flavour_is_onnx(folder: Path) -> None:
    import mlflow.onnx

    model = mlflow.onnx.load_model(str(folder))
    assert [value.name for value in model.graph.output] == ["label", "probability"]


def test_the_signature_holds_what_comes_in(folder: Path, golden: Golden) -> None:
    import mlflow.pyfunc
    from mlflow.exceptions import MlflowException

    loaded = mlflow.pyfunc.load_model(str(folder))
    signature = loaded.metadata.signature
    assert signature.inputs.input_names() == golden[0].column_names
    assert [str(kind) for kind in signature.inputs.numpy_types()] == ["float64", "<U0", "bool", "int64", "float64"]
    rows = fed(golden[0])
    with pytest.raises(MlflowException):
        loaded.predict(rows | {"visits": rows["visits"].astype(float)})


def test_the_input_example_is_rows_that_it_answers(folder: Path) -> None:
    import mlflow.pyfunc

    loaded = mlflow.pyfunc.load_model(str(folder))
    example = loaded.input_example
    assert len(loaded.predict(example)["label"]) == 3
    served = json.loads((folder / "serving_input_example.json").read_text(), parse_constant=pytest.fail)
    assert served["inputs"]["visits"] == example["visits"].tolist()


def test_the_requirements_are_those_of_the_lock(folder: Path) -> None:
    import onnxruntime

    lines = (folder / "requirements.txt").read_text().split()
    assert f"onnxruntime=={onnxruntime.__version__}" in lines
    assert not [line for line in lines if line.startswith(("scikit-learn", "modelport"))]
