"""Lines that are `null` would crash pyarrow; they are found wherever they lie, and nothing else is taken for one."""

import subprocess
import sys
from pathlib import Path

import pytest

from modelport.data import data
from modelport.errors import InputError
from modelport.jsonlines import check_objects

BAD = [
    b"null", b"\n\n null", b'{"a":1}\nnull\n', b'{"a":1}\r\tnull', b'{"a":1}\n\n  null: {', b"\xef\xbb\xbfnull",
    b'{"a": 1}\n' * 9 + b"   null\n",
]  # fmt: skip
GOOD = [b'{"a": null}\n', b'{"null": 1}\n', b'{"a": "x\\n null"}\n', b'{"a": [1,\n2]}', b'{"a": "null"}\n{"a": null}']


@pytest.mark.parametrize("content", BAD)
@pytest.mark.parametrize("chunk", [1, 2, 5, 1 << 20])
def test_a_line_that_is_null_is_found(content: bytes, chunk: int, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match="null"):
        check_objects(path, chunk)
    with pytest.raises(InputError, match="null"):
        data(path)


@pytest.mark.parametrize("content", GOOD)
@pytest.mark.parametrize("chunk", [1, 2, 5, 1 << 20])
def test_a_null_inside_an_object_is_none(content: bytes, chunk: int, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    check_objects(path, chunk)


def test_a_list_that_pyarrow_reads_wrongly_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a": [null, 1]}\n')
    with pytest.raises(InputError, match="cannot be read"):
        list(data(path).batches())


def test_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a": 1, "b": null}\n{"a": 2, "b": "x"}\n{}\n')
    assert data(path).head().to_pylist() == [{"a": 1, "b": None}, {"a": 2, "b": "x"}, {"a": None, "b": None}]


def test_the_check_is_needed(tmp_path: Path) -> None:
    """The day this fails, pyarrow bears such files, and the check can go."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"null\n")
    program = f"import pyarrow.json as j; j.open_json({str(path)!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.returncode < 0
