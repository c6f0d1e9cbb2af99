"""FunctionTransformer with a NumPy function that is known here. What Python code does is not guessed.

Source: `sklearn.preprocessing.FunctionTransformer.transform` (1.9): `func(X, **kw_args)`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.frame import Block, Frame, cast
from modelport_onnx.lowering import Scope
from modelport_sklearn.to_onnx.transform.numpy_functions import IDENTITIES, TESTS, Arguments, table
from modelport_sklearn.to_onnx.transform.values import fitted_names, numbers, one_type, real

WAY_OUT = (
    "use a NumPy function such as np.log1p, a Pipeline of them, or register a lowering for a class of your own: "
    "@modelport_onnx.lowering.register"
)


def function_transformer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The function on every column."""
    function, given = unwrapped(estimator)
    if estimator.validate:
        numbers(frame, scope)
        frame = one_type(frame.blocks)
    if function is not None and function not in IDENTITIES:
        numbers(frame, scope)
        lowered = known(function, scope)
        frame = Frame(tuple(_applied(block, function, lowered, given, scope) for block in frame.blocks))
    return frame.renamed(fitted_names(estimator, frame.width, frame_names(estimator)))


def frame_names(estimator: Any) -> Sequence[str]:
    """A DataFrame goes through NumPy's universal functions, and through none at all, with its columns' names."""
    function, _ = unwrapped(estimator)
    keeps = not estimator.validate and (function is None or isinstance(function, np.ufunc))
    return [str(name) for name in getattr(estimator, "feature_names_in_", ())] if keeps else ()


def unwrapped(estimator: Any) -> tuple[Any, Arguments]:
    """The function itself and its keyword arguments, those of a `functools.partial` included."""
    function, given = estimator.func, dict(estimator.kw_args or {})
    while isinstance(function, partial) and not function.args:
        inner: partial[Any] = function
        function, given = inner.func, {**inner.keywords, **given}
    return function, given


def check(estimator: Any) -> str | None:
    """Why the function cannot be converted, or None."""
    function, _ = unwrapped(estimator)
    if function is None or function in IDENTITIES or _found(function) is not None:
        return None
    return _python(function)


def _python(function: Any) -> str:
    name = getattr(function, "__name__", type(function).__name__)
    return f"the function {name!r} is Python code, whose meaning is not known here"


def _found(function: Any) -> Callable[[Var, Arguments, Scope], Var] | None:
    try:
        return table().get(function)
    except TypeError:  # not hashable
        return None


def known(function: Any, scope: Scope) -> Callable[[Var, Arguments, Scope], Var]:
    """The lowering of a NumPy function.

    Raises:
        CannotConvert: the function is Python code, or a NumPy function that is not in the table.
    """
    lowered = _found(function)
    if lowered is None:
        raise scope.refuse(_python(function), WAY_OUT)
    return lowered


def _applied(block: Block, function: Any, lowered: Callable[..., Var], given: Arguments, scope: Scope) -> Block:
    """One block in float64; float32 columns give float32 results, as NumPy's functions do."""
    if block.dtype.kind == "b" and function not in TESTS:
        raise scope.refuse(
            f"column {block.names[0]!r} is boolean, and NumPy computes functions of booleans in half precision",
            "make it a float column before this step",
        )
    if block.dtype.kind in "iu" and function is np.reciprocal:
        raise scope.refuse("np.reciprocal of whole numbers is a whole number", "make the column float before this step")
    out = lowered(cast(block.var, real(scope)), given, scope)
    narrow = block.dtype == np.float32 and function not in TESTS
    return replace(block, var=cast(out, np.float32) if narrow else out)
