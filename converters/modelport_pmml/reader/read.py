"""read: bytes or a file → `Pmml`."""

import io
from pathlib import Path
from typing import BinaryIO

from modelport.errors import InputError
from modelport_pmml.reader import catalogue
from modelport_pmml.reader.bind import bind, local
from modelport_pmml.reader.document import Pmml
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.limits import VERSIONS
from modelport_pmml.reader.prolog import check_prolog
from modelport_pmml.reader.stream import parse
from modelport_pmml.reader.upgrade import upgrade


def read(source: bytes | Path, where: str | None = None) -> Pmml:
    """A typed document.

    Raises:
        InputError: it is not well-formed, not PMML, of an unknown version, or contradicts the specification.
        Unsafe: it has a DOCTYPE, or is nested too deeply.
    """
    assert catalogue.MODELS, "importing the catalogue makes every element known to the binder"
    if isinstance(source, Path):
        with source.open("rb") as file:
            return _read(file, where or str(source))
    return _read(io.BytesIO(source), where or "the document")


def _read(stream: BinaryIO, where: str) -> Pmml:
    check_prolog(stream, where)
    stream.seek(0)
    root, held = parse(stream, where)
    if local(root) != "PMML":
        raise InputError(f"this is not PMML: its root element is <{local(root)}>", where=f"{where}, line 1")
    version = root.get("version")
    if not _known(version):
        said = f"version {version[:20]!r}" if version else "no version"
        raise InputError(
            f"the document has {said}", where=f"{where}, line {root.sourceline}",
            hint=f"versions {VERSIONS[0]} to {VERSIONS[-1]} are known",
        )  # fmt: skip
    upgrade(root, version or "")
    found: Pmml = bind(root, Pmml, None, held)
    _refuse_twice(found)
    return found


def _known(version: str | None) -> bool:
    return version is not None and any(
        version.startswith(item) and not version[len(item) : len(item) + 1].isdigit() for item in VERSIONS
    )


def _refuse_twice(document: Pmml) -> None:
    """Names must be unique where they are declared: which of two would be meant is a guess."""
    transformations = document.transformations
    scopes: list[tuple[str, tuple[Element, ...]]] = [("data field", document.data_dictionary.fields)]
    if transformations:
        scopes += [("derived field", transformations.fields), ("function", transformations.functions)]
    for model in document.models:
        for item in model.walk():
            if item.tag() == "MiningSchema":
                scopes.append(("mining field", item.fields))  # type: ignore[attr-defined]  # MiningSchema
            elif item.tag() == "Output":
                scopes.append(("output field", item.fields))  # type: ignore[attr-defined]  # Output
            elif item.tag() == "LocalTransformations":
                scopes.append(("derived field", item.fields))  # type: ignore[attr-defined]  # LocalTransformations
    for what, items in scopes:
        seen: set[str] = set()
        for one in items:
            name = one.name  # type: ignore[attr-defined]  # each of these elements has a name
            if name is not None and name in seen:
                raise one.bad(f"the {what} {name!r} is declared twice")
            seen.add(name)
