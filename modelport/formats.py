"""Format: a kind of model file; recognised by its suffix and by its first bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.errors import InputError, UsageError
from modelport.plugins import plugins
from modelport.reach import Preflight
from modelport.signature import Signature

HEAD = 4096
"""How many first bytes a format may look at to recognise a file."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How much the caller trusts what is read. It comes from the loader, never from the file.

    Attributes:
        trust: globals (`package.module.Name`) that the pickle gate lets through besides its own list.
        max_bytes: the largest file that is read.
    """

    trust: tuple[str, ...] = ()
    max_bytes: int = 8 << 30


@dataclass(frozen=True, slots=True)
class Inspection:
    """What can be told about a file without running any of its code.

    Attributes:
        kind: what it is, for people (`Pipeline`, `TreeEnsemble graph`, `MiningModel`).
        producer: library and version that wrote it, where the file says so.
        steps: operators, steps or model elements, with how often each occurs.
        facts: further name → value pairs, in the order they should be shown.
        warnings: what a careful person would want to know before loading it.
    """

    format: str
    kind: str
    size: int
    producer: str | None = None
    signature: Signature | None = None
    steps: tuple[tuple[str, int], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A model file format, as its room describes it. Callables are usually `plugins.lazy(...)`.

    Attributes:
        name: short, lower case; what `--from`, routes and manifests call it.
        title: for people.
        suffixes: longest match wins; lower case, with the dot.
        sniff: whether a file that begins with these bytes (up to `HEAD`) is of this format.
        read: path, policy → the live model. Must run no code of the file's choosing.
        write: live model, path → None. The core gives a temporary path and renames it.
        inspect: path → Inspection, running no code of the file's.
        owns: whether a live object is a model of this format.
        signature: live model, sample rows or None, hint or None → Signature. Raises DataError if types need a sample.
        preflight: live model, fitted or not → which formats each of its steps reaches.
        record: live model, text → the live model with the text of its provenance in its own metadata; None where a
            file of this format has no place for it.
        recorded: live model → the text that `record` wrote, or None.
        tensors: live model → the tensors it takes and gives, and how rows become them (`modelport.tensors`); None for
            formats whose runtimes take rows.
        runs_code_on_load: whether loading without a gate could run code.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[Path, Policy], Any]
    inspect: Callable[[Path], Inspection]
    owns: Callable[[Any], bool]
    signature: Callable[[Any, pa.RecordBatch | None], Signature]
    write: Callable[[Any, Path], None] | None = None
    preflight: Callable[[Any], Preflight] | None = None
    record: Callable[[Any, str], Any] | None = None
    recorded: Callable[[Any], str | None] | None = None
    tensors: Callable[[Any], Any] | None = None
    runs_code_on_load: bool = False


@cache
def formats() -> dict[str, Format]:
    """Every format that is installed, by name."""
    return {item.name: item for plugin in plugins() for item in plugin.formats}


def by_name(name: str) -> Format:
    """The format called `name`.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    found = formats().get(name.lower())
    if found is None:
        raise UsageError(f"there is no format called {name!r}", hint=f"there are {', '.join(sorted(formats()))}")
    return found


def by_suffix(path: Path) -> Format | None:
    """The format whose suffix the name of `path` ends with; the longest suffix wins."""
    name = path.name.lower()
    matches = [(len(s), item) for item in formats().values() for s in item.suffixes if name.endswith(s)]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def for_target(path: Path) -> Format:
    """The format to write, from the name of the target alone.

    Raises:
        UsageError: the suffix says nothing, or its format cannot be written.
    """
    found = by_suffix(path)
    if found is None:
        raise UsageError("the target's suffix names no format", where=str(path), hint=f"use one of {known_suffixes()}")
    if found.write is None:
        raise UsageError(f"{found.title} files can be read but not written", where=str(path))
    return found


def recognise(path: Path) -> Format:
    """The format of an existing file, by suffix, confirmed by its first bytes.

    Raises:
        InputError: it does not exist, is empty, is a folder, is of no known format, or is not what its suffix says.
    """
    head = first_bytes(path)
    named = by_suffix(path)
    if named is not None and named.sniff(head):
        return named
    actual = next((item for item in formats().values() if item.sniff(head)), None)
    if named is not None:
        looks = f"; it looks like {actual.title}" if actual else ""
        hint = f"rename it to end in {actual.suffixes[0]}" if actual else "check that it was written completely"
        raise InputError(f"this is not {named.title}, as its name says{looks}", where=str(path), hint=hint)
    if actual is not None:
        return actual
    raise InputError("this is no model format that is known here", where=str(path), hint=f"known: {known_suffixes()}")


def first_bytes(path: Path) -> bytes:
    """The first `HEAD` bytes of a file.

    Raises:
        InputError: it does not exist, is a folder, is empty or cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=str(path)) from error
    except IsADirectoryError as error:
        raise InputError("this is a folder, not a model file", where=str(path)) from error
    except OSError as error:
        raise InputError(f"this file cannot be read: {error.strerror}", where=str(path)) from error
    if not head:
        raise InputError("this file is empty", where=str(path), hint="write it again; an earlier step may have failed")
    return head


def of_object(model: Any) -> Format:
    """The format a live model belongs to.

    Raises:
        UsageError: no installed format knows such objects.
    """
    for item in formats().values():
        if item.owns(model):
            return item
    kind = f"{type(model).__module__}.{type(model).__qualname__}"
    raise UsageError(f"{kind} is no model that any installed format knows", hint="run: modelport formats")


def known_suffixes() -> str:
    return ", ".join(suffix for item in formats().values() for suffix in item.suffixes)
