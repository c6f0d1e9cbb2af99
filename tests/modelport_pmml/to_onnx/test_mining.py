"""Ensembles: methods, segments that are not active, predictions that are missing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from modelport.errors import CannotConvert

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
INNER = "<MiningSchema>" + "".join(f'<MiningField name="{name}"/>' for name in "xifso") + "</MiningSchema>"


def segment(intercept: float, holds: str = "<True/>", weight: float = 1.0, predictor: str = "") -> str:
    table = f'<RegressionTable intercept="{intercept}">{predictor}</RegressionTable>'
    model = f'<RegressionModel functionName="regression">{INNER}{table}</RegressionModel>'
    return f'<Segment weight="{weight}">{holds}{model}</Segment>'


def ensemble(method: str, *segments: str, **attributes: str) -> str:
    text = "".join(f' {key}="{value}"' for key, value in attributes.items())
    inside = f'<Segmentation multipleModelMethod="{method}"{text}>{"".join(segments)}</Segmentation>'
    return f'<MiningModel functionName="regression">@{inside}</MiningModel>'


POSITIVE = '<SimplePredicate field="x" operator="greaterThan" value="0"/>'
THREE = (segment(1), segment(2, POSITIVE, 2.0), segment(6, weight=3.0))


@pytest.mark.parametrize(
    ("method", "all_", "two"),
    [("sum", 9.0, 7.0), ("average", 3.0, 3.5), ("weightedSum", 23.0, 19.0), ("weightedAverage", 23 / 6, 19 / 4),
     ("median", 2.0, 3.5), ("weightedMedian", 2.0, 6.0), ("selectFirst", 1.0, 1.0), ("modelChain", 6.0, 6.0)],
)  # fmt: skip
def test_methods_count_active_segments(score: Score, make: Make, method: str, all_: float, two: float) -> None:
    found = score(make(ensemble(method, *THREE)), [{"x": 1.0}, {"x": 0.0}, {}])
    assert [row["prediction"] for row in found] == pytest.approx([all_, two, two], rel=1e-15)


def test_no_active_segment_is_a_missing_result(score: Score, make: Make) -> None:
    found = score(make(ensemble("average", segment(2, POSITIVE))), [{"x": 1.0}, {"x": 0.0}])
    assert [row["prediction"] for row in found] == [2.0, None]


@pytest.mark.parametrize(
    ("treatment", "threshold", "wanted"),
    [("continue", "1", None), ("returnMissing", "1", None), ("skipSegment", "1", 1.0), ("skipSegment", "0.4", None)],
)
def test_missing_predictions(score: Score, make: Make, treatment: str, threshold: str, wanted: float | None) -> None:
    needy = segment(3, predictor='<NumericPredictor name="x" coefficient="1"/>')
    text = make(
        ensemble("average", segment(1), needy, missingPredictionTreatment=treatment, missingThreshold=threshold)
    )
    assert [row["prediction"] for row in score(text, [{"x": 0.0}, {}])] == [2.0, wanted]


def test_skipping_segments_of_select_all_is_refused_by_name(score: Score, make: Make) -> None:
    text = make(ensemble("selectAll", *THREE)).replace(
        'multipleModelMethod="selectAll"', 'multipleModelMethod="selectAll" missingPredictionTreatment="skipSegment"'
    )
    with pytest.raises(CannotConvert, match="selectAll") as caught:
        score(text, [{}])
    assert "Segmentation" in str(caught.value.where)


def test_a_model_that_looks_at_no_field_answers_every_row(score: Score, make: Make) -> None:
    tables = "".join(f'<RegressionTable intercept="{i}" targetCategory="{c}"/>' for i, c in ((1, "u"), (0, "v")))
    model = f'<RegressionModel functionName="classification" normalizationMethod="softmax">{INNER}{tables}'
    inside = f"<Segment>{POSITIVE}{model}</RegressionModel></Segment>"
    for method in ("max", "average", "majorityVote"):
        segmentation = f'<Segmentation multipleModelMethod="{method}">{inside}</Segmentation>'
        text = make(
            f'<MiningModel functionName="classification">@{segmentation}</MiningModel>',
            target='optype="categorical" dataType="string"',
        )
        assert [row["label"] for row in score(text, [{"x": 1.0}, {"x": 0.0}, {"x": 2.0}])] == ["u", None, "u"]
