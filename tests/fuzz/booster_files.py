"""XGBoost's, LightGBM's and CatBoost's own files: reading, inspecting, converting."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from modelport.formats import Policy
from tests.fuzz import mutate
from tests.fuzz.harness import OPENS, Harness
from tests.fuzz.models import LABELS, ROWS

WORDS = (
    *(b"null", b"-1", b"1e999", b"NaN", b"[]", b"{}", b'"0"', b"9999999999", b"true", b"split_indices"),
    *(b"base_score", b"num_feature", b"binary:logistic", b"multi:softprob", b"gblinear", b"dart", b"categories", b"="),
    *(b"\n", b"Tree=1", b"num_leaves=2", b"cat_threshold", b"decision_type=", b"is_linear=1", b"l\x7f\xff\xff\xff"),
    *(b"L\x7f\xff\xff\xff\xff\xff\xff\xff", b"[$d#l\x7f\xff\xff\xff", b"[#i\x80", b"S", b"H"),
)  # fmt: skip


def read(path: Path) -> None:
    """A look, then the conversion."""
    from modelport.conversion import Context
    from modelport.formats import by_suffix
    from modelport_boosters.convert import to_onnx

    found = by_suffix(path)
    assert found is not None
    found.inspect(path)
    model = found.read(path, Policy())
    to_onnx(model, Context(found.signature(model, None)))


def xgboost() -> Sequence[bytes]:
    import xgboost

    data = xgboost.DMatrix(ROWS, label=LABELS)
    kinds = ({"max_depth": 2}, {"max_depth": 2, "objective": "binary:logistic"}, {"booster": "gblinear"})
    found = [xgboost.train({**kind, "nthread": 1}, data, 2) for kind in kinds]
    return [bytes(model.save_raw(form)) for model in found for form in ("json", "ubj")]


def lightgbm() -> Sequence[bytes]:
    import lightgbm

    made = []
    for more in ({}, {"objective": "binary"}, {"linear_tree": True}):
        parameters = {"num_leaves": 4, "verbose": -1, "num_threads": 1, "min_data_in_leaf": 3, **more}
        data = lightgbm.Dataset(ROWS, label=LABELS, params={"verbose": -1, **more})
        made.append(lightgbm.train(parameters, data, 2).model_to_string().encode())
    return made


def catboost() -> Sequence[bytes]:
    from catboost import CatBoostClassifier, CatBoostRegressor

    made = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in (CatBoostClassifier, CatBoostRegressor):
            model = kind(iterations=2, depth=2, verbose=False, thread_count=1, allow_writing_files=False)
            model.fit(ROWS, LABELS).save_model(f"{folder}/m.cbm")
            made.append(Path(f"{folder}/m.cbm").read_bytes())
    return made


XGBOOST = Harness(xgboost, read, ".json", mutate.of_bytes(WORDS), OPENS)
LIGHTGBM = Harness(lightgbm, read, ".txt", mutate.of_bytes(WORDS), OPENS)
CATBOOST = Harness(catboost, read, ".cbm", mutate.of_bytes(WORDS), OPENS, covered=False)
