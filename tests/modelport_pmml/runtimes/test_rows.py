import pyarrow as pa
import pytest

from modelport.errors import DataError
from modelport.signature import Column, Signature
from modelport_pmml.runtimes.rows import check_int32, column_values, output_array


def test_missing_is_none_and_so_is_nan() -> None:
    column = Column("a", pa.float64(), nullable=True)
    assert column_values(pa.array([1.5, None, float("nan"), float("inf")]), column) == [1.5, None, None, float("inf")]


@pytest.mark.parametrize("value", [None, float("nan")])
def test_missing_where_it_is_forbidden(value: float | None) -> None:
    with pytest.raises(DataError, match="'a'"):
        column_values(pa.array([1.0, value], pa.float64()), Column("a", pa.float64()))


def test_float32_keeps_its_value() -> None:
    assert column_values(pa.array([0.1], pa.float32()), Column("a", pa.float32())) == [0.10000000149011612]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, 2.5, None], pa.float64(), [1.0, 2.5, None]),
        (["3", 4.0, 2**60, None], pa.int64(), [3, 4, 2**60, None]),
        (["true", False, None], pa.bool_(), [True, False, None]),
        ([1, "a", None], pa.string(), ["1", "a", None]),
    ],
)
def test_results_take_the_type_of_the_signature(
    values: list[object], kind: pa.DataType, expected: list[object]
) -> None:
    assert output_array(values, Column("a", kind)).to_pylist() == expected


@pytest.mark.parametrize(("value", "kind"), [(1.5, pa.int64()), ("x", pa.float64()), ("x", pa.int64())])
def test_results_that_do_not_fit(value: object, kind: pa.DataType) -> None:
    with pytest.raises(DataError):
        output_array([value], Column("a", kind))


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, 2**53 + 1])
def test_integers_beyond_32_bits_are_refused_where_the_evaluator_has_no_more(value: int) -> None:
    signature = Signature((Column("year", pa.int64(), nullable=True), Column("size", pa.float64())))
    with pytest.raises(DataError, match="'year'"):
        check_int32(pa.RecordBatch.from_pydict({"year": [1, None, value], "size": [1e300] * 3}), signature)


@pytest.mark.parametrize("value", [2**31 - 1, -(2**31), 0, None])
def test_integers_of_32_bits_pass(value: int | None) -> None:
    signature = Signature((Column("year", pa.int64(), nullable=True), Column("size", pa.float64())))
    rows = {"year": pa.array([value], pa.int64()), "size": [1e300]}
    check_int32(pa.RecordBatch.from_pydict(rows), signature)
