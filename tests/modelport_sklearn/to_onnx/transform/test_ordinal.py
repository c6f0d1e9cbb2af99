"""OrdinalEncoder: missing, unknown and infrequent categories, and every dtype."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import OrdinalEncoder

from modelport.errors import RuntimeFailed


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"town": rng.choice(["a", "b", "ç", "d"], 90, p=[0.5, 0.3, 0.1, 0.1]), "n": rng.integers(0, 5, 90)}
    )
    frame["x"] = rng.choice([0.1, 0.5, np.nan], 90)
    frame.loc[::9, "town"] = np.nan
    return frame


def unseen(rows):
    other = rows.copy()
    other.loc[:2, "town"] = ["A", "zz", " a"]
    other.loc[3, "n"] = 77
    other.loc[4, "x"] = np.nextafter(0.1, 0)
    return other


@pytest.mark.parametrize("unknown", [-1, np.nan, 99])
@pytest.mark.parametrize("missing", [np.nan, -2])
@pytest.mark.parametrize("grouping", [{}, {"min_frequency": 0.15}, {"max_categories": 2}, {"max_categories": 1}])
def test_options(unknown, missing, grouping, rows, agrees):
    encoder = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=unknown, encoded_missing_value=missing, **grouping
    ).fit(rows)
    agrees(encoder, rows)
    agrees(encoder, unseen(rows))


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.int32, np.int8])
def test_dtypes(dtype, rows, agrees):
    agrees(OrdinalEncoder(dtype=dtype, encoded_missing_value=-1).fit(rows), rows)


def test_an_unknown_category_fails_where_scikit_learn_raises(rows, agrees):
    whole = rows.dropna()
    session = agrees(OrdinalEncoder().fit(whole), whole)
    with pytest.raises(RuntimeFailed):
        session.run({"town": np.array([["zz"]], object), "n": np.array([[1.0]]), "x": np.array([[0.1]])})


def test_given_order(agrees):
    frame = pd.DataFrame({"size": ["S", "XL", "M"]})
    agrees(OrdinalEncoder(categories=[["S", "M", "L", "XL"]]).fit(frame), frame)
    booleans = pd.DataFrame({"b": [True, False, True]})
    agrees(OrdinalEncoder().fit(booleans), booleans)
