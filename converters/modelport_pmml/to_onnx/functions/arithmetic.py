"""Arithmetic and elementary functions. A NaN, and an integer beyond 32 bits, are no values (JPMML 1.7)."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from spox import Var

from modelport_onnx.blocks import elementary
from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import Apply
from modelport_pmml.to_onnx.literal import NUMERIC
from modelport_pmml.to_onnx.normal import cdf, erf, pdf, quantile
from modelport_pmml.to_onnx.value import (
    Value,
    any_invalid,
    any_missing,
    constant,
    either,
    float32,
    numbers,
    wider,
)

INT_MAX = 2147483647.0


def arity(element: Apply, values: list[Value], *counts: int) -> None:
    """Checks the number of arguments.

    Raises:
        InputError: it is none of `counts`.
    """
    if len(values) not in counts:
        wanted = " or ".join(str(count) for count in counts)
        raise element.bad(f"the function {element.function} takes {wanted} arguments, not {len(values)}")


def need_numbers(element: Apply, values: list[Value]) -> None:
    """Raises InputError where an argument is text."""
    for value in values:
        if value.is_text:
            raise element.bad(f"the function {element.function} takes numbers, and an argument is text")


def result_type(values: list[Value]) -> str:
    kinds = [value.type if value.type in NUMERIC else "integer" for value in values]
    found = kinds[0]
    for kind in kinds[1:]:
        found = wider(found, kind)
    return found


def finish(data: Var, kind: str, values: list[Value], *, partial: bool = False) -> Value:
    """A result in its type's arithmetic.

    Args:
        partial: the function can give NaN for numbers.
    """
    gone, wrong = any_missing(values), None
    data = float32(data) if kind == "float" else data
    if partial:
        wrong = op.isnan(data) if gone is None else op.and_(op.isnan(data), op.not_(gone))
    if kind == "integer":
        over = op.greater(op.abs(data), constant(INT_MAX))
        wrong = either(wrong, over)
    found = numbers(data, kind, nullable=gone is not None, invalid=any_invalid(values))
    return replace(found, wrong=wrong)


def _binary(function: Callable[[Var, Var], Var], kind: str | None = None) -> Callable[[Apply, list[Value]], Value]:
    def compute(element: Apply, values: list[Value]) -> Value:
        arity(element, values, 2)
        need_numbers(element, values)
        return finish(function(values[0].data, values[1].data), kind or result_type(values), values, partial=True)

    return compute


def divide(element: Apply, values: list[Value]) -> Value:
    """Integers divide toward zero, and not by zero; 0.0 / 0.0 is invalid (JPMML 1.7)."""
    arity(element, values, 2)
    need_numbers(element, values)
    quotient = op.div(values[0].data, values[1].data)
    kind = result_type(values)
    if kind != "integer":
        return finish(quotient, kind, values, partial=True)
    whole = op.mul(op.sign(quotient), op.floor(op.abs(quotient)))
    by_zero = op.equal(values[1].data, constant(0.0))
    return finish(op.where(by_zero, constant(float("nan")), whole), kind, values, partial=True)


def _unary(
    function: Callable[[Var], Var], kind: str | None = "double", *, partial: bool = False
) -> Callable[[Apply, list[Value]], Value]:
    def compute(element: Apply, values: list[Value]) -> Value:
        arity(element, values, 1)
        need_numbers(element, values)
        return finish(function(values[0].data), kind or result_type(values), values, partial=partial)

    return compute


def _round(x: Var) -> Var:
    """`Math.round`: half up, 0.49999999999999994 down."""
    low = op.floor(x)
    return op.where(op.greater_or_equal(op.sub(x, low), constant(0.5)), op.add(low, constant(1.0)), low)


def power(element: Apply, values: list[Value]) -> Value:
    """Integers have no negative exponents (JPMML 1.7)."""
    arity(element, values, 2)
    need_numbers(element, values)
    base, exponent = (value.data for value in values)
    endless = op.and_(op.isinf(exponent), op.equal(op.abs(base), constant(1.0)))  # Java: NaN, where C has 1
    data = op.where(endless, constant(float("nan")), op.pow(base, exponent))
    found = finish(data, result_type(values), values, partial=True)
    return found.with_invalid(op.less(values[1].data, constant(0.0))) if found.type == "integer" else found


def _to_integer(function: Callable[[Var], Var]) -> Callable[[Apply, list[Value]], Value]:
    """floor, ceil, round: whole numbers of 32 bits, whatever the argument's type."""
    return _unary(function, "integer")


def threshold(element: Apply, values: list[Value]) -> Value:
    """1 where the first is above the second, else 0."""
    arity(element, values, 2)
    need_numbers(element, values)
    hit = op.cast(op.greater(values[0].data, values[1].data), to=np.float64)
    gone = any_missing(values)
    data = hit if gone is None else op.where(gone, constant(float("nan")), hit)
    return finish(data, result_type(values), values)


def _modulo(x: Var, y: Var) -> Var:
    """`x - y * floor(x / y)`, the sign of the divisor; NaN where that is infinite."""
    rest = op.mod(x, y, fmod=1)
    other = op.and_(
        op.not_(op.equal(rest, constant(0.0))), op.xor(op.less(rest, constant(0.0)), op.less(y, constant(0.0)))
    )
    found = op.where(other, op.add(rest, y), rest)
    return op.where(op.isinf(y), constant(float("nan")), found)


def _tangent(x: Var) -> Var:
    """Of what is left of x after quarter turns: onnxruntime's cosine is not exact at a right angle, and its answer
    there varies with the batch. Quarter turns are taken off in three parts of 33 bits (Cody and Waite 1980).
    """
    turns = op.round(op.mul(x, constant(2.0 / np.pi)))
    rest = x
    for part in (1.57079632673412561417e00, 6.07710050630396597660e-11, 2.02226624879595063154e-21):
        rest = op.sub(rest, op.mul(turns, constant(part)))
    even = op.equal(op.mod(turns, constant(2.0), fmod=1), constant(0.0))
    near = op.where(even, elementary.tan(rest), op.neg(op.div(op.cos(rest), op.sin(rest))))
    return op.where(op.less(op.abs(x), constant(1e5)), near, elementary.tan(x))


def _hypot(x: Var, y: Var) -> Var:
    return op.sqrt(op.add(op.mul(x, x), op.mul(y, y)))


def _atan2(y: Var, x: Var) -> Var:
    pi = constant(np.pi)
    base = elementary.atan(op.div(y, x))
    left = op.where(op.less(y, constant(0.0)), op.sub(base, pi), op.add(base, pi))
    straight = op.where(op.less(y, constant(0.0)), constant(-np.pi / 2), constant(np.pi / 2))
    upright = op.where(op.equal(y, constant(0.0)), constant(0.0), straight)
    return op.where(op.equal(x, constant(0.0)), upright, op.where(op.less(x, constant(0.0)), left, base))


def _normal(function: Callable[[Var], Var], *, density: bool = False) -> Callable[[Apply, list[Value]], Value]:
    """With a mean and a standard deviation."""

    def compute(element: Apply, values: list[Value]) -> Value:
        arity(element, values, 3)
        need_numbers(element, values)
        x, mean, deviation = (value.data for value in values)
        found = function(op.div(op.sub(x, mean), deviation))
        return finish(op.div(found, deviation) if density else found, "double", values, partial=True)

    return compute


def _normal_quantile(element: Apply, values: list[Value]) -> Value:
    arity(element, values, 3)
    need_numbers(element, values)
    p, mean, deviation = (value.data for value in values)
    found = finish(op.add(mean, op.mul(deviation, quantile(p))), "double", values, partial=True)
    return found.with_invalid(_no_share(p))


def _std_normal_quantile(element: Apply, values: list[Value]) -> Value:
    found = _unary(quantile, partial=True)(element, values)
    return found.with_invalid(_no_share(values[0].data))


def _no_share(p: Var) -> Var:
    """Beyond 0 and 1 there is no quantile: an error that no treatment catches (JPMML 1.7)."""
    return op.or_(op.less(p, constant(0.0)), op.greater(p, constant(1.0)))


plus, minus, times = _binary(op.add), _binary(op.sub), _binary(op.mul)
modulo = _binary(_modulo)
hypot, atan2 = _binary(_hypot, "double"), _binary(_atan2, "double")
absolute = _unary(op.abs, None)
floor, ceil, round_, rint = _to_integer(op.floor), _to_integer(op.ceil), _to_integer(_round), _unary(op.round, None)
exp, expm1 = _unary(op.exp), _unary(elementary.expm1)
ln, ln1p, log10 = (
    _unary(op.log, partial=True),
    _unary(elementary.log1p, partial=True),
    _unary(elementary.log10, partial=True),
)
sqrt = _unary(op.sqrt, partial=True)
sin, cos, tan = _unary(op.sin, partial=True), _unary(op.cos, partial=True), _unary(_tangent, partial=True)
asin, acos, atan = _unary(elementary.asin, partial=True), _unary(elementary.acos, partial=True), _unary(elementary.atan)
sinh, cosh, tanh = _unary(elementary.sinh), _unary(elementary.cosh), _unary(op.tanh)
std_normal_cdf, std_normal_pdf, std_normal_idf = _unary(cdf), _unary(pdf), _std_normal_quantile
normal_cdf, normal_pdf, normal_idf = _normal(cdf), _normal(pdf, density=True), _normal_quantile
error_function = _unary(erf)
