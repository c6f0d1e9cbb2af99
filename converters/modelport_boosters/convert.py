"""A parsed model file as ONNX."""

from typing import Any

import onnx

from modelport.conversion import Context
from modelport_onnx.assemble import arguments, finish, outcome_outputs
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.malformed import refusing_malformed


@refusing_malformed
def to_onnx(model: Any, context: Context) -> onnx.ModelProto:
    """Lowers an XgbModel, LgbmModel or CatModel.

    Raises:
        CannotConvert: a part of it has no exact form; it is named.
    """
    scope = Scope(context)
    inputs, frame = arguments(context.signature, portable=scope.portable)
    outputs, columns, task, classes = outcome_outputs(lower_predict(model, frame, scope))
    return finish(inputs, outputs, context.signature.with_outputs(columns, task, classes), context)
