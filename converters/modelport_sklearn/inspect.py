"""What a pickle, joblib file or skops archive holds, told without running, importing or making anything of it."""

from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from modelport.errors import InputError, ModelportError, Unsafe
from modelport.formats import Inspection, Policy, first_bytes
from modelport_sklearn.gate.allowlist import Global, allowed
from modelport_sklearn.gate.content import content
from modelport_sklearn.gate.dangers import danger
from modelport_sklearn.gate.scan import Made, Scan, Scanner, guarded
from modelport_sklearn.gate.versions import check_versions
from modelport_sklearn.sniff import PACKED, ZIP

COMPRESSIONS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"]\x00\x00": "lzma"}
MODELS = ("sklearn.", "xgboost.", "lightgbm.", "catboost.")
PARTS = ("sklearn.tree._tree", "sklearn._loss", "sklearn.utils", "sklearn.metrics", "xgboost.core", "lightgbm.basic")
"""What estimators are made of; steps are counted without them."""


def inspect(path: Path) -> Inspection:
    """What is in a file.

    Raises:
        InputError: it is truncated or damaged.
    """
    head = first_bytes(path)
    return _archive(path) if head.startswith(ZIP) else _pickle(path, head)


CARRIER = "modelport_sklearn.from_onnx.carrier"
LIBRARIES = {"sklearn": "scikit-learn", "xgboost": "XGBoost", "lightgbm": "LightGBM", "catboost": "CatBoost"}


def _pickle(path: Path, head: bytes) -> Inspection:
    data, found, warnings = content(path, Policy()), Scan(), []
    try:
        source = BytesIO(data)
        found.root = guarded(Scanner(source, len(data), found, allowed()))
        found.trailing = len(data) - source.tell()
    except Unsafe as error:
        warnings.append(error.what)
    except InputError:
        if not found.refused:
            raise
        warnings.append("its end is damaged or missing")
    facts = {"protocol": found.protocol} | _packing(head, len(data)) | _parameters(found.root)
    warnings = [*_warnings(found), *warnings]
    facts["gate"] = _verdict(list(found.refused), len(found.globals), warnings)
    warnings += _other_version(list(found.versions), path.name)
    facts |= {} if found.refused else _needs(found.globals)
    facts["globals"] = _names(found.globals)
    return Inspection(
        "pickle", _kind(found.root), path.stat().st_size, _producer(list(found.versions)), None, _steps(found.made),
        facts, tuple(warnings),
    )  # fmt: skip


def _needs(globals_: Iterable[Global]) -> dict[str, str]:
    """What loading it takes: modelport itself, where it carries a graph, or the libraries of its estimators."""
    packages = {module.partition(".")[0] for module, _ in globals_}
    if any(module == CARRIER for module, _ in globals_):
        return {"model": "a carrier: it holds an ONNX graph, and needs modelport and onnxruntime"}
    known = [name for module, name in LIBRARIES.items() if module in packages]
    return {"model": f"native: it needs {' and '.join(known)}, and no modelport"} if known else {}


def _warnings(found: Scan) -> list[str]:
    told = [_warning(key) for key in found.refused]
    told += [f"{sentence}, which is not allowed" for sentence in found.misused]
    if found.trailing:
        told.append(f"{found.trailing:,} bytes follow the end of the pickle")
    return told


def _warning(key: Global) -> str:
    what = danger(*key)
    return f"imports {'.'.join(key)}, " + (f"which could {what}" if what else "which is not on the list")


def _verdict(refused: list[Global], count: int, warnings: list[str]) -> str:
    """What the gate would do, and what whoever made the file could do if there were none."""
    if not warnings:
        return f"lets it through: all {count} globals are on the list, none of which runs what the file says"
    could = "; ".join(dict.fromkeys(what for key in refused if (what := danger(*key))))
    if could:
        return f"refuses it: loaded without the gate, it lets whoever made it {could}, as you"
    return "refuses it: loaded without the gate, it may run anything that whoever made it wants, as you"


def _other_version(versions: list[str], name: str) -> list[str]:
    try:
        check_versions(versions, name)
    except ModelportError as error:
        return [f"{error.what}: {error.hint}"]
    return []


def _names(globals_: Counter[Global]) -> list[str]:
    return [".".join(key) for key in sorted(globals_)]


def _producer(versions: list[str]) -> str | None:
    return f"scikit-learn {', '.join(versions)}" if versions else None


def _kind(root: Any) -> str:
    return root.origin.name if isinstance(root, Made) else type(root).__name__


def _steps(made: Counter[Global]) -> tuple[tuple[str, int], ...]:
    """Estimators by class, in the order they were met."""
    return tuple(
        (name, count)
        for (module, name), count in made.items()
        if f"{module}.".startswith(MODELS) and not module.startswith(PARTS)
    )


def _packing(head: bytes, size: int) -> dict[str, Any]:
    magic = next((magic for magic in PACKED if head.startswith(magic)), None)
    return {} if magic is None else {"compression": COMPRESSIONS.get(magic, "zlib"), "unpacked size": size}


def _parameters(root: Any) -> dict[str, Any]:
    """The steps of a pipeline by name, and how many columns the model takes, where its state says so."""
    state = root.state if isinstance(root, Made) and isinstance(root.state, dict) else {}
    told: dict[str, Any] = {}
    steps = state.get("steps")
    if isinstance(steps, list):
        pairs = [item for item in steps if isinstance(item, tuple) and len(item) == 2]
        told["pipeline"] = [f"{name}: {_kind(step) if isinstance(step, Made) else step}" for name, step in pairs]
    if isinstance(state.get("n_features_in_"), int):
        told["columns"] = state["n_features_in_"]
    return told


def _archive(path: Path) -> Inspection:
    from modelport_sklearn.archive import schema

    found = schema(content(path, Policy()), allowed(), Policy())
    facts: dict[str, Any] = {"archive": "skops", "protocol": found.tree.get("protocol"), "unpacked size": found.size}
    if isinstance(found.tree.get("_skops_version"), str):
        facts["skops"] = found.tree["_skops_version"]
    told = [_warning(key) for key in found.refused]
    facts["gate"] = _verdict(list(found.refused), len(found.globals), told)
    told += _other_version(list(found.versions), path.name)
    facts["globals"] = _names(found.globals)
    return Inspection(
        "pickle", str(found.tree.get("__class__", "?")), path.stat().st_size, _producer(list(found.versions)), None,
        _steps(found.globals), facts, tuple(told),
    )  # fmt: skip
