"""XGBoost's model files, JSON and UBJSON."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.formats import Inspection, Policy
from modelport.signature import Signature
from modelport_boosters.shared import classification, inputs, read_bytes, regression, several_labels, targets
from modelport_boosters.xgb.margin import LOGIT, SOFTMAX
from modelport_boosters.xgb.model import XgbModel, parse


def read(path: Path, policy: Policy) -> XgbModel:
    """A model, parsed here: the file is only data.

    Raises:
        InputError: it is damaged.
        CannotConvert: it is of the binary format before XGBoost 1.0.
        Unsafe: it is larger than the policy allows.
    """
    return parse(read_bytes(path, policy))


def write(model: Any, path: Path) -> None:
    """Writes the bytes that were read, or lets a live Booster write itself."""
    if isinstance(model, XgbModel):
        path.write_bytes(model.raw)
    else:
        path.write_bytes(bytes(model.save_raw("ubj" if path.suffix == ".ubj" else "json")))


def classes_of(model: XgbModel) -> tuple[int, ...]:
    """Numbered classes; none for other models."""
    if model.objective in SOFTMAX:
        return tuple(range(model.classes))
    return (0, 1) if model.objective in ("binary:logistic", "binary:hinge") else ()


def signature(model: Any, sample: pa.RecordBatch | None = None) -> Signature:
    """Names and categories as the file has them; numbers are float64 that may be missing."""
    known = model if isinstance(model, XgbModel) else parse(bytes(model.save_raw("ubj")))
    given = inputs(known.names, known.features, {i: values for i, values in enumerate(known.categories) if values})
    classes = classes_of(known)
    if known.outputs > 1 and known.objective in LOGIT:
        return several_labels(given, known.outputs)
    if classes:
        return classification(given, classes)
    return regression(given, targets(known.outputs))


def inspect(path: Path) -> Inspection:
    """What the file says of itself."""
    model = read(path, Policy())
    facts = {
        "objective": model.objective,
        "trees": len(model.trees),
        "rounds": max(0, len(model.rounds) - 1),
        "best round": model.best_round,
        "base score": np.asarray(model.base_score).tolist(),
        "features": model.features,
        "categorical features": model.types.count("c"),
    }
    version = ".".join(str(part) for part in model.version)
    kept = {name: value for name, value in facts.items() if value not in (None, 0)}
    kind = f"XGBoost {model.booster}"
    steps = ((model.booster, 1),)
    return Inspection("xgboost", kind, path.stat().st_size, f"xgboost {version}", signature(model), steps, kept)
