"""LightGBM's model files."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.errors import InputError
from modelport.formats import Inspection, Policy
from modelport.signature import Signature
from modelport_boosters.lgbm.model import LgbmModel, parse
from modelport_boosters.shared import classification, inputs, read_bytes, regression, targets

CLASSES = frozenset(("binary", "multiclass", "multiclassova"))


def read(path: Path, policy: Policy) -> LgbmModel:
    """A model, parsed here: the file is only text.

    Raises:
        InputError: it is damaged.
        Unsafe: it is larger than the policy allows.
    """
    try:
        return parse(read_bytes(path, policy).decode())
    except UnicodeDecodeError as error:
        raise InputError("this is no text file", where=str(path), hint="write it again with save_model") from error


def write(model: Any, path: Path) -> None:
    """Writes the text that was read, or lets a live Booster write itself."""
    path.write_text(text_of(model))


def text_of(model: Any) -> str:
    """The text of a model, up to the round that early stopping keeps."""
    return model.raw if isinstance(model, LgbmModel) else str(model.model_to_string())


def signature(model: Any, sample: pa.RecordBatch | None = None) -> Signature:
    """Names and categories as the file has them; numbers are float64 that may be missing."""
    known = model if isinstance(model, LgbmModel) else parse(text_of(model))
    names = () if known.names == tuple(f"Column_{i}" for i in range(len(known.names))) else known.names
    categories = dict(zip(known.categorical, known.categories, strict=False)) if known.categories else {}
    given = inputs(names, len(known.names), categories)
    if known.objective in CLASSES:
        return classification(given, tuple(range(max(2, known.outputs))))
    return regression(given, targets(known.outputs))


def inspect(path: Path) -> Inspection:
    """What the file says of itself."""
    model = read(path, Policy())
    facts = {
        "objective": " ".join((model.objective or "one's own", *model.settings)),
        "trees": len(model.trees),
        "rounds": len(model.trees) // model.outputs,
        "features": len(model.names),
        **({"categorical features": len(model.categorical)} if model.categorical else {}),
        **({"leaves": "linear models"} if any(tree.linear for tree in model.trees) else {}),
    }
    producer = f"lightgbm, model format {model.version}"
    return Inspection("lightgbm", "LightGBM trees", path.stat().st_size, producer, signature(model), (), facts)
