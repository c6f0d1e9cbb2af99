"""The columns of a predictor as one matrix."""

import numpy as np
from spox import Var

from modelport.conversion import NoteKind
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope


def numeric(frame: Frame, scope: Scope, *, widens: bool = False) -> Var:
    """All columns as one float64 tensor [N, C].

    Args:
        widens: the estimator itself makes float64 of float32 columns. The others compute in float32 where all their
            columns are, which a graph in float64 does not repeat; a note says so.

    Raises:
        CannotConvert: there are no columns, or one holds text.
    """
    if not frame.width:
        raise scope.refuse("no columns arrive here", "keep at least one column before this step")
    text = [name for block in frame.blocks if block.is_text for name in block.names]
    if text:
        raise scope.refuse(f"column {text[0]!r} holds text where numbers belong", "encode it in an earlier step")
    if not widens and not scope.portable and all(block.dtype == np.float32 for block in frame.blocks):
        scope.note(NoteKind.ROUNDED, "scikit-learn computes this step in float32 from float32 columns, not in float64")
    return frame.matrix()
