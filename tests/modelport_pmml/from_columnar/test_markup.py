import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from modelport.errors import CannotConvert
from modelport_pmml.from_columnar.markup import attribute, content, number, tag

texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))


@given(texts)
def test_text_survives_in_attributes_and_in_elements(text: str) -> None:
    found = etree.fromstring(tag("a", [("b", text)], content(text)).encode())
    assert found.get("b") == text
    assert (found.text or "") == text


@pytest.mark.parametrize("text", ['<&>"', "a\nb\tc", "a\rb", "]]>", "x ]]> & <", "é 東京 😀"])
def test_marks_and_line_breaks_survive(text: str) -> None:
    found = etree.fromstring(tag("a", [("b", text)], content(text)).encode())
    assert (found.get("b"), found.text) == (text, text)


@pytest.mark.parametrize("text", ["\x00", "a\x0bb", "\ud800", "\uffff"])
def test_what_xml_cannot_hold_is_refused(text: str) -> None:
    for write in (attribute, content):
        with pytest.raises(CannotConvert, match="character"):
            write(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_have_all_the_digits_they_need(value: float) -> None:
    assert float(number(value)) == value


def test_numbers_are_short() -> None:
    assert [number(value) for value in (2.0, -0.5, 1e300, 3)] == ["2", "-0.5", "1e+300", "3"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_evaluators_read_differently_are_refused(value: float) -> None:
    with pytest.raises(CannotConvert):
        number(value)
