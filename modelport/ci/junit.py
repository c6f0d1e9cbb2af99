"""A project's results as one JUnit document: for each model what was made, and the suites of its comparison."""

from xml.etree.ElementTree import Element, SubElement, fromstring, indent, tostring

from modelport.ci.result import Part, ProjectReport, Result
from modelport.reports.junit import clean, junit


def junit_of(found: ProjectReport) -> str:
    """The XML document; every suite's name begins with its model's."""
    root = Element("testsuites", name="modelport ci")
    for model in found.models:
        root.append(_made(model))
        if model.report is not None:
            for suite in fromstring(junit(model.report)):
                root.append(_renamed(suite, model.name))
    if found.stale:
        SubElement(_suite(root, "baseline"), "system-out").text = clean("\n".join(found.stale))
    for number in ("tests", "failures", "skipped"):
        root.set(number, str(sum(int(suite.get(number, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, name: str) -> Element:
    return SubElement(root, "testsuite", name=clean(name), tests="0", failures="0", skipped="0")


def _made(model: Result) -> Element:
    """Conversions and the bundle, a case each."""
    suite = Element("testsuite", name=clean(f"{model.name}: results"), time=f"{model.seconds:.3f}", skipped="0")
    for part in model.parts:
        case = SubElement(suite, "testcase", name=clean(f"{part.kind} {part.file}".strip()))
        case.set("classname", clean(f"modelport.{model.name}"))
        if part.error:
            failure = SubElement(case, "failure", message=clean(part.what), type=str(part.error["code"]))
            failure.text = clean(told(part))
    suite.set("tests", str(len(model.parts)))
    suite.set("failures", str(sum(part.error is not None for part in model.parts)))
    return suite


def told(part: Part) -> str:
    """An error in full: what, where, and the way out."""
    if part.error is None:
        return ""
    where = f" ({part.error['where']})" if part.error.get("where") else ""
    hint = f"\n{part.error['hint']}" if part.error.get("hint") else ""
    return f"{part.what}{where}{hint}"


def _renamed(suite: Element, model: str) -> Element:
    suite.set("name", clean(f"{model}: {suite.get('name', '')}"))
    for case in suite.iter("testcase"):
        case.set("classname", clean(f"modelport.{model}.{suite.get('name', '')}"))
    return suite
