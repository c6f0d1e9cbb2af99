"""Predicates: true, false or unknown, cell by cell. https://dmg.org/pmml/v4-4-1/TreeModel.html#xsdGroup_PREDICATE"""

from collections.abc import Mapping
from dataclasses import dataclass

from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.element import Element, Predicate
from modelport_pmml.reader.elements.predicates import (
    CompoundPredicate,
    False_,
    SimplePredicate,
    SimpleSetPredicate,
    True_,
)
from modelport_pmml.to_onnx.arrays import words
from modelport_pmml.to_onnx.inputs import in_numbers
from modelport_pmml.to_onnx.literal import attempt, parse
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import (
    Value,
    among,
    constant,
    either,
    equals,
    flag,
    is_missing,
    lookup,
)


@dataclass(frozen=True, slots=True)
class Truth:
    """Attributes: true: [N, 1] boolean. unknown: where it cannot be told; None for nowhere. invalid: as of a value."""

    true: Var
    unknown: Var | None = None
    invalid: Var | None = None

    @property
    def known(self) -> Var | None:
        return None if self.unknown is None else op.not_(self.unknown)


def truth(predicate: Predicate, scope: Scope) -> Truth:
    """A predicate, row by row, its innermost parts first. Where it is unknown, `true` is False."""
    known: dict[int, Truth] = {}
    for item in predicate.inside_out(Predicate):
        known[id(item)] = _truth(item, scope, known)
    return known[id(predicate)]


def _truth(predicate: Predicate, scope: Scope, known: Mapping[int, Truth]) -> Truth:
    match predicate:
        case True_():
            return Truth(flag(True))
        case False_():
            return Truth(flag(False))
        case SimplePredicate():
            return simple(predicate, scope)
        case SimpleSetPredicate():
            return in_set(predicate, scope)
        case CompoundPredicate():
            return compound(predicate, [known[id(item)] for item in predicate.predicates])
    raise predicate.refuse(f"<{predicate.tag()}> is no predicate that is known here")


def simple(predicate: SimplePredicate, scope: Scope) -> Truth:
    value = scope.resolve(predicate.field, predicate)
    gone = is_missing(value)
    if predicate.operator in ("isMissing", "isNotMissing"):
        true = flag(False) if gone is None else gone
        return Truth(true if predicate.operator == "isMissing" else op.not_(true), None, value.invalid)
    if predicate.value is None:
        raise predicate.bad(f"the operator {predicate.operator} needs a value")
    true = compare(value, predicate.operator, predicate.value, predicate)
    return Truth(_known(true, gone, predicate.operator in ("notEqual",)), gone, value.invalid)


def _known(true: Var, gone: Var | None, negated: bool) -> Var:
    """Comparisons with NaN are false already, all but `notEqual`."""
    return op.and_(true, op.not_(gone)) if negated and gone is not None else true


def compare(value: Value, operator: str, word: str, where: Element) -> Var:
    """[N, 1] boolean: the value against a literal of its own type. Missing cells answer anything for `notEqual`."""
    if operator in ("equal", "notEqual"):
        same = _same(value, word, where)
        return same if operator == "equal" else op.not_(same)
    if value.is_text:
        return _ordinal(value, operator, word, where)
    kind = "double" if value.type == "integer" else value.type
    bound = constant(parse(word, kind, where))
    return {
        "lessThan": op.less, "lessOrEqual": op.less_or_equal,
        "greaterThan": op.greater, "greaterOrEqual": op.greater_or_equal,
    }[operator](value.data, bound)  # fmt: skip


def _same(value: Value, word: str, where: Element) -> Var:
    if value.is_text:
        return equals(value, word)
    found = attempt(word, value.type, where)
    return op.less(value.data, constant(float("nan"))) if found is None else op.equal(value.data, constant(found))


def _ordinal(value: Value, operator: str, word: str, where: Element) -> Var:
    """Text is in the order its data field declares."""
    if value.optype != "ordinal" or word not in value.order:
        raise where.refuse(f"text has an order only where its field is ordinal and lists {word!r}")
    rank = {item: i for i, item in enumerate(value.order)}
    at = rank[word]
    holds: set[int] = {
        "lessThan": set(range(at)),
        "lessOrEqual": set(range(at + 1)),
        "greaterThan": set(range(at + 1, len(rank))),
        "greaterOrEqual": set(range(at, len(rank))),
    }[operator]
    return lookup(value, [*(rank.get(item, -1) in holds for item in value.words or ()), False, False])


def in_set(predicate: SimpleSetPredicate, scope: Scope) -> Truth:
    value = scope.resolve(predicate.field, predicate)
    gone = is_missing(value)
    true = within(value, words(predicate.array), predicate)
    if predicate.boolean_operator == "isNotIn":
        true = _known(op.not_(true), gone, True)
    return Truth(true, gone, value.invalid)


def within(value: Value, items: tuple[str, ...], where: Element) -> Var:
    """[N, 1] boolean: the value is one of the literals; False where it is missing."""
    if value.is_text:
        return among(value, items)
    return in_numbers(value.data, [found for item in items if (found := attempt(item, value.type, where)) is not None])


def compound(predicate: CompoundPredicate, parts: list[Truth]) -> Truth:
    if not parts:
        raise predicate.bad("a compound predicate needs predicates inside")
    found = parts[0]
    join = {"and": both, "or": any_of, "xor": exclusive, "surrogate": surrogate}[predicate.boolean_operator]
    for part in parts[1:]:
        found = join(found, part)
    return found


def both(a: Truth, b: Truth) -> Truth:
    """Kleene's conjunction: false if either is false, else unknown if either is unknown."""
    true = op.and_(a.true, b.true)
    unknown = None
    if a.unknown is not None or b.unknown is not None:
        possible = op.and_(_possible(a), _possible(b))
        unknown = op.and_(possible, op.not_(true))
    return Truth(true, unknown, either(a.invalid, b.invalid))


def any_of(a: Truth, b: Truth) -> Truth:
    true = op.or_(a.true, b.true)
    unknown = either(a.unknown, b.unknown)
    return Truth(true, None if unknown is None else op.and_(unknown, op.not_(true)), either(a.invalid, b.invalid))


def exclusive(a: Truth, b: Truth) -> Truth:
    unknown = either(a.unknown, b.unknown)
    true = op.xor(a.true, b.true)
    true = true if unknown is None else op.and_(true, op.not_(unknown))
    return Truth(true, unknown, either(a.invalid, b.invalid))


def surrogate(a: Truth, b: Truth) -> Truth:
    """The next predicate answers where the first is unknown, and is looked at only there."""
    if a.unknown is None:
        return a
    true = op.or_(a.true, op.and_(a.unknown, b.true))
    unknown = None if b.unknown is None else op.and_(a.unknown, b.unknown)
    later = None if b.invalid is None else op.and_(a.unknown, b.invalid)
    return Truth(true, unknown, either(a.invalid, later))


def _possible(part: Truth) -> Var:
    return part.true if part.unknown is None else op.or_(part.true, part.unknown)
