"""Functions that pickles call to make things, in forms that can make nothing else.

Each takes what the original takes; what the original would do beyond making an inert value is refused. The originals:
`copyreg` and `codecs` of CPython, `numpy._core.multiarray` and `numpy.random._pickle` of NumPy (1.20 to 2.4).
"""

import pickle
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from modelport.errors import Unsafe
from modelport_sklearn.gate.allowlist import Global

ATTRIBUTE: frozenset[Global] = frozenset({("builtins", "getattr")})
"""Reaches for a nested name; only one that is listed itself is given."""

DTYPE: frozenset[Global] = frozenset({("numpy", "dtype")})
HEADERS: frozenset[Global] = frozenset({("joblib.numpy_pickle", "NumpyArrayWrapper")})

MAKERS: frozenset[Global] = frozenset(
    {
        ("copyreg", "_reconstructor"),
        ("copyreg", "__newobj__"),
        ("sklearn.metrics._dist_metrics", "newObj"),
        ("sklearn.neighbors._dist_metrics", "newObj"),
        ("sklearn.neighbors._ball_tree", "newObj"),
        ("sklearn.neighbors._kd_tree", "newObj"),
    }
)
"""Functions that make an instance of the class they are given first."""

FACTORIES: tuple[Any, ...] = (None, bool, int, float, str, list, dict, set, tuple, OrderedDict)
"""What may fill a defaultdict."""

LARGEST_BLANK = 16
"""Elements of an array that `_reconstruct` makes before its state arrives; NumPy writes none at all."""


def encode(text: Any, encoding: Any = "utf-8") -> bytes:
    """`_codecs.encode`, which protocols below 3 write for bytes; other codecs import modules by name."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise Unsafe(f"this pickle encodes text as {encoding!r}")
    return text.encode("latin-1")


def byte_array(*arguments: Any) -> bytearray:
    """`bytearray(bytes)`; a number would make that many bytes."""
    if len(arguments) == 2:
        return bytearray(encode(*arguments))
    if arguments and not isinstance(arguments[0], bytes | bytearray):
        raise Unsafe("this pickle makes a byte array from something other than bytes")
    return bytearray(*arguments)


def no_bytes(*arguments: Any) -> bytes:
    """`bytes()`, which protocols below 3 write for no bytes at all."""
    return bytes(byte_array(*arguments))


def collection(kind: type[Any]) -> Callable[..., Any]:
    """`set` or `frozenset` of a list that is already there; anything else could be endless."""

    def make(items: Any = ()) -> Any:
        if type(items) not in (list, tuple, set):
            raise Unsafe(f"this pickle makes a {kind.__name__} from a {type(items).__name__}")
        return kind(items)

    return make


def number_range(*arguments: Any) -> range:
    return range(*(int(argument) for argument in arguments))


def kind_of_nothing(*arguments: Any) -> type[Any]:
    """`type(None)`, the only type that is pickled so."""
    if arguments != (None,):
        raise Unsafe("this pickle asks for the type of something")
    return type(None)


def default_dict(factory: Any = None, *rest: Any) -> defaultdict[Any, Any]:
    if not any(factory is known for known in FACTORIES) or rest:
        raise Unsafe("this pickle makes a defaultdict that would call something unusual")
    return defaultdict(factory)


def ordered_dict(*arguments: Any) -> OrderedDict[Any, Any]:
    """`OrderedDict([[key, value], …])` of protocols below 2, or empty."""
    if arguments and type(arguments[0]) not in (list, tuple, dict):
        raise Unsafe("this pickle makes an OrderedDict from something other than pairs")
    return OrderedDict(*arguments)


def blank_array(subtype: Any, shape: Any, code: Any) -> Any:
    """`numpy._core.multiarray._reconstruct(ndarray, (0,), b'b')`: an empty array that waits for its state."""
    import numpy as np

    if not (isinstance(subtype, type) and issubclass(subtype, np.ndarray)) or type(shape) is not tuple:
        raise pickle.UnpicklingError("this does not make an array")
    if any(type(size) is not int or not 0 <= size <= LARGEST_BLANK for size in shape) or code not in (b"b", "b"):
        raise Unsafe("this pickle makes an array before saying what is in it")
    return np._core.multiarray._reconstruct(subtype, shape, code)  # type: ignore[attr-defined]  # NumPy's own pickles name it


def array_scalar(dtype: Any, *data: Any) -> Any:
    """`numpy._core.multiarray.scalar(dtype, bytes)`; objects have no scalars."""
    import numpy as np

    if not isinstance(dtype, np.dtype) or dtype.hasobject:
        raise Unsafe("this pickle makes a NumPy scalar of no plain type")
    return np._core.multiarray.scalar(dtype, *data)  # type: ignore[attr-defined]  # NumPy's own pickles name it


def bit_generator(name: Any = "MT19937") -> Any:
    """`numpy.random._pickle.__bit_generator_ctor`, by name or by class."""
    import numpy.random as random

    called = name if isinstance(name, str) else getattr(name, "__name__", None)
    known = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"}
    if called not in known or (isinstance(name, type) and name is not getattr(random, called)):
        raise Unsafe("this pickle asks for an unknown source of random numbers")
    return getattr(random, called)(0)


def random_state(generator: Any = "MT19937", constructor: Any = None) -> Any:
    """`numpy.random._pickle.__randomstate_ctor`; its second argument would be called, so it is not."""
    from numpy.random import RandomState

    return RandomState(_bits(generator, constructor))


def random_generator(generator: Any = "MT19937", constructor: Any = None) -> Any:
    """`numpy.random._pickle.__generator_ctor`."""
    from numpy.random import Generator

    return Generator(_bits(generator, constructor))


def _bits(generator: Any, constructor: Any) -> Any:
    from numpy.random import BitGenerator

    if constructor is not None and getattr(constructor, "__name__", "") != "__bit_generator_ctor":
        raise Unsafe("this pickle would make random numbers with a function of its own")
    return generator if isinstance(generator, BitGenerator) else bit_generator(generator)


def buffer_array(buffer: Any, dtype: Any, shape: Any, order: Any, *rest: Any) -> Any:
    """`numpy._core.numeric._frombuffer` of protocol 5, on bytes that lie in the pickle."""
    import numpy as np

    if not isinstance(buffer, bytes | bytearray) or not isinstance(dtype, np.dtype) or dtype.hasobject:
        raise Unsafe("this pickle makes an array from something other than bytes")
    return np.frombuffer(bytearray(buffer), dtype).reshape(shape, order="F" if order == "F" else "C")


def masked_array(subtype: Any, base: Any, shape: Any, code: Any) -> Any:
    """`numpy.ma.core._mareconstruct(MaskedArray, ndarray, (0,), b'b')`."""
    import numpy as np

    if subtype is not np.ma.MaskedArray or base is not np.ndarray or shape != (0,) or code not in (b"b", "b"):
        raise Unsafe("this pickle makes a masked array before saying what is in it")
    return np.ma.core._mareconstruct(subtype, base, shape, code)  # type: ignore[attr-defined]  # as NumPy's pickles do


def universal_function(module: Any, name: Any) -> Any:
    """`numpy.core._ufunc_reconstruct(module, name)` of NumPy before 1.22, which would import any module."""
    import numpy as np

    found = getattr(np, name, None) if isinstance(name, str) else None
    if module not in ("numpy.core._multiarray_umath", "numpy._core._multiarray_umath", "numpy.core.umath", "numpy"):
        raise Unsafe(f"this pickle imports {module}")
    if not isinstance(found, np.ufunc):
        raise Unsafe(f"this pickle reaches for {module}.{name}")
    return found


def checked_partial(*arguments: Any) -> Any:
    """`functools.partial(check_array)`, as HistGradientBoosting holds one; no other function may be tied so."""
    from functools import partial

    from sklearn.utils.validation import check_array

    if len(arguments) != 1 or arguments[0] is not check_array:
        raise Unsafe("this pickle ties arguments to a function")
    return partial(check_array)


def seed_sequence(kind: Any, checksum: Any, state: Any = None) -> Any:
    """`numpy.random.bit_generator.__pyx_unpickle_SeedSequence`."""
    from numpy.random import SeedSequence, bit_generator

    if kind is not SeedSequence:
        raise Unsafe("this pickle makes a seed of an unusual class")
    return bit_generator.__pyx_unpickle_SeedSequence(kind, checksum, state)  # type: ignore[attr-defined]  # Cython's


def pandas_index(kind: Any, parts: Any) -> Any:
    """`pandas.core.indexes.base._new_Index(Index, {"data": …, "name": …})`."""
    import pandas as pd

    if kind is not pd.Index or type(parts) is not dict or not parts.keys() <= {"data", "name"}:
        raise Unsafe("this pickle makes an unusual pandas index")
    return pd.Index(**parts)


def arrow_array(parts: Any) -> Any:
    """`pyarrow.lib._restore_array`, validated: it takes offsets into its buffers as they come."""
    import pyarrow as pa

    array = pa.lib._restore_array(parts)
    array.validate(full=True)
    return array


def arrow_buffer(data: Any) -> Any:
    import pyarrow as pa

    if not isinstance(data, bytes | bytearray):
        raise Unsafe("this pickle makes a buffer from something other than bytes")
    return pa.py_buffer(data)


_MULTIARRAY = ("numpy._core.multiarray", "numpy.core.multiarray")
_NUMERIC = ("numpy._core.numeric", "numpy.core.numeric")
_RANDOM = "numpy.random._pickle"

RECONSTRUCTORS: Mapping[Global, Callable[..., Any]] = {
    ("_codecs", "encode"): encode,
    ("builtins", "bytearray"): byte_array,
    ("builtins", "bytes"): no_bytes,
    ("builtins", "set"): collection(set),
    ("builtins", "frozenset"): collection(frozenset),
    ("builtins", "range"): number_range,
    ("builtins", "slice"): slice,
    ("builtins", "complex"): complex,
    ("builtins", "type"): kind_of_nothing,
    ("collections", "defaultdict"): default_dict,
    ("collections", "OrderedDict"): ordered_dict,
    **{(module, "_reconstruct"): blank_array for module in _MULTIARRAY},
    **{(module, "scalar"): array_scalar for module in _MULTIARRAY},
    **{(module, "_frombuffer"): buffer_array for module in _NUMERIC},
    **{(module, "_ufunc_reconstruct"): universal_function for module in ("numpy.core", "numpy._core")},
    ("functools", "partial"): checked_partial,
    ("numpy.ma.core", "_mareconstruct"): masked_array,
    ("numpy.random.bit_generator", "__pyx_unpickle_SeedSequence"): seed_sequence,
    ("pandas.core.indexes.base", "_new_Index"): pandas_index,
    ("pyarrow.lib", "_restore_array"): arrow_array,
    ("pyarrow.lib", "py_buffer"): arrow_buffer,
    (_RANDOM, "__bit_generator_ctor"): bit_generator,
    (_RANDOM, "__randomstate_ctor"): random_state,
    (_RANDOM, "__generator_ctor"): random_generator,
}
"""What is called in place of each function; the function itself is then never called."""
