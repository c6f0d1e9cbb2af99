"""Targets: defaults, bounds, rescaling and rounding. https://dmg.org/pmml/v4-4-1/Targets.html"""

from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.results import Target
from modelport_pmml.to_onnx.functions.arithmetic import _round
from modelport_pmml.to_onnx.single import product, single
from modelport_pmml.to_onnx.value import constant, float32


def treat(
    target: Target | None, data: Var, nullable: bool, narrow: bool = False, gone: Var | None = None
) -> tuple[Var, bool]:
    """A regression's result as its target asks; and whether it may still be missing.

    Args:
        narrow: every step is rounded to float32.
        gone: where there is no result; None for wherever it is NaN.
    """
    if target is None:
        return data, nullable
    if nullable and target.values:
        default = next((item.default_value for item in target.values if item.default_value is not None), None)
        if default is not None:
            data, nullable = op.where(op.isnan(data) if gone is None else gone, constant(default), data), False
    if target.min is not None:
        data = op.where(op.less(data, constant(target.min)), constant(target.min), data)
    if target.max is not None:
        data = op.where(op.greater(data, constant(target.max)), constant(target.max), data)
    if target.rescale_factor != 1.0:
        data = product(data, single(target.rescale_factor)) if narrow else op.mul(data, constant(target.rescale_factor))
    if target.rescale_constant != 0.0:
        by = target.rescale_constant
        data = float32(op.add(data, single(by))) if narrow else op.add(data, constant(by))
    if target.cast_integer is not None:
        data = {"round": _round, "ceiling": op.ceil, "floor": op.floor}[target.cast_integer](data)
    return data, nullable


def priors(target: Target | None) -> dict[str, float]:
    """The target's prior probabilities, which stand for a prediction that is missing; none where it gives none."""
    known = {item.value: item.prior_probability for item in (target.values if target else ())}
    listed = {name: share for name, share in known.items() if name is not None and share is not None}
    total = sum(listed.values())
    if not listed or len(listed) < len(known) or total <= 0:
        return {}
    return {name: share / total for name, share in listed.items()}
