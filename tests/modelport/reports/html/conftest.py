"""Reports as comparisons give them: one that passes, and one that fails, of a model whose names are hostile."""

import numpy as np
import pandas as pd
import pytest

import modelport as mp
from modelport.parity import ParityReport, Settings

NAMES = ["<img src=x onerror=alert(1)>", "\"'><script>alert(2)</script>", "$x^2$ & \u202eright", "x]]>--><b>"]
CLASSES = ["</title><script>alert(3)</script>", "a & b"]
SETTINGS = Settings(rows=150, boundary_rows=300, proof=False)


def _data() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    rows = pd.DataFrame(rng.normal(size=(200, len(NAMES))), columns=NAMES)
    return rows, np.where(rows[NAMES[0]] + rows[NAMES[1]] > 0, CLASSES[0], CLASSES[1])


@pytest.fixture(scope="session")
def hostile() -> ParityReport:
    """Two trees that disagree; every name of theirs tries to be HTML."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier

    rows, labels = _data()
    first = make_pipeline(StandardScaler(), DecisionTreeClassifier(max_depth=4, random_state=0)).fit(rows, labels)
    second = make_pipeline(StandardScaler(), DecisionTreeClassifier(max_depth=3, random_state=0)).fit(rows, labels)
    third = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, labels)
    return mp.verify(first, second, third, data=rows, settings=SETTINGS)


@pytest.fixture(scope="session")
def pages(hostile: ParityReport, agreeing: ParityReport) -> dict[str, str]:
    """Both as pages."""
    from modelport.reports.html.document import document

    command = "modelport verify '<b>' \"&amp;\""
    return {"hostile": document(hostile, command=command), "agreeing": document(agreeing)}


@pytest.fixture(scope="session")
def agreeing() -> ParityReport:
    """A forest and itself."""
    from sklearn.ensemble import RandomForestClassifier

    rows, labels = _data()
    plain = rows.set_axis(["length", "width", "height", "depth"], axis=1)
    model = RandomForestClassifier(5, max_depth=4, random_state=0).fit(plain, labels == CLASSES[0])
    return mp.verify(model, model, data=plain, settings=SETTINGS)
