"""Symbolic execution: an ONNX graph, node by node, from columns of inputs to columns of outputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

from modelport.errors import CannotConvert
from modelport.signature import Signature
from modelport_columnar.expression import Expr, Kind, Pool, kind_of
from modelport_columnar.operators.across import of_batch
from modelport_columnar.operators.stacked import of_stack
from modelport_columnar.table import CONTROL, OPERATORS, Lowering
from modelport_columnar.text import PART, from_facts
from modelport_columnar.values import Across, Array, Fixed, Stacked, Symbolic, Value, symbolic
from modelport_onnx.blocks.marked import parts
from modelport_onnx.file import signature as signature_of
from modelport_onnx.foreign import tensor_width, without_zipmap


@dataclass(frozen=True, slots=True)
class Columns:
    """A model as columns.

    Attributes:
        signature: names and types of inputs and outputs.
        inputs: one `input` expression for each column of `signature.inputs`.
        outputs: one expression for each column of `signature.outputs`.
        assumed: in what the columns differ from a graph that looks at several rows at once, in sentences.
    """

    signature: Signature
    inputs: tuple[Expr, ...]
    outputs: tuple[Expr, ...]
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """The node being executed, as an operator's lowering sees it.

    Attributes:
        node: the node itself.
        attributes: its attributes as Python values.
        pool: where expressions are made.
        values: what the node's graph knows so far, for the graphs inside of it.
        assumed: what the columns take for granted, in sentences.
    """

    node: NodeProto
    attributes: Mapping[str, Any]
    pool: Pool
    values: Mapping[str, Value] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        return f"{self.node.op_type} {self.node.name or '→ ' + self.node.output[0]}"

    def refuse(self, reason: str) -> CannotConvert:
        """`raise step.refuse("moves the rows")`."""
        return CannotConvert(f"{self.node.op_type} cannot be written column by column: {reason}", where=self.where)


def execute(model: onnx.ModelProto) -> Columns:
    """Executes a model symbolically.

    Raises:
        CannotConvert: an operator, or a use of it, that has no columnar form; the node is named.
    """
    signature = signature_of(model)
    plain = without_zipmap(model)
    pool = Pool()
    values, inputs = _inputs(plain, signature, pool)
    assumed: list[str] = []
    known = parts(plain.graph, PART)
    for node in _needed(plain, known):
        if node.output[0] in known:
            values[node.output[0]] = _counted(plain, node.output[0], values, known, pool)
        else:
            run_node(node, values, pool, assumed)
    cells = [cell for output in plain.graph.output for cell in _cells(values[output.name], output.name, pool)]
    if len(cells) != len(signature.outputs):
        raise CannotConvert(f"the graph gives {len(cells)} columns and its signature names {len(signature.outputs)}")
    return Columns(signature, tuple(inputs), tuple(cells), tuple(dict.fromkeys(assumed)))


Known = Mapping[str, tuple[str, Mapping[str, Any]]]


def _needed(model: onnx.ModelProto, known: Known) -> list[NodeProto]:
    """The nodes that the outputs need, in their order; of a part whose structure is known, only what it begins from."""
    wanted = {output.name for output in model.graph.output}
    kept = []
    for node in reversed(model.graph.node):
        if not wanted.isdisjoint(node.output):
            kept.append(node)
            wanted.update([known[node.output[0]][0]] if node.output[0] in known else inner_names(node))
    return kept[::-1]


def inner_names(node: NodeProto) -> set[str]:
    """Every name a node uses, in the graphs inside of it too."""
    graphs = [a.g for a in node.attribute if a.type == onnx.AttributeProto.GRAPH]
    inside = {name for graph in graphs for item in graph.node for name in inner_names(item)}
    return {*node.input, *inside, *(output.name for graph in graphs for output in graph.output)}


def _counted(model: onnx.ModelProto, name: str, values: Mapping[str, Value], known: Known, pool: Pool) -> Symbolic:
    """Counts of terms, from the text that their part of the graph begins with."""
    start, facts = known[name]
    text = values[start]
    counts = from_facts(facts)
    if not isinstance(text, Symbolic) or text.cells.size != 1:
        raise CannotConvert("words are counted in something else than one text", where=name)
    whole = pool.make("tokens", (text.cells.ravel()[0],), Kind.MANY, counts)
    kind = kind_of(np.dtype(facts["type"]))
    return symbolic([pool.make("pick", (whole,), kind, i) for i in range(len(counts.terms))])


def _inputs(model: onnx.ModelProto, signature: Signature, pool: Pool) -> tuple[dict[str, Value], list[Expr]]:
    values: dict[str, Value] = {t.name: Fixed(numpy_helper.to_array(t)) for t in model.graph.initializer}
    columns: list[Expr] = []
    for value in model.graph.input:
        if value.name in values:
            continue
        width = tensor_width(value)
        count = len(signature.inputs) - len(columns) if width == 0 else (width or 1)
        kind = kind_of(helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type))
        names = [column.name for column in signature.inputs[len(columns) : len(columns) + count]]
        cells = [pool.make("input", (), kind, name) for name in names]
        columns += cells
        values[value.name] = symbolic(cells, () if width is None else (count,))
    return values, columns


def run_node(node: NodeProto, values: dict[str, Value], pool: Pool, assumed: list[str]) -> None:
    """Executes one node; its results join `values`.

    Raises:
        CannotConvert: see `execute`.
    """
    inputs = [values[name] if name else None for name in node.input]
    step = Step(node, {a.name: helper.get_attribute_value(a) for a in node.attribute}, pool, values, assumed)
    if node.op_type in CONTROL:
        results: list[Value] = CONTROL[node.op_type](step, *inputs)
    elif any(isinstance(value, Across) for value in inputs):
        results = of_batch(step, *inputs)
    elif node.op_type == "Constant" or (inputs and all(isinstance(v, Fixed) or v is None for v in inputs)):
        results = fold(step, inputs)
    elif any(isinstance(value, Stacked) for value in inputs):
        results = of_stack(step, _lowering(step), *inputs)
    else:
        results = _lowering(step)(step, *inputs)
    values.update({name: value for name, value in zip(node.output, results, strict=False) if name})


def _lowering(step: Step) -> Lowering:
    node = step.node
    found = OPERATORS.get((node.domain.replace("ai.onnx.ml", "ml").replace("ai.onnx", ""), node.op_type))
    if found is None:
        raise CannotConvert(f"no columnar form is known of the operator {node.op_type}", where=step.where)
    return found


def fold(step: Step, inputs: list[Value | None]) -> list[Value]:
    """A node on constants alone, computed now by the ONNX reference evaluator."""
    from onnx.reference import ReferenceEvaluator

    if any(attribute.type == onnx.AttributeProto.GRAPH for attribute in step.node.attribute):
        raise step.refuse("it holds a graph of its own")
    arrays = {name: v.array for name, v in zip(step.node.input, inputs, strict=True) if isinstance(v, Fixed)}
    with np.errstate(all="ignore"):
        found = ReferenceEvaluator(step.node).run(None, arrays)
    return [Fixed(np.asarray(array)) for array in found]


def _cells(value: Value, name: str, pool: Pool) -> list[Expr]:
    if isinstance(value, Symbolic):
        return list(value.cells.ravel())
    if isinstance(value, Fixed) and value.array.ndim <= 2:
        rows: Array = value.array.reshape(1, -1) if value.array.ndim < 2 else value.array
        if len(rows) == 1:
            return [pool.constant(item) for item in rows[0]]
    raise CannotConvert("this output does not depend on the rows", where=name)


__all__ = ["Columns", "Kind", "Step", "execute", "fold", "run_node"]
