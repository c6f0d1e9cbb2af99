"""Takes every `raise` out of the gate, one at a time: is a hostile pickle let through, or judged otherwise?

    python tests/modelport_sklearn/gate/mutate_gate.py [module …]

Each mutant lives in a forked process, where the code of one function is exchanged for the same without one `raise`.
Each wall is asked alone: the scan with its verdict, and the loader. What either no longer refuses tells the mutant.
"""

import ast
import json
import os
import signal
import sys
import tempfile
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

MODULES = (
    *("machine", "load", "scan", "verdict", "reconstruct", "dtypes", "arrays", "seals", "content"),
    *("versions", "..archive"),
)
HEAVY = ("gzip bomb", "skops bomb", "endless set")
"""Without the protection these would really fill the memory."""

SECONDS = 20


def raises(tree: ast.Module) -> Iterator[tuple[list[ast.stmt], int, ast.Raise]]:
    """Every place of a `raise`, except those that only hand an error on."""
    for node in ast.walk(tree):
        for body in (getattr(node, name, None) for name in ("body", "orelse", "handlers", "finalbody")):
            for i, item in enumerate(body if isinstance(body, list) else ()):
                if (
                    isinstance(item, ast.Raise)
                    and item.exc is not None
                    and "NotImplementedError" not in ast.unparse(item)
                    and not isinstance(node, ast.ExceptHandler)
                ):
                    yield body, i, item


def codes(code: types.CodeType, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], types.CodeType]]:
    for item in code.co_consts:
        if isinstance(item, types.CodeType):
            yield (*path, item.co_name), item
            yield from codes(item, (*path, item.co_name))


def exchange(module: types.ModuleType, changed: types.CodeType) -> None:
    """Gives every function of a module, and every method, its code from another compilation of the module."""
    for path, code in codes(changed):
        found: Any = module
        for name in path:
            found = vars(found).get(name) if isinstance(found, type | types.ModuleType) else None
        found = getattr(found, "__wrapped__", found)
        found = found.__func__ if isinstance(found, classmethod | staticmethod) else found
        if isinstance(found, types.FunctionType) and len(found.__code__.co_freevars) == len(code.co_freevars):
            found.__code__ = code
        for inner in _closures(module):
            if inner.__code__.co_qualname == code.co_qualname:
                inner.__code__ = code


def _closures(module: types.ModuleType) -> Iterator[types.FunctionType]:
    """Functions that a module made while it was imported, and keeps in its tables."""
    for table in list(vars(module).values()):
        for item in table.values() if isinstance(table, dict) else ():
            if isinstance(item, types.FunctionType) and item.__closure__:
                yield item


def answers(corpus: dict[str, bytes]) -> dict[str, str]:
    """Wall and name → the error that refuses it, or none."""
    from modelport.formats import Policy
    from modelport_sklearn import archive
    from modelport_sklearn.gate.allowlist import allowed
    from modelport_sklearn.gate.content import unpacked
    from modelport_sklearn.gate.load import load
    from modelport_sklearn.gate.scan import scan
    from modelport_sklearn.gate.verdict import judge, refusal

    def scanned(data: bytes) -> None:
        judge(scan(unpacked(data, Policy()), allowed()), "x")

    def packed(data: bytes) -> None:
        found = archive.schema(data, allowed(), Policy())
        if found.refused:
            raise refusal(found.refused, "x")

    told = {}
    for name, data in corpus.items():
        walls: dict[str, Callable[[bytes], None]] = {
            "scan": scanned,
            "load": lambda d: load(unpacked(d, Policy()), allowed()),
        }
        for wall, work in ({"archive": packed} if data.startswith(b"PK") else walls).items():
            told[f"{wall}: {name}"] = _refusal(work, data)
    return told


def _refusal(work: Callable[[bytes], None], data: bytes) -> str:
    from modelport.errors import ModelportError

    try:
        work(data)
    except (ModelportError, MemoryError) as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:
        return f"untyped {type(error).__name__}"
    return ""


def forked(work: Callable[[], object]) -> Any:
    """The result of a function in a forked process, as JSON; None if it did not survive."""
    with tempfile.TemporaryFile() as file:
        child = os.fork()
        if child == 0:
            signal.alarm(SECONDS)
            with suppress(BaseException):
                file.write(json.dumps(work()).encode())
                file.flush()
                os._exit(0)
            os._exit(1)
        _, status = os.waitpid(child, 0)
        file.seek(0)
        return json.loads(file.read()) if status == 0 else None


def mutants(name: str) -> Iterator[tuple[str, types.ModuleType, types.CodeType]]:
    module = import_module(
        f"modelport_sklearn.gate.{name}" if not name.startswith("..") else f"modelport_sklearn.{name[2:]}"
    )
    path = Path(str(module.__file__))
    count = len(list(raises(ast.parse(path.read_text()))))
    for number in range(count):
        tree = ast.parse(path.read_text())
        body, i, item = list(raises(tree))[number]
        label = f"{path.name}:{item.lineno} {ast.unparse(item)[:160]}"
        body[i] = ast.copy_location(ast.Pass(), item)
        yield label, module, compile(tree, str(path), "exec")


def main(names: list[str]) -> dict[str, list[str]]:
    """Mutant → what is let through or judged otherwise; an empty list for one that nothing told."""
    sys.path.insert(0, str(Path(__file__).parent))
    from malicious import corpus

    warnings.simplefilter("ignore")
    kept = {k: v for k, v in corpus("/tmp/modelport-mutant-canary").items() if k not in HEAVY}
    before = answers(kept)
    told = {}
    for name in names or MODULES:
        for label, module, changed in mutants(name):
            now = forked(lambda module=module, changed=changed: (exchange(module, changed), answers(kept))[1])  # type: ignore[misc]
            told[label] = (
                ["it does not survive"]
                if now is None
                else [f"{k} → {now[k] or 'let through'}" for k in before if before[k] != now[k]]
            )
            print(f"{'told' if told[label] else 'NOT TOLD'}  {label}  {told[label][:2]}", flush=True)
    return told


if __name__ == "__main__":
    result = main(sys.argv[1:])
    print(f"{sum(bool(found) for found in result.values())} of {len(result)} mutants are told")
