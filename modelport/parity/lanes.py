"""A Lane: one subject on its way through all rows. It times itself, isolates rows it refuses, and dies alone."""

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import pyarrow as pa

from modelport.errors import DataError, ModelportError
from modelport.parity.adapt import Fit
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.floats import Array
from modelport.parity.isolate import Killed
from modelport.parity.pieces import Subject
from modelport.parity.refusals import Refusals
from modelport.runtimes import Session
from modelport.signature import Signature, schema


class Dead(Exception):
    """A lane cannot go on; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.what)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a subject said about a batch.

    Attributes:
        rows: positions answered, ascending; None for all of them.
        outputs: one row for each of `rows`.
        reason: why the first refused row was refused.
        typed: whether every refusal was a `DataError`: the runtime says that it does not take such values.
        untyped: positions of the rows whose refusal was none.
    """

    rows: Array | None
    outputs: pa.RecordBatch | None
    reason: str | None = None
    typed: bool = True
    untyped: Array | None = None

    def says_so(self, refused: Array) -> bool:
        """Whether the refusals of these rows are all typed."""
        return self.typed or (self.untyped is not None and not np.isin(refused, self.untyped).any())


@dataclass(slots=True)
class Lane:
    """A subject with its open session.

    Attributes:
        slow: gets the smaller row budget.
        artifact: which artifact it is, by number.
        seconds: spent scoring.
        rounds: why this runtime is less precise than its file, in words for people; None if it is not.
        failure: why it died; a dead lane scores no more.
        reasons: why rows were refused, each reason once.
        refusals: what is known of them.
        presumed: rows that count as refused for a value they hold, and were not tried.
    """

    subject: Subject
    session: Session
    fit: Fit
    slow: bool = False
    artifact: int = 0
    seconds: float = 0.0
    rounds: str | None = None
    failure: Failure | None = None
    reasons: list[str] = field(default_factory=list)
    refusals: Refusals = field(default_factory=lambda: Refusals(Dead))
    presumed: int = 0

    @property
    def name(self) -> str:
        return self.subject.name

    def answer(self, batch: pa.RecordBatch) -> Answer:
        """Scores a batch; rows it refuses are found, see `modelport.parity.refusals`.

        Raises:
            Dead: it gave another number of rows, or lacks outputs it promised.
        """
        began = perf_counter()
        try:
            return self._answer(batch)
        finally:
            self.seconds += perf_counter() - began

    def _answer(self, batch: pa.RecordBatch) -> Answer:
        categories = {column.name: column.categories for column in self.session.signature.inputs}
        error = self.refusals.foreseen(batch, categories)
        if error is None:
            try:
                return Answer(None, self.score(batch))
            except Dead:
                raise
            except Exception as failed:
                error = failed
        found = self.refusals.find(batch, categories, self.score, error)
        self.presumed += found.presumed
        told = reason(found.errors[0])
        if told not in self.reasons:
            self.reasons.append(told)
        typed = all(isinstance(item, DataError) for item in found.errors)
        return Answer(found.rows, found.outputs, told, typed, found.untyped)

    def total(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Outputs for every row of a batch: those the session refuses get missing outputs."""
        answer = self.answer(batch)
        if answer.rows is None and answer.outputs is not None:
            return _nullable(answer.outputs)
        return _nullable(_padded(answer, batch.num_rows, self.session.signature))

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The session's outputs, checked."""
        try:
            outputs = self.session.score(self.fit.adapt(batch))
        except Killed as error:
            raise Dead(killed(error, self.name)) from error
        if outputs.num_rows != batch.num_rows:
            what = f"{self.name} gave {outputs.num_rows:,} rows for {batch.num_rows:,}"
            raise Dead(Failure(FailureKind.ROW_COUNT, what, self.name))
        lacking = [c.name for c in self.session.signature.outputs if c.name not in outputs.schema.names]
        if lacking:
            what = f"{self.name} did not give the output {lacking[0]!r} that it promised"
            raise Dead(Failure(FailureKind.OUTPUT_ABSENT, what, self.name, column=lacking[0]))
        return outputs

    def close(self) -> None:
        self.session.close()


def killed(error: Killed, name: str) -> Failure:
    """The finding that a lane's process is no more."""
    return Failure(FailureKind.RUNTIME_KILLED, error.what, name, hint=error.hint)


def _nullable(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same values in columns that may be missing: batches with refused rows and without them go together."""
    return batch.cast(pa.schema([field.with_nullable(True) for field in batch.schema]))


def _padded(answer: Answer, count: int, signature: Signature) -> pa.RecordBatch:
    outputs = answer.outputs
    if outputs is None or answer.rows is None:
        kinds = schema(signature.outputs)
        return pa.RecordBatch.from_arrays([pa.nulls(count, kind) for kind in kinds.types], names=kinds.names)
    index = np.full(count, -1)
    index[answer.rows] = np.arange(len(answer.rows))
    return outputs.take(pa.array(index, mask=index < 0))


def reason(error: Exception) -> str:
    """Why rows were refused, in one line."""
    if isinstance(error, ModelportError):
        return error.what
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__
