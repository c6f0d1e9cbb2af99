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


def test_fields_that_go_back_further_than_can_be_followed_are_refused(score: Score, make: Make) -> None:
    def field(number: int) -> str:
        of = f"d{number - 1}" if number else "x"
        sum_ = f'<Apply function="+"><Constant>1</Constant><FieldRef field="{of}"/></Apply>'
        return f'<DerivedField name="d{number}" optype="continuous" dataType="double">{sum_}</DerivedField>'

    local = f"<LocalTransformations>{''.join(map(field, range(1000)))}</LocalTransformations>"
    with pytest.raises(CannotConvert, match="nested deeper") as caught:
        score(make(regression("d999", local)), [{"x": 1.0}])
    assert caught.value.hint
