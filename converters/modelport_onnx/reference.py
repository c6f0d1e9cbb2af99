"""The onnx.reference runtime: the specification's own evaluator, in Python; slow, and independent of onnxruntime."""

from typing import Any

import numpy as np
import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import RuntimeFailed
from modelport.runtimes import Landmarks
from modelport.signature import Signature
from modelport_onnx.convention import feeds, narrow_inputs, to_batch
from modelport_onnx.external import refuse_external
from modelport_onnx.file import signature as signature_of
from modelport_onnx.foreign import without_zipmap
from modelport_onnx.ort import first_line, resolve


class ReferenceSession:
    """A model opened in `onnx.reference.ReferenceEvaluator`."""

    def __init__(self, model: Any) -> None:
        """Opens a model.

        Raises:
            RuntimeFailed: the evaluator lacks one of its operators.
            Unsafe: a tensor lies in another file.
        """
        from onnx.reference import ReferenceEvaluator

        from modelport_onnx.reference_ops import OPERATORS

        self.signature = signature_of(model)
        self._model = model
        refuse_external(model)
        plain = without_zipmap(model)
        try:
            self._evaluator = ReferenceEvaluator(plain, new_ops=list(OPERATORS))
        except Exception as error:
            raise RuntimeFailed(f"onnx.reference does not load this graph: {first_line(error)}") from error
        self._inputs = [(value.name, width_of(value)) for value in plain.graph.input]
        self._narrow = narrow_inputs(plain)

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """See `modelport.runtimes.Session.score`."""
        fed = feeds(batch, self.signature, resolve(self._inputs, self.signature), self._narrow)
        try:
            with np.errstate(all="ignore"):
                values = self._evaluator.run(None, fed)
        except Exception as error:
            raise RuntimeFailed(f"onnx.reference failed on this graph: {first_line(error)}") from error
        names = self._evaluator.output_names
        return to_batch(dict(zip(names, values, strict=True)), self.signature)

    def landmarks(self) -> Landmarks:
        """See `modelport.runtimes.Session.landmarks`."""
        from modelport_onnx.landmarks import landmarks

        return landmarks(self._model, self.signature)

    def close(self) -> None:
        """Nothing to release."""


def width_of(value: Any) -> int | None:
    """Columns of a graph's input; see `modelport_onnx.ort.graph_width`."""
    dims = value.type.tensor_type.shape.dim
    return None if len(dims) == 1 else int(dims[1].dim_value) if len(dims) == 2 else 0


def open_session(artifact: Artifact, hint: Signature | None = None) -> ReferenceSession:
    """Opens an ONNX artifact; the hint is not needed, the file has its own signature."""
    return ReferenceSession(artifact.model)
