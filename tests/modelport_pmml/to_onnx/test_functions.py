"""Functions, with what JPMML-Evaluator 1.7.7 answers; None is a missing or an invalid result."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from modelport.errors import CannotConvert

Compute = Callable[..., list[Any]]
X, N, F, S = (f'<FieldRef field="{name}"/>' for name in "xifs")
INF = float("inf")


def call(function: str, *inside: str, **attributes: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<Apply function="{function}"{more}>{"".join(inside)}</Apply>'


def constant(value: Any, kind: str = "double") -> str:
    return f'<Constant dataType="{kind}">{value}</Constant>'


CASES = [
    ("integers divide toward zero", call("/", N, constant(2, "integer")), [{"i": 7}, {"i": -7}, {}], [3, -3, None]),
    ("and not by zero", call("/", constant(1, "integer"), N), [{"i": 0}, {"i": 1}], [None, 1]),
    ("doubles divide by zero", call("/", constant(1), X), [{"x": 0.0}, {"x": 2.0}], [INF, 0.5]),
    ("0.0 / 0.0 is invalid", call("/", X, X), [{"x": 0.0}], [None]),
    ("integers overflow at 32 bits", call("+", N, N), [{"i": 2**30}, {"i": 5}], [None, 10]),
    ("floats stay floats", call("*", F, constant(3, "integer")), [{"f": 0.1}], [0.30000001192092896]),
    ("unless a double is there", call("*", F, constant(3)), [{"f": 0.1}], [0.30000000447034836]),
    ("round is half up", call("round", X), [{"x": v} for v in (2.5, -2.5, 0.49999999999999994)], [3, -2, 0]),
    ("ln of a negative number is invalid", call("ln", X), [{"x": -1.0}, {"x": 0.0}], [None, -INF]),
    ("modulo has the divisor's sign", call("modulo", N, constant(3, "integer")), [{"i": -7}, {"i": 7}], [2, 1]),
    ("threshold is strict", call("threshold", X, constant(3)), [{"x": 4.0}, {"x": 3.0}], [1, 0]),
    ("min passes over missing values", call("min", X, N), [{"i": 3}, {"x": 1.0, "i": 3}, {}], [3, 1, None]),
    ("so does avg", call("avg", X, N), [{"i": 3}, {"x": 1.0, "i": 3}], [3, 2]),
    ("median of two", call("median", X, N), [{"x": 1.0, "i": 4}, {"i": 4}], [2.5, 4]),
    ("mapMissingTo replaces the call", call("+", X, constant(1), mapMissingTo="5"), [{}, {"x": 1.0}], [5, 2]),
    ("defaultValue replaces a missing result", call("+", X, constant(1), defaultValue="9"), [{}, {"x": 1.0}], [9, 2]),
]


@pytest.mark.parametrize(("inside", "rows", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_numbers(expression: Compute, inside: str, rows: list[dict[str, Any]], wanted: list[Any]) -> None:
    assert expression(inside, rows) == wanted


def test_if_looks_only_at_the_part_it_chooses(expression: Compute) -> None:
    inside = call("if", call("greaterThan", X, constant(0)), call("ln", X), constant(7))
    assert expression(inside, [{"x": 1.0}, {"x": -1.0}]) == [0.0, 7.0]


def test_a_comparison_with_a_missing_value_is_invalid(expression: Compute) -> None:
    assert expression(call("equal", S, constant("a", "string")), [{"s": "a"}, {"s": "b"}, {}], "boolean") == [
        True,
        False,
        None,
    ]


def test_a_missing_value_is_in_no_list(expression: Compute) -> None:
    inside = call("isIn", X, constant(1), constant(2))
    assert expression(inside, [{"x": 2.0}, {"x": 3.0}, {}], "boolean") == [True, False, False]


@pytest.mark.parametrize("function", ["and", "or"])
def test_logic_takes_no_unknowns(expression: Compute, function: str) -> None:
    missing = call("isMissing", X)
    unknown = '<Apply function="if"><Apply function="isMissing"><FieldRef field="i"/></Apply>' + missing + "</Apply>"
    rows = [{"i": 1}, {"i": 1, "x": 1.0}, {}]
    assert expression(call(function, missing, unknown), rows, "boolean") == [None, None, True]


def test_a_result_that_is_no_number_is_treated_as_its_call_asks(expression: Compute) -> None:
    rows = [{"x": -1.0}, {"x": 1.0}, {}]
    logarithm = call("ln", X, invalidValueTreatment="asMissing", defaultValue="7")
    assert expression(call("if", call("isMissing", X), constant(3), logarithm), rows) == [7.0, 0.0, 3.0]
    assert expression(call("ln", X, defaultValue="7"), rows) == [None, 0.0, None]


def test_whether_a_value_is_valid(expression: Compute) -> None:
    schema = '<MiningField name="s" invalidValueTreatment="asIs"/>'
    rows = [{"s": "a"}, {"s": "z"}, {}]
    assert expression(call("isValid", S), rows, "boolean", schema=schema) == [True, False, False]
    assert expression(call("isNotValid", S), rows, "boolean", schema=schema) == [False, True, False]


@pytest.mark.parametrize(
    ("function", "x", "wanted"),
    [("stdNormalCDF", 1.0, 0.8413447460685429), ("stdNormalCDF", -8.0, 6.220960574271785e-16),
     ("erf", 0.5, 0.5204998778130465), ("erf", -2.0, -0.9953222650189527),
     ("stdNormalIDF", 0.975, 1.959963984540054), ("stdNormalIDF", 1e-10, -6.361340902404056)],
)  # fmt: skip
def test_the_normal_distribution(expression: Compute, function: str, x: float, wanted: float) -> None:
    """Expected values from scipy.special (1.16)."""
    assert expression(call(function, X), [{"x": x}])[0] == pytest.approx(wanted, rel=1e-12)


def test_texts_are_computed_word_by_word(expression: Compute) -> None:
    rows = [{"s": "a"}, {"s": "b"}, {}]
    assert expression(call("uppercase", S), rows, "string") == ["A", "B", None]
    assert expression(call("concat", S, constant("-", "string"), S), rows, "string") == ["a-a", "b-b", "-"]
    assert expression(call("substring", constant("hello", "string"), constant(2, "integer"), constant(3, "integer")),
                      rows[:1], "string") == ["ell"]  # fmt: skip


TEXTS = ("The cat. the CAT", "a cat the", "(cat)-cat", "none")


@pytest.mark.parametrize(
    ("how", "term", "wanted"),
    [("", "cat", [2, 1, 0, 0, None]), ('isCaseSensitive="true"', "cat", [1, 1, 0, 0, None]),
     ('localTermWeights="binary"', "cat", [1, 1, 0, 0, None]), ("", "the cat", [2, 0, 0, 0, None]),
     ('wordSeparatorCharacterRE="[\\s-]+"', "cat", [2, 1, 2, 0, None]),
     ('localTermWeights="logarithmic"', "cat", [math.log10(3), math.log10(2), 0, 0, None])],
)  # fmt: skip
def test_terms_in_texts(expression: Compute, how: str, term: str, wanted: list[Any]) -> None:
    values = "".join(f'<Value value="{text}"/>' for text in TEXTS)
    fields = f'<DataField name="s" optype="categorical" dataType="string">{values}</DataField>'
    fields += "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "xifo")
    inside = f'<TextIndex textField="s" {how}><Constant dataType="string">{term}</Constant></TextIndex>'
    assert expression(inside, [*({"s": text} for text in TEXTS), {}], fields=fields) == wanted


def test_terms_are_counted_loosely_in_listed_texts_only(expression: Compute) -> None:
    inside = '<TextIndex textField="o" maxLevenshteinDistance="1"><Constant>cat</Constant></TextIndex>'
    with pytest.raises(CannotConvert, match="any text"):
        expression(inside, [{"o": "a"}])
