"""The engine `skl2onnx`: the well-known converter, in float32, its silent errors refused and its outputs renamed.

Measured with skl2onnx 1.20: what is refused here converts there without a word and then predicts something else. Where
it only computes in float32, a note says so; `modelport verify` shows by how much.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import onnx
import pyarrow as pa
from onnx import TensorProto, helper

from modelport.conversion import Context, NoteKind
from modelport.errors import CannotConvert
from modelport.signature import Column, Signature, Task, classifier_outputs
from modelport_onnx.assemble import is_matrix, stamp
from modelport_sklearn import anatomy
from modelport_sklearn.gate.seals import parts
from modelport_sklearn.quiet import quiet

ENGINE = "skl2onnx"
OWN = "use the engine modelport, which is exact"
NEWEST_ML = 3
"""`ai.onnx.ml` version 3 is what skl2onnx's tree converters write."""


def convert(model: Any, context: Context) -> onnx.ModelProto:
    """Converts an estimator with skl2onnx.

    Raises:
        CannotConvert: skl2onnx has no converter for a step, or one that is known to be wrong.
    """
    anatomy.check_fitted(model)
    for part in inside(model):
        _refuse_silent_errors(part)
    signature = _signature(model, context)
    with quiet():
        proto = _converted(model, signature, context)
    _clean_domains(proto)
    _free_locale(proto)
    _rename_outputs(proto, signature)
    stamp(proto, signature)
    context.note(NoteKind.ROUNDED, ENGINE, "the graph computes in float32, and casts its inputs to it")
    return proto


# What is refused ----------------------------------------------------------------------------------


def inside(model: Any) -> Iterator[Any]:
    """Every estimator in a model, itself first."""
    seen: set[int] = set()
    waiting = [model]
    while waiting:
        item = waiting.pop()
        if item is None or isinstance(item, str | bytes | int | float | type) or id(item) in seen:
            continue
        seen.add(id(item))
        if callable(getattr(item, "get_params", None)):
            yield item
        waiting += parts(item)


def _refuse_silent_errors(part: Any) -> None:
    rule = _WRONG.get(type(part).__name__)
    reason = rule(part) if rule is not None else None
    if reason:
        raise CannotConvert(f"skl2onnx gets {type(part).__name__} wrong: {reason}", where=type(part).__name__, hint=OWN)


def _native_categories(part: Any) -> str | None:
    known = part.is_categorical_
    return "28 to 31 % of labels with native categories" if known is not None and known.any() else None


def _binary_discriminant(part: Any) -> str | None:
    return "probabilities of two classes are off by up to 0.15" if len(part.classes_) == 2 else None


def _isotonic(part: Any) -> str | None:
    return "0.4 % of labels after isotonic calibration" if part.method == "isotonic" else None


def _rare(part: Any) -> str | None:
    rare = part.min_frequency is not None or part.max_categories is not None
    return "infrequent categories are not put together" if rare else None


def _always(reason: str) -> Callable[[Any], str | None]:
    return lambda part: reason


_WRONG: dict[str, Callable[[Any], str | None]] = {
    "HistGradientBoostingClassifier": _native_categories,
    "HistGradientBoostingRegressor": _native_categories,
    "LinearDiscriminantAnalysis": _binary_discriminant,
    "CalibratedClassifierCV": _isotonic,
    "OneHotEncoder": _rare,
    "OrdinalEncoder": _rare,
    "TunedThresholdClassifierCV": _always("its threshold is ignored"),
    "FixedThresholdClassifier": _always("its threshold is ignored"),
    "QuantileTransformer": _always("it takes a minute and more"),
}


# Signature ----------------------------------------------------------------------------------------


def _signature(model: Any, context: Context) -> Signature:
    """Inputs as skl2onnx takes them, and the outputs that it gives."""
    given = context.signature
    if not given.outputs:
        from modelport_sklearn.signature import signature

        given = signature(model, None, given)
    inputs = tuple(_narrow(column) for column in given.inputs)
    if _loses_missing(model) and any(column.nullable for column in inputs):
        context.note(NoteKind.LOST, ENGINE, "where trees send missing values; the file takes none")
        inputs = tuple(replace(column, nullable=False) for column in inputs)
    return replace(given, inputs=inputs, outputs=_outputs(given, context))


def _narrow(column: Column) -> Column:
    integer = pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)
    if pa.types.is_string(column.type) or (integer and not column.nullable):
        return column
    return replace(column, type=pa.float32())


def _loses_missing(model: Any) -> bool:
    """Whether a tree of scikit-learn's might meet a missing value: no imputer comes before it."""
    names = {type(part).__name__ for part in inside(model)}
    trees = any(name.startswith(("DecisionTree", "ExtraTree")) for name in names)
    return trees and not names & {"SimpleImputer", "KNNImputer", "IterativeImputer"}


def _outputs(given: Signature, context: Context) -> tuple[Column, ...]:
    if any(column.name.startswith("label(") for column in given.outputs):
        raise CannotConvert("skl2onnx's classifiers of several targets are not renamed safely", where=ENGINE, hint=OWN)
    if not all(isinstance(label, str) or type(label) is int for label in given.classes):
        raise CannotConvert("skl2onnx turns boolean and fractional labels into others", where=ENGINE, hint=OWN)
    if any(column.name.startswith("decision(") for column in given.outputs):
        context.note(NoteKind.LOST, ENGINE, "decision values; the file gives labels alone")
        return classifier_outputs(given.classes, None)
    return given.outputs


# Converting ---------------------------------------------------------------------------------------


def _converted(model: Any, signature: Signature, context: Context) -> onnx.ModelProto:
    import skl2onnx

    direct = is_matrix(signature) or type(anatomy.first(model)).__name__ == "ColumnTransformer"
    options = {"zipmap": False} if signature.task is Task.CLASSIFICATION else None
    try:
        proto: onnx.ModelProto = skl2onnx.convert_sklearn(
            anatomy.inner(model),
            initial_types=_initial(signature) if direct else _one_matrix(signature),
            options=None if options is None else {id(anatomy.chain(model).last): options},
            target_opset=_opsets(context),
        )
    except Exception as error:  # skl2onnx raises a family of its own, RuntimeError, and whatever its converters meet
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CannotConvert(
            f"skl2onnx cannot convert this model: {told}", where=type(model).__name__, hint=OWN
        ) from error
    if not direct:
        _split_input(proto, signature)
    _cap_ir(proto, context)
    return proto


def _opsets(context: Context) -> dict[str, int]:
    import skl2onnx

    newest = int(skl2onnx.__max_supported_opset__)
    wanted = context.options
    return {"": min(wanted.opset or newest, newest), "ai.onnx.ml": min(wanted.ml_opset or NEWEST_ML, NEWEST_ML)}


def _cap_ir(proto: onnx.ModelProto, context: Context) -> None:
    if context.options.ir_version is not None:
        proto.ir_version = min(proto.ir_version, context.options.ir_version)


def _initial(signature: Signature) -> list[tuple[str, Any]]:
    if is_matrix(signature):
        return [("X", _type(signature.inputs[0], len(signature.inputs)))]
    return [(column.name, _type(column, 1)) for column in signature.inputs]


def _one_matrix(signature: Signature) -> list[tuple[str, Any]]:
    """All columns as one float32 matrix, for steps that take no separate ones."""
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    texts = [pa.types.is_string(column.type) for column in signature.inputs]
    if any(texts) and not all(texts):
        raise CannotConvert("skl2onnx needs a ColumnTransformer to tell text from numbers", where=ENGINE, hint=OWN)
    kind = StringTensorType if all(texts) else FloatTensorType
    return [("modelport_matrix", kind([None, len(texts)]))]


def _type(column: Column, width: int) -> Any:
    from skl2onnx.common import data_types

    known = {
        pa.string(): data_types.StringTensorType,
        pa.float32(): data_types.FloatTensorType,
        pa.int64(): data_types.Int64TensorType,
        pa.int32(): data_types.Int32TensorType,
        pa.bool_(): data_types.BooleanTensorType,
    }
    return known[column.type]([None, width])


def _split_input(proto: onnx.ModelProto, signature: Signature) -> None:
    """Puts one input a column in front of the matrix, side by side again in the graph."""
    graph = proto.graph
    old = graph.input[0]
    kind = old.type.tensor_type.elem_type
    del graph.input[:]
    names = []
    for i, column in enumerate(signature.inputs):
        graph.input.append(helper.make_tensor_value_info(column.name, _ELEMENT[column.type], ["N", 1]))
        name = f"modelport_column_{i}"
        graph.node.insert(i, helper.make_node("Cast", [column.name], [name], name=name, to=kind))
        names.append(name)
    graph.node.insert(len(names), helper.make_node("Concat", names, [old.name], name="modelport_concat", axis=1))


_ELEMENT = {
    pa.string(): TensorProto.STRING,
    pa.float32(): TensorProto.FLOAT,
    pa.int64(): TensorProto.INT64,
    pa.int32(): TensorProto.INT32,
    pa.bool_(): TensorProto.BOOL,
}


# Cleaning -----------------------------------------------------------------------------------------


def _clean_domains(proto: onnx.ModelProto) -> None:
    """Each domain once, at the newest version named: skl2onnx can list the default domain twice."""
    newest: dict[str, int] = {}
    for entry in proto.opset_import:
        newest[entry.domain] = max(entry.version, newest.get(entry.domain, 0))
    del proto.opset_import[:]
    proto.opset_import.extend(helper.make_opsetid(domain, version) for domain, version in sorted(newest.items()))


def _free_locale(proto: onnx.ModelProto) -> None:
    """`en_US`, which onnxruntime takes where skl2onnx says nothing, is missing on minimal machines."""
    for node in proto.graph.node:
        if node.op_type == "StringNormalizer":
            kept = [attribute for attribute in node.attribute if attribute.name != "locale"]
            del node.attribute[:]
            node.attribute.extend([*kept, helper.make_attribute("locale", "C.UTF-8")])


def _rename_outputs(proto: onnx.ModelProto, signature: Signature) -> None:
    """Outputs under the names of the vocabulary, as float64 where they are numbers; others are dropped."""
    graph = proto.graph
    names = _names(signature)
    taken = {item.name for item in graph.input} | {name for node in graph.node for name in node.output}
    clash = next((name for name, _ in names if name in taken and name not in _theirs(graph)), None)
    if clash:
        raise CannotConvert(f"a column is called {clash!r}, as an output must be", where=clash, hint=OWN)
    shapes = [_shape(output) for output in graph.output]
    olds = [output.name for output in graph.output][: len(names)]
    for old in olds:
        _set_aside(graph, old)
    del graph.output[:]
    for old, (name, kind), shape in zip(olds, names, shapes, strict=False):
        node = helper.make_node("Cast", [f"modelport_{old}"], [name], name=f"modelport_out_{name}", to=kind)
        graph.node.append(node)
        graph.output.append(helper.make_tensor_value_info(name, kind, shape))


def _shape(output: onnx.ValueInfoProto) -> list[int | str | None]:
    """The shape that skl2onnx declares, rows called N."""
    dims = output.type.tensor_type.shape.dim
    return ["N", *(dim.dim_value or None for dim in dims[1:])]


def _theirs(graph: onnx.GraphProto) -> set[str]:
    return {output.name for output in graph.output}


def _set_aside(graph: onnx.GraphProto, old: str) -> None:
    """Gives an inner value another name, so that the vocabulary's is free."""
    for node in graph.node:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                if name == old:
                    names[i] = f"modelport_{old}"


def _names(signature: Signature) -> list[tuple[str, int]]:
    """Graph outputs in order: name and element type."""
    first = signature.outputs[0]
    label = ("label", TensorProto.STRING if pa.types.is_string(first.type) else TensorProto.INT64)
    number = TensorProto.DOUBLE
    match signature.task:
        case Task.CLASSIFICATION:
            return [label] if len(signature.outputs) == 1 else [label, ("probability", number)]
        case Task.REGRESSION:
            return [("prediction", number)]
        case Task.CLUSTERING:
            return [("cluster", TensorProto.INT64)]
        case Task.OUTLIERS:
            return [label] if len(signature.outputs) == 1 else [label, ("score", number)]
        case _:
            kinds = {str(column.type) for column in signature.outputs}
            if kinds != {"double"}:
                raise CannotConvert(
                    "skl2onnx's transformers of mixed types are not renamed safely", where=ENGINE, hint=OWN
                )
            return [("out", number)]
