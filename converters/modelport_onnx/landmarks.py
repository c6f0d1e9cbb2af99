"""Where an ONNX graph compares: splits of trees, constants of comparisons, keys of encoders; and at which inputs.

Comparisons deep in a graph are brought back to the inputs by `modelport.parity.inverse`, which measures the
preprocessing rather than reading it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from modelport.parity.inner import Forest, Inner
from modelport.runtimes import Landmarks
from modelport.signature import Category, Signature
from modelport_onnx.cut import inputs_of, runner
from modelport_onnx.forests import forest_of

Array = np.ndarray[Any, np.dtype[Any]]

COMPARISONS = frozenset({"Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Equal", "Clip", "Min", "Max"})
FORESTS = frozenset({"TreeEnsemble", "TreeEnsembleRegressor", "TreeEnsembleClassifier"})
_MOST_CONSTANTS = 4096
"""Comparisons with larger constants (lookup tables) are left to bisection."""


def landmarks(model: onnx.ModelProto, signature: Signature) -> Landmarks:
    """Input column → values where the graph's function may jump.

    Texts stand for every text input that the node may see.
    """
    from modelport.parity.generate import draw
    from modelport.parity.inverse import input_landmarks
    from modelport.parity.settings import Settings
    from modelport.parity.sources import Sources

    found: dict[str, list[Category]] = {name: sorted(words) for name, words in texts(model, signature).items()}
    known = {name: tuple(words) for name, words in found.items()}
    rows = draw(Sources(signature, Settings(), landmarks=known), 0, 0).slice(0, 64)
    for name, values in input_landmarks(inner(model, signature), signature, rows).items():
        found.setdefault(name, []).extend(values)
    return found


def inner(model: onnx.ModelProto, signature: Signature) -> list[Inner]:
    """Every tensor that the graph compares with constants, those of trees with their trees.

    Tensors that do not depend on the rows alone, or are no matrix of numbers, are left out.
    """
    constants = constants_of(model)
    found: list[tuple[str, Any, Forest | None]] = []
    for node in model.graph.node:
        if node.op_type in FORESTS:
            forest = forest_of(node)
            found.append((node.input[0], _splits(forest), forest))
        else:
            found += [(tensor, values, None) for tensor, values in _compared(node, constants)]
    return [part for item in _merged(found) if (part := _inner(model, signature, *item))]


Compared = tuple[str, dict[int, Array], Forest | None]


def _merged(found: Sequence[tuple[str, Any, Forest | None]]) -> Iterator[Compared]:
    """One entry a forest, and one a tensor for all other comparisons of it."""
    plain: dict[str, list[Any]] = {}
    for tensor, values, forest in found:
        if forest is not None:
            yield tensor, values, forest
        else:
            plain.setdefault(tensor, []).append(values)
    for tensor, constants in plain.items():
        yield tensor, {-1: np.unique(np.concatenate(constants))}, None


def _inner(
    model: onnx.ModelProto, signature: Signature, tensor: str, values: Any, forest: Forest | None
) -> Inner | None:
    """The tensor, if it can be computed for one row; comparisons of all its columns are spread over them."""
    import pyarrow as pa

    from modelport.errors import ModelportError

    try:
        run = runner(model, tensor, signature)
        # Several rows, so that a tensor of one row whatever it is given (a shape, a count) is told from rows.
        empty = {c.name: pa.array(["" if pa.types.is_string(c.type) else 0] * 3, c.type) for c in signature.inputs}
        width = run(pa.RecordBatch.from_pydict(empty)).shape[1]
    except (ModelportError, ValueError, pa.ArrowException):
        return None
    except Exception as error:
        if type(error).__module__.startswith("onnxruntime"):
            return None
        raise
    if -1 in values:
        values = {i: values[-1] for i in range(width) if width * len(values[-1]) <= _MOST_CONSTANTS}
    return Inner(tensor, run, values, forest)


def _splits(forest: Forest) -> dict[int, Array]:
    return {int(i): np.unique(forest.threshold[forest.feature == i]) for i in np.unique(forest.feature)}


def _compared(node: onnx.NodeProto, constants: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    """Tensor and the numbers it is compared with, for comparisons with constants and for encoders of numbers."""
    if node.op_type in COMPARISONS:
        known = [constants[name] for name in node.input if name in constants]
        rest = [name for name in node.input if name and name not in constants]
        numbers = [value.ravel().astype(np.float64) for value in known if value.dtype.kind in "fiu"]
        if len(rest) == 1 and numbers:
            yield rest[0], _finite(np.concatenate(numbers))
    if node.op_type in ("LabelEncoder", "OneHotEncoder", "CategoryMapper"):
        for attribute in node.attribute:
            if attribute.name in ("keys_floats", "keys_int64s", "cats_int64s"):
                yield node.input[0], np.asarray([*attribute.floats, *attribute.ints], np.float64)
            elif attribute.name == "keys_tensor" and attribute.t.data_type != onnx.TensorProto.STRING:
                yield node.input[0], numpy_helper.to_array(attribute.t).astype(np.float64)


def _finite(values: Array) -> Array:
    return np.unique(values[np.isfinite(values)])


def constants_of(model: onnx.ModelProto) -> dict[str, Array]:
    """Initializers and `Constant` nodes, by name."""
    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant":
            found.update((node.output[0], numpy_helper.to_array(a.t)) for a in node.attribute if a.name == "value")
    return found


# Texts -------------------------------------------------------------------------------------------


def texts(model: onnx.ModelProto, signature: Signature) -> dict[str, set[Category]]:
    """Text input → texts that the graph looks for in what comes from it."""
    import pyarrow as pa

    words = {column.name for column in signature.inputs if pa.types.is_string(column.type)}
    makers = {name: node for node in model.graph.node for name in node.output}
    constants = constants_of(model)
    found: dict[str, set[Category]] = {}
    for node in model.graph.node:
        looked_for = _texts_of(node, constants)
        if looked_for:
            for name in _text_inputs(node, makers, words):
                found.setdefault(name, set()).update(looked_for)
    return found


def _texts_of(node: onnx.NodeProto, constants: dict[str, Array]) -> set[str]:
    if node.op_type == "Equal":
        known = [constants[name] for name in node.input if name in constants]
        return {str(item) for value in known if value.dtype.kind in "OUS" for item in value.ravel()}
    looked_for: set[str] = set()
    if node.op_type in ("LabelEncoder", "OneHotEncoder", "CategoryMapper"):
        for attribute in node.attribute:
            if attribute.name in ("keys_strings", "cats_strings"):
                looked_for |= {item.decode("utf-8", "replace") for item in attribute.strings}
            elif attribute.name == "keys_tensor" and attribute.t.data_type == onnx.TensorProto.STRING:
                looked_for |= {item.decode("utf-8", "replace") for item in attribute.t.string_data}
    return looked_for


def _text_inputs(node: onnx.NodeProto, makers: dict[str, onnx.NodeProto], words: set[str]) -> set[str]:
    """Text inputs among a node's ancestors; all of them where a matrix of texts is one input."""
    seen: set[str] = set()
    todo = inputs_of(node)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += inputs_of(makers[name]) if name in makers else []
    return seen & words or (words if "X" in seen else set())
