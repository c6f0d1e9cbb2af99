"""Rows that do not quite fit: repaired where that is certain, with a note, else refused with the column named."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from modelport.data import data, fit, notes
from modelport.errors import DataError
from modelport.signature import Column, Signature


def signature(**columns: Any) -> Signature:
    return Signature(tuple(Column(name, kind) for name, kind in columns.items()))


TWO = signature(age=pa.float64(), city=pa.string())


def fitted(columns: dict[str, Any], wanted: Signature, **more: Any) -> Any:
    return fit(pa.RecordBatch.from_pydict(columns), wanted, **more).to_pydict()


def test_columns_in_another_order_are_put_right() -> None:
    assert fitted({"city": ["a"], "age": [1.0]}, TWO) == {"age": [1.0], "city": ["a"]}


@pytest.mark.parametrize("name", ["Age", "AGE", " age", "age ", "\ufeffage"])
def test_a_name_in_another_case_or_with_blanks_is_taken_and_told(name: str) -> None:
    rows = {name: [1.0], "city": ["a"]}
    assert fitted(rows, TWO)["age"] == [1.0]
    assert notes(data(rows), TWO) == [f"the data's column {name!r} is taken for 'age'"]


def test_two_columns_that_differ_only_in_case_are_refused_by_name() -> None:
    with pytest.raises(DataError, match="'Age', 'AGE'") as caught:
        fitted({"Age": [1.0], "AGE": [2.0], "city": ["a"]}, TWO)
    assert caught.value.where == "age"


def test_two_inputs_that_differ_only_in_case_take_only_their_own_names() -> None:
    both = signature(age=pa.float64(), Age=pa.float64())
    assert fitted({"Age": [2.0], "age": [1.0]}, both) == {"age": [1.0], "Age": [2.0]}
    with pytest.raises(DataError, match="only in case"):
        fitted({"AGE": [2.0], "age": [1.0]}, both)


def test_an_exact_name_wins_and_the_other_case_is_one_too_many() -> None:
    rows = {"age": [1.0], "Age": [2.0], "city": ["a"]}
    with pytest.raises(DataError, match="does not know: 'Age'"):
        fitted(rows, TWO)
    assert fitted(rows, TWO, ignore=frozenset({"Age"}))["age"] == [1.0]


REPAIRS: dict[str, tuple[Any, pa.DataType, list[Any]]] = {
    "integers for floats": (pa.array([1, None], pa.int64()), pa.float64(), [1.0, None]),
    "small integers for floats": (pa.array([1], pa.uint8()), pa.float32(), [1.0]),
    "whole floats for integers": (pa.array([1.0, 2.0]), pa.int64(), [1, 2]),
    "NaN for a missing integer": (pa.array([1.0, float("nan")]), pa.int64(), [1, None]),
    "decimals for floats": (pa.array([Decimal("1.25")], pa.decimal128(6, 2)), pa.float64(), [1.25]),
    "booleans for floats": (pa.array([True, False]), pa.float64(), [1.0, 0.0]),
    "categories for text": (pa.array(["a", "b", "a"]).dictionary_encode(), pa.string(), ["a", "b", "a"]),
    "categories of numbers": (pa.array([3, 4, 3]).dictionary_encode(), pa.float64(), [3.0, 4.0, 3.0]),
    "runs": (pa.RunEndEncodedArray.from_arrays([2, 3], [1.0, 2.0]), pa.float64(), [1.0, 1.0, 2.0]),
    "large text": (pa.array(["a", None], pa.large_string()), pa.string(), ["a", None]),
    "views of text": (pa.array(["a", None], pa.string_view()), pa.string(), ["a", None]),
    "booleans as text": (pa.array(["true", "FALSE", " True", None]), pa.bool_(), [True, False, True, None]),
    "booleans as numbers": (pa.array([1, 0, None]), pa.bool_(), [True, False, None]),
    "nothing at all": (pa.nulls(2), pa.float64(), [None, None]),
}


@pytest.mark.parametrize("name", REPAIRS)
def test_a_type_is_repaired_where_that_is_certain(name: str) -> None:
    values, kind, wanted = REPAIRS[name]
    assert fitted({"x": values}, signature(x=kind)) == {"x": wanted}


REFUSED: dict[str, tuple[Any, pa.DataType]] = {
    "floats with fractions for integers": (pa.array([1.5]), pa.int64()),
    "NaN beside a fraction for integers": (pa.array([1.5, float("nan")]), pa.int64()),
    "integers that no float holds": (pa.array([2**53 + 1]), pa.float64()),
    "numbers too large for the integer": (pa.array([2**40]), pa.int32()),
    "times for text": (pa.array([datetime(2026, 1, 1)]), pa.string()),
    "times for numbers": (pa.array([datetime(2026, 1, 1)]), pa.float64()),
    "days for numbers": (pa.array([1], pa.date32()), pa.float64()),
    "durations": (pa.array([1], pa.duration("s")), pa.float64()),
    "floats for text": (pa.array([1.0]), pa.string()),
    "text for numbers": (pa.array(["1.5"]), pa.float64()),
    "words for booleans": (pa.array(["yes", "no"]), pa.bool_()),
    "other numbers for booleans": (pa.array([0, 1, 2]), pa.bool_()),
    "bytes for text": (pa.array([b"a"]), pa.string()),
    "lists": (pa.array([[1.0]]), pa.float64()),
    "records": (pa.array([{"a": 1.0}]), pa.float64()),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_certain_is_refused_with_the_column_named(name: str) -> None:
    values, kind = REFUSED[name]
    with pytest.raises(DataError, match="column 'x'") as caught:
        fitted({"x": values}, signature(x=kind))
    assert caught.value.where == "x"


def known(*texts: str) -> Signature:
    return Signature((Column("x", pa.string(), categories=texts),))


def test_whole_numbers_are_the_texts_that_the_model_knows() -> None:
    rows = {"x": [1, 2, None, 9]}
    assert fitted(rows, known("1", "2")) == {"x": ["1", "2", None, "9"]}
    assert notes(data(rows), known("1", "2")) == ["column 'x': int64 is taken as text"]


@pytest.mark.parametrize("texts", [(), ("a", "b"), ("01", "1")])
def test_whole_numbers_for_other_texts_are_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match="column 'x'"):
        fitted({"x": [1, 2]}, known(*texts))


TOLD: dict[str, tuple[Any, pa.DataType, str | None]] = {
    "as it is": (pa.array([1.0]), pa.float64(), None),
    "an integer for a float": (pa.array([1]), pa.float64(), "int64 is taken as double"),
    "a wider integer": (pa.array([1], pa.int32()), pa.int64(), None),
    "categories": (pa.array(["a"]).dictionary_encode(), pa.string(), "categories are taken as text"),
    "longer text": (pa.array(["a"], pa.large_string()), pa.string(), None),
    "decimals": (pa.array([Decimal("0.1")]), pa.float64(), "decimal128(1, 1) is rounded to double"),
    "rounding": (pa.array([0.1]), pa.float32(), "float64 is rounded to float32, which the model takes"),
    "truth": (pa.array(["true"]), pa.bool_(), "string is taken as bool"),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_changes_more_than_a_form_is_told(name: str) -> None:
    values, kind, what = TOLD[name]
    assert notes(data({"x": values}), signature(x=kind)) == ([f"column 'x': {what}"] if what else [])


def test_another_order_is_told() -> None:
    assert notes(data({"city": ["a"], "age": [1.0]}), TWO) == [
        "the data's columns are in another order than the model's; they are taken by name"
    ]
    assert notes(data({"age": [1.0], "more": [1], "city": ["a"]}), TWO) == []


def test_what_happens_to_many_columns_is_told_once() -> None:
    wide = signature(**{f"x{i}": pa.float64() for i in range(7)})
    (told,) = notes(data({f"x{i}": [1] for i in range(7)}), wide)
    assert told == "columns 'x0', 'x1', 'x2', 'x3', 'x4' and 2 more: int64 is taken as double"


def test_the_notes_are_in_the_report(tmp_path: Any) -> None:
    import numpy as np
    import pandas as pd
    from sklearn.linear_model import LinearRegression

    from modelport import verify

    frame = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20.0) ** 2})
    model = LinearRegression().fit(frame, frame["a"])
    rows = frame.rename(columns={"a": "A"})[["b", "A"]]
    from modelport.parity import Settings

    report = verify(model, model, data=rows, settings=Settings(rows=50, strata=("data",), runtimes=("scikit-learn",)))
    assert "the data's column 'A' is taken for 'a'" in report.notes
