"""The char and char_wb analyzers: windows of characters, over the whole text or within words padded by spaces.

Source: `sklearn.feature_extraction.text._VectorizerMixin._char_ngrams` and `_char_wb_ngrams` (1.9).
"""

from typing import Any

from spox import Var

from modelport_onnx.blocks.constant import integer
from modelport_onnx.blocks.ragged import WHOLE, positions_in, rows_by, running, shifted, whole
from modelport_onnx.blocks.text_codes import END, FIRST, OUTSIDE, codes
from modelport_onnx.blocks.text_counts import counts, grams, single_spaces
from modelport_onnx.blocks.text_names import Word
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.text_alphabet import Alphabet, alphabet_of, code_table
from modelport_sklearn.to_onnx.transform.text_characters import visible

SPACE = " "


def char_counts(estimator: Any, texts: Var, scope: Scope, kind: Any) -> Var:
    """Counts [N, V] of the vocabulary's terms."""
    alphabet = alphabet_of([SPACE, *estimator.vocabulary_])
    found = codes(texts, code_table(alphabet, visible, estimator))
    blank = _blank(alphabet)
    space = alphabet.code_of[SPACE]
    if estimator.analyzer == "char":
        found = single_spaces(found, blank, space, every=False)
        return _counted(estimator, found, alphabet, kind, None)
    edge = rows_by(found, 1, WHOLE(space))
    found = single_spaces(op.concat([edge, _closed(found, space)], axis=1), blank, space, every=True)
    return _counted(estimator, found, alphabet, kind, space)


def _blank(alphabet: Alphabet) -> list[bool]:
    """Whether each code is white space."""
    blank = [False] * (FIRST + len(alphabet.code_of))
    blank[OUTSIDE] = True
    for char, code in alphabet.code_of.items():
        blank[code] = char.isspace()
    return blank


def _closed(found: Var, space: int) -> Var:
    """A space after the last character: the first END becomes one."""
    ended = whole(op.equal(found, integer(END)))
    first = op.equal(op.mul(ended, running(ended)), integer(1))
    return op.where(first, integer(space), found)


def _counted(estimator: Any, found: Var, alphabet: Alphabet, kind: Any, space: int | None) -> Var:
    smallest, largest = estimator.ngram_range
    width = len(estimator.vocabulary_)
    # A word shorter than the smallest window is one window of its own, spaces included.
    low = smallest if space is None else min(smallest, 3)
    columns: dict[Word, int] = {
        alphabet.word(term): int(column)
        for term, column in estimator.vocabulary_.items()
        if low <= len(term) <= largest and (space is None or _within_a_word(term, smallest))
    }
    sizes = range(low, largest + 1)
    places = grams(found, columns, sizes, width)
    if space is None or low > 1:
        return counts(places, width, kind)
    ones = op.expand(integer(1), op.shape(found))
    return counts(places, width, kind, [_twice(found, space), *[ones] * (len(places) - 1)])


def _within_a_word(term: str, smallest: int) -> bool:
    """Whether a window of one padded word can be this: spaces at its ends only, both where it is short."""
    if term == SPACE:
        return smallest == 1
    if len(term) < smallest:
        return len(term) > 2 and term[0] == term[-1] == SPACE and SPACE not in term[1:-1]
    return SPACE not in term[1:-1] and term != SPACE * len(term)


def _twice(found: Var, space: int) -> Var:
    """A space between two words belongs to both: how many words each cell stands beside, 1 for letters."""
    is_space = op.equal(found, integer(space))
    left = whole(op.greater(positions_in(found), integer(0)))
    right = whole(op.not_(op.equal(shifted(found, 1, fill=END), integer(END))))
    return op.where(is_space, op.add(left, right), integer(1))
