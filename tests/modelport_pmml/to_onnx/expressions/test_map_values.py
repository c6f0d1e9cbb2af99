"""MapValues over tables whose cells bear a namespace's prefix; expected values are JPMML-Evaluator's (1.7.7)."""

from collections.abc import Callable
from typing import Any

Compute = Callable[..., list[Any]]
SPACE = 'xmlns:data="http://jpmml.org/jpmml-model/InlineTable"'


def test_prefixed_columns_are_found(expression: Compute) -> None:
    rows = "".join(
        f"<row><data:in>{word}</data:in><data:out>{value}</data:out></row>" for word, value in (("a", 1.5), ("b", 2))
    )
    inside = (
        '<MapValues outputColumn="data:out" dataType="double" defaultValue="-1" mapMissingTo="-2">'
        f'<FieldColumnPair field="o" column="data:in"/><InlineTable {SPACE}>{rows}</InlineTable></MapValues>'
    )
    assert expression(inside, [{"o": "a"}, {"o": "b"}, {"o": "c"}, {}]) == [1.5, 2.0, -1.0, -2.0]
