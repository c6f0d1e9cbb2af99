"""The error function and the normal distribution in float64; onnxruntime has Erf in float32 only.

Rational approximations of W. J. Cody ("Rational Chebyshev approximation for the error function", Math. Comp. 23,
1969) in the form S. L. Moshier gave them (Cephes, ndtr.c): a few units in the last place everywhere.
"""

import math

from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.to_onnx.value import constant

_T = (9.60497373987051638749e0, 9.00260197203842689217e1, 2.23200534594684319226e3, 7.00332514112805075473e3,
      5.55923013010394962768e4)  # fmt: skip
_U = (1.0, 3.35617141647503099647e1, 5.21357949780152679795e2, 4.59432382970980127987e3, 2.26290000613890934246e4,
      4.92673942608635921086e4)  # fmt: skip
_P = (2.46196981473530512524e-10, 5.64189564831068821977e-1, 7.46321056442269912687e0, 4.86371970985681366614e1,
      1.96520832956077098242e2, 5.26445194995477358631e2, 9.34528527171957607540e2, 1.02755188689515710272e3,
      5.57535335369399327526e2)  # fmt: skip
_Q = (1.0, 1.32281951154744992508e1, 8.67072140885989742329e1, 3.54937778887819891062e2, 9.75708501743205489753e2,
      1.82390916687909736289e3, 2.24633760818710981792e3, 1.65666309194161350182e3,
      5.57535340817727675546e2)  # fmt: skip
_R = (5.64189583547755073984e-1, 1.27536670759978104416e0, 5.01905042251180477414e0, 6.16021097993053585195e0,
      7.40974269950448939160e0, 2.97886665372100240670e0)  # fmt: skip
_S = (1.0, 2.26052863220117276590e0, 9.39603524938001434673e0, 1.20489539808096656605e1, 1.70814450747565897222e1,
      9.60896809063285878198e0, 3.36907645100081516050e0)  # fmt: skip
_SQRT2, _SQRT2PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)


def _polynomial(x: Var, coefficients: tuple[float, ...]) -> Var:
    found = constant(coefficients[0])
    for item in coefficients[1:]:
        found = op.add(op.mul(found, x), constant(item))
    return found


def _small(x: Var) -> Var:
    """erf for |x| < 1."""
    square = op.mul(x, x)
    return op.mul(x, op.div(_polynomial(square, _T), _polynomial(square, _U)))


def _tail(size: Var) -> Var:
    """erfc for x >= 1."""
    far = op.greater_or_equal(size, constant(8.0))
    near = op.div(_polynomial(size, _P), _polynomial(size, _Q))
    beyond = op.div(_polynomial(size, _R), _polynomial(size, _S))
    return op.mul(op.exp(op.neg(op.mul(size, size))), op.where(far, beyond, near))


def erfc(x: Var) -> Var:
    """`1 - erf(x)`, exact also where it is tiny."""
    size = op.min([op.abs(x), constant(27.5)])
    tail = _tail(op.max([size, constant(1.0)]))
    outer = op.where(op.less(x, constant(0.0)), op.sub(constant(2.0), tail), tail)
    bounded = op.max([op.min([x, constant(1.0)]), constant(-1.0)])
    inner = op.sub(constant(1.0), _small(bounded))
    found = op.where(op.less(size, constant(1.0)), inner, outer)
    return op.where(op.isnan(x), x, found)


def erf(x: Var) -> Var:
    bounded = op.max([op.min([x, constant(1.0)]), constant(-1.0)])
    found = op.where(op.less(op.abs(x), constant(1.0)), _small(bounded), op.sub(constant(1.0), erfc(x)))
    return op.where(op.isnan(x), x, found)


def cdf(x: Var) -> Var:
    """The standard normal distribution function."""
    return op.mul(constant(0.5), erfc(op.neg(op.div(x, constant(_SQRT2)))))


def pdf(x: Var) -> Var:
    return op.div(op.exp(op.mul(constant(-0.5), op.mul(x, x))), constant(_SQRT2PI))


def quantile(p: Var) -> Var:
    """The inverse of `cdf`; NaN outside of 0 to 1.

    A first guess from the logistic approximation, then Halley's iteration on the lower tail, which converges cubically.
    """
    lower = op.less(p, constant(0.5))
    tail = op.where(lower, p, op.sub(constant(1.0), p))
    t = op.sqrt(op.mul(constant(-2.0), op.log(tail)))
    top = _polynomial(t, (0.010328, 0.802853, 2.515517))
    bottom = _polynomial(t, (0.001308, 0.189269, 1.432788, 1.0))
    x = op.neg(op.sub(t, op.div(top, bottom)))
    for _ in range(3):
        error = op.div(op.sub(cdf(x), tail), pdf(x))
        step = op.div(error, op.add(constant(1.0), op.mul(constant(0.5), op.mul(x, error))))
        x = op.where(op.isnan(step), x, op.sub(x, step))
    signed = op.where(lower, x, op.neg(x))
    edge = op.where(op.equal(p, constant(0.0)), constant(-math.inf), constant(math.inf))
    ends = op.or_(op.equal(p, constant(0.0)), op.equal(p, constant(1.0)))
    signed = op.where(op.equal(p, constant(0.5)), constant(0.0), signed)
    return op.where(ends, edge, signed)
