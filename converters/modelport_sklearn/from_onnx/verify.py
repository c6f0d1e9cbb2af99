"""Whether a rebuilt estimator answers as the graph does, asked of the comparison that conversions are verified with.

Rows: random ones, special values, and for each place where the graph says that it jumps the value itself and its
neighbours among float64 and float32. Jumps are not searched for besides: the conversion's own verification does that.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import onnx
import pyarrow as pa

from modelport.errors import ModelportError
from modelport.parity.generate import draw
from modelport.parity.settings import Settings
from modelport.parity.sources import Sources
from modelport.signature import Signature
from modelport_onnx.assemble import is_matrix, stamp

ROWS, BOUNDARY_ROWS, WHOLE_ROWS = 400, 3000, 100
"""Random rows, rows on jumps, and rows of small whole numbers, that are compared."""

SETTINGS = Settings(
    rows=ROWS,
    runtimes=("onnxruntime", "scikit-learn"),
    strata=("data", "random", "special"),
    refusals=True,
    shrink=False,
    proof=False,
    isolate=False,
)


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
        from modelport.data import data
        from modelport.parity.engine import compare

        both = [artifact(self.model), artifact(estimator)]
        rows = None if self.boundary is None else data(self.boundary)
        try:
            report = compare(both, data=rows, signature=self.signature, settings=SETTINGS)
        except (ModelportError, ValueError, TypeError):
            return Verdict(False)
        refused = sum(stratum.refused_by_candidate for pair in report.pairs for stratum in pair.strata)
        single = any(note.startswith("the reference computes") for note in report.notes)
        return Verdict(report.passed, refused, single)

    @cached_property
    def _session(self) -> Any:
        from modelport_onnx.ort import OrtSession

        return OrtSession(self.model)

    @cached_property
    def _sources(self) -> Sources:
        bare = Sources(self.signature, SETTINGS, reserved=frozenset([""]))
        marks = {name: bare.holdable(name, values) for name, values in self._session.landmarks().items()}
        return Sources(self.signature, SETTINGS, landmarks=marks, reserved=bare.reserved)

    @cached_property
    def boundary(self) -> pa.Table | None:
        """Rows on the graph's jumps, and one step to either side of them, and rows of small whole numbers.

        None where the graph answers none of them.
        """
        from modelport.parity.landmarks import landmark_rows

        _, _, batches = landmark_rows(self._sources, BOUNDARY_ROWS, {})
        whole = self._whole()
        if not any(self._answers(batch.slice(0, 1)) for batch in batches) and not self._answers(whole.slice(0, 1)):
            return None
        return pa.Table.from_batches([*batches, whole])

    def _whole(self) -> pa.RecordBatch:
        """Rows of 0, 1 and 2, which models of counts and categories take; other columns as they are drawn."""
        rng = np.random.default_rng(0)
        drawn = draw(self._sources, 0, 1).slice(0, WHOLE_ROWS)
        for i, column in enumerate(self.signature.inputs):
            if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
                values = pa.array(rng.integers(0, 3, WHOLE_ROWS) * (np.arange(WHOLE_ROWS) > 0)).cast(column.type)
                drawn = drawn.set_column(i, drawn.schema.field(i), values)
        return drawn

    def _answers(self, rows: pa.RecordBatch) -> bool:
        try:
            self._session.score(rows)
        except ModelportError:
            return False
        return True

    @cached_property
    def row(self) -> Any:
        """One row that the graph answers, as an estimator takes it: a DataFrame, or a matrix [1, C]."""
        from modelport_sklearn.feeding import column_array, matrix

        batch = self._first_answered(draw(self._sources, 0, 0))
        arrays = [column_array(v, c) for v, c in zip(batch.columns, self.signature.inputs, strict=True)]
        if is_matrix(self.signature):
            return matrix(arrays)
        import pandas as pd

        return pd.DataFrame(dict(zip(self.signature.input_schema.names, arrays, strict=True)))

    def _first_answered(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        for i in range(256):
            row = rows.slice(i, 1)
            if self._answers(row) and not any(column.null_count for column in row.columns):
                return row
        return rows.slice(0, 1)
