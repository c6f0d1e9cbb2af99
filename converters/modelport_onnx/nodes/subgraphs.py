"""`If`, `Loop` and `Scan`, with the signatures they have in spox."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from spox import Tensor, Var
from spox._attributes import AttrGraph, AttrInt64, AttrInt64s, AttrType
from spox._fields import BaseInputs
from spox._graph import Graph
from spox._internal_op import Argument
from spox._type_inference_utils import loop_erase_shape_info
from spox._type_system import Type
from spox.opset.ai.onnx.v21 import _If, _Loop, _Scan

from modelport_onnx.nodes.create import attribute, bare, node, output, unchecked, var

_STEP, _GOING = Tensor(np.int64, (1,)), Tensor(np.bool_, (1,))


def argument(kind: Type) -> Var:
    """An input of a graph; `spox.argument`."""
    made = bare(Argument, Argument.Attributes(type=unchecked(AttrType, kind, "dummy")), BaseInputs())
    info = output(made, kind)
    made.outputs = Argument.Outputs(arg=info)
    return var(info)


def _graph(types: Iterable[Type], body: Callable[..., Iterable[Var]]) -> Graph:
    arguments = tuple(argument(kind) for kind in types)
    found = body(*arguments)
    return Graph({f"out{i}": item for i, item in enumerate(found)}, _arguments=arguments, _constructor=body)


def _results(graph: Graph) -> list[Type | None]:
    return [item.type for item in graph.requested_results.values()]


def if_(
    cond: Var, *, else_branch: Callable[[], Iterable[Var]], then_branch: Callable[[], Iterable[Var]]
) -> Sequence[Var]:
    """`If`."""
    otherwise, then = _graph((), else_branch), _graph((), then_branch)
    types = _results(otherwise)
    sure = types == _results(then) and all(isinstance(kind, Tensor) and kind.shape is not None for kind in types)
    attrs = _If.Attributes(
        else_branch=AttrGraph(otherwise, name="else_branch"), then_branch=AttrGraph(then, name="then_branch")
    )
    return node(_If, attrs, {}, {"cond": cond}, ("outputs",), len(types), types if sure else None)


def loop(
    M: Var | None = None,
    cond: Var | None = None,
    v_initial: Sequence[Var] = (),
    *,
    body: Callable[..., Iterable[Var]],
) -> Sequence[Var]:
    """`Loop`. States whose shapes change have none afterwards, as spox has it."""
    before = [item.unwrap_type() for item in v_initial]
    inner = _graph([_STEP, _GOING, *before], body)
    after = _results(inner)[1:]
    inputs = {"M": M, "cond": cond, "v_initial": list(v_initial)}
    types = _carried(before, after) if len(after) == len(before) else None
    attrs = _Loop.Attributes(body=AttrGraph(inner, name="body"))
    return node(_Loop, attrs, {}, inputs, ("v_final_and_scan_outputs",), len(after), types)


def _carried(before: Sequence[Type], after: Sequence[Type | None]) -> Sequence[Type | None] | None:
    known = [kind for kind in after if kind is not None]
    if len(known) < len(after):
        return None
    return known if list(before) == known else [loop_erase_shape_info(kind) for kind in known]


def scan(
    initial_state_and_scan_inputs: Sequence[Var],
    *,
    body: Callable[..., Iterable[Var]],
    num_scan_inputs: int,
    **axes: Any,
) -> Sequence[Var]:
    """`Scan`. Like spox, `num_scan_inputs` first inputs are taken for the scanned ones."""
    given = list(initial_state_and_scan_inputs)
    rows = [_row(item) for item in given[:num_scan_inputs]]
    inner = _graph([*rows, *(Tensor(item.unwrap_tensor().dtype) for item in given[num_scan_inputs:])], body)
    names = ("scan_input_axes", "scan_input_directions", "scan_output_axes", "scan_output_directions")
    settings: dict[str, Any] = {n: None if axes.get(n) is None else attribute(AttrInt64s, axes[n], n) for n in names}
    attrs = _Scan.Attributes(
        body=AttrGraph(inner, name="body"),
        num_scan_inputs=AttrInt64(num_scan_inputs, "num_scan_inputs"),
        **settings,
    )
    inputs = {"initial_state_and_scan_inputs": given}
    return node(_Scan, attrs, {}, inputs, ("final_state_and_scan_outputs",), len(inner.requested_results))


def _row(item: Var) -> Tensor:
    kind = item.unwrap_tensor()
    return Tensor(kind.dtype, None if kind.shape is None else kind.shape[1:])
