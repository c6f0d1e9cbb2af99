"""Walk: which estimators inside a model see one of its input columns unchanged.

`Use(estimator, index, column, affine)` says: column `column` of the model's input reaches position `index` of
`estimator`, perhaps scaled on the way (`scale * x + offset`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from modelport_sklearn import anatomy


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a column of a step comes from: `scale * input[column] + offset`."""

    column: int
    scale: float = 1.0
    offset: float = 0.0

    def back(self, value: float) -> float:
        """The input value that arrives as `value`."""
        return (value - self.offset) / self.scale


Origins = Sequence[Origin | None]
"""Of each column of a step: None where it is computed from several inputs, or otherwise not told."""


@dataclass(frozen=True, slots=True)
class Use:
    """A column of the model's input, where an estimator inside meets it."""

    estimator: Any
    index: int
    origin: Origin


def uses(model: Any, width: int) -> Iterator[Use]:
    """Every meeting of an estimator inside the model with one of its `width` input columns."""
    yield from _walk(model, [Origin(i) for i in range(width)])


def _walk(model: Any, origins: Origins) -> Iterator[Use]:
    if model is None or isinstance(model, str):
        return
    model = anatomy.inner(model)
    kind = _KINDS.get(anatomy.class_name(model).rpartition(".")[2])
    if kind is not None and type(model).__module__.startswith("sklearn."):
        yield from kind(model, origins)
        return
    for index, origin in enumerate(origins):
        if origin is not None:
            yield Use(model, index, origin)
    for part, columns in _members(model):
        yield from _walk(part, origins if columns is None else [origins[int(i)] for i in columns])


def _members(model: Any) -> Iterator[tuple[Any, Sequence[int] | None]]:
    """Fitted estimators inside a meta-estimator, with the columns they see (None: all)."""
    if not type(model).__module__.startswith("sklearn.") or _is_tree_ensemble(model):
        return
    if not hasattr(type(model), "get_params") or not is_meta(model):
        return
    chosen = getattr(model, "estimators_features_", None)
    many = getattr(model, "estimators_", None)
    if isinstance(many, list):
        for i, part in enumerate(many):
            yield part, None if chosen is None else list(chosen[i])
    for name in ("estimator_", "best_estimator_", "regressor_"):
        part = getattr(model, name, None)
        if part is not None and part is not model:
            yield part, None
    for part in getattr(model, "calibrated_classifiers_", ()):
        yield part.estimator, None


def is_meta(model: Any) -> bool:
    """Whether an estimator hands its rows to others."""
    params = model.get_params(deep=False)
    return bool({"estimator", "estimators", "base_estimator", "regressor"} & set(params))


def _is_tree_ensemble(model: Any) -> bool:
    return type(model).__module__.startswith(("sklearn.ensemble._forest", "sklearn.ensemble._gb", "sklearn.tree"))


def _pipeline(model: Any, origins: Origins) -> Iterator[Use]:
    for _, step in model.steps:
        if step is None or step == "passthrough":
            continue
        yield from _walk(step, origins)
        origins = after(step, origins)


def _columns(model: Any, origins: Origins) -> Iterator[Use]:
    for _, step, columns in model.transformers_:
        chosen = chosen_columns(model, columns)
        if not isinstance(step, str) and chosen is not None:
            yield from _walk(step, [origins[i] for i in chosen])


def _union(model: Any, origins: Origins) -> Iterator[Use]:
    for _, step in model.transformer_list:
        yield from _walk(step, origins)


def chosen_columns(model: Any, columns: Any) -> list[int] | None:
    """Positions of the columns a ColumnTransformer gives one of its steps; None where they cannot be told."""
    import numpy as np

    names = list(getattr(model, "feature_names_in_", ()))
    width = int(model.n_features_in_)
    if isinstance(columns, slice):
        if isinstance(columns.start, str) or isinstance(columns.stop, str):
            start = names.index(columns.start) if columns.start is not None else 0
            stop = names.index(columns.stop) + 1 if columns.stop is not None else width
            return list(range(start, stop))
        return list(range(width))[columns]
    items = [columns] if isinstance(columns, str | int | np.integer) else list(columns)
    if items and all(isinstance(item, bool | np.bool_) for item in items):
        return [i for i, item in enumerate(items) if item]
    try:
        return [names.index(item) if isinstance(item, str) else int(item) % width for item in items]
    except (ValueError, TypeError):
        return None


# What a step does to its columns -------------------------------------------------------------------


def after(step: Any, origins: Origins) -> Origins:
    """Where the columns that leave a step come from; empty where that is not told."""
    if step is None or step == "passthrough":
        return origins
    step = anatomy.inner(step)
    if not type(step).__module__.startswith("sklearn."):
        return []
    rule = _AFTER.get(type(step).__name__)
    return rule(step, origins) if rule else []


def _after_pipeline(step: Any, origins: Origins) -> Origins:
    for _, part in step.steps:
        origins = after(part, origins)
    return origins


def _after_columns(step: Any, origins: Origins) -> Origins:
    result: list[Origin | None] = []
    for _, part, columns in step.transformers_:
        chosen = chosen_columns(step, columns)
        if isinstance(part, str) and part == "drop":
            continue
        if chosen is None:
            return []
        if not chosen:  # scikit-learn leaves a transformer of no columns unfitted
            continue
        left = after(part, [origins[i] for i in chosen])
        if not left:
            count = _width_out(part)
            if count is None:
                return []
            left = [None] * count
        result += left
    return result


def _width_out(part: Any) -> int | None:
    try:
        return len(part.get_feature_names_out())
    except (AttributeError, ValueError, TypeError, NotImplementedError):
        return None


def _after_scaler(step: Any, origins: Origins) -> Origins:
    """StandardScaler, RobustScaler: `(x - centre) / scale`, each part only where it was asked for."""
    centred = getattr(step, "with_mean", True) and getattr(step, "with_centering", True)
    centre = (step.mean_ if hasattr(step, "with_mean") else step.center_) if centred else None
    return [
        _scaled(
            origin,
            1.0 if step.scale_ is None else 1.0 / float(step.scale_[i]),
            0.0 if centre is None else float(centre[i]),
        )
        for i, origin in enumerate(origins)
    ]


def _scaled(origin: Origin | None, factor: float, centre: float) -> Origin | None:
    if origin is None:
        return None
    return Origin(origin.column, origin.scale * factor, (origin.offset - centre) * factor)


def _after_min_max(step: Any, origins: Origins) -> Origins:
    """MinMaxScaler: `x * scale_ + min_`."""
    if not origins:
        return []
    pairs = zip(step.scale_.tolist(), step.min_.tolist(), strict=True)
    return [
        None if origin is None else Origin(origin.column, origin.scale * scale, origin.offset * scale + offset)
        for origin, (scale, offset) in zip(origins, pairs, strict=True)
    ]


def _after_max_abs(step: Any, origins: Origins) -> Origins:
    return [_scaled(origin, 1.0 / float(step.scale_[i]), 0.0) for i, origin in enumerate(origins)]


def _after_imputer(step: Any, origins: Origins) -> Origins:
    """SimpleImputer keeps what is not missing; a column that was all missing while fitting is dropped."""
    from modelport_sklearn.scalars import is_missing

    keep = [i for i, fill in enumerate(step.statistics_) if step.keep_empty_features or not is_missing(fill)]
    kept: list[Origin | None] = [origins[i] for i in keep]
    return kept + [None] * (len(step.indicator_.features_) if step.add_indicator else 0)


def _after_function(step: Any, origins: Origins) -> Origins:
    """FunctionTransformer without a function, which is what ColumnTransformer makes of "passthrough"."""
    return origins if step.func is None else []


def _after_selection(step: Any, origins: Origins) -> Origins:
    return [origins[int(i)] for i in step.get_support(indices=True)] if origins else []


_KINDS = {"Pipeline": _pipeline, "ColumnTransformer": _columns, "FeatureUnion": _union}
_AFTER = {
    "Pipeline": _after_pipeline,
    "ColumnTransformer": _after_columns,
    "StandardScaler": _after_scaler,
    "RobustScaler": _after_scaler,
    "MinMaxScaler": _after_min_max,
    "MaxAbsScaler": _after_max_abs,
    "SimpleImputer": _after_imputer,
    "FunctionTransformer": _after_function,
    **dict.fromkeys(
        (
            "SelectKBest",
            "SelectPercentile",
            "SelectFpr",
            "SelectFdr",
            "SelectFwe",
            "GenericUnivariateSelect",
            "VarianceThreshold",
            "SelectFromModel",
            "RFE",
            "RFECV",
            "SequentialFeatureSelector",
        ),
        _after_selection,
    ),
}
