"""Differential fuzzing: generated documents, scored by JPMML-Evaluator and by the compiler, must agree on every row."""

import math
import os
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelport.conversion import Context
from modelport.errors import CannotConvert
from modelport.signature import Signature
from modelport_onnx.ort import OrtSession
from modelport_pmml.reader.read import read
from modelport_pmml.to_onnx.convert import compile_document

sys.path.insert(0, str(Path(__file__).parent))
import fuzz_pmml
from fuzz_pmml_jpmml import scores

pytestmark = [pytest.mark.java, pytest.mark.slow]
EXAMPLES = int(os.environ.get("MODELPORT_FUZZ", "200"))
"""Documents of each kind."""


def ours(text: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    session = OrtSession(compile_document(read(text.encode()), Context(Signature(()))), 1)
    columns = session.signature.inputs
    arrays = [pa.array([row[column.name] for row in rows], column.type) for column in columns]
    schema = pa.schema([pa.field(column.name, column.type) for column in columns])
    return session.score(pa.RecordBatch.from_arrays(arrays, schema=schema)).to_pylist()


def same(got: Any, wanted: Any) -> bool:
    if wanted is None or (isinstance(wanted, float) and math.isnan(wanted)):
        return got is None or (isinstance(got, float) and math.isnan(got))
    if isinstance(got, float) and isinstance(wanted, float):
        return got == wanted or abs(got - wanted) <= 1e-9 * max(1.0, abs(wanted))
    return str(got) == str(wanted)


@pytest.mark.parametrize("kind", fuzz_pmml.MODELS)
def test_every_row_agrees(kind: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(fuzz_pmml.document(kind), st.lists(fuzz_pmml.rows, min_size=1, max_size=25))
    def agree(text: str, rows: list[dict[str, Any]]) -> None:
        try:
            found = ours(text, rows)
        except CannotConvert:
            return
        for row, got, wanted in zip(rows, found, scores(text, rows), strict=True):
            mains = {"target": "label" if "label" in got else "prediction", "": "cluster", "who": "who", "near": "near"}
            for field in wanted or ("target",):
                name = mains.get(field, field)
                if name in got:
                    assert same(got[name], None if wanted is None else wanted[field]), (text, row, got, wanted)

    agree()
