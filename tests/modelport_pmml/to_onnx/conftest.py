"""Small documents by hand, and their answers through the compiler and onnxruntime."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from modelport.conversion import Context
from modelport.signature import Signature
from modelport_onnx.ort import OrtSession
from modelport_pmml.reader.read import read
from modelport_pmml.to_onnx.convert import compile_document

Answers = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]

FIELDS = """
<DataField name="x" optype="continuous" dataType="double"/>
<DataField name="i" optype="continuous" dataType="integer"/>
<DataField name="f" optype="continuous" dataType="float"/>
<DataField name="s" optype="categorical" dataType="string"><Value value="a"/><Value value="b"/></DataField>
<DataField name="o" optype="categorical" dataType="string"/>
"""


def answers(text: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The outputs of each row; a field that a row does not have is missing."""
    session = OrtSession(compile_document(read(text.encode()), Context(Signature(()))), 1)
    columns = session.signature.inputs
    arrays = [pa.array([row.get(column.name) for row in rows], column.type) for column in columns]
    schema = pa.schema([pa.field(column.name, column.type) for column in columns])
    found: list[dict[str, Any]] = session.score(pa.RecordBatch.from_arrays(arrays, schema=schema)).to_pylist()
    return found


def document(
    body: str, *, schema: str = "", fields: str = "", target: str = 'optype="continuous" dataType="double"'
) -> str:
    """A document around a model; `@` in the body is its mining schema."""
    names = "".join(f'<MiningField name="{name}"/>' for name in "xifso" if f'name="{name}"' not in schema)
    mining = f'<MiningSchema>{schema}{names}<MiningField name="y" usageType="target"/></MiningSchema>'
    dictionary = f'<DataDictionary>{fields or FIELDS}<DataField name="y" {target}/></DataDictionary>'
    head = '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>'
    return f"{head}{dictionary}{body.replace('@', mining, 1)}</PMML>"


@pytest.fixture
def score() -> Answers:
    return answers


@pytest.fixture
def expression() -> Callable[..., list[Any]]:
    """What an expression gives for rows, as a derived field of a type."""

    def compute(inside: str, rows: Sequence[Mapping[str, Any]], kind: str = "double", **more: str) -> list[Any]:
        optype = "continuous" if kind in ("double", "integer", "float") else "categorical"
        out = f'<Output><OutputField name="d" optype="{optype}" dataType="{kind}" feature="transformedValue">'
        body = f'<RegressionModel functionName="regression">@{out}{inside}</OutputField></Output>'
        body += '<RegressionTable intercept="1"/></RegressionModel>'
        return [row["d"] for row in answers(document(body, **more), rows)]

    return compute


@pytest.fixture
def make() -> Callable[..., str]:
    return document
