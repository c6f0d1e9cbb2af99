"""Functions of text. Of listed texts they are computed while converting, word by word; of others in the graph."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from modelport_onnx.ops import op
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.transformations import Apply
from modelport_pmml.to_onnx.expression import cast
from modelport_pmml.to_onnx.functions import open_text
from modelport_pmml.to_onnx.functions.arithmetic import arity
from modelport_pmml.to_onnx.functions.comparison import boolean
from modelport_pmml.to_onnx.literal import format_number
from modelport_pmml.to_onnx.value import Value, any_invalid, is_missing, lookup, numbers, table

MAX_WORDS = 1 << 16


def closed(value: Value, element: Apply) -> tuple[str, ...]:
    """The texts that an argument may be.

    Raises:
        CannotConvert: it may be any text.
    """
    if value.constant is not None and not value.is_text:
        held = float(value.constant)
        return () if held != held else (format_number(held, value.type),)
    if value.words is None:
        raise element.refuse(f"the function {element.function} takes the text of a number that is not constant")
    if value.raw is not None:
        raise element.refuse(
            f"the function {element.function} takes text of any kind", "list the values of the field in its DataField"
        )
    return value.words


def mapped(value: Value, function: Callable[[str], str], element: Apply) -> Value:
    """A text made of each text."""
    old = closed(value, element)
    new = [function(word) for word in old]
    words = tuple(dict.fromkeys(new))
    codes = [*(words.index(word) for word in new), len(words), len(words) + 1]
    data = op.gather(op.const(np.array(codes, np.int64)), value.data)
    same = new[0] if value.constant is not None and new else None
    return replace(value, data=data, words=words, constant=same, type="string", optype="categorical", order=())


def _text(function: Callable[[str], str], any_text: Callable[[Value], Value]) -> Callable[[Apply, list[Value]], Value]:
    def compute(element: Apply, values: list[Value]) -> Value:
        arity(element, values, 1)
        value = written(values[0], element)
        return any_text(value) if open_text.is_open(value) else mapped(value, function, element)

    return compute


def written(value: Value, element: Apply) -> Value:
    """An argument as text."""
    return value if value.is_text or value.constant is not None else cast(value, "string", element)


BLANKS = "".join(map(chr, range(33)))
"""What Java's `String.trim` takes off."""

uppercase = _text(str.upper, lambda value: open_text.recased(value, open_text.upper))
lowercase = _text(str.lower, lambda value: open_text.recased(value, open_text.lower))
trim_blanks = _text(lambda word: word.strip(BLANKS), open_text.trimmed)


def substring(element: Apply, values: list[Value]) -> Value:
    """`substring(text, start, length)`; positions count from 1."""
    arity(element, values, 3)
    start, length = (_whole(value, element) for value in values[1:])
    if start < 1 or length < 0:
        raise element.bad(f"substring starts at 1 or later and has no negative length, not {start}, {length}")
    value = written(values[0], element)
    if open_text.is_open(value):
        return open_text.cut(value, start, length)
    return mapped(value, lambda word: word[start - 1 : start - 1 + length], element)


def _whole(value: Value, element: Apply) -> int:
    if value.constant is None:
        raise element.refuse(f"an argument of {element.function} that should be constant is not")
    return int(float(value.constant))


def pattern(value: Value, element: Apply) -> re.Pattern[str]:
    """A regular expression that means the same in Java and Python.

    Raises:
        CannotConvert: it is not constant, or uses what the two read differently.
    """
    if not isinstance(value.constant, str):
        raise element.refuse(f"the pattern of {element.function} is not constant")
    return regular_expression(value.constant, element)


def regular_expression(text: str, where: Element) -> re.Pattern[str]:
    """See `pattern`."""
    if re.search(r"\(\?|\\[pPXRhHvVGzZQExuckN0-9]|&&|\[\[|[*+?}]\+", text):
        raise where.refuse(f"the pattern {text!r} may mean another thing outside of Java")
    try:
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise where.bad(f"the pattern {text!r} is no regular expression: {error}") from error


def replace_(element: Apply, values: list[Value]) -> Value:
    arity(element, values, 3)
    found = pattern(values[1], element)
    by = values[2].constant
    if not isinstance(by, str) or "\\" in by or "$" in by:
        raise element.refuse("the replacement is not a plain constant text")
    value = written(values[0], element)
    if open_text.is_open(value):
        return open_text.replaced(value, str(values[1].constant), by, element)
    return mapped(value, lambda word: found.sub(lambda _: by, word), element)


def matches(element: Apply, values: list[Value]) -> Value:
    """Whether the pattern is found anywhere in the text."""
    arity(element, values, 2)
    found, value = pattern(values[1], element), written(values[0], element)
    if open_text.is_open(value):
        return open_text.hit(value, str(values[1].constant), element)
    closed(value, element)
    hits = lookup(value, [*(bool(found.search(word)) for word in value.words or ()), False, False])
    return boolean(hits, is_missing(value), value.invalid)


def string_length(element: Apply, values: list[Value]) -> Value:
    arity(element, values, 1)
    value = written(values[0], element)
    if open_text.is_open(value):
        return open_text.length(value)
    closed(value, element)
    lengths = table(value, lambda word: float(len(word.encode("utf-16-le")) // 2))
    return numbers(lengths, "integer", nullable=value.nullable, invalid=value.invalid)


def concat(element: Apply, values: list[Value]) -> Value:
    """Texts one after another, missing ones left out (JPMML 1.7); every combination is known while converting."""
    if len(values) < 2:
        raise element.bad(f"the function concat takes 2 or more arguments, not {len(values)}")
    if any(open_text.is_open(value) or (value.constant is None and not value.is_text) for value in values):
        return open_text.together(element, values)
    parts = [(*closed(value, element), "") if value.nullable else closed(value, element) for value in values]
    count = float(np.prod([float(len(part)) for part in parts]))
    if count > MAX_WORDS:
        raise element.refuse(f"concat could give {count:.0f} texts")
    words: tuple[str, ...] = ("",)
    code = op.const(np.array([[0]], np.int64))
    for value, part in zip(values, parts, strict=True):
        words = tuple(a + b for a in words for b in part)
        place = value.data if value.is_text else op.const(np.array([[0]], np.int64))
        place = op.min([place, op.const(np.array([[len(part) - 1]], np.int64))])
        code = op.add(op.mul(code, op.const(np.array([[len(part)]], np.int64))), place)
    unique = tuple(dict.fromkeys(words))
    at = {word: i for i, word in enumerate(unique)}
    code = op.gather(op.const(np.array([at[word] for word in words], np.int64)), code)
    same = words[0] if all(value.constant is not None for value in values) else None
    return Value(code, "string", False, any_invalid(values), unique, constant=same, optype="categorical")
