"""Every harness for a moment: it finds its parser, its seeds are read, and nothing but typed errors comes of damage.

At length: `python -m tests.fuzz --minutes 120`.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from modelport.errors import Defect, InputError
from tests.fuzz import slices
from tests.fuzz.child import Work
from tests.fuzz.harness import OPENS, Harness, tried, watch
from tests.fuzz.mutate import of_bytes
from tests.fuzz.slot import Slot
from tests.fuzz.table import HARNESSES

SECONDS = 2.0
HEAVY = ("bundle", "onnx-score", "onnx-convert")
"""Seeds that take longer to make than CI has; they run at length."""


@pytest.mark.parametrize("name", [name for name in HARNESSES if name not in HEAVY])
def test_damage_is_met_with_typed_errors(name: str, tmp_path: Path) -> None:
    work = Work(name, tmp_path, HARNESSES[name])
    corpus, random = list(work.harness.seeds())[:12], Random(3)
    for data in corpus:
        work.one(data)
    assert "read" in work.answers, "no seed is read"
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        work.one(work.harness.mutate(random.choice(corpus), random))
    findings = tmp_path / "findings.jsonl"
    assert not findings.exists(), findings.read_text()
    assert work.slot.executions > len(corpus)


def _harness(run: object) -> Harness:
    return Harness(lambda: [b"seed"], run, ".bin", of_bytes(), OPENS)  # type: ignore[arg-type]


def test_anything_but_a_typed_error_is_a_finding(tmp_path: Path) -> None:
    def untyped(path: Path) -> None:
        raise KeyError("x")

    def defect(path: Path) -> None:
        raise Defect("a mistake")

    def typed(path: Path) -> None:
        raise InputError("this file is damaged at byte 12", where=str(path))

    path = tmp_path / "input.bin"
    assert tried(_harness(untyped), path).text is not None
    assert tried(_harness(defect), path).text is not None
    assert tried(_harness(typed), path) == tried(_harness(typed), path)
    assert tried(_harness(typed), path).key == "InputError: this file is damaged at byte #"


def test_an_input_that_runs_a_command_is_a_finding(tmp_path: Path) -> None:

    watch(OPENS)
    answer = tried(_harness(lambda path: subprocess.run([sys.executable, "-c", ""], check=True)), tmp_path / "x.bin")
    assert answer.text is not None
    assert answer.key.startswith("forbidden: ")


HANGS = """
import sys, time
from pathlib import Path
from tests.fuzz.slot import Slot
slot = Slot(Path(sys.argv[1]))
slot.begin(b"what hangs")
KIND
"""


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("while True: pass", "hang"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crash"),
        ("x = bytearray(400 << 20); x[::4096] = b'1' * len(x[::4096]); time.sleep(20)", "memory"),
    ],
)
def test_the_watch_sees_what_a_process_cannot_say(
    kind: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(slices, "SECONDS", 1.0)
    monkeypatch.setattr(slices, "MEMORY", 300 << 20)
    slot = Slot(tmp_path / "slot")
    command = [sys.executable, "-c", HANGS.replace("KIND", kind), str(tmp_path / "slot")]
    child = subprocess.Popen(command, cwd=slices.ROOT)
    try:
        told = slices._watch(child, slot, slices.Slice("x"), time.monotonic() + 60)
    finally:
        child.kill()
        child.wait()
    assert told is not None
    assert told.startswith(reason)
    assert slot.data == b"what hangs"


@pytest.mark.slow
def test_a_slice_is_recorded(tmp_path: Path) -> None:
    done = slices.run("json-lines", tmp_path, 10.0, "plain", 1)
    assert done.executions > 100
    assert done.broken is None
    assert json.loads((tmp_path / "log.jsonl").read_text())["harness"] == "json-lines"
