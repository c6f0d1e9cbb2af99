"""Operators of onnxruntime's own that our graphs use, for the reference evaluator."""

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
