"""Machine: the pickle machine with every door guarded; what passes a door is for a subclass to say.

It is `pickle._Unpickler`, the reference implementation in Python, with each opcode that names, makes, calls or changes
something routed through a method. The scanner answers with stand-ins, the loader with real objects, so the two cannot
disagree about what a pickle says. joblib's arrays, whose bytes lie between the opcodes, are read here as well.

Opcodes: `pickletools` of CPython 3.11; joblib's layout: `joblib.numpy_pickle.NumpyArrayWrapper` 1.5.
"""

import _compat_pickle
import pickle
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, ClassVar

import numpy as np

from modelport.errors import Unsafe
from modelport_sklearn.gate.arrays import ArrayHeader, read_array
from modelport_sklearn.gate.dtypes import build_dtype

MAX_DEPTH = 2000
"""Containers inside containers: CPython's own pickler gives up at about a thousand."""

MAX_TUPLE_DEPTH = 200
"""Tuples inside tuples: hashing one recurses in C without a check, and ends the process."""


MAX_OPCODES = 10_000_000
"""About five seconds. A vocabulary of a million words has four million, a forest of a thousand trees 50,000."""


MAX_SETS = 100_000
"""An empty set takes 216 bytes for one byte of the file; no other opcode makes so much of so little."""


class Machine(pickle._Unpickler):
    """Runs a pickle through guarded doors: `named`, `called`, `made`, `built`, `grown`."""

    stack: list[Any]
    metastack: list[list[Any]]
    append: Callable[[Any], None]
    read: Callable[[int], bytes]
    pop_mark: Callable[[], list[Any]]
    proto: int
    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = dict(pickle._Unpickler.dispatch)

    def __init__(self, source: BytesIO, *, size: int) -> None:
        super().__init__(source, encoding="latin1")
        self.source, self.size = source, size
        self._tuples: dict[int, tuple[tuple[Any, ...], int]] = {}
        self._sets = 0

    def load(self) -> Any:
        """Runs the pickle to its end, as `pickle._Unpickler.load` does, and counts.

        Raises:
            Unsafe: it has more opcodes than any model needs.
        """
        self._unframer = pickle._Unframer(self._file_read, self._file_readline)  # type: ignore[attr-defined]
        self.read, self.readline = self._unframer.read, self._unframer.readline
        self.readinto = self._unframer.readinto
        self.metastack, self.stack = [], []
        self.append = self.stack.append
        self.proto = 0
        doors, read = self.dispatch, self.read
        try:
            for _ in range(MAX_OPCODES):
                code = read(1)
                if not code:
                    raise EOFError
                doors[code[0]](self)
        except pickle._Stop as stop:  # type: ignore[attr-defined]
            return stop.value
        raise Unsafe(f"this pickle has more than {MAX_OPCODES:,} opcodes")

    # Doors ---------------------------------------------------------------------------------------

    def named(self, module: str, name: str) -> Any:
        raise NotImplementedError

    def called(self, function: Any, arguments: tuple[Any, ...]) -> Any:
        raise NotImplementedError

    def made(self, kind: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    def built(self, instance: Any, state: Any) -> None:
        raise NotImplementedError

    def grown(self, target: Any) -> Any:
        """Checks what items are added to; gives what they are to be added to."""
        raise NotImplementedError

    def inner(self) -> "Machine":
        """A machine for a pickle that lies inside this one's stream."""
        raise NotImplementedError

    # Names ---------------------------------------------------------------------------------------

    def find_class(self, module: str, name: str) -> Any:
        """As in CPython, Python 2's names are translated first; then the door is asked."""
        if self.proto < 3:
            if (module, name) in _compat_pickle.NAME_MAPPING:
                module, name = _compat_pickle.NAME_MAPPING[(module, name)]
            else:
                module = _compat_pickle.IMPORT_MAPPING.get(module, module)
        return self.named(module, name)

    def load_extension(self) -> None:
        raise Unsafe("this pickle uses an extension code, which names a global without saying which")

    def persistent_load(self, pid: Any) -> Any:
        raise Unsafe("this pickle refers to objects outside itself (a persistent id)")

    def load_buffer(self) -> None:
        raise Unsafe("this pickle refers to buffers outside itself")

    # Making and calling --------------------------------------------------------------------------

    def load_reduce(self) -> None:
        arguments = self.stack.pop()
        self.stack[-1] = self.called(self.stack[-1], _tuple(arguments))

    def load_newobj(self) -> None:
        arguments = self.stack.pop()
        self.stack[-1] = self.made(self.stack[-1], _tuple(arguments), {})

    def load_newobj_ex(self) -> None:
        keywords = self.stack.pop()
        arguments = self.stack.pop()
        if type(keywords) is not dict:
            raise pickle.UnpicklingError("NEWOBJ_EX wants a dictionary")
        self.stack[-1] = self.made(self.stack[-1], _tuple(arguments), keywords)

    def _instantiate(self, klass: Any, arguments: list[Any]) -> None:
        made = self.called(klass, tuple(arguments)) if arguments else self.made(klass, (), {})
        self.append(made)

    # Changing ------------------------------------------------------------------------------------

    def load_build(self) -> None:
        state = self.stack.pop()
        instance = self.stack[-1]
        if isinstance(instance, ArrayHeader):
            instance.fill(state)
            self.stack[-1] = read_array(instance, self)
        elif isinstance(instance, np.dtype):
            build_dtype(instance, state)
        else:
            self.built(instance, state)

    def load_append(self) -> None:
        value = self.stack.pop()
        self.grown(self.stack[-1]).append(value)

    def load_appends(self) -> None:
        items = self.pop_mark()
        self.grown(self.stack[-1]).extend(items)

    def load_setitem(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.grown(self.stack[-1])[key] = value

    def load_setitems(self) -> None:
        items = self.pop_mark()
        target = self.grown(self.stack[-1])
        for i in range(0, len(items), 2):
            target[items[i]] = items[i + 1]

    def load_additems(self) -> None:
        items = self.pop_mark()
        self.grown(self.stack[-1]).update(items)

    # Limits --------------------------------------------------------------------------------------

    def load_mark(self) -> None:
        if len(self.metastack) >= MAX_DEPTH:
            raise Unsafe(f"this pickle nests more than {MAX_DEPTH} containers")
        self.metastack.append(self.stack)
        self.stack = []
        self.append = self.stack.append

    def load_empty_set(self) -> None:
        self._sets += 1
        if self._sets > MAX_SETS:
            raise Unsafe(f"this pickle makes more than {MAX_SETS:,} sets")
        self.append(set())

    def load_bytearray8(self) -> None:
        length = int.from_bytes(self.read(8), "little")
        if length > self.size:
            raise pickle.UnpicklingError("a byte array claims to be longer than the file")
        self.append(bytearray(self.read(length)))

    def load_tuple(self) -> None:
        items = self._shallow(tuple(self.pop_mark()))
        self.append(items)

    def load_tuple1(self) -> None:
        self.stack[-1] = self._shallow((self.stack[-1],))

    def load_tuple2(self) -> None:
        self.stack[-2:] = [self._shallow((self.stack[-2], self.stack[-1]))]

    def load_tuple3(self) -> None:
        self.stack[-3:] = [self._shallow((self.stack[-3], self.stack[-2], self.stack[-1]))]

    def _shallow(self, items: tuple[Any, ...]) -> tuple[Any, ...]:
        """Remembers how deep a tuple of tuples is; it is kept alive, so that its identity stays its own."""
        depth = 1 + max((self._tuples[id(item)][1] for item in items if id(item) in self._tuples), default=1)
        if depth > MAX_TUPLE_DEPTH:
            raise Unsafe(f"this pickle nests more than {MAX_TUPLE_DEPTH} tuples")
        if any(type(item) is tuple for item in items):
            self._tuples[id(items)] = (items, depth)
        return items


def _tuple(arguments: Any) -> tuple[Any, ...]:
    if type(arguments) is not tuple:
        raise pickle.UnpicklingError("arguments are not a tuple")
    return arguments


def check_state(state: Any) -> None:
    """Refuses a state that would set an attribute Python itself looks for, such as `__setstate__` or `__class__`.

    Raises:
        Unsafe: names the attribute.
    """
    parts = state if type(state) is tuple and len(state) == 2 else (state,)
    for part in parts:
        for name in part if isinstance(part, dict) else ():
            if isinstance(name, str) and name.startswith("__") and name.endswith("__"):
                raise Unsafe(f"this pickle sets {name} of an instance")


_DOORS: Mapping[bytes, Callable[[Any], None]] = {
    **dict.fromkeys((pickle.EXT1, pickle.EXT2, pickle.EXT4), Machine.load_extension),
    **dict.fromkeys((pickle.NEXT_BUFFER, pickle.READONLY_BUFFER), Machine.load_buffer),
    pickle.REDUCE: Machine.load_reduce,
    pickle.NEWOBJ: Machine.load_newobj,
    pickle.NEWOBJ_EX: Machine.load_newobj_ex,
    pickle.BUILD: Machine.load_build,
    pickle.APPEND: Machine.load_append,
    pickle.APPENDS: Machine.load_appends,
    pickle.SETITEM: Machine.load_setitem,
    pickle.SETITEMS: Machine.load_setitems,
    pickle.ADDITEMS: Machine.load_additems,
    pickle.MARK: Machine.load_mark,
    pickle.BYTEARRAY8: Machine.load_bytearray8,
    pickle.EMPTY_SET: Machine.load_empty_set,
    pickle.TUPLE: Machine.load_tuple,
    pickle.TUPLE1: Machine.load_tuple1,
    pickle.TUPLE2: Machine.load_tuple2,
    pickle.TUPLE3: Machine.load_tuple3,
}
"""The opcodes that name, make, call or change something, or that could exhaust the machine."""

Machine.dispatch.update({code[0]: door for code, door in _DOORS.items()})
