"""Rules of the simplifier for comparisons; infinity, which no document holds, is told apart by the greatest numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from modelport_columnar.evaluate import DTYPES
from modelport_columnar.expression import Expr, Kind

if TYPE_CHECKING:
    from modelport_pmml.from_columnar.simplify import Simplifier

_MIRRORED = {"less": "greater", "greater": "less", "less_equal": "greater_equal", "greater_equal": "less_equal"}


def compare(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    """`a < b` and its like."""
    spread = s._spread(node, args)
    if spread is not None:
        return spread
    if infinite(args[0]):
        return _with_infinity(s, _MIRRORED.get(node.op, node.op), args[1], args[0].data > 0)
    if infinite(args[1]):
        return _with_infinity(s, node.op, args[0], args[1].data > 0)
    for place in (0, 1):
        links, last = chain(args[place])
        if infinite(last) or any(infinite(link.args[1]) for link in links):
            return _distributed(s, node, args, place)
    return s.make(node.op, args, Kind.BOOL)


def infinite(expr: Expr) -> bool:
    """Whether an expression is the constant ∞ or -∞."""
    return expr.op == "constant" and expr.kind.is_float and bool(np.isinf(expr.data))


def chain(expr: Expr) -> tuple[list[Expr], Expr]:
    """The choices `a if … else b if … else c`, and what is left when none holds."""
    links = []
    while expr.op == "where":
        links.append(expr)
        expr = expr.args[2]
    return links, expr


def _with_infinity(s: "Simplifier", op: str, arg: Expr, above: bool) -> Expr:
    most = s.constant(float(np.finfo(DTYPES[arg.kind]).max) * (1 if above else -1), arg.kind)
    if op == ("greater" if above else "less"):
        return s.constant(False, Kind.BOOL)
    if op == ("less_equal" if above else "greater_equal"):
        gone = s.make("isnan", (arg,), Kind.BOOL)
        return s.again("not", (gone,), Kind.BOOL) if s.missing(arg) else s.constant(True, Kind.BOOL)
    if op == ("less" if above else "greater"):
        return s.make("less_equal" if above else "greater_equal", (arg, most), Kind.BOOL)
    return s.make("greater" if above else "less", (arg, most), Kind.BOOL)


def _distributed(s: "Simplifier", node: Expr, args: Sequence[Expr], place: int) -> Expr:
    """A comparison with a choice is a choice of comparisons."""

    def compared(end: Expr) -> Expr:
        return s.again(node.op, [end if i == place else arg for i, arg in enumerate(args)], Kind.BOOL)

    links, last = chain(args[place])
    found = compared(last)
    for link in reversed(links):
        found = s.again("where", (link.args[0], compared(link.args[1]), found), Kind.BOOL)
    return found
