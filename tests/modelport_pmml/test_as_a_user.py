"""A PMML file in a user's hands: scored in Python and on the command line, and as an estimator; no Java."""

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.base import ClassifierMixin

import modelport as mp
from modelport.cli import main
from modelport_pmml.document import PmmlDocument, write

ROWS = pd.DataFrame({"age": [2.5, np.nextafter(2.5, 3), None], "island": ["Dream", "Biscoe", "Dream"]})
LABELS = ["yes", "no", "no"]


@pytest.fixture
def file(tree: PmmlDocument, tmp_path: Path) -> Path:
    """The tree as a file, without its supplementary field."""
    write(tree, tmp_path / "a.pmml")
    return tmp_path / "a.pmml"


def run(*arguments: object) -> None:
    assert main.run([str(item) for item in arguments]) == 0


def test_predicting_in_a_notebook(file: Path) -> None:
    assert list(mp.load(file).predict(ROWS)) == LABELS


def test_scoring_a_file_on_the_command_line(file: Path, tmp_path: Path) -> None:
    ROWS.to_parquet(tmp_path / "rows.parquet")
    run("score", file, tmp_path / "rows.parquet", "-o", tmp_path / "scored.parquet")
    scored = pq.read_table(tmp_path / "scored.parquet").to_pydict()
    assert scored == {"label": LABELS, "probability(yes)": [0.75, 0.1, 0.1], "probability(no)": [0.25, 0.9, 0.9]}


def test_a_pickle_with_the_interface_of_scikit_learn(file: Path, tmp_path: Path) -> None:
    run("convert", file, tmp_path / "a.pkl", "--no-verify")
    estimator = joblib.load(tmp_path / "a.pkl")
    assert isinstance(estimator, ClassifierMixin)
    assert list(estimator.classes_) == ["yes", "no"]
    assert list(estimator.predict(ROWS[list(estimator.feature_names_in_)])) == LABELS
    shares = estimator.predict_proba(ROWS[list(estimator.feature_names_in_)])
    np.testing.assert_array_equal(shares, [[0.75, 0.25], [0.1, 0.9], [0.1, 0.9]])


def test_onnx_gives_the_same_answers(file: Path, tmp_path: Path) -> None:
    run("convert", file, tmp_path / "a.onnx", "--no-verify")
    assert list(mp.load(tmp_path / "a.onnx").predict(ROWS)) == LABELS
