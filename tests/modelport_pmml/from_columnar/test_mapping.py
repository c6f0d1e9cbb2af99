"""Maps of text in PMML, at their edges."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from modelport import api


@pytest.mark.java
@pytest.mark.parametrize("cities", [["Oslo", None], ["Köln", " Oslo", None, "Oslo"]])
def test_missing_text_is_a_category_of_its_own(cities: list[str | None]) -> None:
    """scikit-learn 1.9 gives missing text a column; a map may then have no key but the missing one."""
    rows = pd.DataFrame({"city": (cities * 16)[:16], "n": np.arange(16.0)})
    encoder = OneHotEncoder(handle_unknown="ignore", drop=None)
    columns = make_column_transformer((encoder, ["city"]), ("passthrough", ["n"]))
    y = [int((city is None and n % 2 == 0) or n % 3 == 0) for city, n in zip(rows["city"], rows["n"], strict=True)]
    model = make_pipeline(columns, LogisticRegression()).fit(rows, y)
    document = api.convert(model, "pmml", data=rows, verify=False).model
    want = model.predict_proba(rows)
    for runtime in ("jpmml", "modelport-onnx"):
        found = api.load(document.artifact.model, runtime=runtime).predict_proba(rows)
        np.testing.assert_allclose(found, want, rtol=0, atol=1e-12)
