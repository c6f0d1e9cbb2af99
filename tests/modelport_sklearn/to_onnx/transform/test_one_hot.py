"""OneHotEncoder: every way to group, drop and meet categories; text, numbers, booleans, None and NaN."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from modelport.errors import CannotConvert, RuntimeFailed

TOWNS = ["Oslo", "Århus", "Москва", "a b", "北京", "oslo", " Oslo"]


def towns(rows: int = 120, missing: bool = True) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "town": rng.choice(TOWNS, rows, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05]),
            "level": rng.integers(0, 4, rows),
            "size": rng.choice([0.1, 0.2, -1.5], rows),
            "flag": rng.random(rows) < 0.3,
        }
    )
    if missing:
        frame.loc[::8, "town"] = np.nan
        frame.loc[::5, "size"] = np.nan
    return frame


def unseen(frame: pd.DataFrame) -> pd.DataFrame:
    other = frame.copy()
    other.loc[:6, "town"] = ["Atlantis", "OSLO", "Oslo ", "Oslo\u200b", "A\u030arhus", "0", "nan"]
    other.loc[3, "level"] = 99
    other.loc[4, "size"] = np.nextafter(0.1, 1)
    other.loc[5, "size"] = float(np.float32(0.1))
    return other


@pytest.mark.parametrize("drop", [None, "first", "if_binary"])
@pytest.mark.parametrize("unknown", ["ignore", "infrequent_if_exist", "warn"])
@pytest.mark.parametrize(
    "grouping", [{}, {"min_frequency": 0.12}, {"min_frequency": 15}, {"max_categories": 3}, {"max_categories": 1}]
)
@pytest.mark.filterwarnings("ignore:Found unknown categories")
def test_every_option(drop, unknown, grouping, agrees):
    rows = towns()
    encoder = OneHotEncoder(drop=drop, handle_unknown=unknown, sparse_output=False, **grouping)
    try:
        encoder.fit(rows)
    except ValueError:
        pytest.fail("every combination here is one that scikit-learn accepts")
    if not sum(encoder._n_features_outs):
        with pytest.raises(CannotConvert, match="every category is dropped"):
            agrees(encoder, rows)
        return
    agrees(encoder, rows)
    agrees(encoder, unseen(rows))


def test_min_frequency_groups_what_is_rare(agrees):
    """A public converter ignores the grouping silently."""
    rows = towns(missing=False)[["town"]]
    encoder = OneHotEncoder(min_frequency=0.15, handle_unknown="infrequent_if_exist").fit(rows)
    assert len(encoder.infrequent_categories_[0]) > 2
    agrees(encoder, rows)


def test_an_unknown_category_fails_where_scikit_learn_raises(agrees):
    rows = towns(missing=False)
    encoder = OneHotEncoder(sparse_output=False).fit(rows)
    session = agrees(encoder, rows)
    strange = unseen(rows)
    with pytest.raises(ValueError, match="unknown categories"):
        encoder.transform(strange)
    from modelport.data import data, fit

    with pytest.raises(RuntimeFailed):
        session.score(fit(next(data(strange).batches()), session.signature))


def test_dropping_chosen_categories(agrees):
    rows = towns()
    encoder = OneHotEncoder(drop=["Oslo", 2, 0.2, True], handle_unknown="ignore").fit(rows)
    agrees(encoder, unseen(rows))


def test_given_categories_in_their_own_order(agrees):
    rows = pd.DataFrame({"size": ["small", "large", "medium", "huge"]})
    encoder = OneHotEncoder(categories=[["small", "medium", "large"]], handle_unknown="ignore").fit(rows)
    agrees(encoder, rows)


def test_none_is_a_category(agrees):
    rows = np.array([["a"], [None], ["b"], ["a"]], object)
    agrees(OneHotEncoder().fit(rows), rows)


def test_none_and_nan_apart_are_refused(agrees):
    rows = np.array([["a"], [None], ["b"], [np.nan]], object)
    with pytest.raises(CannotConvert, match="None and NaN"):
        agrees(OneHotEncoder().fit(rows), rows)


def test_empty_string_and_missing_apart_are_refused(agrees):
    rows = pd.DataFrame({"town": ["", "a", np.nan, "b"]})
    with pytest.raises(CannotConvert, match='has "" as a category'):
        agrees(OneHotEncoder().fit(rows), rows)


def test_the_empty_string_is_a_category_where_nothing_is_missing(agrees):
    rows = pd.DataFrame({"town": ["", "a", " ", "b"]})
    agrees(OneHotEncoder().fit(rows), rows, nullable=False)


def test_nan_among_numbers(agrees):
    rows = np.array([[1.0], [np.nan], [0.1], [-0.0]])
    encoder = OneHotEncoder(handle_unknown="ignore").fit(rows)
    probes = np.array([[1.0], [np.nan], [0.1], [0.0], [-0.0], [np.nextafter(0.1, 1)], [np.inf]])
    encoder_rows = probes[:-1]
    agrees(encoder, encoder_rows)


def test_large_whole_numbers_are_told_apart(agrees):
    rows = np.array([[2**53], [2**53 + 1], [-(2**62)]])
    agrees(OneHotEncoder(handle_unknown="ignore").fit(rows), np.vstack([rows, rows + 1]), nullable=False)


def test_text_where_numbers_were_fitted_is_refused(agrees):
    encoder = OneHotEncoder(handle_unknown="ignore").fit(pd.DataFrame({"a": np.array([1, 2, 3], object)}))
    with pytest.raises(CannotConvert, match="travels as text"):
        agrees(encoder, pd.DataFrame({"a": ["x", "y", "z"]}))


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.int32, bool])
def test_the_output_has_the_dtype_asked_for(dtype, agrees):
    rows = towns(missing=False)[["town"]]
    agrees(OneHotEncoder(dtype=dtype, sparse_output=False).fit(rows), rows)


def test_many_categories(agrees):
    rows = pd.DataFrame({"id": [f"user {i}" for i in range(3000)]})
    agrees(OneHotEncoder(handle_unknown="ignore").fit(rows), rows.iloc[::10])


def test_sparse_then_dense(agrees):
    rows = towns()[["town"]]
    agrees(make_pipeline(OneHotEncoder(), StandardScaler(with_mean=False)).fit(rows), rows)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXT, min_size=2, max_size=8, unique=True), st.lists(TEXT, min_size=1, max_size=8))
def test_any_text(agrees_anywhere, known, met):
    rows = pd.DataFrame({"t": list(itertools.islice(itertools.cycle(known), 12))}, dtype=object)
    encoder = OneHotEncoder(handle_unknown="ignore").fit(rows)
    agrees_anywhere(encoder, pd.DataFrame({"t": [*known, *met]}, dtype=object))
