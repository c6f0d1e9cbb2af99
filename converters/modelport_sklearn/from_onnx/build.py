"""From recognised steps to one estimator: transformers in a Pipeline, a ColumnTransformer where columns part ways.

Built on scikit-learn 1.9 with public parts: a ColumnTransformer is fitted on one row with its fitted steps frozen
(`sklearn.frozen.FrozenEstimator`, 1.6), which are then taken out of the frost again.
"""

from typing import Any

import numpy as np

from modelport.signature import Signature
from modelport_onnx.assemble import is_matrix
from modelport_sklearn.from_onnx.graph import NoMatch
from modelport_sklearn.from_onnx.rows import Keep, Part, Split


def estimator(part: Part, last: Any | None, signature: Signature, row: Any) -> Any:
    """Fitted steps and, after them, a predictor.

    Args:
        last: None for a transformer.
        row: a row as the estimator takes it, which every step accepts: a DataFrame, or a matrix [1, C].

    Raises:
        NoMatch: nothing is left, or a step refuses the row.
    """
    names = None if is_matrix(signature) else np.array([column.name for column in signature.inputs], object)
    steps: list[Any] = list(part.steps)
    if part.columns != tuple(range(len(signature.inputs))):
        steps = [Split((part,))]
    parts = [_made(step, row, names) for step in steps]
    if last is not None:
        parts.append(last)
    if not parts:
        raise NoMatch("no step at all")
    if names is not None and not hasattr(parts[0], "feature_names_in_"):
        parts[0].feature_names_in_ = names
    if len(parts) == 1:
        return parts[0]
    from sklearn.pipeline import make_pipeline

    return make_pipeline(*parts)


def _made(step: Any, row: Any, names: Any) -> Any:
    if isinstance(step, Split):
        return _side_by_side(step, row, names)
    if isinstance(step, Keep):
        return _kept(step)
    return step


def _side_by_side(split: Split, row: Any, names: Any) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.frozen import FrozenEstimator

    members = []
    for i, part in enumerate(split.parts):
        columns = [int(c) for c in part.columns] if names is None else [str(names[c]) for c in part.columns]
        done = [_made(step, row, names) for step in part.steps]
        if done and names is not None and not hasattr(done[0], "feature_names_in_"):
            done[0].feature_names_in_ = np.array(columns, object)
        members.append((f"part{i + 1}", FrozenEstimator(_line(done)) if done else "passthrough", columns))
    made = ColumnTransformer(members, sparse_threshold=0)
    try:
        made.fit(row)
    except (ValueError, TypeError) as error:
        raise NoMatch(str(error)) from error
    made.transformers = [(name, _thawed(step), columns) for name, step, columns in made.transformers]
    made.transformers_ = [(name, _thawed(step), columns) for name, step, columns in made.transformers_]
    return made


def _line(steps: list[Any]) -> Any:
    from sklearn.pipeline import make_pipeline

    return steps[0] if len(steps) == 1 else make_pipeline(*steps)


def _thawed(step: Any) -> Any:
    from sklearn.frozen import FrozenEstimator

    return step.estimator if isinstance(step, FrozenEstimator) else step


def _kept(step: Keep) -> Any:
    from sklearn.compose import ColumnTransformer

    return ColumnTransformer([("kept", "passthrough", list(step.columns))]).fit(np.zeros((1, step.width)))
