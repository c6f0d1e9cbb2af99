"""Mining schema: missing, invalid and outlying values, as JPMML-Evaluator 1.7.7 treats them."""

from collections.abc import Callable
from typing import Any

import pytest

Compute = Callable[..., list[Any]]
X, S = '<FieldRef field="x"/>', '<FieldRef field="s"/>'
BOUNDED = """<DataField name="x" optype="continuous" dataType="double">
<Interval closure="openClosed" leftMargin="-1" rightMargin="2"/><Value value="3" property="missing"/></DataField>"""


def field(**attributes: Any) -> str:
    return f'<MiningField name="x" {" ".join(f"{k}={chr(34)}{v}{chr(34)}" for k, v in attributes.items())}/>'


@pytest.mark.parametrize(
    ("treatment", "wanted"),
    [
        ({}, [None, 2.0, None, None]),
        ({"invalidValueTreatment": "asIs"}, [-1.0, 2.0, None, None]),
        ({"invalidValueTreatment": "asMissing", "missingValueReplacement": "9"}, [9.0, 2.0, 9.0, 9.0]),
        ({"missingValueReplacement": "9"}, [None, 2.0, 9.0, 9.0]),
        ({"invalidValueTreatment": "asValue", "invalidValueReplacement": "0.5"}, [0.5, 2.0, None, None]),
        ({"outliers": "asExtremeValues", "lowValue": "0", "highValue": "1"}, [None, 1.0, None, None]),
        ({"outliers": "asMissingValues", "highValue": "1", "missingValueReplacement": "9"}, [None, 9.0, 9.0, 9.0]),
    ],
)
def test_treatments(expression: Compute, treatment: dict[str, str], wanted: list[Any]) -> None:
    rows = [{"x": -1.0}, {"x": 2.0}, {"x": 3.0}, {}]
    assert expression(X, rows, schema=field(**treatment), fields=BOUNDED + REST) == wanted


REST = """<DataField name="i" optype="continuous" dataType="integer"/>
<DataField name="f" optype="continuous" dataType="float"/>
<DataField name="s" optype="categorical" dataType="string"><Value value="a"/><Value value="b"/></DataField>
<DataField name="o" optype="categorical" dataType="string"/>"""


def test_an_invalid_value_is_no_outlier(expression: Compute) -> None:
    treatment = field(invalidValueTreatment="asIs", outliers="asExtremeValues", lowValue="0", highValue="1")
    assert expression(X, [{"x": -5.0}, {"x": -0.5}], schema=treatment, fields=BOUNDED + REST) == [-5.0, 0.0]


def test_unlisted_text_is_invalid(expression: Compute) -> None:
    assert expression(S, [{"s": "a"}, {"s": "z"}, {}], "string") == ["a", None, None]
    kept = '<MiningField name="s" invalidValueTreatment="asIs"/>'
    assert expression(S, [{"s": "a"}, {"s": "z"}, {}], "string", schema=kept) == ["a", "z", None]


def test_open_text_is_compared_as_text(expression: Compute) -> None:
    inside = '<NormDiscrete field="o" value="never seen elsewhere"/>'
    assert expression(inside, [{"o": "never seen elsewhere"}, {"o": "x"}, {}]) == [1.0, 0.0, None]


def test_a_double_with_a_fraction_is_no_integer(expression: Compute) -> None:
    assert expression(X, [{"x": 7.0}, {"x": 7.5}], "integer") == [7, None]
