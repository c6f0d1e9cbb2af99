"""Neighbouring columns that are treated alike are taken together; others are not."""

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OrdinalEncoder

from modelport_sklearn.from_onnx.merge import merged
from modelport_sklearn.from_onnx.rows import Part


def fill(word: str) -> SimpleImputer:
    return SimpleImputer(strategy="constant", fill_value=word).fit(np.array([[word]], object))


def codes(*words: str, **options: object) -> OrdinalEncoder:
    values = np.array(words, object)
    return OrdinalEncoder(categories=[values], **options).fit(values[:1, None])


def test_texts_are_filled_in_together() -> None:
    (found,) = merged([Part((3,), (fill("a"),)), Part((1,), (fill("b"),))])
    assert found.columns == (3, 1)
    assert found.steps[0].statistics_.tolist() == ["a", "b"]


def test_codes_of_several_columns() -> None:
    (found,) = merged([Part((0,), (fill("?"), codes("a", "b"))), Part((1,), (fill("?"), codes("c")))])
    assert [type(step).__name__ for step in found.steps] == ["SimpleImputer", "OrdinalEncoder"]
    assert found.steps[1].transform([["b", "c"]]).tolist() == [[1.0, 0.0]]


def test_what_is_treated_otherwise_stays_apart() -> None:
    numbers = SimpleImputer().fit([[1.0]])
    parts = [
        Part((0,), (codes("a"),)),
        Part((1,), (codes("b", handle_unknown="use_encoded_value", unknown_value=-1),)),
        Part((2,), (numbers,)),
        Part((3,), (numbers,)),
        Part((4,)),
    ]
    assert merged(parts) == parts
