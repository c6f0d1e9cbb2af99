"""Several results a row: chains of several targets, selectAll, neighbours and networks of several targets.

Expected values are JPMML-Evaluator's (1.7.7) for the same documents.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from modelport.artifacts import artifact
from modelport.errors import InputError
from modelport.runtimes import runtime

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
NUMBER = 'optype="continuous" dataType="double"'
CLASSES = '<Value value="a"/><Value value="b"/>'
FIELDS = "".join(f'<DataField name="{name}" {NUMBER}/>' for name in "xyt")
FIELDS += f'<DataField name="u" optype="categorical" dataType="string">{CLASSES}</DataField>'
TRUE = "<True/>"
NOT_NEGATIVE = '<SimplePredicate field="x" operator="greaterOrEqual" value="0"/>'


def document(body: str) -> str:
    head = '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>'
    return f"{head}<DataDictionary>{FIELDS}</DataDictionary>{body}</PMML>"


def schema(*targets: str, inputs: str = "xy") -> str:
    names = "".join(f'<MiningField name="{name}"/>' for name in inputs)
    goals = "".join(f'<MiningField name="{name}" usageType="target"/>' for name in targets)
    return f"<MiningSchema>{names}{goals}</MiningSchema>"


def line(target: str, intercept: float, field: str = "x", output: str = "") -> str:
    shown = f'<Output><OutputField name="{output}" feature="predictedValue"/></Output>' if output else ""
    own = schema(target, inputs="xy" if field in "xy" else field)
    return (
        f'<RegressionModel functionName="regression">{own}{shown}'
        f'<RegressionTable intercept="{intercept}"><NumericPredictor name="{field}" coefficient="1"/></RegressionTable>'
        "</RegressionModel>"
    )


def label(target: str) -> str:
    below = '<SimplePredicate field="x" operator="lessThan" value="1"/>'
    return (
        f'<TreeModel functionName="classification">{schema(target)}<Node score="a"><True/><Node score="b">{below}'
        '</Node><Node score="a"><True/></Node></Node></TreeModel>'
    )


def segments(method: str, *parts: tuple[str, str], targets: Sequence[str], outputs: str = "") -> str:
    inside = "".join(f'<Segment id="s{i + 1}">{when}{model}</Segment>' for i, (when, model) in enumerate(parts))
    function = "mixed" if "u" in targets and len(targets) > 1 else "regression"
    return document(
        f'<MiningModel functionName="{function}">{schema(*targets)}{outputs}'
        f'<Segmentation multipleModelMethod="{method}">{inside}</Segmentation></MiningModel>'
    )


@pytest.mark.parametrize("method", ["x-multiModelChain", "multiModelChain"])
def test_a_chain_of_several_targets(score: Score, method: str) -> None:
    text = segments(method, (TRUE, line("t", 1)), (NOT_NEGATIVE, label("u")), targets=["t", "u"])
    assert score(text, [{"x": 0.0}, {"x": 1.0}, {"x": -1.5}]) == [
        {"prediction(t)": 1.0, "label(u)": "b"},
        {"prediction(t)": 2.0, "label(u)": "a"},
        {"prediction(t)": -0.5, "label(u)": None},
    ]


def test_later_targets_see_the_outputs_of_earlier_ones(score: Score) -> None:
    parts = ((TRUE, line("t", 1, output="o")), (TRUE, line("y", 10, field="o")))
    rows = score(segments("x-multiModelChain", *parts, targets=["t", "y"]).replace('<MiningField name="y"/>', ""),
                 [{"x": 2.0}])  # fmt: skip
    assert rows == [{"prediction(t)": 3.0, "prediction(y)": 13.0, "o": 3.0}]


def test_two_segments_of_one_target_are_an_error(score: Score) -> None:
    with pytest.raises(InputError, match="a second segment predicts the target 't'"):
        score(segments("x-multiModelChain", (TRUE, line("t", 1)), (TRUE, line("t", 2)), targets=["t"]), [{}])


def test_every_segment_answers(score: Score) -> None:
    named = '<Output><OutputField name="second" feature="predictedValue" segmentId="s2"/></Output>'
    text = segments("selectAll", (TRUE, line("t", 1)), (NOT_NEGATIVE, line("t", 5)), targets=["t"], outputs=named)
    assert score(text, [{"x": 0.0}, {"x": -1.5}, {}]) == [
        {"prediction(s1)": 1.0, "prediction(s2)": 5.0, "second": 5.0},
        {"prediction(s1)": -0.5, "prediction(s2)": None, "second": None},
        {"prediction(s1)": None, "prediction(s2)": None, "second": None},
    ]


@pytest.mark.parametrize(
    ("method", "wanted"),
    [("average", [(1.0, 5.0), (-0.5, None)]), ("selectFirst", [(1.0, None), (-0.5, None)]),
     ("modelChain", [(1.0, 5.0), (-0.5, None)])],
)  # fmt: skip
def test_a_segment_that_is_not_asked_has_no_outputs(score: Score, method: str, wanted: list[Any]) -> None:
    named = "".join(f'<OutputField name="o{i}" feature="predictedValue" segmentId="s{i}"/>' for i in (1, 2))
    parts = ((TRUE, line("t", 1)), (NOT_NEGATIVE, line("t", 5)))
    rows = score(
        segments(method, *parts, targets=["t"], outputs=f"<Output>{named}</Output>"), [{"x": 0.0}, {"x": -1.5}]
    )
    assert [(row["o1"], row["o2"]) for row in rows] == wanted


def neighbours(transformed: str, field: str) -> str:
    cells = [(0, 0, "a", 1.5), (1, 2, "b", 2.0), (-1, 1, "a", 3.0), (3, 3, "b", 7.0)]
    rows = "".join(f"<row><x>{x}</x><y>{y}</y><u>{u}</u><t>{t}</t></row>" for x, y, u, t in cells)
    instances = "".join(f'<InstanceField field="{name}" column="{name}"/>' for name in "xyut")
    double = '<Apply function="*"><FieldRef field="x"/><Constant dataType="double">2</Constant></Apply>'
    ranks = "".join(f'<OutputField name="e{i}" feature="entityId" rank="{i}"/>' for i in (1, 2))
    ranks += '<OutputField name="far" feature="affinity" rank="2" targetField="t"/>'
    ranks = ranks.replace('rank="1"/>', 'rank="1" targetField="t"/>').replace(
        'rank="2"/>', 'rank="2" targetField="u"/>'
    )
    return document(
        f'<NearestNeighborModel functionName="mixed" numberOfNeighbors="3">{schema("u", "t")}<Output>{ranks}</Output>'
        f'<LocalTransformations><DerivedField name="d" {NUMBER}>{double}</DerivedField></LocalTransformations>'
        f'<TrainingInstances isTransformed="{transformed}"><InstanceFields>{instances}</InstanceFields>'
        f"<InlineTable>{rows}</InlineTable></TrainingInstances>"
        '<ComparisonMeasure kind="distance"><squaredEuclidean/></ComparisonMeasure>'
        f'<KNNInputs><KNNInput field="{field}"/><KNNInput field="y"/></KNNInputs></NearestNeighborModel>'
    )


def test_neighbours_of_several_targets(score: Score) -> None:
    assert score(neighbours("false", "x"), [{"x": 0.0, "y": 0.0}]) == [
        {"label(u)": "a", "prediction(t)": 2.1666666666666665, "e1": "1", "e2": "3", "far": 2.0}
    ]


def test_the_training_table_is_transformed_like_the_inputs(score: Score) -> None:
    assert [row["far"] for row in score(neighbours("false", "d"), [{"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 2.0}])] == [
        5.0,
        8.0,
    ]


def test_the_session_names_what_the_document_gives(tmp_path: Path) -> None:
    path = tmp_path / "several.pmml"
    path.write_text(segments("x-multiModelChain", (TRUE, line("t", 1)), (TRUE, label("u")), targets=["t", "u"]))
    session = runtime("modelport-onnx").open(artifact(path), None)
    names = [column.name for column in session.signature.inputs]
    batch = pa.RecordBatch.from_pydict({name: pa.array([2.0], pa.float64()) for name in names})
    assert session.score(batch).to_pylist() == [{"prediction(t)": 3.0, "label(u)": "a"}]
