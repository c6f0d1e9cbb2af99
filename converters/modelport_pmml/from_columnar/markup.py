"""PMML as text: elements, attributes and numbers. Text is joined, never built as a tree, so that forests stay small."""

from collections.abc import Callable, Iterable, Sequence
from xml.sax.saxutils import escape

from modelport.errors import CannotConvert

Piece = str | Callable[[], str]
"""A part of a document: its text, or what makes it, the same each time, when it is written."""

NAMESPACE = "http://www.dmg.org/PMML-4_4"
_IN_ATTRIBUTE = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
_FORBIDDEN = frozenset(chr(code) for code in range(32)) - {"\t", "\n", "\r"} | {"\ufffe", "\uffff"}


def attribute(value: object) -> str:
    """A value as it stands between the quotes of an attribute.

    Raises:
        CannotConvert: a character that no XML document may hold.
    """
    return escape(checked(str(value)), _IN_ATTRIBUTE)


def content(value: object) -> str:
    """A value as an element's text.

    Text with `&` or `<` is quoted whole: PMML4S (1.5.8) keeps only what follows the last entity of a text.
    """
    text = checked(str(value))
    if ("&" in text or "<" in text) and "]]>" not in text and "\r" not in text:
        return f"<![CDATA[{text}]]>"
    return escape(text, {"\r": "&#13;"})


def checked(text: str) -> str:
    """The text, if XML can hold it."""
    bad = next((char for char in text if char in _FORBIDDEN or "\ud800" <= char <= "\udfff"), None)
    if bad is not None:
        raise CannotConvert(f"XML cannot hold the character {bad!r}", where=repr(text[:40]), hint="rename it")
    return text


def number(value: float) -> str:
    """A number with all the digits it needs, and no more.

    Raises:
        CannotConvert: infinity or NaN, which evaluators do not agree about.
    """
    if value != value or value in (float("inf"), float("-inf")):
        raise CannotConvert(f"PMML evaluators do not agree about the constant {value!r}")
    if isinstance(value, int):
        return str(value)
    text = repr(float(value))
    if text.endswith(".0"):
        return text[:-2]
    return text.replace("e-0", "e-") if "e-0" in text else text


def tag(name: str, attributes: Sequence[tuple[str, object]] = (), inside: Iterable[str] | str = "") -> str:
    """One element. Attributes that are None are left out."""
    opened = name + "".join(f' {key}="{attribute(value)}"' for key, value in attributes if value is not None)
    body = inside if isinstance(inside, str) else "".join(inside)
    return f"<{opened}>{body}</{name}>" if body else f"<{opened}/>"
