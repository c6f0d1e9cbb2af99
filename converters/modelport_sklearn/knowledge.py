"""What a fitted model knows about each of its input columns: the type, the categories, how missing text looks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from modelport.signature import Category, label_type
from modelport_sklearn import anatomy, boosters
from modelport_sklearn.scalars import is_missing, scalars
from modelport_sklearn.walk import Use, uses


@dataclass(slots=True)
class Known:
    """What is known of one column.

    Attributes:
        type: None where nothing tells it.
        categories: the values an encoder was fitted on, missing left out.
        none_is_missing: an encoder or imputer knows missing text as None rather than NaN.
        pandas: the pandas categories a booster wants it in.
    """

    type: pa.DataType | None = None
    categories: tuple[Category, ...] | None = None
    none_is_missing: bool = False
    pandas: Any = None


def knowledge(model: Any, width: int) -> list[Known]:
    """What is known of each of `width` input columns."""
    known = [Known() for _ in range(width)]
    if anatomy.takes(model) is anatomy.Takes.TEXTS:
        known[0].type = pa.string()
        return known
    for use in uses(model, width):
        _learn(known[use.origin.column], use)
    return known


def _learn(known: Known, use: Use) -> None:
    rule = _RULES.get(type(use.estimator).__name__)
    if rule is not None:
        rule(known, use)
    elif boosters.is_booster(use.estimator):
        _from_booster(known, use)
    elif known.type is None and _only_numbers(use.estimator):
        known.type = pa.float64()


def _only_numbers(estimator: Any) -> bool:
    """Whether an estimator of scikit-learn's takes nothing but numbers; meta-estimators hand on what they get."""
    from modelport_sklearn.walk import is_meta

    return type(estimator).__module__.startswith("sklearn.") and not is_meta(estimator)


def _set(known: Known, values: Iterable[Any]) -> None:
    values = list(values)
    if any(value is None for value in values):
        known.none_is_missing = True
    present = scalars(value for value in values if not is_missing(value))
    known.type = label_type(present) if present else known.type
    known.categories = present if known.categories is None else tuple(dict.fromkeys((*known.categories, *present)))


def _from_encoder(known: Known, use: Use) -> None:
    """OneHotEncoder, OrdinalEncoder, TargetEncoder: `categories_`, one array a column."""
    _set(known, use.estimator.categories_[use.index].tolist())


def _from_labels(known: Known, use: Use) -> None:
    """LabelEncoder, LabelBinarizer: `classes_`, the only values they take."""
    _set(known, use.estimator.classes_.tolist())


def _from_imputer(known: Known, use: Use) -> None:
    """SimpleImputer: what it fills in tells the type, `missing_values` how missing looks."""
    if use.estimator.missing_values is None:
        known.none_is_missing = True
    fill = use.estimator.statistics_[use.index]
    if isinstance(fill, str):
        known.type = pa.string()
    elif known.type is None and use.estimator.strategy in ("mean", "median"):
        known.type = pa.float64()


def _from_histogram(known: Known, use: Use) -> None:
    """HistGradientBoosting keeps the encoder of its categorical columns (`_preprocessor`, 1.4 and later)."""
    categorical = use.estimator.is_categorical_
    encoder = getattr(use.estimator, "_preprocessor", None)
    if categorical is None or not categorical[use.index] or encoder is None:
        known.type = known.type or pa.float64()
        return
    position = int(categorical[: use.index].sum())
    _set(known, encoder.named_transformers_["encoder"].categories_[position].tolist())


def _from_booster(known: Known, use: Use) -> None:
    categories = boosters.categories(use.estimator).get(use.index)
    if categories is None:
        known.type = known.type or pa.float64()
        return
    _set(known, list(categories))
    known.pandas = list(categories)


def _text(known: Known, use: Use) -> None:
    known.type = pa.string()


def _anything(known: Known, use: Use) -> None:
    """It takes whatever it is given, so it tells nothing."""


_RULES: dict[str, Callable[[Known, Use], None]] = {
    "OneHotEncoder": _from_encoder,
    "OrdinalEncoder": _from_encoder,
    "TargetEncoder": _from_encoder,
    **dict.fromkeys(("LabelEncoder", "LabelBinarizer"), _from_labels),
    "SimpleImputer": _from_imputer,
    "HistGradientBoostingClassifier": _from_histogram,
    "HistGradientBoostingRegressor": _from_histogram,
    **dict.fromkeys(("CountVectorizer", "TfidfVectorizer", "HashingVectorizer"), _text),
    **dict.fromkeys(("FunctionTransformer", "MissingIndicator", "DummyClassifier", "DummyRegressor"), _anything),
}
