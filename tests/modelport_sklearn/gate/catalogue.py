"""Fitted models of every kind: each estimator of scikit-learn, the boosters, and how people combine them."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone, is_classifier
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector
from sklearn.ensemble import (
    BaggingClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    Ridge,
    SGDClassifier,
    SGDRegressor,
    TweedieRegressor,
)
from sklearn.metrics import make_scorer, roc_auc_score
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import all_estimators

ROWS = 60
_RANDOM = np.random.default_rng(0)
X = np.abs(_RANDOM.normal(size=(ROWS, 4))).round(3)
LABELS = np.array(["no", "yes"], object)[(X[:, 0] > X[:, 1]).astype(int)]
INTEGERS = (X[:, 0] > X[:, 1]).astype(int)
TARGET = X[:, 0] * 2 + X[:, 1] + 0.1
FRAME = pd.DataFrame(
    {"a": X[:, 0], "b": X[:, 1], "colour": np.array(["red", "blue", "green"], object)[_RANDOM.integers(0, 3, ROWS)]}
)
GAPS = FRAME.assign(a=FRAME.a.where(FRAME.a > 0.2), colour=FRAME.colour.where(FRAME.a > 0.3))
TEXTS = [f"{colour} car number {i % 7}" for i, colour in enumerate(FRAME.colour)]


def estimators() -> Iterator[tuple[str, Any]]:
    """Every estimator of scikit-learn that fits a small table as it comes out of the box, in one way or another."""
    for name, kind in all_estimators():
        fitted = _fit(kind)
        if fitted is not None:
            yield name, fitted


ARGUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "ClassifierChain": lambda: {"estimator": LogisticRegression()},
    "ColumnTransformer": lambda: {"transformers": [("s", StandardScaler(), [0, 1])]},
    "FeatureUnion": lambda: {"transformer_list": [("s", StandardScaler()), ("p", PolynomialFeatures())]},
    "FixedThresholdClassifier": lambda: {"estimator": LogisticRegression()},
    "FrozenEstimator": lambda: {"estimator": LogisticRegression().fit(X, LABELS)},
    "GridSearchCV": lambda: {"estimator": LogisticRegression(), "param_grid": {"C": [1, 2]}},
    "HalvingGridSearchCV": lambda: {"estimator": LogisticRegression(), "param_grid": {"C": [1, 2]}},
    "HalvingRandomSearchCV": lambda: {"estimator": LogisticRegression(), "param_distributions": {"C": [1, 2]}},
    "MultiOutputClassifier": lambda: {"estimator": LogisticRegression()},
    "MultiOutputRegressor": lambda: {"estimator": Ridge()},
    "OneVsOneClassifier": lambda: {"estimator": LogisticRegression()},
    "OneVsRestClassifier": lambda: {"estimator": LogisticRegression()},
    "OutputCodeClassifier": lambda: {"estimator": LogisticRegression()},
    "Pipeline": lambda: {"steps": [("s", StandardScaler()), ("m", LogisticRegression())]},
    "RandomizedSearchCV": lambda: {
        "estimator": LogisticRegression(),
        "param_distributions": {"C": [1, 2]},
        "n_iter": 2,
    },
    "RegressorChain": lambda: {"estimator": Ridge()},
    "RFE": lambda: {"estimator": Ridge()},
    "RFECV": lambda: {"estimator": Ridge()},
    "SelectFromModel": lambda: {"estimator": Ridge()},
    "SelfTrainingClassifier": lambda: {"estimator": LogisticRegression()},
    "SequentialFeatureSelector": lambda: {"estimator": Ridge(), "n_features_to_select": 2},
    "SparseCoder": lambda: {"dictionary": np.eye(4)},
    "StackingClassifier": lambda: {"estimators": [("l", LogisticRegression())]},
    "StackingRegressor": lambda: {"estimators": [("l", Ridge())]},
    "TunedThresholdClassifierCV": lambda: {"estimator": LogisticRegression()},
    "VotingClassifier": lambda: {"estimators": [("l", LogisticRegression())]},
    "VotingRegressor": lambda: {"estimators": [("l", Ridge())]},
}
SMALL = {"n_estimators": 3, "max_iter": 20, "random_state": 0, "n_components": 2, "n_clusters": 3}


def _fit(kind: Any) -> Any:
    given = ARGUMENTS.get(kind.__name__, dict)()
    try:
        estimator = kind(**given)
    except TypeError:
        return None
    small = {key: value for key, value in SMALL.items() if key in estimator.get_params(deep=False) and key not in given}
    for settings in (small, {}):
        for rows, target in _tables(estimator):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    return clone(estimator).set_params(**settings).fit(rows, target)
            except Exception:  # the next table, or the next settings, may suit it
                continue
    return None


def _tables(estimator: Any) -> list[tuple[Any, Any]]:
    several = np.column_stack([INTEGERS, 1 - INTEGERS])
    both = [(X, LABELS), (X, INTEGERS), (X, several)]
    numbers = [(X, TARGET), (X, np.column_stack([TARGET, TARGET]))]
    odd: list[tuple[Any, Any]] = [(TEXTS, None), (LABELS, None), ([[1, 2], [2]], None), (X[:, 0], TARGET)]
    odd += [([{"a": 1.0}, {"b": 2.0}], None)]
    return [*both, *numbers, *odd] if is_classifier(estimator) else [*numbers, *both, *odd]


def _clip(rows: Any) -> Any:
    return np.clip(rows, 0, 1)


def combinations() -> Iterator[tuple[str, Any]]:
    """Models as people build them: pipelines on tables with text and gaps, searches, ensembles of ensembles."""
    numbers = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    colours = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    table = ColumnTransformer([("n", numbers, ["a", "b"]), ("c", colours, ["colour"])])
    yield "pipeline", make_pipeline(table, LogisticRegression()).fit(GAPS, LABELS)
    yield (
        "forest on a table",
        make_pipeline(clone(table), RandomForestClassifier(3, random_state=0)).fit(GAPS, INTEGERS),
    )
    by_index = ColumnTransformer([("n", StandardScaler(), FRAME.columns[:2])], remainder="drop")
    yield "columns by index", make_pipeline(by_index, Ridge()).fit(FRAME, TARGET)
    by_type = ColumnTransformer(
        [("n", StandardScaler(), make_column_selector(dtype_include="number"))], remainder="passthrough"
    )
    yield "columns by type", make_pipeline(by_type, OneHotEncoder(handle_unknown="ignore")).fit(FRAME)
    yield "ordinals", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(GAPS[["colour"]])
    yield "rare categories", OneHotEncoder(min_frequency=5, sparse_output=False).fit(FRAME[["colour"]])
    yield "target encoder", TargetEncoder().fit(FRAME[["colour"]], TARGET)
    yield "text", make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), SGDClassifier(random_state=0)).fit(TEXTS, LABELS)
    yield "words", CountVectorizer(stop_words="english").fit(TEXTS)
    yield "hashes", make_pipeline(HashingVectorizer(n_features=16), LogisticRegression()).fit(TEXTS, LABELS)
    yield "union", FeatureUnion([("k", SelectKBest(f_regression, k=2)), ("p", PolynomialFeatures(2))]).fit(X, TARGET)
    yield (
        "log target",
        TransformedTargetRegressor(LinearRegression(), func=np.log1p, inverse_func=np.expm1).fit(X, TARGET),
    )
    yield "log step", make_pipeline(FunctionTransformer(np.log1p), Ridge()).fit(X, TARGET)
    search = GridSearchCV(SVC(), {"C": [1.0, 2.0], "kernel": ["rbf", "linear"]}, cv=StratifiedKFold(2))
    yield "search", search.fit(X, LABELS)
    scored = RandomizedSearchCV(
        DecisionTreeClassifier(), {"max_depth": [1, 2]}, n_iter=2, cv=2, random_state=np.random.RandomState(0),
        scoring=make_scorer(roc_auc_score, response_method="predict_proba"),
    )  # fmt: skip
    yield "scored search", scored.fit(X, INTEGERS)
    generator = RandomForestRegressor(3, random_state=np.random.RandomState(3))
    yield "random state", generator.fit(X, TARGET)
    voting = VotingClassifier([("l", LogisticRegression()), ("k", KNeighborsClassifier())], voting="soft")
    yield "voting", voting.fit(X, LABELS)
    stack = StackingClassifier([("t", DecisionTreeClassifier(max_depth=2)), ("v", clone(voting))], cv=2)
    yield "stack", stack.fit(X, LABELS)
    yield "bagging", BaggingClassifier(SVC(), n_estimators=2, random_state=0).fit(X, LABELS)
    kernel = ConstantKernel() * RBF() + Matern() + WhiteKernel()
    yield "kernels", GaussianProcessRegressor(kernel).fit(X[:20], TARGET[:20])
    ball = KNeighborsClassifier(algorithm="ball_tree", metric="minkowski", p=3)
    yield "ball tree", ball.fit(X, LABELS)
    yield "neighbours fill", KNNImputer().fit(GAPS[["a", "b"]])
    native = HistGradientBoostingClassifier(max_iter=3, categorical_features=["colour"])
    yield "native categories", native.fit(GAPS.assign(colour=GAPS.colour.astype("category")), LABELS)
    yield (
        "data frame out",
        Pipeline([("s", StandardScaler().set_output(transform="pandas")), ("r", Ridge())]).fit(
            FRAME[["a", "b"]], TARGET
        ),
    )
    for loss in ("absolute_error", "gamma", "poisson", "quantile"):
        yield f"histogram {loss}", HistGradientBoostingRegressor(max_iter=2, loss=loss, quantile=0.4).fit(X, TARGET)
    for loss in ("absolute_error", "huber", "quantile"):
        yield f"boosting {loss}", GradientBoostingRegressor(n_estimators=2, loss=loss).fit(X, TARGET)
    yield "exponential", GradientBoostingClassifier(n_estimators=2, loss="exponential").fit(X, INTEGERS)
    for loss in ("hinge", "modified_huber", "squared_hinge", "log_loss", "perceptron", "huber"):
        yield f"descent {loss}", SGDClassifier(loss=loss, random_state=0).fit(X, LABELS)
    for loss in ("huber", "epsilon_insensitive", "squared_epsilon_insensitive"):
        yield f"descent {loss} regressor", SGDRegressor(loss=loss, random_state=0).fit(X, TARGET)
    yield "three classes histogram", HistGradientBoostingClassifier(max_iter=2).fit(X, FRAME.colour)
    yield "three classes boosting", GradientBoostingClassifier(n_estimators=2).fit(X, FRAME.colour)
    for metric in ("manhattan", "chebyshev", "minkowski", "euclidean"):
        yield f"neighbours {metric}", KNeighborsClassifier(metric=metric, algorithm="kd_tree").fit(X, LABELS)
    yield "haversine", KNeighborsClassifier(metric="haversine", algorithm="ball_tree").fit(X[:, :2], LABELS)
    yield "tweedie", TweedieRegressor(power=1.5, link="log").fit(X, TARGET)
    yield "three classes", LogisticRegression().fit(X, FRAME.colour)


def boosters() -> Iterator[tuple[str, Any]]:
    """XGBoost, LightGBM and CatBoost, on matrices, tables and categories."""
    import lightgbm
    import xgboost
    from catboost import CatBoostClassifier, CatBoostRegressor

    table = FRAME.assign(colour=FRAME.colour.astype("category"))
    yield "xgboost", xgboost.XGBClassifier(n_estimators=3).fit(X, INTEGERS)
    yield "xgboost regressor", xgboost.XGBRegressor(n_estimators=3).fit(FRAME[["a", "b"]], TARGET)
    yield "xgboost forest", xgboost.XGBRFRegressor(n_estimators=3).fit(X, TARGET)
    yield "xgboost ranker", xgboost.XGBRanker(n_estimators=3).fit(X, INTEGERS, group=[30, 30])
    yield "xgboost categories", xgboost.XGBClassifier(n_estimators=3, enable_categorical=True).fit(table, INTEGERS)
    yield "lightgbm", lightgbm.LGBMClassifier(n_estimators=3, verbosity=-1).fit(X, LABELS)
    yield "lightgbm regressor", lightgbm.LGBMRegressor(n_estimators=3, verbosity=-1).fit(FRAME[["a", "b"]], TARGET)
    yield "lightgbm categories", lightgbm.LGBMClassifier(n_estimators=3, verbosity=-1).fit(table, LABELS)
    quiet: dict[str, Any] = {"iterations": 3, "verbose": False, "allow_writing_files": False}
    yield "catboost", CatBoostClassifier(**quiet).fit(X, LABELS)
    yield "catboost regressor", CatBoostRegressor(**quiet).fit(FRAME[["a", "b"]], TARGET)
    yield "catboost categories", CatBoostClassifier(cat_features=["colour"], **quiet).fit(FRAME, LABELS)
    yield "boosted pipeline", make_pipeline(StandardScaler(), xgboost.XGBRegressor(n_estimators=2)).fit(X, TARGET)


def models() -> Iterator[tuple[str, Any]]:
    """All of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from estimators()
        yield from combinations()
        yield from boosters()
