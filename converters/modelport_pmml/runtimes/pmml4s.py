"""PMML4S as a runtime.

Rows are fed as one map each, which is exact; its JSON interface for data frames loses missing values and digits
(pypmml 1.5.8). All rows cross into Java as one pickle, are scored there by one call of `List.replaceAll`, and come
back as one pickle.
"""

import pickle
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import CannotConvert, RuntimeFailed
from modelport.runtimes import Landmarks
from modelport.signature import Signature
from modelport_pmml.document import MODELS, PmmlDocument
from modelport_pmml.landmarks import landmarks
from modelport_pmml.outputs import augmented, plan
from modelport_pmml.runtimes.jvm import java, sentence, start
from modelport_pmml.runtimes.rows import columns_of, output_batch
from modelport_pmml.signature import signature


def open_session(artifact: Artifact, hint: Signature | None = None) -> "Pmml4sSession":
    """Opens a document.

    Raises:
        CannotConvert: the document holds a text that PMML4S would read in part.
        RuntimeFailed: PMML4S does not take the document; its reason in one sentence.
        MissingExtra: the extra `jpmml` is not installed.
    """
    document: PmmlDocument = artifact.model
    torn = next((text for text in _constants(document) if _is_torn(text)), None)
    if torn is not None:
        raise CannotConvert(
            f"the constant {torn[:20]!r} … of {len(torn):,} characters, of which PMML4S reads the last piece only",
            where=artifact.name,
            hint="score it in modelport-onnx or jpmml",
        )
    return Pmml4sSession(document, artifact.name)


WHOLE = 1000
"""Characters of a constant up to which PMML4S is trusted to read all of it."""


def _constants(document: PmmlDocument) -> Iterator[str]:
    return (element.text or "" for element in document.root.iter("{*}Constant"))


def _is_torn(text: str) -> bool:
    """Whether Java's XML reader hands on a constant in pieces, of which PMML4S (pypmml 1.5.8) keeps only the last.

    It breaks at entities, at characters beyond the basic plane, and where one of its buffers ends: `a&amp;b` is read
    as `b`.
    """
    return len(text) > WHOLE or any(char in "&<>" or ord(char) > 0xFFFF for char in text)


def rounds(artifact: Artifact) -> str | None:
    """Why PMML4S gives other digits for a document: it takes no notice of `x-mathContext`, JPMML's own attribute."""
    document: PmmlDocument = artifact.model
    single = any(
        model.get("x-mathContext") == "float" for model in document.root.iter(*(f"{{*}}{name}" for name in MODELS))
    )
    return "PMML4S computes in float64 what this document computes in float32" if single else None


class Pmml4sSession:
    """A document, loaded in PMML4S."""

    def __init__(self, document: PmmlDocument, name: str = "document") -> None:
        self.signature = signature(document)
        self._document = document
        self._name = name
        self._plan = plan(document)
        lost = [result.column.name for result in self._plan.results if result.inner and result.add is None]
        if lost:
            raise RuntimeFailed(f"PMML4S does not hand on {lost[0]!r} from the last model of a chain", where=name)
        self._predict: Any = _row_function(_load(augmented(document, self._plan.results), name))

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Scores rows. A row to which the document gives no result has nulls.

        Raises:
            RuntimeFailed: PMML4S failed on a row.
        """
        columns = columns_of(batch, self.signature)
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        results = self._evaluate(rows) if rows else []
        fields = [result.field for result in self._plan.results]
        return output_batch(([_present(row.get(field)) for row in results] for field in fields), self.signature)

    def _evaluate(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        jpype = start()
        try:
            items = java("net.razorvine.pickle.Unpickler")().loads(pickle.dumps(rows, protocol=2))
            items.replaceAll(self._predict)
            raw = bytes(java("net.razorvine.pickle.Pickler")(False).dumps(items))
        except jpype.JException as error:
            raise RuntimeFailed(f"PMML4S failed: {sentence(error)}", where=self._name) from error
        results: list[dict[str, Any]] = pickle.loads(raw)  # written by our own Java, not by the document
        return results

    def landmarks(self) -> Landmarks:
        return landmarks(self._document)

    def close(self) -> None:
        self._predict = None


def _present(value: Any) -> Any:
    """PMML4S writes a number that is missing as NaN."""
    return None if isinstance(value, float) and value != value else value


def _load(data: bytes, name: str) -> Any:
    jpype = start()
    try:
        return java("org.pmml4s.model.Model").fromBytes(data)
    except jpype.JException as error:
        raise RuntimeFailed(f"PMML4S does not take this document: {sentence(error)}", where=name) from error


def _row_function(model: Any) -> Any:
    """`model.predict(Map)` as a Java `UnaryOperator`, so that a loop over rows stays in Java."""
    method_type, a_map = java("java.lang.invoke.MethodType"), java("java.util.Map").class_
    anything = java("java.lang.Object").class_
    lookup = java("java.lang.invoke.MethodHandles").publicLookup()
    handle = lookup.findVirtual(java("org.pmml4s.model.Model").class_, "predict", method_type.methodType(a_map, a_map))
    general = handle.bindTo(model).asType(method_type.methodType(anything, anything))
    operator = java("java.util.function.UnaryOperator").class_
    return java("java.lang.invoke.MethodHandleProxies").asInterfaceInstance(operator, general)
