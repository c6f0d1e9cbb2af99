"""Elementary functions in float64, where ONNX has an operator but onnxruntime has it in float32 only, or has none.

onnxruntime 1.32 computes exp, log, sin, cos, tanh, sqrt and pow in float64, and none of the functions below. Each is
built from those, accurate to a few units in the last place over its whole range. NaN stays NaN.
"""

import math

import numpy as np
from spox import Tensor, Var

from modelport_onnx.ops import op

LN2, LN10 = math.log(2.0), math.log(10.0)


def const(x: Var, value: float) -> Var:
    """A scalar of the element type of `x`."""
    kind = x.type
    assert isinstance(kind, Tensor), "functions take tensors"
    return op.const(np.array(value, kind.dtype))


def log1p(x: Var) -> Var:
    """`log(1 + x)` with Kahan's correction: with u = 1 + x rounded, `log(u) * x / (u - 1)`."""
    one = const(x, 1.0)
    u = op.add(one, x)
    plain = op.or_(op.equal(u, one), op.isinf(op.add(u, op.log(op.abs(u)))))
    safe = op.where(plain, const(x, 2.0), u)
    corrected = op.div(op.mul(op.log(safe), x), op.sub(safe, one))
    return op.where(plain, op.where(op.equal(u, one), x, op.log(u)), corrected)


def expm1(x: Var) -> Var:
    """`exp(x) - 1` with Kahan's correction: with u = exp(x) rounded, `(u - 1) * x / log(u)`."""
    one = const(x, 1.0)
    u = op.exp(x)
    plain = op.or_(op.equal(u, one), op.or_(op.isinf(u), op.equal(op.sub(u, one), const(x, -1.0))))
    safe = op.where(plain, const(x, 2.0), u)
    corrected = op.div(op.mul(op.sub(safe, one), x), op.log(safe))
    return op.where(plain, op.where(op.equal(u, one), x, op.sub(u, one)), corrected)


def sinh(x: Var) -> Var:
    """`(e - 1/e) / 2` through expm1, and through exp(x/2)² where exp(x) would overflow."""
    size = op.abs(x)
    small = op.less(size, const(x, 22.0))
    e = expm1(op.where(small, size, const(x, 1.0)))
    near = op.mul(const(x, 0.5), op.add(e, op.div(e, op.add(e, const(x, 1.0)))))
    return op.mul(op.sign(x), op.where(small, near, _half_exp(size)))


def cosh(x: Var) -> Var:
    size = op.abs(x)
    small = op.less(size, const(x, 22.0))
    e = op.exp(op.where(small, size, const(x, 1.0)))
    near = op.mul(const(x, 0.5), op.add(e, op.reciprocal(e)))
    return op.where(small, near, _half_exp(size))


def _half_exp(size: Var) -> Var:
    """`exp(x) / 2` without overflowing early."""
    root = op.exp(op.mul(size, const(size, 0.5)))
    return op.mul(op.mul(root, const(size, 0.5)), root)


def tan(x: Var) -> Var:
    return op.div(op.sin(x), op.cos(x))


def atan(x: Var) -> Var:
    """The argument is halved three times, `atan(t) = 2 atan(t / (1 + sqrt(1 + t²)))`, then Taylor's series.

    Beyond 1 the reciprocal is taken, `atan(t) = π/2 - atan(1/t)`; after that |t| <= tan(π/32), and the series has
    reached 1e-18 with nine terms.
    """
    size = op.abs(x)
    large = op.greater(size, const(x, 1.0))
    t = op.where(large, op.reciprocal(size), size)
    for _ in range(3):
        t = op.div(t, op.add(const(x, 1.0), op.sqrt(op.add(const(x, 1.0), op.mul(t, t)))))
    angle = op.mul(const(x, 8.0), op.mul(t, _series(op.mul(t, t), 10)))
    return op.mul(op.sign(x), op.where(large, op.sub(const(x, math.pi / 2), angle), angle))


def _series(square: Var, terms: int) -> Var:
    """`1 - s/3 + s²/5 - …` by Horner's rule."""
    total = const(square, (-1) ** (terms - 1) / (2 * terms - 1))
    for k in reversed(range(terms - 1)):
        total = op.add(op.mul(total, square), const(square, (-1) ** k / (2 * k + 1)))
    return total


def asin(x: Var) -> Var:
    """`2 atan(x / (1 + sqrt((1 - x)(1 + x))))`; at 1 and -1 the double next to π/2, as in C."""
    rest = op.sqrt(op.mul(op.sub(const(x, 1.0), x), op.add(const(x, 1.0), x)))
    angle = op.mul(const(x, 2.0), atan(op.div(x, op.add(const(x, 1.0), rest))))
    return op.where(op.equal(op.abs(x), const(x, 1.0)), op.mul(x, const(x, math.pi / 2)), angle)


def acos(x: Var) -> Var:
    """`2 atan(sqrt((1 - x) / (1 + x)))`; at -1 the quotient is infinite and the angle π."""
    return op.mul(const(x, 2.0), atan(op.sqrt(op.div(op.sub(const(x, 1.0), x), op.add(const(x, 1.0), x)))))


def asinh(x: Var) -> Var:
    """`log1p(x + x² / (1 + sqrt(x² + 1)))`; beyond 1e8 the root is x itself."""
    size = op.abs(x)
    large = op.greater(size, const(x, 1e8))
    t = op.where(large, const(x, 1.0), size)
    square = op.mul(t, t)
    root = op.sqrt(op.add(square, const(x, 1.0)))
    near = log1p(op.add(t, op.div(square, op.add(const(x, 1.0), root))))
    far = op.add(op.log(op.where(large, size, const(x, 1.0))), const(x, LN2))
    return op.mul(op.sign(x), op.where(large, far, near))


def acosh(x: Var) -> Var:
    """`log1p(t + sqrt(t (t + 2)))` with t = x - 1; beyond 1e8 `log(2 x)`."""
    large = op.greater(x, const(x, 1e8))
    t = op.sub(op.where(large, const(x, 2.0), x), const(x, 1.0))
    near = log1p(op.add(t, op.sqrt(op.mul(t, op.add(t, const(x, 2.0))))))
    far = op.add(op.log(op.where(large, x, const(x, 1.0))), const(x, LN2))
    return op.where(op.less(x, const(x, 1.0)), const(x, math.nan), op.where(large, far, near))


def atanh(x: Var) -> Var:
    """`log1p(2 x / (1 - x)) / 2`."""
    size = op.abs(x)
    quotient = op.div(op.mul(const(x, 2.0), size), op.sub(const(x, 1.0), size))
    return op.mul(op.sign(x), op.mul(const(x, 0.5), log1p(quotient)))


def log2(x: Var) -> Var:
    """`log(x) / log(2)`."""
    return op.div(op.log(x), const(x, LN2))


def log10(x: Var) -> Var:
    return op.div(op.log(x), const(x, LN10))


def exp2(x: Var) -> Var:
    return op.pow(const(x, 2.0), x)


def cbrt(x: Var) -> Var:
    """`|x|^(1/3)` and one step of Newton's method, with the sign put back."""
    size = op.abs(x)
    plain = op.or_(op.equal(size, const(x, 0.0)), op.isinf(size))
    safe = op.where(plain, const(x, 1.0), size)
    root = op.pow(safe, const(x, 1.0 / 3.0))
    step = op.div(op.sub(root, op.div(safe, op.mul(root, root))), const(x, 3.0))
    return op.mul(op.sign(x), op.where(plain, size, op.sub(root, step)))
