"""CatBoost against itself: borders in float32, missing values, trees of every shape, losses."""

import catboost
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from modelport.errors import CannotConvert
from modelport.signature import Column

QUIET = {"verbose": 0, "allow_writing_files": False, "thread_count": 1, "random_seed": 0}


def data(classes=3, seed=0, rows=300, holes=True):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4))
    x[:, 3] = rng.integers(0, 3, rows)
    kind = np.clip(np.digitize(x[:, 0] + 0.5 * x[:, 1] + rng.normal(size=rows), [-0.7, 0.7]), 0, classes - 1)
    if holes:
        x[rng.random(x.shape) < 0.1] = np.nan
    return x, kind


def boundary(model, x, probes, missing=True):
    return probes.boundary_rows(x, model.get_borders(), missing=missing, extremes=True)


def check_classifier(model, rows, got, close):
    assert [str(label) for label in got["label"]] == [str(label) for label in model.predict(rows).ravel()]
    close(got["probability"], model.predict_proba(rows))


SHAPES = {
    "symmetric": {"depth": 4},
    "depth-wise": {"grow_policy": "Depthwise", "depth": 4},
    "leaf-wise": {"grow_policy": "Lossguide", "max_leaves": 7},
    "NaN above": {"nan_mode": "Max"},
    "few borders": {"border_count": 4},
}


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("name", SHAPES)
def test_classifiers(name, classes, converted, close, probes):
    x, kind = data(classes)
    labels = np.array(["a", "b b", "ç"])[kind]
    model = catboost.CatBoostClassifier(iterations=15, **QUIET, **SHAPES[name]).fit(x, labels)
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows), close)


@pytest.mark.parametrize("labels", [[3, 5], [1.5, 2.5], [False, True]], ids=str)
def test_labels(labels, converted, close, probes):
    x, kind = data(2)
    model = catboost.CatBoostClassifier(iterations=10, **QUIET).fit(x, np.array(labels)[kind])
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows), close)


def test_one_against_all_and_a_threshold(converted, close, probes):
    x, kind = data(3)
    model = catboost.CatBoostClassifier(iterations=10, loss_function="MultiClassOneVsAll", **QUIET).fit(x, kind)
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows), close)
    model = catboost.CatBoostClassifier(iterations=10, **QUIET).fit(x, kind > 0)
    model.set_probability_threshold(0.7)
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows), close)


def test_several_labels(converted, close, probes):
    x, kind = data(3)
    model = catboost.CatBoostClassifier(iterations=10, loss_function="MultiLogloss", **QUIET)
    model.fit(x, np.c_[kind > 0, kind > 1].astype(int))
    rows = boundary(model, x, probes)
    got, shares = converted(model, rows), model.predict_proba(rows)
    for i in range(2):
        assert got[f"label_{i}"].tolist() == model.predict(rows)[:, i].tolist()
        close(got[f"probability_{i}"][:, 1], shares[:, i])


LOSSES = [
    "RMSE",
    "MAE",
    "Quantile:alpha=0.3",
    "Poisson",
    "Tweedie:variance_power=1.5",
    "RMSEWithUncertainty",
    "LogCosh",
]


@pytest.mark.parametrize("loss", LOSSES)
def test_regressors(loss, converted, close, probes):
    x, kind = data(3)
    model = catboost.CatBoostRegressor(iterations=15, loss_function=loss, **QUIET).fit(x, kind + 0.5)
    rows = boundary(model, x, probes)
    close(converted(model, rows)["prediction"], model.predict(rows))


def test_several_targets_ranker_and_plain(converted, close, probes):
    x, kind = data(3)
    several = catboost.CatBoostRegressor(iterations=10, loss_function="MultiRMSE", **QUIET)
    several.fit(x, np.c_[kind, np.nan_to_num(x[:, 0])])
    ranker = catboost.CatBoostRanker(iterations=10, **QUIET).fit(x, kind, group_id=np.repeat(np.arange(30), 10))
    plain = catboost.CatBoost({"iterations": 10, "loss_function": "Logloss", **QUIET}).fit(x, kind > 0)
    for model in (several, ranker, plain):
        rows = boundary(model, x, probes)
        close(converted(model, rows)["prediction"], model.predict(rows))


def test_early_stopping_and_many_trees(converted, close, probes):
    x, kind = data(2, holes=False)
    model = catboost.CatBoostClassifier(iterations=300, depth=3, early_stopping_rounds=50, **QUIET)
    model.fit(x[:200], kind[:200], eval_set=(x[200:], kind[200:]))
    rows = boundary(model, x, probes, missing=False)
    check_classifier(model, rows, converted(model, rows), close)


def frame_with_towns():
    x, kind = data(2, holes=False)
    frame = pd.DataFrame(x, columns=list("abcd"))
    frame["town"] = np.resize(["Bern", "Ulm", "Köln"], len(x))
    return frame, kind


COLUMNS = (*(Column(name, pa.float64(), True) for name in "abcd"), Column("town", pa.string()))


@pytest.mark.parametrize("one_hot", [2, 10], ids=["counters", "one-hot"])
def test_categories_are_refused_by_name(one_hot, converted):
    frame, kind = frame_with_towns()
    kind = kind ^ (frame["town"] == "Ulm").to_numpy()
    model = catboost.CatBoostClassifier(iterations=10, cat_features=["town"], one_hot_max_size=one_hot, **QUIET)
    model.fit(frame, kind)
    with pytest.raises(CannotConvert, match="'town'"):
        converted(model, frame, COLUMNS)


def test_a_categorical_column_that_no_tree_uses(converted, close):
    frame, kind = frame_with_towns()
    frame["town"] = "Bern"
    model = catboost.CatBoostClassifier(iterations=10, cat_features=["town"], **QUIET).fit(frame, kind)
    check_classifier(model, frame, converted(model, frame, COLUMNS), close)


def test_text_is_refused(converted):
    frame, kind = frame_with_towns()
    frame["town"] = frame["town"] + " is a town"
    model = catboost.CatBoostClassifier(iterations=5, text_features=["town"], **QUIET).fit(frame, kind)
    with pytest.raises(CannotConvert, match="text features"):
        converted(model, frame, COLUMNS)


@pytest.mark.parametrize("ml_opset", [1, 3])
def test_older_operators_are_exact_too(ml_opset, converted, close, probes):
    x, kind = data(3)
    model = catboost.CatBoostClassifier(iterations=10, **QUIET).fit(x, kind)
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows, ml_opset=ml_opset), close)
