"""Clusters that are compared by derived fields, as before PMML 3.2; expected values by hand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from modelport.errors import CannotConvert

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]


def centred(field: str) -> str:
    norm = '<NormContinuous field="x"><LinearNorm orig="0" norm="0"/><LinearNorm orig="4" norm="1"/></NormContinuous>'
    centres = f'<CenterFields><DerivedField name="n">{norm}</DerivedField><DerivedField name="g"><FieldRef field="f"/>'
    centres += "</DerivedField></CenterFields>"
    clusters = "".join(
        f'<Cluster name="{name}"><Array n="2" type="real">{at}</Array></Cluster>'
        for name, at in (("a", "0 0"), ("b", "1 1"))
    )
    return (
        '<ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2">@'
        '<Output><OutputField name="near" feature="clusterAffinity"/></Output>'
        '<ComparisonMeasure kind="distance"><squaredEuclidean/></ComparisonMeasure>'
        f"{field}<ClusteringField field='f'/>{centres}{clusters}</ClusteringModel>"
    )


def test_derived_fields_are_compared(score: Score, make: Make) -> None:
    rows = [{"x": 4.0, "f": 0.5}, {"x": 1.0, "f": 0.5}]
    got = score(make(centred('<ClusteringField field="x"/>')), rows)
    assert got == [{"cluster": 2, "near": 0.25}, {"cluster": 1, "near": 0.0625 + 0.25}]


def test_weights_beside_derived_fields_are_refused(score: Score, make: Make) -> None:
    with pytest.raises(CannotConvert, match="a weight or compare function of its own"):
        score(make(centred('<ClusteringField field="x" fieldWeight="2"/>')), [{}])
