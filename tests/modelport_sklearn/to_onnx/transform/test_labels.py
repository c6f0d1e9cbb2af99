"""Encoders of labels, where a column is what they transform."""

import numpy as np
import pytest
from sklearn.preprocessing import LabelBinarizer, LabelEncoder

from modelport.errors import RuntimeFailed


@pytest.mark.parametrize(
    "labels", [["b", "a", "ü", "a"], [3, 1, 2, 1], [0.5, 1.5, 0.5, -1.0], [True, False, True, True]]
)
def test_positions(labels, labels_of):
    labels_of(LabelEncoder().fit(labels), labels)


@pytest.mark.parametrize("labels", [["b", "a", "ü", "a"], [3, 1, 2, 1], ["no", "yes", "no"], [7, 7, 7]])
@pytest.mark.parametrize("marks", [(0, 1), (-1, 1), (-3, 8)])
def test_marks(labels, marks, labels_of):
    labels_of(LabelBinarizer(neg_label=marks[0], pos_label=marks[1]).fit(labels), labels)


def test_a_new_label_fails(labels_of):
    encoder = LabelEncoder().fit(["a", "b"])
    with pytest.raises(RuntimeFailed):
        labels_of(encoder, ["a", "c"], want=np.array([[0], [0]]))
