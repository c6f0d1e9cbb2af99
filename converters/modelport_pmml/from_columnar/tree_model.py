"""Decision trees as TreeModel elements, compactly.

A node's other side is the rest of its list of children, and the leaf at its end is the node's own score
(`noTrueChildStrategy="returnLastPrediction"`).

The child that is written is the one on which a missing value does not go on. A comparison with a missing value is
unknown, which the missing-value strategy `none` takes for false, so a missing value goes on with the rest, as it shall.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from modelport.errors import CannotConvert
from modelport_columnar.expression import Expr, Kind
from modelport_columnar.trees import MODES, TreeEnsemble
from modelport_columnar.values import Array
from modelport_pmml.from_columnar.markup import number, tag
from modelport_pmml.from_columnar.thresholds import below, floor32, not_below

Score = Callable[[int], tuple[str, str]]
"""Leaf number → (the node's attributes, what stands inside the node behind its predicate)."""

_OPERATORS = {
    "BRANCH_LEQ": ("lessOrEqual", "greaterThan"),
    "BRANCH_LT": ("lessThan", "greaterOrEqual"),
    "BRANCH_GTE": ("greaterOrEqual", "lessThan"),
    "BRANCH_GT": ("greaterThan", "lessOrEqual"),
    "BRANCH_EQ": ("equal", "notEqual"),
    "BRANCH_NEQ": ("notEqual", "equal"),
}


@dataclass(frozen=True, slots=True)
class Feature:
    """What a tree asks about.

    Attributes:
        base: the expression whose field is compared.
        rounded: whether the original rounds it to float32 first.
    """

    base: Expr
    rounded: bool


def feature_of(expr: Expr) -> Feature:
    """A tree's feature without the rounding that thresholds can take over."""
    rounded = False
    while expr.op == "cast" and expr.args[0].kind.is_float:
        rounded = rounded or (expr.kind is Kind.FLOAT32 and expr.args[0].kind is Kind.FLOAT64)
        expr = expr.args[0]
    return Feature(expr, rounded)


class Branches:
    """The branching nodes of an ensemble over given features, as predicates; made once for all of its trees.

    Attributes:
        child, rest: the node it leads to, and the one that all other rows go on with.
    """

    def __init__(self, ensemble: TreeEnsemble, features: Sequence[Expr], names: Sequence[str]) -> None:
        """Arrays are looked at through views: a list of a million numbers takes five times their room.

        Args:
            names: of the fields of `features`, as attributes hold them.

        Raises:
            CannotConvert: a comparison without an exact form.
        """
        self.ensemble = ensemble
        self._names = names
        self._split = _splits(ensemble, [feature_of(expr) for expr in features]).data
        self._feature = ensemble.feature.data
        self._mode = ensemble.mode.data
        self._swapped = ensemble.missing_true.data
        self._endless = _endless(ensemble)
        for node in self._endless:
            self._side(node, "")
        yes, no = ensemble.when_true, ensemble.when_false
        if ensemble.missing_true.any():
            yes, no = np.where(ensemble.missing_true, no, yes), np.where(ensemble.missing_true, yes, no)
        self.child, self.rest = yes.data, no.data

    def predicate(self, node: int) -> str:
        """The predicate of the true child; of the false one, where a missing value goes the true way."""
        swapped = self._swapped[node]
        field = self._names[self._feature[node]]
        members = self.ensemble.members.get(node)
        if members is not None:
            return _member(field, members, "isNotIn" if swapped else "isIn")
        if node in self._endless:
            return self._side(node, field)[swapped]
        operator = _OPERATORS[MODES[self._mode[node]]][swapped]
        return f'<SimplePredicate field="{field}" operator="{operator}" value="{number(self._split[node])}"/>'

    def _side(self, node: int, field: str) -> tuple[str, str]:
        """A threshold of infinity: only a missing value tells the sides apart, if any does."""
        mode, above = MODES[int(self.ensemble.mode[node])], self.ensemble.split[node] > 0
        if mode not in ("BRANCH_LEQ", "BRANCH_GT"):
            raise CannotConvert(f"{mode} of infinity has no exact form", where="TreeEnsemble")
        present = bool(above == (mode == "BRANCH_LEQ"))
        if present == bool(self.ensemble.missing_true[node]):
            return ("<True/>", "<False/>") if present else ("<False/>", "<True/>")
        shape = '<SimplePredicate field="{}" operator="{}"/>'
        sides = (shape.format(field, "isNotMissing"), shape.format(field, "isMissing"))
        return sides if present else (sides[1], sides[0])


def _endless(ensemble: TreeEnsemble) -> frozenset[int]:
    """Branching nodes whose threshold is infinite.

    Raises:
        CannotConvert: a threshold that is NaN.
    """
    odd = np.flatnonzero(~np.isfinite(ensemble.split)).tolist()
    found = frozenset(odd) - ensemble.members.keys()
    if any(np.isnan(ensemble.split[node]) for node in found):
        raise CannotConvert("a threshold that is NaN has no exact form", where="TreeEnsemble")
    return found


def _member(field: str, members: tuple[float, ...], operator: str) -> str:
    values = " ".join(number(value) for value in members)
    array = tag("Array", [("n", len(members)), ("type", "real")], values)
    return f'<SimpleSetPredicate field="{field}" booleanOperator="{operator}">{array}</SimpleSetPredicate>'


def _splits(ensemble: TreeEnsemble, features: Sequence[Feature]) -> Array:
    """Thresholds that mean for the unrounded field what the original's mean for the rounded one."""
    splits: Array = np.nan_to_num(np.asarray(ensemble.split, np.float64), posinf=0, neginf=0)
    rounded = np.array([item.rounded for item in features], bool)[ensemble.feature]
    narrow = np.array([item.base.kind is Kind.FLOAT32 for item in features], bool)[ensemble.feature]
    for mode, name in enumerate(MODES):
        here = ensemble.mode == mode
        if not here.any():
            continue
        if name in ("BRANCH_LEQ", "BRANCH_GT"):
            splits[here & rounded] = below(splits[here & rounded])
            splits[here & narrow] = floor32(splits[here & narrow])
        elif name in ("BRANCH_LT", "BRANCH_GTE"):
            splits[here & rounded] = not_below(splits[here & rounded])
            splits[here & narrow] = -floor32(-splits[here & narrow])
        elif (here & rounded).any():
            raise CannotConvert(f"{name} of a number rounded to float32 has no exact form", where="TreeEnsemble")
    return splits


def nodes(branches: Branches, root: int, score: Score) -> str:
    """The root `Node` of a tree; depth first, with a stack of its own, for trees may be deeper than Python's."""
    predicate, child, rest = branches.predicate, branches.child, branches.rest
    written: list[str] = []
    stack: list[tuple[int, str] | None] = [(root, "<True/>")]
    while stack:
        item = stack.pop()
        if item is None:
            written.append("</Node>")
            continue
        node, test = item
        children = []
        while node >= 0:
            children.append((child[node], predicate(node)))
            node = rest[node]
        attributes, inside = score(-1 - node)
        written.append(f"<Node{attributes}>{test}{inside}")
        stack.append(None)
        stack += reversed(children)
    return "".join(written)
