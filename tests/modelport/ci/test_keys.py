"""Keys: everything that can change a result changes its key, and nothing else does."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from modelport.ci import keys
from modelport.ci.keys import key_of
from modelport.ci.spec import ModelSpec
from modelport.conversion import Options
from modelport.errors import InputError
from modelport.parity.settings import Settings

SPEC = ModelSpec("price", "price.onnx", "rows.csv", ("price.pmml",), ("same.onnx",), "price.mport")

CHANGES: dict[str, Callable[[Path], None]] = {
    "the source": lambda folder: (folder / "price.onnx").write_bytes(b"1"),
    "the data": lambda folder: (folder / "rows.csv").write_text("a,b\n1,2\n"),
    "a candidate": lambda folder: (folder / "same.onnx").write_bytes(b"2"),
}  # type: ignore[dict-item]  # what a lambda returns is not looked at

SPECS = {
    "another target": replace(SPEC, targets=("price.pmml", "price.pkl")),
    "no bundle": replace(SPEC, package=None),
    "another engine": replace(SPEC, engine="skl2onnx"),
    "an opset": replace(SPEC, options=Options(opset=17)),
    "a tolerance": replace(SPEC, settings=Settings(atol=1e-6)),
    "a seed": replace(SPEC, settings=Settings(seed=1)),
    "trust": replace(SPEC, trust=("json.JSONDecoder",)),
}


@pytest.mark.parametrize("case", CHANGES)
def test_contents_matter(case: str, folder: Path) -> None:
    before = key_of(SPEC, folder)
    CHANGES[case](folder)
    assert key_of(SPEC, folder) != before


@pytest.mark.parametrize("case", SPECS)
def test_the_declaration_matters(case: str, folder: Path) -> None:
    assert key_of(SPECS[case], folder) != key_of(SPEC, folder)


@pytest.mark.parametrize("part", ["platform", "modelport", "plugins", "libraries"])
def test_what_computes_matters(part: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, machine = key_of(SPEC, folder), keys._machine()
    monkeypatch.setattr(keys, "_machine", lambda: machine | {part: "another"})
    assert key_of(SPEC, folder) != before


def test_the_libraries_are_those_that_compute() -> None:
    machine = keys._machine()
    assert {"numpy", "onnxruntime", "scikit-learn", "pyarrow"} <= set(machine["libraries"])
    assert len(machine["modelport"][1]) == 64
    assert any(name.startswith("modelport_onnx.") for name in machine["plugins"])


def test_code_that_a_pickle_may_run_matters(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(folder))
    (folder / "shopsteps.py").write_text("class Capped: cap = 1\n")
    spec = replace(SPEC, trust=("shopsteps.Capped",))
    before = key_of(spec, folder)
    (folder / "shopsteps.py").write_text("class Capped: cap = 2\n")
    keys._code.cache_clear()
    assert key_of(spec, folder) != before


def test_the_place_and_the_time_do_not_matter(folder: Path) -> None:
    copy = folder / "copy"
    copy.mkdir()
    for name in ("price.onnx", "same.onnx", "rows.csv"):
        shutil.copyfile(folder / name, copy / name)
    assert key_of(SPEC, copy) == key_of(SPEC, folder)


def test_a_missing_file_is_an_error(folder: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        key_of(replace(SPEC, source="none.pkl"), folder)
