"""Training rows are treated like inputs, as in JPMML-Evaluator (1.7); expected values by hand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from modelport.errors import CannotConvert

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]


def neighbours(cells: Sequence[float]) -> str:
    rows = "".join(f"<row><x>{x}</x><y>{i}</y></row>" for i, x in enumerate(cells))
    instances = "".join(f'<InstanceField field="{name}" column="{name}"/>' for name in "xy")
    outputs = '<OutputField name="near" feature="entityId"/><OutputField name="far" feature="affinity" rank="2"/>'
    return (
        f'<NearestNeighborModel functionName="regression" numberOfNeighbors="2">@<Output>{outputs}</Output>'
        f"<TrainingInstances><InstanceFields>{instances}</InstanceFields><InlineTable>{rows}</InlineTable>"
        '</TrainingInstances><ComparisonMeasure kind="distance"><cityBlock/></ComparisonMeasure>'
        '<KNNInputs><KNNInput field="x"/></KNNInputs></NearestNeighborModel>'
    )


def test_outliers_of_the_training_table_are_clipped(score: Score, make: Make) -> None:
    schema = '<MiningField name="x" outliers="asExtremeValues" lowValue="0" highValue="2"/>'
    assert score(make(neighbours([9.0, 1.0, -5.0]), schema=schema), [{"x": 1.75}]) == [
        {"prediction": 0.5, "near": "1", "far": 0.75}
    ]


def test_invalid_training_rows_are_refused(score: Score, make: Make) -> None:
    interval = '<Interval closure="closedClosed" leftMargin="0"/>'
    fields = f'<DataField name="x" optype="continuous" dataType="double">{interval}</DataField>'
    fields += "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "ifso")
    with pytest.raises(CannotConvert, match="training rows without a valid value of 'x'"):
        score(make(neighbours([9.0, 1.0, -5.0]), fields=fields), [{"x": 1.75}])
