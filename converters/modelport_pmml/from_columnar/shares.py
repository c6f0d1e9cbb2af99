"""Classification trees: leaves that hold each class's share, in one tree or averaged over a forest."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from modelport.signature import Category, Task
from modelport_columnar.expression import Expr, Kind
from modelport_pmml.from_columnar.draft import Draft
from modelport_pmml.from_columnar.elements import inner_schema, local_fields, output_field, value_text
from modelport_pmml.from_columnar.forest import TreeWriter, distribution, features, mining_model, segment, trees_of
from modelport_pmml.from_columnar.markup import Piece, attribute, tag
from modelport_pmml.from_columnar.scores import same
from modelport_pmml.from_columnar.tree_model import Score
from modelport_pmml.types import pmml_type

KNOWN = 10_000
"""Distributions whose text is kept, at most."""


def shares_model(made: Draft) -> list[Piece] | None:
    """The model, where the probabilities are shares in leaves or their averages; else None."""
    if made.signature.task is not Task.CLASSIFICATION or len(made.signature.classes) < 2:
        return None
    found = [averaged(made, expr) for _, expr in made.named("probability(")]
    columns = [item for item in found if item is not None]
    if not columns or len(columns) != len(found) or not _alike(columns):
        return None
    if not _are_shares(columns):
        return None
    made.fields([], [field for tree in columns[0] for field in features(tree)])
    return _one(made, columns) if len(columns[0]) == 1 else _forest(made, columns)


def averaged(made: Draft, expr: Expr) -> list[Expr] | None:
    """The trees whose average an expression is: `forest / T`, or `(T - forest) / T` for the rest to 1 of each."""
    if expr.op == "tree":
        return [expr]
    if expr.op != "div" or expr.args[1].op != "constant" or expr.kind is not Kind.FLOAT64:
        return None
    total, count = expr.args[0], expr.args[1].data
    if total.op == "forest":
        return trees_of(total) if len(total.args) == count else None
    if total.op != "sub" or total.args[0].op != "constant" or total.args[1].op != "forest":
        return None
    trees = trees_of(total.args[1])
    if total.args[0].data != count or len(trees) != count:
        return None
    rest = [made.simplifier.tree(tree.data.mapped(lambda values: 1 - values), tree.args, tree.kind) for tree in trees]
    return rest if all(tree.op == "tree" for tree in rest) else None


def _alike(columns: Sequence[Sequence[Expr]]) -> bool:
    first = columns[0]
    return all(len(trees) == len(first) and all(map(_same_shape, trees, first)) for trees in columns)


def _same_shape(left: Expr, right: Expr) -> bool:
    return left.data.shape == right.data.shape and same(left.args, right.args)


def _are_shares(columns: Sequence[Sequence[Expr]]) -> bool:
    """Whether every leaf's values are shares: evaluators divide them by their sum, which must not change them."""
    for trees in zip(*columns, strict=True):
        values = np.stack([np.asarray(tree.data.values, np.float64) for tree in trees])
        if (values < 0).any() or np.abs(values.sum(axis=0) - 1).max() > 1e-12:
            return False
    return True


def _leaf_shares(trees: Sequence[Expr]) -> dict[int, tuple[float, ...]]:
    columns = [tree.data.values.tolist() for tree in trees]
    return dict(zip(trees[0].data.leaves.tolist(), zip(*columns, strict=True), strict=True))


def _probabilities(made: Draft) -> list[str]:
    return [
        output_field(column.name, "double", "probability", value=value_text(value))
        for (column, _), value in zip(made.named("probability("), made.signature.classes, strict=True)
    ]


def _one(made: Draft, columns: Sequence[Sequence[Expr]]) -> list[Piece] | None:
    trees = [trees[0] for trees in columns]
    label = made.output("label")
    if label is None or label.op != "tree" or label.data.shape != trees[0].data.shape:
        return None
    names, shares = label.data.by_leaf(), _leaf_shares(trees)

    def score(leaf: int) -> tuple[str, str]:
        text = attribute(value_text(names[leaf]))
        return f' score="{text}"', distribution(made.signature.classes, shares[leaf])

    kind = pmml_type(made.named("label")[0][0].type)
    output = tag("Output", (), [output_field("label", kind, "predictedValue"), *_probabilities(made)])
    schema = made.schema()
    common = local_fields(made.dictionary)
    return [TreeWriter(made).model(trees[0], "classification", lambda: score, schema, inside=output + common)]


def _forest(made: Draft, columns: Sequence[Sequence[Expr]]) -> list[Piece]:
    writer, segments = TreeWriter(made), []
    known: dict[tuple[float, ...], tuple[str, str]] = {}
    for i, trees in enumerate(zip(*columns, strict=True), 1):
        score = partial(_score, made.signature.classes, trees, known)
        schema = inner_schema(made.used(features(trees[0])), made.target)
        segments.append(segment(i, [writer.model(trees[0], "classification", score, schema)]))
    head = made.schema() + tag("Output", (), label_of_shares(made))
    head += local_fields(made.dictionary)
    return mining_model("classification", head, "average", segments)


def _score(
    classes: Sequence[Category], trees: Sequence[Expr], known: dict[tuple[float, ...], tuple[str, str]]
) -> Score:
    shares = _leaf_shares(trees)
    return lambda leaf: _written(classes, shares[leaf], known)


def _written(
    classes: Sequence[Category], shares: tuple[float, ...], known: dict[tuple[float, ...], tuple[str, str]]
) -> tuple[str, str]:
    """The score and the distribution of a leaf; most leaves of a forest are alike."""
    if shares not in known:
        if len(known) >= KNOWN:
            known.clear()
        best = value_text(classes[shares.index(max(shares))])
        known[shares] = f' score="{attribute(best)}"', distribution(classes, shares)
    return known[shares]


def label_of_shares(made: Draft) -> list[str]:
    """Output fields of a classifier: the label is computed from the probabilities, so that ties are decided as the
    original does."""
    for column, expr in made.named("probability("):
        made.write.names[expr.number] = column.name
    (column, label), *_ = made.named("label")
    kind = pmml_type(column.type)
    return [*_probabilities(made), output_field("label", kind, "transformedValue", written=made.write(label))]
