"""LightGBM's text: damaged in every way, and what it says of categories."""

from contextlib import suppress

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelport.errors import InputError
from modelport_boosters.lgbm.model import NAN, NONE, ZERO, parse
from modelport_boosters.lgbm.trees import columns_of, forest


def text(**options):
    rng = np.random.default_rng(0)
    x = pd.DataFrame({"a": rng.normal(size=200), "t": pd.Categorical(rng.choice(["x", "y", "z"], 200))})
    x.loc[::7, "a"] = np.nan
    y = x["a"].fillna(0) + (x["t"] == "y") * 3
    settings = {"n_estimators": 3, "verbosity": -1, "num_threads": 1, "min_child_samples": 5, "cat_smooth": 1}
    return lgb.LGBMRegressor(min_data_per_group=5, **settings, **options).fit(x, y).booster_.model_to_string()


TEXT = text()


def test_categories_and_what_is_missing():
    model = parse(TEXT)
    assert model.categories == (("x", "y", "z"),)
    assert model.categorical == (1,)
    sets = [members for tree in model.trees for members in tree.members if members is not None]
    assert sets
    assert all(set(members.tolist()) <= {0, 1, 2} for members in sets)


@pytest.mark.parametrize(
    ("options", "kind"), [({}, NAN), ({"zero_as_missing": True}, ZERO), ({"use_missing": False}, NONE)]
)
def test_kinds_of_missing_values(options, kind):
    trees = parse(text(**options)).trees
    numeric = [kind for tree in trees for kind, m in zip(tree.missing.tolist(), tree.members, strict=True) if m is None]
    assert set(numeric) == {kind}


@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.text(alphabet="0123456789=-. \nTree", max_size=6))
def test_a_damaged_model_is_read_or_refused(at, cut, noise):
    damaged = TEXT[:at] + noise + TEXT[at + cut :]
    with suppress(InputError):
        model = parse(damaged)
        forest(model, columns_of(model))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_model_is_refused(share):
    with pytest.raises(InputError):
        parse(TEXT[: int(len(TEXT[: TEXT.index("end of trees")]) * share)])


def changed(name, value):
    """The text with the first line of this name changed."""
    lines = TEXT.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(f"{name}="))
    return "\n".join([*lines[:at], f"{name}={value}", *lines[at + 1 :]])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_tree_per_iteration", "0"),
        ("feature_names", "a  t"),
        ("right_child", "99999999999999999999"),
        ("threshold", "inf inf"),
        ("cat_boundaries", "0 99999999999999999999"),
    ],
)
def test_what_contradicts_itself_is_refused_with_a_typed_error(name, value):
    with pytest.raises(InputError, match="no LightGBM model"):
        parse(changed(name, value))
