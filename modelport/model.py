"""Model: an opened model, whatever its format, with one way to ask it for answers."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.data import BATCH_ROWS, data, fit
from modelport.errors import MissingExtra, UsageError
from modelport.isolation import open_session
from modelport.runtimes import Runtime, Session, runtime, runtimes_for
from modelport.signature import Column, Signature


class Model:
    """A model that can score, from a file or a live object.

    Attributes:
        artifact: where it came from.
        runtime: what scores it.
    """

    def __init__(
        self,
        artifact: Artifact,
        runtime_name: str | None = None,
        hint: Signature | None = None,
        isolate: bool | None = None,
    ) -> None:
        """Opens a model in a runtime (by default the first that is installed).

        Args:
            isolate: see `modelport.isolation.separate`.

        Raises:
            MissingExtra: no installed runtime opens this format.
            UsageError: the runtime does not open this format.
        """
        self.artifact = artifact
        self.runtime = pick_runtime(artifact.format.name, runtime_name)
        self._hint, self._isolate = hint, isolate
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The runtime's session, opened on the first use."""
        if self._session is None:
            self._session = open_session(self.artifact, self.runtime, self._hint, self._isolate)
        return self._session

    @property
    def signature(self) -> Signature:
        """Named, typed inputs and outputs."""
        return self.session.signature

    @property
    def native(self) -> Any:
        """The model as its own library knows it: an estimator, an `onnx.ModelProto`, a PMML document."""
        return self.artifact.model

    def score_batches(self, rows: Any, *, ignore: frozenset[str] = frozenset()) -> Iterator[pa.RecordBatch]:
        """Scores batch by batch; memory stays flat.

        Args:
            rows: a path, DataFrame, matrix [N, C], Arrow table or dict of columns.
            ignore: columns that may be there besides the model's own.

        Raises:
            DataError: the rows do not fit the signature; the column is named.
        """
        session = self.session
        for batch in data(rows).batches(BATCH_ROWS):
            yield session.score(fit(batch, session.signature, ignore))

    def score(self, rows: Any, *, ignore: frozenset[str] = frozenset()) -> pa.Table:
        """Every output column of every row, as an Arrow table.

        Raises:
            DataError: see `score_batches`.
        """
        batches = list(self.score_batches(rows, ignore=ignore))
        # An evaluator may leave a row without a result, which the signature of its document cannot foresee.
        return pa.Table.from_batches(batches, batches[0].schema if batches else self.signature.output_schema)

    def predict(self, rows: Any) -> "np.ndarray[Any, np.dtype[Any]]":
        """Labels, predictions or clusters [N]; [N, T] where there are several; a transformer's columns [N, W].

        Raises:
            UsageError: the model gives probabilities only.
            DataError: see `score_batches`.
        """
        names = self.signature.output_schema.names
        beside = {"score"} if "label" in names else set()  # of outliers; elsewhere it is a document's own name
        wanted = [name for name in names if name not in beside and not name.startswith(("probability(", "decision("))]
        if not wanted:
            raise UsageError("this model gives no predictions", where=self.artifact.name, hint="use score(rows)")
        return self._matrix(rows, lambda name: name in wanted)

    def predict_proba(self, rows: Any) -> "np.ndarray[Any, np.dtype[Any]]":
        """Probabilities [N, K] of the classes, in the order of `signature.classes`.

        Raises:
            UsageError: the model gives no probabilities.
            DataError: see `score_batches`.
        """
        if not any(column.name.startswith("probability(") for column in self.signature.outputs):
            raise UsageError("this model gives no probabilities", where=self.artifact.name)
        return self._matrix(rows, lambda name: name.startswith("probability("))

    def _matrix(self, rows: Any, wanted: Any) -> "np.ndarray[Any, np.dtype[Any]]":
        table = self.score(rows)
        columns = [table[name].to_numpy() for name in table.column_names if wanted(name)]
        return columns[0] if len(columns) == 1 else np.column_stack(columns)

    def close(self) -> None:
        """Releases what the runtime holds."""
        if self._session is not None:
            self._session.close()

    def _repr_html_(self) -> str:
        from modelport.notebook.model import html

        return html(self)

    def __repr__(self) -> str:
        signature = self.signature
        task = signature.task.value if signature.task else "model"
        return (
            f"<{self.artifact.format.title} {task} {self.artifact.name!r} in {self.runtime.title}: "
            f"{summary(signature.inputs)} → {summary(signature.outputs)}>"
        )


def summary(columns: tuple[Column, ...], most: int = 4) -> str:
    """Columns on one line: `age: float64?, city: string, … (12 columns)`; `?` marks what may be missing."""
    shown = ", ".join(f"{c.name}: {c.type}{'?' if c.nullable else ''}" for c in columns[:most])
    return shown if len(columns) <= most else f"{shown}, … ({len(columns)} columns)"


def pick_runtime(format_name: str, name: str | None) -> Runtime:
    """The runtime asked for, or the first installed one that opens the format.

    Raises:
        UsageError: the runtime asked for does not open this format.
        MissingExtra: none is installed.
    """
    if name is not None:
        chosen = runtime(name)
        if format_name not in chosen.formats:
            opens = ", ".join(chosen.formats)
            raise UsageError(f"the runtime {name} opens {opens}, not {format_name}")
        return chosen
    known = runtimes_for(format_name)
    ready = next((item for item in known if item.missing() is None), None)
    if ready is not None:
        return ready
    command = next((item.missing() for item in known), None)
    raise MissingExtra(f"no installed runtime opens {format_name}", hint=command)
