"""Trees and sums of trees as models: one tree a TreeModel, several a MiningModel."""

from collections.abc import Sequence

from modelport.signature import Category
from modelport_columnar.expression import Expr, Kind
from modelport_pmml.from_columnar.draft import Draft
from modelport_pmml.from_columnar.elements import inner_schema, value_text
from modelport_pmml.from_columnar.markup import attribute, number, tag
from modelport_pmml.from_columnar.tree_model import Branches, Score, feature_of, nodes


def trees_of(expr: Expr) -> list[Expr]:
    """The trees of a sum, or the one tree."""
    return list(expr.args) if expr.op == "forest" else [expr]


def features(expr: Expr) -> list[Expr]:
    """What the trees ask about, each once: their fields must have names."""
    found: dict[int, Expr] = {}
    for tree in trees_of(expr):
        for i in tree.data.ensemble.walk(tree.data.root).features:
            base = feature_of(tree.args[i]).base
            found[base.number] = base
    return list(found.values())


class TreeWriter:
    """Writes tree models; predicates of an ensemble are prepared once."""

    def __init__(self, made: Draft) -> None:
        self.made = made
        self._branches: dict[tuple[int, tuple[int, ...]], Branches] = {}

    def _of(self, tree: Expr) -> Branches:
        key = (id(tree.data.ensemble), tuple(arg.number for arg in tree.args))
        if key not in self._branches:
            self._branches[key] = Branches(tree.data.ensemble, tree.args, self.made.write.names)
        return self._branches[key]

    def model(self, tree: Expr, function: str, score: Score, schema: str, extra: str = "", inside: str = "") -> str:
        """One `TreeModel`; `inside` stands between its mining schema and its nodes."""
        strategy = 'noTrueChildStrategy="returnLastPrediction"'
        body = nodes(self._of(tree), tree.data.root, score)
        return f'<TreeModel functionName="{function}" {strategy}{extra}>{schema}{inside}{body}</TreeModel>'

    def regression(self, tree: Expr, schema: str, inside: str = "") -> str:
        """A tree that gives numbers."""
        values = tree.data.by_leaf()

        def score(leaf: int) -> tuple[str, str]:
            return f' score="{number(values[leaf])}"', ""

        return self.model(tree, "regression", score, schema, math_context(tree), inside)

    def total(self, expr: Expr, schema: str, inside: str = "", method: str = "sum") -> str:
        """A sum (or an average) of trees, or a single tree."""
        trees = trees_of(expr)
        if len(trees) == 1 and method == "sum":
            return self.regression(trees[0], schema, inside)
        inner = self.schema(expr)
        segments = [segment(i, self.regression(tree, inner)) for i, tree in enumerate(trees, 1)]
        return mining_model("regression", schema + inside, method, segments, math_context(expr))

    def schema(self, expr: Expr) -> str:
        """The mining schema of every tree of a sum."""
        return inner_schema(self.made.used(features(expr)))


def math_context(expr: Expr) -> str:
    """Sums in float32 are told to JPMML, which knows how; others sum in float64."""
    return ' x-mathContext="float"' if expr.kind is Kind.FLOAT32 else ""


def segment(number_: int, model: str) -> str:
    return f'<Segment id="{number_}"><True/>{model}</Segment>'


def mining_model(function: str, head: str, method: str, segments: Sequence[str], extra: str = "") -> str:
    """A `MiningModel`; `head` is everything before its segmentation."""
    inside = f'<Segmentation multipleModelMethod="{method}">{"".join(segments)}</Segmentation>'
    return f'<MiningModel functionName="{function}"{extra}>{head}{inside}</MiningModel>'


def distribution(classes: Sequence[Category], shares: Sequence[float]) -> str:
    """The `ScoreDistribution` elements of a leaf, classes without a share too: PMML4S gives nothing for them else."""
    named = zip((attribute(value_text(label)) for label in classes), shares, strict=True)
    return "".join(f'<ScoreDistribution value="{name}" recordCount="{number(share)}"/>' for name, share in named)


def targets(name: str, offset: float) -> str:
    """What is added to a sum of trees."""
    return tag("Targets", (), tag("Target", [("field", name), ("rescaleConstant", number(offset))]))
