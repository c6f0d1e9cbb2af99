"""Pipeline, ColumnTransformer and FeatureUnion: steps one after another, and side by side.

Source: `sklearn.pipeline.Pipeline`, `sklearn.pipeline.FeatureUnion.transform`,
`sklearn.compose.ColumnTransformer.transform` and `_hstack` (1.9).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from modelport_onnx.frame import Block, Frame
from modelport_onnx.lowering import Scope, lower_predict, lower_transform
from modelport_onnx.ops import op
from modelport_onnx.outcome import Outcome
from modelport_sklearn.to_onnx.transform.function import frame_names
from modelport_sklearn.to_onnx.transform.values import fitted_names, like, one_type


def pipeline_transform(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Every step in turn."""
    given = _through(estimator.steps, frame, scope)
    return given.renamed(fitted_names(estimator, given.width, _frame_names(estimator)))


def _frame_names(step: Any) -> Sequence[str]:
    """The names of the DataFrame that a step gives without naming its columns itself: a function of a DataFrame."""
    if hasattr(step, "steps"):
        done = [inner for _, inner in step.steps if inner is not None and not isinstance(inner, str)]
        return _frame_names(done[-1]) if done else ()
    return frame_names(step) if hasattr(step, "func") else ()


def pipeline_predict(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """Every step but the last transforms; the last predicts."""
    *before, (name, last) = estimator.steps
    return lower_predict(last, _through(before, frame, scope), scope.inside(name))


def _through(steps: Sequence[tuple[str, Any]], frame: Frame, scope: Scope) -> Frame:
    for name, step in steps:
        frame = _step(step, frame, scope.inside(name))
    return frame


def _step(step: Any, frame: Frame, scope: Scope) -> Frame:
    """One step; `"passthrough"` and None hand their columns on."""
    return frame if step is None or isinstance(step, str) else lower_transform(step, frame, scope)


def column_transformer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Each fitted transformer on the columns it was fitted on, side by side, in the order of `transformers_`."""
    weights = estimator.transformer_weights or {}
    blocks: list[Block] = []
    for name, step, _ in estimator.transformers_:
        positions = _positions(estimator, name)
        if not positions or (isinstance(step, str) and step == "drop"):
            continue
        given = _step(step, frame.select(positions), scope.inside(name))
        blocks += _weighted(given, weights.get(name), scope).blocks
    return _stacked(estimator, blocks, bool(getattr(estimator, "sparse_output_", False)))


def _positions(estimator: Any, name: str) -> list[int]:
    """Input columns of one transformer. scikit-learn keeps them resolved: names, slices, masks and selectors alike."""
    found = estimator._transformer_to_input_indices[name]
    return [int(i) for i in found]


def feature_union(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Each transformer on all columns, side by side; sparse as soon as one of them is."""
    weights = estimator.transformer_weights or {}
    blocks: list[Block] = []
    for name, step in estimator.transformer_list:
        if isinstance(step, str) and step == "drop":
            continue
        blocks += _weighted(_step(step, frame, scope.inside(name)), weights.get(name), scope).blocks
    return _stacked(estimator, blocks, any(block.sparse for block in blocks))


def _weighted(frame: Frame, weight: float | None, scope: Scope) -> Frame:
    """`transformer_weights` multiply what a transformer gives (`_transform_one`)."""
    if weight is None:
        return frame
    if any(block.is_text for block in frame.blocks):
        raise scope.refuse("transformer_weights multiplies a column of text")
    scaled = one_type(frame.blocks)
    if any(block.dtype.kind != "f" for block in scaled.blocks):
        raise scope.refuse(
            "transformer_weights multiplies whole numbers, where NumPy chooses the type of the product",
            "give the transformer a float dtype",
        )
    return Frame(tuple(replace(b, var=op.mul(b.var, like(b.var, weight))) for b in scaled.blocks))


def _stacked(estimator: Any, blocks: Sequence[Block], sparse: bool) -> Frame:
    return _named(estimator, one_type(replace(block, sparse=sparse) for block in blocks))


def _named(estimator: Any, frame: Frame) -> Frame:
    return frame.renamed(fitted_names(estimator, frame.width))
