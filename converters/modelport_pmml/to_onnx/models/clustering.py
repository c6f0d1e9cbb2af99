"""ClusteringModel. https://dmg.org/pmml/v4-4-1/ClusteringModel.html"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.clustering import ClusteringField, ClusteringModel
from modelport_pmml.reader.elements.transformations import DerivedField
from modelport_pmml.to_onnx.arrays import reals
from modelport_pmml.to_onnx.comparison import Side, distances, is_similarity, similarities
from modelport_pmml.to_onnx.expression import derived
from modelport_pmml.to_onnx.output import column
from modelport_pmml.to_onnx.prediction import Prediction
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, any_invalid, either


def lower(model: ClusteringModel, scope: Scope) -> Prediction:
    """The nearest (or most similar) cluster, by its id; the first of equals. What is no number is invalid."""
    if model.model_class != "centerBased":
        raise model.refuse("distribution-based clusters: no evaluator computes them")
    if not model.clusters:
        raise model.bad("a ClusteringModel needs clusters")
    sides = _sides(model, _fields(model), scope)
    alike = is_similarity(model.comparison_measure.measure)
    scores, none = (similarities if alike else distances)(model.comparison_measure, sides)
    invalid = either(any_invalid(side.value for side in sides), none)
    place = (op.arg_max if alike else op.arg_min)(scores, axis=1, keepdims=1)
    best = op.gather_elements(scores, place, axis=1)
    return _answer(model, scores, place, either(invalid, op.isnan(best)), alike)


def _fields(model: ClusteringModel) -> list[ClusteringField | DerivedField]:
    """What clusters are compared by: fields, or before PMML 3.2 derived fields (CenterFields)."""
    if model.center_fields is None:
        fields = [item for item in model.fields if item.is_center_field]
        if not fields:
            raise model.bad("a ClusteringModel needs a ClusteringField that is a centre field")
        return [*fields]
    for item in model.fields:
        if item.field_weight != 1.0 or item.compare_function not in (None, model.comparison_measure.compare_function):
            raise item.refuse("a ClusteringField beside CenterFields has a weight or compare function of its own")
    return [*model.center_fields.fields]


def _sides(model: ClusteringModel, fields: list[ClusteringField | DerivedField], scope: Scope) -> list[Side]:
    centres = [reals(item.array) for item in model.clusters if item.array is not None]
    if len(centres) != len(model.clusters) or any(len(item) != len(fields) for item in centres):
        raise model.bad(f"each cluster needs an array of {len(fields)} numbers, one a field")
    points: NDArray[np.float64] = np.stack(centres)
    adjustments = _adjustments(model, len(fields))
    return [
        _side(model, item, points[:, i], adjustment, scope)
        for i, (item, adjustment) in enumerate(zip(fields, adjustments, strict=True))
    ]


def _side(
    model: ClusteringModel, item: ClusteringField | DerivedField, points: NDArray[np.float64], adjustment: float,
    scope: Scope,
) -> Side:  # fmt: skip
    value = derived(item, scope) if isinstance(item, DerivedField) else scope.resolve(item.field, item)
    if value.is_text:
        name = item.name if isinstance(item, DerivedField) else item.field
        raise item.refuse(f"the cluster field {name!r} is text")
    common = model.comparison_measure.compare_function
    if isinstance(item, DerivedField):
        return Side(value, points, 1.0, common, None, item, adjustment)
    compare = item.compare_function or common
    return Side(value, points, item.field_weight, compare, item.similarity_scale, item, adjustment)


def _adjustments(model: ClusteringModel, width: int) -> list[float]:
    weights = model.missing_value_weights
    if weights is None:
        return [1.0] * width
    found: list[float] = reals(weights.array).tolist()
    if len(found) != width:
        raise weights.bad(f"there are {len(found)} missing value weights for {width} fields")
    return found


def _answer(model: ClusteringModel, scores: Var, place: Var, invalid: Var | None, alike: bool) -> Prediction:
    ids = tuple(item.id if item.id is not None else str(i + 1) for i, item in enumerate(model.clusters))
    if len(set(ids)) < len(ids):
        raise model.bad("two clusters have one id")
    value = Value(place, "string", invalid is not None, invalid, ids, optype="categorical")
    ranks = max((item.rank for item in (model.output.fields if model.output else ())), default=1)
    ranking, near = _ranking(value, scores, alike, min(ranks, len(ids))) if ranks > 1 else ((), ())
    return Prediction(
        "clustering", value, ids, entity=value,
        affinities={name: column(scores, i) for i, name in enumerate(ids)},
        affinity=op.gather_elements(scores, place, axis=1), ranking=ranking, ranked_affinity=near,
        display={name: item.name for name, item in zip(ids, model.clusters, strict=True) if item.name is not None},
    )  # fmt: skip


def _ranking(value: Value, scores: Var, alike: bool, count: int) -> tuple[tuple[Value, ...], tuple[Var, ...]]:
    """Clusters by rank, the first of equals first, and their affinities."""
    best, places = op.top_k(scores, op.const(np.array([count], np.int64)), axis=1, largest=int(alike), sorted=1)
    return (
        tuple(replace(value, data=column(places, i)) for i in range(count)),
        tuple(column(best, i) for i in range(count)),
    )
