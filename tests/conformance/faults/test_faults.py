"""The score of the parity engine on seeded faults: detected, in time, and put down to the right step."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from documents import DOCUMENT_FAULTS, SILENT, changed, written
from faults import FAULTS
from judge import Case
from models import MODELS

SECONDS = 60
NAMES = [f"{fault.model}: {fault.name}" for fault in FAULTS]


def test_there_are_enough_faults_and_no_two_are_the_same() -> None:
    assert len(FAULTS) >= 50
    assert len(set(NAMES)) == len(NAMES)


QUICK = ("by hand", "gappy tree")
"""Documents that are compared in a moment; the others take part in the slow tests."""

DOCUMENTS = [
    pytest.param(i, id=f"{fault.model}: {fault.name}", marks=() if fault.model in QUICK else pytest.mark.slow)
    for i, fault in enumerate(DOCUMENT_FAULTS)
]


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


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(model, marks=() if model in QUICK else pytest.mark.slow)
        for model in dict.fromkeys(fault.model for fault in DOCUMENT_FAULTS)
    ],
)
def test_a_document_without_a_fault_is_not_flagged(judge_document: Any, model: str) -> None:
    report, _ = judge_document(model, None)
    assert report.passed, str(report)


@pytest.mark.parametrize("index", DOCUMENTS)
def test_a_fault_of_a_document_is_detected_in_time(judge_document: Any, index: int) -> None:
    report, seconds = judge_document(DOCUMENT_FAULTS[index].model, index)
    case = Case("", DOCUMENT_FAULTS[index].step, report, seconds)
    assert case.detected
    assert seconds < SECONDS


def test_quick_faults_of_documents_are_put_down_to_their_step(judge_document: Any) -> None:
    wrong = []
    quick = [(i, fault) for i, fault in enumerate(DOCUMENT_FAULTS) if fault.model in QUICK]
    for index, fault in quick:
        case = Case(fault.name, fault.step, *judge_document(fault.model, index))
        wrong += [] if case.right else [f"{fault.name}: {case.named}"]
    assert len(wrong) <= 0.1 * len(quick), "\n".join(wrong)


SHOWN_BY_NOTHING = [
    pytest.param(i, id=fault.name, marks=() if fault.model in QUICK else pytest.mark.slow)
    for i, fault in enumerate(SILENT)
]


@pytest.mark.parametrize("index", SHOWN_BY_NOTHING)
def test_a_change_that_no_input_shows_is_not_flagged(judge_document: Any, index: int) -> None:
    report, _ = judge_document(SILENT[index].model, len(DOCUMENT_FAULTS) + index)
    assert report.passed, str(report)


def test_of_bins_that_overlap_the_later_one_counts() -> None:
    from modelport.artifacts import artifact
    from modelport.runtimes import runtimes

    name = SILENT[0].model
    row = {"bill_length_mm": 50.0, "body_mass_g": float(np.nextafter(4000.0, np.inf)), "island": "Dream"}
    answers = []
    for document in (written(name), changed(written(name), SILENT[0].change)):
        for runtime in ("modelport-onnx", "jpmml"):
            if runtimes()[runtime].missing() is None:
                session = runtimes()[runtime].open(artifact(document), None)
                answers.append(session.score(pa.RecordBatch.from_pylist([row])).to_pylist())
    assert len(answers) >= 2
    assert all(answer == [{"prediction": 5.0}] for answer in answers)
