"""Recording: what every model answers to the golden rows, in every runtime in which it was compared."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.bundle import golden
from modelport.bundle.golden import Rows
from modelport.data import Data
from modelport.errors import DataError, ParityFailed
from modelport.parity.adapt import fit_inputs
from modelport.parity.cells import is_number
from modelport.parity.lanes import Answer, Dead, Lane
from modelport.parity.opening import hint_of, version_of
from modelport.parity.outcome import failures_of
from modelport.parity.pieces import Subject
from modelport.parity.progress import silent
from modelport.parity.race import Race
from modelport.parity.settings import Settings, Tolerance
from modelport.parity.shake import fragile
from modelport.parity.sources import Stratum
from modelport.parity.tally import Compared
from modelport.runtimes import Runtime, runtime
from modelport.signature import Signature

if TYPE_CHECKING:
    from modelport.parity.report import ParityReport


Positions = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Run:
    """One model in one runtime, over the golden rows.

    Attributes:
        model: its position among the models.
        outputs: one row for each golden row.
    """

    model: int
    runtime: Runtime
    outputs: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Recorded:
    """The golden rows and all answers; `signature` is the reference's, as its home runtime gives it."""

    signature: Signature
    rows: Rows
    runs: tuple[Run, ...]


def record(models: Sequence[Artifact], data: Data | None, report: "ParityReport") -> Recorded:
    """Picks golden rows, scores them everywhere, and keeps those that every runtime answers.

    Args:
        report: of the comparison that these models passed; its settings say what agreement is.

    Raises:
        ParityFailed: on the golden rows the models disagree, whatever the report says.
        DataError: the rows do not fit, or there is none that all answer.
        MissingExtra: a runtime of the report is not installed any more.
    """
    settings = replace(report.settings, resume=None, isolate=False)
    with _opened(models, data, report) as (lanes, opened):
        rows = golden.pick(lanes, data, settings)
        if len(lanes) > 1 and not report.accepted:
            _must_agree(lanes, rows, settings)
        answers = [_answer(lane, rows.batch) for lane in lanes]
        kept = _answered(answers, rows.batch.num_rows)
        kept = kept[~_fragile(lanes[0], answers[0], rows, kept, settings.seed)]
        if not len(kept):
            hint = "give rows it can score with --data"
            raise DataError("there are no golden rows that every runtime answers", hint=hint)
        runs = (Run(model, item, _rows_of(answer, kept)) for (model, item), answer in zip(opened, answers, strict=True))
        return Recorded(lanes[0].session.signature, rows.only(kept.tolist()), tuple(runs))


@contextmanager
def _opened(
    models: Sequence[Artifact], data: Data | None, report: "ParityReport"
) -> Iterator[tuple[list[Lane], list[tuple[int, Runtime]]]]:
    """Each model in each runtime of the report, the reference first; and which model and runtime each lane is."""
    hint = hint_of(models, data, None)
    lanes: list[Lane] = []
    opened: list[tuple[int, Runtime]] = []
    with ExitStack() as stack:
        for number, model in enumerate(models):
            for item in _compared_in(model, report):
                session = stack.enter_context(closing(item.open(model, hint)))
                reference = lanes[0].session.signature if lanes else session.signature
                subject = Subject(model.name, model.format.name, item.name, version_of(item))
                fitted = fit_inputs(reference, session.signature, subject.name)
                lanes.append(Lane(subject, session, fitted, item.slow, number, rounds=item.rounding(model)))
                opened.append((number, item))
        yield lanes, opened


def _compared_in(model: Artifact, report: "ParityReport") -> list[Runtime]:
    """The runtimes that scored this model when it was compared."""
    sha256 = model.sha256()
    names = [s.runtime for s in report.subjects if (s.artifact, s.sha256) == (model.name, sha256)]
    return [runtime(name) for name in dict.fromkeys(names)]


def _must_agree(lanes: Sequence[Lane], rows: Rows, settings: Settings) -> None:
    """The golden rows by the rules of parity, kind by kind: evidence must not contradict itself."""
    start = 0
    with Race(lanes, settings.with_(slow_rows=2**31), silent) as race:
        race.landmarks = rows.landmarks
        race.look_at(rows.batch.slice(0, golden.ROWS))
        for name, count in rows.strata:
            race.run(Stratum(name, partial(_once, rows.batch.slice(start, count)), count))
            start += count
        failures = failures_of(race, with_data=False)
    if failures:
        hint = "run: modelport verify, with more --rows"
        what = f"not packaged: on the golden rows, {failures[0].what}"
        raise ParityFailed(what, where=failures[0].subject, hint=hint)


def _once(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    yield batch


def _answer(lane: Lane, batch: pa.RecordBatch) -> Answer:
    try:
        return lane.answer(batch)
    except Dead as dead:
        raise ParityFailed(f"not packaged: {dead.failure.what}", where=lane.name, hint=dead.failure.hint) from dead


def _answered(answers: Sequence[Answer], count: int) -> Positions:
    everything = np.arange(count)
    return reduce(np.intersect1d, (answer.rows for answer in answers if answer.rows is not None), everything)


STEADY = Tolerance(atol=1e-6, rtol=1e-6)
"""A number that moves by more when its inputs move by a rounding has jumped."""


def _fragile(lane: Lane, answer: Answer, rows: Rows, kept: Positions, seed: int) -> Mask:
    """Which rows must not be golden: another machine's rounding may answer otherwise where a computed number jumps."""
    outputs = _rows_of(answer, kept)
    columns = [Compared(field.name, is_number(field.type), STEADY) for field in outputs.schema]
    return fragile(rows.batch.take(pa.array(kept)), outputs, columns, lane.total, rows.landmarks, seed)


def _rows_of(answer: Answer, kept: Positions) -> pa.RecordBatch:
    assert answer.outputs is not None, "every kept row was answered"
    places = kept if answer.rows is None else np.searchsorted(answer.rows, kept)
    return answer.outputs.take(pa.array(places))
