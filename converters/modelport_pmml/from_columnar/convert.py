"""ONNX → PMML: symbolic execution, then the writer."""

from dataclasses import replace

import onnx

from modelport.conversion import Context
from modelport_columnar.execute import execute
from modelport_pmml.document import PmmlDocument, document
from modelport_pmml.from_columnar import elements
from modelport_pmml.from_columnar.draft import draft
from modelport_pmml.from_columnar.models import model, refuse_empty, target_of
from modelport_pmml.from_columnar.verification import verification


def convert(source: onnx.ModelProto, context: Context) -> PmmlDocument:
    """A graph as a PMML 4.4 document.

    Raises:
        CannotConvert: an operator that has no columnar form, or an operation that PMML cannot express; it is named.
    """
    made = draft(execute(source), context)
    refuse_empty(made)
    body = model(made)
    dictionary = elements.data_dictionary(made.inputs, target_of(made))
    golden = verification(source, replace(made.signature, inputs=tuple(made.inputs)))
    return document(elements.document(dictionary, _with(body, golden)))


def _with(body: str, golden: str) -> str:
    """The golden rows as the last child of the model."""
    start, closing, name = body.rpartition("</")
    return start + golden + closing + name
