"""The error function against SciPy."""

import numpy as np
from scipy.special import erf

from modelport_onnx.blocks import special


def test_error_function(run):
    x = np.r_[np.linspace(-7, 7, 20001), np.logspace(-300, 2, 500), -np.logspace(-300, 2, 500), 0.0, np.inf][:, None]
    x = x[np.isfinite(x)][:, None]
    assert np.abs(run(special.erf, x) - erf(x)).max() < 2e-15
