"""Cut: the part of a graph that computes one tensor, runnable by itself."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import onnx
import pyarrow as pa

from modelport.signature import Signature
from modelport_onnx.convention import feeds, narrow_inputs

Array = np.ndarray[Any, np.dtype[Any]]
Runner = Callable[[pa.RecordBatch], Array]


def cut(model: onnx.ModelProto, tensors: Iterable[str]) -> onnx.ModelProto:
    """The model with `tensors` as its outputs, and only the nodes they need; every input stays."""
    wanted = list(tensors)
    needed, kept = set(wanted), []
    for node in reversed(model.graph.node):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(inputs_of(node))
    part = onnx.ModelProto()
    part.CopyFrom(model)
    del part.graph.node[:], part.graph.output[:], part.graph.value_info[:]
    part.graph.node.extend(reversed(kept))
    part.graph.output.extend(onnx.ValueInfoProto(name=name) for name in wanted)
    for i in reversed(range(len(part.graph.initializer))):
        if part.graph.initializer[i].name not in needed:
            del part.graph.initializer[i]
    return part


def inputs_of(node: onnx.NodeProto) -> list[str]:
    """Names a node reads, those its subgraphs take from outside among them."""
    names = [name for name in node.input if name]
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            for inner in graph.node:
                names += inputs_of(inner)
            names += [value.name for value in graph.output]
    return names


def runner(model: onnx.ModelProto, tensor: str, signature: Signature) -> Runner:
    """Rows of the model's inputs → the tensor, as [N, W] float64.

    Raises:
        RuntimeFailed: onnxruntime refuses the part.
        ValueError: when run, if the tensor is no matrix of numbers with a row for each input row.
    """
    from modelport_onnx.ort import graph_width, load, resolve

    session = load(cut(model, [tensor]))
    shapes = [(value.name, graph_width(value.shape)) for value in session.get_inputs()]

    narrow = narrow_inputs(model)

    def run(batch: pa.RecordBatch) -> Array:
        value = np.asarray(session.run([tensor], feeds(batch, signature, resolve(shapes, signature), narrow))[0])
        if value.dtype.kind not in "fiub" or value.ndim not in (1, 2) or len(value) != batch.num_rows:
            raise ValueError(f"the tensor {tensor} is no matrix of rows")
        return value.reshape(batch.num_rows, value.shape[1] if value.ndim == 2 else 1).astype(np.float64)

    return run
