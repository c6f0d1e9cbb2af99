"""NormContinuous: linear interpolation between points. https://dmg.org/pmml/v4-4-1/Transformations.html#normcont"""

import itertools

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import NormContinuous
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, Value, constant, is_missing, numbers


def norm_continuous(element: NormContinuous, scope: Scope) -> Value:
    """Outliers: extrapolated (asIs), missing, or the norm of the nearest point."""
    value = scope.resolve(element.field, element)
    if value.is_text:
        raise element.bad(f"NormContinuous needs a number, and {element.field!r} is text")
    norms = element.norms
    if len(norms) < 2 or any(b.orig <= a.orig for a, b in itertools.pairwise(norms)):
        raise element.bad("NormContinuous needs two or more LinearNorm elements with ascending orig")
    data = _interpolated(value.data, element)
    low, high = op.less(value.data, constant(norms[0].orig)), op.greater(value.data, constant(norms[-1].orig))
    if element.outliers == "asMissingValues":
        data = op.where(op.or_(low, high), constant(NAN), data)
    elif element.outliers == "asExtremeValues":
        data = op.where(low, constant(norms[0].norm), op.where(high, constant(norms[-1].norm), data))
    gone = is_missing(value)
    if gone is not None and element.map_missing_to is not None:
        data = op.where(gone, constant(element.map_missing_to), data)
    return numbers(data, invalid=value.invalid, nullable=value.nullable or element.outliers == "asMissingValues")


def _interpolated(x: Var, element: NormContinuous) -> Var:
    orig = np.array([item.orig for item in element.norms])
    norm = np.array([item.norm for item in element.norms])
    if len(orig) == 2:
        cells = [constant(float(item)) for item in (orig[0], norm[0], orig[1] - orig[0], norm[1] - norm[0])]
    else:
        passed = op.greater(x, op.const(orig[None, 1:-1]))
        at = op.reduce_sum(op.cast(passed, to=np.int64), op.const(np.array([1], np.int64)), keepdims=1)
        tables = (orig[:-1], norm[:-1], np.diff(orig), np.diff(norm))
        cells = [op.gather(op.const(item), at) for item in tables]
    start, base, run, rise = cells
    return op.add(base, op.mul(op.div(op.sub(x, start), run), rise))
