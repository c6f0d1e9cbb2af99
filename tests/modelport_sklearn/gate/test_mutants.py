"""Each protection of the gate, taken out: a hostile pickle then gets through, so the corpus would tell."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelport.errors import ModelportError
from modelport_sklearn.gate import load as loading
from modelport_sklearn.gate import machine, reconstruct
from modelport_sklearn.gate.allowlist import Allowed, Grant, allowed
from modelport_sklearn.gate.load import Loader, load

sys.path.insert(0, str(Path(__file__).parent))
from malicious import call, corpus, program

Patch = pytest.MonkeyPatch


def _anything_goes(patch: Patch) -> None:
    patch.setattr(Allowed, "grant", lambda self, module, name: Grant.CALL)


def _any_state(patch: Patch) -> None:
    patch.setattr(loading, "check_state", lambda state: None)


def _any_dtype(patch: Patch) -> None:
    patch.setattr(machine, "build_dtype", lambda dtype, state: None)


def _any_depth(patch: Patch) -> None:
    patch.setattr(machine, "MAX_TUPLE_DEPTH", 1 << 30)


def _original(key: tuple[str, str]) -> Callable[[Patch], None]:
    """The library's own function instead of the strict one."""

    def mutate(patch: Patch) -> None:
        patch.setattr(loading, "RECONSTRUCTORS", {k: v for k, v in reconstruct.RECONSTRUCTORS.items() if k != key})

    return mutate


def _grants_widened(patch: Patch) -> None:
    """What may only be named may be called as well."""
    before = Allowed.grant

    def grant(self: Allowed, module: str, name: str) -> Grant | None:
        return None if before(self, module, name) is None else Grant.CALL

    patch.setattr(Allowed, "grant", grant)


def _owner_unchecked(patch: Patch) -> None:
    """State is set on anything, not only on what the pickle made."""

    class Anything(dict[int, Any]):
        def pop(self, key: int, default: Any = None) -> Any:
            return _Same()

    class _Same:
        pass

    before = Loader.built

    def built(self: Loader, instance: Any, state: Any) -> None:
        self._own[id(instance)] = instance
        before(self, instance, state)

    patch.setattr(Loader, "built", built)


def _holders_unchecked(patch: Patch) -> None:
    class Bin:
        def append(self, value: Any) -> None: ...

        def __setitem__(self, key: Any, value: Any) -> None: ...

    patch.setattr(Loader, "grown", lambda self, target: Bin())


MUTANTS: dict[str, tuple[Callable[[Patch], None], str]] = {
    "the list": (_anything_goes, "posix.system"),
    "the list, stacked": (_anything_goes, "stacked exec"),
    "the list, old style": (_anything_goes, "INST"),
    "names in a state": (_any_state, "__setstate__"),
    "array types": (_any_dtype, "hidden objects"),
    "array types' fields": (_any_dtype, "field outside"),
    "depth of tuples": (_any_depth, "deep tuples"),
    "codecs": (_original(("_codecs", "encode")), "codec"),
    "partials": (_original(("functools", "partial")), "partial"),
    "defaultdicts": (_original(("collections", "defaultdict")), "defaultdict"),
    "types": (_original(("builtins", "type")), "type of a class"),
    "values are not called": (_grants_widened, "called value"),
    "classes are not called": (_grants_widened, "called class"),
    "state of what it made": (_owner_unchecked, "state twice"),
    "items of what holds them": (_holders_unchecked, "append to an instance"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_without_a_protection_something_gets_through(name: str, tmp_path: Path, monkeypatch: Patch) -> None:
    mutate, hostile = MUTANTS[name]
    canary = tmp_path / "canary"
    data = corpus(str(canary))[hostile]
    with pytest.raises(ModelportError):
        load(data, allowed())
    assert not canary.exists()
    mutate(monkeypatch)
    try:
        load(data, allowed())
    except ModelportError as error:
        pytest.fail(f"still refused, so {hostile!r} says nothing about {name!r}: {error}")


def test_the_canary_would_tell(tmp_path: Path, monkeypatch: Patch) -> None:
    canary = tmp_path / "canary"
    _anything_goes(monkeypatch)
    load(call("posix", "system", f"touch {canary}"), allowed())
    assert canary.exists()


def test_every_function_on_the_list_is_replaced_or_reviewed() -> None:
    """A new `call` on the list needs a strict form, or a line here that says why it is inert."""
    from modelport_sklearn.gate.allowlist import reviewed

    inert = ("sklearn._loss._loss", "sklearn.linear_model._sgd_fast", "sklearn.tree._tree")
    rest = {
        key
        for key, grant in reviewed().items()
        if grant is Grant.CALL
        and key not in reconstruct.RECONSTRUCTORS
        and key not in reconstruct.MAKERS | reconstruct.DTYPE | reconstruct.ATTRIBUTE
        and key[0] not in inert
    }
    assert rest == {
        ("pandas", "StringDtype"),
        ("pandas.core.arrays.string_", "StringDtype"),
        ("pyarrow.lib", "type_for_alias"),
    }


def test_no_name_on_the_list_is_known_to_be_dangerous() -> None:
    from modelport_sklearn.gate.allowlist import reviewed
    from modelport_sklearn.gate.dangers import danger

    guarded = {*reconstruct.RECONSTRUCTORS, *reconstruct.MAKERS, *reconstruct.DTYPE, *reconstruct.ATTRIBUTE}
    wide = {"numpy", "pandas", "builtins", "joblib"}
    named = {key for key in reviewed() if danger(*key) and key[0].split(".")[0] not in wide and key not in guarded}
    assert named == set()


def test_a_program_of_the_corpus_is_whole() -> None:
    """The assembler writes pickles that run: an allowed one loads."""
    from malicious import made, raw

    state = raw({"steps": [], "_sklearn_version": __import__("sklearn").__version__})
    assert type(load(program(made("sklearn.pipeline", "Pipeline"), state, b"b"), allowed())).__name__ == "Pipeline"
