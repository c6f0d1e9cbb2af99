"""Reading the `[models]` and `[ci]` tables: every key is known and of its type, or refused with a suggestion."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from modelport import project
from modelport.ci.spec import ModelSpec, Project
from modelport.conversion import Options, Precision
from modelport.errors import UsageError
from modelport.formats import by_name, by_suffix, formats
from modelport.parity.settings import Settings
from modelport.trust import trusted

BUNDLE = ".mport"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NO_MODELS = "declare one as [models.NAME], or let modelport ci --init begin a modelport.toml"
_TEXT, _TEXTS, _WHOLE, _NUMBER, _TABLE = "text", "a list of texts", "a whole number", "a number", "a table"

_MODEL_KEYS: Mapping[str, str] = {
    "source": _TEXT,
    "data": _TEXT,
    "targets": _TEXTS,
    "candidates": _TEXTS,
    "package": "true, false or text",
    "ignore": _TEXTS,
    "trust": _TEXTS,
    "engine": _TEXT,
    "via": _TEXT,
    "precision": _TEXT,
    "opset": _WHOLE,
    "ml_opset": _WHOLE,
    "ir_version": _WHOLE,
    "parity": _TABLE,
}
_CI_KEYS: Mapping[str, str] = {
    "output": _TEXT,
    "cache": _TEXT,
    "baseline": _TEXT,
    "jobs": _WHOLE,
    "timeout": _NUMBER,
}


def read(folder: Path | None = None) -> Project:
    """The project of a folder: the nearest settings file that declares models.

    Args:
        folder: where to begin; the current one by default.

    Raises:
        UsageError: no file declares a model; a key is unknown, missing, or of another type.
        InputError: a settings file is no TOML.
    """
    found = project.find("models", folder)
    if found is None or not found[1]:
        raise UsageError("no modelport.toml or pyproject.toml here declares a model", hint=_NO_MODELS)
    file, tables = found
    base = project.find("parity", file.parent)
    models = tuple(_model(name, table, base[1] if base else {}, file) for name, table in tables.items())
    _distinct(models, file)
    return Project(file, models, **_ci(file))


def _ci(file: Path) -> dict[str, Any]:
    found = project.find("ci", file.parent)
    if found is None or found[0].parent != file.parent:
        return {}
    path, table = found
    _check(table, _CI_KEYS, "[ci]", path)
    for name in ("jobs", "timeout"):
        if name in table and not table[name] > 0:
            raise UsageError(f"[ci] {name} must be greater than 0", where=str(path))
    return dict(table)


def _model(name: str, table: Any, base: Mapping[str, Any], file: Path) -> ModelSpec:
    place = f"[models.{name}]"
    if not _NAME.fullmatch(name):
        hint = "a model's name is letters, digits, dots, dashes and underscores"
        raise UsageError(f"{name!r} is no name for a model", where=str(file), hint=hint)
    if not isinstance(table, Mapping):
        raise UsageError(f"{place} must be a table", where=str(file), hint=_NO_MODELS)
    _check(table, _MODEL_KEYS, place, file)
    if "source" not in table:
        raise UsageError(f"{place} names no source", where=str(file), hint='source = "model.pkl"')
    targets = tuple(_target(name, text, place, file) for text in table.get("targets", ()))
    candidates = tuple(table.get("candidates", ()))
    if not targets and not candidates:
        hint = f'targets = ["onnx"] converts it, candidates = ["{name}.onnx"] compares it with a file that is there'
        raise UsageError(f"{place} has neither targets nor candidates", where=str(file), hint=hint)
    return ModelSpec(
        name,
        source=table["source"],
        data=table.get("data"),
        targets=targets,
        candidates=candidates,
        package=_package(name, table.get("package", False), place, file),
        trust=trusted(table.get("trust", ())),
        engine=table.get("engine"),
        via=table.get("via"),
        options=_options(table, place, file),
        settings=_settings(table, base, place, file),
    )


def _target(name: str, text: str, place: str, file: Path) -> str:
    """A target's file in the output folder: `onnx` is `NAME.onnx`."""
    if "." not in text and "/" not in text:
        try:
            return name + by_name(text).suffixes[0]
        except UsageError as error:
            raise UsageError(f"{place} {error.what}", where=str(file), hint=nearest(text, formats())) from error
    kind = by_suffix(Path(text))
    if kind is None or kind.write is None:
        raise UsageError(f"{place} target {text!r} names no format that is written", where=str(file))
    return _inside(text, place, file)


def _package(name: str, value: bool | str, place: str, file: Path) -> str | None:
    if isinstance(value, bool):
        return name + BUNDLE if value else None
    if not value.endswith(BUNDLE):
        raise UsageError(f"{place} package {value!r} does not end in {BUNDLE}", where=str(file))
    return _inside(value, place, file)


def _inside(text: str, place: str, file: Path) -> str:
    path = PurePosixPath(text)
    if path.is_absolute() or len(path.parts) != 1 or ".." in path.parts or "\\" in text:
        hint = "results lie in the output folder, which [ci] output names; give a file name"
        raise UsageError(f"{place} {text!r} leads elsewhere", where=str(file), hint=hint)
    return path.name


def _options(table: Mapping[str, Any], place: str, file: Path) -> Options:
    caps = (table.get(name) for name in ("opset", "ml_opset", "ir_version"))
    try:
        return Options(Precision(table.get("precision", "exact")), *caps)
    except ValueError as error:
        raise UsageError(f"{place} precision is exact or portable", where=str(file)) from error


def _settings(table: Mapping[str, Any], base: Mapping[str, Any], place: str, file: Path) -> Settings:
    own = dict(table.get("parity", {}))
    if "ignore" in table:
        own["ignore"] = table["ignore"]
    outputs = {**base.get("outputs", {}), **own.get("outputs", {})}
    try:
        return Settings.from_json({**base, **own, "outputs": outputs})
    except UsageError as error:
        unknown = next((key for key in own if key not in Settings.__slots__), None)
        hint = nearest(unknown, Settings.__slots__) if unknown else error.hint
        raise UsageError(f"{place} parity: {error.what}", where=str(file), hint=hint) from error
    except (TypeError, AttributeError) as error:
        raise UsageError(
            f"{place} parity: a setting has a value of the wrong type: {error}", where=str(file)
        ) from error


def _check(table: Mapping[str, Any], known: Mapping[str, str], place: str, file: Path) -> None:
    for key, value in table.items():
        if key not in known:
            raise UsageError(f"{place} has no key {key!r}", where=str(file), hint=nearest(key, known))
        if not _is(value, known[key]):
            raise UsageError(f"{place} {key} must be {known[key]}", where=str(file))


def _is(value: Any, kind: str) -> bool:
    texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {
        _TEXT: isinstance(value, str),
        _TEXTS: texts,
        _WHOLE: isinstance(value, int) and number,
        _NUMBER: number,
        _TABLE: isinstance(value, Mapping),
    }.get(kind, isinstance(value, bool | str))


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The way out of a wrong name: the one that was probably meant, or all there are."""
    names = sorted(known)
    near = get_close_matches(wrong, names, 1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"


def _distinct(models: Iterable[ModelSpec], file: Path) -> None:
    """No two results may have one name."""
    owner: dict[str, str] = {}
    for model in models:
        for result in filter(None, (*model.targets, model.package)):
            if result.lower() in owner:
                others = f"[models.{owner[result.lower()]}] and [models.{model.name}]"
                raise UsageError(f"{others} both write {result}", where=str(file), hint="name one of them otherwise")
            owner[result.lower()] = model.name
