"""From a Signature to graph inputs, and from an Outcome to a finished, self-describing ONNX file.

One rule ties a file to its signature: the columns of its inputs, one input after another, are `signature.inputs`;
the columns of its outputs, likewise, are `signature.outputs`. An input or output of rank 1 is one column.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import onnx
import pyarrow as pa
from spox import Tensor, Var

from modelport._version import __version__
from modelport.conversion import Context
from modelport.signature import (
    Category,
    Column,
    Signature,
    Task,
    classifier_outputs,
    cluster_outputs,
    label_text,
    label_type,
    matrix_inputs,
    outlier_outputs,
    regression_outputs,
)
from modelport_onnx.frame import Block, Frame, cast
from modelport_onnx.nodes.subgraphs import argument
from modelport_onnx.nodes.write import build
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Clustered, MultiClassified, Outcome, Outliers, Regressed
from modelport_onnx.passes.caps import apply_caps
from modelport_onnx.passes.near_one import keep_factors

SIGNATURE_KEY = "modelport.signature"
NOTES_KEY = "modelport.notes"
DEFAULT_IR = 10
"""IR version written unless a cap asks for less: 10 belongs to opset 21 and is read by onnxruntime 1.18 and later."""

Outputs = tuple[dict[str, Var], tuple[Column, ...], Task, tuple[Category, ...]]


def is_matrix(signature: Signature) -> bool:
    """Whether the columns are those of a bare matrix (`x0 … xN`), which travels as one tensor `X`."""
    inputs = signature.inputs
    if not inputs or inputs[0].name != "x0" or inputs[-1].name != f"x{len(inputs) - 1}":
        return False
    return tuple(inputs) == matrix_inputs(len(inputs), inputs[0].type, inputs[0].nullable)


def numpy_type(column: Column) -> type[np.generic]:
    """The tensor type a column travels as: integers and booleans that may be missing become float64, NaN missing."""
    return _numpy_type(column.type, column.nullable)


@cache
def _numpy_type(of: pa.DataType, nullable: bool) -> type[np.generic]:
    if pa.types.is_string(of):
        return np.str_
    if nullable and not pa.types.is_floating(of):
        return np.float64
    kinds: dict[pa.DataType, type[np.generic]] = {
        pa.float64(): np.float64,
        pa.float32(): np.float32,
        pa.int64(): np.int64,
        pa.int32(): np.int32,
        pa.bool_(): np.bool_,
    }
    return kinds[of]


def arguments(signature: Signature, *, portable: bool = False) -> tuple[dict[str, Var], Frame]:
    """Graph inputs for a signature, and the Frame they form.

    A bare matrix is one input `X` [N, C]; named columns are one input [N, 1] each. `portable` declares float32
    where the signature says float64, and hands the lowerings float32 blocks.
    """

    def tensor_type(column: Column) -> type[np.generic]:
        kind = numpy_type(column)
        return np.float32 if portable and kind is np.float64 else kind

    if is_matrix(signature):
        first = signature.inputs[0]
        var = argument(Tensor(tensor_type(first), ("N", len(signature.inputs))))
        names = tuple(column.name for column in signature.inputs)
        return {"X": var}, Frame((Block(var, names, any(c.nullable for c in signature.inputs)),))
    inputs = {c.name: argument(Tensor(tensor_type(c), ("N", 1))) for c in signature.inputs}
    return inputs, Frame(tuple(Block(inputs[c.name], (c.name,), c.nullable) for c in signature.inputs))


def labels(index: Var, classes: Sequence[Category]) -> Var:
    """Class labels [N] from their positions [N]."""
    kind = label_type(classes)
    if pa.types.is_string(kind):
        known = np.array([label_text(label) for label in classes], np.str_)
    else:
        known = np.array(classes, kind.to_pandas_dtype())
    return op.gather(op.const(known), index, axis=0)


def outcome_outputs(outcome: Outcome) -> Outputs:
    """Named outputs, their columns, the task and the classes, in the one vocabulary."""
    match outcome:
        case Classified():
            return _classified(outcome)
        case MultiClassified():
            return _multi_classified(outcome)
        case Regressed():
            width = _width(outcome.value)
            names = outcome.names or tuple(f"y{i}" for i in range(width))
            value = outcome.value if width > 1 else op.reshape(outcome.value, op.const(np.array([-1], np.int64)))
            return {"prediction": _double(value)}, regression_outputs(names), Task.REGRESSION, ()
        case Clustered():
            return {"cluster": cast(outcome.cluster, np.int64)}, cluster_outputs(), Task.CLUSTERING, ()
        case Outliers():
            outputs = {"label": cast(outcome.label, np.int64)}
            if outcome.score is not None:
                outputs["score"] = _double(outcome.score)
            return outputs, outlier_outputs(outcome.score is not None), Task.OUTLIERS, ()


def _classified(outcome: Classified) -> Outputs:
    outputs = {"label": labels(outcome.index, outcome.classes)}
    columns = classifier_outputs(outcome.classes, None)
    if outcome.probability is not None:
        outputs["probability"] = _double(outcome.probability)
        columns = classifier_outputs(outcome.classes)
    elif outcome.decision is not None:
        outputs["decision"] = _double(outcome.decision)
        columns = (*columns, *_decision_columns(outcome))
    return outputs, columns, Task.CLASSIFICATION, outcome.classes


def _decision_columns(outcome: Classified) -> tuple[Column, ...]:
    assert outcome.decision is not None
    names = outcome.decision_names or tuple(label_text(label) for label in outcome.classes)
    if _width(outcome.decision) == 1:
        names = names[-1:]
    return tuple(Column(f"decision({name})", pa.float64()) for name in names)


def _multi_classified(outcome: MultiClassified) -> Outputs:
    outputs: dict[str, Var] = {}
    columns: list[Column] = []
    for i, target in enumerate(outcome.targets):
        outputs[f"label_{i}"] = labels(target.index, target.classes)
        columns.append(Column(f"label(y{i})", label_type(target.classes), categories=target.classes))
        if target.probability is not None:
            outputs[f"probability_{i}"] = _double(target.probability)
            columns += [Column(f"probability(y{i}={label_text(label)})", pa.float64()) for label in target.classes]
    return outputs, tuple(columns), Task.CLASSIFICATION, ()


def frame_outputs(frame: Frame) -> Outputs:
    """A transformer's columns: one output `out` where all share a type, else `out_0`, `out_1` … a block."""
    kinds = {block.dtype for block in frame.blocks}
    if len(kinds) == 1:
        dtype = frame.blocks[0].dtype
        vars_ = {"out": frame.matrix(np.str_ if dtype.kind in "UOST" else dtype.type)}
    else:
        vars_ = {f"out_{i}": block.var for i, block in enumerate(frame.blocks)}
    columns = tuple(
        Column(f"out({name})", kind, nullable=True)
        for block, kind in ((block, _arrow_type(block)) for block in frame.blocks)
        for name in block.names
    )
    return vars_, columns, Task.TRANSFORM, ()


def _arrow_type(block: Block) -> pa.DataType:
    return pa.string() if block.is_text else pa.from_numpy_dtype(block.dtype)


def _double(var: Var) -> Var:
    return cast(var, np.float64)


def _width(var: Var) -> int:
    kind = var.type
    assert isinstance(kind, Tensor), "outputs are tensors"
    shape = kind.shape
    if shape is None or len(shape) != 2:
        return 1
    width = shape[1]
    assert isinstance(width, int), "the width of an output is known when it is built"
    return width


def finish(
    inputs: Mapping[str, Var], outputs: Mapping[str, Var], signature: Signature, context: Context
) -> onnx.ModelProto:
    """Builds the graph and writes what it is into its metadata. Same input, same bytes."""
    proto = build(inputs, outputs)
    proto.producer_name, proto.producer_version = "modelport", __version__
    proto.ir_version = DEFAULT_IR
    proto.graph.name = signature.task.value if signature.task else "model"
    onnx.checker.check_model(proto)
    stamp(proto, signature)
    return apply_caps(keep_factors(proto), context.options)


def stamp(proto: onnx.ModelProto, signature: Signature) -> None:
    """Writes a signature into the metadata of a model, replacing one that is there."""
    kept = [entry for entry in proto.metadata_props if entry.key != SIGNATURE_KEY]
    del proto.metadata_props[:]
    proto.metadata_props.extend(kept)
    proto.metadata_props.add(key=SIGNATURE_KEY, value=signature.dumps())
