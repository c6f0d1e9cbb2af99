"""Provenance in a PMML file: an `Extension` of the header, which evaluators pass over.

Source: PMML 4.4.1, Header: `Extension*, Application?, Annotation*, Timestamp?`.
"""

import re
from xml.sax.saxutils import quoteattr

from lxml import etree

from modelport.errors import Defect
from modelport_pmml.document import PmmlDocument
from modelport_pmml.safe_xml import child, children, local

NAME = "modelport.provenance"
_HEADER = re.compile(rb"<Header(?:\s[^<>]*?)?(/?)>")


def record(model: PmmlDocument, text: str) -> PmmlDocument:
    """The document with this provenance (ASCII) in its header. It must be one that a converter just made.

    The text is put in where the header begins, so that a forest of a gigabyte is not parsed and written again; the
    tree, which nobody else has seen yet, gets the same element if there is one.
    """
    first = next(model.chunks())
    place = _HEADER.search(first)
    if place is None:
        raise Defect("a converter wrote PMML whose first part has no header")
    element = f'<Extension extender="modelport" name="{NAME}" value={quoteattr(text)}/>'.encode("ascii")
    opened = first[place.start() : place.end()]
    whole = opened[:-2] + b">" + element + b"</Header>" if place.group(1) else opened + element
    attributes = {"extender": "modelport", "name": NAME, "value": text}
    header = child(model.root, "Header") if model.held else None
    if header is not None:
        header.insert(0, etree.Element(header.tag.replace(local(header), "Extension"), attributes))
    view = memoryview(first)
    begun = b"".join((view[: place.start()], whole, view[place.end() :]))
    return PmmlDocument([begun, *model.parts[1:]], list(model.held))


def recorded(model: PmmlDocument) -> str | None:
    """The text that `record` wrote; None if there is none."""
    header = child(model.root, "Header")
    found = [] if header is None else children(header, "Extension")
    return next((item.get("value") for item in found if item.get("name") == NAME), None)
