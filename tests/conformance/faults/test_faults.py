"""The score of the parity engine on seeded faults: detected, in time, and put down to the right step."""

from typing import Any

import pytest
from faults import FAULTS
from models import MODELS

SECONDS = 60
NAMES = [f"{fault.model}: {fault.name}" for fault in FAULTS]


def test_there_are_enough_faults_and_no_two_are_the_same() -> None:
    assert len(FAULTS) >= 50
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("model", MODELS)
def test_a_model_without_a_fault_is_not_flagged(judge: Any, model: str) -> None:
    report, _ = judge(model, None)
    assert report.passed, str(report)
    assert report.blame == ()


@pytest.mark.parametrize("index", range(len(FAULTS)), ids=NAMES)
def test_a_fault_is_detected_in_time(judge: Any, index: int) -> None:
    report, seconds = judge(FAULTS[index].model, index)
    assert not report.passed
    assert any(pair.different for pair in report.official), "rows must show it"
    assert seconds < SECONDS


def test_at_least_nine_of_ten_faults_are_put_down_to_their_step(judge: Any) -> None:
    wrong = []
    for index, fault in enumerate(FAULTS):
        report, _ = judge(fault.model, index)
        named = report.blame[0].step if report.blame else None
        if named is None or not named.endswith(fault.step):
            wrong.append(f"{NAMES[index]}: {named}")
    assert len(wrong) <= 0.1 * len(FAULTS), "\n".join(wrong)
