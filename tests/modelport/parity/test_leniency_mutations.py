"""What lets rows through, or takes the place of looking: each is opened wide once, and a scenario must show it.

A difference may be put down to a near tie, a near jump, an overflow or a refusal; rows may be known from an earlier
run, presumed refused, or repaired; a process may be ended. In each scenario that is decided rightly; then the code that
decides is broken, and the outcome must change, or nothing would notice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from parity_fakes import classifier, columns, logistic, plus, refuses, regression, text_column

from modelport import datarepair
from modelport.data import fit
from modelport.errors import DataError
from modelport.parity import outcome, packs, paths, race, ranks, refusals, resume, shake, tally
from modelport.parity.failures import FailureKind as Kind
from modelport.parity.settings import Tolerance
from modelport.signature import Column, Signature, Task, matrix_inputs, regression_outputs

ROWS = {"x0": np.linspace(-2, 2, 50), "x1": np.linspace(1, 3, 50)}
NUMBER = Column("x0", pa.float64())
Patch = Callable[[pytest.MonkeyPatch], None]


def data(**more: Any) -> dict[str, Any]:
    return {"rows": ROWS, "strata": ("data",), "shrink": False} | more


def replaced(home: Any, name: str, by: Any) -> Patch:
    return lambda monkey: monkey.setattr(home, name, by)


def off(verify: Any) -> Any:
    return verify(regression(plus), regression(lambda b: [plus(b)[0] + 1e-6]), **data())


def wrong_label(verify: Any) -> Any:
    always = classifier(lambda b: [np.full(b.num_rows, "yes"), *logistic()(b)[1:]])
    return verify(classifier(logistic()), always, **data())


def reference_refuses(verify: Any) -> Any:
    """Special rows that the reference alone does not take."""
    fussy = regression(refuses(lambda b: ~np.isfinite(columns(b)[0]), plus))
    return verify(fussy, regression(plus), strata=("special",), strict=True, shrink=False)


def candidate_refuses(verify: Any) -> Any:
    fussy = regression(refuses(lambda b: ~np.isfinite(columns(b)[0]), plus))
    return verify(regression(plus), fussy, strata=("special",), strict=True, shrink=False)


def another_order(verify: Any) -> Any:
    swapped = regression(lambda b: [plus(b)[0] + 0.05 * (np.rint(98 * columns(b)[0]) % 4 == 0)])
    rows = {"x0": np.linspace(0, 1, 99), "x1": np.zeros(99)}
    return verify(regression(plus), swapped, **data(atol=0.2, rank=0.0, rows=rows))


def everything(rows: Any, *_: Any) -> Any:
    return np.ones(rows.num_rows, bool)


def all_tied(columns_: Any, found: Any, *_: Any) -> Any:
    return {name: difference.rows for name, difference in found.items()}


def never_strict(monkey: pytest.MonkeyPatch) -> None:
    real = race.Race._tally

    def lenient(self: Any, *args: Any) -> Any:
        made = real(self, *args)
        made.strict = False
        return made

    monkey.setattr(race.Race, "_tally", lenient)


@dataclass(frozen=True)
class Opened:
    """A scenario that fails, and what lets everything through."""

    kind: Kind
    scenario: Callable[[Any], Any]
    breaks: Patch


OPENED = {
    "near jumps": Opened(Kind.NUMBER, off, replaced(race, "near_jumps", everything)),
    "near ties": Opened(Kind.LABEL, wrong_label, replaced(tally, "near_ties", all_tied)),
    "overflow": Opened(Kind.NUMBER, off, replaced(tally, "overflown", everything)),
    "strict, reference": Opened(Kind.REFUSED, reference_refuses, never_strict),
    "strict, candidate": Opened(Kind.REFUSED, candidate_refuses, never_strict),
    "rank": Opened(Kind.RANK, another_order, replaced(ranks.Ranks, "discordant", lambda self: 0.0)),
}


@pytest.mark.parametrize("name", OPENED)
def test_a_leniency_that_is_opened_wide_hides_a_difference(
    name: str, verify: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = OPENED[name]
    assert {failure.kind for failure in opened.scenario(verify).failures} == {opened.kind}
    opened.breaks(monkeypatch)
    assert opened.kind not in {failure.kind for failure in opened.scenario(verify).failures}


# What was known before ---------------------------------------------------------------------------


class Kill(BaseException):
    pass


def interrupted(verify: Any, journal: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The first rows differ, the others do not; it is killed between the two, and then goes on."""
    rows = {"x0": np.linspace(-2, 2, 1000), "x1": np.ones(1000)}
    seen = [0]

    def until(limit: int) -> Any:
        def score(batch: pa.RecordBatch) -> Any:
            seen[0] += batch.num_rows
            if seen[0] > limit:
                raise Kill
            return [plus(batch)[0] + np.where(columns(batch)[0] < -1.8, 1.0, 0.0)]

        return score

    real = resume.Journal
    monkeypatch.setattr("modelport.parity.engine.Journal", lambda path, key: real(path, key, every=0.0))
    chosen = data(rows=rows, batch_rows=64, resume=str(journal))
    with pytest.raises(Kill):
        verify(regression(plus), regression(until(600)), **chosen)
    assert journal.exists()
    seen[0] = 0
    return verify(regression(plus), regression(until(10**9)), **chosen)


def test_what_a_journal_holds_is_needed(verify: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not interrupted(verify, tmp_path / "kept.json", monkeypatch).passed
    monkeypatch.setattr(race, "restore", lambda *a: None)
    assert interrupted(verify, tmp_path / "lost.json", monkeypatch).passed


def test_a_journal_of_another_comparison_would_hide_rows(
    verify: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = tmp_path / "journal.json"
    other = '{"key": "another", "done": 50, "pairs": {}}'
    journal.write_text(other)
    with pytest.raises(Exception, match="another comparison"):
        off_with(verify, journal)
    monkeypatch.setattr("modelport.parity.engine.key_of", lambda *a: "another")
    journal.write_text(other)
    assert Kind.NUMBER not in {failure.kind for failure in off_with(verify, journal).failures}


def off_with(verify: Any, journal: Path) -> Any:
    return verify(regression(plus), regression(lambda b: [plus(b)[0] + 1.0]), **data(resume=str(journal)))


# Refused rows ------------------------------------------------------------------------------------


def word_of_two_minds(batch: pa.RecordBatch) -> Any:
    """The word is refused with a positive number alone."""
    return np.array([t == "zzz" and x > 0 for t, x in zip(*(c.to_pylist() for c in batch.columns), strict=True)])


def first(batch: pa.RecordBatch) -> Any:
    return [np.asarray(batch.column(1).to_numpy(zero_copy_only=False), float)]


def test_rows_that_are_presumed_refused_are_tried(verify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = np.where(np.arange(400) < 20, 1.0, -1.0)
    rows = {"t": np.where(np.arange(400) % 2, "zzz", "a"), "x0": sign}
    signature = Signature((text_column(), NUMBER), regression_outputs(), Task.REGRESSION)
    fussy = replace(regression(refuses(word_of_two_minds, first)), signature=signature)
    wrong = replace(
        regression(lambda b: [first(b)[0] + (np.array(b.column(0).to_pylist()) == "zzz")]), signature=signature
    )

    def different() -> int:
        return int(verify(fussy, wrong, **data(rows=rows)).official[0].strata[0].different)

    assert different() == 190
    monkeypatch.setattr(refusals._Search, "_tried", lambda self, rows, suspect: rows)
    assert different() == 0


def test_refusals_that_are_not_looked_for_are_missed(verify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row of the batch is refused; were the whole batch given up, the rows that differ would go with it."""
    fussy = regression(refuses(lambda b: columns(b)[0] > 1.99, plus))
    wrong = regression(lambda b: [plus(b)[0] + 1e-3])

    def compared() -> int:
        return int(verify(fussy, wrong, **data()).official[0].strata[0].different)

    assert compared() == 49
    monkeypatch.setattr(refusals, "MOST_CALLS", 0)
    monkeypatch.setattr(refusals, "HOPELESS", 0)
    assert compared() == 0


# Coverage ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forest() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    from modelport.conversion import Context
    from modelport.parity import Settings
    from modelport.parity.sources import Sources
    from modelport_onnx.build import to_onnx
    from modelport_onnx.ort import OrtSession

    x = np.random.default_rng(0).normal(size=(200, 6))
    fitted = RandomForestClassifier(10, random_state=0).fit(x, (x[:, 0] > x[:, 1]).astype(int))
    session = OrtSession(to_onnx(fitted, Context(Signature(matrix_inputs(6)))))
    (part,) = [p for p in session.inner() if p.forest is not None]
    return part, Sources(session.signature, Settings())


def probes(forest: Any) -> Any:
    maker = paths.Maker(*forest)
    return paths.made(maker, maker.need)


def test_splits_that_do_not_go_together_are_not_counted_as_probed(forest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert probes(forest).probed == probes(forest).known
    monkeypatch.setattr(packs, "_met", lambda a, b: (a, np.arange(len(a))))
    assert probes(forest).probed < probes(forest).known / 2


def test_rows_off_their_split_are_not_counted_as_probed(forest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "put", lambda values, rows, new, kind: values)
    assert probes(forest).probed < probes(forest).known / 2


# Processes and repairs ---------------------------------------------------------------------------


def test_a_lane_that_died_is_told(verify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from modelport.parity.isolate import Killed

    def dies(batch: pa.RecordBatch) -> Any:
        raise Killed("it was ended by signal 11", hint=None)

    before = verify(regression(plus), regression(dies), **data())
    assert Kind.RUNTIME_KILLED in {failure.kind for failure in before.failures}
    real = outcome.failures_of
    told = [f for f in before.failures if f.kind is not Kind.RUNTIME_KILLED]
    monkeypatch.setattr(
        "modelport.parity.engine.failures_of", lambda *a: [f for f in real(*a) if f.kind is not Kind.RUNTIME_KILLED]
    )
    after = verify(regression(plus), regression(dies), **data())
    assert [f.kind for f in after.failures] == [f.kind for f in told]
    assert not after.passed, "a candidate that was never compared cannot pass, whatever is told"


def test_columns_that_could_be_either_are_not_chosen_from(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Signature((NUMBER,))
    batch = pa.RecordBatch.from_pydict({"X0": [1.0], " x0": [2.0]})
    with pytest.raises(DataError, match="only in case"):
        fit(batch, wanted)
    monkeypatch.setattr(datarepair, "_ambiguous", lambda *a: StopIteration())
    with pytest.raises((StopIteration, RuntimeError)):
        fit(batch, wanted)


def test_a_breadth_that_is_too_wide_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A threshold moved by a thousandth is no near jump; it would be one if rows were shaken that much."""

    def step(at: float) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
        return lambda b: pa.RecordBatch.from_pydict({"prediction": (columns(b)[0] > at).astype(float)})

    rows = pa.RecordBatch.from_pydict({"x0": [1.0005]})
    compared = tally.Compared("prediction", True, Tolerance())
    other = step(1.001)(rows)

    def near() -> bool:
        return bool(shake.near_jumps(rows, other, np.arange(1), [compared], step(1.0), {}, 0)[0])

    assert not near()
    monkeypatch.setattr(shake, "BREADTHS", (1e-2,) * 8)
    assert near()
