"""Counts of terms in a text with PMML's string functions, exactly as `re.findall` finds tokens.

`TextIndex` leaves open what a token is, and evaluators differ; `replace` takes a regular expression in all of them.
Every run of other characters becomes two commas, so that each token stands between commas of its own: ",ford,,pinto,".
A term occurs as often as doubling the comma before it makes that text longer; its tokens are only looked at.
"""

from typing import TYPE_CHECKING

from modelport.errors import CannotConvert
from modelport_columnar.expression import Expr, Kind
from modelport_columnar.text import TokenCounts

if TYPE_CHECKING:
    from modelport_pmml.from_columnar.simplify import Simplifier

EDGE = ","


def counted(s: "Simplifier", node: Expr, whole: Expr, args: list[Expr]) -> Expr:
    """How often the term of one column occurs."""
    counts: TokenCounts = whole.data
    term = counts.terms[node.data]
    if not term:
        return s.constant(0, node.kind)
    words = _words(s, counts, args[0])
    pattern = f"{EDGE}(?={(EDGE * 2).join(term)}{EDGE})"
    doubled = s.make("replaced", (words,), Kind.TEXT, (pattern, EDGE * 2))
    lengths = [s.make("length", (text,), Kind.FLOAT64) for text in (doubled, words)]
    longer = s.make("sub", lengths, Kind.FLOAT64)
    return longer if node.kind is Kind.FLOAT64 else s.make("cast", (longer,), node.kind)


def _words(s: "Simplifier", counts: TokenCounts, text: Expr) -> Expr:
    """The text as tokens between commas.

    Raises:
        CannotConvert: tokens that may hold a comma.
    """
    if not counts.inside.startswith("[") or EDGE in counts.inside:
        raise CannotConvert("tokens of other characters than letters, digits and underscores", where="token_pattern")
    text = s.make("lower", (text,), Kind.TEXT) if counts.lower else text
    apart = s.make("replaced", (text,), Kind.TEXT, (f"[^{counts.inside[1:]}+", EDGE * 2))
    edge = s.constant(EDGE, Kind.TEXT)
    words = s.make("concat", (edge, apart, edge), Kind.TEXT)
    if all(len(term) < 2 for term in counts.terms):
        return words  # what is taken out matters to neighbours only
    if counts.shortest > 1:
        words = _without(s, words, f"{EDGE}[^{EDGE}]{{1,{counts.shortest - 1}}}{EDGE}")
    if counts.stops:
        words = _without(s, words, f"{EDGE}(?:{'|'.join(counts.stops)}){EDGE}")
    return words


def _without(s: "Simplifier", words: Expr, pattern: str) -> Expr:
    """Tokens taken out, so that their neighbours become neighbours; between two tokens stay two commas."""
    left = s.make("replaced", (words,), Kind.TEXT, (pattern, EDGE))
    return s.make("replaced", (left,), Kind.TEXT, (f"{EDGE}+", EDGE * 2))
