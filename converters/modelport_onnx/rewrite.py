"""ONNX → ONNX: the same graph within the caps that were asked for, for runtimes that cannot load the newest."""

import onnx

from modelport.conversion import Context, Precision
from modelport.errors import CannotConvert, UsageError
from modelport_onnx.assemble import stamp
from modelport_onnx.file import signature
from modelport_onnx.passes.caps import apply_caps

ML = "ai.onnx.ml"


def rewrite(source: onnx.ModelProto, context: Context) -> onnx.ModelProto:
    """A graph with its signature in its metadata, within the caps of the options.

    Raises:
        UsageError: another precision is asked for, which is a matter of the original.
        CannotConvert: an operator of the graph is younger than a cap; it is named.
    """
    options = context.options
    if options.precision is not Precision.EXACT:
        raise UsageError(
            "a graph keeps the arithmetic it has", hint="convert the original model with --precision portable"
        )
    made = onnx.ModelProto()
    made.CopyFrom(source)
    stamp(made, signature(source))
    _check_ml(made, options.ml_opset)
    return apply_caps(made, options)


def _check_ml(model: onnx.ModelProto, cap: int | None) -> None:
    """Operators of `ai.onnx.ml` are not written in older forms here: what they were is the original's to say."""
    for item in model.opset_import:
        if item.domain == ML and cap is not None and item.version > cap:
            young = [
                node.op_type for node in model.graph.node if node.domain == ML and _since(node, item.version) > cap
            ]
            if young:
                raise CannotConvert(
                    f"{young[0]} needs {ML} {item.version}",
                    where=young[0],
                    hint=f"convert the original model with --ml-opset {cap}",
                )
            item.version = cap


def _since(node: onnx.NodeProto, version: int) -> int:
    return int(onnx.defs.get_schema(node.op_type, version, ML).since_version)
