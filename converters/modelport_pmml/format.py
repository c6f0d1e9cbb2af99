"""Recognising PMML by its first bytes, and a live document."""

import codecs
import re

_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?PMML[\s>/]")
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def sniff(head: bytes) -> bool:
    """Whether these first bytes begin a document whose root is `PMML`.

    A document type that names PMML counts too, so that reading can say why it is refused.
    """
    text = _decoded(head)
    prolog = _PROLOG.match(text)
    rest = text[prolog.end() if prolog else 0 :]
    return bool(_ROOT.match(rest)) or (rest.startswith("<!DOCTYPE") and "PMML" in rest)


def _decoded(head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, "replace")
    for encoding in ("utf-16-le", "utf-16-be"):
        if head.startswith("<?".encode(encoding)):
            return head.decode(encoding, "replace")
    return head.decode("utf-8", "replace")


def owns(model: object) -> bool:
    """Whether a live object is a `PmmlDocument`, without importing lxml to find out."""
    return type(model).__module__ == "modelport_pmml.document" and type(model).__name__ == "PmmlDocument"
