"""Runs the catalogue and writes docs/coverage.md: `python -m tests.conformance.catalogue [--only TEXT] [--write]`."""

import argparse
import sys
from importlib.metadata import version
from pathlib import Path

from tests.conformance.catalogue.judge import Row, summary
from tests.conformance.catalogue.listing import all_cases, case_named, judge_named
from tests.conformance.catalogue.table import write
from tests.conformance.catalogue.workers import judged

LIBRARIES = ("scikit-learn", "xgboost", "lightgbm", "catboost", "onnx", "onnxruntime", "numpy", "modelport")


def run(names: list[str], workers: int) -> list[Row]:
    """Judges cases in worker processes; a worker that dies is a row, not the end."""

    def died(name: str, error: BaseException) -> Row:
        case = case_named(name)
        return Row(name, case.family, case.core, reason=f"DEFECT {type(error).__name__}: {error}")

    return judged(judge_named, names, workers, died, lambda row: print(line(row), file=sys.stderr))


def line(row: Row) -> str:
    if not row.converts:
        return f"refused  {row.name}: {row.reason}"
    mark = "exact" if row.within(1e-9) else "WRONG"
    unit = "ulp" if row.float32 else "rel"
    return f"{mark:8} {row.name}: labels {row.labels} worst {row.worst} {unit} ties {row.ties} {row.reason}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--core", action="store_true", help="only the 198 classes")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write docs/coverage.md")
    options = parser.parse_args()
    names = [c.name for c in all_cases() if options.only in c.name and (c.core or not options.core)]
    rows = run(names, options.workers)
    print(dict(summary(rows)))
    if options.write:
        versions = {name: version(name) for name in LIBRARIES}
        write(rows, versions, Path(__file__).parents[3] / "docs" / "coverage.md")


if __name__ == "__main__":
    main()
