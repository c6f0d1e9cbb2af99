"""A live estimator as an ONNX file: arguments from the signature, lowering, outputs in the one vocabulary."""

from dataclasses import replace

import onnx
import pyarrow as pa

from modelport.conversion import Context, NoteKind
from modelport.signature import Signature
from modelport_onnx.assemble import arguments, finish, frame_outputs, outcome_outputs
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope, find, lower_predict, lower_transform


def to_onnx(estimator: object, context: Context) -> onnx.ModelProto:
    """Lowers an estimator exactly (or, with `--precision portable`, to float32 graphs).

    Predictors give their outcome; an estimator that only transforms gives its columns.

    Raises:
        CannotConvert: a step has no exact form; it is named.
    """
    scope = Scope(context)
    note_empty_text(context)
    if scope.portable:
        context.signature = narrow(context.signature)
        context.note(NoteKind.ROUNDED, "inputs", "are taken in float32; a float64 number is rounded to it first")
    inputs, frame = arguments(context.signature, portable=scope.portable)
    entry = find(estimator)
    predicts = hasattr(estimator, "predict") and (entry is None or entry.predict is not None)
    if predicts:
        outputs, columns, task, classes = outcome_outputs(lower_predict(estimator, frame, scope))
    else:
        outputs, columns, task, classes = frame_outputs(_some_columns(lower_transform(estimator, frame, scope), scope))
    return finish(inputs, outputs, context.signature.with_outputs(columns, task, classes), context)


def narrow(signature: Signature) -> Signature:
    """The signature of a portable file: float32 where the original takes float64."""
    columns = (replace(c, type=pa.float32()) if c.type.equals(pa.float64()) else c for c in signature.inputs)
    return replace(signature, inputs=tuple(columns))


def _some_columns(frame: Frame, scope: Scope) -> Frame:
    """A transformer that drops everything has no file: a graph has at least one output."""
    if not frame.width:
        raise scope.refuse("no columns come out of this model", "keep at least one column")
    return frame


def note_empty_text(context: Context) -> None:
    """ONNX has no null, so missing text travels as the empty text; where text may be missing, that is said."""
    for column in context.signature.inputs:
        if pa.types.is_string(column.type) and column.nullable:
            context.note(NoteKind.ASSUMED, column.name, "the empty text is taken for missing, as ONNX has no null")
