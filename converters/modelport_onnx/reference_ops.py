"""Operators that the reference evaluator lacks, or has with a fault: onnxruntime's Tokenizer, GatherElements."""

from typing import Any

import numpy as np
from onnx.reference.op_run import OpRun


class Tokenizer(OpRun):
    """`com.microsoft.Tokenizer`, in the one way in which `blocks/tokenizer_op.py` uses it: text into its characters."""

    op_domain = "com.microsoft"

    def _run(self, texts: Any, pad_value: str = "", separators: Any = None, **_: Any) -> tuple[Any, ...]:
        if list(separators or ()) not in ([""], [b""]):
            raise NotImplementedError("the reference evaluator splits text into characters only")
        width = max((len(str(text)) for text in texts), default=0)
        split = [[*str(text), *[pad_value] * (width - len(str(text)))] for text in texts]
        return (np.array(split, object).reshape(len(texts), width),)


class GatherElements(OpRun):
    """As the ONNX specification has it.

    The evaluator's own (onnx 1.23) builds on `numpy.choose`, and fails for a single row of more than 32 elements.
    """

    op_domain = ""

    def _run(self, data: Any, indices: Any, axis: int | None = None, **_: Any) -> tuple[Any, ...]:
        along = axis or 0
        size = data.shape[along]
        if indices.size and (indices.min() < -size or indices.max() >= size):
            raise IndexError(f"an index of GatherElements lies outside [{-size}, {size - 1}]")
        return (np.take_along_axis(data, indices, axis=along),)


OPERATORS: tuple[type[OpRun], ...] = (Tokenizer, GatherElements)
"""For `ReferenceEvaluator(…, new_ops=OPERATORS)`."""
