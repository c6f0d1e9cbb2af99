"""docs/coverage.md, written from a run and read back by the test that holds it against the code."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from tests.conformance.catalogue.judge import Row, summary
from tests.conformance.catalogue.page import put, rows

HEAD = """# Coverage

Every scikit-learn class that predicts or transforms new data, the XGBoost, LightGBM and CatBoost wrappers, and
composite pipelines on DataFrames: fitted, converted with `modelport convert`'s defaults, and scored in onnxruntime
against the original on holdout rows and on boundary rows (each threshold, and one step either side of it on the
float64 and the float32 grid). Regenerate with

    python -m tests.conformance.catalogue --write

"Within" means that every label is equal and every number differs by at most that much relative to max(1, |reference|);
where the original computes in float32 (marked ulp) it means at most one float32 ulp. "Ties" counts rows whose label
differs where the original's own margin is under 1e-12. "Noted" marks a conversion that says itself, in a typed note,
what it cannot keep; the note is in the last column.
"""

COLUMNS = "| case | result | labels wrong | worst | ties | boundary rows | why |"


def result(row: Row) -> str:
    """One word for a row."""
    if not row.converts:
        return "refused"
    if not row.runs:
        return "does not run"
    if row.within(1e-9):
        return "1 ulp" if row.float32 else "1e-9"
    if row.noted:
        return "noted"
    return "1e-5" if row.within(1e-5) else "differs"


def write(judged: Sequence[Row], versions: Mapping[str, str], path: Path) -> None:
    """Writes this run's part of the page."""
    counts = summary(judged)
    measured = ", ".join(f"{name} {number}" for name, number in versions.items())
    lines = [HEAD, f"Measured on {date.today().isoformat()} with {measured}.\n"]
    lines.append(
        "Of the 198 classes: "
        + ", ".join(f"{key} {value}" for key, value in counts.items() if key != "classes")
        + ".\n"
    )
    for title, kept in (
        ("Classes", [row for row in judged if row.core]),
        ("Variants", [row for row in judged if not row.core and row.family != "pipeline"]),
        ("Pipelines", [row for row in judged if row.family == "pipeline"]),
    ):
        lines += [f"## {title}\n", COLUMNS, "|---|---|---|---|---|---|---|", *(cells(row) for row in kept), ""]
    put("onnx", "\n".join(lines), path)


def cells(row: Row) -> str:
    labels = "" if row.labels is None else f"{row.labels:.4f}"
    worst = "" if row.worst is None else f"{row.worst:.1e}{' ulp' if row.float32 else ''}"
    why = re.sub(r"[|\n]", " ", row.reason)
    return f"| {row.name} | {result(row)} | {labels} | {worst} | {row.ties or ''} | {row.boundary or ''} | {why} |"


def read(path: Path) -> dict[str, str]:
    """Case name → result, from the page."""
    return {name: cells[0] for name, cells in rows("onnx", path).items()}
