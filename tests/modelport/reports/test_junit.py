"""JUnit XML: what a CI server counts is what the report says."""

from xml.etree.ElementTree import Element, fromstring

from modelport.parity.report import ParityReport
from modelport.reports.junit import junit


def parsed(report: ParityReport) -> Element:
    return fromstring(junit(report).partition("\n")[2])


def test_a_passing_report_has_no_failures_and_skips_what_was_not_run(passed: ParityReport) -> None:
    root = parsed(passed)
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("3", "0", "1")
    assert [case.get("name") for case in root.iter("testcase")] == ["data rows", "boundary rows", "runtime jpmml"]


def test_each_failure_stands_where_it_belongs(failed: ParityReport) -> None:
    root = parsed(failed)
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("6", "3", "0")
    bad = [
        (case.get("name"), case[0].get("type")) for case in root.iter("testcase") if case.find("failure") is not None
    ]
    assert bad == [
        ("boundary rows", "label"),
        ("opens and answers", "output-absent"),
        ("can be compared", "runtime-absent"),
    ]


def test_names_that_xml_cannot_hold_are_made_safe(failed: ParityReport) -> None:
    suites = [suite.get("name") for suite in parsed(failed).iter("testsuite")]
    assert suites == ["model.onnx in onnxruntime", "a <b> & �.pmml in jpmml", "comparison"]


def test_nothing_compared_is_a_failure() -> None:
    assert parsed(ParityReport(())).get("failures") == "1"
