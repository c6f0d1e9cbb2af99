"""Comparison measures of clusters and neighbours: N rows against P points, in float64.

https://dmg.org/pmml/v4-4-1/ClusteringModel.html; details as in JPMML-Evaluator's MeasureUtil (1.7).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.clustering import (
    BinarySimilarity,
    Chebychev,
    CityBlock,
    ComparisonMeasure,
    Euclidean,
    Jaccard,
    Measure,
    Minkowski,
    SimpleMatching,
    SquaredEuclidean,
    Tanimoto,
)
from modelport_pmml.to_onnx.expressions.map_values import positions
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.value import Value, constant, either, is_missing

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """One compared field. Attributes: points: P numbers, or P texts where the field is text."""

    value: Value
    points: Floats | tuple[str, ...]
    weight: float
    compare: str
    scale: float | None
    where: Element
    adjustment: float = 1.0


def is_similarity(measure: Measure) -> bool:
    """Whether more is nearer."""
    return isinstance(measure, SimpleMatching | Jaccard | Tanimoto | BinarySimilarity)


def distances(measure: ComparisonMeasure, sides: Sequence[Side]) -> tuple[Var, Var | None]:
    """[N, P], and the rows without a result (all fields missing), [N, 1]. Missing fields are made up for by weight."""
    kind = measure.measure
    inner = kind.p if isinstance(kind, Minkowski) else 2.0 if isinstance(kind, Euclidean | SquaredEuclidean) else 1.0
    if inner <= 0:
        raise kind.bad("the p-parameter is not positive")
    parts = [_part(side, inner) for side in sides]
    total = parts[0]
    for part in parts[1:]:
        total = op.max([total, part]) if isinstance(kind, Chebychev) else op.add(total, part)
    adjustment, none = _adjustment(sides)
    if adjustment is not None:
        total = op.mul(total, adjustment)
    if isinstance(kind, Euclidean):
        return op.sqrt(total), none
    if isinstance(kind, Minkowski):
        return op.pow(total, constant(1.0 / inner)), none
    if isinstance(kind, SquaredEuclidean | CityBlock | Chebychev):
        return total, none
    raise kind.refuse(f"the measure <{kind.tag()}> is not known here")


def _part(side: Side, power: float) -> Var:
    """One field's share, [N, P]; 0 where it is missing."""
    found = _compared(side)
    if power == 2.0:
        found = op.mul(found, found)
    elif power != 1.0:
        found = op.pow(found, constant(power))
    found = op.mul(constant(side.weight), found) if side.weight != 1.0 else found
    gone = is_missing(side.value)
    return found if gone is None else op.where(gone, constant(0.0), found)


def _compared(side: Side) -> Var:
    if isinstance(side.points, tuple):
        cells = tuple(dict.fromkeys(side.points))
        place = positions(side.value, cells, side.where)
        same = op.equal(place, op.const(np.array([[cells.index(point) for point in side.points]], np.int64)))
        if side.compare not in ("delta", "equal"):
            raise side.where.refuse(f"texts are compared by {side.compare}")
    else:
        points = op.const(side.points[None, :].astype(np.float64))
        if side.compare == "absDiff":
            return op.abs(op.sub(side.value.data, points))
        if side.compare == "gaussSim":
            if not side.scale:
                raise side.where.bad("gaussSim needs a similarityScale")
            gap = op.sub(side.value.data, points)
            return op.exp(op.mul(op.mul(gap, gap), constant(-math.log(2.0) / side.scale**2)))
        if side.compare not in ("delta", "equal"):
            raise side.where.refuse(f"the compare function {side.compare} has no exact form")
        if side.value.type == "integer" and (side.points != np.rint(side.points)).any():
            raise side.where.refuse("an integer is compared for equality with a fraction, which evaluators refuse")
        same = op.equal(side.value.data, points)
    hit = same if side.compare == "equal" else op.not_(same)
    return op.cast(hit, to=np.float64)


def _adjustment(sides: Sequence[Side]) -> tuple[Var | None, Var | None]:
    """The weight of all fields over that of those present, [N, 1]."""
    gone = [is_missing(side.value) for side in sides]
    if all(item is None for item in gone):
        return None, None
    present: Var = constant(0.0)
    for side, item in zip(sides, gone, strict=True):
        own = constant(side.adjustment)
        present = op.add(present, own if item is None else op.where(item, constant(0.0), own))
    total = sum(side.adjustment for side in sides)
    return op.div(constant(total), present), op.equal(present, constant(0.0))


def similarities(measure: ComparisonMeasure, sides: Sequence[Side]) -> tuple[Var, Var | None]:
    """[N, P] of 0/1 fields, and the rows where a field is neither, [N, 1]."""
    ones = beside([op.cast(op.equal(side.value.data, constant(1.0)), to=np.float64) for side in sides])
    if any(isinstance(side.points, tuple) for side in sides):
        raise measure.refuse("similarities of texts")
    points = np.stack([np.asarray(side.points, np.float64) for side in sides])
    wrong = either(*(op.not_(op.or_(op.equal(side.value.data, constant(1.0)), op.equal(side.value.data, constant(0.0))))
                     for side in sides))  # fmt: skip
    zeros = op.sub(constant(1.0), ones)
    a11, a10 = op.matmul(ones, op.const(points)), op.matmul(ones, op.const(1.0 - points))
    a01, a00 = op.matmul(zeros, op.const(points)), op.matmul(zeros, op.const(1.0 - points))
    top, bottom = _ratio(measure.measure, a11, a10, a01, a00)
    none = op.equal(bottom, constant(0.0))
    any_none = op.reduce_max(op.cast(none, to=np.int32), op.const(np.array([1], np.int64)), keepdims=1)
    return op.div(top, bottom), either(wrong, op.cast(any_none, to=np.bool_))


def _ratio(kind: Measure, a11: Var, a10: Var, a01: Var, a00: Var) -> tuple[Var, Var]:
    match kind:
        case SimpleMatching():
            return op.add(a11, a00), op.sum([a11, a10, a01, a00])
        case Jaccard():
            return a11, op.sum([a11, a10, a01])
        case Tanimoto():
            return op.add(a11, a00), op.sum([a11, op.mul(constant(2.0), op.add(a10, a01)), a00])
        case BinarySimilarity():
            cells = (a11, a10, a01, a00)
            top = [op.mul(constant(c), a) for c, a in zip((kind.c11, kind.c10, kind.c01, kind.c00), cells, strict=True)]
            bottom = [
                op.mul(constant(d), a) for d, a in zip((kind.d11, kind.d10, kind.d01, kind.d00), cells, strict=True)
            ]
            return op.sum(top), op.sum(bottom)
    raise kind.refuse(f"the measure <{kind.tag()}> is not known here")
