"""CatModel: what CatBoost's own JSON export says of a model.

Source: CatBoost 1.2 (`catboost/libs/model/model_export/json_model_helpers.cpp`) and its documentation of the format.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelport.errors import CannotConvert, InputError
from modelport.signature import Category


@dataclass(frozen=True, slots=True)
class CatModel:
    """A model, as exported.

    Attributes:
        loss: CatBoost's name of the loss function, without its parameters.
        symmetric: oblivious trees, or none.
        trees: trees of any shape, or none.
        columns: the column of each float feature.
        names: of all columns.
        missing_low: for each float feature, whether NaN is under every border (else it is over all).
        categorical, text, embedding: columns of such features.
        scale, bias: the sum over trees is multiplied by one and moved by the other, [outputs].
        classes: labels, as far as the export has them.
        threshold: the probability over which the second of two classes is predicted.
        native: the library's model, for scoring.
    """

    loss: str
    symmetric: tuple[dict[str, Any], ...]
    trees: tuple[dict[str, Any], ...]
    columns: tuple[int, ...]
    names: tuple[str, ...]
    missing_low: tuple[bool, ...]
    categorical: tuple[int, ...]
    text: tuple[int, ...]
    embedding: tuple[int, ...]
    scale: float
    bias: NDArray[np.float64]
    classes: tuple[Category, ...]
    threshold: float
    native: Any

    @property
    def outputs(self) -> int:
        return len(self.bias)


def of(native: Any) -> CatModel:
    """A live CatBoost model, through its JSON export.

    Raises:
        CannotConvert: the library exports no such model; those with text features are not exported.
        InputError: the export is not understood.
    """
    from catboost import CatBoostError

    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "model.json")
            native.save_model(str(path), format="json")
            document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError("CatBoost's export of this model is no text", hint="write the model again") from error
    except CatBoostError as error:
        reason = str(error).rpartition(": ")[2]
        hint = "make numbers of text and embeddings before, in a pipeline"
        raise CannotConvert(f"CatBoost does not export this model: {reason}", hint=hint) from error
    try:
        return _model(document, native)
    except (LookupError, AttributeError, TypeError, ValueError) as error:
        raise InputError(
            f"CatBoost's export of this model is not understood: {type(error).__name__} {error}"
        ) from error


def _model(document: dict[str, Any], native: Any) -> CatModel:
    features, about = document["features_info"], document["model_info"]
    floats = sorted(features.get("float_features", ()), key=lambda item: item["feature_index"])
    scale, bias = document.get("scale_and_bias", (1, [0]))
    return CatModel(
        loss=str(about["params"]["loss_function"]["type"]),
        symmetric=tuple(document.get("oblivious_trees", ())),
        trees=tuple(document.get("trees", ())),
        columns=tuple(int(item["flat_feature_index"]) for item in floats),
        names=tuple(str(name) for name in native.feature_names_),
        missing_low=tuple(item.get("nan_value_treatment", "AsIs") != "AsTrue" for item in floats),
        categorical=_flat(features, "categorical_features"),
        text=_flat(features, "text_features"),
        embedding=_flat(features, "embedding_features"),
        scale=float(scale),
        bias=np.asarray(bias, np.float64).reshape(-1),
        classes=tuple(about.get("class_params", {}).get("class_names", ())),
        threshold=float(about.get("binclass_probability_threshold", 0.5)),
        native=native,
    )


def _flat(features: dict[str, Any], kind: str) -> tuple[int, ...]:
    return tuple(int(item["flat_feature_index"]) for item in features.get(kind, ()))
