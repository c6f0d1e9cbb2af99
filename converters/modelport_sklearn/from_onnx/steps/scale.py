"""Scalers, normalizers and thresholds.

Built on scikit-learn 1.9: `transform` reads `mean_` and `scale_` (StandardScaler; RobustScaler and MaxAbsScaler compute
alike), `scale_` and `min_` (MinMaxScaler), nothing (Normalizer, Binarizer).
"""

from typing import Any

import numpy as np

from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect

Step = tuple[list[str], Any]


def standard(graph: Graph, name: str) -> Step:
    """StandardScaler: `(x - mean) / scale`, or one of the two."""
    rows, scale = graph.by_constant(name, "Div") if graph.op(name) == "Div" else (name, None)
    inner, mean = graph.by_constant(rows, "Sub") if graph.op(rows) == "Sub" else (rows, None)
    expect(scale is not None or mean is not None)
    width = graph.width(inner)
    from sklearn.preprocessing import StandardScaler

    made = StandardScaler(with_mean=mean is not None, with_std=scale is not None)
    made.mean_ = np.zeros(width) if mean is None else spread(mean, width)
    made.scale_ = None if scale is None else spread(scale, width)
    made.var_ = None if made.scale_ is None else made.scale_**2
    made.n_samples_seen_, made.n_features_in_ = 1, width
    return [inner], made


def min_max(graph: Graph, name: str) -> Step:
    """MinMaxScaler: `x * scale + min`, clipped or not."""
    bounds = None
    if graph.op(name) == "Where":
        name, bounds = _clipped(graph, name)
    low = np.zeros(1)
    if graph.op(name) == "Add":
        name, low = graph.with_constant(name, "Add")
    inner, scale = graph.with_constant(name, "Mul")
    width = graph.width(inner)
    from sklearn.preprocessing import MinMaxScaler

    made = MinMaxScaler(feature_range=bounds or (0, 1), clip=bounds is not None)
    made.scale_, made.min_ = spread(scale, width), spread(low, width)
    made.data_min_ = (made.feature_range[0] - made.min_) / made.scale_
    made.data_range_ = (made.feature_range[1] - made.feature_range[0]) / made.scale_
    made.data_max_ = made.data_min_ + made.data_range_
    made.n_samples_seen_, made.n_features_in_ = 1, width
    return [inner], made


def _clipped(graph: Graph, name: str) -> tuple[str, tuple[float, float]]:
    """`x` cut off below and above, NaN kept."""
    upper = graph.node(name, "Where")
    raised = graph.node(upper.input[2], "Where")
    low, high = graph.constant(raised.input[1]), graph.constant(upper.input[1])
    expect(low.size == high.size == 1)
    above, below = graph.node(upper.input[0], "Greater"), graph.node(raised.input[0], "Less")
    rows = graph.plain(raised.input[2])
    expect(graph.plain(above.input[0]) == graph.plain(upper.input[2]) and graph.plain(below.input[0]) == rows)
    return rows, (float(low.ravel()[0]), float(high.ravel()[0]))


def normalizer(graph: Graph, name: str) -> Step:
    """Normalizer: each row divided by its norm, where that is not 0."""
    node = graph.node(name, "Div")
    rows = graph.plain(node.input[0])
    norm = graph.plain(graph.node(node.input[1], "Where").input[2])
    kind = _norm(graph, norm, rows)
    from sklearn.preprocessing import Normalizer

    return [rows], _sized(Normalizer(norm=kind), graph.width(rows))


def _norm(graph: Graph, name: str, rows: str) -> str:
    if graph.op(name) == "Sqrt":
        square = graph.node(graph.behind(graph.behind(name, "Sqrt"), "ReduceSum"), "Mul")
        expect(graph.plain(square.input[0]) == graph.plain(square.input[1]) == rows)
        return "l2"
    node = graph.node(name, "ReduceSum", "ReduceMax")
    expect(graph.behind(node.input[0], "Abs") == rows)
    return "l1" if node.op_type == "ReduceSum" else "max"


def binarizer(graph: Graph, name: str) -> Step:
    """Binarizer: 1 above a threshold, else 0."""
    rows, threshold = graph.by_constant(graph.behind(name, "Cast"), "Greater")
    expect(threshold.size == 1)
    from sklearn.preprocessing import Binarizer

    return [rows], _sized(Binarizer(threshold=float(threshold.ravel()[0])), graph.width(rows))


def _sized(made: Any, width: int) -> Any:
    made.n_features_in_ = width
    return made


def spread(values: Array, width: int) -> Array:
    """A constant as one number a column [C]."""
    flat = np.asarray(values, np.float64).ravel()
    if flat.size not in (1, width):
        raise NoMatch("a constant that is not one number a column")
    return np.broadcast_to(flat, width).copy()
