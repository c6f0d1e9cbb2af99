"""TextIndex: how often a term occurs in a text. https://dmg.org/pmml/v4-4-1/Transformations.html#xsdElement_TextIndex

Of a field that lists its values computed while converting, text by text; details as in JPMML-Evaluator's TextUtil
(1.7): parts of a text lose the punctuation around them, and parts that are nothing else count as none.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping

from modelport_pmml.reader.elements.transformations import TextIndex
from modelport_pmml.to_onnx.expression import evaluate
from modelport_pmml.to_onnx.expressions.text_search import open_index
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
        CannotConvert: the term is not constant, words are normalized, or words of any text are compared loosely.
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
    invalid = any_invalid([value, term])
    kind = "double" if element.local_term_weights == "logarithmic" else "integer"
    if value.raw is not None:
        return numbers(open_index(element, value, wanted, scope), kind, nullable=value.nullable, invalid=invalid)

    def count(word: str) -> float:
        loose = element.max_levenshtein_distance
        return weight(frequency(parts(word, split), wanted, element.is_case_sensitive, loose, element.count_hits))

    return numbers(table(value, count), kind, nullable=value.nullable, invalid=invalid)


def _check(element: TextIndex, value: Value, term: Value) -> None:
    if not value.is_text:
        raise element.bad(f"{element.text_field!r} is no text")
    if not isinstance(term.constant, str):
        raise element.refuse("the term of a TextIndex is not constant")
    if element.normalizations or element.word_re is not None or not element.tokenize:
        raise element.refuse("a TextIndex with normalizations, x-wordRE, or without tokens")
    if value.raw is not None and element.max_levenshtein_distance:
        raise element.refuse(
            f"terms are counted loosely in {element.text_field!r}, which may be any text",
            "list its values in its DataField",
        )


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


def frequency(words: list[str], term: list[str], case: bool, loose: int = 0, hits: str = "allHits") -> int:
    """How often the words of a term stand in a row; places may overlap.

    Args:
        loose: the Levenshtein distance that the words of a place may have from the term's, summed.
        hits: `bestHits` counts only the places of the least distance.
    """
    if not term:
        return 0
    places = range(len(words) - len(term) + 1)
    far = [sum(_distance(words[at + i], one, case) for i, one in enumerate(term)) for at in places]
    near = [distance for distance in far if distance <= loose]
    return sum(distance == min(near) for distance in near) if hits == "bestHits" else len(near)


def _distance(a: str, b: str, case: bool) -> int:
    """Levenshtein's: letters put in, left out or replaced."""
    if _same(a, b, case):
        return 0
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (not _same(x, y, case)))
    return row[-1]


def _same(a: str, b: str, case: bool) -> bool:
    """Java's `equalsIgnoreCase` compares letter by letter, in upper and in lower case."""
    if case or a == b:
        return a == b
    return len(a) == len(b) and all(x.upper() == y.upper() or x.lower() == y.lower() for x, y in zip(a, b, strict=True))
