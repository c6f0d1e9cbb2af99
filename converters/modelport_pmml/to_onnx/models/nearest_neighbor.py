"""NearestNeighborModel. https://dmg.org/pmml/v4-4-1/KNN.html; details as in JPMML-Evaluator (1.7)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.mining import Segmentation
from modelport_pmml.reader.elements.neighbours import KNNInput, NearestNeighborModel, TrainingInstances
from modelport_pmml.to_onnx.comparison import Side, distances, is_similarity, similarities
from modelport_pmml.to_onnx.literal import attempt, parse
from modelport_pmml.to_onnx.mining.panel import AXIS, Panel, middle, total, votes
from modelport_pmml.to_onnx.prediction import Prediction, declared
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.training import seen
from modelport_pmml.to_onnx.value import Value, any_invalid, constant, either

Floats = NDArray[np.float64]


def lower(model: NearestNeighborModel, scope: Scope) -> Prediction:
    """The nearest rows of the training table; the first of equals."""
    columns = table(model.training)
    count = len(next(iter(columns.values())))
    if not 1 <= model.number_of_neighbors <= count:
        raise model.bad(f"{model.number_of_neighbors} neighbours of {count} training rows")
    sides = _sides(model, scope, columns)
    alike = is_similarity(model.comparison_measure.measure)
    scores, none = (similarities if alike else distances)(model.comparison_measure, sides)
    invalid = either(any_invalid(side.value for side in sides), none)
    size = op.const(np.array([model.number_of_neighbors], np.int64))
    best, nearest = op.top_k(scores, size, axis=1, largest=int(alike), sorted=1)
    ranking, near = _ranking(model, columns, nearest, best, invalid)
    found: dict[str, Prediction] = {}
    for item in scope.targets:
        if item.name not in columns:
            raise model.bad(f"the training table has no column for the target {item.name!r}")
        answer = _answer(model, scope, item.name, columns[item.name], nearest, best, invalid, alike)
        found[item.name] = replace(answer, entity=ranking[0], ranking=ranking, ranked_affinity=near, affinity=near[0])
    if not found:  # only the neighbours are asked for
        return Prediction(
            "clustering", ranking[0], entity=ranking[0], ranking=ranking, ranked_affinity=near, affinity=near[0]
        )
    first = next(iter(found.values()))
    return first if len(found) == 1 else replace(first, targets=found)


def table(training: TrainingInstances) -> dict[str, tuple[str, ...]]:
    """Field → the texts of its column."""
    if training.table is None:
        raise training.refuse("the training table lies outside the document", "write it as an InlineTable")
    if not training.table.rows:
        raise training.bad("the training table is empty")
    found = {}
    for item in training.fields.fields:
        column = (item.column or item.field).rpartition(":")[2]
        cells = [row.get(column) for row in training.table.rows]
        if any(cell is None for cell in cells):
            raise item.refuse(f"the column {column!r} of the training table has gaps")
        found[item.field] = tuple(cell for cell in cells if cell is not None)
    return found


def _sides(model: NearestNeighborModel, scope: Scope, columns: dict[str, tuple[str, ...]]) -> list[Side]:
    found = []
    for item in model.knn_inputs.inputs:
        value = scope.resolve(item.field, item)
        points = _points(model, item, value, scope, columns)
        compare = item.compare_function or model.comparison_measure.compare_function
        found.append(Side(value, points, item.field_weight, compare, None, item))
    return found


def _points(
    model: NearestNeighborModel, item: KNNInput, value: Value, scope: Scope, columns: dict[str, tuple[str, ...]]
) -> Floats | tuple[str, ...]:
    """The field in the training rows; evaluators treat these as input, unless they are transformed already."""
    if item.field in columns and (model.training.is_transformed or not _treated(item, columns[item.field], scope)):
        cells = columns[item.field]
        return cells if value.is_text else np.array([parse(cell, value.type, item) for cell in cells])
    if item.field in scope.mining and item.field not in columns:
        raise item.refuse(f"the training table has no column for {item.field!r}", "store transformed instances")
    return seen(item.field, columns, scope, item)


def _treated(item: KNNInput, cells: Sequence[str], scope: Scope) -> bool:
    """Whether the schema may change cells of the training table."""
    mining, field = scope.mining.get(item.field), scope.data_field(item.field)
    if mining is None or field is None:
        return False
    listed = set(field.valid)
    return (
        mining.outliers != "asIs"
        or bool(field.intervals)
        or (bool(field.values) and any(cell not in listed for cell in cells))
    )


def _continuous(model: NearestNeighborModel, scope: Scope, name: str) -> bool:
    """Whether a target is a number; where there is one, the model's function says so."""
    if model.function_name in ("classification", "regression") and len(scope.targets) == 1:
        return model.function_name == "regression"
    mining, field = scope.target(name), scope.data_field(name)
    optype = (mining.optype if mining else None) or (field.optype if field else None)
    return optype == "continuous"


def _answer(
    model: NearestNeighborModel, scope: Scope, name: str, cells: Sequence[str], nearest: Var, best: Var,
    invalid: Var | None, alike: bool,
) -> Prediction:  # fmt: skip
    continuous = _continuous(model, scope, name)
    weighted = model.continuous_scoring_method if continuous else model.categorical_scoring_method
    weights: Var = constant(1.0)
    if weighted.startswith("weighted"):
        if alike:
            raise model.bad("weights are made of distances, and the measure is a similarity")
        weights = op.reciprocal(op.add(best, constant(model.threshold)))
    if continuous:
        numbers = np.array([parse(cell, "double", model) for cell in cells])
        values = op.gather(op.const(numbers), nearest)
        data = _number(model, values, weights)
        kind = "float" if scope.float_math else "double"
        value = Value(data, kind, invalid is not None, invalid, optype="continuous")
        return Prediction(
            "regression", declared(model, scope, value, name)
        )  # Targets count for nothing here (JPMML 1.7)
    classes = tuple(dict.fromkeys(cells))
    codes = op.gather(op.const(np.array([classes.index(cell) for cell in cells], np.int64)), nearest)
    heavy = weighted.startswith("weighted")
    method = Segmentation(multiple_model_method="weightedMajorityVote" if heavy else "majorityVote")
    panel = Panel(None, None, weights, model.number_of_neighbors, codes=codes)
    shares = votes(panel, method, len(classes))[0]
    most = op.equal(shares, op.reduce_max(shares, op.const(AXIS), keepdims=1))
    order = op.const(_precedence(cells, classes, scope, name)[None, :])
    winner = op.arg_min(op.where(most, order, constant(float("inf"))), axis=1, keepdims=1)
    label = Value(winner, "string", invalid is not None, invalid, classes, optype="categorical")
    return Prediction("classification", label, classes)


def _precedence(cells: Sequence[str], classes: tuple[str, ...], scope: Scope, name: str) -> Floats:
    """[K], which of classes with equally many votes wins: the most frequent in the table, then the least by value.

    https://dmg.org/pmml/v4-4-1/KNN.html
    """
    field = scope.data_field(name)
    kind = (field.data_type if field else None) or "string"
    value = {word: attempt(word, kind, field or scope.model or Element()) for word in classes}
    numeric = kind != "string" and None not in value.values()
    ordered = sorted(classes, key=lambda word: (-cells.count(word), value[word] if numeric else word))
    return np.array([float(ordered.index(word)) for word in classes])


def _number(model: NearestNeighborModel, values: Var, weights: Var) -> Var:
    method, count = model.continuous_scoring_method, model.number_of_neighbors
    if method == "median":
        return middle(values, constant(float(count)), count)
    if method == "average":
        return op.div(total(values), constant(float(count)))
    return op.div(total(op.mul(values, weights)), total(weights))


def _ranking(
    model: NearestNeighborModel, columns: dict[str, tuple[str, ...]], nearest: Var, best: Var, invalid: Var | None
) -> tuple[tuple[Value, ...], tuple[Var, ...]]:
    """Ids of the neighbours by rank (the id column, or the place in the table, from 1), and their scores."""
    count = len(next(iter(columns.values())))
    ids = columns.get(model.instance_id_variable or "", tuple(str(i + 1) for i in range(count)))
    words = tuple(dict.fromkeys(ids))
    codes = np.array([words.index(name) for name in ids], np.int64)
    found, near = [], []
    for rank in range(model.number_of_neighbors):
        bounds = [op.const(np.array([i], np.int64)) for i in (rank, rank + 1, 1)]
        place = op.gather(op.const(codes), op.slice(nearest, *bounds))
        found.append(Value(place, "string", invalid is not None, invalid, words, optype="categorical"))
        near.append(op.slice(best, *bounds))
    return tuple(found), tuple(near)
