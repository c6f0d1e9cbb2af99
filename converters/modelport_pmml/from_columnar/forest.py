"""Trees and sums of trees as models: one tree a TreeModel, several a MiningModel.

What can be refused is refused at once; the text of a tree is made when the document is written, and not kept.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from modelport.signature import Category
from modelport_columnar.expression import Expr, Kind
from modelport_pmml.from_columnar.draft import Draft
from modelport_pmml.from_columnar.elements import inner_schema, value_text
from modelport_pmml.from_columnar.markup import Piece, attribute, number, tag
from modelport_pmml.from_columnar.support_vector import machine_model
from modelport_pmml.from_columnar.tree_model import Branches, Score, feature_of, nodes


def trees_of(expr: Expr) -> list[Expr]:
    """The trees of a sum, or the one tree."""
    return list(expr.args) if expr.op == "forest" else [expr]


def features(expr: Expr) -> list[Expr]:
    """What trees (or a kernel machine) ask about, each once: their fields must have names."""
    if expr.op == "machine":
        return list(dict.fromkeys(expr.args))
    found: dict[int, Expr] = {}
    for tree in trees_of(expr):
        for i in tree.data.ensemble.walk(tree.data.root).features:
            base = feature_of(tree.args[i]).base
            found[base.number] = base
    return list(found.values())


class TreeWriter:
    """Writes tree models; predicates of an ensemble are prepared once for all of its trees that follow one another."""

    def __init__(self, made: Draft) -> None:
        self.made = made
        self._last: tuple[object, Branches] | None = None

    def _names(self, tree: Expr) -> tuple[str, ...]:
        """Names of the fields that a tree asks about, as they are now."""
        names = self.made.write.names
        return tuple(attribute(names.get(feature_of(expr).base.number, "")) for expr in tree.args)

    def _branches(self, tree: Expr, names: tuple[str, ...]) -> Branches:
        key = (id(tree.data.ensemble), tuple(arg.number for arg in tree.args), names)
        if self._last is None or self._last[0] != key:
            self._last = (key, Branches(tree.data.ensemble, tree.args, names))
        return self._last[1]

    def model(
        self, tree: Expr, function: str, score: Callable[[], Score], schema: str, extra: str = "", inside: str = ""
    ) -> Piece:
        """One `TreeModel`; `inside` stands between its mining schema and its nodes.

        Raises:
            CannotConvert: a comparison without an exact form.
        """
        strategy = 'noTrueChildStrategy="returnLastPrediction"'
        head = f'<TreeModel functionName="{function}" {strategy}{extra}>{schema}{inside}'
        names = self._names(tree)
        self._branches(tree, names)
        return partial(self._written, tree, names, score, head)

    def _written(self, tree: Expr, names: tuple[str, ...], score: Callable[[], Score], head: str) -> str:
        return f"{head}{nodes(self._branches(tree, names), tree.data.root, score())}</TreeModel>"

    def regression(self, tree: Expr, schema: str, inside: str = "") -> Piece:
        """A tree that gives numbers.

        Raises:
            CannotConvert: a number that is none.
        """
        values = np.asarray(tree.data.values, np.float64)
        for value in values[~np.isfinite(values)][:1].tolist():
            number(value)
        return self.model(tree, "regression", partial(_numbers, tree), schema, math_context(tree), inside)

    def total(self, expr: Expr, schema: str, inside: str = "", method: str = "sum") -> list[Piece]:
        """A sum (or an average) of trees, a single tree, or a kernel machine."""
        if expr.op == "machine":
            return machine_model(expr.data, [self.made.write.names[arg.number] for arg in expr.args], schema + inside)
        trees = trees_of(expr)
        if len(trees) == 1 and method == "sum":
            return [self.regression(trees[0], schema, inside)]
        inner = self.schema(expr)
        segments = (segment(i, [self.regression(tree, inner)]) for i, tree in enumerate(trees, 1))
        return mining_model("regression", schema + inside, method, segments, math_context(expr))

    def schema(self, expr: Expr) -> str:
        """The mining schema of every tree of a sum."""
        return inner_schema(self.made.used(features(expr)))


def math_context(expr: Expr) -> str:
    """Sums in float32 are told to JPMML, which knows how; others sum in float64."""
    return ' x-mathContext="float"' if expr.kind is Kind.FLOAT32 else ""


def _numbers(tree: Expr) -> Score:
    values = tree.data.by_leaf()

    def score(leaf: int) -> tuple[str, str]:
        return f' score="{number(values[leaf])}"', ""

    return score


def segment(number_: int, model: Iterable[Piece]) -> list[Piece]:
    return [f'<Segment id="{number_}"><True/>', *model, "</Segment>"]


def mining_model(
    function: str, head: str, method: str, segments: Iterable[Iterable[Piece]], extra: str = ""
) -> list[Piece]:
    """A `MiningModel`; `head` is everything before its segmentation."""
    opened = f'<MiningModel functionName="{function}"{extra}>{head}<Segmentation multipleModelMethod="{method}">'
    return [opened, *(piece for item in segments for piece in item), "</Segmentation></MiningModel>"]


def distribution(classes: Sequence[Category], shares: Sequence[float]) -> str:
    """The `ScoreDistribution` elements of a leaf, classes without a share too: PMML4S gives nothing for them else."""
    named = zip((attribute(value_text(label)) for label in classes), shares, strict=True)
    return "".join(f'<ScoreDistribution value="{name}" recordCount="{number(share)}"/>' for name, share in named)


def targets(name: str, offset: float) -> str:
    """What is added to a sum of trees."""
    return tag("Targets", (), tag("Target", [("field", name), ("rescaleConstant", number(offset))]))
