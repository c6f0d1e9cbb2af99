"""What comparing costs beside scoring, as ratios of one run: `python -m tests.benchmarks.parity_cost [ROWS] [TREES]`.

For a forest and for a logistic regression, each a pickle and an ONNX file, over Parquet made on the fly:

* comparing, as a share of the runtimes' own time (forest: under 10 %; logistic regression: less than the quicker one);
* the wall time of the comparison over the time of the slower runtime (at most 1.2 on two cores): in the same run, and
  against that runtime reading and scoring the same files alone.
"""

import sys
import tempfile
import warnings
from pathlib import Path
from time import perf_counter
from typing import Any

from modelport.artifacts import artifact
from modelport.data import Data, data, fitted
from modelport.parity import Settings, compare
from modelport.runtimes import runtimes
from tests.benchmarks import synthetic

WIDTH = 30
RUNTIMES = ("scikit-learn", "onnxruntime")


def alone(path: Path, runtime: str, rows: Data, hint: Any) -> float:
    """Seconds in which one runtime reads and scores all rows, with nothing beside it; opening is not counted."""
    session = runtimes()[runtime].open(artifact(path), hint)
    session.score(next(fitted(rows, session.signature, rows=1000)))
    began = perf_counter()
    for batch in fitted(rows, session.signature):
        session.score(batch)
    return perf_counter() - began


def measure(title: str, model: Any, frame: Any, rows: Data, folder: Path) -> None:
    """Prints what a comparison of a model with its conversion costs."""
    paths = synthetic.files(model, frame, folder)
    artifacts = [artifact(path) for path in paths]
    settings = Settings(strata=("data",), runtimes=RUNTIMES)
    report = compare(artifacts, data=rows, settings=settings)
    assert report.passed, str(report)
    comparison, wall = report.seconds["comparison"], report.extra["wall"]["data"]
    scoring = [seconds for name, seconds in report.seconds.items() if name != "comparison"]
    hint = artifacts[1].format.signature(artifacts[1].model, None)
    single = [alone(path, runtime, rows, hint) for path, runtime in zip(paths, RUNTIMES, strict=True)]
    print(
        f"{title}: {report.rows:,} rows; scoring {' | '.join(f'{s:.2f}' for s in scoring)} s, "
        f"comparing {comparison:.2f} s: {comparison / sum(scoring):.1%} of all scoring, "
        f"{comparison / min(scoring):.2f}x the quicker; wall {wall:.2f} s: {wall / max(scoring):.2f}x the slower, "
        f"{wall / max(single):.2f}x the slower alone ({' | '.join(f'{s:.2f}' for s in single)} s)",
        flush=True,
    )


def main() -> None:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    warnings.simplefilter("ignore")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    trees = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    frame, target = synthetic.training(WIDTH)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = data(synthetic.write(folder / "rows", count, WIDTH))
        linear, forest = LogisticRegression(), RandomForestClassifier(trees, random_state=0)
        measure("logistic regression", linear.fit(frame, target), frame, rows, folder / "linear")
        measure(f"forest of {trees} trees", forest.fit(frame, target), frame, rows, folder / "forest")


if __name__ == "__main__":
    main()
