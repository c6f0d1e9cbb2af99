"""skl2onnx as an engine: close to the estimator in float32, under our names, and never silently wrong."""

from typing import Any

import numpy as np
import onnx
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import TunedThresholdClassifierCV
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer

from modelport.artifacts import artifact
from modelport.conversion import Context, NoteKind, Options
from modelport.data import data, fit
from modelport.errors import CannotConvert, NotFitted
from modelport.parity.adapt import fit_inputs
from modelport.recipes import load_recipe
from modelport.runtimes import runtime
from modelport_sklearn.signature import signature
from modelport_sklearn.skl2onnx_engine import convert

RANDOM = np.random.default_rng(5)
X = np.abs(RANDOM.normal(size=(80, 3)))
Y = (X[:, 0] > X[:, 1]).astype(int)


def converted(model: Any, rows: Any = None, **options: Any) -> tuple[onnx.ModelProto, Context]:
    sample = None if rows is None else data(rows).head()
    context = Context(signature(model, sample), Options(**options))
    return convert(model, context), context


@pytest.mark.parametrize(
    "name", ["breast_cancer", "wine", "diabetes", "linnerud", "iris_clusters", "seattle_weather", "car_names"]
)
def test_it_answers_like_the_estimator_in_float32(name: str) -> None:
    recipe = load_recipe(name)
    model, rows = recipe.train(), recipe.data()
    proto, context = converted(model, rows)
    ours = runtime("scikit-learn").open(artifact(model), context.signature)
    theirs = runtime("onnxruntime").open(artifact(proto), None)
    batch = fit(data(rows).head(), ours.signature)
    expected = ours.score(batch)
    got = theirs.score(fit_inputs(ours.signature, theirs.signature, "skl2onnx").adapt(batch))
    assert got.schema.names == expected.schema.names
    for column in expected.schema.names:
        wanted, given = expected.column(column).to_pylist(), got.column(column).to_pylist()
        if isinstance(wanted[0], float):
            np.testing.assert_allclose(given, wanted, rtol=1e-4, atol=1e-4)
        else:
            assert given == wanted
    assert [note.kind for note in context.notes if "float32" in note.what] == [NoteKind.ROUNDED]


def test_the_file_has_no_zipmap_and_each_domain_once() -> None:
    proto, _ = converted(LogisticRegression().fit(X, Y))
    assert [output.name for output in proto.graph.output] == ["label", "probability"]
    assert not [node for node in proto.graph.node if node.op_type == "ZipMap"]
    domains = [entry.domain for entry in proto.opset_import]
    assert len(domains) == len(set(domains))
    onnx.checker.check_model(proto)


def test_caps_are_kept() -> None:
    proto, _ = converted(LogisticRegression().fit(X, Y), opset=15, ml_opset=2, ir_version=8)
    versions = {entry.domain: entry.version for entry in proto.opset_import}
    assert versions[""] <= 15
    assert versions.get("ai.onnx.ml", 1) <= 2
    assert proto.ir_version <= 8


COLOURS = np.array([["red"], ["blue"]], object)[RANDOM.integers(0, 2, 80)]
WRONG = [
    TunedThresholdClassifierCV(LogisticRegression()),
    CalibratedClassifierCV(GaussianNB(), method="isotonic"),
    LinearDiscriminantAnalysis(),
    make_pipeline(QuantileTransformer(n_quantiles=10), LogisticRegression()),
]


@pytest.mark.parametrize("model", WRONG, ids=lambda model: type(model).__name__)
def test_what_it_gets_silently_wrong_is_refused(model: Any) -> None:
    with pytest.raises(CannotConvert, match=r"skl2onnx gets .* wrong") as error:
        converted(model.fit(X, Y))
    assert "engine modelport" in str(error.value.hint)


def test_rare_and_native_categories_are_refused() -> None:
    with pytest.raises(CannotConvert, match="infrequent"):
        converted(make_pipeline(OneHotEncoder(min_frequency=3), LogisticRegression()).fit(COLOURS, Y))
    codes = np.column_stack([X, RANDOM.integers(0, 4, 80)])
    with pytest.raises(CannotConvert, match="native categories"):
        converted(HistGradientBoostingClassifier(max_iter=2, categorical_features=[3]).fit(codes, Y))


def test_labels_that_it_would_change_are_refused() -> None:
    with pytest.raises(CannotConvert, match="boolean"):
        converted(LogisticRegression().fit(X, Y > 0))


def test_trees_take_no_missing_values_there() -> None:
    proto, context = converted(RandomForestClassifier(3, random_state=0).fit(X, Y))
    stamped = runtime("onnxruntime").open(artifact(proto), None).signature
    assert not any(column.nullable for column in stamped.inputs)
    assert any("missing values" in note.what for note in context.notes)


def test_an_estimator_it_does_not_know_is_one_sentence() -> None:
    with pytest.raises(CannotConvert, match="skl2onnx cannot convert") as error:
        converted(load_recipe("lightgbm_cars").train())
    assert "\n" not in error.value.what


def test_an_unfitted_estimator_is_refused() -> None:
    with pytest.raises(NotFitted):
        convert(LogisticRegression(), Context(signature(LogisticRegression().fit(X, Y))))
