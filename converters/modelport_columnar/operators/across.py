"""What becomes of a condition on any row of a batch (`Across`): a failure of the batch becomes one of the row."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from modelport_columnar.expression import Expr, Kind
from modelport_columnar.operators.elementwise import mapped
from modelport_columnar.values import Across, Fixed, Stacked, Value

if TYPE_CHECKING:
    from modelport_columnar.execute import Step

REASON = "it needs several rows at once"


def of_batch(step: "Step", *inputs: Value | None) -> list[Value]:
    """An operator, one of whose inputs is a condition on any row of a batch.

    Raises:
        CannotConvert: the result depends on several rows.
    """
    lowering = _TABLE.get(step.node.op_type)
    if lowering is None:
        raise step.refuse(REASON)
    return lowering(step, *inputs)


def _kept(step: "Step", value: Value, *_: Any) -> list[Value]:
    return [value]


def _capped(step: "Step", value: Value, most: Value) -> list[Value]:
    """`Min(count, 1)`: whether there are any."""
    if not _is(most, 1):
        raise step.refuse(REASON)
    return [value]


def _above(step: "Step", value: Value, least: Value) -> list[Value]:
    if not _is(least, 0):
        raise step.refuse(REASON)
    return [value]


def _is(value: Value, number: int) -> bool:
    return isinstance(value, Fixed) and bool((value.array == number).all())


def _guarded(step: "Step", value: Value, position: Value) -> list[Value]:
    """`Gather` from one stacked batch: past its end where the condition holds, and there the row has no result.

    An original that raises on such a row raises for the whole batch; PMML scores each row by itself.
    """
    if (
        not isinstance(value, Stacked)
        or len(value.groups) != 1
        or not isinstance(position, Across)
        or step.attributes.get("axis", 0) != 0
    ):
        raise step.refuse(REASON)
    if not value.groups[0].kind.is_float:
        raise step.refuse("whole numbers and text have no form of a failure")
    bad = position.cells[0]
    for cell in position.cells[1:]:
        bad = step.pool.make("or", (bad, cell), Kind.BOOL)
    nothing = step.pool.constant(np.asarray(np.nan, value.groups[0].kind.value)[()])

    def make(a: Expr) -> Expr:
        return step.pool.make("where", (bad, nothing, a), a.kind)

    return mapped(step, make, value.groups[0])


_TABLE: Mapping[str, Callable[..., list[Value]]] = {
    "Cast": _kept,
    "Gather": _guarded,
    "Greater": _above,
    "Identity": _kept,
    "Min": _capped,
    "Reshape": _kept,
    "Squeeze": _kept,
}
