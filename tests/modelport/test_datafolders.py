"""Folders and patterns of data files read as one."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from modelport.data import data
from modelport.errors import DataError, InputError


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    for i in range(3):
        pq.write_table(pa.table({"a": [2 * i, 2 * i + 1], "b": ["x", "y"]}), tmp_path / f"part-{i}.parquet")
    (tmp_path / "_SUCCESS").write_text("")
    (tmp_path / "_index.parquet").write_text("not data")
    (tmp_path / "notes.txt").write_text("not data")
    return tmp_path


def rows(path: Path, size: int = 100) -> list[int]:
    return [value for batch in data(path).batches(size) for value in batch.column("a").to_pylist()]


def test_a_folder_is_read_in_the_order_of_its_names(parts: Path) -> None:
    assert rows(parts) == [0, 1, 2, 3, 4, 5]
    assert rows(parts) == rows(parts, 1)


def test_folders_below_are_read_too(parts: Path) -> None:
    below = parts / "z"
    below.mkdir()
    pq.write_table(pa.table({"a": [6], "b": ["z"]}), below / "part-0.parquet")
    assert rows(parts)[-1] == 6


def test_a_pattern_takes_what_it_matches(parts: Path) -> None:
    assert rows(parts / "part-[12].parquet") == [2, 3, 4, 5]


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "*.parquet"):
        with pytest.raises(InputError, match="no data files"):
            data(path)


def test_a_file_with_other_columns_is_named(parts: Path) -> None:
    pq.write_table(pa.table({"a": [1], "c": ["x"]}), parts / "part-9.parquet")
    with pytest.raises(DataError, match="part-9") as caught:
        rows(parts)
    assert "'b'" in str(caught.value)


def test_columns_may_stand_in_another_order(parts: Path) -> None:
    pq.write_table(pa.table({"b": ["x"], "a": [9]}), parts / "part-9.parquet")
    assert rows(parts)[-1] == 9
