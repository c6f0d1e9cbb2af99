"""Models that contradict themselves: lists of unequal length, indices beyond their table, types that there are not.

`onnx.checker` looks at neither attributes nor values, so whoever walks a graph meets them as any error of Python's.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from modelport.conversion import Context
from modelport.errors import CannotConvert, Unsafe

Made = TypeVar("Made")
Convert = Callable[[Any, Context], Made]
CONTRADICTIONS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def refusing_malformed(convert: Convert[Made]) -> Convert[Made]:
    """A converter that refuses models which contradict themselves, instead of failing on them.

    Raises:
        CannotConvert: says what failed, and in which function, since a mistake of modelport's would look the same.
        Unsafe: a shape in it asks for more memory than there is.
    """

    @wraps(convert)
    def guarded(source: Any, context: Context) -> Made:
        try:
            return convert(source, context)
        except CONTRADICTIONS as error:
            told = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise CannotConvert(
                f"this model contradicts itself, or is built in a way that is not known here: {told[:300]}",
                where=_function(error),
                hint="check it: modelport score opens it in its own runtime; if that works, please report it",
            ) from error
        except MemoryError as error:
            raise Unsafe("converting this model takes too much memory", where=_function(error)) from error

    return guarded


def _function(error: BaseException) -> str | None:
    """The innermost function of ours on the way to an error."""
    found, trace = None, error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("modelport"):
            found = f"{module}.{trace.tb_frame.f_code.co_name}"
        trace = trace.tb_next
    return found
