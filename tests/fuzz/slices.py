"""One harness in a process of its own for a while, watched from outside: time, memory, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fuzz.child import MEMORY, save
from tests.fuzz.slot import Slot

SECONDS = 10.0
"""Processor time for one input; by the clock five times that, since the machine may be busy."""

LIBFUZZER = 77
"""Its exit code where the time was over before it began."""

ROOT = Path(__file__).parents[2]
LEAST = 5.0
"""A process is not started again for less time than this."""


@dataclass(slots=True)
class Slice:
    """What became of a harness; `broken` says why it could not even begin."""

    harness: str
    seconds: float = 0.0
    executions: int = 0
    longest: float = 0.0
    distinct: int = 0
    findings: list[str] = field(default_factory=list)
    broken: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def run(name: str, folder: Path, seconds: float, engine: str, seed: int) -> Slice:
    """Fuzzes one harness for so long; after a crash, a hang or too much memory it is started again."""
    found, end, began = Slice(name), time.monotonic() + seconds, time.monotonic()
    told = len(_lines(folder / "findings.jsonl"))
    while not found.broken and (not found.seconds or end - time.monotonic() > LEAST):
        _once(found, folder, end - time.monotonic(), engine, seed)
        found.seconds, seed = time.monotonic() - began, seed + 1
    new = [json.loads(line) for line in _lines(folder / "findings.jsonl")[told:]]
    found.findings = sorted({item["key"] for item in new if item["harness"] == name})
    found.distinct = len(_lines(folder / f"{name}.answers"))
    with (folder / "log.jsonl").open("a") as log:
        log.write(json.dumps(found.to_json() | {"at": int(time.time())}) + "\n")
    return found


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _once(found: Slice, folder: Path, seconds: float, engine: str, seed: int) -> None:
    (folder / f"{found.harness}.slot").unlink(missing_ok=True)
    slot = Slot(folder / f"{found.harness}.slot")
    told = (found.harness, str(folder), f"{seconds:.0f}", engine, str(seed))
    command = [sys.executable, "-m", "tests.fuzz.child", *told]
    with (folder / f"{found.harness}.out").open("wb") as out:
        child = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True, env=_environment())
    try:
        reason = _watch(child, slot, found, time.monotonic() + seconds + 60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    found.executions += slot.executions
    if reason:
        from tests.fuzz.table import HARNESSES

        tail = (folder / f"{found.harness}.out").read_bytes()[-3000:].decode("utf-8", "replace")
        if not slot.executions:
            found.broken = f"it could not begin: {tail.strip().splitlines()[-1] if tail.strip() else reason}"
            return
        save(folder, found.harness, reason, tail, slot.data, HARNESSES[found.harness].suffix)


def _environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONFAULTHANDLER": "1"}


def _watch(child: "subprocess.Popen[bytes]", slot: Slot, found: Slice, end: float) -> str | None:
    """Waits for the end of a process; a reason where it did not end well."""
    at, spent = -1, 0.0
    while child.poll() is None:
        time.sleep(0.2)
        number, since, now = slot.executions, slot.since, time.monotonic()
        if number != at:
            at, spent = number, processor(child.pid)
        if since:
            found.longest = max(found.longest, round(now - since, 1))
            if processor(child.pid) - spent > SECONDS or now - since > 5 * SECONDS:
                return f"hang: {now - since:.0f} seconds, {processor(child.pid) - spent:.0f} of the processor"
        if resident(child.pid) > MEMORY:
            return f"memory of more than {MEMORY:,} bytes"
        if now > end:
            return None if not since else "it did not end in time"
    code = child.returncode
    over = code in (0, 3) or (code == LIBFUZZER and not slot.since)
    return None if over else f"crash: exit code {code}"


def processor(pid: int) -> float:
    """Seconds of processor time of a process and of the children it waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(fields[i]) for i in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
