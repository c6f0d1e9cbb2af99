"""Scalers come back, alone and before a model."""

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer, MaxAbsScaler, MinMaxScaler, Normalizer, RobustScaler, StandardScaler

SCALERS = [
    (StandardScaler(), "StandardScaler"),
    (StandardScaler(with_mean=False), "StandardScaler"),
    (StandardScaler(with_std=False), "StandardScaler"),
    (RobustScaler(), "StandardScaler"),
    (MaxAbsScaler(), "StandardScaler"),
    (MinMaxScaler(), "MinMaxScaler"),
    (MinMaxScaler(feature_range=(-1, 2), clip=True), "MinMaxScaler"),
    (Normalizer("l1"), "Normalizer"),
    (Normalizer("l2"), "Normalizer"),
    (Normalizer("max"), "Normalizer"),
    (Binarizer(threshold=0.5), "Binarizer"),
]


@pytest.mark.parametrize(("scaler", "name"), SCALERS, ids=str)
def test_a_scaler_alone(scaler, name, numbers, back) -> None:
    assert type(back(scaler, numbers)).__name__ == name


def test_scalers_in_a_row(numbers, back) -> None:
    model = make_pipeline(StandardScaler(), Normalizer(), MinMaxScaler(), LogisticRegression())
    found = back(model, numbers, numbers[:, 0] > 0, probes=numbers * 1.5)
    assert [type(step).__name__ for _, step in found.steps] == [type(step).__name__ for _, step in model.steps]
