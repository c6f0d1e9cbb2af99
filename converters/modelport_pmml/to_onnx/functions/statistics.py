"""min, max, sum, avg, median, product: over the arguments that are not missing. NaN where all are."""

from collections.abc import Callable

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import Apply
from modelport_pmml.to_onnx.functions.arithmetic import need_numbers, result_type
from modelport_pmml.to_onnx.value import NAN, Value, any_invalid, constant, float32, numbers

_AXIS = np.array([1], np.int64)


def beside(columns: list[Var]) -> Var:
    """Columns [N, 1] or [1, 1] side by side, [N, K]."""
    if len(columns) == 1:
        return columns[0]
    long = op.shape(columns[0])
    for column in columns[1:]:
        long = op.max([long, op.shape(column)])
    return op.concat([op.expand(column, long) for column in columns], axis=1)


def _over(function: Callable[[Var, Var, Var], Var], kind: str | None = None) -> Callable[[Apply, list[Value]], Value]:
    def compute(element: Apply, values: list[Value]) -> Value:
        if not values:
            raise element.bad(f"the function {element.function} needs an argument")
        need_numbers(element, values)
        matrix = beside([value.data for value in values])
        known = op.not_(op.isnan(matrix))
        count = op.reduce_sum(op.cast(known, to=np.float64), op.const(_AXIS), keepdims=1)
        found = op.where(op.equal(count, constant(0.0)), constant(NAN), function(matrix, known, count))
        out = kind or result_type(values)
        nullable = all(value.nullable for value in values)
        return numbers(float32(found) if out == "float" else found, out, nullable=nullable, invalid=any_invalid(values))

    return compute


def _filled(filler: float, reduce: Callable[..., Var]) -> Callable[[Var, Var, Var], Var]:
    def compute(matrix: Var, known: Var, count: Var) -> Var:
        return reduce(op.where(known, matrix, constant(filler)), op.const(_AXIS), keepdims=1)

    return compute


def _average(matrix: Var, known: Var, count: Var) -> Var:
    return op.div(_filled(0.0, op.reduce_sum)(matrix, known, count), count)


def _median(matrix: Var, known: Var, count: Var) -> Var:
    """Of sorted values with missing ones last: the middle one, or the mean of the two in the middle."""
    filled = op.where(known, matrix, constant(float("inf")))
    width = op.gather(op.shape(matrix), op.const(np.array([1], np.int64)))
    ordered, _ = op.top_k(filled, width, axis=1, largest=0, sorted=1)
    last = op.max([op.sub(count, constant(1.0)), constant(0.0)])
    low = op.cast(op.floor(op.div(last, constant(2.0))), to=np.int64)
    high = op.cast(op.ceil(op.div(last, constant(2.0))), to=np.int64)
    pair = op.add(op.gather_elements(ordered, low, axis=1), op.gather_elements(ordered, high, axis=1))
    return op.div(pair, constant(2.0))


minimum, maximum = _over(_filled(float("inf"), op.reduce_min)), _over(_filled(float("-inf"), op.reduce_max))
total, product = _over(_filled(0.0, op.reduce_sum)), _over(_filled(1.0, op.reduce_prod))
average, median = _over(_average, "double"), _over(_median, "double")
