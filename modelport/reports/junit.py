"""A parity report as JUnit XML: a suite for each candidate, a case for each kind of rows.

Source: the schema that Jenkins, GitLab and most other readers follow (`testsuites`, `testsuite`, `testcase`,
`failure`, `skipped`); none of them is normative.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from modelport.parity.failures import Failure
from modelport.parity.pieces import PairReport, StratumReport
from modelport.parity.report import ParityReport

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: ParityReport) -> str:
    """The report as one XML document.

    A failure that belongs to no candidate stands in a suite of its own; a runtime that is not installed is skipped.
    """
    root = Element("testsuites", name="modelport")
    for pair in report.official:
        _suite(root, report.subjects[pair.second].name, list(_cases(report, pair)))
    _suite(root, "comparison", list(_remaining(report)))
    for number in ("tests", "failures", "skipped"):
        root.set(number, str(sum(int(suite.get(number, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, name: str, cases: list[Element]) -> None:
    if not cases:
        return
    suite = SubElement(root, "testsuite", name=clean(name), tests=str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    for case in cases:
        case.set("classname", f"modelport.{clean(name)}")
        suite.append(case)


def _cases(report: ParityReport, pair: PairReport) -> Iterator[Element]:
    name = report.subjects[pair.second].name
    own = [failure for failure in report.failures if failure.subject == name]
    for stratum in pair.strata:
        yield _case(f"{stratum.name} rows", [f for f in own if f.stratum == stratum.name], _told(report, name, stratum))
    other = [failure for failure in own if failure.stratum not in {stratum.name for stratum in pair.strata}]
    if other:
        yield _case("opens and answers", other)


def _told(report: ParityReport, name: str, stratum: StratumReport) -> str:
    known = [item for item in report.accepted if (item.subject, item.stratum) == (name, stratum.name)]
    lines = (f"{stratum.different} of {stratum.rows} rows differ", *(f"accepted by the baseline: {i}" for i in known))
    return clean("\n".join(lines))


def _remaining(report: ParityReport) -> Iterator[Element]:
    """Failures of no candidate that ran, and runtimes that are not installed."""
    ran = {report.subjects[pair.second].name for pair in report.official}
    rest = [failure for failure in report.failures if failure.subject not in ran]
    if rest or not report.official:
        yield _case("can be compared", rest or [_nothing()])
    for item in report.missing:
        case = _case(f"runtime {item.runtime}", [])
        SubElement(case, "skipped", message=clean(item.reason or f"not installed: {item.command}"))
        yield case


def _nothing() -> Failure:
    from modelport.parity.failures import FailureKind

    return Failure(FailureKind.NO_CANDIDATE, "nothing was compared")


def _case(name: str, failures: list[Failure], told: str = "") -> Element:
    case = Element("testcase", name=clean(name))
    if failures:
        failure = SubElement(case, "failure", message=clean(failures[0].what), type=failures[0].kind.value)
        failure.text = clean("\n".join(str(item) for item in failures))
    elif told:
        SubElement(case, "system-out").text = told
    return case


def clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return _FORBIDDEN.sub("�", text)
