"""A document's own rows are run as a check of its conversion."""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from modelport.artifacts import Artifact
from modelport.bundle import golden
from modelport.errors import CannotConvert
from modelport.runtimes import examples_of
from modelport_pmml.document import PmmlDocument, document
from modelport_pmml.plugin import PMML
from modelport_pmml.to_onnx.session import open_session

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]


def model(answer: str, precision: str = "1e-9") -> str:
    fields = f'<VerificationField field="x"/><VerificationField field="y" column="p" precision="{precision}"/>'
    rows = f"<row><x>2</x><p>{answer}</p></row><row><p></p></row>"
    check = f"<ModelVerification><VerificationFields>{fields}</VerificationFields>"
    check += f"<InlineTable>{rows}</InlineTable></ModelVerification>"
    table = '<RegressionTable intercept="1"><NumericPredictor name="x" coefficient="3"/></RegressionTable>'
    return f'<RegressionModel functionName="regression">@{table}{check}</RegressionModel>'


def test_rows_that_agree(score: Score, make: Make) -> None:
    assert score(make(model("7")), [{"x": 2.0}]) == [{"prediction": 7.0}]
    assert score(make(model("7.001", "1e-3")), [{"x": 2.0}]) == [{"prediction": 7.0}]


def test_rows_that_disagree(score: Score, make: Make) -> None:
    with pytest.raises(CannotConvert, match=r"verification row 1 says y is '7\.001', and the graph says 7\.0"):
        score(make(model("7.001")), [{"x": 2.0}])


def test_the_rows_are_examples_of_an_opened_model(make: Make) -> None:
    session = open_session(Artifact(PMML, _model=document(make(model("7")).encode())))
    found = examples_of(session)
    assert found is not None
    assert found.column("x").to_pylist() == [2.0, None]
    assert session.score(found).column("prediction").to_pylist() == [7.0, None]


def test_a_document_without_rows_has_no_examples(regression: PmmlDocument) -> None:
    assert examples_of(open_session(Artifact(PMML, _model=regression))) is None


def test_they_become_golden_rows_of_a_bundle(make: Make) -> None:
    session = open_session(Artifact(PMML, _model=document(make(model("7")).encode())))
    lane, sources = SimpleNamespace(session=session), SimpleNamespace(signature=session.signature)
    (found,) = golden._examples(sources, [SimpleNamespace(session=object()), lane])  # type: ignore[arg-type,list-item]  # what is looked at
    assert found.column("x").to_pylist() == [2.0, None]
