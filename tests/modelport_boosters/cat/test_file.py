"""CatBoost's own reader, which crashes on damaged files, is tried in a process of its own."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from catboost import CatBoostRegressor

from modelport.errors import InputError, Unsafe
from modelport.formats import Policy
from modelport_boosters.cat import file
from modelport_boosters.cat.file import read

ROWS = np.random.default_rng(0).normal(size=(60, 3))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    model = CatBoostRegressor(iterations=2, depth=2, verbose=False, thread_count=1, allow_writing_files=False)
    model.fit(ROWS, ROWS[:, 0]).save_model(str(tmp_path / "m.cbm"))
    return tmp_path / "m.cbm"


def test_a_crash_of_the_library_is_no_crash_of_ours(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read(path, Policy()).symmetric) == 2
    monkeypatch.setattr(file, "tried", lambda data: os.abort())
    with pytest.raises(Unsafe, match="crashed"):
        read(path, Policy())


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="files without a name are Linux's")
def test_what_is_tried_is_the_export_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exported = []
    before = file._native

    class Told:
        def __init__(self, native: Any) -> None:
            self.native = native

        def save_model(self, target: str, format: str) -> None:
            self.native.save_model(target, format=format)
            exported.append(Path(target).stat().st_size)

    monkeypatch.setattr(file, "_native", lambda data: Told(before(data)))
    file.tried(path.read_bytes())
    assert exported
    assert exported[0] > 100


@pytest.mark.parametrize("at", range(20, 400, 17))
def test_a_damaged_file_is_a_typed_error_or_another_model(at: int, path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 0xFF
    path.write_bytes(bytes(data))
    with suppress(InputError, Unsafe):
        assert read(path, Policy()).names
