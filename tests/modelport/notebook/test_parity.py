"""A parity report in a cell."""

from dataclasses import replace
from xml.etree import ElementTree

from modelport.notebook.parity import html
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.pieces import ColumnReport, PairReport, StratumReport, Subject, Witness
from modelport.parity.report import ParityReport
from modelport.parity.shrink import Smallest

EVIL = "<script>alert('x')</script>&\""
REFERENCE, CANDIDATE = Subject(EVIL, "pickle", "scikit-learn"), Subject("model.onnx", "onnx", "onnxruntime")


def report(different: int, strata: int = 2) -> ParityReport:
    column = ColumnReport(EVIL, "number", 100, different, max_abs=0.5)
    kinds = tuple(StratumReport(f"kind {i}", 100, different if i else 0, columns=(column,)) for i in range(strata))
    return ParityReport((REFERENCE, CANDIDATE), (PairReport(0, 1, kinds),), notes=(EVIL,))


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.replace("&nbsp;", " "))


def test_an_agreement_is_a_card_with_a_table() -> None:
    found = parsed(html(report(0)))
    told = "".join(found.itertext())
    assert "Parity holds" in told
    assert EVIL in told
    assert not found.findall(".//script")
    assert len(found.findall(".//tbody/tr")) == 2


def test_a_disagreement_shows_its_row_and_what_else_fails() -> None:
    witness = Witness(3, {EVIL: 1.5, "x": None}, {"y": 0.25}, {"y": 0.75}, ("y",))
    failures = tuple(Failure(FailureKind.NUMBER, f"{EVIL} {i}") for i in range(9))
    whole = replace(report(7), failures=failures, smallest=Smallest(CANDIDATE.name, "data", witness, (EVIL,)))
    found = parsed(html(whole))
    told = "".join(found.itertext())
    assert "Parity does not hold" in told
    assert "0.25 → 0.75" in told
    assert f"{EVIL} = 1.5" in told
    assert "5 more in .failures" in told
    assert found.find(".//tbody/tr/td[2]").text == "kind 1"  # type: ignore[union-attr]  # what differs comes first


def test_it_fits_a_cell() -> None:
    assert len(html(report(1, 300))) < 12_000
