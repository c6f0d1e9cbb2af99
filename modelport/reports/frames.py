"""A parity report as pandas sees it: one row for each candidate, kind of rows and output; and the worst rows."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from modelport.parity.pieces import StratumReport, Witness
from modelport.parity.report import ParityReport

if TYPE_CHECKING:
    import pandas as pd

WORST = ("candidate", "kind", "row", "output", "reference_value", "candidate_value", "difference", "differs")


def to_pandas(report: ParityReport) -> "pd.DataFrame":
    """One row for each candidate, kind of rows and output.

    Columns: candidate, artifact, runtime, kind, output, rows, different, near_ties, nan_one_side, null_one_side,
    max_abs, max_rel, max_ulps, and of the kind as a whole rows_different and bound (at the report's confidence).
    """
    import pandas as pd

    return pd.DataFrame(list(_rows(report)))


def _rows(report: ParityReport) -> Iterator[dict[str, Any]]:
    counts = ("rows", "different", "near_ties", "nan_one_side", "null_one_side", "max_abs", "max_rel", "max_ulps")
    for pair in report.official:
        subject = report.subjects[pair.second]
        own = {"candidate": subject.name, "artifact": subject.artifact, "runtime": subject.runtime}
        for stratum in pair.strata:
            bound = stratum.bound(report.settings.confidence)
            for column in stratum.columns:
                told = {name: getattr(column, name) for name in counts}
                yield (
                    own
                    | {"kind": stratum.name, "output": column.name}
                    | told
                    | {
                        "rows_different": stratum.different,
                        "bound": bound,
                    }
                )


def worst(report: ParityReport, n: int = 10) -> "pd.DataFrame":
    """The rows that are farthest from the reference, those that count as different first.

    Columns: those of `WORST`, then the inputs under their own names; an input called like one of the former gets
    `input.` before it. A difference is `|candidate - reference|`; infinite where one side is missing, NaN for labels.

    Args:
        n: rows at most; a row stands once for each candidate, in the output where it is farthest.
    """
    import pandas as pd

    found = sorted(_witnesses(report), key=lambda item: item[0])[:n]
    rows = [_worst(*item[1:]) for item in found]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(WORST))


Found = tuple[tuple[bool, float, int], str, str, str, Witness]


def _witnesses(report: ParityReport) -> Iterator[Found]:
    """Each row once for each candidate and kind, in the output where it is farthest."""
    best: dict[tuple[int, str, int], Found] = {}
    for pair in report.official:
        name = report.subjects[pair.second].name
        for stratum in pair.strata:
            for output, witness in _kept(stratum):
                far = -difference(witness, output)
                key = output not in witness.columns, far if far == far else 0.0, witness.row
                place = pair.second, stratum.name, witness.row
                if place not in best or key < best[place][0]:
                    best[place] = key, name, stratum.name, output, witness
    yield from best.values()


def _kept(stratum: StratumReport) -> Iterator[tuple[str, Witness]]:
    """Rows of a fresh comparison; of a report that was read back, its witnesses."""
    if stratum.worst:
        yield from ((output, witness) for output, rows in stratum.worst.items() for witness in rows)
    else:
        yield from ((output, witness) for witness in stratum.witnesses for output in witness.columns)


def _worst(candidate: str, kind: str, output: str, witness: Witness) -> dict[str, Any]:
    sides = witness.reference.get(output), witness.candidate.get(output)
    own = (candidate, kind, witness.row, output, *sides, difference(witness, output), output in witness.columns)
    return dict(zip(WORST, own, strict=True)) | _inputs(witness.inputs)


def _inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {f"input.{name}" if name in WORST else name: value for name, value in inputs.items()}


def difference(witness: Witness, output: str) -> float:
    """How far apart a row is in an output; infinitely where one side is missing, NaN for labels that differ."""
    a, b = witness.reference.get(output), witness.candidate.get(output)
    if a == b or (a != a and b != b):
        return 0.0
    if a is None or b is None or a != a or b != b:
        return float("inf")
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b)
    return float("nan")
