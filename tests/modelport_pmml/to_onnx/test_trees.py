"""Trees: every strategy for missing values, on boundary rows too."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
CLASS = 'optype="categorical" dataType="string"'


def node(holds: str, *inside: str, **attributes: str) -> str:
    names = {"default": "defaultChild"}
    text = "".join(f' {names.get(key, key)}="{value}"' for key, value in attributes.items())
    return f"<Node{text}>{holds}{''.join(inside)}</Node>"


def simple(field: str, operator: str, value: str | None = None) -> str:
    more = "" if value is None else f' value="{value}"'
    return f'<SimplePredicate field="{field}" operator="{operator}"{more}/>'


def tree(root: str, function: str = "regression", **attributes: str) -> str:
    text = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<TreeModel functionName="{function}"{text}>@{root}</TreeModel>'


SPLIT = node("<True/>", node(simple("x", "lessThan", "1"), id="l", score="10"),
             node(simple("x", "greaterOrEqual", "1"), id="r", score="20"), id="t", score="5", default="r")  # fmt: skip


@pytest.mark.parametrize(
    ("strategy", "missing"),
    [("none", None), ("nullPrediction", None), ("lastPrediction", 5.0), ("defaultChild", 20.0)],
)
def test_missing_value_strategies(score: Score, make: Make, strategy: str, missing: float | None) -> None:
    rows = [{"x": np.nextafter(1.0, 0.0)}, {"x": 1.0}, {"x": np.nextafter(1.0, 2.0)}, {}]
    found = score(make(tree(SPLIT, missingValueStrategy=strategy)), rows)
    assert [row["prediction"] for row in found] == [10.0, 20.0, 20.0, missing]


def test_no_true_child(score: Score, make: Make) -> None:
    root = node("<True/>", node(simple("x", "lessThan", "1"), score="10"), score="5")
    for strategy, wanted in (("returnNullPrediction", None), ("returnLastPrediction", 5.0)):
        assert score(make(tree(root, noTrueChildStrategy=strategy)), [{"x": 2.0}])[0]["prediction"] == wanted


def test_presence_decides_both_ways(score: Score, make: Make) -> None:
    for operator, wanted in (("isMissing", [2.0, 1.0]), ("isNotMissing", [1.0, 2.0])):
        root = node("<True/>", node(simple("x", operator), score="1"), node("<True/>", score="2"))
        assert [row["prediction"] for row in score(make(tree(root)), [{"x": 0.0}, {}])] == wanted


def test_a_row_that_ends_without_a_score_is_invalid(score: Score, make: Make) -> None:
    root = node("<True/>", node(simple("x", "lessThan", "1")), node("<True/>", score="2"))
    assert [row["prediction"] for row in score(make(tree(root)), [{"x": 0.0}, {"x": 1.0}])] == [None, 2.0]


def test_an_invalid_value_counts_only_where_it_is_looked_at(score: Score, make: Make) -> None:
    inner = node(simple("x", "lessThan", "1"), node(simple("s", "equal", "a"), score="1"), node("<True/>", score="2"))
    root = node("<True/>", inner, node("<True/>", score="3"))
    rows = [{"x": 0.0, "s": "a"}, {"x": 0.0, "s": "z"}, {"x": 2.0, "s": "z"}]
    assert [row["prediction"] for row in score(make(tree(root)), rows)] == [1.0, None, 3.0]


def test_surrogates_answer_where_the_first_is_unknown(score: Score, make: Make) -> None:
    parts = simple("x", "lessThan", "1") + simple("i", "lessThan", "5")
    holds = f'<CompoundPredicate booleanOperator="surrogate">{parts}</CompoundPredicate>'
    root = node("<True/>", node(holds, score="1"), node("<True/>", score="2"))
    rows = [{"x": 0.0, "i": 9}, {"i": 4}, {"i": 5}, {}]
    assert [row["prediction"] for row in score(make(tree(root)), rows)] == [1.0, 1.0, 2.0, 2.0]


def test_distributions_are_shares_and_the_score_is_the_label(score: Score, make: Make) -> None:
    counts = '<ScoreDistribution value="u" recordCount="3"/><ScoreDistribution value="v" recordCount="1"/>'
    text = make(tree(node("<True/>", counts, score="v"), "classification"), target=CLASS)
    assert score(text, [{}]) == [{"label": "v", "probability(u)": 0.75, "probability(v)": 0.25}]


def test_a_default_child_that_is_missing_makes_the_row_invalid(score: Score, make: Make) -> None:
    root = SPLIT.replace(' defaultChild="r"', "")
    found = score(make(tree(root, missingValueStrategy="defaultChild")), [{"x": 0.0}, {}])
    assert [row["prediction"] for row in found] == [10.0, None]
