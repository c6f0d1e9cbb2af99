"""The case that random rows miss: a LightGBM model through onnxmltools, whose splits are rounded to float32."""

import warnings
from typing import Any

import numpy as np
import pytest

from modelport.artifacts import artifact
from modelport.data import data
from modelport.parity import Settings, compare

pytest.importorskip("lightgbm")
pytest.importorskip("onnxmltools")


@pytest.fixture(scope="module")
def rounded() -> tuple[Any, Any, Any]:
    """A LightGBM classifier, its conversion by onnxmltools with columns named as modelport names them, and rows."""
    from lightgbm import LGBMClassifier
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    rng = np.random.default_rng(0)
    x = rng.normal(size=(1000, 4))
    y = (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LGBMClassifier(n_estimators=20, num_leaves=15, verbose=-1, n_jobs=1).fit(x, y)
        proto = convert_lightgbm(model, initial_types=[("X", FloatTensorType([None, 4]))], target_opset=15)
    return model, proto, x


def test_boundary_rows_find_it_with_its_witness(rounded: tuple[Any, Any, Any]) -> None:
    model, proto, x = rounded
    settings = Settings(
        strata=("random", "boundary"), runtimes=("scikit-learn", "onnxruntime"), atol=1e-4, rtol=1e-4, rows=5000
    )
    report = compare([artifact(model), artifact(proto)], data=data(x), settings=settings)
    strata = {stratum.name: stratum for stratum in report.official[0].strata}
    assert strata["random"].different <= 0.001 * strata["random"].rows, "random rows hardly see it"
    assert strata["boundary"].different > 0.05 * strata["boundary"].rows
    assert not report.passed
    witness = strata["boundary"].witnesses[0]
    splits = _splits(model)
    on_split = [
        name for name, value in witness.inputs.items() if value is not None and _near(value, splits[int(name[1:])])
    ]
    assert on_split, "the witness stands on a split that float32 moved"
    assert report.smallest is not None


def _splits(model: Any) -> dict[int, np.ndarray]:
    found: dict[int, list[float]] = {i: [] for i in range(4)}

    def walk(node: Any) -> None:
        if "threshold" in node:
            found[node["split_feature"]].append(node["threshold"])
            walk(node["left_child"])
            walk(node["right_child"])

    for tree in model.booster_.dump_model()["tree_info"]:
        walk(tree["tree_structure"])
    return {column: np.array(values) for column, values in found.items()}


def _near(value: float, splits: np.ndarray) -> bool:
    return bool(len(splits) and np.min(np.abs(splits - value) / np.maximum(np.abs(splits), 1e-300)) < 2.0**-22)
