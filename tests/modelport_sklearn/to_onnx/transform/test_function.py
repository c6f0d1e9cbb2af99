"""FunctionTransformer with every NumPy function that is known, and what is refused."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import special
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from modelport.errors import CannotConvert
from modelport_sklearn.to_onnx.transform.numpy_functions import IDENTITIES, table

WIDE = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.5,
    -2.5,
    1e-9,
    1e-300,
    1e9,
    -1e9,
    1e300,
    20.0,
    22.0,
    0.1,
    1 / 3,
    710.0,
    -710.0,
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", sorted(table(), key=lambda f: f.__name__))
def test_every_function(function, agrees, boundary):
    values = [*boundary(WIDE), np.nan, np.inf, -np.inf]
    if function in (np.sin, np.cos, np.tan):
        values = [value for value in values if not abs(value) > 1e9]
    if function is np.clip:
        transformer = FunctionTransformer(function, kw_args={"a_min": -0.5, "a_max": 1 / 3})
    else:
        transformer = FunctionTransformer(function)
    rows = np.array([values, values[::-1]]).T
    agrees(transformer.fit(rows), rows)


@pytest.mark.parametrize("decimals", [0, 2, -1])
def test_rounding(decimals, agrees):
    rows = np.array([[0.5, 1.5, 2.5, -0.5, 2.675, 1.005, 15.0, 25.0, 1e5 + 0.125]]).T
    agrees(FunctionTransformer(np.round, kw_args={"decimals": decimals}).fit(rows), rows)


def test_replacing_what_is_no_number(agrees):
    rows = np.array([[np.nan, np.inf, -np.inf, 2.0]]).T
    agrees(FunctionTransformer(np.nan_to_num).fit(rows), rows)
    agrees(FunctionTransformer(np.nan_to_num, kw_args={"nan": -1, "posinf": 7, "neginf": 8}).fit(rows), rows)


def test_partials(agrees):
    rows = np.linspace(-3, 3, 20).reshape(-1, 2)
    agrees(FunctionTransformer(partial(np.clip, a_min=0, a_max=1)).fit(rows), rows)


@pytest.mark.parametrize("options", [{}, {"feature_names_out": "one-to-one"}, {"validate": True}])
def test_names(options, agrees):
    frame = pd.DataFrame({"a": [1.0, 2.0], "b c": [0.5, 4.0]})
    for function in (np.log1p, None, np.nan_to_num, *IDENTITIES[:2]):
        agrees(FunctionTransformer(function, **options).fit(frame), frame)
    agrees(make_pipeline(StandardScaler(), FunctionTransformer(np.exp)).fit(frame), frame)
    agrees(make_pipeline(FunctionTransformer(np.exp), StandardScaler()).fit(frame), frame)


def test_float32_stays_float32(agrees):
    frame = pd.DataFrame({"a": np.array([0.1, 7.7], np.float32)})
    session = agrees(FunctionTransformer(np.abs).fit(frame), frame)
    assert str(session.signature.outputs[0].type) == "float"


def test_what_is_refused(agrees):
    rows = np.ones((3, 2))
    for function in (lambda x: x, np.cumsum, np.sort, special.gamma):
        with pytest.raises(CannotConvert, match="Python code"):
            agrees(FunctionTransformer(function).fit(rows), rows)
    with pytest.raises(CannotConvert, match="kw_args"):
        agrees(FunctionTransformer(np.nan_to_num, kw_args={"nan": np.array([1, 2])}).fit(rows), rows)
    with pytest.raises(CannotConvert, match="half precision"):
        agrees(FunctionTransformer(np.exp).fit([[True]]), np.array([[True]]), nullable=False)
    with pytest.raises(CannotConvert, match="holds text"):
        agrees(FunctionTransformer(np.isnan).fit(rows), pd.DataFrame({"a": ["x"]}))
