"""CatBoost's model files."""

import os
from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.errors import InputError
from modelport.formats import Inspection, Policy
from modelport.plugins import require
from modelport.rehearsal import Load, rehearse
from modelport.signature import Column, Signature
from modelport_boosters.cat.model import CatModel, of
from modelport_boosters.shared import classification, inputs, read_bytes, regression, several_labels, targets
from modelport_boosters.to_onnx.catboost import BINARY, LABELS, SEVERAL


def read(path: Path, policy: Policy) -> CatModel:
    """A model, read by the library; a .cbm file holds data only, but a damaged one makes the library crash.

    So it is read, and exported, once in a process of its own.

    Raises:
        InputError: it is damaged.
        MissingExtra: CatBoost is not installed.
        Unsafe: it is larger than the policy allows, or reading it crashes.
    """
    require(("catboost",), "boosters", "reading a CatBoost model")
    import catboost  # noqa: F401  # before the fork: importing takes a second

    data = read_bytes(path, policy)
    rehearse(Load(data, f"{__name__}:tried", what="CatBoost model", writes=(64 << 20) + 64 * len(data)))
    return of(_native(data))


def tried(data: bytes) -> None:
    """What the process of its own does; the export goes to a file without a name, for nothing can be deleted there."""
    native = _native(data)
    if hasattr(os, "memfd_create"):
        native.save_model(f"/proc/self/fd/{os.memfd_create('export')}", format="json")
    else:
        of(native)


def _native(data: bytes) -> Any:
    from catboost import CatBoost, CatBoostError

    _check_length(data)
    native = CatBoost()
    try:
        native.load_model(blob=data)
    except (CatBoostError, UnicodeDecodeError) as error:
        reason = str(error).rpartition(": ")[2]
        raise InputError(f"this is no CatBoost model: {reason}", hint="write it again") from error
    return native


def _check_length(data: bytes) -> None:
    """The mark `CBM1` and the length of the model's core begin a file; CatBoost (1.2) reads beyond a shorter one."""
    if len(data) < 8 or len(data) < 8 + int.from_bytes(data[4:8], "little"):
        raise InputError("this is no CatBoost model: it ends early", hint="write it again")


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
