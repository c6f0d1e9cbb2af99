"""XgbModel: what an XGBoost model file says, whichever way it is written.

Source: XGBoost's JSON schema ("Introduction to Model IO", doc/model.schema, 3.2).
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelport.errors import CannotConvert, InputError
from modelport_boosters.xgb import ubjson

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class XgbModel:
    """A parsed model.

    Attributes:
        booster: `gbtree`, `dart` or `gblinear`.
        objective: XGBoost's name of it.
        settings: the objective as the file has it, its parameters included.
        base_score: [1] or [outputs], as the file has it: a mean, not yet a margin.
        trees: each as the file has it.
        groups: the output each tree adds to.
        drops: DART's weight of each tree.
        rounds: where the trees of each boosting round begin; one more entry ends the last.
        weights: `gblinear`'s [features + 1, outputs], the intercept last.
        features, outputs: counts.
        classes: of a classifier, 0 for others.
        names, types: of the features, where the file has them.
        categories: for each feature the values its codes stand for, where the file has them.
        best_round: the last round that early stopping keeps, or None.
        raw: the bytes that were read.
    """

    booster: str
    objective: str
    settings: dict[str, Any]
    base_score: Floats
    trees: tuple[dict[str, Any], ...]
    groups: NDArray[np.int64]
    drops: Floats | None
    rounds: NDArray[np.int64]
    weights: Floats | None
    features: int
    outputs: int
    classes: int
    names: tuple[str, ...]
    types: tuple[str, ...]
    categories: tuple[tuple[Any, ...], ...]
    best_round: int | None
    version: tuple[int, ...]
    raw: bytes

    def kept(self, best: bool) -> slice:
        """The trees that predictions use: all, or those early stopping keeps."""
        if not best or self.best_round is None or len(self.rounds) < 2:
            return slice(0, len(self.trees))
        return slice(0, int(self.rounds[min(self.best_round + 1, len(self.rounds) - 1)]))


def parse(raw: bytes) -> XgbModel:
    """A model from the bytes of a JSON or UBJSON file.

    Raises:
        InputError: it is damaged, or no XGBoost model.
        CannotConvert: it was written by XGBoost before 1.0, in its binary format.
    """
    if raw[:4] == b"binf":
        hint = "load it with xgboost 1.x or 2.x and save_model('model.json')"
        raise CannotConvert("this is XGBoost's old binary format", hint=hint)
    try:
        # both kinds of document open a brace; UBJSON goes on with the length of the first key
        document = json.loads(raw) if raw[1:2] in b'"\n\r\t }' else ubjson.loads(raw)
        return _model(document, raw)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        reason = f"this is no XGBoost model: {type(error).__name__} {error}"
        raise InputError(reason, hint="write it again with save_model") from error


def _model(document: Any, raw: bytes) -> XgbModel:
    learner = document["learner"]
    machine, weights, drops = learner["gradient_booster"], None, None
    booster = str(machine["name"])
    if booster == "dart":
        drops = np.asarray(machine["weight_drop"], np.float32)
        machine = machine["gbtree"]
    model = machine["model"]
    sizes = learner["learner_model_param"]
    features, classes = int(sizes["num_feature"]), int(sizes["num_class"])
    outputs = max(classes, int(sizes.get("num_target", 1)), 1)
    trees: tuple[dict[str, Any], ...] = tuple(model.get("trees", ()))
    if booster == "gblinear":
        weights = np.asarray(model["weights"], np.float32).reshape(features + 1, outputs)
    best = learner.get("attributes", {}).get("best_iteration")
    return XgbModel(
        booster=booster,
        objective=str(learner["objective"]["name"]),
        settings=dict(learner["objective"]),
        base_score=_base_score(sizes["base_score"]),
        trees=trees,
        groups=np.asarray(model.get("tree_info", ()), np.int64),
        drops=drops,
        rounds=np.asarray(model.get("iteration_indptr", (0, len(trees))), np.int64),
        weights=weights,
        features=features,
        outputs=outputs,
        classes=classes,
        names=tuple(learner.get("feature_names", ())),
        types=tuple(learner.get("feature_types", ())),
        categories=_categories(model.get("cats") or {}),
        best_round=None if best is None else int(best),
        version=tuple(int(part) for part in document.get("version", ())),
        raw=raw,
    )


def _base_score(text: Any) -> Floats:
    """A number, or since 3.1 a list of them, written as text."""
    return np.asarray([float(part) for part in str(text).strip("[]").split(",")], np.float32)


def _categories(cats: dict[str, Any]) -> tuple[tuple[Any, ...], ...]:
    """The values codes stand for (3.1 and later): numbers, or text by its offsets in one run of bytes."""
    found: list[tuple[Any, ...]] = []
    for column in cats.get("enc", ()):
        values = column["values"]
        if "offsets" in column:
            joined = bytes(np.asarray(values, np.int64).astype(np.uint8))
            ends = np.asarray(column["offsets"], np.int64).tolist()
            found.append(tuple(joined[a:b].decode(errors="replace") for a, b in pairwise(ends)))
        else:
            found.append(tuple(np.asarray(values).tolist()))
    return tuple(found)
