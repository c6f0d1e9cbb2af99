"""Functions of text of any kind, computed in the graph character by character."""

import re
from collections.abc import Callable

from spox import Var

from modelport_onnx.blocks.constant import ints
from modelport_onnx.blocks.ragged import shifted, whole
from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import Apply
from modelport_pmml.to_onnx import letters
from modelport_pmml.to_onnx.expression import cast
from modelport_pmml.to_onnx.functions.comparison import boolean
from modelport_pmml.to_onnx.moment_text import as_text
from modelport_pmml.to_onnx.regular import found, translated
from modelport_pmml.to_onnx.value import NAN, Value, any_invalid, constant, is_missing, numbers, spelled
from modelport_pmml.to_onnx.value import text as constant_text

ONE_CLASS = re.compile(r"(\[\^?\]?(?:[^\]\\]|\\.)*\]|\\.|\.|[^\\.^$|?*+()\[{])(\+?)")
"""A pattern of one character, or of a run of such."""


def is_open(value: Value) -> bool:
    """Whether a text may be any."""
    return value.is_text and value.raw is not None


def _made(value: Value, texts: Var) -> Value:
    return as_text(value, op.reshape(texts, ints(-1, 1)))


def upper(char: str) -> str:
    return char.upper()


def lower(char: str) -> str:
    return char.lower()


def recased(value: Value, become: Callable[[str], str]) -> Value:
    """In upper or lower case. Small sigmas differ at the end of words: texts with capital ones have no result."""
    texts = letters.flat(value)
    result = _made(value, letters.joined(letters.changed(letters.split(texts), become)))
    return result if become is upper else result.with_invalid(letters.holds(texts, "\u03a3"))


def trimmed(value: Value) -> Value:
    """Without the control characters and spaces around it."""
    edges = letters.tokens(letters.flat(value), "^[\x00- ]+|[\x00- ]+$")
    return _made(value, letters.joined(edges))


def cut(value: Value, start: int, length: int) -> Value:
    """Characters from a position, which counts from 1. Texts with characters of two units have no result."""
    texts = letters.flat(value)
    # No text is so long that a larger bound matters.
    first, last = min(start - 1, 2**31), min(start - 1 + length, 2**31)
    piece = op.slice(letters.split(texts), ints(first), ints(last), ints(1))
    return _made(value, letters.joined(piece)).with_invalid(letters.holds(texts, letters.ASTRAL))


def length(value: Value) -> Value:
    """Units of UTF-16."""
    cells = letters.split(letters.flat(value))
    units = op.where(op.regex_full_match(cells, pattern=letters.ASTRAL), ints(2), whole(_there(cells)))
    count = op.cast(op.reduce_sum(units, ints(1), keepdims=1), to=float)
    gone = is_missing(value)
    data = count if gone is None else op.where(gone, constant(NAN), count)
    return numbers(data, "integer", nullable=gone is not None, invalid=value.invalid)


def _there(cells: Var) -> Var:
    return op.not_(op.equal(cells, spelled(constant_text(""))))


def hit(value: Value, pattern: str, element: Apply) -> Value:
    """Whether the pattern is found in the text."""
    matches = op.regex_full_match(letters.flat(value), pattern=found(pattern, element))
    return boolean(op.reshape(matches, ints(-1, 1)), is_missing(value), value.invalid)


def replaced(value: Value, pattern: str, by: str, element: Apply) -> Value:
    """Every character of a class, or every run of them, becomes a text.

    Raises:
        CannotConvert: the pattern is about more than one character.
    """
    known = ONE_CLASS.fullmatch(pattern)
    if known is None:
        raise element.refuse(
            f"the pattern {pattern!r} is replaced in text of any kind, and is not one class of characters",
            "list the values of the field in its DataField",
        )
    cells = letters.split(letters.flat(value))
    mine = op.and_(op.regex_full_match(cells, pattern=translated(known[1], element)), _there(cells))
    begins = mine
    if known[2]:
        begins = op.and_(mine, op.equal(shifted(whole(mine), -1), ints(0)))
    empty, new = spelled(constant_text("")), spelled(constant_text(by))
    return _made(value, letters.joined(op.where(begins, new, op.where(mine, empty, cells))))


def together(element: Apply, values: list[Value]) -> Value:
    """Texts and whole numbers one after another, missing ones left out (JPMML 1.7)."""
    result: Var | None = None
    for value in values:
        own = spelled(cast(value, "string", element))
        result = own if result is None else op.string_concat(result, own)
    assert result is not None, "there are arguments"
    never = Value(constant(0.0), "double", False, any_invalid(values))
    return as_text(never, result)
