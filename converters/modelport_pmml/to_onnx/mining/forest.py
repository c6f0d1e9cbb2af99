"""Ensembles of trees that all look at the same fields: one `TreeEnsemble` instead of hundreds of models."""

from dataclasses import replace

import numpy as np
from spox import Var

from modelport_onnx.blocks.tree_ensemble import each, reached, total
from modelport_onnx.blocks.trees import Trees, join
from modelport_onnx.lowering import Scope as Lowering
from modelport_onnx.ops import op
from modelport_pmml.reader.elements.mining import Segmentation
from modelport_pmml.reader.elements.predicates import True_
from modelport_pmml.reader.elements.tree import TreeModel
from modelport_pmml.to_onnx import single
from modelport_pmml.to_onnx.mining.panel import Panel
from modelport_pmml.to_onnx.models.tree import check
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.trees import scores
from modelport_pmml.to_onnx.trees.emit import Emitter
from modelport_pmml.to_onnx.trees.features import Features
from modelport_pmml.to_onnx.value import NAN


def is_forest(segmentation: Segmentation, scope: Scope) -> bool:
    """Whether every segment is a bare tree that is always active."""
    model = scope.model
    if any(item.segment_id is not None for item in (model.output.fields if model and model.output else ())):
        return False
    return len(segmentation.segments) > 1 and all(
        isinstance(item.model, TreeModel) and isinstance(item.predicate, True_) and item.variable_weight is None
        and item.model.targets is None and item.model.local_transformations is None
        and (item.model.output is None or not item.model.output.fields)
        and item.model.missing_value_strategy not in ("weightedConfidence", "aggregateNodes")
        and Scope(scope.graph, item.model, scope).transparent
        for item in segmentation.segments
    )  # fmt: skip


class Forest:
    """The trees of a forest, written once, and what their nodes say."""

    def __init__(self, segmentation: Segmentation, scope: Scope) -> None:
        self.features, self.emitters, parts = Features(), [], []
        self.models: list[TreeModel] = []
        for item in segmentation.segments:
            model = item.model
            assert isinstance(model, TreeModel), "a forest has trees"
            check(model)
            emitter = Emitter(model, Scope(scope.graph, model, scope), self.features)
            parts.append(emitter.trees())
            self.emitters.append(emitter)
            self.models.append(model)
        self.parts, self.scope = parts, scope
        self.ends = segmentation.missing_prediction_treatment == "returnMissing"
        self.weights = np.array([item.weight for item in segmentation.segments])
        self.can_fail = any(item.can_fail for item in self.emitters)
        self.can_miss = any(item.can_miss for item in self.emitters)

    @property
    def lowering(self) -> Lowering:
        return Lowering(self.scope.graph.context)

    def leaves(self, tree: int) -> scores.Ints:
        """The positions that the leaves of a tree stand for, in their order."""
        part = self.parts[tree]
        found: scores.Ints = part.value[part.is_leaf, 0].astype(np.int64)
        return found

    @property
    def place(self) -> Var:
        """[N, T], the leaf each tree ends in, counted over all leaves."""
        return reached(self.features.matrix(), join(self.parts), self.lowering)

    def sums(self, tables: list[scores.Floats]) -> Var:
        """The sum over all trees [N, 1]; a leaf without a number makes it NaN."""
        return total(self.features.matrix(), self._filled(tables), self.lowering)

    def running(self, tables: list[scores.Floats]) -> Var:
        """The same in float32, tree after tree."""
        terms = each(self.features.matrix(), self._filled(tables), np.float32, self.lowering)
        return op.cast(single.running(terms), to=np.float64)

    def _filled(self, tables: list[scores.Floats]) -> Trees:
        """All trees, their leaves' values looked up in the tables."""
        return join(
            [_valued(part, np.append(table, [NAN, NAN])) for part, table in zip(self.parts, tables, strict=True)]
        )

    def invalid(self, place: Var, missing: Var | None) -> Var | None:
        """Rows where a tree met an invalid value, [N, 1].

        Args:
            missing: [N, T], trees without an answer. With `returnMissing` no tree after such a one is looked at.
        """
        if not self.can_fail:
            return None
        failed = np.concatenate([self.leaves(i) == item.error for i, item in enumerate(self.emitters)])
        cells = op.gather(op.const(failed.astype(np.int32)), place)
        if self.ends and missing is not None:
            before = op.cumsum(op.cast(missing, to=np.int32), op.const(np.array(1, np.int64)), exclusive=1)
            none = op.const(np.array(0, np.int32))
            cells = op.where(op.greater(before, none), none, cells)
        return op.cast(op.reduce_max(cells, op.const(np.array([1], np.int64)), keepdims=1), to=np.bool_)


def _valued(part: Trees, table: scores.Floats) -> Trees:
    cells = np.where(part.is_leaf, table[part.value[:, 0].astype(np.int64)], 0.0)
    return replace(part, value=cells.reshape(-1, 1), target=np.zeros(1, np.int64))


def numeric_panel(forest: Forest) -> Panel:
    """Of a regression."""
    tables = [scores.numeric(model, model.nodes) for model in forest.models if model.nodes is not None]
    place = forest.place
    listed = [np.append(table, [NAN, NAN])[forest.leaves(i)] for i, table in enumerate(tables)]
    values = op.gather(op.const(np.concatenate(listed)), place)
    missing = op.isnan(values) if any(np.isnan(item).any() for item in listed) else None
    return Panel(
        missing, None, op.const(forest.weights[None, :]), len(tables), values=values,
        invalid=forest.invalid(place, missing), narrow=forest.scope.float_math,
    )  # fmt: skip


def whole_sum(forest: Forest, weighted: bool, skipping: bool) -> tuple[Var, bool] | None:
    """The (weighted) sum of all trees [N, 1], NaN where one has no number, and whether that can be.

    None where a row may be invalid, or trees without a number are skipped.
    """
    if forest.can_fail or (forest.can_miss and skipping):
        return None
    narrow = forest.scope.float_math
    tables = [scores.numeric(model, model.nodes) for model in forest.models if model.nodes is not None]
    tables = [scores.narrowed(table) for table in tables] if narrow else tables
    if weighted:
        weights = scores.narrowed(forest.weights) if narrow else forest.weights
        tables = [table * weight for table, weight in zip(tables, weights, strict=True)]
    return (forest.running(tables) if narrow else forest.sums(tables)), forest.can_miss


def label_panel(forest: Forest, classes: tuple[str, ...]) -> Panel:
    """Of a classification: labels, and probabilities where every tree has them."""
    place = forest.place
    count = len(forest.models)
    at = {word: i for i, word in enumerate(classes)}
    codes, shares = [], []
    for i, model in enumerate(forest.models):
        assert model.nodes is not None, "checked before"
        own = scores.classes(model.nodes)
        found = scores.distribution(model, model.nodes, own)
        label = scores.labels_of(model.nodes, own)
        table = np.array([at[word] for word in own] + [len(classes) + 1], np.int64)[label]
        codes.append(np.append(table, [len(classes) + 1] * 2)[forest.leaves(i)])
        if found is not None:
            wide = np.full((len(model.nodes) + 2, len(classes)), np.nan)
            wide[:-2] = 0.0
            wide[:-2, [at[word] for word in own]] = found[0]
            shares.append(wide[forest.leaves(i)])
    labels = np.concatenate(codes)
    data = op.gather(op.const(labels), place)
    missing = op.equal(data, op.const(np.array(len(classes) + 1, np.int64))) if (labels > len(classes)).any() else None
    probable = op.gather(op.const(np.concatenate(shares)), place, axis=0) if len(shares) == count else None
    return Panel(
        missing, None, op.const(forest.weights[None, :]), count, codes=data, scores=probable,
        invalid=forest.invalid(place, missing), narrow=forest.scope.float_math,
    )  # fmt: skip


def classes_of(forest: Forest) -> tuple[str, ...]:
    """Labels of all trees, as they first occur."""
    found: dict[str, None] = {}
    for model in forest.models:
        assert model.nodes is not None, "checked before"
        found.update(dict.fromkeys(scores.classes(model.nodes)))
    return tuple(found)
