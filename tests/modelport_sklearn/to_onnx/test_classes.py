"""Class labels as a signature holds them, and those it cannot hold."""

import numpy as np
import pytest

from modelport.conversion import Context
from modelport.errors import CannotConvert
from modelport.signature import Signature, matrix_inputs
from modelport_onnx.lowering import Scope
from modelport_sklearn.to_onnx.classes import classes_of

SCOPE = Scope(Context(Signature(matrix_inputs(1))), ("forest",))


@pytest.mark.parametrize(
    ("given", "want"),
    [
        (np.array(["a b", "é"]), ("a b", "é")),
        (np.array([3, 7], np.int16), (3, 7)),
        (np.array([False, True]), (False, True)),
        (np.array([0.5, 2.0], np.float32), (0.5, 2.0)),
        (np.array(["x", "y"], object), ("x", "y")),
        (np.array([], int), ()),
    ],
    ids=str,
)
def test_labels_are_python_scalars(given, want):
    labels = classes_of(given, SCOPE)
    assert labels == want
    assert all(type(label) in (str, int, float, bool) for label in labels)


@pytest.mark.parametrize(
    "given", [np.array([b"a"]), np.array(["a", 1], object), np.array([None, "a"], object)], ids=str
)
def test_other_labels_are_refused_at_their_step(given):
    with pytest.raises(CannotConvert, match="forest"):
        classes_of(given, SCOPE)
