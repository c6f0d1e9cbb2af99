"""float32 arithmetic as XGBoost's C++ does it: `expf` of the C library, sums in their order.

onnxruntime's own float32 Exp and Sigmoid are approximations of their own, and even a correctly rounded exponential is
one float32 step off the C library's for one number in two thousand, which a division makes two.
"""

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, integer, ints
from modelport_onnx.blocks.sums import part
from modelport_onnx.frame import cast
from modelport_onnx.ops import op


def single(values: object) -> Var:
    """A float32 constant."""
    return op.const(np.asarray(values, np.float32))


_STEPS = 32
_CUBIC = tuple(
    float.fromhex(coefficient) / _STEPS**power
    for coefficient, power in (("0x1.c6af84b912394p-5", 3), ("0x1.ebfce50fac4f3p-3", 2), ("0x1.62e42ff0c52d6p-1", 1))
)
_PER_STEP = float.fromhex("0x1.71547652b82fep+0") * _STEPS
_LOWEST, _HIGHEST = -110.0, 89.0
"""Under the first `expf` is 0, over the second it is infinite."""


def exp(values: Var) -> Var:
    """`expf` of float32 values, to the bit as glibc 2.28 and later (and other C libraries of the kind) compute it.

    In float64: `exp(x) = 2^(k/32) * 2^(r/32)`, k the nearest whole number to `32 x / ln 2`, a cubic for the second
    factor; then one rounding (Szabolcs Nagy, "Exponential and logarithm functions", Arm Optimized Routines, 2018).
    """
    x = op.clip(cast(values, np.float64), double(_LOWEST), double(_HIGHEST))
    scaled = op.mul(x, double(_PER_STEP))
    nearest = op.round(scaled)
    rest = op.sub(scaled, nearest)
    high = op.add(op.mul(double(_CUBIC[0]), rest), double(_CUBIC[1]))
    low = op.add(op.mul(double(_CUBIC[2]), rest), double(1.0))
    cubic = op.add(op.mul(high, op.mul(rest, rest)), low)
    first = int(np.floor(_LOWEST * _PER_STEP)) - 1
    steps = np.arange(first, int(np.ceil(_HIGHEST * _PER_STEP)) + 2)
    powers = np.ldexp(np.exp2((steps % _STEPS) / _STEPS), steps // _STEPS)
    place = op.sub(cast(nearest, np.int64), integer(first))
    return cast(op.mul(cubic, op.gather(double(powers), place)), np.float32)


def sigmoid(values: Var) -> Var:
    """`1 / (1 + expf(-x))`; XGBoost keeps `-x` under 88.7, where `expf` would overflow (src/common/math.h)."""
    bounded = op.min([op.neg(values), single(88.7)])
    return op.div(single(1.0), op.add(exp(bounded), single(1.0)))


def softmax(values: Var) -> Var:
    """Softmax of each row as XGBoost has it: the sum is float64, its rounding divides (src/common/math.h)."""
    powers = exp(op.sub(values, op.reduce_max(values, ints(1))))
    total = op.reduce_sum(cast(powers, np.float64), ints(1))
    return op.div(powers, cast(total, np.float32))


def running_total(start: np.ndarray[tuple[int, ...], np.dtype[np.float32]], terms: Var, count: int) -> Var:
    """`((start + a) + b) + …` along the last axis of [N, K, count] float32 terms: [N, K].

    Args:
        start: [K].
    """
    outputs = len(start)
    rows = op.shape(terms, start=0, end=1)
    shape = op.concat([rows, ints(outputs, 1)], axis=0)
    first = op.expand(single(start.reshape(1, outputs, 1)), shape)
    sums = op.cumsum(op.concat([first, terms], axis=2), integer(2))
    return op.reshape(part(sums, count, count + 1, 2), ints(-1, outputs))


def two_sided(second: Var) -> Var:
    """[N, 1] → [N, 2] float64: `1 - p`, taken in float32, and p."""
    return cast(op.concat([op.sub(single(1.0), second), second], axis=1), np.float64)


def widen(values: Var) -> Var:
    """float32 as float64, in which all outputs travel."""
    return cast(values, np.float64)


def half(values: Var) -> Var:
    """Whether a float32 probability is over one half."""
    return op.greater(cast(values, np.float64), double(0.5))
