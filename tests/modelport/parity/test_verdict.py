"""The verdict: the worst of several failures is the one that a person hears of."""

import pytest

from modelport.parity.failures import Failure, FailureKind
from modelport.parity.pieces import ColumnReport, PairReport, StratumReport, Subject
from modelport.parity.report import ParityReport
from modelport.parity.verdict import worst

REFERENCE, CANDIDATE = Subject("a", "pickle", "here"), Subject("b", "onnx", "there")


def failure(kind: FailureKind, stratum: str | None = None, column: str = "y", count: int | None = None) -> Failure:
    return Failure(kind, f"{kind} {column}", CANDIDATE.name, stratum, column, count)


def report(*failures: Failure) -> ParityReport:
    few = (ColumnReport("y", "number", 100, 1, max_abs=0.5), ColumnReport("z", "number", 100, 1, max_abs=2.0))
    strata = (StratumReport("data", 100, 10, columns=few), StratumReport("boundary", 1000, 20))
    return ParityReport((REFERENCE, CANDIDATE), (PairReport(0, 1, strata),), failures)


NUMBER, FAR = failure(FailureKind.NUMBER, "data", "y", 90), failure(FailureKind.NUMBER, "data", "z", 1)
LABEL, MORE = failure(FailureKind.LABEL, "boundary", "label", 20), failure(FailureKind.LABEL, "data", "label", 10)
KILLED = Failure(FailureKind.RUNTIME_KILLED, "it crashed", CANDIDATE.name)


@pytest.mark.parametrize(
    ("failures", "wanted"),
    [
        ((NUMBER, LABEL), LABEL),
        ((NUMBER, FAR), FAR),
        ((LABEL, MORE), MORE),
        ((MORE, LABEL), MORE),
        ((LABEL, KILLED, NUMBER), KILLED),
        ((failure(FailureKind.NEAR_TIE, "data"), failure(FailureKind.RANK, "data")), failure(FailureKind.RANK, "data")),
    ],
)
def test_the_worst_is_named_first(failures: tuple[Failure, ...], wanted: Failure) -> None:
    assert worst(report(*failures)) == wanted
    assert report(*failures).sentence().startswith(f"Parity does not hold: {wanted.what}, and ")


def test_of_equals_it_is_the_first() -> None:
    other = Failure(FailureKind.NO_ROWS, "nothing was compared", "somebody else")
    assert worst(report(other, KILLED)) == other
    assert worst(report(KILLED, other)) == KILLED
