"""What comparing costs beside scoring, as ratios of one run: `python tests/benchmarks/parity_cost.py [ROWS] [TREES]`.

Two figures: a forest (comparison should add under 10 % to the runtimes' own time) and a logistic regression (it should
cost less than the quicker runtime's scoring). Rows are made on the fly.
"""

import sys
import warnings
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.artifacts import artifact
from modelport.conversion import Context
from modelport.data import Data
from modelport.parity import Settings, compare

WIDTH = 30


def rows(count: int) -> Data:
    """`count` rows of `WIDTH` normal columns, never more than a batch at a time."""
    schema = pa.schema([(f"x{i}", pa.float64()) for i in range(WIDTH)])

    def read(size: int) -> Iterator[pa.RecordBatch]:
        for start in range(0, count, size):
            rng = np.random.default_rng(start)
            some = min(size, count - start)
            yield pa.RecordBatch.from_arrays([pa.array(rng.normal(size=some)) for _ in range(WIDTH)], schema=schema)

    return Data("made on the fly", schema, read)


def measure(title: str, model: Any, count: int) -> None:
    """Prints what a comparison of a model with its conversion costs."""
    from modelport_onnx.build import to_onnx

    data = rows(count)
    reference = artifact(model)
    proto = to_onnx(model, Context(reference.format.signature(model, data.head())))
    settings = Settings(strata=("data",), runtimes=("scikit-learn", "onnxruntime"))
    began = perf_counter()
    report = compare([reference, artifact(proto)], data=data, settings=settings)
    wall = perf_counter() - began
    assert report.passed, str(report)
    comparison = report.seconds["comparison"]
    scoring = [seconds for name, seconds in report.seconds.items() if name != "comparison"]
    print(
        f"{title}: {count:,} rows; scoring {' + '.join(f'{s:.2f}' for s in scoring)} s, comparing {comparison:.2f} s: "
        f"{comparison / sum(scoring):.1%} of all scoring, {comparison / min(scoring):.2f}x the quicker; "
        f"wall {wall:.2f} s, {wall / max(scoring):.2f}x the slower"
    )


def main() -> None:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    warnings.simplefilter("ignore")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    trees = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, WIDTH))
    y = (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype(int)
    measure("logistic regression", LogisticRegression().fit(x, y), count)
    measure(f"forest of {trees} trees", RandomForestClassifier(trees, random_state=0).fit(x, y), count)


if __name__ == "__main__":
    main()
