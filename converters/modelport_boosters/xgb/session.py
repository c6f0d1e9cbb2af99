"""The runtime `xgboost`: the library scoring its own file."""

from typing import Any

import numpy as np
import pandas as pd

from modelport.artifacts import Artifact
from modelport.errors import DataError
from modelport.signature import Signature
from modelport_boosters.shared import Array, NativeSession, by_class, by_column
from modelport_boosters.xgb.file import classes_of, signature
from modelport_boosters.xgb.margin import LOGIT
from modelport_boosters.xgb.model import XgbModel, parse
from modelport_boosters.xgb.trees import forest


def open_session(artifact: Artifact, hint: Signature | None = None) -> NativeSession:
    """Opens a model file or a live Booster; every round counts, as in `Booster.predict`."""
    import xgboost

    model = artifact.model if isinstance(artifact.model, XgbModel) else parse(bytes(artifact.model.save_raw("ubj")))
    booster = xgboost.Booster()
    booster.load_model(bytearray(model.raw))
    landmarks = forest(model, False).landmarks() if model.trees else {}
    return NativeSession(signature(model), lambda rows: _answers(booster, model, rows), landmarks)


def _answers(booster: Any, model: XgbModel, rows: pd.DataFrame) -> list[Array]:
    matrix = _matrix(model, rows)
    classes = classes_of(model)
    if model.objective == "multi:softmax":
        shares = _softmax(booster.predict(matrix, output_margin=True))
        return by_class(shares, classes, booster.predict(matrix).astype(np.int64))
    values = booster.predict(matrix)
    if model.outputs > 1 and model.objective in LOGIT:
        return [part for i in range(model.outputs) for part in by_class(*_yes_or_no(values[:, i]))]
    if classes and values.ndim == 2:
        return by_class(values, classes, np.argmax(values, axis=1))
    return by_class(*_yes_or_no(values)) if classes else by_column(values)


def _yes_or_no(second: Array) -> tuple[Array, tuple[int, ...], Array]:
    """Shares of both classes, the classes, and the one over one half."""
    return np.stack([np.float32(1) - second, second], axis=1), (0, 1), (second > 0.5).astype(np.int64)


def _softmax(margins: Array) -> Array:
    powers = np.exp((margins - margins.max(axis=1, keepdims=True)).astype(np.float64)).astype(np.float32)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True, dtype=np.float64).astype(np.float32))


def _matrix(model: XgbModel, rows: pd.DataFrame) -> Any:
    import xgboost

    options: dict[str, Any] = {"enable_categorical": True, "nthread": 1}
    if not any(model.categories):
        names, kinds = list(model.names) or None, list(model.types) or None
        return xgboost.DMatrix(rows.to_numpy(np.float32), feature_names=names, feature_types=kinds, **options)
    coded = {name: _coded(model, i, name, rows[name]) for i, name in enumerate(rows.columns)}
    return xgboost.DMatrix(pd.DataFrame(coded), **options)


def _coded(model: XgbModel, number: int, name: str, values: pd.Series) -> Any:
    known = model.categories[number]
    if not known:
        return values
    unknown = values[~values.isin(known) & values.notna()]
    if len(unknown):
        raise DataError(f"column {name!r} holds {unknown.iloc[0]!r}, which the model does not know", where=name)
    return pd.Categorical(values, categories=list(known))
