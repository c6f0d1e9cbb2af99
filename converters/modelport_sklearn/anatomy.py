"""What an estimator is made of, as far as scoring needs to know: its last step, its kind, its columns."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from modelport.errors import CannotConvert, NotFitted
from modelport.signature import Task


class Takes(StrEnum):
    """What an estimator was fitted on."""

    FRAME = "frame"
    MATRIX = "matrix"
    TEXTS = "texts"


def class_name(model: object) -> str:
    return f"{type(model).__module__}.{type(model).__qualname__}"


def check_fitted(model: Any) -> None:
    """Refuses an estimator that was never fitted.

    Raises:
        NotFitted: names its class.
    """
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(model)
    except NotFittedError as error:
        raise NotFitted(
            "this estimator was never fitted, so there is nothing to convert",
            where=type(model).__name__,
            hint="call its fit method with the training data before saving it",
        ) from error
    except TypeError:  # not one of scikit-learn's; its methods will say
        return


def inner(model: Any) -> Any:
    """The estimator that does the work of a search over parameters; any other estimator itself."""
    from sklearn.model_selection._search import BaseSearchCV

    while isinstance(model, BaseSearchCV):
        if not hasattr(model, "best_estimator_"):
            raise NotFitted("this search kept no best estimator", where=type(model).__name__, hint="use refit=True")
        model = model.best_estimator_
    return model


@dataclass(frozen=True, slots=True)
class Chain:
    """A model as steps that transform and the last one, which answers."""

    steps: tuple[Any, ...]
    last: Any

    def prepare(self, rows: Any) -> Any:
        """Rows as the last step sees them."""
        for step in self.steps:
            rows = step.transform(rows)
        return rows


def chain(model: Any) -> Chain:
    """Unfolds pipelines, so that their steps run once for all the questions asked of the last one.

    Only scikit-learn's own `Pipeline` is unfolded: a subclass may do something else.
    """
    from sklearn.pipeline import Pipeline

    steps: list[Any] = []
    model = inner(model)
    while type(model) is Pipeline:
        parts = [step for _, step in model.steps if step is not None and step != "passthrough"]
        if not parts or (model.steps[-1][1] is not parts[-1]):
            break
        steps += parts[:-1]
        model = inner(parts[-1])
    return Chain(tuple(steps), model)


def first(model: Any) -> Any:
    """The estimator that meets the rows first."""
    from sklearn.pipeline import FeatureUnion, Pipeline

    while True:
        model = inner(model)
        if isinstance(model, Pipeline):
            parts = [step for _, step in model.steps if step is not None and step != "passthrough"]
        elif isinstance(model, FeatureUnion):
            parts = [step for _, step in model.transformer_list if step not in ("drop", "passthrough")]
        else:
            return model
        if not parts:
            return model
        model = parts[0]


def takes(model: Any) -> Takes:
    """What the estimator was fitted on.

    Raises:
        CannotConvert: it takes neither a table nor texts.
    """
    from sklearn.feature_extraction import DictVectorizer, FeatureHasher
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer

    start = first(model)
    if isinstance(start, CountVectorizer | HashingVectorizer):
        return Takes.TEXTS
    if isinstance(start, DictVectorizer | FeatureHasher):
        raise CannotConvert(
            f"{type(start).__name__} takes dictionaries, not a table of columns",
            where=type(start).__name__,
            hint="use OneHotEncoder in a ColumnTransformer",
        )
    return Takes.FRAME if feature_names(model) else Takes.MATRIX


def feature_names(model: Any) -> tuple[str, ...] | None:
    """The names of the columns it was fitted on, or None for a bare matrix."""
    for owner in (model, inner(model), first(model)):
        names = getattr(owner, "feature_names_in_", None)
        if names is None:
            names = _catboost_names(owner)
        if names is not None and len(names):
            found = tuple(str(name) for name in names)
            return None if found in _placeholders(len(found)) else found
    return None


def _catboost_names(owner: Any) -> Any:
    return getattr(owner, "feature_names_", None) if type(owner).__module__.startswith("catboost") else None


def _placeholders(width: int) -> tuple[tuple[str, ...], ...]:
    """What libraries call the columns of a bare matrix: LightGBM `Column_0`, CatBoost `0`."""
    return tuple(tuple(f"{prefix}{i}" for i in range(width)) for prefix in ("Column_", ""))


def width(model: Any) -> int | None:
    """How many columns it takes, where it says so."""
    from sklearn.isotonic import IsotonicRegression

    for owner in (model, inner(model), first(model)):
        count = getattr(owner, "n_features_in_", None)
        if count is not None:
            return int(count)
    return 1 if isinstance(first(model), IsotonicRegression) else None


def estimator_type(model: Any) -> str | None:
    """`classifier`, `regressor`, `clusterer`, `outlier_detector`, `density_estimator` or None."""
    from sklearn.utils import get_tags

    own = getattr(model, "_estimator_type", None)
    if isinstance(own, str):
        return own
    try:
        found = get_tags(model).estimator_type
    except (AttributeError, TypeError, NotImplementedError):
        return None
    return str(found) if found else None


def task(model: Any) -> Task:
    """What the model does: a predictor's kind, else transformation.

    Raises:
        CannotConvert: it does nothing with rows it was not fitted on (DBSCAN, t-SNE).
    """
    if hasattr(model, "predict"):
        return _predicts(model)
    if hasattr(model, "transform"):
        return Task.TRANSFORM
    raise CannotConvert(
        f"{type(model).__name__} has neither predict nor transform: it says nothing about rows it was not fitted on",
        where=type(model).__name__,
        hint=_instead(model),
    )


def _instead(model: object) -> str:
    if type(model).__name__ == "LocalOutlierFactor":
        return "fit it with novelty=True"
    return "use an estimator that predicts, such as KMeans or HDBSCAN followed by a classifier of its labels"


def _predicts(model: Any) -> Task:
    kind = estimator_type(model)
    known = {
        "classifier": Task.CLASSIFICATION,
        "regressor": Task.REGRESSION,
        "clusterer": Task.CLUSTERING,
        "density_estimator": Task.CLUSTERING,
        "outlier_detector": Task.OUTLIERS,
    }
    if kind in known:
        return known[kind]
    return Task.CLASSIFICATION if hasattr(model, "classes_") else Task.REGRESSION
