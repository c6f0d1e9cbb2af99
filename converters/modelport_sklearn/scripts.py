"""How to ask scikit-learn about one row with nothing but itself, for reproductions."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from modelport.artifacts import Artifact
from modelport.data import row_batch
from modelport.runtimes import Script
from modelport.signature import Signature
from modelport_sklearn.signature import reading

_ASKED = ("predict", "predict_proba", "decision_function")


def scikit_learn(artifact: Artifact, row: Mapping[str, Any], hint: Signature | None, file: str) -> Script | None:
    """See `modelport.runtimes.Runtime.script`; None for a skops file, which joblib does not read."""
    if file.endswith(".skops"):
        return None
    model, stem = artifact.model, file.partition(".")[0]
    known = reading(model, None, hint)
    rows = known.feeding.rows(row_batch(row, known.signature))
    imports, read, kept, content = _array(rows, stem) if isinstance(rows, np.ndarray) else _frame(rows, stem)
    names = [name for name in _ASKED if hasattr(model, name)] or ["transform"]
    setup = f'model, rows = joblib.load("{file}"), {read}'
    answer = ", ".join(f"model.{name}(rows)" for name in names)
    return Script(("import joblib", imports), answer, {kept: content}, (setup,))


def _array(rows: Any, stem: str) -> tuple[str, str, str, bytes]:
    """What to import, the expression that reads the rows, the file they are in, and its bytes."""
    if rows.dtype == object and rows.ndim == 2:
        import pandas as pd

        imports, read, kept, content = _frame(pd.DataFrame(rows).rename(columns=str).infer_objects(), stem)
        return imports, f"{read}.to_numpy(object)", kept, content
    target = io.BytesIO()
    np.save(target, rows.astype(str) if rows.dtype == object else rows, allow_pickle=False)
    return "import numpy as np", f'np.load("{stem}.npy")', f"{stem}.npy", target.getvalue()


def _frame(rows: Any, stem: str) -> tuple[str, str, str, bytes]:
    target = io.BytesIO()
    rows.to_parquet(target)
    return "import pandas as pd", f'pd.read_parquet("{stem}.parquet")', f"{stem}.parquet", target.getvalue()
