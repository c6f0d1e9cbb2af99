"""`modelport routes`: all nine pairs of pickle, ONNX and PMML, a format and itself among them."""

from pathlib import Path
from typing import Any

import onnx as onnx_library
import pytest


@pytest.fixture
def onnx(model: Path, rows: Path, run: Any, tmp_path: Path) -> Path:
    assert run("convert", model, "model.onnx", "--data", rows, "--no-verify").code == 0
    return tmp_path / "model.onnx"


NINE = [(source, target) for source in ("pickle", "onnx", "pmml") for target in ("pickle", "onnx", "pmml")]


def test_every_pair_has_a_way_without_java(run: Any) -> None:
    found = {(pair["source"], pair["target"]): pair for pair in run("routes", "--json").document["pairs"]}
    assert set(NINE) <= set(found)
    for pair in NINE:
        assert set(found[pair]["engines"]) == {"modelport"}
        assert found[pair]["install"] is None
        assert found[pair]["licences"] == []


@pytest.mark.parametrize(("source", "target"), NINE)
def test_a_pair(source: str, target: str, run: Any) -> None:
    (first, *_) = run("routes", source, target, "--json").document["routes"]
    assert first["formats"][0] == source
    assert first["formats"][-1] == target


def test_it_is_told_to_people(run: Any) -> None:
    ran = run("routes")
    assert ran.code == 0
    assert "pmml ─modelport→ onnx ─modelport→ pickle" in " ".join(ran.err.split())


def test_one_format_alone_is_a_wrong_call(run: Any) -> None:
    ran = run("routes", "onnx")
    assert ran.code == 2
    assert "name both, or neither" in ran.err


def test_onnx_is_written_anew_within_caps(onnx: Path, run: Any, tmp_path: Path) -> None:
    ran = run("convert", onnx, "older.onnx", "--opset", "17", "--ir-version", "8", "--no-verify", "--json")
    assert ran.code == 0, ran.err
    model = onnx_library.load(tmp_path / "older.onnx")
    assert (model.opset_import[0].version, model.ir_version) == (17, 8)


def test_a_cap_that_trees_do_not_fit_names_the_operator(onnx: Path, run: Any) -> None:
    ran = run("convert", onnx, "older.onnx", "--precision", "portable", "--no-verify")
    assert ran.code == 2
    assert "keeps the arithmetic it has" in ran.err


def test_a_pickle_becomes_another_one(onnx: Path, run: Any) -> None:
    made = run("convert", onnx, "first.pkl", "--no-verify", "--json")
    assert made.code == 0, made.err
    again = run("convert", "first.pkl", "again.pkl", "--no-verify", "--json")
    assert again.code == 0, again.err
    assert "pickle ─modelport→ onnx ─modelport→ pickle" in again.out
