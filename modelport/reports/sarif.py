"""A parity report as SARIF 2.1.0 (OASIS standard), which code-scanning pages show."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modelport._version import __version__
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.report import ParityReport

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_ACCEPTED = {"kind": "external", "status": "accepted", "justification": "the baseline accepts it"}

_RULES: Mapping[FailureKind, str] = {
    FailureKind.NO_ROWS: "There were no rows to compare",
    FailureKind.NO_CANDIDATE: "There was nothing to compare",
    FailureKind.NO_RUNTIME: "No installed runtime opens a model",
    FailureKind.RUNTIME_ABSENT: "A runtime that was asked for is not installed",
    FailureKind.RUNTIME_UNUSED: "A runtime that was asked for opens none of the models",
    FailureKind.RUNTIME_FAILED: "A runtime failed",
    FailureKind.RUNTIME_KILLED: "A runtime exceeded its limits or died",
    FailureKind.INPUT_ABSENT: "A model needs an input that the reference does not have",
    FailureKind.OUTPUT_ABSENT: "An output stands on one side only",
    FailureKind.NO_OUTPUTS: "The reference has no outputs",
    FailureKind.ROW_COUNT: "A runtime gave another number of rows",
    FailureKind.NAN_ONE_SIDE: "NaN on one side only",
    FailureKind.NULL_ONE_SIDE: "A missing value on one side only",
    FailureKind.LABEL: "Labels differ",
    FailureKind.NEAR_TIE: "Labels differ where the reference is undecided",
    FailureKind.NUMBER: "Numbers differ by more than the tolerance",
    FailureKind.RANK: "Scores rank rows differently",
    FailureKind.REFUSED: "A row that the reference answers is refused",
}


def sarif(report: ParityReport, paths: Mapping[str, Path] | None = None) -> dict[str, Any]:
    """The report as a SARIF log: one run, one result for each failure.

    Args:
        paths: artifact name → the path to show; a name without one stands for itself.
    """
    kinds = list(dict.fromkeys(failure.kind for failure in (*report.failures, *report.accepted)))
    driver = {
        "name": "modelport",
        "semanticVersion": __version__,
        "rules": [{"id": kind.value, "shortDescription": {"text": _RULES[kind]}} for kind in kinds],
    }
    results = [_result(failure, kinds.index(failure.kind), report, paths or {}) for failure in report.failures]
    known = [_result(failure, kinds.index(failure.kind), report, paths or {}) for failure in report.accepted]
    results += [result | {"level": "note", "suppressions": [_ACCEPTED]} for result in known]
    invocation = {"executionSuccessful": True, "exitCode": report.exit_code}
    run = {"tool": {"driver": driver}, "results": results, "invocations": [invocation]}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(failure: Failure, rule: int, report: ParityReport, paths: Mapping[str, Path]) -> dict[str, Any]:
    hint = f" {failure.hint}" if failure.hint else ""
    result: dict[str, Any] = {
        "ruleId": failure.kind.value,
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": f"{failure.what}.{hint}"},
        "partialFingerprints": {"failure/v1": f"{failure.kind.value}:{failure.subject}:{failure.column}"},
    }
    subject = next((item for item in report.subjects if item.name == failure.subject), None)
    name = subject.artifact if subject else (report.subjects[0].artifact if report.subjects else None)
    if name is not None:
        uri = paths.get(name, Path(name)).as_posix()
        result["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": quoted(uri)}}}]
    return result


def quoted(path: str) -> str:
    """A path as a relative URI reference."""
    from urllib.parse import quote

    return quote(path)
