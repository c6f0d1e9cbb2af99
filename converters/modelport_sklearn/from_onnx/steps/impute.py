"""SimpleImputer, fitted on one row that is what it fills in.

Built on scikit-learn 1.9 with public parameters alone: the mean, or the most frequent value, of one row is that row.
"""

from typing import Any

import numpy as np

from modelport_sklearn.from_onnx.graph import Graph, expect
from modelport_sklearn.from_onnx.steps.scale import Step, spread


def numbers(graph: Graph, name: str) -> Step:
    """`where(isnan(x), statistic, x)`."""
    node = graph.node(name, "Where")
    rows = graph.plain(node.input[2])
    expect(graph.widened(graph.behind(node.input[0], "IsNaN")) == graph.widened(rows))
    return [rows], filled_with(spread(graph.constant(node.input[1]), graph.width(rows)))


def filled_with(statistics: Any) -> Any:
    """An imputer of numbers."""
    from sklearn.impute import SimpleImputer

    return SimpleImputer(keep_empty_features=True).fit(np.asarray(statistics, np.float64)[None])


def text(graph: Graph, name: str) -> Step:
    """`where(x == "", word, x)`: a missing text is the empty text in ONNX."""
    node = graph.node(name, "Where")
    rows = graph.plain(node.input[2])
    tested, marker = graph.with_constant(node.input[0], "Equal")
    expect(tested == rows and marker.dtype.kind in "OUST" and marker.ravel().tolist() == [""])
    width = graph.width(rows)
    fills = np.broadcast_to(graph.constant(node.input[1]).ravel(), width)
    return [rows], words([str(word) for word in fills])


def words(fills: list[str]) -> Any:
    """An imputer of texts."""
    from sklearn.impute import SimpleImputer

    strategy = "constant" if len(set(fills)) == 1 else "most_frequent"
    made = SimpleImputer(strategy=strategy, fill_value=fills[0] if strategy == "constant" else None)
    return made.fit(np.array([fills], object))
