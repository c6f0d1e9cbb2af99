"""TextIndex over text of any kind: words are found in the graph, and counted where they stand in a row."""

import re
import sys
import unicodedata
from collections import defaultdict
from functools import cache, reduce

from spox import Var

from modelport_onnx.blocks import elementary
from modelport_onnx.blocks.constant import ints
from modelport_onnx.blocks.ragged import shifted, whole
from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import TextIndex
from modelport_pmml.to_onnx.letters import flat, tokens
from modelport_pmml.to_onnx.regular import translated
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, Value, constant, is_missing, spelled
from modelport_pmml.to_onnx.value import text as constant_text

_SPECIAL = frozenset("\\]^-[&~|")


def open_index(element: TextIndex, value: Value, term: list[str], scope: Scope) -> Var:
    """The weight of a term in each text, [N, 1]; NaN where the text is missing."""
    words = _words(element, value, scope)
    hits = [shifted(whole(_met(words, word, element.is_case_sensitive)), place) for place, word in enumerate(term)]
    if not hits:
        count: Var = constant(0.0)
    else:
        count = op.cast(op.reduce_sum(reduce(op.mul, hits), ints(1), keepdims=1), to=float)
    if element.local_term_weights == "binary":
        count = op.min([count, constant(1.0)])
    elif element.local_term_weights == "logarithmic":
        count = elementary.log10(op.add(count, constant(1.0)))
    gone = is_missing(value)
    return count if gone is None else op.where(gone, constant(NAN), count)


def _words(element: TextIndex, value: Value, scope: Scope) -> Var:
    """The words of each text [N, T], without the punctuation around them; found once for all terms."""
    assert value.raw is not None, "text of any kind"
    known = scope.graph.words
    key = (id(value.raw), element.word_separator_character_re)
    if key not in known:
        separator = translated(element.word_separator_character_re, element)
        if re.fullmatch(separator, " ") is None:
            raise element.refuse(
                f"the separator {element.word_separator_character_re!r} of words is not met by a blank"
            )
        padded = op.string_concat(op.string_concat(_blank(), flat(value)), _blank())
        around = punctuation()
        known[key] = (value.raw, tokens(padded, f"{around}*(?:{separator}){around}*"))
    return known[key][1]


def _blank() -> Var:
    return op.reshape(spelled(constant_text(" ")), ints(-1))


def _met(words: Var, word: str, case: bool) -> Var:
    """Which words are the term's, [N, T]; letters are compared as Java's `equalsIgnoreCase` does it."""
    if case:
        return op.equal(words, spelled(constant_text(word)))
    letters = ("".join(sorted({char, *_alike()[0][char.upper()], *_alike()[1][char.lower()]})) for char in word)
    return op.regex_full_match(words, pattern="".join(f"[{_listed(each)}]" for each in letters))


@cache
def _alike() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Characters by what they are in upper case, and in lower case."""
    upper: dict[str, list[str]] = defaultdict(list)
    lower: dict[str, list[str]] = defaultdict(list)
    for char in _characters():
        upper[char.upper()].append(char)
        lower[char.lower()].append(char)
    return upper, lower


def _characters() -> list[str]:
    return [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def _listed(chars: str) -> str:
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in chars)


@cache
def punctuation() -> str:
    """An expression of one character of Unicode's categories P, in words that RE2 and Python share."""
    ranges: list[tuple[int, int]] = []
    for char in _characters():
        if unicodedata.category(char).startswith("P"):
            if ranges and ranges[-1][1] == ord(char) - 1:
                ranges[-1] = (ranges[-1][0], ord(char))
            else:
                ranges.append((ord(char), ord(char)))
    return "[" + "".join(f"{_listed(chr(a))}-{_listed(chr(b))}" for a, b in ranges) + "]"
