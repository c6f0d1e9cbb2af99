"""The columns that trees test: fields as they are, and predicates that a comparison of one number cannot say."""

from dataclasses import dataclass

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.element import Predicate
from modelport_pmml.reader.elements.predicates import CompoundPredicate, SimplePredicate, SimpleSetPredicate
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.predicates import Truth, truth
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, Value, constant


@dataclass(frozen=True, slots=True)
class Column:
    """One column that trees test.

    Attributes:
        at: its position.
        nullable: whether NaN may stand in it.
        invalid: the position of the column that is 1 where its use is invalid, or -1.
        key: columns of one key are unknown in the same rows; None for one that says nothing of others.
    """

    at: int
    nullable: bool
    invalid: int
    key: object


class Features:
    """Columns [N, 1] float64, each once however many trees test it."""

    def __init__(self) -> None:
        self.columns: list[Var] = []
        self.known: dict[object, Column] = {}
        self.kept: list[object] = []

    def matrix(self) -> Var:
        """All columns side by side; a column of zeros where no tree tests any."""
        return beside(self.columns) if self.columns else constant(0.0)

    def field(self, value: Value) -> Column:
        """A number as it is."""
        found = self.known.get(_identity(value))
        if found is None:
            found = Column(self._add(value.data), value.nullable, self._flag(value.invalid), ("field", id(value.data)))
            self.known[_identity(value)] = found
            self.kept.append(value)
        return found

    def predicate(self, predicate: Predicate, scope: Scope) -> Column:
        """1, 0 or NaN: true, false or unknown."""
        name = (_signature(predicate, scope), id(scope) if not scope.transparent else 0)
        found = self.known.get(name)
        if found is None:
            found = self._truth(truth(predicate, scope), _knowledge(predicate, scope) or name)
            self.known[name] = found
        return found

    def _truth(self, item: Truth, key: object) -> Column:
        data = op.cast(item.true, to=np.float64)
        if item.unknown is not None:
            data = op.where(item.unknown, constant(NAN), data)
        return Column(self._add(data), item.unknown is not None, self._flag(item.invalid), key)

    def _add(self, data: Var) -> int:
        self.columns.append(data)
        return len(self.columns) - 1

    def _flag(self, invalid: Var | None) -> int:
        if invalid is None:
            return -1
        name = ("invalid", id(invalid))
        found = self.known.get(name)
        if found is None:
            found = Column(self._add(op.cast(invalid, to=np.float64)), False, -1, None)
            self.known[name] = found
            self.kept.append(invalid)
        return found.at


def _identity(value: Value) -> tuple[int, int, str]:
    """Equal for values that are the same in every cell; a cast may leave the numbers and make some of them invalid."""
    return id(value.data), id(value.invalid), value.type


def _signature(predicate: Predicate, scope: Scope) -> object:
    """Equal for predicates that say the same of the same values."""
    return tuple(_said(item, scope) for item in predicate.inside_out(Predicate))


def _said(predicate: Predicate, scope: Scope) -> object:
    match predicate:
        case SimplePredicate():
            value = scope.resolve(predicate.field, predicate)
            return (_identity(value), predicate.operator, predicate.value)
        case SimpleSetPredicate():
            value = scope.resolve(predicate.field, predicate)
            return (_identity(value), predicate.boolean_operator, predicate.array.content)
        case CompoundPredicate():
            return (predicate.boolean_operator, len(predicate.predicates))
    return predicate.tag()


def _knowledge(predicate: Predicate, scope: Scope) -> object:
    """Equal for predicates that are unknown in the same rows; None where that depends on what the fields hold."""
    found = set()
    for item in predicate.inside_out(Predicate):
        match item:
            case SimplePredicate(operator="isMissing" | "isNotMissing"):
                return None  # never unknown
            case SimplePredicate() | SimpleSetPredicate():
                found.add(("field", id(scope.resolve(item.field, item).data)))
            case CompoundPredicate(boolean_operator="surrogate"):
                pass
            case _:
                return None
    return ("surrogate", frozenset(found)) if isinstance(predicate, CompoundPredicate) else found.pop()
