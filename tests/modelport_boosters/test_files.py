"""Boosters' own files: recognised, inspected, converted without their library's help where that can be, compared."""

import json

import catboost
import lightgbm as lgb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xgboost as xgb

from modelport.artifacts import artifact
from modelport.conversion import Context
from modelport.errors import CannotConvert, DataError, InputError, RuntimeFailed, Unsafe
from modelport.formats import Policy, recognise
from modelport.graph import conversion_graph
from modelport.runtimes import runtime

QUIET_LGB = {"verbosity": -1, "num_threads": 1, "min_child_samples": 5}
QUIET_CAT = {"verbose": 0, "allow_writing_files": False, "thread_count": 1}


def data(seed=0, rows=250):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4))
    kind = np.digitize(x[:, 0] + 0.5 * x[:, 1] + rng.normal(size=rows), [-0.7, 0.7])
    x[rng.random(x.shape) < 0.1] = np.nan
    return x, kind


def named(x):
    return pd.DataFrame(x, columns=["age", "a b", "größe", "d"])


def towns():
    rng = np.random.default_rng(4)
    town = rng.choice(["Bern", "Ulm", "a b"], 250)
    frame = pd.DataFrame({"a": rng.normal(size=250), "town": pd.Categorical(town)})
    frame.loc[::9, "town"] = None
    return frame, (town == "Ulm").astype(int)


def save_xgb(kind):
    def save(path):
        x, y = data()
        models = {
            "binary": lambda: xgb.XGBClassifier(n_estimators=10).fit(named(x), y > 0),
            "classes": lambda: xgb.XGBClassifier(n_estimators=10).fit(x, y),
            "softmax": lambda: xgb.XGBClassifier(n_estimators=5, objective="multi:softmax").fit(x, y),
            "counts": lambda: xgb.XGBRegressor(n_estimators=10, objective="count:poisson").fit(x, y),
            "targets": lambda: xgb.XGBRegressor(n_estimators=5).fit(x, np.c_[y, -y]),
            "labels": lambda: xgb.XGBClassifier(n_estimators=5).fit(x, np.c_[y > 0, y > 1].astype(int)),
            "dart": lambda: xgb.XGBClassifier(n_estimators=10, booster="dart", rate_drop=0.4).fit(x, y),
            "linear": lambda: xgb.XGBRegressor(booster="gblinear", updater="coord_descent").fit(x, y),
            "towns": lambda: xgb.XGBClassifier(n_estimators=10, enable_categorical=True).fit(*towns()),
        }
        models[kind]().get_booster().save_model(path)

    return save


def save_lgb(kind):
    def save(path):
        x, y = data()
        models = {
            "binary": lambda: lgb.LGBMClassifier(n_estimators=10, **QUIET_LGB).fit(x, y > 0),
            "classes": lambda: lgb.LGBMClassifier(n_estimators=10, **QUIET_LGB).fit(x, y),
            "counts": lambda: lgb.LGBMRegressor(n_estimators=10, objective="poisson", **QUIET_LGB).fit(x, y),
            "zeros": lambda: lgb.LGBMRegressor(n_estimators=10, zero_as_missing=True, **QUIET_LGB).fit(x, y),
            "towns": lambda: lgb.LGBMClassifier(n_estimators=10, min_data_per_group=5, **QUIET_LGB).fit(*towns()),
        }
        models[kind]().booster_.save_model(str(path))

    return save


def save_cat(kind):
    def save(path):
        x, y = data()
        models = {
            "binary": lambda: catboost.CatBoostClassifier(10, **QUIET_CAT).fit(
                named(x), np.array(["n", "y"])[(y > 0) * 1]
            ),
            "classes": lambda: catboost.CatBoostClassifier(10, **QUIET_CAT).fit(x, y),
            "labels": lambda: catboost.CatBoostClassifier(5, loss_function="MultiLogloss", **QUIET_CAT).fit(
                x, np.c_[y > 0, y > 1].astype(int)
            ),
            "counts": lambda: catboost.CatBoostRegressor(10, loss_function="Poisson", **QUIET_CAT).fit(x, y),
            "spread": lambda: catboost.CatBoostRegressor(10, loss_function="RMSEWithUncertainty", **QUIET_CAT).fit(
                x, y
            ),
            "any shape": lambda: catboost.CatBoostRegressor(10, grow_policy="Lossguide", **QUIET_CAT).fit(x, y),
        }
        models[kind]().save_model(str(path))

    return save


XGB_KINDS = ["binary", "classes", "softmax", "counts", "targets", "labels", "dart", "linear", "towns"]
CASES = [
    *[
        pytest.param(f"m{suffix}", save_xgb(kind), "xgboost", id=f"xgb {kind}{suffix}")
        for kind in XGB_KINDS
        for suffix in (".json", ".ubj")
    ],
    *[
        pytest.param("m.txt", save_lgb(kind), "lightgbm", id=f"lgb {kind}")
        for kind in ("binary", "classes", "counts", "zeros", "towns")
    ],
    *[
        pytest.param("m.cbm", save_cat(kind), "catboost", id=f"cat {kind}")
        for kind in ("binary", "classes", "labels", "counts", "spread", "any shape")
    ],
]


def batch_for(session, probes):
    """Boundary rows in the signature's own types."""
    columns, landmarks = session.signature.inputs, session.landmarks()
    rows = np.random.default_rng(1).normal(size=(60, len(columns)))
    splits = {i: landmarks.get(c.name, ()) for i, c in enumerate(columns) if pa.types.is_floating(c.type)}
    rows = probes.boundary_rows(rows, splits, most=400, missing=True)
    arrays = []
    for i, column in enumerate(columns):
        if pa.types.is_string(column.type):
            arrays.append(pa.array(np.resize([*column.categories, None], len(rows)).tolist(), pa.string()))
        else:
            arrays.append(pa.array(rows[:, i], pa.float64(), from_pandas=True))
    return pa.RecordBatch.from_arrays(arrays, schema=session.signature.input_schema)


@pytest.mark.parametrize(("name", "save", "library"), CASES)
def test_a_file_converts_and_agrees(name, save, library, tmp_path, probes, close, one_step):
    path = tmp_path / name
    save(path)
    assert recognise(path).name == library
    source = artifact(path)
    native = runtime(library).open(source, None)
    proto = (
        conversion_graph().best(library, "onnx").run(source.model, Context(source.format.signature(source.model, None)))
    )
    graph = runtime("onnxruntime").open(artifact(proto), None)
    assert graph.signature.outputs == native.signature.outputs
    batch = batch_for(native, probes)
    want, got = native.score(batch), graph.score(batch)
    for column in native.signature.outputs:
        left, right = want.column(column.name), got.column(column.name)
        if column.name.startswith("label"):
            assert left.to_pylist() == right.to_pylist()
        else:
            compare = one_step if library == "xgboost" else close
            compare(right.to_numpy(zero_copy_only=False), left.to_numpy(zero_copy_only=False))
    native.close()


@pytest.mark.parametrize(("name", "save", "library"), CASES[:1] + CASES[-6:-5] + CASES[18:19])
def test_inspection_names_the_inputs(name, save, library, tmp_path):
    path = tmp_path / name
    save(path)
    told = recognise(path).inspect(path)
    assert told.format == library
    assert library in told.producer
    assert told.facts["trees"] == 10
    assert len(told.signature.inputs) == 4


@pytest.mark.parametrize(("name", "save", "library"), CASES[:2] + CASES[18:19] + CASES[-6:-5])
def test_a_truncated_file_is_refused(name, save, library, tmp_path):
    path = tmp_path / name
    save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError):
        _ = artifact(path).model


@pytest.mark.parametrize("kept", [0, 4, 7, 8, 100, -4, -1])
def test_a_catboost_file_that_ends_early_is_refused(kept, tmp_path):
    """CatBoost 1.2 itself takes one that lacks its last bytes."""
    path = tmp_path / "m.cbm"
    save_cat("binary")(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(InputError):
        _ = artifact(path).model


@pytest.mark.parametrize(("name", "save", "library"), CASES[:1] + CASES[18:19] + CASES[-6:-5])
def test_a_file_over_the_limit_is_refused(name, save, library, tmp_path):
    path = tmp_path / name
    save(path)
    with pytest.raises(Unsafe, match="limit"):
        _ = artifact(path, Policy(max_bytes=100)).model


@pytest.mark.parametrize("text", ['{"learner": 3}', '{"learner": {"gradient_booster": []}}', '{"learner": {'])
def test_a_document_that_only_begins_like_a_model(text, tmp_path):
    path = tmp_path / "m.json"
    path.write_text(text)
    with pytest.raises(InputError):
        _ = artifact(path).model


def test_other_json_is_no_xgboost_model(tmp_path):
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"a": 1}))
    with pytest.raises(InputError, match="not XGBoost"):
        recognise(path)


def test_xgboosts_old_binary_format_is_named(tmp_path):
    path = tmp_path / "m.ubj"
    path.write_bytes(b"binf" + bytes(100))
    with pytest.raises((CannotConvert, InputError)):
        _ = artifact(path).model


def test_an_unknown_category_is_an_error_in_both_runtimes(tmp_path):
    path = tmp_path / "m.json"
    save_xgb("towns")(path)
    source = artifact(path)
    native = runtime("xgboost").open(source, None)
    batch = pa.RecordBatch.from_pydict({"a": [0.0], "town": ["nowhere"]}, schema=native.signature.input_schema)
    with pytest.raises(DataError, match="nowhere"):
        native.score(batch)
    proto = conversion_graph().best("xgboost", "onnx").run(source.model, Context(native.signature))
    with pytest.raises(RuntimeFailed):
        runtime("onnxruntime").open(artifact(proto), None).score(batch)


def test_writing_gives_the_same_model(tmp_path):
    for case in (CASES[0], CASES[18], CASES[-6]):
        name, save, _ = case.values
        path, again = tmp_path / name, tmp_path / f"again-{name}"
        save(path)
        source = artifact(path)
        source.format.write(source.model, again)
        assert artifact(again).format.signature(artifact(again).model, None) == source.format.signature(
            source.model, None
        )
