"""ONNX → PMML: symbolic execution, then the writer."""

from dataclasses import replace

import onnx

from modelport.conversion import Context, NoteKind
from modelport_columnar.execute import execute
from modelport_columnar.expression import Kind, reachable
from modelport_onnx.malformed import refusing_malformed
from modelport_pmml.document import PmmlDocument
from modelport_pmml.from_columnar import elements
from modelport_pmml.from_columnar.draft import Draft, draft
from modelport_pmml.from_columnar.models import model, refuse_empty, target_of
from modelport_pmml.from_columnar.verification import verification


@refusing_malformed
def convert(source: onnx.ModelProto, context: Context) -> PmmlDocument:
    """A graph as a PMML 4.4 document.

    Raises:
        CannotConvert: an operator that has no columnar form, or an operation that PMML cannot express; it is named.
    """
    columns = execute(source)
    for what in columns.assumed:
        context.note(NoteKind.ASSUMED, "rows", what)
    made = draft(columns, context)
    refuse_empty(made)
    _note_evaluators(made, context)
    golden = verification(source, columns, replace(made.signature, inputs=tuple(made.inputs)))
    written = model(made)
    dictionary = elements.data_dictionary(made.inputs, target_of(made))
    return PmmlDocument([*elements.document(dictionary, written, golden)])


def _note_evaluators(made: Draft, context: Context) -> None:
    """Where evaluators do not agree about what is written.

    PMML itself has no sums in float32: JPMML reads them off its own attribute, others add in float64.
    """
    nodes = list(reachable(made.outputs))
    if any(node.op == "forest" and node.kind is Kind.FLOAT32 for node in nodes):
        what = "the trees add in float32; JPMML does so too (x-mathContext), other evaluators add in float64"
        context.note(NoteKind.ROUNDED, "MiningModel", what)
    if any(node.op in ("linear", "sum") and node.kind is Kind.FLOAT32 for node in nodes):
        what = "sums in float32 are rounded as the order of their terms has it, and every runtime chooses its own"
        context.note(NoteKind.ROUNDED, "Apply", what)
