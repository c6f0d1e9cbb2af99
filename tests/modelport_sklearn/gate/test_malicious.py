"""No pickle of the hostile corpus is loaded, and nothing of any of them runs."""

import sys
from pathlib import Path

import pytest

from modelport.errors import InputError, ModelportError, Unsafe
from modelport.formats import Policy
from modelport_sklearn.files import read
from modelport_sklearn.gate.allowlist import allowed
from modelport_sklearn.gate.content import content
from modelport_sklearn.gate.load import load
from modelport_sklearn.inspect import inspect

sys.path.insert(0, str(Path(__file__).parent))
from malicious import corpus

CANARY = "/tmp/modelport-canary"
NAMES = tuple(corpus(CANARY))
DAMAGED = frozenset(
    {
        "after the end", "endless joblib array", "array of a class", "array type without state", "no sound shape",
        "header of something else", "an array cut short", "arguments that are none", "keywords that are none",
        "byte array longer than the file", "cut short",
    }
)  # fmt: skip
"""Refused as damaged rather than as unsafe: there is nothing in them that could run."""


@pytest.fixture(params=NAMES)
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path, Path]:
    """Name, the file, and the file it would make if any of it ran."""
    canary = tmp_path / "canary"
    path = tmp_path / "model.pkl"
    path.write_bytes(corpus(str(canary))[request.param])
    return request.param, path, canary


def test_the_corpus_is_large() -> None:
    assert len(NAMES) >= 60


def test_a_hostile_pickle_is_refused_unexecuted(hostile: tuple[str, Path, Path]) -> None:
    name, path, canary = hostile
    with pytest.raises(ModelportError) as error:
        read(path, Policy())
    assert isinstance(error.value, InputError if name in DAMAGED else Unsafe), error.value
    assert not canary.exists()


@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith("skops") and n != "after the end"])
def test_the_loader_refuses_it_without_the_scan(name: str, tmp_path: Path) -> None:
    """The list holds while loading, not only before: the second wall stands alone.

    Archives have no opcodes, and of two pickles in a row the first is harmless, so those are not asked.
    """
    path, canary = tmp_path / "model.pkl", tmp_path / "canary"
    path.write_bytes(corpus(str(canary))[name])
    with pytest.raises(ModelportError):
        load(content(path, Policy()), allowed())
    assert not canary.exists()


def test_it_is_inspected_unexecuted(hostile: tuple[str, Path, Path]) -> None:
    name, path, canary = hostile
    try:
        told = inspect(path)
    except ModelportError:
        pass
    else:
        assert (
            told.warnings
            or name in ("endless bytes", "endless byte array", "endless set", "endless array")
            or (name in _ONLY_WHILE_LOADING)
        ), told
    assert not canary.exists()


_ONLY_WHILE_LOADING = frozenset(
    {
        "codec", "numpy.core._ufunc_reconstruct", "numpy._core._ufunc_reconstruct", "generator by an allowed function",
        "defaultdict", "partial", "partial's state", "type of a class", "object scalar", "_reconstructor's base",
        "items of an instance", "append to an instance", "OrderedDict of text", "array of a class", "unknown generator",
        "array from text", "masked array of a shape", "ufunc that is none", "seed of a class", "index of a class",
        "buffer of text", "set of a range",
    }
)  # fmt: skip
"""Allowed functions led astray: the arguments are judged when they are real, in a process of their own."""
