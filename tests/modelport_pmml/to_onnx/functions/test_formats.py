"""formatDatetime and formatNumber; expected values are JPMML-Evaluator's (1.7.7)."""

from collections.abc import Callable
from typing import Any

import pytest

from modelport.errors import CannotConvert, InputError

Compute = Callable[..., list[Any]]
NUMBERS = "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "xfs")


def dated(kind: str) -> str:
    moment = f'<DataField name="o" optype="ordinal" dataType="{kind}"/>'
    return f'{NUMBERS}{moment}<DataField name="i" optype="continuous" dataType="integer"/>'


def written(function: str, field: str, pattern: str) -> str:
    return (
        f'<Apply function="{function}"><FieldRef field="{field}"/><Constant dataType="string">{pattern}</Constant>'
        "</Apply>"
    )


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("%y-%m-%d", ["20-02-29", "69-12-31", None]),
        ("%D", ["02/29/20", "12/31/69", None]),
        ("%F", ["2020-02-29", "1969-12-31", None]),
        ("%A, %e %B", ["Saturday, 29 February", "Wednesday, 31 December", None]),
        ("%a %b", ["Sat Feb", "Wed Dec", None]),
        ("%j/%C", ["060/20", "365/19", None]),
    ],
)
def test_dates(expression: Compute, pattern: str, wanted: list[Any]) -> None:
    rows = [{"o": "2020-02-29"}, {"o": "1969-12-31"}, {}]
    assert expression(written("formatDatetime", "o", pattern), rows, "string", fields=dated("date")) == wanted


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("%F %T", ["2020-02-29 13:05:09", "1969-12-31 00:00:00"]),
        ("%R", ["13:05", "00:00"]),
        ("%r", ["01:05:09 PM", "12:00:00 AM"]),
        ("%I:%M %p", ["01:05 pm", "12:00 am"]),
        ("%k|%l", ["13|1", "0|12"]),
    ],
)
def test_dates_with_times(expression: Compute, pattern: str, wanted: list[Any]) -> None:
    rows = [{"o": "2020-02-29T13:05:09"}, {"o": "1969-12-31T00:00:00"}]
    assert expression(written("formatDatetime", "o", pattern), rows, "string", fields=dated("dateTime")) == wanted


@pytest.mark.parametrize(("kind", "pattern"), [("date", "%H"), ("time", "%d"), ("date", "%Q"), ("date", "100%")])
def test_letters_that_a_value_does_not_have(expression: Compute, kind: str, pattern: str) -> None:
    with pytest.raises(CannotConvert, match="has no exact form"):
        expression(written("formatDatetime", "o", pattern), [{}], "string", fields=dated(kind))


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("%d", ["0", "-7", "12345", "-2147483647", None]),
        ("%3d", ["  0", " -7", "12345", "-2147483647", None]),
        ("%05d", ["00000", "-0007", "12345", "-2147483647", None]),
        ("n=%-6d|", ["n=0     |", "n=-7    |", "n=12345 |", "n=-2147483647|", None]),
    ],
)
def test_whole_numbers(expression: Compute, pattern: str, wanted: list[Any]) -> None:
    rows = [{"i": number} for number in (0, -7, 12345, -2147483647, None)]
    assert expression(written("formatNumber", "i", pattern), rows, "string") == wanted


@pytest.mark.parametrize(("field", "pattern"), [("x", "%.2f"), ("x", "%d"), ("i", "%,d"), ("i", "%d%d")])
def test_other_numbers_are_refused(expression: Compute, field: str, pattern: str) -> None:
    with pytest.raises(CannotConvert, match="of formatNumber has no exact form"):
        expression(written("formatNumber", field, pattern), [{}], "string")


def test_a_width_that_is_too_large(expression: Compute) -> None:
    with pytest.raises(InputError, match="width"):
        expression(written("formatNumber", "i", "%99d"), [{}], "string")
