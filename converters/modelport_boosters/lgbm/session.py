"""The runtime `lightgbm`: the library scoring its own file."""

from typing import Any

import numpy as np
import pandas as pd

from modelport.artifacts import Artifact
from modelport.signature import Signature
from modelport_boosters.lgbm.file import CLASSES, signature, text_of
from modelport_boosters.lgbm.model import LgbmModel, parse
from modelport_boosters.lgbm.trees import columns_of, forest
from modelport_boosters.shared import Array, NativeSession, by_class, by_column


def open_session(artifact: Artifact, hint: Signature | None = None) -> NativeSession:
    """Opens a model file or a live Booster."""
    import lightgbm

    text = text_of(artifact.model)
    model = parse(text)
    booster = lightgbm.Booster(model_str=text)
    return NativeSession(signature(model), lambda rows: _answers(booster, model, rows), _landmarks(model))


def _landmarks(model: LgbmModel) -> dict[int, list[float]]:
    columns = columns_of(model)
    found: dict[int, list[float]] = {}
    for place, values in (forest(model, columns).landmarks() if model.trees else {}).items():
        found.setdefault(columns.feature[place], []).extend(values)
    return {feature: sorted(set(values)) for feature, values in found.items()}


def _answers(booster: Any, model: LgbmModel, rows: pd.DataFrame) -> list[Array]:
    values = booster.predict(_rows(model, rows), num_threads=1)
    if model.objective not in CLASSES:
        return by_column(values)
    shares = values if values.ndim == 2 else np.stack([1.0 - values, values], axis=1)
    return by_class(shares, tuple(range(shares.shape[1])), np.argmax(shares, axis=1))


def _rows(model: LgbmModel, rows: pd.DataFrame) -> Any:
    """A matrix, or a DataFrame whose categorical columns are those the model was fitted with."""
    if not model.categories:
        return rows.to_numpy(np.float64)
    known = dict(zip(model.categorical, model.categories, strict=True))
    columns = {
        name: pd.Categorical(rows[name], categories=list(known[i])) if i in known else rows[name]
        for i, name in enumerate(rows.columns)
    }
    return pd.DataFrame(columns)
