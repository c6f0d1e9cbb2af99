"""TextIndex over text of any kind, and over listed texts; expected values are JPMML-Evaluator's (1.7.7)."""

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from modelport.errors import CannotConvert

Compute = Callable[..., list[Any]]
TEXTS = ["the cat the dog", "The, Cat!", "the the the", "theatre the", None, ' "the" -- the- cat', "the-cat", "(cat)",
         "the\u00a0cat the\tcat", "\u017ftop Stop", "tha cot"]  # fmt: skip
ROWS = [{"o": text} for text in TEXTS]
OTHERS = "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "xifs")
LISTED = "".join(f"<Value value={quoteattr(text)}/>" for text in TEXTS if text and "\t" not in text)
FIELDS = {
    "open": f'{OTHERS}<DataField name="o" optype="categorical" dataType="string"/>',
    "listed": f'{OTHERS}<DataField name="o" optype="categorical" dataType="string">{LISTED}</DataField>',
}


def index(term: str, **more: str) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<TextIndex textField="o"{attributes}><Constant dataType="string">{term}</Constant></TextIndex>'


@pytest.mark.parametrize("kind", ["open", "listed"])
@pytest.mark.parametrize(
    ("term", "more", "wanted"),
    [
        ("the", {}, [2, 1, 3, 1, None, 2, 0, 0]),
        ("the cat", {}, [1, 1, 0, 0, None, 1, 0, 0]),
        ("the", {"isCaseSensitive": "true"}, [2, 0, 3, 1, None, 2, 0, 0]),
        ("the", {"localTermWeights": "binary"}, [1, 1, 1, 1, None, 1, 0, 0]),
        ("cat", {"wordSeparatorCharacterRE": r"[\s\-]"}, [1, 1, 0, 0, None, 1, 1, 1]),
    ],
)
def test_terms_are_counted(expression: Compute, kind: str, term: str, more: dict[str, str], wanted: list[Any]) -> None:
    assert expression(index(term, **more), ROWS[:8], "integer", fields=FIELDS[kind]) == wanted


def test_logarithms_of_counts(expression: Compute) -> None:
    found = expression(index("the", localTermWeights="logarithmic"), ROWS[:3], "double", fields=FIELDS["open"])
    assert found == pytest.approx([0.47712125471966244, 0.3010299956639812, 0.6020599913279624], rel=1e-15)


def test_blanks_and_letters_are_java_s(expression: Compute) -> None:
    assert expression(index("the cat"), ROWS[8:10], "integer", fields=FIELDS["open"]) == [1, 0]
    assert expression(index("stop"), ROWS[8:10], "integer", fields=FIELDS["open"]) == [0, 2]


@pytest.mark.parametrize(
    ("more", "wanted"),
    [({}, [0, 0]), ({"maxLevenshteinDistance": "1"}, [1, 0]), ({"maxLevenshteinDistance": "2"}, [1, 1])],
)
def test_words_that_are_near(expression: Compute, more: dict[str, str], wanted: list[int]) -> None:
    rows = [{"o": "tha cot"}]
    found = [*expression(index("the", **more), rows, "integer", fields=FIELDS["listed"]),
             *expression(index("the cat", **more), rows, "integer", fields=FIELDS["listed"])]  # fmt: skip
    assert found == wanted


def test_what_is_refused(expression: Compute) -> None:
    with pytest.raises(CannotConvert, match="counted loosely"):
        expression(index("the", maxLevenshteinDistance="1"), ROWS, "integer", fields=FIELDS["open"])
    with pytest.raises(CannotConvert, match="not met by a blank"):
        expression(index("the", wordSeparatorCharacterRE=","), ROWS, "integer", fields=FIELDS["open"])
