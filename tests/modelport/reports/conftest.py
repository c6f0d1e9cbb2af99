"""Reports as a comparison would give them."""

import pytest

from modelport.parity.failures import Failure, FailureKind
from modelport.parity.pieces import ColumnReport, Missing, PairReport, StratumReport, Subject
from modelport.parity.report import ParityReport

REFERENCE = Subject("model.pkl", "pickle", "scikit-learn", "1.9.0", "aa")
GOOD = Subject("model.onnx", "onnx", "onnxruntime", "1.32.0", "bb")
BAD = Subject("a <b> & \x07.pmml", "pmml", "jpmml", "0.16.0", "cc")


def stratum(name: str, different: int) -> StratumReport:
    return StratumReport(name, 100, different, columns=(ColumnReport("label", "label", 100, different),))


@pytest.fixture
def passed() -> ParityReport:
    pair = PairReport(0, 1, (stratum("data", 0), stratum("boundary", 0)))
    return ParityReport((REFERENCE, GOOD), (pair,), missing=(Missing("jpmml", "pip install x", ("pmml",)),))


@pytest.fixture
def failed() -> ParityReport:
    pairs = (
        PairReport(0, 1, (stratum("data", 0), stratum("boundary", 0))),
        PairReport(0, 2, (stratum("data", 0), stratum("boundary", 7))),
    )
    failures = (
        Failure(FailureKind.LABEL, "label differs on 7 of 100 rows", BAD.name, "boundary", "label", 7, "look at it"),
        Failure(FailureKind.OUTPUT_ABSENT, "it lacks probability(1)", BAD.name),
        Failure(FailureKind.RUNTIME_ABSENT, "pmml4s was asked for and is not installed", hint="pip install y"),
    )
    return ParityReport((REFERENCE, GOOD, BAD), pairs, failures)
