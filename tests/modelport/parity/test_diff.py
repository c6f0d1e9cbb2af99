"""diff: structure beside behaviour."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelport.artifacts import artifact
from modelport.conversion import Context
from modelport.data import data
from modelport.parity import Settings, compare
from modelport.parity.diff import diff


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Any]:
    """Two ONNX files of models that were fitted with and without a scaler."""
    import onnx
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from modelport_onnx.build import to_onnx

    folder = tmp_path_factory.mktemp("models")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 3))
    y = x @ [1.0, 2.0, 3.0]
    for name, model in (("a", LinearRegression()), ("b", make_pipeline(StandardScaler(), LinearRegression()))):
        model.fit(x, y + (name == "b"))
        signature = artifact(model).format.signature(model, data(x).head())
        onnx.save(to_onnx(model, Context(signature)), folder / f"{name}.onnx")
    return folder / "a.onnx", folder / "b.onnx", x


def test_operators_and_sizes_that_differ_are_listed(files: Any) -> None:
    first, second, _ = files
    found = diff(artifact(first), artifact(second))
    steps = {line.name: (line.first, line.second) for line in found.differing if line.topic == "step"}
    assert steps["Sub"] == (None, "1")
    assert "size" in {line.topic for line in found.differing}
    assert {line.topic for line in found.structure if line.same} >= {"format", "input", "output", "task"}


def test_a_file_is_like_itself(files: Any) -> None:
    first, _, _ = files
    found = diff(artifact(first), artifact(first))
    assert found.differing == ()
    assert "the same structure" in str(found)


def test_behaviour_says_how_far_apart_they_score(files: Any) -> None:
    first, second, x = files
    pair = artifact(first), artifact(second)
    settings = Settings(strata=("data",), runtimes=("onnxruntime",), isolate=False)
    found = diff(*pair, behaviour=compare(pair, data=data(x), settings=settings))
    assert found.distances["prediction"] == pytest.approx(1.0)
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["distances"]["prediction"] == pytest.approx(1.0)
