"""What a document's derived fields and segments give, where bisection to the step looks for them."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from modelport.artifacts import artifact
from modelport.parity.steps import blame
from modelport.runtimes import runtime
from modelport_pmml.document import document

HEAD = """<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>
<DataField name="a" optype="continuous" dataType="double"/><DataField name="y" optype="continuous" dataType="double"/>
</DataDictionary><TransformationDictionary><DerivedField name="twice" optype="continuous" dataType="double">
<Apply function="*"><FieldRef field="a"/><Constant dataType="double">2</Constant></Apply></DerivedField>
<DerivedField name="more" optype="continuous" dataType="double">
<Apply function="+"><FieldRef field="twice"/><Constant dataType="double">1</Constant></Apply></DerivedField>
</TransformationDictionary>"""
SCHEMA = """<MiningSchema><MiningField name="a"/><MiningField name="y" usageType="target"/></MiningSchema>"""
TREE = """<TreeModel functionName="regression">{schema}<Node score="0"><True/>
<Node score="{low}"><SimplePredicate field="more" operator="lessThan" value="{split}"/></Node>
<Node score="{high}"><SimplePredicate field="more" operator="greaterOrEqual" value="{split}"/></Node></Node>
</TreeModel>"""
ROWS = [0.0, 1.0, 2.0, None]


def sums(*trees: tuple[float, float, float]) -> Any:
    """A sum of stumps (below, split, above)."""
    parts = [TREE.format(schema=SCHEMA, low=low, split=split, high=high) for low, split, high in trees]
    segments = "".join(f'<Segment id="{i + 1}"><True/>{part}</Segment>' for i, part in enumerate(parts))
    model = f'<MiningModel functionName="regression">{SCHEMA}<Segmentation multipleModelMethod="sum">{segments}'
    return document(f"{HEAD}{model}</Segmentation></MiningModel></PMML>".encode())


def traced(model: Any) -> Any:
    session = runtime("modelport-onnx").open(artifact(model), None)
    batch = pa.RecordBatch.from_pydict({"a": ROWS}, schema=session.signature.input_schema)
    return session.trace(batch)


def test_fields_come_first_then_segments_then_the_model() -> None:
    steps = [step for step in traced(sums((1, 2, 3), (10, 4, 20))) if step.named]
    assert [step.step for step in steps] == [
        "DerivedField twice",
        "DerivedField more",
        "Segment 1",
        "Segment 2",
        "MiningModel",
    ]
    values = {step.step: step.values[0].tolist() for step in steps if step.values}
    np.testing.assert_array_equal(values["DerivedField more"], [1.0, 3.0, 5.0, np.nan])
    assert values["Segment 1"][:3] == [1.0, 3.0, 3.0]
    assert values["Segment 2"][:3] == [10.0, 10.0, 20.0]


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (("2</Constant>", "2.5</Constant>"), "DerivedField twice"),
        (("1</Constant>", "1.0000000000000002</Constant>"), "DerivedField more"),
        (('score="20"', 'score="21"'), "Segment 2"),
        (('multipleModelMethod="sum"', 'multipleModelMethod="average"'), "MiningModel"),
    ],
)
def test_the_step_that_was_changed_is_named(change: tuple[str, str], step: str) -> None:
    original = sums((1, 2, 3), (10, 4, 20))
    text = original.data.decode()
    assert text.count(change[0]) == 1
    found = blame(traced(original), traced(document(text.replace(*change).encode())), "the other")
    assert found is not None
    assert found.step == step


def test_fields_are_shown_on_rows_that_the_model_does_not_answer() -> None:
    silent = TREE.format(schema=SCHEMA, low=1, split=2, high=3).replace('score="0"', "")
    steps = {step.step: step for step in traced(document(f"{HEAD}{silent}</PMML>".encode()))}
    np.testing.assert_array_equal(steps["DerivedField twice"].values[0], [0.0, 2.0, 4.0, np.nan])
