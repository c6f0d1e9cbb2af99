"""TargetEncoder for numbers, two and several classes."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import TargetEncoder


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"town": rng.choice(["a", "b", "ç", "d"], 150), "n": rng.integers(0, 5, 150)})
    frame.loc[::9, "town"] = np.nan
    return frame


@pytest.mark.parametrize("kind", ["number", "two", "text", "several"])
@pytest.mark.parametrize("smooth", ["auto", 0.0, 5.0])
def test_every_target(kind, smooth, rows, agrees):
    rng = np.random.default_rng(1)
    target = {
        "number": rng.normal(size=150),
        "two": rng.integers(0, 2, 150),
        "text": rng.choice(["no", "yes"], 150),
        "several": rng.choice(["x", "y", "z"], 150),
    }[kind]
    encoder = TargetEncoder(smooth=smooth, random_state=0).fit(rows, target)
    agrees(encoder, rows)
    other = rows.copy()
    other.loc[:3, "town"] = "never seen"
    other.loc[5, "n"] = -1
    agrees(encoder, other)


def test_missing_values_that_were_never_seen(rows, agrees):
    seen = rows.dropna()
    agrees(TargetEncoder(random_state=0).fit(seen, np.arange(len(seen)) * 1.0), rows)
