"""A live estimator converted and scored by onnxruntime, the whole way: signature, file bytes, Arrow conventions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime as ort
import pandas as pd
import pyarrow as pa

from modelport.conversion import Context, Note, Options, Precision
from modelport.signature import Column, Signature, matrix_inputs
from modelport_boosters.convert import to_onnx as parsed_to_onnx
from modelport_onnx.build import to_onnx
from modelport_onnx.convention import feeds

Array = np.ndarray[Any, np.dtype[Any]]


def converted(
    estimator: Any,
    rows: Array | pd.DataFrame,
    columns: Sequence[Column] | None = None,
    *,
    ml_opset: int | None = None,
    portable: bool = False,
    threads: int = 1,
    notes: list[Note] | None = None,
) -> dict[str, Array]:
    """What the converted estimator, or parsed booster file, gives for rows, by output name.

    Args:
        rows: a matrix [N, C], or a DataFrame whose columns are `columns`.
        columns: the inputs of the signature; by default those of a float64 matrix that may have holes.
        notes: is given the notes of the conversion.
    """
    signature = Signature(tuple(columns) if columns else matrix_inputs(rows.shape[1], nullable=True))
    precision = Precision.PORTABLE if portable else Precision.EXACT
    context = Context(signature, Options(ml_opset=ml_opset, precision=precision), [] if notes is None else notes)
    lower = to_onnx if hasattr(estimator, "predict") else parsed_to_onnx
    proto = lower(estimator, context)
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 3
    session = ort.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    if isinstance(rows, pd.DataFrame):
        batch = pa.RecordBatch.from_pandas(rows, schema=signature.input_schema, preserve_index=False)
        fed = feeds(batch, signature, [(item.name, item.shape[1]) for item in session.get_inputs()])
    else:
        kind = np.float32 if session.get_inputs()[0].type == "tensor(float)" else np.float64
        fed = {"X": np.ascontiguousarray(rows, kind)}
    names = [item.name for item in session.get_outputs()]
    return dict(zip(names, session.run(names, fed), strict=True))
