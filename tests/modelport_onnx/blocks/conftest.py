"""Running a block by itself in onnxruntime."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
import spox
from spox import Tensor, Var, argument

Array = np.ndarray[Any, np.dtype[Any]]


@pytest.fixture(scope="session")
def run() -> Callable[..., Array]:
    """`run(block, rows)` gives what `block` computes of `rows` [N, C], with N left open."""

    def evaluate(block: Callable[[Var], Var], rows: Array) -> Array:
        rows = np.ascontiguousarray(rows)
        x = argument(Tensor(rows.dtype.type, ("N", *rows.shape[1:])))
        proto = spox.build({"x": x}, {"y": block(x)})
        proto.ir_version = 10
        session = ort.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        return np.asarray(session.run(None, {"x": rows})[0])

    return evaluate
