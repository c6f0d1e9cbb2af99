"""Transformed targets: every known way back."""

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from modelport.errors import CannotConvert

TRANSFORMERS = {
    "standard": StandardScaler(),
    "not centred": StandardScaler(with_mean=False),
    "not scaled": StandardScaler(with_std=False),
    "min max": MinMaxScaler((-2, 5)),
    "max abs": MaxAbsScaler(),
    "robust": RobustScaler(),
    "yeo-johnson": PowerTransformer(),
    "box-cox": PowerTransformer("box-cox", standardize=False),
    "uniform": QuantileTransformer(n_quantiles=50),
    "normal": QuantileTransformer(n_quantiles=50, output_distribution="normal"),
    "function": FunctionTransformer(np.log1p, np.expm1),
    "identity": FunctionTransformer(),
    "pipeline": make_pipeline(FunctionTransformer(np.sqrt, np.square), StandardScaler()),
}


def data():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(150, 3))
    return x, np.exp(x[:, 0] * 0.5 + rng.normal(size=150) * 0.2)


@pytest.mark.parametrize("name", TRANSFORMERS)
def test_transformers(name, agrees):
    x, y = data()
    model = TransformedTargetRegressor(LinearRegression(), transformer=TRANSFORMERS[name], check_inverse=False)
    agrees(model.fit(x[:100], y[:100]), np.r_[x, x * 1.5])


def test_several_targets(agrees):
    x, y = data()
    model = TransformedTargetRegressor(LinearRegression(), transformer=QuantileTransformer(n_quantiles=40))
    agrees(model.fit(x, np.c_[y, y**2, -y]), x)


@pytest.mark.parametrize("pair", [(np.log, np.exp), (np.log1p, np.expm1), (np.sqrt, np.square)], ids=str)
def test_functions(pair, agrees):
    x, y = data()
    agrees(TransformedTargetRegressor(LinearRegression(), func=pair[0], inverse_func=pair[1]).fit(x, y), x)


@pytest.mark.parametrize("exponent", [0.0, 2.0, 1.0, -0.5])
def test_powers_at_their_limits(exponent, agrees):
    x, y = data()
    transformer = PowerTransformer(standardize=False)
    model = TransformedTargetRegressor(LinearRegression(), transformer=transformer, check_inverse=False).fit(x, y - 1)
    model.transformer_.lambdas_ = np.array([exponent])
    agrees(model, x * 0.5)


def test_python_code_and_other_transformers_are_refused(agrees):
    x, y = data()
    for model in (
        TransformedTargetRegressor(LinearRegression(), func=lambda v: v, inverse_func=lambda v: v + 0),
        TransformedTargetRegressor(LinearRegression(), transformer=PCA()),
    ):
        with pytest.raises(CannotConvert):
            agrees(model.fit(x, y), x)
