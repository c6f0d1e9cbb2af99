"""Types by rule against ONNX's own inference, which spox asks."""

from typing import Any

import numpy as np
import pytest
import spox.opset.ai.onnx.v21 as v21
from hypothesis import given
from hypothesis import strategies as st
from spox import Tensor, Var, argument

from modelport_onnx.ops import op

DIMS = st.sampled_from([1, 2, 3, 4, "N", "M", None])
SHAPES = st.one_of(st.none(), st.lists(DIMS, max_size=4).map(tuple))
ELEMENTS = st.sampled_from([np.float64, np.float32, np.int64, np.bool_, np.str_])
TENSORS = st.builds(Tensor, ELEMENTS, SHAPES)
NUMBERS = st.builds(Tensor, st.just(np.float64), SHAPES)
AXES = st.lists(st.integers(-4, 3), max_size=3)
pytestmark = pytest.mark.filterwarnings("ignore::spox._exceptions.InferenceWarning")


def answer(function: Any, *inputs: Any, **attributes: Any) -> Any:
    """The types of the results, or the kind of error."""
    try:
        found = function(*inputs, **attributes)
    except Exception as error:
        return type(error).__name__.split("[")[0]
    return [item.type for item in (found if isinstance(found, (tuple, list)) else [found])]


def agree(name: str, *inputs: Any, **attributes: Any) -> None:
    ours, theirs = (answer(getattr(module, name), *inputs, **attributes) for module in (op, v21))
    assert ours == theirs, (name, [getattr(i, "type", i) for i in inputs], attributes)


@pytest.mark.parametrize(
    "name",
    [
        "abs",
        "neg",
        "exp",
        "log",
        "sqrt",
        "floor",
        "round",
        "sign",
        "tanh",
        "sin",
        "relu",
        "reciprocal",
        "isnan",
        "isinf",
        "not_",
        "identity",
        "sigmoid",
        "ceil",
        "cos",
        "shape",
        "softmax",
    ],
)
@given(kind=TENSORS)
def test_one_input(name: str, kind: Tensor) -> None:
    agree(name, argument(kind))


@pytest.mark.parametrize(
    "name",
    [
        "add",
        "sub",
        "mul",
        "div",
        "pow",
        "equal",
        "greater",
        "less",
        "less_or_equal",
        "greater_or_equal",
        "and_",
        "or_",
        "xor",
        "matmul",
        "gather",
        "gather_elements",
        "expand",
        "reshape",
        "gemm",
        "cumsum",
    ],
)
@given(one=TENSORS, other=TENSORS)
def test_two_inputs(name: str, one: Tensor, other: Tensor) -> None:
    agree(name, argument(one), argument(other))


@pytest.mark.parametrize("name", ["add", "equal", "pow", "matmul"])
@given(one=NUMBERS, other=NUMBERS)
def test_two_numbers(name: str, one: Tensor, other: Tensor) -> None:
    agree(name, argument(one), argument(other))


@given(kinds=st.lists(NUMBERS, min_size=1, max_size=4), axis=st.integers(-4, 3))
def test_several_inputs(kinds: list[Tensor], axis: int) -> None:
    values = [argument(kind) for kind in kinds]
    for name in ("sum", "max", "min"):
        agree(name, values)
    agree("concat", values, axis=axis)


@given(condition=TENSORS, one=TENSORS, other=TENSORS)
def test_where(condition: Tensor, one: Tensor, other: Tensor) -> None:
    agree("where", *(argument(kind) for kind in (condition, one, other)))
    agree("clip", *(argument(kind) for kind in (condition, one, other)))
    agree("scatter_elements", *(argument(kind) for kind in (condition, one, other)), axis=0)


@given(kind=TENSORS, to=ELEMENTS)
def test_cast(kind: Tensor, to: Any) -> None:
    agree("cast", argument(kind), to=to)


@given(kind=NUMBERS, axes=AXES, keepdims=st.booleans())
def test_reductions(kind: Tensor, axes: list[int], keepdims: bool) -> None:
    value, over = argument(kind), op.const(np.array(axes, np.int64))
    for name in ("reduce_sum", "reduce_max", "reduce_mean"):
        agree(name, value, over, keepdims=int(keepdims))
        agree(name, value, keepdims=int(keepdims))
    for name in ("unsqueeze", "squeeze"):
        agree(name, value, over)
    for axis in axes:
        agree("arg_max", value, axis=axis, keepdims=int(keepdims))
        agree("split", value, axis=axis, num_outputs=2)


@given(kind=NUMBERS, index=st.lists(DIMS, max_size=2).map(tuple), axis=st.integers(-3, 2))
def test_gather(kind: Tensor, index: Any, axis: int) -> None:
    agree("gather", argument(kind), argument(Tensor(np.int64, index)), axis=axis)


@given(kind=NUMBERS, shape=st.lists(st.integers(-1, 6), max_size=4))
def test_constant_shapes(kind: Tensor, shape: list[int]) -> None:
    value, wanted = argument(kind), op.const(np.array(shape, np.int64))
    agree("reshape", value, wanted)
    if -1 not in shape:
        agree("expand", value, wanted)


@given(kind=NUMBERS, count=st.integers(0, 4), axis=st.integers(-3, 2), order=st.permutations(range(3)))
def test_top_k_and_transpose(kind: Tensor, count: int, axis: int, order: list[int]) -> None:
    agree("top_k", argument(kind), op.const(np.array([count])), axis=axis)
    agree("transpose", argument(kind), perm=order)


@given(kind=NUMBERS, start=st.integers(-5, 5), stop=st.integers(-5, 5), axis=st.integers(-3, 2))
def test_slice(kind: Tensor, start: int, stop: int, axis: int) -> None:
    bounds = [op.const(np.array([item])) for item in (start, stop, axis, 1)]
    agree("slice", argument(kind), *bounds)
    agree("slice", argument(kind), *bounds[:3])
    agree("shape", argument(kind), start=start, end=stop)


@given(kind=NUMBERS, other=NUMBERS)
def test_branches_and_loops(kind: Tensor, other: Tensor) -> None:
    def types(module: Any) -> list[Any]:
        values = [argument(kind), argument(other)]
        condition = argument(Tensor(np.bool_, ()))
        branched = module.if_(condition, then_branch=lambda: values, else_branch=lambda: values[::-1])
        same = module.if_(condition, then_branch=lambda: values, else_branch=lambda: values)

        def body(step: Var, going: Var, *states: Var) -> list[Var]:
            return [going, *states[::-1]]

        looped = module.loop(module.const(np.array([3])), module.const(np.array([True])), values, body=body)
        return [item.type for item in (*branched, *same, *looped)]

    assert answer(lambda: _wrapped(types(op))) == answer(lambda: _wrapped(types(v21)))


class _Typed:
    def __init__(self, kind: Any) -> None:
        self.type = kind


def _wrapped(types: list[Any]) -> list[_Typed]:
    return [_Typed(kind) for kind in types]


def test_an_answer_is_remembered_with_all_it_depends_on() -> None:
    """The same operator on the same types, with other constants or attributes, is another question."""
    value = argument(Tensor(np.float64, ("N", 7)))
    widths = [op.slice(value, *(op.const(np.array([i])) for i in (0, 7, 1, step))).type for step in (2, 3, 2)]
    assert widths == [Tensor(np.float64, ("N", width)) for width in (4, 3, 4)]
    counts = [op.range(op.const(0), op.const(n), op.const(1))._get_value() for n in (2, 3)]
    assert [len(str(count)) for count in counts] == [len("[0 1]"), len("[0 1 2]")]
