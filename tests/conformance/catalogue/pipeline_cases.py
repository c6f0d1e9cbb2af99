"""Composite pipelines on DataFrames, as people build them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, SelectPercentile
from sklearn.frozen import FrozenEstimator
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import FixedThresholdClassifier, GridSearchCV, TunedThresholdClassifierCV
from sklearn.multioutput import ClassifierChain, MultiOutputRegressor, RegressorChain
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from tests.conformance.catalogue import data
from tests.conformance.catalogue.case import Case

NUMBERS = ["age", "income", "visits"]
TEXT = ["city", "grade"]


def numbers(*steps: Any) -> Any:
    return make_pipeline(SimpleImputer(strategy="median"), *steps)


def text(encoder: Any) -> Any:
    return make_pipeline(SimpleImputer(strategy="constant", fill_value="unknown"), encoder)


def columns(number_steps: Any, text_steps: Any, **options: Any) -> ColumnTransformer:
    return ColumnTransformer([("numbers", number_steps, NUMBERS), ("text", text_steps, TEXT)], **options)


def onehot(**options: Any) -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="ignore", **options)


def logistic() -> LogisticRegression:
    return LogisticRegression(max_iter=500)


def usual(model: Any) -> Any:
    return make_pipeline(columns(numbers(StandardScaler()), text(onehot())), model)


def people(target: str = "binary") -> Any:
    return lambda: data.frame(*NUMBERS, *TEXT, target=target)


def with_note() -> data.Sample:
    return data.frame(*NUMBERS, "note", target="binary")


def two_targets() -> data.Sample:
    sample = data.frame(*NUMBERS, *TEXT, target="regression")
    return data.Sample(sample.train, np.column_stack([sample.target, sample.target**2 / 9]), sample.holdout)


def two_labels() -> data.Sample:
    sample = people("multi")()
    flags = np.column_stack([sample.target == "a", sample.target == "ç"]).astype(int)
    return data.Sample(sample.train, flags, sample.holdout)


def classifiers() -> Iterator[tuple[str, Any, Any]]:
    forest = RandomForestClassifier(n_estimators=15, max_depth=6, random_state=0)
    yield "logistic", lambda: usual(logistic()), people("multi")
    yield "forest", lambda: usual(forest), people("multi")
    yield (
        "boosting-polynomial",
        lambda: make_pipeline(
            columns(numbers(StandardScaler(), PolynomialFeatures(2)), text(onehot())),
            GradientBoostingClassifier(n_estimators=10, random_state=0),
        ),
        people(),
    )
    yield (
        "histgb-ordinal",
        lambda: make_pipeline(
            columns("passthrough", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)),
            HistGradientBoostingClassifier(max_iter=10, categorical_features=[3, 4], random_state=0),
        ),
        people(),
    )
    yield (
        "infrequent",
        lambda: make_pipeline(
            columns(
                numbers(RobustScaler()), text(OneHotEncoder(min_frequency=20, handle_unknown="infrequent_if_exist"))
            ),
            logistic(),
        ),
        people(),
    )
    yield (
        "target-encoder",
        lambda: make_pipeline(columns(numbers(), text(TargetEncoder(random_state=0))), logistic()),
        people(),
    )
    yield (
        "bins-spline",
        lambda: make_pipeline(
            ColumnTransformer(
                [
                    ("bins", numbers(KBinsDiscretizer(4)), ["age"]),
                    ("spline", numbers(SplineTransformer(n_knots=4)), ["income"]),
                    ("rest", onehot(), ["grade"]),
                ]
            ),
            logistic(),
        ),
        people(),
    )
    yield (
        "indicator",
        lambda: make_pipeline(
            columns(SimpleImputer(add_indicator=True), text(onehot()), remainder="drop"),
            StandardScaler(with_mean=False),
            logistic(),
        ),
        people(),
    )
    yield (
        "knn-imputer-pca",
        lambda: make_pipeline(
            ColumnTransformer([("n", make_pipeline(KNNImputer(n_neighbors=3), StandardScaler(), PCA(2)), NUMBERS)]),
            SVC(),
        ),
        people(),
    )
    yield (
        "selector",
        lambda: make_pipeline(
            ColumnTransformer(
                [
                    ("n", numbers(StandardScaler()), make_column_selector(dtype_include=np.number)),
                    ("t", text(onehot()), make_column_selector(dtype_exclude=np.number)),
                ]
            ),
            SelectKBest(k=5),
            logistic(),
        ),
        people(),
    )
    yield (
        "tfidf",
        lambda: make_pipeline(
            ColumnTransformer([("n", numbers(StandardScaler()), NUMBERS), ("t", TfidfVectorizer(), "note")]), logistic()
        ),
        with_note,
    )
    yield (
        "counts-svd",
        lambda: make_pipeline(
            ColumnTransformer(
                [("t", make_pipeline(CountVectorizer(ngram_range=(1, 2)), TruncatedSVD(4, random_state=0)), "note")]
            ),
            logistic(),
        ),
        with_note,
    )
    yield "calibrated", lambda: CalibratedClassifierCV(usual(forest), method="isotonic", cv=3), people()
    yield (
        "stacking",
        lambda: StackingClassifier(
            [("lr", usual(logistic())), ("tree", usual(DecisionTreeClassifier(max_depth=4, random_state=0)))], cv=3
        ),
        people("multi"),
    )
    yield (
        "voting",
        lambda: VotingClassifier([("lr", usual(logistic())), ("rf", usual(forest))], voting="soft"),
        people(),
    )
    yield "grid", lambda: GridSearchCV(usual(logistic()), {"logisticregression__C": [0.1, 1.0]}, cv=3), people()
    yield "threshold", lambda: TunedThresholdClassifierCV(usual(logistic()), cv=3), people()
    yield (
        "fixed-threshold",
        lambda: FixedThresholdClassifier(usual(logistic()), threshold=0.3, pos_label="yes"),
        people(),
    )
    yield (
        "chain",
        lambda: make_pipeline(columns(numbers(StandardScaler()), text(onehot())), ClassifierChain(logistic())),
        two_labels,
    )
    yield (
        "union",
        lambda: make_pipeline(
            ColumnTransformer([("n", SimpleImputer(), NUMBERS)]),
            FeatureUnion([("q", QuantileTransformer(n_quantiles=30)), ("log", FunctionTransformer(np.arcsinh))]),
            SelectPercentile(percentile=60),
            logistic(),
        ),
        people(),
    )
    yield "frozen", lambda: make_pipeline(FrozenEstimator(_fitted_scaler()), logistic()), _numbers_only


def _numbers_only() -> data.Sample:
    return data.frame("visits", target="binary")


def _fitted_scaler() -> Any:
    return StandardScaler().fit(_numbers_only().train)


def regressors() -> Iterator[tuple[str, Any, Any]]:
    forest = RandomForestRegressor(n_estimators=12, max_depth=6, random_state=0)
    yield "linear", lambda: usual(LinearRegression()), people("regression")
    yield "forest-regressor", lambda: usual(forest), people("regression")
    yield (
        "log-target",
        lambda: TransformedTargetRegressor(usual(Ridge()), func=np.log1p, inverse_func=np.expm1),
        people("regression"),
    )
    yield "multi-output", lambda: MultiOutputRegressor(usual(Ridge())), two_targets
    yield (
        "regressor-chain",
        lambda: make_pipeline(columns(numbers(StandardScaler()), text(onehot())), RegressorChain(Ridge())),
        two_targets,
    )


def cases() -> list[Case]:
    """All of them."""
    found = [Case(f"pipeline.{name}", make, sample, "pipeline") for name, make, sample in classifiers()]
    return found + [Case(f"pipeline.{name}", make, sample, "pipeline") for name, make, sample in regressors()]
