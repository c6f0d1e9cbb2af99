"""modelport-onnx: PMML scored through its own compiler and onnxruntime, with no file written."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.conversion import Context
from modelport.runtimes import Landmarks
from modelport.signature import Signature
from modelport_onnx.ort import OrtSession
from modelport_pmml.document import LARGE, PmmlDocument
from modelport_pmml.to_onnx.convert import convert

if TYPE_CHECKING:
    from modelport.parity.inner import Inner
    from modelport.parity.steps import Traced

KEPT = 8
"""Compiled documents that stay in memory; the one used longest ago goes first."""

_compiled: "OrderedDict[str, OrtSession]" = OrderedDict()


class CompiledSession:
    """A document opened through the compiler. Sessions of one document share what it was compiled to."""

    def __init__(self, document: PmmlDocument) -> None:
        self._document = document
        self._session = compiled(document)

    @property
    def signature(self) -> Signature:
        return self._session.signature

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """See `modelport.runtimes.Session.score`."""
        return self._session.score(batch)

    def landmarks(self) -> Landmarks:
        """The document's own: what it compares its fields with."""
        from modelport_pmml.landmarks import landmarks

        return landmarks(self._document)

    def examples(self) -> pa.RecordBatch | None:
        """See `modelport.runtimes.Exemplary`: the rows of the document's ModelVerification."""
        from modelport_pmml.reader.read import read
        from modelport_pmml.to_onnx.verification import examples

        return examples(read(self._document.data).model, self.signature)

    def inner(self) -> "Sequence[Inner]":
        """See `modelport.parity.inner.Revealing`: the trees of what the document was compiled to."""
        return self._session.inner()

    def trace(self, batch: pa.RecordBatch) -> "Sequence[Traced]":
        """See `modelport.parity.steps.Traceable`: derived fields and segments by name, other tensors besides."""
        from modelport_pmml.trace import trace

        *named, last = trace(self._document, batch)
        beside = [replace(tensor, named=False) for tensor in self._session.trace(batch)]
        return [*named, *beside, last]

    def close(self) -> None:
        """Nothing to release beyond the object itself."""


def compiled(document: PmmlDocument) -> OrtSession:
    """A document's graph in onnxruntime, compiled once.

    Raises:
        InputError: the document contradicts the specification.
        CannotConvert: an element has no exact form.
    """
    from modelport_pmml.signature import signature

    key = sha256(document.data).hexdigest()
    if key not in _compiled:
        known = signature(document) if len(document.data) <= LARGE else Signature(())
        _compiled[key] = OrtSession(convert(document, Context(known)))
        while len(_compiled) > KEPT:
            _compiled.popitem(last=False)
    _compiled.move_to_end(key)
    return _compiled[key]


def open_session(artifact: Artifact, hint: Signature | None = None) -> CompiledSession:
    """Opens a PMML artifact; the hint is not needed, a document says its own types."""
    model: Any = artifact.model
    return CompiledSession(model)
