"""Comparing over very many rows: `python -m tests.benchmarks.bench_hundred_million [ROWS] [--folder DIR]`.

A logistic regression of four columns, pickle against ONNX, over a folder of Parquet files made on the fly and removed
afterwards. Twice the command `modelport verify`: once to its end, and once killed in the middle and taken up again
with `--resume`; both must give the same counts. Printed are rows a second and the memory of the command with all its
processes, looked at twice a second: its greatest value, and that of each tenth of the way, which must not grow.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks import synthetic

WIDTH = 4
LIMIT = 1 << 30
"""Bytes that the command with its processes must stay below."""


@dataclass
class Run:
    """One run of the command.

    Attributes:
        seconds: wall time.
        memory: bytes of all processes together at each look.
        report: what it printed; None if it was killed.
    """

    seconds: float = 0.0
    memory: list[int] = field(default_factory=list)
    report: Any = None

    def tenths(self) -> list[int]:
        """The greatest memory in each tenth of the run, in MB."""
        size = max(1, len(self.memory) // 10)
        return [max(self.memory[i : i + size]) >> 20 for i in range(0, len(self.memory), size)]


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=int, nargs="?", default=100_000_000)
    parser.add_argument("--folder", help="where the rows are made [a temporary folder]")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        measure(Path(name), chosen.rows)


def measure(folder: Path, count: int) -> None:
    from sklearn.linear_model import LogisticRegression

    frame, target = synthetic.training(WIDTH)
    paths = synthetic.files(LogisticRegression().fit(frame, target), frame, folder)
    began = time.perf_counter()
    rows = synthetic.write(folder / "rows", count, WIDTH)
    print(
        f"{count:,} rows in {len(list(rows.iterdir()))} files made in {time.perf_counter() - began:.0f} s", flush=True
    )
    command = [sys.executable, "-m", "modelport.cli.main", "verify", *map(str, paths), "--data", str(rows)]
    command += ["--strata", "data", "--json"]
    whole = run(command)
    told("to its end", whole, count)
    journal = folder / "journal.json"
    resumed = [*command, "--resume", str(journal)]
    killed = run(resumed, kill_after=0.4 * whole.seconds, journal=journal)
    if killed.report is not None:
        raise SystemExit("it ended before it could be killed: take more rows")
    done = json.loads(journal.read_text())["done"]
    print(f"killed after {killed.seconds:.0f} s; {done:,} rows were written down as done", flush=True)
    rest = run(resumed)
    told("taken up again", rest, count - done)
    assert counts(rest.report) == counts(whole.report), "resuming changed the result"
    assert whole.report["passed"], whole.report["sentence"]
    print("both gave the same result")


def run(command: list[str], kill_after: float | None = None, journal: Path | None = None) -> Run:
    """Runs the command, looking at its memory; kills it, as soon as there is a journal, after some seconds."""
    made, began = Run(), time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, start_new_session=True)
        while process.poll() is None:
            made.memory.append(sum(map(resident, tree(process.pid))))
            late = kill_after is not None and time.perf_counter() - began > kill_after
            if late and journal is not None and journal.exists():
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(0.5)
        made.seconds = time.perf_counter() - began
        out.seek(0)
        text = out.read()
    made.report = json.loads(text) if process.returncode in (0, 1) else None
    return made


def told(title: str, done: Run, count: int) -> None:
    peak = max(done.memory)
    print(f"{title}: {done.seconds:.0f} s, {count / done.seconds:,.0f} rows/s, peak {peak >> 20} MB of all processes")
    print(f"  by tenths of the way, MB: {done.tenths()}", flush=True)
    assert peak < LIMIT, "more than 1 GB"


def counts(report: Any) -> Any:
    """What a report found, without what a clock told it."""
    return {name: report[name] for name in ("passed", "pairs", "failures", "notes")}


def tree(pid: int) -> list[int]:
    """A process and those below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(below for child in children for below in tree(int(child)))]


def resident(pid: int) -> int:
    """Bytes of a process, memory that it shares with others counted in part (proportional set size)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    if not Path("/proc/self/smaps_rollup").exists():
        sys.exit("memory is read from /proc")
    main()
