"""Scoring formulas in plain Python: the reference that everything else is compared with."""

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import DataError
from modelport.runtimes import Landmarks
from modelport.signature import Signature
from modelport_formula.model import Formula, signature


class Session:
    """An opened formula."""

    def __init__(self, model: Formula) -> None:
        self.model, self.signature = model, signature(model)

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """One prediction for each row, in order; missing values are refused, not guessed."""
        for name in self.model.weights:
            if batch.column(name).null_count:
                raise DataError(f"column {name!r} has a missing value", where=name)
        answers = [self._answer(row) for row in batch.to_pylist()]
        return pa.RecordBatch.from_arrays([pa.array(answers, pa.float64())], names=["prediction"])

    def _answer(self, row: dict[str, float]) -> float:
        total = self.model.intercept
        for name, weight in self.model.weights.items():
            total += weight * row[name]
        return total

    def landmarks(self) -> Landmarks:
        """A line jumps nowhere."""
        return {}

    def close(self) -> None:
        """Nothing is held."""


def open_session(artifact: Artifact, hint: Signature | None = None) -> Session:
    """Opens a formula; the file says its own types, so the hint is not needed."""
    return Session(artifact.model)
