"""joblib's arrays: a header in the pickle, then the bytes of the array between the opcodes.

Layout: `joblib.numpy_pickle.NumpyArrayWrapper` (0.10 to 1.5). From 1.2 a byte tells how much padding follows it.
"""

import pickle
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from modelport_sklearn.gate.machine import Machine

FIELDS = frozenset({"subclass", "shape", "order", "dtype", "allow_mmap", "numpy_array_alignment_bytes"})


class ArrayHeader:
    """Stands for joblib's `NumpyArrayWrapper`: holds what it says, does nothing."""

    __slots__ = ("dtype", "order", "padded", "shape")

    def fill(self, state: Any) -> None:
        """Takes the header's state.

        Raises:
            UnpicklingError: it is not one that joblib writes.
        """
        if type(state) is not dict or not state.keys() <= FIELDS or not isinstance(state.get("dtype"), np.dtype):
            raise pickle.UnpicklingError("this is not the header of an array")
        shape = state.get("shape")
        if type(shape) is not tuple or not all(type(size) is int and size >= 0 for size in shape) or len(shape) > 32:
            raise pickle.UnpicklingError("the header of an array has no sound shape")
        self.shape, self.dtype = shape, state["dtype"]
        self.order = "F" if state.get("order") == "F" else "C"
        self.padded = state.get("numpy_array_alignment_bytes") is not None


def read_array(header: ArrayHeader, machine: "Machine") -> Any:
    """The array behind a header, in native byte order; one of objects is a pickle of its own, read by the same rules.

    Raises:
        UnpicklingError: the file is too short for it.
    """
    if header.dtype.hasobject:
        return machine.inner().load()
    if header.padded:
        machine.source.read(int.from_bytes(machine.source.read(1), "little"))
    length = prod(header.shape) * header.dtype.itemsize
    if length > machine.size:
        raise pickle.UnpicklingError("an array claims to be longer than the file")
    data = bytearray(machine.source.read(length))
    if len(data) != length:
        raise pickle.UnpicklingError("the file ends inside an array")
    array = np.frombuffer(data, header.dtype) if length else np.empty(prod(header.shape), header.dtype)
    shaped = array.reshape(header.shape[::-1]).transpose() if header.order == "F" else array.reshape(header.shape)
    return shaped if shaped.dtype.isnative else shaped.astype(shaped.dtype.newbyteorder("="))
