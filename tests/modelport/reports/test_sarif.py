"""SARIF: valid by the rules of the standard that readers depend on."""

import json
from pathlib import Path

from modelport.parity.failures import FailureKind
from modelport.parity.report import ParityReport
from modelport.reports import sarif as module
from modelport.reports.sarif import sarif


def test_a_passing_report_has_no_results(passed: ParityReport) -> None:
    run = sarif(passed)["runs"][0]
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 0}]


def test_each_failure_is_a_result_with_its_rule_and_file(failed: ParityReport) -> None:
    document = json.loads(json.dumps(sarif(failed, {"a <b> & \x07.pmml": Path("models/a b.pmml")}), allow_nan=False))
    run = document["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert document["version"] == "2.1.0"
    assert [result["ruleId"] for result in run["results"]] == ["label", "output-absent", "runtime-absent"]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert uris == ["models/a%20b.pmml", "models/a%20b.pmml", "model.pkl"]
    assert run["results"][0]["message"]["text"] == "label differs on 7 of 100 rows. look at it"


def test_every_kind_of_failure_has_a_rule() -> None:
    assert set(module._RULES) == set(FailureKind)
