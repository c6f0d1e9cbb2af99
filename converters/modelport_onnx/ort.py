"""The onnxruntime runtime."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import InputError, RuntimeFailed
from modelport.runtimes import Landmarks
from modelport.signature import Signature
from modelport_onnx.external import refuse_external
from modelport_onnx.file import signature as signature_of
from modelport_onnx.foreign import without_zipmap
from modelport_onnx.prepared import Prepared

if TYPE_CHECKING:
    from modelport.parity.inner import Inner
    from modelport.parity.steps import Traced


class OrtSession:
    """A model opened in onnxruntime on the CPU."""

    def __init__(self, model: Any, threads: int = 0) -> None:
        """Opens a model.

        Args:
            model: an `onnx.ModelProto`.
            threads: threads for one operator; 0 for as many as there are cores.

        Raises:
            RuntimeFailed: onnxruntime refuses the graph.
        """
        self.signature = signature_of(model)
        self._model = model
        self._session = load(without_zipmap(model), threads)
        self._inputs = [(value.name, graph_width(value.shape)) for value in self._session.get_inputs()]
        self._narrow = {value.name for value in self._session.get_inputs() if value.type == "tensor(float)"}
        self._outputs = [value.name for value in self._session.get_outputs()]
        self._prepared: Prepared | None = None

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """See `modelport.runtimes.Session.score`."""
        if self._prepared is None:
            self._prepared = Prepared(self.signature, resolve(self._inputs, self.signature), self._narrow)
        return self._prepared.batch(self.run(self._prepared.feeds(batch)))

    def run(self, fed: Mapping[str, Any]) -> dict[str, Any]:
        """The graph's outputs by name, for inputs by name.

        Raises:
            RuntimeFailed: onnxruntime fails while it computes.
        """
        try:
            values = self._session.run(self._outputs, fed)
        except Exception as error:
            raise RuntimeFailed(f"onnxruntime failed on this graph: {first_line(error)}") from error
        return dict(zip(self._outputs, values, strict=True))

    def landmarks(self) -> Landmarks:
        """See `modelport.runtimes.Session.landmarks`."""
        from modelport_onnx.landmarks import landmarks

        return landmarks(self._model, self.signature)

    def inner(self) -> "Sequence[Inner]":
        """See `modelport.parity.inner.Revealing`."""
        from modelport_onnx.landmarks import inner

        return inner(self._model, self.signature)

    def trace(self, batch: pa.RecordBatch) -> "Sequence[Traced]":
        """See `modelport.parity.steps.Traceable`."""
        from modelport_onnx.trace import trace

        return trace(self._model, self.signature, batch)

    def close(self) -> None:
        """Nothing to release beyond the object itself."""


def load(model: Any, threads: int = 0) -> Any:
    """An `onnxruntime.InferenceSession` on the CPU.

    Raises:
        RuntimeFailed: onnxruntime refuses the graph.
        Unsafe: it refers to other files, which onnxruntime would open itself.
    """
    import onnxruntime

    refuse_external(model)

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # failures are raised; nothing of onnxruntime's is printed
    options.intra_op_num_threads = threads or int(os.environ.get("MODELPORT_THREADS", "0"))
    try:
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise RuntimeFailed(f"onnxruntime does not load this graph: {first_line(error)}") from error


def graph_width(shape: Sequence[Any]) -> int | None:
    """Columns of an input [N, C]; None for rank 1, 0 where the graph leaves the width open."""
    if len(shape) == 1:
        return None
    return shape[1] if len(shape) == 2 and isinstance(shape[1], int) else 0


def resolve(inputs: Sequence[tuple[str, int | None]], signature: Signature) -> list[tuple[str, int | None]]:
    """Inputs with an open width filled in: the only input takes every column.

    Raises:
        InputError: the widths do not add up to the signature's columns.
    """
    filled = [(name, len(signature.inputs) if width == 0 else width) for name, width in inputs]
    if sum(1 if width is None else width for _, width in filled) != len(signature.inputs):
        raise InputError("the graph's inputs and its signature disagree about the number of columns")
    return filled


def open_session(artifact: Artifact, hint: Signature | None = None) -> OrtSession:
    """Opens an ONNX artifact; the hint is not needed, the file has its own signature."""
    return OrtSession(artifact.model)


def first_line(error: Exception) -> str:
    """The first line of a runtime's error, short enough for one line of a message."""
    text = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return text if len(text) <= 200 else text[:197] + "..."
