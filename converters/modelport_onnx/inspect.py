"""What can be told about an ONNX file without running it."""

from collections import Counter
from pathlib import Path

import onnx

from modelport.errors import ModelportError
from modelport.formats import Inspection, Policy
from modelport.signature import Signature
from modelport_onnx.file import read_with_count, signature


def inspect(path: Path) -> Inspection:
    """Producer, opsets, inputs and outputs, operators and size of an ONNX file."""
    model, outside = read_with_count(path, Policy())
    operators = Counter(_operator(node) for node in model.graph.node)
    steps = tuple(sorted(operators.items(), key=lambda item: (-item[1], item[0])))
    own, warnings = _signature(model)
    facts = {
        "ir version": model.ir_version,
        "opsets": {item.domain or "ai.onnx": item.version for item in model.opset_import},
        "inputs": {value.name: _type_text(value) for value in model.graph.input},
        "outputs": {value.name: _type_text(value) for value in model.graph.output},
        "initializers": len(model.graph.initializer),
        **({"external tensors": outside} if outside else {}),
    }
    producer = " ".join(part for part in (model.producer_name, model.producer_version) if part) or None
    return Inspection("onnx", f"graph {model.graph.name!r}", path.stat().st_size, producer, own, steps, facts, warnings)


def _signature(model: onnx.ModelProto) -> tuple[Signature | None, tuple[str, ...]]:
    try:
        return signature(model), ()
    except ModelportError as error:
        return None, (f"no signature: {error.what}",)


def _operator(node: onnx.NodeProto) -> str:
    return f"{node.domain}.{node.op_type}" if node.domain else str(node.op_type)


def _type_text(value: onnx.ValueInfoProto) -> str:
    kind = value.type.WhichOneof("value") or "unknown"
    if kind != "tensor_type":
        return kind.removesuffix("_type")
    tensor = value.type.tensor_type
    dims = [dim.dim_param or (str(dim.dim_value) if dim.HasField("dim_value") else "?") for dim in tensor.shape.dim]
    return f"{onnx.TensorProto.DataType.Name(tensor.elem_type).lower()}[{', '.join(dims)}]"
