"""Reading PMML's XML without trusting it: no document type, no entities, no network, bounded size and depth.

lxml's `huge_tree` lifts libxml2's limit of 10 MB for one text (arrays of large models are longer); the limits that
stay are ours: the size of the file, the depth of the tree and the number of elements.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from modelport.errors import InputError, Unsafe

MAX_DEPTH = 2048
"""Nested elements: what libxml2 itself follows of a huge tree."""

_PROLOG_END = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?PMML[\s>/]")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def parse(data: bytes, where: str | None = None) -> etree._Element:
    """The root element of a document.

    Raises:
        Unsafe: it has a document type or entities, or is nested too deeply.
        InputError: it is empty, truncated or no XML.
    """
    if not data.strip():
        raise InputError("this file is empty", where=where, hint="write it again; an earlier step may have failed")
    _refuse_doctype(data, where)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _broken(error, where) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unsafe("a document type (DOCTYPE)", where)
    return root


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file.

    Raises:
        Unsafe: it is larger than the policy allows.
        InputError: it cannot be read.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise Unsafe(f"this file is larger than {max_bytes} bytes", where=str(path), hint="raise the size limit")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"this file cannot be read: {error.strerror}", where=str(path)) from error


def _refuse_doctype(data: bytes, where: str | None) -> None:
    """Before parsing, where the encoding is a superset of ASCII; the parsed document is asked again for the others."""
    root = _PROLOG_END.search(data)
    found = _DOCTYPE.search(data, 0, root.start() if root else min(len(data), 1 << 20))
    if found is not None:
        line = data.count(b"\n", 0, found.start()) + 1
        raise _unsafe("a document type (DOCTYPE)", f"{where or 'PMML'}, line {line}")


def _unsafe(what: str, where: str | None) -> Unsafe:
    return Unsafe(
        f"this document has {what}, which can reach other files or exhaust memory",
        where=where,
        hint="PMML needs none: remove the declaration and write entities out",
    )


def _broken(error: etree.XMLSyntaxError, where: str | None) -> InputError | Unsafe:
    reason = (error.msg or "no XML").split(", line")[0]
    place = f"{where or 'PMML'}, line {error.lineno}" if error.lineno else where
    if "depth" in reason.lower():
        return Unsafe(f"elements are nested more than {MAX_DEPTH} deep", where=place)
    if "entity" in reason.lower():
        return _unsafe("an entity that it does not define", place)
    return InputError(
        f"this is no complete XML document: {reason}", where=place, hint="it may be truncated; copy it again"
    )


# Finding one's way, whatever the namespace --------------------------------------------------------


def local(element: etree._Element) -> str:
    """The element's name without its namespace: PMML 3.0 to 4.4 differ only in that."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, name: str) -> list[etree._Element]:
    return [item for item in element if local(item) == name]


def every(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Elements of some names, however deep; libxml2 looks for them."""
    return element.iter(*(form for name in names for form in (f"{{*}}{name}", name)))


def child(element: etree._Element, name: str) -> etree._Element | None:
    return next((item for item in element if local(item) == name), None)
