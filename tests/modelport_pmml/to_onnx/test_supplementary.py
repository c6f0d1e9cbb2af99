"""Supplementary fields are inputs where the model looks at them, as in JPMML-Evaluator (1.7)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from modelport.artifacts import artifact
from modelport.runtimes import runtime

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
SCHEMA = '<MiningField name="x" usageType="supplementary"/><MiningField name="f" usageType="supplementary"/>'
LINE = '<RegressionTable intercept="1"><NumericPredictor name="x" coefficient="2"/></RegressionTable>'
MODEL = f'<RegressionModel functionName="regression">@{LINE}</RegressionModel>'


def test_a_supplementary_field_that_is_used(score: Score, make: Make) -> None:
    assert score(make(MODEL, schema=SCHEMA), [{"x": 3.0}, {}]) == [{"prediction": 7.0}, {"prediction": None}]


def test_one_that_is_not_used_is_no_input(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "line.pmml"
    path.write_text(make(MODEL, schema=SCHEMA))
    session = runtime("modelport-onnx").open(artifact(path), None)
    assert [column.name for column in session.signature.inputs] == ["x", "i", "s", "o"]
