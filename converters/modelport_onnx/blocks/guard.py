"""Failing where the original raises: ONNX has no operator for it, but gathering past the end of a tensor fails.

The ONNX specification leaves an index out of bounds an error (Gather, "It is an error if any index is out of bounds");
onnxruntime and the reference evaluator both refuse the batch.
"""

import numpy as np
from spox import Var

from modelport_onnx.ops import op


def fail_where(bad: Var, value: Var) -> Var:
    """`value` unchanged, or a failure of the runtime if any cell of `bad` (boolean) holds."""
    many = op.reduce_sum(op.cast(bad, to=np.int64), keepdims=False)
    worst = op.min([many, op.const(np.int64(1))])
    return op.gather(op.unsqueeze(value, op.const(np.array([0], np.int64))), worst, axis=0)
