"""Peak memory of writing a large forest as PMML: `python -m tests.benchmarks.bench_to_pmml_memory [TREES …]`.

A process of its own loads the ONNX file, converts it and writes the document; the figure is what its largest resident
set grew by, beyond that of the same process with a forest of one tree, against the bytes it wrote.
"""

import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestRegressor

CHILD = """
import sys
from modelport.api import convert
convert(sys.argv[1], sys.argv[2], verify=False, engine="modelport", force=True)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(int(peak.split()[1]) * 1024)
"""
"""Not `getrusage`: a process begins with the largest resident set of the one that started it."""

GOAL = 3


def forest(trees: int) -> RandomForestRegressor:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(2000, 10))
    return RandomForestRegressor(trees, random_state=0).fit(rows, rows[:, 0] * rows[:, 1] + rng.normal(size=2000))


def peak(folder: Path, trees: int) -> tuple[int, int]:
    """Bytes of the largest resident set of the conversion, and of the file it wrote."""
    from modelport.api import convert

    source, target = folder / "model.onnx", folder / "model.pmml"
    model = folder / "model.pkl"
    model.write_bytes(pickle.dumps(forest(trees)))
    convert(model, source, verify=False, force=True)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(source), str(target)], check=True, capture_output=True, text=True
    )
    return int(done.stdout.splitlines()[-1]), target.stat().st_size


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base, _ = peak(folder, 1)
        for trees in [int(item) for item in sys.argv[1:]] or [100, 1400]:
            most, size = peak(folder, trees)
            grown = most - base
            print(f"{trees:>6} trees: {size / 1e6:8.1f} MB written, {grown / 1e6:8.1f} MB of memory, "
                  f"{grown / size:5.2f} times   (goal ≤ {GOAL})", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
