"""A bundle: deterministic, complete, and only of models that agree."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import onnx
import pyarrow as pa
import pytest

from modelport import api
from modelport.artifacts import artifact
from modelport.bundle import Bundle, build
from modelport.data import data
from modelport.errors import DataError, ParityFailed, UsageError
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.report import ParityReport
from modelport.parity.settings import Settings
from modelport.signature import Signature

Linear = Callable[..., onnx.ModelProto]


def test_the_same_input_gives_the_same_bytes(
    bundle: Bundle, model: Path, rows: pa.Table, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "again"
    folder.mkdir()
    again = api.package(model, output=folder / "linear.mport", data=rows, settings=settings)
    assert again.path.read_bytes() == bundle.path.read_bytes()


def test_any_zip_tool_reads_it(bundle: Bundle, model: Path) -> None:
    with zipfile.ZipFile(bundle.path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())
        assert archive.read("models/linear.onnx") == model.read_bytes()
        assert all(item.date_time == (1980, 1, 1, 0, 0, 0) for item in archive.infolist())


def test_it_holds_the_evidence(bundle: Bundle, rows: pa.Table) -> None:
    with zipfile.ZipFile(bundle.path) as archive:
        report = ParityReport.from_json(json.loads(archive.read("parity/report.json")))
        signature = Signature.loads(archive.read("signature.json").decode())
        inputs = pa.ipc.open_file(archive.read("golden/inputs.arrow")).read_all()
        outputs = pa.ipc.open_file(archive.read("golden/expected/0.arrow")).read_all()
    assert report.passed
    assert [column.name for column in signature.inputs] == ["a", "b"]
    assert inputs.num_rows == 100
    assert set(inputs["b"].to_pylist()) <= set(rows["b"].to_pylist())
    for a, b, out in zip(inputs["a"], inputs["b"], outputs["prediction"], strict=True):
        if a.is_valid:
            assert out.as_py() == pytest.approx(2 * a.as_py() - b.as_py(), rel=1e-12, abs=1e-12)


def test_missing_golden_values_stay_missing(bundle: Bundle) -> None:
    with zipfile.ZipFile(bundle.path) as archive:
        inputs = pa.ipc.open_file(archive.read("golden/inputs.arrow")).read_all()
    assert inputs["a"].null_count == 25


def test_without_data_the_rows_are_drawn(model: Path, settings: Settings, tmp_path: Path) -> None:
    made = api.package(model, output=tmp_path / "drawn.mport", settings=settings)
    assert made.manifest.rows == 100
    assert api.check(made.path).passed


def test_models_that_disagree_are_not_packaged(
    linear: Linear, model: Path, rows: pa.Table, settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "other.onnx"
    onnx.save(linear((2.0, -1.1)), other)
    with pytest.raises(ParityFailed, match="not packaged"):
        api.package(model, other, output=tmp_path / "no.mport", data=rows, settings=settings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["linear.onnx", "other.onnx"]


def test_a_report_that_did_not_pass_is_refused(model: Path, rows: pa.Table, tmp_path: Path) -> None:
    report = ParityReport((), failures=(Failure(FailureKind.NO_ROWS, "there were no rows"),))
    with pytest.raises(ParityFailed, match="no rows"):
        build([artifact(model)], tmp_path / "no.mport", report=report, data=data(rows))


def test_a_report_about_other_files_is_refused(
    linear: Linear, model: Path, rows: pa.Table, settings: Settings, tmp_path: Path
) -> None:
    report = api.verify(model, model, data=rows, settings=settings)
    assert report.passed
    onnx.save(linear((3.0, 1.0)), model)
    with pytest.raises(ParityFailed, match="not about this file"):
        build([artifact(model)], tmp_path / "no.mport", report=report, data=data(rows))


def test_a_passing_report_without_comparison_is_refused(bundle: Bundle, model: Path, tmp_path: Path) -> None:
    vacuous = replace(api.verify(model, model, settings=Settings(rows=5, strata=("random",))), pairs=())
    with pytest.raises(ParityFailed):
        build([artifact(model)], tmp_path / "no.mport", report=vacuous)


def test_no_rows_is_an_error(model: Path, rows: pa.Table, settings: Settings, tmp_path: Path) -> None:
    report = api.verify(model, model, data=rows, settings=settings)
    with pytest.raises(DataError, match="no rows"):
        build([artifact(model)], tmp_path / "no.mport", report=report, data=data(rows.slice(0, 0)))


def test_an_output_that_exists_needs_force(bundle: Bundle, model: Path, rows: pa.Table, settings: Settings) -> None:
    with pytest.raises(UsageError, match="exists"):
        api.package(model, output=bundle.path, data=rows, settings=settings)


def test_two_models_of_one_name_stay_apart(
    linear: Linear, model: Path, rows: pa.Table, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "v2"
    folder.mkdir()
    other = folder / "linear.onnx"
    onnx.save(linear(), other)
    made = api.package(model, other, output=tmp_path / "two.mport", data=rows, settings=settings)
    assert [entry.member for entry in made.manifest.models] == ["models/linear.onnx", "models/linear-1.onnx"]
    assert api.check(made.path).passed
