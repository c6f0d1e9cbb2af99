"""Estimators to PMML by the native way, and their documents scored."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pyarrow as pa
import pytest
from lxml import etree

from modelport.api import convert
from modelport.data import fit
from modelport_pmml.document import PmmlDocument
from modelport_pmml.runtimes.jpmml import JpmmlSession
from modelport_pmml.runtimes.pmml4s import Pmml4sSession

Scored = dict[str, np.ndarray[Any, Any]]


@pytest.fixture(scope="session")
def to_pmml() -> Callable[..., PmmlDocument]:
    """estimator, sample rows → its document, through ONNX."""

    def run(estimator: Any, rows: Any) -> PmmlDocument:
        found = convert(estimator, "pmml", data=rows, verify=False, engine="modelport").model
        document: PmmlDocument = found.artifact.model
        return document

    return run


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    """The PMML 4.4 schema that ships inside sklearn2pmml."""
    sklearn2pmml = pytest.importorskip("sklearn2pmml")
    jar = next((Path(sklearn2pmml.__file__).parent / "resources").glob("pmml-model-1*.jar"))
    with ZipFile(jar) as archive, archive.open("pmml.xsd") as file:
        return etree.XMLSchema(etree.parse(file))


@pytest.fixture(params=[JpmmlSession, Pmml4sSession])
def score(request: pytest.FixtureRequest) -> Callable[[PmmlDocument, Any], Scored]:
    """document, rows → its outputs, in each evaluator."""

    def run(document: PmmlDocument, rows: Any) -> Scored:
        session = request.param(document)
        table = rows if isinstance(rows, pa.RecordBatch) else matrix(rows)
        found = session.score(fit(table, session.signature)).to_pydict()
        return {name: np.array(values) for name, values in found.items()}

    return run


def matrix(rows: np.ndarray[Any, Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array(c) for c in rows.T.copy()], names=[f"x{i}" for i in range(rows.shape[1])]
    )
