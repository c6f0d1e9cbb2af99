"""Discretize: bins of a number. https://dmg.org/pmml/v4-4-1/Transformations.html#discretization"""

import numpy as np

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import Discretize
from modelport_pmml.to_onnx.expression import cast
from modelport_pmml.to_onnx.inputs import in_interval
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, is_missing


def discretize(element: Discretize, scope: Scope) -> Value:
    """The last bin that holds the number (bins should not overlap; where they do, JPMML 1.7 takes the later one); else
    the default; `mapMissingTo` for a missing number.
    """
    value = scope.resolve(element.field, element)
    if value.is_text:
        raise element.bad(f"Discretize needs a number, and {element.field!r} is text")
    listed = [*(item.bin_value for item in element.bins), element.default_value, element.map_missing_to]
    words = tuple(dict.fromkeys(word for word in listed if word is not None))
    gone_code = len(words) + 1

    def code(word: str | None) -> int:
        return gone_code if word is None else words.index(word)

    codes = op.const(np.array([[code(element.default_value)]], np.int64))
    for item in element.bins:
        hit = in_interval(item.interval, value.data)
        codes = op.where(hit, op.const(np.array([[code(item.bin_value)]], np.int64)), codes)
    gone = is_missing(value)
    if gone is not None:
        codes = op.where(gone, op.const(np.array([[code(element.map_missing_to)]], np.int64)), codes)
    nullable = element.default_value is None or (gone is not None and element.map_missing_to is None)
    found = Value(codes, "string", nullable, value.invalid, words, optype="categorical")
    return cast(found, element.data_type or "string", element)
