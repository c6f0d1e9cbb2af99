"""Poisson distributions; expected values are JPMML-Evaluator's (1.7.7)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from modelport.errors import InputError

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
CLASSES = 'optype="categorical" dataType="string"'


def poisson(first: float, second: float) -> str:
    stats = "".join(
        f'<TargetValueStat value="{name}"><PoissonDistribution mean="{mean}"/></TargetValueStat>'
        for name, mean in (("a", first), ("b", second))
    )
    counts = '<TargetValueCount value="a" count="5"/><TargetValueCount value="b" count="7"/>'
    return (
        '<NaiveBayesModel functionName="classification" threshold="0.001">@<BayesInputs><BayesInput fieldName="x">'
        f"<TargetValueStats>{stats}</TargetValueStats></BayesInput></BayesInputs>"
        f'<BayesOutput fieldName="y"><TargetValueCounts>{counts}</TargetValueCounts></BayesOutput></NaiveBayesModel>'
    )


def test_counts_that_are_poisson(score: Score, make: Make) -> None:
    rows = score(make(poisson(1, 4), target=CLASSES), [{"x": float(x)} for x in (0, 1, 2, 5)])
    wanted = [0.9348398876413887, 0.7819784722917515, 0.4727617532409111, 0.01381697513872218]
    assert [row["probability(a)"] for row in rows] == pytest.approx(wanted, rel=1e-12)


def test_what_is_no_count(score: Score, make: Make) -> None:
    rows = score(make(poisson(1, 4), target=CLASSES), [{"x": 1.5}, {"x": -1.0}, {"x": 1e9}, {}])
    got = [row["probability(a)"] for row in rows]
    assert got[0] is None
    assert got[1:] == pytest.approx([5 / 12] * 3, rel=1e-12)


def test_a_mean_that_is_not_positive(score: Score, make: Make) -> None:
    with pytest.raises(InputError, match="of a Poisson distribution"):
        score(make(poisson(0, 4), target=CLASSES), [{"x": 1.0}])
