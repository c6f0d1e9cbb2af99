"""YAML that a YAML reader reads back equal, whatever the texts are."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from modelport.exports.texts import json_text, yaml_text

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
    st.sampled_from(["yes", "No", "on", "null", "1.5", "1e3", "~", "a: b", "- x", "#", "'", '"', "0x10", "2020-01-01"]),
)
NAMES = st.text("abcXYZ_-. 019", min_size=1, max_size=8)
FILLED = st.recursive(
    SCALARS,
    lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3) | st.lists(inner, min_size=1, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, FILLED, min_size=1, max_size=4))
def test_yaml_is_read_back_equal(document: dict[str, Any]) -> None:
    assert yaml.safe_load(yaml_text(document)) == document


def test_json_is_strict() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text({"x": float("nan")})
