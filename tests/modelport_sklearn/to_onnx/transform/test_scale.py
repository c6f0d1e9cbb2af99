"""Scalers, Normalizer, Binarizer and KernelCenterer, at their bounds and thresholds."""

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    KernelCenterer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    RobustScaler,
    StandardScaler,
)


@pytest.fixture
def rows():
    rows = np.random.default_rng(0).normal(1e3, 2, size=(60, 4))
    rows[:, 2] = 5.0
    rows[::7, 1] = np.nan
    return rows


SCALERS = [
    StandardScaler(),
    StandardScaler(with_mean=False),
    StandardScaler(with_std=False),
    MinMaxScaler(),
    MinMaxScaler((-3, 0.5)),
    MinMaxScaler(clip=True),
    MaxAbsScaler(),
    MaxAbsScaler(clip=True),
    RobustScaler(),
    RobustScaler(unit_variance=True, quantile_range=(10, 80)),
    RobustScaler(with_centering=False),
    RobustScaler(with_scaling=False),
]


@pytest.mark.parametrize("scaler", SCALERS, ids=repr)
def test_every_scaler(scaler, rows, agrees, boundary):
    agrees(scaler.fit(rows), rows)
    ends = np.array([boundary([np.nanmin(c), np.nanmax(c)]) for c in rows.T]).T
    agrees(scaler, ends)
    agrees(scaler, ends * 1e6)
    frame = pd.DataFrame(rows, columns=list("abcd"))
    agrees(scaler.fit(frame), frame)


@pytest.mark.parametrize("norm", ["l1", "l2", "max"])
def test_norms(norm, agrees):
    rows = np.random.default_rng(0).normal(size=(20, 3))
    rows[0] = 0
    rows[1] = 1e-16
    rows[2] = [2.2e-15, 0, 0]
    rows[3] = [np.nextafter(10 * np.finfo(float).eps, 0), 0, 0]
    rows[4] = [10 * np.finfo(float).eps, 0, 0]
    agrees(Normalizer(norm).fit(rows), rows)
    sparse = make_pipeline(OneHotEncoder(handle_unknown="ignore"), MaxAbsScaler(), Normalizer(norm))
    agrees(sparse.fit(rows.round(0)), np.vstack([rows.round(0), [[99.0, 99.0, 99.0]]]))


@pytest.mark.parametrize("threshold", [0.0, 0.1, -2.5, 1 / 3])
def test_thresholds(threshold, agrees, boundary):
    """A public converter rounds the threshold."""
    edge = np.array([boundary([threshold]), boundary([threshold])[::-1]]).T
    agrees(Binarizer(threshold=threshold).fit(edge), edge)
    narrow = edge.astype(np.float32)
    agrees(Binarizer(threshold=threshold).fit(narrow), narrow)
    agrees(Binarizer(threshold=threshold).fit([[1, 2]]), np.array([[0, 1], [-3, 2]]), nullable=False)


def test_centred_kernels(agrees):
    """A public converter has none."""
    rows = np.random.default_rng(0).normal(size=(20, 3))
    agrees(KernelCenterer().fit(rows @ rows.T), rows @ rows.T + 1)
