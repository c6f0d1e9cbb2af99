"""The error function in float64; onnxruntime's Erf computes in float32 only."""

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.ops import op

_MIDDLE = 3.75
_SERIES = (
    1.2375126308378277,
    -0.14024059858554894,
    0.00358541548546,
    0.0822767384903067,
    -0.10880393014098443,
    0.09230432115692283,
    -0.05869339860807186,
    0.028362277453757707,
    -0.009746579361254892,
    0.00175562565114508,
    0.0002937124883238043,
    -0.000290153341099169,
    5.165346985981411e-05,
    2.238244424082425e-05,
    -1.1454722335674604e-05,
    -9.706263295138404e-07,
    1.768618735182444e-06,
    -6.041543372248276e-08,
    -2.7662194952426964e-07,
    2.5491601718385963e-08,
    5.068923201179136e-08,
    -4.6418335841735875e-09,
    -9.786162991076718e-09,
    4.700268618762497e-10,
    1.1990778148174295e-09,
)
"""Powers of t = (x - 3.75) / (x + 3.75) in the Chebyshev fit of `(1 + 2 x) exp(x²) erfc(x)` over x ≥ 0.

The form is that of Shepherd and Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞",
Mathematics of Computation 36 (1981); the coefficients are fitted to SciPy's `erfcx` at 200 Chebyshev nodes.
"""


def erf(x: Var) -> Var:
    """The error function, to 1e-15 absolute."""
    size = op.abs(x)
    t = op.div(op.sub(size, double(_MIDDLE)), op.add(size, double(_MIDDLE)))
    powers = op.pow(op.unsqueeze(t, ints(-1)), double(np.arange(len(_SERIES))))
    series = op.squeeze(op.matmul(powers, double(np.array(_SERIES)[:, None])), ints(-1))
    tail = op.div(op.mul(op.exp(op.neg(op.mul(size, size))), series), op.add(op.mul(size, double(2.0)), double(1.0)))
    return op.mul(op.sign(x), op.sub(double(1.0), tail))
