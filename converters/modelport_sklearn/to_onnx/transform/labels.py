"""LabelEncoder and LabelBinarizer, where a table's column is what they transform.

Source: `sklearn.preprocessing.LabelEncoder.transform`, `label_binarize` (1.9).
"""

from typing import Any

import numpy as np

from modelport_onnx.blocks.encoders import gather_table, positions
from modelport_onnx.frame import Block, Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import result


def label_encoder(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The position of each label; a label that was not seen fails, as scikit-learn raises."""
    place = positions(_only(frame, scope), estimator.classes_, scope)
    return result(estimator, gather_table(np.arange(len(estimator.classes_)), place), 1)


def label_binarizer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`pos_label` in the label's column and `neg_label` elsewhere; one column for two classes."""
    if estimator.y_type_.startswith("multilabel"):
        raise scope.refuse("it was fitted on a matrix of indicators, not on a column of labels")
    count = len(estimator.classes_)
    if count == 2:
        estimator_columns = np.array([1])
    elif count == 1:
        estimator_columns = np.array([-1])
    else:
        estimator_columns = np.arange(count)
    place = positions(_only(frame, scope), estimator.classes_, scope)
    hot = op.equal(place, op.const(estimator_columns.astype(np.int64)))
    marks = op.where(hot, op.const(np.int64(estimator.pos_label)), op.const(np.int64(estimator.neg_label)))
    return result(estimator, marks, len(estimator_columns), sparse=bool(estimator.sparse_output))


def _only(frame: Frame, scope: Scope) -> Block:
    if frame.width != 1:
        raise scope.refuse(f"it reads one column of labels, and {frame.width} columns arrive here")
    return frame.blocks[0]
