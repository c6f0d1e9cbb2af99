"""Functions of text that no dictionary lists; expected values are JPMML-Evaluator's (1.7.7)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from modelport.conversion import Context
from modelport.errors import CannotConvert
from modelport.signature import Signature
from modelport_onnx.reference_ops import OPERATORS
from modelport_pmml.reader.read import read
from modelport_pmml.to_onnx.convert import compile_document

Compute = Callable[..., list[Any]]
Make = Callable[..., str]
TEXTS = ["Hello World", " trim me ", "ABC-12", None, "x", "Straße ÄÖé", "\t\u00a0q \n", "ﬁŉΐİ", "ends\n"]
ROWS: Sequence[Mapping[str, Any]] = [{"x": 0.0, "i": i - 2, "o": text} for i, text in enumerate(TEXTS)]


def call(function: str, *inside: str) -> str:
    return f'<Apply function="{function}">{"".join(inside)}</Apply>'


def word(text: str) -> str:
    return f'<Constant dataType="string">{text}</Constant>'


def count(number: int) -> str:
    return f'<Constant dataType="integer">{number}</Constant>'


OPEN, WHOLE = '<FieldRef field="o"/>', '<FieldRef field="i"/>'


@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        (
            "uppercase",
            ["HELLO WORLD", " TRIM ME ", "ABC-12", None, "X", "STRASSE ÄÖÉ", "\t\u00a0Q \n",
             "FI\u02bcN\u0399\u0308\u0301\u0130", "ENDS\n"],
        ),
        (
            "lowercase",
            ["hello world", " trim me ", "abc-12", None, "x", "straße äöé", "\t\u00a0q \n",
             "\ufb01\u0149\u0390i\u0307", "ends\n"],
        ),
        ("trimBlanks", ["Hello World", "trim me", "ABC-12", None, "x", "Straße ÄÖé", "\u00a0q", "ﬁŉΐİ", "ends"]),
    ],
)  # fmt: skip
def test_text_is_changed_as_java_changes_it(expression: Compute, function: str, wanted: list[Any]) -> None:
    assert expression(call(function, OPEN), ROWS, "string") == wanted


def test_a_small_sigma_at_the_end_of_a_word_has_no_result(expression: Compute) -> None:
    assert expression(call("lowercase", OPEN), [{"o": "ΑΣ"}, {"o": "ΑΒ"}], "string") == [None, "αβ"]


def test_units_are_counted(expression: Compute) -> None:
    rows = [*ROWS[:5], {"x": 0.0, "o": "𝒳a"}]
    assert expression(call("stringLength", OPEN), rows, "integer") == [11, 9, 6, None, 1, 3]


@pytest.mark.parametrize(
    ("start", "length", "wanted"),
    [
        (1, 2, ["He", " t", "AB", None, "x"]),
        (2, 3, ["ell", "tri", "BC-", None, None]),
        (3, 0, [None] * 5),
        (1, 100, TEXTS[:5]),
        (5, 2, ["o ", "m ", "12", None, None]),
    ],
)  # fmt: skip
def test_parts_are_cut_out(expression: Compute, start: int, length: int, wanted: list[Any]) -> None:
    assert expression(call("substring", OPEN, count(start), count(length)), ROWS[:5], "string") == wanted


def test_what_takes_two_units_is_not_cut(expression: Compute) -> None:
    assert expression(call("substring", OPEN, count(1), count(2)), [{"o": "a𝒳"}, {"o": "abc"}], "string") == [
        None,
        "ab",
    ]


def test_texts_and_whole_numbers_stand_together(expression: Compute) -> None:
    found = expression(call("concat", OPEN, word("-"), WHOLE), ROWS[:5], "string")
    assert found == ["Hello World--2", " trim me --1", "ABC-12-0", "-1", "x-2"]


def test_fractions_stand_beside_text(expression: Compute) -> None:
    found = expression(
        call("concat", OPEN, '<FieldRef field="x"/>'), [{"o": "a", "x": 0.1 + 0.2}, {"o": "b"}], "string"
    )
    assert found == ["a0.30000000000000004", "b"]


def test_floats_have_no_letters(expression: Compute) -> None:
    with pytest.raises(CannotConvert, match="a number becomes text"):
        expression(call("concat", OPEN, '<FieldRef field="f"/>'), ROWS, "string")


@pytest.mark.parametrize(
    ("pattern", "by", "wanted"),
    [
        ("a", "b", ["aa-b1", "bb-b1"]), ("[aeiou]+", "_", ["aa-b1", "_-b1"]), ("[^a-z]", "", ["aa-b1", "aab"]),
        (r"\d+", "", ["aa-b1", "aa-b"]), (r"\.", "x", ["aa-b1", "aa-b1"]),
    ],
)  # fmt: skip
def test_classes_of_characters_are_replaced(expression: Compute, pattern: str, by: str, wanted: list[str]) -> None:
    assert expression(call("replace", OPEN, word(pattern), word(by)), [{"o": wanted[0]}], "string") == wanted[1:]


def test_longer_patterns_are_not_replaced(expression: Compute) -> None:
    with pytest.raises(CannotConvert, match="is not one class of characters"):
        expression(call("replace", OPEN, word("ab"), word("c")), [{"o": "ab"}], "string")


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("^[A-Z]", [True, False, True, None, False, True, False, False, False]),
        (r"\d+$", [False, False, True, None, False, False, False, False, False]),
        ("s$", [False, False, False, None, False, False, False, False, True]),
        (r"^\s", [False, True, False, None, False, False, True, False, False]),
        ("e.$", [False, True, False, None, False, False, False, False, False]),
        (r"m\b", [False, True, False, None, False, False, False, False, False]),
        ("^(x|ABC)", [False, False, True, None, True, False, False, False, False]),
    ],
)  # fmt: skip
def test_patterns_are_found(expression: Compute, pattern: str, wanted: list[Any]) -> None:
    assert expression(call("matches", OPEN, word(pattern)), ROWS, "boolean") == wanted


def test_a_dot_is_no_end_of_a_line(expression: Compute) -> None:
    rows = [{"o": text} for text in ("abc", "a\nc", "a\rc", "a\u0085c", "a𝒳c")]
    assert expression(call("matches", OPEN, word("a.c")), rows, "boolean") == [True, False, False, False, True]


@pytest.mark.parametrize("pattern", ["a$|b", "a(?=b)", r"\p{L}", "a++", r"\h"])
def test_patterns_that_java_reads_otherwise_are_refused(expression: Compute, pattern: str) -> None:
    with pytest.raises(CannotConvert, match="pattern"):
        expression(call("matches", OPEN, word(pattern)), [{"o": "a"}], "boolean")


def test_what_is_made_is_compared(expression: Compute) -> None:
    inside = call("isIn", call("uppercase", call("substring", OPEN, count(1), count(3))), word("HEL"), word("ABC"))
    assert expression(inside, ROWS[:5], "boolean") == [True, False, True, None, False]


def test_the_reference_evaluator_agrees(make: Make) -> None:
    inside = call("uppercase", call("replace", call("trimBlanks", OPEN), word("[aeiou]+"), word("_")))
    out = f'<Output><OutputField name="d" optype="categorical" dataType="string" feature="transformedValue">{inside}'
    body = f'<RegressionModel functionName="regression">@{out}</OutputField></Output><RegressionTable intercept="1"/>'
    proto: onnx.ModelProto = compile_document(read(make(f"{body}</RegressionModel>").encode()), Context(Signature(())))
    names = {item.name: item.type.tensor_type.elem_type for item in proto.graph.input}
    texts = np.array([[" seas "], ["x"]], object)
    fed = {
        name: texts if kind == onnx.TensorProto.STRING else np.zeros((2, 1), onnx.helper.tensor_dtype_to_np_dtype(kind))
        for name, kind in names.items()
    }
    session = ReferenceEvaluator(proto, new_ops=list(OPERATORS))
    found = dict(zip([item.name for item in proto.graph.output], session.run(None, fed), strict=True))
    assert [str(text) for text in found["d"]] == ["S_S", "X"]
