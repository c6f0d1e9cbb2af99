"""What is refused, by name and line."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from modelport.errors import CannotConvert, InputError

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
TABLE = '<RegressionTable intercept="1"><NumericPredictor name="{}" coefficient="1"/></RegressionTable>'


def regression(name: str, inside: str = "") -> str:
    return f'<RegressionModel functionName="regression">@{inside}{TABLE.format(name)}</RegressionModel>'


def derived(name: str, of: str) -> str:
    return f'<DerivedField name="{name}" optype="continuous" dataType="double"><FieldRef field="{of}"/></DerivedField>'


def test_a_field_that_refers_to_nothing(score: Score, make: Make) -> None:
    with pytest.raises(InputError, match="'nowhere' is declared nowhere") as caught:
        score(make(regression("nowhere")), [{}])
    assert "line 7" in str(caught.value.where)


def test_circular_derived_fields(score: Score, make: Make) -> None:
    local = f"<LocalTransformations>{derived('a', 'b')}{derived('b', 'a')}</LocalTransformations>"
    with pytest.raises(InputError, match="depends on itself: a → b → a"):
        score(make(regression("a", local)), [{}])


def test_an_unknown_element_inside_a_model(score: Score, make: Make) -> None:
    with pytest.raises(CannotConvert, match="<Novelty>"):
        score(make(regression("x", "<Novelty/>")), [{}])


def test_lag_is_refused_by_name(score: Score, make: Make) -> None:
    field = derived("a", "x").replace('<FieldRef field="x"/>', '<Lag field="x"/>')
    with pytest.raises(CannotConvert, match="<Lag>"):
        score(make(regression("a", f"<LocalTransformations>{field}</LocalTransformations>")), [{}])


def test_an_unused_field_is_not_compiled(score: Score, make: Make) -> None:
    field = derived("a", "x").replace('<FieldRef field="x"/>', '<Lag field="x"/>')
    text = make(regression("x", f"<LocalTransformations>{field}</LocalTransformations>"))
    assert score(text, [{"x": 1.0}, {}]) == [{"prediction": 2.0}, {"prediction": None}]


@pytest.mark.parametrize("model", ["AssociationModel", "SequenceModel", "TextModel", "TimeSeriesModel"])
def test_models_that_answer_about_more_than_rows(score: Score, make: Make, model: str) -> None:
    with pytest.raises(CannotConvert, match=f"<{model}> is not converted"):
        score(make(f'<{model} functionName="timeSeries">@</{model}>'), [{}])


def test_fields_that_go_back_a_long_way(score: Score, make: Make) -> None:
    def field(number: int) -> str:
        of = f"d{number - 1}" if number else "x"
        sum_ = f'<Apply function="+"><Constant>1</Constant><FieldRef field="{of}"/></Apply>'
        return f'<DerivedField name="d{number}" optype="continuous" dataType="double">{sum_}</DerivedField>'

    local = f"<LocalTransformations>{''.join(map(field, range(1000)))}</LocalTransformations>"
    assert score(make(regression("d999", local)), [{"x": 1.0}]) == [{"prediction": 1002.0}]  # with the intercept


def test_a_long_circle_is_named_in_short(score: Score, make: Make) -> None:
    local = "".join(derived(f"d{i}", f"d{(i + 1) % 500}") for i in range(500))
    with pytest.raises(InputError, match="d0 → d1 → d2 → d3 → … → d497 → d498 → d499 → d0"):
        score(make(regression("d0", f"<LocalTransformations>{local}</LocalTransformations>")), [{}])


def test_expressions_deep_inside_one_another(score: Score, make: Make) -> None:
    test = '<Apply function="greaterThan"><FieldRef field="x"/><Constant>{}</Constant></Apply>'
    inside = "".join(f'<Apply function="if">{test.format(300 - i)}<Constant>{i}.5</Constant>' for i in range(300))
    inside += "<Constant>-1.5</Constant>" + "</Apply>" * 300
    field = f'<DerivedField name="d" optype="continuous" dataType="double">{inside}</DerivedField>'
    found = score(
        make(regression("d", f"<LocalTransformations>{field}</LocalTransformations>")), [{"x": 10.0}, {"x": 0.0}]
    )
    assert [row["prediction"] for row in found] == [292.5, -0.5]


def test_predicates_deep_inside_one_another(score: Score, make: Make) -> None:
    part = '<SimplePredicate field="x" operator="greaterThan" value="{}"/>'
    around = '<CompoundPredicate booleanOperator="and">'
    holds = "".join(around + part.format(-i) for i in range(300)) + part.format(2) + "</CompoundPredicate>" * 300
    tree = f'<Node score="1"><True/><Node score="2">{holds}</Node></Node>'
    body = f'<TreeModel functionName="regression" noTrueChildStrategy="returnLastPrediction">@{tree}</TreeModel>'
    assert [row["prediction"] for row in score(make(body), [{"x": 3.0}, {"x": 1.0}])] == [2.0, 1.0]


def test_models_inside_models_without_end_are_refused(score: Score, make: Make) -> None:
    schema = '<MiningSchema><MiningField name="x"/></MiningSchema>'
    segment = '<Segmentation multipleModelMethod="sum"><Segment><True/>'
    model = '<MiningModel functionName="regression">'
    tree = f'<TreeModel functionName="regression">{schema}<Node score="2"><True/></Node></TreeModel>'
    inner = (model + schema + segment) * 400 + tree + "</Segment></Segmentation></MiningModel>" * 400
    with pytest.raises(CannotConvert, match="models inside models"):
        score(make(f"{model}@{segment}{inner}</Segment></Segmentation></MiningModel>"), [{}])
