"""Golden rows: ordinary, on boundaries and special; where one float step decides, it is among them."""

import math
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper

from modelport import api
from modelport.artifacts import artifact
from modelport.bundle import Bundle, build, recording
from modelport.bundle.golden import Rows
from modelport.data import data
from modelport.errors import ParityFailed
from modelport.parity.settings import Settings
from modelport.signature import Column, Signature, Task, regression_outputs
from modelport_onnx.assemble import stamp

SPLIT = 0.1 + 0.2


def step(split: float = SPLIT) -> onnx.ModelProto:
    """1 where x <= split, else 0; missing goes right."""
    nodes = [
        helper.make_node("LessOrEqual", ["x", "split"], ["left"]),
        helper.make_node("Cast", ["left"], ["prediction"], to=TensorProto.DOUBLE),
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 1]) for name in ("x", "prediction")]
    constant = onnx.numpy_helper.from_array(np.array([split]), "split")
    graph = helper.make_graph(nodes, "step", ends[:1], ends[1:], [constant])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    stamp(model, Signature((Column("x", pa.float64(), nullable=True),), regression_outputs(), Task.REGRESSION))
    return model


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("step")
    onnx.save(step(), folder / "step.onnx")
    rows = {"x": pa.array([None, *np.linspace(-1, 1, 49)])}
    return api.package(folder / "step.onnx", output=folder / "step.mport", data=rows, settings=Settings(rows=300))


@pytest.fixture(scope="module")
def inputs(made: Bundle) -> list[float | None]:
    with zipfile.ZipFile(made.path) as archive:
        table = pa.ipc.open_file(archive.read("golden/inputs.arrow")).read_all()
    assert table.schema.types == [pa.float64()]
    found: list[float | None] = table["x"].to_pylist()
    return found


def of(kind: str, made: Bundle, inputs: list[Any]) -> Iterator[Any]:
    start = 0
    for name, count in made.manifest.strata:
        if name == kind:
            yield from inputs[start : start + count]
        start += count


def test_they_are_of_three_kinds_and_add_up(made: Bundle, inputs: list[Any]) -> None:
    assert [name for name, _ in made.manifest.strata] == ["data", "boundary", "special"]
    assert sum(count for _, count in made.manifest.strata) == made.manifest.rows == len(inputs)


def test_the_split_and_its_neighbours_are_among_the_boundary_rows(made: Bundle, inputs: list[Any]) -> None:
    found = set(of("boundary", made, inputs))
    assert {SPLIT, math.nextafter(SPLIT, -math.inf), math.nextafter(SPLIT, math.inf)} <= found


def test_special_values_are_kept_as_they_are(made: Bundle, inputs: list[Any]) -> None:
    found = list(of("special", made, inputs))
    assert None in found
    assert {math.inf, -math.inf, 5e-324} <= {value for value in found if value is not None}
    assert any(isinstance(value, float) and math.isnan(value) for value in found)
    assert any(value == 0 and math.copysign(1, value) < 0 for value in found if value is not None)


def test_a_runtime_that_moves_a_split_by_one_step_fails_the_check(made: Bundle, tmp_path: Path) -> None:
    """What ordinary rows never show: the model answers otherwise at one single float."""
    from modelport.bundle import archive, names

    onnx.save(step(math.nextafter(SPLIT, -math.inf)), tmp_path / "moved.onnx")
    opened = archive.open_archive(made.path)
    contents = {name: opened.read(name) for name in opened.members}
    contents["models/step.onnx"] = (tmp_path / "moved.onnx").read_bytes()
    sealed = {name: archive.seal(name, content) for name, content in contents.items() if name != names.MANIFEST}
    files = {name: {"size": item.member.size, "sha256": item.sha256} for name, item in sealed.items()}
    manifest = _with_files(made, files)
    parts = [*((sealed[name], contents[name]) for name in sealed), (archive.seal(names.MANIFEST, manifest), manifest)]
    with (tmp_path / "moved.mport").open("wb") as target:
        archive.write(parts, target)
    report = api.check(tmp_path / "moved.mport")
    assert report.exit_code == 1
    assert "prediction differs in" in report.sentence()


def _with_files(made: Bundle, files: dict[str, Any]) -> bytes:
    return replace(made.manifest, files=files).dumps()


def test_only_the_kinds_that_were_compared_are_recorded(tmp_path: Path) -> None:
    onnx.save(step(), tmp_path / "step.onnx")
    settings = Settings(rows=50, strata=("random", "special"))
    made = api.package(tmp_path / "step.onnx", output=tmp_path / "step.mport", settings=settings)
    assert [name for name, _ in made.manifest.strata] == ["random", "special"]


def test_golden_rows_that_contradict_the_report_are_not_packaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two models that differ at one float only, compared on rows that do not show it."""
    onnx.save(step(), tmp_path / "a.onnx")
    onnx.save(step(math.nextafter(SPLIT, -math.inf)), tmp_path / "b.onnx")
    settings = Settings(rows=50, strata=("data",), isolate=False, runtimes=("onnxruntime",))
    models, rows = (tmp_path / "a.onnx", tmp_path / "b.onnx"), {"x": [0.0, 1.0]}
    report = api.verify(*models, data=rows, settings=settings)
    assert report.passed
    batch, pick = pa.RecordBatch.from_pydict({"x": [0.0, SPLIT]}), recording.golden.pick
    monkeypatch.setattr(recording.golden, "pick", lambda *given: replace(pick(*given), batch=batch))
    with pytest.raises(ParityFailed, match="on the golden rows, prediction"):
        build([artifact(model) for model in models], tmp_path / "no.mport", report=report, data=data(rows))
    assert not (tmp_path / "no.mport").exists()


def test_rows_of_a_kind_that_is_gone_leave_its_name_out() -> None:
    rows = Rows(pa.RecordBatch.from_pydict({"x": [0.0, 1.0, 2.0, 3.0]}), (("data", 2), ("boundary", 1), ("special", 1)))
    kept = rows.only([1, 3])
    assert kept.strata == (("data", 1), ("special", 1))
    assert kept.batch.column(0).to_pylist() == [1.0, 3.0]
