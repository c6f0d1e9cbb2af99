"""Attribute text as Python values, as XML Schema writes them. A number in a locale's style is refused."""

import re
from collections.abc import Callable
from typing import Any

from modelport.errors import InputError
from modelport_pmml.reader.element import Location
from modelport_pmml.reader.limits import MAX_NUMBER

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[dDfF]?")
_SPECIAL = {"INF": float("inf"), "+INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan"),
            "Infinity": float("inf"), "-Infinity": float("-inf")}  # fmt: skip
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def number(text: str, what: str, at: Location) -> float:
    """A double.

    Raises:
        InputError: it is no number, with the line.
    """
    text = text.strip()
    if text in _SPECIAL:
        return _SPECIAL[text]
    if len(text) > MAX_NUMBER or not _NUMBER.fullmatch(text):
        hint = "numbers are written as 1234.5, whatever the locale" if "," in text else None
        raise InputError(f"{what} is {text[:40]!r}, which is not a number", where=str(at), hint=hint)
    return float(text.rstrip("dDfF"))


def integer(text: str, what: str, at: Location) -> int:
    """An integer; `3.0` is one."""
    value = number(text, what, at)
    if value != value or value in (float("inf"), float("-inf")) or value != int(value):
        raise InputError(f"{what} is {text[:40]!r}, which is not an integer", where=str(at))
    return int(value)


def boolean(text: str, what: str, at: Location) -> bool:
    found = _BOOLEANS.get(text.strip().lower())
    if found is None:
        raise InputError(f"{what} is {text[:40]!r}, which is neither true nor false", where=str(at))
    return found


def string(text: str, what: str, at: Location) -> str:
    return text


PARSERS: dict[type, Callable[[str, str, Location], Any]] = {
    float: number,
    int: integer,
    bool: boolean,
    str: string,
}
