"""aggregateNodes; expected values are PMML4S's (1.5.8), and by hand the counts they are made of."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
CLASSES = 'optype="categorical" dataType="string"'


def node(score: str, a: int, b: int, predicate: str, inside: str = "") -> str:
    counts = f'<ScoreDistribution value="a" recordCount="{a}"/><ScoreDistribution value="b" recordCount="{b}"/>'
    return f'<Node score="{score}" recordCount="{a + b}">{predicate}{counts}{inside}</Node>'


def when(field: str, operator: str) -> str:
    return f'<SimplePredicate field="{field}" operator="{operator}" value="1"/>'


def tree(more: str = "") -> str:
    leaves = node("b", 5, 15, when("f", "lessThan")) + node("a", 28, 2, when("f", "greaterOrEqual"))
    inner = node("a", 40, 10, when("x", "lessThan"), leaves) + node("b", 12, 38, when("x", "greaterOrEqual"))
    root = node("a", 60, 40, "<True/>", inner)
    return f'<TreeModel functionName="classification" missingValueStrategy="aggregateNodes"{more}>@{root}</TreeModel>'


def test_records_of_all_that_may_hold_are_counted(score: Score, make: Make) -> None:
    rows = [{"f": 0.0}, {"f": 2.0}, {"x": 0.0}, {}, {"x": 0.0, "f": 0.0}, {"x": 1.0}]
    got = score(make(tree(), target=CLASSES), rows)
    assert [row["label"] for row in got] == ["b", "a", "a", "b", "b", "b"]
    wanted = [53 / 70, 40 / 80, 17 / 50, 55 / 100, 0.75, 38 / 50]
    assert [row["probability(b)"] for row in got] == pytest.approx(wanted, rel=1e-15)


def test_an_invalid_value_is_no_missing_one(score: Score, make: Make) -> None:
    fields = '<DataField name="x" optype="continuous" dataType="double"><Interval closure="closedOpen" leftMargin="0"/>'
    fields += "</DataField>" + "".join(f'<DataField name="{n}" optype="continuous" dataType="double"/>' for n in "ifso")
    assert score(make(tree(), target=CLASSES, fields=fields), [{"x": -1.0}])[0]["label"] is None
