"""The functions of `modelport_onnx.ops` against spox's: names, arguments, attributes, errors."""

import inspect

import numpy as np
import pytest
import spox
import spox.opset.ai.onnx.ml.v3 as spox_ml3
import spox.opset.ai.onnx.v21 as v21
from spox import Tensor, argument

from modelport_onnx.nodes.write import build
from modelport_onnx.ops import ml3, op


def test_every_function_of_spox_is_there() -> None:
    for name in v21.__all__:
        assert callable(getattr(op, name))


def test_inputs_by_name_keep_their_places() -> None:
    x = argument(Tensor(np.float64, ("N", 2)))
    low, high = op.const(0.0), op.const(1.0)
    for clipped in (op.clip(x, min=low, max=high), op.clip(x, max=high), op.clip(max=high, input=x)):
        assert clipped.type == Tensor(np.float64, ("N", 2))
        node = build({"x": x}, {"y": clipped}).graph.node[-2]
        assert node.op_type == "Clip"
        assert len(node.input) == 3
    assert list(node.input)[:2] == ["x", ""]


@pytest.mark.parametrize(
    "call",
    [
        lambda module, x: module.add(x),
        lambda module, x: module.add(x, x, x),
        lambda module, x: module.add(x, x, axis=1),
        lambda module, x: module.concat([x]),
        lambda module, x: module.cast(x),
        lambda module, x: module.exp(x, x),
    ],
)
def test_wrong_arguments_are_refused_as_spox_refuses_them(call: object) -> None:
    x = argument(Tensor(np.float64, ("N", 2)))
    messages = []
    for module in (op, v21):
        with pytest.raises(TypeError) as caught:
            call(module, x)  # type: ignore[operator]
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_types_that_do_not_fit_are_refused() -> None:
    x, i = argument(Tensor(np.float64, (3, 2))), argument(Tensor(np.int64, ("N", 2)))
    for function, inputs in ((op.add, (x, i)), (op.exp, (i,)), (op.matmul, (x, x))):
        with pytest.raises(Exception, match=r"Inference|type"):
            function(*inputs)


def test_signed_zeros_stay_apart() -> None:
    """Attributes are shared where they are equal, and 0.0 is equal to -0.0."""
    x = argument(Tensor(np.int64, ("N",)))
    signs = []
    for zero in (0.0, -0.0):
        made = ml3.label_encoder(x, keys_int64s=[1], values_floats=[2.0], default_float=zero)
        node = build({"x": x}, {"y": made}).graph.node[0]
        signs.append(next(np.signbit(item.f) for item in node.attribute if item.name == "default_float"))
    assert signs == [False, True]


def test_documented_names() -> None:
    assert op.add.__name__ == "add"
    assert "Parameters" in (inspect.getdoc(op.add) or "")
    assert ml3.label_encoder.__name__ == spox_ml3.label_encoder.__name__


def test_results_mix_with_those_of_spox() -> None:
    x = argument(Tensor(np.float64, ("N", 2)))
    mixed = v21.add(op.mul(x, v21.const(2.0)), op.const(1.0))
    model = build({"x": x}, {"y": mixed})
    assert model.graph == spox.build({"x": x}, {"y": mixed}).graph
