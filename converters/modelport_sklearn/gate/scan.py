"""Scan: a pickle walked with inert stand-ins. Nothing is imported, made or called; everything is seen.

The same walk serves the gate (what is wrong with this file?) and `modelport inspect` (what is in it?).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from modelport.errors import InputError, ModelportError, Unsafe
from modelport_sklearn.gate.allowlist import Allowed, Global, Grant
from modelport_sklearn.gate.arrays import ArrayHeader
from modelport_sklearn.gate.dtypes import make_dtype
from modelport_sklearn.gate.machine import Machine, check_state
from modelport_sklearn.gate.reconstruct import ATTRIBUTE, DTYPE, HEADERS, MAKERS

VERSION_KEY = "_sklearn_version"


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A global that a pickle names; never imported."""

    module: str
    name: str

    @property
    def key(self) -> Global:
        return self.module, self.name

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class Made:
    """What a pickle would make: of which global, from what, in which state."""

    origin: Named
    arguments: tuple[Any, ...] = ()
    state: Any = None
    items: list[Any] = field(default_factory=list)

    def append(self, value: Any) -> None:
        self.items.append(value)

    def extend(self, values: list[Any]) -> None:
        self.items += values

    update = extend

    def __setitem__(self, key: Any, value: Any) -> None:
        self.items.append((key, value))


@dataclass(slots=True)
class Scan:
    """What a pickle says.

    Attributes:
        root: the object it would give, as stand-ins.
        globals: every global it names → how often.
        refused: those not on the list.
        misused: sentences about globals on the list that it would use as they may not be used.
        versions: versions of scikit-learn that its estimators say they were saved by.
        made: class → how many instances with a state.
        protocol: of the pickle; 0 stands for 0 and 1.
        trailing: bytes after its end.
    """

    root: Any = None
    globals: Counter[Global] = field(default_factory=Counter)
    refused: dict[Global, None] = field(default_factory=dict)
    misused: dict[str, None] = field(default_factory=dict)
    versions: dict[str, None] = field(default_factory=dict)
    made: Counter[Global] = field(default_factory=Counter)
    protocol: int = 0
    trailing: int = 0


def scan(data: bytes, allowed: Allowed) -> Scan:
    """Walks a pickle or joblib file.

    Raises:
        InputError: it is truncated or damaged.
        Unsafe: it does what no pickle of a model does (extension codes, outside buffers, absurd nesting).
    """
    found = Scan()
    source = BytesIO(data)
    found.root = guarded(Scanner(source, len(data), found, allowed))
    found.trailing = len(data) - source.tell()
    return found


def guarded(machine: Machine) -> Any:
    """Runs a machine; whatever a malformed pickle makes it raise is one sentence.

    Raises:
        InputError: the pickle is truncated or damaged.
    """
    try:
        return machine.load()
    except (ModelportError, Warning):
        raise
    except EOFError as error:
        raise InputError("this pickle is truncated", hint="save it again, or copy it again") from error
    except Exception as error:  # a damaged pickle makes the machine, or a class's own state, raise anything
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"this pickle is damaged: {told}", hint="save it again, or copy it again") from error


class Scanner(Machine):
    """Answers every door with stand-ins, and keeps book."""

    def __init__(self, source: BytesIO, size: int, found: Scan, allowed: Allowed) -> None:
        super().__init__(source, size=size)
        self.found, self.allowed = found, allowed

    def inner(self) -> Machine:
        return Scanner(self.source, self.size, self.found, self.allowed)

    def named(self, module: str, name: str) -> Any:
        self.found.globals[module, name] += 1
        self.found.protocol = max(self.found.protocol, self.proto)
        if self.allowed.grant(module, name) is None:
            self.found.refused[module, name] = None
        return Named(module, name)

    def called(self, function: Any, arguments: tuple[Any, ...]) -> Any:
        if not isinstance(function, Named):
            raise Unsafe("this pickle calls something that is not a global")
        if function.key in DTYPE:
            return make_dtype(*(_plain(argument) for argument in arguments))
        if function.key in ATTRIBUTE:
            return self._attribute(function, arguments)
        self._need(function, Grant.CALL, "call")
        first = arguments[0] if arguments and function.key in MAKERS else function
        return Made(first if isinstance(first, Named) else function, arguments)

    def _attribute(self, function: Named, arguments: tuple[Any, ...]) -> Any:
        """`getattr(Class, "method")`, as protocols below 4 write a nested name: the nested name must be listed."""
        if len(arguments) == 2 and isinstance(arguments[0], Named) and isinstance(arguments[1], str):
            return self.named(arguments[0].module, f"{arguments[0].name}.{arguments[1]}")
        raise Unsafe(f"this pickle reaches for an attribute through {function}")

    def made(self, kind: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        if not isinstance(kind, Named):
            raise Unsafe("this pickle makes an instance of something that is not a global")
        if kind.key in HEADERS:
            return ArrayHeader()
        self._need(kind, Grant.CALL if arguments or keywords else Grant.NEW, "make an instance of")
        return Made(kind, arguments)

    def built(self, instance: Any, state: Any) -> None:
        if not isinstance(instance, Made):
            raise Unsafe("this pickle changes something that it did not make")
        if instance.state is not None:
            raise Unsafe(f"this pickle gives an instance of {instance.origin} its state twice")
        instance.state = state
        check_state(state)
        self.found.made[instance.origin.key] += 1
        version = state.get(VERSION_KEY) if type(state) is dict else None
        if isinstance(version, str):
            self.found.versions[version] = None

    def grown(self, target: Any) -> Any:
        if not isinstance(target, list | dict | set | Made):
            raise Unsafe("this pickle adds items to something that holds none")
        return target

    def _need(self, function: Named, grant: Grant, verb: str) -> None:
        have = self.allowed.grant(*function.key)
        if have is not None and not _covers(have, grant):
            self.found.misused[f"it would {verb} {function}"] = None


def _covers(have: Grant, want: Grant) -> bool:
    order = (Grant.VALUE, Grant.NEW, Grant.CALL)
    return order.index(have) >= order.index(want)


def _plain(argument: Any) -> Any:
    return str(argument) if isinstance(argument, Named) else argument
