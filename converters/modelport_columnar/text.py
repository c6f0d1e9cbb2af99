"""Counts of terms in a text, as a structure: what a marked part of a graph computes, instead of its arithmetic."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PART = "token counts"
"""The name of such parts; see `modelport_onnx.blocks.marked`."""


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """Terms of one or more neighbouring tokens.

    Attributes:
        terms: the tokens of the term of each column; none where no text has the term.
        lower: whether the text is put in lower case first.
        inside: a class of a regular expression: the characters of which tokens are runs.
        shortest: characters of the shortest token; shorter runs are taken out.
        stops: tokens that are taken out.
    """

    terms: tuple[tuple[str, ...], ...]
    lower: bool
    inside: str
    shortest: int
    stops: tuple[str, ...]

    def __call__(self, text: str) -> list[int]:
        """Counts of one text."""
        found = re.findall(f"{self.inside}+", text.lower() if self.lower else text)
        tokens = [token for token in found if len(token) >= self.shortest and token not in self.stops]
        sizes = {len(term) for term in self.terms if term}
        met: dict[tuple[str, ...], int] = {}
        for size in sizes:
            for start in range(len(tokens) - size + 1):
                gram = tuple(tokens[start : start + size])
                met[gram] = met.get(gram, 0) + 1
        return [met.get(term, 0) if term else 0 for term in self.terms]


def from_facts(facts: Mapping[str, Any]) -> TokenCounts:
    """The structure, from the facts of a mark."""
    return TokenCounts(
        terms=tuple(tuple(term) for term in facts["terms"]),
        lower=bool(facts["lower"]),
        inside=str(facts["inside"]),
        shortest=int(facts["shortest"]),
        stops=tuple(facts["stops"]),
    )
