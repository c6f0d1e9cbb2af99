"""The runtime `catboost`: the library scoring its own file."""

import numpy as np
import pandas as pd

from modelport.artifacts import Artifact
from modelport.signature import Signature
from modelport_boosters.cat.file import signature
from modelport_boosters.cat.model import CatModel, of
from modelport_boosters.cat.trees import forest, other_splits
from modelport_boosters.shared import Array, NativeSession, by_class, by_column
from modelport_boosters.to_onnx.catboost import BINARY, EXPONENT, LABELS, SEVERAL


def open_session(artifact: Artifact, hint: Signature | None = None) -> NativeSession:
    """Opens a model file or a live model."""
    model = artifact.model if isinstance(artifact.model, CatModel) else of(artifact.model)
    landmarks = {} if other_splits(model) else forest(model).landmarks()
    return NativeSession(signature(model), lambda rows: _answers(model, rows), landmarks)


def _predict(model: CatModel, rows: pd.DataFrame, kind: str) -> Array:
    given = rows if model.categorical or model.text else rows.to_numpy(np.float64)
    return np.asarray(model.native.predict(given, prediction_type=kind, thread_count=1))


def _answers(model: CatModel, rows: pd.DataFrame) -> list[Array]:
    if model.loss in EXPONENT:
        return by_column(_predict(model, rows, "Exponent"))
    if model.loss == "RMSEWithUncertainty":
        return by_column(_predict(model, rows, "RMSEWithUncertainty"))
    if model.loss not in BINARY | SEVERAL | LABELS:
        return by_column(_predict(model, rows, "RawFormulaVal"))
    shares, labels = _predict(model, rows, "Probability"), _predict(model, rows, "Class")
    if model.loss in LABELS:
        columns = range(model.outputs)
        return [part for i in columns for part in (labels[:, i].astype(np.int64), 1.0 - shares[:, i], shares[:, i])]
    place = {str(label): i for i, label in enumerate(signature(model).classes)}
    index = np.array([place[str(label)] for label in labels.ravel().tolist()], np.int64)
    return by_class(shares, signature(model).classes, index)
