"""A whole run, with real processes: what agrees appears, what does not leaves nothing, the unchanged is used again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from modelport.baseline.entries import load
from modelport.ci.result import ProjectReport
from modelport.errors import InputError, UsageError

Declare = Callable[..., Path]
Run = Callable[..., ProjectReport]

BOTH = 'parity = {runtimes = ["onnxruntime", "modelport-onnx"]}\n'
PRICE = '[models.price]\nsource = "price.onnx"\ndata = "rows.csv"\ntargets = ["pmml"]\npackage = true\n' + BOTH
OTHER = '[models.other]\nsource = "price.onnx"\ndata = "rows.csv"\ncandidates = ["other.onnx"]\n'
SAME = '[models.same]\nsource = "price.onnx"\ncandidates = ["same.onnx"]\n'
HOPELESS = '[models.hopeless]\nsource = "price.onnx"\ntargets = ["pmml"]\nengine = "skl2onnx"\npackage = true\n'


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def test_everything_is_made_once_and_then_used_again(declare: Declare, run: Run, folder: Path) -> None:
    declare(PRICE, SAME)
    first = run()
    assert first.exit_code == 0
    assert [(model.name, model.reused) for model in first.models] == [("price", False), ("same", False)]
    made = contents(folder / "build/models")
    assert sorted(made) == ["price.mport", "price.pmml"]
    again = run()
    assert all(model.reused for model in again.models)
    assert [model.report for model in again.models] == [model.report for model in first.models]
    fresh = run(fresh=True, jobs=1)
    assert not any(model.reused for model in fresh.models)
    assert contents(folder / "build/models") == made, "the same input gives the same bytes"
    assert not list((folder / ".modelport-cache").glob(".part-*"))


def test_only_what_changed_is_done_again(declare: Declare, run: Run, folder: Path) -> None:
    declare(PRICE, SAME)
    run()
    (folder / "rows.csv").write_text("a,b\n1.5,2.5\n")
    assert [model.reused for model in run().models] == [False, True]
    (folder / "build/models/price.pmml").unlink()
    assert all(model.reused for model in run().models)
    assert (folder / "build/models/price.pmml").is_file(), "a result that was removed is shown again"


def test_a_disagreement_fails_and_leaves_the_others_alone(declare: Declare, run: Run) -> None:
    declare(OTHER, SAME)
    found = run()
    assert [model.exit_code for model in found.models] == [1, 0]
    assert found.exit_code == 1
    assert found.sentence() == "1 of 2 models fails."


def test_what_could_not_be_made_or_agree_is_not_there(declare: Declare, run: Run, folder: Path) -> None:
    declare(PRICE)
    run()
    assert contents(folder / "build/models")
    (folder / "rows.csv").write_text("c,d\n1.5,2.5\n")
    found = run()
    assert found.exit_code == 3, "the data does not fit"
    assert contents(folder / "build/models") == {}, "a file that was not compared is not shown, nor is an older one"


def test_the_worst_of_its_parts_is_the_exit_code(declare: Declare, run: Run) -> None:
    declare(OTHER, HOPELESS, '[models.gone]\nsource = "gone.onnx"\ntargets = ["pmml"]\n')
    found = run()
    codes = {model.name: model.exit_code for model in found.models}
    assert codes == {"other": 1, "hopeless": 4, "gone": 3}
    assert found.exit_code == 4
    (hopeless,) = [model for model in found.models if model.name == "hopeless"]
    assert [(part.kind, part.error["code"] if part.error else None) for part in hopeless.parts] == [
        ("convert", "no-route"),
        ("package", "parity-failed"),
    ]


def test_some_models_only(declare: Declare, run: Run) -> None:
    declare(OTHER, SAME)
    assert [model.name for model in run(models=["same"]).models] == ["same"]
    with pytest.raises(UsageError, match="no model is called 'sane'") as caught:
        run(models=["sane"])
    assert caught.value.hint == "did you mean 'same'?"


def test_a_known_difference_is_accepted_until_it_grows(
    declare: Declare, run: Run, folder: Path, model: Callable[..., Path]
) -> None:
    declare('[ci]\nbaseline = "known.json"\n', OTHER, SAME)
    assert run().exit_code == 1, "nothing is accepted yet"
    assert run(update_baseline=True).exit_code == 0
    assert {entry.model for entry in load(folder / "known.json").entries} == {"other"}
    known = run()
    assert known.exit_code == 0
    assert known.models[0].reused
    assert "baseline accepts" in known.sentence()
    model(folder / "other.onnx", 2.0, -1.002)
    grown = run()
    assert grown.exit_code == 1
    assert "another candidate file" in grown.models[0].report.failures[0].what  # type: ignore[union-attr]
    model(folder / "other.onnx", 2.0, -1.0)
    mended = run()
    assert mended.exit_code == 0
    assert any("no longer differs" in item for item in mended.models[0].stale)
    declare('[ci]\nbaseline = "known.json"\n', SAME)
    assert any("about no model of this project" in item for item in run().stale)
    run(update_baseline=True)
    assert load(folder / "known.json").entries == ()


def test_models_that_differ_are_not_packaged_whatever_is_accepted(declare: Declare, run: Run, folder: Path) -> None:
    declare('[ci]\nbaseline = "known.json"\n', OTHER + "package = true\n")
    found = run(update_baseline=True)
    assert found.exit_code == 1
    assert found.models[0].report is not None
    assert found.models[0].report.passed
    assert contents(folder / "build/models") == {}


def test_no_baseline_to_update_or_to_read(declare: Declare, run: Run, folder: Path) -> None:
    declare(SAME)
    with pytest.raises(UsageError, match="no baseline to update"):
        run(update_baseline=True)
    with pytest.raises(InputError, match="no such baseline"):
        run(baseline=folder / "none.json")
