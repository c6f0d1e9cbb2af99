"""AnomalyDetectionModel; expected values are PMML4S's (1.5.8), or the specification's formula by hand."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from modelport.errors import InputError

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
INNER = '<MiningSchema><MiningField name="x"/><MiningField name="f"/></MiningSchema>'


def detector(kind: str, model: str, more: str = "") -> str:
    attributes = f'functionName="regression" algorithmType="{kind}" sampleDataSize="100"'
    return f"<AnomalyDetectionModel {attributes}>@{model}{more}</AnomalyDetectionModel>"


def clusters() -> str:
    inside = "".join(
        f'<Cluster id="{i}"><Array n="2" type="real">{at}</Array></Cluster>'
        for i, at in ((1, "0 0"), (2, "1 2"), (3, "-1 0.25"))
    )
    sides = '<ClusteringField field="x"/><ClusteringField field="f" fieldWeight="2"/>'
    measure = '<ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure>'
    return (
        '<ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="3">'
        f"{INNER}{measure}{sides}{inside}</ClusteringModel>"
    )


LINE = (
    f'<RegressionModel functionName="regression">{INNER}<RegressionTable intercept="3"><NumericPredictor name="x" '
    'coefficient="1"/></RegressionTable></RegressionModel>'
)


def test_the_distance_to_a_cluster_over_its_mean_distance(score: Score, make: Make) -> None:
    means = '<MeanClusterDistances><Array n="3" type="real">1.5 2 0.5</Array></MeanClusterDistances>'
    rows = [{"x": 0.0, "f": 0.0}, {"x": 1.0, "f": 2.0}, {"x": -1.5, "f": 0.5}]
    got = score(make(detector("clusterMeanDist", clusters(), means)), rows)
    assert [row["prediction"] for row in got] == [0.0, 0.0, 1.224744871391589]


def test_as_many_mean_distances_as_clusters(score: Score, make: Make) -> None:
    means = '<MeanClusterDistances><Array n="2" type="real">1.5 2</Array></MeanClusterDistances>'
    with pytest.raises(InputError, match="2 mean distances"):
        score(make(detector("clusterMeanDist", clusters(), means)), [{}])


@pytest.mark.parametrize("kind", ["ocsvm", "other"])
def test_other_models_answer_themselves(score: Score, make: Make, kind: str) -> None:
    assert score(make(detector(kind, LINE)), [{"x": 1.0}, {}]) == [{"prediction": 4.0}, {"prediction": None}]


def test_paths_of_an_isolation_forest_are_normalised(score: Score, make: Make) -> None:
    expected = 2 * (math.log(99) + 0.57721566) - 2 * 99 / 100
    got = score(make(detector("iforest", LINE)), [{"x": 1.0}])
    assert got[0]["prediction"] == pytest.approx(2 ** (-4 / expected), rel=1e-14)
