"""One case, judged: fitted, converted, scored in onnxruntime against scikit-learn on holdout and boundary rows."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.api import convert
from modelport.artifacts import artifact
from modelport.data import fitted
from modelport.errors import ModelportError
from modelport.model import Model
from modelport.runtimes import Session
from tests.conformance.catalogue.case import Case

TIE = 1e-12
"""Margin between two labels under which the order of a sum decides."""

PROBES = 200
"""Thresholds that are probed, at most: each with both neighbours, on the float64 and the float32 grid."""


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Attributes:
        converts, runs: whether there is a graph, and whether onnxruntime scores it.
        labels: share of rows with another label, ties apart; None where there are no labels.
        ties: rows whose label differs at a margin under `TIE`.
        worst: largest |d| / max(1, |reference|), or in float32 ulps where the original computes in float32.
        boundary: number of boundary rows among those judged.
        reason: why it was refused or what went wrong.
        noted: whether the conversion left a note about the choice of the model's that a difference comes from.
    """

    name: str
    family: str
    core: bool
    converts: bool = False
    runs: bool = False
    labels: float | None = None
    ties: int = 0
    worst: float | None = None
    float32: bool = False
    boundary: int = 0
    reason: str = ""
    noted: bool = False

    def within(self, tolerance: float) -> bool:
        """Labels equal and numbers within a tolerance (one ulp where the original computes in float32)."""
        if not self.runs or self.labels:
            return False
        return self.worst is None or self.worst <= (1.0 if self.float32 else tolerance)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def judge(case: Case) -> Row:
    """Runs one case; what goes wrong is in the row, never raised."""
    facts: dict[str, Any] = {"name": case.name, "family": case.family, "core": case.core, "float32": case.float32}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            estimator = case.fitted()
            sample = case.sample()
            conversion = convert(estimator, "onnx", data=sample.train, verify=False)
        except ModelportError as error:
            return Row(**facts, reason=f"{error.what} ({error.where})" if error.where else error.what)
        except Exception as error:  # a defect is a row of the table too
            return Row(**facts, reason=f"DEFECT {type(error).__name__}: {str(error).splitlines()[0][:160]}")
        reference = Model(artifact(estimator), hint=conversion.model.signature)
        told = [note.what for note in conversion.notes if not note.what.startswith("the empty text")]
    facts |= {"noted": bool(told), "reason": "; ".join(told)}
    return _score(case, facts, reference, conversion.model, sample.holdout)


def _score(case: Case, facts: dict[str, Any], reference: Any, candidate: Any, holdout: Any) -> Row:
    facts = {**facts, "converts": True}
    try:
        batch = one_batch(holdout, candidate.signature)
        rows = pa.Table.from_batches([batch, *boundary_rows(reference.session, batch)])
        rows = rows.combine_chunks().to_batches()[0]
        want, have = reference.session.score(rows), candidate.session.score(rows)
    except Exception as error:
        return Row(**facts | {"reason": f"{type(error).__name__}: {str(error).splitlines()[0][:160]}"})
    return Row(**facts | compare(want, have, case.float32), runs=True, boundary=rows.num_rows - batch.num_rows)


def one_batch(rows: Any, signature: Any) -> pa.RecordBatch:
    """All rows, fitted to a signature, as one batch."""
    table = pa.Table.from_batches(list(fitted(rows, signature)))
    return table.combine_chunks().to_batches()[0]


def boundary_rows(session: Session, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Holdout rows with one column moved onto a threshold, and to its neighbours on both grids."""
    marks = session.landmarks()
    rng = np.random.default_rng(0)
    for name, values in marks.items():
        index = batch.schema.get_field_index(name)
        if index < 0:
            continue
        probes = _probes(batch.schema.field(index).type, values, max(PROBES // len(marks), 10))
        if len(probes):
            picked = batch.take(pa.array(rng.integers(0, batch.num_rows, len(probes))))
            field = batch.schema.field(index)
            yield accepted(session, picked.set_column(index, field, pa.array(probes, field.type)))


def accepted(session: Session, rows: pa.RecordBatch) -> pa.RecordBatch:
    """The rows that the original scores: a bound may lie where it refuses (an unknown category, minus zero)."""

    def takes(part: pa.RecordBatch) -> bool:
        try:
            session.score(part)
        except ModelportError:
            return False
        return True

    if takes(rows):
        return rows
    return rows.take(pa.array([i for i in range(rows.num_rows) if takes(rows.slice(i, 1))], pa.int64()))


def _probes(kind: pa.DataType, values: Sequence[Any], most: int) -> list[Any]:
    if pa.types.is_string(kind):
        return [value for value in values if isinstance(value, str)][:most]
    numbers = np.unique(np.array([value for value in values if not isinstance(value, str)], np.float64))
    numbers = (
        numbers[np.linspace(0, len(numbers) - 1, min(most, len(numbers))).astype(int)] if len(numbers) else numbers
    )
    if pa.types.is_integer(kind):
        return [int(value) for value in np.unique(np.concatenate([np.floor(numbers), np.ceil(numbers)]))]
    if pa.types.is_boolean(kind):
        return [True, False]
    numbers = numbers[np.abs(numbers) < np.finfo(np.float32).max]
    grid = numbers.astype(np.float32)
    near = [numbers, np.nextafter(numbers, -np.inf), np.nextafter(numbers, np.inf)]
    near += [grid, np.nextafter(grid, np.float32(-np.inf)), np.nextafter(grid, np.float32(np.inf))]
    found = np.concatenate([part.astype(np.float64) for part in near])
    return [float(value) for value in found[np.isfinite(found)]]


def compare(want: pa.RecordBatch, have: pa.RecordBatch, float32: bool) -> dict[str, Any]:
    """Labels, ties, and the worst difference of two batches of outputs."""
    if want.schema.names != have.schema.names:
        return {"labels": 1.0, "reason": f"outputs {have.schema.names[:4]} instead of {want.schema.names[:4]}"}
    wrong, ties, worst, texts = 0, 0, None, False
    for name, left, right in zip(want.schema.names, want.columns, have.columns, strict=True):
        if name.startswith(("label", "cluster")) or pa.types.is_string(left.type):
            texts = True
            differ = np.array([a != b for a, b in zip(left.to_pylist(), right.to_pylist(), strict=True)])
            tied = differ & (margins(want) < TIE)
            wrong, ties = wrong + int((differ & ~tied).sum()), ties + int(tied.sum())
        else:
            worst = max(worst or 0.0, distance(left, right, float32))
    return {"labels": wrong / want.num_rows if texts else None, "ties": ties, "worst": worst}


def margins(batch: pa.RecordBatch) -> np.ndarray:
    """Distance between the two greatest scores of each row; infinite where there are no scores."""
    scores = [
        batch.column(i).to_numpy(zero_copy_only=False)
        for i, name in enumerate(batch.schema.names)
        if name.startswith(("probability(", "decision(", "score"))
    ]
    if not scores:
        return np.full(batch.num_rows, np.inf)
    if len(scores) == 1:
        return np.abs(scores[0])
    ordered = np.sort(np.column_stack(scores), axis=1)
    return ordered[:, -1] - ordered[:, -2]


def distance(want: pa.Array, have: pa.Array, float32: bool) -> float:
    """Largest difference of two columns; infinite where only one is missing, NaN or infinite."""
    left = np.asarray(want.to_numpy(zero_copy_only=False), np.float64)
    right = np.asarray(have.to_numpy(zero_copy_only=False), np.float64)
    if (np.isnan(left) != np.isnan(right)).any():
        return float("inf")
    same = (left == right) | np.isnan(left)
    if same.all():
        return 0.0
    left, right = left[~same], right[~same]
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        return float("inf")
    if float32:
        return float(np.max(np.abs(left - right) / np.spacing(np.abs(left).astype(np.float32)).astype(np.float64)))
    return float(np.max(np.abs(left - right) / np.maximum(1.0, np.abs(left))))


def summary(rows: Sequence[Row]) -> Mapping[str, int]:
    """The counts the table is headed by, over the core classes."""
    core = [row for row in rows if row.core]
    return {
        "classes": len(core),
        "convert": sum(row.converts for row in core),
        "run": sum(row.runs for row in core),
        "within 1e-5": sum(row.within(1e-5) for row in core),
        "within 1e-9": sum(row.within(1e-9) for row in core),
        "refused": sum(not row.converts for row in core),
    }
