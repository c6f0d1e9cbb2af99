"""XGBoost against itself: labels equal, numbers within one float32 step, on every split and with missing values."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xgboost as xgb
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from modelport.errors import CannotConvert
from modelport.signature import Column
from modelport_boosters.xgb.margin import start
from modelport_boosters.xgb.model import parse


def data(classes=3, seed=0, rows=300):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4))
    x[:, 3] = rng.integers(0, 3, rows)
    kind = np.clip(np.digitize(x[:, 0] + 0.5 * x[:, 1] + rng.normal(size=rows), [-0.7, 0.7]), 0, classes - 1)
    x[rng.random(x.shape) < 0.1] = np.nan
    return x, kind


def boundary(model, x, probes, **more):
    learner = json.loads(model.get_booster().save_raw("json"))["learner"]["gradient_booster"]
    trees = learner.get("gbtree", learner)["model"]["trees"]
    pairs = [(np.where(np.array(t["left_children"]) < 0, -1, t["split_indices"]), t["split_conditions"]) for t in trees]
    return probes.boundary_rows(x, probes.thresholds_of(*pairs), missing=True, extremes=True, **more)


def check_classifier(model, rows, got, one_step):
    assert got["label"].tolist() == model.predict(rows).tolist()
    one_step(got["probability"], model.predict_proba(rows))


CLASSIFIERS = {
    "plain": {},
    "250 rounds": {"n_estimators": 250, "max_depth": 2},
    "base score": {"base_score": 0.3},
    "dart": {"booster": "dart", "rate_drop": 0.4},
    "forest of each round": {"num_parallel_tree": 4, "subsample": 0.7},
    "approx": {"tree_method": "approx"},
    "lossguide": {"grow_policy": "lossguide", "max_leaves": 9},
}


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifiers(name, classes, converted, one_step, probes):
    options = dict(CLASSIFIERS[name])
    if classes == 3:
        options.pop("base_score", None)
    x, kind = data(classes)
    model = xgb.XGBClassifier(**{"n_estimators": 20, "random_state": 0, **options}).fit(x, kind)
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows), one_step)


@pytest.mark.parametrize("classes", [2, 3])
def test_random_forest_classifiers(classes, converted, one_step, probes):
    x, kind = data(classes)
    model = xgb.XGBRFClassifier(n_estimators=20, random_state=0).fit(x, kind)
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows), one_step)


def test_hinge(converted, one_step, probes):
    x, kind = data(2)
    model = xgb.XGBClassifier(n_estimators=10, objective="binary:hinge").fit(x, kind)
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows), one_step)


def test_softmax_labels_are_exact_and_its_probabilities_noted(converted, probes):
    x, kind = data(3)
    model = xgb.XGBClassifier(n_estimators=10, objective="multi:softmax").fit(x, kind)
    rows = boundary(model, x, probes)
    notes = []
    got, want = converted(model, rows, notes=notes), model.predict_proba(rows)
    assert got["label"].tolist() == model.predict(rows).tolist()
    assert (np.abs(got["probability"] - want) <= 4 * np.spacing(want)).all()
    assert [note.kind.value for note in notes] == ["rounded"]


REGRESSORS = {
    "reg:squarederror": {},
    "reg:squaredlogerror": {},
    "reg:logistic": {},
    "reg:pseudohubererror": {},
    "reg:absoluteerror": {},
    "reg:quantileerror": {"quantile_alpha": 0.3},
    "several quantiles": {"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.5, 0.9]},
    "count:poisson": {},
    "reg:gamma": {},
    "reg:tweedie": {},
    "survival:cox": {},
    "binary:logitraw": {},
    "binary:hinge": {},
}


@pytest.mark.parametrize("name", REGRESSORS)
def test_regressors(name, converted, one_step, probes):
    x, kind = data(3)
    target = {
        "reg:logistic": kind / 2,
        "binary:logitraw": np.minimum(kind, 1),
        "binary:hinge": np.minimum(kind, 1),
    }.get(name, kind + 0.5)
    model = xgb.XGBRegressor(**{"objective": name, "n_estimators": 25, **REGRESSORS[name]}).fit(x, target)
    rows = boundary(model, x, probes)
    one_step(converted(model, rows)["prediction"], model.predict(rows))


@pytest.mark.parametrize("strategy", ["one_output_per_tree", "multi_output_tree"])
def test_several_targets(strategy, converted, one_step, probes):
    x, kind = data(3)
    y = np.c_[kind, np.nan_to_num(x[:, 2]), np.nan_to_num(x).sum(axis=1)]
    model = xgb.XGBRegressor(n_estimators=12, multi_strategy=strategy, tree_method="hist").fit(x, y)
    rows = boundary(model, x, probes)
    one_step(converted(model, rows)["prediction"], model.predict(rows))


def test_several_labels(converted, one_step, probes):
    x, kind = data(3)
    model = xgb.XGBClassifier(n_estimators=12).fit(x, np.c_[kind > 0, kind > 1].astype(int))
    rows = boundary(model, x, probes)
    got, labels, shares = converted(model, rows), model.predict(rows), model.predict_proba(rows)
    for i in range(2):
        assert got[f"label_{i}"].tolist() == labels[:, i].tolist()
        one_step(got[f"probability_{i}"][:, 1], shares[:, i])


def test_random_forest_regressor_and_ranker(converted, one_step, probes):
    x, kind = data(3)
    for model in (
        xgb.XGBRFRegressor(n_estimators=20).fit(x, kind),
        xgb.XGBRanker(n_estimators=20).fit(x, kind, group=[150, 150]),
    ):
        rows = boundary(model, x, probes)
        one_step(converted(model, rows)["prediction"], model.predict(rows))


def test_early_stopping_keeps_the_best_round(converted, one_step, probes):
    x, kind = data(2)
    model = xgb.XGBClassifier(n_estimators=200, early_stopping_rounds=5, learning_rate=0.5)
    model.fit(x[:200], kind[:200], eval_set=[(x[200:], kind[200:])], verbose=False)
    assert model.best_iteration + 1 < model.get_booster().num_boosted_rounds()
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows), one_step)


@pytest.mark.parametrize("classes", [1, 3])
def test_linear_booster(classes, converted, one_step):
    x, kind = data(3)
    if classes == 1:
        model = xgb.XGBRegressor(booster="gblinear", n_estimators=15, updater="coord_descent").fit(x, kind)
        one_step(converted(model, x)["prediction"], model.predict(x))
    else:
        model = xgb.XGBClassifier(booster="gblinear", n_estimators=15, updater="coord_descent").fit(x, kind)
        check_classifier(model, x, converted(model, x), one_step)


def test_a_number_that_means_missing(converted, one_step):
    x, kind = data(2)
    x = np.where(np.isnan(x), -999.0, x)
    model = xgb.XGBClassifier(n_estimators=15, missing=-999.0).fit(x, kind)
    check_classifier(model, x, converted(model, x), one_step)


@pytest.mark.parametrize("score", np.random.default_rng(5).uniform(0.001, 0.999, 25).round(6))
def test_base_scores_become_the_margin_the_library_starts_with(score):
    x, kind = data(2, rows=60)
    for objective in ("binary:logistic", "count:poisson"):
        model = xgb.XGBRegressor(objective=objective, base_score=score, n_estimators=1, learning_rate=0.0).fit(x, kind)
        margin = model.predict(x[:1], output_margin=True)
        assert start(parse(bytes(model.get_booster().save_raw("ubj")))) == margin


def test_codes_of_categories(converted, one_step):
    rng = np.random.default_rng(3)
    x = np.c_[rng.integers(0, 40, 400), rng.integers(0, 3, 400), rng.normal(size=400)].astype(float)
    x[rng.random(x.shape) < 0.1] = np.nan
    y = np.isin(x[:, 0], [1, 5, 7, 31, 39]) * 2 + (x[:, 1] == 2) + rng.normal(size=400) / 4
    options = {"feature_types": ["c", "c", "q"], "enable_categorical": True, "max_cat_to_onehot": 4}
    model = xgb.XGBRegressor(n_estimators=25, **options).fit(x, y)
    rows = np.repeat(x, 2, axis=0)
    rows[::2, 0] = np.resize([-1, -0.5, 2.7, 31.9, 40, 63, 64, 5000, 2.0**24 - 1, 2.0**24, 2.0**30, np.nan], 400)
    one_step(converted(model, rows)["prediction"], model.predict(rows))


def test_categories_of_a_frame(converted, one_step):
    rng = np.random.default_rng(4)
    town = rng.choice(["Bern", "Ulm", "a b", "zz"], 300)
    size = rng.choice([3, 7, 9], 300)
    frame = pd.DataFrame({"a": rng.normal(size=300), "town": pd.Categorical(town), "size": pd.Categorical(size)})
    frame.loc[::9, "town"] = None
    model = xgb.XGBClassifier(n_estimators=15, enable_categorical=True).fit(frame, (town == "Ulm") ^ (size == 7))
    columns = (Column("a", pa.float64(), True), Column("town", pa.string(), True), Column("size", pa.int64(), True))
    plain = frame.assign(town=frame["town"].astype(object), size=frame["size"].astype("int64"))
    got = converted(model, plain, columns)
    check_classifier(model, frame, got, one_step)


def test_an_unknown_category_fails(converted):
    rng = np.random.default_rng(4)
    town = rng.choice(["b", "d"], 100)
    frame = pd.DataFrame({"a": rng.normal(size=100), "town": pd.Categorical(town)})
    model = xgb.XGBRegressor(n_estimators=3, enable_categorical=True).fit(frame, town == "b")
    columns = (Column("a", pa.float64(), True), Column("town", pa.string(), True))
    with pytest.raises(Exception, match=r"out of (data )?bounds"):
        converted(model, pd.DataFrame({"a": [0.0], "town": ["c"]}), columns)


def test_category_names_that_the_library_cuts_short_are_refused(converted):
    town = np.resize(["Köln", "Kölle", "Ulm"], 90)
    frame = pd.DataFrame({"a": np.arange(90.0), "town": pd.Categorical(town)})
    model = xgb.XGBRegressor(n_estimators=3, enable_categorical=True).fit(frame, town == "Ulm")
    columns = (Column("a", pa.float64(), True), Column("town", pa.string(), True))
    with pytest.raises(CannotConvert, match="non-ASCII"):
        converted(model, frame.assign(town=town), columns)


def test_objectives_of_ones_own(converted, one_step):
    x, kind = data(2)

    def half_squares(truth, guess):
        return guess - truth, np.ones_like(guess)

    model = xgb.XGBRegressor(objective=half_squares, n_estimators=10).fit(x, kind)
    one_step(converted(model, x)["prediction"], model.predict(x))
    with pytest.raises(CannotConvert, match="probabilities"):
        converted(xgb.XGBClassifier(objective=half_squares, n_estimators=3).fit(x, kind), x)


@pytest.mark.parametrize("ml_opset", [1, 3])
def test_older_operators_are_exact_too(ml_opset, converted, one_step, probes):
    x, kind = data(3)
    model = xgb.XGBClassifier(n_estimators=10, random_state=0).fit(x, kind)
    rows = boundary(model, x, probes)
    check_classifier(model, rows, converted(model, rows, ml_opset=ml_opset), one_step)


def test_portable_is_exact_for_float32_rows(converted, one_step, probes):
    x, kind = data(3)
    model = xgb.XGBClassifier(n_estimators=10, random_state=0).fit(x, kind)
    rows = boundary(model, x, probes).astype(np.float32)
    check_classifier(model, rows, converted(model, rows, portable=True), one_step)


def test_threads_do_not_change_a_bit(converted, probes):
    x, kind = data(2)
    model = xgb.XGBRegressor(n_estimators=200, max_depth=2).fit(x, kind)
    rows = boundary(model, x, probes, most=300)
    got = [converted(model, part, threads=threads)["prediction"] for threads in (1, 4) for part in (rows, rows[:1])]
    assert np.array_equal(got[0], got[2])
    assert np.array_equal(got[1], got[3])
    assert got[0][0] == got[1][0]


def test_absent_zeros_of_a_sparse_matrix_are_missing(converted, one_step):
    """OneHotEncoder hands on a sparse matrix, and XGBoost takes the zeros it does not hold for missing values."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"town": rng.choice(["a", "b", "c"], 300), "size": rng.choice([1.0, 2.0, 5.0], 300)})
    y = (frame["town"] == "b") * 1.0 + (frame["size"] == 5) + rng.normal(size=300) / 4
    encoder = OneHotEncoder()
    model = make_pipeline(encoder, xgb.XGBRegressor(n_estimators=15)).fit(frame, y)
    assert hasattr(encoder.transform(frame), "toarray")
    columns = (Column("town", pa.string()), Column("size", pa.float64()))
    one_step(converted(model, frame, columns)["prediction"], model.predict(frame))


def test_two_classes_of_softprob_are_refused(converted):
    x, kind = data(2)
    model = xgb.XGBClassifier(n_estimators=3, objective="multi:softprob", num_class=2).fit(x, kind)
    assert model.predict(x[:5]).shape == (5, 2)
    with pytest.raises(CannotConvert, match="multi:softprob"):
        converted(model, x)


def test_files_of_older_versions(converted, one_step, probes):
    """XGBoost 1.x and 2.x write one base score without brackets, and no rounds, categories or target count."""
    x, kind = data(3)
    booster = xgb.XGBRegressor(n_estimators=10).fit(x, kind).get_booster()
    document = json.loads(booster.save_raw("json"))
    sizes, machine = document["learner"]["learner_model_param"], document["learner"]["gradient_booster"]["model"]
    sizes["base_score"] = sizes["base_score"].strip("[]")
    del sizes["num_target"], machine["cats"], machine["iteration_indptr"]
    for tree in machine["trees"]:
        tree["tree_param"]["size_leaf_vector"] = "0"
        del tree["categories"], tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"]
    got = converted(parse(json.dumps(document).encode()), x)
    one_step(got["prediction"], booster.predict(xgb.DMatrix(x)))
