"""A formula as an ONNX graph that adds in the same order, in float64."""

import numpy as np
import onnx
import spox.opset.ai.onnx.v21 as op

from modelport.conversion import Context
from modelport_formula.model import Formula
from modelport_onnx.assemble import arguments, finish, outcome_outputs
from modelport_onnx.outcome import Regressed


def convert(model: Formula, context: Context) -> onnx.ModelProto:
    """Exact: float64 products, added one after another as the runtime adds them."""
    inputs, _ = arguments(context.signature)
    total = op.const(np.array([[model.intercept]]))
    for name, weight in model.weights.items():
        total = op.add(total, op.mul(inputs[name], op.const(np.array([[weight]]))))
    outputs, columns, task, classes = outcome_outputs(Regressed(total))
    return finish(inputs, outputs, context.signature.with_outputs(columns, task, classes), context)
