"""Operators that the reference evaluator lacks, or has with a fault: onnxruntime's Tokenizer, GatherElements."""

import re
from typing import Any

import numpy as np
from onnx.reference.op_run import OpRun


class Tokenizer(OpRun):
    """`com.microsoft.Tokenizer`, as `blocks/tokenizer_op.py` uses it: text into characters, or between separators."""

    op_domain = "com.microsoft"

    def _run(self, texts: Any, pad_value: str = "", separators: Any = None, **_: Any) -> tuple[Any, ...]:
        given = [item.decode() if isinstance(item, bytes) else item for item in separators or [""]]
        if len(given) != 1 or re.compile(given[0]).groups:
            raise NotImplementedError("the reference evaluator splits text at one separator, which captures nothing")
        (separator,) = given
        split = [_between(str(text), separator) for text in texts]
        width = max((len(row) for row in split), default=0)
        rows = [[*row, *[pad_value] * (width - len(row))] for row in split]
        return (np.array(rows, object).reshape(len(texts), width),)


def _between(text: str, separator: str) -> list[str]:
    return [piece for piece in re.split(separator, text) if piece] if separator else list(text)


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
