"""Distances of nearest-neighbour models, each in the form that scikit-learn ranks by.

Trees and brute force rank by a surrogate (the square, the sum of powers) and take its root afterwards. Euclidean
brute force multiplies matrices: `|x|² - 2 x·p + |p|²`; the trees add squared differences.

Source: `sklearn.metrics._dist_metrics.pyx.tp`, `sklearn.metrics._pairwise_distances_reduction` and
`sklearn.neighbors._base` (scikit-learn 1.9).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks import distances
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.distances import absolute_difference, added, added_squares, broadcast, largest
from modelport_onnx.blocks.elementary import asin
from modelport_onnx.blocks.kernels import unit
from modelport_onnx.ops import op

Array = np.ndarray[Any, np.dtype[np.float64]]


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric between rows and the known points.

    Attributes:
        surrogate: rows [n, C] → [n, M], what neighbours are ranked by.
        distance: surrogate → distance.
        limit: a radius → the surrogate's limit.
        size: numbers of the surrogate's largest intermediate for each row.
    """

    surrogate: Callable[[Var], Var]
    distance: Callable[[Var], Var] = _same
    limit: Callable[[float], float] = _same
    size: int = 0


ALIASES: Mapping[str, str] = {"cityblock": "manhattan", "infinity": "chebyshev", "l1": "manhattan", "l2": "euclidean"}
NAMES = (
    "braycurtis",
    "canberra",
    "chebyshev",
    "cosine",
    "dice",
    "euclidean",
    "hamming",
    "haversine",
    "jaccard",
    "mahalanobis",
    "manhattan",
    "minkowski",
    "nan_euclidean",
    "precomputed",
    "rogerstanimoto",
    "russellrao",
    "seuclidean",
    "sokalsneath",
    "sqeuclidean",
)
"""Metrics that `metric` computes, besides their aliases."""

_BOOLEAN = ("dice", "jaccard", "rogerstanimoto", "russellrao", "sokalsneath")


def canonical(name: Any) -> str | None:
    """The name of a metric without aliases; None for one that is not known here, such as a function."""
    known = ALIASES.get(name, name) if isinstance(name, str) else None
    return known if known in NAMES else None


def metric(name: str, points: Any, parameters: Mapping[str, Any], *, brute: bool) -> Metric:
    """The metric `name` (canonical) to `points` [M, C].

    Args:
        parameters: `effective_metric_params_`: p, w, V, VI.
        brute: brute force, as opposed to a tree.
    """
    known = np.asarray(points, np.float64)
    if name == "precomputed":
        return Metric(_same)
    if name in ("euclidean", "sqeuclidean"):
        return _euclidean(known, brute=brute, root=name == "euclidean")
    if name == "nan_euclidean":
        return Metric(lambda rows: _with_missing(rows, known), op.sqrt, np.square, len(known) // 8)
    if name == "cosine":
        return Metric(lambda rows: _cosine(rows, known), size=len(known) // 8)
    if name in _BOOLEAN:
        return Metric(lambda rows: _boolean(name, rows, known), size=len(known) // 8)
    return _termwise(name, known, parameters)


def _euclidean(known: Array, *, brute: bool, root: bool) -> Metric:
    distance, limit = (op.sqrt, np.square) if root else (_same, _same)
    if brute:
        return Metric(lambda rows: distances.squared_by_products(rows, known), distance, limit, len(known) // 8)
    return Metric(lambda rows: broadcast(rows, known, op.sub, added_squares), distance, limit, known.size)


def _termwise(name: str, known: Array, parameters: Mapping[str, Any]) -> Metric:
    if name == "manhattan":
        return Metric(lambda rows: broadcast(rows, known, absolute_difference, added), size=known.size)
    if name == "chebyshev":
        return Metric(lambda rows: broadcast(rows, known, absolute_difference, largest), size=known.size)
    if name == "hamming":
        width = double(float(known.shape[1]))
        return Metric(lambda rows: op.div(broadcast(rows, known, _differs, added), width), size=known.size)
    if name == "canberra":
        return Metric(lambda rows: broadcast(rows, known, _canberra, added), size=known.size)
    if name == "braycurtis":
        return Metric(lambda rows: _bray_curtis(rows, known), size=known.size)
    if name == "mahalanobis":
        return _mahalanobis(known, parameters)
    if name == "haversine":
        return _haversine(known)
    return _powers(name, known, parameters)


def _powers(name: str, known: Array, parameters: Mapping[str, Any]) -> Metric:
    """minkowski, with or without weights, and seuclidean."""
    p = 2.0 if name == "seuclidean" else float(parameters["p"])
    given = parameters.get("V") if name == "seuclidean" else parameters.get("w")
    scale = None if given is None else np.asarray(given, np.float64)[:, None]

    def term(x: Var, y: Var) -> Var:
        off = op.pow(absolute_difference(x, y), double(p))
        if scale is None:
            return off
        return op.div(off, double(scale)) if name == "seuclidean" else op.mul(off, double(scale))

    def distance(value: Var) -> Var:
        return op.sqrt(value) if p == 2 else op.pow(value, double(1.0 / p))

    return Metric(lambda rows: broadcast(rows, known, term, added), distance, lambda radius: radius**p, known.size)


def _mahalanobis(known: Array, parameters: Mapping[str, Any]) -> Metric:
    inverse = parameters.get("VI")
    inverse = np.linalg.inv(parameters["V"]) if inverse is None else np.asarray(inverse)

    def surrogate(rows: Var) -> Var:
        off = op.sub(op.unsqueeze(rows, ints(-1)), double(known.T))
        return added(op.mul(op.matmul(double(inverse), off), off))

    return Metric(surrogate, op.sqrt, np.square, known.size)


def _haversine(known: Array) -> Metric:
    """The angle between points on a sphere, latitude and longitude in radians; ranked by its squared half chord."""
    latitude, longitude = double(known[:, 0]), double(known[:, 1])
    cosine = double(np.cos(known[:, 0]))

    def surrogate(rows: Var) -> Var:
        north, east = (op.slice(rows, ints(i), ints(i + 1), ints(-1)) for i in (0, 1))
        up, across = (op.sin(op.mul(op.sub(a, b), double(0.5))) for a, b in ((north, latitude), (east, longitude)))
        return op.add(op.mul(up, up), op.mul(op.mul(op.cos(north), cosine), op.mul(across, across)))

    def distance(value: Var) -> Var:
        return op.mul(asin(op.sqrt(value)), double(2.0))

    return Metric(surrogate, distance, lambda radius: float(np.sin(0.5 * radius) ** 2), len(known))


def _differs(x: Var, y: Var) -> Var:
    return op.cast(op.not_(op.equal(x, y)), to=np.float64)


def _canberra(x: Var, y: Var) -> Var:
    total = op.add(op.abs(x), op.abs(y))
    share = op.div(absolute_difference(x, y), total)
    return op.where(op.greater(total, double(0.0)), share, double(0.0))


def _bray_curtis(rows: Var, known: Array) -> Var:
    over = broadcast(rows, known, absolute_difference, added)
    under = broadcast(rows, known, lambda x, y: op.add(op.abs(x), op.abs(y)), added)
    return op.where(op.greater(under, double(0.0)), op.div(over, under), double(0.0))


def _cosine(rows: Var, known: Array) -> Var:
    lengths = np.sqrt((known**2).sum(axis=1, keepdims=True))
    similarity = op.matmul(unit(rows), double((known / np.where(lengths == 0, 1, lengths)).T))
    return op.clip(op.sub(double(1.0), similarity), double(0.0), double(2.0))


def _with_missing(rows: Var, known: Array) -> Var:
    """Squared `nan_euclidean_distances`: over the columns both have, scaled up to all; inf where they share none."""
    gone, known_gone = op.cast(op.isnan(rows), to=np.float64), np.isnan(known)
    filled, points = op.where(op.isnan(rows), double(0.0), rows), np.where(known_gone, 0.0, known)
    squared = distances.squared_by_products(filled, points)
    squared = op.sub(squared, op.matmul(op.mul(filled, filled), double(known_gone.T)))
    squared = op.relu(op.sub(squared, op.matmul(gone, double((points**2).T))))
    shared = op.matmul(op.sub(double(1.0), gone), double((~known_gone).T))
    scaled = op.mul(op.div(squared, op.max([shared, double(1.0)])), double(float(known.shape[1])))
    return op.where(op.equal(shared, double(0.0)), double(np.inf), scaled)


def _boolean(name: str, rows: Var, known: Array) -> Var:
    """Metrics of truth values: a number other than 0 is true."""
    mine = op.cast(op.not_(op.equal(rows, double(0.0))), to=np.float64)
    theirs, width = (known != 0).astype(np.float64), float(known.shape[1])
    both = op.matmul(mine, double(theirs.T))
    each = op.add(op.reduce_sum(mine, ints(-1)), double(theirs.sum(axis=1)))
    differ = op.sub(each, op.mul(both, double(2.0)))
    if name == "russellrao":
        return op.div(op.sub(double(width), both), double(width))
    if name == "rogerstanimoto":
        return op.div(op.mul(differ, double(2.0)), op.add(differ, double(width)))
    if name == "jaccard":
        return _ratio(differ, op.sub(each, both))
    if name == "dice":
        return _ratio(differ, each)
    return _ratio(differ, op.add(op.mul(both, double(0.5)), differ))


def _ratio(over: Var, under: Var) -> Var:
    return op.where(op.equal(under, double(0.0)), double(0.0), op.div(over, under))
