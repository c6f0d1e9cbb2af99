"""One tree as flat nodes: children are tried in order, and what happens to unknown ones is written out as branches.

https://dmg.org/pmml/v4-4-1/TreeModel.html#xsdType_MISSING-VALUE-STRATEGY
"""

from array import array
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from modelport_onnx.blocks.trees import EQ, LEQ, LT, Trees, binary_tree
from modelport_pmml.reader.elements.predicates import OPERATORS, SimplePredicate
from modelport_pmml.reader.elements.tree import TreeModel
from modelport_pmml.reader.nodes import FALSE, OTHER, SIMPLE, TRUE, Nodes
from modelport_pmml.to_onnx.literal import parse
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.trees.features import Column, Features

_COMPLEMENT = {"lessThan": "greaterOrEqual", "lessOrEqual": "greaterThan", "greaterThan": "lessOrEqual",
               "greaterOrEqual": "lessThan", "equal": "notEqual", "notEqual": "equal",
               "isMissing": "isNotMissing", "isNotMissing": "isMissing"}  # fmt: skip
_MODE = {"lessThan": (LT, False), "lessOrEqual": (LEQ, False), "greaterThan": (LEQ, True),
         "greaterOrEqual": (LT, True), "equal": (EQ, False), "notEqual": (EQ, True)}  # fmt: skip
_NO_KEYS: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison of one column.

    Attributes:
        flipped: the predicate holds where the comparison does not.
        presence: the predicate is isMissing (flipped) or isNotMissing, which are never unknown.
    """

    column: Column
    mode: int
    threshold: float
    flipped: bool
    nullable: bool
    presence: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something still to be written: the children of `node` from `child` on, or (child -1) the node itself.

    Attributes:
        known: columns of this key are not unknown here.
        flowing: rows where that key is unknown come along, on their way to the default child.
        checked: positions of the invalid flags that were looked at on the way here.
    """

    node: int
    child: int = -1
    known: object = None
    flowing: bool = False
    checked: frozenset[int] = _NO_KEYS


@dataclass(frozen=True, slots=True)
class End:
    """A leaf: the position of a node, or `null` or `error`."""

    leaf: int


class Emitter:
    """Writes one tree. Leaves hold positions of the document's nodes; M is no result, M + 1 an invalid one."""

    def __init__(self, model: TreeModel, scope: Scope, features: Features) -> None:
        assert model.nodes is not None, "a tree has a root"
        self.model, self.scope, self.features, self.nodes = model, scope, features, model.nodes
        self.null, self.error = len(self.nodes), len(self.nodes) + 1
        self.strings = self.nodes.strings
        self.fields: dict[int, tuple[Column, str] | None] = {}
        self.numbers: dict[tuple[int, str], float] = {}
        self.feature, self.true, self.false = array("q"), array("q"), array("q")
        self.threshold, self.leaf = array("d"), array("q")
        self.mode, self.missing = array("b"), array("b")
        self.budget = 8 * len(self.nodes) + 4096
        self.can_fail = False
        self.can_miss = False

    def trees(self) -> Trees:
        """The tree, its leaves' values the positions they stand for."""
        from modelport_pmml.to_onnx.trees.regular import regular

        found = regular(self)
        return self.written() if found is None else found

    def written(self) -> Trees:
        """The tree, written node by node."""
        root = self.nodes
        first: Step | End = Step(0)
        if root.kind[0] != TRUE:
            first = Step(-1, 0)
        work: list[tuple[Step | End, int, bool]] = [(first, -1, False)]
        while work:
            step, parent, branch = work.pop()
            at = self._write(step, work)
            if parent >= 0:
                (self.true if branch else self.false)[parent] = at
        return binary_tree(
            np.asarray(self.feature), np.asarray(self.threshold), np.asarray(self.true), np.asarray(self.false),
            np.asarray(self.leaf), missing_true=np.asarray(self.missing, np.bool_),
            mode=np.asarray(self.mode, np.uint8),
        )  # fmt: skip

    def _write(self, step: Step | End, work: list[tuple[Step | End, int, bool]]) -> int:
        """The node a step begins with; what follows is put on `work`."""
        while True:
            if isinstance(step, End):
                return self._leaf(step.leaf)
            children = self._of(step.node)
            if step.child < 0:
                if not children:
                    return self._leaf(step.node)
                step = Step(step.node, 0, None, False, step.checked)
            elif step.child >= len(children):
                return self._leaf(self._no_true_child(step.node))
            else:
                child = children[step.child]
                kind = self.nodes.kind[child]
                if kind == TRUE:
                    step = Step(child, -1, None, False, step.checked)
                elif kind == FALSE:
                    step = Step(step.node, step.child + 1, step.known, step.flowing, step.checked)
                else:
                    return self._test(step, child, children, work)

    def _of(self, node: int) -> list[int]:
        """Children; those of the imaginary parent (-1) are the root, whose predicate is tried like any."""
        return [0] if node < 0 else self.children[node]

    @cached_property
    def children(self) -> list[list[int]]:
        """Each node's children, in document order."""
        return _children(self.nodes)

    def _new(self, feature: int, threshold: float, mode: int, missing: bool) -> int:
        self.budget -= 1
        if self.budget < 0:
            raise self.model.refuse(
                "the tree's missing values lead to so many repeated branches that it would grow beyond measure",
                "use one missingValueStrategy other than defaultChild, or splits of two children",
            )
        self.feature.append(feature)
        self.threshold.append(threshold)
        self.mode.append(mode)
        self.missing.append(missing)
        self.true.append(-1)
        self.false.append(-1)
        self.leaf.append(0)
        return len(self.feature) - 1

    def _leaf(self, value: int) -> int:
        """Scoring cannot end in a node without a score (specification, and JPMML 1.7): such a row is invalid."""
        if value < self.null and self.nodes.score[value] < 0:
            value = self.error
        at = self._new(0, 0.0, LEQ, False)
        self.leaf[at] = value
        self.can_fail |= value == self.error
        self.can_miss |= value == self.null
        return at

    def _no_true_child(self, node: int) -> int:
        last = self.model.no_true_child_strategy == "returnLastPrediction"
        return node if last and node >= 0 and self.nodes.score[node] >= 0 else self.null

    def _test(self, step: Step, child: int, children: list[int], work: list[tuple[Step | End, int, bool]]) -> int:
        test = self.test(child)
        if test.column.invalid >= 0 and test.column.invalid not in step.checked:
            at = self._new(test.column.invalid, 0.5, LT, False)
            checked = step.checked | {test.column.invalid}
            self._branch(at, Step(step.node, step.child, step.known, step.flowing, checked), End(self.error), work)
            return at
        key = test.column.key
        then = Step(child, -1, None, False, step.checked)
        if test.presence:
            absent = Step(step.node, step.child + 1, step.known, step.flowing, step.checked)
            return self._compare(test, then, absent, test.flipped, work)
        complete = step.child + 1 < len(children) and self._complement(child, children[step.child + 1])
        other: Step | End = Step(step.node, step.child + 1, key, False, step.checked)
        if complete:
            other = Step(children[step.child + 1], -1, None, False, step.checked)
        if not test.nullable or (step.known is not None and step.known == key and not step.flowing):
            return self._compare(test, then, other, False, work)
        return self._unknown(step, test, child, children, then, other, complete, work)

    def _unknown(
        self, step: Step, test: Test, child: int, children: list[int], then: Step, other: Step | End, complete: bool,
        work: list[tuple[Step | End, int, bool]],
    ) -> int:  # fmt: skip
        """A test that may be unknown: on to the next child, to a leaf, or to the default child."""
        key, strategy = test.column.key, self.model.missing_value_strategy if step.node >= 0 else "none"
        if strategy == "none":
            following = Step(step.node, step.child + 1, None, False, step.checked)
            return self._compare(test, then, following, False, work)
        if strategy in ("nullPrediction", "lastPrediction"):
            end = End(self.null if strategy == "nullPrediction" else step.node)
            known = Step(step.node, step.child, key, False, step.checked)
            return self._if_known(test, known, end, work)
        default = self._default(step.node, children) if strategy == "defaultChild" else None
        if default is None:
            known = Step(step.node, step.child, key, False, step.checked)
            return self._if_known(test, known, End(self.error), work)
        if child == default:
            return self._compare(test, then, other, True, work)
        if complete and children[step.child + 1] == default:
            return self._compare(test, then, other, False, work)
        if step.flowing or (default in children and self._same_key(children, step.child, default, key)):
            following = Step(step.node, step.child + 1, key, True, step.checked)
            return self._compare(test, then, following, False, work)
        known = Step(step.node, step.child, key, False, step.checked)
        return self._if_known(test, known, Step(default, -1, None, False, step.checked), work)

    def _same_key(self, children: list[int], start: int, default: int, key: object) -> bool:
        for other in children[start:]:
            if self.nodes.kind[other] not in (SIMPLE, OTHER):
                return False
            test = self.test(other)
            if test.presence or test.column.key != key or not test.nullable:
                return False
            if other == default:
                return True
        return False

    def _default(self, node: int, children: list[int]) -> int | None:
        """None where the node names none, which is an error once a row gets there."""
        wanted = self.nodes.default[node]
        for child in children:
            if wanted >= 0 and self.nodes.ident[child] == wanted:
                return child
        return None

    def _if_known(self, test: Test, known: Step, unknown: Step | End, work: list[tuple[Step | End, int, bool]]) -> int:
        """Numbers up to infinity hold, NaN does not."""
        at = self._new(test.column.at, float("inf"), LEQ, False)
        self._branch(at, known, unknown, work)
        return at

    def _compare(
        self, test: Test, then: Step | End, other: Step | End, unknown_then: bool,
        work: list[tuple[Step | End, int, bool]],
    ) -> int:  # fmt: skip
        at = self._new(test.column.at, test.threshold, test.mode, unknown_then != test.flipped)
        self._branch(at, *((other, then) if test.flipped else (then, other)), work)
        return at

    def _branch(self, at: int, true: Step | End, false: Step | End, work: list[tuple[Step | End, int, bool]]) -> None:
        work.append((true, at, True))
        work.append((false, at, False))

    def _complement(self, first: int, second: int) -> bool:
        nodes = self.nodes
        if nodes.kind[first] != SIMPLE or nodes.kind[second] != SIMPLE:
            return False
        return bool(
            nodes.field[first] == nodes.field[second]
            and nodes.value[first] == nodes.value[second]
            and _COMPLEMENT[OPERATORS[nodes.operator[first]]] == OPERATORS[nodes.operator[second]]
        )

    def test(self, node: int) -> Test:
        """What the predicate of a node compares."""
        nodes = self.nodes
        if nodes.kind[node] == OTHER:
            return self._truth(self.features.predicate(nodes.others[nodes.field[node]], self.scope))
        operator = OPERATORS[nodes.operator[node]]
        found = self._field(int(nodes.field[node]))
        if found is None:
            return self._truth(self.features.predicate(self._simple(node), self.scope))
        column, kind = found
        if operator in ("isMissing", "isNotMissing"):
            return Test(column, LEQ, float("inf"), operator == "isMissing", False, True)
        mode, flipped = _MODE[operator]
        return Test(column, mode, self._number(node, kind), flipped, column.nullable)

    def _truth(self, column: Column) -> Test:
        return Test(column, LT, 0.5, True, column.nullable)

    def _simple(self, node: int) -> SimplePredicate:
        nodes = self.nodes
        value = None if nodes.value[node] < 0 else self.strings[nodes.value[node]]
        from modelport_pmml.reader.element import Location

        return SimplePredicate(
            field=self.strings[nodes.field[node]], operator=OPERATORS[nodes.operator[node]], value=value,
            at=Location("SimplePredicate", int(nodes.line[node]), self.model.at),
        )  # fmt: skip

    def _field(self, name: int) -> tuple[Column, str] | None:
        """The column of a numeric field; None for text, whose predicates become columns."""
        if name not in self.fields:
            value = self.scope.resolve(self.strings[name], self.model)
            self.fields[name] = None if value.is_text else (self.features.field(value), value.type)
        return self.fields[name]

    def _number(self, node: int, kind: str) -> float:
        at = int(self.nodes.value[node])
        if at < 0:
            raise self.model.bad(f"the predicate at line {self.nodes.line[node]} needs a value")
        found = self.numbers.get((at, kind))
        if found is None:
            found = parse(self.strings[at], "double" if kind == "integer" else kind, self.model)
            self.numbers[at, kind] = found
        return found


def _children(nodes: Nodes) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(len(nodes))]
    for node, parent in enumerate(nodes.parent.tolist()):
        if parent >= 0:
            found[parent].append(node)
    return found
