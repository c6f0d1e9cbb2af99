"""The k greatest or smallest of several columns, one after another; of equals the first comes first, as in ONNX."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from modelport.errors import CannotConvert
from modelport_columnar.evaluate import DTYPES
from modelport_columnar.expression import Expr, Kind

if TYPE_CHECKING:
    from modelport_pmml.from_columnar.simplify import Simplifier

MOST = 200_000
"""Choices that ranking may take, at most: each is a field of the document."""


def first_extreme(s: "Simplifier", args: Sequence[Expr], largest: bool) -> tuple[Expr, Expr]:
    """The extreme value, and the position of the first column that has it."""
    value = s.again("maximum" if largest else "minimum", args, args[0].kind) if len(args) > 1 else args[0]
    return value, position_of(s, args, value)


def position_of(s: "Simplifier", args: Sequence[Expr], value: Expr, last: bool = False) -> Expr:
    """Where a value stands that one of the columns has: the first (or last) place."""
    places = list(range(len(args)))
    if last:
        places.reverse()
    found = s.constant(places[-1], Kind.INT64)
    for i in reversed(places[:-1]):
        here = s.make("equal", (args[i], value), Kind.BOOL)
        found = s.make("where", (here, s.constant(i, Kind.INT64), found), Kind.INT64)
    return found


def ranked(s: "Simplifier", args: Sequence[Expr], k: int, largest: bool) -> list[tuple[Expr, Expr]]:
    """Values and positions of the first k.

    Raises:
        CannotConvert: so many columns that the document would be out of proportion.
    """
    if k * len(args) > MOST:
        raise CannotConvert(f"the {k} greatest of {len(args)} columns take too many steps in PMML", where="TopK")
    key = (tuple(arg.number for arg in args), largest)
    found = s.ranks.setdefault(key, [])
    while len(found) < k:
        found.append(first_extreme(s, _left(s, args, found, largest), largest))
    return found[:k]


def _left(s: "Simplifier", args: Sequence[Expr], taken: list[tuple[Expr, Expr]], largest: bool) -> list[Expr]:
    """The columns, those that were taken replaced by the least that there is."""
    kind = args[0].kind
    if not kind.is_float:
        raise CannotConvert("PMML has no exact form of the greatest whole numbers among several", where="TopK")
    worst = s.constant(float(np.finfo(DTYPES[kind]).max) * (-1 if largest else 1), kind)
    columns = list(args)
    for _, position in taken:
        for i, column in enumerate(columns):
            gone = s.make("equal", (position, s.constant(i, Kind.INT64)), Kind.BOOL)
            columns[i] = s.make("where", (gone, worst, column), kind)
    return columns
