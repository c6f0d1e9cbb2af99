"""The inverse of the standard normal distribution function, in float64.

Source: M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37
(1988), routine PPND16: about one part in 1e16. Its polynomials are given highest power first.
"""

from collections.abc import Sequence

from spox import Var

from modelport_onnx.blocks.elementary import const
from modelport_onnx.ops import op

_MIDDLE = (
    (
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080,
    ),
    (
        5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
        5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1.0,
    ),
)  # fmt: skip
_TAIL = (
    (
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
        3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
    ),
    (
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1.0,
    ),
)  # fmt: skip
_FAR = (
    (
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720,
    ),
    (
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0,
    ),
)  # fmt: skip


def quantile(p: Var) -> Var:
    """`scipy.stats.norm.ppf(p)` for 0 < p < 1. Elsewhere the result means nothing; NaN stays NaN."""
    q = op.sub(p, const(p, 0.5))
    middle = op.less_or_equal(op.abs(q), const(p, 0.425))
    inner = op.mul(q, _ratio(_MIDDLE, op.sub(const(p, 0.180625), op.mul(q, q))))
    tail = op.where(op.less(q, const(p, 0.0)), p, op.sub(const(p, 1.0), p))
    r = op.sqrt(op.neg(op.log(tail)))
    near = _ratio(_TAIL, op.sub(r, const(p, 1.6)))
    far = _ratio(_FAR, op.sub(r, const(p, 5.0)))
    outer = op.where(op.less_or_equal(r, const(p, 5.0)), near, far)
    return op.where(middle, inner, op.where(op.less(q, const(p, 0.0)), op.neg(outer), outer))


def _ratio(polynomials: tuple[Sequence[float], Sequence[float]], x: Var) -> Var:
    above, below = (_horner(coefficients, x) for coefficients in polynomials)
    return op.div(above, below)


def _horner(coefficients: Sequence[float], x: Var) -> Var:
    total = const(x, coefficients[0])
    for coefficient in coefficients[1:]:
        total = op.add(op.mul(total, x), const(x, coefficient))
    return total
