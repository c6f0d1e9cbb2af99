"""LightGBM against itself: float64 splits, what counts as zero and as missing, categories, objectives."""

import warnings

import lightgbm as lgb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from modelport.errors import CannotConvert
from modelport.signature import Column
from modelport_boosters.lgbm.model import parse

QUIET = {"verbosity": -1, "num_threads": 1, "min_child_samples": 5}


def data(classes=3, seed=0, rows=400, holes=True):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4))
    x[:, 2] = np.where(rng.random(rows) < 0.4, 0.0, x[:, 2])
    x[:, 3] = rng.integers(-1, 3, rows)
    kind = np.clip(np.digitize(x[:, 0] + 0.5 * x[:, 1] + x[:, 2] + rng.normal(size=rows), [-0.7, 0.7]), 0, classes - 1)
    if holes:
        x[rng.random(x.shape) < 0.1] = np.nan
    return x, kind


def boundary(booster, x, probes, **more):
    """Rows on LightGBM's own thresholds, which are float64 numbers between two values."""
    trees = parse(booster.model_to_string()).trees
    numeric = [(t.feature[k], t.threshold[k]) for t in trees if (k := [m is None for m in t.members])]
    rows = probes.boundary_rows(x, probes.thresholds_of(*numeric), missing=True, extremes=True, **more)
    tiny = np.float64(np.float32(1e-35))
    near_zero = np.repeat(x[:6], 4, axis=0)
    for column in range(x.shape[1]):
        near_zero[column::4, column] = np.resize(
            [tiny, -tiny, np.nextafter(tiny, 1), -np.nextafter(tiny, 1), 0.0, 1e-36], 6
        )
    return np.r_[rows, near_zero]


def fit(model, *given, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(*given, **more)


def check_classifier(model, rows, got, close):
    assert got["label"].tolist() == model.predict(rows).tolist()
    close(got["probability"], model.predict_proba(rows))


CLASSIFIERS = {
    "plain": {},
    "dart": {"boosting_type": "dart", "drop_rate": 0.4},
    "rf": {"boosting_type": "rf", "bagging_freq": 1, "bagging_fraction": 0.6},
    "goss": {"data_sample_strategy": "goss"},
    "zero as missing": {"zero_as_missing": True},
    "nothing missing": {"use_missing": False},
    "steep": {"sigmoid": 2.5},
    "one against all": {"objective": "multiclassova"},
    "extra trees": {"extra_trees": True},
    "monotone": {"monotone_constraints": [1, 0, -1, 0]},
}


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifiers(name, classes, converted, close, probes):
    options = dict(CLASSIFIERS[name])
    if classes == 2:
        options.pop("objective", None)
    if classes == 3:
        options.pop("monotone_constraints", None)
    x, kind = data(classes)
    model = fit(lgb.LGBMClassifier(n_estimators=20, **QUIET, **options), x, np.array(["a", "b b", "ç"])[kind])
    rows = boundary(model.booster_, x, probes)
    check_classifier(model, rows, converted(model, rows), close)


def test_a_threshold_between_two_float32_numbers(converted, close, probes):
    """The rounding of thresholds to float32 sends a fifth to a third of such rows the wrong way."""
    x, kind = data(2, rows=1000, holes=False)
    model = fit(lgb.LGBMClassifier(n_estimators=60, **QUIET), x, kind)
    rows = boundary(model.booster_, x, probes, most=4000)[len(x) :]
    check_classifier(model, rows, converted(model, rows), close)


REGRESSORS = {
    "regression": {},
    "sqrt": {"objective": "regression", "reg_sqrt": True},
    "regression_l1": {},
    "huber": {},
    "fair": {},
    "poisson": {},
    "quantile": {"alpha": 0.3},
    "mape": {},
    "gamma": {},
    "tweedie": {},
    "cross_entropy": {},
    "cross_entropy_lambda": {},
}


@pytest.mark.parametrize("name", REGRESSORS)
def test_regressors(name, converted, close, probes):
    x, kind = data(3)
    target = kind / 2 if name.startswith("cross") else kind + 0.5
    model = fit(lgb.LGBMRegressor(**{"objective": name, "n_estimators": 25, **QUIET, **REGRESSORS[name]}), x, target)
    rows = boundary(model.booster_, x, probes)
    close(converted(model, rows)["prediction"], model.predict(rows))


def test_ranker(converted, close, probes):
    x, kind = data(3)
    model = fit(lgb.LGBMRanker(n_estimators=20, **QUIET), x, kind, group=[200, 200])
    rows = boundary(model.booster_, x, probes)
    close(converted(model, rows)["prediction"], model.predict(rows))


def test_early_stopping_keeps_the_best_round(converted, close, probes):
    x, kind = data(2)
    model = lgb.LGBMClassifier(n_estimators=300, learning_rate=0.4, **QUIET)
    stop = lgb.early_stopping(5, verbose=False)
    fit(model, x[:250], kind[:250], eval_set=[(x[250:], kind[250:])], callbacks=[stop])
    assert model.best_iteration_ < 300
    rows = boundary(model.booster_, x, probes)
    check_classifier(model, rows, converted(model, rows), close)


@pytest.mark.parametrize("classes", [2, 3])
def test_codes_of_categories(classes, converted, close):
    rng = np.random.default_rng(3)
    x = np.c_[rng.integers(0, 45, 600), rng.integers(0, 3, 600), rng.normal(size=600)].astype(float)
    kind = (np.isin(x[:, 0], [0, 1, 5, 7, 31, 39]) + (x[:, 1] == 2)) % classes
    x[rng.random(x.shape) < 0.1] = np.nan
    model = lgb.LGBMClassifier(n_estimators=20, min_data_per_group=5, cat_smooth=1, **QUIET)
    fit(model, x, kind, categorical_feature=[0, 1])
    assert any(m is not None for tree in parse(model.booster_.model_to_string()).trees for m in tree.members)
    rows = np.repeat(x, 2, axis=0)
    odd = [-1, -0.5, 0.9, 2.7, 31.9, 44, 45, 63, 64, 5000, 2.0**31 - 1, 2.0**31, 2.0**33, -(2.0**40), np.nan]
    rows[::2, 0] = np.resize(odd, 600)
    check_classifier(model, rows, converted(model, rows), close)


def test_categories_of_a_frame(converted, close):
    rng = np.random.default_rng(4)
    town, size = rng.choice(["Bern", "Köln", "a b"], 300), rng.choice([3, 7, 9], 300)
    frame = pd.DataFrame({"a": rng.normal(size=300), "town": pd.Categorical(town), "size": pd.Categorical(size)})
    frame.loc[::9, "town"] = None
    model = lgb.LGBMClassifier(n_estimators=15, min_data_per_group=5, cat_smooth=1, **QUIET)
    fit(model, frame, np.where((town == "Köln") ^ (size == 7), "yes", "no"))
    columns = (Column("a", pa.float64(), True), Column("town", pa.string(), True), Column("size", pa.int64(), True))
    rows = frame.assign(town=frame["town"].astype(object), size=frame["size"].astype("int64"))
    rows.loc[::7, "town"], rows.loc[::11, "size"] = "nowhere", 8
    known = rows.assign(town=pd.Categorical(rows["town"]), size=pd.Categorical(rows["size"]))
    check_classifier(model, known, converted(model, rows, columns), close)


def test_float32_frames_and_integers(converted, close):
    x, kind = data(2, holes=False)
    frame = pd.DataFrame({"a": x[:, 0].astype(np.float32), "b": x[:, 3].astype(np.int64), "c": x[:, 1]})
    model = fit(lgb.LGBMRegressor(n_estimators=20, **QUIET), frame, kind)
    columns = (Column("a", pa.float32()), Column("b", pa.int64()), Column("c", pa.float64()))
    close(converted(model, frame, columns)["prediction"], model.predict(frame))


def test_boosters_and_objectives_of_ones_own(converted, close):
    x, kind = data(2)

    def half_squares(truth, guess):
        return guess - truth, np.ones_like(guess)

    model = fit(lgb.LGBMRegressor(objective=half_squares, n_estimators=10, **QUIET), x, kind)
    close(converted(model, x)["prediction"], model.predict(x))
    close(converted(model.booster_, x)["prediction"], model.booster_.predict(x))
    model = fit(lgb.LGBMClassifier(objective=half_squares, n_estimators=3, **QUIET), x, kind)
    with pytest.raises(CannotConvert, match="probabilities"):
        converted(model, x)


@pytest.mark.parametrize("classes", [1, 2, 3])
def test_linear_leaves(classes, converted, close, probes):
    x, kind = data(max(classes, 2))
    options = {"linear_tree": True, "n_estimators": 20, "linear_lambda": 0.1, **QUIET}
    if classes == 1:
        model = fit(lgb.LGBMRegressor(**options), x, np.nan_to_num(x[:, 0]) * 2 + kind)
    else:
        model = fit(lgb.LGBMClassifier(**options), x, kind)
    assert any(len(own) for tree in parse(model.booster_.model_to_string()).trees for own in tree.columns)
    rows = boundary(model.booster_, x, probes)
    got = converted(model, rows)
    if classes == 1:
        close(got["prediction"], model.predict(rows))
    else:
        check_classifier(model, rows, got, close)


def test_linear_leaves_that_are_constants(converted, close):
    """A categorical column is no term of a linear leaf, whose constant is then not the leaf's own value."""
    kind = np.resize([0.0, 1.0, 2.0, 3.0], 120)
    options = {
        "linear_tree": True,
        "n_estimators": 5,
        "boosting_type": "rf",
        "bagging_freq": 1,
        "bagging_fraction": 0.7,
    }
    model = lgb.LGBMRegressor(objective="poisson", **options, **QUIET)
    fit(model, kind[:, None], np.resize([0.5, 1.0, 1.5], 120), categorical_feature=[0])
    trees = parse(model.booster_.model_to_string()).trees
    assert any((tree.constant != tree.value).any() for tree in trees)
    assert not any(len(own) for tree in trees for own in tree.columns)
    close(converted(model, kind[:, None])["prediction"], model.predict(kind[:, None]))


def test_linear_leaves_have_no_float32_form(converted):
    x, kind = data(2)
    model = fit(lgb.LGBMRegressor(linear_tree=True, n_estimators=3, **QUIET), x, kind)
    with pytest.raises(CannotConvert, match="linear leaves"):
        converted(model, x, portable=True)


def test_trees_that_are_single_leaves(converted, close):
    x, kind = data(2)
    model = fit(lgb.LGBMRegressor(min_child_samples=1000, verbosity=-1, n_estimators=3), x, kind + 0.5)
    close(converted(model, x)["prediction"], model.predict(x))


def test_older_operators_are_exact_too(converted, close, probes):
    x, kind = data(3)
    model = fit(lgb.LGBMClassifier(n_estimators=10, **QUIET), x, kind)
    rows = boundary(model.booster_, x, probes)
    check_classifier(model, rows, converted(model, rows, ml_opset=3), close)
    with pytest.raises(CannotConvert, match=r"ai\.onnx\.ml 3"):
        converted(model, rows, ml_opset=1)


def test_portable_is_exact_for_float32_rows(converted, close, probes):
    x, kind = data(3)
    model = fit(lgb.LGBMClassifier(n_estimators=10, **QUIET), x, kind)
    rows = boundary(model.booster_, x, probes).astype(np.float32)
    notes = []
    check_classifier(model, rows, converted(model, rows, portable=True, notes=notes), close)
    assert any("float32" in note.what for note in notes)
