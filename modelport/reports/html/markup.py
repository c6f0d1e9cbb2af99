"""HTML built from elements: whatever is not `Html` already is escaped, so a hostile name can only be shown."""

import re
from collections.abc import Iterable
from html import escape

_FORBIDDEN = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
_VOID = frozenset({"br", "col", "hr", "img", "link", "meta"})

Attribute = str | int | bool | None


class Html(str):
    """Text that is HTML."""

    __slots__ = ()


def clean(text: object) -> str:
    """Text without what a page cannot show: control characters, lone surrogates, and marks that reverse writing."""
    return _FORBIDDEN.sub("�", str(text))


def html(child: object) -> Html:
    """A child as HTML: an `Html` as it is, nothing for None, a list one by one, all else escaped."""
    if isinstance(child, Html):
        return child
    if child is None:
        return Html()
    if isinstance(child, list | tuple):
        return join(child)
    return Html(escape(clean(child), quote=False))


def join(children: Iterable[object]) -> Html:
    """Children one after another."""
    return Html("".join(map(html, children)))


def el(tag: str, /, *children: object, **attributes: Attribute) -> Html:
    """An element.

    Args:
        attributes: `class_` is `class`, `aria_label` is `aria-label`; True stands alone, None and False are left out.
    """
    shown = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{tag}{shown}>")
    return Html(f"<{tag}{shown}>{join(children)}</{tag}>")


def _attribute(name: str, value: Attribute) -> str:
    plain = name.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {plain}" if value is True else f' {plain}="{escape(clean(value))}"'


def name(text: object) -> Html:
    """A name from a file or a person: it keeps its own direction of writing, and cannot turn what is around it."""
    return el("bdi", shortened(text, 200))


def shortened(text: object, most: int) -> str:
    """Text of at most so many characters."""
    plain = clean(text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
