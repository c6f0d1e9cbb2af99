"""Naming sequences: every known sequence of codes gets a number, found by looking up pairs, without a loop over time.

Lengths that differ from token to token are covered by two overlapping powers of two, as in the naming scheme of Karp,
Miller and Rosenberg ("Rapid identification of repeated patterns in strings, trees and arrays", STOC 1972).
"""

from collections.abc import Iterable, Mapping, Sequence

from spox import Var

from modelport_onnx.blocks.constant import integer
from modelport_onnx.blocks.ragged import at, renamed, shifted
from modelport_onnx.ops import op

Word = tuple[int, ...]


def windows(codes: Var, known: Iterable[Word], upto: int) -> tuple[list[Var], list[Mapping[Word, int]]]:
    """Names of the windows of length 1 … `upto` that begin at each cell, and the name of each known window.

    Windows are named from their beginnings: a window has a name if it is the beginning of a known word.
    """
    names: list[Mapping[Word, int]] = []
    found: list[Var] = []
    span = 1 + max((code for word in known for code in word), default=0)
    for size in range(1, upto + 1):
        begun = sorted({word[:size] for word in known if len(word) >= size})
        here = {word: i + 1 for i, word in enumerate(begun)}
        if size == 1:
            found.append(renamed(codes, {word[0]: name for word, name in here.items()}))
        else:
            keys = op.add(op.mul(found[-1], integer(span)), _within(shifted(codes, size - 1), span))
            found.append(renamed(keys, {names[-1][word[:-1]] * span + word[-1]: name for word, name in here.items()}))
        names.append(here)
    return found, names


def _within(codes: Var, span: int) -> Var:
    """Codes beyond the known ones become 0, which no known word holds."""
    return op.where(op.less(codes, integer(span)), codes, integer(0))


def _levels(known: Iterable[Word]) -> list[dict[Word, int]]:
    """For each k the pieces of length 2^k from which the known words are put together, and their names from 1."""
    longest = max((len(word) for word in known), default=1)
    pieces: list[set[Word]] = [set() for _ in range(longest.bit_length())]
    for word in known:
        top = len(word).bit_length() - 1
        pieces[top] |= {word[: 1 << top], word[len(word) - (1 << top) :]}
    for k in reversed(range(1, len(pieces))):
        half = 1 << (k - 1)
        pieces[k - 1] |= {part for piece in pieces[k] for part in (piece[:half], piece[half:])}
    return [{piece: i + 1 for i, piece in enumerate(sorted(level))} for level in pieces]


def spans(codes: Var, starts: Var, lengths: Var, known: Sequence[Word]) -> Var:
    """The number (from 1, in the order of `known`) of the word that stands at each start with each length; else 0."""
    levels = _levels(known)
    named = renamed(codes, {piece[0]: name for piece, name in levels[0].items()})
    total = op.mul(starts, integer(0))
    numbers = {word: i + 1 for i, word in enumerate(known)}
    for k, level in enumerate(levels):
        if k:
            named = _doubled(named, levels[k - 1], level, 1 << (k - 1))
        here = [word for word in known if len(word).bit_length() - 1 == k]
        if here:
            total = op.add(total, _matched(named, starts, lengths, k, level, {word: numbers[word] for word in here}))
    return total


def _doubled(named: Var, lower: Mapping[Word, int], level: Mapping[Word, int], half: int) -> Var:
    span = len(lower) + 1
    keys = op.add(op.mul(named, integer(span)), shifted(named, half))
    return renamed(keys, {lower[piece[:half]] * span + lower[piece[half:]]: name for piece, name in level.items()})


def _matched(named: Var, starts: Var, lengths: Var, k: int, level: Mapping[Word, int], here: Mapping[Word, int]) -> Var:
    size, span = 1 << k, len(level) + 1
    fits = op.and_(op.greater_or_equal(lengths, integer(size)), op.less(lengths, integer(2 * size)))
    second = op.add(starts, op.where(fits, op.sub(lengths, integer(size)), integer(0)))
    pair = op.add(op.mul(at(named, starts), integer(span)), at(named, second))
    keys = op.add(op.mul(pair, integer(2 * size)), op.where(fits, lengths, integer(0)))
    table = {
        (level[word[:size]] * span + level[word[-size:]]) * 2 * size + len(word): number
        for word, number in here.items()
    }
    return renamed(keys, table)
