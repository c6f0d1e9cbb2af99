"""Load: a pickle read for real, the list enforced at every step."""

import sys
from collections import deque
from collections.abc import Mapping
from importlib import import_module
from io import BytesIO
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from modelport.errors import MissingExtra, Unsafe, VersionError
from modelport.plugins import install_command
from modelport_sklearn.gate.allowlist import Allowed, Global, Grant
from modelport_sklearn.gate.arrays import ArrayHeader
from modelport_sklearn.gate.dtypes import make_dtype
from modelport_sklearn.gate.machine import Machine, check_state
from modelport_sklearn.gate.reconstruct import ATTRIBUTE, DTYPE, HEADERS, MAKERS, RECONSTRUCTORS
from modelport_sklearn.gate.scan import guarded
from modelport_sklearn.gate.seals import check_before, check_seal

BOOSTERS = ("xgboost", "lightgbm", "catboost")


def load(data: bytes, allowed: Allowed) -> Any:
    """The object that a pickle or joblib file holds.

    Raises:
        Unsafe: it names, calls or changes what it may not.
        InputError: it is truncated or damaged.
        VersionError: a class it needs is not in the installed version of its library.
        MissingExtra: a library it needs is not installed.
    """
    return guarded(Loader(BytesIO(data), len(data), allowed))


class Loader(Machine):
    """Answers the doors with real objects, and only where the list grants it."""

    def __init__(self, source: BytesIO, size: int, allowed: Allowed) -> None:
        super().__init__(source, size=size)
        self.allowed = allowed
        self._granted: dict[int, tuple[Any, Global, Grant]] = {}
        self._own: dict[int, Any] = {}

    def inner(self) -> Machine:
        return Loader(self.source, self.size, self.allowed)

    def named(self, module: str, name: str) -> Any:
        grant = self.allowed.grant(module, name)
        if grant is None:
            raise Unsafe(f"this pickle names {module}.{name}, which is not on the list", where=f"{module}.{name}")
        if (module, name) in HEADERS:
            return ArrayHeader
        found = resolve(module, name)
        before = self._granted.get(id(found))
        if before is None or before[2] is not Grant.CALL:
            self._granted[id(found)] = (found, (module, name), grant)
        return found

    def called(self, function: Any, arguments: tuple[Any, ...]) -> Any:
        key, grant = self._grant(function)
        if key in DTYPE:
            return make_dtype(*arguments)
        if key in ATTRIBUTE:
            return self._attribute(arguments)
        if grant is not Grant.CALL:
            raise Unsafe(f"this pickle would call {_dotted(key)}", where=_dotted(key))
        if key in MAKERS:
            return self._reconstructed(arguments)
        return self._keep(RECONSTRUCTORS.get(key, function)(*arguments))

    def _attribute(self, arguments: tuple[Any, ...]) -> Any:
        if len(arguments) != 2 or not isinstance(arguments[1], str):
            raise Unsafe("this pickle reaches for an attribute")
        (module, name), _ = self._grant(arguments[0])
        return self.named(module, f"{name}.{arguments[1]}")

    def _reconstructed(self, arguments: tuple[Any, ...]) -> Any:
        """`copyreg._reconstructor(class, base, state)`; `copyreg.__newobj__(class)`; `newObj(class)` of Cython."""
        if len(arguments) < 3 or arguments[1] is object:
            return self.made(arguments[0] if arguments else None, (), {})
        kind, base, state = arguments
        self._grant(kind)
        if base not in (dict, list, set, tuple, float, int, str) or type(state) is not base:
            raise Unsafe("this pickle rebuilds an instance of an unusual class")
        instance = base.__new__(kind, state)
        base.__init__(instance, state)
        return self._keep(instance)

    def made(self, kind: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        if kind is ArrayHeader:
            return ArrayHeader()
        key, grant = self._grant(kind)
        if grant is Grant.VALUE or ((arguments or keywords) and grant is not Grant.CALL) or not isinstance(kind, type):
            raise Unsafe(f"this pickle would make an instance of {_dotted(key)}", where=_dotted(key))
        return self._keep(kind.__new__(kind, *arguments, **keywords))

    def built(self, instance: Any, state: Any) -> None:
        if self._own.pop(id(instance), None) is not instance:
            raise Unsafe("this pickle changes something that it did not make, or makes it twice")
        check_state(state)
        check_before(instance, state)
        self._own_forever(instance)
        setstate = getattr(type(instance), "__setstate__", None)
        if setstate is not None:
            setstate(instance, state)
        else:
            _set_state(instance, state)
        check_seal(instance)

    def grown(self, target: Any) -> Any:
        if type(target) in (list, dict, set):
            return target
        if not isinstance(target, list | dict | set | deque):
            raise Unsafe("this pickle adds items to something that holds none")
        return target

    def _grant(self, function: Any) -> tuple[Global, Grant]:
        found = self._granted.get(id(function))
        if found is None or found[0] is not function:
            raise Unsafe("this pickle calls something that is not a global")
        return found[1], found[2]

    def _keep(self, made: Any) -> Any:
        """Remembers an instance that this pickle made, so that its state can be set, once."""
        if not isinstance(made, type | FunctionType | ModuleType | np.ufunc):
            self._own[id(made)] = made
        return made

    def _own_forever(self, instance: Any) -> None:
        """Keeps an instance alive to the end, so that no other takes its identity."""
        self._own[-id(instance)] = instance


def _set_state(instance: Any, state: Any) -> None:
    """As `pickle` does without `__setstate__`: a dictionary, or a dictionary and slots."""
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    for name, value in (state or {}).items():
        instance.__dict__[sys.intern(name) if type(name) is str else name] = value
    for name, value in (slots or {}).items():
        setattr(instance, name, value)


def resolve(module: str, name: str) -> Any:
    """Imports a listed global.

    Raises:
        MissingExtra: its library is not installed.
        VersionError: its library has no such global in the installed version.
    """
    library = module.split(".")[0]
    try:
        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except ModuleNotFoundError as error:
        if error.name == library:
            hint = install_command("boosters") if library in BOOSTERS else f"pip install {library}"
            raise MissingExtra(f"this model needs {library}, which is not installed", hint=hint) from error
        raise _moved(module, name, library) from error
    except AttributeError as error:
        raise _moved(module, name, library) from error
    return found


def _moved(module: str, name: str, library: str) -> VersionError:
    return VersionError(
        f"the installed {library} has no {module}.{name}",
        where=f"{module}.{name}",
        hint=f"load it with the version of {library} that saved it",
    )


def _dotted(key: Global) -> str:
    return ".".join(key)
