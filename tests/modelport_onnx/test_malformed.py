"""A graph that contradicts itself is refused by every converter from ONNX, with a typed error."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from sklearn.tree import DecisionTreeRegressor

from modelport import api
from modelport.conversion import Context
from modelport.errors import CannotConvert, ModelportError, Unsafe
from modelport_onnx.build import to_onnx
from modelport_onnx.file import signature
from modelport_onnx.malformed import refusing_malformed
from modelport_pmml.from_columnar.convert import convert as to_pmml
from modelport_sklearn.from_onnx.convert import convert as to_pickle

ROWS = np.random.default_rng(0).normal(size=(40, 2))


def tree() -> onnx.ModelProto:
    model = DecisionTreeRegressor(max_depth=2).fit(ROWS, ROWS[:, 0])
    return to_onnx(model, Context(api.signature(model, data=ROWS)))


def attribute(model: onnx.ModelProto, name: str) -> onnx.AttributeProto:
    return next(item for node in model.graph.node for item in node.attribute if item.name == name)


def unequal(model: onnx.ModelProto) -> None:
    del attribute(model, "nodes_trueleafs").ints[-1]


def beyond(model: onnx.ModelProto) -> None:
    attribute(model, "nodes_truenodeids").ints[0] = 1 << 30


def short(model: onnx.ModelProto) -> None:
    attribute(model, "nodes_splits").t.dims[0] = 1 << 20


def no_type(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.elem_type = 81


@pytest.mark.parametrize("damage", [unequal, beyond, short, no_type])
@pytest.mark.parametrize("convert", [to_pmml, to_pickle])
def test_a_damaged_tree_is_refused(convert: object, damage: object) -> None:
    model = tree()
    context = Context(signature(model))
    damage(model)  # type: ignore[operator]
    with pytest.raises(ModelportError):
        convert(model, context)  # type: ignore[operator]


def test_a_cast_to_no_type_is_refused() -> None:
    x, y = (helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 2]) for name in "XY")
    graph = helper.make_graph([helper.make_node("Cast", ["X"], ["Y"], to=0)], "g", [x], [y])
    model = helper.make_model(graph)
    with pytest.raises(CannotConvert, match="contradicts itself") as error:
        to_pmml(model, Context(signature(model)))
    assert "modelport_" in str(error.value.where)


def test_memory_without_end_is_unsafe() -> None:
    @refusing_malformed
    def convert(source: onnx.ModelProto, context: Context) -> None:
        np.zeros(1 << 60, np.int8)

    with pytest.raises(Unsafe, match="memory"):
        convert(onnx.ModelProto(), Context(signature(tree())))


def test_refusals_of_the_converter_itself_are_kept() -> None:
    weights = numpy_helper.from_array(np.zeros((2, 2)), "w")
    x, y = (helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 2]) for name in "XY")
    graph = helper.make_graph([helper.make_node("Unheard", ["X", "w"], ["Y"])], "g", [x], [y], [weights])
    model = helper.make_model(graph)
    with pytest.raises(CannotConvert, match="Unheard"):
        to_pmml(model, Context(signature(model)))
