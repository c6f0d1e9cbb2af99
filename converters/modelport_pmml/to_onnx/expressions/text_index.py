"""TextIndex: how often a term occurs in a text. https://dmg.org/pmml/v4-4-1/Transformations.html#xsdElement_TextIndex

Computed while converting, text by text, so the field must list its values; details as in JPMML-Evaluator's TextUtil
(1.7): parts of a text lose the punctuation around them, and parts that are nothing else count as none.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping

from modelport_pmml.reader.elements.transformations import TextIndex
from modelport_pmml.to_onnx.expression import evaluate
from modelport_pmml.to_onnx.functions.strings import regular_expression
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, any_invalid, numbers, table

WEIGHTS: Mapping[str, Callable[[int], float]] = {
    "termFrequency": float,
    "binary": lambda count: float(min(count, 1)),
    "logarithmic": lambda count: math.log10(1.0 + count),
}


def text_index(element: TextIndex, scope: Scope) -> Value:
    """The count, by its weight; missing where the text is.

    Raises:
        CannotConvert: the text may be any, the term is not constant, or words are normalized or compared loosely.
    """
    value = scope.resolve(element.text_field, element)
    if element.term is None:
        raise element.bad("a TextIndex needs a term")
    term = evaluate(element.term, scope)
    weight = WEIGHTS.get(element.local_term_weights)
    _check(element, value, term)
    if weight is None:
        raise element.refuse(f"the term weight {element.local_term_weights}, which no evaluator computes")
    split = regular_expression(element.word_separator_character_re, element)
    wanted = parts(str(term.constant), split)
    counts = table(value, lambda word: weight(frequency(parts(word, split), wanted, element.is_case_sensitive)))
    kind = "double" if element.local_term_weights == "logarithmic" else "integer"
    return numbers(counts, kind, nullable=value.nullable, invalid=any_invalid([value, term]))


def _check(element: TextIndex, value: Value, term: Value) -> None:
    if not value.is_text:
        raise element.bad(f"{element.text_field!r} is no text")
    if value.raw is not None:
        raise element.refuse(
            f"terms are counted in {element.text_field!r}, which may be any text", "list its values in its DataField"
        )
    if not isinstance(term.constant, str):
        raise element.refuse("the term of a TextIndex is not constant")
    loose = element.normalizations or element.max_levenshtein_distance
    if loose or element.word_re is not None or not element.tokenize:
        raise element.refuse("a TextIndex with normalizations, a Levenshtein distance, x-wordRE, or without tokens")


def parts(text: str, split: re.Pattern[str]) -> list[str]:
    """The words of a text."""
    found = (trimmed(word) for word in split.split(text))
    return [word for word in found if word]


def trimmed(word: str) -> str:
    """Without the punctuation around it (Unicode's categories P)."""
    start, end = 0, len(word)
    while start < end and unicodedata.category(word[start]).startswith("P"):
        start += 1
    while end > start and unicodedata.category(word[end - 1]).startswith("P"):
        end -= 1
    return word[start:end]


def frequency(words: list[str], term: list[str], case: bool) -> int:
    """How often the words of a term stand in a row; places may overlap."""
    if not term:
        return 0
    places = range(len(words) - len(term) + 1)
    return sum(all(_same(words[at + i], one, case) for i, one in enumerate(term)) for at in places)


def _same(a: str, b: str, case: bool) -> bool:
    """Java's `equalsIgnoreCase` compares letter by letter, in upper and in lower case."""
    if case or a == b:
        return a == b
    return len(a) == len(b) and all(x.upper() == y.upper() or x.lower() == y.lower() for x, y in zip(a, b, strict=True))
