"""KNNImputer: a public converter computes in float32 and takes other neighbours."""

import numpy as np
import pytest
from sklearn.impute import KNNImputer

from modelport.conversion import Context, NoteKind
from modelport.errors import CannotConvert
from modelport.signature import Signature, matrix_inputs
from modelport_onnx.build import to_onnx


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    rows = rng.normal(5, 3, size=(80, 4))
    rows[rng.random(rows.shape) < 0.25] = np.nan
    return rows


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("count", [1, 3, 5, 200])
def test_neighbours(weights, count, rows, agrees):
    imputer = KNNImputer(n_neighbors=count, weights=weights).fit(rows[:50])
    agrees(imputer, rows)
    agrees(imputer, np.vstack([np.full((1, 4), np.nan), rows[-2:]]))
    agrees(imputer, np.nan_to_num(rows))


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("indicator", [True, False])
def test_an_empty_column(keep, indicator, rows, agrees):
    rows[:, 1] = np.nan
    imputer = KNNImputer(keep_empty_features=keep, add_indicator=indicator).fit(rows)
    agrees(imputer, rows)
    rows[::2, 1] = 4.0
    agrees(imputer, rows)


def test_another_marker(rows, agrees):
    marked = np.nan_to_num(rows, nan=-1.0)
    agrees(KNNImputer(missing_values=-1).fit(marked), marked)


def test_rows_that_share_no_column(agrees):
    rows = np.array([[1.0, np.nan, 3.0], [np.nan, 2.0, np.nan], [4.0, np.nan, 1.0], [np.nan, 5.0, np.nan]])
    agrees(KNNImputer(n_neighbors=2).fit(rows), rows)


def test_ties_are_noted(rows):
    context = Context(Signature(matrix_inputs(4, nullable=True)))
    to_onnx(KNNImputer().fit(rows), context)
    assert [note.kind for note in context.notes] == [NoteKind.ASSUMED]


def test_python_code_is_refused(rows, agrees):
    with pytest.raises(CannotConvert, match="Python code"):
        agrees(KNNImputer(weights=lambda d: d).fit(rows), rows)
