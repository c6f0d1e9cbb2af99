"""Constants: `Constant` nodes, initializers, and equal parts."""

from typing import Any

import numpy as np
import spox.opset.ai.onnx.v21 as v21
from spox import Var
from spox._attributes import AttrInt64, AttrTensor
from spox._fields import BaseInputs
from spox._graph import _Initializer
from spox._type_inference_utils import split_num_outputs
from spox._value_prop import PropValue
from spox.opset.ai.onnx.v21 import _Constant, _Split

from modelport_onnx.nodes.create import bare, node, output, unchecked, var
from modelport_onnx.nodes.plain import tensor

_KINDS = ("value_float", "value_floats", "value_int", "value_ints", "value_string", "value_strings")


def const(value: Any, dtype: Any = None) -> Var:
    """A `Constant` node; `spox.opset.ai.onnx.v21.const`."""
    return constant(value=np.array(value, dtype))


def constant(*, value: Any = None, **others: Any) -> Var:
    """A `Constant` node."""
    if value is None or others or not isinstance(value, np.ndarray) or value.dtype.kind not in "fiubU":
        return v21.constant(value=value, **others)
    held = value.copy()
    empty: dict[str, Any] = dict.fromkeys(_KINDS)
    made = bare(_Constant, _Constant.Attributes(value=unchecked(AttrTensor, held, "value"), **empty), BaseInputs())
    return _valued(made, "output", held)


def initializer(value: np.ndarray[Any, np.dtype[Any]]) -> Var:
    """A tensor of the graph itself; `spox._future.initializer`."""
    held = value.copy()
    made = bare(_Initializer, _Initializer.Attributes(value=unchecked(AttrTensor, held, "dummy")), BaseInputs())
    return _valued(made, "arg", held)


def _valued(made: Any, name: str, value: np.ndarray[Any, np.dtype[Any]]) -> Var:
    kind = tensor((value.dtype.type, value.shape))
    info = output(made, kind)
    made.outputs = made.Outputs(**{name: info})
    return var(info, PropValue(kind, value))


def split(input: Var, split: Var | None = None, *, axis: int = 0, num_outputs: int | None = None) -> list[Var]:
    """`Split`."""
    settings = {"axis": axis, "num_outputs": num_outputs}
    attrs = _Split.Attributes(
        axis=AttrInt64(axis, "axis"),
        num_outputs=None if num_outputs is None else AttrInt64(num_outputs, "num_outputs"),
    )
    count = split_num_outputs(split, num_outputs)
    return node(_Split, attrs, settings, {"input": input, "split": split}, ("outputs",), count)
