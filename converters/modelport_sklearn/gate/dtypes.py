"""NumPy dtypes from a pickle, checked before NumPy trusts them.

`dtype.__setstate__` takes offsets, sizes and flags as they come; a void dtype whose flags hide its objects would let
NumPy read any bytes as pointers. So each state is compared with a dtype built in the open from the same fields.
State: `(version, byte order, subarray, names, fields, itemsize, alignment, flags[, metadata])`, NumPy 1.7 to 2.4.
"""

import pickle
import re
from typing import Any

import numpy as np

from modelport.errors import Unsafe

PLAIN = re.compile(r"[<>=|]?(?:[?bB]|[iufcbV]\d+|[SU]\d+|O8?|[mM]8)")
ALIGNED = 0x80
"""NPY_ALIGNED_STRUCT: says how the fields were laid out, not what they are."""

Dtype = np.dtype[Any]


def make_dtype(*arguments: Any) -> Dtype:
    """`numpy.dtype('f8', False, True)` as a pickle calls it, always a fresh object: the shared ones stay untouched."""
    spec = arguments[0] if arguments else None
    if not isinstance(spec, str) or PLAIN.fullmatch(spec) is None:
        raise Unsafe(f"this pickle asks for the array type {spec!r}")
    return np.dtype(spec, False, True)


def build_dtype(dtype: Dtype, state: Any) -> None:
    """Gives a dtype its pickled state, if that is what NumPy itself would have made.

    Raises:
        Unsafe: sizes, offsets or flags that contradict the fields.
    """
    if type(state) is not tuple or len(state) not in (8, 9) or state[0] not in (3, 4):
        raise pickle.UnpicklingError("this is not the state of an array type")
    _, order, subarray, names, fields, size, _, flags = state[:8]
    if order not in ("<", ">", "=", "|") or (len(state) == 9 and state[8] is not None and dtype.kind not in "mM"):
        raise Unsafe("an array type in this pickle has metadata")
    expected = _expected(dtype, subarray, names, fields, size)
    if size not in (-1, expected.itemsize) or (flags | ALIGNED) != (expected.flags | ALIGNED):
        raise Unsafe("an array type in this pickle contradicts itself")
    dtype.__setstate__(state)  # type: ignore[attr-defined]  # NumPy's stubs leave it out


def _expected(dtype: Dtype, subarray: Any, names: Any, fields: Any, size: Any) -> Dtype:
    try:
        if fields is not None:
            parts = [fields[name] for name in names]
            layout = {"names": list(names), "formats": [p[0] for p in parts], "offsets": [p[1] for p in parts]}
            return np.dtype(layout | {"itemsize": size})  # type: ignore[call-overload,no-any-return]  # keys are checked at run time
        if subarray is not None:
            return np.dtype((subarray[0], subarray[1]))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise Unsafe(f"an array type in this pickle is malformed: {error}") from error
    return dtype
