"""What a vectoriser's preprocessing makes of every Unicode character, by asking Python itself.

Lower-casing and the stripping of accents work character by character, with one exception: a capital sigma becomes
"ς" at the end of a word and "σ" elsewhere. Everything else is a table from a character to the characters it becomes.

Source: `sklearn.feature_extraction.text._preprocess`, `strip_accents_unicode`, `strip_accents_ascii` (1.9); Unicode
Standard, section 3.13, rule Final_Sigma, as CPython's `str.lower` has it.
"""

import unicodedata
from collections.abc import Callable
from functools import cache

SIGMA, INNER, FINAL = "Σ", "σ", "ς"
COMMON = 0x250
"""Characters below this have a row of their own, so that texts in Latin letters need no regular expression."""


@cache
def every_character() -> str:
    """All code points in order, without surrogates, which no text holds."""
    return "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))


Holds = Callable[[str], bool]
"""Whether a character belongs to a class."""


def word_character(char: str) -> bool:
    """`\\w` of a Unicode pattern, as CPython's `re` has it."""
    return char.isalnum() or char == "_"


def visible(char: str) -> bool:
    """`\\S` of a Unicode pattern."""
    return not char.isspace()


@cache
def character_class(holds: Holds) -> str:
    """The characters that belong to a class, as an expression that RE2 and Python both read."""
    runs: list[list[str]] = []
    for char in filter(holds, every_character()):
        if runs and ord(char) == ord(runs[-1][1]) + 1:
            runs[-1][1] = char
        else:
            runs.append([char, char])
    return "[" + "".join(_range(first, last) for first, last in runs) + "]"


def _range(first: str, last: str) -> str:
    return _escaped(first) if first == last else f"{_escaped(first)}-{_escaped(last)}"


def _escaped(char: str) -> str:
    return f"\\{char}" if char in "\\]^-[" else char


@cache
def preprocessor(lowercase: bool, accents: str | None) -> Callable[[str], str]:
    """What a character becomes. A capital sigma becomes "σ" here."""

    def become(char: str) -> str:
        char = char.lower() if lowercase else char
        if accents is None or char.isascii():
            return char
        apart = unicodedata.normalize("NFKD", char)
        if accents == "ascii":
            return apart.encode("ascii", "ignore").decode("ascii")
        return "".join(part for part in apart if not unicodedata.combining(part))

    return become


@cache
def changed(lowercase: bool, accents: str | None) -> frozenset[str]:
    """Characters that do not become what most become: nothing where only ASCII is kept, themselves otherwise."""
    become = preprocessor(lowercase, accents)
    if accents == "ascii":
        return frozenset(char for char in every_character() if become(char))
    return frozenset(char for char in every_character() if become(char) != char)


@cache
def cased() -> str:
    """Characters with case that are not ignorable: before a capital sigma they make it final."""
    return character_class(lambda char: (char + SIGMA).lower().endswith(FINAL))


@cache
def ignorable() -> str:
    """Characters that the rule for a final sigma looks through (apostrophes, combining marks, modifiers)."""
    return character_class(
        lambda char: ("A" + char + SIGMA).lower().endswith(FINAL) and not (char + SIGMA).lower().endswith(FINAL)
    )
