"""CatBoost's model files."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.errors import InputError, Unsafe
from modelport.formats import Inspection, Policy
from modelport.plugins import require
from modelport.signature import Column, Signature
from modelport_boosters.cat.model import CatModel, of
from modelport_boosters.shared import classification, inputs, regression, several_labels, targets
from modelport_boosters.to_onnx.catboost import BINARY, LABELS, SEVERAL


def read(path: Path, policy: Policy) -> CatModel:
    """A model, read by the library; a .cbm file holds data only.

    Raises:
        InputError: it is damaged.
        MissingExtra: CatBoost is not installed.
        Unsafe: it is larger than the policy allows.
    """
    require(("catboost",), "boosters", "reading a CatBoost model")
    from catboost import CatBoost, CatBoostError

    size = path.stat().st_size
    if size > policy.max_bytes:
        raise Unsafe(f"this file has {size:,} bytes; the limit is {policy.max_bytes:,}", where=str(path))
    native = CatBoost()
    try:
        native.load_model(str(path))
    except CatBoostError as error:
        reason = str(error).rpartition(": ")[2]
        raise InputError(f"this is no CatBoost model: {reason}", where=str(path), hint="write it again") from error
    return of(native)


def write(model: Any, path: Path) -> None:
    """Lets the library write the model."""
    native = model.native if isinstance(model, CatModel) else model
    native.save_model(str(path), format="cbm")


def signature(model: Any, sample: pa.RecordBatch | None = None) -> Signature:
    """Names as the file has them; numbers are float64 that may be missing, categories and text are strings."""
    known = model if isinstance(model, CatModel) else of(model)
    width = len(known.names)
    names = () if known.names == tuple(str(i) for i in range(width)) else known.names
    words = {*known.categorical, *known.text}
    numbers = inputs(names, width, {})
    given = tuple(Column(item.name, pa.string()) if i in words else item for i, item in enumerate(numbers))
    if known.loss in BINARY | SEVERAL:
        return classification(given, known.classes or tuple(range(max(2, known.outputs))))
    if known.loss in LABELS:
        return several_labels(given, known.outputs)
    if known.loss == "RMSEWithUncertainty":
        return regression(given, ("mean", "variance"))
    return regression(given, targets(known.outputs))


def inspect(path: Path) -> Inspection:
    """What the file says of itself."""
    model = read(path, Policy())
    facts = {
        "loss": model.loss,
        "trees": len(model.symmetric) + len(model.trees),
        "shape": "symmetric" if model.symmetric else "any",
        "features": len(model.names),
        **({"categorical features": len(model.categorical)} if model.categorical else {}),
    }
    return Inspection("catboost", "CatBoost trees", path.stat().st_size, "catboost", signature(model), (), facts)
