"""Pre-flight of scikit-learn models, fitted or not: every nested estimator looked up in the lowering tables."""

from collections.abc import Iterator
from typing import Any

from modelport.graph import conversion_graph
from modelport.reach import Preflight, Reach, Step
from modelport_onnx.lowering import Lowering, class_path, find

INSTEAD: dict[str, str] = {
    "sklearn.feature_extraction.text.HashingVectorizer": "use CountVectorizer or TfidfVectorizer",
    "sklearn.feature_extraction.FeatureHasher": "use OneHotEncoder, or DictVectorizer on known keys",
    "sklearn.feature_extraction.image.PatchExtractor": "extract the patches before the model",
    "sklearn.preprocessing.FunctionTransformer": "use a NumPy function that pre-flight knows, or register a lowering",
}
"""What to use in place of a class that has no exact form."""


def preflight(estimator: Any) -> Preflight:
    """Which formats each step of an estimator reaches."""
    steps = tuple(_step(path, part) for path, part in walk(estimator, ()))
    return Preflight(type(estimator).__name__, steps)


def walk(estimator: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every estimator inside an estimator, by its parameters, outermost first.

    Parameters are what `fit` will use, so an unfitted pipeline shows the same steps as a fitted one.
    """
    yield (*path, type(estimator).__name__), estimator
    for name, part in _parts(estimator):
        yield from walk(part, (*path, name))


def _parts(estimator: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(estimator, "get_params") or isinstance(estimator, type):
        return
    for name, value in estimator.get_params(deep=False).items():
        if _is_estimator(value):
            yield name, value
        elif isinstance(value, list | tuple):
            for item in value:
                if isinstance(item, tuple) and len(item) >= 2 and _is_estimator(item[1]):
                    yield str(item[0]), item[1]


def _is_estimator(value: Any) -> bool:
    return hasattr(value, "get_params") and hasattr(value, "fit") and not isinstance(value, type)


def _step(path: tuple[str, ...], part: Any) -> Step:
    kind = class_path(type(part))
    reason = _reason(find(part), part)
    onnx = Reach.REFUSED if reason else Reach.EXACT
    pmml = onnx if _native_pmml() else Reach.UNKNOWN
    return Step(path, kind, {"onnx": onnx, "pmml": pmml}, reason, INSTEAD.get(kind, "") if reason else "")


def _reason(entry: Lowering | None, part: Any) -> str:
    if entry is None:
        return "no exact ONNX form is known of this class; register a lowering for it"
    return (entry.check(part) or "") if entry.check else ""


def _native_pmml() -> bool:
    """Whether ONNX leads on to PMML without a JVM; otherwise only the engine that is asked can tell."""
    return any(c.source == "onnx" and c.target == "pmml" for c in conversion_graph().converters)
