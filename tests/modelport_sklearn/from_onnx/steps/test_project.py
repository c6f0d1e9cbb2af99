"""Projections come back."""

import numpy as np
import pytest
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline


@pytest.mark.parametrize("step", [PCA(2), TruncatedSVD(2, random_state=0)], ids=str)
def test_a_projection(step, numbers, back) -> None:
    assert type(back(step, numbers)) is type(step)


def test_a_projection_before_a_model_is_part_of_its_coefficients_or_a_step(numbers, back) -> None:
    found = back(make_pipeline(PCA(3), Ridge()), numbers, np.sin(numbers[:, 0]))
    assert [type(step).__name__ for _, step in found.steps] == ["PCA", "LinearRegression"]
