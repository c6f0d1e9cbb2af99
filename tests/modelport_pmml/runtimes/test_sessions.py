"""What both evaluators must do alike, with expected values worked out by hand."""

import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from modelport.artifacts import artifact
from modelport.errors import CannotConvert, RuntimeFailed
from modelport.runtimes import Session
from modelport_pmml.document import PmmlDocument, document
from modelport_pmml.runtimes.jpmml import JpmmlSession
from modelport_pmml.runtimes.pmml4s import Pmml4sSession, rounds
from modelport_pmml.runtimes.pmml4s import open_session as open_pmml4s

pytestmark = pytest.mark.java
both = pytest.mark.parametrize("open_session", [JpmmlSession, Pmml4sSession])
Open = Callable[[PmmlDocument], Any]


def batch(session: Session, **columns: list[object]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(columns, schema=session.signature.input_schema)


@both
def test_a_classifier_on_its_boundary(open_session: Open, tree: PmmlDocument) -> None:
    session = open_session(tree)
    ages = [2.5, math.nextafter(2.5, 9), math.nextafter(2.5, 0), None, math.inf, -math.inf]
    result = session.score(batch(session, island=["Dream"] * 6, age=ages)).to_pydict()
    assert result["label"] == ["yes", "no", "yes", "no", "no", "yes"]
    assert result["probability(yes)"] == [0.75, 0.1, 0.75, 0.1, 0.1, 0.75]
    assert result["probability(no)"] == [0.25, 0.9, 0.25, 0.9, 0.9, 0.25]


@both
def test_a_regressor_with_missing_values(open_session: Open, regression: PmmlDocument) -> None:
    session = open_session(regression)
    result = session.score(batch(session, a=[1.0, 1.0, None], n=[2, None, 2])).to_pydict()
    assert result["prediction"] == [0.5, -4.5, None]


@both
def test_a_batch_without_rows(open_session: Open, tree: PmmlDocument) -> None:
    session = open_session(tree)
    result = session.score(batch(session, island=[], age=[]))
    assert result.num_rows == 0
    assert result.schema.names == ["label", "probability(yes)", "probability(no)"]


@both
def test_rows_keep_their_order(open_session: Open, regression: PmmlDocument) -> None:
    session = open_session(regression)
    values = [float(i) for i in range(5000)]
    result = session.score(batch(session, a=values, n=[0] * 5000)).to_pydict()
    assert result["prediction"] == [0.5 + 2 * value for value in values]


def test_jpmml_gives_no_result_for_an_invalid_value(tree: PmmlDocument) -> None:
    field = b'name="age" optype="continuous" dataType="double"'
    bounded = field + b'><Interval closure="closedClosed" leftMargin="0" rightMargin="9"/></DataField>'
    session = JpmmlSession(document(tree.data.replace(field + b"/>", bounded)))
    result = session.score(batch(session, island=["Dream", "Dream"], age=[-1.0, 1.0])).to_pydict()
    assert result["label"] == [None, "yes"]


@both
def test_a_document_that_no_evaluator_takes(open_session: Open, tree: PmmlDocument) -> None:
    other = document(tree.data.replace(b'operator="lessOrEqual"', b'operator="resembles"'))

    def use() -> None:
        session = open_session(other)
        session.score(batch(session, island=["Dream"], age=[1.0]))

    with pytest.raises(RuntimeFailed, match=r"(JPMML|PMML4S) (failed|does not take)"):
        use()


@both
def test_closing_twice(open_session: Open, tree: PmmlDocument) -> None:
    session = open_session(tree)
    assert isinstance(session, Session)
    assert session.landmarks()["age"] == (2.5,)
    session.close()
    session.close()


CONSTANT = b"""<RegressionModel functionName="regression"><LocalTransformations>
<DerivedField name="d" optype="categorical" dataType="string"><Constant dataType="string">TEXT</Constant></DerivedField>
</LocalTransformations>"""


@pytest.mark.parametrize(
    ("text", "torn"), [(b"plain", False), (b"a&amp;b", True), (b"&#x10000;", True), (b"a" * 1001, True)]
)
def test_pmml4s_does_not_do_documents_whose_constants_it_reads_in_part(
    regression: PmmlDocument, text: bytes, torn: bool
) -> None:
    opening = b'<RegressionModel functionName="regression">'
    schema = regression.data.partition(opening)[2].partition(b"<RegressionTable")[0]
    local = CONSTANT.replace(b"TEXT", text).removeprefix(opening)
    made = document(regression.data.replace(opening + schema, opening + schema + local))
    assert made != regression
    if torn:
        with pytest.raises(CannotConvert, match="last piece"):
            open_pmml4s(artifact(made))
    else:
        assert open_pmml4s(artifact(made)).signature.inputs


def test_pmml4s_is_known_to_round_where_a_document_says_float(regression: PmmlDocument) -> None:
    single = document(regression.data.replace(b"<RegressionModel ", b'<RegressionModel x-mathContext="float" '))
    assert single != regression
    assert rounds(artifact(regression)) is None
    assert "float64" in (rounds(artifact(single)) or "")
