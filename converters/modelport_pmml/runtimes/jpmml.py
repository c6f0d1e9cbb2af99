"""JPMML-Evaluator as a runtime. Whole columns cross into Java as one pickle, and results come back as one."""

import pickle
from typing import Any

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import DataError, RuntimeFailed
from modelport.runtimes import Landmarks
from modelport.signature import Signature
from modelport_pmml.document import PmmlDocument
from modelport_pmml.landmarks import landmarks
from modelport_pmml.outputs import Plan, augmented, plan
from modelport_pmml.runtimes.jvm import java, sentence, start
from modelport_pmml.runtimes.rows import check_int32, columns_of, output_batch
from modelport_pmml.signature import signature

NO_RESULT = tuple(
    f"org.jpmml.evaluator.{name}"
    for name in (
        "InvalidResultException", "ValueCheckException", "UndefinedResultException", "MissingValueException",
        "MissingArgumentException", "TypeCheckException", "ApplyException",
    )
)  # fmt: skip
"""What the document itself gives no result for: values that it calls invalid (`returnInvalid`), functions of a missing
or unfit argument, a division by zero. It is a missing result of the row, not a failure of the evaluator."""

PARALLELISM = -1
"""Rows are spread over the processors; every row is scored by itself, so the result does not depend on it."""


def open_session(artifact: Artifact, hint: Signature | None = None) -> "JpmmlSession":
    """Opens a document.

    Raises:
        RuntimeFailed: the evaluator does not take the document; its reason in one sentence.
        MissingExtra: the extra `jpmml` is not installed.
    """
    document: PmmlDocument = artifact.model
    return JpmmlSession(document, artifact.name)


class JpmmlSession:
    """A document, loaded in JPMML-Evaluator."""

    def __init__(self, document: PmmlDocument, name: str = "document") -> None:
        self.signature = signature(document)
        self._document = document
        self._name = name
        self._plan: Plan = plan(document)
        added = (result for result in self._plan.results if result.inner is None)
        self._evaluator: Any = _load(augmented(document, added), name)
        self._util: Any = java("org.jpmml.evaluator.python.PythonEvaluatorUtil")

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Scores rows. A row to which the document gives no result (an invalid value) has nulls.

        Raises:
            RuntimeFailed: the evaluator failed on a row.
            DataError: a function that overflows, which JPMML refuses (`Function "+" returned invalid value`); or a
                whole number beyond 32 bits: `org.jpmml.evaluator.TypeUtil` (1.6) makes a PMML integer a
                Java `Integer`, and would call the value invalid instead of scoring it.
        """
        check_int32(batch, self.signature)
        results = self._evaluate(columns_of(batch, self.signature), batch.num_rows)
        columns = dict(zip(results["columns"], results["data"], strict=True))
        empty: list[Any] = [None] * batch.num_rows
        fields = (result.inner or result.field for result in self._plan.results)
        return output_batch((columns.get(field, empty) for field in fields), self.signature)

    def _evaluate(self, columns: dict[str, list[Any]], rows: int) -> dict[str, Any]:
        if not rows:
            return {"columns": [], "data": [], "errors": None}
        table = {"columns": list(columns), "data": list(columns.values())}
        jpype = start()
        try:
            raw = self._util.evaluateAll(self._evaluator, pickle.dumps(table, protocol=2), None, PARALLELISM)
        except jpype.JException as error:
            raise RuntimeFailed(f"JPMML failed: {sentence(error)}", where=self._name) from error
        results: dict[str, Any] = pickle.loads(bytes(raw))  # written by our own Java, not by the document
        self._check(results.get("errors") or ())
        return results

    def _check(self, errors: Any) -> None:
        for row, error in enumerate(errors):
            if error is not None and not str(error).startswith(NO_RESULT):
                if "returned invalid value" in str(error):
                    raise DataError("JPMML does not compute where a function overflows", where=f"row {row}")
                raise RuntimeFailed(f"JPMML failed on row {row}: {sentence(Exception(error))}", where=self._name)

    def landmarks(self) -> Landmarks:
        return landmarks(self._document)

    def close(self) -> None:
        self._evaluator = None


def _load(data: bytes, name: str) -> Any:
    builder = java("org.jpmml.evaluator.LoadingModelEvaluatorBuilder")()
    jpype = start()
    try:
        builder.load(java("java.io.ByteArrayInputStream")(data))
        return builder.build()
    except jpype.JException as error:
        raise RuntimeFailed(f"JPMML does not take this document: {sentence(error)}", where=name) from error
