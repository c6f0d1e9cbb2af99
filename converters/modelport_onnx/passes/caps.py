"""Caps: the same graph under an older opset or IR version, for runtimes that cannot load the newest.

Between opset 13 and 21 the operators that modelport writes changed in two ways only: they took more types, and the
reductions moved `axes` from an attribute to an input (opset 18; `ReduceSum` in 13). So a graph is re-labelled, the
reductions are rewritten, and the ONNX checker decides whether every node is still valid; what is not is refused.
Source: the change notes in `onnx/defs` of onnx 1.23; `onnx.defs.get_schema(op, max_inclusive_version=…)`.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

from modelport.conversion import Options
from modelport.errors import CannotConvert, UsageError

OLDEST_OPSET = 13
NEWEST_IR = 10
OLDEST_IR = 4
"""Before IR 4 every initializer had to be a graph input too."""

AXES_BECAME_INPUT = {
    **dict.fromkeys(
        (
            "ReduceMax",
            "ReduceMin",
            "ReduceMean",
            "ReduceProd",
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceSumSquare",
        ),
        18,
    ),
}
"""Operator → the opset in which its axes became an input."""


def apply_caps(model: onnx.ModelProto, options: Options) -> onnx.ModelProto:
    """The model within the caps of `options`, changed in place.

    Raises:
        UsageError: a cap that no runtime asks for.
        CannotConvert: an operator of the graph is younger than the cap; it is named.
    """
    if options.opset is not None:
        _cap_opset(model, options.opset)
    if options.ir_version is not None:
        _cap_ir(model, options.ir_version)
    return model


def _cap_ir(model: onnx.ModelProto, version: int) -> None:
    if version < OLDEST_IR:
        raise UsageError(f"IR version {version} is not written", hint=f"use {OLDEST_IR} or newer")
    model.ir_version = min(model.ir_version, version)


def _cap_opset(model: onnx.ModelProto, version: int) -> None:
    default = next((item for item in model.opset_import if item.domain in ("", "ai.onnx")), None)
    if default is None or default.version <= version:
        return
    if version < OLDEST_OPSET:
        raise UsageError(f"opset {version} is not written", hint=f"use {OLDEST_OPSET} or newer")
    _refuse_younger(model, version)
    _axes_to_attributes(model, version)
    _drop_younger_defaults(model, default.version, version)
    default.version = version
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        reason = next((line for line in str(error).splitlines() if line.strip()), "")
        raise CannotConvert(f"this model does not fit opset {version}: {reason}", hint="allow a newer opset") from error


def _refuse_younger(model: onnx.ModelProto, version: int) -> None:
    for node in _nodes(model.graph):
        if node.domain in ("", "ai.onnx"):
            since = _first_opset().get(node.op_type, 1)
            if since > version:
                raise CannotConvert(
                    f"{node.op_type} exists since opset {since}, and the cap is {version}",
                    where=node.name or node.op_type,
                    hint=f"pass --opset {since}, if the runtime allows it",
                )


@cache
def _first_opset() -> dict[str, int]:
    """Operator of the default domain → the opset that introduced it."""
    first: dict[str, int] = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if not schema.domain:
            first[schema.name] = min(schema.since_version, first.get(schema.name, schema.since_version))
    return first


def _nodes(graph: onnx.GraphProto) -> list[NodeProto]:
    """Every node, those of subgraphs too."""
    found = list(graph.node)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                found += _nodes(attribute.g)
    return found


def _axes_to_attributes(model: onnx.ModelProto, version: int) -> None:
    constants = _constants(model.graph)
    for node in _nodes(model.graph):
        since = AXES_BECAME_INPUT.get(node.op_type)
        if since is None or version >= since or len(node.input) < 2:
            continue
        axes = constants.get(node.input[1])
        if axes is None:
            raise CannotConvert(
                f"{node.op_type} computes its axes, which opset {version} does not allow", where=node.name
            )
        del node.input[1:]
        node.attribute.append(helper.make_attribute("axes", [int(axis) for axis in axes]))


def _drop_younger_defaults(model: onnx.ModelProto, written: int, version: int) -> None:
    """Drops attributes that the older schema does not know, where they hold the newer schema's default."""
    for node in _nodes(model.graph):
        if node.domain in ("", "ai.onnx"):
            old = onnx.defs.get_schema(node.op_type, version).attributes
            new = onnx.defs.get_schema(node.op_type, written).attributes
            kept = [
                attribute
                for attribute in node.attribute
                if attribute.name in old or not _is_default(attribute, new.get(attribute.name))
            ]
            del node.attribute[:]
            node.attribute.extend(kept)


def _is_default(attribute: onnx.AttributeProto, schema: onnx.defs.OpSchema.Attribute | None) -> bool:
    if schema is None or not schema.default_value.name:
        return False
    return bool(helper.get_attribute_value(attribute) == helper.get_attribute_value(schema.default_value))


def _constants(graph: onnx.GraphProto) -> Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in _nodes(graph):
        if node.op_type == "Constant":
            for attribute in node.attribute:
                if attribute.name == "value":
                    found[node.output[0]] = numpy_helper.to_array(attribute.t)
    return found
