"""The alphabet of a vocabulary: which characters matter, their codes, and what every other character becomes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from modelport_onnx.blocks.text_codes import END, FIRST, INSIDE, OUTSIDE, Codes, Sigma
from modelport_sklearn.to_onnx.transform import text_characters as unicode


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Characters of the known terms and their codes, from `FIRST`."""

    code_of: dict[str, int]

    def word(self, term: str) -> tuple[int, ...]:
        return tuple(self.code_of[char] for char in term)


def alphabet_of(terms: Iterable[str]) -> Alphabet:
    chars = sorted({char for term in terms for char in term})
    return Alphabet({char: FIRST + i for i, char in enumerate(chars)})


def code_table(alphabet: Alphabet, inside: unicode.Holds, estimator: Any) -> Codes:
    """What the vectoriser's preprocessing makes of every character, in the alphabet's codes.

    Args:
        inside: whether a character is of the class that tokens are made of.
    """
    options = (bool(estimator.lowercase), estimator.strip_accents)
    become = unicode.preprocessor(*options)
    rows: dict[tuple[int, ...], int] = {(INSIDE,): INSIDE, (OUTSIDE,): OUTSIDE, (END,): END}

    def usual(char: str) -> int:
        return INSIDE if inside(char) else OUTSIDE

    def row(char: str) -> int:
        made = tuple(alphabet.code_of.get(c, usual(c)) for c in become(char))
        return rows.setdefault(made, len(rows))

    listed = {*unicode.changed(*options), *alphabet.code_of, *map(chr, range(unicode.COMMON))}
    row_of = {char: row(char) for char in sorted(listed)}
    vanish = rows.setdefault((), len(rows)) if estimator.strip_accents == "ascii" else None
    if vanish is None:
        row_of = {char: there for char, there in row_of.items() if there != usual(char) or char < chr(unicode.COMMON)}
    plain = list(rows)
    sigma = _sigma(alphabet, row_of, len(plain)) if estimator.lowercase else None
    if sigma is not None:
        row_of[unicode.SIGMA] = sigma.capital
        plain.append((INSIDE,))
    return Codes(plain, row_of, unicode.character_class(inside) if vanish is None else "", sigma, vanish)


def _sigma(alphabet: Alphabet, row_of: dict[str, int], capital: int) -> Sigma | None:
    """The rule for a capital sigma, where the alphabet has a small one."""
    if not {unicode.INNER, unicode.FINAL} & set(alphabet.code_of):
        return None
    inner, final = (row_of.get(small, INSIDE) for small in (unicode.INNER, unicode.FINAL))
    return Sigma(capital, inner, final, unicode.cased(), unicode.ignorable())
