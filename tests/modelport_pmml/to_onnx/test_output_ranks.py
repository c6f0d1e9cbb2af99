"""Entities by rank; expected values are JPMML-Evaluator's (1.7.7)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from modelport.errors import CannotConvert

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
CLASSES = 'optype="categorical" dataType="string"'


def outputs(*fields: tuple[str, str, int]) -> str:
    inside = "".join(f'<OutputField name="{name}" feature="{kind}" rank="{rank}"/>' for name, kind, rank in fields)
    return f"<Output>{inside}</Output>"


def clustering(*fields: tuple[str, str, int]) -> str:
    clusters = "".join(
        f'<Cluster id="{name}"><Array n="2" type="real">{at}</Array></Cluster>'
        for name, at in (("one", "0 0"), ("two", "1 2"), ("three", "-1 0.25"))
    )
    sides = '<ClusteringField field="x"/><ClusteringField field="f" fieldWeight="2"/>'
    measure = '<ComparisonMeasure kind="distance"><squaredEuclidean/></ComparisonMeasure>'
    return (
        '<ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="3">@'
        f"{outputs(*fields)}{measure}{sides}{clusters}</ClusteringModel>"
    )


def test_clusters_by_rank(score: Score, make: Make) -> None:
    wanted = [("second", "entityId", 2), ("third", "entityId", 3), ("near", "affinity", 2), ("far", "affinity", 3)]
    rows = score(make(clustering(*wanted)), [{"x": 0.0, "f": 0.0}, {"x": 1.0, "f": 2.0}, {"f": 1.0}])
    assert [tuple(row.values())[1:] for row in rows] == [
        ("three", "two", 1.125, 9.0),
        ("one", "three", 9.0, 10.125),
        ("one", "two", 4.0, 4.0),
    ]


def test_a_rank_says_nothing_of_the_cluster_itself(score: Score, make: Make) -> None:
    rows = score(make(clustering(("name", "clusterId", 3), ("near", "clusterAffinity", 2))), [{"x": -1.5, "f": 0.5}])
    assert rows == [{"cluster": "three", "name": "three", "near": 0.375}]


def rule(name: str, label: str, sure: float, weight: float, below: float) -> str:
    return (
        f'<SimpleRule id="{name}" score="{label}" confidence="{sure}" weight="{weight}">'
        f'<SimplePredicate field="x" operator="lessThan" value="{below}"/></SimpleRule>'
    )


@pytest.mark.parametrize(("criterion", "wanted"), [("weightedSum", "R2"), ("weightedMax", "R3"), ("firstHit", "R1")])
def test_the_rule_that_answers(score: Score, make: Make, criterion: str, wanted: str) -> None:
    rules = rule("R1", "a", 0.5, 1, 9) + rule("R2", "a", 0.7, 3, 9) + rule("R3", "b", 0.9, 2.5, 9)
    rules += rule("R4", "b", 0.2, 0.1, 4) + rule("R5", "a", 0.1, 3, 9)
    method = f'<RuleSelectionMethod criterion="{criterion}"/>'
    body = f'<RuleSet defaultScore="b" defaultConfidence="0.1">{method}{rules}</RuleSet>'
    model = f'<RuleSetModel functionName="classification">@{outputs(("rule", "entityId", 1))}{body}</RuleSetModel>'
    rows = score(make(model, target=CLASSES), [{"x": 0.0}, {"x": 5.0}, {}])
    assert [row["rule"] for row in rows] == [wanted, wanted, None]


def test_what_ranks_nothing_is_refused(score: Score, make: Make) -> None:
    tree = f'<TreeModel functionName="classification">@{outputs(("n", "entityId", 2))}<Node score="a"><True/></Node>'
    with pytest.raises(CannotConvert, match="ranks no entities"):
        score(make(f"{tree}</TreeModel>", target=CLASSES), [{}])
