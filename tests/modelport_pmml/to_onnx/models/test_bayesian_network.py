"""Bayesian networks of discrete nodes; expected values by Bayes' rule, by hand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from modelport.errors import CannotConvert, InputError

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
CLASSES = 'optype="categorical" dataType="string"'
YES_NO = '<Value value="yes"/><Value value="no"/>'


def share(**shares: float) -> str:
    return "".join(f'<ValueProbability value="{name}" probability="{share}"/>' for name, share in shares.items())


def given(inside: str, **parents: str) -> str:
    told = "".join(f'<ParentValue parent="{name}" value="{value}"/>' for name, value in parents.items())
    return f"<DiscreteConditionalProbability>{told}{inside}</DiscreteConditionalProbability>"


def sprinkler(method: str = "Exact", rain: str = "rain", fields: str = "sw") -> str:
    """Rain and a sprinkler wet the grass; the sprinkler is used less when it rains."""
    nodes = f'<DiscreteNode name="r">{share(yes=0.2, no=0.8)}</DiscreteNode>'
    nodes += f'<DiscreteNode name="s">{given(share(yes=0.01, no=0.99), r="yes")}'
    nodes += f'{given(share(yes=0.4, no=0.6), r="no")}</DiscreteNode><DiscreteNode name="w">'
    for s, r, wet in (("yes", "yes", 0.99), ("yes", "no", 0.9), ("no", "yes", 0.8), ("no", "no", 0.0)):
        nodes += given(share(yes=wet, no=round(1 - wet, 2)), s=s, r=r)
    schema = "".join(f'<MiningField name="{name}" invalidValueTreatment="asIs"/>' for name in fields)
    dictionary = "".join(f'<DataField name="{name}" {CLASSES}>{YES_NO}</DataField>' for name in "rsw")
    return (
        '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>'
        f"<DataDictionary>{dictionary}</DataDictionary>"
        f'<BayesianNetworkModel functionName="classification" inferenceMethod="{method}"><MiningSchema>{schema}'
        f'<MiningField name="r" usageType="target"/></MiningSchema><BayesianNetworkNodes>{nodes}</DiscreteNode>'
        "</BayesianNetworkNodes></BayesianNetworkModel></PMML>"
    )


def test_the_target_given_what_is_known(score: Score) -> None:
    wet = {"yes": 0.2 * (0.01 * 0.99 + 0.99 * 0.8), "no": 0.8 * (0.4 * 0.9)}
    both = {"yes": 0.2 * 0.01 * 0.99, "no": 0.8 * 0.4 * 0.9}
    wanted = [0.2, wet["yes"] / sum(wet.values()), both["yes"] / sum(both.values()), 1.0]
    rows = score(sprinkler(), [{}, {"w": "yes"}, {"w": "yes", "s": "yes"}, {"w": "yes", "s": "no"}])
    assert [row["probability(yes)"] for row in rows] == pytest.approx(wanted, rel=1e-14)
    assert [row["label"] for row in rows] == ["no", "no", "no", "yes"]


def test_a_node_that_no_field_tells_of(score: Score) -> None:
    wet = {"yes": 0.2 * (0.01 * 0.99 + 0.99 * 0.8), "no": 0.8 * (0.4 * 0.9)}
    rows = score(sprinkler(fields="w"), [{"w": "yes"}])
    assert rows[0]["probability(yes)"] == pytest.approx(wet["yes"] / sum(wet.values()), rel=1e-14)


def test_a_value_that_no_node_has(score: Score) -> None:
    assert score(sprinkler(), [{"w": "perhaps"}])[0]["label"] is None


def test_what_is_refused(score: Score) -> None:
    with pytest.raises(CannotConvert, match="sampling"):
        score(sprinkler("MCMC"), [{}])
    with pytest.raises(InputError, match="has no value 'yess'"):
        score(sprinkler().replace('parent="r" value="yes"', 'parent="r" value="yess"'), [{}])
