"""Expressions in the vocabulary that PMML has, without changing how anything is rounded.

Every operation is rewritten by one rule of the table: structured nodes become plain arithmetic, functions of a tree
move into its leaves, functions of a choice between constants into its ends.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from modelport.errors import CannotConvert
from modelport_columnar.encoding import Encoding
from modelport_columnar.evaluate import DTYPES, evaluate
from modelport_columnar.expression import Expr, Kind, Pool, reachable, unknown
from modelport_pmml.from_columnar.comparisons import chain
from modelport_pmml.from_columnar.leaf_tree import LeafTree
from modelport_pmml.from_columnar.rules import PICKS, RULES, no_value, softmax_written_out

SPREAD = ("where", "tree", "encode", "constant")
MOST = 1_000_000
"""Expressions of a document, at most."""

DEEP = 300
"""Ends of nested choices that a function is moved into, at most."""


class Simplifier:
    """Rewrites expressions into a pool of its own.

    Attributes:
        strict: inputs whose unknown values the original refuses, with the values it knows.
        undefined: numbers of quotients that the original knows to be NaN at times.
        ranks: columns that were put in order, as far as that was asked for.
    """

    def __init__(self, nullable: Mapping[str, bool]) -> None:
        self.pool = Pool()
        self.nullable = nullable
        self.undefined: set[int] = set()
        self.strict: dict[str, tuple[Any, ...]] = {}
        self.ranks: dict[tuple[tuple[int, ...], bool], list[tuple[Expr, Expr]]] = {}
        self._null: dict[int, bool] = {}

    def __call__(self, roots: Sequence[Expr]) -> list[Expr]:
        """The roots, rewritten.

        Raises:
            CannotConvert: an operation that PMML has no exact form for.
        """
        done: dict[int, Expr] = {}
        for node in reachable(roots):
            args = [done[arg.number] for arg in node.args if arg.kind is not Kind.MANY]
            if node.kind is Kind.MANY:
                continue
            if node.op == "pick":
                whole = node.args[0]
                done[node.number] = self._pick(node, whole, [done[arg.number] for arg in whole.args])
            else:
                done[node.number] = self.rewrite(node, args)
        return [done[root.number] for root in roots]

    def rewrite(self, node: Expr, args: list[Expr]) -> Expr:
        """One operation on rewritten arguments."""
        if args and all(arg.op == "constant" for arg in args):
            return self._fold(node, args)
        rule = RULES.get(node.op)
        if rule is None:
            return self._spread(node, args) or self.make(node.op, args, node.kind, node.data)
        return rule(self, node, args)

    def _pick(self, node: Expr, whole: Expr, args: list[Expr]) -> Expr:
        rule = PICKS.get(whole.op)
        if rule is None:
            raise CannotConvert(f"PMML has no exact form of {whole.op}", where=whole.op)
        return rule(self, node, whole, args)

    def expanded(self, roots: Sequence[Expr]) -> list[Expr]:
        """Rewritten roots with every softmax written out, as `exp(a - max) / sum` (the form onnxruntime computes)."""
        done: dict[int, Expr] = {}
        for node in reachable(roots):
            args = [done[arg.number] for arg in node.args]
            same = all(new is old for new, old in zip(args, node.args, strict=True))
            if node.op == "softmax_of":
                done[node.number] = softmax_written_out(self, node, args)
            else:
                done[node.number] = node if same else self.make(node.op, args, node.kind, node.data)
        return [done[root.number] for root in roots]

    def make(self, op: str, args: Sequence[Expr], kind: Kind, data: Any = None) -> Expr:
        """An expression of this pool.

        Raises:
            CannotConvert: so many of them that the document would be out of proportion to the model.
        """
        if len(self.pool) > MOST:
            raise CannotConvert(f"it takes more than {MOST:,} steps in PMML", where=op)
        return self.pool.make(op, args, kind, data)

    def constant(self, value: Any, kind: Kind) -> Expr:
        dtype = DTYPES[kind]
        return self.pool.constant(np.str_(value) if kind is Kind.TEXT else np.asarray(value, dtype)[()])

    def again(self, op: str, args: Sequence[Expr], kind: Kind, data: Any = None) -> Expr:
        """An operation that the rules see once more."""
        return self.rewrite(Expr(op, tuple(args), kind, data, -1), list(args))

    def _fold(self, node: Expr, args: Sequence[Expr]) -> Expr:
        size = len(node.data) if node.op == "lookup" else len(args) - 1 if node.op == "choose" else None
        if size is not None and not 0 <= args[0].data < size:
            return no_value(self, node)
        pool = Pool()
        inner = [pool.make("constant", (), arg.kind, arg.data) for arg in args]
        value = evaluate([pool.make(node.op, inner, node.kind, node.data)], {"": np.zeros(1)})[0][0]
        return self.constant(value, node.kind)

    def _spread(self, node: Expr, args: Sequence[Expr]) -> Expr | None:
        """The operation, moved into the one argument that is no constant, where that ends in constants."""
        moving = [i for i, arg in enumerate(args) if arg.op != "constant"]
        if len(moving) != 1 or not _ends_in_constants(args[moving[0]]):
            return None
        return self._into(args[moving[0]], node, list(args), moving[0])

    def _into(self, end: Expr, node: Expr, args: list[Expr], place: int) -> Expr:
        if end.op == "constant":
            return self._fold(node, [*args[:place], end, *args[place + 1 :]])
        if end.op == "tree":
            return self.tree(
                end.data.mapped(lambda values: self._mapped(values, end.kind, node, args, place)), end.args, node.kind
            )
        if end.op == "encode":
            return self._into_map(end, node, args, place)
        links, last = chain(end)
        found = self._into(last, node, args, place)
        for link in reversed(links):
            yes = self._into(link.args[1], node, args, place)
            found = self.again("where", (link.args[0], yes, found), node.kind)
        return found

    def _into_map(self, end: Expr, node: Expr, args: list[Expr], place: int) -> Expr:
        """A function of a map from constants to constants is another such map."""
        data = end.data
        if node.op == "lookup" and not 0 <= data.default < len(node.data):
            return self._known_only(end, node)
        held = [self.constant(value, end.kind) for value in (*data.values, data.default)]
        *values, default = [self._fold(node, [*args[:place], value, *args[place + 1 :]]).data for value in held]
        return self.mapping(end.args[0], data.keys, values, default, node.kind)

    def _known_only(self, end: Expr, node: Expr) -> Expr:
        """A map whose default has no place in a table: the original fails there, and so shall the document."""
        arg, data = end.args[0], end.data
        if arg.op != "input" or any(not 0 <= value < len(node.data) for value in data.values):
            raise CannotConvert("values it does not know fail, which PMML can say of inputs only", where="LabelEncoder")
        self.strict[arg.data] = data.keys
        table = node.data.tolist()
        return self.mapping(arg, data.keys, [table[value] for value in data.values], table[data.values[0]], node.kind)

    def mapping(self, arg: Expr, keys: Sequence[Any], values: Sequence[Any], default: Any, kind: Kind) -> Expr:
        """A map, without the keys that change nothing; a choice where one key is left."""
        first = dict(reversed(list(zip(keys, values, strict=True))))
        kept = [(key, value) for key, value in reversed(first.items()) if value != default]
        if not kept:
            return self.constant(default, kind)
        if len(kept) == 1 and kept[0][0] == kept[0][0] and kept[0][0] != "":
            test = self.make("equal", (arg, self.constant(kept[0][0], arg.kind)), Kind.BOOL)
            return self.again("where", (test, self.constant(kept[0][1], kind), self.constant(default, kind)), kind)
        return self.make(
            "encode", (arg,), kind, Encoding(tuple(k for k, _ in kept), tuple(v for _, v in kept), default)
        )

    def _mapped(self, values: Any, kind: Kind, node: Expr, args: list[Expr], place: int) -> Any:
        pool = Pool()
        inner = [pool.make("constant", (), arg.kind, arg.data) for arg in args]
        inner[place] = pool.make("input", (), kind, "leaf")
        return evaluate([pool.make(node.op, inner, node.kind, node.data)], {"leaf": values})[0]

    def tree(self, tree: LeafTree, features: Sequence[Expr], kind: Kind) -> Expr:
        """A tree; a constant where every leaf gives the same."""
        values = tree.values.tolist()
        if all(value == values[0] for value in values):
            return self.constant(values[0], kind)
        return self.make("tree", features, kind, tree)

    def missing(self, expr: Expr) -> bool:
        """Whether an expression may be missing: it uses an input that may be, and no choice stands between."""
        for node in unknown(expr, self._null):
            self._null[node.number] = self._may_be_missing(node)
        return self._null[expr.number]

    def _may_be_missing(self, expr: Expr) -> bool:
        if expr.op == "input":
            return self.nullable.get(expr.data, False)
        if expr.op == "constant":
            return bool(expr.data != expr.data or expr.data == "")
        if expr.op in ("tree", "machine", "isnan", "encode", *_TRUTHS):
            return False
        return any(self._null[arg.number] for arg in (expr.args[1:] if expr.op == "where" else expr.args))


_TRUTHS = ("equal", "less", "less_equal", "greater", "greater_equal", "and", "or", "not", "xor", "isinf")
"""False, never missing, where an argument is missing."""


def _ends_in_constants(expr: Expr) -> bool:
    count, stack = 0, [expr]
    while stack:
        item = stack.pop()
        count += 1
        if item.op == "where":
            stack += item.args[1:]
        elif item.op not in SPREAD or count > DEEP:
            return False
    return True
