"""Outputs under the names of the one vocabulary, and under the document's own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
CLASSES = 'optype="categorical" dataType="string"'


def chain(fields: str) -> str:
    """A chain of one classifier, u with probability x, whose own output has `fields`."""
    inner = "<MiningSchema>" + "".join(f'<MiningField name="{name}"/>' for name in "xifso")
    inner += '<MiningField name="y" usageType="target"/></MiningSchema>'
    tables = '<RegressionTable intercept="0" targetCategory="u"><NumericPredictor name="x" coefficient="1"/>'
    tables += "</RegressionTable>"
    tables += '<RegressionTable intercept="0" targetCategory="v"/>'
    model = f'<RegressionModel functionName="classification">{inner}<Output>{fields}</Output>{tables}</RegressionModel>'
    inside = f'<Segmentation multipleModelMethod="modelChain"><Segment><True/>{model}</Segment></Segmentation>'
    return f'<MiningModel functionName="classification">@{inside}</MiningModel>'


def test_a_field_that_is_called_like_a_probability_is_that_probability(score: Score, make: Make) -> None:
    """Of the last model of a chain too, whose output fields are handed on."""
    half = '<Apply function="*"><FieldRef field="x"/><Constant>0.5</Constant></Apply>'
    field = (
        f'<OutputField name="probability(v)" optype="continuous" dataType="double" feature="transformedValue">{half}'
    )
    rows = score(make(chain(f"{field}</OutputField>"), target=CLASSES), [{"x": 0.25}])
    assert rows == [{"label": "v", "probability(u)": 0.25, "probability(v)": 0.125}]


def test_a_text_in_the_place_of_a_number_has_a_name_of_its_own(score: Score, make: Make) -> None:
    field = '<OutputField name="probability(v)" optype="categorical" dataType="string" feature="predictedValue"/>'
    rows = score(make(chain(field), target=CLASSES), [{"x": 0.25}])
    assert rows == [{"label": "v", "probability(u)": 0.25, "probability(v)": 0.75, "output(probability(v))": "v"}]
