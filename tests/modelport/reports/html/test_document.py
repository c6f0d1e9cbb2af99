"""The page as a document: the same bytes, nothing from outside, nothing that a name could bring in."""

import re
from dataclasses import replace

import pytest
from lxml import html

from modelport.errors import MissingExtra
from modelport.parity.pieces import ColumnReport, PairReport, StratumReport, Subject, Witness
from modelport.parity.proof import Proof, Verdict
from modelport.parity.report import ParityReport
from modelport.parity.summary import ColumnSummary, Point
from modelport.parity.verdict import worst
from modelport.reports.html.document import document
from modelport.reports.html.sections import SECTIONS

LIMIT = 2_000_000
COMMAND = "modelport verify '<b>' \"&amp;\""


def parsed(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def test_the_same_report_gives_the_same_bytes(hostile: ParityReport, pages: dict[str, str]) -> None:
    other = replace(hostile, seconds={name: seconds + 1 for name, seconds in hostile.seconds.items()})
    assert document(other, command=COMMAND) == pages["hostile"]


def test_there_is_no_date_unless_one_is_given(agreeing: ParityReport, pages: dict[str, str]) -> None:
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", pages["agreeing"])
    assert "2031-05-06" in document(agreeing, when="2031-05-06")


def test_hostile_names_are_shown_and_do_nothing(pages: dict[str, str]) -> None:
    text = pages["hostile"]
    page = parsed(text)
    assert len(page.findall(".//script")) == 1
    assert not page.findall(".//img")
    assert not page.findall(".//b[.='']")
    assert not [key for element in page.iter() for key in element.attrib if str(key).startswith("on")]
    assert "\u202e" not in text
    shown = page.text_content()
    assert "<img src=x onerror=alert(1)>" in shown
    assert "probability(</title><script>alert(3)</script>)" in shown
    assert page.findtext(".//title") == "Parity does not hold: Pipeline"


def test_a_proof_is_one_line_beside_its_verdict(agreeing: ParityReport) -> None:
    proof = Proof("leafparity 1.2", "model.onnx", Verdict.EQUIVALENT, "the same on every input")
    page = parsed(document(replace(agreeing, proofs=(proof,))))
    (item,) = [li for li in page.iter("li") if "leafparity" in li.text_content()]
    assert [child.text_content() for child in item] == [
        "equivalent",
        "model.onnx, by leafparity 1.2: the same on every input",
    ]
    assert not (item.text or "").strip()
    assert not any((child.tail or "").strip() for child in item)


def test_nothing_comes_from_outside(pages: dict[str, str]) -> None:
    text = pages["hostile"]
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    for element in parsed(text).iter():
        for key in ("src", "href", "{http://www.w3.org/1999/xlink}href", "xlink:href", "action", "data"):
            assert str(element.get(key, "#")).startswith(("#", "data:,")), (element.tag, key)
    policy = parsed(text).find(".//meta[@http-equiv='Content-Security-Policy']")
    assert policy is not None
    assert policy.get("content").startswith("default-src 'none'; ")
    assert not re.search(r"url\((?!#)|@import", text)


@pytest.mark.parametrize("which", ["hostile", "agreeing"])
def test_names_inside_are_unique_and_lead_somewhere(which: str, pages: dict[str, str]) -> None:
    page = parsed(pages[which])
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    wanted = {target for e in page.iter() for target in (e.get("aria-labelledby") or "").split()}
    wanted |= {
        str(e.get(key))[1:] for e in page.iter() for key in ("href", "xlink:href") if str(e.get(key)).startswith("#")
    }
    assert wanted <= set(ids)


def test_every_plot_has_words_and_every_table_a_name(pages: dict[str, str]) -> None:
    page = parsed(pages["hostile"])
    plots = page.findall(".//svg")
    assert len(plots) >= 8
    for plot in plots:
        assert plot.get("role") == "img"
        assert plot.findtext("title")
        assert plot.getparent().find("figcaption") is not None
    assert all(table.find("caption") is not None for table in page.findall(".//table"))


def test_what_failed_comes_first(hostile: ParityReport, pages: dict[str, str]) -> None:
    page = parsed(pages["hostile"])
    assert [section.get("id") for section in page.findall(".//section")] == [
        section.id for section in SECTIONS if section.id != "remarks" or hostile.notes
    ]
    assert worst(hostile).what in page.text_content()
    assert page.find(".//section[@id='steps']//li[@class='step off']") is not None
    assert page.findtext(".//pre/code") == COMMAND


def test_a_report_that_was_read_back_has_tables_without_plots(hostile: ParityReport) -> None:
    page = parsed(document(ParityReport.from_json(hostile.to_json())))
    assert page.find(".//section[@id='outputs']//table") is not None
    assert page.find(".//section[@id='outputs']//svg") is None


def test_nothing_compared_is_told() -> None:
    assert "Nothing was compared" in parsed(document(ParityReport(()))).text_content()


def wide(outputs: int, candidates: int) -> ParityReport:
    """More than a page can hold: long names, a hundred inputs, every plot full."""
    names = [f"probability({'very long name ' * 20}{i})" for i in range(outputs)]
    points = tuple(Point(i / 997 % 1, i * i / 991 % 1, i % 2 == 0) for i in range(800))
    counts = dict.fromkeys(range(-60, 0), 1000000)
    summary = ColumnSummary(5, 5, counts, counts, dict.fromkeys(range(60), 7), points)
    inputs = {f"{'input ' * 50}{i}": "text " * 1000 for i in range(100)}
    worst = tuple(
        Witness(i, inputs, dict.fromkeys(names, 0.5), dict.fromkeys(names, 0.75), (names[0],)) for i in range(10)
    )
    columns = tuple(ColumnReport(name, "number", 1_000_000, 9, max_abs=0.25) for name in names)
    strata = tuple(
        StratumReport(
            kind,
            1_000_000,
            9,
            columns=columns,
            summaries=dict.fromkeys(names, summary),
            worst=dict.fromkeys(names, worst),
        )
        for kind in ("data", "random", "boundary", "special")
    )
    pairs = tuple(PairReport(0, i + 1, strata) for i in range(candidates))
    return ParityReport((Subject("a", "onnx", "b"), *(Subject(f"m{i}", "onnx", "c") for i in range(candidates))), pairs)


def test_a_page_stays_small_whatever_there_is_to_show() -> None:
    text = document(wide(14, 3))
    assert len(text.encode()) < LIMIT
    assert "as many plots as it can" in text


def test_without_matplotlib_the_way_out_is_told(agreeing: ParityReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelport.plugins.find_spec", lambda name: None)
    with pytest.raises(MissingExtra) as caught:
        document(agreeing)
    assert caught.value.hint == 'pip install "modelport[report]"'
