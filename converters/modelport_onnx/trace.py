"""Trace: every matrix that a graph computes on its way, for bisection to the step."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
import pyarrow as pa

from modelport.parity.steps import Traced
from modelport.signature import Signature
from modelport_onnx.convention import feeds, narrow_inputs
from modelport_onnx.cut import cut
from modelport_onnx.foreign import without_zipmap

_MOST = 5_000_000
"""Values of one tensor; larger ones are left out."""


def trace(model: onnx.ModelProto, signature: Signature, batch: pa.RecordBatch) -> list[Traced]:
    """Each tensor [N] or [N, W] of numbers or texts, inputs first, in the order of the nodes.

    Raises:
        RuntimeFailed: onnxruntime refuses the graph with its inside shown.
    """
    from modelport_onnx.ort import graph_width, load, resolve

    plain = without_zipmap(model)
    names = [name for node in plain.graph.node if node.op_type != "Constant" for name in node.output if name]
    session = load(cut(plain, dict.fromkeys(names)))
    shapes = [(value.name, graph_width(value.shape)) for value in session.get_inputs()]
    fed = feeds(batch, signature, resolve(shapes, signature), narrow_inputs(plain))
    results = zip(dict.fromkeys(names), session.run(None, fed), strict=True)
    return [traced for name, value in (*fed.items(), *results) for traced in _traced(name, value, batch.num_rows)]


def _traced(name: str, value: Any, rows: int) -> Iterator[Traced]:
    if not isinstance(value, np.ndarray) or value.ndim not in (1, 2) or len(value) != rows or value.size > _MOST:
        return
    matrix = value.reshape(rows, -1)
    width = matrix.shape[1]
    yield Traced(name, tuple(f"{name}[{i}]" for i in range(width)), tuple(matrix[:, i] for i in range(width)))
