"""Boundary seeking in large ensembles: `python -m tests.benchmarks.bench_boundary [KIND ...] [--trees N]`.

For each kind of ensemble, pickle against ONNX with the default settings and only boundary rows: how many splits there
are, how many of them were probed, on how many rows, and the seconds that seeking took (finding where the inputs
cross the splits and making the rows) apart from those of scoring and comparing them.
"""

import argparse
import tempfile
import warnings
from pathlib import Path
from time import perf_counter
from typing import Any

from modelport.artifacts import artifact
from modelport.data import data
from modelport.parity import Settings, compare
from tests.benchmarks import synthetic

WIDTH = 20
RUNTIMES = ("scikit-learn", "onnxruntime")


def forest(trees: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(trees, random_state=0, n_jobs=-1)


def lightgbm(trees: int) -> Any:
    from lightgbm import LGBMClassifier

    return LGBMClassifier(n_estimators=trees, verbose=-1)


def xgboost(trees: int) -> Any:
    from xgboost import XGBClassifier

    return XGBClassifier(n_estimators=trees, max_depth=6)


KINDS = {"forest": forest, "lightgbm": lightgbm, "xgboost": xgboost}


def measure(kind: str, trees: int, folder: Path, budget: int | None) -> None:
    """Prints the coverage of one ensemble and what it took."""
    frame, target = synthetic.training(WIDTH)
    model = KINDS[kind](trees).fit(frame, target)
    if kind == "forest":
        model.n_jobs = None
    artifacts = [artifact(path) for path in synthetic.files(model, frame, folder)]
    began = perf_counter()
    settings = Settings(strata=("boundary",), runtimes=RUNTIMES, boundary_rows=budget, proof=False)
    report = compare(artifacts, data=data(frame), settings=settings)
    wall = perf_counter() - began
    coverage = report.coverage
    assert coverage is not None
    assert coverage.rate is not None
    print(
        f"{kind} of {trees:,} trees: {coverage.probed:,} of {coverage.known:,} splits probed ({coverage.rate:.2%}) "
        f"on {report.rows:,} rows; seeking {report.extra['wall']['seeking']:.1f} s, scoring and comparing "
        f"{report.extra['wall']['boundary']:.1f} s, all {wall:.1f} s; "
        f"{'agree' if report.passed else report.sentence()}",
        flush=True,
    )


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--trees", type=int, default=1000)
    parser.add_argument("--boundary-rows", type=int, help="budget [as many as 99 % of the splits need]")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for kind in chosen.kinds:
            measure(kind, chosen.trees, Path(name) / kind, chosen.boundary_rows)


if __name__ == "__main__":
    main()
