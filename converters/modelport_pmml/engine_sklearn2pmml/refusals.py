"""Models that sklearn2pmml converts wrongly, refused or noted before it runs. Measured with 0.133.1."""

from collections.abc import Callable, Mapping
from typing import Any

from modelport.conversion import Context, NoteKind
from modelport.errors import CannotConvert, NotFitted
from modelport_pmml.engine_sklearn2pmml.walk import estimators

WAY_OUT = "leave out --engine sklearn2pmml: modelport's own way goes through ONNX"
TREES = ("DecisionTree", "ExtraTree", "RandomForest", "IsolationForest")


def check(model: Any, context: Context) -> None:
    """Looks at every estimator inside the model.

    Raises:
        CannotConvert: one of them would be converted wrongly.
        NotFitted: the model was never fitted.
    """
    check_fitted(model)
    found = list(estimators(model))
    for path, item in found:
        reason = _REASONS.get(type(item).__name__, _fine)(item)
        if reason:
            raise CannotConvert(
                f"sklearn2pmml converts {type(item).__name__} wrongly: {reason}", where=path, hint=WAY_OUT
            )
    if any(type(item).__name__.startswith(TREES) for _, item in found):
        _note_missing(context)


def check_fitted(model: Any) -> None:
    """Raises NotFitted for an estimator that was never fitted, itself or its last step."""
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(model)
    except NotFittedError as error:
        raise NotFitted(f"{type(model).__name__} was never fitted", hint="call fit(X, y) and save it again") from error
    except TypeError as error:
        kind = f"{type(model).__module__}.{type(model).__qualname__}"
        raise CannotConvert(f"sklearn2pmml takes scikit-learn estimators, not {kind}") from error


def _note_missing(context: Context) -> None:
    holes = [column.name for column in context.signature.inputs if column.nullable]
    if holes:
        what = "its trees give no result for a missing value, where scikit-learn follows the side it learned"
        context.note(NoteKind.LOST, ", ".join(holes[:5]), what)


def _fine(estimator: Any) -> str | None:
    return None


def _calibrated(estimator: Any) -> str | None:
    labels = getattr(estimator, "classes_", ())
    return (
        None
        if any(isinstance(label, str) for label in labels)
        else "with labels that are no text, every probability is wrong"
    )


def _quantile(estimator: Any) -> str | None:
    return "it gives no result on most rows"


def _random_forest_booster(estimator: Any) -> str | None:
    return "with three classes and more, half the labels are wrong" if getattr(estimator, "n_classes_", 2) > 2 else None


def _several_outputs(estimator: Any) -> str | None:
    return "of several targets, only the first is kept" if getattr(estimator, "n_outputs_", 1) > 1 else None


_REASONS: Mapping[str, Callable[[Any], str | None]] = {
    "CalibratedClassifierCV": _calibrated,
    "QuantileTransformer": _quantile,
    "XGBRFClassifier": _random_forest_booster,
    "DecisionTreeRegressor": _several_outputs,
    "DecisionTreeClassifier": _several_outputs,
    "ExtraTreeRegressor": _several_outputs,
    "ExtraTreeClassifier": _several_outputs,
    "RandomForestRegressor": _several_outputs,
    "RandomForestClassifier": _several_outputs,
    "ExtraTreesRegressor": _several_outputs,
    "ExtraTreesClassifier": _several_outputs,
}
