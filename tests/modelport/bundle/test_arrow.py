"""Golden rows as Arrow: typed, with what is missing and what is not finite kept; hostile files refused."""

import contextlib
import math
import struct

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelport.bundle import arrow
from modelport.errors import InputError, ModelportError, Unsafe
from modelport.signature import TYPES

BATCH = pa.RecordBatch.from_pydict({"a": [1.0, None], "b": ["x", None]})


def written(batch: pa.RecordBatch, compression: str | None = None) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


VALUES = {
    "float64": st.floats() | st.sampled_from([5e-324, -0.0, math.inf, -math.inf, math.nan]),
    "float32": st.floats(width=32),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "int32": st.integers(-(2**31), 2**31 - 1),
    "bool": st.booleans(),
    "string": st.text(st.characters(exclude_categories=("Cs",))),
}


@given(st.data())
@pytest.mark.parametrize("name", TYPES)
def test_every_value_comes_back_as_it_was(name: str, data: st.DataObject) -> None:
    cells = data.draw(st.lists(st.none() | VALUES[name], max_size=20))
    batch = pa.RecordBatch.from_arrays([pa.array(cells, TYPES[name])], names=["x"])
    back = arrow.loads(arrow.dumps(batch), pa.schema([("x", TYPES[name])]), "here").column(0)
    assert back.type == TYPES[name]
    for before, after in zip(cells, back.to_pylist(), strict=True):
        if isinstance(before, float) and math.isnan(before):
            assert after is not None
            assert math.isnan(after)
        else:
            assert after == before
            assert not isinstance(before, float) or math.copysign(1, after) == math.copysign(1, before)


@pytest.mark.parametrize("compression", ["zstd", "lz4"])
def test_compressed_buffers_are_unsafe(compression: str) -> None:
    bomb = pa.RecordBatch.from_pydict({"a": [0.0] * 5_000_000})
    content = written(bomb, compression)
    assert len(content) < 1_000_000
    with pytest.raises(Unsafe, match="compressed"):
        arrow.loads(content, None, "here")


def test_a_batch_hidden_behind_the_stream_is_found_by_the_footer() -> None:
    """The footer says where batches lie; one that no reader of the stream meets is looked at all the same."""
    plain, packed = written(BATCH), written(pa.RecordBatch.from_pydict({"a": [0.0] * 9999, "b": ["x"] * 9999}), "zstd")
    (length,) = struct.unpack_from("<i", packed, len(packed) - 10)
    with pytest.raises(ModelportError):
        arrow.loads(plain[:-10] + packed[len(packed) - 10 - length :], None, "here")


def test_offsets_that_lead_outside_are_refused() -> None:
    content = arrow.dumps(pa.RecordBatch.from_pydict({"b": ["x" * 41, "y" * 73]}))
    offsets = struct.pack("<3i", 0, 41, 114)
    assert content.count(offsets) == 1
    with pytest.raises(InputError, match="cannot be read"):
        arrow.loads(content.replace(offsets, struct.pack("<3i", 0, 1 << 30, 1 << 30)), None, "here")


@pytest.mark.parametrize("kind", [pa.null(), pa.int8(), pa.list_(pa.float64()), pa.dictionary(pa.int32(), pa.string())])
def test_other_types_are_refused(kind: pa.DataType) -> None:
    batch = pa.RecordBatch.from_arrays([pa.array([None, None], kind)], names=["x"])
    with pytest.raises(InputError):
        arrow.loads(written(batch), None, "here")


def test_other_columns_are_refused() -> None:
    with pytest.raises(InputError, match="other columns"):
        arrow.loads(arrow.dumps(BATCH), pa.schema([("a", pa.float64())]), "here")
    with pytest.raises(InputError, match="other columns"):
        arrow.loads(arrow.dumps(BATCH), pa.schema([("a", pa.float32()), ("b", pa.string())]), "here")


@given(st.data())
def test_a_changed_file_is_an_error_or_is_read(data: st.DataObject) -> None:
    content = bytearray(arrow.dumps(BATCH))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ModelportError):
        assert set(arrow.loads(bytes(content), None, "here").schema.types) <= set(TYPES.values())
