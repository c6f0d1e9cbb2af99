"""The score on all seeded faults: `python -m tests.conformance.faults [WORD ...]`; words pick faults by their names.

Printed for each fault: whether it was detected with the default settings, in how many seconds, and whether the step
that the report blames is the one that was changed. The last lines are the score; the exit code is 1 if it is not
enough: 95 % detected within 60 seconds each, 90 % put down to the right step, no unchanged pair flagged, nor one with a
change that no input shows.
"""

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from documents import DOCUMENT_FAULTS, SILENT, DocumentFault
from faults import FAULTS
from judge import Case, Judge, cases, document_verdict, verdict

SECONDS = 60
DETECTED, RIGHT = 0.95, 0.9


def told(case: Case) -> str:
    found = "detected" if case.detected else "MISSED  "
    blamed = "right step" if case.right else f"WRONG STEP: {case.named}, not {case.step}"
    return f"{found} {case.seconds:5.1f} s  {case.name}: {blamed}"


def flagged(models: Sequence[str], judge: Judge) -> list[str]:
    """Models that are flagged though nothing was changed."""
    return [model for model in models if not judge(model, None)[0].passed]


def silent() -> list[DocumentFault]:
    """Changes that no input shows, and that are flagged all the same."""
    reports = [document_verdict(fault.model, len(DOCUMENT_FAULTS) + i)[0] for i, fault in enumerate(SILENT)]
    return [fault for fault, report in zip(SILENT, reports, strict=True) if not report.passed]


def main(words: Sequence[str]) -> int:
    warnings.simplefilter("ignore")
    found: list[Case] = []
    clean: list[str] = []
    for title, faults, judge in (
        ("pickle against ONNX", FAULTS, verdict),
        ("PMML against PMML", DOCUMENT_FAULTS, document_verdict),
    ):
        print(title, flush=True)
        models = dict.fromkeys(fault.model for fault in faults)
        clean += [f"{model} ({title})" for model in flagged(list(models) if not words else [], judge)]
        for case in cases(faults, judge, words):
            print(told(case), flush=True)
            found.append(case)
    clean += [] if words else [f"{item.model}: {item.name}" for item in silent()]
    quick = sum(case.detected and case.seconds <= SECONDS for case in found)
    right = sum(case.right for case in found)
    print(f"{quick} of {len(found)} detected within {SECONDS} s; the right step named for {right}; flagged: {clean}")
    enough = quick >= DETECTED * len(found) and right >= RIGHT * len(found) and not clean
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
