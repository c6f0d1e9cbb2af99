"""A project's results as one SARIF run: code scanning takes one run of a tool from a file."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from modelport.ci.junit import told
from modelport.ci.result import Part, ProjectReport, Result
from modelport.reports.sarif import quoted, sarif

_RULE = "A result could not be made"


def sarif_of(found: ProjectReport, outputs: Mapping[str, str]) -> dict[str, Any]:
    """The log.

    Args:
        outputs: name of a result → its path in the repository.
    """
    results: list[dict[str, Any]] = []
    rules: dict[str, dict[str, Any]] = {}
    log: dict[str, Any] = {}
    for model in found.models:
        if model.report is not None:
            paths = {PurePosixPath(model.source).name: model.source, **outputs}
            log = sarif(model.report, {name: Path(path) for name, path in paths.items()})
            rules |= {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
            results += [_of(model, result) for result in log["runs"][0]["results"]]
        for part in model.parts:
            if part.error:
                code = str(part.error["code"])
                rules.setdefault(code, {"id": code, "shortDescription": {"text": _RULE}})
                results.append(_of(model, _error(part, model)))
    return _log(list(rules.values()), results, found.exit_code)


def _log(rules: list[dict[str, Any]], results: list[dict[str, Any]], code: int) -> dict[str, Any]:
    from modelport.parity.report import ParityReport

    log = sarif(ParityReport(()))
    run = log["runs"][0]
    run["tool"]["driver"]["rules"] = rules
    ids = [rule["id"] for rule in rules]
    run["results"] = [result | {"ruleIndex": ids.index(result["ruleId"])} for result in results]
    run["invocations"] = [{"executionSuccessful": True, "exitCode": code}]
    return log


def _error(part: Part, model: Result) -> dict[str, Any]:
    assert part.error is not None, "the caller looked"
    return {
        "ruleId": str(part.error["code"]),
        "level": "error",
        "message": {"text": f"{part.kind} {part.file}: {told(part)}"},
        "partialFingerprints": {"failure/v1": f"{part.error['code']}:{part.kind}:{part.file}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": quoted(model.source)}}}],
    }


def _of(model: Result, result: dict[str, Any]) -> dict[str, Any]:
    """A result that says which model it is about."""
    prints = {name: f"{model.name}:{value}" for name, value in result["partialFingerprints"].items()}
    text = f"{model.name}: {result['message']['text']}"
    return result | {"message": {"text": text}, "partialFingerprints": prints}
