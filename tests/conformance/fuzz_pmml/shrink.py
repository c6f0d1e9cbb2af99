"""A disagreement made small: elements and attributes go as long as the two still disagree."""

import time
from collections.abc import Callable

from lxml import etree

Check = Callable[[str], bool]
Xml = etree._Element
SECONDS = 60.0
"""After this a document is small enough."""


def shrink(text: str, bad: Check) -> str:
    """The smallest document found that is still bad: big parts are tried first, each pass goes through once."""
    until = time.monotonic() + SECONDS
    before = ""
    while text != before and time.monotonic() < until:
        before = text
        for change in (_drop, _lift, _strip):
            text = _pass(text, bad, change, until)
    return text


Change = Callable[[Xml, int], "str | None"]


def _pass(text: str, bad: Check, change: Change, until: float) -> str:
    at = 1
    while at < len(list(etree.fromstring(text.encode()).iter())) and time.monotonic() < until:
        candidate = change(etree.fromstring(text.encode()), at)
        if candidate is not None and len(candidate) < len(text) and bad(candidate):
            text = candidate
        else:
            at += 1
    return text


def _drop(root: Xml, at: int) -> str | None:
    item = list(root.iter())[at]
    parent = item.getparent()
    assert parent is not None, "only the root has no parent"
    parent.remove(item)
    return etree.tostring(root).decode()


def _lift(root: Xml, at: int) -> str | None:
    """What an element holds, in its place."""
    item = list(root.iter())[at]
    parent = item.getparent()
    assert parent is not None, "only the root has no parent"
    if not len(item):
        return None
    place = parent.index(item)
    for offset, child in enumerate(list(item)):
        parent.insert(place + offset, child)
    parent.remove(item)
    return etree.tostring(root).decode()


def _strip(root: Xml, at: int) -> str | None:
    """The last attribute away."""
    item = list(root.iter())[at]
    if not item.attrib:
        return None
    del item.attrib[list(item.attrib)[-1]]
    return etree.tostring(root).decode()
