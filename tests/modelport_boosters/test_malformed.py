"""A model file that contradicts itself is refused with a typed error, not converted and not a defect."""

from pathlib import Path

import lightgbm
import numpy as np
import pytest

from modelport.conversion import Context
from modelport.errors import ModelportError
from modelport.formats import Policy
from modelport_boosters.convert import to_onnx
from modelport_boosters.lgbm.file import read, signature

ROWS = np.random.default_rng(0).normal(size=(80, 3))


@pytest.mark.parametrize("field", ["leaf_features=", "leaf_coeff=", "num_features=", "leaf_const="])
def test_a_linear_tree_whose_lists_disagree_is_refused(field: str, tmp_path: Path) -> None:
    data = lightgbm.Dataset(ROWS, label=ROWS @ [1.0, 2.0, 3.0], params={"linear_tree": True, "verbose": -1})
    parameters = {"linear_tree": True, "num_leaves": 4, "verbose": -1, "num_threads": 1}
    text = lightgbm.train(parameters, data, 2).model_to_string()
    start = text.rindex(f"\n{field}") + len(field) + 1  # the first tree of all has no slopes
    path = tmp_path / "model.txt"
    path.write_text(text[:start] + text[text.index("\n", start) :])
    with pytest.raises(ModelportError):
        _converted(path)


def _converted(path: Path) -> None:
    model = read(path, Policy())
    to_onnx(model, Context(signature(model)))
