"""What people's data and models are like: each converts exactly, in both runtimes of ONNX, or is refused."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    BaggingClassifier,
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.feature_selection import VarianceThreshold
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
)
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

import modelport as mp
from modelport.conversion import Context
from modelport.errors import CannotConvert, DataError
from modelport.parity.settings import Settings
from modelport.signature import Signature, matrix_inputs
from modelport_onnx.build import to_onnx
from modelport_onnx.ort import OrtSession

RNG = np.random.default_rng(0)
X = RNG.normal(size=(120, 4))
Y = (X[:, 0] > 0).astype(int)
FRAME = pd.DataFrame(X, columns=list("abcd"))

QUICK = Settings(rows=200, runtimes=("onnxruntime", "onnx.reference"))


def exact(estimator: Any, rows: Any) -> Any:
    """The conversion, after both ONNX runtimes gave the estimator's own answers on every kind of row."""
    made = mp.convert(estimator, "onnx", data=rows, verify=False)
    report = mp.verify(estimator, made.model, data=rows, settings=QUICK)
    assert report.passed, str(report)
    assert len(report.candidates) == 2
    assert report.rows > 100
    return made


def test_a_model_that_takes_no_missing_value_agrees_on_the_rows_it_takes() -> None:
    holes = X.copy()
    holes[::7, 1] = np.nan
    exact(LogisticRegression().fit(X, Y), holes)


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ([True, False], "bool"),
        (["a b", "ü中\n<&\"'"], "text"),
        (["", " "], "blank text"),
        ([-5, 7], "negative integers"),
        ([np.int8(1), np.int8(2)], "small integers"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-",
)
@pytest.mark.parametrize("kind", [LogisticRegression, DecisionTreeClassifier, SVC, KNeighborsClassifier])
def test_classes_of_every_type(kind: Any, values: list[Any], classes: str) -> None:
    made = exact(kind().fit(X, np.array([values[i] for i in Y])), X)
    want = {bool: bool, str: str}.get(type(values[0]), int)
    assert all(isinstance(item, want) for item in made.model.signature.classes), classes


@pytest.mark.parametrize(
    "step",
    [
        StandardScaler(),
        MinMaxScaler(),
        RobustScaler(),
        MaxAbsScaler(),
        Normalizer(),
        QuantileTransformer(n_quantiles=20),
        PowerTransformer(),
        KBinsDiscretizer(),
        VarianceThreshold(),
        PolynomialFeatures(),
        SplineTransformer(),
    ],
    ids=lambda step: type(step).__name__,
)
def test_a_column_without_variance(step: Any) -> None:
    flat = X.copy()
    flat[:, 2] = 3.0
    exact(make_pipeline(step, LogisticRegression()).fit(flat, Y), flat)


@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeClassifier(),
        RandomForestClassifier(5),
        ExtraTreesClassifier(5),
        BaggingClassifier(),
        GaussianNB(),
        KNeighborsClassifier(),
        DummyClassifier(),
    ],
    ids=lambda model: type(model).__name__,
)
def test_classifiers_of_one_class(model: Any) -> None:
    exact(model.fit(X, np.zeros(len(X), int)), X)


@pytest.mark.parametrize("label", [0, "a"])
def test_boosting_of_one_class_gives_the_probability_of_that_class(label: Any) -> None:
    """scikit-learn gives a second probability, which belongs to no class (1.9)."""
    model = HistGradientBoostingClassifier(max_iter=2).fit(X, np.full(len(X), label))
    made = exact(model, X)
    assert [column.name for column in OrtSession(made.model.artifact.model).signature.outputs] == [
        "label",
        f"probability({label})",
    ]
    found = OrtSession(made.model.artifact.model).run({"X": X})["probability"]
    assert np.abs(found - model.predict_proba(X)[:, :1]).max() <= 1e-15


def test_boosting_of_one_class_that_may_vote_for_another_is_refused() -> None:
    model = HistGradientBoostingClassifier(max_iter=2).fit(X, np.zeros(len(X), int))
    model._baseline_prediction = model._baseline_prediction + 100.0
    with pytest.raises(CannotConvert, match="single class"):
        to_onnx(model, Context(Signature(matrix_inputs(X.shape[1]))))


@pytest.mark.parametrize(
    "before",
    [
        ColumnTransformer([("n", StandardScaler(), ["a", "b"]), ("x", "drop", ["c"]), ("p", "passthrough", ["d"])]),
        ColumnTransformer([("none", StandardScaler(), []), ("p", "passthrough", ["d"])]),
        FeatureUnion([("a", StandardScaler()), ("b", "drop"), ("c", "passthrough")]),
        "passthrough",
        None,
    ],
    ids=["drop and passthrough", "no columns", "union", "passthrough step", "None step"],
)
def test_transformers_that_do_nothing(before: Any) -> None:
    exact(Pipeline([("before", before), ("model", LogisticRegression())]).fit(FRAME, Y), FRAME)


@pytest.mark.parametrize("column", ["i", "f", "b"])
def test_categories_that_are_no_text(column: str) -> None:
    rows = pd.DataFrame(
        {
            "i": RNG.integers(0, 5, len(X)),
            "f": RNG.choice([0.5, 1.5, np.nan], len(X)),
            "b": RNG.choice([True, False], len(X)),
        }
    )[[column]]
    for encoder in (
        OneHotEncoder(handle_unknown="ignore"),
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
    ):
        exact(make_pipeline(encoder, DecisionTreeClassifier()).fit(rows, Y), rows)


@pytest.mark.parametrize("values", [("x", "y"), (3, 5)], ids=["text", "integers"])
def test_pandas_categories_whose_unknown_ones_the_model_refuses(values: tuple[Any, ...]) -> None:
    rows = pd.DataFrame({"c": pd.Categorical(RNG.choice(values, len(X)))})
    exact(make_pipeline(OneHotEncoder(), LogisticRegression()).fit(rows, Y), rows)


def test_categories_that_are_dates_are_refused() -> None:
    rows = pd.DataFrame({"t": pd.to_datetime(RNG.choice(["2020-01-01", "2021-05-05"], len(X)))})
    with pytest.raises(CannotConvert, match="datetime"):
        mp.convert(make_pipeline(OneHotEncoder(), LogisticRegression()).fit(rows, Y), "onnx", data=rows)


def test_text_of_mixed_types_is_refused_with_the_column_named() -> None:
    """scikit-learn's encoders refuse such a column themselves; a model fitted on text may still be given one."""
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    model.fit(pd.DataFrame({"m": ["a", "b"] * 60}), Y)
    mixed = pd.DataFrame({"m": np.array(["a", 1, 2.5, None] * 30, dtype=object)})
    with pytest.raises(DataError, match="'m'"):
        mp.convert(model, "onnx", data=mixed)


def test_rows_that_lack_a_column_say_which() -> None:
    model = make_pipeline(
        ColumnTransformer([("e", OneHotEncoder(handle_unknown="ignore"), ["d"])]), LogisticRegression()
    ).fit(FRAME.round(), Y)
    with pytest.raises(DataError, match="no column 'a'"):
        mp.convert(model, "onnx", data=FRAME[["d"]])


@pytest.mark.parametrize(
    "model",
    [LogisticRegression(), MaxAbsScaler(), SVC(), RandomForestClassifier(5), TfidfTransformer()],
    ids=lambda model: type(model).__name__,
)
def test_sparse_input(model: Any) -> None:
    rows = sparse.csr_matrix(np.where(X > 0.5, X, 0))
    exact(model.fit(rows, Y), rows)


def test_sparse_output() -> None:
    rows = FRAME.round()
    exact(OneHotEncoder(sparse_output=True, handle_unknown="ignore").fit(rows), rows)
