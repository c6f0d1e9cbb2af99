"""The rules of the simplifier: one an operation, in a literal table.

A rule takes the simplifier, the operation as it was, and its arguments, rewritten already.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from modelport.errors import CannotConvert
from modelport_columnar.evaluate import DTYPES
from modelport_columnar.expression import Expr, Kind, reachable
from modelport_pmml.from_columnar.comparisons import chain, compare
from modelport_pmml.from_columnar.leaf_tree import trees_of
from modelport_pmml.from_columnar.ranks import position_of, ranked
from modelport_pmml.from_columnar.words import counted

if TYPE_CHECKING:
    from modelport_pmml.from_columnar.simplify import Simplifier

TABLE = 1024
"""Entries of a table at a computed position, at most: each is a choice of its own."""

Rule = Callable[["Simplifier", Expr, list[Expr]], Expr]


def _input(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    return s.make("input", (), node.kind, node.data)


def _constant(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    return s.make("constant", (), node.kind, node.data)


def _reciprocal(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    return s.again("div", (s.constant(1, node.kind), args[0]), node.kind)


def _neg(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    if args[0].op == "neg":
        return args[0].args[0]
    return s._spread(node, args) or s.make("neg", args, node.kind)


def _sigmoid(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    kind, one = node.kind, s.constant(1, node.kind)
    power = s.again("exp", (s.again("neg", args, kind),), kind)
    return s.again("div", (one, s.again("add", (one, power), kind)), kind)


def _sign(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    zero, one, less = (s.constant(value, node.kind) for value in (0, 1, -1))
    below = s.again("where", (s.again("less", (args[0], zero), Kind.BOOL), less, args[0]), node.kind)
    return s.again("where", (s.again("greater", (args[0], zero), Kind.BOOL), one, below), node.kind)


def _where(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    condition, yes, no = args
    if condition.op == "constant":
        return yes if condition.data else no
    if yes is no:
        return yes
    if condition.op == "not":
        return s.again("where", (condition.args[0], no, yes), node.kind)
    if node.kind is Kind.BOOL and yes.op == no.op == "constant":
        return condition if yes.data else s.again("not", (condition,), Kind.BOOL)
    return _chained(s, condition, yes, no, node.kind) or s.make("where", args, node.kind)


def _chained(s: "Simplifier", condition: Expr, yes: Expr, no: Expr, kind: Kind) -> Expr | None:
    """Choices by the value of one text, each ending in a constant, as a map."""
    if condition.op != "equal" or condition.args[1].op != "constant" or condition.args[0].kind is not Kind.TEXT:
        return None
    arg, key = condition.args
    if yes.op != "constant":
        return None
    if no.op == "encode" and no.args[0] is arg:
        return s.mapping(arg, (key.data, *no.data.keys), (yes.data, *no.data.values), no.data.default, kind)
    if no.op == "where" and no.args[0].op == "equal" and no.args[0].args[0] is arg:
        inner, then, other = no.args
        if inner.args[1].op == then.op == other.op == "constant":
            keys, values = (key.data, inner.args[1].data), (yes.data, then.data)
            return s.mapping(arg, keys, values, other.data, kind)
    return None


def _isnan(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    if not s.missing(args[0]):
        if args[0].op == "div" and not any(s.missing(arg) or _makes_nan(arg) for arg in args[0].args):
            return _zero_by_zero(s, args[0])
        if _makes_nan(args[0]):
            raise CannotConvert("PMML cannot ask whether a computed number is NaN", where="IsNaN")
        return s.constant(False, Kind.BOOL)
    return s.make("isnan", args, Kind.BOOL)


def _zero_by_zero(s: "Simplifier", quotient: Expr) -> Expr:
    """A quotient of finite numbers is NaN where both are 0; evaluators give it no result, so they are asked first."""
    s.undefined.add(quotient.number)
    zeros = [s.again("equal", (arg, s.constant(0, arg.kind)), Kind.BOOL) for arg in quotient.args[::-1]]
    return s.again("and", zeros, Kind.BOOL)


def _makes_nan(expr: Expr) -> bool:
    return any(node.op in ("div", "log", "sqrt", "pow", "asin", "acos", "mod") for node in reachable([expr]))


def _cast(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    arg = args[0]
    if arg.kind is node.kind:
        return arg
    if arg.kind is Kind.BOOL:
        yes, no = s.constant(1, node.kind), s.constant(0, node.kind)
        return s.again("where", (arg, yes, no), node.kind)
    if node.kind is Kind.BOOL:
        return s.again("not", (s.again("equal", (arg, s.constant(0, arg.kind)), Kind.BOOL),), Kind.BOOL)
    if arg.op == "cast" and arg.kind is Kind.FLOAT64 and arg.args[0].kind is node.kind:
        return arg.args[0]
    return s._spread(node, args) or s.make("cast", args, node.kind)


SHORT = 8
"""Columns up to which the position of the greatest is found by comparing each with the best so far."""


def _arg_extreme(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    """The first best so far, or the next if it is better: exact, ties included."""
    join = {"argmax": "maximum", "argmin": "minimum"}[node.op]
    if len(args) > SHORT:
        return position_of(s, args, s.again(join, args, args[0].kind), node.data == "last")
    better = {"argmax": "greater", "argmin": "less"}[node.op] + ("_equal" if node.data == "last" else "")
    index, best = s.constant(0, Kind.INT64), args[0]
    for i, arg in enumerate(args[1:], 1):
        wins = s.again(better, (arg, best), Kind.BOOL)
        index = s.again("where", (wins, s.constant(i, Kind.INT64), index), Kind.INT64)
        if i + 1 < len(args):
            best = s.again(join, args[: i + 1], arg.kind)
    return index


def _lookup(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    spread = s._spread(node, args)
    if spread is not None:
        return spread
    table = np.asarray(node.data)
    if len(table) > TABLE:
        return _periodic(s, args[0], table, node.kind)
    options = [s.constant(value, node.kind) for value in np.asarray(node.data).tolist()]
    found: Expr = s.again("choose", (args[0], *options), node.kind)
    return found


def _periodic(s: "Simplifier", index: Expr, table: Any, kind: Kind) -> Expr:
    """A long table that doubles every so many entries (as those of exponentials do): a short one times a power of 2.

    Exact: dividing by a power of 2 is, and so is Java's `pow` where both numbers are whole and the result is a number.
    """
    period = next((2**k for k in range(9) if np.array_equal(table[2**k :], table[: -(2**k)] * 2)), None)
    if period is None or kind is not Kind.FLOAT64:
        raise CannotConvert(f"a table of {len(table)} numbers at a computed position is too large", where="Gather")
    size, place = s.constant(period, kind), s.again("cast", (index,), kind)
    times = s.again("floor", (s.again("div", (place, size), kind),), kind)
    rest = s.again("sub", (place, s.again("mul", (times, size), kind)), kind)
    entry = s.again("choose", (rest, *(s.constant(value, kind) for value in table[:period].tolist())), kind)
    return s.again("mul", (entry, s.again("pow", (s.constant(2, kind), times), kind)), kind)


def _choose(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    index, options = args[0], args[1:]
    if index.op == "where":
        links, last = chain(index)
        found = _entry(s, node, last, options)
        for link in reversed(links):
            yes = _entry(s, node, link.args[1], options)
            found = s.again("where", (link.args[0], yes, found), node.kind)
        return found
    if index.op == "constant":
        return _entry(s, node, index, options)
    found = options[-1]
    for i in range(len(options) - 2, -1, -1):
        here = s.again("equal", (index, s.constant(i, index.kind)), Kind.BOOL)
        found = s.again("where", (here, options[i], found), node.kind)
    return found


def _entry(s: "Simplifier", node: Expr, index: Expr, options: list[Expr]) -> Expr:
    if index.op != "constant":
        return s.again("choose", (index, *options), node.kind)
    return options[int(index.data)] if 0 <= index.data < len(options) else no_value(s, node)


def no_value(s: "Simplifier", node: Expr) -> Expr:
    """What has no place in a table: the original fails on such rows, and the document gives no result."""
    if node.kind is not Kind.FLOAT64:
        raise CannotConvert("a position outside of a table has no form in PMML", where="Gather")
    return s.constant(float("nan"), Kind.FLOAT64)


def _xor(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    left, right = args
    opposite = s.again("not", (right,), Kind.BOOL)
    return s.again("where", (left, opposite, right), Kind.BOOL)


def _not(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    return args[0].args[0] if args[0].op == "not" else s.make("not", args, Kind.BOOL)


def _isinf(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    greatest = float(np.finfo(DTYPES[args[0].kind]).max)
    negative, positive = node.data
    tests = [s.again("less", (args[0], s.constant(-greatest, args[0].kind)), Kind.BOOL)] if negative else []
    if positive:
        tests.append(s.again("greater", (args[0], s.constant(greatest, args[0].kind)), Kind.BOOL))
    return s.again("or", tests, Kind.BOOL) if len(tests) == 2 else tests[0]


def _encode(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    data = node.data
    return s._spread(node, args) or s.mapping(args[0], data.keys, data.values, data.default, node.kind)


def _equal(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    left, right = args
    if left.op == "constant":
        left, right = right, left
    if left.kind is Kind.BOOL and right.op == "constant":
        return left if right.data else s.again("not", (left,), Kind.BOOL)
    return compare(s, node, [left, right])


def _sum(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    """Sums of trees become one sum, in the order in which they are added."""
    terms = [term for arg in args for term in (arg.args if arg.op == "forest" else (arg,))]
    if terms and all(term.op == "tree" for term in terms):
        return s.make("forest", terms, node.kind)
    spread = s._spread(node, args)
    return spread or s.make("add" if len(args) == 2 else "sum", args, node.kind)


def _rounds(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    """Arithmetic with a constant that changes nothing is left out."""
    left, right = args
    neutral = {"add": 0, "sub": 0, "mul": 1, "div": 1}[node.op]
    if right.op == "constant" and right.data == neutral:
        return left
    if node.op in ("add", "mul") and left.op == "constant" and left.data == neutral:
        return right
    if node.op == "add":
        return _sum(s, node, args)
    return s._spread(node, args) or s.make(node.op, args, node.kind)


def _linear(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    """Terms of coefficient zero go: what could make them matter, infinity, the originals refuse."""
    kept = [(arg, c) for arg, c in zip(args, np.asarray(node.data).tolist(), strict=True) if c != 0 or s.missing(arg)]
    if not kept:
        return s.constant(0, node.kind)
    terms = [_scaled(s, arg, c, node.kind) for arg, c in kept]
    if all(term.op in ("tree", "constant") for term in terms):
        return terms[0] if len(terms) == 1 else s.again("sum", terms, node.kind)
    coefficients = np.array([c for _, c in kept], DTYPES[node.kind])
    return s.make("linear", [arg for arg, _ in kept], node.kind, coefficients)


def _scaled(s: "Simplifier", arg: Expr, coefficient: float, kind: Kind) -> Expr:
    return s.again("mul", (arg, s.constant(coefficient, kind)), kind) if arg.op in ("tree", "constant") else arg


RULES: Mapping[str, Rule] = {
    "input": _input,
    "constant": _constant,
    "reciprocal": _reciprocal,
    "neg": _neg,
    "sigmoid": _sigmoid,
    "sign": _sign,
    "where": _where,
    "isnan": _isnan,
    "isinf": _isinf,
    "cast": _cast,
    "argmax": _arg_extreme,
    "argmin": _arg_extreme,
    "lookup": _lookup,
    "choose": _choose,
    "encode": _encode,
    "equal": _equal,
    "less": compare,
    "less_equal": compare,
    "greater": compare,
    "greater_equal": compare,
    "xor": _xor,
    "not": _not,
    "sum": _sum,
    "add": _rounds,
    "sub": _rounds,
    "mul": _rounds,
    "div": _rounds,
    "linear": _linear,
}


# Results of structured nodes ----------------------------------------------------------------------


def _softmax(s: "Simplifier", node: Expr, whole: Expr, args: list[Expr]) -> Expr:
    return s.make("softmax_of", args, node.kind, node.data)


def softmax_written_out(s: "Simplifier", node: Expr, args: list[Expr]) -> Expr:
    kind = node.kind
    greatest = s.again("maximum", args, kind) if len(args) > 1 else args[0]
    powers = [s.again("exp", (s.again("sub", (arg, greatest), kind),), kind) for arg in args]
    return s.again("div", (powers[node.data], s.again("sum", powers, kind)), kind)


def _log_softmax(s: "Simplifier", node: Expr, whole: Expr, args: list[Expr]) -> Expr:
    return s.again("log", (s.again("softmax_of", args, node.kind, node.data),), node.kind)


def _trees(s: "Simplifier", node: Expr, whole: Expr, args: list[Expr]) -> Expr:
    ensemble = whole.data
    if ensemble.aggregate not in ("SUM", "AVERAGE"):
        raise CannotConvert(f"PMML has no exact form of trees whose results are joined by {ensemble.aggregate}")
    terms = [s.tree(tree, args, node.kind) for tree in trees_of(ensemble, node.data)]
    if not terms:
        return s.constant(0, node.kind)
    total = terms[0] if len(terms) == 1 else s.again("sum", terms, node.kind)
    if ensemble.aggregate == "AVERAGE":
        return s.again("div", (total, s.constant(len(ensemble.roots), node.kind)), node.kind)
    return total


def _top(s: "Simplifier", node: Expr, whole: Expr, args: list[Expr]) -> Expr:
    k, largest = int(whole.data[0]), bool(whole.data[1])
    place = int(node.data)
    if k == 1 and place == 1:
        first: Expr = s.again("argmax" if largest else "argmin", args, Kind.INT64, "first")
        return first
    return ranked(s, args, k, largest)[place % k][place // k]


PICKS: Mapping[str, Callable[["Simplifier", Expr, Expr, list[Expr]], Expr]] = {
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "trees": _trees,
    "top_k": _top,
    "tokens": counted,
}
