"""A modelport.toml to begin with: one table for each model that lies in a folder."""

import re
from pathlib import Path

from modelport.errors import UsageError
from modelport.files import atomic, check_target
from modelport.formats import by_suffix
from modelport.project import NAMES

_SKIPPED = {"node_modules", "site-packages", "__pycache__", "build", "dist"}
_DATA = (".parquet", ".csv", ".feather", ".arrow", ".jsonl", ".ndjson")
_MOST = 20

_HEAD = """\
# What `modelport ci` converts, compares, packages and reports. Every key: the page "In CI" of the documentation.

[ci]
output = "build/models"                # converted models and bundles
baseline = "modelport-baseline.json"   # accepted differences; --update-baseline writes them

[parity]                               # of all models; [models.NAME.parity] overrides it
rows = 10_000                          # of each generated kind
"""

_MODEL = """
[models.{name}]
source = "{source}"
{data}targets = {targets}
package = true
"""


def start(folder: Path, *, force: bool = False) -> Path:
    """Writes a modelport.toml that declares the models in a folder.

    Args:
        force: replace one that is there.

    Raises:
        UsageError: there is one (without `force`), or no model lies in the folder or below it.
    """
    target = folder / NAMES[0]
    check_target(target, force=force)
    models = _models(folder)
    if not models:
        hint = "save one first, for example with joblib.dump(model, 'model.joblib')"
        raise UsageError("no model file lies here or below", where=str(folder), hint=hint)
    data = _data(folder) if len(models) == 1 else None
    tables, taken = [], set[str]()
    for path in models:
        name = _free(path, taken)
        taken.add(name)
        tables.append(_table(name, path.relative_to(folder), data and data.relative_to(folder)))
    with atomic(target) as temporary:
        temporary.write_text(_HEAD + "".join(tables), encoding="utf-8")
    return target


def _files(folder: Path) -> list[Path]:
    """Files of a project, hidden and generated folders left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part in _SKIPPED for part in parts):
            found.append(path)
    return found


def _models(folder: Path) -> list[Path]:
    """Files that are models by name and by their first bytes; data and settings are not."""
    models = []
    for path in _files(folder):
        kind = by_suffix(path)
        with path.open("rb") as file:
            if kind is not None and kind.sniff(file.read(4096)):
                models.append(path)
    return models[:_MOST]


def _data(folder: Path) -> Path | None:
    """The only data file, if there is exactly one: a guess among several would compare on the wrong rows."""
    found = [path for path in _files(folder) if path.suffix.lower() in _DATA]
    return found[0] if len(found) == 1 else None


def _free(path: Path, taken: set[str]) -> str:
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", path.name.split(".")[0]).strip("-_") or "model"
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found


def _table(name: str, source: Path, data: Path | None) -> str:
    kind = by_suffix(source)
    assert kind is not None, "it was found by its suffix"
    targets = [target for target in ("onnx", "pmml") if target != kind.name]
    line = f'data = "{data.as_posix()}"\n' if data else '# data = "holdout.parquet"\n'
    written = "[" + ", ".join(f'"{target}"' for target in targets) + "]"
    return _MODEL.format(name=name, source=source.as_posix(), data=line, targets=written)
