"""Token patterns that mean "a run of characters of one class", which is what a graph can find.

Source: Python's `re` and its parser; `re.findall` takes the leftmost match, as long as it goes, so a repeated class
gives every longest run. A word boundary beside a class of word characters asks that the run be a whole word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from modelport_sklearn.to_onnx.transform.text_characters import Holds, word_character

DEFAULT = r"(?u)\b\w\w+\b"


@dataclass(frozen=True, slots=True)
class TokenPattern:
    """Runs of characters that `holds`, at least `shortest` long.

    Attributes:
        whole: a run counts only if it is a whole word; characters of other words that do not hold break it.
        member: whether a character may stand in a token; narrower than `holds` where `whole`.
    """

    holds: Holds
    shortest: int
    member: Holds
    whole: bool = False

    def token(self, text: str) -> bool:
        """Whether a text can be a token."""
        return len(text) >= self.shortest and all(self.member(char) for char in text)


@lru_cache(maxsize=64)
def token_pattern(pattern: str) -> TokenPattern | None:
    """What a pattern means, or None where it is not a run of one class."""
    try:
        parsed = re._parser.parse(pattern)  # type: ignore[attr-defined]  # the parser has no public name
    except re.error:
        return None
    items = [(str(name), value) for name, value in parsed]
    inner = [item for item in items if item != ("AT", re._constants.AT_BOUNDARY)]  # type: ignore[attr-defined]
    bounded = [i for i, item in enumerate(items) if item not in inner]
    if any(i not in (0, len(items) - 1) for i in bounded) or not inner:
        return None
    least = _run(inner)
    return None if not least else _pattern(pattern, least, len(bounded), len(items) - len(inner))


def _run(items: Sequence[tuple[str, Any]]) -> int | None:
    """The least length of a run, if every item is the same class and one of them repeats without end."""
    least, endless, classes = 0, False, set()
    for name, value in items:
        low, high, body = (1, 1, [(name, value)]) if name != "MAX_REPEAT" else value
        parts = [(str(kind), str(inner)) for kind, inner in body]
        if len(parts) != 1 or parts[0][0] not in ("IN", "LITERAL", "NOT_LITERAL", "ANY"):
            return None
        classes.add(parts[0])
        least, endless = least + int(low), endless or high == re._constants.MAXREPEAT  # type: ignore[attr-defined]
    return least if endless and len(classes) == 1 else None


def _pattern(pattern: str, least: int, bounds: int, _: int) -> TokenPattern | None:
    compiled = re.compile(pattern)

    def member(char: str) -> bool:
        return compiled.fullmatch(char * least) is not None

    sample = [chr(i) for i in (*range(0x3000), 0x4E00, 0xAC00, 0xFF21, 0x1D400, 0x1F600)]
    inside = [char for char in sample if member(char)]
    if all(member(char) == word_character(char) for char in sample) and r"\w" in pattern and "[" not in pattern:
        return TokenPattern(word_character, least, word_character)
    if not bounds:
        return TokenPattern(member, least, member)
    if bounds == 2 and all(word_character(char) for char in inside):
        return TokenPattern(word_character, least, member, whole=True)
    return None
