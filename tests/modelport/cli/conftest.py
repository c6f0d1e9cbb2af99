"""Running the command in this process, and small models to run it on."""

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelport.cli import main

Run = Callable[..., "Ran"]


@dataclass(frozen=True)
class Ran:
    """What a run of the command gave."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line that says what went wrong."""
        lines = [line for line in self.err.splitlines() if line.startswith("error: ")]
        assert len(lines) == 1, self.err
        return lines[0].removeprefix("error: ")

    @property
    def hint(self) -> str:
        lines = [line for line in self.err.splitlines() if line.startswith("  → ")]
        assert len(lines) == 1, self.err
        return lines[0].removeprefix("  → ")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`run("convert", "a", "b")` in an empty folder; no traceback may ever show."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MODELPORT_DEBUG", raising=False)

    def runner(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main.run([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err + shown.out
        return Ran(code, shown.out, shown.err)

    return runner


@pytest.fixture
def frame() -> pd.DataFrame:
    """Rows with a string column and missing values."""
    rng = np.random.default_rng(7)
    age = rng.uniform(18, 80, 120)
    age[::11] = np.nan
    return pd.DataFrame({"age": age, "city": rng.choice(["Oslo", "Rome", "Bonn"], 120), "income": rng.normal(size=120)})


@pytest.fixture
def estimator(frame: pd.DataFrame) -> Any:
    """A fitted pipeline over `frame`."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder
    from sklearn.tree import DecisionTreeClassifier

    columns = ColumnTransformer(
        [("text", OneHotEncoder(handle_unknown="ignore"), ["city"]), ("numbers", SimpleImputer(), ["age", "income"])]
    )
    target = np.where(frame["income"] > 0, "yes", "no")
    return make_pipeline(columns, DecisionTreeClassifier(max_depth=4, random_state=0)).fit(frame, target)


@pytest.fixture
def model(estimator: Any, run: Run, tmp_path: Path) -> Path:
    """The pipeline as `model.pkl` in the folder the command runs in."""
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(estimator))
    return path


@pytest.fixture
def rows(frame: pd.DataFrame, run: Run, tmp_path: Path) -> Path:
    """The rows as `rows.parquet`."""
    path = tmp_path / "rows.parquet"
    frame.to_parquet(path)
    return path
