"""The runtime `scikit-learn`: a fitted estimator scoring Arrow batches with its own methods."""

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import DataError, ModelportError, RuntimeFailed
from modelport.runtimes import Landmarks
from modelport.signature import Signature
from modelport_sklearn.landmarks import landmarks
from modelport_sklearn.quiet import quiet
from modelport_sklearn.scalars import arrow
from modelport_sklearn.signature import Reading, reading

if TYPE_CHECKING:
    from modelport.parity.steps import Traced

NOT_FINITE = ("contains NaN", "contains infinity or a value too large")
"""How `sklearn.utils.validation._assert_all_finite_element_wise` (1.9) says that it takes no such value."""


def open_session(artifact: Artifact, hint: Signature | None = None) -> "SklearnSession":
    """Opens an estimator for scoring.

    Args:
        hint: another artifact's signature, for the types that the estimator does not tell.

    Raises:
        DataError: nothing tells a column's type.
        NotFitted: the estimator was never fitted.
    """
    model = artifact.model
    return SklearnSession(model, reading(model, None, hint))


class SklearnSession:
    """A fitted estimator as a `Session`. The estimator is not changed; scoring is the same bits every time."""

    def __init__(self, model: Any, known: Reading) -> None:
        self._model, self._known = model, known

    @property
    def signature(self) -> Signature:
        return self._known.signature

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Scores a batch of `signature.inputs`.

        Raises:
            DataError: a missing value or an infinity where the estimator takes none.
            RuntimeFailed: the estimator refused the rows.
        """
        outputs = self.signature.outputs
        if batch.num_rows == 0:
            return pa.RecordBatch.from_pylist([], schema=self.signature.output_schema)
        rows = self._known.feeding.rows(batch)
        arrays = self._produce(rows)
        columns = [arrow(array, column.type) for array, column in zip(arrays, outputs, strict=True)]
        return pa.RecordBatch.from_arrays(columns, schema=self.signature.output_schema)

    def _produce(self, rows: Any) -> list[Any]:
        try:
            with quiet():
                return self._known.answers.produce(rows)
        except ModelportError:
            raise
        except Exception as error:
            told = str(error).splitlines()[0] if str(error) else type(error).__name__
            if isinstance(error, ValueError) and any(words in told for words in NOT_FINITE):
                raise DataError(
                    f"the estimator takes no such value: {told}", where=type(self._model).__name__, hint="leave it out"
                ) from error
            raise RuntimeFailed(
                f"the estimator refused these rows: {told}",
                where=type(self._model).__name__,
                hint="score rows like those it was fitted on",
            ) from error

    def landmarks(self) -> Landmarks:
        """Values of the input columns where the estimator's function may jump."""
        return landmarks(self._model, tuple(column.name for column in self.signature.inputs))

    def trace(self, batch: pa.RecordBatch) -> "list[Traced]":
        """What each step gives for some rows; see `modelport.parity.steps.Traceable`."""
        from modelport_sklearn.trace import trace

        with quiet():
            return trace(self._model, self._known.feeding.rows(batch))

    def close(self) -> None:
        """Nothing to give back."""
