"""Damaged data files are one typed error, whatever is damaged in them."""

import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pytest

from modelport.data import data, fit_column
from modelport.errors import DataError, InputError
from modelport.signature import Column


@pytest.mark.parametrize(("name", "content"), [("x.csv", b"\xff\xfe\xb6,b\n1,2\n"), ("x.jsonl", b'{"\x9c": 1}\n')])
def test_a_column_whose_name_is_no_text_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        data(path)


def test_a_feather_file_whose_offsets_point_elsewhere_is_refused(tmp_path: Path) -> None:
    """Arrow IPC maps the offsets of texts as they lie in the file; reading along them would be reading anything."""
    path = tmp_path / "x.feather"
    feather.write_feather(pa.table({"city": ["Aachen", "Bonn", "Köln"]}), path, compression="uncompressed")
    offsets = struct.pack("<4i", 0, 6, 10, 15)
    content = path.read_bytes()
    assert content.count(offsets) == 1
    path.write_bytes(content.replace(offsets, struct.pack("<4i", 0, 6, 1 << 30, 15)))
    with pytest.raises(InputError, match="cannot be read"):
        list(data(path).batches())


@pytest.mark.parametrize("checksums", [True, False])
def test_a_damaged_row_group_of_parquet_is_named_with_its_column(checksums: bool, tmp_path: Path) -> None:
    """Rows that can be read are not handed out as if they were all: which ones are lost is said instead."""
    import pyarrow.parquet as pq

    path = tmp_path / "x.parquet"
    table = pa.table({"a": [float(i) for i in range(300)], "b": [f"word {i}" for i in range(300)]})
    pq.write_table(table, path, row_group_size=100, compression="zstd", write_page_checksum=checksums)
    spoil = pq.ParquetFile(path).metadata.row_group(1).column(1)
    content = bytearray(path.read_bytes())
    start = spoil.data_page_offset
    content[start + 30 : start + 60] = bytes(30)
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"column 'b' is damaged in row group 1 \(rows 100 to 199\)"):
        list(data(path).batches())


def test_a_value_that_python_cannot_show_is_a_typed_error() -> None:
    """Arrow's years go further than Python's."""
    with pytest.raises(DataError, match="cannot be shown"):
        fit_column(pa.array([1 << 62], pa.timestamp("s")), Column("x", pa.string()))
    with pytest.raises(DataError, match="such as True"):
        fit_column(pa.array([None, True]), Column("x", pa.string()))
