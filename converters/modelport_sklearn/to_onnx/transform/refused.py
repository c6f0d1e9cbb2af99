"""Transformers that cannot be converted, each for a reason of its own, and what to use instead."""

from typing import Any

from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope

REASONS = {
    "HashingVectorizer": (
        "it hashes the UTF-8 bytes of any token, and ONNX has no operator that reads the bytes of a string",
        "fit a CountVectorizer or TfidfVectorizer, with max_features=… where the vocabulary must stay small",
    ),
    "FeatureHasher": (
        "a row is a dict or a list of strings of any length, which no column of a table holds, and it is hashed",
        "put the features into columns, and use a OneHotEncoder for those that are text",
    ),
    "DictVectorizer": (
        "a row is a dict, which no column of a table holds",
        "put the features into columns of a DataFrame, and use a OneHotEncoder for those that are text",
    ),
    "PatchExtractor": (
        "it cuts images into patches: it takes arrays of three or four dimensions and gives more rows than it takes",
        "cut the images before the model",
    ),
    "MultiLabelBinarizer": (
        "a row is a set of labels of any size, which no column of a table holds",
        "make each label a column of 0 and 1",
    ),
}
"""Class → why not, and the way out."""


def transform(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Refuses, by name."""
    reason, way_out = REASONS[type(estimator).__name__]
    raise scope.refuse(f"{type(estimator).__name__} has no ONNX form: {reason}", way_out)


def check(estimator: Any) -> str | None:
    """Why the estimator cannot be converted."""
    return REASONS[type(estimator).__name__][0]
