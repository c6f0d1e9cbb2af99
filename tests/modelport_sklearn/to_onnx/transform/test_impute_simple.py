"""SimpleImputer and MissingIndicator: numbers and text, constants, indicators, empty columns, other markers."""

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import MissingIndicator, SimpleImputer

from modelport.errors import CannotConvert, RuntimeFailed


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 4)).round(1)
    rows[rng.random(rows.shape) < 0.2] = np.nan
    return rows


@pytest.fixture
def words():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.choice(["x", "ü", ""], 40), "b": rng.choice(["?", "no", "yes"], 40)})
    frame.loc[::4, "a"] = np.nan
    return frame


@pytest.mark.parametrize("strategy", ["mean", "median", "most_frequent", "constant", np.nanmax])
@pytest.mark.parametrize("indicator", [True, False])
def test_numbers(strategy, indicator, rows, agrees):
    """A public converter gives a float64 graph that no runtime loads."""
    agrees(SimpleImputer(strategy=strategy, add_indicator=indicator).fit(rows), rows)
    frame = pd.DataFrame(rows, columns=list("abcd"))
    agrees(SimpleImputer(strategy=strategy, add_indicator=indicator).fit(frame), frame)


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("strategy", ["mean", "most_frequent", "constant"])
def test_an_empty_column(keep, strategy, rows, agrees):
    rows[:, 1] = np.nan
    agrees(SimpleImputer(strategy=strategy, keep_empty_features=keep, add_indicator=True).fit(rows), rows)


@pytest.mark.parametrize("marker", [-1, 0.1, 0])
def test_another_marker(marker, rows, agrees, boundary):
    filled = np.nan_to_num(rows, nan=marker)
    imputer = SimpleImputer(missing_values=marker, add_indicator=True).fit(filled)
    agrees(imputer, filled)
    edge = np.array([boundary([marker])] * 4).T
    agrees(imputer, edge)


@pytest.mark.parametrize(
    "options", [{"strategy": "most_frequent"}, {"strategy": "constant"}, {"strategy": "constant", "fill_value": "ø"}]
)
def test_text(options, words, agrees):
    agrees(SimpleImputer(**options).fit(words[["b"]]), words[["b"]])
    missing = words[["a"]].replace("", "z")
    agrees(SimpleImputer(**options).fit(missing), missing)
    agrees(SimpleImputer(missing_values="?", **options).fit(words[["b"]]), words[["b"]])


def test_text_and_numbers_together(words, agrees):
    words["a"] = words["a"].replace("", "z")
    words["n"] = np.arange(40.0)
    words.loc[3, "n"] = np.nan
    agrees(SimpleImputer(strategy="most_frequent").fit(words), words)


def test_filling_the_empty_string_but_not_missing_is_refused(words, agrees):
    rows = words[["b"]].replace("?", "")
    imputer = SimpleImputer(missing_values="", strategy="most_frequent").fit(rows)
    with pytest.raises(CannotConvert, match="both are the empty string"):
        agrees(imputer, rows)
    agrees(imputer, rows, nullable=False)


def test_whole_numbers(agrees):
    rows = np.array([[1, -1], [2, 5], [-1, 5]])
    agrees(SimpleImputer(missing_values=-1, strategy="most_frequent").fit(rows), rows, nullable=False)
    agrees(SimpleImputer(missing_values=-1).fit(rows), rows, nullable=False)


def test_float32_columns(agrees, rows):
    narrow = rows.astype(np.float32)
    agrees(SimpleImputer().fit(narrow), narrow)


@pytest.mark.parametrize("features", ["missing-only", "all"])
def test_indicators(features, rows, agrees):
    rows[:, 3] = 1.0
    agrees(MissingIndicator(features=features).fit(rows), rows)
    agrees(MissingIndicator(features=features, sparse=True).fit(rows), rows)


def test_an_indicator_of_text(words, agrees):
    missing = words[["a"]].replace("", "z")
    agrees(MissingIndicator().fit(missing), missing)


def test_new_missing_columns_fail_where_scikit_learn_raises(rows, agrees):
    rows[:, 3] = 1.0
    session = agrees(MissingIndicator().fit(rows), rows)
    rows[0, 3] = np.nan
    with pytest.raises(RuntimeFailed):
        session.run({"X": rows})
    agrees(MissingIndicator(error_on_new=False).fit(np.where(np.arange(4) == 3, 1.0, rows)), rows)
