"""A session's own way between batches and tensors gives what the general one gives."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from modelport.errors import DataError
from modelport.signature import Column, Signature
from modelport_onnx.convention import feeds, to_batch
from modelport_onnx.prepared import Prepared

COLUMNS = {
    "d": (pa.float64(), [1.5, None, float("nan")]),
    "i": (pa.int64(), [1, None, 3]),
    "b": (pa.bool_(), [True, None, False]),
    "t": (pa.string(), ["a", None, ""]),
    "f": (pa.float32(), [0.5, None, 2.0]),
}


@pytest.mark.parametrize("names", ["d", "dd", "i", "b", "t", "f", "dibtf"])
@pytest.mark.parametrize("width", [1, None])
def test_inputs(names: str, width: int | None) -> None:
    columns = [Column(f"{name}{i}", COLUMNS[name][0], nullable=True) for i, name in enumerate(names)]
    signature = Signature(tuple(columns))
    arrays = [pa.array(COLUMNS[name][1], COLUMNS[name][0]) for name in names]
    batch = pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])
    inputs = [(column.name, width) for column in columns]
    found, wanted = Prepared(signature, inputs).feeds(batch), feeds(batch, signature, inputs)
    assert list(found) == list(wanted)
    for name, array in wanted.items():
        assert found[name].dtype == array.dtype
        assert found[name].flags.c_contiguous
        np.testing.assert_array_equal(found[name], array)


def test_a_matrix() -> None:
    signature = Signature(tuple(Column(f"x{i}", pa.float64(), nullable=True) for i in range(3)))
    batch = pa.RecordBatch.from_pydict({f"x{i}": [1.0 * i, None] for i in range(3)})
    found = Prepared(signature, [("X", 3)]).feeds(batch)["X"]
    np.testing.assert_array_equal(found, [[0, 1, 2], [np.nan] * 3])


def test_missing_values_where_none_may_be() -> None:
    signature = Signature((Column("a", pa.float64(), nullable=False),))
    with pytest.raises(DataError, match="'a' has a missing value"):
        Prepared(signature, [("a", 1)]).feeds(pa.RecordBatch.from_pydict({"a": [None, 1.0]}))


@pytest.mark.parametrize(
    ("kind", "array"),
    [
        (pa.float64(), np.array([1.0, np.nan])),
        (pa.int64(), np.array([1.0, np.nan])),
        (pa.int64(), np.array([1, 2])),
        (pa.string(), np.array(["a", ""], object)),
        (pa.bool_(), np.array([1.0, np.nan])),
        (pa.float64(), np.ones((2, 1))),
    ],
)
def test_outputs(kind: pa.DataType, array: Any) -> None:
    signature = Signature((), (Column("out", kind, nullable=True),))
    assert Prepared(signature, []).batch({"out": array}).equals(to_batch({"out": array}, signature))
