"""Peak memory of `verify` and `score` over growing Parquet: `python -m tests.benchmarks.bench_memory [ROWS …]`.

A logistic regression of four columns, pickle against ONNX, on rows made on the fly; the figure is the largest resident
set of any one process of the command (`ru_maxrss`).
"""

import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHUNK = 500_000
COLUMNS = ("a", "b", "c", "d")


def write(path: Path, count: int) -> None:
    """A Parquet file of `count` rows of normal numbers."""
    schema = pa.schema([(name, pa.float64()) for name in COLUMNS])
    with pq.ParquetWriter(path, schema) as file:
        for start in range(0, count, CHUNK):
            values = np.random.default_rng(start).normal(size=(min(CHUNK, count - start), len(COLUMNS)))
            file.write_table(pa.Table.from_arrays([pa.array(values[:, i]) for i in range(len(COLUMNS))], schema=schema))


def measured(*arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one command."""
    command = shutil.which("modelport") or "modelport"
    begin = time.perf_counter()
    subprocess.run([command, *arguments], check=True, capture_output=True)
    return time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    import pandas as pd
    from sklearn.linear_model import LogisticRegression

    import modelport as mp

    rng = np.random.default_rng(0)
    rows = pd.DataFrame(rng.normal(size=(2000, 4)), columns=COLUMNS)
    model = LogisticRegression().fit(rows, rows["a"] > rows["b"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.pkl").write_bytes(pickle.dumps(model))
        mp.convert(model, folder / "model.onnx", data=rows, verify=False)
        for count in [int(item) for item in sys.argv[1:]] or [1_000_000, 10_000_000]:
            pickled, onnx, rows, out = (
                str(folder / n) for n in ("model.pkl", "model.onnx", "rows.parquet", "o.parquet")
            )
            write(Path(rows), count)
            for command in (
                ("score", onnx, rows, "-o", out, "--force"),
                ("verify", pickled, onnx, "--data", rows, "--strata", "data"),
            ):
                seconds, peak = measured(*command)
                print(f"{count:>12,} rows: {command[0]:6} {seconds:6.1f} s, peak so far {peak:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
