"""An outside corpus of PMML documents with inputs and expected outputs: finding it, reading it, judging answers.

`MODELPORT_CORPUS` names the folder; otherwise it is looked for beside the project, in `../shared/corpus`.
"""

import csv
import io
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.artifacts import artifact
from modelport.runtimes import runtime
from modelport.signature import Column
from modelport_pmml.reader.read import read

PROJECT = Path(__file__).parents[2]
MISSING = frozenset({"", "NA", "N/A", "nan", "NaN", "None"})
EXACT, FLOAT = 1e-9, 1e-5
SLIPS = {"jpmml_bsd/rattle/NeuralNetworkOzone": 1e-7}
"""Expected outputs that another program computed, and what it is off by on one row; JPMML agrees with us to the bit."""


@dataclass(frozen=True)
class Case:
    name: str
    model: Path
    input: Path
    expected: Path
    committed: bool


def folder() -> Path | None:
    """The corpus, or None."""
    named = os.environ.get("MODELPORT_CORPUS")
    found = Path(named) if named else PROJECT.parent / "shared" / "corpus"
    return found if (found / "index.tsv").exists() else None


def cases() -> list[Case]:
    """Every PMML case; none where the corpus is absent."""
    root = folder()
    if root is None:
        return []
    with (root / "index.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["format"] == "pmml"]
    return [
        Case(row["id"], root / row["model"], root / row["input"], root / row["expected"],
             row["oracle"] == "committed-csv")
        for row in rows
    ]  # fmt: skip


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows; the separator is the one the header has most of."""
    text = path.read_text(encoding="utf-8-sig")
    first = text.splitlines()[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count)))
    return rows[0], [row for row in rows[1:] if row or len(rows[0]) == 1]


def batch(case: Case, columns: tuple[Column, ...]) -> pa.RecordBatch:
    """The input rows, with the columns a session asks for; a column that is not there is missing."""
    header, rows = table(case.input)
    arrays = []
    for column in columns:
        at = header.index(column.name) if column.name in header else -1
        cells = [row[at] if 0 <= at < len(row) else "" for row in rows]
        arrays.append(pa.array([_cell(cell, column.type) for cell in cells], column.type))
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema([pa.field(c.name, c.type) for c in columns]))


def _cell(text: str, kind: pa.DataType) -> Any:
    if text.strip() in MISSING:
        return None
    if pa.types.is_string(kind):
        return text
    if pa.types.is_boolean(kind):
        return text.strip().lower() in ("true", "1", "1.0")
    return int(float(text)) if pa.types.is_integer(kind) else float(text)


def same(got: Any, text: str, tolerance: float) -> bool:
    """Whether an answer is the expected one; a number that was written with few digits is met by its rounding."""
    text = text.strip()
    if text in MISSING:
        return got is None or (isinstance(got, float) and math.isnan(got))
    if got is None:
        return False
    if isinstance(got, bool):
        return text.lower() in (str(got).lower(), str(int(got)))
    if isinstance(got, str):
        return got == text or (_number(got) is not None and _number(got) == _number(text))
    wanted = _number(text)
    return wanted is not None and abs(got - wanted) <= max(tolerance * max(1.0, abs(wanted)), _rounding(text))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _rounding(text: str) -> float:
    mantissa = text.lower().partition("e")[0]
    short = sum(letter.isdigit() for letter in mantissa) < 12
    return 0.5000001 * 10.0 ** -len(mantissa.partition(".")[2]) if "." in mantissa and short else 0.0


def disagreements(case: Case) -> tuple[list[str], int]:
    """What differs from the expected output, and how many columns were compared.

    Raises:
        ModelportError: the document is refused.
    """
    session = runtime("modelport-onnx").open(artifact(case.model), None)
    out = session.score(batch(case, session.signature.inputs))
    header, rows = table(case.expected)
    text = case.model.read_text(errors="replace")
    narrow = 'x-mathContext="float"' in text or 'dataType="float"' in text
    tolerance = SLIPS.get(case.name, FLOAT if narrow else EXACT)
    found, compared = [], 0
    for at, name in enumerate(header):
        column = _column(name, out.schema.names, case)
        if column is None:
            continue
        compared += 1
        got = out.column(column).to_pylist()
        cells = [row[at] if row else "" for row in rows]
        if len(got) != len(cells):
            found.append(f"{name}: {len(got)} rows, not {len(cells)}")
            continue
        wrong = [i for i, (a, b) in enumerate(zip(got, cells, strict=True)) if not same(a, b, tolerance)]
        if wrong:
            found.append(f"{name}: {len(wrong)} rows, the first {wrong[0]}: {got[wrong[0]]!r}, not {cells[wrong[0]]!r}")
    return found, compared


def _column(name: str, have: list[str], case: Case) -> str | None:
    """The output column that an expected column is about: its own name, or the prediction for the target's."""
    main = next(item for item in have if item in ("label", "cluster") or item.startswith("prediction"))
    if name in have:
        return name
    document = read(case.model)
    targets = {item.name for item in document.model.mining_schema.fields if item.usage_type in ("target", "predicted")}
    if name in targets or name in ("", "prediction", "_target", "predictedScore", "Cluster"):
        return main
    return main if not targets and len(have) == 1 else None
