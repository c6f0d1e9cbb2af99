"""Whether a rebuilt estimator answers as the graph does, asked of the comparison that conversions are verified with."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import onnx
import pyarrow as pa

from modelport.errors import ModelportError
from modelport.signature import Signature
from modelport_onnx.assemble import is_matrix, stamp

ROWS, BOUNDARY_ROWS = 400, 3000
"""Random rows, and rows on jumps, that are compared."""


@dataclass(frozen=True)
class Verdict:
    """What a comparison showed.

    Attributes:
        equal: labels equal, numbers within 1e-9 (one float32 step where the graph answers in float32).
        refused: rows that the graph answers and the estimator says it does not take.
        single: whether the graph answers in float32.
    """

    equal: bool
    refused: int = 0
    single: bool = False


class Probe:
    """A graph that estimators are compared with."""

    def __init__(self, model: onnx.ModelProto, signature: Signature) -> None:
        self.model, self.signature = onnx.ModelProto(), signature
        self.model.CopyFrom(model)
        stamp(self.model, signature)

    def compare(self, estimator: Any) -> Verdict:
        """The verdict on an estimator; one that cannot be asked is not equal."""
        from modelport.artifacts import artifact
        from modelport.parity.engine import compare
        from modelport.parity.settings import Settings

        settings = Settings(
            rows=ROWS,
            boundary_rows=BOUNDARY_ROWS,
            runtimes=("onnxruntime", "scikit-learn"),
            refusals=True,
            shrink=False,
            proof=False,
            isolate=False,
        )
        try:
            report = compare([artifact(self.model), artifact(estimator)], signature=self.signature, settings=settings)
        except (ModelportError, ValueError, TypeError):
            return Verdict(False)
        refused = sum(stratum.refused_by_candidate for pair in report.pairs for stratum in pair.strata)
        single = any(note.startswith("the reference computes") for note in report.notes)
        return Verdict(report.passed, refused, single)

    @cached_property
    def row(self) -> Any:
        """One row that the graph answers, as an estimator takes it: a DataFrame, or a matrix [1, C]."""
        from modelport.parity.generate import draw
        from modelport.parity.settings import Settings
        from modelport.parity.sources import Sources
        from modelport_onnx.ort import OrtSession
        from modelport_sklearn.feeding import column_array, matrix

        session = OrtSession(self.model)
        marks = {name: tuple(values) for name, values in session.landmarks().items()}
        drawn = draw(Sources(self.signature, Settings(), landmarks=marks), 0, 0)
        batch = _first_answered(session, drawn)
        arrays = [column_array(v, c) for v, c in zip(batch.columns, self.signature.inputs, strict=True)]
        if is_matrix(self.signature):
            return matrix(arrays)
        import pandas as pd

        return pd.DataFrame(dict(zip(self.signature.input_schema.names, arrays, strict=True)))


def _first_answered(session: Any, rows: pa.RecordBatch) -> pa.RecordBatch:
    for i in range(256):
        row = rows.slice(i, 1)
        try:
            session.score(row)
        except ModelportError:
            continue
        if not any(column.null_count for column in row.columns):
            return row
    return rows.slice(0, 1)
