"""Comparison, logic and choice."""

from typing import TYPE_CHECKING

from modelport_columnar.expression import Expr, Kind
from modelport_columnar.operators.elementwise import mapped
from modelport_columnar.values import Value

if TYPE_CHECKING:
    from modelport_columnar.execute import Step


def compare(op: str, step: "Step", left: Value, right: Value) -> list[Value]:
    """A comparison, or a connective of two truth values."""
    return mapped(step, lambda a, b: step.pool.make(op, (a, b), Kind.BOOL), left, right)


def invert(step: "Step", value: Value) -> list[Value]:
    """`Not`."""
    return mapped(step, lambda a: step.pool.make("not", (a,), Kind.BOOL), value)


def isnan(step: "Step", value: Value) -> list[Value]:
    """`IsNaN`."""
    return mapped(step, lambda a: step.pool.make("isnan", (a,), Kind.BOOL), value)


def isinf(step: "Step", value: Value) -> list[Value]:
    """`IsInf`, of either sign or of one."""
    attributes = step.attributes
    signs = (bool(attributes.get("detect_negative", 1)), bool(attributes.get("detect_positive", 1)))
    return mapped(step, lambda a: step.pool.make("isinf", (a,), Kind.BOOL, signs), value)


def where(step: "Step", condition: Value, yes: Value, no: Value) -> list[Value]:
    """`Where`; a constant condition chooses now."""

    def make(c: Expr, a: Expr, b: Expr) -> Expr:
        if c.op == "constant":
            return a if c.data else b
        return a if a is b else step.pool.make("where", (c, a, b), a.kind)

    return mapped(step, make, condition, yes, no)
