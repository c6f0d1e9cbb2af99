"""TargetEncoder: each category the mean of the target it was seen with; unknown ones the mean of all.

Source: `sklearn.preprocessing.TargetEncoder.transform` and `_transform_X_ordinal` (1.9).
"""

from typing import Any

import numpy as np

from modelport_onnx.blocks.encoders import gather_table, positions
from modelport_onnx.frame import Frame, cast, concat
from modelport_onnx.lowering import Scope
from modelport_sklearn.to_onnx.transform.values import columns, real, result


def target_encoder(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """For several classes, a column for each feature and class, in that order."""
    classes = len(estimator.classes_) if estimator.target_type_ == "multiclass" else 1
    means = np.atleast_1d(np.asarray(estimator.target_mean_, np.float64))
    encoded = []
    for i, column in enumerate(columns(frame)):
        place = positions(column, estimator.categories_[i], scope)
        for k in range(classes):
            table = np.append(np.asarray(estimator.encodings_[i * classes + k], np.float64), means[k])
            encoded.append(cast(gather_table(table, place), real(scope)))
    return result(estimator, concat(encoded), frame.width * classes)
