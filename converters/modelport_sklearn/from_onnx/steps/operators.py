"""Preprocessing operators of `ai.onnx.ml`, as skl2onnx writes them."""

import numpy as np

from modelport_sklearn.from_onnx.graph import Graph, expect
from modelport_sklearn.from_onnx.steps.impute import filled_with
from modelport_sklearn.from_onnx.steps.scale import Step, spread


def scaler(graph: Graph, name: str) -> Step:
    """Scaler: `(x - offset) * scale`."""
    node = graph.node(name, "Scaler")
    settings, rows = graph.attributes(node), graph.plain(node.input[0])
    width = graph.width(rows)
    scale = 1.0 / spread(np.array(settings["scale"], np.float32), width)
    from sklearn.preprocessing import StandardScaler

    made = StandardScaler()
    made.mean_ = spread(np.array(settings["offset"], np.float32), width)
    made.scale_ = scale.astype(np.float32).astype(np.float64)
    made.var_, made.n_samples_seen_, made.n_features_in_ = made.scale_**2, 1, width
    return [rows], made


def normalizer(graph: Graph, name: str) -> Step:
    """Normalizer."""
    node = graph.node(name, "Normalizer")
    rows = graph.plain(node.input[0])
    from sklearn.preprocessing import Normalizer

    made = Normalizer(norm=graph.attribute(node, "norm", b"MAX").decode().lower())
    made.n_features_in_ = graph.width(rows)
    return [rows], made


def binarizer(graph: Graph, name: str) -> Step:
    """Binarizer."""
    node = graph.node(name, "Binarizer")
    rows = graph.plain(node.input[0])
    from sklearn.preprocessing import Binarizer

    made = Binarizer(threshold=float(graph.attribute(node, "threshold", 0.0)))
    made.n_features_in_ = graph.width(rows)
    return [rows], made


def imputer(graph: Graph, name: str) -> Step:
    """Imputer of NaN in float columns."""
    node = graph.node(name, "Imputer")
    settings, rows = graph.attributes(node), graph.plain(node.input[0])
    expect(np.isnan(settings.get("replaced_value_float", 0.0)), "another marker than NaN")
    values = np.array(settings["imputed_value_floats"], np.float32)
    return [rows], filled_with(spread(values, graph.width(rows)))


def one_hot(graph: Graph, name: str) -> Step:
    """OneHotEncoder of one column, whose rows [N, 1, K] were reshaped to [N, K]."""
    node = graph.node(graph.reshaped(name), "OneHotEncoder")
    settings, rows = graph.attributes(node), graph.reshaped(node.input[0])
    text = [item.decode() for item in settings.get("cats_strings", [])]
    categories = np.array(text, object) if text else np.array(settings["cats_int64s"], np.int64)
    from sklearn.preprocessing import OneHotEncoder

    unknown = "ignore" if settings.get("zeros", 1) else "error"
    made = OneHotEncoder(categories=[categories], handle_unknown=unknown, sparse_output=False)
    return [rows], made.fit(categories[:1, None])
