"""Models of every kind, pickled each way, load without a flag and are what they were."""

import io
import pickle
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from modelport.formats import Policy, recognise
from modelport_sklearn.files import read, write
from modelport_sklearn.gate.allowlist import allowed
from modelport_sklearn.gate.load import load
from modelport_sklearn.gate.scan import scan

sys.path.insert(0, str(Path(__file__).parent))
import catalogue

LEAST = 0.98
"""Share of the benign corpus that must load."""

FILES = (".pkl", ".joblib", ".pkl.gz", ".joblib.gz", ".pickle.bz2", ".joblib.xz", ".pkl.lzma", ".joblib.z", ".skops")


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    return dict(catalogue.models())


def _ways(model: Any) -> list[tuple[str, bytes]]:
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    return [*((f"protocol {p}", pickle.dumps(model, p)) for p in range(6)), ("joblib", buffer.getvalue())]


def test_nearly_all_of_them_load_without_a_flag(models: dict[str, Any]) -> None:
    flagged, count = [], 0
    for name, model in models.items():
        for way, data in _ways(model):
            count += 1
            found = scan(data, allowed())
            if found.refused or found.misused:
                flagged.append((name, way, [*found.refused, *found.misused]))
            else:
                assert type(load(data, allowed())) is type(model)
    assert count >= 300
    assert len(flagged) <= (1 - LEAST) * count, flagged


@pytest.mark.parametrize("suffix", FILES)
def test_a_file_of_each_kind_comes_back_the_same(suffix: str, tmp_path: Path, models: dict[str, Any]) -> None:
    table = catalogue.GAPS
    for name in ("pipeline", "forest on a table", "xgboost", "lightgbm"):
        model, path = models[name], tmp_path / f"model{suffix}"
        rows = table if name in ("pipeline", "forest on a table") else catalogue.X
        write(model, path)
        assert recognise(path).name == "pickle"
        np.testing.assert_array_equal(read(path, Policy()).predict_proba(rows), model.predict_proba(rows))


@pytest.mark.parametrize("suffix", FILES)
def test_the_same_model_gives_the_same_bytes(suffix: str, tmp_path: Path, models: dict[str, Any]) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    write(models["pipeline"], first)
    write(models["pipeline"], second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("suffix", [".pkl", ".pkl.gz", ".joblib", ".joblib.gz", ".joblib.xz", ".joblib.z"])
def test_others_can_read_what_is_written(suffix: str, tmp_path: Path, models: dict[str, Any]) -> None:
    path = tmp_path / f"model{suffix}"
    write(models["pipeline"], path)
    theirs = joblib.load(path)
    np.testing.assert_array_equal(theirs.predict(catalogue.GAPS), models["pipeline"].predict(catalogue.GAPS))


@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("bz2", 3), ("lzma", 3), ("xz", 3), ("zlib", 9)])
def test_what_joblib_writes_is_read(compress: Any, tmp_path: Path, models: dict[str, Any]) -> None:
    path = tmp_path / "model.joblib"
    joblib.dump(models["forest on a table"], path, compress=compress)
    assert recognise(path).name == "pickle"
    ours = read(path, Policy())
    np.testing.assert_array_equal(
        ours.predict_proba(catalogue.GAPS), models["forest on a table"].predict_proba(catalogue.GAPS)
    )


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [">f8", "<f4", "<i8", "?", "U7", "O", "c16"])
def test_arrays_between_the_opcodes_are_read_as_joblib_reads_them(order: Any, dtype: str) -> None:
    array = np.arange(12).reshape(3, 4).astype(dtype).copy(order)
    buffer = io.BytesIO()
    joblib.dump([array, array[:0], np.array(5.0)], buffer)
    ours = load(buffer.getvalue(), allowed())
    buffer.seek(0)
    for mine, theirs in zip(ours, joblib.load(buffer), strict=True):
        np.testing.assert_array_equal(mine, theirs)
        assert mine.dtype == theirs.dtype
        assert mine.flags.f_contiguous == theirs.flags.f_contiguous
        assert mine.flags.writeable
